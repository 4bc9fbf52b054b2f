"""Price undercutting of matched pairs: by how much imports are cheaper than domestic goods.

Defines: `Undercutting`, `undercutting`. Add here another figure of the same comparison. Keep out:
which goods are a pair and at which level of trade (the caller), bootstrap intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.checks import (
    Booleans,
    Codes,
    Floats,
    checked_afterwards,
    codes,
    finite_results,
    not_negative,
    positive,
    scaled,
    totals,
    vector,
)


@dataclass(frozen=True)
class Undercutting:
    """Arrays (strata,). Percent of the domestic price unless the name says otherwise.

    under_* and over_* are positive magnitudes. NaN where no pair, or no quantity, tells.
    """

    n: Codes
    n_under: Codes
    n_over: Codes
    n_equal: Codes
    margin_weighted_pct: Floats
    margin_simple_pct: Floats
    margin_weighted_of_import_price_pct: Floats
    under_min_pct: Floats
    under_max_pct: Floats
    under_simple_pct: Floats
    under_weighted_pct: Floats
    over_min_pct: Floats
    over_max_pct: Floats


@checked_afterwards
def undercutting(
    stratum: npt.ArrayLike,
    price_domestic: npt.ArrayLike,
    price_import: npt.ArrayLike,
    quantity_import: npt.ArrayLike,
    strata: Sequence[str],
) -> Undercutting:
    """Margins of each stratum, weighted with the quantity of imports and simple.

    stratum: int (pairs,), positions in `strata`. Prices: money a unit, above 0, at one level of
    trade. quantity_import: at least 0. All (pairs,).
    Raises BadInput: a price that is not above 0, a negative quantity.
    Source: European Commission, practice in anti-dumping cases (weighted, of the domestic price);
    USITC, pricing tables (counts, smallest, largest, simple mean). impact-methods 1.4.
    """
    home = vector("price_domestic", price_domestic)
    abroad = vector("price_import", price_import, len(home))
    quantity = vector("quantity_import", quantity_import, len(home))
    positive("price_domestic", home)
    positive("price_import", abroad)
    not_negative("quantity_import", quantity)
    groups = codes("stratum", stratum, strata, len(home))
    many = len(strata)
    weight = scaled(groups, quantity, many)[0]  # a ratio of sums does not know the unit
    every = np.ones(len(home), dtype=np.bool_)
    under, over = abroad < home, abroad > home
    margin = 100 * ((home - abroad) / home)
    finite_results(margin=margin)

    def weighted(rows: Booleans, price: Floats) -> Floats:
        gap, base = (
            totals(groups[rows], (amount * weight)[rows], many) for amount in (home - abroad, price)
        )
        finite_results(price_import=gap, price=base)
        return 100 * _ratio(gap, base)

    return Undercutting(
        n=_count(groups, every, many),
        n_under=_count(groups, under, many),
        n_over=_count(groups, over, many),
        n_equal=_count(groups, ~under & ~over, many),
        margin_weighted_pct=weighted(every, home),
        margin_simple_pct=_average(groups, margin, every, many),
        margin_weighted_of_import_price_pct=weighted(every, abroad),
        under_min_pct=-_largest(groups, -margin, under, many),
        under_max_pct=_largest(groups, margin, under, many),
        under_simple_pct=_average(groups, margin, under, many),
        under_weighted_pct=weighted(under, home),
        over_min_pct=-_largest(groups, margin, over, many),
        over_max_pct=_largest(groups, -margin, over, many),
    )


def _count(groups: Codes, rows: Booleans, many: int) -> Codes:
    return np.bincount(groups[rows], minlength=many)


def _average(groups: Codes, values: Floats, rows: Booleans, many: int) -> Floats:
    return _ratio(totals(groups[rows], values[rows], many), _count(groups, rows, many))


def _ratio(above: Floats, below: npt.NDArray[np.float64] | Codes) -> Floats:
    """The quotient; NaN where there is nothing to divide by."""
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _largest(groups: Codes, values: Floats, rows: Booleans, many: int) -> Floats:
    """The largest of the rows in each group; NaN where there is none."""
    found = np.full(many, -np.inf)
    np.maximum.at(found, groups[rows], values[rows])
    return np.where(np.isfinite(found), found, np.nan)
