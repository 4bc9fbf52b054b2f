"""Back-test of the surge warning: a year's first months beside official actions, by hand.

Warnings are put into the warehouse as rows, official actions as a delivery; the back-test is built
on both. Add here a case of what counts as followed. NOT claimed: what the warning itself says
(test_surge_alerts.py), and that an action was right.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.golden.core_rows import lineage
from tests.support.dbt_run import run_dbt
from tests.support.raw_fixture import build_raw

LAST = dt.date(2026, 9, 29)  # September is not whole: a horizon ends with August
HORIZON = {
    "parameter_id": "SURGE_BACKTEST_MONTHS",
    "value": "3",
    "valid_from": dt.date(2026, 1, 31),
}
_TABLES = """
    create schema impact;
    create schema core;
    create table impact.fct_surge_alerts_monthly (
        month date, hs_heading varchar, channel varchar, is_alert boolean
    );
    create table core.fct_consignments (day date);
"""
# month -> heading -> channel -> is it an alert; one channel that warns will do
WARNINGS = {
    1: {"6101": {"express": True, "postal": False}, "6102": {"express": True},
        "6103": {"express": False}, "6104": {"express": False}},
    2: {"6101": {"express": True}, "6102": {"express": False}, "6103": {"express": False},
        "6104": {"express": False, "postal": False}},
    3: {"6103": {"express": False}, "6104": {"express": False}},
    4: {"6103": {"express": True}, "6104": {"express": False}},
    5: {"6104": {"express": True}},
    6: {"6104": {"express": True}},
}  # fmt: skip
Row = dict[str, Any]


def month(number: int) -> dt.date:
    return dt.date(2026, number, 1)


def actions(member: str, number: int, value: int, out: dt.date | None = None) -> Row:
    """Official actions of a month of 2026, published at its end unless said."""
    return {
        "series_id": "official_actions",
        "dimension_code": member,
        "period_kind": "month",
        "period_start": month(number),
        "value": value,
        "unit_code": "COUNT",
        "vintage_date": out or month(number + 1),
        "publisher": "office",
        "evidence_grade": "V1",
        "source_reference": "list of the office",
    } | lineage(month(number), number, "m")


def delivered() -> Iterator[Row]:
    """Every month from February to July is told of; August comes out after the last day held, but
    for a chapter, which names no heading."""
    told = {2: 1, 3: 0, 4: 1, 5: 1, 6: 0, 7: 1}
    yield from (actions("all", number, count) for number, count in told.items())
    yield actions("6101", 2, 1)
    yield actions("6104", 3, 1)
    yield actions("6104", 3, 0, LAST)  # a correction: there was none
    yield actions("6102", 4, 2)
    yield actions("6103", 5, 1)
    yield actions("6105", 7, 1)  # no window of the warning ever held it
    yield actions("all", 8, 1, LAST + dt.timedelta(days=1))
    yield actions("6104", 8, 1, LAST + dt.timedelta(days=1))
    yield actions("33", 8, 5, LAST)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose warehouse holds the back-test of these rows."""
    root = tmp_path_factory.mktemp("backtest")
    warehouse = root / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    rows = {"market_reference": list(delivered()), "site_parameter": [HORIZON]}
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, rows, (LAST, LAST))
        connection.execute(_TABLES)
        connection.executemany(
            "insert into impact.fct_surge_alerts_monthly values (?, ?, ?, ?)",
            [
                (month(number), heading, channel, is_alert)
                for number, headings in WARNINGS.items()
                for heading, channels in headings.items()
                for channel, is_alert in channels.items()
            ],
        )
    run_dbt(root, "seed")
    models = ("stg_market__reference_vintages", "stg_ingest__site_parameters", "int_calendar__days",
              "int_market__figures", "int_surge__backtest_months+")  # fmt: skip
    run_dbt(root, "build", "--select", *models, "--exclude-resource-type", "unit_test")
    run_dbt(
        root, "compile", "--select", "fct_surge_backtest_monthly"
    )  # a build that is remembered compiles nothing
    return root


def rows_of_home(home: Path, query: str) -> list[tuple[Any, ...]]:
    warehouse = home / "work" / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


