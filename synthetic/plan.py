"""Row counts of one day: which logical rows belong to which typology, and the day's constants.

Add here a typology (then its share, its branch in parcels.py or declarations.py, and its test).
Keep out: shares (parameters.py) and what a typology looks like.

Logical rows 0 .. n-1 are cut into one block per typology and an honest rest; a bijection scatters
them over the positions of the file, so that neither order nor number betrays a planted row.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthetic.mixing import Scatter, constant
from synthetic.parameters import (
    MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES,
    PER_MILLION,
    SyntheticParameters,
)

BOX_SIZE = 12
SPLIT_SIZES = (3, 4, 5, 6, 7, 8)
# Rows of one whole cluster, or of one whole cycle of clusters; 1 = no cluster.
TYPOLOGY_UNITS: dict[str, int] = {
    "undervaluation": 1,
    "split_under_relief": sum(SPLIT_SIZES),
    "one_address_many_consignees": 6,
    "phone_reuse": 5,
    "prohibited_goods": 1,
    "false_item_name": 1,
    "disguised_brand": 1,
    "unregistered_platform_behind_courier": 1,
    "stale_suspended_platform": 1,
    "gathering_point": 1,
    "box_fan_out": BOX_SIZE,
    "unlawful_discount": 1,
}
# Fewest rows on a day that is large enough for all: every variant of a typology should occur.
_FEWEST = {"gathering_point": 4, "false_item_name": 6, "disguised_brand": 4}
# They lie over honest rows (overlays.py): no block of their own.
OVERLAYS = ("price_preference", "first_seen_consignees", "split_over_days")
TYPOLOGIES = (*TYPOLOGY_UNITS, *OVERLAYS)
CODE_OF = {name: code for code, name in enumerate(TYPOLOGIES)}
# Blocks of declaration lines, with the names their labels carry.
LINE_TYPOLOGIES = {
    "line_undervaluation": "undervaluation",
    "wrong_tariff_preference": "wrong_tariff_preference",
}
SUSPENSION_DAY_INDEX = 2  # the third generated day: a Wednesday when the first is a Monday

# Ten declarations with these numbers of lines, again and again.
DECLARATION_SIZES = (1, 2, 1, 3, 1, 5, 2, 1, 4, 1)
LINES_PER_CYCLE = sum(DECLARATION_SIZES)

_RATE_STEPS = 41
_MASTERS_CAP = 50_000
_EPOCH = dt.date(2020, 1, 1)
# The place is the purpose's number in `constant(seed, 1, day, number)`: append, never reorder.
_KEYS = (
    "parcels", "lines", "declarations", "masters", "scatter", "population", "line_scatter", "bills",
    "listings",
)  # fmt: skip


@dataclass(frozen=True)
class DayPlan:
    """What the rows of one day depend on besides the parameters and the words.

    parcels may be a multiple of the usual day's (`usual_parcels`), on which people, sellers and
    master bills depend. starts: first logical row of each typology's block, and of the honest rest.
    """

    day: dt.date
    day_index: int
    day_number: int
    parcels: int
    usual_parcels: int
    lines: int
    boxes: int
    starts: tuple[int, ...]
    line_blocks: tuple[tuple[str, int], ...]  # (typology, lines), in logical order
    is_suspended: bool
    population: int
    sellers: int
    masters: int
    keys: Mapping[str, tuple[int, int]]
    seed_keys: Mapping[str, tuple[int, int]]  # of people, sellers, listings: of all days
    rates: tuple[tuple[str, int], ...]  # (currency, hundredths of a dong per unit)

    @property
    def code(self) -> str:
        """The day as it stands in numbers: yymmdd."""
        return self.day.strftime("%y%m%d")

    @property
    def has_all(self) -> bool:
        """Whether the day is large enough for at least one cluster of every typology."""
        return self.parcels >= MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES

    @property
    def midnight(self) -> np.datetime64:
        """The day for array arithmetic."""
        return np.datetime64(self.day)

    def start(self, typology: str) -> int:
        """First logical row of a typology."""
        return self.starts[CODE_OF[typology]]

    def rows(self, typology: str) -> int:
        """How many logical rows a typology has."""
        code = CODE_OF[typology]
        return self.starts[code + 1] - self.starts[code]

    def scatter(self) -> Scatter:
        """File position to logical row, of parcels."""
        return Scatter(self.parcels, self.keys["scatter"][0])


def suspension_day(first_day: dt.date, days: int) -> dt.date:
    """When the synthetic suspended platform loses its registration."""
    return first_day + dt.timedelta(days=min(SUSPENSION_DAY_INDEX, days - 1))


def exchange_rates(
    parameters: SyntheticParameters, seed: int, day: dt.date
) -> tuple[tuple[str, int], ...]:
    """The day's rates: the level +- 1 %, in hundredths of a dong per unit; the dong itself is 1."""
    day_number = (day - _EPOCH).days
    return tuple(
        (code, level)
        if code == "VND"
        else (code, level + level * (constant(seed, 3, day_number, i) % _RATE_STEPS - 20) // 2_000)
        for i, (code, level) in enumerate(parameters.exchange_rates)
    )


def single_line_declarations(lines: int) -> int:
    """How many of the declarations that hold the first `lines` lines have one line only."""
    rest, count = lines % LINES_PER_CYCLE, 0
    for size in DECLARATION_SIZES:
        if rest <= 0:
            break
        count += size == 1
        rest -= size
    return lines // LINES_PER_CYCLE * DECLARATION_SIZES.count(1) + count


def _block(shares: object, typology: str, total: int, *, at_least: int, unit: int = 1) -> int:
    wanted = total * int(getattr(shares, typology)) // PER_MILLION
    return max(wanted, at_least) // unit * unit


def _parcel_blocks(
    parameters: SyntheticParameters, parcels: int, day_index: int, most_boxes: int
) -> list[int]:
    enough = parcels >= MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES
    blocks = []
    for typology, unit in TYPOLOGY_UNITS.items():
        at_least = _FEWEST.get(typology, unit) if enough else 0
        rows = _block(parameters.typologies, typology, parcels, at_least=at_least, unit=unit)
        if typology == "gathering_point":
            grown = min(day_index, parameters.gathering_growth_days)
            rows += rows * grown * parameters.gathering_growth_percent // 100
        if typology == "box_fan_out":
            rows = min(rows, most_boxes * BOX_SIZE)
        blocks.append(rows)
    return blocks


def plan_day(
    parameters: SyntheticParameters,
    *,
    seed: int,
    first_day: dt.date,
    days: int,
    day_index: int,
    parcels: int,
    factor: int = 1,
) -> DayPlan:
    """The plan of the day `first_day + day_index`, `factor` times as large as the usual day.

    A pure function of its arguments; parcels: of the usual day.
    """
    day = first_day + dt.timedelta(days=day_index)
    day_number = (day - _EPOCH).days
    total = parcels * factor
    lines = total * parameters.declaration_lines // PER_MILLION
    enough = total >= MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES
    singles = single_line_declarations(lines)
    blocks = _parcel_blocks(parameters, total, day_index, singles)
    starts = [0]
    for rows in blocks:
        starts.append(starts[-1] + rows)
    people = min(max(parcels * parameters.population_factor, 1_000), parameters.population_most)
    return DayPlan(
        day=day,
        day_index=day_index,
        day_number=day_number,
        parcels=total,
        usual_parcels=parcels,
        lines=lines,
        boxes=blocks[CODE_OF["box_fan_out"]] // BOX_SIZE,
        starts=tuple(starts),
        line_blocks=tuple(
            (label, _block(parameters.typologies, share, lines, at_least=int(enough)))
            for share, label in LINE_TYPOLOGIES.items()
        ),
        is_suspended=day >= suspension_day(first_day, days),
        population=max(people, total),
        sellers=max(parcels // parameters.parcels_per_seller, 20),
        masters=min(max(total // parameters.parcels_per_master, 10), _MASTERS_CAP),
        keys={
            name: (
                constant(seed, 1, day_number, 2 * purpose),
                constant(seed, 1, day_number, 2 * purpose + 1),
            )
            for purpose, name in enumerate(_KEYS)
        },
        seed_keys={
            name: (constant(seed, 0, 2 * purpose), constant(seed, 0, 2 * purpose + 1))
            for purpose, name in enumerate(("people", "sellers", "phones", "listings"))
        },
        rates=exchange_rates(parameters, seed, day),
    )
