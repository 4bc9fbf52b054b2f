"""The SQL macros every statement of the generator speaks: draws, lookups, shares, formats.

Add here a lookup macro for a new list of words. Keep out: the lists themselves, and the
statements (sql/*.sql). A lookup macro takes an index or a draw and is total: it wraps around
its list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields

import duckdb

from ingest.synthetic import goods, vocabulary
from ingest.synthetic.mixing import constant, draw_macros, lognormal_factors
from ingest.synthetic.parameters import SyntheticParameters

_FORMATS = """
-- digits(n, power of ten): n with leading zeros, as wide as the power has zeros.
create or replace temp macro digits(n, power) as substr(cast(n + power as varchar), 2);
create or replace temp macro cents(n) as
    cast(n as decimal(16, 0)) * cast(0.01 as decimal(2, 2));
create or replace temp macro person_key(n) as
    keyed(n, param_seed_person_a(), param_seed_person_b());
create or replace temp macro seller_key(n) as
    keyed(n, param_seed_seller_a(), param_seed_seller_b());
create or replace temp macro person_name(k) as
    concat(family_name(draw_family(k)), middle_name(draw_middle(k)), given_name(draw_given(k)));
create or replace temp macro firm_word(k) as
    concat(firm_syllable(draw_firm(k)), firm_ending(draw_firm(k) >> 8));
create or replace temp macro mobile_phone(n) as
    concat('0', cast([3, 5, 7, 8, 9][n % 5 + 1] * 100000000
        + (n * 7654321 + param_seed_person_a()) % 100000000 as varchar));
-- Personal id: three digits of the province of birth, century and sex, year, six digits.
create or replace temp macro personal_id(n, k) as
    digits(birth_prefix(draw_birth(k)) * 1000000000
        + sex_and_year(draw_sex_year(k)) * 1000000
        + (n * 654321 + param_seed_person_b()) % 1000000, 1000000000000);
