"""Row 33. 1.234.567,89 / 1.234 / 1,234.5 / trailing minus / ₫ / "12,5 kg": "number format is part
of the source contract; ambiguous (one separator, 3 digits) with no contract -> refuse file, not
guess".

A table of spellings, each with its meaning under three stated formats, worked out by hand.
"""

from decimal import Decimal
from typing import Any

import pytest

from contracts.base import Field
from ingest.senders.profile import Layout
from tests.faults.conftest import Door, csv_bytes, parcel_rows, reason_of, write_bytes
from tests.faults.profile_files import write_profile
from tests.support.typed_value import outcome

FIELD = Field("f", "decimal", "", "", precision=18, scale=4)
WHOLE = Field("f", "integer", "", "")
POINT = Layout("delimited")
VIETNAMESE = Layout("delimited", decimal_separator=",", thousands_separator=".")
ENGLISH = Layout("delimited", decimal_separator=".", thousands_separator=",")
FORMAT, TOO_FINE = "!decimal_format", "!precision_exceeded"

# spelling -> meaning with (point, no groups) / (comma, point groups) / (point, comma groups)
SPELLINGS: dict[str, tuple[str, str, str]] = {
    "0": ("0", "0", "0"),
    "7": ("7", "7", "7"),
    "-7": ("-7", "-7", "-7"),
    "007": ("7", "7", "7"),
    "1234": ("1234", "1234", "1234"),
    "12345678901234": ("12345678901234", "12345678901234", "12345678901234"),
    "123456789012345": (TOO_FINE, TOO_FINE, TOO_FINE),
    "1.5": ("1.5", FORMAT, "1.5"),
    "1,5": (FORMAT, "1.5", FORMAT),
    "12.50": ("12.5", FORMAT, "12.5"),
    "12,50": (FORMAT, "12.5", FORMAT),
    "1.234": ("1.234", "1234", "1.234"),
    "1,234": (FORMAT, "1.234", "1234"),
    "-1.234": ("-1.234", "-1234", "-1.234"),
    "-1,234": (FORMAT, "-1.234", "-1234"),
    "0.500": ("0.5", "500", "0.5"),
    "0,500": (FORMAT, "0.5", "500"),
    "1.2345": ("1.2345", FORMAT, "1.2345"),
    "1,2345": (FORMAT, "1.2345", FORMAT),
    "1.23456": (TOO_FINE, FORMAT, TOO_FINE),
    "1,23456": (FORMAT, TOO_FINE, FORMAT),
    "1.23450000": ("1.2345", FORMAT, "1.2345"),
    "1.234,5": (FORMAT, "1234.5", FORMAT),
    "1,234.5": (FORMAT, FORMAT, "1234.5"),
    "1.234.567": (FORMAT, "1234567", FORMAT),
    "1,234,567": (FORMAT, FORMAT, "1234567"),
    "1.234.567,89": (FORMAT, "1234567.89", FORMAT),
    "1,234,567.89": (FORMAT, FORMAT, "1234567.89"),
    "1234567,89": (FORMAT, "1234567.89", FORMAT),
    "1234567.89": ("1234567.89", FORMAT, "1234567.89"),
    "12.34.567": (FORMAT, FORMAT, FORMAT),
    "1.23.4": (FORMAT, FORMAT, FORMAT),
    "1.2345.678": (FORMAT, FORMAT, FORMAT),
    "1234.567,8": (FORMAT, FORMAT, FORMAT),
    "1,234,56": (FORMAT, FORMAT, FORMAT),
    "1.234,567.8": (FORMAT, FORMAT, FORMAT),
    "1..5": (FORMAT, FORMAT, FORMAT),
    "1,,5": (FORMAT, FORMAT, FORMAT),
    ".5": (FORMAT, FORMAT, FORMAT),
    ",5": (FORMAT, FORMAT, FORMAT),
    "5.": (FORMAT, FORMAT, FORMAT),
    "5,": (FORMAT, FORMAT, FORMAT),
    ".": (FORMAT, FORMAT, FORMAT),
    "-": (FORMAT, FORMAT, FORMAT),
    "--5": (FORMAT, FORMAT, FORMAT),
    "+5": (FORMAT, FORMAT, FORMAT),
    "5-": (FORMAT, FORMAT, FORMAT),
    "(5)": (FORMAT, FORMAT, FORMAT),
    "\u22125": (FORMAT, FORMAT, FORMAT),
    "1e3": (FORMAT, FORMAT, FORMAT),
    "1E+05": (FORMAT, FORMAT, FORMAT),
    "0x10": (FORMAT, FORMAT, FORMAT),
    "NaN": (FORMAT, FORMAT, FORMAT),
    "inf": (FORMAT, FORMAT, FORMAT),
    "１２": (FORMAT, FORMAT, FORMAT),
    "1 234": (FORMAT, FORMAT, FORMAT),
    "1'234": (FORMAT, FORMAT, FORMAT),
    "1_234": (FORMAT, FORMAT, FORMAT),
    "12,5 kg": (FORMAT, FORMAT, FORMAT),
    "5₫": (FORMAT, FORMAT, FORMAT),
    "₫5": (FORMAT, FORMAT, FORMAT),
    "5 VND": (FORMAT, FORMAT, FORMAT),
    "5 đ": (FORMAT, FORMAT, FORMAT),
    "$5": (FORMAT, FORMAT, FORMAT),
    "5%": (FORMAT, FORMAT, FORMAT),
    "n/a": (FORMAT, FORMAT, FORMAT),
    " 12 ": ("12", "12", "12"),
    "\u00a07\u200b": ("7", "7", "7"),
}


