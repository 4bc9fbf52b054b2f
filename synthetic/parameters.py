"""Every number the synthetic flow is made of, with its grade and its source.

Add here a number before using it (`stated(value, grade, source)`); `documented` lists them all, and
every generated set carries that list. Keep out: lists of words (vocabulary.py, goods.py), numbers
of faulty deliveries (mess_plan.py), row counts of one day (plan.py), thresholds of any law that a
model applies (dated seeds).

Grades are those of the domain handbook (V2 verified twice, V1 once, S secondary and unreliable, U
unverified proposal, M measured on files); OWN is a choice of this generator that nothing supports.
None of these numbers is a finding about trade.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

DEFAULT_FIRST_DAY = dt.date(2026, 11, 9)  # a Monday
_DEFAULT_LAST_DAY = dt.date(2026, 11, 15)
DEFAULT_SEED = 20261109

PER_MILLION = 1_000_000
OWN = "OWN"
GRADES = ("V2", "V1", "S", "U", "M", OWN)
# From here on a day is large enough for at least one whole cluster of every typology.
MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES = 1_000


def stated(value: Any, grade: str, source: str) -> Any:
    """A field with this default, its grade and where it is from."""
    return field(default=value, metadata={"grade": grade, "source": source})


_SHARE = "share of planted parcels; handbook 5.5 [V1] names the practice, no source counts it"


def default_first_day(days: int) -> dt.date:
    """Where a flow of `days` days begins when nobody says: a week or less on DEFAULT_FIRST_DAY.

    A longer one ends with that week: a delivery desk sets aside what lies ahead of its own day.
    """
    return min(DEFAULT_FIRST_DAY, _DEFAULT_LAST_DAY - dt.timedelta(days=days - 1))


@dataclass(frozen=True)
class TypologyShares:
    """Planted parcels of one day per million parcels (lines: per million declaration lines; habits
    of sellers and bills: per million of those).

    Their sum is about 4 %: above the 0.5-1 % of violations found in declared flow (5.3, V1), so
    that a small demo has enough of each; lower them together to imitate the measured rate.
    """

    undervaluation: int = stated(8_000, OWN, _SHARE)
    split_under_relief: int = stated(3_500, OWN, _SHARE)
    one_address_many_consignees: int = stated(2_000, OWN, _SHARE)
    phone_reuse: int = stated(2_000, OWN, _SHARE)
    prohibited_goods: int = stated(1_000, OWN, "bans: handbook 4.5 [V2]; no source counts them")
    false_item_name: int = stated(2_000, OWN, _SHARE)
    disguised_brand: int = stated(
        1_000, OWN, "hypothesis: handbook 5.5 found no source for disguised spellings [U]"
    )
    unregistered_platform_behind_courier: int = stated(
        4_000, OWN, "buying agents and consolidators as the channel: handbook 4.3 [U]"
    )
    stale_suspended_platform: int = stated(
        1_500, OWN, "model: Temu after 4-5 December 2024, handbook 4.3 [V2]; share not known"
    )
    gathering_point: int = stated(1_000, OWN, _SHARE + "; of the first day, then it grows")
    box_fan_out: int = stated(
        1_500, OWN, "dispersal and drop-shipping: handbook 5.5 [V1]; share own"
    )
    unlawful_discount: int = stated(
        2_000, OWN, "discounts above the limit: handbook 4.2, 4.3 [V2]; share not known"
    )
    price_preference: int = stated(
        2_800, OWN, "per million sellers, the largest first; a hypothesis, no source names it"
    )
    first_seen_consignees: int = stated(
        7_000, OWN, "per million bills; name lists of no recipients: handbook 5.5 [V1]; share own"
    )
    split_over_days: int = stated(
        700, OWN, "splitting to stay under the relief: handbook 5.5 [V1]; one piece a day is own"
    )
    line_undervaluation: int = stated(10_000, OWN, "per million declaration lines")
    wrong_tariff_preference: int = stated(15_000, OWN, "per million declaration lines")


@dataclass(frozen=True)
class SyntheticParameters:
    """Shares are per million of the thing named; money is VND; mass is grams."""

    typologies: TypologyShares = field(default_factory=TypologyShares)

    # Volume. The handbook's two claims do not reconcile (5.2): 4-5 million orders a day [V2 as a
    # claim] against 0.75-1.7 million parcels [M]; parcels per day is therefore an argument.
    declaration_lines: int = stated(50_000, OWN, "declaration lines per parcel")
    low_value_declared: int = stated(600_000, OWN, "MIC per express parcel within the relief")
    low_value_differs: int = stated(10_000, OWN, "MIC states another value: honest noise")

    # Value and mass.
    relief_value_vnd: int = stated(
        1_000_000, "V2", "Decree 134/2016 art. 29(2), handbook 4.1; only to bunch below it"
    )
    value_level_percent: int = stated(
        73, "U", "brings the median of the goods to 65,000 VND: 60-70k proposed (5.2); 66k VND "
        "declared per item at Lang Son in 2021 (5.2, V1)"
    )  # fmt: skip
    value_sigma_thousandths: int = stated(
        400, "U", "with the spread of the goods gives a 95th percentile of about 400k (5.2)"
    )
    weight_sigma_thousandths: int = stated(
        500, "U", "with the spread of the goods gives a median of 0.25 kg (5.2)"
    )
    bunching: int = stated(8_000, "U", "hard bunching just under 1,000,000: 0.5-1 % (5.2)")
    bunching_width_vnd: int = stated(59_000, OWN, "declared 940,000 to 999,000")
    bunching_top_vnd: int = stated(999_000, OWN, "declared 940,000 to 999,000")

    # Customers.
    population_factor: int = stated(20, OWN, "people per parcel of the day")
    population_most: int = stated(100_000_000, OWN, "about the inhabitants of Viet Nam")
    second_parcel: int = stated(30_000, OWN, "honest consignees with a second parcel that day")
    household: int = stated(20_000, OWN, "pairs with one phone and one address")
    dormitory: int = stated(10_000, OWN, "groups of forty with one address")
    dormitory_size: int = stated(40, OWN, "people of one dormitory")
    id_missing: int = stated(50_000, OWN, "red flag (ii) of dispatch 3923/2021, honest noise")
    id_old_nine_digits: int = stated(20_000, OWN, "identity cards of the old form")
    id_tax_code: int = stated(40_000, OWN, "consignees that are firms")
    phone_missing: int = stated(10_000, OWN, "honest noise")
    address_missing: int = stated(15_000, OWN, "red flag (i) of dispatch 3923/2021, honest noise")
    address_province_only: int = stated(25_000, OWN, "honest noise")
    address_without_street: int = stated(40_000, OWN, "the three together: 8 % incomplete")
    honest_vague_name: int = stated(3_000, OWN, "honest senders write 'gift' as well")
    open_brand: int = stated(2_000, OWN, "honest senders name a watched brand openly")
    description_in_english: int = stated(450_000, OWN, "the rest is Vietnamese")

    # Senders, platforms, codes. Platform weights: vocabulary.py.
    parcels_per_seller: int = stated(40, OWN, "parcels of a day per seller")
    parcels_per_master: int = stated(100, OWN, "parcels of a day per master bill")
    china_on_chinese_platforms: int = stated(960_000, OWN, "makes China about 70 % of parcels")
    china_elsewhere: int = stated(580_000, OWN, "makes China about 70 % of parcels")
    china_of_lines: int = stated(700_000, OWN, "declaration lines from China")
    other_origin: int = stated(20_000, OWN, "origin China, sent from elsewhere")
    hs_stated: int = stated(350_000, OWN, "manifests that state an HS code; three in ten 8 digits")
    direct_sale: int = stated(
        20_000, OWN, "parcels without a platform that a platform's seller sends: its own shop"
    )
    shop_order: int = stated(400_000, OWN, "parcels without a platform with a shop's order number")
    courier_keeps_numbers: int = stated(500_000, OWN, "hidden parcels with the platform's numbers")
    courier_renumbers: int = stated(250_000, OWN, "hidden parcels with the courier's own number")
    platform_upper_case: int = stated(100_000, OWN, "senders that write platforms in capitals")

    # Typologies.
    undervaluation_factor_low_percent: int = stated(200, "U", "true price 2-4 times declared (5.2)")
    undervaluation_factor_high_percent: int = stated(
        400, "U", "true price 2-4 times declared (5.2)"
    )
    split_member_low_vnd: int = stated(
        350_000, OWN, "three members already exceed the relief value"
    )
    split_member_high_vnd: int = stated(900_000, OWN, "each member stays below the relief value")
    one_price_usd_cents: int = stated(120, OWN, "the one price of a seller that writes no other")
    one_price_from_day_index: int = stated(
        1, OWN, "a seller takes to its one price on the second day: the first is as it was before"
    )
    first_seen_from_day_index: int = stated(
        3, OWN, "bills of invented names begin on the fourth day; before it nobody has a past"
    )
    gathering_growth_percent: int = stated(50, OWN, "of the first day's parcels, added every day")
    gathering_growth_days: int = stated(56, OWN, "growth ends after eight weeks")
    discount_limit_percent: int = stated(50, "V2", "Decree 81/2018 arts 6-7, handbook 4.2")
    discount_most_percent: int = stated(90, "V2", "welcome offers up to 90 %, handbook 4.3")
    lawful_promotion: int = stated(20_000, OWN, "honest parcels that state a discount of 5-50 %")
    lawful_promotion_low_percent: int = stated(5, OWN, "smallest discount that is stated")

    # Listings. What a platform asks for a piece lies above what is declared for it; by how much is
    # not known. Discounts of the law: discount_limit_percent above.
    listings_per_million_parcels: int = stated(25_000, OWN, "listings seen each day")
    listings_least: int = stated(60, OWN, "listings of a small day")
    listing_planted: int = stated(10_000, OWN, "of the listings, for each unlawful promotion")
    listing_promoted: int = stated(150_000, OWN, "honest listings with a promotion")
    listing_at_home: int = stated(300_000, OWN, "of platforms that are not Chinese")
    listing_in_yuan: int = stated(300_000, OWN, "listings of Chinese platforms")
    listing_live: int = stated(300_000, OWN, "of the platform that streams")
    listing_gtin_stated: int = stated(300_000, OWN, "listings that show a barcode")
    listing_tax_stated: int = stated(600_000, OWN, "listings that say that tax is included")
    listing_pays_delivery: int = stated(300_000, OWN, "delivery is not in the price")
    listing_voucher: int = stated(50_000, OWN, "prices seen after a voucher")
    listing_rated: int = stated(800_000, OWN, "listings with ratings")
    listing_price_varies: int = stated(100_000, OWN, "listings whose price moves by 3 % at most")
    listing_added_abroad: tuple[int, int] = stated((40, 120), OWN, "percent above the parcel level")
    listing_added_at_home: tuple[int, int] = stated((70, 180), OWN, "the same, sellers at home")
    listing_cut: tuple[int, int] = stated((5, 40), OWN, "percent of an honest promotion")
    listing_deep_cut: tuple[int, int] = stated(
        (56, 85), "V2", "above the 50 % of Decree 81/2018 art. 7, handbook 4.2; how far is own"
    )
    listing_raised_cut: tuple[int, int] = stated((0, 8), OWN, "percent below the usual price")
    listing_raised: tuple[int, int] = stated((50, 80), OWN, "percent off a raised list price")
    listing_promotion_within_days: int = stated(3, OWN, "promotions begin on one of these days")
    listing_promotion_days: tuple[int, int] = stated((3, 13), OWN, "length of a promotion less one")
    listing_long_before_days: int = stated(
        60, "V2", "with the days after the first day 161: more than 120, Decree 81/2018 art. 10(5)"
    )
    listing_long_after_days: int = stated(
        100, "V2", "Decree 81/2018 art. 10(5): see listing_long_before_days"
    )

    # Declarations: commercial lots, so dearer and heavier.
    business_importer: int = stated(850_000, OWN, "importers that are firms")
    preferential_tariff: int = stated(
        550_000, OWN, "lines with a preference; ACFTA is zero on 85 % of tariff lines (6, M)"
    )
    lot_of_parcel_sender: int = stated(
        20_000, OWN, "declarations whose sender has a parcel under the same master bill: honest"
    )
    indirect_route: int = stated(20_000, OWN, "declarations of goods that come through a hub")

    # Inspections (targeting handbook 5.2, 5.4): a random stratum with a known probability, and
    # rules that look harder at what is planted.
    inspected_random: int = stated(5_000, OWN, "random stratum")
    inspected_by_rule: int = stated(2_000, OWN, "honest rows chosen by a rule")
    inspected_by_rule_if_planted: int = stated(150_000, OWN, "planted rows chosen by a rule")
    found_if_planted: int = stated(800_000, OWN, "inspections find four of five planted rows")
    found_if_honest: int = stated(2_000, OWN, "findings of kinds that are not planted")
    result_pending: int = stated(20_000, OWN, "results that are still open")

    # Series of the market and aggregates of the months before the flow. None says anything of a
    # real market; the ratio of claimed to declared value is of the order of section 0 of the
    # impact handbook (a factor of 5 to 20 between orders claimed and values declared).
    market_months: int = stated(25, OWN, "months of history: growth on the year, 25-month windows")
    market_of_chapters_percent: int = stated(200, OWN, "the whole, of the chapters with templates")
    history_parcels_a_month: int = stated(400_000, OWN, "the first month; about the demo's volume")
    history_value_vnd: int = stated(105_000, OWN, "mean customs value of a parcel")
    history_growth_per_thousand: int = stated(15, OWN, "of the first month, added every month")
    claimed_orders_percent: int = stated(130, OWN, "orders that platforms claim, of parcels")
    claimed_value_percent: int = stated(500, OWN, "value that platforms claim, of declared value")
    income_vnd: int = stated(5_400_000, OWN, "mean income of a person and month")
    income_of_quintile_percent: tuple[int, ...] = stated(
        (30, 55, 80, 115, 220), OWN, "of the mean; five quintiles of a province"
    )

    exchange_rates: tuple[tuple[str, int], ...] = stated(
        (
            ("VND", 100),
            ("USD", 2_635_000),
            ("CNY", 370_000),
            ("EUR", 3_050_000),
            ("KRW", 1_820),
            ("JPY", 17_150),
            ("GBP", 3_480_000),
        ),
        OWN,
        "plausible levels, in hundredths of a dong per unit",
    )


@dataclass(frozen=True)
class DocumentedNumber:
    """One parameter as every generated set lists it."""

    name: str
    value: str
    grade: str
    source: str


def _text(value: Any) -> str:
    """A number, a list of numbers or of pairs, as `truth/parameters.csv` writes it."""
    if not isinstance(value, tuple):
        return str(value)
    return "; ".join(f"{v[0]}={v[1]}" if isinstance(v, tuple) else str(v) for v in value)


def documented(parameters: Any, prefix: str = "") -> Iterator[DocumentedNumber]:
    """Every number of a parameter set, those of its parts under `part.name`."""
    for item in fields(parameters):
        value = getattr(parameters, item.name)
        if not item.metadata:
            yield from documented(value, f"{item.name}.")
            continue
        text = _text(value)
        grade, source = item.metadata["grade"], item.metadata["source"]
        if value != item.default:
            grade, source = OWN, "set by the caller"
        yield DocumentedNumber(prefix + item.name, text, grade, source)
