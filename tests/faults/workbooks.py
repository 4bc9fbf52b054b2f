"""Workbooks for fault tests: written by a library, or put together part by part.

Add here a way to write a workbook that two tests need. Keep out: assertions.
"""

import datetime as dt
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Formula:
    """A formula cell with the value that the program stored."""

    text: str
    stored: object


Sheet = Sequence[Sequence[object]]


def table(rows: Sequence[Mapping[str, object]]) -> list[list[object]]:
    """Records as cells: the keys of the first one are the header."""
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def write_workbook(
    path: Path,
    cells: Sheet,
    *,
    name: str = "Data",
    others: Mapping[str, Sheet] | None = None,
    hidden: Sequence[str] = (),
    merged: Sequence[str] = (),
    from_1904: bool = False,
    date_format: str = "dd/mm/yyyy hh:mm:ss",
) -> Path:
    """Texts become text cells, numbers numbers, datetimes serial dates; None leaves a cell out."""
    options = {
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "date_1904": from_1904,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        shape = book.add_format({"num_format": date_format})
        for sheet_name, content in {name: cells, **(others or {})}.items():
            sheet = book.add_worksheet(sheet_name)
            for at, row in enumerate(content):
                for column, value in enumerate(row):
                    _write(sheet, at, column, value, shape)
            if sheet_name in hidden:
                sheet.hide()
            if sheet_name == name:
                for place in merged:
                    top_left = place.split(":")[0]
                    sheet.merge_range(place, _at(cells, top_left))
    return path


def _at(cells: Sheet, reference: str) -> str:
    column, row = ord(reference[0]) - ord("A"), int(reference[1:]) - 1
    return str(cells[row][column])


def _write(sheet: Any, row: int, column: int, value: object, shape: Any) -> None:
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, None, value.stored)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, shape)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value))


def sheet_xml(body: str, *, after: str = "", prefix: str = "", head: str = "") -> str:
    """A worksheet around the XML of its rows; `prefix` such as "x:" as some programs write it."""
    name = f"xmlns:{prefix.rstrip(':')}" if prefix else "xmlns"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<{prefix}worksheet {name}="{MAIN}">'
        f"<{prefix}sheetData>{body}</{prefix}sheetData>{after}</{prefix}worksheet>"
    )


def write_package(path: Path, sheet: str | bytes, **parts: str | bytes) -> Path:
    """A minimal package with one sheet; `parts` replaces or adds members by name."""
    package = "http://schemas.openxmlformats.org/package/2006"
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def text_cell(reference: str, text: str, prefix: str = "") -> str:
    """One inline text cell; without a reference when that is ""."""
    at = f' r="{reference}"' if reference else ""
    return (
        f'<{prefix}c{at} t="inlineStr"><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is>'
        f"</{prefix}c>"
    )
