"""A small release in memory: the marts that the reports of a month read, with rows made by hand.

Add here a mart that another report reads. Keep out: assertions.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import duckdb

from reports.impact.figures import Language, shown, told
from reports.impact.model import Report, Table
from reports.impact.source import Source

MONTH = dt.date(2026, 11, 1)
PROVINCES = Path(__file__).parents[3] / "dbt" / "seeds" / "reference" / "provinces.csv"
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_TABLES = """
create schema impact; create schema core; create schema risk; create schema quality;
create table impact.fct_retail_share_monthly (retail_evidence_grade varchar);
create table core.dim_province (province_code varchar, name_vi varchar, name_en varchar);
create table core.dim_office (customs_office_code varchar, name_vi varchar, name_en varchar);
create table core.fct_inspection_outcomes (inspected_date date, known_day date);
create table risk.fct_violations_monthly (
    month date, customs_office_code varchar, finding_type varchar, inspected_count bigint,
    pending_count bigint, violating_count bigint, critical_count bigint, random_count bigint,
    found_value_vnd decimal(38, 2));
create table quality.fct_delivery_outcomes (
    sender varchar, source_name varchar, source_sha256 varchar, status varchar, reason varchar,
    received_date date, rows_in bigint, rows_quarantined bigint);
create table quality.fct_quarantine_reasons (
    source_name varchar, source_sha256 varchar, column_name varchar, reason_code varchar,
    row_count bigint);
create table quality.fct_record_conflicts (
    source_name varchar, record_key varchar, conflict_kind varchar, resolution varchar, day date);
create table quality.fct_reconciliation (
    source_name varchar, day date, raw_rows bigint, superseded_rows bigint, set_aside_rows bigint,
    waiting_rows bigint, describing_rows bigint, consignments bigint);
"""


def source_of(**rows: list[tuple[Any, ...]]) -> Source:
    """A release whose marts (named without their schema) hold these rows."""
    connection = duckdb.connect()
    connection.execute(_TABLES)
    schemas = dict(
        connection.execute(
            "select table_name, table_schema from information_schema.tables"
        ).fetchall()
    )
    for name, values in rows.items():
        places = ", ".join("?" for _ in values[0])
        connection.executemany(f"insert into {schemas[name]}.{name} values ({places})", values)
    return Source(connection, MONTH, "r000001-0123abcd", "run")


def table(report: Report, name: str) -> Table:
    """The report's table of that name."""
    [found] = [one for one in report.tables if one.table_id == name]
    return found


def english(report: Report, name: str) -> list[tuple[str, ...]]:
    """Its rows as the English page shows them."""
    return [tuple(shown(cell, "en") for cell in row) for row in table(report, name).rows]


def numbers(report: Report, language: Language) -> list[str]:
    """Every number of headlines and tables, as English writes it; dates are no numbers."""
    cells = [
        shown(cell, language)
        for one in report.tables
        for row in one.rows
        for cell in row
        if not isinstance(cell, dt.date)
    ]
    texts = " ".join([*(told(one, language) for one in report.headlines), *cells])
    swap = str.maketrans(",.", ".,") if language == "vi" else {}
    return [one.translate(swap) for one in _NUMBER.findall(texts)]
