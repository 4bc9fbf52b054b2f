"""The parts of a WCO declaration: header, parties, documents, goods; names from xml to contract.

Add here an element that feeds a field of the contract. Keep out: messages and their status
(wco_xml.py, whose docstring lists the choices made here), what an amendment points at
(wco_amendments.py), and personal data in the second result of a function, which lands in `_extra`.
"""

import re
from collections.abc import Iterable, Sequence

from contracts.base import Contract
from ingest.readers.xml_documents import Node, child, children, text, texts
from ingest.readers.xml_rows import Values, joined, kilograms, total

_HOUSE_RANKS = (("703", "714", "750"), ("740", "705", "730", "720"))
_MASTER_RANKS = (("741", "704"),)
_TRANSPORT_TYPES = {code for rank in (*_HOUSE_RANKS, *_MASTER_RANKS) for code in rank}
_TRANSPORT_CATEGORY = "N"  # of an AdditionalDocument
_CUSTOMS_DUTY_TYPES = ("A00", "CUD")
_SELLER_ROLE = "FR5"  # additional fiscal reference: the vendor registered for distance sales

_DATE_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d\d(?::?\d\d)?)?")
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
_DATE_TIME_FORMATS = ("304", "204")  # with zone, without zone
_DATE_FORMAT = "102"

# Below these names an item may state for itself what the declaration states for all.
_HEADER_PARTS = frozenset(
    (
        "Agent", "BorderTransportMeans", "Consignment", "Consignor",
        "Declarant", "DeclarationOffice", "DeclarationOfficeID", "Destination",
        "DomesticDutyTaxParty", "ExportCountry", "Exporter", "Importer", "PresentationOffice",
        "PreviousDocument", "Seller", "SupervisingOffice", "TradeTerms",
        "TransportContractDocument",
    )
)  # fmt: skip


def item_header(
    levels: Sequence[Node], above: tuple[Values, Values], contract: Contract
) -> tuple[Values, Values]:
    """header_fields of an item. levels: from the item up; above: those of the levels above it.

    Most items state nothing of the kind, or only a transport document: `above` spares the rest.
    """
    item = levels[0]
    if not _HEADER_PARTS.isdisjoint(item.names()):
        return header_fields(levels, contract)
    for produced in children(item, "AdditionalDocument"):
        if text(produced, "CategoryCode") == _TRANSPORT_CATEGORY:
            waybills, extra = _waybills(levels, contract)
            return above[0] | waybills, extra
    return above


def first(levels: Iterable[Node], *path: str) -> str | None:
    """The statement of the closest level that makes one."""
    return next((value for level in levels if (value := text(level, *path))), None)


def _party(levels: Sequence[Node], *names: str) -> Node | None:
    """The party in one of the roles `names`, from the closest level, or its consignment."""
    for level in levels:
        for holder in (level, child(level, "Consignment")):
            for name in names:
                party = child(holder, name)
                if party is not None and _says_something(party):
                    return party
    return None


def _says_something(party: Node) -> bool:
    return any(part.value or (part.parts and _says_something(part)) for part in party.parts)


def _address(party: Node | None) -> str | None:
    """Street lines, place, subdivision and postcode; the country is a field of its own."""
    address = child(party, "Address")
    names = ("Line", "CityName", "CountrySubDivisionName", "PostcodeID")
    return joined((part for name in names for part in texts(address, name)), ", ")


def _phone(party: Node | None) -> str | None:
    channels = children(party, "Communication") + children(party, "Contact", "Communication")
    for channel in channels:
        if text(channel, "TypeCode") in (None, "TE", "AL"):  # UN/EDIFACT 3155: telephone, mobile
            return text(channel, "ID")
    return None


