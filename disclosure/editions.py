"""All editions as one system: what an earlier one published is known, what it hid stays hidden.

Defines: `assembled`, `Assembled`, `RECORD`. A cell of two editions with the same value is one cell;
a revised one is two. Each edition's relations hold between the cells that its reader sees: its own
rows, and older ones of periods and measures that it leaves out. Differences between editions are
therefore part of the same linear programmes.
Add here what else an earlier edition tells. Keep out: how cells are chosen (suppress.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.measures import Measure
from disclosure.over_time import time_relations
from disclosure.relations import Hierarchies, Relations, View, joined, relations_of
from disclosure.space import Booleans, Floats, Keys, Space, find
from disclosure.suppress import System

# Columns of an edition's record beside the axes: internal, never published.
RECORD = {
    "value": pl.Float64,
    "is_published": pl.Boolean,
    "need": pl.Float64,
    "is_single": pl.Boolean,
}
# What hiding costs against its value where the same cell of another period was hidden before:
# a pattern that moves tells more and is harder to read.
_HABIT = 0.25


@dataclass(frozen=True)
class Assembled:
    """The system, and of the newest edition's rows (rows,), in the order of their keys `key`:

    cell: their numbers in the system; kept: an earlier edition hid the cell of this key; known: an
    earlier edition published this very value. gone: keys that an earlier edition hid and that are
    zero now.
    """

    system: System
    key: Keys
    cell: Keys
    kept: Booleans
    known: Booleans
    gone: Keys


def assembled(
    space: Space,
    editions: Sequence[pl.DataFrame],
    measures: Mapping[str, Measure],
    hierarchies: Hierarchies,
) -> Assembled:
    """Join records of editions (columns of all axes and `RECORD`), the oldest first.

    Of the newest, `is_published` says what is not sensitive. Raises UsageError when a total of the
    newest is not the sum of its members.
    """
    value, need = np.zeros(0), np.zeros(0)
    published, single = np.zeros(0, np.bool_), np.zeros(0, np.bool_)
    hidden_keys = np.zeros(0, np.int64)
    latest = _View(*(np.zeros(0, np.int64),) * 2)
    views: list[tuple[View, Mapping[str, Measure]]] = []
    for number, edition in enumerate(editions):
        keys = space.keys(edition)
        order = np.argsort(keys)
        keys, rows = keys[order], edition[order]
        own_value = rows["value"].to_numpy()
        at = find(latest.keys, keys)
        same = (at >= 0) & (value[latest.cell[at]] == own_value if len(latest.cell) else at >= 0)
        cell = np.where(same, latest.cell[at] if len(latest.cell) else at, -1)
        cell[~same] = len(value) + np.arange(int((~same).sum()))
        newest = number == len(editions) - 1
        value = np.r_[value, own_value[~same]]
        grown = len(value) - len(need)
        need = np.r_[need, np.zeros(grown)]
        published = np.r_[published, np.zeros(grown, np.bool_)]
        single = np.r_[single, np.zeros(grown, np.bool_)]
        need[cell] = np.maximum(need[cell], rows["need"].to_numpy())
        single[cell] |= rows["is_single"].to_numpy()
        open_rows = rows["is_published"].to_numpy()
        if not newest:
            published[cell] |= open_rows
            hidden_keys = np.union1d(hidden_keys, keys[~open_rows])
        latest, view = _seen(space, latest, keys, cell, value)
        views.append((view, measures))
    relations, value, gaps = _relations(space, views, value, hierarchies)
    many = len(value)
    need = np.r_[need, np.zeros(gaps)]
    published = np.r_[published, np.zeros(gaps, np.bool_)]
    single = np.r_[single, np.zeros(gaps, np.bool_)]
    kept = np.isin(keys, hidden_keys)
    known = published[cell]
    hidden = ~published
    hidden[cell] = ~known & (kept | ~open_rows)
    free = np.zeros(many, np.bool_)
    free[cell] = ~known & ~hidden[cell]
    cost = value.copy()
    step = space.strides["period"]
    rest = keys - space.codes(keys, "period") * step
    habit = np.isin(rest, hidden_keys - space.codes(hidden_keys, "period") * step)
    cost[cell[habit]] *= _HABIT
    present = np.unique(_pairs(space, keys))
    gone = hidden_keys[np.isin(_pairs(space, hidden_keys), present)]
    return Assembled(
        System(value, need, hidden, free, single, cost, relations),
        keys,
        cell,
        kept,
        known,
        gone[find(keys, gone) < 0],
    )


@dataclass(frozen=True)
class _View:
    keys: Keys
    cell: Keys


def _pairs(space: Space, keys: Keys) -> Keys:
    """The part of keys that says period and measure."""
    return sum(
        (space.codes(keys, axis) * space.strides[axis] for axis in ("period", "measure")),
        np.zeros(len(keys), np.int64),
    )


def _seen(space: Space, latest: _View, keys: Keys, cell: Keys, value: Floats) -> tuple[_View, View]:
    """What a reader of the newest edition sees: its rows, and older ones that it leaves out."""
    older = ~np.isin(_pairs(space, latest.keys), np.unique(_pairs(space, keys)))
    all_keys = np.r_[keys, latest.keys[older]]
    all_cells = np.r_[cell, latest.cell[older]]
    own = np.r_[np.ones(len(keys), np.bool_), np.zeros(int(older.sum()), np.bool_)]
    order = np.argsort(all_keys)
    seen = _View(all_keys[order], all_cells[order])
    return seen, View(seen.keys, value[seen.cell], seen.cell, own[order])


def _relations(
    space: Space,
    views: Sequence[tuple[View, Mapping[str, Measure]]],
    value: Floats,
    hierarchies: Hierarchies,
) -> tuple[Relations, Floats, int]:
    """Relations of all views, values with those of the gaps behind, and the number of gaps."""
    parts = []
    before = len(value)
    for number, (view, measures) in enumerate(views):
        # What an older edition failed to add up is over; only the newest can still be mended.
        if number < len(views) - 1:
            seen = View(view.keys, view.value, view.cell, np.zeros(len(view.own), np.bool_))
        else:
            seen = view
        parts.append(relations_of(space, seen, measures, hierarchies))
        found, gaps = time_relations(space, seen, measures, len(value))
        parts.append(found)
        value = np.r_[value, gaps.value]
    return joined(parts), value, len(value) - before
