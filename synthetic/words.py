"""The lists of text that rows pick from, with the tables of indices that go with them.

Built once per run from vocabulary.py, goods.py and disguises.py. Add here a list, or the place of a
kind of text within one. Keep out: words themselves, and which row gets which (parcels.py).
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from synthetic import disguises, goods, vocabulary
from synthetic.mixing import Draws, Numbers, weighted
from synthetic.text_columns import Texts, chained, inner_texts, texts

HOUSES = 199
ALLEYS = 299
FOREIGN_HOUSES = 300
FULL, WARD, PROVINCE, MISSING = range(4)  # states of an address

_PLATFORM_CODES = [platform.code for platform in vocabulary.PLATFORMS]
PLATFORMS = len(_PLATFORM_CODES)
NO_PLATFORM = 0
SUSPENDED_PLATFORM = _PLATFORM_CODES.index(vocabulary.SYNTHETIC_SUSPENDED)
IS_CHINESE_PLATFORM = np.array([platform.is_chinese for platform in vocabulary.PLATFORMS])
UNREGISTERED_PLATFORMS = np.array(
    [
        index
        for index, platform in enumerate(vocabulary.PLATFORMS)
        if platform.is_chinese or platform.code == vocabulary.SYNTHETIC_UNLISTED
    ],
    dtype=np.int32,
)
PICK_PLATFORM = weighted([platform.weight for platform in vocabulary.PLATFORMS])
PICK_OFFICE = weighted([office.weight for office in vocabulary.OFFICES])
PICK_PROVINCE = weighted([province.weight for province in vocabulary.PROVINCES])
PICK_COUNTRY = weighted([country.weight for country in vocabulary.COUNTRIES])  # without China
CHINA = 0
IS_EXPRESS_OFFICE = np.array([office.channel == "express" for office in vocabulary.OFFICES])
IS_AIR_OFFICE = np.array([office.transport_mode == "1" for office in vocabulary.OFFICES])

GOODS = goods.GOODS
PICK_GOOD = weighted([good.weight for good in GOODS])
VALUE_PER_KG = np.array([good.value_per_kg_vnd for good in GOODS], dtype=np.int64)
PIECE_GRAMS = np.array([good.piece_grams for good in GOODS], dtype=np.int64)
DEAR_GOODS = np.flatnonzero(VALUE_PER_KG >= goods.DEAR_VND_PER_KG).astype(np.int32)
CHEAP_GOODS = np.flatnonzero(VALUE_PER_KG <= goods.CHEAP_VND_PER_KG).astype(np.int32)
_GOOD_OF_HS8 = {good.hs8: index for index, good in enumerate(GOODS)}
BRAND_GOOD = np.array([_GOOD_OF_HS8[brand.hs8] for brand in disguises.BRANDS], dtype=np.int32)

_COLOURS = len(goods.COLOURS_VI)
_DETAILS = len(goods.DETAILS_VI)
_HOUSE_BRANDS = len(goods.BRANDS)
_BRANDS, _VARIANTS = len(disguises.BRANDS), len(disguises.VARIANTS)


@dataclass(frozen=True)
class Words:
    """Lists by what they are for. Personal names, places and firms are combinations of invented or
    very common words; see vocabulary.py."""

    names: Texts  # persons, then firms
    firms: Texts
    foreign_streets: Texts  # opens a quoted address that foreign_cities closes
    foreign_cities: Texts
    city_countries: Texts
    calling_codes: Texts
    houses: Texts  # opens a quoted address; the last entry is empty
    streets: Texts  # the middle; the last entry is empty
    localities: Texts  # closes it; then places that stand alone; then nothing, by province
    locality_provinces: Texts
    descriptions: Texts
    line_descriptions: Texts
    hs_codes: Texts  # none, eight digits of every good, six digits of every good
    goods_names: Texts
    brand_names: Texts
    variant_names: Texts


def _persons() -> list[str]:
    return [
        " ".join(parts)
        for parts in product(
            vocabulary.FAMILY_NAMES, vocabulary.MIDDLE_NAMES, vocabulary.GIVEN_NAMES
        )
    ]


def _firm_words() -> list[str]:
    syllables = vocabulary.FIRM_SYLLABLES
    return [first + second.lower() for first, second in product(syllables, syllables)]


def _descriptions() -> list[str]:
    """In the order that `described` and its neighbours below count in."""
    parts_vi = (
        [good.name_vi for good in GOODS], goods.BRANDS, goods.COLOURS_VI, goods.DETAILS_VI,
    )  # fmt: skip
    parts_en = (
        [good.name_en for good in GOODS], goods.BRANDS, goods.COLOURS_EN, goods.DETAILS_EN,
    )  # fmt: skip
    in_vi = [f"{name} {brand} màu {colour}{d}" for name, brand, colour, d in product(*parts_vi)]
    in_en = [f"{name} {brand} {colour}{d}" for name, brand, colour, d in product(*parts_en)]
    hidden = [
        f"{brand.carrier_vi} "
        f"{disguises.disguised(brand, variant, with_digits=number % 2 == 0)} màu {colour}"
        for brand in disguises.BRANDS
        for variant in disguises.VARIANTS
        for number, colour in enumerate(goods.COLOURS_VI)
    ]
    openly = [
        f"{brand.carrier_vi} {brand.name} màu {colour}"
        for brand in disguises.BRANDS
        for colour in goods.COLOURS_VI
    ]
    return [*in_vi, *in_en, *hidden, *openly, *goods.VAGUE_NAMES, *goods.PROHIBITED_NAMES]


_IN_ONE_LANGUAGE = len(GOODS) * _HOUSE_BRANDS * _COLOURS * _DETAILS
_HIDDEN_START = 2 * _IN_ONE_LANGUAGE
_OPEN_START = _HIDDEN_START + _BRANDS * _VARIANTS * _COLOURS
_VAGUE_START = _OPEN_START + _BRANDS * _COLOURS
_PROHIBITED_START = _VAGUE_START + len(goods.VAGUE_NAMES)


def described(good: Numbers, in_english: Numbers, draws: Draws) -> Numbers:
    """Numbers in `descriptions` of ordinary names of goods."""
    number = in_english * len(GOODS) + good
    number = number * _HOUSE_BRANDS + draws.below("brand", _HOUSE_BRANDS)
    number = number * _COLOURS + draws.below("colour", _COLOURS)
    return (number * _DETAILS + draws.below("detail", _DETAILS)).astype(np.int32)


def hidden_brand(brand: Numbers, variant: Numbers, draws: Draws) -> Numbers:
    """Numbers in `descriptions` of disguised brands."""
    number = (brand * _VARIANTS + variant) * _COLOURS + draws.below("colour", _COLOURS)
    return (_HIDDEN_START + number).astype(np.int32)


def open_brand(brand: Numbers, draws: Draws) -> Numbers:
    """Numbers in `descriptions` of brands that are stated openly."""
    return (_OPEN_START + brand * _COLOURS + draws.below("colour", _COLOURS)).astype(np.int32)


def vague(draws: Draws) -> Numbers:
    """Numbers in `descriptions` of names that say nothing."""
    return _VAGUE_START + draws.below("detail", len(goods.VAGUE_NAMES))


def prohibited(draws: Draws) -> Numbers:
    """Numbers in `descriptions` of goods that may not be imported."""
    return _PROHIBITED_START + draws.below("detail", len(goods.PROHIBITED_NAMES))


def line_described(good: Numbers, draws: Draws) -> Numbers:
    """Numbers in `line_descriptions`."""
    number = good * _HOUSE_BRANDS + draws.below("brand", _HOUSE_BRANDS)
    return (number * _COLOURS + draws.below("colour", _COLOURS)).astype(np.int32)


def street_number(draws: Draws) -> Numbers:
    """Numbers in `streets` of full addresses."""
    alley = draws.below("alley", ALLEYS)
    return alley * len(vocabulary.STREETS) + draws.below("street", len(vocabulary.STREETS))


NO_HOUSE = HOUSES
NO_STREET = ALLEYS * len(vocabulary.STREETS)
_LOCALITIES = len(vocabulary.WARDS) * len(vocabulary.PROVINCES)


def locality_number(state: Numbers, ward: Numbers, province: Numbers) -> Numbers:
    """Numbers in `localities` by the state of the address (FULL, WARD, PROVINCE, MISSING)."""
    provinces = len(vocabulary.PROVINCES)
    number = ward * np.int32(provinces) + province
    number[state == WARD] += _LOCALITIES
    for name, start in ((PROVINCE, 2 * _LOCALITIES), (MISSING, 2 * _LOCALITIES + provinces)):
        rows = np.flatnonzero(state == name)
        number[rows] = start + province[rows]
    return number


def person_name(draws: Draws) -> Numbers:
    """Numbers in `names` of persons."""
    number = draws.below("family", len(vocabulary.FAMILY_NAMES)) * len(vocabulary.MIDDLE_NAMES)
    number = (number + draws.below("middle", len(vocabulary.MIDDLE_NAMES))) * len(
        vocabulary.GIVEN_NAMES
    )
    return number + draws.below("given", len(vocabulary.GIVEN_NAMES))


def company_name(draws: Draws) -> Numbers:
    """Numbers in `names` of Vietnamese firms."""
    persons = (
        len(vocabulary.FAMILY_NAMES) * len(vocabulary.MIDDLE_NAMES) * len(vocabulary.GIVEN_NAMES)
    )
    return persons + draws.below("firm", len(vocabulary.FIRM_SYLLABLES) ** 2)


def foreign_firm(draws: Draws) -> Numbers:
    """Numbers in `firms`."""
    word = draws.below("firm_ending", len(vocabulary.FIRM_SYLLABLES) ** 2)
    return word * len(vocabulary.FIRM_KINDS) + draws.below("firm_kind", len(vocabulary.FIRM_KINDS))


def foreign_street(draws: Draws) -> Numbers:
    """Numbers in `foreign_streets`."""
    house = draws.below("house", FOREIGN_HOUSES)
    roads = len(vocabulary.FOREIGN_ROADS)
    return house * roads + draws.below("road", roads)


def foreign_city(country: Numbers, draws: Draws) -> Numbers:
    """Numbers in `foreign_cities`: one of China's, or the one of another country."""
    chinese = len(vocabulary.CHINESE_CITIES)
    city = country.astype(np.int32) + (chinese - 1)
    at_home = np.flatnonzero(country == CHINA)
    city[at_home] = Draws(draws.keys[at_home]).below("city", chinese)
    return city


