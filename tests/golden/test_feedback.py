"""What selections brought, how much is out there, and which rules stopped hitting: by hand.

Not claimed: that an interval covers (benchmarks/closed_loop), nor who was selected
(test_risk_selection.py).
"""

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.risk_case import Row, consignment, prepare, run_risk, warehouse
from tests.golden.test_risk_selection import CAPACITIES, capacity
from tests.support.dbt_run import rows_of, run_dbt

DAY = dt.date(2026, 11, 10)
KNOWN = DAY + dt.timedelta(days=1)
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
# Parameters that only the review reads -> another value.
OF_FEEDBACK = {"REVIEW_WINDOW_DAYS": "89", "REVIEW_MIN_INSPECTED": "31"}
PLATFORM = "unregistered_platform"

SEEDS = [
    *CAPACITIES[:2],
    capacity("*", "red", PLATFORM, 0, 0, 2),
    capacity("QUEUE", "red", PLATFORM, 5, 0, 2),
    # more random slots than consignments: every one is drawn with certainty
    capacity("DRAW", "red", "*", 10, 10000, None),
]


def case_rows() -> list[Row]:
    suspended = {"platform_status": "suspended"}
    queue = [
        consignment(f"platform-{n}", DAY, customs_office_code="QUEUE", **suspended)
        for n in range(5)
    ]
    draws = [consignment(f"draw-{n}", DAY, customs_office_code="DRAW") for n in range(6)]
    old = consignment("old", dt.date(2026, 10, 31), customs_office_code="DRAW")
    return [*queue, *draws, old, consignment("free", DAY, customs_office_code="OTHER")]


def outcome(reference: str, method: str, finding: str | None, **columns: object) -> Row:
    return {
        "inspection_id": f"{reference} {method}",
        "consignment_reference": reference,
        "selection_method": method,
        "result": "finding" if finding else "no_finding",
        "finding_type": finding or "none",
        "known_at": dt.datetime.combine(KNOWN, dt.time(3)),
        "known_date": KNOWN,
    } | columns


def vnd(value: int) -> Row:
    return {"found_value": value, "currency_code": "VND"}


