"""Listing observations: what their contract asks of every sender.

Add here a rule of the contract. Keep out: the pages of crawlers (readers/test_schema_org.py) and
what the models make of prices (tests/golden/test_listing_observations.py).
"""

import datetime as dt
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.base import IdentifierKind
from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome
from ingest.senders.profile import Layout, load_profiles, profile_for
from ingest.store.landing import raw_files
from ingest.text.check_digits import CHECKS, broken_rule
from tests.support.typed_value import outcome

LISTING = CONTRACTS["listing_observation"]
LAYOUT = Layout("delimited")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        # By hand, weights 1 and 3 from the left of thirteen digits:
        # 6 + 9x3 + 0 + 1x3 + 2 + 3x3 + 4 + 5x3 + 6 + 7x3 + 8 + 9x3 = 128; 130 - 128 = 2
        ("6901234567892", None),
        ("6901234567893", "gtin_check_digit"),
        # two neighbours swapped
        ("6901234567982", "gtin_check_digit"),
        # Eight digits, weights 3 and 1: 9x3 + 6 + 3x3 + 8 + 5x3 + 0 + 7x3 = 86; 90 - 86 = 4
        ("96385074", None),
        ("96385075", "gtin_check_digit"),
        # Twelve: 0x3 + 3 + 6x3 + 0 + 0x3 + 0 + 2x3 + 9 + 1x3 + 4 + 5x3 = 58; 60 - 58 = 2
        ("036000291452", None),
        # the same good with its zero in front as thirteen and as fourteen digits
        ("0036000291452", None),
        ("00036000291452", None),
        # its leading zero lost: eleven digits are no GTIN
        ("36000291452", "gtin_format"),
        ("690123456789X", "gtin_format"),
        # zeros alone: the sum is right, and no good has it
        ("00000000", "gtin_format"),
        ("6901234 567892", "gtin_format"),
        ("690123456789", "gtin_check_digit"),
        (None, None),
    ],
)
def test_gtin_check_digits(value: str | None, reason: str | None) -> None:
    sql = f"select {broken_rule('gtin', 'v')} from (select ?::varchar as v)"
    assert duckdb.execute(sql, [value]).fetchall() == [(reason,)]


def test_every_kind_of_identifier_that_a_contract_may_name_has_its_rule() -> None:
    assert set(IdentifierKind.__args__) == set(CHECKS)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("gtin", "6901234567892", "6901234567892"),
        ("gtin", "6901234567893", "!gtin_check_digit"),
        ("gtin", None, None),
        ("price", "199000", Decimal("199000.00")),
        ("price", "0.01", Decimal("0.01")),
        ("price", "0", "!below_minimum"),
        ("price", "0.00", "!below_minimum"),
        ("price", "-5", "!below_minimum"),
        ("price", None, "!required"),
        ("price", "100000000000000", "!above_maximum"),
        ("price", "1.234.000 ₫", "!decimal_format"),
        ("price", "miễn phí", "!decimal_format"),
        ("list_price", "0", "!below_minimum"),
        ("list_price", None, None),
        ("promotion_from", "2026-02-30", "!date_format"),
        ("channel_kind", "shop", "!not_in_code_list"),
        ("price_kind", "shelf", "shelf"),
        ("is_tax_included", "maybe", "!boolean_format"),
        ("stock_sold_total", "1,2k", "!integer_format"),
        ("stock_sold_total", "-1", "!below_minimum"),
    ],
)
def test_fields_of_a_listing(name: str, text: str | None, expected: object) -> None:
    assert outcome(LISTING.field(name), LAYOUT, text) == expected


DAY = dt.date(2026, 11, 10)
KEY = PseudonymKey.demonstration()
HEADER = (
    "platform_code,listing_id,product_title,observed_at,price,currency_code,seller_name,gtin,"
    "promotion_from,promotion_to"
)


