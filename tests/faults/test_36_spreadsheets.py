"""Row 36, values of a workbook. Promise: "HS/ids always text and zero-padded only if contract
allows; scientific-notation id -> quarantine ("digits lost")"; serial dates of both date bases,
numbers as text, errors and formulas are read for what they are or break their row, never silently.
"""

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.outcomes import DeliveryOutcome
from tests.faults.conftest import Door
from tests.faults.workbooks import (
    Formula,
    Sheet,
    sheet_xml,
    table,
    text_cell,
    write_package,
    write_workbook,
)

MORNING = dt.datetime(2026, 11, 9, 8, 0)


def deliver(door: Door, cells: Sheet, profile: str = "", **options: Any) -> DeliveryOutcome:
    """One workbook through the standard profile, or through one with these [[outputs]] keys."""
    path = write_workbook(door.folder / "parcel_manifest.xlsx", cells, **options)
    return deliver_file(door, path, profile)


def deliver_file(door: Door, path: Path, profile: str = "") -> DeliveryOutcome:
    if not profile:
        (outcome,) = door.deliver(path)
        return outcome
    door.home.profiles.mkdir(parents=True, exist_ok=True)
    (door.home.profiles / "book.toml").write_text(
        'sender = "book"\ntitle = "t"\nprovenance = "p"\nvalid_from = 2000-01-01\n'
        f'[[outputs]]\nsource = "parcel_manifest"\nformat = "xlsx"\n{profile}\n',
        encoding="utf-8",
    )
    (outcome,) = door.deliver(path, sender="book")
    return outcome


def one_row(**values: object) -> list[list[object]]:
    return table([{"house_waybill_number": "HW1", **values}])


def reasons(door: Door) -> list[tuple[int, str, str]]:
    return [(item["line"], item["column_name"], item["reason_code"]) for item in door.quarantine()]


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_serial_date_is_the_same_moment_in_both_date_bases(door: Door, from_1904: bool) -> None:
    deliver(door, one_row(arrived_at=MORNING), from_1904=from_1904)
    (row,) = door.rows()
    assert row["arrived_at"] == dt.datetime(2026, 11, 9, 1, 0)  # 08:00 in Viet Nam
    assert row["day"] == dt.date(2026, 11, 9)


def test_the_two_date_bases_store_different_numbers(tmp_path: Path) -> None:
    """The negative control of the test above: reading the wrong base is 1,462 days off."""
    numbers = []
    for from_1904 in (False, True):
        path = write_workbook(tmp_path / "x.xlsx", [[MORNING]], from_1904=from_1904)
        body = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
        numbers.append(float(body.split("<v>")[1].split("</v>")[0]))
    assert numbers[0] - numbers[1] == 1462


def test_a_bare_number_of_days_is_a_date_with_a_warning(door: Door) -> None:
    outcome = deliver(door, one_row(arrived_at=46335.25))
    (row,) = door.rows()
    assert row["arrived_at"] == dt.datetime(2026, 11, 8, 23, 0)  # 06:00 in Viet Nam
    assert any(text.startswith("bare_serial_dates: 1 ") for text in outcome.warnings)


def test_another_number_in_a_date_column_is_no_date(door: Door) -> None:
    """Neither a year nor digits of a date are taken for a number of days."""
    cells = table(
        [
            {"house_waybill_number": "HW1", "arrived_at": 2026},
            {"house_waybill_number": "HW2", "arrived_at": 20261109},
        ]
    )
    assert deliver(door, cells).quarantined == 2
    assert reasons(door) == [
        (2, "arrived_at", "timestamp_format"),
        (3, "arrived_at", "timestamp_format"),
    ]


def test_rounding_noise_of_serial_dates_does_not_move_a_moment(door: Door) -> None:
    """46335.3333333 is 07:59:59.997; the program shows 08:00:00, and so does its sender's list."""
    path = write_package(
        door.folder / "parcel_manifest.xlsx",
        sheet_xml(
            f'<row r="1">{text_cell("A1", "house_waybill_number")}{text_cell("B1", "arrived_at")}'
            f'</row><row r="2">{text_cell("A2", "HW1")}<c r="B2"><v>46335.3333333</v></c></row>'
        ),
    )
    deliver_file(door, path)
    assert door.rows()[0]["arrived_at"] == dt.datetime(2026, 11, 9, 1, 0)


