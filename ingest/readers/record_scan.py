"""Where the records of a delimited file begin and end, and which of them cannot be split.

One pass over the bytes, vectorised: quotes, delimiters and line ends are counted per record, so
that the CSV parser behind it only ever sees records it cannot misread. Works on UTF-8 bytes with
RFC 4180 quoting (quote `"`, doubled inside a quoted field).
Add here a defect of the record structure. Keep out: what the fields mean, and their types.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ingest.outcomes import FileRefused
from ingest.readers.tidy import untidy_records
from ingest.text.hidden_text import LONGEST_HIDDEN, has_hidden_characters

Numbers = np.ndarray[Any, Any]

PIECE_BYTES = 1 << 20  # small enough for the processor's cache
# DuckDB's default max_line_size is 2,000,000 bytes; a longer record costs its row, not the file.
MAX_RECORD_BYTES = 1_900_000
# After a broken quote the scan restarts on the next line. A file that breaks this often, or in this
# share of its records beyond the first few, was written with other quoting rules than the stated.
MAX_MALFORMED_RECORDS = 1_000
MAX_MALFORMED_PERCENT = 5
TOLERATED_MALFORMED_RECORDS = 5
# Without a line end in this many bytes the file is not a delimited text.
MAX_UNBROKEN_BYTES = 256 << 20
RAW_TEXT_BYTES = 800
# A restart happens close to a defect: short pieces keep many of them affordable.
_RESTART_PIECE_BYTES = 128 << 10

_QUOTE, _NEWLINE, _RETURN, _NUL = 34, 10, 13, 0


@dataclass(frozen=True)
class RejectedRecord:
    """One record that cannot be split: physical line, bytes [start, end), why, its first bytes."""

    line: int
    start: int
    end: int
    reason_code: str
    raw_text: str


@dataclass
class RecordScan:
    """What the scan found. lines: physical line where each kept record begins, in file order.

    untidy_lines: those of records with a field that cleaning may change (normalise.clean_text).
    """

    kept: int = 0
    rejected: list[RejectedRecord] = field(default_factory=list)
    blank_lines: int = 0
    spanning_records: int = 0
    line_feeds: int = 0
    carriage_returns: int = 0
    paired_returns: int = 0
    ends_with_newline: bool = True
    has_hidden_characters: bool = False
    line_pieces: list[Numbers] = field(default_factory=list)
    untidy_pieces: list[Numbers] = field(default_factory=list)

    @property
    def lines_are_consecutive(self) -> bool:
        """Whether record n begins n lines below the header."""
        return not (self.rejected or self.blank_lines or self.spanning_records)

    @property
    def line_ends_are_uniform(self) -> bool:
        """Whether every line of the file ends in the same way and no lone CR occurs."""
        paired = self.paired_returns
        return paired == self.carriage_returns and paired in (0, self.line_feeds)

    def lines(self) -> Numbers:
        """The physical line of each kept record (int64)."""
        return _joined(self.line_pieces)

    def untidy_lines(self) -> Numbers:
        """The lines of the kept records in which something may have to be cleaned (int64)."""
        return _joined(self.untidy_pieces)


def _joined(pieces: list[Numbers]) -> Numbers:
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)


class _Scanner:
    def __init__(self, delimiter: int, columns: int, first_line: int) -> None:
        self.delimiter = delimiter
        self.expected = columns - 1
        self.result = RecordScan()
        self.line = first_line
        self.offset = 0
        self.malformed = 0

    def reject(self, line: int, start: int, body: bytes, reason_code: str) -> None:
        text = body[:RAW_TEXT_BYTES].decode("utf-8", errors="replace").rstrip("\r\n")
        place = self.offset + start
        self.result.rejected.append(
            RejectedRecord(line, place, place + len(body), reason_code, text)
        )

    def consume(self, buffer: bytes, *, final: bool) -> int:
        """Take all whole records of `buffer`; returns how many bytes were used."""
        codes = np.frombuffer(buffer, dtype=np.uint8)
        if used := self._take_regular(buffer, codes):
            return used
        marks = np.flatnonzero((codes == _QUOTE) | (codes == _NEWLINE) | (codes == self.delimiter))
        kinds = codes[marks]
        quotes = kinds == _QUOTE
        inside = (np.cumsum(quotes, dtype=np.int32) & 1).astype(bool)
        newlines = kinds == _NEWLINE
        is_end = newlines & ~inside
        broken = self._first_broken_quote(codes, marks[quotes], inside[quotes], final=final)
        if broken is None and final and len(inside) and inside[-1]:
            broken = len(buffer)  # a quoted field is open at the end of the file
        if broken is None and not is_end.any() and len(buffer) > 4 * MAX_RECORD_BYTES:
            broken = len(buffer)  # no record ends for far longer than a record may be
            if buffer.find(b"\n") < 0:
                broken = None
                if len(buffer) > MAX_UNBROKEN_BYTES:
                    raise FileRefused("no_line_ends", "no line end for 256 MiB: not a text table")
        if broken is not None:
            is_end &= marks < broken
        used, restarted = self._take(buffer, codes, marks, kinds, inside, is_end)
        if broken is None or restarted or (not final and buffer.find(b"\n", used) < 0):
            return used  # the last case: the line with the broken quote is not here whole yet
        return used + self._drop_line(buffer, used)

    def _take_regular(self, buffer: bytes, codes: Numbers) -> int:
        """Take all lines at once when each is a flawless record; else 0, and nothing is taken.

        Almost every piece of almost every file is so, and one look at its delimiters, line ends
        and quotes costs a fraction of counting them per record.
        """
        end = buffer.rfind(b"\n") + 1
        if not end or not self.expected or buffer.find(b"\0", 0, end) >= 0:
            return 0
        codes = codes[:end]
        marks = np.flatnonzero((codes == self.delimiter) | (codes == _NEWLINE) | (codes == _QUOTE))
        kinds = codes[marks]
        is_quote = kinds == _QUOTE
        quotes, opens = marks[:0], is_quote[:0]
        if is_quote.any():
            inside = np.bitwise_xor.accumulate(is_quote.view(np.uint8)).view(bool)
            quotes, opens = marks[is_quote], inside[is_quote]
            if inside[-1] or self._first_broken_quote(codes, quotes, opens, final=True) is not None:
                return 0
            is_outside = ~(is_quote | inside)
            marks, kinds = marks[is_outside], kinds[is_outside]
        ends = marks[self.expected :: self.expected + 1]
        is_end = kinds == _NEWLINE
        if (
            len(marks) != len(ends) * (self.expected + 1)
            or np.count_nonzero(is_end) != len(ends)
            or not is_end[self.expected :: self.expected + 1].all()
            or np.diff(ends, prepend=-1).max() > MAX_RECORD_BYTES
            or buffer.count(b"\n", 0, end) != len(ends)  # no line end inside quotes
        ):
            return 0
        result = self.result
        result.kept += len(ends)
        result.line_pieces.append(np.arange(self.line, self.line + len(ends)))
        untidy = untidy_records(buffer[:end], codes, marks, ends, quotes, opens)
        result.untidy_pieces.append(untidy + self.line)
        result.line_feeds += len(ends)
        self.line += len(ends)
        self.count_returns(buffer[:end])
        return end

    def _first_broken_quote(
        self, codes: Numbers, places: Numbers, opens: Numbers, *, final: bool
    ) -> int | None:
        if not len(places):
            return None
        # What stands behind the end of a piece is not known yet and taken as fine.
        padded = np.empty(len(codes) + 3, dtype=np.uint8)
        padded[0] = padded[-1] = _NEWLINE
        padded[1:-2] = codes
        padded[-2] = _NEWLINE if final else _QUOTE
        before, after, second = padded[places], padded[places + 2], padded[places + 3]
        fine_open = (before == self.delimiter) | (before == _NEWLINE) | (before == _QUOTE)
        fine_close = (
            (after == self.delimiter) | (after == _NEWLINE) | (after == _QUOTE)
            | ((after == _RETURN) & (second == _NEWLINE))
        )  # fmt: skip
        wrong = np.flatnonzero(~np.where(opens, fine_open, fine_close))
        return int(places[wrong[0]]) if len(wrong) else None

    def _take(
        self, buffer: bytes, codes: Numbers, marks: Numbers, kinds: Numbers, inside: Numbers,
        is_end: Numbers,
    ) -> tuple[int, bool]:  # fmt: skip
        ends = marks[is_end]
        if not len(ends):
            return 0, False
        used = int(ends[-1]) + 1
        starts = np.concatenate(([0], ends[:-1] + 1))
        separators = np.cumsum((kinds == self.delimiter) & ~inside, dtype=np.int64)[is_end]
        separators = np.diff(separators, prepend=0)
        line_ends = np.cumsum(kinds == _NEWLINE, dtype=np.int64)[is_end]
        heights = np.diff(line_ends, prepend=0)
        lines = self.line + line_ends - heights
        lengths = ends - starts
        blank = (lengths == 0) | ((lengths == 1) & (codes[starts] == _RETURN))
        ragged = (separators != self.expected) & ~blank
        spanning = heights > 1
        # A ragged record over several lines is a quote that closed in the wrong place.
        misquoted = np.flatnonzero(ragged & spanning)
        if len(misquoted):
            first = int(misquoted[0])
            if first:
                self._take(buffer, codes, marks, kinds, inside, is_end & (marks < starts[first]))
            return int(starts[first]) + self._drop_line(buffer, int(starts[first])), True
        reason = np.where(ragged & (separators < self.expected), 1, 0)
        reason = np.where(ragged & (separators > self.expected), 2, reason)
        if buffer.find(b"\0", 0, used) >= 0:
            holders = np.searchsorted(ends, np.flatnonzero(codes[:used] == _NUL))
            reason[np.unique(holders)] = 3
        reason = np.where(lengths > MAX_RECORD_BYTES, 4, reason)
        bad = reason > 0
        names = ("", "too_few_fields", "too_many_fields", "nul_byte", "record_too_long")
        for index in np.flatnonzero(bad):
            start = int(starts[index])
            body = buffer[start : int(ends[index]) + 1]
            self.reject(int(lines[index]), start, body, names[int(reason[index])])
        good = ~bad & ~blank
        result = self.result
        result.kept += int(good.sum())
        result.blank_lines += int(blank.sum())
        result.spanning_records += int((spanning & good).sum())
        result.line_pieces.append(lines[good])
        result.untidy_pieces.append(lines[good])  # not looked at
        self.line += int(line_ends[-1])
        self.count_line_ends(buffer[:used])
        return used, False

    def _drop_line(self, buffer: bytes, start: int) -> int:
        """Reject the line at `start`, where a record with a broken quote begins; its length."""
        self.malformed += 1
        if self.malformed > MAX_MALFORMED_RECORDS:
            raise FileRefused(
                "quoting_not_as_stated",
                f"more than {MAX_MALFORMED_RECORDS} records have broken quotes "
                f"(line {self.line} is the latest)",
            )
        stop = buffer.find(b"\n", start) + 1 or len(buffer)
        self.reject(self.line, start, buffer[start:stop], "broken_quote")
        self.line += 1
        self.count_line_ends(buffer[start:stop])
        return stop - start

    def count_line_ends(self, body: bytes) -> None:
        self.result.line_feeds += body.count(b"\n")
        self.count_returns(body)

    def count_returns(self, body: bytes) -> None:
        if b"\r" in body:
            self.result.carriage_returns += body.count(b"\r")
            self.result.paired_returns += body.count(b"\r\n")

    def check_share(self) -> None:
        """Raise FileRefused when too large a share of the records has broken quotes."""
        records = self.result.kept + len(self.result.rejected)
        broken = self.malformed
        if broken > TOLERATED_MALFORMED_RECORDS and broken * 100 > records * MAX_MALFORMED_PERCENT:
            raise FileRefused(
                "quoting_not_as_stated",
                f"{broken} of {records} records have broken quotes (line {self.line} is the end)",
            )


def check_utf8(buffer: bytes, offset: int) -> None:
    """Raise FileRefused with the byte offset when `buffer` (whole lines) is not UTF-8."""
    ends = pa.py_buffer(np.array([0, len(buffer)], dtype=np.int32).tobytes())
    text = pa.StringArray.from_buffers(1, ends, pa.py_buffer(buffer))
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        try:
            buffer.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FileRefused(
                "encoding_mismatch",
                f"byte {offset + error.start} is not UTF-8; a sender profile must state the "
                "encoding when it is another one",
            ) from error


def _pieces(path: Path, body_start: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(body_start)
        while piece := stream.read(PIECE_BYTES):
            yield piece


def scan_records(
    path: Path, body_start: int, delimiter: str, columns: int, first_line: int = 2
) -> RecordScan:
    """Scan the records after the header, which ends at byte `body_start`.

    first_line: physical line of that byte. Raises FileRefused: encoding_mismatch,
    quoting_not_as_stated, no_line_ends.
    """
    scanner = _Scanner(ord(delimiter), columns, first_line)
    scanner.offset = body_start
    with path.open("rb") as stream:
        scanner.count_line_ends(stream.read(body_start))
    carried, before = b"", b""
    for piece in _pieces(path, body_start):
        result = scanner.result
        result.has_hidden_characters = result.has_hidden_characters or has_hidden_characters(
            before + piece
        )
        before = piece[-LONGEST_HIDDEN:]
        carried = _drain(scanner, carried + piece, final=False)
    if carried.endswith(b"\n"):
        carried = _drain(scanner, carried, final=True)  # an open quote held the end back
    if carried:
        scanner.result.ends_with_newline = False
        _drain(scanner, carried + b"\n", final=True)
        # The line end added here is not in the file.
        scanner.result.line_feeds -= 1
        scanner.result.paired_returns -= carried.endswith(b"\r")
    scanner.check_share()
    return scanner.result


def _drain(scanner: _Scanner, buffer: bytes, *, final: bool) -> bytes:
    """Consume what can be consumed of `buffer`; returns the incomplete rest."""
    check_utf8(buffer[: buffer.rfind(b"\n") + 1], scanner.offset)
    size = len(buffer)
    while buffer:
        whole = size >= len(buffer)
        malformed = scanner.malformed
        used = scanner.consume(buffer[:size], final=final and whole)
        scanner.offset += used
        buffer = buffer[used:]
        if scanner.malformed > malformed:
            size = _RESTART_PIECE_BYTES
        elif whole and not used:
            break
        else:
            size *= 4
    return buffer
