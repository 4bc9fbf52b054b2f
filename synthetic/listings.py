"""Listings of the platforms as somebody saw them each day: the same offers every day, with prices.

Defines the rows of listing_observation and their labels. Goods, titles, platforms and sellers are
those of the parcels, so that listings find parcels of their kind. Add here what a listing shows, or
a promotion that breaks the law. Keep out: shares and prices (parameters.py), words (goods.py).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic import goods, vocabulary, words
from synthetic.arrays import (
    array_of,
    ascii_codes,
    constant_text,
    digits,
    fixed_texts,
    moments,
    zero_padded,
)
from synthetic.mixing import FACTOR_UNIT, Draws, Numbers, Scatter, keyed, threshold
from synthetic.parameters import PER_MILLION
from synthetic.parcels import Day
from synthetic.text_columns import (
    Column,
    Pick,
    Rows,
    Texts,
    chained,
    column_text,
    plain_number,
    sparse,
    sparse_number,
    taken,
    texts,
)

# Places of the labels below; honest listings have -1.
PROMOTIONS = ("promotion_list_price_raised", "promotion_too_deep", "promotion_too_long")
_RAISED, _TOO_DEEP, _TOO_LONG = range(len(PROMOTIONS))
PROMOTION_LABELS = (
    "day",
    "source",
    "platform_code",
    "listing_id",
    "typology",
    "usual_price_vnd",
    "price_vnd",
    "list_price_vnd",
    "promotion_from",
    "promotion_to",
)

_CURRENCIES = texts(["VND", "CNY"])
_PLATFORM_TEXTS = texts(platform.code or "" for platform in vocabulary.PLATFORMS)
_PREFIXES = {
    mark: ascii_codes([f"{platform.order_prefix}{mark}" for platform in vocabulary.PLATFORMS])
    for mark in ("S", "V", "L", "X")
}
_LIVESTREAM_PLATFORM = [p.code for p in vocabulary.PLATFORMS].index("tiktokshop")
_CHANNELS = texts(["marketplace", "livestream"])
_ORIGINS = texts([*(country.code for country in vocabulary.COUNTRIES), "VN"])
_AT_HOME = len(vocabulary.COUNTRIES)
_BRANDS = texts(goods.BRANDS)
_CATEGORIES = texts(goods.group_of(good) for good in goods.GOODS)
_PRICE_KINDS = texts(["shelf", "voucher_applied"])
_TRUE_FALSE = texts(["true", "false"])
_STATED_TRUE = texts(["", "true"])
_PROMOTION_TEXTS = texts(["", *(f"Giảm {percent}%" for percent in range(1, 100))])
_PROMOTION_NAMES = texts(PROMOTIONS)
# GS1 prefix for use within a shop: no good of this world has such a number. [K]
_GTIN_PREFIX = 200
_AT_HOME_NUMBERS = 10_000_000  # numbers of sellers of one platform, as in parcels.py


@dataclass(frozen=True)
class Listings:
    """Parallel arrays, one entry per listing of the day. Money is in VND.

    position: place in the file, which is the listing's number on every day. label: place in
    PROMOTIONS, -1 for honest ones. is_at_home: sold by a firm of this country, beyond the sellers
    of parcels. list_price: 0 where none is shown. first, last: days of the promotion, counted from
    the day of the file; meaningless unless it runs.
    """

    draws: Draws
    position: Numbers
    label: Numbers
    platform: Numbers
    seller: Numbers
    is_at_home: Numbers
    good: Numbers
    usual: Numbers
    price: Numbers
    list_price: Numbers
    runs: Numbers
    first: Numbers
    last: Numbers
    currency: Numbers


def count_of(day: Day) -> int:
    """How many listings are seen each day."""
    settings = day.parameters
    wanted = day.plan.usual_parcels * settings.listings_per_million_parcels // PER_MILLION
    return max(wanted, settings.listings_least)


def listings_at(day: Day, start: int, stop: int) -> Listings:
    """The listings at these places of the file; a pure function of seed, day and place."""
    settings, plan, count = day.parameters, day.plan, count_of(day)
    position = np.arange(start, stop, dtype=np.int64)
    logical = Scatter(count, plan.seed_keys["listings"][0])(position)
    draws = Draws(keyed(logical, plan.seed_keys["listings"]))
    platform = _platforms(draws)
    seller, is_at_home = _sellers(day, draws, platform)
    good = draws.pick("good", words.PICK_GOOD)
    usual = _usual_prices(day, draws, good, is_at_home)
    label = _labels(day, logical, count)
    runs, first, last, cut = _promotions(day, draws, label)
    price = _rounded(usual * (100 - cut) // 100)
    varied = draws.hit("bunch", settings.listing_price_varies) & ~runs & (label < 0)
    today = Draws(keyed(logical, plan.keys["listings"]))
    price = np.where(varied, _rounded(price * (97 + today.below("value", 7)) // 100), price)
    raised = _rounded(price * 100 // (100 - _between(draws, "factor", settings.listing_raised)))
    shown = np.where(label == _RAISED, raised, usual)
    chinese = words.IS_CHINESE_PLATFORM[platform]
    return Listings(
        draws=draws,
        position=position,
        label=np.where(runs, label, -1),
        platform=platform,
        seller=seller,
        is_at_home=is_at_home,
        good=good,
        usual=usual,
        price=price,
        list_price=np.where(runs, shown, 0),
        runs=runs,
        first=first,
        last=last,
        currency=(chinese & draws.hit("currency", settings.listing_in_yuan)).astype(np.int32),
    )


def _platforms(draws: Draws) -> Numbers:
    """Platforms by the weights of parcels; what names no platform has no listing."""
    named = words.PICK_PLATFORM[words.PICK_PLATFORM != words.NO_PLATFORM]
    return draws.pick("platform", named)


def _sellers(day: Day, draws: Draws, platform: Numbers) -> tuple[Numbers, Numbers]:
    """Numbers of sellers within their platform, skewed as those of parcels; whether at home."""
    is_at_home = draws.hit("country", day.parameters.listing_at_home)
    is_at_home &= ~words.IS_CHINESE_PLATFORM[platform]
    skewed = (draws.of("seller_a") >> np.uint32(16)).astype(np.uint64) * (
        draws.of("seller_b") >> np.uint32(16)
    )
    number = (skewed * day.seller_counts.take(platform).astype(np.uint64)) >> np.uint64(32)
    return number.astype(np.int64), is_at_home


def _usual_prices(day: Day, draws: Draws, good: Numbers, is_at_home: Numbers) -> Numbers:
    """What a piece costs without a promotion: the level of parcels, and what is added to it."""
    settings = day.parameters
    grams = words.PIECE_GRAMS.take(good) * draws.pick("weight", day.weight_factors) // FACTOR_UNIT
    level = words.VALUE_PER_KG.take(good) * settings.value_level_percent // 100
    value = level * grams // 1000 * draws.pick("value", day.value_factors) // FACTOR_UNIT
    added = np.where(
        is_at_home,
        _between(draws, "split_value", settings.listing_added_at_home),
        _between(draws, "split_value", settings.listing_added_abroad),
    )
    return _rounded(np.maximum(value, 4_000) * (100 + added) // 100)


def _rounded(vnd: Numbers) -> Numbers:
    """Prices are whole thousands of dong."""
    return np.maximum((vnd + 500) // 1_000, 1).astype(np.int64) * 1_000


def _between(draws: Draws, name: str, bounds: tuple[int, int]) -> Numbers:
    """Uniform whole numbers, both ends included."""
    low, high = bounds
    return low + draws.below(name, high - low + 1).astype(np.int64)


def _labels(day: Day, logical: Numbers, count: int) -> Numbers:
    """The first logical rows are planted; the scatter hides where they stand."""
    each = max(count * day.parameters.listing_planted // PER_MILLION, int(day.plan.has_all))
    if not each:
        return np.full(len(logical), -1, dtype=np.int32)
    return np.where(logical < each * len(PROMOTIONS), logical // each, -1).astype(np.int32)


def _promotions(
    day: Day, draws: Draws, label: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Whether a promotion runs on the day, its first and last day, and the percent that the usual
    price is cut by."""
    settings = day.parameters
    since = day.plan.day_index
    first = 1 + draws.below("schedule", settings.listing_promotion_within_days).astype(np.int64)
    last = first + _between(draws, "delay", settings.listing_promotion_days)
    # Too long: it has been running before anybody looked, and says so.
    long = label == _TOO_LONG
    first = np.where(long, -settings.listing_long_before_days, first)
    last = np.where(long, settings.listing_long_after_days, last)
    has_one = (draws.of("promotion") < threshold(settings.listing_promoted)) | (label >= 0)
    runs = has_one & (first <= since) & (since <= last)
    cut = _between(draws, "discount", settings.listing_cut)
    cut = np.where(label == _TOO_DEEP, _between(draws, "discount", settings.listing_deep_cut), cut)
    cut = np.where(label == _RAISED, _between(draws, "discount", settings.listing_raised_cut), cut)
    return runs, first - since, last - since, np.where(runs, cut, 0)


