"""Secondary suppression, second part: linear programmes over all relations of a block together.

Defines: `audit`, `interval`. A sensitive cell is proven when another table exists that a reader
cannot tell from the true one and in which the cell lies at least its need away. The other table
moves every cell by less than its value, so that it proves both directions: what may be added may
be taken away. One programme proves many cells at once; what stays unproven is repaired by the
programme that moves published cells at the least cost, which are then hidden.
Add here another proof. Keep out: the quick repair of single relations (suppress.py).
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse.csgraph import connected_components

from disclosure.space import Booleans, Floats, Keys
from disclosure.suppress import System

# Cells whose needs lie within this factor are proven together, and nothing moves more than this
# times the largest need: else the solver's tolerance would exceed the small needs.
_SCALE = 1e3
_TOLERANCES = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
# Programmes in a row that prove nothing before a repair.
_PATIENCE = 2
# How many relations away a repair looks, in turn; None: everywhere in the block.
_REACHES = (2, 4, None)
# In the repair: what an unproven cell costs against a hidden one of the largest value.
_UNPROVEN = 1e4
_SEED = 20261109


@dataclass
class Audit:
    """hidden (cells,): with what the audit added. unprotected: numbers of cells that published
    editions hold so tight that hiding more now does not help. programmes: how many were solved.
    """

    hidden: Booleans
    added: int = 0
    proven: int = 0
    programmes: int = 0
    unprotected: list[int] = field(default_factory=list)


def audit(system: System, hidden: Booleans) -> Audit:
    """Prove every hidden sensitive cell, hiding more where that is needed.

    Ends: a round proves, hides or gives up at least one cell. Deterministic: the draws are seeded.
    """
    found = Audit(hidden.copy())
    left = hidden & (system.need > 0)
    matrix = system.matrix()
    draw = np.random.default_rng(_SEED)
    idle = 0
    while left.any():
        top = float(system.need[left].max())
        group = left & (system.need >= top / _SCALE)
        if idle < _PATIENCE:
            move = _farthest(system, matrix, found.hidden, group, top, draw)
            proven = _proven(system, matrix, move, left)
            found.programmes += 1
            idle = 0 if (proven & group).any() else idle + 1
        else:
            proven = _with_more(system, matrix, found, group, left, draw)
            left[found.unprotected] = False
            # What is left resists drawn senses: repair on, until a smaller scale begins.
            idle = _PATIENCE if (group & left & ~proven).any() else 0
        found.proven += int((proven & left).sum())
        left &= ~proven
    return found


def _with_more(
    system: System,
    matrix: sparse.csr_array,
    found: Audit,
    group: Booleans,
    left: Booleans,
    draw: np.random.Generator,
) -> Booleans:
    """Repair a group together, near by and then farther; what resists one by one."""
    for reach in _REACHES:
        top = float(system.need[group].max())
        proven = _repaired(system, matrix, found, group, top, draw, reach)
        if proven.any():
            return proven
    for cell in np.flatnonzero(group):
        alone = np.arange(len(left)) == cell
        need = float(system.need[cell])
        for reach in _REACHES:
            if _repaired(system, matrix, found, alone, need, draw, reach)[cell]:
                proven[cell] = True
                break
        else:
            found.unprotected.append(int(cell))
    return proven


def interval(system: System, hidden: Booleans, cell: int) -> tuple[float, float]:
    """The least and the largest value of one hidden cell that all published ones allow.

    Infinite where nothing bounds it. For a report or a test; `audit` needs no single intervals.
    """
    matrix = system.matrix()[:, np.flatnonzero(hidden)]
    value = system.value[hidden]
    scale = max(float(system.value[cell]), 1.0)
    target = np.zeros(len(value))
    target[int(np.flatnonzero(np.flatnonzero(hidden) == cell)[0])] = 1.0
    known = matrix @ value / scale
    ends = []
    for sign in (1.0, -1.0):
        done = linprog(sign * target, A_eq=matrix, b_eq=known, bounds=(0, None), method="highs")
        ends.append(sign * done.fun * scale if done.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


def _block(matrix: sparse.csr_array, moving: Booleans, group: Booleans) -> tuple[Keys, Keys]:
    """Rows and columns of the connected blocks of moving cells that hold any of the group."""
    part = matrix[:, np.flatnonzero(moving)]
    rows = part.shape[0]
    graph = sparse.block_array([[None, abs(part)], [abs(part).T, None]]).tocsr()
    label = connected_components(graph, directed=False)[1]
    wanted = np.isin(label, label[rows:][group[moving]])
    return np.flatnonzero(wanted[:rows]), np.flatnonzero(moving)[wanted[rows:]]


def _near(
    matrix: sparse.csr_array, moving: Booleans, group: Booleans, reach: int | None
) -> tuple[Keys, Keys]:
    """Rows and columns of the moving cells that `reach` relations lead to from the group."""
    if reach is None:
        return _block(matrix, moving, group)
    seen = group.astype(float)
    steps = abs(matrix)
    for _ in range(reach):
        seen = ((steps.T @ (steps @ seen)) > 0) * moving.astype(float)
    columns = np.flatnonzero(seen > 0)
    return np.flatnonzero(steps @ seen > 0), columns


def _scaled(matrix: sparse.csr_array, rows: Keys, columns: Keys, cap: Floats) -> sparse.csr_array:
    """The block in units of each column's cap, each row divided by its largest entry."""
    block = matrix[rows][:, columns] @ sparse.diags_array(cap[columns])
    largest = abs(block).max(axis=1).toarray().ravel() if block.shape[1] else np.zeros(len(rows))
    return (sparse.diags_array(1 / largest[largest > 0]) @ block.tocsr()[largest > 0]).tocsr()


