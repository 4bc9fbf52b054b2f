"""How concentrated a market is: Herfindahl-Hirschman index, concentration ratios, with bounds.

Defines: `Concentration`, `concentration`. Add here another measure of concentration. Keep out: who
counts as one unit (the caller), thresholds of an authority (rules are data).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.checks import (
    BadInput,
    Booleans,
    Codes,
    Floats,
    checked_afterwards,
    codes,
    finite_results,
    not_negative,
    scaled,
    some_total,
    totals,
    vector,
)

LARGEST = (1, 2, 4)


@dataclass(frozen=True)
class Concentration:
    """All arrays are (markets,). low: the unknown remainder is atomistic; high: it is one firm.

    n: known units with a positive value. hhi: 0 to 10,000. effective: 10,000 / hhi, a number of
    equal firms; effective_high is NaN where nothing is known. unknown_share_pct and cr (by number
    of largest units, see `LARGEST`): percent of the total that includes the unknown.
    """

    n: Codes
    hhi_low: Floats
    hhi_high: Floats
    effective_low: Floats
    effective_high: Floats
    unknown_share_pct: Floats
    cr_low: dict[int, Floats]
    cr_high: dict[int, Floats]


@checked_afterwards
def concentration(
    market: npt.ArrayLike, value: npt.ArrayLike, is_unknown: npt.ArrayLike, markets: Sequence[str]
) -> Concentration:
    """Concentration of each market, bounded for what is unknown.

    market: int (rows,), positions in `markets`. value: any one unit (rows,), at least 0.
    is_unknown: bool (rows,), true for the remainder of a market, at most one row each.
    Raises BadInput: a negative value, a market whose total is 0, a remainder twice.
    Source: US Department of Justice and FTC, Merger Guidelines (2023), guideline 1; the bounds are
    those of impact-methods 1.5.
    """
    values = vector("value", value)
    not_negative("value", values)
    groups = codes("market", market, markets, len(values))
    unknown = np.asarray(is_unknown, dtype=np.bool_)
    many = len(markets)
    if (np.bincount(groups[unknown], minlength=many) > 1).any():
        raise BadInput(
            "holds the unknown remainder of a market twice",
            argument="is_unknown",
            remedy="add the two up to one row",
        )
    parts, largest = scaled(groups, values, many)
    some_total("value", largest, markets)
    share = 100 * parts / totals(groups, parts, many)[groups]
    known = np.where(unknown, 0.0, share)
    low, high = totals(groups, known**2, many), totals(groups, share**2, many)
    n = np.bincount(groups[~unknown & (values > 0)], minlength=many)
    effective_high = np.where(n > 0, 10_000 / low, np.nan)
    finite_results(effective_high=effective_high[n > 0])
    return Concentration(
        n=n,
        hhi_low=low,
        hhi_high=high,
        effective_low=10_000 / high,
        effective_high=effective_high,
        unknown_share_pct=totals(groups, share - known, many),
        cr_low=_of_largest(groups, known, ~unknown, many),
        cr_high=_of_largest(groups, share, np.ones_like(unknown), many),
    )


def _of_largest(groups: Codes, share: Floats, ranked: Booleans, many: int) -> dict[int, Floats]:
    """Number of largest units -> their share, in percent, among the rows that are `ranked`."""
    groups, share = groups[ranked], share[ranked]
    order = np.lexsort((-share, groups))
    groups, share = groups[order], share[order]
    starts = np.searchsorted(groups, np.arange(many))
    rank = np.arange(len(groups)) - starts[groups]
    return {k: totals(groups[rank < k], share[rank < k], many) for k in LARGEST}
