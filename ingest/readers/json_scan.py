"""Lines of JSON made safe to extract: which lines hold one object, and its numbers as texts.

A JSON parser turns 1.10 into 1.1 and rounds long numbers, so numbers are put into quotation marks
before anything parses them. Vectorised over bytes; works on UTF-8.
Add here a defect of a line as JSON. Keep out: what the keys mean (json_lines.py).
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.outcomes import FileRefused
from ingest.readers.record_scan import MAX_RECORD_BYTES, RAW_TEXT_BYTES, check_utf8

Numbers = np.ndarray[Any, Any]

PIECE_BYTES = 2 << 20
# Beyond this many broken lines, and when most lines are broken, the file is something else.
MAX_BROKEN_LINES = 1_000
MAX_KEYS = 1_000
# Stands in front of a number that became a text. Unicode keeps it out of texts for ever.
NUMBER_MARK = "\ufdd0"

_MARK_BYTES = np.frombuffer(b'"' + NUMBER_MARK.encode(), dtype=np.uint8)
_UTF8_MARK = b"\xef\xbb\xbf"
_NEWLINE, _RETURN, _QUOTE, _BACKSLASH, _COMMA = 10, 13, 34, 92, 44


def _table(characters: bytes) -> Numbers:
    table = np.zeros(256, dtype=bool)
    table[np.frombuffer(characters, dtype=np.uint8)] = True
    return table


_BLANK = _table(b" \t\r\n")
_IN_NUMBER = _table(b"0123456789+-.eE")
_BEGINS_NUMBER = _table(b"0123456789-")
_CLOSER = _table(b"}]")
# Letters of true, false and null, and the exponent: any other letter outside a text is NaN,
# Infinity or an error. DuckDB would take the first two for numbers.
_FOREIGN_LETTER = _table(string.ascii_letters.encode())
_FOREIGN_LETTER[np.frombuffer(b"truefalsnE", dtype=np.uint8)] = False


REJECTS = pa.schema([("line", pa.int64()), ("reason_code", pa.string()), ("raw_text", pa.string())])
_REASONS = pa.array([None, "broken_json", "record_too_long"])


@dataclass
class JsonScan:
    """What was found. lines: every line that is not blank.

    keys: every key of the objects -> (line, place in it) where it comes first.
    """

    lines: int = 0
    broken: int = 0
    blank_lines: int = 0
    ends_with_newline: bool = True
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    rejects: list[pa.Table] = field(default_factory=list)

    def reject_long(self, line: int, start: bytes) -> None:
        """Count a line that is too long to be held."""
        self.lines += 1
        self.broken += 1
        text = start.decode("utf-8", errors="replace")
        row = {"line": line, "reason_code": "record_too_long", "raw_text": text}
        self.rejects.append(pa.Table.from_pylist([row], schema=REJECTS))

    def require_lines_of_json(self) -> None:
        """Raise FileRefused when most of what was read is something else."""
        if self.broken > MAX_BROKEN_LINES and self.broken * 2 > self.lines:
            raise FileRefused(
                "not_json_lines",
                f"{self.broken} of the first {self.lines} lines are not one JSON object each",
            )

    def require_any_line_of_json(self) -> None:
        """Raise FileRefused when all of it is something else."""
        if self.lines and self.broken == self.lines:
            raise FileRefused("not_json_lines", f"none of {self.lines} lines is one JSON object")


def documents(
    connection: duckdb.DuckDBPyConnection, path: Path, scan: JsonScan
) -> Iterator[pa.Table]:
    """Tables (line BIGINT, document VARCHAR) of the lines that hold one JSON object.

    In `document` every number is a text that begins with NUMBER_MARK. Fills `scan` as it goes;
    rejected lines (line, reason_code, raw_text) carry not_a_number, broken_json, not_an_object,
    duplicate_key, nul_byte or record_too_long. Raises FileRefused: encoding_mismatch,
    not_json_lines, too_many_keys.
    """
    for first_line, body in line_pieces(path, scan):
        yield _classified(connection, first_line, body, scan)
        scan.require_lines_of_json()
    scan.require_any_line_of_json()


def line_pieces(path: Path, scan: JsonScan) -> Iterator[tuple[int, bytes]]:
    """(number of the first line, whole lines) without lines that are too long.

    Raises FileRefused: encoding_mismatch.
    """
    line, offset, held = 1, 0, b""
    with path.open("rb") as stream:
        if stream.read(3) != _UTF8_MARK:
            stream.seek(0)
        while piece := stream.read(PIECE_BYTES):
            held += piece
            end = held.rfind(b"\n") + 1
            if not end:
                if len(held) > MAX_RECORD_BYTES:
                    scan.reject_long(line, held[:RAW_TEXT_BYTES])
                    offset, held = offset + len(held), b""
                    skipped, held = _skip_line(stream)
                    offset += skipped
                    line += 1
                continue
            check_utf8(held[:end], offset)
            yield line, held[:end]
            line += held.count(b"\n", 0, end)
            offset += end
            held = held[end:]
    if held:
        scan.ends_with_newline = False
        check_utf8(held, offset)
        yield line, held + b"\n"


def _skip_line(stream: BinaryIO) -> tuple[int, bytes]:
    """Read past the next line end: (bytes left out, what was read behind it)."""
    skipped = 0
    while piece := stream.read(PIECE_BYTES):
        end = piece.find(b"\n") + 1
        if end:
            return skipped + end, piece[end:]
        skipped += len(piece)
    return skipped, b""


def _classified(
    connection: duckdb.DuckDBPyConnection, first_line: int, body: bytes, scan: JsonScan
) -> pa.Table:
    codes = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(codes == _NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    outside = np.flatnonzero(_is_outside(codes, starts, ends))
    reasons = np.zeros(len(ends), dtype=np.int8)
    reasons[np.searchsorted(ends, _trailing_commas(codes, outside))] = 1
    reasons[ends - starts > MAX_RECORD_BYTES] = 2
    has_foreign = np.zeros(len(ends), dtype=bool)
    has_foreign[np.searchsorted(ends, _foreign_words(codes, outside))] = True
    marked = _with_marked_numbers(codes, outside)
    lines = pa.table(
        {
            "line": np.arange(first_line, first_line + len(ends), dtype=np.int64),
            "original": _texts(body, ends),
            "document": _texts(marked.tobytes(), np.flatnonzero(marked == _NEWLINE)),
            "reason_code": _REASONS.take(pa.array(reasons)),
            "has_foreign": has_foreign,
        }
    )
    if _BLANK[codes[starts]].any():
        visible = np.add.reduceat(~_BLANK[codes], starts, dtype=np.int64) > 0
        lines = lines.filter(pa.array(visible))
    scan.lines += lines.num_rows
    scan.blank_lines += len(ends) - lines.num_rows
    # Each step only looks at what the steps before let through.
    for test in (
        "case when not json_valid(original) then 'broken_json' "
        "when has_foreign then 'not_a_number' end",
        "case when json_type(original) <> 'OBJECT' then 'not_an_object' "
        f"when contains(original, '{NUMBER_MARK}') then 'broken_json' "
        "when contains(original, '\\u0000') then 'nul_byte' end",
    ):
        lines = _without_rejected(lines, scan)
        connection.register("json_piece", lines)
        found = connection.execute(f"select {test} as reason_code from json_piece")
        reason_codes = found.to_arrow_table().column("reason_code")
        connection.unregister("json_piece")
        lines = lines.set_column(3, "reason_code", reason_codes)
    lines = _without_repeated_keys(connection, _without_rejected(lines, scan), scan)
    return lines.select(["line", "document"])


def _without_rejected(lines: pa.Table, scan: JsonScan) -> pa.Table:
    reasons = lines.column("reason_code")
    if reasons.null_count == len(reasons):
        return lines
    broken = lines.filter(pc.is_valid(reasons))
    text = pc.utf8_rtrim_whitespace(pc.utf8_slice_codeunits(broken.column("original"), 0, 200))
    columns = [broken.column("line"), broken.column("reason_code"), text.cast(pa.string())]
    scan.rejects.append(pa.table(columns, schema=REJECTS))
    scan.broken += broken.num_rows
    return lines.filter(pc.is_null(reasons))


def _without_repeated_keys(
    connection: duckdb.DuckDBPyConnection, lines: pa.Table, scan: JsonScan
) -> pa.Table:
    """The lines whose object names every key once; notes the keys."""
    connection.register("json_piece", lines)
    connection.execute(
        "create or replace temp table json_shapes as "
        "select keys, min(line) as line, len(keys) > len(list_distinct(keys)) as is_repeated "
        "from (select json_keys(original) as keys, line from json_piece) group by keys"
    )
    repeated = connection.execute("select bool_or(is_repeated) from json_shapes").fetchone()
    if repeated and repeated[0]:
        reasons = connection.execute(
            "select case when json_keys(original) in "
            "(select keys from json_shapes where is_repeated) then 'duplicate_key' end "
            "as reason_code from json_piece order by line"
        ).to_arrow_table()
        lines = lines.set_column(3, "reason_code", reasons.column("reason_code"))
        lines = _without_rejected(lines, scan)
    found = connection.execute(
        "select key, min(line), arg_min(place, line) from ("
        "select line, unnest(keys) as key, generate_subscripts(keys, 1) as place "
        f"from json_shapes where not is_repeated) group by key limit {MAX_KEYS + 1}"
    ).fetchall()
    connection.unregister("json_piece")
    for key, line, place in found:
        scan.keys.setdefault(str(key), (line, place))
    if len(scan.keys) > MAX_KEYS:
        raise FileRefused("too_many_keys", f"the objects have more than {MAX_KEYS} different keys")
    return lines


def _is_outside(codes: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """Per byte: whether it stands outside quotation marks. Every line begins and ends outside."""
    quotes = codes == _QUOTE
    slashes = np.flatnonzero(codes == _BACKSLASH)
    if len(slashes):
        # The second, fourth ... of a run of backslashes is itself escaped.
        numbers = np.arange(len(slashes))
        begins = np.concatenate(([True], np.diff(slashes) != 1))
        place = numbers - np.maximum.accumulate(np.where(begins, numbers, 0))
        quotes[slashes[place % 2 == 0] + 1] = False
    # Only odd or even counts: a small number that runs over does no harm.
    count = np.cumsum(quotes, dtype=np.uint8)
    before = np.where(starts > 0, count[starts - 1], 0).astype(np.uint8)
    if (before & 1).any():
        count -= np.repeat(before, ends + 1 - starts)
    is_outside = count & 1 == 0
    is_outside[ends] = True  # what a broken line leaves open must not reach the next line
    return is_outside


def _trailing_commas(codes: Numbers, outside: Numbers) -> Numbers:
    """Places of closing brackets right behind a comma."""
    kinds = codes[outside]
    closers = np.flatnonzero(_CLOSER[kinds])
    closers = closers[closers > 0]
    if _BLANK[kinds[closers - 1]].any():
        visible = np.flatnonzero(~_BLANK[kinds])
        outside, kinds = outside[visible], kinds[visible]
        closers = np.flatnonzero(_CLOSER[kinds])
        closers = closers[closers > 0]
    return outside[closers[kinds[closers - 1] == _COMMA]]


def _foreign_words(codes: Numbers, outside: Numbers) -> Numbers:
    """Places of letters that belong to no JSON word."""
    kinds = codes[outside]
    foreign = _FOREIGN_LETTER[kinds]
    foreign[:-1] |= (kinds[:-1] == ord("n")) & (kinds[1:] == ord("a"))  # nan
    return outside[foreign]


def _with_marked_numbers(codes: Numbers, outside: Numbers) -> Numbers:
    """The bytes with every number outside a text in quotation marks, behind NUMBER_MARK."""
    inner = _IN_NUMBER[codes[outside]]
    begins = _BEGINS_NUMBER[codes[outside]]
    begins[1:] &= ~inner[:-1]
    places = np.flatnonzero(begins)
    stops = np.flatnonzero(~inner)
    ends = outside[stops[np.searchsorted(stops, places)]]
    at = np.concatenate((np.repeat(outside[places], len(_MARK_BYTES)), ends))
    added = np.concatenate(
        (np.tile(_MARK_BYTES, len(places)), np.full(len(ends), _QUOTE, dtype=np.uint8))
    )
    return np.insert(codes, at, added)


def _texts(body: bytes, ends: Numbers) -> pa.Array:
    """The lines of `body` as texts, with their line ends."""
    offsets = np.concatenate(([0], ends + 1)).astype(np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(body)]
    return pa.LargeStringArray.from_buffers(len(ends), buffers[1], buffers[2])
