"""Aggregates of flows: 25 invented months of products before the first day, with a known truth.

Add here another stratum, or another way in which products come and go. Keep out: parcels
(parcel_rows.py) and what an index makes of the rows (dbt).
"""

import datetime as dt
from collections.abc import Iterator

from synthetic import goods
from synthetic.mixing import constant
from synthetic.parameters import SyntheticParameters

MONTHS = 25
HEADINGS = 12
PRODUCTS = 20  # of a stratum
MILLION = 1_000_000
# The planted surge: in the last months of one stratum three times as many goods, a tenth cheaper.
SURGING, SURGING_MONTHS, SURGING_FACTOR, SURGING_LEVEL = 2, 3, 3, 900
# Thousandths of the year's mean price by calendar month: sales of November, demand before Tết.
_SEASON = (1_020, 1_015, 990, 1_000, 1_000, 1_005, 1_005, 1_000, 1_000, 1_000, 970, 995)
_PLATFORMS = ("shopee", "lazada", "tiktok_shop", "unstated")
_ORIGINS = ("CN", "CN", "CN", "KR", "TH")
_PROVINCES = ("01", "79", "48", "unknown")
_PURPOSE = 7  # of `constant`, beside those of the market reference

Row = tuple[object, ...]


def months_before(first_day: dt.date) -> list[dt.date]:
    """First days of the whole months before the month of `first_day`, in order."""
    index = first_day.year * 12 + first_day.month - 1
    return [dt.date(i // 12, i % 12 + 1, 1) for i in range(index - MONTHS, index)]


def strata() -> list[tuple[goods.Good, str]]:
    """(kind of goods, channel): the first kind of each heading, every third one by post too."""
    kinds: dict[str, goods.Good] = {}
    for good in goods.GOODS:
        kinds.setdefault(good.hs8[:4], good)
    chosen = [kinds[heading] for heading in sorted(kinds)[:HEADINGS]]
    return [(good, "express") for good in chosen] + [(good, "postal") for good in chosen[::3]]


def price_level(heading: str, channel: str, months: list[dt.date]) -> list[int]:
    """The truth: the price level of a stratum in each month, in millionths of an ordinary month.

    Between 0.4 % down and 0.6 % up a month, times the season; prices of single products scatter
    around it by at most 1.5 %.
    """
    drift = constant(_PURPOSE, int(heading), len(channel)) % 1_001 - 400  # hundred-thousandths
    level, levels = MILLION, []
    for month in months:
        levels.append(level * _SEASON[month.month - 1] // 1_000)
        level += level * drift // 100_000
    if _is_surging(heading, channel):
        levels[-SURGING_MONTHS:] = [
            last * SURGING_LEVEL // 1_000 for last in levels[-SURGING_MONTHS:]
        ]
    return levels


def _is_surging(heading: str, channel: str) -> bool:
    good, surging_channel = strata()[SURGING]
    return (heading, channel) == (good.hs8[:4], surging_channel)


def _rows(seed: int, first_day: dt.date) -> Iterator[tuple[dt.date, Row]]:
    months = months_before(first_day)
    for number, (good, channel) in enumerate(strata()):
        levels = price_level(good.hs8[:4], channel, months)
        surges_from = MONTHS - SURGING_MONTHS if number == SURGING else MONTHS
        piece = max(good.value_per_kg_vnd * good.piece_grams // 1_000, 1_000)
        for product in range(PRODUCTS):
            draw = [constant(seed, _PURPOSE, number, product, i) for i in range(6)]
            # A third stay for good; the others come or go, so that no month has the products of
            # the first.
            first = 0 if draw[0] % 3 == 0 else draw[1] % MONTHS - 8
            last = MONTHS if draw[0] % 3 == 0 else first + 8 + draw[2] % 12
            price = piece * (500 + draw[3] % 1_000) // 1_000
            pieces = 200 + draw[4] % 4_000
            by_weight = product % 10 == 9
            for position in range(max(first, 0), min(last + 1, MONTHS)):
                noise = constant(seed, _PURPOSE, number, product, 6, position)
                asked = price * levels[position] // MILLION * (98_500 + noise % 3_001) // 100_000
                sold = pieces * (800 + noise // 4_096 % 401) // 1_000
                sold *= SURGING_FACTOR if position >= surges_from else 1
                quantity = sold * good.piece_grams // 1_000 + 1 if by_weight else sold
                month = months[position]
                known = (month + dt.timedelta(days=31)).replace(day=6)
                yield (
                    known,
                    (
                        _PLATFORMS[draw[5] % len(_PLATFORMS)],
                        "month",
                        month,
                        channel,
                        good.hs8,
                        f"synthetic {good.name_en.lower()} {number:02d}-{product:02d}",
                        _ORIGINS[draw[5] // 7 % len(_ORIGINS)],
                        _PROVINCES[draw[5] // 49 % len(_PROVINCES)],
                        "KGM" if by_weight else "PCE",
                        sold,
                        quantity,
                        asked * quantity,
                    ),
                )


def known(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int
) -> list[tuple[dt.date, Row]]:
    """(day on which it became known, row): a month is sent on the 6th of the next one."""
    return list(_rows(seed, first_day))
