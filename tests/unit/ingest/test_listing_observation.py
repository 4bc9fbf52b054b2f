"""Listing observations: what their contract asks of every sender.

Add here a rule of the contract. Keep out: the pages of crawlers (readers/test_schema_org.py) and
what the models make of prices (tests/golden/test_listing_observations.py).
"""

from decimal import Decimal

import duckdb
import pytest

from contracts.base import IdentifierKind
from contracts.catalogue import CONTRACTS
from ingest.senders.profile import Layout
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