def delivered(
    tmp_path: Path, name: str, content: str, **options: str
) -> tuple[DeliveryOutcome, list[dict[str, Any]], list[tuple[Any, ...]]]:
    """(outcome, raw rows in their order, (line, column, reason) of the quarantine)."""
    home = Home(tmp_path / "home")
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    (outcome,) = deliver(home, [path], received_date=DAY, key=KEY, **options)
    rows: list[dict[str, Any]] = []
    with duckdb.connect() as connection:
        for file in raw_files(home, "listing_observation", dt.date.min, dt.date.max):
            found = connection.execute(
                f"from read_parquet('{file}', hive_partitioning=false) order by _src_line"
            )
            names = [column[0] for column in found.description or ()]
            rows += [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        broken = [
            item
            for file in sorted((home.quarantine / "listing_observation").glob("*.parquet"))
            for item in connection.execute(
                f"select line, column_name, reason_code from read_parquet('{file}') order by all"
            ).fetchall()
        ]
    return outcome, rows, broken


def test_a_table_in_our_own_layout(tmp_path: Path) -> None:
    moment = "2026-11-10T09:00:00+07:00"
    outcome, rows, broken = delivered(
        tmp_path,
        "listing_observation.csv",
        f"{HEADER}\n"
        f"Shopee,L1,Áo Thun ĐEN,{moment},199000,VND,Cửa hàng Mẫu,6901234567892,,\n"
        f"plx,L2,Áo,{moment},0,VND,,,,\n"
        f"plx,L3,Áo,{moment},1.234.000 ₫,VND,,,,\n"
        f"plx,L4,Áo,{moment},5,VND,,6901234567893,,\n"
        f"plx,L5,Áo,{moment},5,VND,,,2026-11-09,2026-11-08\n"
        f"plx,L6,Áo,{moment},5,VND,,,2026-11-09,2026-11-09\n"
        f"plx,L7,Áo,{moment},5,VND,,,,2026-11-08\n"
        "plx,L8,Áo,2026-11-12T09:00:00+07:00,5,VND,,,,\n"
        f"plx,L6,Áo,{moment},5,VND,,,2026-11-09,2026-11-09\n",
    )
    counts = (outcome.rows_in, outcome.accepted, outcome.quarantined, outcome.duplicates)
    assert counts == (9, 3, 5, 1)
    assert broken == [
        (3, "price", "below_minimum"),
        (4, "price", "decimal_format"),
        (5, "gtin", "gtin_check_digit"),
        (6, "promotion_to", "before_other_time"),
        (9, "observed_at", "in_the_future"),
    ]
    assert [row["listing_id"] for row in rows] == ["L1", "L6", "L7"]
    first = rows[0]
    assert (first["platform_code"], first["platform_code_folded"]) == ("Shopee", "shopee")
    assert first["product_title_folded"] == "ao thun den"
    assert first["observed_at"] == dt.datetime(2026, 11, 10, 2)
    assert (first["day"], first["price"]) == (DAY, Decimal("199000.00"))
    assert "seller_name" not in first
    assert first["seller_name_token"] not in (None, "Cửa hàng Mẫu")


def page(number: int, offers: Any, **beside: Any) -> str:
    """One line of a file of pages, beside the names of the profile listing_pages."""
    product = {"@type": "Product", "name": "Áo thun", "sku": f"P{number}", "offers": offers}
    line = {"site": "plx", "fetched_at": "2026-11-10T08:00:00+07:00", "http_status": 200}
    return json.dumps(line | beside | {"page": product}, ensure_ascii=False) + "\n"


def test_pages_through_the_shipped_profile(tmp_path: Path) -> None:
    money = {"@type": "Offer", "priceCurrency": "VND"}
    sellers = [
        money | {"price": price, "seller": {"identifier": seller, "name": "Cửa hàng"}}
        for price, seller in ((1, "S1"), (2, "S2"))
    ]
    outcome, rows, broken = delivered(
        tmp_path,
        "pages.jsonl",
        page(1, sellers)
        + page(2, money | {"price": "1.234.000 ₫"})
        + page(3, money | {"price": "199.000"})
        + page(4, money | {"price": 5, "gtin13": "6901234567893"})
        + page(5, money | {"price": 19.99, "priceValidUntil": "2026-11-30"})
        + page(1, sellers),
        sender="listing_pages",
    )
    counts = (outcome.rows_in, outcome.accepted, outcome.quarantined, outcome.duplicates)
    assert counts == (8, 3, 3, 2)
    assert broken == [
        (2, "price", "decimal_format"),
        (3, "price", "ambiguous_price"),
        (4, "gtin", "gtin_check_digit"),
    ]
    assert [(row["listing_id"], row["seller_code"], row["price"]) for row in rows] == [
        ("P1/S1", "S1", Decimal("1.00")),
        ("P5", None, Decimal("19.99")),
        ("P1/S2", "S2", Decimal("2.00")),  # by number: the second offer of line 1
    ]
    assert {row["channel_kind"] for row in rows} == {"marketplace"}
    assert rows[1]["promotion_to"] == dt.date(2026, 11, 30)
    assert outcome.warnings == ()


def test_the_price_table_of_the_shipped_profile(tmp_path: Path) -> None:
    outcome, rows, broken = delivered(
        tmp_path,
        "bang_gia.csv",
        "Sàn;Mã tin;Tên sản phẩm;Thời điểm;Giá bán;Giá gạch;Từ ngày;Đến ngày\n"
        "plx;L1;Áo;10/11/2026 09:00;1.234.000 ₫;2.000.000 ₫;01/11/2026;30/11/2026\n"
        "plx;L2;Áo;10/11/2026 09:00;Liên hệ;;;\n",
        sender="listing_pages",
    )
    assert (outcome.accepted, broken) == (1, [(3, "price", "decimal_format")])
    assert (rows[0]["price"], rows[0]["list_price"]) == (Decimal(1_234_000), Decimal(2_000_000))
    assert rows[0]["promotion_from"] == dt.date(2026, 11, 1)


def test_the_standard_layout_reads_pages_by_the_names_of_the_fields(tmp_path: Path) -> None:
    outputs = profile_for(load_profiles(), "standard", DAY).outputs_for("a.jsonl", None)
    formats = {output.source: output.layout.format for output in outputs}
    assert formats.pop("listing_observation") == "schema_org"
    assert set(formats.values()) == {"json_lines"}
    line = page(1, {"price": 5, "priceCurrency": "VND"}).replace("site", "platform_code")
    outcome, rows, broken = delivered(
        tmp_path, "listing_observation_1.jsonl", line.replace("fetched_at", "observed_at")
    )
    assert (outcome.source, outcome.accepted, broken) == ("listing_observation", 1, [])
    assert rows[0]["listing_id"] == "P1"


@pytest.mark.parametrize(("language", "ending"), [("csv", "csv"), ("json", "jsonl")])
def test_the_examples_of_the_page_are_accepted(
    tmp_path: Path, project: Path, language: str, ending: str
) -> None:
    text = (project / "docs" / "listings.md").read_text(encoding="utf-8")
    [example] = re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    outcome, rows, broken = delivered(tmp_path, f"listing_observation.{ending}", example)
    assert (outcome.accepted, broken, outcome.warnings) == (1, [], ())
    assert (rows[0]["listing_id"], rows[0]["price"]) == ("L1", Decimal("199000.00"))
