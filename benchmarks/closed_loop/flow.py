"""The synthetic flow that every strategy of a seed sees: consignments, offences, inspectors' luck.

Defines: `Scenario`, `Flow`, `make_flow`, `found_chance`. A stand-in for the generator, which writes
files of a day and would take hours for months: it takes the generator's typologies and shares
(synthetic/parameters.py) and lets indicators fire as often as they were measured to fire on the
demo's week.
Add here another way in which the flow changes. Keep out: who is selected, what is learned.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synthetic.inspections import FOUND_AS
from synthetic.parameters import SyntheticParameters

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

HONEST = -1
NEW = "new_channel"
FADING = "undervaluation"
_MILLION = 1_000_000
# Per thousand consignments of a typology, how often each indicator fired: measured on the demo's
# week of the main of 29 November 2026 (91,100 consignments).
_ALL = {"consignee_address_incomplete": 77, "consignee_id_missing": 47}
FIRES: dict[str, dict[str, int]] = {
    "honest": _ALL | {
        "platform_not_registered": 249, "multiple_receipts_per_day": 58, "undervaluation": 7,
        "vague_description": 3, "platform_hidden": 2, "prohibited_goods_term": 2,
        "shared_contact": 1, "preference_indirect_route": 1,
    },
    "undervaluation": _ALL | {
        "undervaluation": 463, "platform_not_registered": 259, "multiple_receipts_per_day": 10,
        "shared_contact": 3,
    },
    "split_under_relief": {
        "multiple_receipts_per_day": 1000, "split_under_relief": 1000,
        "platform_not_registered": 286,
    },
    "one_address_many_consignees": {"shared_contact": 1000, "platform_not_registered": 251},
    "phone_reuse": {"shared_contact": 1000, "platform_not_registered": 343},
    "gathering_point": {"shared_contact": 1000, "platform_not_registered": 278},
    "prohibited_goods": _ALL | {
        "prohibited_goods_term": 918, "platform_not_registered": 258, "undervaluation": 21,
    },
    "false_item_name": _ALL | {
        "vague_description": 349, "name_disagrees_with_hs": 263, "platform_not_registered": 257,
    },
    "disguised_brand": _ALL | {"prohibited_goods_term": 444, "platform_not_registered": 233},
    "unregistered_platform_behind_courier": _ALL | {"platform_hidden": 777, "undervaluation": 3},
    "stale_suspended_platform": _ALL | {
        "platform_not_registered": 1000, "residual_suspended_flow": 1000,
    },
    "box_fan_out": {"box_fan_out": 670, "multiple_receipts_per_day": 11},
    "wrong_tariff_preference": {
        "wrong_tariff_preference": 1000, "multiple_receipts_per_day": 100, "undervaluation": 14,
    },
    # no rule was written for it: it fires what honest goods fire
    NEW: _ALL | {"platform_not_registered": 249, "multiple_receipts_per_day": 58},
}  # fmt: skip
TYPOLOGIES = tuple(name for name in FIRES if name != "honest")
INDICATORS = tuple(sorted({name for fired in FIRES.values() for name in fired}))


@dataclass(frozen=True)
class Scenario:
    """Own choices, all of them: the story that is planted. Days count from 0, shares are of 1.

    new_from: first day of the new typology, which lives in a channel (a cell of goods and route)
    that grows from then on. fades: days over which the fading one falls to fade_to of itself.
    reset: day on which reset_share of the offenders come back under new identities.
    """

    months: int = 8
    days_a_month: int = 30
    parcels_a_day: int = 4_000
    capacity: int = 160
    new_from: int = 60
    new_grows_days: int = 30
    new_per_million: int = 10_000
    channel_before: float = 0.002
    channel_after: float = 0.05
    fades: tuple[int, int] = (60, 120)
    fade_to: float = 0.1
    reset: int = 150
    reset_share: float = 0.7
    cells: int = 40
    honest_sellers: int = 3_000
    offenders: int = 30
    repeat_offender: float = 0.8
    mean_delay: float = 6.0
    found_at_random: float = 0.6

    @property
    def days(self) -> int:
        """Days of the whole story."""
        return self.months * self.days_a_month


@dataclass(frozen=True)
class Flow:
    """Parallel arrays, one row a consignment, days in order.

    typology: number in TYPOLOGIES or HONEST. cell, seller: numbers. fired: rows x INDICATORS.
    value_vnd: declared. stake_vnd: what a finding brings. luck: of the inspector, the same whoever
    selects. delay: days until a result is known. order: ties and draws.
    """

    scenario: Scenario
    day: Integers
    typology: Integers
    cell: Integers
    seller: Integers
    fired: Booleans
    value_vnd: Integers
    stake_vnd: Integers
    luck: Floats
    delay: Integers
    order: Floats

    @property
    def is_offence(self) -> Booleans:
        """Rows that break the law, found or not."""
        return self.typology != HONEST


def found_chance(flow: Flow, targeted: Booleans) -> Floats:
    """Chance that a check finds something: less in an offence that no reason points at."""
    settings = SyntheticParameters()
    of_offence = np.where(
        targeted, settings.found_if_planted / _MILLION, flow.scenario.found_at_random
    )
    return np.where(flow.is_offence, of_offence, settings.found_if_honest / _MILLION)


def shares(scenario: Scenario, day: int) -> Floats:
    """Share of each typology in the flow of a day."""
    settings = SyntheticParameters()
    typologies = settings.typologies
    found = []
    for name in TYPOLOGIES:
        if name == NEW:
            grown = (day - scenario.new_from + 1) / scenario.new_grows_days
            share = scenario.new_per_million * min(max(grown, 0.0), 1.0)
        elif name == "wrong_tariff_preference":
            # planted per million declaration lines, which are a share of parcels
            lines = settings.declaration_lines / _MILLION
            share = typologies.wrong_tariff_preference * lines
        else:
            share = getattr(typologies, name)
        if name == FADING:
            first, last = scenario.fades
            gone = min(max((day - first) / (last - first), 0.0), 1.0)
            share *= 1 - gone * (1 - scenario.fade_to)
        found.append(share / _MILLION)
    return np.array(found)


def make_flow(scenario: Scenario, seed: int) -> Flow:
    """The flow of one seed."""
    assert all(FOUND_AS.get(name, "new") is not None for name in TYPOLOGIES)
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(scenario.days, dtype=np.int64), scenario.parcels_a_day)
    rows = len(day)
    bounds = np.array([np.cumsum(shares(scenario, number)) for number in range(scenario.days)])
    drawn = rng.random(rows)
    typology = (drawn[:, None] >= bounds[day]).sum(axis=1)
    typology = np.where(typology == len(TYPOLOGIES), HONEST, typology).astype(np.int64)
    cell = _cells(scenario, rng, day, typology)
    value = np.exp(rng.normal(np.log(65_000), 1.1, rows))
    # the true price is 2 to 4 times the declared one: what a check brings is the difference
    hidden = np.isin(typology, [TYPOLOGIES.index(name) for name in (FADING, NEW)])
    stake = value * np.where(hidden, rng.uniform(1, 3, rows), 1.0)
    often = np.array(
        [[FIRES[name].get(i, 0) for i in INDICATORS] for name in (*TYPOLOGIES, "honest")]
    )
    fired = rng.random((rows, len(INDICATORS))) * 1000 < often[typology]
    return Flow(
        scenario, day, typology, cell, _sellers(scenario, rng, day, typology), fired,
        value.astype(np.int64), stake.astype(np.int64), rng.random(rows),
        1 + rng.geometric(1 / scenario.mean_delay, rows).astype(np.int64), rng.random(rows),
    )  # fmt: skip


def _cells(
    scenario: Scenario, rng: np.random.Generator, day: Integers, typology: Integers
) -> Integers:
    """Goods and route: honest goods by Zipf's law, offences mostly in a few cells of their own; the
    last cell is the new channel."""
    usual = scenario.cells - 1
    weights = 1 / np.arange(1, usual + 1)
    cell = rng.choice(usual, len(day), p=weights / weights.sum()).astype(np.int64)
    favourite = rng.integers(0, usual, (len(TYPOLOGIES), 4))
    loyal = (typology >= 0) & (rng.random(len(day)) < 0.7)
    picked = favourite[np.maximum(typology, 0), rng.integers(0, 4, len(day))]
    cell = np.where(loyal, picked, cell)
    grown = np.clip((day - scenario.new_from + 1) / scenario.new_grows_days, 0, 1)
    of_channel = scenario.channel_before + grown * (
        scenario.channel_after - scenario.channel_before
    )
    in_channel = (typology == HONEST) & (rng.random(len(day)) < of_channel)
    return np.where(in_channel | (typology == TYPOLOGIES.index(NEW)), usual, cell)


def _sellers(
    scenario: Scenario, rng: np.random.Generator, day: Integers, typology: Integers
) -> Integers:
    """Honest sellers, and offenders who send most offences; many of them change their identity."""
    honest = rng.integers(0, scenario.honest_sellers, len(day))
    offenders = scenario.offenders * len(TYPOLOGIES)
    number = np.maximum(typology, 0) * scenario.offenders + rng.integers(
        0, scenario.offenders, len(day)
    )
    changes = rng.random(offenders) < scenario.reset_share
    seller = scenario.honest_sellers + number
    seller = np.where(changes[number] & (day >= scenario.reset), seller + offenders, seller)
    repeats = (typology >= 0) & (rng.random(len(day)) < scenario.repeat_offender)
    return np.where(repeats, seller, honest).astype(np.int64)