def header_fields(levels: Sequence[Node], contract: Contract) -> tuple[Values, Values]:
    """Fields that a shipment or declaration states for all its items; levels: closest first."""
    importer = _party(levels, "Importer")
    sender = _party(levels, "Exporter", "Consignor")
    fiscal = (party for level in levels for party in children(level, "DomesticDutyTaxParty"))
    seller_references = [text(p, "ID") for p in fiscal if text(p, "RoleCode") == _SELLER_ROLE]
    office = next(
        (
            code
            for path in (
                ("SupervisingOffice", "ID"),
                ("DeclarationOffice", "ID"),
                ("DeclarationOfficeID",),
                ("PresentationOffice", "ID"),
            )
            if (code := first(levels, *path))
        ),
        None,
    )
    waybills, extra = _waybills(levels, contract)
    previous = [
        f"{text(document, 'TypeCode') or ''}:{text(document, 'ID') or ''}"
        for level in reversed(levels)
        for document in children(level, "PreviousDocument")
    ]
    gross = next((g for level in levels if (g := child(level, "TotalGrossMassMeasure"))), None)
    total_mass = kilograms(gross)
    return {
        "customs_office_code": office,
        "importing_country_code": first(levels, "Destination", "CountryCode"),
        "transport_mode_code": first(levels, "BorderTransportMeans", "ModeCode"),
        "departure_country_code": first(levels, "ExportCountry", "ID"),
        "incoterm_code": first(levels, "TradeTerms", "ConditionCode"),
        "importer_id_number": text(importer, "ID"),
        "importer_name": text(importer, "Name"),
        "importer_phone": _phone(importer),
        "importer_address": _address(importer),
        "declarant_id_number": text(_party(levels, "Declarant", "Agent"), "ID"),
        "seller_id_number": text(_party(levels, "Seller"), "ID")
        or next((reference for reference in seller_references if reference), None),
        "consignor_name": text(sender, "Name"),
        "consignor_phone": _phone(sender),
        "consignor_address": _address(sender),
        "consignor_country_code": text(sender, "Address", "CountryCode"),
        "previous_documents": joined(previous, ";"),
        "total_package_count": first(levels, "TotalPackageQuantity"),
        "total_gross_weight": total_mass,
        "total_gross_weight_unit_code": None if total_mass is None else "KGM",
        **waybills,
    }, extra


def _waybills(levels: Sequence[Node], contract: Contract) -> tuple[Values, Values]:
    """House and master number from the transport documents; see the docstring of wco_xml.py."""
    stated: list[tuple[str, str]] = []
    for level in levels:
        found = [*children(level, "PreviousDocument")]
        # Outside category N the same three digits are a national document code.
        produced = children(level, "AdditionalDocument")
        found += [d for d in produced if text(d, "CategoryCode") == _TRANSPORT_CATEGORY]
        found += children(level, "TransportContractDocument")
        found += children(level, "Consignment", "TransportContractDocument")
        for document in found:
            code = (text(document, "TypeCode") or "").removeprefix("N")
            number = text(document, "ID")
            if code in _TRANSPORT_TYPES and number:
                stated.append((code, number))
    values: Values = {}
    undecided = False
    for name, ranks in (
        ("house_waybill_number", _HOUSE_RANKS),
        ("master_waybill_number", _MASTER_RANKS),
    ):
        for rank in ranks:
            numbers = {number for code, number in stated if code in rank}
            if numbers:
                number = numbers.pop()
                usable = not numbers and len(number) <= contract.field(name).max_length
                values[name] = number if usable else None
                undecided = undecided or not usable
                break
    documents = joined((f"{code}:{number}" for code, number in stated), ";")
    return values, {"transport_documents": documents if undecided else None}


def goods_fields(
    item: Node, only_item_of: Node | None, warnings: list[str]
) -> tuple[Values, Values]:
    """Fields that only a goods item states.

    only_item_of: the declaration whose totals are this item's totals, None when it lists more.
    """
    commodity = child(item, "Commodity")
    procedures = children(item, "GovernmentProcedure")
    main = next((p for p in procedures if text(p, "PreviousCode")), None)
    others = (p for p in procedures if p is not main)
    hs_code, classification = _classification(commodity)
    origin, preferential_origin = _origin(item)
    value, currency, basis, prices = _value(item, only_item_of, warnings)
    measure = child(commodity, "GoodsMeasure")
    quantity = child(measure, "TariffQuantity")
    gross = child(measure, "GrossMassMeasure")
    if gross is None:
        gross = child(only_item_of, "TotalGrossMassMeasure")
    net = child(measure, "NetNetWeightMeasure") or child(measure, "NetWeightMeasure")
    packages = total(texts(item, "Packaging", "QuantityQuantity"))
    taxes = children(commodity, "DutyTaxFee")
    duties = [t for t in taxes if text(t, "TypeCode") in (None, *_CUSTOMS_DUTY_TYPES)]
    regimes = list(dict.fromkeys(code for t in taxes for code in texts(t, "DutyRegimeCode")))
    customs_value, customs_currency = _amount(child(item, "CustomsValueAmount"))
    statistical, statistical_currency = _amount(child(item, "StatisticalValueAmount"))
    return {
        "procedure_code": None if main is None else _procedure(main),
        "additional_procedure_codes": joined((_procedure(p) for p in others), ";"),
        "payment_method_code": first([*duties, *taxes], "Payment", "MethodCode"),
        "hs_code": hs_code,
        "item_description": text(commodity, "Description") or text(commodity, "CargoDescription"),
        "quantity": text(measure, "TariffQuantity"),
        "quantity_unit_code": None if quantity is None else quantity.get("unitCode"),
        "net_mass_kg": kilograms(net),
        "gross_weight_kg": kilograms(gross),
        "package_count": packages or text(only_item_of, "TotalPackageQuantity"),
        "declared_value": value,
        "currency_code": currency,
        "customs_value": customs_value,
        "customs_value_currency_code": customs_currency,
        "valuation_method_code": text(item, "CustomsValuation", "MethodCode"),
        "tariff_schedule_code": next(iter(regimes), None),
        "duty_rate_percent": first(duties, "TaxRateNumeric"),
        "origin_country_code": origin,
    }, {
        "preferential_origin_country_code": preferential_origin,
        "classification": classification,
        "value_basis": basis,
        "item_prices": prices,
        "statistical_value": statistical,
        "statistical_value_currency": statistical_currency,
        "further_tariff_schedule_codes": joined(regimes[1:], ";"),
    }


