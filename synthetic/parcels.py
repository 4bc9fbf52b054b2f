"""What the parcels at given logical rows of a day are, in numbers; words follow in parcel_rows.py.

Add here what a parcel of a new typology is worth, weighs or shares with others. Keep out: texts,
file positions, how many rows a typology has (plan.py), habits of sellers and bills (overlays.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from synthetic import vocabulary, words
from synthetic.disguises import VARIANTS
from synthetic.mixing import (
    FACTOR_UNIT,
    GOLDEN,
    Draws,
    Numbers,
    Scatter,
    keyed,
    lognormal_factors,
    threshold,
)
from synthetic.parameters import SyntheticParameters
from synthetic.plan import BOX_SIZE, CODE_OF, SPLIT_SIZES, TYPOLOGY_UNITS, DayPlan

_PIECES = np.array([1] * 14 + [2, 2, 2, 3, 3, 5], dtype=np.int64)
_SELLERS_OF_PLATFORM = 10_000_000  # numbers of sellers: platform x this + seller
_MEMBERS_OF_SPLIT = np.concatenate([np.arange(size) for size in SPLIT_SIZES]).astype(np.int64)
_CLUSTERED = (
    "split_under_relief", "one_address_many_consignees", "phone_reuse", "gathering_point",
    "box_fan_out",
)  # fmt: skip
_CLUSTER_SIZES = {"one_address_many_consignees": 6, "phone_reuse": 5, "box_fan_out": BOX_SIZE}


@dataclass(frozen=True)
class Sellers:
    """Senders abroad as parallel arrays: keys of their draws, numbers of their countries.

    The number of China is 0.
    """

    keys: Numbers
    country: Numbers


@dataclass(frozen=True)
class Day:
    """The plan of a day with what its rows share: parameters, factor tables, master bills."""

    plan: DayPlan
    parameters: SyntheticParameters
    value_factors: Numbers = field(init=False)
    weight_factors: Numbers = field(init=False)

    def __post_init__(self) -> None:
        settings = self.parameters
        object.__setattr__(
            self, "value_factors", lognormal_factors(settings.value_sigma_thousandths)
        )
        object.__setattr__(
            self, "weight_factors", lognormal_factors(settings.weight_sigma_thousandths)
        )

    @cached_property
    def master_draws(self) -> Draws:
        """Draws of the day's master bills 0 .. masters - 1."""
        return Draws(keyed(np.arange(self.plan.masters), self.plan.keys["masters"]))

    @cached_property
    def master_office(self) -> Numbers:
        """Office at which each master bill arrives."""
        return self.master_draws.pick("office", words.PICK_OFFICE)

    @cached_property
    def master_seconds(self) -> Numbers:
        """When each master bill arrives, in seconds after midnight."""
        return 600 + self.master_draws.below("arrival", 85_000)

    @cached_property
    def rates(self) -> Numbers:
        """Hundredths of a dong per unit of each currency."""
        return np.array([rate for _, rate in self.plan.rates], dtype=np.int64)

    @cached_property
    def country_currency(self) -> Numbers:
        """The currency in which senders of each country invoice."""
        codes = [code for code, _ in self.plan.rates]
        return np.array([codes.index(c.currency) for c in vocabulary.COUNTRIES], dtype=np.int32)

    def person_draws(self, numbers: Numbers) -> Draws:
        """Draws of people, the same on every day."""
        return Draws(keyed(numbers, self.plan.seed_keys["people"]))

    def seller_keys(self, numbers: Numbers) -> Numbers:
        """Keys of sellers, the same on every day."""
        return keyed(numbers, self.plan.seed_keys["sellers"])

    @cached_property
    def seller_counts(self) -> Numbers:
        """How many sellers each platform has, by its weight; parcels without one count too."""
        weights = np.array([platform.weight for platform in vocabulary.PLATFORMS])
        return np.maximum(self.plan.sellers * weights // weights.sum(), 3)

    @cached_property
    def seller_starts(self) -> Numbers:
        """Number of the first seller of each platform, among the sellers of all."""
        return np.cumsum(self.seller_counts) - self.seller_counts

    @cached_property
    def sellers(self) -> Sellers:
        """Everybody who sells to this country, platform by platform."""
        platform = np.repeat(np.arange(len(self.seller_counts)), self.seller_counts)
        within = np.arange(len(platform)) - self.seller_starts[platform]
        keys = self.seller_keys(platform * _SELLERS_OF_PLATFORM + within)
        shares = (self.parameters.china_elsewhere, self.parameters.china_on_chinese_platforms)
        limits = np.array([threshold(share) for share in shares], dtype=np.uint32)
        # Spread evenly from the largest seller to the smallest: few sellers send most parcels, and
        # the share of China should not hang on where they happen to be.
        place = within.astype(np.uint32) * np.uint32(GOLDEN) + keys[self.seller_starts][platform]
        is_abroad = place >= limits[words.IS_CHINESE_PLATFORM.astype(np.int8)][platform]
        return Sellers(keys, Draws(keys).pick("city", words.PICK_COUNTRY) * is_abroad)

    def people_at(self, slots: Numbers) -> Numbers:
        """The numbers of the people whose turn it is: a different person in every slot."""
        return Scatter(self.plan.population, self.plan.keys["population"][0])(slots)

    def cents(self, value_vnd: Numbers, currency: Numbers) -> Numbers:
        """A value in hundredths of a unit of its currency, cut off."""
        return value_vnd * 10_000 // self.rates.take(currency)

    def undervaluation_percent(self, draws: Draws) -> Numbers:
        """True value in percent of the declared one."""
        low = self.parameters.undervaluation_factor_low_percent
        high = self.parameters.undervaluation_factor_high_percent
        return low + draws.below("factor", high - low + 1)


@dataclass(frozen=True)
class Parcels:
    """Parallel arrays, one entry per parcel. Numbers refer to the lists of words.py.

    planted: typology -> numbers of its rows within these arrays, ascending. labels: code of
    plan.TYPOLOGIES, -1 for rows without a label; before its suspension the parcels of the suspended
    platform are as honest as any. variant: of the typology, 0 where it has none. head: first
    logical row of the cluster; the row itself outside clusters. stated_good: what description and
    heading say, of the third variant of false names the heading alone; good: what is in it.
    seller: number in Day.sellers. discount: percent stated, 0 for none.
    """

    draws: Draws
    planted: Mapping[str, Numbers]
    labels: Numbers
    variant: Numbers
    head: Numbers
    person: Numbers
    person_draws: Draws
    phone_person: Numbers
    home_draws: Draws
    province: Numbers
    good: Numbers
    stated_good: Numbers
    brand: Numbers
    pieces: Numbers
    grams: Numbers
    platform: Numbers
    seller: Numbers
    master: Numbers
    country: Numbers
    currency: Numbers
    fair_vnd: Numbers
    value_vnd: Numbers
    discount: Numbers

    def honest(self, rows: Numbers) -> Numbers:
        """Those of the rows that are in no block of a typology."""
        in_block = np.zeros(len(self.labels), dtype=bool)
        for planted in self.planted.values():
            in_block[planted] = True
        return rows[~in_block[rows]]

    def in_clusters(self) -> Numbers:
        """The rows of typologies that share something within a cluster."""
        names = (*_CLUSTERED, "split_over_days")
        return np.concatenate([self.planted[name] for name in names if name in self.planted])


# Planted rows are few: they are changed where they stand, which costs less than a choice per row.


def parcels_at(day: Day, logical: Numbers) -> Parcels:
    """The parcels at these logical rows before overlays; a pure function of day and row."""
    plan, settings = day.plan, day.parameters
    planted = _planted(plan, logical)
    draws = Draws(keyed(logical, plan.keys["parcels"]))
    head = _heads(plan, logical, planted)
    head_keys = draws.keys.copy()
    moved = np.concatenate([planted[name] for name in _CLUSTERED])
    head_keys[moved] = keyed(head[moved], plan.keys["parcels"])
    head_draws = Draws(head_keys)
    person, phone_person, home = _people(day, logical, planted, head, draws)
    person_draws, home_draws = day.person_draws(person), day.person_draws(home)

    brand = draws.below("variant", len(words.BRAND_GOOD))
    good, stated_good, variant = _goods(plan, logical, planted, draws, head_draws, brand)
    pieces = draws.pick("quantity", _PIECES)
    weight_factor = draws.pick("weight", day.weight_factors)
    grams = words.PIECE_GRAMS.take(good) * pieces * weight_factor // FACTOR_UNIT
    grams = np.maximum(grams, 10)
    fair = _fair_value(day, good, grams, draws)

    platform = _platforms(plan, planted, draws, head_draws)
    sold_by = _sold_by(day, logical, draws, platform)
    # Few sellers send most parcels: the product of two draws is seldom large.
    skewed = (head_draws.of("seller_a") >> np.uint32(16)).astype(np.uint64) * (
        head_draws.of("seller_b") >> np.uint32(16)
    )
    number = (skewed * day.seller_counts.take(sold_by).astype(np.uint64)) >> np.uint64(32)
    seller = (day.seller_starts.take(sold_by) + number.astype(np.int64)).astype(np.int32)
    country = day.sellers.country.take(seller)
    discount = _discounts(settings, planted, draws)
    return Parcels(
        draws=draws,
        planted=planted,
        labels=_labels(plan, planted, len(logical)),
        variant=variant,
        head=head,
        person=person,
        person_draws=person_draws,
        phone_person=phone_person,
        home_draws=home_draws,
        province=home_draws.pick("province", words.PICK_PROVINCE),
        good=good,
        stated_good=stated_good,
        brand=brand,
        pieces=pieces,
        grams=grams,
        platform=platform,
        seller=seller,
        master=head_draws.below("master", plan.masters),
        country=country,
        currency=_currencies(day, country, head_draws),
        fair_vnd=fair,
        value_vnd=_declared(day, planted, draws, fair, discount),
        discount=discount,
    )


def _planted(plan: DayPlan, logical: Numbers) -> dict[str, Numbers]:
    rows = np.flatnonzero(logical < plan.starts[-1])
    code = np.searchsorted(np.array(plan.starts[1:]), logical[rows], side="right")
    return {name: rows[code == CODE_OF[name]] for name in TYPOLOGY_UNITS}


def _labels(plan: DayPlan, planted: Mapping[str, Numbers], count: int) -> Numbers:
    labels = np.full(count, -1, dtype=np.int8)
    for name, rows in planted.items():
        if plan.is_suspended or name != "stale_suspended_platform":
            labels[rows] = CODE_OF[name]
    return labels


def _heads(plan: DayPlan, logical: Numbers, planted: Mapping[str, Numbers]) -> Numbers:
    """The first row of each row's cluster; the row itself outside clusters."""
    head = logical.copy()
    for name, size in _CLUSTER_SIZES.items():
        rows = planted[name]
        head[rows] -= (logical[rows] - plan.start(name)) % size
    rows = planted["split_under_relief"]
    place = (logical[rows] - plan.start("split_under_relief")) % len(_MEMBERS_OF_SPLIT)
    head[rows] -= _MEMBERS_OF_SPLIT[place]
    return head


def _people(
    day: Day, logical: Numbers, planted: Mapping[str, Numbers], head: Numbers, draws: Draws
) -> tuple[Numbers, Numbers, Numbers]:
    """Numbers of the consignee, of the person whose phone and of the one whose home is stated."""
    plan, settings = day.plan, day.parameters
    second = (logical > plan.starts[-1]) & draws.hit("second_parcel", settings.second_parcel)
    slots = logical - second
    split = planted["split_under_relief"]
    slots[split] = head[split]
    person = day.people_at(slots)
    # Two neighbours in number form a household; forty share the address of a dormitory.
    groups = person // settings.dormitory_size
    in_household = Draws(keyed(person >> 1, (101, 0))).hit("household", settings.household)
    phone = person - (person & in_household)
    home = phone.copy()
    in_dormitory = Draws(keyed(groups, (202, 0))).hit("dormitory", settings.dormitory)
    together = np.flatnonzero(in_dormitory)
    home[together] = groups[together] * settings.dormitory_size
    for shared, name in ((home, "one_address_many_consignees"), (phone, "phone_reuse")):
        rows = planted[name]
        shared[rows] = day.people_at(head[rows])
    # A warehouse beyond the people: the same every day.
    home[planted["gathering_point"]] = settings.population_most + 7
    return person, phone, home


def _goods(
    plan: DayPlan, logical: Numbers, planted: Mapping[str, Numbers], draws: Draws,
    head_draws: Draws, brand: Numbers,
) -> tuple[Numbers, Numbers, Numbers]:  # fmt: skip
    """What is inside, what the description says, and the variant of the typology."""
    good = draws.pick("good", words.PICK_GOOD)
    variant = np.zeros(len(logical), dtype=np.int32)
    rows = planted["box_fan_out"]
    good[rows] = Draws(head_draws.keys[rows]).pick("good", words.PICK_GOOD)
    rows = planted["disguised_brand"]
    good[rows] = words.BRAND_GOOD[brand[rows]]
    # Variants by turns, so that a small day has every one.
    variant[rows] = (logical[rows] - plan.start("disguised_brand")) % len(VARIANTS)
    rows = planted["false_item_name"]
    variant[rows] = (logical[rows] - plan.start("false_item_name")) % 3
    stated = good.copy()
    other = rows[variant[rows] > 0]
    of_other = Draws(draws.keys[other])
    good[other] = of_other.pick("good", words.DEAR_GOODS)
    stated[other] = of_other.pick("variant", words.CHEAP_GOODS)
    return good, stated, variant


def _fair_value(day: Day, good: Numbers, grams: Numbers, draws: Draws) -> Numbers:
    level = words.VALUE_PER_KG * day.parameters.value_level_percent // 100
    factor = draws.pick("value", day.value_factors)
    return np.maximum(level.take(good) * grams // 1000 * factor // FACTOR_UNIT, 4_000)


def _platforms(
    plan: DayPlan, planted: Mapping[str, Numbers], draws: Draws, head_draws: Draws
) -> Numbers:
    platform = head_draws.pick("platform", words.PICK_PLATFORM)
    if plan.is_suspended:
        # From then on its parcels are all planted ones.
        platform[np.flatnonzero(platform == words.SUSPENDED_PLATFORM)] = words.NO_PLATFORM
    rows = planted["unregistered_platform_behind_courier"]
    platform[rows] = Draws(draws.keys[rows]).pick("platform", words.UNREGISTERED_PLATFORMS)
    platform[planted["stale_suspended_platform"]] = words.SUSPENDED_PLATFORM
    return platform


def _sold_by(day: Day, logical: Numbers, draws: Draws, platform: Numbers) -> Numbers:
    """Whose seller sends the parcel: some honest sellers of a platform have a shop beside it."""
    sold_by = platform.copy()
    is_direct = draws.hit("direct_sale", day.parameters.direct_sale)
    is_direct &= (platform == words.NO_PLATFORM) & (logical >= day.plan.starts[-1])
    rows = np.flatnonzero(is_direct)
    sold_by[rows] = Draws(draws.keys[rows]).pick("direct_platform", words.PICK_PLATFORM)
    return sold_by


def _currencies(day: Day, country: Numbers, head_draws: Draws) -> Numbers:
    """28 % in dong, 10 % in dollars, the others in the currency of the sender's country."""
    countries = len(day.country_currency)
    table = np.tile(day.country_currency, 100)
    table[: 28 * countries] = 0
    table[28 * countries : 38 * countries] = 1
    return table.take(head_draws.below("currency", 100) * countries + country)


def _discounts(
    settings: SyntheticParameters, planted: Mapping[str, Numbers], draws: Draws
) -> Numbers:
    """Percent of a stated promotion: lawful among honest rows, above the limit where planted."""
    limit, low = settings.discount_limit_percent, settings.lawful_promotion_low_percent
    discount = np.zeros(len(draws.keys), dtype=np.int32)
    lawful = np.flatnonzero(draws.hit("promotion", settings.lawful_promotion))
    discount[lawful] = low + Draws(draws.keys[lawful]).below("discount", limit - low + 1)
    for rows in planted.values():
        discount[rows] = 0
    rows, above = planted["unlawful_discount"], limit + 5
    excess = Draws(draws.keys[rows]).below("discount", settings.discount_most_percent - above + 1)
    discount[rows] = above + excess
    return discount


def _declared(
    day: Day, planted: Mapping[str, Numbers], draws: Draws, fair: Numbers, discount: Numbers
) -> Numbers:
    """The declared value in VND."""
    settings = day.parameters
    value = fair.copy()
    bunched = np.flatnonzero(draws.hit("bunch", settings.bunching))
    below = Draws(draws.keys[bunched]).below("bunch_value", settings.bunching_width_vnd)
    value[bunched] = settings.bunching_top_vnd - below
    for rows in planted.values():
        value[rows] = fair[rows]
    rows = planted["undervaluation"]
    value[rows] = fair[rows] * 100 // day.undervaluation_percent(Draws(draws.keys[rows]))
    rows = planted["split_under_relief"]
    low, high = settings.split_member_low_vnd, settings.split_member_high_vnd
    value[rows] = low + Draws(draws.keys[rows]).below("split_value", high - low)
    rows = np.flatnonzero(discount)
    value[rows] = value[rows] * (100 - discount[rows]) // 100
    return value
