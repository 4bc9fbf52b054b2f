"""The market reference: invented series of output, exports, retail sales, prices, and the rates.

Add here a synthetic series. Keep out: what the declared values were computed with (plan.py).
"""

import datetime as dt

from synthetic import goods
from synthetic.mixing import constant
from synthetic.parameters import SyntheticParameters
from synthetic.plan import exchange_rates


def _months(first_day: dt.date) -> list[dt.date]:
    """First days of the twelve whole months before the month of `first_day`, and of that month."""
    index = first_day.year * 12 + first_day.month - 1
    return [dt.date(i // 12, i % 12 + 1, 1) for i in range(index - 12, index + 1)]


def _next_month(month: dt.date) -> dt.date:
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


MarketRow = tuple[str, str, str, dt.date, int, str, dt.date, str]


def _rows(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int
) -> list[MarketRow]:
    """Invented series; values in millionths (the contract's six decimals), contract field order.

    Monthly levels per HS chapter wander by +- 10 % around a level of the seed; a month is
    published on the 6th of the next one. Exchange rates are those the declared values were
    computed with.
    """
    rows: list[MarketRow] = []
    months = _months(first_day)
    million = 1_000_000

    def add_month(series: str, dimension: str, month: dt.date, value: int, unit: str) -> None:
        published = _next_month(month) + dt.timedelta(days=5)
        rows.append((series, dimension, "month", month, value, unit, published, "synthetic"))

    prices: dict[str, list[int]] = {}
    for good in goods.GOODS:
        piece = good.value_per_kg_vnd * good.piece_grams // 1_000
        prices.setdefault(good.hs8[:2], []).append(piece)
    for chapter in sorted(prices):
        level = 400_000_000_000 + constant(seed, 4, int(chapter)) % 2_000_000_000_000
        # Domestic sellers ask more than the declared import value of the same goods.
        price = sum(prices[chapter]) // len(prices[chapter]) * 18 // 10
        for month in months:
            noise = [
                9_000 + constant(seed, 5, int(chapter), month.toordinal(), i) % 2_001
                for i in range(4)
            ]
            output = level * noise[0] // 10_000
            add_month("domestic_output", chapter, month, output * million, "VND")
            add_month("exports", chapter, month, output * 3 * noise[1] // 100_000 * million, "VND")
            add_month(
                "retail_sales", chapter, month, output * 12 * noise[2] // 100_000 * million, "VND"
            )
            add_month(
                "domestic_online_price",
                chapter,
                month,
                price * noise[3] // 10_000 * million,
                "VND_PER_PIECE",
            )
    for i, month in enumerate(months):
        drift = constant(seed, 6, month.toordinal()) % 20_001
        index = 100 * million + i * 250_000 + drift
        add_month("consumer_price_index", "all", month, index, "INDEX")
    for offset in range(-7, days):
        day = first_day + dt.timedelta(days=offset)
        for code, rate in exchange_rates(parameters, seed, day):
            rows.append(
                ("exchange_rate", code, "day", day, rate * 10_000, "VND_PER_UNIT", day, "synthetic")
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