-- Tax code (domain handbook 3.5): weights 31..3 over nine digits, check = 10 - sum mod 11, none
-- when the sum is a multiple of 11. Eight digits are drawn; by the remainder of their sum the ninth
-- is 0, or 1 where 0 would have no check digit.
create or replace temp macro tax_body(n) as (n % 36 + 1) * 1000000 + 1 + (n * 7654321) % 999998;
create or replace temp macro tax_remainder(x) as
    ((x // 10000000) * 31 + (x // 1000000 % 10) * 29 + (x // 100000 % 10) * 23
    + (x // 10000 % 10) * 19 + (x // 1000 % 10) * 17 + (x // 100 % 10) * 13
    + (x // 10 % 10) * 7 + (x % 10) * 5) % 11;
create or replace temp macro tax_code(n) as
    concat(digits(tax_body(n), 100000000), tax_ending(tax_remainder(tax_body(n))));
create or replace temp macro ward_address(k) as
    concat(ward(draw_ward(k)), province_name(pick_province(draw_province(k))));
create or replace temp macro full_address(k) as
    concat(house(draw_house(k)), alley(draw_alley(k)), street(draw_street(k)),
        ward(draw_ward(k)), province_name(pick_province(draw_province(k))));
create or replace temp macro firm_name(k) as
    concat(firm_syllable(draw_firm(k)), firm_ending(draw_firm(k) >> 8),
        firm_kind(draw_firm_kind(k)));
create or replace temp macro foreign_address(k, country) as
    concat(foreign_house(draw_house(k)), foreign_road(draw_road(k)),
        case when country = 0 then chinese_city(draw_city(k)) else country_city(country) end);
"""


def _literal(value: int | str | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value}::bigint"  # 32-bit literals would overflow in products


def list_macro(name: str, values: Iterable[int | str | bool | None]) -> str:
    """SQL of a macro `name(k)`: element k modulo the length of the list.

    The list is a variable: as a literal it would be bound again, element by element, at every
    use.
    """
    items = list(values)
    if all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        text = f"cast([{', '.join(map(str, items))}] as bigint[])"
    else:
        text = f"[{', '.join(map(_literal, items))}]"
    return (
        f"set variable words_{name} = {text};"
        f"create or replace temp macro {name}(k) as "
        f"getvariable('words_{name}')[k % {len(items)} + 1];"
    )


def weighted_macro(name: str, weights: Sequence[int]) -> str:
    """SQL of a macro `name(draw)`: an index into the list the weights belong to."""
    return list_macro(name, [i for i, weight in enumerate(weights) for _ in range(weight)])


def value_macro(name: str, value: int | str | bool | None) -> str:
    """SQL of a macro `name()` without arguments."""
    return f"create or replace temp macro {name}() as {_literal(value)};"


def _vocabulary_macros() -> list[str]:
    words = {
        # Parts carry their separators: one concatenation per text, no number is formatted per row.
        "family_name": [f"{name} " for name in vocabulary.FAMILY_NAMES],
        "middle_name": [f"{name} " for name in vocabulary.MIDDLE_NAMES],
        "given_name": vocabulary.GIVEN_NAMES,
        "house": [f"Số {number}, " for number in range(1, 200)],
        "alley": [f"ngõ {number}, " for number in range(1, 300)],
        "street": [f"đường {name}, " for name in vocabulary.STREETS],
        "ward": [f"Phường {name}, " for name in vocabulary.WARDS],
        "foreign_house": [f"No. {number} " for number in range(1, 301)],
        "foreign_road": [f"{name}, " for name in vocabulary.FOREIGN_ROADS],
        "chinese_city": vocabulary.CHINESE_CITIES,
        "firm_syllable": vocabulary.FIRM_SYLLABLES,
        "firm_ending": [syllable.lower() for syllable in vocabulary.FIRM_SYLLABLES],
        "firm_kind": [f" {kind} Co., Ltd" for kind in vocabulary.FIRM_KINDS],
        "colour_vi": [f" màu {colour}" for colour in goods.COLOURS_VI],
        "colour_en": [f" {colour}" for colour in goods.COLOURS_EN],
        "brand": [f" {name}" for name in goods.BRANDS],
        "detail_vi": goods.DETAILS_VI,
        "detail_en": goods.DETAILS_EN,
        "prohibited_name": goods.PROHIBITED_NAMES,
        "vague_name": goods.VAGUE_NAMES,
        "disguised_brand": goods.DISGUISED_BRANDS,
    }
    provinces = vocabulary.PROVINCES
    births = [int(prefix) for p in provinces for prefix in p.birth_prefixes * (1 + p.weight // 10)]
    # One digit for century and sex, two for the year: adults born in 1955-2007.
    births_at = [
        (2 * (year // 2000) + sex) * 100 + year % 100
        for year in range(1955, 2008)
        for sex in (0, 1)
    ]
    currencies = [code for code, _ in SyntheticParameters().exchange_rates]
    countries, offices, platforms = vocabulary.COUNTRIES, vocabulary.OFFICES, vocabulary.PLATFORMS
    unregistered = [
        i
        for i, p in enumerate(platforms)
        if p.is_chinese or p.code == vocabulary.SYNTHETIC_UNLISTED
    ]
    return [
        *(list_macro(name, values) for name, values in words.items()),
        list_macro("tax_ending", ["17", *(f"0{10 - remainder}" for remainder in range(1, 11))]),
        list_macro("birth_prefix", births),
        list_macro("sex_and_year", births_at),
        weighted_macro("pick_province", [p.weight for p in provinces]),
        list_macro("province_code", [p.code for p in provinces]),
        list_macro("province_name", [p.name for p in provinces]),
        weighted_macro("pick_office", [o.weight for o in offices]),
        list_macro("office_code", [o.code for o in offices]),
        list_macro("office_channel", [o.channel for o in offices]),
        list_macro("office_mode", [o.transport_mode for o in offices]),
        list_macro("office_operator", [o.operator for o in offices]),
        weighted_macro("pick_platform", [p.weight for p in platforms]),
        list_macro("pick_unregistered_platform", unregistered),
        list_macro("platform_code", [p.code for p in platforms]),
        list_macro("platform_prefix", [p.order_prefix for p in platforms]),
        list_macro("platform_is_chinese", [p.is_chinese for p in platforms]),
        value_macro(
            "suspended_platform",
            [p.code for p in platforms].index(vocabulary.SYNTHETIC_SUSPENDED),
        ),
        weighted_macro("pick_other_country", [c.weight for c in countries]),
        list_macro("country_code", [c.code for c in countries]),
        list_macro("country_currency", [currencies.index(c.currency) for c in countries]),
        list_macro("country_calling_code", [c.calling_code for c in countries]),
        list_macro("country_city", [c.city for c in countries]),
        list_macro("currency_code", currencies),
        weighted_macro("pick_good", [g.weight for g in goods.GOODS]),
        list_macro("good_hs8", [g.hs8 for g in goods.GOODS]),
        list_macro("good_name_vi", [g.name_vi for g in goods.GOODS]),
        list_macro("good_name_en", [g.name_en for g in goods.GOODS]),
        list_macro("good_value_per_kg", [g.value_per_kg_vnd for g in goods.GOODS]),
        list_macro("good_grams", [g.piece_grams for g in goods.GOODS]),
        list_macro("good_duty", [g.duty_percent for g in goods.GOODS]),
    ]


def install(
    connection: duckdb.DuckDBPyConnection, parameters: SyntheticParameters, seed: int
) -> None:
    """Create every macro that does not depend on the day."""
    statements = [draw_macros()]
    for parameter in fields(parameters):
        value = getattr(parameters, parameter.name)
        if isinstance(value, int):
            statements.append(value_macro(f"param_{parameter.name}", value))
    seeds = ("person_a", "person_b", "seller_a", "seller_b")
    for purpose, name in enumerate(seeds):
        statements.append(value_macro(f"param_seed_{name}", constant(seed, 0, purpose)))
    statements += [
        list_macro("value_factor", lognormal_factors(parameters.value_sigma_thousandths)),
        list_macro("weight_factor", lognormal_factors(parameters.weight_sigma_thousandths)),
        *_vocabulary_macros(),
        _FORMATS,
    ]
    connection.execute("\n".join(statements))