def _procedure(procedure: Node) -> str:
    """Requested code followed by the previous one, as far as stated: 40 + 00, or C07."""
    return (text(procedure, "CurrentCode") or "") + (text(procedure, "PreviousCode") or "")


def _classification(commodity: Node | None) -> tuple[str | None, str | None]:
    """(nomenclature code, all other codes as TYPE:ID;...)."""
    stated = [
        (text(found, "IdentificationTypeCode") or "", number)
        for found in children(commodity, "Classification")
        if (number := text(found, "ID"))
    ]
    order = ("TSP", "HS", "CN", "")
    known = [entry for name in order for entry in stated if entry[0] == name]
    if not known:
        return None, joined((f"{kind}:{number}" for kind, number in stated), ";")
    others = [entry for entry in stated if entry is not known[0]]
    return known[0][1], joined((f"{kind}:{number}" for kind, number in others), ";")


def _origin(item: Node) -> tuple[str | None, str | None]:
    """(country of non-preferential origin, else of what is stated; a further preferential one)."""
    origins = reversed(children(item, "Origin"))
    stated = {text(origin, "TypeCode"): text(origin, "CountryCode") for origin in origins}
    kind = next((k for k in ("1", None, *stated) if stated.get(k)), None)
    return stated.get(kind), stated.get("2") if kind != "2" else None


def _amount(amount: Node | None) -> tuple[str | None, str | None]:
    """(number, currency) as stated."""
    return (None, None) if amount is None else (amount.value, amount.get("currencyID"))


def _value(
    item: Node, only_item_of: Node | None, warnings: list[str]
) -> tuple[str | None, str | None, str | None, str | None]:
    """(amount, currency, basis unless it is the item price, prices that could not be added up)."""
    prices = [
        price
        for price in children(item, "Commodity", "InvoiceLine", "ItemChargeAmount")
        if price.value
    ]
    currencies = {price.get("currencyID") for price in prices}
    if len(currencies) == 1:
        return total([price.value or "" for price in prices]), currencies.pop(), None, None
    undecided = None
    if prices:
        undecided = joined((f"{p.get('currencyID') or ''}:{p.value}" for p in prices), ";")
        warnings.append("several_currencies: an item has prices in several currencies, not added")
    for basis, amount in (
        ("customs_value", child(item, "CustomsValueAmount")),
        ("statistical_value", child(item, "StatisticalValueAmount")),
        ("invoice_total", child(only_item_of, "InvoiceAmount")),
    ):
        if amount is not None:
            return *_amount(amount), basis, undecided
    return None, None, None, undecided


def acceptance(holder: Node | None, warnings: list[str]) -> str | None:
    """The acceptance of the declaration as ISO 8601; format 204 and 102 state no zone."""
    for stated in (
        child(holder, "AcceptanceDateTime", "DateTimeString"),
        child(holder, "AcceptanceDateTime"),
    ):
        if stated is None or stated.value is None:
            continue
        code, value = stated.get("formatCode"), stated.value
        if code in _DATE_TIME_FORMATS and (found := _DATE_TIME.fullmatch(value)):
            year, month, day, hour, minute, second, zone = found.groups()
            return f"{year}-{month}-{day}T{hour}:{minute}:{second}{_offset(zone)}"
        if code == _DATE_FORMAT and (found := _DATE.fullmatch(value)):
            return "-".join(found.groups()) + "T00:00:00"
        if code in (*_DATE_TIME_FORMATS, _DATE_FORMAT):
            return value  # does not fit its own code: conform.py quarantines the row
        warnings.append(f"unknown_date_format: AcceptanceDateTime in format {code!r} was not read")
    return None


def _offset(zone: str | None) -> str:
    """+01, +0100, Z -> an ISO 8601 offset; nothing when no zone is stated."""
    if zone is None:
        return ""
    if zone == "Z":
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
