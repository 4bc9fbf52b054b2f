"""The rows of the parcel manifest and of the low-value declarations (MIC), as columns of text.

Add here a column that a contract gets. Keep out: numbers behind the texts (parcels.py), faults of a
delivery (mess.py).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic import identifiers, vocabulary, words
from synthetic.arrays import (
    array_of,
    ascii_codes,
    constant_text,
    moments,
    strings,
    zero_padded,
)
from synthetic.mixing import Draws, Numbers, threshold
from synthetic.parcels import Day, Parcels
from synthetic.text_columns import (
    Column,
    Pick,
    Rows,
    Texts,
    column_text,
    plain_number,
    sparse,
    texts,
)

WAREHOUSES = 3
_AIR_SERIALS = 50_000
_WAYBILL_DIGITS = 8
_FIRM_SHARES = "id_kind"


@dataclass(frozen=True)
class DayTexts:
    """Lists that change from day to day: one entry per master bill, seller or currency."""

    day: Day

    @cached_property
    def currencies(self) -> Texts:
        """Codes of the currencies, in the order of the day's rates."""
        return texts(code for code, _ in self.day.plan.rates)

    @cached_property
    def master_numbers(self) -> Texts:
        """Air waybills with their check digit (unique for 200 days); road: our own numbers."""
        plan = self.day.plan
        master = np.arange(plan.masters)
        serial = plan.day_number % 200 * _AIR_SERIALS + master
        airline = pc.take(strings(["700-", "701-", "702-"]), array_of(master % 3))
        air = pc.binary_join_element_wise(
            airline, zero_padded(serial * 10 + serial % 7, 8), constant_text("")
        )
        road = pc.binary_join_element_wise(
            constant_text(f"TRK{plan.code}"), zero_padded(master, 5), constant_text("")
        )
        by_air = array_of(words.IS_AIR_OFFICE[self.day.master_office])
        return _plain(pc.if_else(by_air, air, road))

    def of_office(self, attribute: str) -> Texts:
        """A code of the office of every master bill."""
        listed = strings([getattr(office, attribute) for office in vocabulary.OFFICES])
        return _plain(listed.take(array_of(self.day.master_office)))

    @cached_property
    def master_columns(self) -> dict[str, Texts]:
        """Everything that a master bill decides, by manifest column."""
        offices = self.of_office("code")
        warehouse = self.day.master_draws.below("warehouse", WAREHOUSES)
        numbers = pc.take(strings([f"W{i + 1}" for i in range(WAREHOUSES)]), array_of(warehouse))
        return {
            "master_waybill_number": self.master_numbers,
            "operator_code": self.of_office("operator"),
            "channel": self.of_office("channel"),
            "customs_office_code": offices,
            "transport_mode_code": self.of_office("transport_mode"),
            "arrived_at": _plain(moments(self.day.plan.midnight, self.day.master_seconds)),
            "warehouse_code": _plain(
                pc.binary_join_element_wise(offices.plain, numbers, constant_text(""))
            ),
        }

    @cached_property
    def seller_columns(self) -> dict[str, Texts]:
        """Everything that a seller decides, by manifest column."""
        sellers = self.day.sellers
        count = len(sellers.keys)
        return {
            name: Texts(column_text(column, count, "plain"), column_text(column, count, "csv"))
            for name, column in consignor_columns(sellers.keys, sellers.country).items()
        }


def _plain(values: pa.Array) -> Texts:
    return Texts(values, values)


_PLATFORM_TEXTS = texts(
    [
        *(platform.code or "" for platform in vocabulary.PLATFORMS),
        *((platform.code or "").upper() for platform in vocabulary.PLATFORMS),
    ]
)
_ORDER_CODES = ascii_codes([f"{platform.order_prefix}-" for platform in vocabulary.PLATFORMS])
_SELLER_CODES = ascii_codes([f"{platform.order_prefix}S" for platform in vocabulary.PLATFORMS])
_COUNTRIES = texts(country.code for country in vocabulary.COUNTRIES)
_PERCENT = texts(str(percent) for percent in range(100))
_PIECES = texts(str(number) for number in range(10))
PERSON_KINDS = texts(["4", "1", "2"])


