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
class System:
    """All cells that any edition holds (cells,) and all relations between them.

    value: at least 0. need: how far a cell must be able to move, 0 for what is not sensitive.
    hidden: not published by any edition. free: published now for the first time, so that it may
    still be hidden. owner (cells, roles): number of the only contributor in a role, -1 where there
    are more, -2 where nobody says who it is. cost: what hiding a cell costs, lowest first.
    """

    value: Floats
    need: Floats
    hidden: Booleans
    free: Booleans
    owner: Keys
    cost: Floats
    relations: Relations

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
    row, cell = system.relations.row, system.relations.cell
    rows = system.relations.count
    hidden, need = hidden.copy(), system.need.copy()
    value, single = system.value, (system.owner != -1).any(axis=1)
    while rows:
        others = _others(system, hidden)
        lacks = np.where(hidden[cell] & (need[cell] > 0), need[cell] - others, 0.0)
        # A sum that rounds to zero is none; what is small against the need is no lack.
        lacks = np.where(lacks > 1e-9 * need[cell], lacks, 0.0)
        lack = np.zeros(rows)
        np.maximum.at(lack, row, lacks)
        choice = np.flatnonzero((lack[row] > 0) & (system.free & ~hidden & ~single)[cell])
        if not len(choice):
            return hidden
        at, i = row[choice], cell[choice]
        helps = np.bincount(i, minlength=len(value))[i]
        short = value[i] < lack[at]
        # Among cells that are large enough the cheapest, else the largest.
        rank = np.where(short, -value[i], system.cost[i] / helps)
        order = np.lexsort((i, rank, short, at))
        first = order[np.r_[True, at[order][1:] != at[order][:-1]]]
        np.maximum.at(need, i[first], np.minimum(value[i[first]], lack[at[first]]))
        hidden[i[first]] = True
    return hidden


def _others(system: System, hidden: Booleans) -> Floats:
    """(entries,) of all relations: how far the other hidden cells of the relation can move.

    Left out is the one other contributor whose own cells weigh most there: he knows them. Cells of
    unknown single contributors are left out as if they were all his.
    """
    row, cell = system.relations.row, system.relations.cell
    rows = system.relations.count
    moves = np.where(hidden, system.value, 0.0)
    plain = np.bincount(row, moves[cell], rows)[row] - moves[cell]
    moves[(system.owner == -2).any(axis=1)] = 0.0
    others = np.bincount(row, moves[cell], rows)[row] - moves[cell]
    worst = np.zeros(len(row))
    for owner in system.owner.T:
        owned = np.flatnonzero((owner[cell] >= 0) & (moves[cell] > 0))
        if not len(owned):
            continue
        many = int(owner.max()) + 1
        pair, at = np.unique(row[owned] * many + owner[cell[owned]], return_inverse=True)
        weight = np.bincount(at, moves[cell[owned]])
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
