"""Typologies that lie over honest rows and take none of their own: a habit of a seller, the names
on a master bill. What they do not touch stays as it was, byte by byte.

Defines: `Habits`, `habits_of`, `laid_over`. Add here a typology that shows only in many rows of one
seller or bill. Keep out: blocks of rows (plan.py), labels (truth.py).
"""

from dataclasses import dataclass, replace

import numpy as np

from synthetic import words
from synthetic.mixing import Draws, Numbers, Scatter, keyed
from synthetic.parameters import PER_MILLION
from synthetic.parcels import Day, Parcels
from synthetic.plan import CODE_OF

_PRICE_CURRENCY = "USD"


@dataclass(frozen=True)
class Habits:
    """Who does what on a day. sellers: numbers in Day.sellers, by express alone.

    bills: numbers of master bills; each takes the parcels of one of `joined`, so that it is twice
    as large as usual. currency, vnd: of the one price; least_vnd: what goods are worth on which it
    is written. buyers: how many get a piece of a purchase every day.
    """

    sellers: Numbers
    bills: Numbers
    joined: Numbers
    currency: int
    vnd: int
    least_vnd: int
    buyers: int


def habits_of(day: Day) -> Habits:
    """The largest sellers of the largest platform; bills of express offices, others every day."""
    plan, settings, counts = day.plan, day.parameters, day.seller_counts
    platform = int(np.argmax(counts))
    sellers = bills = 0
    if plan.day_index >= settings.one_price_from_day_index:
        sellers = _how_many(day, int(counts.sum()), settings.typologies.price_preference)
    if plan.day_index >= settings.first_seen_from_day_index:
        bills = _how_many(day, plan.masters, settings.typologies.first_seen_consignees)
    masters = Scatter(plan.masters, plan.keys["bills"][0])(np.arange(plan.masters))
    express = masters[words.IS_EXPRESS_OFFICE[day.master_office[masters]]]
    bills = min(bills, len(express) // 2)
    currency = [code for code, _ in plan.rates].index(_PRICE_CURRENCY)
    # Rounded up: cut off in its currency it is the price again.
    vnd = -(-settings.one_price_usd_cents * int(day.rates[currency]) // 10_000)
    return Habits(
        sellers=day.seller_starts[platform] + np.arange(min(sellers, int(counts[platform]))),
        bills=express[:bills],
        joined=express[bills : 2 * bills],
        currency=currency,
        vnd=vnd,
        least_vnd=vnd * settings.undervaluation_factor_low_percent // 100,
        buyers=_how_many(day, plan.usual_parcels, settings.typologies.split_over_days),
    )


def _how_many(day: Day, of: int, per_million: int) -> int:
    at_least = int(day.plan.has_all and per_million > 0)
    return max(of * per_million // PER_MILLION, at_least)


def laid_over(day: Day, habits: Habits, parcels: Parcels, logical: Numbers) -> Parcels:
    """The parcels with what the day's sellers, bills and buyers do, by logical row."""
    parcels = _with_pieces(day, habits, parcels, logical)
    free = parcels.honest(np.arange(len(parcels.labels)))
    bill = np.arange(day.plan.masters)
    bill[habits.joined] = habits.bills
    master = parcels.master[free]
    is_new = np.isin(bill[master], habits.bills)
    has_price = np.isin(parcels.seller[free], habits.sellers) & ~is_new
    has_price &= words.IS_EXPRESS_OFFICE[day.master_office[master]]
    has_price &= parcels.discount[free] == 0
    has_price &= parcels.fair_vnd[free] >= habits.least_vnd
    new, priced = free[is_new], free[has_price]
    labels = parcels.labels.copy()
    labels[new] = CODE_OF["first_seen_consignees"]
    labels[priced] = CODE_OF["price_preference"]
    return replace(
        _with_new_people(day, parcels, new, parcels.draws.keys[new]),
        planted={**parcels.planted, "price_preference": priced, "first_seen_consignees": new},
        labels=labels,
        master=_put(parcels.master, new, bill[master[is_new]]),
        currency=_put(parcels.currency, priced, habits.currency),
        value_vnd=_put(parcels.value_vnd, priced, habits.vnd),
    )


def _with_pieces(day: Day, habits: Habits, parcels: Parcels, logical: Numbers) -> Parcels:
    """The last rows of a day: each buyer's piece, of the same seller without a platform daily."""
    settings, first = day.parameters, max(day.plan.parcels - habits.buyers, day.plan.starts[-1])
    rows = np.flatnonzero(logical >= first)
    buyer = logical[rows] - first
    sellers = day.seller_starts[words.NO_PLATFORM] + buyer % day.seller_counts[words.NO_PLATFORM]
    low, high = settings.split_member_low_vnd, settings.split_member_high_vnd
    value = low + Draws(parcels.draws.keys[rows]).below("split_value", high - low)
    return replace(
        _with_new_people(day, parcels, rows, keyed(buyer, day.plan.seed_keys["people"])),
        planted={**parcels.planted, "split_over_days": rows},
        labels=_put(parcels.labels, rows, CODE_OF["split_over_days"]),
        platform=_put(parcels.platform, rows, words.NO_PLATFORM),
        seller=_put(parcels.seller, rows, sellers),
        country=_put(parcels.country, rows, day.sellers.country[sellers]),
        value_vnd=_put(parcels.value_vnd, rows, value),
        discount=_put(parcels.discount, rows, 0),
    )


def _with_new_people(day: Day, parcels: Parcels, rows: Numbers, keys: Numbers) -> Parcels:
    """Invented consignees by their keys: numbers beyond all people, hardly ever the same twice."""
    drawn = Draws(keys).of("invented").astype(np.int64)
    people = day.parameters.population_most + 1_000 + drawn
    person = _put(parcels.person, rows, people)
    home_keys = _put(parcels.home_draws.keys, rows, day.person_draws(people).keys)
    home = Draws(home_keys)
    return replace(
        parcels,
        person=person,
        person_draws=day.person_draws(person),
        phone_person=_put(parcels.phone_person, rows, people),
        home_draws=home,
        province=home.pick("province", words.PICK_PROVINCE),
    )


def _put(values: Numbers, rows: Numbers, new: Numbers | int) -> Numbers:
    changed = values.copy()
    changed[rows] = new
    return changed
