"""Every number the synthetic flow is made of, with its source and grade.

Add here a number before using it in SQL (it becomes the macro `share_<name>()` or
`param_<name>()`). Keep out: lists of words (vocabulary.py, goods.py), row counts of one day
(plan.py), thresholds of any law that a model applies (dated seeds).

Grades as in the domain handbook: V2, V1, S, U, M. None of these numbers is a finding about
trade.
"""

import datetime as dt
from dataclasses import dataclass, field

DEFAULT_FIRST_DAY = dt.date(2026, 11, 9)  # a Monday
DEFAULT_SEED = 20261109

PER_MILLION = 1_000_000


@dataclass(frozen=True)
class TypologyShares:
    """Planted parcels of one day per million parcels.

    Their sum is about 2.5 %: above the 0.5-1 % of violations found in declared flow (5.3, V1),
    so that a demo week has enough of each; lower them together to imitate the measured rate.
    All [U].
    """

    undervaluation: int = 8_000
    split_under_relief: int = 3_500
    one_address_many_consignees: int = 2_000
    phone_reuse: int = 2_000
    prohibited_goods: int = 1_000
    false_item_name: int = 2_000
    disguised_brand: int = 1_000
    unregistered_platform_behind_courier: int = 4_000
    stale_suspended_platform: int = 1_500
    gathering_point: int = 1_000  # on the first day; grows by `gathering_growth_percent` a day


@dataclass(frozen=True)
class SyntheticParameters:
    """Shares are per million of the thing named; money is VND; mass is grams."""

    typologies: TypologyShares = field(default_factory=TypologyShares)

    # Volume: lines of declarations per parcel, and MIC per express parcel within the relief. [U]
    declaration_lines: int = 50_000
    low_value_declared: int = 600_000
    low_value_differs: int = 10_000  # MIC states another value than the manifest: honest noise

    # Value and mass (5.2): declared value median 60-70k VND, 95th percentile about 400k; mass
    # median 0.25 kg. Spread within one template; templates (goods.py) bring the rest. [U, proposal]
    relief_value_vnd: int = 1_000_000  # Decree 134/2016 art. 29(2), V2; only to bunch below it
    value_level_percent: int = 73  # brings the median of the mix of templates to 65k VND
    value_sigma_thousandths: int = 400
    weight_sigma_thousandths: int = 500
    bunching: int = 8_000  # declared 940,000-999,000 VND: 0.5-1 % (5.2)
    bunching_width_vnd: int = 59_000
    bunching_top_vnd: int = 999_000

    # Customers: one in `population_factor` orders on a given day; 3 % get a second parcel. [U]
    population_factor: int = 20
    second_parcel: int = 30_000
    household: int = 20_000  # two people, one phone and one address
    dormitory: int = 10_000  # forty people, one address
    dormitory_size: int = 40
    id_missing: int = 50_000
    id_old_nine_digits: int = 20_000
    id_tax_code: int = 40_000
    phone_missing: int = 10_000
    address_missing: int = 15_000
    address_province_only: int = 25_000
    address_without_street: int = 40_000  # the three together: about 8 % incomplete
    vague_description: int = 3_000  # honest senders write 'gift' as well
    description_in_english: int = 450_000

    # Senders, platforms, codes. [U] except: China about 70 % of parcels.
    parcels_per_seller: int = 40
    parcels_per_master: int = 100
    china_on_chinese_platforms: int = 960_000
    china_elsewhere: int = 580_000
    other_origin: int = 20_000
    hs_stated: int = 350_000
    platform_upper_case: int = 100_000

    # Typologies. True price is 2-4 times the declared one (5.2, U).
    undervaluation_factor_low_percent: int = 200
    undervaluation_factor_high_percent: int = 400
    split_member_low_vnd: int = 350_000  # three members already exceed the relief value
    split_member_high_vnd: int = 900_000
    gathering_growth_percent: int = 50

    # Declarations: commercial lots, so dearer and heavier. [U]
    line_undervaluation: int = 10_000
    preferential_tariff: int = 550_000

    # Inspections (targeting handbook 5.2, 5.4): a random stratum with a known probability, and
    # rules that look harder at what is planted. Few of the honest rows hold a finding. [U]
    inspected_random: int = 5_000
    inspected_by_rule: int = 2_000
    inspected_by_rule_if_planted: int = 150_000
    found_if_planted: int = 800_000
    found_if_honest: int = 2_000
    result_pending: int = 20_000

    # Exchange rates: plausible levels, in hundredths of a dong per unit. [U]
    exchange_rates: tuple[tuple[str, int], ...] = (
        ("VND", 100),
        ("USD", 2_635_000),
        ("CNY", 370_000),
        ("EUR", 3_050_000),
        ("KRW", 1_820),
        ("JPY", 17_150),
        ("GBP", 3_480_000),
    )


# From here the day is large enough that every typology gets at least one whole cluster.
MINIMUM_PARCELS_FOR_ALL_TYPOLOGIES = 2_000
