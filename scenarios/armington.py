"""Armington: tariff changes between varieties of one good that are imperfect substitutes.

Defines: `MarketEffects`, `armington`. Add here another result of the same model. Keep out: models
of several markets (gsim.py), draws of elasticities.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import logsumexp

from scenarios.checks import (
    BadInput,
    Floats,
    checked_afterwards,
    elasticities,
    finite_results,
    not_negative,
    powers,
    ratios,
    vector,
)

# Largest difference of ln demand and ln supply of a variety that counts as a cleared market.
_RESIDUAL = 1e-8
_MOST_STEPS = 1000
# Above it exp is taken relative to the largest term.
_LARGE_EXPONENT = 50.0


@dataclass(frozen=True)
class MarketEffects:
    """producer_price, consumer_price, quantity: (varieties,) ratios to before; price_index: ratio.

    tariff_revenue: money after the shock; tariff_revenue_change: money, after less before.
    residual: the largest |ln demand - ln supply| of a variety.
    """

    producer_price: Floats
    consumer_price: Floats
    price_index: float
    quantity: Floats
    tariff_revenue: float
    tariff_revenue_change: float
    residual: float


@checked_afterwards
def armington(
    value: npt.ArrayLike,
    supply_elasticity: npt.ArrayLike,
    tariff_old: npt.ArrayLike,
    tariff_new: npt.ArrayLike,
    substitution_elasticity: float,
    demand_elasticity: float,
) -> MarketEffects:
    """Exact change of prices and quantities of m varieties after tariffs change.

    value: (m,) money at consumer prices before, at least 0. supply_elasticity: (m,), positive.
    Tariffs: (m,), powers 1 + t between 1 and 5. substitution_elasticity: positive, 1 is
    Cobb-Douglas. demand_elasticity: of the whole, negative.
    Raises BadInput: a negative value or a total of 0, an elasticity of the wrong sign, a tariff
    that is no power, a market that is not cleared to 1e-8, a result too large or small for a float.

    In ratios, demand (p t)^-sigma P^(sigma+eta) equals supply p^epsilon, so ln p follows from ln P,
    and ln P solves one equation: the mean of order 1-sigma of the consumer prices relative to P
    is 1. It falls in ln P and changes its sign between the smallest and the largest of
    epsilon ln t / (epsilon - eta): a bracketed root always exists and is the only one.
    Source: USITC, partial equilibrium models, structural equations of group 1 (d, s, n).
    """
    spent = vector("value", value)
    many = len(spent)
    not_negative("value", spent)
    old, new = vector("tariff_old", tariff_old, many), vector("tariff_new", tariff_new, many)
    powers("tariff_old", old)
    powers("tariff_new", new)
    epsilon = elasticities("supply_elasticity", supply_elasticity, many, 1)
    sigma = float(elasticities("substitution_elasticity", substitution_elasticity, 1, 1)[0])
    eta = float(elasticities("demand_elasticity", demand_elasticity, 1, -1)[0])
    total = spent.sum()
    finite_results(value=total)
    if total == 0:
        raise BadInput("sums to 0", argument="value", remedy="give a variety that is bought")
    share = spent / total
    tariff = np.log(new) - np.log(old)

    def relative(index: float) -> Floats:
        """ln of consumer price less ln of the price index, at a price index."""
        return (epsilon * tariff - (epsilon - eta) * index) / (epsilon + sigma)

    bounds = epsilon * tariff / (epsilon - eta)
    finite_results(supply_elasticity=bounds)
    low, high = float(bounds.min()), float(bounds.max())
    index = low
    if low < high:
        index, how = brentq(
            lambda one: _mean(relative(one), share, sigma),
            low,
            high,
            xtol=1e-300,
            rtol=4 * np.finfo(float).eps,
            maxiter=_MOST_STEPS,
            full_output=True,
            disp=False,
        )
        if not how.converged:
            raise _not_cleared(f"after {_MOST_STEPS} steps")

    producer = ((sigma + eta) * index - sigma * tariff) / (epsilon + sigma)
    consumer = producer + tariff
    supplied = epsilon * producer
    found_index = _mean(consumer, share, sigma)
    demanded = (sigma + eta) * found_index - sigma * consumer
    residual = float(np.abs(demanded - supplied).max())
    if not residual <= _RESIDUAL:
        raise _not_cleared(f"to {_RESIDUAL:g}, only to {residual:.2g}")
    before = spent / old
    after = before * np.exp(producer + supplied)
    revenue = float(((new - 1) * after).sum())
    effects = MarketEffects(
        producer_price=np.exp(producer),
        consumer_price=np.exp(consumer),
        price_index=float(np.exp(index)),
        quantity=np.exp(supplied),
        tariff_revenue=revenue,
        tariff_revenue_change=revenue - float(((old - 1) * before).sum()),
        residual=residual,
    )
    finite_results(**{name: np.asarray(found) for name, found in vars(effects).items()})
    ratios(
        producer_price=effects.producer_price,
        consumer_price=effects.consumer_price,
        price_index=np.asarray(effects.price_index),
    )  # a quantity may vanish, a price may not
    return effects


def _mean(logs: Floats, share: Floats, sigma: float) -> float:
    """ln of the mean of order 1-sigma of exp(logs), weighted with `share`.

    Taken around the geometric mean: near sigma = 1 nothing cancels, at 1 it is that mean.
    """
    used = share > 0
    logs, share = logs[used], share[used]
    centre = float(share @ logs)
    order = 1 - sigma
    if order == 0:
        return centre
    around = order * (logs - centre)
    if around.max() > _LARGE_EXPONENT:
        return centre + float(logsumexp(around, b=share)) / order
    return centre + float(np.log1p(share @ np.expm1(around))) / order


def _not_cleared(how: str) -> BadInput:
    return BadInput(
        f"these elasticities and tariffs leave a market that does not clear {how}",
        argument="substitution_elasticity",
        remedy="give less extreme elasticities or a smaller change of tariff",
    )