def listing_rows(day: Day, listings: Listings) -> Rows:
    """The rows of listing_observation."""
    settings, lists, draws = day.parameters, words.words(), listings.draws
    count = len(listings.position)
    platform = listings.platform.astype(np.int32)
    live = (platform == _LIVESTREAM_PLATFORM) & draws.hit("route", settings.listing_live)
    seller = day.seller_starts.take(platform) + listings.seller
    origin = np.where(listings.is_at_home, _AT_HOME, day.sellers.country.take(seller))
    percent = (listings.list_price - listings.price) * 100 // np.maximum(listings.list_price, 1)
    shown = np.clip(np.where(listings.runs, percent, 0), 0, 99).astype(np.int32)
    has_tax = draws.hit("tariff", settings.listing_tax_stated)
    columns: dict[str, Column] = {
        "platform_code": (Pick(_PLATFORM_TEXTS, platform),),
        "channel_kind": (Pick(_CHANNELS, live.astype(np.int32)),),
        "listing_id": _listing_ids(listings),
        "seller_code": _seller_codes(listings),
        "seller_name": (Pick(_seller_names(), _names(day, listings)),),
        "session_id": (
            zero_padded(
                listings.seller * 100 + day.plan.day_index % 100,
                9,
                live,
                _PREFIXES["X"].take(platform, axis=0),
            ),
        ),
        "product_title": (
            Pick(
                lists.descriptions,
                words.described(listings.good, np.zeros(count, dtype=np.int32), draws),
            ),
        ),
        "brand": (Pick(_BRANDS, draws.below("brand", len(goods.BRANDS))),),
        "category": (Pick(_CATEGORIES, listings.good.astype(np.int32)),),
        "gtin": (_gtins(day, draws),),
        "origin_stated": (Pick(_ORIGINS, origin.astype(np.int32)),),
        "observed_at": (moments(day.plan.midnight, 28_800 + draws.below("arrival", 7_200)),),
        "price": (_money(day, listings, listings.price),),
        "list_price": (_where(listings.runs, _money(day, listings, listings.list_price)),),
        "currency_code": (Pick(_CURRENCIES, listings.currency),),
        "price_kind": (
            Pick(_PRICE_KINDS, draws.hit("payment", settings.listing_voucher).astype(np.int32)),
        ),
        "is_tax_included": (Pick(_STATED_TRUE, has_tax.astype(np.int32)),),
        "is_delivery_included": (
            Pick(
                _TRUE_FALSE, draws.hit("incoterm", settings.listing_pays_delivery).astype(np.int32)
            ),
        ),
        "promotion_text": (Pick(_PROMOTION_TEXTS, shown),),
        "promotion_from": (_dates(day, listings.runs, listings.first),),
        "promotion_to": (_dates(day, listings.runs, listings.last),),
        "stock_sold_total": plain_number(
            draws.below("order", 500) + draws.below("master", 20) * (1 + day.plan.day_index)
        ),
        "rating_count": (
            sparse_number(
                draws.hit("found", settings.listing_rated), draws.below("finding", 2_000)
            ),
        ),
    }
    return Rows(columns, count)


