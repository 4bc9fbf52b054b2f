"""The linear relations between cells: totals of dimensions, parts of measures, sums over time.

Defines: `Hierarchies`, `View`, `Relations`, `relations_of`. A relation says: a total equals the sum
of its members. It holds where the total has a row and at least one member has one; an absent row
is zero. A relation that the figures break is refused, unless it mixes editions: then a cell that
nobody publishes, as large as what the revisions amount to, is the rest.
Add here another axis along which cells add up. Keep out: which cells are hidden (suppress.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from disclosure.measures import LINEAR, Measure
from disclosure.space import TOTAL, Booleans, Floats, Keys, Space, find
from foundation.errors import UsageError

# Figures are sums of exact decimals; what differs by more is no rounding of a float.
_RELATIVE, _ABSOLUTE = 1e-9, 1e-6

# Dimension column -> (parent, child) pairs.
Hierarchies = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class View:
    """What a reader sees at one time: cells (n,) in ascending order of their keys.

    cell: the number of the cell in the whole system. own: false for a row of an older edition
    whose period and measure the newest one leaves out.
    """

    keys: Keys
    value: Floats
    cell: Keys
    own: Booleans


@dataclass(frozen=True)
class Relations:
    """Sparse rows (entries,): in relation `row` the cell `cell` stands with +1 (total) or -1.

    gap: values of the cells that nobody publishes and that these relations need, numbered on from
    the last cell of the system.
    """

    row: Keys
    cell: Keys
    sign: npt.NDArray[np.int8]
    gap: Floats

    @property
    def count(self) -> int:
        """Number of relations."""
        return int(self.row.max()) + 1 if len(self.row) else 0


def hierarchies_of(
    frame: pl.DataFrame, cells: pl.DataFrame
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Per dimension column of `cells` the (parent, child) pairs of dimension, parent, child.

    A dimension whose hierarchy never names the total gets it above all codes without a parent.
    Raises UsageError: an unknown dimension, a code below itself.
    """
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for axis in (name for name in cells.columns if name.startswith("d_")):
        rows = frame.filter(pl.col("dimension") == axis[2:])
        pairs = set(zip(rows["parent"].to_list(), rows["child"].to_list(), strict=True))
        if TOTAL not in {parent for parent, _ in pairs}:
            codes = set(cells[axis].unique().to_list()) | {parent for parent, _ in pairs}
            roots = codes - {child for _, child in pairs} - {TOTAL}
            pairs |= {(TOTAL, code) for code in roots}
        _refuse_circles(axis, pairs)
        found[axis] = tuple(sorted(pairs))
    known = {axis[2:] for axis in found}
    if unknown := sorted(set(frame["dimension"].to_list()) - known):
        raise UsageError(
            f"the hierarchy {unknown[0]!r} belongs to no dimension of the cells",
            where="hierarchies of the table",
            remedy="name the dimension as the column d_<dimension> does",
        )
    return found


def _refuse_circles(axis: str, pairs: Iterable[tuple[str, str]]) -> None:
    below: dict[str, list[str]] = {}
    inner: dict[str, int] = {}
    for parent, child in pairs:
        below.setdefault(parent, []).append(child)
        inner[child] = inner.get(child, 0) + 1
        inner.setdefault(parent, 0)
    free = [code for code, count in inner.items() if not count]
    seen = 0
    while free:
        seen += 1
        for child in below.get(free.pop(), ()):
            inner[child] -= 1
            if not inner[child]:
                free.append(child)
    if seen < len(inner):
        raise UsageError(
            "a code stands below itself",
            where=f"hierarchy of {axis[2:]}",
            remedy="correct parent and child",
        )


def relations_of(
    space: Space,
    view: View,
    measures: Mapping[str, Measure],
    hierarchies: Hierarchies,
    first_gap: int,
) -> Relations:
    """All relations between the cells of a view along dimensions and parts of measures.

    first_gap: the number of the next cell that nobody publishes. Raises UsageError when a total of
    the newest edition is not the sum of its members.
    """
    linear = np.array(
        [word in measures and measures[word].kind in LINEAR for word in space.words["measure"]]
    )
    is_linear = linear[space.codes(view.keys, "measure")]
    parts = []
    for axis, pairs in hierarchies.items():
        for layer in _layers(space, view, axis, pairs):
            parts.append((axis, *_members(space, view, is_linear, axis, layer)))
    pairs = tuple(
        (measure.of, name)
        for name, measure in measures.items()
        if measure.kind == "additive" and measure.of is not None
    )
    if pairs:
        codes = [(space.code("measure", of), space.code("measure", name)) for of, name in pairs]
        above = np.full((1, len(linear)), -1, np.int64)
        for parent, child in codes:
            above[0, child] = parent
        layer = np.repeat(above, len(linear), axis=0)
        parts.append(("measure", *_members(space, view, is_linear, "measure", layer)))
    found: list[Relations] = []
    for axis in dict.fromkeys(axis for axis, _, _ in parts):
        total = np.concatenate([total for along, total, _ in parts if along == axis])
        member = np.concatenate([member for along, _, member in parts if along == axis])
        found.append(rows_of(space, view, axis, total, member, first_gap))
        first_gap += len(found[-1].gap)
    return joined(found)


