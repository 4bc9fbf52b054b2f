"""Relations over time: months, quarters, the year and sums since January are one line of months.

Defines: `time_relations`. Of a measure and its ytd, each published period is a stretch of a year's
twelve months. Where published stretches leave a gap between two published dates, the gap is a cell
of its own that nobody publishes: at least zero, and often known by subtraction.
Add here another way in which periods add up. Keep out: growth (it is a ratio, derived.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from disclosure.measures import Measure
from disclosure.periods import period_of
from disclosure.relations import Relations, View, joined, rows_of
from disclosure.space import Floats, Keys, Space, find


@dataclass(frozen=True)
class _Edge:
    """A published stretch: the key of its measure and period, and its months."""

    offset: int
    start: int
    end: int


def time_relations(
    space: Space, view: View, measures: Mapping[str, Measure], first_gap: int
) -> Relations:
    """Relations between periods of one measure and its ytd; gaps are numbered from `first_gap`.

    Raises UsageError when a quarter, a year or a sum since January is not the sum of its months.
    """
    parts: list[Relations] = []
    for name, measure in measures.items():
        if measure.kind != "additive":
            continue
        family = [name, *(m.name for m in measures.values() if m.kind == "ytd" and m.of == name)]
        for edges in _years(space, view, family):
            parts.append(_one_year(space, view, edges, first_gap))
            first_gap += len(parts[-1].gap)
    return joined(parts)


def _years(space: Space, view: View, family: list[str]) -> list[list[_Edge]]:
    """For each year the stretches of a family of measures that have any row."""
    pairs = np.unique(
        space.codes(view.keys, "period") * space.strides["period"]
        + space.codes(view.keys, "measure") * space.strides["measure"]
    )
    codes = {space.code("measure", name): number for number, name in enumerate(family)}
    years: dict[int, list[_Edge]] = {}
    for offset in pairs:
        number = codes.get(int(space.codes(offset, "measure")))
        if number is None:
            continue
        period = period_of(space.words["period"][int(space.codes(offset, "period"))])
        start = period.start if number == 0 else 0
        years.setdefault(period.year, []).append(_Edge(int(offset), start, period.end))
    return [years[year] for year in sorted(years)]


def _one_year(space: Space, view: View, edges: list[_Edge], first_gap: int) -> Relations:
    edges = sorted(edges, key=lambda edge: (edge.end - edge.start, edge.start, edge.offset))
    dates = sorted({date for edge in edges for date in (edge.start, edge.end)})
    base = space.strides["period"], len(space.words["period"])
    rest = view.keys - space.codes(view.keys, "period") * base[0]
    rest -= space.codes(view.keys, "measure") * space.strides["measure"]
    offset = view.keys - rest
    taken: dict[tuple[int, int], _Edge] = {}
    for edge in edges:
        if dates.index(edge.end) - dates.index(edge.start) == 1:
            taken.setdefault((edge.start, edge.end), edge)
    reached = _reached(edges, dates)
    pairs_of: dict[bool, list[tuple[Keys, Keys]]] = {True: [], False: []}
    keys, value, cell, own = [view.keys], [view.value], [view.cell], [view.own]
    more: dict[tuple[int, int], tuple[Keys, Keys]] = {}
    extra = 0
    for edge in edges:
        steps = [step for step in pairwise(dates) if edge.start <= step[0] and step[1] <= edge.end]
        if steps == [(edge.start, edge.end)] and taken[steps[0]] is edge:
            continue
        heads = np.flatnonzero(offset == edge.offset)
        complete = True
        pairs = []
        for step in steps:
            if step in taken:
                at = find(view.keys, rest[heads] + taken[step].offset)
                pairs.append((heads[at >= 0], at[at >= 0]))
            elif all(date in reached for date in step):
                if step not in more:
                    gap_rest, gap_value = _gap(view, rest, offset, edges, reached, step)
                    at = np.arange(len(gap_rest)) + len(view.keys) + extra
                    more[step] = gap_rest, at
                    extra += len(gap_rest)
                    keys.append(gap_rest + edge.offset)
                    value.append(gap_value)
                    cell.append(first_gap + at - len(view.keys))
                    own.append(np.ones(len(gap_rest), np.bool_))
                gap_rest, numbers = more[step]
                at = find(gap_rest, rest[heads])
                pairs.append((heads[at >= 0], numbers[at[at >= 0]]))
            else:
                # Nothing published says how large this gap is: it is taken for known.
                complete = False
        pairs_of[complete] += pairs
    wide = View(
        np.concatenate(keys), np.concatenate(value), np.concatenate(cell), np.concatenate(own)
    )
    none = np.zeros(0, np.int64)
    found = [Relations(none, none, none.astype(np.int8), wide.value[len(view.keys) :])]
    for complete, pairs in pairs_of.items():
        if pairs:
            total = np.concatenate([total for total, _ in pairs])
            member = np.concatenate([member for _, member in pairs])
            next_gap = first_gap + sum(len(part.gap) for part in found)
            found.append(
                rows_of(space, wide, "period", total, member, next_gap, is_complete=complete)
            )
    return joined(found)


def _reached(edges: list[_Edge], dates: list[int]) -> dict[int, dict[_Edge, int]]:
    """Date -> the sum up to it as edges with +1 or -1, for dates that lead back to the first."""
    reached: dict[int, dict[_Edge, int]] = {dates[0]: {}}
    changed = True
    while changed:
        changed = False
        for edge in edges:
            for near, far, sign in ((edge.start, edge.end, 1), (edge.end, edge.start, -1)):
                if near in reached and far not in reached:
                    path = dict(reached[near])
                    path[edge] = path.get(edge, 0) + sign
                    reached[far] = path
                    changed = True
    return reached


def _gap(
    view: View,
    rest: Keys,
    offset: Keys,
    edges: list[_Edge],
    reached: dict[int, dict[_Edge, int]],
    step: tuple[int, int],
) -> tuple[Keys, Floats]:
    """Rest keys, ascending, that have a positive gap, and its value."""
    rests = np.unique(rest[np.isin(offset, [edge.offset for edge in edges])])
    total = np.zeros(len(rests))
    for date, factor in ((step[1], 1), (step[0], -1)):
        for edge, sign in reached[date].items():
            at = find(view.keys, rests + edge.offset)
            total += factor * sign * np.where(at >= 0, view.value[np.maximum(at, 0)], 0.0)
    return rests[total > 1e-6], total[total > 1e-6]
