"""Lanes fill under capacity, one selection per consignment, and the random share can be weighted;
rule performance counts inspected consignments only.

Capacities are set here by seed changes, so that the counts can be followed by hand.
"""

import datetime as dt
from decimal import Decimal
from hashlib import md5
from pathlib import Path

import pytest

from tests.golden.risk_case import (
    STEADY,
    Row,
    capacity,
    consignment,
    prepare,
    put_consignments,
    run_risk,
    set_window,
    warehouse,
)
from tests.support.dbt_run import DbtFailed, rows_of, run_dbt

DAY = dt.date(2026, 11, 10)
LATER = DAY + dt.timedelta(days=32)  # retention is 31 days
SALT = "2026-a"


CAPACITIES = [
    "delete from seeds.lane_capacities",
    STEADY,
    # an unregistered platform weighs 60 points: exactly the minimum
    "update seeds.risk_parameters set value = '60' where parameter_id = 'SELECTION_MIN_SCORE'",
    # every office: nothing by score, one type each; offices below override
    capacity("*", "red", "prohibited_conditional", 0, 0, 1),
    capacity("*", "red", "unregistered_platform", 0, 0, 2),
    capacity("*", "yellow", "prohibited_conditional", 0, 0, 1),
    capacity("*", "yellow", "unregistered_platform", 0, 0, 2),
    # QUEUE: red takes 1 banned and 2 platform consignments, yellow 1 platform consignment
    capacity("QUEUE", "red", "prohibited_conditional", 1, 0, 1),
    capacity("QUEUE", "red", "unregistered_platform", 2, 0, 2),
    capacity("QUEUE", "yellow", "unregistered_platform", 1, 0, 2),
    # DRAW: red 10 with 10 % = 1 random per risk type, of two: 2; yellow 15 with 10 % -> 2 each: 4
    capacity("DRAW", "red", "*", 10, 1000, None),
    capacity("DRAW", "yellow", "*", 15, 1000, None),
    # FEW: more random slots than consignments
    capacity("FEW", "red", "*", 10, 10000, None),
]


def case_rows() -> list[Row]:
    suspended = {"platform_status": "suspended"}
    banned = {"item_description_folded": "phao no"}
    rows = [
        # banned (70) and from a suspended platform (60): first in both queues by priority
        consignment("both", DAY, customs_office_code="QUEUE", **suspended, **banned),
        *[
            consignment(f"platform-{n}", DAY, customs_office_code="QUEUE", **suspended)
            for n in range(5)
        ],
        # one weak flag (10 points) is below the minimum of 60 points
        *[
            consignment(f"weak-{n}", DAY, customs_office_code="QUEUE", consignee_party_id="weak")
            for n in (1, 2)
        ],
    ]
    rows += [consignment(f"draw-{n}", DAY, customs_office_code="DRAW") for n in range(12)]
    # selected by score, therefore not among the 12 that can be drawn
    rows.append(consignment("drawscore", DAY, customs_office_code="DRAW", **suspended))
    rows += [consignment(f"few-{n}", DAY, customs_office_code="FEW") for n in range(3)]
    rows.append(consignment("elsewhere", DAY, customs_office_code="OTHER", **suspended))
    return rows


def outcome(inspection: str, reference: str, method: str, result: str, finding: str) -> Row:
    known = DAY + dt.timedelta(days=1)
    return {
        "inspection_id": inspection,
        "consignment_reference": reference,
        "selection_method": method,
        "result": result,
        "finding_type": finding,
        "known_at": dt.datetime(known.year, known.month, known.day, 3),
        "known_date": known,
    }