def promotion_truth(day: Day, listings: Listings, rows: Rows) -> Rows:
    """One label per observation of an unlawful promotion (PROMOTION_LABELS)."""
    planted = np.flatnonzero(listings.label >= 0)
    stated = taken(
        Rows(
            {
                name: rows.columns[name]
                for name in ("platform_code", "listing_id", "promotion_from", "promotion_to")
            },
            rows.count,
        ),
        planted,
    )
    columns: dict[str, Column] = {
        **stated.columns,
        "day": (day.plan.day.isoformat(),),
        "source": ("listing_observation",),
        "typology": (Pick(_PROMOTION_NAMES, listings.label[planted].astype(np.int32)),),
        "usual_price_vnd": plain_number(listings.usual[planted]),
        "price_vnd": plain_number(listings.price[planted]),
        "list_price_vnd": plain_number(listings.list_price[planted]),
    }
    return Rows(columns, len(planted))


def _listing_ids(listings: Listings) -> Column:
    prefix = _PREFIXES["L"].take(listings.platform, axis=0)
    return (zero_padded(listings.position, 9, prefix=prefix),)


def _seller_codes(listings: Listings) -> Column:
    """As parcels name them; sellers at home have a letter and numbers of their own."""
    prefix = np.where(
        listings.is_at_home[:, None],
        _PREFIXES["V"].take(listings.platform, axis=0),
        _PREFIXES["S"].take(listings.platform, axis=0),
    )
    return (zero_padded(listings.seller, 7, prefix=prefix),)


