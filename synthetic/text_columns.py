"""Columns of text put together without looking at single rows, and the CSV lines made of them.

A column is a sequence of parts: a constant, a choice from a short list (`Pick`), or a text per row.
Lists are quoted for CSV once, so that a million lines cost one gather per list and one join.
Add here a way to put texts together. Keep out: arrays of numbers and their digits (arrays.py), and
what the columns mean.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic.arrays import array_of, constant_text, strings
from synthetic.mixing import Numbers

Quoting = Literal["whole", "open", "close"]
Form = Literal["csv", "plain"]

_NEEDS_QUOTES = (",", '"', "\n", "\r")
_MOST_COMBINATIONS = 32_768  # a list larger than this no longer stays in the processor's cache
# Weights of parcels: every number of grams has its text in a list.
_FEW_DECIMALS, _FEW_NUMBERS = 3, 1 << 16
_JOINED_LISTS_KEPT = 160  # those of a day are used a few days long, the others always


@dataclass(frozen=True, eq=False)
class Texts:
    """A list of texts to pick from: as they are, and as they stand in CSV; "" means missing."""

    plain: pa.Array
    csv: pa.Array

    def __len__(self) -> int:
        return len(self.plain)


@dataclass(frozen=True, eq=False)
class Pick:
    """For every row the number (int32) of a text. Parts with one index object are gathered once."""

    texts: Texts
    index: Numbers


Part: TypeAlias = str | Pick | pa.Array
Column: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True)
class Rows:
    """Some rows of one file: parts per column. Per-row arrays hold text that needs no quotes."""

    columns: Mapping[str, Column]
    count: int


def texts(values: Iterable[str], quoting: Quoting = "whole") -> Texts:
    """A list whose CSV form is quoted where needed.

    "open" and "close": first and last part of one value that is always quoted; other parts between
    them are "close" of nothing, so they use plain lists without quotes or line ends.
    """
    listed = list(values)
    if quoting == "whole":
        quoted = [
            '"' + text.replace('"', '""') + '"' if any(c in text for c in _NEEDS_QUOTES) else text
            for text in listed
        ]
    else:
        escaped = [text.replace('"', '""') for text in listed]
        quoted = [text and ('"' + text if quoting == "open" else text + '"') for text in escaped]
    return Texts(strings(listed), strings(quoted))


def inner_texts(values: Iterable[str]) -> Texts:
    """A list for the middle of a value whose first part opens and whose last part closes quotes."""
    plain = strings(list(values))
    return Texts(plain, plain)


def chained(*lists: Texts) -> Texts:
    """One list after the other."""
    return Texts(
        pa.concat_arrays([item.plain for item in lists]),
        pa.concat_arrays([item.csv for item in lists]),
    )


def taken(rows: Rows, selection: Numbers) -> Rows:
    """The rows with these numbers, in this order."""
    moved: dict[int, Numbers] = {}

    def part_of(part: Part) -> Part:
        if isinstance(part, str):
            return part
        if isinstance(part, Pick):
            index = moved.get(id(part.index))
            if index is None:
                index = moved[id(part.index)] = part.index[selection]
            return Pick(part.texts, index)
        return part.take(array_of(selection))

    columns = {name: tuple(map(part_of, column)) for name, column in rows.columns.items()}
    return Rows(columns, len(selection))


def column_text(column: Column, count: int, form: Form) -> pa.Array:
    """One text per row."""
    return _joined([column], count, form, "")


def csv_lines(rows: Rows, names: Sequence[str]) -> pa.Array:
    """One CSV record per row, its line feed included; columns that the rows lack stay empty."""
    return _joined([rows.columns.get(name, ("",)) for name in names], rows.count, "csv", "\n")


def csv_record(values: Iterable[object]) -> str:
    """One CSV record, for headers and small tables."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(values)
    return stream.getvalue()


