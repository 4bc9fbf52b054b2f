"""Row 36, the workbook itself. Promise: "sheet named in contract"; merged headers, hidden sheets
and several sheets are never read by guess, and no package takes more memory than it may (row 38).
"""

import zipfile
from pathlib import Path

import pytest

from tests.faults.conftest import Door, reason_of, write_bytes
from tests.faults.test_36_spreadsheets import deliver, deliver_file, one_row, reasons
from tests.faults.workbooks import (
    MAIN,
    RELATIONS,
    sheet_xml,
    text_cell,
    write_package,
    write_workbook,
)

CELLS = [["house_waybill_number", "currency_code"], ["HW1", "VND"], ["HW2", "USD"]]
OTHER = [["house_waybill_number", "currency_code"], ["OLD1", "VND"]]


def waybills(door: Door) -> list[str]:
    return [row["house_waybill_number"] for row in door.rows()]


def test_a_hidden_sheet_is_not_read_and_that_is_said(door: Door) -> None:
    outcome = deliver(door, CELLS, others={"Old": OTHER}, hidden=["Old"])
    assert waybills(door) == ["HW1", "HW2"]
    assert "hidden_sheets: 1 hidden sheets were not read" in outcome.warnings


def test_several_visible_sheets_are_refused_until_one_is_named(door: Door) -> None:
    outcome = deliver(door, CELLS, others={"Old": OTHER})
    assert reason_of([outcome]) == "several_sheets"
    assert door.rows() == []
    assert deliver(door, CELLS, 'sheet = "Old"', others={"Old": OTHER}).accepted == 1
    assert waybills(door) == ["OLD1"]


def test_a_hidden_sheet_is_read_when_the_profile_names_it(door: Door) -> None:
    outcome = deliver(door, CELLS, 'sheet = "Old"', others={"Old": OTHER}, hidden=["Old"])
    assert waybills(door) == ["OLD1"]
    assert any(text.startswith("hidden_sheets: the sheet") for text in outcome.warnings)


def test_sheets_without_cells_do_not_count(door: Door) -> None:
    """Old programs add empty sheets to every workbook."""
    assert deliver(door, CELLS, others={"Sheet2": [], "Sheet3": []}).accepted == 2


def test_a_named_sheet_that_is_not_there_is_refused(door: Door) -> None:
    assert reason_of([deliver(door, CELLS, 'sheet = "Daten"')]) == "sheet_not_found"


def test_a_merged_header_is_refused_until_the_header_row_is_stated(door: Door) -> None:
    cells = [["Parcels of the day", ""], *CELLS]
    outcome = deliver(door, cells, merged=["A1:B1"])
    assert reason_of([outcome]) == "merged_header"
    assert "A1:B1" in str(outcome.reason)
    assert deliver(door, cells, "header_row = 2", merged=["A1:B1"]).accepted == 2
    assert [row["_src_line"] for row in door.rows()] == [3, 4]