def _farthest(
    system: System,
    matrix: sparse.csr_array,
    hidden: Booleans,
    group: Booleans,
    top: float,
    draw: np.random.Generator,
) -> Floats:
    """A move of hidden cells that breaks no relation and goes far for a group, in drawn senses."""
    cap = np.minimum(system.value, _SCALE * top)
    moving = hidden & (cap > 0)
    rows, columns = _block(matrix, moving, group)
    block = _scaled(matrix, rows, columns, cap)
    sense = draw.choice([-1.0, 1.0], len(columns)) * group[columns]
    done = _solved(sense, block, np.zeros(block.shape[0]), np.array([[-1.0, 1.0]] * len(columns)))
    move = np.zeros(len(system.value))
    if done.x is not None:
        move[columns] = done.x * cap[columns]
    return move


def _proven(system: System, matrix: sparse.csr_array, move: Floats, left: Booleans) -> Booleans:
    """Cells that a move proves: far enough, and no relation of theirs broken noticeably."""
    far = left & (np.abs(move) >= system.need * (1 - 1e-6))
    broken = np.abs(matrix @ move)
    worst = np.zeros(len(system.value))
    np.maximum.at(worst, system.relations.cell, broken[system.relations.row])
    return far & (worst <= 1e-3 * system.need)


def _repaired(
    system: System,
    matrix: sparse.csr_array,
    found: Audit,
    group: Booleans,
    top: float,
    draw: np.random.Generator,
    reach: int | None,
) -> Booleans:
    """Hide the published cells that the cheapest moves of a group need; what is proven by it.

    Only cells `reach` relations away move, or all of the block.
    """
    cap = np.minimum(system.value, _SCALE * top)
    can = system.free & ~found.hidden
    rows, columns = _near(matrix, (found.hidden | can) & (cap > 0), group, reach)
    block = _scaled(matrix, rows, columns, cap)
    paid, unpaid = columns[can[columns]], columns[~can[columns]]
    target = np.flatnonzero(group[unpaid])
    need = system.need[unpaid[target]] / cap[unpaid[target]]
    sense = draw.choice([-1.0, 1.0], len(target))
    n, extra = len(unpaid), len(paid)
    far = sparse.csr_array(
        (sense / need, (np.arange(len(target)), target)), shape=(len(target), n + 2 * extra)
    )
    # Columns: hidden cells, published ones upwards, the same downwards, what each target lacks.
    upper = sparse.hstack([-far, -sparse.eye_array(len(target))]).tocsr()
    of_paid = block[:, np.flatnonzero(can[columns])]
    none = sparse.csr_array((block.shape[0], len(target)))
    of_unpaid = block[:, np.flatnonzero(~can[columns])]
    equal = sparse.hstack([of_unpaid, of_paid, -of_paid, none]).tocsr()
    weight = np.sqrt(system.cost[paid] / system.cost[paid].max(initial=1e-300)) * cap[paid] / top
    cost = np.r_[np.zeros(n), weight, weight, np.full(len(target), _UNPROVEN)]
    bounds = np.array([[-1.0, 1.0]] * n + [[0.0, 1.0]] * (2 * extra + len(target)))
    done = _solved(cost, equal, np.zeros(block.shape[0]), bounds, upper, -np.ones(len(target)))
    found.programmes += 1
    move = np.zeros(len(system.value))
    if done.x is None:
        return np.zeros_like(group)
    move[unpaid] = done.x[:n] * cap[unpaid]
    move[paid] = (done.x[n : n + extra] - done.x[n + extra : n + 2 * extra]) * cap[paid]
    least = 1e-6 * float(system.need[group].min())
    move[can & (np.abs(move) <= least)] = 0.0
    proven = _proven(system, matrix, move, group)
    if proven.any():
        more = system.together(can & (move != 0)) & ~found.hidden
        found.added += int(more.sum())
        found.hidden |= more
    return proven


def _solved(
    cost: Floats,
    equal: sparse.csr_array,
    right: Floats,
    bounds: Floats,
    upper: sparse.csr_array | None = None,
    limit: Floats | None = None,
) -> OptimizeResult:
    """By the simplex, a repair by interior points: there that is ten times quicker."""
    methods = ("highs-ds", "highs-ipm")
    for method in methods if upper is None else reversed(methods):
        done = linprog(
            cost,
            A_ub=upper,
            b_ub=limit,
            A_eq=equal if equal.shape[0] else None,
            b_eq=right if equal.shape[0] else None,
            bounds=bounds,
            method=method,
            options=_TOLERANCES,
        )
        if done.x is not None:
            break
    return done
