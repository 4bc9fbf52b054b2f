"""Primary suppression: which cells tell too much about one contributor, and how much they may move.

Defines: `unsafe`, `Primary`. The rules: minimum frequency, (1,k) and (2,k) dominance, p%; a cell is
unsafe when any rule says so for any role. Source: Handbook on Statistical Disclosure Control,
section 4.2.1 (rules) and its table of upper protection levels.
Add here another rule with its protection level. Keep out: parameters (parameters.py), secondary
suppression (suppress.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.cells import ROLES
from disclosure.parameters import Parameters
from disclosure.space import Booleans, Floats, Keys


@dataclass(frozen=True)
class Primary:
    """Arrays (cells,). unsafe: a rule or an unknown contributor says so.

    need: how far above and below its value an unsafe cell must be able to lie, in its unit; 0 for
    a safe one. owners: a column `<role>_owner` per role, of unsafe cells with one contributor in
    that role, who knows the cell: the code, empty where nobody says who it is; else null.
    """

    unsafe: Booleans
    need: Floats
    owners: pl.DataFrame


def unsafe(
    cells: pl.DataFrame,
    is_linear: Booleans,
    is_count: Booleans,
    parameters: Parameters,
    group: Keys | None = None,
) -> Primary:
    """Apply all rules to all roles of checked cells; the strictest counts.

    is_linear (cells,): what adds up. Others have no contributions: frequency alone is asked.
    is_count (cells,): whole numbers, which must be able to lie a whole one away.
    group (cells,): cells with the same number are hidden together, so that one unsafe makes all of
    them so, each with a need of its own; by default each cell is alone.
    The protection level is the handbook's per rule, and never below p percent of the value: that
    is at least p percent of the largest contribution, whichever rule found the cell.
    """
    value = cells["value"].to_numpy()
    found = np.zeros(len(value), np.bool_)
    need = np.zeros(len(value))
    p, one, two = parameters.p_pct, parameters.dominance_1_pct, parameters.dominance_2_pct
    for role in ROLES:
        count = cells[f"{role}_count"].fill_null(0).to_numpy()
        # An unknown contribution is taken for the whole cell.
        x1 = cells[f"{role}_largest"].to_numpy()
        x1 = np.where(np.isnan(x1), value, x1)
        x2 = np.nan_to_num(cells[f"{role}_second"].to_numpy())
        rare = count < parameters.minimum_contributors
        dominated = is_linear & ((100 * x1 > one * value) | (100 * (x1 + x2) > two * value))
        close = is_linear & (100 * (value - x1 - x2) < p * x1)
        found |= rare | dominated | close
        levels = (
            100 / one * x1 - value,
            100 / two * (x1 + x2) - value,
            p / 100 * x1 - (value - x1 - x2),
        )
        for level in levels:
            need = np.maximum(need, level)
    need = np.maximum(need, p / 100 * np.abs(value))
    need = np.where(is_count, np.maximum(need, np.minimum(value, 1.0)), need)
    if group is not None:
        found = (np.bincount(group, found) > 0)[group]
    is_unsafe = pl.Series(found)
    owners = cells.select(
        pl.when(is_unsafe & (pl.col(f"{role}_count").fill_null(0) <= 1))
        .then(pl.col(f"{role}_largest_code").fill_null(""))
        .alias(f"{role}_owner")
        for role in ROLES
    )
    return Primary(found, np.where(found & is_linear, need, 0.0), owners)
