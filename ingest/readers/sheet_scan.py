"""One pass over the XML of a worksheet: its extent, and what the workbook library does not tell.

Vectorised over bytes; it relies on the usual spelling of attributes (r="B2"). A sheet spelled
otherwise is still read correctly, and the memory limit of the process stands behind the extent.
Add here a fact about a sheet that can be seen from its bytes. Keep out: values of cells (xlsx.py).
"""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ingest.outcomes import FileRefused

Numbers = np.ndarray[Any, Any]

# The workbook library holds rows x columns of the extent, about 100 bytes each.
MAX_CELLS = 20_000_000
MAX_UNCOMPUTED = 100_000
MAX_MERGED_RANGES = 100_000
_MAX_ROW_BYTES = 64 << 20
_HEAD_BYTES = 64 << 10
_LOOK_AHEAD = 8  # bytes behind `<` and prefix that decide what a tag is
_QUOTES = (ord('"'), ord("'"))
_BLANKS = (32, 9, 10, 13)

_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_CELL = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?c[\s>/]")
_MERGED = re.compile(
    rb"""mergeCell\s[^>]*?ref\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})"""
)
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")


@dataclass(frozen=True)
class MergedRange:
    """Rows and columns from 1, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def __str__(self) -> str:
        first = f"{column_letters(self.first_column)}{self.first_row}"
        return f"{first}:{column_letters(self.last_column)}{self.last_row}"


@dataclass
class SheetFacts:
    """rows, columns: the extent. uncomputed: (row, column) of formulas without a stored value."""

    rows: int = 0
    columns: int = 0
    formulas: int = 0
    uncomputed: list[tuple[int, int]] = field(default_factory=list)
    merged: list[MergedRange] = field(default_factory=list)


def column_letters(number: int) -> str:
    """The spreadsheet's name of a column counted from 1: A, B, ..., Z, AA, ..."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def column_number(letters: str) -> int:
    """The inverse of column_letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class SheetScanner:
    """Takes the pieces of a sheet's XML in order; `finish` gives the facts."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self.held = b""
        self.prefix: bytes | None = None
        self.rows_seen = 0

    @staticmethod
    def first_cell(body: bytes) -> bool:
        """Whether a cell begins in `body`."""
        return _CELL.search(body) is not None

    def take(self, piece: bytes) -> None:
        """Scan whole rows, keep the rest. Raises FileRefused when a limit is passed."""
        self.held += piece
        if self.prefix is None:
            if len(self.held) < _HEAD_BYTES:
                return
            self._begin()
        end = self.held.rfind(b"</" + (self.prefix or b"") + b"row>")
        if end < 0:
            if len(self.held) > _MAX_ROW_BYTES:
                raise FileRefused("workbook_too_large", "a row of the sheet exceeds 64 MiB")
            return
        self._scan(self.held[:end])
        self.held = self.held[end:]

    def finish(self) -> SheetFacts:
        """The facts of the whole sheet."""
        if self.prefix is None:
            self._begin()
        self._scan(self.held)
        self._find_merged(self.held)  # merged ranges stand behind the rows
        self.held = b""
        return self.facts

    def _begin(self) -> None:
        found = _ROOT.search(self.held[:_HEAD_BYTES])
        if found is None:
            raise FileRefused("corrupt_workbook", "the sheet is no worksheet in UTF-8")
        if b"<!DOCTYPE" in self.held[: found.start()]:
            raise FileRefused("xml_doctype_forbidden", "the sheet declares a DTD")
        self.prefix = found.group(1) + b":" if found.group(1) else b""
        prefix = re.escape(self.prefix)
        # A cell with a formula and no value, or an empty one.
        self.uncomputed = re.compile(
            rb"<P:c\b([^>]*)>\s*<P:f\b(?:[^>]*/>|[^>]*>[^<]*</P:f>)\s*"
            rb"(?:<P:v\s*/>\s*|<P:v>\s*</P:v>\s*)?</P:c>".replace(b"P:", prefix)
        )

    def _scan(self, body: bytes) -> None:
        facts = self.facts
        padded = body + b" " * (len(self.prefix or b"") + _LOOK_AHEAD)
        if self._extend(np.frombuffer(padded, dtype=np.uint8)):
            self._find_uncomputed(body)
        if facts.rows * facts.columns > MAX_CELLS:
            raise FileRefused(
                "workbook_too_large",
                f"the sheet spans {facts.rows} rows x {facts.columns} columns, more than "
                f"{MAX_CELLS} cells; deliver it as CSV or Parquet, or delete stray cells",
            )

    def _find_merged(self, body: bytes) -> None:
        for match in _MERGED.finditer(body):
            left, top, right, bottom = (item.decode("ascii") for item in match.groups())
            self.facts.merged.append(
                MergedRange(int(top), int(bottom), column_number(left), column_number(right))
            )
            if len(self.facts.merged) > MAX_MERGED_RANGES:
                raise FileRefused(
                    "workbook_too_large", f"more than {MAX_MERGED_RANGES} merged ranges"
                )

    def _find_uncomputed(self, body: bytes) -> None:
        for match in self.uncomputed.finditer(body):
            attributes = match.group(1)
            # A formula whose result is the empty text is written exactly so.
            if b't="str"' in attributes:
                continue
            reference = _REFERENCE.search(attributes)
            if reference is None:
                raise FileRefused(
                    "formula_without_value", "a formula has no stored value; save it computed"
                )
            letters, row = reference.groups()
            self.facts.uncomputed.append((int(row), column_number(letters.decode("ascii"))))
            if len(self.facts.uncomputed) > MAX_UNCOMPUTED:
                raise FileRefused(
                    "formula_without_value",
                    f"more than {MAX_UNCOMPUTED} formulas have no stored value; save the "
                    "workbook in a spreadsheet program",
                )

    def _extend(self, codes: Numbers) -> int:
        """Widen the extent by rows and cells, with or without references; counts formulas."""
        facts, name_at = self.facts, 1 + len(self.prefix or b"")
        tags = np.flatnonzero(codes[: 1 - name_at - _LOOK_AHEAD] == ord("<"))
        if self.prefix:
            tags = tags[codes[tags + name_at - 1] == ord(":")]
        names = codes[tags + name_at]
        cells = _of_length(codes, tags[names == ord("c")], name_at + 1)
        formulas = _of_length(codes, tags[names == ord("f")], name_at + 1)
        rows = _of_length(codes, tags[names == ord("r")], name_at + 3)
        facts.formulas += len(formulas)
        self.rows_seen += len(rows)
        numbers = _leading_numbers(codes, _reference(codes, rows, name_at + 4))
        facts.rows = max(facts.rows, self.rows_seen, int(numbers.max(initial=0)))
        references = _reference(codes, cells, name_at + 2)
        columns, letters = _leading_letters(codes, references)
        # A cell may name another row than the one it stands in: the library believes the cell.
        numbers = _leading_numbers(codes, references + letters)
        facts.rows = max(facts.rows, int(numbers.max(initial=0)))
        if len(references) < len(cells):
            # Cells without a reference follow each other; where one is written in another way
            # than usual, counting cells is the best that can be said.
            bounds = np.searchsorted(cells, np.append(rows, len(codes)))
            columns = np.append(columns, np.diff(bounds, prepend=0))
        facts.columns = max(facts.columns, int(columns.max(initial=0)))
        return len(formulas)


