"""Reads delimited text (CSV and relatives): header by name, records checked before they are split.

Add here what every delimited text needs. Keep out: guessing (no delimiter or type is ever
detected), encodings (text_encoding.py), typing (conform.py), record boundaries (record_scan.py).
"""

import codecs
import csv
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa

from contracts.base import Contract
from ingest.outcomes import ALL, CUT_WARNING, NONE, FileRefused, ReadOutcome
from ingest.readers.base import (
    ColumnMatch,
    literal,
    match_columns,
    rejected_table,
    scratch_folder,
    select_fields,
)
from ingest.readers.record_scan import RecordScan, check_utf8, scan_records
from ingest.readers.text_encoding import as_utf8
from ingest.senders.profile import Layout
from ingest.senders.profile_document import column_name

MAX_HEADER_BYTES = 1 << 20  # with the lines above it
_BYTE_ORDER_MARK = codecs.BOM_UTF8
_COPY_BYTES = 4 << 20
_DELIMITERS = ",;\t|"
# Where more than one row in so many has something to clean, every row is asked.
_UNTIDY_SHARE = 4


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """The records of one delimited file as views `delivered_rows` and `delivered_rejects`.

    Raises FileRefused: empty_file, encoding_mismatch, header_unreadable, duplicate_column,
    missing_column, delimiter_not_as_stated, quoting_not_as_stated, no_line_ends.
    """
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", "the file has 0 bytes")
    readable = as_utf8(path, layout.encoding, scratch_folder(connection))
    text, header_row = readable.path, layout.header_row
    header, body_start = _header(text, layout.delimiter, header_row)
    match = _matched(text, header, contract, layout)
    scan = scan_records(text, body_start, layout.delimiter, len(header), header_row + 1)
    rejected_table(
        connection,
        [(item.line, item.reason_code, item.raw_text) for item in scan.rejected],
    )
    clean, skip = text, 1
    if scan.rejected or not scan.line_ends_are_uniform or header_row > 1:
        clean, skip = _clean_copy(connection, text, body_start, scan), 0
    names = [f"c{index}" for index in range(len(header))]
    body = _parsed(clean, skip, names, layout.delimiter)
    if scan.lines_are_consecutive:
        numbered = f"select row_number() over () + {header_row} as _src_line, * from {body}"
    else:
        lines = pa.table({"_src_line": pa.array(scan.lines(), type=pa.int64())})
        connection.register("delivered_lines", lines)
        numbered = f"select * from delivered_lines positional join {body}"
    connection.execute(
        f"create or replace view delivered_rows as "
        f"select {select_fields(contract, match, dict(zip(header, names, strict=True)))} "
        f"from ({numbered})"
    )
    return ReadOutcome(
        "delivered_rows",
        "delivered_rejects",
        (*readable.warnings, *match.warnings, *_warnings(scan)),
        tuple(header),
        readable.encoding,
        may_hide_characters=scan.has_hidden_characters,
        tidy=_tidy(connection, scan),
    )


def _tidy(connection: duckdb.DuckDBPyConnection, scan: RecordScan) -> str:
    """ReadOutcome.tidy: a few odd texts do not send a nation's file through cleaning."""
    lines = scan.untidy_lines()
    if not len(lines):
        return ALL
    if len(lines) * _UNTIDY_SHARE > scan.kept:
        return NONE
    connection.register("untidy_lines", pa.table({"line": pa.array(lines, type=pa.int64())}))
    return "_src_line not in (select line from untidy_lines)"


def _warnings(scan: RecordScan) -> list[str]:
    warnings = []
    if scan.kept and not scan.ends_with_newline:
        warnings.append(f"{CUT_WARNING}: the last record may have been cut off")
    if scan.blank_lines:
        warnings.append(f"blank_lines: {scan.blank_lines} empty lines skipped")
    return warnings


def _parsed(path: Path, skip: int, names: list[str], delimiter: str) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={literal(delimiter)}, quote='\"', escape='\"', strict_mode=true, nullstr='', "
        f"columns={{{columns}}})"
    )


def _matched(text: Path, header: list[str], contract: Contract, layout: Layout) -> ColumnMatch:
    """The columns of the header; where they are missing and another delimiter has them, the refusal
    says which. It is never used: a file is read as its profile states."""
    try:
        return match_columns(header, contract, layout)
    except FileRefused as refusal:
        for other in _DELIMITERS.replace(layout.delimiter, ""):
            names, _ = _header(text, other, layout.header_row)
            if len(names) > max(len(header), 1) and (
                len(header) == 1 or _matches(names, contract, layout)
            ):
                shown = {"\t": "tab"}
                stated, found = (shown.get(one, one) for one in (layout.delimiter, other))
                raise FileRefused(
                    "delimiter_not_as_stated",
                    f"the header has {len(header)} field(s) at {stated!r} as stated and "
                    f"{len(names)} at {found!r}: state the delimiter {found!r} in a profile of the "
                    "sender (`import-risk sender new`)",
                ) from refusal
        raise


def _matches(names: list[str], contract: Contract, layout: Layout) -> bool:
    try:
        match_columns(names, contract, layout)
    except FileRefused:
        return False
    return True


def _header(path: Path, delimiter: str, header_row: int) -> tuple[list[str], int]:
    """Column names of physical line `header_row`, and the byte where the next line begins."""
    with path.open("rb") as stream:
        start = stream.read(MAX_HEADER_BYTES)
    begin = len(_BYTE_ORDER_MARK) if start.startswith(_BYTE_ORDER_MARK) else 0
    for _ in range(header_row - 1):
        begin = start.find(b"\n", begin) + 1
        if not begin:
            raise FileRefused(
                "header_unreadable", f"there is no line {header_row} within the first 1 MiB"
            )
    end = start.find(b"\n", begin) + 1
    if not end:
        if len(start) == MAX_HEADER_BYTES:
            raise FileRefused("header_unreadable", "the header line is not within the first 1 MiB")
        end = len(start)
    check_utf8(start[:end], 0)
    line = start[begin:end].decode("utf-8").rstrip("\r\n")
    if "\r" in line or "\0" in line or line.count('"') % 2:
        raise FileRefused("header_unreadable", f"line {header_row} is not one header record")
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise FileRefused(
            "header_unreadable", f"line {header_row} is not one header record"
        ) from error
    names = [column_name(cell) for cell in cells]
    if not any(names):
        raise FileRefused("header_unreadable", f"line {header_row} holds no column name")
    return names, end


def _clean_copy(
    connection: duckdb.DuckDBPyConnection, path: Path, body_start: int, scan: RecordScan
) -> Path:
    """The kept records alone, with uniform line ends; lives in the scratch folder."""
    target = scratch_folder(connection) / "clean.csv"
    with path.open("rb") as source, target.open("wb") as sink:
        at = body_start
        for start, end in [(item.start, item.end) for item in scan.rejected]:
            _copy_lines(source, sink, at, start)
            at = end
        _copy_lines(source, sink, at, path.stat().st_size)
    return target


def _copy_lines(source: BinaryIO, sink: BinaryIO, start: int, end: int) -> None:
    """Copy bytes [start, end); CR LF becomes LF, a lone CR becomes a space."""
    source.seek(start)
    held = b""
    while start < end:
        piece = held + source.read(min(_COPY_BYTES, end - start))
        start = source.tell()
        # A CR here is half of a CR LF; at the end of the file it is the half of the last one.
        held = b"\r" if piece.endswith(b"\r") else b""
        piece = piece[: len(piece) - len(held)]
        sink.write(piece.replace(b"\r\n", b"\n").replace(b"\r", b" "))
