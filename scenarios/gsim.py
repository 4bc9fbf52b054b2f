"""GSIM: tariff changes among several regions, prices found where every market clears.

Defines: `WorldEffects`, `gsim`. Add here another result of the same model. Keep out: non-linear
models (armington.py), where the elasticities come from.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.checks import (
    BadInput,
    Floats,
    checked_afterwards,
    elasticities,
    finite_results,
    matrix,
    not_negative,
    powers,
)

# Beyond it the prices would not be good to eight digits.
_WORST_CONDITION = 1e8


@dataclass(frozen=True)
class WorldEffects:
    """Arrays (regions,). price_change and output_change: fractions; the rest: money of `trade`."""

    price_change: Floats
    output_change: Floats
    producer_surplus: Floats
    consumer_surplus: Floats
    tariff_revenue_change: Floats
    welfare: Floats


@checked_afterwards
def gsim(
    trade: npt.ArrayLike,
    tariff_old: npt.ArrayLike,
    tariff_new: npt.ArrayLike,
    demand_elasticity: npt.ArrayLike,
    supply_elasticity: npt.ArrayLike,
    substitution_elasticity: npt.ArrayLike,
) -> WorldEffects:
    """Effects of a change of tariffs in n regions that trade one good.

    trade: (n, n), row = origin, column = destination, money at world prices, at least 0.
    tariff_old, tariff_new: (n, n), powers 1 + t between 1 and 5. Elasticities: scalar or (n,);
    demand (negative) and substitution (positive) by destination, supply (positive) by origin.
    Raises BadInput: a matrix that is not square, a negative flow, a tariff that is no power, an
    elasticity of the wrong sign, an origin that sells or a destination that buys nothing, a system
    that has no or no certain solution.

    Linear in the prices; surplus and revenue with the exact composite price, as the published
    figures have them. Source: Francois and Hall, "Global Simulation Analysis of Industry-Level
    Trade Policy" (version 3.0, 2003).
    """
    n = len(np.atleast_1d(np.asarray(trade, dtype=np.float64)))
    flows = matrix("trade", trade, n)
    old, new = matrix("tariff_old", tariff_old, n), matrix("tariff_new", tariff_new, n)
    not_negative("trade", flows)
    powers("tariff_old", old)
    powers("tariff_new", new)
    demand = elasticities("demand_elasticity", demand_elasticity, n, -1)
    supply = elasticities("supply_elasticity", supply_elasticity, n, 1)
    substitution = elasticities("substitution_elasticity", substitution_elasticity, n, 1)
    sold, paid = flows.sum(axis=1), flows * old
    spending = paid.sum(axis=0)
    finite_results(trade=sold, spending=spending)
    for total, role in ((sold, "sells"), (spending, "buys")):
        if not total.all():
            index = int(np.argmin(total))
            raise BadInput(
                f"is 0 in all of its {'row' if role == 'sells' else 'column'}: "
                f"a region that {role} nothing has no price",
                argument="trade",
                index=(index,),
                remedy="leave this region out",
            )
    theta, phi = paid / spending, flows / sold[:, None]
    tariff_change = new / old - 1

    # q_rv = cross_v * sum_s theta_sv (p_s + T_sv) - substitution_v * (p_r + T_rv)
    cross = demand + substitution
    shift = (theta * tariff_change).sum(axis=0)
    diagonal = supply + phi @ substitution
    known = phi @ (cross * shift) - (phi * substitution * tariff_change).sum(axis=1)
    # Rows are divided by their diagonal: extreme supply elasticities do not spoil the others.
    system = np.eye(n) - ((phi * cross) @ theta.T) / diagonal[:, None]
    finite_results(trade=system)
    if not np.linalg.cond(system) < _WORST_CONDITION:
        raise BadInput(
            "and these elasticities make a singular system: no prices clear all markets",
            argument="trade",
            remedy="give other elasticities or leave out regions that hardly trade",
        )
    price = np.linalg.solve(system, known / diagonal)

    quantity = cross * (theta * (price[:, None] + tariff_change)).sum(axis=0) - (
        substitution * (price[:, None] + tariff_change)
    )
    output = supply * price
    producer = sold * price * (1 + output / 2)
    composite = (theta * ((1 + price[:, None]) * (1 + tariff_change) - 1)).sum(axis=0)
    consumer = spending * (demand * composite**2 * np.sign(composite) / 2 - composite)
    revenue = ((new - 1) * flows * (1 + price[:, None]) * (1 + quantity)).sum(axis=0) - (
        (old - 1) * flows
    ).sum(axis=0)
    welfare = producer + consumer + revenue
    effects = WorldEffects(price, output, producer, consumer, revenue, welfare)
    finite_results(**vars(effects))
    return effects