def promotion_note(value_vnd: Numbers, discount: Numbers) -> Column:
    """A list price and its discount in the customs notes; empty without a discount.

    A manifest has no column for promotional prices: this wording is ours.
    """
    stated = discount > 0
    rows = np.flatnonzero(stated)
    price = value_vnd[rows] * 100 // (100 - discount[rows])
    percent = Pick(_PERCENT, discount[rows])
    note = ("giá niêm yết ", *plain_number(price), " VND; khuyến mại -", percent, "%")
    return (sparse(stated, column_text(note, len(rows), "plain")),)


def consignor_columns(keys: Numbers, country: Numbers) -> dict[str, Column]:
    """Name, phone, address and country of senders abroad, from their keys."""
    lists, draws, country = words.words(), Draws(keys), country.astype(np.int32)
    city = words.foreign_city(country, draws)
    return {
        "consignor_name": (Pick(lists.firms, words.foreign_firm(draws)),),
        "consignor_phone": (
            Pick(lists.calling_codes, country),
            zero_padded(keys, 9),
        ),
        "consignor_address": (
            Pick(lists.foreign_streets, words.foreign_street(draws)),
            Pick(lists.foreign_cities, city),
        ),
        "consignor_country_code": (Pick(lists.city_countries, city),),
    }


def country_column(country: Numbers) -> Column:
    """Codes of countries."""
    return (Pick(_COUNTRIES, country.astype(np.int32)),)


def address_columns(home: Draws, province: Numbers, state: Numbers) -> tuple[Column, Column]:
    """Addresses in the states FULL, WARD, PROVINCE or MISSING of words.py, and province codes."""
    lists = words.words()
    house, street = home.below("house", words.HOUSES), words.street_number(home)
    partial = np.flatnonzero(state != words.FULL)
    house[partial], street[partial] = words.NO_HOUSE, words.NO_STREET
    ward = home.below("ward", len(vocabulary.WARDS))
    locality = words.locality_number(state, ward, province)
    address = (
        Pick(lists.houses, house),
        Pick(lists.streets, street),
        Pick(lists.localities, locality),
    )
    return address, (Pick(lists.locality_provinces, locality),)


def identity(day: Day, parcels: Parcels) -> tuple[Numbers, Numbers]:
    """Kind of identifier of each consignee, and whether it is missing."""
    settings = day.parameters
    drawn = parcels.person_draws.of(_FIRM_SHARES)
    old = threshold(settings.id_tax_code + settings.id_old_nine_digits)
    kind = np.full(len(drawn), identifiers.PERSONAL_ID)
    kind[np.flatnonzero(drawn < old)] = identifiers.OLD_ID
    kind[np.flatnonzero(drawn < threshold(settings.id_tax_code))] = identifiers.TAX_CODE
    missing = parcels.draws.hit("id_missing", settings.id_missing)
    missing[parcels.in_clusters()] = False
    return kind, missing


def _address_states(day: Day, parcels: Parcels) -> Numbers:
    settings, drawn = day.parameters, parcels.draws.of("address_state")
    missing = settings.address_missing
    province = missing + settings.address_province_only
    ward = province + settings.address_without_street
    state = np.full(len(drawn), words.FULL, dtype=np.int8)
    for limit, name in ((ward, words.WARD), (province, words.PROVINCE), (missing, words.MISSING)):
        state[np.flatnonzero(drawn < threshold(limit))] = name
    state[parcels.in_clusters()] = words.FULL
    return state


def _odd_names(day: Day, parcels: Parcels) -> tuple[Numbers, Numbers]:
    """Honest rows whose name says nothing, and those that name a watched brand openly."""
    settings, says = day.parameters, parcels.draws.of("vague")
    odd = np.flatnonzero(says < threshold(settings.honest_vague_name + settings.open_brand))
    odd = parcels.honest(odd)
    is_vague = says[odd] < threshold(settings.honest_vague_name)
    return odd[is_vague], odd[~is_vague]


