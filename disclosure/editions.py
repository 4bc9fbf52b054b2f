"""All editions as one system: what an earlier one published is known, what it hid stays hidden.

Defines: `assembled`, `Assembled`, `RECORD`. A cell of two editions with the same value is one cell;
a revised one is two that differ by the revision. Each edition's relations hold between the cells
that its reader sees: its own rows, and older ones of periods and measures that it leaves out. So
differences between editions are part of the same linear programmes.
Add here what else an earlier edition tells. Keep out: how cells are chosen (suppress.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.cells import ROLES
from disclosure.measures import Measure
from disclosure.over_time import time_relations
from disclosure.relations import Hierarchies, Relations, View, joined, relations_of
from disclosure.space import Booleans, Floats, Keys, Space, find
from disclosure.suppress import Changes, System, no_changes
from disclosure.together import group_of, with_siblings

# Columns of an edition's record beside the axes: internal, never published.
RECORD = {
    "value": pl.Float64,
    "is_published": pl.Boolean,
    "need": pl.Float64,
    **{f"{role}_owner": pl.String for role in ROLES},
}
# What hiding costs against its value where the same cell of another period was hidden before:
# a pattern that moves tells more and is harder to read.
_HABIT = 0.25


@dataclass(frozen=True)
class Assembled:
    """The system, and of the newest edition's rows (rows,), in the order of their keys `key`:

    cell: their numbers in the system; kept: an earlier edition hid the cell of this key, or of one
    that is hidden together with it; lost: is sensitive, and an earlier edition published its value
    or one closer than its need. gone: keys that an earlier edition hid and that are zero now.
    """

    system: System
    key: Keys
    cell: Keys
    kept: Booleans
    lost: Booleans
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
    codes = _owner_codes(editions)
    cells = _Cells(
        np.zeros(0), np.zeros(0), np.zeros(0, np.bool_), np.zeros((0, len(ROLES)), np.int64)
    )
    hidden_keys = none = np.zeros(0, np.int64)
    latest = _Seen(none, none)
    views: list[View] = []
    links: list[tuple[Keys, Keys]] = []
    for number, edition in enumerate(editions):
        keys = space.keys(edition)
        order = np.argsort(keys)
        keys, rows = keys[order], edition[order]
        value, is_open = rows["value"].to_numpy(), rows["is_published"].to_numpy()
        cell, revised = cells.joined_by(latest, keys, value)
        links.append(revised)
        cells.need[cell] = np.maximum(cells.need[cell], rows["need"].to_numpy())
        for role, owners in enumerate(codes):
            of_row = rows[f"{ROLES[role]}_owner"].replace_strict(owners, default=-1)
            cells.owner[cell, role] = of_row.to_numpy()
        if number < len(editions) - 1:
            cells.published[cell] |= is_open
            hidden_keys = np.union1d(hidden_keys, keys[~is_open])
        latest, view = _view(space, latest, keys, cell, cells.value)
        views.append(view)
    # An edition from before a measure was published binds that measure too.
    hidden_keys = with_siblings(space, hidden_keys, measures)
    kept, known = np.isin(keys, hidden_keys), cells.published[cell]
    old, new = links[-1]
    # What an earlier edition published close to a sensitive value cannot be taken back.
    near = np.abs(cells.value[new] - cells.value[old]) < cells.need[new]
    lost = np.union1d(cell[known & ~is_open], new[near & cells.published[old]])
    cells.need[lost] = 0.0
    parts = _relations(space, views, links, measures, hierarchies, cells.value)
    relations = joined(parts)
    cells.grow(relations.gap)
    changes = no_changes()
    if len(views) > 1:
        # The parts of the newest edition but the last, which links revised cells.
        changes = _changes(space, joined(parts[-3:-1]), views[-2], views[-1], cells.value)
    hidden = ~cells.published
    hidden[cell] = ~known & (kept | ~is_open)
    free = np.zeros(len(hidden), np.bool_)
    free[cell] = ~known & ~hidden[cell]
    group = np.full(len(hidden), -1, np.int64)
    numbers = group_of(space, keys, measures)
    group[cell] = np.where(np.bincount(numbers)[numbers] > 1, numbers, -1)
    cost = cells.value.copy()
    step = space.strides["period"]
    rest = keys - space.codes(keys, "period") * step
    habit = np.isin(rest, hidden_keys - space.codes(hidden_keys, "period") * step)
    cost[cell[habit]] *= _HABIT
    gone = hidden_keys[np.isin(space.pairs(hidden_keys), np.unique(space.pairs(keys)))]
    return Assembled(
        System(cells.value, cells.need, hidden, free, cells.owner, cost, relations, changes, group),
        keys,
        cell,
        kept,
        np.isin(cell, lost),
        gone[find(keys, gone) < 0],
    )


@dataclass
class _Cells:
    """Arrays (cells,) that grow with each edition."""

    value: Floats
    need: Floats
    published: Booleans
    owner: Keys

    def grow(self, value: Floats) -> None:
        """More cells, of which nothing but the value is known."""
        self.value = np.r_[self.value, value]
        self.need = np.r_[self.need, np.zeros(len(value))]
        self.published = np.r_[self.published, np.zeros(len(value), np.bool_)]
        self.owner = np.r_[self.owner, np.full((len(value), len(ROLES)), -1, np.int64)]

    def joined_by(self, seen: "_Seen", keys: Keys, value: Floats) -> tuple[Keys, tuple[Keys, Keys]]:
        """Numbers of an edition's cells, new where the value is; and (old, new) of revised ones."""
        at = find(seen.keys, keys)
        old = np.full(len(keys), -1, np.int64)
        old[at >= 0] = seen.cell[at[at >= 0]]
        same = (old >= 0) & (self.value[np.maximum(old, 0)] == value if len(self.value) else False)
        cell = old.copy()
        cell[~same] = len(self.value) + np.arange(int((~same).sum()))
        self.grow(value[~same])
        is_revised = (old >= 0) & ~same
        return cell, (old[is_revised], cell[is_revised])


