"""Reads delimited text (CSV and relatives): header by name, records checked before they are split.

Add here what every delimited text needs. Keep out: guessing (no delimiter, type or encoding is
ever detected), typing (conform.py), record boundaries (record_scan.py).
"""

import codecs
import csv
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa

from ingest.contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.base import (
    literal,
    match_columns,
    rejected_table,
    scratch_folder,
    select_fields,
)
from ingest.readers.record_scan import RecordScan, check_utf8, scan_records
from ingest.senders import Layout

MAX_HEADER_BYTES = 1 << 20
_BYTE_ORDER_MARK = codecs.BOM_UTF8
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF8_NAMES = ("utf-8", "utf8", "utf-8-sig")
_COPY_BYTES = 4 << 20


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """The records of one delimited file as views `delivered_rows` and `delivered_rejects`.

    Raises FileRefused: empty_file, encoding_mismatch, header_unreadable, duplicate_column,
    missing_column, quoting_not_as_stated, no_line_ends.
    """
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", "the file has 0 bytes")
    text = _as_utf8(connection, path, layout.encoding)
    header, body_start = _header(text, layout.delimiter)
    match = match_columns(header, contract, layout)
    scan = scan_records(text, body_start, layout.delimiter, len(header))
    warnings = list(match.warnings)
    if scan.kept and not scan.ends_with_newline:
        warnings.append("no_final_newline: the last record may have been cut off")
    if scan.blank_lines:
        warnings.append(f"blank_lines: {scan.blank_lines} empty lines skipped")
    rejected_table(
        connection,
        [(item.line, item.reason_code, item.raw_text) for item in scan.rejected],
    )
    clean, skip = text, 1
    if scan.rejected or not scan.line_ends_are_uniform:
        clean, skip = _clean_copy(connection, text, body_start, scan), 0
    names = [f"c{index}" for index in range(len(header))]
    body = _parsed(clean, skip, names, layout.delimiter)
    if scan.lines_are_consecutive:
        numbered = f"select row_number() over () + 1 as _src_line, * from {body}"
    else:
        lines = pa.table({"_src_line": pa.array(scan.lines(), type=pa.int64())})
        connection.register("delivered_lines", lines)
        numbered = f"select * from delivered_lines positional join {body}"
    connection.execute(
        f"create or replace view delivered_rows as "
        f"select {select_fields(contract, match, dict(zip(header, names, strict=True)))} "
        f"from ({numbered})"
    )
    return ReadOutcome("delivered_rows", "delivered_rejects", tuple(warnings))


def _parsed(path: Path, skip: int, names: list[str], delimiter: str) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={literal(delimiter)}, quote='\"', escape='\"', strict_mode=true, nullstr='', "
        f"columns={{{columns}}})"
    )


def _header(path: Path, delimiter: str) -> tuple[list[str], int]:
    """Column names, trimmed, and the byte where the second line begins."""
    with path.open("rb") as stream:
        start = stream.read(MAX_HEADER_BYTES)
    if start.startswith(_WIDE_MARKS):
        raise FileRefused(
            "encoding_mismatch",
            "byte 0 begins a UTF-16 text; a sender profile must state that encoding",
        )
    mark = len(_BYTE_ORDER_MARK) if start.startswith(_BYTE_ORDER_MARK) else 0
    end = start.find(b"\n") + 1
    if not end:
        if len(start) == MAX_HEADER_BYTES:
            raise FileRefused("header_unreadable", "the first line is longer than 1 MiB")
        end = len(start)
    check_utf8(start[mark:end], mark)
    line = start[mark:end].decode("utf-8").rstrip("\r\n")
    if "\r" in line or "\0" in line or line.count('"') % 2:
        raise FileRefused("header_unreadable", "the first line is not one header record")
    names = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    if not any(name.strip() for name in names):
        raise FileRefused("header_unreadable", "the first line is empty")
    return [name.strip() for name in names], end


def _as_utf8(connection: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> Path:
    """The file itself, or a decoded copy when its profile states another encoding."""
    if encoding.lower() in _UTF8_NAMES:
        return path
    target = scratch_folder(connection) / "decoded.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    offset = 0
    with path.open("rb") as source, target.open("wb") as sink:
        while True:
            piece = source.read(_COPY_BYTES)
            try:
                sink.write(decoder.decode(piece, final=not piece).encode("utf-8"))
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                raise FileRefused(
                    "encoding_mismatch", f"near byte {offset + start}: not {encoding}"
                ) from error
            offset += len(piece)
            if not piece:
                return target


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
