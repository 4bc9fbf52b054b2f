"""Listings through staging and core: prices in dong, the advertised discount, which row counts.

Every expectation is computed by hand beside it. Add here a case of core.fct_listing_observations.
Keep out: prices beside parcels (impact) and what is lawful (compliance).
"""

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.golden.core_rows import lineage, rate
from tests.support.dbt_run import DbtFailed, rows_of, run_dbt
from tests.support.raw_fixture import build_raw

DAY = dt.date(2026, 11, 10)
NEXT = DAY + dt.timedelta(days=1)
Row = dict[str, Any]


def listing(listing_id: str, line: int, day: dt.date = DAY, **fields: Any) -> Row:
    """A listing seen at 9 in the morning of Viet Nam."""
    return (
        {
            "platform_code": "PLX",
            "platform_code_folded": "plx",
            "listing_id": listing_id,
            "product_title": "Áo thun",
            "product_title_folded": "ao thun",
            "observed_at": dt.datetime.combine(day, dt.time(2)),
            "observed_date": day,
            "price": Decimal("100000"),
            "currency_code": "VND",
        }
        | lineage(day, line, "p")
        | fields
    )


def raw_rows() -> dict[str, list[Row]]:
    money = {"currency_code": "USD"}
    return {
        "market_reference": [rate(DAY, 26_350, 1), rate(NEXT, 26_000, 2)],
        "listing_observation": [
            listing("dong", 1, list_price=Decimal("150000")),
            listing("dollar", 2, price=Decimal("19.99"), list_price=Decimal("25.00"), **money),
            listing("dollar", 3, NEXT, price=Decimal("19.99"), **money),
            listing("no-rate", 4, price=Decimal("45.90"), currency_code="CNY"),
            listing("thirds", 5, price=Decimal("2"), list_price=Decimal("3")),
            listing("cents", 6, price=Decimal("0.21"), list_price=Decimal("0.30")),
            listing("below", 7, price=Decimal("100001"), list_price=Decimal("100000")),
            listing("same", 8, list_price=Decimal("100000")),
            listing(
                "whole",
                9,
                channel_kind="livestream",
                price_kind="voucher_applied",
                is_tax_included=True,
                is_delivery_included=False,
                gtin="96385074",
                promotion_from=dt.date(2026, 11, 1),
                promotion_to=DAY,
            ),
            # said twice of one moment, the second time with another spelling of the platform
            listing("again", 10, platform_code_folded="shopee vn", price=Decimal("5")),
            listing(
                "again",
                1,
                platform_code_folded="shopee",
                price=Decimal("6"),
                _received_date=DAY + dt.timedelta(days=2),
            ),
            # another moment of the same listing is another row
            listing(
                "again",
                11,
                platform_code_folded="shopee",
                price=Decimal("7"),
                observed_at=dt.datetime.combine(DAY, dt.time(3)),
            ),
            listing("later", 12, NEXT + dt.timedelta(days=1)),
        ],
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("listings")
    (root / "work").mkdir()
    with duckdb.connect(str(root / "work" / "warehouse.duckdb")) as connection:
        build_raw(connection, raw_rows(), (DAY, NEXT))
    for command in ("seed", "run"):
        run_dbt(root, command, "--select", "+fct_listing_observations")
    return root


def seen(home: Path, columns: str, listing_id: str) -> list[tuple[Any, ...]]:
    return rows_of(
        home,
        f"select {columns} from core.fct_listing_observations "
        f"where listing_id = '{listing_id}' order by observed_at",
    )


@pytest.mark.parametrize(
    ("listing_id", "expected"),
    [
        # 50,000 of 150,000: 3,333.3 hundredths of a percent, floored
        ("dong", [("100000", "150000", 3333)]),
        # 19.99 x 26,350 = 526,736.50; 25 x 26,350 = 658,750; 5.01 / 25 = 20.04 %
        # the next day 19.99 x 26,000 = 519,740, and no list price is shown
        ("dollar", [("526736.50", "658750", 2004), ("519740", None, None)]),
        # nobody stated a rate of the yuan: no price in dong, and no zero either
        ("no-rate", [(None, None, None)]),
        ("thirds", [("2", "3", 3333)]),
        # 0.09 / 0.30: exactly 30 %, though 0.09, 0.21 and 0.30 are no binary fractions
        ("cents", [("0.21", "0.30", 3000)]),
        # a list price below the price is no discount, and none that is negative
        ("below", [("100001", "100000", None)]),
        ("same", [("100000", "100000", 0)]),
    ],
)
def test_prices_in_dong_and_the_advertised_discount(
    home: Path, listing_id: str, expected: list[tuple[str | None, str | None, int | None]]
) -> None:
    columns = "price_vnd, list_price_vnd, advertised_discount_basis_points"
    assert seen(home, columns, listing_id) == [
        (
            None if price is None else Decimal(price),
            None if shown is None else Decimal(shown),
            discount,
        )
        for price, shown, discount in expected
    ]


def test_level_of_trade_and_stated_promotion(home: Path) -> None:
    columns = (
        "channel_kind, price_kind, is_tax_included, is_delivery_included, gtin, "
        "promotion_days_stated"
    )
    # 1 to 10 November, both included; the barcode with six zeros in front
    assert seen(home, columns, "whole") == [
        ("livestream", "voucher_applied", True, False, "00000096385074", 10)
    ]
    # what a listing does not say is not known: neither true nor false
    assert seen(home, columns, "dong") == [("unstated", "unstated", None, None, None, None)]


def test_what_is_said_last_of_a_moment_counts_whatever_the_platform_is_called(home: Path) -> None:
    assert seen(home, "platform_code, price", "again") == [
        ("shopee", Decimal("6.00")),
        ("shopee", Decimal("7.00")),
    ]


def test_days_outside_the_window_have_no_rows(home: Path) -> None:
    assert seen(home, "day", "later") == []
    days = "select distinct day from core.fct_listing_observations order by 1"
    assert rows_of(home, days) == [(DAY,), (NEXT,)]


@pytest.mark.dbt_itself
def test_a_doubled_row_would_be_found(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    run_dbt(copy, "test", "--select", "fct_listing_observations")
    with duckdb.connect(str(copy / "work" / "warehouse.duckdb")) as connection:
        connection.execute(
            "insert into core.fct_listing_observations from core.fct_listing_observations limit 1"
        )
    with pytest.raises(DbtFailed, match="unique_combination_fct_listi"):
        run_dbt(copy, "test", "--select", "fct_listing_observations")