@cache
def words() -> Words:
    """The lists; built at the first call, about 60,000 texts."""
    provinces = [province.name for province in vocabulary.PROVINCES]
    localities = [f"Phường {ward}, {name}" for ward, name in product(vocabulary.WARDS, provinces)]
    firm_words = _firm_words()
    roads = product(range(1, FOREIGN_HOUSES + 1), vocabulary.FOREIGN_ROADS)
    cities = [*vocabulary.CHINESE_CITIES, *(c.city for c in vocabulary.COUNTRIES[1:])]
    lines = product([good.name_vi for good in GOODS], goods.BRANDS, goods.COLOURS_VI)
    return Words(
        names=texts([*_persons(), *(f"Công ty TNHH {word}" for word in firm_words)]),
        firms=texts(
            f"{word} {kind} Co., Ltd" for word, kind in product(firm_words, vocabulary.FIRM_KINDS)
        ),
        foreign_streets=texts((f"No. {house} {road}, " for house, road in roads), "open"),
        foreign_cities=texts(cities, "close"),
        city_countries=texts(
            ["CN"] * len(vocabulary.CHINESE_CITIES)
            + [country.code for country in vocabulary.COUNTRIES[1:]]
        ),
        calling_codes=texts(country.calling_code for country in vocabulary.COUNTRIES),
        houses=texts([*(f"Số {number}, " for number in range(1, HOUSES + 1)), ""], "open"),
        streets=inner_texts(
            [
                *(
                    f"ngõ {alley}, đường {street}, "
                    for alley, street in product(range(1, ALLEYS + 1), vocabulary.STREETS)
                ),
                "",
            ]
        ),
        localities=chained(
            texts(localities, "close"), texts([*localities, *provinces, *("" for _ in provinces)])
        ),
        locality_provinces=texts(
            province.code for province in vocabulary.PROVINCES * (2 * len(vocabulary.WARDS) + 2)
        ),
        descriptions=texts(_descriptions()),
        line_descriptions=texts(
            f"{name}, nhãn hiệu {brand}, màu {colour}, hàng mới 100%"
            for name, brand, colour in lines
        ),
        hs_codes=texts(["", *(good.hs8 for good in GOODS), *(good.hs8[:6] for good in GOODS)]),
        goods_names=texts(good.name_vi for good in GOODS),
        brand_names=texts(brand.name for brand in disguises.BRANDS),
        variant_names=texts(disguises.VARIANTS),
    )