OUTCOMES = [
    # by score: two types found in one check; another type, in dollars; nothing; not known yet
    outcome("platform-0", "score", PLATFORM, **vnd(300_000)),
    outcome("platform-0", "score", "undervaluation", **vnd(500_000)),
    outcome("platform-1", "score", "undervaluation", found_value=100, currency_code="USD"),
    outcome("platform-2", "score", None),
    outcome("platform-3", "score", None, result="pending"),
    # selected by score here, drawn at random there: of the random stratum, and not otherwise green
    outcome("platform-4", "random", "origin", selection_probability=Decimal("0.25")),
    outcome("draw-0", "random", "splitting", selection_probability=Decimal("0.5")),
    outcome("draw-1", "random", None, selection_probability=Decimal("0.1")),
    outcome("draw-2", "random", None, selection_probability=Decimal("0.1")),
    outcome("draw-3", "random", "splitting"),  # no probability stated: the warehouse drew it with 1
    outcome("draw-4", "random", "splitting", selection_probability=0),  # cannot be weighted
    outcome("old", "random", None, selection_probability=Decimal("0.5")),
    # nobody here selected it, and what nobody drew by lot has no weight
    outcome("free", "manual", "origin", **vnd(7)),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("feedback")
    prepare(root, case_rows(), (DAY, KNOWN), {"inspection_outcome": OUTCOMES}, SEEDS)
    run_risk(root)
    return root


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    """The home once more, to change what is stored and make one mart again."""
    shutil.copytree(home, tmp_path / "home")
    return tmp_path / "home"


def again(home: Path, model: str, *changes: str) -> None:
    with warehouse(home) as connection:
        for change in changes:
            connection.execute(change)
    run_dbt(home, "run", "--select", model)


def performance(home: Path, dimension: str) -> dict[str, tuple[object, ...]]:
    rows = rows_of(
        home,
        "select member, selected_count, inspected_count, pending_count, finding_count, "
        "matching_finding_count, hit_rate_percent, hit_rate_low_percent, hit_rate_high_percent, "
        "found_value_vnd, found_value_per_inspection_vnd from risk.fct_selection_performance "
        f"where dimension = '{dimension}' and month = date '{NOVEMBER}'",
    )
    return {row[0]: row[1:] for row in rows}


def percent(*values: str | None) -> tuple[Decimal | None, ...]:
    return tuple(None if value is None else Decimal(value) for value in values)


def test_rates_divide_by_what_was_inspected_and_the_rest_waits(home: Path) -> None:
    """By score: 5 selected, 4 with a result, 3 with a finding, 1 of the type that selected it; the
    pending one is no "nothing found". Wilson for 3 of 4: centre (3 + 1.9207) / (4 + 3.8415) =
    .62752, half 1.96 x sqrt(4 x .75 x .25 + .96036) / 7.8415 = .32695. 800,000 VND in 4 checks;
    the dollars are not added. At random: 6 drawn, 5 known, 3 with a finding."""
    by_score = (5, 4, 1, 3, 1, *percent("75", "30.0642", "95.4413"), Decimal(800_000), 200_000)
    at_random = (6, 5, 1, 3, 0, *percent("60", "23.0724", "88.2379"), Decimal(0), 0)
    assert performance(home, "method") == {"score": by_score, "random": at_random}
    assert performance(home, "office") == {"QUEUE": by_score, "DRAW": at_random}
    assert performance(home, "risk_type") == {PLATFORM: by_score, "none": at_random}
    assert performance(home, "lane")["red"][:4] == (11, 9, 2, 6)
    assert performance(home, "all")["all"][:4] == (11, 9, 2, 6)
    assert performance(home, "model_version")["none"][:2] == (11, 9)


def test_a_method_that_this_warehouse_did_not_choose_shows_as_reported(home: Path) -> None:
    """Of the score's four checks the inspectors call one random; nobody here chose the manual."""
    found = performance(home, "reported_method")
    assert {name: row[:4] for name, row in found.items()} == {
        "score": (None, 3, None, 2), "random": (None, 6, None, 4), "manual": (None, 1, None, 1),
    }  # fmt: skip
    assert found["manual"][5:8] == percent("100", "20.6549", "100")


def test_without_an_inspection_there_is_no_rate(copy: Path) -> None:
    gone = "delete from intermediate.int_risk__inspected_consignments where stratum = 'random'"
    again(copy, "fct_selection_performance", gone)
    assert performance(copy, "method")["random"] == (
        6, 0, 6, 0, 0, None, None, None, Decimal(0), None,
    )  # fmt: skip


def prevalence(home: Path) -> list[tuple[object, ...]]:
    return rows_of(
        home,
        "select month, customs_office_code, unweighted_count, prevalence_drawn_count, "
        "prevalence_finding_count, prevalence_stands_for_count, prevalence_effective_count, "
        "prevalence_percent, prevalence_low_percent, prevalence_high_percent, "
        "leakage_drawn_count, leakage_percent from risk.fct_prevalence_monthly order by 1, 2",
    )


def test_prevalence_weighs_each_draw_by_its_probability(home: Path) -> None:
    """DRAW: weights 2, 10, 10, 1 with findings on 2 and 1: 3 / 23. Effective draws 23^2 / (4 + 100
    + 100 + 1) = 529 / 205 = 2.58; Wilson at 3 / 23 of 2.58. Unweighted it would be 2 of 4. The
    country has platform-4 too, weight 4 with a finding: 7 / 27, effective 729 / 221 = 3.30; it is
    not green: the leakage stays 3 / 23. draw-4 has probability 0."""
    assert prevalence(home) == [
        (OCTOBER, "DRAW", 0, 1, 0, 2, 1, *percent("0", "0", "79.3451"), 1, Decimal(0)),
        (OCTOBER, "all", 0, 1, 0, 2, 1, *percent("0", "0", "79.3451"), 1, Decimal(0)),
        (
            NOVEMBER,
            "DRAW",
            1,
            4,
            2,
            23,
            2,
            *percent("13.0435", "0.9863", "69.3137"),
            4,
            Decimal("13.0435"),
        ),
        (NOVEMBER, "QUEUE", 0, 1, 1, 4, 1, *percent("100", "20.6549", "100"), 0, None),
        (
            NOVEMBER,
            "all",
            1,
            5,
            3,
            27,
            3,
            *percent("25.9259", "4.223", "73.5332"),
            4,
            Decimal("13.0435"),
        ),
    ]


def test_a_draw_that_the_score_would_have_taken_is_no_leakage(copy: Path) -> None:
    """Without draw-0, weight 2 with a finding: 1 / 21."""
    change = (
        "update intermediate.int_risk__selected_cells set score_band = 'eligible' "
        "where consignment_id = 'P-draw-0'"
    )
    again(copy, "fct_prevalence_monthly", change)
    country = prevalence(copy)[-1]
    assert country[7] == Decimal("25.9259")
    assert country[10:] == (3, Decimal("4.7619"))


def test_targeted_inspections_do_not_move_prevalence_and_random_ones_do(copy: Path) -> None:
    before = prevalence(copy)
    table = "intermediate.int_risk__inspected_consignments"
    hundred = (
        f"insert into {table} select '{KNOWN}', 'P-hunted-' || n, '{DAY}', 'targeted', 'finding', "
        "'origin', 'DRAW', 'score', 1, null from range(100) as of_(n)"
    )
    again(copy, "fct_prevalence_monthly", hundred)
    assert prevalence(copy) == before
    again(copy, "fct_prevalence_monthly", f"update {table} set stratum = 'random'")
    assert prevalence(copy) != before


def inspected(indicator: str, count: int, found: int, known: dt.date) -> str:
    """`count` results of an indicator, of consignments of their own; the first `found` found."""
    return (
        "insert into intermediate.int_risk__inspected_indicators "
        f"select date '{known}', 'P-{indicator}-' || n, date '{DAY}', '{indicator}', 'splitting', "
        f"'targeted', case when n < {found} then 1 else 0 end, 0 from range({count}) as of_(n)"
    )


def for_review(home: Path, *changes: str) -> dict[str, tuple[object, ...]]:
    again(home, "fct_rules_for_review", *changes)
    rows = rows_of(
        home,
        "select rule_id, review_reason, inspected_count, finding_count, hit_rate_percent, "
        "hit_rate_high_percent, prevalence_percent, points, owner, review_date "
        "from risk.fct_rules_for_review where rule_id <> 'platform_not_registered'",
    )
    return {row[0]: row[1:] for row in rows}


def test_a_rule_is_listed_at_its_limits_and_not_beside_them(copy: Path) -> None:
    """The last day is the last that holds an indicator: DAY, so what became known on KNOWN is not
    looked at yet. 90 days with it begin on 13 August. Without random draws in them there is no
    prevalence, and only rules without any finding are listed."""
    first = DAY - dt.timedelta(days=89)
    found = for_review(
        copy,
        inspected("first_day", 30, 0, first),
        inspected("last_day", 30, 0, DAY),
        inspected("day_before", 30, 0, first - dt.timedelta(days=1)),
        inspected("day_after", 30, 0, KNOWN),
        inspected("too_few", 29, 0, DAY),
        inspected("hits", 30, 1, DAY),
    )
    silent = ("no_hit", 30, 0, *percent("0", "11.3513"), None, None, None, None)
    assert found == {"first_day": silent, "last_day": silent}


def test_a_rule_below_what_chance_finds_is_listed(copy: Path) -> None:
    """Random draws known on the last day: 7 / 27 = 25.9259 %. 4 of 40: upper end 23.05 %, below;
    5 of 40: 26.11 %, not below."""
    draws = (
        "update intermediate.int_risk__inspected_consignments "
        f"set day = date '{DAY}' where consignment_day = date '{DAY}'"
    )
    found = for_review(copy, draws, inspected("below", 40, 4, DAY), inspected("at", 40, 5, DAY))
    assert found == {
        "below": (
            "below_prevalence", 40, 4, *percent("10", "23.0518", "25.9259"), None, None, None,
        )
    }  # fmt: skip


@pytest.mark.parametrize("parameter", sorted(OF_FEEDBACK))
def test_every_parameter_of_the_review_bites(copy: Path, parameter: str) -> None:
    first = DAY - dt.timedelta(days=89)
    assert set(for_review(copy, inspected("edge", 30, 0, first))) == {"edge"}
    change = (
        f"update seeds.risk_parameters set value = '{OF_FEEDBACK[parameter]}' "
        f"where parameter_id = '{parameter}'"
    )
    assert for_review(copy, change) == {}


VERSION = "splitting-2026-11-09-0a1b2c3d"


def bin_of_model(number: int, points: int, count: int) -> list[str]:
    """A bin, and `count` results of selected consignments to which it added its points."""
    members = f"from range({count}) as of_(n)"
    name = f"'P-bin-{number}-' || n"
    return [
        "insert into raw.risk_model_bin (model_version, risk_type, feature, bin_no, low_milli, "
        f"points, n_train, findings_train, reason_id) values ('{VERSION}', 'splitting', "
        f"'log_mass', {number}, {number}, {points}, 1, 1, 'profile_goods')",
        f"insert into risk.fct_risk_terms by name select {name} as consignment_id, date '{DAY}' "
        f"as day, 'splitting' as risk_type, 'log_mass' as feature, '{VERSION}' as model_version, "
        f"{number} as bin_no, {points} as points, 'profile_goods' as reason_id {members}",
        "insert into intermediate.int_risk__inspected_consignments by name "
        f"select date '{DAY}' as day, {name} as consignment_id, date '{DAY}' as consignment_day, "
        f"'targeted' as stratum, 'no_finding' as result, 'none' as finding_type {members}",
    ]


def test_a_bin_is_judged_by_what_it_helped_to_select_with_its_owner(copy: Path) -> None:
    """Bin 1 has 30 checks without a finding; bin 2 one less; bin 3 takes points away, so it chose
    nothing. A version that counts no more is not reviewed."""
    model = (
        "insert into raw.risk_model_version (model_version, risk_type, kind, valid_from) "
        f"values ('{VERSION}', 'splitting', 'scorecard', date '{DAY}')"
    )
    bins = bin_of_model(1, 70, 30) + bin_of_model(2, 80, 29) + bin_of_model(3, -9, 30)
    owner = ("customs_analysis", dt.date(2027, 5, 31))
    assert for_review(copy, model, *bins) == {
        f"{VERSION}/log_mass/1": ("no_hit", 30, 0, *percent("0", "11.3513"), None, 70, *owner)
    }
    ended = f"update raw.risk_model_version set valid_to = date '{DAY - dt.timedelta(days=1)}'"
    assert for_review(copy, ended) == {}


def test_a_selection_counts_under_each_of_its_reasons_once(copy: Path) -> None:
    """Every one of the queue is there for its platform; goods speak twice of platform-0 and once of
    platform-2, which had no finding."""
    reasons = [
        "insert into risk.fct_risk_reasons by name select 'P-platform-" + str(n) + "' as "
        f"consignment_id, date '{DAY}' as day, {rank} as reason_rank, '{risk_type}' as risk_type, "
        "'profile_goods' as reason_id"
        for n, rank, risk_type in ((0, 8, "origin"), (0, 9, "splitting"), (2, 9, "origin"))
    ]
    again(copy, "fct_selection_performance", *reasons)
    found = performance(copy, "reason")
    assert {name: row[:4] for name, row in found.items()} == {
        "indicator_platform_not_registered": (5, 4, 1, 3), "profile_goods": (2, 2, 0, 1),
    }  # fmt: skip
