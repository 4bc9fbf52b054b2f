"""Gathering points over days: several runs of one small world, and a place that the site knows.

Add here a case of several days or runs. Keep out: the logic of one model (its unit tests).
Shipped settings: remembered from 5 a day on; a week lists 10 consignments of 8 consignees.
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.golden.risk_case import Row, consignment, prepare, set_window, warehouse
from tests.support.dbt_run import rows_of, run_dbt

LAST = dt.date(2026, 11, 10)
FIRST = LAST - dt.timedelta(days=1)
MODELS = (
    "int_calendar__days",
    "stg_ingest__site_parameters",
    "int_rules__in_force",
    "path:models/staging/places",
    "int_consignments__repeated_contacts",
    "int_places__days",
    "int_places__consignees",
    "int_places__wards",
    "int_places__known",
    "int_places__windows",
    "int_places__window_mix",
    "fct_suspected_gathering_points",
    "fct_gathering_point_windows",
)


def world() -> list[Row]:
    """Six persons a day at one address, three of them the same; twelve a day at a post office;
    at a family's four."""
    rows = []
    for day, persons in ((FIRST, range(6)), (LAST, range(3, 9))):
        rows += [
            consignment(
                f"{day} {n}",
                day,
                consignee_address_token="gather",
                consignee_party_id=f"person {n}",
            )
            for n in persons
        ]
        rows += [
            consignment(f"{day} post {n}", day, consignee_address_token="post") for n in range(12)
        ]
        rows += [
            consignment(f"{day} home {n}", day, consignee_address_token="home") for n in range(4)
        ]
    return rows


def run(home: Path, first: dt.date, last: dt.date) -> None:
    set_window(home, first, last)
    run_dbt(home, "run", "--select", *MODELS)


def prepared(home: Path) -> Path:
    post = {
        "place_id": "BC1", "place_type": "post_office", "place_address_token": "post",
        "valid_from": LAST, "day": LAST,
    }  # fmt: skip
    prepare(home, world(), (FIRST, FIRST), {"known_place": [post]})
    with warehouse(home) as connection:
        connection.execute(
            "create or replace table core.fct_consignments as select *, "
            "null::varchar as warehouse_code, '01' as consignee_province_code "
            "from core.fct_consignments"
        )
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One day after the other, and the first once more."""
    root = prepared(tmp_path_factory.mktemp("places"))
    for day in (FIRST, LAST, FIRST):
        run(root, day, day)
    return root


def week(home: Path) -> list[tuple[object, ...]]:
    return rows_of(
        home,
        "select point_key, rank_in_window, known_place_type, distinct_consignees, "
        "consignees_day_by_day, consignments, active_days "
        "from compliance.fct_gathering_point_windows "
        "where window_days = 7 and point_kind = 'address' order by all",
    )


def test_a_person_counts_once_a_week_and_a_day_that_is_run_again_counts_once(home: Path) -> None:
    """Persons 0 to 8: nine; six and six day by day. The post office is known, so it has no rank."""
    assert week(home) == [
        ("gather", 1, None, 9, 12, 12, 2),
        ("post", None, "post_office", 24, 24, 24, 2),
    ]


def test_days_run_together_make_the_same_places(home: Path, tmp_path: Path) -> None:
    run(prepared(tmp_path), FIRST, LAST)
    assert week(tmp_path) == week(home)
    daily = "select * from compliance.fct_suspected_gathering_points order by all"
    assert rows_of(tmp_path, daily) == rows_of(home, daily)


def test_a_place_is_known_from_its_first_day_on(home: Path) -> None:
    """The day before, the post office is suspected like any other place of ten a day or more."""
    assert rows_of(
        home,
        "select day, point_key, rank_in_day, known_place_type, distinct_consignees "
        "from compliance.fct_suspected_gathering_points where point_kind = 'address' order by all",
    ) == [(FIRST, "post", 1, None, 12), (LAST, "post", None, "post_office", 12)]


def test_growth_is_told_where_the_window_before_is_held(home: Path) -> None:
    """Six against six the day before; nothing is held of the week before."""
    assert rows_of(
        home,
        "select window_days, consignments, consignments_before, growth_percent "
        "from compliance.fct_gathering_point_windows where point_key = 'gather' order by all",
    ) == [(1, 6, 6, 0), (7, 12, None, None)]