@dataclass(frozen=True)
class _Seen:
    keys: Keys
    cell: Keys


def _owner_codes(editions: Sequence[pl.DataFrame]) -> list[dict[str, int]]:
    """For each role the number of each single contributor; -2 for one that nobody names."""
    found = []
    for role in ROLES:
        names = pl.concat([edition[f"{role}_owner"] for edition in editions]).drop_nulls().unique()
        known = sorted(set(names.to_list()) - {""})
        found.append({"": -2} | {name: number for number, name in enumerate(known)})
    return found


def _view(space: Space, latest: _Seen, keys: Keys, cell: Keys, value: Floats) -> tuple[_Seen, View]:
    """What a reader of the newest edition sees: its rows, and older ones that it leaves out."""
    older = ~np.isin(space.pairs(latest.keys), np.unique(space.pairs(keys)))
    all_keys = np.r_[keys, latest.keys[older]]
    all_cells = np.r_[cell, latest.cell[older]]
    own = np.r_[np.ones(len(keys), np.bool_), np.zeros(int(older.sum()), np.bool_)]
    order = np.argsort(all_keys)
    seen = _Seen(all_keys[order], all_cells[order])
    return seen, View(seen.keys, value[seen.cell], seen.cell, own[order])


def _relations(
    space: Space,
    views: Sequence[View],
    links: Sequence[tuple[Keys, Keys]],
    measures: Mapping[str, Measure],
    hierarchies: Hierarchies,
    value: Floats,
) -> list[Relations]:
    """For each view, the oldest first: relations of its cells, over time, with what was revised."""
    parts: list[Relations] = []
    next_gap = len(value)
    for number, (view, (old, new)) in enumerate(zip(views, links, strict=True)):
        # What an older edition failed to add up is over; only the newest can still be mended.
        own = view.own & (number == len(views) - 1)
        seen = View(view.keys, view.value, view.cell, own)
        parts.append(relations_of(space, seen, measures, hierarchies, next_gap))
        next_gap += len(parts[-1].gap)
        parts.append(time_relations(space, seen, measures, next_gap))
        next_gap += len(parts[-1].gap)
        # Before and after differ by the revision, which is all that a reader does not know of it.
        rows = np.arange(len(old))
        sign = np.repeat(np.array([1, -1, -1], np.int8), len(old))
        cell = np.r_[new, old, next_gap + rows]
        change = np.abs(value[new] - value[old])
        parts.append(Relations(np.tile(rows, 3), cell, sign, change))
        next_gap += len(old)
    return parts


def _changes(space: Space, relations: Relations, before: View, now: View, value: Floats) -> Changes:
    """Relations of the newest view less what they said a view before.

    What was not revised falls out; what was moves by no more than its revision. Relations with a
    cell of a period and measure that the view before lacks say nothing of a change.
    """
    at = find(before.keys, now.keys)
    known = np.isin(space.pairs(now.keys), np.unique(space.pairs(before.keys)))
    old = np.full(len(value), np.nan)
    old[now.cell] = np.where(known, 0.0, np.nan)
    old[now.cell[at >= 0]] = value[before.cell[at[at >= 0]]]
    row, cell = relations.row, relations.cell
    rest = np.bincount(row, relations.sign * old[cell], relations.count)
    size = np.bincount(row, old[cell], relations.count)
    holds = np.abs(rest) <= 1e-9 * size + 1e-6
    change = np.abs(value[cell] - old[cell])
    keep = holds[row] & (change > 0)
    return Changes(np.unique(row[keep], return_inverse=True)[1], cell[keep], change[keep])
