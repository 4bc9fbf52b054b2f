"""Tables for people outside the warehouse: CSV or XLSX in which no delivered text can act.

A spreadsheet program runs a cell that begins like a formula, and opens what looks like a link.
Add here a file type that people outside ask for. Keep out: which rows are exported, and masking
(the caller hands over a table that may leave the house).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from foundation.errors import UsageError
from foundation.files import fsync_directory, fsync_file
from ingest.readers.base import literal

MAX_XLSX_ROWS = 1_048_575  # and one for the headings
MAX_XLSX_COLUMNS = 16_384
# A cell holds 32,767 UTF-16 units; a character outside the basic plane takes two of them.
_CELL_CHARACTERS, _CELL_CHARACTERS_WIDE = 32_760, 16_380
# A spreadsheet number is a binary float, sure to hold 15 digits.
_EXACT_DIGITS = 15
_ROWS_PER_BATCH = 1_000

# What begins a formula: ASCII, full-width and small forms, and the minus sign of typographers.
_ACTIVE = r"=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}\x{fe66}\x{fe62}\x{fe63}\x{fe6b}\x{2212}"
# Characters that a spreadsheet program skips, or that hide what follows them.
_SKIPPED = r'\s\x{a0}\x{3000}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{feff}"'
_BEGINS_ACTIVE = f"^([\\t\\r\\n]|[{_SKIPPED}]*[{_ACTIVE}])"
# A program set to another list separator splits a cell here, quotes notwithstanding.
_SPLIT_THEN_ACTIVE = f"([;|\\t\\r\\n][{_SKIPPED}]*)([{_ACTIVE}])"

_WHOLE = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
)  # fmt: skip
_BINARY = ("FLOAT", "DOUBLE")

_PLAIN_STYLE, _TEXT_STYLE, _HEADING_STYLE = 0, 1, 2
_OFFICE = "http://schemas.openxmlformats.org"
_SHEET_NAMESPACE = f'xmlns="{_OFFICE}/spreadsheetml/2006/main"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"),
        )
    )
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_SHEET_NAMESPACE} '
    f'xmlns:r="{_OFFICE}/officeDocument/2006/relationships">'
    '<sheets><sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/officeDocument/2006/relationships/{kind}" '
        f'Target="{part}.xml"/>'
        for number, kind, part in ((1, "worksheet", "worksheets/sheet1"), (2, "styles", "styles"))
    )
    + "</Relationships>",
    # Format 49 is "text"; quotePrefix keeps a cell a text when somebody edits it.
    "xl/styles.xml": f'<styleSheet {_SHEET_NAMESPACE}>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" '
    'applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" '
    'applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>',
}  # fmt: skip


def write_spreadsheet(
    table: pa.Table, target: Path, title_by_column: Mapping[str, str] | None = None
) -> None:
    """Write `table` to `target`, whole or not at all; its suffix (.csv or .xlsx) says what.

    title_by_column: heading per column, default its name. Numbers stay numbers, in XLSX only as
    far as a spreadsheet number is exact (15 digits), else text. All else becomes text: dates ISO
    8601, nested values JSON. CSV is UTF-8 with a byte order mark; a text (or heading) that begins
    like a formula gets ' in front, one that would begin like a formula where a program splits it
    gets ' there. XLSX texts are string cells, cut at 32,760 characters (then ending in " [...]").
    Raises UsageError: another suffix, no column, or too large for one sheet.
    """
    suffix = target.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise _unwritable(f"a spreadsheet is .csv or .xlsx, not {suffix!r}", target)
    if not table.num_columns:
        raise _unwritable("the table has no column", target)
    too_large = table.num_rows > MAX_XLSX_ROWS or table.num_columns > MAX_XLSX_COLUMNS
    if suffix == ".xlsx" and too_large:
        size = f"{table.num_rows} rows, {table.num_columns} columns"
        raise _unwritable(f"{size} do not fit into one sheet", target)
    names = [f"c{index}" for index in range(table.num_columns)]
    titles = [(title_by_column or {}).get(name, name) for name in table.column_names]
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    write = _write_csv if suffix == ".csv" else _write_xlsx
    try:
        with duckdb.connect() as connection, temporary.open("wb") as sink:
            connection.register("exported", table.rename_columns(names))
            connection.register(
                "headings", pa.table({n: [t] for n, t in zip(names, titles, strict=True)})
            )
            types = connection.execute("describe select * from exported").fetchall()
            write(connection, [(str(row[0]), str(row[1])) for row in types], sink)
        fsync_file(temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    fsync_directory(target.parent)


def _unwritable(what: str, target: Path) -> UsageError:
    return UsageError(what, where=str(target), remedy="write a .csv, or export less")


def inert(text: str) -> str:
    """SQL of a text that no spreadsheet program takes for a formula; null stays null."""
    split = f"regexp_replace({text}, {literal(_SPLIT_THEN_ACTIVE)}, '\\1''\\2', 'g')"
    return (
        f"case when regexp_matches({text}, {literal(_BEGINS_ACTIVE)}) "
        f"then '''' || {split} else {split} end"
    )


def _text(name: str, sql_type: str) -> str:
    """SQL: any column as text."""
    if sql_type == "VARCHAR":
        return name
    if sql_type.startswith(("STRUCT", "MAP", "UNION")) or sql_type.endswith("]"):
        return f"to_json({name})::varchar"
    return f"{name}::varchar"


def _is_number(name: str, sql_type: str) -> str:
    """SQL: whether a value is a number that every program can show."""
    if sql_type in _BINARY:
        return f"isfinite({name})"
    return "true" if sql_type in _WHOLE or sql_type.startswith("DECIMAL") else "false"


def _pieces(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.Buffer]:
    """The texts of a query with one column, joined batch by batch."""
    for batch in connection.execute(query).to_arrow_reader(_ROWS_PER_BATCH):
        lines = pa.ListArray.from_arrays([0, batch.num_rows], batch.column(0))
        yield pc.binary_join(lines, "")[0].as_buffer()


def _write_csv(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[tuple[str, str]], sink: BinaryIO
) -> None:
    def line(items: Sequence[tuple[str, str]]) -> str:
        cells = []
        for name, sql_type in items:
            text = _text(name, sql_type)
            quoted = f"""'"' || replace({inert(text)}, '"', '""') || '"'"""
            bare = f"case when {_is_number(name, sql_type)} then {text} else {quoted} end"
            cells.append(f"coalesce({bare}, '')")
        return " || ',' || ".join(cells) + " || chr(10)"

    sink.write(b"\xef\xbb\xbf")
    for piece in _pieces(
        connection, f"select {line([(name, 'VARCHAR') for name, _ in columns])} from headings"
    ):
        sink.write(piece)
    for piece in _pieces(connection, f"select {line(columns)} from exported"):
        sink.write(piece)


def _letters(index: int) -> str:
    """The spreadsheet's name of a column counted from 0: A, B, ..., Z, AA, ..."""
    letters = ""
    index += 1
    while index:
        index, place = divmod(index - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _xml_text(text: str) -> str:
    """SQL: a text as XML, cut to the size of a cell; what XML cannot hold becomes U+FFFD."""
    wide = f"regexp_matches({text}, '[\\x{{10000}}-\\x{{10ffff}}]')"
    limit = f"case when {wide} then {_CELL_CHARACTERS_WIDE} else {_CELL_CHARACTERS} end"
    cut = (
        f"case when length({text}) <= {_CELL_CHARACTERS_WIDE} or length({text}) <= {limit} "
        f"then {text} else left({text}, {limit} - 6) || ' [...]' end"
    )
    readable = (
        rf"regexp_replace({cut}, '[\x{{0}}-\x{{8}}\x{{b}}\x{{c}}\x{{e}}-\x{{1f}}"
        rf"\x{{fffe}}\x{{ffff}}]', '�', 'g')"
    )
    # _xHHHH_ is how a workbook writes a character code: a text that looks like it is escaped.
    literally = f"regexp_replace({readable}, '_(x[0-9A-Fa-f]{{4}}_)', '_x005F_\\1', 'g')"
    escaped = f"replace(replace(replace({literally}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    return f"replace({escaped}, chr(13), '_x000D_')"


def _sheet_row(columns: Sequence[tuple[str, str]], style: int, first_row: int, rows: str) -> str:
    """SQL: each row of `rows` as the XML of a sheet's row."""
    cells = []
    for index, (name, sql_type) in enumerate(columns):
        text = _text(name, sql_type)
        begin = literal(f'<c r="{_letters(index)}') + " || row_number"
        open_text = literal(f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">')
        string = f"{begin} || {open_text} || {_xml_text(text)} || '</t></is></c>'"
        open_number = literal(f'" s="{_PLAIN_STYLE}"><v>')
        number = f"{begin} || {open_number} || {text} || '</v></c>'"
        digits = f"length(regexp_replace({text}, '[^0-9]', '', 'g')) <= {_EXACT_DIGITS}"
        is_exact = "true" if sql_type in _BINARY else digits
        is_number = f"{_is_number(name, sql_type)} and {is_exact}"
        cells.append(f"coalesce(case when {is_number} then {number} else {string} end, '')")
    return (
        f"""select '<row r="' || row_number || '">' || {" || ".join(cells)} || '</row>' """
        f"from (select *, row_number() over () + {first_row - 1} as row_number from {rows})"
    )


def _write_xlsx(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[tuple[str, str]], sink: BinaryIO
) -> None:
    headings = [(name, "VARCHAR") for name, _ in columns]
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=3) as package:
        for name, body in _PARTS.items():
            package.writestr(name, _XML + body)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(
                f'{_XML}<worksheet {_SHEET_NAMESPACE}><sheetViews><sheetView workbookViewId="0">'
                '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
                "</sheetView></sheetViews><sheetData>".encode()
            )
            for piece in _pieces(connection, _sheet_row(headings, _HEADING_STYLE, 1, "headings")):
                sheet.write(piece)
            for piece in _pieces(connection, _sheet_row(columns, _TEXT_STYLE, 2, "exported")):
                sheet.write(piece)
            sheet.write(b"</sheetData></worksheet>")
