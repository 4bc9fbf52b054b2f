"""Drift of the flow by hand, and what it does to the share that is drawn at random.

Add here a feature of drift. Keep out: the line between the limits (_exploration__unit_tests.yml).
"""

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.risk_case import (
    Row,
    capacity,
    consignment,
    prepare,
    put_consignments,
    run_risk,
    set_window,
    warehouse,
)
from tests.support.dbt_run import rows_of, run_dbt

FIRST = dt.date(2026, 11, 2)
DAYS = [FIRST + dt.timedelta(days=n) for n in range(5)]
BANDS = FIRST - dt.timedelta(days=10)  # before every window


def setting(parameter: str, value: str) -> str:
    return f"update seeds.risk_parameters set value = '{value}' where parameter_id = '{parameter}'"


# One day against the two before it, of at least 10 consignments each.
CHANGES = [
    setting("DRIFT_RECENT_DAYS", "1"),
    setting("DRIFT_REFERENCE_DAYS", "2"),
    setting("DRIFT_MIN_CONSIGNMENTS", "10"),
    "delete from seeds.lane_capacities",
    capacity("15BB", "red", "splitting", 100, 0, 1),
]
# (parcels of platform a, of platform b) on each day
PLATFORMS = [(5, 0), (0, 5), (7, 3), (20, 0), (20, 20)]
# Parameter -> a value that changes what drift says or does (test_risk_rules asks for one of each).
OF_DRIFT = {
    "DRIFT_RECENT_DAYS": "2",
    "DRIFT_REFERENCE_DAYS": "1",
    "DRIFT_MIN_CONSIGNMENTS": "11",
    "DRIFT_PRIOR": "1",
    "DRIFT_MODERATE": "0.05",
    "DRIFT_MAJOR": "0.3",
    "EXPLORATION_SHARE_MIN": "1100",
    "EXPLORATION_SHARE_MAX": "4000",
}
READS_DRIFT = (
    "int_calendar__days", "int_rules__in_force", "int_risk__parameters", "fct_feature_drift",
    "int_risk__exploration", "int_risk__lane_cells",
)  # fmt: skip


def parcels(day: dt.date, counts: tuple[int, int]) -> list[Row]:
    return [
        consignment(f"{day}-{platform}-{n}", day, platform_code=platform)
        for platform, count in zip("ab", counts, strict=True)
        for n in range(count)
    ]


def flow() -> list[Row]:
    rows = [
        row for day, counts in zip(DAYS, PLATFORMS, strict=True) for row in parcels(day, counts)
    ]
    sizes = ("0.99", "1", "199999.99", "200000", "499999", "500000", "1000000", None)
    rows += [consignment(f"value-{n}", BANDS, value_vnd=value) for n, value in enumerate(sizes)]
    rows += [
        consignment("gram", BANDS, mass_kg="0.001", origin_country_code="CN", hs_chapter="61"),
        consignment("foreign", BANDS, importing_country_code="LA"),
        consignment("gone", BANDS, is_active=False),
    ]
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("drift")
    prepare(root, flow(), (BANDS, DAYS[-1]), seed_changes=CHANGES)
    run_risk(root)
    return root


def test_the_bins_of_a_day_are_those_of_active_goods_for_the_home_country(home: Path) -> None:
    """A band is a number of digits and 1, 2 to 4 or 5 to 9; below 1, or null, it is unknown."""
    rows = rows_of(
        home,
        "select feature, bin, consignment_count from intermediate.int_risk__feature_bins "
        f"where day = date '{BANDS}' and feature not like 'indicator%' order by all",
    )
    assert rows == [
        ("hs_chapter", "61", 1), ("hs_chapter", "unknown", 8),
        ("mass_band", "1-1", 1), ("mass_band", "unknown", 8),
        ("origin_country_code", "CN", 1), ("origin_country_code", "unknown", 8),
        ("platform_code", "shop", 9),
        ("value_band", "1-1", 1), ("value_band", "6-1", 1), ("value_band", "6-2", 2),
        ("value_band", "6-5", 1), ("value_band", "7-1", 1), ("value_band", "unknown", 3),
    ]  # fmt: skip
    assert rows_of(
        home,
        "select bin, consignment_count from intermediate.int_risk__feature_bins "
        f"where day = date '{BANDS}' and feature = 'indicator_shared_contact' order by all",
    ) == [("fired", 0), ("not_fired", 9)]


