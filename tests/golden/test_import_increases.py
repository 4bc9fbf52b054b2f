"""Increase of imports over the year before, absolute and relative to domestic output, by hand.

Output, trade and flows by period are put into the warehouse as rows; apparent consumption and the
increases are built on them. Add here a reason or a limit of an increase. NOT claimed: how periods
are made of months (test_impact_marts.py), and that an increase does harm.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.dbt_run import run_dbt
from tests.support.raw_fixture import build_raw

NOW, BEFORE = dt.date(2026, 1, 1), dt.date(2025, 1, 1)
QUARTERS = (dt.date(2025, 4, 1), dt.date(2026, 4, 1))
LAST = dt.date(2027, 6, 30)
_TABLES = """
    create schema intermediate;
    create table intermediate.int_market__periods (
        series_id varchar, commodity_code varchar, period_kind varchar, period_start date,
        vintage_date date, value_vnd decimal(38, 2), grade_letter varchar, basis varchar
    );
    create table intermediate.int_flows__periods (
        period_kind varchar, period_start date, dimension varchar, commodity_code varchar,
        cross_border_vnd decimal(38, 2), cross_border_in_statistics_vnd decimal(38, 2)
    );
"""
# what the site sets: of a year from its last day on, so of the year 2026 and of no quarter before
HEIGHTS = [
    {"parameter_id": name, "value": value, "valid_from": dt.date(2026, 12, 31)}
    for name, value in (("INCREASE_ABSOLUTE_PERCENT", "50"), ("INCREASE_RELATIVE_POINTS", "25"))
]
Row = tuple[Any, ...]
Ask = Callable[[str], list[Row]]
Figures = dict[str, str | None]


def period(code: str, start: dt.date, *, kind: str = "year", **series: str | None) -> list[Row]:
    """Published figures of a commodity: output and imports are 100 unless said; None is no row."""
    stated: Figures = {"domestic_output": "100", "imports": "100", **series}
    return [
        (name, code, kind, start, LAST, Decimal(value), "b", "published")
        for name, value in stated.items()
        if value is not None
    ]


def market() -> list[Row]:
    """Pairs of years, each code one case; quarters at the shipped height."""
    return [
        *period("61", BEFORE, domestic_output="200", imports="95", exports="30"),
        *period("61", NOW, domestic_output="200", imports="140"),
        *period("62", BEFORE, domestic_output="200"),
        *period("62", NOW, domestic_output="200", imports="149.99"),
        *period("63", BEFORE), *period("63", NOW, imports=None),
        *period("64", BEFORE), *period("64", NOW, imports="5.99"),
        *period("65", NOW),
        *period("66", BEFORE, imports=None), *period("66", NOW),
        *period("67", BEFORE, imports="5.99"), *period("67", NOW),
        *period("68", BEFORE), *period("68", NOW, domestic_output=None, imports="200"),
        *period("69", BEFORE, domestic_output=None), *period("69", NOW),
        *period("70", BEFORE), *period("70", NOW, domestic_output="0", imports="150"),
        *period("71", BEFORE, domestic_output="0"), *period("71", NOW),
        *period("72", BEFORE, imports="0"), *period("72", NOW, imports="24.99"),
        *period("73", BEFORE, imports="0.01"),
        *period("73", NOW, imports=f"{10**17}", domestic_output=f"{10**17}"),
        *period("6101", BEFORE), *period("6101", NOW),
        *period("all", BEFORE), *period("all", NOW),
        *(row for start in QUARTERS for row in period("61", start, kind="quarter")),
        *period("62", QUARTERS[0], kind="quarter"),
        *period("62", QUARTERS[1], kind="quarter", imports="100.01"),
    ]  # fmt: skip


def flows() -> list[Row]:
    """Months are complete for chapters in both years, for headings before, for the whole now."""
    return [
        ("year", BEFORE, "hs2", "61", 10, 5), ("year", NOW, "hs2", "61", 20, 10),
        ("year", NOW, "hs2", "64", 6, 6), ("year", BEFORE, "hs2", "67", 6, 6),
        ("year", BEFORE, "hs4", "6102", 1, 0), ("year", NOW, "total", "all", 1, 0),
        *(("quarter", start, "hs2", "99", 1, 0) for start in QUARTERS),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose warehouse holds the marts of these rows."""
    root = tmp_path_factory.mktemp("increases")
    warehouse = root / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, {"site_parameter": HEIGHTS}, (LAST, LAST))
        connection.execute(_TABLES)
        for table, rows in (("int_market__periods", market()), ("int_flows__periods", flows())):
            places = ", ".join("?" for _ in rows[0])
            connection.executemany(f"insert into intermediate.{table} values ({places})", rows)
    run_dbt(root, "seed")
    models = ("stg_ingest__site_parameters", "fct_apparent_consumption", "int_increases__periods",
              "fct_import_increases")  # fmt: skip
    run_dbt(root, "build", "--select", *models, "--exclude-resource-type", "unit_test")
    run_dbt(
        root, "compile", "--select", "fct_import_increases"
    )  # a build that is remembered compiles nothing
    return root


