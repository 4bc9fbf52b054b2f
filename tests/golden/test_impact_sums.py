"""Months of flows sorted anew: by type of platform, by industry, by income; what adds up must.

Add here a mart that sorts the flow another way. Keep out: the months themselves
(test_impact_marts.py).
"""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.golden.impact_rows import build_warehouse
from tests.support.dbt_run import release, rows_of, run_dbt


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose warehouse is built, its tests compiled."""
    built = tmp_path_factory.mktemp("golden_impact_sums")
    build_warehouse(built)
    run_dbt(built, "compile", "--select", "test_name:same_totals")
    return built


def test_the_same_month_by_type_of_platform_industry_and_income(home: Path) -> None:
    """No register and no incomes were delivered: platforms are of no stated type, provinces of no
    quintile. 6109 is apparel. Duty of chapter 61, 20 %, is relieved; VAT 8 % of 5.7m is due."""
    asked = (
        "select {}, consignments, customs_value_vnd from impact.{} "
        "where month = '2026-04-01' order by 1"
    )
    assert rows_of(home, asked.format("legal_type", "fct_platform_type_flows_monthly")) == [
        ("undetermined", 35, Decimal(5_300_000)),
        ("unstated", 1, Decimal(400_000)),
    ]
    assert rows_of(home, asked.format("vsic_division", "fct_industry_flows_monthly")) == [
        ("C14", 36, Decimal(5_700_000))
    ]
    assert rows_of(
        home,
        "select income_quintile, tax_due_vnd, duty_relieved_vnd, vat_relieved_vnd, reason_code "
        "from impact.fct_tax_burden_monthly where month = '2026-04-01'",
    ) == [("unknown", Decimal(456_000), Decimal(1_140_000), 0, "province_income_unknown")]


@pytest.mark.dbt_itself
@pytest.mark.parametrize(
    ("mart", "promise", "broken_by"),
    [
        ("platform_type_flows", "flows_by_platform", "set consignments = consignments + 1"),
        ("platform_type_flows", "whole_of_a_month_received", "set customs_value_vnd = 0.01"),
        ("industry_flows", "flows_by_heading", "set customs_value_vnd = customs_value_vnd - 0.01"),
        ("tax_burden", "flows_by_province", "set vat_relieved_vnd = 0.01"),
    ],
)
def test_a_sum_that_loses_a_hundredth_is_found(
    home: Path, mart: str, promise: str, broken_by: str
) -> None:
    """Months sorted anew add up to the flow: their tests are shown one dong's part too few."""
    [compiled] = (home / "dbt" / "target" / "compiled").rglob(f"*_adds_up_to_the_{promise}.sql")
    sql = compiled.read_text(encoding="utf-8")
    release(home)
    with duckdb.connect(str(home / "work" / "warehouse.duckdb")) as connection:
        assert connection.execute(sql).fetchall() == []
        connection.begin()
        connection.execute(
            f"update impact.fct_{mart}_monthly {broken_by} where month = '2026-04-01'"
        )
        assert len(connection.execute(sql).fetchall()) == 1
        connection.rollback()


def test_parcels_add_up_to_the_flow_in_every_cell(home: Path) -> None:
    found = rows_of(
        home,
        "select count(*), count(*) filter (where total_parcel_count <> consignments) "
        "from impact.fct_flow_contributors_monthly "
        "join impact.fct_flows_monthly using (month, dimension, member_code) "
        "where basis = 'consignments'",
    )
    assert found[0][0] > 50
    assert found[0][1] == 0
