"""Splitting, density at limits and velocity over days: small worlds, two runs, all parameters.

Add here a case of several days or runs. Keep out: the logic of one model (unit tests).
Relief: 1,000,000 VND; remembered from 200,000 VND on; bands 5 %: above 950,000 up to 1,050,000.
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.golden.risk_case import Row, consignment, prepare, run_risk, set_window
from tests.support.dbt_run import rows_of

LAST = dt.date(2026, 11, 10)
# Parameter -> a value that changes what the query says.
OF_SPLITTING = {
    "SPLIT_STATE_VALUE": ("350001", "select receipts from risk.fct_splitting_clusters"),
    "LIMIT_BAND_PERCENT": ("4", "select consignments_within from risk.fct_limit_density"),
    "LIMIT_DENSITY_DAYS": ("1", "select consignments_within from risk.fct_limit_density"),
    "LIMIT_DENSITY_CONSIGNMENTS": ("12", "select entity_kind from risk.fct_limit_density"),
    "VELOCITY_STATE_CONSIGNMENTS": ("10", "select entity_key from risk.fct_entity_velocity"),
    "VELOCITY_AGE_DAYS": ("6", "select first_busy_day from risk.fct_entity_velocity"),
}


def before(days: int) -> dt.date:
    return LAST - dt.timedelta(days=days)


def world() -> list[Row]:
    """One buyer of one sender: 350,000 on the first day of the window, the third and the last."""
    buyer = {"consignee_party_id": "buyer", "consignor_party_id": "sender"}
    rows = [
        consignment(f"piece-{days}", before(days), value_vnd=350_000, **buyer)
        for days in (0, 2, 6, 7)
    ]
    # the control: as much of three senders
    rows += [
        consignment(
            f"other-{n}", before(n), value_vnd=350_000,
            consignee_party_id="shopper", consignor_party_id=f"sender {n}",
        )
        for n in range(3)
    ]  # fmt: skip
    # eleven at a limit, ten of them within; two of them yesterday
    rows += [
        consignment(
            f"near-{n}", before(1 if n < 2 else 0), value_vnd=1_000_001 if n == 2 else 955_000,
            consignor_party_id="shop",
        )
        for n in range(11)
    ]  # fmt: skip
    # and five a week ago, of no known value
    rows += [consignment(f"week-{n}", before(7), consignor_party_id="shop") for n in range(5)]
    return rows


def built(root: Path, *seed_changes: str) -> Path:
    """A home in which the days were computed one after the other."""
    prepare(root, world(), (before(7), before(1)), seed_changes=seed_changes)
    run_risk(root)
    set_window(root, LAST, LAST)
    run_risk(root)
    return root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("splitting"))


def clusters(home: Path) -> list[tuple[object, ...]]:
    return rows_of(
        home,
        "select cluster_kind, window_days, last_day, consignee_party_id, consignor_party_id, "
        "receipts, active_days, value_vnd, evidence_grade from risk.fct_splitting_clusters "
        "order by all",
    )


def test_a_week_of_small_receipts_is_one_cluster_with_its_members(home: Path) -> None:
    """3 x 350,000 = 1,050,000 from day 4 to 10; the piece of day 3 is outside the seven days."""
    assert clusters(home) == [
        ("consignee_sender", 7, LAST, "buyer", "sender", 3, 3, 1_050_000, "U")
    ]
    assert rows_of(
        home,
        "select consignment_id, day from risk.fct_splitting_cluster_members "
        "join risk.fct_splitting_clusters using (cluster_id) order by day",
    ) == [("P-piece-6", before(6)), ("P-piece-2", before(2)), ("P-piece-0", LAST)]


def test_days_computed_in_another_order_make_the_same_clusters(home: Path, tmp_path: Path) -> None:
    """The last day first; then the others, of which the first is already out of the window."""
    prepare(tmp_path, world(), (LAST, LAST))
    run_risk(tmp_path)
    assert clusters(tmp_path) == []
    set_window(tmp_path, before(7), before(1))
    run_risk(tmp_path)
    assert clusters(tmp_path) == clusters(home)
    held = "select distinct day from intermediate.int_risk__small_receipts order by 1"
    assert rows_of(tmp_path, held) == rows_of(home, held)
    assert rows_of(home, held)[0] == (before(6),)


def test_a_seller_just_within_a_limit_stands_beside_all(home: Path) -> None:
    """Ten within and one above: 10 / 11 = 909,091 millionths."""
    assert rows_of(
        home,
        "select limit_id, entity_kind, entity_key, band_vnd, consignments_within, "
        "consignments_above, share_within_micro from risk.fct_limit_density order by all",
    ) == [
        ("DUTY_RELIEF_VALUE", "all", "*", 50_000, 10, 1, 909_091),
        ("DUTY_RELIEF_VALUE", "seller", "shop", 50_000, 10, 1, 909_091),
    ]


def test_a_seller_is_known_since_the_first_day_that_it_was_busy(home: Path) -> None:
    """Nine on the last day; the two of the day before are below the five of the state."""
    assert rows_of(
        home,
        "select window_days, entity_kind, entity_key, consignments, consignments_before, "
        "first_busy_day, age_days from risk.fct_entity_velocity",
    ) == [(1, "seller", "shop", 9, 0, before(7), 7)]


@pytest.mark.parametrize("parameter", OF_SPLITTING)
def test_a_parameter_of_splitting_changes_what_it_names(
    home: Path, tmp_path: Path, parameter: str
) -> None:
    value, query = OF_SPLITTING[parameter]
    change = (
        f"update seeds.risk_parameters set value = '{value}' where parameter_id = '{parameter}'"
    )
    ordered = f"{query} order by all"
    assert rows_of(built(tmp_path, change), ordered) != rows_of(home, ordered)
