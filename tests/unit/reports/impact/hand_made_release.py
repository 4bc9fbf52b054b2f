"""A release made by hand for sections: empty tables of the marts that they read; how cells look.

Add here a table that a section's test needs. Keep out: what a section should say (test_*.py).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from contracts.facts import Words
from reports.impact.model import Figure, Table
from reports.impact.source import Source

MONTH = dt.date(2026, 4, 1)
BILLION = 10**9
_TABLES = """
create schema impact;
create schema core;
create table core.dim_industry (vsic_division varchar, name_vi varchar, name_en varchar);
insert into core.dim_industry values ('C14', 'Áo quần', 'Apparel'), ('C27', 'Điện', 'Electrical');
create table core.dim_commodity (commodity_code varchar, name_vi varchar, name_en varchar);
insert into core.dim_commodity values ('61', 'Áo', 'Shirts');
create table impact.fct_platform_type_flows_monthly (
    month date, legal_type varchar, platform_count bigint, customs_value_vnd decimal(38, 2),
    consignments bigint, share_of_value_percent decimal(18, 4)
);
create table impact.fct_industry_flows_monthly (
    month date, vsic_division varchar, customs_value_vnd decimal(38, 2), consignments bigint,
    share_of_value_percent decimal(18, 4), main_activity_value_vnd decimal(38, 2)
);
create table impact.fct_tax_burden_monthly (
    month date, income_quintile varchar, province_count bigint, consignments bigint,
    customs_value_vnd decimal(38, 2), share_of_value_percent decimal(18, 4),
    tax_due_vnd decimal(38, 2), tax_due_percent decimal(18, 4), tax_relieved_vnd decimal(38, 2),
    tax_relieved_percent decimal(18, 4), consignment_tax_to_income_percent decimal(18, 4),
    income_period_start date
);
create table impact.fct_consumer_savings_monthly (
    month date, income_quintile varchar, landed_value_vnd decimal(38, 2),
    compared_value_vnd decimal(38, 2), compared_percent decimal(18, 4),
    domestic_value_vnd decimal(38, 2), saving_vnd decimal(38, 2), saving_percent decimal(18, 4),
    total_saving_vnd decimal(38, 2), share_of_saving_percent decimal(18, 4)
);
create table impact.fct_industry_exposure_yearly (
    year_start date, vsic_division varchar, cross_border_vnd decimal(38, 2),
    exposure_percent decimal(18, 4), exposure_rank bigint, exposure_band bigint, band_count bigint
);
create table impact.fct_undercutting_monthly (
    month date, dimension varchar, member_code varchar, match_basis varchar, comparisons bigint,
    comparisons_under bigint, compared_value_vnd decimal(38, 2), domestic_value_vnd decimal(38, 2),
    gap_vnd decimal(38, 2), match_rate_percent decimal(18, 4),
    margin_weighted_percent decimal(18, 4), margin_low_percent decimal(18, 4),
    margin_high_percent decimal(18, 4)
);
create table core.dim_platform (platform_code varchar, platform_name varchar);
insert into core.dim_platform values ('P1', 'Shop One');
create table impact.fct_flows_monthly (
    month date, dimension varchar, member_code varchar, is_complete_month boolean,
    consignments bigint, customs_value_vnd decimal(38, 2), share_of_value_percent decimal(18, 4)
);
create table impact.fct_flow_growth_monthly (
    month date, dimension varchar, comparison varchar, measure varchar, member_code varchar,
    change decimal(38, 2), growth_bp bigint
);
create table impact.fct_price_index_monthly (
    month date, hs_heading varchar, channel varchar, price_index decimal(18, 6),
    change_percent decimal(18, 4), value_vnd decimal(38, 2)
);
create table impact.fct_surge_alerts_monthly (
    month date, hs_heading varchar, channel varchar, is_alert boolean
);
create table impact.fct_import_flows_monthly (
    month date, hs_chapter varchar, origin_country_code varchar, platform_code varchar,
    province_code varchar, consignments bigint, customs_value_vnd decimal(38, 2)
);
create table impact.fct_mirror_gap_yearly (
    year_start date, partner_country_code varchar, commodity_code varchar,
    cif_fob_percent decimal(9, 4), log_gap decimal(18, 6), evidence_grade varchar
);
create table impact.fct_surge_backtest_monthly (
    month date, span varchar, horizon_months bigint, months_counted bigint,
    warned_acted_count bigint, warned_not_acted_count bigint, acted_not_warned_count bigint,
    neither_count bigint, acted_not_looked_at_count bigint, precision_percent decimal(18, 4),
    recall_percent decimal(18, 4), median_lead_months decimal(9, 1),
    warnings_per_month decimal(18, 6), reason_code varchar
);
create table impact.fct_import_increases (
    period_kind varchar, period_start date, commodity_code varchar, imports_vnd decimal(38, 2),
    earlier_imports_vnd decimal(38, 2), increase_vnd decimal(38, 2),
    increase_percent decimal(18, 4), absolute_percent decimal(9, 4), is_absolute_increase boolean,
    imports_to_output_percent decimal(18, 4), increase_to_output_points decimal(18, 4),
    relative_points decimal(9, 4), is_relative_increase boolean,
    cross_border_contribution_percent decimal(18, 4), evidence_grade varchar, reason_code varchar
);
"""


@contextmanager
def release() -> Iterator[Source]:
    """The report's view of a release whose marts have no rows; April 2026 is told."""
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        yield Source(connection, MONTH, "r", "run")


def insert(source: Source, table: str, *rows: tuple[object, ...]) -> None:
    """Rows into a mart of schema impact."""
    places = ", ".join("?" for _ in rows[0])
    source.connection.executemany(f"insert into impact.{table} values ({places})", list(rows))


def told(table: Table) -> list[list[object]]:
    """Cells as a reader sees them: English words, figures rounded to their decimals."""
    return [
        [
            cell.en if isinstance(cell, Words)
            else f"{cell.value:.{cell.decimals}f}" if isinstance(cell, Figure)
            else cell
            for cell in row
        ]
        for row in table.rows
    ]  # fmt: skip
