"""Cells as numbers: one 64-bit key a cell, so that totals are found by arithmetic and not by joins.

Defines: `Space`, `Keys`, `find`. A key is the mixed-radix number of the cell's codes on the axes
period, measure, dimensions; moving to the total of one axis is one addition.
Add here what is about keys alone. Keep out: values, relations.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from foundation.errors import UsageError

Keys = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

TOTAL = "_T"


@dataclass(frozen=True)
class Space:
    """The axes of a table: for each its words in ascending order, and its stride in a key."""

    words: Mapping[str, tuple[str, ...]]
    strides: Mapping[str, int]

    @property
    def axes(self) -> tuple[str, ...]:
        """period, measure, d_..."""
        return tuple(self.words)

    def code(self, axis: str, word: str) -> int:
        """Position of a word on its axis, -1 for a word that no cell and no hierarchy has."""
        at = self.words[axis]
        found = bisect_left(at, word)
        return found if found < len(at) and at[found] == word else -1

    def keys(self, cells: pl.DataFrame) -> Keys:
        """(n,) keys of the rows of a frame with the columns of all axes."""
        total = np.zeros(cells.height, np.int64)
        for axis, words in self.words.items():
            codes = cells[axis].cast(pl.Enum(words)).to_physical().to_numpy()
            total += codes.astype(np.int64) * self.strides[axis]
        return total

    def codes(self, keys: Keys, axis: str) -> Keys:
        """(n,) codes of keys on one axis."""
        return (keys // self.strides[axis]) % len(self.words[axis])

    def pairs(self, keys: Keys) -> Keys:
        """(n,) the part of keys that says period and measure."""
        period, measure = (self.codes(keys, axis) for axis in ("period", "measure"))
        return period * self.strides["period"] + measure * self.strides["measure"]

    def name(self, key: int) -> str:
        """A cell in words, for a message."""
        words = {
            axis: self.words[axis][int(self.codes(np.array([key]), axis)[0])] for axis in self.axes
        }
        return ", ".join(f"{axis} {word}" for axis, word in words.items())


def space_of(frames: Iterable[pl.DataFrame], more: Mapping[str, Iterable[str]]) -> Space:
    """The space of all frames (columns period, measure, d_...) and of more words by axis.

    Raises UsageError when the axes together have more cells than a key can number.
    """
    frames = list(frames)
    words: dict[str, tuple[str, ...]] = {}
    for axis in axes_of(frames[0]):
        found = {word for frame in frames for word in frame[axis].unique().to_list()}
        words[axis] = tuple(sorted(found | set(more.get(axis, ()))))
    strides: dict[str, int] = {}
    size = 1
    for axis, at in words.items():
        strides[axis] = size
        size *= len(at)
    if size >= 2**62:
        raise UsageError(
            f"the axes of the table have {size:.1e} possible cells",
            where="dimensions of the table",
            remedy="hand over fewer dimensions at a time",
        )
    return Space(words, strides)


def axes_of(cells: pl.DataFrame) -> list[str]:
    """period, measure and the dimensions of a frame, in its order."""
    return ["period", "measure", *(name for name in cells.columns if name.startswith("d_"))]


def find(sorted_keys: Keys, wanted: Keys) -> Keys:
    """(n,) positions of `wanted` among ascending keys, -1 where it is not there."""
    if not len(sorted_keys):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == wanted, at, -1)