def _layers(space: Space, view: View, axis: str, pairs: tuple[tuple[str, str], ...]) -> list[Keys]:
    """(measures, codes) parents, -1 for none; a code with two parents needs two layers.

    A code that a measure never uses is not there for it: its children hang below its parent.
    """
    many = len(space.words[axis])
    used = np.zeros((len(space.words["measure"]), many), np.bool_)
    used[space.codes(view.keys, "measure"), space.codes(view.keys, axis)] = True
    edges = [(space.code(axis, parent), space.code(axis, child)) for parent, child in pairs]
    layers: list[Keys] = []
    shapes: dict[bytes, list[int]] = {}
    for measure in np.flatnonzero(used.any(axis=1)):
        shapes.setdefault(used[measure].tobytes(), []).append(int(measure))
    for members in shapes.values():
        parents: dict[int, set[int]] = {}
        for parent, child in edges:
            parents.setdefault(child, set()).add(parent)
        is_used = used[members[0]]

        def nearest(code: int, parents: dict[int, set[int]], is_used: Booleans) -> set[int]:
            found: set[int] = set()
            for parent in parents.get(code, ()):
                found |= {parent} if is_used[parent] else nearest(parent, parents, is_used)
            return found

        for child in np.flatnonzero(is_used).tolist():
            for number, parent in enumerate(sorted(nearest(child, parents, is_used))):
                if number == len(layers):
                    layers.append(np.full(used.shape, -1, np.int64))
                layers[number][members, child] = parent
    return layers


def _members(
    space: Space, view: View, is_linear: Booleans, axis: str, layer: Keys
) -> tuple[Keys, Keys]:
    """Positions in the view: (pairs,) of totals and of their members along one axis."""
    code = space.codes(view.keys, axis)
    parent = layer[space.codes(view.keys, "measure"), code]
    member = np.flatnonzero(is_linear & (parent >= 0))
    wanted = view.keys[member] + (parent[member] - code[member]) * space.strides[axis]
    total = find(view.keys, wanted)
    return total[total >= 0], member[total >= 0]


def rows_of(
    space: Space,
    view: View,
    axis: str,
    total: Keys,
    member: Keys,
    first_gap: int,
    *,
    is_complete: bool = True,
) -> Relations:
    """Relations of (total, member) pairs of positions.

    is_complete: the members are all; else a constant that nobody publishes is the rest. A relation
    between editions that revisions break holds but for them: the rest is a cell of its own, from
    `first_gap` on.
    """
    heads, row = np.unique(total, return_inverse=True)
    sums = np.bincount(row, view.value[member], len(heads))
    rest = view.value[heads] - sums
    wrong = (np.abs(rest) if is_complete else -rest) > _RELATIVE * view.value[heads] + _ABSOLUTE
    if wrong.any():
        mixed = ~view.own[heads] | (np.bincount(row, ~view.own[member], len(heads)) > 0)
        if (wrong & ~mixed).any():
            at = int(np.flatnonzero(wrong & ~mixed)[0])
            along = "the parts of the measure" if axis == "measure" else f"the members of {axis}"
            raise UsageError(
                f"{along} sum to {sums[at]:.10g}, their total is {view.value[heads[at]]:.10g}",
                where=f"cell {space.name(int(view.keys[heads[at]]))}",
                remedy="hand over figures that add up, the unknown as a member of its own",
            )
    broken = np.flatnonzero(wrong)
    gaps = first_gap + np.arange(len(broken))
    rows = np.concatenate([np.arange(len(heads)), row, broken])
    cells = np.concatenate([view.cell[heads], view.cell[member], gaps])
    sign = np.full(len(rows), -1, np.int8)
    sign[: len(heads)] = 1
    return Relations(rows, cells, sign, np.abs(rest[broken]))


def joined(parts: Iterable[Relations]) -> Relations:
    """All relations of all parts, each once, and all their gaps."""
    parts = list(parts)
    gap = np.concatenate([np.zeros(0), *(part.gap for part in parts)])
    parts = [part for part in parts if part.count]
    if not parts:
        none = np.zeros(0, np.int64)
        return Relations(none, none, none.astype(np.int8), gap)
    starts = np.cumsum([0, *(part.count for part in parts)])
    row = np.concatenate([part.row + start for part, start in zip(parts, starts, strict=False)])
    cell = np.concatenate([part.cell for part in parts])
    sign = np.concatenate([part.sign for part in parts])
    # The same relation in two editions: equal sums of mixed cell numbers (splitmix64).
    mixed = (cell.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = np.where(sign > 0, mixed, ~mixed + np.uint64(1))
    order = np.argsort(row, kind="stable")
    row, cell, sign, mixed = row[order], cell[order], sign[order], mixed[order]
    begin = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    first = np.unique(np.add.reduceat(mixed, begin), return_index=True)[1]
    kept = np.zeros(len(begin), np.bool_)
    kept[first] = True
    keep = np.repeat(kept, np.diff(np.r_[begin, len(row)]))
    return Relations(np.unique(row[keep], return_inverse=True)[1], cell[keep], sign[keep], gap)
