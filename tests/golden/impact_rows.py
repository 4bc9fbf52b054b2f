"""Raw rows of the hand-computed months of market impact; the arithmetic stands in the test.

Add here a month or a figure that a case in test_impact_marts.py needs. Keep out: expected values.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from tests.golden.core_rows import Row, lineage
from tests.support.dbt_run import run_dbt
from tests.support.raw_fixture import build_raw

WINDOW = (dt.date(2026, 3, 1), dt.date(2026, 5, 5))


def _parcels(
    platform: str | None, first: dt.date, days: int, value: int, **more: Any
) -> Iterator[Row]:
    """One express parcel a day, goods of 6109.10 from China; buyer and number come later."""
    for offset in range(days):
        yield {
            "operator_code": "EX1",
            "channel": "express",
            "platform_code": platform,
            "seller_id_platform": "s1",
            "consignee_id_number_status": "personal_id",
            "hs_code": "61091000",
            "origin_country_code": "CN",
            "declared_value": value,
            "currency_code": "VND",
        } | lineage(first + dt.timedelta(days=offset), 0) | more  # fmt: skip


def _figure(
    series: str, member: str, start: dt.date, value: float | str, *, kind: str = "month",
    unit: str = "VND", out: dt.date = dt.date(2026, 5, 1), grade: str = "V1",
) -> Row:  # fmt: skip
    return {
        "series_id": series,
        "dimension_code": member,
        "period_kind": kind,
        "period_start": start,
        "value": value,
        "unit_code": unit,
        "vintage_date": out,
        "publisher": "office",
        "evidence_grade": grade,
    } | lineage(start, 0, "m")


def _aggregate(member: str, month: dt.date, consignments: int, value: int) -> Iterator[Row]:
    """A month as a delivered aggregate; landed value is a tenth more."""
    yield _figure("cross_border_consignments", member, month, consignments, unit="COUNT")
    yield _figure("cross_border_value", member, month, value)
    yield _figure("cross_border_landed_value", member, month, value + value // 10)


def raw_rows() -> dict[str, list[Row]]:
    """The rows with their numbers: every parcel its waybill and a buyer of its own, but that the
    first parcels of alpha and of beta go to one."""
    rows = _rows()
    for listed in rows.values():
        for number, row in enumerate(listed, start=1):
            row["_src_line"] = number
    for row in rows["parcel_manifest"]:
        number = row["_src_line"]
        row |= {"house_waybill_number": f"I{number}", "consignee_id_number_token": f"k:{number}"}
    first_of_beta = next(r for r in rows["parcel_manifest"] if r["platform_code"] == "beta")
    first_of_beta["consignee_id_number_token"] = "k:1"
    return rows


def _rows() -> dict[str, list[Row]]:
    """Two whole months of parcels, five days of a third, aggregates of a year before, figures."""
    day, march, april = dt.date, dt.date(2026, 3, 1), dt.date(2026, 4, 1)
    january = dt.date(2025, 1, 1)
    quarter = [dt.date(2025, m, 1) for m in (1, 2, 3)]
    many = 10**17
    return {
        "parcel_manifest": [
            *_parcels("alpha", march, 31, 100_000),
            *_parcels("beta", march, 10, 200_000, seller_id_platform="b1"),
            *_parcels("alpha", april, 30, 110_000),
            *_parcels("gamma", april, 5, 400_000, seller_id_platform=None,
                      operator_code="EX2", origin_country_code="KR"),
            *_parcels(None, april, 1, 400_000, seller_id_platform=None),
            *_parcels("alpha", day(2026, 5, 1), 5, 500_000),
        ],
        "low_value_declaration": [
            {
                "house_waybill_number": "I42",  # the first parcel of April
                "customs_value_vnd": 110_000,
                "arrived_on": april,
            }
            | lineage(april, 1, "l")
        ],
        "market_reference": [
            *_aggregate("all", day(2025, 4, 1), 40, 4_000_000),
            *_aggregate("platform:alpha", day(2025, 4, 1), 40, 4_000_000),
            # of March the consignments count: they are complete
            *_aggregate("all", march, 1, 1),
            # of May an aggregate is there for one dimension, and five days of parcels
            *_aggregate("origin:CN", day(2026, 5, 1), 9, 900_000),
            *(row for m in quarter for row in _aggregate("all", m, 20, 2_000_000)),
            *(row for m in quarter for row in _aggregate("hs2:61", m, 20, 2_000_000)),
            *_aggregate("hs2:99", quarter[0], many // 10**6, many),
            # retail: one figure out, corrected later than the last day held; one not out yet
            _figure("retail_sales", "all", april, 1_000_000_000, grade="V2"),
            _figure("retail_sales", "all", april, 1, out=day(2026, 5, 6)),
            _figure("retail_sales", "all", march, 1_000_000_000, out=day(2026, 5, 6)),
            _figure("retail_sales", "61", april, 0),
            _figure("retail_sales", "61", march, 5, unit="USD"),
            _figure("retail_sales", "99", quarter[0], "0.01"),
            _figure("online_sales", "all", april, 5_000_000),
            _figure("platform_gmv", "alpha", april, 50_000_000, grade="U"),
            _figure("platform_imported_gmv", "alpha", april, 33_000_000),
            _figure("platform_imported_orders", "alpha", april, 33, unit="COUNT"),
            _figure("platform_imported_gmv", "gamma", april, 2_000_000),
            _figure("platform_imported_orders", "gamma", april, 5, unit="COUNT"),
            # the first quarter of 2025: the vector of the FAO in millions
            _figure("domestic_output", "all", january, 80_000_000, kind="quarter", grade="V2"),
            *(_figure("exports", "all", m, 1_000_000 * v)
              for m, v in zip(quarter, (3, 3, 4), strict=True)),
            _figure("imports", "all", january, 24_000_000, kind="quarter", grade="S"),
            # chapter 61 exports more than it makes; 62 more than there is; 63 has no output
            *(_figure(s, c, january, v, kind="quarter") for s, c, v in (
                ("domestic_output", "61", 10_000_000), ("exports", "61", 50_000_000),
                ("imports", "61", 54_000_000),
                ("domestic_output", "62", 10_000_000), ("exports", "62", 50_000_000),
                ("imports", "62", 39_000_000),
                ("exports", "63", 1), ("imports", "63", 1),
            )),
            # the second quarter of 2026 is not over
            *(_figure(s, "all", april, 9, kind="quarter")
              for s in ("domestic_output", "exports", "imports")),
        ],
    }  # fmt: skip


def build_warehouse(home: Path) -> Path:
    """The warehouse of these rows, all that is built without risk; where it is."""
    warehouse = home / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, raw_rows(), WINDOW)
    left = ("--exclude", "path:models/risk", "rpt_risk_queue", "fct_revenue_gap_monthly")
    run_dbt(home, "build", *left, "--exclude-resource-type", "unit_test")
    return warehouse