def _joined(columns: Sequence[Column], count: int, form: Form, end: str) -> pa.Array:
    """Join the columns with commas; neighbouring choices are joined as lists first."""
    flat: list[Part] = []
    for number, column in enumerate(columns):
        flat.extend(((",",) if number else ()) + column)
    flat.append(end)
    pieces: list[Any] = []
    position = 0
    while position < len(flat):
        part = flat[position]
        if isinstance(part, str | Pick):
            run = _Run()
            while position < len(flat) and run.takes(flat[position]):
                position += 1
            pieces.append(run.piece(form))
        else:
            pieces.append(part)
            position += 1
    if all(isinstance(piece, pa.Scalar) for piece in pieces):
        return pa.repeat(constant_text("".join(map(str, pieces))), count)
    return pc.binary_join_element_wise(*pieces, constant_text(""))


class _Run:
    """Neighbouring constants and choices that become one choice from one list.

    Choices by one index array share it; others are combined while all combinations stay few.
    """

    def __init__(self) -> None:
        self.items: list[str | tuple[Texts, int]] = []
        self.indices: list[Numbers] = []
        self.sizes: list[int] = []

    def takes(self, part: Part) -> bool:
        """Add a part, unless it does not fit."""
        if isinstance(part, str):
            self.items.append(part)
            return True
        if not isinstance(part, Pick):
            return False
        for slot, index in enumerate(self.indices):
            if index is part.index:
                self.items.append((part.texts, slot))
                return True
        size = len(part.texts)
        if self.indices and math.prod(self.sizes) * size > _MOST_COMBINATIONS:
            return False
        self.items.append((part.texts, len(self.indices)))
        self.indices.append(part.index)
        self.sizes.append(size)
        return True

    def piece(self, form: Form) -> pa.Scalar | pa.Array:
        """The text, or one per row."""
        if not self.indices:
            return constant_text("".join(item for item in self.items if isinstance(item, str)))
        index = self.indices[0]
        for other, size in zip(self.indices[1:], self.sizes[1:], strict=True):
            index = index * np.int32(size) + other
        listed = _combined(tuple(self.items), tuple(self.sizes), form)
        return pc.take(listed, array_of(index), boundscheck=False)


@lru_cache(maxsize=_JOINED_LISTS_KEPT)
def _combined(
    items: tuple[str | tuple[Texts, int], ...], sizes: tuple[int, ...], form: Form
) -> pa.Array:
    """All combinations of the lists of a run, the last slot changing fastest."""
    number = np.arange(math.prod(sizes))
    parts: list[Any] = []
    for item in items:
        if isinstance(item, str):
            parts.append(constant_text(item))
            continue
        listed, slot = item
        index = number // math.prod(sizes[slot + 1 :]) % sizes[slot]
        parts.append(pc.take(listed.csv if form == "csv" else listed.plain, array_of(index)))
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, constant_text(""))


def plain_number(values: Numbers, decimals: int = 0) -> Column:
    """Non-negative integers in units of 10^-decimals as `123.45`: no leading zeros, no grouping."""
    if not decimals:
        return (array_of(values).cast(pa.string()),)
    if decimals == _FEW_DECIMALS and values.max(initial=0) < _FEW_NUMBERS:
        return (Pick(_few_numbers(), values.astype(np.int32)),)
    whole = values // 10**decimals
    rest = (values - whole * 10**decimals).astype(np.int32)
    return (array_of(whole).cast(pa.string()), Pick(_decimals(decimals), rest))


@cache
def _few_numbers() -> Texts:
    numbers = np.arange(_FEW_NUMBERS)
    plain = column_text(
        (
            array_of(numbers // 1_000).cast(pa.string()),
            Pick(_decimals(3), (numbers % 1_000).astype(np.int32)),
        ),
        _FEW_NUMBERS,
        "plain",
    )
    return Texts(plain, plain)


@cache
def _decimals(decimals: int) -> Texts:
    return texts(f".{number:0{decimals}d}" for number in range(10**decimals))


def sparse(present: Numbers, values: pa.Array) -> pa.Array:
    """One text per entry of `present`: the next of `values` where true, else the empty text."""
    return pc.replace_with_mask(
        pa.repeat(constant_text(""), len(present)), array_of(present), values
    )


def sparse_number(present: Numbers, values: Numbers) -> pa.Array:
    """Whole numbers where present, else the empty text; one entry each."""
    return sparse(present, array_of(values[present]).cast(pa.string()))