def test_rows_of_merged_cells_are_quarantined(door: Door) -> None:
    """Only the first of merged cells holds the value; the others would be read as empty."""
    cells = [*CELLS, ["HW3", "VND"]]
    outcome = deliver(door, cells, merged=["B2:B3"])
    assert (outcome.accepted, outcome.quarantined) == (1, 2)
    assert reasons(door) == [
        (2, "currency_code", "merged_cells"),
        (3, "currency_code", "merged_cells"),
    ]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (["house_waybill_number", "currency_code", "currency_code"], "duplicate_column"),
        (["waybill", "currency_code", "x"], "missing_column"),
        ([None, None, None], "header_unreadable"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(
    door: Door, header: list[str | None], reason: str
) -> None:
    assert reason_of([deliver(door, [header, ["HW1", "VND", "y"]])]) == reason


def test_a_column_without_a_name_is_reported_and_not_used(door: Door) -> None:
    outcome = deliver(door, [["house_waybill_number", None], ["HW1", "note"]])
    assert outcome.accepted == 1
    assert "unnamed_columns: column B without a name" in outcome.warnings


def test_a_table_that_begins_elsewhere_keeps_its_rows_and_columns(door: Door) -> None:
    cells = [[None, None, None], [None, "house_waybill_number", None], [None, "HW1", "note"]]
    outcome = deliver(door, cells, "header_row = 2")
    assert [row["_src_line"] for row in door.rows()] == [3]
    assert "unnamed_columns: column C without a name" in outcome.warnings


def test_programs_spell_the_same_sheet_in_different_ways(door: Door, tmp_path: Path) -> None:
    """With a prefix, without references, with shared texts, in the strict namespace."""
    plain = (
        f'<row r="1">{text_cell("A1", "house_waybill_number")}</row>'
        f'<row r="2">{text_cell("A2", "HW1")}</row>'
    )
    prefixed = (
        f'<x:row r="1">{text_cell("A1", "house_waybill_number", "x:")}</x:row>'
        f'<x:row r="2">{text_cell("A2", "HW1", "x:")}</x:row>'
    )
    bare = f"<row>{text_cell('', 'house_waybill_number')}</row><row>{text_cell('', 'HW1')}</row>"
    shared = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    )
    texts = (
        f'<sst xmlns="{MAIN}"><si><t>house_waybill_number</t></si>'
        "<si><r><t>HW</t></r><r><t>1</t></r></si></sst>"
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = (
        f'<Relationships xmlns="{package}">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="texts.xml"/>'
        "</Relationships>"
    )
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    files = [
        write_package(tmp_path / "plain.xlsx", sheet_xml(plain)),
        write_package(tmp_path / "prefixed.xlsx", sheet_xml(prefixed, prefix="x:")),
        write_package(tmp_path / "bare.xlsx", sheet_xml(bare)),
        write_package(
            tmp_path / "shared.xlsx", sheet_xml(shared),
            **{"xl/texts.xml": texts, "xl/_rels/workbook.xml.rels": relations},
        ),
        write_package(tmp_path / "strict.xlsx", sheet_xml(plain).replace(MAIN, strict)),
    ]  # fmt: skip
    for path in files:
        (outcome,) = door.deliver(path, source="parcel_manifest")
        assert outcome.accepted == 1, (path.name, outcome)
    assert waybills(door) == ["HW1"] * len(files)


def test_a_sheet_that_expands_without_end_is_refused(door: Door) -> None:
    """32 MiB of blanks pack into 32 KiB."""
    bomb = sheet_xml("<row r='1'>" + " " * (32 << 20) + "</row>")
    path = write_package(door.folder / "parcel_manifest.xlsx", bomb)
    assert path.stat().st_size < 100_000
    assert reason_of(door.deliver(path)) == "workbook_too_large"


def test_a_sheet_that_lies_about_its_size_is_refused(door: Door) -> None:
    """A package may state a small size over a large part: no more than stated is ever read."""
    row = f'<row r="1">{text_cell("A1", "house_waybill_number")}</row>'
    body = sheet_xml(row + f'<row r="2">{text_cell("A2", "HW1")}</row>')
    path = write_package(door.folder / "parcel_manifest.xlsx", body)
    assert door.deliver(path)[0].accepted == 1  # the control: the same file with the true size
    size = len(body.encode()).to_bytes(4, "little")
    packed = path.read_bytes()
    assert packed.count(size) == 2
    lying = packed.replace(size, (200).to_bytes(4, "little"))
    assert reason_of(door.deliver(write_bytes(path, lying))) == "corrupt_workbook"


def test_shared_texts_that_expand_without_end_are_refused(door: Door) -> None:
    path = write_workbook(door.folder / "x.xlsx", CELLS)
    bomb = door.folder / "parcel_manifest.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as sink:
        for name in source.namelist():
            body = source.read(name)
            if name == "xl/sharedStrings.xml":
                body = body.replace(b"</sst>", b" " * (32 << 20) + b"</sst>")
            sink.writestr(name, body)
    assert reason_of(door.deliver(bomb)) == "workbook_too_large"


def test_one_stray_cell_at_the_far_corner_does_not_take_the_memory(door: Door) -> None:
    """17 thousand million cells would be held for three that have a value."""
    rows = f'<row r="1">{text_cell("A1", "house_waybill_number")}</row>'
    far = f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    near = f'<row r="1048576">{text_cell("A1048576", "HW1")}</row>'
    path = door.folder / "parcel_manifest.xlsx"
    outcomes = door.deliver(write_package(path, sheet_xml(rows + far)))
    assert reason_of(outcomes) == "workbook_too_large"
    assert "1048576 rows x 16384 columns" in str(outcomes[0].reason)
    (control,) = door.deliver(write_package(path, sheet_xml(rows + near)))
    assert control.accepted == 1


def test_a_document_type_in_a_part_is_refused(door: Door) -> None:
    bad = '<!DOCTYPE x [<!ENTITY a "b">]>'
    path = door.folder / "parcel_manifest.xlsx"
    row = f'<row r="1">{text_cell("A1", "house_waybill_number")}</row>'
    assert reason_of(door.deliver(write_package(path, sheet_xml(row, head=bad)))) == (
        "xml_doctype_forbidden"
    )
    book = (
        f'{bad}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="&a;" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    write_package(path, sheet_xml(row), **{"xl/workbook.xml": book})
    assert reason_of(door.deliver(path)) == "xml_doctype_forbidden"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_refused(door: Door, share: float) -> None:
    whole = write_workbook(door.folder / "whole.xlsx", CELLS).read_bytes()
    path = write_bytes(door.folder / "parcel_manifest.xlsx", whole[: int(len(whole) * share)])
    assert reason_of(door.deliver(path)) == "corrupt_workbook"
    assert door.rows() == []


def test_other_files_by_the_name_of_a_workbook_are_refused(door: Door) -> None:
    path = door.folder / "parcel_manifest.xlsx"
    for content, reason in (
        (b"", "empty_file"),
        (b"house_waybill_number\nHW1\n", "corrupt_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook_encrypted"),
    ):
        assert reason_of(door.deliver(write_bytes(path, content))) == reason


def test_one_impossible_date_cannot_do_more_than_refuse_the_file(door: Door) -> None:
    """The workbook library gives up on a date before the beginning of time."""
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>"
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = (
        f'<Relationships xmlns="{package}">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    )
    header = text_cell("A1", "house_waybill_number") + text_cell("B1", "arrived_at")
    parts = {"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations}
    for number, reason in (("-1e300", "corrupt_workbook"), ("46335", None)):
        row = f'<row r="2">{text_cell("A2", "HW1")}<c r="B2" s="1"><v>{number}</v></c></row>'
        path = write_package(
            door.folder / "parcel_manifest.xlsx",
            sheet_xml(f'<row r="1">{header}</row>{row}'),
            **parts,
        )
        outcome = deliver_file(door, path)
        assert (outcome.reason or "").split(":")[0] == (reason or "")
    assert len(door.rows()) == 1


def test_a_workbook_is_delivered_once(door: Door) -> None:
    first = deliver(door, one_row(currency_code="VND"))
    second = door.deliver(door.folder / "parcel_manifest.xlsx")
    assert (first.status, second[0].status) == ("accepted", "duplicate")
