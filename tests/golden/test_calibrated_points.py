"""Few labels: the expert's points times what inspections say, from outcomes to scores and back.

Not claimed: the arithmetic of the fit (tests/unit/scoring/test_multipliers.py).
"""

import datetime as dt
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.model_tables import model_tables
from ledger.chain import Ledger
from runs.calibration import TooFewOutcomes, calibrate
from runs.dbt_project import model_features
from runs.model_registry import promote, retire
from runs.settings import Settings
from tests.golden.risk_case import (
    MODELS,
    Row,
    consignment,
    prepare,
    run_risk,
    set_window,
    warehouse,
)
from tests.golden.test_risk_models import outcome
from tests.support.dbt_run import dbt_process, release, rows_of

DAY = dt.date(2026, 11, 10)
BEFORE = DAY - dt.timedelta(days=1)
TYPE = "unregistered_platform"


# Parameters that only a fit reads: at and below each limit in the tests below; that of goods names
# in tests/unit/runs/test_item_names.py.
OF_FITS = {
    "MODEL_MIN_LABELS", "MODEL_MIN_FINDINGS", "SCORECARD_MIN_FINDINGS", "ITEM_NAMES_MIN_NAMES",
}  # fmt: skip


def world() -> list[Row]:
    """120 inspected the day before: 60 of an unregistered platform, 60 not; two of each today."""
    hidden = {"platform_code": "temu", "platform_status": "unregistered"}
    rows = [
        consignment(f"{kind}-{n}", BEFORE, **columns)
        for kind, columns in (("hidden", hidden), ("known", {}))
        for n in range(60)
    ]
    today = [consignment(f"today-hidden-{n}", DAY, **hidden) for n in (1, 2)]
    return [*rows, *today, consignment("today-known", DAY)]


def outcomes(found_hidden: int, found_known: int) -> list[Row]:
    """So many findings among the 60 of each kind, all known the day before."""
    return [
        outcome(f"{kind}-{n}", BEFORE, TYPE if n < found else None)
        for kind, found in (("hidden", found_hidden), ("known", found_known))
        for n in range(60)
    ]


def home_of(root: Path, results: list[Row], *seed_changes: str) -> Settings:
    prepare(root, world(), (BEFORE, DAY), {"inspection_outcome": results}, seed_changes)
    run_risk(root)
    release(root)
    return Settings(Home(root), 1000, 1, "1GB")


def put_models(settings: Settings) -> None:
    """Schema raw as the next run would find it."""
    entries = Ledger(settings.home.ledger).entries()
    with warehouse(settings.home.root) as connection:
        for name, build in model_tables(settings.home, entries).items():
            connection.execute(f"drop table raw.{name}")
            connection.execute(f"create {build()}")


def scores(root: Path) -> dict[str, tuple[int, str | None]]:
    found = rows_of(
        root,
        "select substr(consignment_id, 3), score_points, model_version from risk.fct_risk_scores "
        f"where risk_type = '{TYPE}' and day = date '{DAY}'",
    )
    return {name: (points, version) for name, points, version in found}


def test_what_inspections_found_takes_the_place_of_the_expert_and_back(tmp_path: Path) -> None:
    settings = home_of(tmp_path, outcomes(found_hidden=40, found_known=3))
    assert scores(tmp_path)["today-hidden-1"] == (60, None)
    release(tmp_path)
    done = calibrate(settings, TYPE, BEFORE)
    assert (done.card.kind, done.card.labels, done.card.findings) == ("multipliers", 120, 43)
    # Nothing counts before it is promoted.
    put_models(settings)
    set_window(tmp_path, DAY, DAY)
    run_risk(tmp_path)
    assert scores(tmp_path)["today-hidden-1"] == (60, None)
    signed = {"reason": "better", "signed_by": "an officer"}
    promote(settings.home, done.version, valid_from=DAY, computed=model_features(), **signed)
    put_models(settings)
    dbt_process(tmp_path, ("run", "--select", *MODELS))
    (points,) = {
        row.points
        for row in done.card.bins
        if (row.feature, row.bin_no) == ("indicator_platform_not_registered", 2)
    }
    assert points > 1000  # 40 of 60 against 3 of 60 is more than one log-odds
    expected = (done.card.intercept_points + points, done.version)
    assert scores(tmp_path) == {"today-hidden-1": expected, "today-hidden-2": expected}
    retire(settings.home, TYPE, valid_from=DAY, **signed)
    put_models(settings)
    run_risk(tmp_path)
    assert scores(tmp_path)["today-hidden-1"] == (60, None)


