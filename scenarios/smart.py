"""SMART: what a tariff change does to imports of one market, by exporter.

Defines: `TradeEffects`, `smart`. Add here another effect of the same model. Keep out: models with
several markets (gsim.py) or with supply that answers (armington.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.checks import (
    BadInput,
    Floats,
    checked_afterwards,
    codes,
    elasticities,
    finite_results,
    not_negative,
    some_total,
    totals,
    vector,
)


@dataclass(frozen=True)
class TradeEffects:
    """Arrays (rows,) in the money of imports; trade_diversion sums to 0 in every market."""

    trade_creation: Floats
    trade_diversion: Floats
    imports_after: Floats


@checked_afterwards
def smart(
    market: npt.ArrayLike,
    imports: npt.ArrayLike,
    tariff_old_pct: npt.ArrayLike,
    tariff_new_pct: npt.ArrayLike,
    import_demand_elasticity: npt.ArrayLike,
    substitution_elasticity: npt.ArrayLike,
    markets: Sequence[str],
) -> TradeEffects:
    """Trade creation and diversion of each exporter under infinite export supply.

    market: int (rows,), positions in `markets`; a row is one exporter of it. imports: money, at
    least 0. Tariffs: percent, at least 0. Elasticities: negative, one pair a market. All (rows,).
    Raises BadInput: a negative import or tariff, an elasticity that is not negative or differs
    within a market, a market without imports, a substitution so strong that the formula breaks.

    d = (1+t1)/(1+t0) - 1; creation = M e d; diversion of a changed exporter k from the others O is
    M_k O s d / (M_k + O + M_k s d), which they lose in proportion to their imports.
    Source: Laird and Yeats (1986); Jammes and Olarreaga (2005); WITS, SMART help pages.
    """
    bought = vector("imports", imports)
    rows = len(bought)
    not_negative("imports", bought)
    old, new = (
        vector(name, given, rows)
        for name, given in (("tariff_old_pct", tariff_old_pct), ("tariff_new_pct", tariff_new_pct))
    )
    not_negative("tariff_old_pct", old)
    not_negative("tariff_new_pct", new)
    demand = elasticities("import_demand_elasticity", import_demand_elasticity, rows, -1)
    substitution = elasticities("substitution_elasticity", substitution_elasticity, rows, -1)
    groups = codes("market", market, markets, rows)
    first = np.unique(groups, return_index=True)[1]
    for name, given in (
        ("import_demand_elasticity", demand),
        ("substitution_elasticity", substitution),
    ):
        differs = given != given[first][np.unique(groups, return_inverse=True)[1]]
        if differs.any():
            index = int(np.argmax(differs))
            raise BadInput(
                f"{given[index]:.12g} differs from another row of {markets[groups[index]]!r}",
                argument=name,
                index=(index,),
                remedy="give one pair of elasticities a market",
            )
    total = totals(groups, bought, len(markets))
    finite_results(imports=total)
    some_total("imports", total, markets)

    whole = total[groups]
    change = (new - old) / (100 + old)
    denominator = whole + bought * substitution * change
    broken = denominator <= 0  # never where the tariff stays or falls
    if broken.any():
        index = int(np.argmax(broken))
        raise BadInput(
            f"{substitution[index]:.12g} makes the denominator of trade diversion "
            f"{denominator[index]:.6g}, not above zero, in {markets[groups[index]]!r}",
            argument="substitution_elasticity",
            index=(index,),
            remedy="give a substitution elasticity closer to zero or a smaller change of tariff",
        )
    # What the others lose to one changed exporter for each unit of their imports.
    loss = bought * substitution * change / denominator
    losses = totals(groups, loss, len(markets))[groups]
    creation = bought * demand * change
    diversion = (whole - bought) * loss - bought * (losses - loss)
    after = bought + creation + diversion
    finite_results(trade_creation=creation, trade_diversion=diversion, imports_after=after)
    return TradeEffects(creation, diversion, after)