@pytest.fixture(scope="module")
def ask(home: Path) -> Ask:
    """Rows of a query on the built warehouse."""

    def rows(query: str) -> list[Row]:
        warehouse = home / "work" / "warehouse.duckdb"
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()

    return rows


def test_an_increase_and_its_parts(ask: Ask) -> None:
    """61: 140 + 20 - 10 = 150 after 95 + 10 - 5 = 100, output 200 in both years: 50 %, and 75 %
    of output after 50 %. Cross-border 20 after 10: 10 of the 50. Exports are not asked for."""
    found = ask(
        "select earlier_period_start, imports_vnd, earlier_imports_vnd, increase_vnd, "
        "increase_percent, imports_to_output_percent, earlier_imports_to_output_percent, "
        "increase_to_output_points, cross_border_increase_vnd, cross_border_contribution_percent, "
        "other_contribution_percent, evidence_grade, reason_code "
        f"from impact.fct_import_increases where period_start = '{NOW}' and commodity_code = '61' "
        "and period_kind = 'year'"
    )
    assert found == [(BEFORE, 150, 100, 50, 50, 75, 50, 25, 10, 10, 40, "V1", None)]


def test_both_kinds_bite_at_their_limit(ask: Ask) -> None:
    """50 % and 25 points are heights of 2026; 49.99 % and 24.995 points are none. A quarter before
    them stands at 0: the same imports are no increase, a hundredth of a percent more is one."""
    found = ask(
        "select period_kind, commodity_code, increase_percent, absolute_percent, "
        "is_absolute_increase, increase_to_output_points, relative_points, is_relative_increase "
        "from impact.fct_import_increases where period_start >= '2026-01-01' "
        "and commodity_code in ('61', '62') order by 1 desc, 2"
    )
    dec = Decimal
    assert found == [
        ("year", "61", 50, 50, True, 25, 25, True),
        ("year", "62", dec("49.99"), 50, False, dec("24.995"), 25, False),
        ("quarter", "61", 0, 0, False, 0, 0, False),
        ("quarter", "62", dec("0.01"), 0, True, dec("0.01"), 0, True),
    ]


def test_what_is_missing_says_why_and_the_rest_stands(ask: Ask) -> None:
    """What has no output has an increase all the same; over nothing there is no percentage, but
    an increase (72: 24.99 % of output after 0, less than 25 points); 73 grows beyond the scale."""
    found = ask(
        "select commodity_code, reason_code, increase_vnd, increase_percent, is_absolute_increase, "
        f"is_relative_increase from impact.fct_import_increases where period_start = '{NOW}' "
        "and period_kind = 'year' and commodity_code not in ('61', '62') order by 1"
    )
    dec = Decimal
    assert found == [
        ("6101", "flows_incomplete", None, None, None, None),
        ("63", "imports_missing", None, None, None, None),
        ("64", "statistics_below_flows", None, None, None, None),
        ("65", "earlier_period_missing", None, None, None, None),
        ("66", "earlier_imports_missing", None, None, None, None),
        ("67", "earlier_statistics_below_flows", None, None, None, None),
        ("68", "output_missing", 100, 100, True, None),
        ("69", "earlier_output_missing", 0, 0, False, None),
        ("70", "no_production", 50, 50, True, None),
        ("71", "no_production", 0, 0, False, None),
        ("72", "earlier_amount_zero", dec("24.99"), None, True, False),
        ("73", "beyond_scale", dec(10**17) - dec("0.01"), None, True, True),
        ("all", "earlier_flows_incomplete", None, None, None, None),
    ]


def test_every_row_of_apparent_consumption_is_told_once(ask: Ask) -> None:
    keys = "select period_kind, period_start, commodity_code from impact.{} order by all"
    assert ask(keys.format("fct_import_increases")) == ask(keys.format("fct_apparent_consumption"))


@pytest.mark.dbt_itself
@pytest.mark.parametrize(
    ("change", "test"),
    [
        ("increase_vnd = increase_vnd + 0.01", "money_adds_up"),
        (
            "other_contribution_percent = other_contribution_percent + 0.0001",
            "contributions_add_up",
        ),
        ("is_relative_increase = true", "a_flag_needs_an_increase"),
        ("reason_code = null", "has_all_figures_or_a_reason"),
        ("earlier_period_start = '2024-01-01'", "refers_to_rows_that_exist"),
    ],
)
def test_a_wrong_row_is_found(home: Path, change: str, test: str) -> None:
    """Negative control of the mart's own tests: what dbt compiled, before and after the change."""
    [compiled] = (home / "dbt" / "target" / "compiled").rglob(f"fct_import_increases_{test}.sql")
    sql = compiled.read_text(encoding="utf-8")
    with duckdb.connect(str(home / "work" / "warehouse.duckdb")) as connection:
        assert connection.execute(sql).fetchall() == []
        connection.begin()
        connection.execute(f"update impact.fct_import_increases set {change}")
        assert connection.execute(sql).fetchall() != []
        connection.rollback()
