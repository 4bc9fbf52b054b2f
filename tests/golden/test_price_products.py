"""What the price index compares, built by dbt from deliveries: months, products, units, gaps.

Golden by hand. Add here a case of which goods make a product or which months count. Keep out: what
the index makes of them (test_price_index.py).
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.golden.core_rows import lineage, parcel
from tests.support.dbt_run import rows_of, run_dbt
from tests.support.raw_fixture import build_raw

WINDOW = (dt.date(2026, 1, 31), dt.date(2026, 2, 28))
BUILD = (
    "build", "--select", "+fct_price_index_monthly", "--exclude-resource-type", "unit_test",
    "--indirect-selection", "buildable",
)  # fmt: skip
Row = dict[str, Any]


def aggregate(month: dt.date, line: int, **fields: Any) -> Row:
    """A month of pieces of one product, received after it was over."""
    plain = {
        "platform_code": "shop", "platform_code_folded": "shop", "period_kind": "month",
        "period_start": month, "channel": "express", "hs_code": "61091020",
        "product_key": "ao thun nu", "origin_country_code": "CN", "province_code": "01",
        "quantity_unit_code": "PCE", "parcels": 10, "quantity": 10, "value_vnd": 1_000_000,
    }  # fmt: skip
    received = {"_received_date": month + dt.timedelta(days=40)}
    return plain | lineage(month, line, "g") | received | fields


def goods(number: int, day: dt.date, **fields: Any) -> Row:
    return parcel(f"H{number}", day, number) | {
        "importing_country_code": "VN", "hs_code": "61091020", "origin_country_code": "CN",
        "item_description": "Áo thun nữ", "item_description_folded": "ao thun nu",
        "quantity": 2, "quantity_unit_code": "pce", "declared_value": 260_000,
    } | fields  # fmt: skip


def delivered() -> dict[str, list[Row]]:
    """Six months of 2025/26, of which December is told by days, February by parcels.

    The T-shirt: September 1,000,000 / 10 pieces = 100,000; October 1,200,000 / 10 = 120,000, from
    two provinces; November is missing; December 31 days of 110,000 for one piece; January has
    parcels on one day, so its aggregate does not count; February has two pieces for 260,000 a day.
    """
    september, october, december = (dt.date(2025, month, 1) for month in (9, 10, 12))
    november, january = dt.date(2025, 11, 1), dt.date(2026, 1, 1)
    rows = [
        aggregate(september, 1),
        aggregate(october, 2, quantity=4, value_vnd=480_000),
        aggregate(october, 3, quantity=6, value_vnd=720_000, province_code="79"),
        # of the same month by days: the month is told once
        aggregate(october, 4, period_kind="day", quantity=1, value_vnd=900_000),
        # received before the month was over: half a month
        aggregate(november, 5, _received_date=dt.date(2025, 11, 20)),
        *(
            aggregate(
                december + dt.timedelta(days=n), 10 + n, period_kind="day", quantity=1,
                value_vnd=110_000,
            )
            for n in range(31)
        ),
        aggregate(january, 6, quantity=10, value_vnd=9_000_000),
        # goods that are in no product, of September
        aggregate(september, 60, product_key="all", value_vnd=5_000_000),
        aggregate(september, 61, product_key="b", quantity=0),
        aggregate(september, 62, product_key="c", quantity_unit_code="unknown"),
        aggregate(september, 63, product_key="d", value_vnd=0),
        aggregate(september, 64, product_key="e", hs_code="61"),  # a chapter is no stratum
        # one name by weight, in grams and kilograms, and by the piece: two products
        aggregate(september, 65, product_key="tra", quantity_unit_code="grm", quantity=500),
        aggregate(september, 66, product_key="tra", quantity_unit_code="KGM", quantity="1.5"),
        aggregate(september, 67, product_key="tra"),
    ]  # fmt: skip
    first = dt.date(2026, 2, 1)
    parcels = [goods(n, first + dt.timedelta(days=n)) for n in range(28)]
    parcels += [goods(90, first, record_status="cancelled"), goods(91, january.replace(day=31))]
    return {"flow_aggregate": rows, "parcel_manifest": parcels}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("price_products")
    warehouse = root / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, delivered(), WINDOW)
    run_dbt(root, *BUILD)
    return root


def months(home: Path) -> dict[str, tuple[Any, ...]]:
    found = rows_of(
        home,
        "select strftime(month, '%Y-%m'), told_by, gap_reason, parcel_days, aggregate_days "
        "from intermediate.int_price_index__months order by month",
    )
    return {row[0]: row[1:] for row in found}


def test_a_month_is_told_once_and_a_gap_is_named(home: Path) -> None:
    assert months(home) == {
        "2025-09": ("month_aggregates", None, 0, 0),
        "2025-10": ("month_aggregates", None, 0, 1),
        "2025-11": ("none", "days_missing", 0, 0),
        "2025-12": ("day_aggregates", None, 0, 31),
        "2026-01": ("none", "parcels_of_some_days_beside_aggregates", 1, 0),
        "2026-02": ("parcels", None, 28, 0),
    }


def test_the_index_goes_from_aggregates_over_gaps_to_parcels(home: Path) -> None:
    """100,000; 120,000; 110,000; 130,000 a piece, one product in all of them."""
    found = rows_of(
        home,
        "select strftime(month, '%Y-%m'), price_index, change_percent, product_count, "
        "matched_product_count, value_vnd, matched_share_percent "
        "from impact.fct_price_index_monthly order by month",
    )
    # September: 1 T-shirt, tea by weight and by the piece; 3 of 11 million are the T-shirt's and
    # tea's two months fewer than three leave one: 1 of 11.
    assert found == [
        ("2025-09", 100, None, 3, 1, Decimal(11_000_000), Decimal("9.0909")),
        ("2025-10", 120, 20, 1, 1, Decimal(1_200_000), 100),
        ("2025-12", 110, Decimal("-8.3333"), 1, 1, Decimal(3_410_000), 100),
        ("2026-02", 130, Decimal("18.1818"), 1, 1, Decimal(28 * 260_000), 100),
    ]


def test_goods_in_no_product_have_a_reason_and_units_are_never_mixed(home: Path) -> None:
    found = rows_of(
        home,
        "select product_id, exclusion_reason, value_vnd, quantity "
        "from intermediate.int_price_index__product_months where month = '2025-09-01' "
        "order by exclusion_reason nulls first, product_id",
    )
    assert found == [
        ("ao thun nu|CN|piece", None, 1_000_000, 10),
        ("tra|CN|kg", None, 2_000_000, 2),  # 500 g and 1.5 kg
        ("tra|CN|piece", None, 1_000_000, 10),
        (None, "no_product", 5_000_000, None),
        (None, "no_quantity", 1_000_000, None),
        (None, "no_value", 0, None),
        (None, "unit_unknown", 1_000_000, None),
    ]


def test_a_second_run_writes_nothing_again(home: Path) -> None:
    """The window's days are computed once more, with other parcels: what is published stands."""
    before = rows_of(home, "from impact.fct_price_index_monthly order by all")
    from tests.support.dbt_run import release

    release(home)
    with duckdb.connect(str(home / "work" / "warehouse.duckdb")) as connection:
        connection.execute("update raw.parcel_manifest set declared_value = 520000")
    run_dbt(home, "run", "--select", "+fct_price_index_monthly")
    assert rows_of(home, "from impact.fct_price_index_monthly order by all") == before
    changed = "select value_vnd from intermediate.int_price_index__parcel_products"
    assert rows_of(home, changed) == [(28 * 520_000,)]
