"""Price indices over many periods: GEKS-Törnqvist.

Defines: `geks_tornqvist`. Add here another multilateral index. Keep out: splices and windows of a
published series (dbt), reading files (cli/calculator/).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from scenarios.checks import (
    BadInput,
    Floats,
    checked_afterwards,
    codes,
    first_repeat,
    positive,
    ratios,
    scaled,
    vector,
)


@checked_afterwards
def geks_tornqvist(
    period: npt.ArrayLike,
    product: npt.ArrayLike,
    value: npt.ArrayLike,
    quantity: npt.ArrayLike,
    periods: Sequence[str],
) -> Floats:
    """The GEKS-Törnqvist index of each period over one window of all periods, the first being 1.

    period: int (rows,), positions in `periods`, which stand in their order in time.
    product: int (rows,), any numbers from 0. value: money (rows,); quantity: any one unit a product
    (rows,); the price is the unit value, value / quantity. A product and period has one row.
    Returns float (periods,), ratios to the first period.
    Raises BadInput: value or quantity not above zero, a row twice, a period without a row, two
    periods without a common product.

    With matched products m of periods a and b, s their shares in the value of m:
    ln P(a, b) = sum of (s_a + s_b) / 2 * (ln p_b - ln p_a), and
    ln GEKS(t) = mean over all r of ln P(0, r) + ln P(r, t).
    Source: Ivancic, Diewert and Fox (2011), "Scanner data, time aggregation and the construction
    of price indexes"; ONS, "Introducing multilateral index methods".
    """
    values = vector("value", value)
    quantities = vector("quantity", quantity, len(values))
    positive("value", values)
    positive("quantity", quantities)
    rows = codes("period", period, periods, len(values))
    columns = np.asarray(product, dtype=np.int64)
    repeat = first_repeat((rows, columns))
    if repeat is not None:
        raise BadInput(
            f"stands twice in {periods[rows[repeat[1]]]!r}",
            argument="product",
            index=(repeat[1],),
            remedy="add its rows up to one",
        )
    many = len(periods)
    weights, largest = scaled(rows, values, many)  # shares do not know the unit of money
    if not largest.all():
        raise BadInput(
            f"{periods[int(np.argmin(largest))]!r} has no row",
            argument="period",
            remedy="name periods that have rows only",
        )

    # ln v - ln q instead of ln (v / q): the quotient could leave the range of numbers.
    prices = np.log(values) - np.log(quantities)

    def by_period(entries: Floats) -> sparse.csr_array:
        shape = (many, int(columns.max()) + 1)
        return sparse.csr_array((entries, (rows, columns)), shape=shape)

    # Absent products are zeros of the sparse rows, so these products run over matched ones alone.
    present = by_period(np.ones_like(weights)).T.tocsr()
    matched = (by_period(np.ones_like(weights)) @ present).toarray()
    if not matched.all():
        first, second = np.argwhere(matched == 0)[0]
        raise BadInput(
            f"{periods[first]!r} and {periods[second]!r} have no product in common",
            argument="product",
            remedy="leave one of the two periods out or widen what counts as one product",
        )
    own = (by_period(weights * prices) @ present).toarray()
    other = (by_period(weights) @ by_period(prices).T.tocsr()).toarray()
    change = (other - own) / (by_period(weights) @ present).toarray()
    bilateral = (change - change.T) / 2
    # bilateral is antisymmetric: the mean of ln P(0, r) + ln P(r, t) is a difference of means.
    level = bilateral.mean(axis=0)
    index = np.exp(level - level[0])
    ratios(index=index)
    return index
