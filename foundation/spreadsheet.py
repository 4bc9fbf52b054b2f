"""Tables for people outside the warehouse: CSV or XLSX in which no delivered text can act.

Defines: `write_spreadsheet` (a file, whole or not at all), `write_csv` (a stream), `inert` (the one
escape). A spreadsheet program runs a cell that begins like a formula, and opens what looks like a
link. Add here a file type that people outside ask for. Keep out: which rows are exported, and
masking (the caller hands over a table that may leave the house).
"""

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from foundation.errors import UsageError
from foundation.files import fsync_directory, fsync_file

MAX_XLSX_ROWS = 1_048_575  # and one for the headings
MAX_XLSX_COLUMNS = 16_384
# A cell holds 32,767 UTF-16 units; a character outside the basic plane takes two of them.
_CELL_CHARACTERS, _CELL_CHARACTERS_WIDE = 32_760, 16_380
# A spreadsheet number is a binary float, sure to hold 15 digits.
_EXACT_DIGITS = 15
_ROWS_PER_BATCH = 10_000
# One moment for every workbook: the same table gives the same bytes.
_CREATED = dt.datetime(2000, 1, 1)

# What begins a formula: ASCII, full-width and small forms, and the minus sign of typographers.
_ACTIVE = r"=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}\x{fe66}\x{fe62}\x{fe63}\x{fe6b}\x{2212}"
# Characters that a spreadsheet program skips, or that hide what follows them.
_SKIPPED = r'\s\x{a0}\x{3000}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{feff}"'
_BEGINS_ACTIVE = f"^([\\t\\r\\n]|[{_SKIPPED}]*[{_ACTIVE}])"
# A program set to another list separator splits a cell here, quotes notwithstanding.
_SPLIT_THEN_ACTIVE = f"([;|\\t\\r\\n][{_SKIPPED}]*)([{_ACTIVE}])"
# What XML cannot hold.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_spreadsheet(
    table: pa.Table, target: Path, title_by_column: Mapping[str, str] | None = None
) -> None:
    """Write `table` to `target`, whole or not at all; its suffix (.csv or .xlsx) says what.

    title_by_column: heading per column, default its name. Numbers stay numbers, in XLSX only as
    far as a spreadsheet number is exact (15 digits), else text. All else becomes text: dates ISO
    8601, nested values JSON. CSV is UTF-8 with a byte order mark, its texts `inert`; XLSX texts
    are string cells, cut at 32,760 characters (then ending in " [...]").
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
    titles = [(title_by_column or {}).get(name, name) for name in table.column_names]
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as sink:
            if suffix == ".csv":
                sink.write(b"\xef\xbb\xbf")
                write_csv(table.rename_columns(titles), sink)
            else:
                _write_workbook(table, titles, sink, target.parent)
        fsync_file(temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    fsync_directory(target.parent)


def write_csv(table: pa.Table, sink: BinaryIO) -> None:
    """Write `table` as CSV in UTF-8: headings and texts quoted and `inert`, numbers bare."""
    titles = inert(pa.array(table.column_names, type=pa.string())).to_pylist()
    columns = [
        column if _is_number(column.type) and _is_finite(column) else _inert_column(column)
        for column in table.columns
    ]
    pa.csv.write_csv(pa.Table.from_arrays(columns, names=titles), sink)


def inert(texts: pa.Array) -> pa.Array:
    """The same texts so that no spreadsheet program takes one for a formula; null stays null.

    A text that begins like a formula gets ' in front; one that would begin like a formula where a
    program splits it gets ' there. Nothing else changes.
    """
    split = pc.replace_substring_regex(texts, _SPLIT_THEN_ACTIVE, r"\1'\2")
    begins = pc.match_substring_regex(texts, _BEGINS_ACTIVE)
    return pc.if_else(begins, pc.binary_join_element_wise("'", split, ""), split)


def _unwritable(what: str, target: Path) -> UsageError:
    return UsageError(what, where=str(target), remedy="write a .csv, or export less")


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _is_finite(column: pa.ChunkedArray) -> bool:
    return (
        not pa.types.is_floating(column.type) or pc.all(pc.is_finite(column)).as_py() is not False
    )


def _inert_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    chunks = [inert(_texts(chunk)) for chunk in column.chunks]
    return pa.chunked_array(chunks, type=pa.string())


def _texts(values: pa.Array) -> pa.Array:
    """Any column as text: dates ISO 8601, truth true and false, nested values JSON."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _texts(values.dictionary_decode())
    if isinstance(kind, pa.ExtensionType):
        return _texts(values.storage)
    if pa.types.is_nested(kind):
        return _spelled(values, lambda value: json.dumps(value, ensure_ascii=False, default=str))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _spelled(values, bytes.hex)
    if pa.types.is_interval(kind):
        return _spelled(values, str)
    return values.cast(pa.string())


def _spelled(values: pa.Array, spell: Callable[[Any], str]) -> pa.Array:
    texts = [None if value is None else spell(value) for value in values.to_pylist()]
    return pa.array(texts, type=pa.string())


def _write_workbook(table: pa.Table, titles: list[str], sink: BinaryIO, folder: Path) -> None:
    import xlsxwriter  # costs what CSV need not pay

    # In constant memory a row is written when the next one begins, its parts in `folder`.
    options = {"constant_memory": True, "tmpdir": str(folder)}
    with xlsxwriter.Workbook(sink, options) as book:
        book.set_properties({"created": _CREATED})
        # "@" is the format of texts; the prefix keeps a cell a text when somebody edits it.
        text = book.add_format({"num_format": "@", "quote_prefix": True})
        heading = book.add_format({"num_format": "@", "quote_prefix": True, "bold": True})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(titles):
            sheet.write_string(0, place, _cell_text(title), heading)
        first = 1
        for batch in table.to_batches(max_chunksize=_ROWS_PER_BATCH):
            columns = [_cells(column) for column in batch.columns]
            for offset, row in enumerate(zip(*columns, strict=True)):
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(first + offset, place, value, text)
                    elif value is not None:
                        sheet.write_number(first + offset, place, value)
            first += batch.num_rows


def _cells(values: pa.Array) -> list[Any]:
    """A column as cells: a number where a spreadsheet holds it exactly, a text, or None."""
    texts = _texts(values)
    if not _is_number(values.type):
        return [None if cell is None else _cell_text(cell) for cell in texts.to_pylist()]
    if pa.types.is_floating(values.type):
        exact = pc.is_finite(values)
    else:
        digits = pc.utf8_length(pc.replace_substring_regex(texts, "[^0-9]", ""))
        exact = pc.less_equal(digits, _EXACT_DIGITS)
    numbers, spelled = values.to_pylist(), texts.to_pylist()
    return [
        number if fits else spelling
        for number, spelling, fits in zip(numbers, spelled, exact.to_pylist(), strict=True)
    ]


def _cell_text(text: str) -> str:
    """A text as a cell holds it: cut to its size, without what XML cannot hold."""
    limit = _CELL_CHARACTERS
    if len(text) > _CELL_CHARACTERS_WIDE and max(text) > "\uffff":
        limit = _CELL_CHARACTERS_WIDE
    if len(text) > limit:
        text = f"{text[: limit - 6]} [...]"
    return _UNREADABLE.sub("\ufffd", text)
