"""Secondary suppression, first part: a fast heuristic that repairs one relation at a time.

Defines: `System`, `hide_more`. Whatever is hidden in a relation must be able to move against what
else is hidden there. A cell of a single contributor moves for nobody else: its contributor knows
it. The second part, the audit of all relations together, is audit.py.
Add here a better choice of cells. Keep out: rules (primary.py), linear programmes (audit.py).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from disclosure.relations import Relations
from disclosure.space import Booleans, Floats, Keys


@dataclass(frozen=True)
class Changes:
    """Sparse rows (entries,): in relation `row` the cell `cell` can move by `size` at most."""

    row: Keys
    cell: Keys
    size: Floats


def no_changes() -> Changes:
    """Of a first edition."""
    return Changes(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True)
class System:
    """All cells that any edition holds (cells,) and all relations between them.

    changes: the same relations less what they said an edition before, in terms of what was revised:
    they follow from `relations`, and show the heuristic what it could not see in one of them.
    value: at least 0. need: how far a cell must be able to move, 0 for what is not sensitive.
    hidden: not published by any edition. free: published now for the first time, so that it may
    still be hidden. group: free cells with the same number are hidden together, -1 for one that is
    alone. owner (cells, roles): number of the only contributor in a role, -1 where there
    are more, -2 where nobody says who it is. cost: what hiding a cell costs, lowest first.
    """

    value: Floats
    need: Floats
    hidden: Booleans
    free: Booleans
    owner: Keys
    cost: Floats
    relations: Relations
    changes: Changes
    group: Keys

    def together(self, chosen: Booleans) -> Booleans:
        """(cells,) the chosen ones, and the free ones that are hidden with them."""
        groups = self.group[chosen & (self.group >= 0)]
        return chosen | (self.free & np.isin(self.group, groups))

    def matrix(self) -> sparse.csr_array:
        """(relations, cells): +1 for a total, -1 for a member."""
        found = self.relations
        shape = (found.count, len(self.value))
        return sparse.csr_array((found.sign.astype(float), (found.row, found.cell)), shape=shape)


def hide_more(system: System, hidden: Booleans) -> Booleans:
    """Hidden cells and those that each relation needs hidden beside them.

    Ends: every round hides at least one more cell. Where nothing is left to hide in a relation the
    audit decides. Deterministic: ties go to the lower number.
    """
    row = np.r_[system.relations.row, system.changes.row + system.relations.count]
    cell = np.r_[system.relations.cell, system.changes.cell]
    size = np.r_[system.value[system.relations.cell], system.changes.size]
    rows = int(row.max(initial=-1)) + 1
    hidden, need = system.together(hidden), system.need.copy()
    single = (system.owner != -1).any(axis=1)
    while rows:
        others = _others(system, hidden, row, cell, size)
        lacks = np.where(hidden[cell] & (need[cell] > 0), need[cell] - others, 0.0)
        # A sum that rounds to zero is none; what is small against the need is no lack.
        lacks = np.where(lacks > 1e-9 * need[cell], lacks, 0.0)
        lack = np.zeros(rows)
        np.maximum.at(lack, row, lacks)
        choice = np.flatnonzero((lack[row] > 0) & (system.free & ~hidden & ~single)[cell])
        if not len(choice):
            return hidden
        at, i = row[choice], cell[choice]
        helps = np.bincount(i, minlength=len(need))[i]
        short = size[choice] < lack[at]
        # Among cells that are large enough the cheapest, else the largest.
        rank = np.where(short, -size[choice], system.cost[i] / helps)
        order = np.lexsort((i, rank, short, at))
        first = order[np.r_[True, at[order][1:] != at[order][:-1]]]
        np.maximum.at(need, i[first], np.minimum(size[choice[first]], lack[at[first]]))
        hidden[i[first]] = True
        hidden = system.together(hidden)
    return hidden


def _others(system: System, hidden: Booleans, row: Keys, cell: Keys, size: Floats) -> Floats:
    """(entries,) of relations and changes: how far what else is hidden there can move.

    Left out is the one other contributor whose own cells weigh most there: he knows them. Cells of
    unknown single contributors are left out as if they were all his.
    """
    rows = int(row.max()) + 1
    moves = np.where(hidden[cell], size, 0.0)
    plain = np.bincount(row, moves, rows)[row] - moves
    moves[(system.owner[cell] == -2).any(axis=1)] = 0.0
    others = np.bincount(row, moves, rows)[row] - moves
    worst = np.zeros(len(row))
    for owner in system.owner.T:
        owned = np.flatnonzero((owner[cell] >= 0) & (moves > 0))
        if not len(owned):
            continue
        many = int(owner.max()) + 1
        pair, at = np.unique(row[owned] * many + owner[cell[owned]], return_inverse=True)
        weight = np.bincount(at, moves[owned])
        order = np.lexsort((-weight, pair // many))
        pair, weight = pair[order], weight[order]
        first = np.r_[True, pair[1:] // many != pair[:-1] // many]
        second = np.r_[False, first[:-1]] & ~first
        most, next_most = np.zeros(rows), np.zeros(rows)
        who = np.full(rows, -1, np.int64)
        most[pair[first] // many] = weight[first]
        who[pair[first] // many] = pair[first] % many
        next_most[pair[second] // many] = weight[second]
        is_own = owner[cell] == who[row]
        worst = np.maximum(worst, np.where(is_own, next_most[row], most[row]))
    # What is hidden for others' sake tells of nobody: it may move against anything.
    return np.where(system.need[cell] > 0, others - worst, plain)