def test_an_expert_who_was_wrong_gets_no_points_and_never_negative_ones(tmp_path: Path) -> None:
    settings = home_of(tmp_path, outcomes(found_hidden=2, found_known=40))
    card = calibrate(settings, TYPE, BEFORE).card
    assert {row.points for row in card.bins} <= set(range(0, 100))


def test_results_on_which_no_indicator_fired_take_no_points_away(tmp_path: Path) -> None:
    """60 inspected of registered platforms alone, 20 of them findings: nothing of it was said."""
    known = [row for row in outcomes(0, 20) if "known-" in row["consignment_reference"]]
    few = "update seeds.risk_parameters set value = '60' where parameter_id = 'MODEL_MIN_LABELS'"
    settings = home_of(tmp_path, known, few)
    with pytest.raises(TooFewOutcomes, match="no indicator of unregistered_platform fired on any"):
        calibrate(settings, TYPE, BEFORE)
    assert Ledger(settings.home.ledger).entries() == []


def test_a_value_in_another_currency_is_no_value_of_nothing(tmp_path: Path) -> None:
    """Goods of 100,000 VND each: five found at 300,000 bring 200,000; the sixth states gold."""
    results = outcomes(6, 0)
    for number, row in enumerate(results[:6]):
        row |= {"found_value": 300_000, "currency_code": "XAU" if number == 5 else "VND"}
    worth = {"value_vnd": 100_000, "declared_value": 100_000, "currency_code": "VND"}
    prepare(
        tmp_path, [row | worth for row in world()], (BEFORE, DAY), {"inspection_outcome": results}
    )
    run_risk(tmp_path)
    release(tmp_path)
    evaluation = calibrate(Settings(Home(tmp_path), 1000, 1, "1GB"), TYPE, BEFORE).card.evaluation
    assert evaluation["findings_with_value"] == 5
    assert evaluation["finding_value_vnd"] == 200_000


@pytest.mark.parametrize(
    ("results", "until", "words"),
    [
        (outcomes(2, 2), BEFORE, "120 inspected consignments with 4 findings"),
        (
            outcomes(40, 3),
            BEFORE - dt.timedelta(days=1),
            "0 inspected consignments with 0 findings",
        ),
        (outcomes(40, 3)[:99], BEFORE, "99 inspected consignments"),
        ([], BEFORE, "0 inspected consignments"),
    ],
)
def test_fewer_outcomes_than_the_dated_limits_are_refused(
    tmp_path: Path, results: list[Row], until: dt.date, words: str
) -> None:
    settings = home_of(tmp_path, results)
    with pytest.raises(TooFewOutcomes, match=words):
        calibrate(settings, TYPE, until)
    assert Ledger(settings.home.ledger).entries() == []


def test_limits_are_reached_by_their_own_number(tmp_path: Path) -> None:
    settings = home_of(tmp_path, outcomes(found_hidden=4, found_known=1)[:100])
    card = calibrate(settings, TYPE, BEFORE).card
    assert (card.labels, card.findings, card.kind) == (100, 5, "multipliers")


