"""Rows of the comparison of prices: parcels, listings, flows and output, put into a warehouse.

Add here a product or a listing that a case in test_undercutting.py needs. Keep out: expected
values.
"""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import duckdb

from tests.support.dbt_run import run_dbt
from tests.support.raw_fixture import build_raw

DAY, NEXT = dt.date(2026, 10, 5), dt.date(2026, 10, 6)
SEED = 20261005
DELIVERY = 5_000
Row = tuple[Any, ...]
_TABLES = """
    create schema core;
    create schema impact;
    create schema intermediate;
    create table core.fct_consignment_items (
        consignment_id varchar, day date, is_in_flows boolean, trade_level varchar,
        hs_heading varchar, item_description_folded varchar, origin_country_code varchar,
        quantity decimal(18, 4), quantity_unit_code varchar
    );
    create table core.fct_tax_assessments (
        consignment_id varchar, day date, customs_value_vnd decimal(18, 2),
        duty_due_vnd decimal(18, 2), vat_due_vnd decimal(18, 2)
    );
    create table core.fct_listing_observations (
        day date, platform_code varchar, listing_id varchar, product_title_folded varchar,
        origin_stated varchar, price_kind varchar, is_tax_included boolean,
        is_delivery_included boolean, price_vnd decimal(18, 2)
    );
    create table impact.fct_import_flows_monthly (
        month date, hs_heading varchar, province_code varchar, consignments bigint,
        customs_value_vnd decimal(38, 2), duty_due_vnd decimal(38, 2), vat_due_vnd decimal(38, 2)
    );
    create table intermediate.int_market__figures (
        series_id varchar, member_code varchar, period_start date, unit_code varchar,
        value decimal(24, 6), is_out boolean, vintage_date date, evidence_grade varchar
    )
"""
NUMBERS = ["mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"]
# heading, name, origin, day, pieces, landed value
PRODUCTS = [
    ("6109", "ao thun nam co tron", "CN", DAY, 2, 100_000),
    ("6109", "ao thun nam co tron", "CN", NEXT, 3, 150_000),
    ("6109", "quan bo nu", "KR", DAY, 4, 480_000),
    ("4202", "tui xach da bo 20 lit", "CN", DAY, 1, 50_000),
    ("9608", "but bi xanh", "CN", DAY, 1, 5_000),
    ("9608", "but chi go", "CN", DAY, 1, 40_000),  # four times the domestic price: -300 %
    ("9608", "but long den", "CN", DAY, 1, 40_001),  # a dong more than that
    ("8517", "dien thoai gap", "CN", DAY, 1, 900_000),  # nobody offers one made here
    *(("9503", f"do choi {word}", "CN", DAY, 1, 10_000 + 1_000 * n)
      for n, word in enumerate(NUMBERS)),
    *(("9504", f"bo bai {word}", "CN", DAY, 1, 10_000 + 1_000 * n)
      for n, word in enumerate(NUMBERS[:9])),
]  # fmt: skip
# name, price, what differs from an offer that counts
LISTINGS: list[tuple[str, int, dict[str, Any]]] = [
    ("ao thun nam co tron", 90_000, {"listing_id": "A"}),
    ("ao thun nam co tron", 110_000, {"listing_id": "A", "day": NEXT}),
    ("ao thun nam co tron", 85_000, {"listing_id": "B", "is_delivery_included": True}),
    ("ao thun nam co tron", 1, {"price_kind": "voucher_applied"}),
    ("ao thun nam co tron", 1, {"is_tax_included": False}),
    ("ao thun nam co tron", 1, {"origin_stated": "CN"}),
    ("ao thun nam co tron", 1, {"day": dt.date(2026, 9, 30)}),
    ("ao thun nam co tron", 4_000, {"is_delivery_included": True}),  # nothing is left of it
    ("quan bo nu", 100_000, {"is_tax_included": True}),
    ("tui xach da bo 20 lit mau den", 80_000, {}),
    ("tui xach da bo 30 lit", 70_000, {}),
    ("but bi xanh", 5_000, {"origin_stated": " Việt Nam"}),
    ("but chi go", 10_000, {"origin_stated": "VIETNAM"}),
    ("but long den", 10_000, {}),
    *((f"do choi {word}", 20_000, {})
      for word in NUMBERS),
    *((f"bo bai {word}", 20_000, {}) for word in NUMBERS[:9]),
]  # fmt: skip


def random_names(kind: str, count: int) -> list[str]:
    """Names of two to six of fourteen words, a few with a number."""
    draw = random.Random(f"{SEED}{kind}")
    words = [
        "vo",
        "kem",
        "son",
        "sua",
        "tinh",
        "dau",
        "phan",
        "nuoc",
        "hoa",
        "giay",
        "hop",
        "loai",
        "lon",
        "100ml",
    ]
    return sorted({" ".join(draw.sample(words, draw.randint(2, 6))) for _ in range(count)})


