"""The market reference: the invented series of market_series.py, and the rates of every day.

Add here a figure of a day. Keep out: months and years (market_series.py), what the declared values
were computed with (plan.py).
"""

import datetime as dt

from synthetic.market_series import Figure, figure, figures
from synthetic.parameters import SyntheticParameters
from synthetic.plan import exchange_rates


def _rows(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int
) -> list[Figure]:
    """Invented series; values in millionths (the contract's six decimals), contract field order.

    Nothing is published after the last day of the flow. Exchange rates are those the declared
    values were computed with.
    """
    rows = list(figures(parameters, seed=seed, last_day=first_day + dt.timedelta(days=days - 1)))
    for offset in range(-7, days):
        day = first_day + dt.timedelta(days=offset)
        for code, rate in exchange_rates(parameters, seed, day):
            rows.append(
                figure("exchange_rate", code, "day", day, rate * 10_000, "VND_PER_UNIT", day)
            )
    return rows


def known(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int
) -> list[tuple[dt.date, tuple[object, ...]]]:
    """(day on which it became known, row): a figure is known when it is published."""
    return [
        (row[6], (*row[:4], f"{row[4] // 1_000_000}.{row[4] % 1_000_000:06d}", *row[5:]))
        for row in _rows(parameters, seed=seed, first_day=first_day, days=days)
    ]
