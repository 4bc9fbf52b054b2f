"""An attacker on public editions, written from the published files alone.

Reads cells.csv, hierarchies.csv and measures.json of one or more editions, writes down every
equation that they imply, and asks a linear programme for the least and the largest value of each
hidden cell. It shares no line with the package `disclosure`.
Add here another inference that a reader could draw. Keep out: what the truth is (the tests know).
"""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

Key = tuple[str, ...]  # period, measure, codes of dimensions
Variable = tuple[int, Key]  # edition, cell


class Attack:
    """Everything that editions (oldest first) say, as bounds and linear equations.

    revised: what the attacker believes of a cell from one edition (its number) to the next: the
    least and the largest amount by which it was revised. By default he believes nothing.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        revised: Callable[[Key, int], tuple[float, float]] | None = None,
    ) -> None:
        self.bounds: dict[Variable, tuple[float, float]] = {}
        self.equations: list[tuple[list[tuple[Variable, float]], float]] = []
        self.hidden: list[dict[Key, str]] = []
        self._cells: list[dict[Key, tuple[str, str, int]]] = []
        self._views: list[dict[Key, Variable]] = []
        self._pairs: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        self._revised = revised
        for number, folder in enumerate(folders):
            self._one_edition(number, folder)

    def _one_edition(self, number: int, folder: Path) -> None:
        with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        axes = [name for name in rows[0] if name.startswith("d_")]
        cells = {
            (row["period"], row["measure"], *(row[axis] for axis in axes)): (
                row["value"],
                row["status"],
                int(row["rounding"]),
            )
            for row in rows
        }
        self._cells.append(cells)
        self.hidden.append({key: status for key, (_, status, _) in cells.items() if status})
        measures = {one["name"]: one for one in json.loads((folder / "measures.json").read_text())}
        linear = {name for name, one in measures.items() if one["kind"] in {"additive", "ytd"}}
        for key, (value, _, rounding) in cells.items():
            if key[1] in linear:
                half = rounding / 2
                known = (max(0.0, float(value) - half), float(value) + half) if value else None
                self.bounds[number, key] = known or (0.0, np.inf)
        with (folder / "hierarchies.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                axis = 2 + axes.index("d_" + row["dimension"])
                # What lies in what he also knows from editions that had more members.
                if row["child"] not in self._pairs[axis, row["parent"]]:
                    self._pairs[axis, row["parent"]].append(row["child"])
        present = {key[:2] for key in cells}
        view = {key: (number, key) for key in cells if key[1] in linear}
        if number and self._revised:
            # What the newest edition leaves out, the reader takes from the one before.
            codes = {key[2:] for key in (*view, *self._views[-1])}
            for pair in {key[:2] for key in self._views[-1]} - present:
                for key in ((*pair, *rest) for rest in codes):
                    is_new = key not in self._views[-1] and self._revised(key, number - 1)[1] > 0
                    if key in self._views[-1] or is_new:
                        view[key] = number, key
                        top = self._revised(key, number - 1)[1] if is_new else np.inf
                        self.bounds[number, key] = (0.0, top)
            present |= {key[:2] for key in self._views[-1]}
            for key in view.keys() & self._views[-1].keys():
                change: Variable = (number, ("revision", *key))
                self.bounds[change] = self._revised(key, number - 1)
                terms = [(view[key], 1.0), (self._views[-1][key], -1.0), (change, -1.0)]
                self.equations.append((terms, 0.0))
        self._views.append(view)
        self._sums(view)
        self._time(view, measures, present)
        self._ratios(view, measures, cells, axes)

    def _add(self, total: Variable, members: Iterable[Variable]) -> None:
        self.equations.append(([(total, 1.0), *((one, -1.0) for one in members)], 0.0))

    def _sums(self, view: dict[Key, Variable]) -> None:
        totals: defaultdict[tuple[int, str], list[Key]] = defaultdict(list)
        for key in view:
            for axis in range(2, len(key)):
                totals[axis, key[axis]].append(key)
        for (axis, parent), children in self._pairs.items():
            for key in totals[axis, parent]:
                keys = ((*key[:axis], child, *key[axis + 1 :]) for child in children)
                members = [view[one] for one in keys if one in view]
                if members:
                    self._add(view[key], members)

    def _time(
        self, view: dict[Key, Variable], measures: dict[str, dict], present: set[tuple[str, ...]]
    ) -> None:
        """A quarter, a year and a sum since January against all that they are made of."""
        for key, total in view.items():
            period, measure = key[0], key[1]
            of = measures[measure]["of"] if measures[measure]["kind"] == "ytd" else measure
            year = period[:4]
            months = [f"{year}-{month:02d}" for month in range(1, 13)]
            quarters = [f"{year}-Q{quarter}" for quarter in range(1, 5)]
            ways: list[list[tuple[str, str]]] = []
            if measures[measure]["kind"] == "ytd":
                last = int(period[5:7])
                ways.append([(month, of) for month in months[:last]])
                ways += [
                    [(f"{year}-{first:02d}", measure), *((m, of) for m in months[first:last])]
                    for first in range(1, last)
                ]
                if last % 3 == 0:
                    ways.append([(quarter, of) for quarter in quarters[: last // 3]])
                    ways.append(
                        [(f"{year}-{last - 3:02d}", measure), (quarters[last // 3 - 1], of)]
                    )
                if last == 12:
                    ways.append([(year, of)])
            elif "Q" in period:
                ways.append([(m, of) for m in months[3 * int(period[6]) - 3 : 3 * int(period[6])]])
            elif len(period) == 4:
                ways += [[(quarter, of) for quarter in quarters], [(m, of) for m in months]]
            for way in ways:
                keys = [(*pair, *key[2:]) for pair in way]
                members = [view[one] for one in keys if one in view]
                if all(pair in present for pair in way):
                    if members:
                        self._add(total, members)
                elif members:
                    rest = (total[0], ("rest", *map(str, way[0]), *key))
                    self.bounds[rest] = (0.0, np.inf)
                    self._add(total, [*members, rest])

    def _ratios(
        self,
        view: dict[Key, Variable],
        measures: dict[str, dict],
        cells: dict[Key, tuple[str, str, int]],
        axes: list[str],
    ) -> None:
        for key, (value, _, _) in cells.items():
            kind, of, over = (measures[key[1]][name] for name in ("kind", "of", "over"))
            if not value or kind not in {"share", "growth"}:
                continue
            top = (key[0], of, *key[2:])
            if kind == "share":
                axis = 2 + axes.index("d_" + over)
                base = (*top[:axis], "_T", *top[axis + 1 :])
                factor = float(value) / 100
            else:
                base = (back(key[0], int(over or 1)), *top[1:])
                factor = 1 + float(value) / 100
            if top in view and base in view:
                self.equations.append(([(view[top], 1.0), (view[base], -factor)], 0.0))

    def intervals(self, wanted: Iterable[Variable]) -> dict[Variable, tuple[float, float]]:
        """Least and largest value of each wanted variable that all equations allow."""
        names = list(self.bounds)
        number = {name: at for at, name in enumerate(names)}
        low = np.array([self.bounds[name][0] for name in names])
        high = np.array([self.bounds[name][1] for name in names])
        row, column, entry = [], [], []
        for at, (terms, _) in enumerate(self.equations):
            for variable, factor in terms:
                row.append(at)
                column.append(number[variable])
                entry.append(factor)
        shape = (len(self.equations), len(names))
        matrix = sparse.csr_array((entry, (row, column)), shape=shape)
        fixed = low == high
        right = -(matrix @ np.where(fixed, low, 0.0))
        open_part = matrix[:, np.flatnonzero(~fixed)]
        at_open = np.cumsum(~fixed) - 1
        graph = sparse.block_array([[None, abs(open_part)], [abs(open_part).T, None]]).tocsr()
        label = connected_components(graph, directed=False)[1]
        rows = open_part.shape[0]
        found: dict[Variable, tuple[float, float]] = {}
        blocks: dict[int, tuple] = {}
        for name in wanted:
            at = number[name]
            if fixed[at]:
                found[name] = (low[at], high[at])
                continue
            block = int(label[rows + at_open[at]])
            if block not in blocks:
                mine = np.flatnonzero(label[:rows] == block)
                columns = np.flatnonzero(label[rows:] == block)
                scale = max(np.abs(right[mine]).max(initial=0.0), 1.0)
                bounds = np.array([low[~fixed][columns], high[~fixed][columns]]).T / scale
                blocks[block] = (
                    open_part[mine][:, columns],
                    right[mine] / scale,
                    bounds,
                    columns,
                    scale,
                )
            part, known, bounds, columns, scale = blocks[block]
            target = (columns == at_open[at]).astype(float)
            ends = []
            for sign in (1.0, -1.0):
                done = linprog(
                    sign * target,
                    A_eq=part if part.shape[0] else None,
                    b_eq=known if part.shape[0] else None,
                    bounds=bounds,
                    method="highs",
                )
                assert done.status in {0, 3}, (name, done.message)  # optimal, or unbounded
                ends.append(sign * done.fun * scale if done.status == 0 else -sign * np.inf)
            found[name] = ends[0], ends[1]
        return found


def back(period: str, steps: int) -> str:
    """The period `steps` of its own length before."""
    if len(period) == 4:
        return str(int(period) - steps)
    per_year = 4 if "Q" in period else 12
    count = (
        int(period[:4]) * per_year + int(period[6:] if "Q" in period else period[5:]) - 1 - steps
    )
    year, at = divmod(count, per_year)
    return f"{year}-Q{at + 1}" if "Q" in period else f"{year}-{at + 1:02d}"


def reappeared(attack: Attack) -> list[Key]:
    """Cells that one edition hides and a later one shows."""
    found = []
    for older in range(len(attack.hidden)):
        for newer in range(older + 1, len(attack.hidden)):
            shown = {key for key, (value, _, _) in attack._cells[newer].items() if value}
            pairs = {key[:2] for key in attack._cells[newer]}
            gone = {k for k in attack.hidden[older] if k[:2] in pairs} - set(attack._cells[newer])
            found += sorted((shown & set(attack.hidden[older])) | gone)
    return found


def known_within(
    intervals: dict[Variable, tuple[float, float]], truth: Callable[[Variable], float], pct: float
) -> list[tuple[Variable, float, float, float]]:
    """Cells whose value is known better than to pct percent upwards or downwards."""
    found = []
    for name, (low, high) in intervals.items():
        value = truth(name)
        near = pct / 100 * value * (1 - 1e-4)
        if high - value < near or value - low < near:
            found.append((name, low, value, high))
    return found
