"""The rows of full customs declarations: commercial and other lots beside the parcels.

Ten declarations have 1, 2, 1, 3, 1, 5, 2, 1, 4 and 1 lines; then the cycle repeats. They have house
waybills of their own. Some one-line declarations are boxes: goods cleared as one lot of a firm that
the manifest of the same master bill spreads over many consumers (plan.BOX_SIZE parcels each).
Add here a column of a line or a typology of lines. Keep out: parcels (parcels.py).
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from synthetic import goods, identifiers, vocabulary, words
from synthetic.arrays import moments, zero_padded
from synthetic.mixing import FACTOR_UNIT, Draws, Numbers, Scatter, keyed
from synthetic.parcel_rows import (
    DayTexts,
    address_columns,
    consignor_columns,
    country_column,
)
from synthetic.parcels import Day, parcels_at
from synthetic.plan import (
    BOX_SIZE,
    DECLARATION_SIZES,
    LINES_PER_CYCLE,
    single_line_declarations,
)
from synthetic.text_columns import Column, Pick, Rows, plain_number, texts

LINE_LABELS = ("undervaluation", "wrong_tariff_preference", "box_fan_out")

_SIZES = list(enumerate(DECLARATION_SIZES))
_SERIAL = np.array([serial for serial, size in _SIZES for _ in range(size)])
_NUMBER = np.array([number + 1 for _, size in _SIZES for number in range(size)])
_IS_SINGLE = np.array([size == 1 for _, size in _SIZES for _ in range(size)])
_SINGLES_BEFORE = np.cumsum(_IS_SINGLE) - _IS_SINGLE

# Firms that import have numbers of their own; so have the senders of lots.
_FIRST_FIRM = 537_654_321
_FIRST_LOT_SELLER = 900_000_000
_OPENING_SECONDS, _OPEN_SECONDS = 25_200, 39_600  # offices register from 7:00 to 18:00

_SCHEDULES = sorted({vocabulary.NO_PREFERENCE, *chain(*vocabulary.PREFERENCES.values())})
_NO_PREFERENCE = _SCHEDULES.index(vocabulary.NO_PREFERENCE)
_PREFERENTIAL = [code for code in _SCHEDULES if code != vocabulary.NO_PREFERENCE]
_OWN = [vocabulary.PREFERENCES.get(country.code, ()) for country in vocabulary.COUNTRIES]
# What each origin claims, by an even draw: mostly the usual schedule, else another of its own.
_CHOICES = 12
_SCHEDULE_OF = np.array(
    [
        [
            _SCHEDULES.index(own[(choice - 8) % len(own) if choice > 8 else 0])
            if own
            else _NO_PREFERENCE
            for choice in range(_CHOICES)
        ]
        for own in _OWN
    ]
)
# The first preference after its own that the origin is no party to.
_WRONG_SCHEDULE = np.array(
    [
        _SCHEDULES.index(
            next(
                code
                for code in sorted(_PREFERENTIAL, key=lambda code: code <= max(own, default=""))
                if code not in own
            )
        )
        for own in _OWN
    ]
)
_RATES = np.array(
    [
        [
            good.duty_percent
            if code == vocabulary.NO_PREFERENCE
            else goods.PREFERENTIAL_PERCENT.get(code, {}).get(good.hs8, 0)
            for good in goods.GOODS
        ]
        for code in _SCHEDULES
    ]
)
_HUB = [country.code for country in vocabulary.COUNTRIES].index(vocabulary.HUB)
_SCHEDULE_TEXTS = texts(_SCHEDULES)
_TYPE_TEXTS = texts(["H11", "A11"])
_PAYMENT_TEXTS = texts(["TTR", "KC"])
_INCOTERM_TEXTS = texts(["CIF", "CIP", "DAP", "FOB"])


@dataclass(frozen=True)
class Lines:
    """Parallel arrays, one entry per declaration line. typology: number in LINE_LABELS, or -1.

    box: number of the box that the line declares, or -1.
    """

    draws: Draws
    header: Draws
    position: Numbers
    serial: Numbers
    line_number: Numbers
    typology: Numbers
    box: Numbers
    good: Numbers
    pieces: Numbers
    grams: Numbers
    country: Numbers
    currency: Numbers
    master: Numbers
    seller_keys: Numbers
    is_business: Numbers
    fair_vnd: Numbers
    value_vnd: Numbers
    seconds: Numbers


def lines_at(day: Day, start: int, stop: int) -> Lines:
    """The lines at positions start .. stop - 1; a pure function of the day and the position."""
    plan, settings = day.plan, day.parameters
    position = np.arange(start, stop, dtype=np.int64)
    place = position % LINES_PER_CYCLE
    serial = position // LINES_PER_CYCLE * len(DECLARATION_SIZES) + _SERIAL[place]
    draws = Draws(keyed(position, plan.keys["lines"]))
    header = Draws(keyed(serial, plan.keys["declarations"]))
    box = _boxes(day, position)
    in_box = np.flatnonzero(box >= 0)
    typology = _typologies(day, position, box)

    is_business = header.hit("person_kind", settings.business_importer)
    from_china = header.hit("country", settings.china_of_lines)
    country = np.where(from_china, words.CHINA, header.pick("city", words.PICK_COUNTRY))
    good = draws.pick("good", words.PICK_GOOD)
    pieces = (1 + draws.below("quantity", 200)).astype(np.int64)
    factor = day.weight_factors[draws.below("weight", len(day.weight_factors))]
    grams = np.maximum(words.PIECE_GRAMS[good] * pieces * factor // FACTOR_UNIT, 100)
    sellers = _FIRST_LOT_SELLER + header.below("seller_a", plan.sellers + 50)
    seller_keys = day.seller_keys(sellers)
    master = header.below("master", plan.masters)
    # Some senders of parcels send firms their lots, too: neither is the other.
    beside = np.flatnonzero(header.hit("lot_sender", settings.lot_of_parcel_sender) & (box < 0))
    if len(beside):
        honest = plan.parcels - plan.starts[-1]
        row = Draws(header.keys[beside]).below("lot_parcel", honest)
        parcels = parcels_at(day, plan.starts[-1] + row.astype(np.int64))
        country[beside], master[beside] = parcels.country, parcels.master
        seller_keys[beside] = day.sellers.keys.take(parcels.seller)
    if len(in_box):
        first = plan.start("box_fan_out") + box[in_box] * BOX_SIZE
        members = parcels_at(day, (first[:, None] + np.arange(BOX_SIZE)).ravel())
        is_business[in_box] = True
        for mine, theirs in (
            (country, members.country), (good, members.good), (master, members.master),
            (seller_keys, day.sellers.keys.take(members.seller)),
        ):  # fmt: skip
            mine[in_box] = theirs[::BOX_SIZE]
        pieces[in_box] = members.pieces.reshape(-1, BOX_SIZE).sum(axis=1)
        grams[in_box] = members.grams.reshape(-1, BOX_SIZE).sum(axis=1)
    # A wholesale price per kg is lower than a parcel's: the level is halved.
    factor = day.value_factors[draws.below("value", len(day.value_factors))]
    fair = words.VALUE_PER_KG[good] // 2 * grams // 1000 * factor // FACTOR_UNIT
    fair = np.maximum(fair, 20_000)
    percent = np.where(typology == 0, day.undervaluation_percent(draws), 100)
    in_dollars = header.below("currency", 100) < 60
    return Lines(
        draws=draws,
        header=header,
        position=position,
        serial=serial,
        line_number=_NUMBER[place],
        typology=typology,
        box=box,
        good=good,
        pieces=pieces,
        grams=grams,
        country=country,
        currency=np.where(in_dollars, 1, day.country_currency[country]).astype(np.int32),
        master=master,
        seller_keys=seller_keys,
        is_business=is_business,
        fair_vnd=fair,
        value_vnd=fair * 100 // percent,
        seconds=_OPENING_SECONDS + header.below("arrival", _OPEN_SECONDS),
    )


def _boxes(day: Day, position: Numbers) -> Numbers:
    """The box that each line declares, or -1: scattered over the declarations with one line."""
    place = position % LINES_PER_CYCLE
    alone = np.flatnonzero(_IS_SINGLE[place])
    number = position // LINES_PER_CYCLE * DECLARATION_SIZES.count(1) + _SINGLES_BEFORE[place]
    scatter = Scatter(single_line_declarations(day.plan.lines), day.plan.keys["line_scatter"][1])
    box = np.full(len(position), -1, dtype=np.int64)
    box[alone] = scatter(number[alone])
    return np.where(box < day.plan.boxes, box, -1)


def _typologies(day: Day, position: Numbers, box: Numbers) -> Numbers:
    logical = Scatter(day.plan.lines, day.plan.keys["line_scatter"][0])(position)
    typology = np.full(len(position), -1, dtype=np.int8)
    end = 0
    for label, rows in day.plan.line_blocks:
        typology[(logical >= end) & (logical < end + rows)] = LINE_LABELS.index(label)
        end += rows
    typology[box >= 0] = LINE_LABELS.index("box_fan_out")
    return typology


def declaration_numbers(day: Day, lines: Lines) -> Column:
    """Twelve digits; the last is the number of amendments, 0."""
    start = (1_000 + day.plan.day_number % 1_000) * 100_000_000 + 90_000_000
    return (zero_padded(start + lines.serial * 10, 12),)


def line_rows(day: Day, lists: DayTexts, lines: Lines) -> Rows:
    """The rows of the declarations' file."""
    plan, settings, draws, header = day.plan, day.parameters, lines.draws, lines.header
    words_ = words.words()
    claims = draws.hit("tariff", settings.preferential_tariff)
    own = _SCHEDULE_OF[lines.country, header.below("schedule", _CHOICES)]
    schedule = np.where(claims, own, _NO_PREFERENCE)
    is_wrong = lines.typology == LINE_LABELS.index("wrong_tariff_preference")
    schedule = np.where(is_wrong, _WRONG_SCHEDULE[lines.country], schedule).astype(np.int32)
    rate = _RATES[schedule, lines.good]
    departure = np.where(header.hit("route", settings.indirect_route), _HUB, lines.country)
    importer = (header.of("order") >> np.uint32(12)).astype(np.int64) % (plan.lines + 1_000)
    importer = importer + np.where(lines.is_business, _FIRST_FIRM, 0)
    person = day.person_draws(importer)
    kind = np.where(lines.is_business, identifiers.TAX_CODE, identifiers.PERSONAL_ID)
    name = np.where(lines.is_business, words.company_name(person), words.person_name(person))
    nobody = np.zeros(len(kind), dtype=bool)
    phones = identifiers.mobile_phones(importer, plan.seed_keys["phones"][0])
    home = person.pick("province", words.PICK_PROVINCE)
    address, _ = address_columns(person, home, np.full(len(kind), words.FULL))
    declarant = (5_000 + header.below("seller_b", 60)).astype(np.int64)
    seller = header.below("seller_a", plan.sellers + 50)
    business = lines.is_business.astype(np.int32)
    master = {
        field: (Pick(lists.master_columns[field], lines.master),)
        for field in (
            "customs_office_code", "transport_mode_code", "operator_code", "master_waybill_number",
        )
    }  # fmt: skip
    columns: dict[str, Column] = {
        "declaration_number": declaration_numbers(day, lines),
        "line_number": plain_number(lines.line_number),
        "version_number": ("1",),
        "record_status": ("original",),
        "is_partial": ("false",),
        "local_reference_number": (f"REF{plan.code}", zero_padded(lines.serial, 7)),
        "declaration_type_code": (Pick(_TYPE_TEXTS, business),),
        "payment_method_code": (Pick(_PAYMENT_TEXTS, header.below("payment", 2)),),
        "importing_country_code": ("VN",),
        "registered_at": (moments(plan.midnight, lines.seconds),),
        "departure_country_code": country_column(departure),
        "origin_country_code": country_column(lines.country),
        "hs_code": (Pick(words_.hs_codes, (lines.good + 1).astype(np.int32)),),
        "item_description": (
            Pick(words_.line_descriptions, words.line_described(lines.good, draws)),
        ),
        "quantity": plain_number(lines.pieces),
        "quantity_unit_code": ("PCE",),
        "net_mass_kg": plain_number(lines.grams * 92 // 100, 3),
        "gross_weight_kg": plain_number(lines.grams, 3),
        "package_count": plain_number(1 + lines.pieces // 40),
        "declared_value": plain_number(day.cents(lines.value_vnd, lines.currency), 2),
        "currency_code": (Pick(lists.currencies, lines.currency),),
        "tariff_schedule_code": (Pick(_SCHEDULE_TEXTS, schedule),),
        "duty_rate_percent": plain_number(rate),
        "incoterm_code": (Pick(_INCOTERM_TEXTS, header.below("incoterm", 4)),),
        "importer_id_number": (identifiers.identifier_texts(importer, person, kind, nobody),),
        "importer_name": (Pick(words_.names, name.astype(np.int32)),),
        "importer_phone": (zero_padded(phones, 10),),
        "importer_address": address,
        "declarant_id_number": (zero_padded(identifiers.tax_codes(declarant), 10),),
        "seller_id_number": ("SELLER", zero_padded(seller, 7)),
        **consignor_columns(lines.seller_keys, lines.country),
        "house_waybill_number": (f"SD{plan.code}", zero_padded(lines.serial, 8)),
        "previous_documents": (f"380:INV{plan.code}", zero_padded(lines.serial, 7)),
        **master,
    }
    return Rows(columns, len(lines.position))