def test_a_date_cell_needs_no_stated_format_and_a_text_does(door: Door) -> None:
    cells = table(
        [
            {"house_waybill_number": "HW1", "arrived_at": MORNING},
            {"house_waybill_number": "HW2", "arrived_at": "09/11/2026 08:00"},
            {"house_waybill_number": "HW3", "arrived_at": "2026-11-09 08:00:00"},
        ]
    )
    outcome = deliver(door, cells, 'timestamp_format = "%d/%m/%Y %H:%M"')
    assert (outcome.accepted, outcome.quarantined) == (2, 1)
    assert {row["arrived_at"] for row in door.rows()} == {dt.datetime(2026, 11, 9, 1, 0)}
    assert reasons(door) == [(4, "arrived_at", "timestamp_format")]


def test_a_code_stored_as_a_number_is_quarantined(door: Door) -> None:
    cells = [
        ["house_waybill_number", "hs_code", "consignee_phone", "consignee_id_number"],
        ["HW1", 1019000, None, None],
        ["HW2", "01019000", "0912345678", "001099012345"],
        ["HW3", None, 912345678, None],
        ["HW4", None, None, 1099012345],
    ]
    outcome = deliver(door, cells)
    assert (outcome.accepted, outcome.quarantined) == (1, 3)
    assert [row["hs_code"] for row in door.rows()] == ["01019000"]
    assert reasons(door) == [
        (2, "hs_code", "leading_zeros_lost"),
        (4, "consignee_phone", "leading_zeros_lost"),
        (5, "consignee_id_number", "leading_zeros_lost"),
    ]


def test_a_stated_length_gives_the_zeros_back(door: Door) -> None:
    profile = '[outputs.zero_pad]\nhs_code = "8"\nconsignee_phone = "10"'
    cells = [
        ["house_waybill_number", "hs_code", "consignee_phone"],
        ["HW1", 1019000, 912345678],
        ["HW2", 85171300, "0912345678"],
        ["HW3", "1019000", None],
    ]
    assert deliver(door, cells, profile).accepted == 3
    rows = door.rows()
    # A text is what the sender wrote: only numbers have lost anything.
    assert [row["hs_code"] for row in rows] == ["01019000", "85171300", "1019000"]
    assert rows[0]["consignee_phone_token"] == rows[1]["consignee_phone_token"]


def test_a_number_in_a_column_with_a_code_list_is_checked_against_the_list(door: Door) -> None:
    profile = '[outputs.codes.channel]\n1 = "express"\n2 = "postal"'
    cells = table([{"house_waybill_number": f"HW{code}", "channel": code} for code in (1, 2, 3)])
    outcome = deliver(door, cells, profile)
    assert (outcome.accepted, outcome.quarantined) == (2, 1)
    assert reasons(door) == [(4, "channel", "code_not_mapped")]


def test_lost_digits_are_never_made_up(door: Door) -> None:
    profile = '[outputs.zero_pad]\nhouse_waybill_number = "12"\nhs_code = "8"'
    cells = [
        ["house_waybill_number", "hs_code", "declared_value"],
        [9.4e15, None, None],  # was 9400123456789012
        [1234567890123456, None, None],
        ["9.4E+15", None, None],  # a text that a spreadsheet has shown
        ["9,4E+15", None, None],
        ["HW1", 8517.1, None],  # was 8517.10
        ["HW2", None, 1234567890123456.5],
        [999999999999999, None, None],  # 15 digits are kept
        ["94001234567890123456", None, None],  # a text keeps them all
    ]
    outcome = deliver(door, cells, profile)
    assert (outcome.accepted, outcome.quarantined) == (2, 6)
    assert {reason for _, _, reason in reasons(door)} == {"digits_lost"}
    assert [row["house_waybill_number"] for row in door.rows()] == [
        "999999999999999",
        "94001234567890123456",
    ]


def test_a_code_that_became_a_date_is_quarantined(door: Door) -> None:
    cells = [
        ["house_waybill_number", "seller_id_platform", "item_description"],
        ["HW1", dt.datetime(2026, 9, 2), "x"],  # was SEP-2
        ["HW2", "S1", dt.datetime(2026, 5, 1)],  # was 1/5
        ["HW3", "2026-09-02 00:00:00", "x"],  # a text that only looks like one
    ]
    outcome = deliver(door, cells)
    assert (outcome.accepted, outcome.quarantined) == (1, 2)
    assert reasons(door) == [
        (2, "seller_id_platform", "turned_into_date"),
        (3, "item_description", "turned_into_date"),
    ]


