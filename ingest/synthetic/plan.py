"""Row counts of one day: which logical rows belong to which typology, and the day's constants.

Add here a typology (then its share, its SQL branch and its test). Keep out: shares
(parameters.py) and what a typology looks like (sql/parcels.sql).

Logical rows 0 .. n-1 are cut into one block per typology and an honest rest; a bijection
scatters them over the positions of the file, so that neither order nor number betrays a planted
row.
"""

import datetime as dt
from dataclasses import dataclass

from ingest.synthetic.mixing import constant
from ingest.synthetic.parameters import (
    MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES,
    PER_MILLION,
    SyntheticParameters,
)

# Rows of one whole cluster, or of one whole cycle of clusters; 1 = no cluster.
TYPOLOGY_UNITS: dict[str, int] = {
    "undervaluation": 1,
    "split_under_relief": 33,  # clusters of 3, 4, 5, 6, 7 and 8
    "one_address_many_consignees": 6,
    "phone_reuse": 5,
    "prohibited_goods": 1,
    "false_item_name": 1,
    "disguised_brand": 1,
    "unregistered_platform_behind_courier": 1,
    "stale_suspended_platform": 1,
    "gathering_point": 1,
}
SPLIT_SIZES = (3, 4, 5, 6, 7, 8)
SUSPENSION_DAY_INDEX = 2  # the third generated day: a Wednesday when the first is a Monday

_RATE_STEPS = 41
_MASTERS_CAP = 50_000
_EPOCH = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class DayPlan:
    """Everything the SQL of one day must know besides the static macros."""

    day: dt.date
    parcels: int
    lines: int
    blocks: tuple[tuple[str, int], ...]  # (typology, rows), in logical order
    constants: tuple[tuple[str, int | str], ...]
    rates: tuple[tuple[str, int], ...]  # (currency, hundredths of a dong per unit)


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


def _blocks(
    parameters: SyntheticParameters, parcels: int, day_index: int
) -> tuple[tuple[str, int], ...]:
    rows = []
    for typology, unit in TYPOLOGY_UNITS.items():
        wanted = parcels * getattr(parameters.typologies, typology) // PER_MILLION
        if parcels >= MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES:
            wanted = max(wanted, unit, 4 if typology == "gathering_point" else 0)
        if typology == "gathering_point":
            wanted += wanted * day_index * parameters.gathering_growth_percent // 100
        rows.append((typology, wanted // unit * unit))
    return tuple(rows)


def plan_day(
    parameters: SyntheticParameters,
    *,
    seed: int,
    first_day: dt.date,
    days: int,
    day_index: int,
    parcels: int,
) -> DayPlan:
    """The plan of the day `first_day + day_index`; a pure function of its arguments."""
    day = first_day + dt.timedelta(days=day_index)
    day_number = (day - _EPOCH).days
    blocks = _blocks(parameters, parcels, day_index)
    constants: list[tuple[str, int | str]] = [
        ("day", day.isoformat()),
        ("day_code", day.strftime("%y%m%d")),
        ("day_number", day_number),
        ("parcels", parcels),
        ("lines", parcels * parameters.declaration_lines // PER_MILLION),
        ("power", 1 << (parcels.bit_length() - 1)),
        ("half_bits", max((parcels.bit_length() - 1) // 2, 1)),
        ("row_offset", constant(seed, 1, day_number, 0) % parcels),
        ("key_a", constant(seed, 1, day_number, 1)),
        ("key_b", constant(seed, 1, day_number, 2)),
        ("line_key_a", constant(seed, 1, day_number, 3)),
        ("line_key_b", constant(seed, 1, day_number, 4)),
        ("declaration_key_a", constant(seed, 1, day_number, 5)),
        ("declaration_key_b", constant(seed, 1, day_number, 6)),
        ("master_key_a", constant(seed, 1, day_number, 7)),
        ("master_key_b", constant(seed, 1, day_number, 8)),
        ("population", max(parcels * parameters.population_factor, 1_000)),
        ("population_offset", constant(seed, 1, day_number, 9)),
        ("sellers", max(parcels // parameters.parcels_per_seller, 20)),
        ("masters", min(max(parcels // parameters.parcels_per_master, 10), _MASTERS_CAP)),
        ("is_suspended", int(day >= suspension_day(first_day, days))),
    ]
    end = 0
    for typology, rows in blocks:
        constants.append((f"start_{typology}", end))
        end += rows
        constants.append((f"end_{typology}", end))
    constants.append(("honest_start", end))
    return DayPlan(
        day=day,
        parcels=parcels,
        lines=parcels * parameters.declaration_lines // PER_MILLION,
        blocks=blocks,
        constants=tuple(constants),
        rates=exchange_rates(parameters, seed, day),
    )