def _descriptions(day: Day, parcels: Parcels) -> Numbers:
    settings, draws, planted = day.parameters, parcels.draws, parcels.planted
    in_english = draws.hit("language", settings.description_in_english)
    false = planted["false_item_name"]
    named = parcels.stated_good.copy()
    right = false[parcels.variant[false] == 2]  # the name is right, the heading is not
    named[right] = parcels.good[right]
    number = words.described(named, in_english.astype(np.int32), draws)
    honestly_vague, openly = _odd_names(day, parcels)
    vague = np.concatenate([honestly_vague, false[parcels.variant[false] == 0]])
    hidden = planted["disguised_brand"]
    banned = planted["prohibited_goods"]

    def of(rows: Numbers) -> Draws:
        return Draws(draws.keys[rows])

    number[vague] = words.vague(of(vague))
    number[openly] = words.open_brand(parcels.brand[openly], of(openly))
    number[hidden] = words.hidden_brand(parcels.brand[hidden], parcels.variant[hidden], of(hidden))
    number[banned] = words.prohibited(of(banned))
    return number


def _hs_codes(day: Day, parcels: Parcels) -> Numbers:
    share, drawn = day.parameters.hs_stated, parcels.draws.of("hs")
    in_short = drawn >= threshold(share * 3 // 10)
    number = parcels.stated_good + 1 + in_short * np.int32(len(words.GOODS))
    is_stated = drawn < threshold(share)
    false = parcels.planted["false_item_name"]
    is_stated[false[parcels.variant[false] == 0]] = False
    is_stated[false[parcels.variant[false] == 2]] = True
    is_stated[_odd_names(day, parcels)[1]] = False  # its goods are not those of the brand
    number *= is_stated
    for silent in ("prohibited_goods", "disguised_brand"):
        number[parcels.planted[silent]] = 0
    return number


def _numbers(day: Day, parcels: Parcels, hidden: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Whose order number a parcel has, whether it has one, and whether its seller is named.

    A courier keeps the numbers of a platform that it hides, writes its own or writes none.
    """
    settings = day.parameters
    numbered_by = parcels.platform.astype(np.int32)
    has_seller = numbered_by != words.NO_PLATFORM
    has_order = has_seller | parcels.draws.hit("shop_order", settings.shop_order)
    drawn = Draws(parcels.draws.keys[hidden]).of("courier")
    own = drawn >= threshold(settings.courier_keeps_numbers)
    none = drawn >= threshold(settings.courier_keeps_numbers + settings.courier_renumbers)
    has_seller[hidden[own]] = False
    numbered_by[hidden[own]] = words.NO_PLATFORM
    has_order[hidden] = ~none
    return numbered_by, has_order, has_seller


def manifest_rows(day: Day, lists: DayTexts, parcels: Parcels, positions: Numbers) -> Rows:
    """The manifest rows of parcels at these file positions."""
    plan, settings, draws = day.plan, day.parameters, parcels.draws
    words_, count = words.words(), len(positions)
    kind, id_missing = identity(day, parcels)
    phone_present = ~draws.hit("phone_missing", settings.phone_missing)
    phone_present[parcels.in_clusters()] = True
    platform = parcels.platform.astype(np.int32)
    in_capitals = draws.hit("spelling", settings.platform_upper_case)
    spelling = platform + in_capitals * np.int32(words.PLATFORMS)
    hidden = parcels.planted["unregistered_platform_behind_courier"]
    spelling[hidden] = words.NO_PLATFORM
    numbered_by, has_order, has_seller = _numbers(day, parcels, hidden)
    seller = np.where(has_seller, parcels.seller - day.seller_starts.take(platform), 0)
    order = np.uint64(int(plan.code) * 10**10) + draws.of("order").astype(np.uint64)
    name = words.person_name(parcels.person_draws)
    firms = np.flatnonzero(kind == identifiers.TAX_CODE)
    name[firms] = words.company_name(Draws(parcels.person_draws.keys[firms]))
    address, province = address_columns(
        parcels.home_draws, parcels.province, _address_states(day, parcels)
    )
    origin = parcels.country.copy()
    origin[np.flatnonzero(draws.hit("origin", settings.other_origin))] = words.CHINA
    columns: dict[str, Column] = {
        "house_waybill_number": (
            zero_padded(positions, _WAYBILL_DIGITS, prefix=ascii_codes([f"SX{plan.code}"])),
        ),
        "version_number": ("1",),
        "record_status": ("original",),
        "waybill_level": ("house",),
        "platform_code": (Pick(_PLATFORM_TEXTS, spelling),),
        "platform_order_id": (
            zero_padded(order, 16, has_order, _ORDER_CODES.take(numbered_by, axis=0)),
        ),
        "seller_id_platform": (
            zero_padded(seller, 7, has_seller, _SELLER_CODES.take(platform, axis=0)),
        ),
        "importing_country_code": ("VN",),
        "consignee_name": (Pick(words_.names, name.astype(np.int32)),),
        "consignee_id_number": (
            identifiers.identifier_texts(parcels.person, parcels.person_draws, kind, id_missing),
        ),
        "consignee_phone": (
            zero_padded(
                identifiers.mobile_phones(parcels.phone_person, plan.seed_keys["phones"][0]),
                10,
                phone_present,
            ),
        ),
        "consignee_address": address,
        "consignee_province_code": province,
        "consignee_country_code": ("VN",),
        "item_description": (Pick(words_.descriptions, _descriptions(day, parcels)),),
        "hs_code": (Pick(words_.hs_codes, _hs_codes(day, parcels)),),
        "origin_country_code": country_column(origin),
        "quantity": (Pick(_PIECES, parcels.pieces.astype(np.int32)),),
        "quantity_unit_code": ("PCE",),
        "package_count": ("1",),
        "gross_weight_kg": plain_number(parcels.grams, 3),
        "declared_value": plain_number(day.cents(parcels.value_vnd, parcels.currency), 2),
        "currency_code": (Pick(lists.currencies, parcels.currency.astype(np.int32)),),
        "customs_notes": promotion_note(parcels.value_vnd, parcels.discount),
    }
    for shared, index in (
        (lists.master_columns, parcels.master), (lists.seller_columns, parcels.seller),
    ):  # fmt: skip
        columns |= {field: (Pick(listed, index),) for field, listed in shared.items()}
    return Rows(columns, count)


def low_value_selection(day: Day, parcels: Parcels) -> Numbers:
    """Which parcels are also declared as low value: numbers of rows."""
    settings = day.parameters
    return np.flatnonzero(
        words.IS_EXPRESS_OFFICE[day.master_office[parcels.master]]
        & (parcels.value_vnd <= settings.relief_value_vnd)
        & parcels.draws.hit("mic", settings.low_value_declared)
    )


def low_value_columns(
    day: Day, parcels: Parcels, manifest: Rows, positions: Numbers, selected: Numbers
) -> dict[str, Column]:
    """What the low-value declarations of the selected parcels state beside the manifest's columns.

    `manifest`: the manifest rows of the selected parcels alone.
    """
    plan, settings, position = day.plan, day.parameters, positions[selected]
    draws = Draws(parcels.draws.keys[selected])
    differs = draws.hit("mic_value", settings.low_value_differs)
    value, currency = parcels.value_vnd[selected], parcels.currency[selected]
    cents = day.cents(value, currency)
    kind = Draws(parcels.person_draws.keys[selected]).of(_FIRM_SHARES)
    person = 1 + (draws.below("person_kind", 10) >= 3)
    person = np.where(kind < threshold(settings.id_tax_code), 0, person)
    number = (1_000 + plan.day_number % 1_000) * 10**_WAYBILL_DIGITS + position
    columns = {name: manifest.columns[name] for name in _SHARED_WITH_MANIFEST}
    columns |= {ours: manifest.columns[theirs] for ours, theirs in _RENAMED.items()}
    return columns | {
        "declaration_number": (zero_padded(number, 12),),
        "person_kind_code": (Pick(PERSON_KINDS, person.astype(np.int32)),),
        "arrived_on": (plan.day.isoformat(),),
        "declared_value": plain_number(np.where(differs, cents * 9 // 10, cents), 2),
        "customs_value_vnd": plain_number(np.where(differs, value * 9 // 10, value)),
        "operator_reference": (
            zero_padded(position, _WAYBILL_DIGITS, prefix=ascii_codes([f"OPR{plan.code}"])),
        ),
    }


_SHARED_WITH_MANIFEST = (
    "house_waybill_number", "version_number", "record_status", "master_waybill_number",
    "customs_office_code", "operator_code", "consignor_name", "consignor_address",
    "consignor_country_code", "item_description", "origin_country_code", "package_count",
    "gross_weight_kg", "currency_code", "warehouse_code",
)  # fmt: skip
_RENAMED = {
    "importer_id_number": "consignee_id_number",
    "importer_name": "consignee_name",
    "importer_phone": "consignee_phone",
    "importer_address": "consignee_address",
}
