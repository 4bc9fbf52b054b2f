"""Invented monthly and yearly series of the market, and aggregates of months without parcels.

Add here a synthetic series. Keep out: daily rates (states/market_reference.py), numbers
(parameters.py). Every level is invented; only sums are kept: members of a dimension add up to
their month, chapters to `all`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from synthetic import goods, vocabulary
from synthetic.mixing import constant
from synthetic.parameters import SyntheticParameters

# series, dimension, kind of period, first day, value in millionths, unit, published, publisher,
# grade, reference: the contract's field order
Figure = tuple[str, str, str, dt.date, int, str, dt.date, str, str, str]
_MILLION = 1_000_000
_UNSTATED = "unstated"
_STATUS = {None: _UNSTATED, "temu": "suspended", vocabulary.SYNTHETIC_SUSPENDED: "suspended"}
_REGISTERED = ("shopee", "tiktokshop", "lazada", "tiki", vocabulary.SYNTHETIC_REGISTERED)
_PARTNERS = ("CN", "KR", "TH")
# Divisions of VSIC 2018 whose goods the templates are.
_INDUSTRIES = ("C13", "C14", "C15", "C20", "C26", "C27", "C31", "C32")


def figures(parameters: SyntheticParameters, *, seed: int, last_day: dt.date) -> Iterator[Figure]:
    """What was published up to `last_day`: a month on the 6th of the next, a year at its June."""
    months = [m for m in _months(last_day, parameters.market_months) if _published(m) <= last_day]
    yield from _chapters(parameters, seed, months)
    yield from _cross_border(parameters, seed, months)
    yield from _yearly(parameters, seed, last_day)


def figure(
    series: str, member: str, kind: str, start: dt.date, millionths: int, unit: str, out: dt.date
) -> Figure:
    """One row of the contract, labelled as invented."""
    return (series, member, kind, start, millionths, unit, out, "synthetic", "SYN", "invented")


def _monthly(series: str, member: str, month: dt.date, value: int, unit: str = "VND") -> Figure:
    return figure(series, member, "month", month, value * _MILLION, unit, _published(month))


def _months(last_day: dt.date, count: int) -> list[dt.date]:
    """First days of the `count` months before the month of `last_day`."""
    index = last_day.year * 12 + last_day.month - 1
    return [dt.date(i // 12, i % 12 + 1, 1) for i in range(index - count, index)]


def _published(month: dt.date) -> dt.date:
    following = dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return following + dt.timedelta(days=5)


def _chapters(
    parameters: SyntheticParameters, seed: int, months: Sequence[dt.date]
) -> Iterator[Figure]:
    """Output, trade, sales and prices by HS chapter: +- 10 % around a level of the seed."""
    prices: dict[str, list[int]] = {}
    for good in goods.GOODS:
        piece = good.value_per_kg_vnd * good.piece_grams // 1_000
        prices.setdefault(good.hs8[:2], []).append(piece)
    for i, month in enumerate(months):
        sums: dict[str, int] = {}
        for chapter in sorted(prices):
            level = 400_000_000_000 + constant(seed, 4, int(chapter)) % 2_000_000_000_000
            # Domestic sellers ask more than the declared import value of the same goods.
            price = sum(prices[chapter]) // len(prices[chapter]) * 18 // 10
            noise = [
                9_000 + constant(seed, 5, int(chapter), month.toordinal(), k) % 2_001
                for k in range(6)
            ]
            output = level * noise[0] // 10_000
            values = {
                "domestic_output": output,
                "exports": output * 3 * noise[1] // 100_000,
                "imports": output * 4 * noise[4] // 100_000,
                "retail_sales": output * 12 * noise[2] // 100_000,
                "online_sales": output * 2 * noise[5] // 100_000,
            }
            for series, value in values.items():
                sums[series] = sums.get(series, 0) + value
                yield _monthly(series, chapter, month, value)
            asked = price * noise[3] // 10_000
            yield _monthly("domestic_online_price", chapter, month, asked, "VND_PER_PIECE")
        for series, value in sums.items():
            # Chapters without a template: as much again.
            yield _monthly(series, "all", month, value * parameters.market_of_chapters_percent
                           // 100)  # fmt: skip
        drift = constant(seed, 6, month.toordinal()) % 20_001
        index = 100 * _MILLION + i * 250_000 + drift
        yield figure("consumer_price_index", "all", "month", month, index, "INDEX",
                     _published(month))  # fmt: skip


def _members() -> dict[str, dict[str, int]]:
    """Dimension -> member -> weight: what the parcels of the flow are drawn by."""
    found: dict[str, dict[str, int]] = {}

    def add(dimension: str, member: str, weight: int) -> None:
        members = found.setdefault(dimension, {})
        members[member] = members.get(member, 0) + weight

    for platform in vocabulary.PLATFORMS:
        status = "registered" if platform.code in _REGISTERED else "unregistered"
        add("platform", platform.code or _UNSTATED, platform.weight)
        add("platform_status", _STATUS.get(platform.code, status), platform.weight)
    for office in vocabulary.OFFICES:
        add("channel", office.channel, office.weight)
    for good in goods.GOODS:
        add("hs2", good.hs8[:2], good.weight)
        add("hs4", good.hs8[:4], good.weight)
    for country in vocabulary.COUNTRIES:
        add("origin", country.code, country.weight or 96)  # China: about 70 %
    for province in vocabulary.PROVINCES:
        add("province", province.code, province.weight)
    return found


def _parted(total: int, weights: Mapping[str, int], noise: Sequence[int]) -> dict[str, int]:
    """Member -> its part of `total`; the parts add up, the last member takes the rest."""
    scaled = {m: w * n for (m, w), n in zip(weights.items(), noise, strict=True)}
    whole, parts = sum(scaled.values()), {}
    for member, weight in scaled.items():
        parts[member] = total * weight // whole
    parts[member] += total - sum(parts.values())
    return parts


def _cross_border(
    parameters: SyntheticParameters, seed: int, months: Sequence[dt.date]
) -> Iterator[Figure]:
    """Aggregates of the months before the flow, and what platforms claim of them."""
    dimensions = _members()
    for i, month in enumerate(months):
        wander = 9_500 + constant(seed, 7, month.toordinal()) % 1_001
        growth = 1_000 + i * parameters.history_growth_per_thousand
        parcels = parameters.history_parcels_a_month * growth * wander // 10_000_000
        value = parcels * parameters.history_value_vnd
        totals = {
            "cross_border_consignments": (parcels, "COUNT"),
            "cross_border_value": (value, "VND"),
            "cross_border_landed_value": (value * 108 // 100, "VND"),
        }
        for series, (total, unit) in totals.items():
            yield _monthly(series, "all", month, total, unit)
        for number, (dimension, weights) in enumerate(dimensions.items()):
            noise = [
                9_000 + constant(seed, 8, number, month.toordinal(), k) % 2_001
                for k in range(len(weights))
            ]
            for series, (total, unit) in totals.items():
                parts = _parted(total, weights, noise)
                for member, part in parts.items():
                    yield _monthly(series, f"{dimension}:{member}", month, part, unit)
                if dimension == "platform":
                    yield from _claimed(parameters, series, month, parts)


def _claimed(
    parameters: SyntheticParameters, series: str, month: dt.date, parts: Mapping[str, int]
) -> Iterator[Figure]:
    for platform, part in parts.items():
        if platform == _UNSTATED:
            continue
        if series == "cross_border_consignments":
            orders = part * parameters.claimed_orders_percent // 100
            yield _monthly("platform_imported_orders", platform, month, orders, "COUNT")
        elif series == "cross_border_value":
            claimed = part * parameters.claimed_value_percent // 100
            yield _monthly("platform_imported_gmv", platform, month, claimed)
            yield _monthly("platform_gmv", platform, month, claimed * 20)


def _yearly(parameters: SyntheticParameters, seed: int, last_day: dt.date) -> Iterator[Figure]:
    """Incomes by province, output by industry, trade by partner: the last year published."""
    year = last_day.year - (1 if last_day >= dt.date(last_day.year, 6, 30) else 2)
    start, out = dt.date(year, 1, 1), dt.date(year + 1, 6, 30)
    for province in vocabulary.PROVINCES:
        level = parameters.income_vnd * (80 + constant(seed, 9, int(province.code)) % 61) // 100
        for quintile, percent in enumerate(parameters.income_of_quintile_percent, start=1):
            yield figure(
                "household_income", f"{province.code}:q{quintile}", "year", start,
                level * percent // 100 * _MILLION, "VND_PER_PERSON", out,
            )  # fmt: skip
    for number, industry in enumerate(_INDUSTRIES):
        output = 20_000_000_000_000 + constant(seed, 10, number) % 80_000_000_000_000
        yield figure("industry_output", industry, "year", start, output * _MILLION, "VND", out)
    # What partners say they sent lies within a quarter of what came, on either side.
    for number, partner in enumerate(_PARTNERS):
        for chapter in sorted({good.hs8[:2] for good in goods.GOODS}):
            level = 500_000_000_000 + constant(seed, 11, number, int(chapter)) % 9_000_000_000_000
            sent = level * (75 + constant(seed, 12, number, int(chapter)) % 51) // 100
            for series, value in (("imports_from_partner", level), ("partner_exports", sent)):
                member = f"{partner}:{chapter}"
                yield figure(series, member, "year", start, value * _MILLION, "VND", out)