def _of_length(codes: Numbers, tags: Numbers, length: int) -> Numbers:
    """The tags whose opening (`<`, prefix and name) has this length."""
    return tags[np.isin(codes[tags + length], (*_BLANKS, ord(">"), ord("/")))]


def _reference(codes: Numbers, tags: Numbers, at: int) -> Numbers:
    """Where the value of the attribute r begins, of the tags that have it first."""
    named = (codes[tags + at] == ord("r")) & (codes[tags + at + 1] == ord("="))
    return tags[named & np.isin(codes[tags + at + 2], _QUOTES)] + at + 3


def _leading_numbers(codes: Numbers, places: Numbers) -> Numbers:
    """The decimal numbers, of at most 8 digits, that begin at `places`."""
    value = np.zeros(len(places), dtype=np.int64)
    running = np.ones(len(places), dtype=bool)
    for offset in range(8):
        digits = codes[np.minimum(places + offset, len(codes) - 1)].astype(np.int64) - 48
        running &= (digits >= 0) & (digits <= 9)
        value = np.where(running, value * 10 + digits, value)
    return value


def _leading_letters(codes: Numbers, places: Numbers) -> tuple[Numbers, Numbers]:
    """The columns whose letters, at most 4, begin at `places`, and how many letters each has."""
    value = np.zeros(len(places), dtype=np.int64)
    length = np.zeros(len(places), dtype=np.int64)
    running = np.ones(len(places), dtype=bool)
    for offset in range(4):
        letters = (codes[np.minimum(places + offset, len(codes) - 1)] & 0xDF).astype(np.int64) - 64
        running &= (letters >= 1) & (letters <= 26)
        value = np.where(running, value * 26 + letters, value)
        length += running
    return value, length