def test_enough_findings_are_fitted_as_a_scorecard_and_one_less_is_not(tmp_path: Path) -> None:
    """A hundred rows are too few for any split: the scorecard's own refusal shows the way."""
    change = "update seeds.risk_parameters set value = '{}' where parameter_id = '{}'"
    results = outcomes(found_hidden=40, found_known=3)
    below = home_of(tmp_path / "below", results, change.format(44, "SCORECARD_MIN_FINDINGS"))
    assert calibrate(below, TYPE, BEFORE).card.kind == "multipliers"
    at = home_of(tmp_path / "at", results, change.format(43, "SCORECARD_MIN_FINDINGS"))
    with pytest.raises(WarehouseError, match="no feature tells findings apart"):
        calibrate(at, TYPE, BEFORE)


@pytest.mark.parametrize("again", [BEFORE, DAY])
def test_what_was_found_once_was_found_and_contradictions_are_counted(
    tmp_path: Path, again: dt.date
) -> None:
    """A second result without a finding, the same day or later, takes the first nothing back; a
    second finding contradicts nothing. One the other way round makes a finding of the row."""
    results = outcomes(found_hidden=40, found_known=3)
    plain = calibrate(home_of(tmp_path / "plain", results), TYPE, DAY).card
    assert plain.evaluation["contradicted"] == 0
    others = [
        outcome("hidden-0", again, None) | {"inspection_id": "again"},
        outcome("hidden-1", again, TYPE) | {"inspection_id": "twice"},
    ]
    card = calibrate(home_of(tmp_path / "both", results + others), TYPE, DAY).card
    assert (card.bins, card.findings, card.evaluation["contradicted"]) == (plain.bins, 43, 1)
    later = outcome("hidden-59", again, TYPE) | {"inspection_id": "later"}
    more = calibrate(home_of(tmp_path / "more", [*results, later]), TYPE, DAY).card
    assert (more.findings, more.evaluation["contradicted"]) == (44, 1)


def test_a_candidate_is_held_against_what_counts_on_the_same_rows(tmp_path: Path) -> None:
    """Without a version the expert's 60 points on the unregistered platform: of 43 x 77 pairs
    40 x 57 are right and 40 x 20 + 3 x 57 tied. With one: the three results that came after it was
    fitted; on a day without any, all rows, and it says so."""
    results = [
        *outcomes(found_hidden=40, found_known=3),
        outcome("today-hidden-1", DAY, TYPE),
        outcome("today-hidden-2", DAY, TYPE),
        outcome("today-known", DAY, None),
    ]
    settings = home_of(tmp_path, results)
    done = calibrate(settings, TYPE, BEFORE)
    told = done.card.evaluation["in_force"]
    assert (told["version"], told["kind"], told["out_of_fold"]) == (None, "expert", None)
    same = told["same_rows"]
    assert (same["rows"], same["findings"], same["is_unseen"]) == (120, 43, True)
    assert same["in_force"]["auc"] == pytest.approx((40 * 57 + (40 * 20 + 3 * 57) / 2) / (43 * 77))
    assert same["candidate"] == done.card.evaluation["out_of_fold"]
    signed = {"reason": "better", "signed_by": "an officer"}
    promote(settings.home, done.version, valid_from=BEFORE, computed=model_features(), **signed)
    told = calibrate(settings, TYPE, DAY).card.evaluation["in_force"]
    same = told["same_rows"]
    assert (told["version"], told["kind"]) == (done.version, "multipliers")
    assert told["out_of_fold"] == done.card.evaluation["out_of_fold"]
    assert (same["rows"], same["findings"], same["is_unseen"]) == (3, 2, True)
    assert same["in_force"]["auc"] == same["candidate"]["auc"] == 1.0
    same = calibrate(settings, TYPE, BEFORE).card.evaluation["in_force"]["same_rows"]
    assert (same["rows"], same["is_unseen"]) == (120, False)


def test_one_class_alone_says_nothing(tmp_path: Path) -> None:
    settings = home_of(tmp_path, outcomes(60, 60))
    with pytest.raises(WarehouseError, match="finding"):
        calibrate(settings, TYPE, BEFORE)


def test_a_home_without_a_day_says_so(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no day was computed here"):
        calibrate(Settings(Home(tmp_path), 1000, 1, "1GB"), TYPE, BEFORE)
