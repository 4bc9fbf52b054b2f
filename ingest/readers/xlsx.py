"""Reads XLSX: one sheet, header by name, every cell as the text its sender would have written.

A spreadsheet program keeps values, not texts: it drops leading zeros, turns codes into dates and
rounds long numbers. What cannot be undone by a stated rule breaks the row, never a guess.
Add here a step between the sheet and its rows. Keep out: the package and its limits (workbook.py),
bytes of the sheet (sheet_scan.py), what a cell means to a field (cell_sql.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.base import Contract, Field
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.base import literal, match_columns, scratch_folder, select_fields
from ingest.readers.cell_sql import Cell, date_shape, defect, moment, needs_dates, value
from ingest.readers.sheet_scan import MAX_CELLS, Numbers, SheetFacts, column_letters
from ingest.readers.workbook import PlainWorkbook, plain_workbook
from ingest.senders.profile import Layout

_CELLS = "workbook_cells"
_PANIC = "PanicException"


@dataclass(frozen=True)
class _Damage:
    """Cells that the workbook library gives no value for, by row and column from 1."""

    reason_code: str
    rows: Numbers
    columns: Numbers


@dataclass(frozen=True)
class _Grid:
    """The cells of a sheet from row 1 on. first_column: of the grid, from 1.

    texts: cells as texts. numbers: not null where a cell is a number or truth value.
    """

    texts: pa.RecordBatch
    numbers: pa.RecordBatch
    first_column: int
    errors: _Damage


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """The rows of one sheet; `_src_line` is the sheet's row number. Rows without values are none.

    Numbers and dates come out in the number and date format of the layout. Quarantined rows:
    digits_lost, leading_zeros_lost, turned_into_date, error_cell, formula_without_value,
    merged_cells. Raises FileRefused: empty_file, corrupt_workbook, workbook_encrypted,
    workbook_too_large, xml_doctype_forbidden, sheet_not_found, several_sheets, merged_header,
    header_unreadable, duplicate_column, missing_column, formula_without_value.
    """
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", "the file has 0 bytes")
    book = plain_workbook(path, layout.sheet, scratch_folder(connection))
    try:
        return _read(connection, book, contract, layout)
    except BaseException as error:
        # A panic of the library is no Exception, and its class can only be told by name: it comes
        # from a date before the beginning of time.
        if not isinstance(error, fastexcel.FastExcelError) and type(error).__name__ != _PANIC:
            raise
        raise FileRefused("corrupt_workbook", "the cells of the sheet cannot be read") from error
    finally:
        book.path.unlink()


def _read(
    connection: duckdb.DuckDBPyConnection, book: PlainWorkbook, contract: Contract, layout: Layout
) -> ReadOutcome:
    header_row = layout.header_row
    _check_header_is_whole(book.facts, header_row)
    workbook = fastexcel.read_excel(book.path)
    grid = _grid(workbook)
    header, warnings = _header(grid, header_row)
    match = match_columns([name for name, _ in header], contract, layout)
    places = dict(header)
    fields = {contract.field(name): places[column] for name, column in match.fields.items()}
    rows, blank = _rows(grid, header_row)
    connection.register(_CELLS, rows)
    dates = _dates(connection, workbook, fields, layout)
    if dates is not None:
        rows = _with_dates(rows, dates)
        connection.register(_CELLS, rows)
    cells = {field: _cell(place, has_dates=dates is not None) for field, place in fields.items()}
    damages = [grid.errors, *_structural_damages(book.facts, header_row)]
    lost = {field.name: grid.first_column + place for field, place in fields.items()}
    connection.register("workbook_damages", _damaged(damages, lost, header_row))
    _create_rejects(connection, layout, cells)
    broken = connection.execute("select distinct line from delivered_rejects").to_arrow_table()
    if broken.num_rows:
        is_broken = pc.is_in(rows.column("_src_line"), broken.column("line").combine_chunks())
        connection.register(_CELLS, rows.filter(pc.invert(is_broken)))
    own = {field.name: f"field {field.name}" for field in cells}
    columns = {column: f"t{place}" for column, place in header} | {
        own[field.name]: value(field, layout, cell, from_1904=book.from_1904)
        for field, cell in cells.items()
    }
    connection.execute(
        "create or replace view delivered_rows as "
        f"select {select_fields(contract, replace(match, fields=own), columns)} from {_CELLS}"
    )
    if blank:
        warnings.append(f"blank_lines: {blank} empty rows skipped")
    if book.facts.formulas:
        warnings.append(f"formulas: the stored values of {book.facts.formulas} formulas were used")
    moments = [cell for field, cell in cells.items() if field.type in ("date", "timestamp")]
    warnings += _bare_dates(connection, moments, from_1904=book.from_1904)
    return ReadOutcome(
        "delivered_rows", "delivered_rejects", (*match.warnings, *book.notes, *warnings),
        tuple(places),
    )  # fmt: skip


def _check_header_is_whole(facts: SheetFacts, header_row: int) -> None:
    for merged in facts.merged:
        if merged.first_row <= header_row <= merged.last_row:
            raise FileRefused(
                "merged_header",
                f"cells {merged} are merged in the header row {header_row}; a sender profile must "
                "state the row of the column names (header_row)",
            )


def _grid(workbook: fastexcel.ExcelReader) -> _Grid:
    # Rows are counted from the top of the sheet only when skip_rows is stated.
    sheet = workbook.load_sheet(
        0, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True
    )
    columns = sheet.available_columns()
    if not columns:
        raise FileRefused("header_unreadable", "the sheet holds no cells")
    texts, found = sheet.to_arrow_with_errors()
    positions = [item.position for item in found.errors] if found else []
    first_column = columns[0].absolute_index + 1
    at = np.array(positions, dtype=np.int64).reshape(-1, 2)
    errors = _Damage("error_cell", at[:, 0] + 1, at[:, 1] + first_column)
    numbers = workbook.load_sheet(0, header_row=None, skip_rows=0, dtypes="boolean", eager=True)
    return _Grid(texts, numbers, first_column, errors)


def _header(grid: _Grid, header_row: int) -> tuple[list[tuple[str, int]], list[str]]:
    """(column name, place in the grid) of every column with a name or a value; warnings."""
    if grid.texts.num_rows < header_row:
        raise FileRefused("header_unreadable", f"the sheet has no row {header_row}")
    header, unnamed = [], []
    for place, column in enumerate(grid.texts.columns):
        name = str(column[header_row - 1].as_py() or "").strip()
        if not name:
            below = column.slice(header_row)
            if below.null_count == len(below):
                continue
            name = f"column {column_letters(grid.first_column + place)}"
            unnamed.append(name)
        header.append((name, place))
    if len(header) == len(unnamed):
        raise FileRefused("header_unreadable", f"row {header_row} of the sheet names no column")
    notes = [f"unnamed_columns: {', '.join(unnamed)} without a name"] if unnamed else []
    return header, notes


def _rows(grid: _Grid, header_row: int) -> tuple[pa.Table, int]:
    """The rows below the header that hold a value: `_src_line`, t<place> texts, n<place> numbers.

    Also the number of empty rows between them.
    """
    count = grid.texts.num_rows - header_row
    is_filled = np.zeros(count, dtype=bool)
    columns: dict[str, pa.Array] = {
        "_src_line": pa.array(np.arange(header_row + 1, grid.texts.num_rows + 1, dtype=np.int64))
    }
    for place, texts in enumerate(grid.texts.columns):
        columns[f"t{place}"] = texts.slice(header_row)
        columns[f"n{place}"] = grid.numbers.column(place).slice(header_row)
        is_filled |= columns[f"t{place}"].is_valid().to_numpy(zero_copy_only=False)
    filled = np.flatnonzero(is_filled)
    rows = pa.table(columns)
    if len(filled) < count:
        rows = rows.filter(pa.array(is_filled))
    return rows, int(filled[-1]) + 1 - len(filled) if len(filled) else 0


def _dates(
    connection: duckdb.DuckDBPyConnection, workbook: fastexcel.ExcelReader,
    fields: Mapping[Field, int], layout: Layout,
) -> pa.RecordBatch | None:  # fmt: skip
    """The sheet once more, not null where a cell has a date format; None when shape tells enough.

    It costs a whole pass, so it is left out when a date cell and the same text mean the same.
    """
    if not any(needs_dates(field, layout) for field in fields):
        suspects = [
            f"bool_or(n{place} is null and {date_shape(f't{place}')})"
            for field, place in fields.items()
            if field.type in ("text", "code")
        ]
        if not suspects:
            return None
        found = connection.execute(f"select {', '.join(suspects)} from {_CELLS}").fetchone()
        if not any(found or ()):
            return None
    return workbook.load_sheet(0, header_row=None, skip_rows=0, dtypes="duration", eager=True)


def _with_dates(rows: pa.Table, dates: pa.RecordBatch) -> pa.Table:
    at = pc.subtract(rows.column("_src_line"), 1)
    kept = dates.take(at.combine_chunks())
    columns = {f"d{place}": column.is_valid() for place, column in enumerate(kept.columns)}
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    return rows


def _cell(place: int, *, has_dates: bool) -> Cell:
    shape = f"(n{place} is null and {date_shape(f't{place}')})"
    return Cell(f"t{place}", f"n{place}", f"d{place}" if has_dates else shape)


def _structural_damages(facts: SheetFacts, header_row: int) -> Iterable[_Damage]:
    at = np.array(facts.uncomputed, dtype=np.int64).reshape(-1, 2)
    yield _Damage("formula_without_value", at[:, 0], at[:, 1])
    total = 0
    for merged in facts.merged:
        # Only the first cell of a merged range holds its value: the others look empty.
        last_row, last_column = min(merged.last_row, facts.rows), merged.last_column
        rows = np.arange(max(merged.first_row, header_row + 1), last_row + 1, dtype=np.int64)
        columns = np.arange(merged.first_column, min(last_column, facts.columns) + 1)
        total += len(rows) * len(columns)
        if total > MAX_CELLS:
            raise FileRefused("workbook_too_large", "merged ranges cover the sheet many times")
        yield _Damage("merged_cells", np.repeat(rows, len(columns)), np.tile(columns, len(rows)))


def _damaged(damages: Iterable[_Damage], columns: Mapping[str, int], header_row: int) -> pa.Table:
    """(line, column_name, reason_code) of damaged cells that feed a field."""
    lines, names, reasons = [], [], []
    for damage in damages:
        for name, column in columns.items():
            hit = damage.rows[(damage.columns == column) & (damage.rows > header_row)]
            lines.append(hit)
            names += [pa.repeat(name, len(hit))]
            reasons += [pa.repeat(damage.reason_code, len(hit))]
    return pa.table(
        {
            "line": np.concatenate([np.zeros(0, dtype=np.int64), *lines]),
            "column_name": pa.chunked_array(names, type=pa.string()),
            "reason_code": pa.chunked_array(reasons, type=pa.string()),
        }
    )


def _create_rejects(
    connection: duckdb.DuckDBPyConnection, layout: Layout, cells: Mapping[Field, Cell]
) -> None:
    """The table `delivered_rejects`: one row per damaged cell that feeds a field."""
    texts = ", ".join(f"{cell.text} as x{number}" for number, cell in enumerate(cells.values()))
    reasons = ", ".join(
        f"{defect(field, layout, cell)} as r{number}"
        for number, (field, cell) in enumerate(cells.items())
    )
    parts = ", ".join(
        f"{{'column_name': {literal(field.name)}, 'reason_code': r{number}, 'raw_text': x{number}}}"
        for number, field in enumerate(cells)
    )
    any_reason = ", ".join(f"r{number}" for number in range(len(cells)))
    checked = f"""
        union all
        select line, item.column_name, item.reason_code, item.raw_text from (
            select line, unnest(
                list_filter([{parts}], lambda part: part.reason_code is not null)) as item
            from (select _src_line as line, {texts}, {reasons} from {_CELLS})
            where coalesce({any_reason}) is not null
        )
    """
    connection.execute(
        f"""
        create or replace table delivered_rejects as
        select line, column_name, reason_code, null::varchar as raw_text from workbook_damages
        {checked if cells else ""}
        """
    )
    connection.unregister("workbook_damages")


def _bare_dates(
    connection: duckdb.DuckDBPyConnection, cells: list[Cell], *, from_1904: bool
) -> list[str]:
    counts = [
        f"count(*) filter (where {cell.is_number} and {moment(cell, from_1904=from_1904)} "
        "is not null)"
        for cell in cells
    ]
    if not counts:
        return []
    found = connection.execute(f"select {' + '.join(counts)} from {_CELLS}").fetchone()
    if not found or not found[0]:
        return []
    return [f"bare_serial_dates: {found[0]} numbers of days without a date format, read as dates"]
