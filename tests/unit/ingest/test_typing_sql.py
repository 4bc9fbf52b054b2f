"""Typing: the stated format or a violation; nothing is guessed (rows 33-35 of the fault matrix)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from contracts.base import Field
from ingest.outcomes import ALL
from ingest.senders.profile import Layout
from tests.support.typed_value import outcome

POINT = Layout("delimited")
COMMA = Layout("delimited", decimal_separator=",", thousands_separator=".")
DECIMAL = Field("f", "decimal", "", "", precision=9, scale=2, minimum=0)
SIGNED = replace(DECIMAL, minimum=None)
INTEGER = Field("f", "integer", "", "", minimum=1)
CODE = Field("f", "code", "", "", max_length=5, required=True)
DATE = Field("f", "date", "", "")
TIMESTAMP = Field("f", "timestamp", "", "")


@pytest.mark.parametrize(
    ("layout", "field", "text", "expected"),
    [
        (POINT, DECIMAL, "1234.5", Decimal("1234.50")),
        (POINT, DECIMAL, " 12 ", Decimal("12.00")),
        (POINT, DECIMAL, "\u200b7.100000", Decimal("7.10")),
        (POINT, DECIMAL, "", None),
        (POINT, DECIMAL, None, None),
        (POINT, DECIMAL, "0", Decimal("0.00")),
        (POINT, DECIMAL, "-1", "!below_minimum"),
        (POINT, SIGNED, "-1", Decimal("-1.00")),
        (POINT, DECIMAL, "1.234", "!precision_exceeded"),
        (POINT, DECIMAL, "12345678", "!precision_exceeded"),
        (POINT, DECIMAL, "1,234.5", "!decimal_format"),
        (POINT, DECIMAL, "1.234,5", "!decimal_format"),
        (POINT, DECIMAL, "12,5 kg", "!decimal_format"),
        (POINT, DECIMAL, "5-", "!decimal_format"),
        (POINT, DECIMAL, "+5", "!decimal_format"),
        (POINT, DECIMAL, ".5", "!decimal_format"),
        (POINT, DECIMAL, "1e3", "!decimal_format"),
        (POINT, DECIMAL, "₫5", "!decimal_format"),
        (POINT, DECIMAL, "NaN", "!decimal_format"),
        (COMMA, DECIMAL, "1.234,5", Decimal("1234.50")),
        (COMMA, DECIMAL, "1.234", Decimal("1234.00")),
        (COMMA, DECIMAL, "1234,5", Decimal("1234.50")),
        (COMMA, DECIMAL, "1.23", "!decimal_format"),
        (COMMA, DECIMAL, "12.34,5", "!decimal_format"),
        (COMMA, DECIMAL, "1,234.5", "!decimal_format"),
        (COMMA, INTEGER, "1.234", 1234),
        (POINT, INTEGER, "12", 12),
        (POINT, INTEGER, "1.5", "!integer_format"),
        (POINT, INTEGER, "0", "!below_minimum"),
        (POINT, INTEGER, "9" * 20, "!precision_exceeded"),
        (POINT, CODE, " ab ", "ab"),
        (POINT, CODE, "abcdef", "!too_long"),
        (POINT, CODE, "đđđđđ", "đđđđđ"),
        (POINT, CODE, " ", "!required"),
        (POINT, CODE, None, "!required"),
        (POINT, replace(CODE, codes=("a", "b")), "a", "a"),
        (POINT, replace(CODE, codes=("a", "b")), "A", "!not_in_code_list"),
        (POINT, DATE, "2024-02-29", dt.date(2024, 2, 29)),
        (POINT, DATE, "2026-02-29", "!date_format"),
        (POINT, DATE, "21/11/2026", "!date_format"),
        (POINT, DATE, "0026-11-21", "!date_format"),
        (POINT, DATE, "2026-11-21T00:00:00", "!date_format"),
        (Layout("x", date_format="%d/%m/%Y"), DATE, "21/11/2026", dt.date(2026, 11, 21)),
        (Layout("x", date_format="%d/%m/%Y"), DATE, "11/21/2026",
         "!date_order_contradicted"),
        (Layout("x", date_format="%d/%m/%Y"), DATE, "31/02/2026", "!date_format"),
        (Layout("x", date_format="%d/%m/%Y"), DATE, "21/11/26", "!date_format"),
        (POINT, TIMESTAMP, "2026-11-21T00:01:00", dt.datetime(2026, 11, 20, 17, 1)),
        (POINT, TIMESTAMP, "2026-11-21 23:59", dt.datetime(2026, 11, 21, 16, 59)),
        (POINT, TIMESTAMP, "2026-11-21T00:01:00Z", dt.datetime(2026, 11, 21, 0, 1)),
        (POINT, TIMESTAMP, "2026-11-21T00:01:00+07:00", dt.datetime(2026, 11, 20, 17, 1)),
        (POINT, TIMESTAMP, "2026-11-21T00:01:00-0330", dt.datetime(2026, 11, 21, 3, 31)),
        (POINT, TIMESTAMP, "2026-11-21T24:00:00", "!timestamp_format"),
        (POINT, TIMESTAMP, "2026-11-21", "!timestamp_format"),
        (Layout("x", time_zone="Asia/Seoul"), TIMESTAMP, "2026-11-21T00:01:00",
         dt.datetime(2026, 11, 20, 15, 1)),
        (Layout("x", timestamp_format="%d/%m/%Y %H:%M"), TIMESTAMP, "21/11/2026 07:00",
         dt.datetime(2026, 11, 21)),
        (Layout("x", codes={"f": {"1": "ab"}}), CODE, "1", "ab"),
        (Layout("x", codes={"f": {"1": "ab"}}), replace(CODE, required=False), "2",
         "!code_not_mapped"),
        (Layout("x", codes={"f": {"1": "ab"}}), replace(CODE, required=False), None, None),
        (Layout("x", codes={"f": {"one": "1"}}), INTEGER, "one", 1),
        (Layout("x", prefix={"f": "p-"}), CODE, "ab", "p-ab"),
    ],
)  # fmt: skip
def test_value_or_reason(layout: Layout, field: Field, text: str | None, expected: Any) -> None:
    assert outcome(field, layout, text) == expected
    if text and text.isascii() and text == text.strip():
        # Nothing to clean: the short way of tidy texts says the same.
        assert outcome(field, layout, text, tidy=ALL) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("0", False), (" 1", True), ("yes", "!boolean_format"), (None, None)],
)
def test_booleans(text: str | None, expected: Any) -> None:
    assert outcome(Field("f", "boolean", "", ""), POINT, text) == expected


@pytest.mark.parametrize(("length", "expected"), [(600, 600), (601, "!too_long")])
def test_personal_texts_pass_as_delivered_but_not_too_long(length: int, expected: Any) -> None:
    field = Field("f", "text", "", "", personal="address")
    result = outcome(field, POINT, "đ" * length)
    assert (result if isinstance(expected, str) else len(result)) == expected
