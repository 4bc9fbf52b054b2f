"""Import surges: six gates that must all be open, each kept with its figure.

Defines: `Gates`, `Surges`, `surges`, `benjamini_hochberg`. Add here another gate. Keep out: the
height of a gate (the caller's data), the season that a history is aligned to.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from scenarios.checks import (
    BadInput,
    Booleans,
    Floats,
    checked_afterwards,
    finite_results,
    must,
    not_negative,
    vector,
)

LEAST_HISTORY = 8
# A normal spread has this many median absolute deviations.
_MAD_OF_NORMAL = 1.4826
# A change that is on its gate in decimal figures is on it, whatever binary makes of the last digit.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Gates:
    """min_value: money. volume_pct, price_pct (negative): percent. z_min: robust z. fdr: rate.

    Raises BadInput: a negative gate, a price gate that is not negative, a rate not within 0 and 1.
    """

    min_value: float
    volume_pct: float
    price_pct: float
    z_min: float
    fdr: float

    def __post_init__(self) -> None:
        for name in ("min_value", "volume_pct", "z_min"):
            not_negative(name, vector(name, [getattr(self, name)]))
        price, rate = vector("price_pct", [self.price_pct]), vector("fdr", [self.fdr])
        must("price_pct", price, price < 0, "is no fall of prices", "give a negative number")
        must("fdr", rate, (rate > 0) & (rate < 1), "is no rate between 0 and 1", "write 0.05")


@dataclass(frozen=True)
class Surges:
    """Arrays (strata,). volume_change_pct, robust_z: NaN where not to be told; the rest bool.

    p_value: one-sided, 1 where there is no robust_z. alert: all six gates.
    """

    volume_change_pct: Floats
    robust_z: Floats
    p_value: Floats
    material: Booleans
    volume: Booleans
    price: Booleans
    domestic: Booleans
    z: Booleans
    fdr: Booleans
    alert: Booleans


@checked_afterwards
def surges(
    value: npt.ArrayLike,
    quantity: npt.ArrayLike,
    quantity_base: npt.ArrayLike,
    price_index_change_pct: npt.ArrayLike,
    domestic_production: npt.ArrayLike,
    history: npt.ArrayLike,
    gates: Gates,
) -> Surges:
    """The gates of each stratum.

    value: money (n,). quantity, quantity_base: one unit a stratum (n,). All three at least 0.
    price_index_change_pct: percent (n,), at least -100. domestic_production: 0 or 1 (n,).
    history: quantities (n, points), NaN where a stratum has fewer points, at least 0.
    Raises BadInput: a negative entry, an infinity, a flag that is neither 0 nor 1.

    robust_z = (ln quantity - median of ln history) / (1.4826 MAD), over positive history.
    Source: DG TRADE import surveillance tool (gates); Benjamini and Hochberg (1995).
    """
    worth = vector("value", value)
    many = len(worth)
    now, base = vector("quantity", quantity, many), vector("quantity_base", quantity_base, many)
    cheaper = vector("price_index_change_pct", price_index_change_pct, many)
    made = vector("domestic_production", domestic_production, many)
    for name, given in (("value", worth), ("quantity", now), ("quantity_base", base)):
        not_negative(name, given)
    must("price_index_change_pct", cheaper, cheaper >= -100, "is below -100", "no price falls more")
    must(
        "domestic_production", made, (made == 0) | (made == 1), "is neither 0 nor 1", "give 0 or 1"
    )
    past = np.asarray(history, dtype=np.float64)
    if past.ndim != 2 or len(past) != many:
        raise BadInput(
            f"has the shape {past.shape}, not a row of quantities for each of {many} strata",
            argument="history",
            remedy="give one row each",
        )
    fit = np.isnan(past) | ((past >= 0) & np.isfinite(past))
    must("history", past, fit, "is no quantity", "give zero or a positive number")

    change = np.divide(100 * (now - base), base, out=np.full(many, np.nan), where=base > 0)
    finite_results(volume_change_pct=change[base > 0])
    z = _robust_z(now, past)
    p = np.where(np.isnan(z), 1.0, ndtr(-z))
    on_gate = gates.volume_pct - _ROUNDING * (100 + gates.volume_pct)
    opened = {
        "material": worth >= gates.min_value,
        "volume": change >= on_gate,
        "price": cheaper <= gates.price_pct,
        "domestic": made == 1,
        "z": z >= gates.z_min,
        "fdr": benjamini_hochberg(p, gates.fdr),
    }
    alert = np.logical_and.reduce(list(opened.values()))
    return Surges(volume_change_pct=change, robust_z=z, p_value=p, alert=alert, **opened)


def benjamini_hochberg(p_value: Floats, rate: float) -> Booleans:
    """Which of the p values (n,) are found at a false discovery rate: bool (n,).

    The largest rank k with p_(k) <= k/n * rate is found, and every p value not above it.
    """
    ordered = np.sort(p_value)
    within = ordered <= rate * np.arange(1, len(ordered) + 1) / len(ordered)
    if not within.any():
        return np.zeros(len(p_value), dtype=np.bool_)
    return p_value <= ordered[np.flatnonzero(within)[-1]]


def _robust_z(now: Floats, past: Floats) -> Floats:
    """(n,), NaN with fewer than 8 positive points, without any spread, or with a quantity of 0."""
    logs = np.log(past, out=np.full(past.shape, np.nan), where=past > 0)
    points = np.count_nonzero(~np.isnan(logs), axis=1)
    middle = _medians(logs, points)
    spread = _medians(np.abs(logs - middle[:, None]), points)
    told = (points >= LEAST_HISTORY) & (spread > 0) & (now > 0)
    current = np.log(now, out=np.zeros(len(now)), where=now > 0)
    return np.divide(
        current - middle, _MAD_OF_NORMAL * spread, out=np.full(len(now), np.nan), where=told
    )


def _medians(values: Floats, points: npt.NDArray[np.intp]) -> Floats:
    """Of each row the median of its `points` numbers that are not NaN; NaN where there is none."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)  # NaN last
    rows, last = np.arange(len(values)), np.maximum(points - 1, 0)
    return (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2]) / 2