def test_numbers_numbers_as_text_and_float_noise_are_one_value(door: Door) -> None:
    cells = [
        ["house_waybill_number", "gross_weight_kg", "declared_value", "package_count"],
        ["HW1", 29.020000000000003, 1234.5, 3],
        ["HW2", "29,02", "1.234,50", "3"],
    ]
    profile = 'decimal_separator = ","\nthousands_separator = "."'
    assert deliver(door, cells, profile).accepted == 2
    first, second = door.rows()
    for name in ("gross_weight_kg", "declared_value", "package_count"):
        assert first[name] == second[name], name


def test_half_a_package_is_not_rounded_to_a_whole_one(door: Door) -> None:
    deliver(door, one_row(package_count=1.5))
    assert reasons(door) == [(2, "package_count", "integer_format")]


def test_truth_values_are_read_as_such(door: Door) -> None:
    cells = table(
        [
            {"house_waybill_number": f"HW{at}", "is_piece_count_consistent": value}
            for at, value in enumerate((True, False, 1, "true"))
        ]
    )
    deliver(door, cells)
    found = [row["is_piece_count_consistent"] for row in door.rows()]
    assert found == [True, False, True, True]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!"])
def test_an_error_cell_breaks_its_row_and_no_other(door: Door, error: str) -> None:
    cells = [
        ["house_waybill_number", "declared_value", "remark of ours"],
        ["HW1", Formula("=1/0", error), "x"],
        ["HW2", 5, Formula("=1/0", error)],  # nobody uses that column
        ["HW3", 5, "x"],
    ]
    outcome = deliver(door, cells)
    assert (outcome.accepted, outcome.quarantined) == (2, 1)
    assert reasons(door) == [(2, "declared_value", "error_cell")]


def test_the_stored_value_of_a_formula_is_used_and_said(door: Door) -> None:
    outcome = deliver(door, one_row(declared_value=Formula("=2*3", 6)))
    assert door.rows()[0]["declared_value"] == 6
    assert any(text.startswith("formulas: ") for text in outcome.warnings)
    control = deliver(door, one_row(declared_value=6))
    assert not any(text.startswith("formulas") for text in control.warnings)


def test_a_formula_without_a_stored_value_is_not_an_empty_cell(door: Door) -> None:
    header = text_cell("A1", "house_waybill_number") + text_cell("B1", "declared_value")
    formulas = (
        "<f>1+1</f>",  # written by a program that does not compute
        "<f>1+1</f><v></v>",
        "<f>1+1</f><v/>",
        '<f t="shared" si="0"/>',
        "<f>1+1</f><v>2</v>",
    )
    rows = "".join(
        f'<row r="{at}">{text_cell(f"A{at}", f"HW{at}")}<c r="B{at}">{formula}</c></row>'
        for at, formula in enumerate(formulas, start=2)
    )
    # An empty text is a value: programs write it so.
    empty = f'<row r="7">{text_cell("A7", "HW7")}<c r="B7" t="str"><f>""</f><v></v></c></row>'
    path = write_package(
        door.folder / "parcel_manifest.xlsx",
        sheet_xml(f'<row r="1">{header}</row>{rows}{empty}'),
    )
    outcome = deliver_file(door, path)
    assert (outcome.accepted, outcome.quarantined) == (2, 4)
    assert reasons(door) == [
        (line, "declared_value", "formula_without_value") for line in (2, 3, 4, 5)
    ]


def test_the_line_is_the_row_of_the_sheet_and_empty_rows_are_no_records(door: Door) -> None:
    cells: Sequence[Sequence[object]] = [
        ["house_waybill_number", "currency_code", None, None],
        ["HW1", "VND", None, None],
        [None, None, None, None],
        ["HW2", "VND", None, None],
        [" ", "  ", None, None],
        ["", None, None, None],
    ]
    outcome = deliver(door, cells)
    assert outcome.rows_in == 2
    assert [row["_src_line"] for row in door.rows()] == [2, 4]
    assert "blank_lines: 1 empty rows skipped" in outcome.warnings
