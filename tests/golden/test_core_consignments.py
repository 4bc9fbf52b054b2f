"""Hand-computed consignments through the whole core: values, taxes, status, versions, flows.

Add here a case with its arithmetic in a comment. Keep out: risk (test_risk_*.py). The law comes
from the real seeds, so an edited seed must change an expectation here. NOT claimed: that rates of
the approximate chapter table are the tariff's.
"""

import datetime as dt
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.golden.core_rows import WINDOW, raw_rows
from tests.support.dbt_run import PROJECT_DIR, run_dbt
from tests.support.dbt_unit_tests import run_unit_tests
from tests.support.raw_fixture import build_raw

NOT_RISK = (
    "--exclude",
    "path:models/risk",
    "rpt_risk_queue",
    "fct_revenue_gap_monthly",
)


def build(home: Path, rows: dict[str, list[dict[str, Any]]], *args: str) -> None:
    warehouse = home / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, rows, WINDOW)
    run_dbt(home, "build", *NOT_RISK, *args)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("golden_core")
    build(root, raw_rows(), "--exclude-resource-type", "unit_test")
    return root


@pytest.fixture
def warehouse(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home / "work" / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


TAXES = """
    select customs_value_vnd, duty_due_vnd, duty_relieved_vnd, vat_due_vnd, vat_relieved_vnd,
        duty_due_if_both_vnd, vat_due_if_both_vnd
    from core.fct_tax_assessments where consignment_id = ?
"""


@pytest.mark.parametrize(
    ("consignment", "expected"),
    [
        # 10 USD x 25,000 = 250,000; shirt, chapter 61: 20 % = 50,000 relieved (value <= 1m).
        # 17 Feb 2025: VAT relieved too: 8 % x 250,000 = 20,000. 'and': 50,000 <= 100,000.
        ("P-G1", (250_000, 0, 50_000, 0, 20_000, 0, 0)),
        # 18 Feb 2025: the same parcel owes the VAT; the duty is still relieved.
        ("P-G2", (250_000, 0, 50_000, 20_000, 0, 0, 20_000)),
        # 400 USD x 25,000 = 10m; phone, chapter 85: 9 % = 900,000. 30 Jun 2025: information
        # technology outside the reduction: 10 % x 10.9m = 1,090,000.
        ("P-G3", (10_000_000, 900_000, 0, 1_090_000, 0, 900_000, 1_090_000)),
        # 1 Jul 2025: inside it: 8 % x 10.9m = 872,000.
        ("P-G4", (10_000_000, 900_000, 0, 872_000, 0, 900_000, 872_000)),
        # 800,000 at 20 % = 160,000: 'or' relieves (value), 'and' does not (tax > 100,000).
        # 31 Dec 2026: 8 % x 800,000 = 64,000; under 'and' 8 % x 960,000 = 76,800.
        ("P-G5", (800_000, 0, 160_000, 64_000, 0, 160_000, 76_800)),
        # 1 Jan 2027: 10 % x 800,000 = 80,000; under 'and' 10 % x 960,000 = 96,000.
        ("P-G6", (800_000, 0, 160_000, 80_000, 0, 160_000, 96_000)),
        # 150 USD (amended from 100) x 26,000 = 3.9m; declared rate 0 (ACFTA); channel unknown.
        ("D-200-1", (3_900_000, 0, 0, 312_000, 0, 0, 312_000)),
        # Its low-value declaration says 500,000: 11.8 % = 59,000 relieved; 8 % x 500,000 = 40,000.
        ("P-G8", (500_000, 0, 59_000, 40_000, 0, 0, 40_000)),
        # No parcel. 1.2m at 11.8 % = 141,600 due; 8 % x 1,341,600 = 107,328.
        ("L-G9", (1_200_000, 141_600, 0, 107_328, 0, 141_600, 107_328)),
        # 1.1m at 9 % = 99,000 <= 100,000: 'or' relieves by the tax limit; 8 % x 1.1m = 88,000;
        # under 'and' 99,000 is due and VAT is 8 % x 1,199,000 = 95,920.
        ("P-G10", (1_100_000, 0, 99_000, 88_000, 0, 99_000, 95_920)),
        # The last day of the VAT relief, at its limit of 1,000,000: 8 % = 80,000 relieved; duty
        # 20 % = 200,000 relieved by value, under 'and' due (above 100,000).
        ("P-AT-VAT", (1_000_000, 0, 200_000, 0, 80_000, 200_000, 0)),
        # At the value limit of the duty relief; 'and': VAT is 8 % x 1,200,000 = 96,000.
        ("P-AT-VALUE", (1_000_000, 0, 200_000, 80_000, 0, 200_000, 96_000)),
        # 9 % x 1,111,111.11 = 99,999.9999, in hundredths 100,000.00: at the tax limit. VAT
        # 8 % x 1,111,111.11 = 88,888.8888; under 'and' 8 % x 1,211,111.11 = 96,888.8888.
        ("P-AT-TAX", ("1111111.11", 0, 100_000, "88888.89", 0, 100_000, "96888.89")),
        # 20 % x 500,000 = 100,000: relieved under both readings; 8 % x 500,000 = 40,000.
        ("P-AT-BOTH", (500_000, 0, 100_000, 40_000, 0, 0, 40_000)),
    ],
)
def test_taxes(
    warehouse: duckdb.DuckDBPyConnection, consignment: str, expected: tuple[int | str, ...]
) -> None:
    found = warehouse.execute(TAXES, [consignment]).fetchall()
    assert found == [tuple(Decimal(amount) for amount in expected)]


def test_a_second_quantity_in_a_unit_of_mass_is_the_mass(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """3 pounds of 0.45359237 kg are 1.36077711, to four decimals 1.3608; 3 pieces weigh nothing."""
    found = warehouse.execute(
        "select consignment_id, mass_kg, mass_basis from core.fct_consignments "
        "where declaration_number in ('200', '201') order by 1"
    ).fetchall()
    assert found == [
        ("D-200-1", Decimal("1.3608"), "quantity"),
        ("D-201-1", Decimal("2.0000"), "gross"),
    ]


def test_the_rule_that_relieved_is_named(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select consignment_id, duty_relief_rule_id, vat_relief_rule_id, vat_rate_rule_id "
        "from core.fct_tax_assessments where consignment_id in "
        "('P-G1', 'P-G3', 'P-G10', 'P-AT-VALUE', 'P-AT-TAX') order by 1"
    ).fetchall()
    assert found == [
        ("P-AT-TAX", "DUTY_RELIEF_TAX", None, "VAT_REDUCED"),
        ("P-AT-VALUE", "DUTY_RELIEF_VALUE", None, "VAT_REDUCED"),
        ("P-G1", "DUTY_RELIEF_VALUE", "VAT_RELIEF_EXPRESS", "VAT_REDUCED"),
        ("P-G10", "DUTY_RELIEF_TAX", None, "VAT_REDUCED"),
        ("P-G3", None, None, "VAT_STANDARD"),
    ]


def test_who_is_taxed(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Cancelled, master and foreign records are not taxed; a missing rate gives null, not zero."""
    absent = warehouse.execute(
        "select count(*) from core.fct_tax_assessments "
        "where consignment_id in ('P-CANCELLED', 'M-MASTER', 'P-ABROAD')"
    ).fetchall()
    assert absent == [(0,)]
    assert warehouse.execute(TAXES, ["P-NO-RATE"]).fetchall() == [(None,) * 7]


def test_platform_status_on_the_day_before_and_of_a_decision(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """temu: suspended (an application does not lift it), reinstated on 1 Jul 2026."""
    found = warehouse.execute(
        "select consignment_id, platform_code, platform_status from core.fct_consignments "
        "where consignment_id in ('P-G11', 'P-G8', 'P-NO-RATE', 'P-G1') order by 1"
    ).fetchall()
    assert found == [
        ("P-G1", "unstated", "unstated"),
        ("P-G11", "temu", "suspended"),
        ("P-G8", "temu", "registered"),
        ("P-NO-RATE", "nobody-knows", "unregistered"),
    ]
    residual = warehouse.execute(
        "select day, days_in_status, consignments, value_vnd from compliance.fct_platform_flows "
        "where is_residual_flow"
    ).fetchall()
    # 5 Dec 2024 to 30 Jun 2026: 572 days
    assert residual == [(dt.date(2026, 6, 30), 572, 1, Decimal(5000))]


def test_versions_and_amendments(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The higher version wins though it came first; an amendment keeps its original's day."""
    found = warehouse.execute(
        "select consignment_id, day, value_vnd, record_status, is_active, is_in_flows "
        "from core.fct_consignments where consignment_id in "
        "('P-VERSIONS', 'P-CANCELLED', 'D-200-1', 'D-201-1', 'D-NEVER-SEEN-1', 'M-MASTER', "
        "'M-MASTER-2') "
        "order by 1"
    ).fetchall()
    assert found == [
        ("D-200-1", dt.date(2026, 7, 1), Decimal(3_900_000), "amended", True, True),
        # its parcel is counted already
        ("D-201-1", dt.date(2026, 7, 2), Decimal(60_000), "original", True, False),
        # two records that name one master waybill
        ("M-MASTER", dt.date(2026, 7, 2), None, "original", False, False),
        ("M-MASTER-2", dt.date(2026, 7, 2), None, "original", False, False),
        ("P-CANCELLED", dt.date(2026, 7, 1), Decimal(5_000), "cancelled", False, False),
        ("P-VERSIONS", dt.date(2026, 7, 2), Decimal(70_000), "original", True, True),
    ]


def test_classification_unit_value_and_party(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select hs_heading, hs_basis, unit_value_vnd_per_kg, consignee_party_key, "
        "consignee_party_id = md5('identifier|k:G5') from core.fct_consignments "
        "where consignment_id = 'P-G5'"
    ).fetchall()
    # 800,000 / 0.3 = 2,666,666.67, floored
    assert found == [("6109", "classified", 2_666_666, "identifier", True)]
    keys = warehouse.execute(
        "select consignment_id, hs_heading, hs_basis, consignee_party_key "
        "from core.fct_consignments where consignment_id in ('D-200-1', 'P-G11') order by 1"
    ).fetchall()
    assert keys == [
        ("D-200-1", "6404", "declared", "none"),
        ("P-G11", "unknown", "unknown", "phone"),
    ]


def test_every_raw_row_is_accounted_for(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select source_name, day, raw_rows, superseded_rows, waiting_rows, moved_out_rows, "
        "moved_in_rows, describing_rows, consignments from quality.fct_reconciliation "
        "where source_name <> 'parcel_manifest' order by 1, 2"
    ).fetchall()
    day = dt.date
    assert found == [
        # the original is superseded, its amendment of 4 Jul moves in
        ("customs_declaration", day(2026, 7, 1), 1, 1, 0, 0, 1, 0, 1),
        ("customs_declaration", day(2026, 7, 2), 1, 0, 0, 0, 0, 0, 1),
        ("customs_declaration", day(2026, 7, 4), 2, 0, 1, 1, 0, 0, 0),
        ("low_value_declaration", day(2026, 7, 1), 2, 0, 0, 0, 0, 1, 1),
    ]


def test_flows_and_market_share(warehouse: duckdb.DuckDBPyConnection) -> None:
    """December 2026 holds P-G5 alone: landed 800,000 + 0 + 64,000; one day is no month to divide
    by 100m of retail sales (whole months: test_impact_marts.py)."""
    share = warehouse.execute(
        "select commodity_code, landed_value_vnd, share_of_value_percent, retail_sales_vnd, "
        "share_of_retail_percent, days_covered, retail_reason_code "
        "from reporting.rpt_monthly_impact where month = date '2026-12-01' order by 1"
    ).fetchall()
    assert share == [
        ("61", Decimal(864_000), Decimal(100), Decimal(100_000_000), None, 1, "incomplete_month"),
        ("all", Decimal(864_000), Decimal(100), None, None, 1, "incomplete_month"),
    ]
    # 1 Jul 2026: G8, G10, L-G9, D-200-1; only G8 has a low-value declaration among the parcels,
    # whose manifest says 30 x 26,000 = 780,000 against 500,000 declared; G10 owes 88,000.
    gap = warehouse.execute(
        "select sum(consignments), sum(parcels_without_declaration), "
        "sum(tax_due_without_declaration_vnd), sum(value_declared_short_vnd) "
        "from compliance.fct_tax_gap_daily where day = date '2026-07-01'"
    ).fetchall()
    assert gap == [(4, 1, Decimal(88_000), Decimal(280_000))]


def test_a_later_result_replaces_a_pending_inspection(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.execute(
        "select consignment_id, result, finding_type, known_day from core.fct_inspection_outcomes "
        "where inspection_id = 'I1'"
    ).fetchall()
    assert found == [("P-G5", "finding", "origin", dt.date(2027, 1, 2))]


def test_no_result_of_an_inspection_takes_the_place_of_one_of_other_goods(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """One id for two house bills and for two lines of a declaration: four results, none lost."""
    found = warehouse.execute(
        "select consignment_id from core.fct_inspection_outcomes "
        "where inspection_id = 'I2' order by all"
    ).fetchall()
    assert found == [("D-DEC-1",), ("D-DEC-2",), ("P-A",), ("P-B",)]


def declared_unit_tests() -> set[str]:
    """The names in every YAML file of the project, read without dbt."""
    documents = (yaml.safe_load(path.read_text()) for path in PROJECT_DIR.rglob("models/**/*.yml"))
    return {test["name"] for content in documents for test in content.get("unit_tests", ())}


@pytest.mark.dbt_itself
def test_every_unit_test_of_the_models_passes_and_a_wrong_expectation_fails(
    home: Path, tmp_path: Path
) -> None:
    """All of them ran: a unit test that a selection leaves out is not green, it is not there."""
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)  # risk models are added to the copy
    right, wrong = run_unit_tests(tmp_path)
    assert right == dict.fromkeys(declared_unit_tests(), "pass")
    assert list(wrong.values()) == ["fail"]
    assert set(wrong) <= set(right)


CONTENT = """
    select count(*), sum(hash({table})) from {schema}.{table}
"""
DAY_MARTS = (
    ("core", "fct_consignments"),
    ("core", "fct_tax_assessments"),
    ("impact", "fct_import_flows_daily"),
    ("impact", "fct_import_flows_monthly"),
    ("impact", "fct_flow_contributors_monthly"),
    ("impact", "fct_concentration_monthly"),
    ("impact", "fct_flows_monthly"),
    ("compliance", "fct_platform_flows"),
    ("compliance", "fct_tax_gap_daily"),
    ("quality", "fct_reconciliation"),
    ("reporting", "rpt_daily_summary"),
)


def contents(home: Path) -> dict[str, Any]:
    with duckdb.connect(str(home / "work" / "warehouse.duckdb"), read_only=True) as connection:
        return {
            table: connection.execute(CONTENT.format(schema=schema, table=table)).fetchone()
            for schema, table in DAY_MARTS
        }


@pytest.mark.dbt_itself
def test_a_second_run_changes_nothing_and_a_retraction_leaves_nothing(home: Path) -> None:
    """Runs last in this module: it rewrites the shared home."""
    before = contents(home)
    build(home, raw_rows(), "--exclude-resource-type", "unit_test", "test")
    assert contents(home) == before
    kept = raw_rows()
    kept["parcel_manifest"] = [
        row for row in kept["parcel_manifest"] if row["day"] != dt.date(2026, 12, 31)
    ]
    build(home, kept, "--exclude-resource-type", "unit_test", "test")
    with duckdb.connect(str(home / "work" / "warehouse.duckdb"), read_only=True) as connection:
        for schema, table in DAY_MARTS:
            column = "month" if table.endswith("_monthly") else "day"
            left = connection.execute(
                f"select count(*) from {schema}.{table} where {column} between "
                "date '2026-12-01' and date '2026-12-31'"
            ).fetchone()
            assert left == (0,), table
    assert contents(home) != before