MATRIX = (
    "select extract(month from month), months_counted, warned_acted_count, warned_not_acted_count, "
    "acted_not_warned_count, neither_count, acted_not_looked_at_count, precision_percent, "
    "recall_percent, median_lead_months, warnings_per_month, reason_code "
    "from impact.fct_surge_backtest_monthly where span = '{}' order by 1"
)
NOTHING = (None,) * 9


def test_each_month_beside_the_three_months_after_it(home: Path) -> None:
    """January: 6101 a month later, 6102 in the last month of the horizon; 6103 a month too late.
    February: of 6101 there was an action in the month itself, which does not follow; 6102 and 6103
    were not warned of. March: no warning, 6102 not looked at, 6103 acted upon. April: 6103 a month
    later, 6105 never looked at. Of August, which May needs, nothing is out; June, whose horizon
    ends with September, has no row."""
    assert rows_of_home(home, MATRIX.format("month")) == [
        (1, 1, 2, 0, 0, 2, 0, 100, 100, 2, 2, None),
        (2, 1, 0, 1, 2, 1, 0, 0, 0, None, 1, "no_warning_followed"),
        (3, 1, 0, 0, 1, 1, 1, None, 0, None, 0, "no_warning"),
        (4, 1, 1, 0, 0, 1, 1, 100, 50, 1, 1, None),
        (5, 0, *NOTHING, "actions_incomplete"),
    ]


def test_months_add_up_and_what_is_untold_is_left_out(home: Path) -> None:
    """By April 3 of 4 warnings were followed and 3 of 8 actions warned of; 1, 1 and 3 months. May
    adds nothing."""
    four = (4, 3, 1, 3, 5, 2, 75, Decimal("37.5"), 1, 1, None)
    assert rows_of_home(home, MATRIX.format("to_date"))[3:] == [(4, *four), (5, *four)]
    assert rows_of_home(
        home, "select distinct horizon_months from impact.fct_surge_backtest_monthly"
    ) == [(3,)]


def copied(home: Path, folder: Path) -> Path:
    """The warehouse of a home in another one, to be changed."""
    (folder / "work").mkdir()
    warehouse = folder / "work" / "warehouse.duckdb"
    warehouse.write_bytes((home / "work" / "warehouse.duckdb").read_bytes())
    return warehouse


@pytest.mark.dbt_itself
def test_without_any_action_delivered_there_is_no_precision_at_all(
    home: Path, tmp_path: Path
) -> None:
    """Null and why, never zero: nobody said that nobody acted."""
    with duckdb.connect(str(copied(home, tmp_path))) as connection:
        connection.execute("delete from raw.market_reference")
    run_dbt(tmp_path, "run", "--select", "fct_surge_backtest_monthly")
    assert rows_of_home(tmp_path, MATRIX.format("month") + ", span") == [
        (number, 0, *NOTHING, "actions_missing") for number in range(1, 6)
    ]


@pytest.mark.dbt_itself
@pytest.mark.parametrize(
    ("change", "test"),
    [
        ("precision_percent = 0 where months_counted = 0", "untold_is_null_and_never_zero"),
        ("reason_code = null where months_counted = 0", "untold_is_null_and_never_zero"),
        ("recall_percent = null where reason_code is null", "has_all_figures_or_a_reason"),
        ("median_lead_months = 3.5 where span = 'month'", "lead_lies_within_the_horizon"),
        ("month = '2025-01-01' where months_counted = 0", "refers_to_rows_that_exist"),
    ],
)
def test_a_wrong_row_is_found(home: Path, change: str, test: str) -> None:
    """Negative control of the mart's own tests: what dbt compiled, before and after the change."""
    [compiled] = (home / "dbt" / "target" / "compiled").rglob(
        f"fct_surge_backtest_monthly_{test}.sql"
    )
    sql = compiled.read_text(encoding="utf-8")
    with duckdb.connect(str(home / "work" / "warehouse.duckdb")) as connection:
        assert connection.execute(sql).fetchall() == []
        connection.begin()
        connection.execute(f"update impact.fct_surge_backtest_monthly set {change}")
        assert connection.execute(sql).fetchall() != []
        connection.rollback()