def test_the_index_is_that_of_strictly_earlier_days(home: Path) -> None:
    """Fourth day: 7 and 3 against 5 and 5, every bin with 0.5 more: shares 7.5/11 and 3.5/11
    against 1/2: (0.6818 - 0.5) ln 1.3636 + (0.3182 - 0.5) ln 0.6364 = 0.0564 + 0.0822 = 0.1386.
    Its own 20 parcels of one platform are not in it: they move the day after.
    Third day: five parcels are too few. First day: nothing lies before it.
    """
    rows = rows_of(
        home,
        "select day, psi_milli, drift_level from risk.fct_feature_drift "
        f"where feature = 'platform_code' and day >= date '{FIRST}' order by day",
    )
    assert rows[:-1] == [
        (DAYS[1], None, "too_few"), (DAYS[2], None, "too_few"), (DAYS[3], 139, "moderate"),
    ]  # fmt: skip
    # 20 and 0 against 7 and 8: 20.5/21 and 0.5/21 against 7.5/16 and 8.5/16
    assert rows[-1] == (DAYS[4], 1948, "major")
    steady = rows_of(
        home,
        "select distinct drift_level from risk.fct_feature_drift "
        f"where day = date '{DAYS[3]}' and feature <> 'platform_code'",
    )
    assert steady == [("stable",)]


def test_drift_raises_the_share_of_the_draw_and_its_probability_says_so(home: Path) -> None:
    """Of 100 slots: 10 without drift; 1000 + 2000 * 39 / 150 = 1520 basis points: 16; then 30."""
    rows = rows_of(
        home,
        "select day, count(*), min(selection_probability), max(selection_probability) "
        "from risk.fct_selections where selection_method = 'random' "
        f"and day >= date '{DAYS[2]}' group by day order by day",
    )
    assert rows == [
        (DAYS[2], 10, Decimal(1), Decimal(1)),
        (DAYS[3], 16, Decimal("0.8"), Decimal("0.8")),
        (DAYS[4], 30, Decimal("0.75"), Decimal("0.75")),
    ]


def test_days_without_goods_are_empty_and_stop_nothing(home: Path) -> None:
    """Ten days lie between the first goods and the next."""
    between = f"day > date '{BANDS}' and day < date '{FIRST}'"
    for table in (
        "risk.fct_selections", "risk.fct_feature_drift", "intermediate.int_risk__feature_bins",
    ):  # fmt: skip
        assert rows_of(home, f"select count(*) from {table} where {between}") == [(0,)]


def said(home: Path) -> list[tuple[object, ...]]:
    return rows_of(
        home,
        "select day, feature, psi_milli, drift_level from risk.fct_feature_drift order by all",
    ) + rows_of(
        home, "select day, random_slots from intermediate.int_risk__lane_cells order by all"
    )


@pytest.mark.parametrize("parameter", OF_DRIFT)
def test_every_parameter_of_drift_bites(home: Path, tmp_path: Path, parameter: str) -> None:
    before = said(home)
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    with warehouse(tmp_path) as connection:
        connection.execute(setting(parameter, OF_DRIFT[parameter]))
    run_dbt(tmp_path, "run", "--select", *READS_DRIFT)
    assert said(tmp_path) != before


def test_a_late_record_makes_the_days_stale_whose_drift_it_changes(
    home: Path, tmp_path: Path
) -> None:
    """Five more parcels of the first day: the fourth day compares with it, the fifth does not."""
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    set_window(tmp_path, FIRST, FIRST)
    run_risk(tmp_path)
    stale = "select day from intermediate.int_risk__stale_days where reason = 'drift'"
    assert rows_of(tmp_path, stale) == []
    late = [consignment(f"late-{n}", FIRST, platform_code="b") for n in range(5)]
    put_consignments(tmp_path, [*flow(), *late])
    run_risk(tmp_path)
    assert rows_of(tmp_path, stale) == [(DAYS[3],)]
