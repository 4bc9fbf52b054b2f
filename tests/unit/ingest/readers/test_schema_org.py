"""Pages with schema.org JSON-LD: every offer a row, worked by hand.

Values are made up, shapes are those that shops publish. Not claimed: that every page of the web
keeps to them.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.outcomes import FileRefused
from ingest.senders.profile import Layout
from tests.unit.ingest.readers.pages import (
    BESIDE,
    OFFER,
    Row,
    lines_of,
    one,
    page,
    product,
    reading,
    reason,
)


def test_a_whole_page_becomes_a_row(tmp_path: Path) -> None:
    whole = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "Tai nghe không dây Alfa X1",
        "productID": "12345",
        "gtin13": "6901234567892",
        "brand": {"@type": "Brand", "name": "Alfa"},
        "category": ["Điện tử", "Âm thanh"],
        "countryOfOrigin": {"@type": "Country", "name": "Trung Quốc"},
        "aggregateRating": {"@type": "AggregateRating", "ratingValue": 4.8, "reviewCount": 1250},
        "image": ["https://shop.example/1.jpg"],
        "offers": {
            "@type": "Offer",
            "url": "https://shop.example/p/12345",
            "price": 1.99e5,
            "priceCurrency": "VND",
            "validFrom": "2026-11-01T00:00:00+07:00",
            "priceValidUntil": "2026-11-30",
            "availability": "https://schema.org/InStock",
            "seller": {"@type": "Organization", "name": "Cửa hàng Alfa", "identifier": "S77"},
            "priceSpecification": [
                {
                    "@type": "UnitPriceSpecification",
                    "priceType": "https://schema.org/StrikethroughPrice",
                    "price": "310000",
                    "priceCurrency": "VND",
                },
                {
                    "@type": "UnitPriceSpecification",
                    "priceType": "https://schema.org/ListPrice",
                    "price": 299000.00,
                    "priceCurrency": "VND",
                },
                {"@type": "UnitPriceSpecification", "price": 199000,
                 "valueAddedTaxIncluded": True},
            ],
        },
    }  # fmt: skip
    line = page(whole, channel_kind="marketplace", is_delivery_included=False, http_status=200)
    assert one(tmp_path, line) == {
        "_src_line": 1,
        "_extra": '{"http_status": 3}',
        "platform_code": "plx",
        "observed_at": "2026-11-10T09:00:00+07:00",
        "channel_kind": "marketplace",
        "is_delivery_included": "false",
        "listing_id": "12345",
        "seller_code": "S77",
        "seller_name": "Cửa hàng Alfa",
        "product_title": "Tai nghe không dây Alfa X1",
        "brand": "Alfa",
        "category": "Điện tử > Âm thanh",
        "gtin": "6901234567892",
        "origin_stated": "Trung Quốc",
        "price": "199000.0",
        "list_price": "299000.0",
        "currency_code": "VND",
        "is_tax_included": "true",
        "promotion_from": "2026-11-01",
        "promotion_to": "2026-11-30",
        "rating_count": "1250",
        "url": "https://shop.example/p/12345",
    }


@pytest.mark.parametrize(
    "document",
    [
        product(),
        [{"@type": "BreadcrumbList", "itemListElement": []}, product()],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, product()]},
        {"@type": "ItemPage", "mainEntity": product()},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": product()}]},
        product(**{"@type": ["Product", "Thing"]}),
        product(**{"@type": "https://schema.org/Product"}),
        product(offers=[OFFER]),
        product(offers={"@type": "AggregateOffer", "lowPrice": 1, "offers": [OFFER]}),
        product(offers={"@type": "AggregateOffer", "priceCurrency": "VND",
                        "offers": {"@type": "Offer", "price": "199000"}}),
        product(offers={"@type": "Offer", "priceCurrency": "VND",
                        "priceSpecification": {"price": 199000}}),
        product(offers={"@type": "Offer", "priceSpecification": [
            {"priceType": "ListPrice", "price": 199000},
            {"priceType": "SalePrice", "price": 199000, "priceCurrency": "VND"}]}),
        {"@type": "ProductGroup", "name": "Áo", "hasVariant": [product()]},
        {"@graph": [product(offers={"@id": "#o"}), OFFER | {"@id": "#o"}]},
        json.dumps(product()),
        product(name={"@value": "Áo thun", "@language": "vi"}),
        product(name=[{"@value": "Áo thun", "@language": "vi"}, "T-shirt"]),
    ],
)  # fmt: skip
def test_where_pages_put_their_products(tmp_path: Path, document: Any) -> None:
    row = one(tmp_path, page(document))
    said = [row[name] for name in ("product_title", "listing_id", "price", "currency_code")]
    assert said == ["Áo thun", "P1", "199000", "VND"]


def test_what_stands_beside_the_page(tmp_path: Path) -> None:
    """In the line itself, in a wrapper, under the profile's names, or as the profile's constant."""
    assert one(tmp_path, product() | BESIDE)["platform_code"] == "plx"
    assert one(tmp_path, page(product(), listing_id="from-url"))["listing_id"] == "P1"
    nameless = {key: value for key, value in product().items() if key != "sku"}
    assert one(tmp_path, page(nameless, listing_id=77))["listing_id"] == "77"
    layout = Layout(
        "schema_org",
        columns={"observed_at": "fetch.at", "url": "fetched"},
        constants={"platform_code": "plx"},
        left_out=frozenset(("depth",)),
    )
    line = {"fetch": {"at": "2026-11-10"}, "fetched": "https://a.example", "depth": 3}
    row = one(tmp_path, line | {"document": product()}, layout=layout)
    assert (row["observed_at"], row["url"]) == ("2026-11-10", "https://a.example")
    assert "_extra" not in row


def test_a_line_without_a_page_is_a_row_of_our_own_layout(tmp_path: Path) -> None:
    own = {"listing_id": "L1", "product_title": "Áo", "price": 1.10, "currency_code": "USD"}
    row = one(tmp_path, BESIDE | own | {"rating_count": 3.0, "url": ""})
    assert (row["price"], row["rating_count"], row["listing_id"]) == ("1.1", "3", "L1")
    assert "url" not in row


@pytest.mark.parametrize("missing", ["platform_code", "observed_at"])
def test_a_file_that_never_says_what_no_page_can_say_is_refused(
    tmp_path: Path, missing: str
) -> None:
    line = {key: value for key, value in page(product()).items() if key != missing}
    with pytest.raises(FileRefused, match=rf"missing_column: no line states {missing},"):
        reading(tmp_path, line)
    # one line that does not is a row that lacks a required value
    rows, _, _ = reading(tmp_path, line, page(product()))
    assert [missing in row for row in rows] == [False, True]


def test_a_list_of_offers_becomes_rows_each_a_listing_of_its_own(tmp_path: Path) -> None:
    def sold(price: int, seller: Any, **more: Any) -> Row:
        return OFFER | {"price": price, "seller": seller} | more

    by_seller = [sold(1, {"identifier": "S1"}), sold(2, {"identifier": 2})]
    by_place = [sold(1, "Shop A"), sold(2, {"name": "Shop B", "identifier": "S2"})]
    own = [sold(1, "A", sku="V1"), sold(2, "A", sku="V2")]
    twice = [sold(1, "A"), sold(1, "A")]
    lines = [page(product(offers=found)) for found in (by_seller, by_place, own, twice)]
    rows, rejects, _ = reading(tmp_path, *lines, page(product(sku="P2"), product(sku="P2")))
    assert rejects == []
    # A line and its first offer have one number; the others come behind the five lines (and a cut
    # end) and say their line.
    assert [(row["_src_line"], row["listing_id"], row.get("_extra")) for row in rows] == [
        (1, "P1/S1", None),
        (7, "P1/2", '{"line": 1}'),
        (2, "P1/1", None),
        (8, "P1/2", '{"line": 2}'),
        (3, "V1", None),
        (9, "V2", '{"line": 3}'),
        (4, "P1", None),
        (5, "P2", None),
    ]
    assert [row.get("seller_name") for row in rows[2:4]] == ["Shop A", "Shop B"]


@pytest.mark.parametrize(
    ("offer", "code", "column"),
    [
        # read by the contract, so the text must arrive as it was written
        ({"price": "1.234.000 ₫"}, None, "1.234.000 ₫"),
        ({"price": "199,000đ"}, None, "199,000đ"),
        ({"price": "Liên hệ"}, None, "Liên hệ"),
        ({"price": True}, None, "true"),
        ({"price": 1e400}, None, None),
        ({"price": 0.1}, None, "0.1"),
        # 199 or 199,000
        ({"price": "199.000"}, "ambiguous_price", "price"),
        ({"price": "1,234"}, "ambiguous_price", "price"),
        ({"priceSpecification": {"priceType": "ListPrice", "price": "299.000"}},
         "ambiguous_price", "list_price"),
        ({"price": "12.34"}, None, "12.34"),
        ({"price": "0.500"}, None, "0.500"),
        ({"price": [1, 2]}, "nested_value", "price"),
        ({"price": {"amount": 5}}, "nested_value", "price"),
        ({"priceCurrency": ["VND", "USD"]}, "nested_value", "currency_code"),
        ({"priceSpecification": "cheap"}, "nested_value", "price"),
        ({"priceSpecification": {"priceType": 5, "price": 1}}, None, "199000"),
        ({"priceSpecification": {"priceType": ["ListPrice"]}}, "nested_value", "price"),
        ({"priceSpecification": {"priceType": "ListPrice", "price": 9, "priceCurrency": "USD"}},
         "price_currencies_differ", "list_price"),
        ({"price": None, "priceSpecification": [{"price": 1}, {"price": 2}]},
         "several_prices", "price"),
        ({"priceValidUntil": "2026-12-31T20:00:00Z"}, None, "199000"),
    ],
)  # fmt: skip
def test_prices_that_are_no_plain_number(
    tmp_path: Path, offer: Row, code: str | None, column: str | None
) -> None:
    if offer.get("price") == float("inf"):
        assert reason(tmp_path, page(product(offers=OFFER | offer))) == ("not_a_number", None)
    elif code is not None:
        assert reason(tmp_path, page(product(offers=OFFER | offer))) == (code, column)
    else:
        assert one(tmp_path, page(product(offers=OFFER | offer)))["price"] == column


def test_numbers_of_json_keep_their_digits(tmp_path: Path) -> None:
    def priced(digits: bytes) -> bytes:
        return lines_of(page(product())).rstrip().replace(b"199000", digits)

    kept = [b"1.10", b"0.30", b"12345678901234567890", b"1e3", b"1.25E+2", b"5e-1", b"12.345"]
    rows, rejects, _ = reading(tmp_path, *map(priced, kept))
    assert rejects == []
    assert [row["price"] for row in rows] == [
        "1.10", "0.30", "12345678901234567890", "1000", "125", "0.5", "12.345",
    ]  # fmt: skip
    # no program writes 199 like this, a template of a shop does
    _, rejects, _ = reading(tmp_path, priced(b"199.000"), priced(b"1"))
    assert rejects == [(1, "ambiguous_price", "price", "199.000")]


def test_a_sender_may_state_how_it_writes_numbers(tmp_path: Path) -> None:
    layout = Layout("schema_org", decimal_separator=",", thousands_separator=".")
    rows, rejects, _ = reading(
        tmp_path,
        page(product(offers=OFFER | {"price": "199.000"})),
        page(product(offers=OFFER | {"price": 19.5})),
        layout=layout,
    )
    assert rejects == []
    assert [row["price"] for row in rows] == ["199.000", "19,5"]  # read by that format


@pytest.mark.parametrize(
    ("stated", "gtin"),
    [
        ({"gtin13": 36000291452}, "036000291452"),  # a number has no zeros in front
        ({"gtin8": 1234565}, "01234565"),
        ({"gtin": "https://id.gs1.org/01/06901234567892?x=1"}, "06901234567892"),
        ({"gtin12": "036000291452"}, "036000291452"),
        ({"gtin13": "36000291452"}, "36000291452"),  # a text is taken at its word: gtin_format
    ],
)
def test_barcodes(tmp_path: Path, stated: Row, gtin: str) -> None:
    assert one(tmp_path, page(product(**stated)))["gtin"] == gtin
    assert one(tmp_path, page(product(offers=OFFER | stated)))["gtin"] == gtin


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2026-12-31T23:59:59+07:00", "2026-12-31"),
        ("2026-12-31T23:59:59Z", "2027-01-01"),  # seven hours later in Viet Nam
        ("2026-12-31T23:59:59", "2026-12-31"),
        ("31/12/2026", "31/12/2026"),  # no ISO date: date_format
        ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59-12:00"),
    ],
)
def test_the_last_day_of_a_price(tmp_path: Path, stated: str, day: str) -> None:
    row = one(tmp_path, page(product(offers=OFFER | {"priceValidUntil": stated})))
    assert row["promotion_to"] == day
    assert "promotion_from" not in row