RANDOM_IMPORTS, RANDOM_LISTINGS = random_names("i", 60), random_names("d", 60)


def items() -> list[Row]:
    """Parcels of consumers; then what is not compared, and a shop's."""
    goods = [*PRODUCTS, *(("3304", name, "CN", DAY, 1, 1_000) for name in RANDOM_IMPORTS)]
    rows = [
        (f"C{number}", day, True, "consumer", heading, name, origin, pieces, "PCE", landed)
        for number, (heading, name, origin, day, pieces, landed) in enumerate(goods)
    ]
    shirt = ("6109", "ao thun nam co tron", "CN")
    return [
        *rows,
        ("N1", DAY, True, "business", *shirt, 1000, "PCE", 7_000_000),
        ("N2", DAY, False, "consumer", *shirt, 1, "PCE", 7_000_000),
        ("N3", DAY, True, "consumer", "6109", None, "CN", 1, "PCE", 10_000),
        ("N4", DAY, True, "consumer", *shirt, 1, "KGM", 20_000),
        ("N5", DAY, True, "consumer", *shirt, 0, "PCE", 30_000),
        ("N6", DAY, True, "consumer", *shirt, 1, "PCE", None),
    ]


def offers() -> list[Row]:
    usual = {
        "day": DAY, "platform": "shop", "origin_stated": "VN", "price_kind": "shelf",
        "is_tax_included": None, "is_delivery_included": False,
    }  # fmt: skip
    stated = [*LISTINGS, *((name, 900, {}) for name in RANDOM_LISTINGS)]
    return [
        tuple(
            (usual | {"listing_id": f"L{number}", "title": name, "price": price} | more)[column]
            for column in (
                "day", "platform", "listing_id", "title", "origin_stated", "price_kind",
                "is_tax_included", "is_delivery_included", "price",
            )
        )
        for number, (name, price, more) in enumerate(stated)
    ]  # fmt: skip


def build_warehouse(home: Path, warehouse: Path) -> None:
    site = {
        "parameter_id": "UNDERCUTTING_DELIVERY_COST", "value": str(DELIVERY),
        "valid_from": dt.date(2026, 1, 1), "valid_to": None, "reason": "r", "signed_by": "s",
    }  # fmt: skip
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, {"site_parameter": [site]}, (DAY, NEXT))
        connection.execute(_TABLES)
        connection.executemany(
            "insert into core.fct_consignment_items values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row[:-1] for row in items()],
        )
        connection.executemany(
            "insert into core.fct_tax_assessments values (?, ?, ?, 0, 0)",
            [(row[0], row[1], row[-1]) for row in items()],
        )
        connection.executemany(
            "insert into core.fct_listing_observations values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            offers(),
        )
        connection.execute(
            """
            insert into impact.fct_import_flows_monthly values
                ('2026-10-01', '6109', 'VN-HN', 2, 600, 0, 48),
                ('2026-10-01', '6109', 'VN-SG', 1, 200, 0, 16),
                ('2026-10-01', '9503', 'VN-HN', 1, 100, 10, 8),
                ('2026-10-01', '8517', 'VN-HN', 1, 900, 0, 72),
                ('2026-10-01', '3304', 'VN-HN', 1, 5000, 0, 400);
            insert into intermediate.int_market__figures by name
            select *, date '2026-09-30' as vintage_date, 'U' as evidence_grade
            from (values
                ('household_income', 'VN-HN:q1', date '2025-01-01', 'VND_PER_PERSON', 100, true),
                ('household_income', 'VN-SG:q1', '2025-01-01', 'VND_PER_PERSON', 200, true),
                ('domestic_output', '61', '2026-06-01', 'VND', 1000, true),
                ('domestic_output', '95', '2024-11-01', 'VND', 1000, true),
                ('domestic_output', '8517', '2026-06-01', 'VND', 50, true),
                ('domestic_output', '33', '2024-10-01', 'VND', 1000, true),
                ('domestic_output', '3304', '2026-06-01', 'VND', 1000, false)
            ) as figures (series_id, member_code, period_start, unit_code, value, is_out)
            """
        )
    run_dbt(home, "seed")
    run_dbt(
        home, "build", "--select", "stg_ingest__site_parameters", "int_calendar__days",
        "int_market__province_incomes", "int_undercutting__months+",
        "int_undercutting__import_days+", "int_substitutable__flows+",
        "--exclude-resource-type", "unit_test",
    )  # fmt: skip