@cache
def _seller_names() -> Texts:
    """Names at home, then those of senders abroad."""
    return chained(words.words().names, words.words().firms)


def _names(day: Day, listings: Listings) -> Numbers:
    """Numbers in `_seller_names`: a parcel's sender has the name that its listings show."""
    here = listings.platform.astype(np.int64) * _AT_HOME_NUMBERS + listings.seller
    at_home = words.company_name(Draws(day.seller_keys(here + _AT_HOME_NUMBERS // 2)))
    seller = day.seller_starts.take(listings.platform) + listings.seller
    abroad = words.foreign_firm(Draws(day.sellers.keys[seller])) + len(words.words().names)
    return np.where(listings.is_at_home, at_home, abroad).astype(np.int32)


def _gtins(day: Day, draws: Draws) -> pa.Array:
    """Thirteen digits with their check digit, where one is stated."""
    stated = draws.hit("house", day.parameters.listing_gtin_stated)
    number = _GTIN_PREFIX * 10**9 + draws.of("birth")[stated].astype(np.int64) % 10**9
    body = digits(number, 12)
    weights = np.array([1, 3] * 6, dtype=np.int64)
    check = -((body.astype(np.int64) - ord("0")) * weights).sum(axis=1) % 10
    return sparse(stated, fixed_texts(np.column_stack((body, (check + ord("0")).astype(np.uint8)))))


def _money(day: Day, listings: Listings, vnd: Numbers) -> pa.Array:
    """Prices in the currency of the listing: whole dong, or yuan and fen at one rate for all days,
    so that a price that stands does not move."""
    level = dict(day.parameters.exchange_rates)["CNY"]
    fen = column_text(plain_number(vnd * 10_000 // level, 2), len(vnd), "plain")
    return pc.if_else(array_of(listings.currency == 1), fen, array_of(vnd).cast(pa.string()))


def _where(present: Numbers, values: pa.Array) -> pa.Array:
    """The texts where present, else the empty text."""
    return pc.if_else(array_of(present), values, constant_text(""))


def _dates(day: Day, present: Numbers, offset: Numbers) -> pa.Array:
    """Days counted from the day of the file, where present."""
    number = (day.plan.midnight.astype("datetime64[D]").astype(np.int64) + offset).astype(np.int32)
    return _where(present, array_of(number).cast(pa.date32()).cast(pa.string()))