OUTCOMES = [
    outcome("1", "platform-0", "score", "finding", "unregistered_platform"),
    outcome("1", "platform-0", "score", "finding", "undervaluation"),  # one inspection, 2 findings
    outcome("2", "platform-1", "manual", "finding", "undervaluation"),  # found, but another type
    outcome("3", "platform-2", "score", "no_finding", "none"),
    outcome("4", "platform-3", "random", "no_finding", "none"),
    outcome("5", "both", "random", "finding", "unregistered_platform"),
    outcome("6", "platform-4", "score", "pending", "none"),  # not known yet: not "no finding"
    outcome("7", "never-seen", "score", "finding", "splitting"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("selection")
    window = (DAY, DAY + dt.timedelta(days=1))
    prepare(root, case_rows(), window, {"inspection_outcome": OUTCOMES}, CAPACITIES)
    run_risk(root)
    return root


def selected(home: Path, office: str) -> dict[str, tuple[object, ...]]:
    rows = rows_of(
        home,
        "select substr(consignment_id, 3), lane, selection_method, selection_probability, "
        "risk_type, rank_in_office_day, score_points from risk.fct_selections "
        f"where customs_office_code = '{office}'",
    )
    return {str(row[0]): row[1:] for row in rows}


def by_md5(names: list[str], salt: str = "") -> list[str]:
    return sorted(names, key=lambda name: md5(f"P-{name}{salt}".encode()).hexdigest())


def test_a_consignment_is_selected_once_and_the_queue_behind_it_closes_up(home: Path) -> None:
    """`both` takes the banned slot; equal scores of the others follow md5: 2 red, 1 yellow."""
    first, second, third, *_ = by_md5([f"platform-{n}" for n in range(5)])
    platform = "unregistered_platform"
    assert selected(home, "QUEUE") == {
        "both": ("red", "score", Decimal(1), "prohibited_conditional", 1, 70),
        first: ("red", "score", Decimal(1), platform, 1, 60),
        second: ("red", "score", Decimal(1), platform, 2, 60),
        third: ("yellow", "score", Decimal(1), platform, 3, 60),
    }


def test_the_random_share_is_drawn_by_salted_md5_and_stores_its_probability(home: Path) -> None:
    """12 eligible: 2 red, so 2/12 = 0.166666667; then 4 yellow, so 4/12 = 0.333333333."""
    order = by_md5([f"draw-{n}" for n in range(12)], f"|{SALT}")
    red = [("red", "random", Decimal("0.166666667"), None, n, None) for n in (1, 2)]
    yellow = [("yellow", "random", Decimal("0.333333333"), None, n, None) for n in (3, 4, 5, 6)]
    expected = dict(zip(order, red + yellow, strict=False))
    found = selected(home, "DRAW")
    assert found.pop("drawscore")[:2] == ("red", "score")
    assert found == expected


def test_a_draw_larger_than_the_office_takes_all_with_certainty(home: Path) -> None:
    found = selected(home, "FEW")
    assert set(found) == {"few-0", "few-1", "few-2"}
    assert {row[:3] for row in found.values()} == {("red", "random", Decimal(1))}


def test_an_office_without_capacity_selects_nothing(home: Path) -> None:
    assert selected(home, "OTHER") == {}


def test_the_queue_gives_every_reason_sorted_and_signed_with_its_basis(home: Path) -> None:
    rows = rows_of(
        home,
        "select prohibited_conditional_points, unregistered_platform_points, splitting_points, "
        "reasons_en from reporting.rpt_risk_queue where consignment_id = 'P-both'",
    )
    reasons = (
        "1. The name of the goods holds: phao no [69/2018/ND-CP]"
        " 2. Platform shop on this day: suspended"
        " [122/2025/QH15, registration duty, Decree 248/2026]"
    )
    assert rows == [(70, 60, 0, reasons)]


def test_performance_counts_known_results_and_keeps_the_random_stratum_apart(home: Path) -> None:
    """Platform rule: fired on 8 (both, 5 platform, drawscore, elsewhere). Targeted: 3 inspected,
    2 with a finding, 1 of this type: 2/3 = 0.666667. Random: 2 inspected, 1 finding: 0.5.
    The pending one and the 2 never inspected are uninspected: 8 - 5 = 3.
    """
    rows = rows_of(
        home,
        "select fired_count, inspected_count, uninspected_count, targeted_inspected_count, "
        "targeted_finding_count, targeted_matching_finding_count, targeted_hit_rate_micro, "
        "random_inspected_count, random_finding_count, random_matching_finding_count, "
        "random_hit_rate_micro from risk.fct_rule_performance "
        "where indicator_id = 'platform_not_registered'",
    )
    assert rows == [(8, 5, 3, 3, 2, 1, 666_667, 2, 1, 1, 500_000)]
    never = rows_of(
        home,
        "select targeted_hit_rate_micro, random_hit_rate_micro from risk.fct_rule_performance "
        "where indicator_id = 'multiple_receipts_per_day'",
    )
    assert never == [(None, None)]  # never inspected: no rate, not a rate of 0


def test_the_queue_forgets_days_past_its_retention_and_the_selections_stay(home: Path) -> None:
    """The newest day with selections decides, in whatever order days are computed."""
    days = "select distinct day from reporting.rpt_risk_queue"
    assert rows_of(home, days) == [(DAY,)]
    later = consignment("later", LATER, customs_office_code="FEW")
    put_consignments(home, [*case_rows(), later])
    before = rows_of(home, "select count(*) from risk.fct_selections")[0][0]
    for first, last in ((LATER, LATER), (DAY, DAY + dt.timedelta(days=1))):
        set_window(home, first, last)
        run_risk(home)
        assert rows_of(home, days) == [(LATER,)]
        assert rows_of(home, "select count(*) from risk.fct_selections") == [(before + 1,)]


@pytest.mark.dbt_itself
def test_the_singular_tests_pass_on_these_marts_and_fail_on_broken_ones(home: Path) -> None:
    names = [
        "assert_score_is_sum_of_stored_points",
        "assert_selection_within_capacity",
        "assert_selection_probability_in_unit_interval",
        "assert_indicator_has_weight_and_legal_basis",
    ]
    run_dbt(home, "test", "--select", *names)
    day = rows_of(home, "select to_day from raw.run_window")[0][0]
    with warehouse(home) as connection:
        connection.execute(
            f"insert into risk.fct_risk_scores values "
            f"('P-x', date '{day}', 'splitting', 5, 0, 0, 5, 1, 'v', null, null, null)"
        )
        connection.execute(
            f"insert into risk.fct_selections values ('P-x', date '{day}', 'OTHER', 'red', "
            "'score', 0.5, 'splitting', 1, 5, 0, null, 'v', null, null)"
        )
        connection.execute(
            "delete from seeds.risk_indicator_weights where indicator_id = 'shared_contact'"
        )
    with pytest.raises(DbtFailed) as failed:
        run_dbt(home, "test", "--select", *names)
    for name in names:
        assert f"Failure in test {name}" in str(failed.value)
