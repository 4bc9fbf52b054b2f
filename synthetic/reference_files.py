"""The two files that are states, not flows: the platform registry and the market reference series.

Add here a registry event or a synthetic series. Keep out: daily flows (parcel_rows.py,
declarations.py).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from synthetic import goods, vocabulary
from synthetic.mixing import constant
from synthetic.parameters import SyntheticParameters
from synthetic.plan import exchange_rates, suspension_day

_PRESS = "press and directives of 2024-2025 (domain handbook 4.3)"
_NO_DATE = "registered; date of registration not known to us, 2022-01-01 is a placeholder"

RegistryRow = tuple[str, str, str, bool, str, dt.date, str, str]

# What is known about real platforms: facts of the handbook, with the grade they have there. A month
# or a year alone is written as its first day, and the instrument says so.
KNOWN_EVENTS: tuple[RegistryRow, ...] = (
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "observed_operating",
        dt.date(2024, 10, 1),
        f"opened to users in Viet Nam in 2024-10 (month only); {_PRESS}",
        "V2",
    ),
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "note",
        dt.date(2024, 11, 30),
        f"deadline of the Ministry of Industry and Trade to register; {_PRESS}",
        "V2",
    ),
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "suspended",
        dt.date(2024, 12, 5),
        f"Vietnamese removed; customs does not clear without the ministry's licence; {_PRESS}",
        "V2",
    ),
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "note",
        dt.date(2025, 2, 10),
        f"still waiting for a licence; {_PRESS}",
        "V2",
    ),
    (
        "shein",
        "Shein",
        "undetermined",
        True,
        "observed_operating",
        dt.date(2022, 1, 1),
        f"selling to Viet Nam since about 2022 (year only); {_PRESS}",
        "V2",
    ),
    (
        "shein",
        "Shein",
        "undetermined",
        True,
        "application_filed",
        dt.date(2024, 12, 5),
        f"site unavailable in Viet Nam; registration in progress; {_PRESS}",
        "V2",
    ),
    (
        "1688",
        "1688",
        "undetermined",
        True,
        "named_unregistered",
        dt.date(2024, 10, 1),
        "dispatch 8598/BCT-TMDT of 2024-10 (month only)",
        "V2",
    ),
    (
        "taobao",
        "Taobao",
        "undetermined",
        True,
        "observed_operating",
        dt.date(2024, 11, 1),
        f"increased presence in 2024-11 (month only); {_PRESS}",
        "V1",
    ),
    ("shopee", "Shopee", "intermediary", False, "registered", dt.date(2022, 1, 1), _NO_DATE, "U"),
    (
        "tiktokshop",
        "TikTok Shop",
        "social_network",
        False,
        "registered",
        dt.date(2022, 1, 1),
        _NO_DATE,
        "U",
    ),
    ("lazada", "Lazada", "intermediary", False, "registered", dt.date(2022, 1, 1), _NO_DATE, "U"),
    ("tiki", "Tiki", "integrated", False, "registered", dt.date(2022, 1, 1), _NO_DATE, "U"),
)


def registry_rows(first_day: dt.date, days: int) -> list[RegistryRow]:
    """The known events and those of the invented platforms; contract field order."""
    invented = "invented for synthetic data"
    suspended = (vocabulary.SYNTHETIC_SUSPENDED, "Sàn tổng hợp B (synthetic)", "intermediary", True)
    return [
        *KNOWN_EVENTS,
        (
            vocabulary.SYNTHETIC_REGISTERED,
            "Sàn tổng hợp A (synthetic)",
            "direct",
            True,
            "registered",
            dt.date(2026, 7, 1),
            invented,
            "SYN",
        ),
        (*suspended, "registered", dt.date(2026, 7, 1), invented, "SYN"),
        (*suspended, "suspended", suspension_day(first_day, days), invented, "SYN"),
    ]


def _months(first_day: dt.date) -> list[dt.date]:
    """First days of the twelve whole months before the month of `first_day`, and of that month."""
    index = first_day.year * 12 + first_day.month - 1
    return [dt.date(i // 12, i % 12 + 1, 1) for i in range(index - 12, index + 1)]


def _next_month(month: dt.date) -> dt.date:
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


MarketRow = tuple[str, str, str, dt.date, int, str, dt.date, str]


def market_rows(
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


@dataclass(frozen=True)
class StateFile:
    """One file of states in contract field order; received: None when it comes at the end."""

    name: str
    source: str
    rows: tuple[tuple[object, ...], ...]
    received: dt.date | None = None


def state_files(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int, by_receipt: bool
) -> list[StateFile]:
    """The states as one file each; by_receipt: in files that know nothing of the days after."""
    registry = [(row[5], row) for row in registry_rows(first_day, days)]
    market = [
        (row[6], (*row[:4], f"{row[4] // 1_000_000}.{row[4] % 1_000_000:06d}", *row[5:]))
        for row in market_rows(parameters, seed=seed, first_day=first_day, days=days)
    ]
    files: list[StateFile] = []
    for source, known in (("platform_registry", registry), ("market_reference", market)):
        if by_receipt:
            files += _by_receipt(source, known, first_day, days)
        else:
            files.append(StateFile(source, source, tuple(row for _, row in known)))
    return files


def _by_receipt(
    source: str, known: Sequence[tuple[dt.date, tuple[object, ...]]], first_day: dt.date, days: int
) -> list[StateFile]:
    """One file per day on which something became known; what comes after the last day is left."""
    files = []
    for offset in range(days):
        day = first_day + dt.timedelta(days=offset)
        rows = tuple(
            row for date, row in known if date == day or (offset == 0 and date < first_day)
        )
        if rows:
            received = day + dt.timedelta(days=1)
            files.append(StateFile(f"{source}_{day.isoformat()}", source, rows, received))
    return files