def test_the_table_has_its_promised_size() -> None:
    assert len(SPELLINGS) >= 60


@pytest.mark.parametrize("place", [0, 1, 2], ids=["point", "vietnamese", "english"])
def test_each_spelling_has_the_meaning_of_the_stated_format(place: int) -> None:
    layout = (POINT, VIETNAMESE, ENGLISH)[place]
    wrong = {}
    for text, meanings in SPELLINGS.items():
        expected = meanings[place]
        found = outcome(FIELD, layout, text)
        if found != (expected if expected.startswith("!") else Decimal(expected)):
            wrong[text] = (found, expected)
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "layout", "expected"),
    [
        ("1.234", VIETNAMESE, 1234), ("1,234", ENGLISH, 1234), ("1234", POINT, 1234),
        ("1.234", POINT, "!integer_format"), ("1,0", VIETNAMESE, "!integer_format"),
        ("1.000.000.000", VIETNAMESE, 1_000_000_000),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, layout: Layout, expected: Any) -> None:
    assert outcome(WHOLE, layout, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,5 kg", "12.5"), ("12,5kg", "12.5"), ("kg 12,5", "12.5"), ("12,5", "12.5"),
        ("12,5\u00a0kg", "12.5"), ("1.234,5 kg", "1234.5"), ("12,5 g", FORMAT),
        ("12,5 kg kg", FORMAT), ("12,5 KG", FORMAT), ("kg", FORMAT), ("12.5 kg", FORMAT),
        ("1,23456 kg", TOO_FINE),
    ],
)  # fmt: skip
def test_a_stated_unit_may_stand_beside_the_number(text: str, expected: str) -> None:
    layout = Layout("delimited", decimal_separator=",", thousands_separator=".", units={"f": "kg"})
    found = outcome(FIELD, layout, text)
    assert found == (expected if expected.startswith("!") else Decimal(expected))


@pytest.mark.parametrize(
    ("text", "layout", "expected"),
    [
        ("1 234,5", " ", "1234.5"), ("1\u00a0234,5", " ", "1234.5"),
        ("1\u202f234,5", " ", "1234.5"), ("1'234,5", "'", "1234.5"), ("1.234,5", "'", FORMAT),
    ],
)  # fmt: skip
def test_blanks_and_apostrophes_as_groups(text: str, layout: str, expected: str) -> None:
    stated = Layout("delimited", decimal_separator=",", thousands_separator=layout)
    found = outcome(FIELD, stated, text)
    assert found == (expected if expected.startswith("!") else Decimal(expected))


AMBIGUOUS = ("1.234", "1,234", "-1.234", "12.345", "123,456", " 1.234 ")
CLEAR = ("1234", "1.5", "12.50", "0.500", "1.2345", "1234.567", "")


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_an_ambiguous_number_without_a_stated_format_refuses_the_file(
    door: Door, text: str
) -> None:
    rows = parcel_rows(3)
    rows[1]["gross_weight_kg"] = text
    path = write_bytes(door.folder / "x.csv", csv_bytes(rows))
    write_profile(door.home, "silent")
    refused = door.deliver(path, sender="silent")
    assert reason_of(refused) == "ambiguous_number"
    assert "line 3, column gross_weight_kg" in str(refused[0].reason)
    assert door.rows() == []
    # Said in the profile, the same bytes are read, each row on its own merits.
    write_profile(door.home, "clear", 'decimal_separator = ","\nthousands_separator = "."')
    rows = parcel_rows(3, gross_weight_kg="", declared_value="")
    rows[1]["gross_weight_kg"] = text
    again = write_bytes(door.folder / "y.csv", csv_bytes(rows))
    (outcome,) = door.deliver(again, sender="clear")
    assert outcome.status == "accepted"
    assert outcome.accepted == (2 if text.strip().startswith("-") else 3)


def test_numbers_that_only_one_format_can_mean_need_no_statement(door: Door) -> None:
    write_profile(door.home, "silent")
    rows = [
        row | {"gross_weight_kg": text}
        for row, text in zip(parcel_rows(len(CLEAR)), CLEAR, strict=True)
    ]
    path = write_bytes(door.folder / "x.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path, sender="silent")
    assert (outcome.accepted, outcome.quarantined) == (len(CLEAR), 0)


def test_units_reach_raw_and_a_wrong_one_costs_its_row(door: Door) -> None:
    keys = 'decimal_separator = ","\nthousands_separator = "."\n[outputs.units]\n'
    write_profile(door.home, "post", f'{keys}gross_weight_kg = "kg"\ndeclared_value = "₫"')
    rows = [
        row | {"gross_weight_kg": weight, "declared_value": value}
        for row, weight, value in zip(
            parcel_rows(3), ("12,5 kg", "0,5kg", "12,5 lb"), ("1.234.567 ₫", "₫5", "5"), strict=True
        )
    ]
    path = write_bytes(door.folder / "x.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path, sender="post")
    assert (outcome.accepted, outcome.quarantined) == (2, 1)
    assert [(row["gross_weight_kg"], row["declared_value"]) for row in door.rows()] == [
        (Decimal("12.5"), Decimal("1234567")), (Decimal("0.5"), Decimal("5")),
    ]  # fmt: skip
    (found,) = door.quarantine()
    assert (found["reason_code"], found["raw_text"]) == ("decimal_format", "12,5 lb")
