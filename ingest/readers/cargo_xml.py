"""Air waybills in IATA Cargo-XML: XFZB (house) and XFWB (master), one row per waybill.

Add here an element of these two messages. Keep out: other Cargo-XML messages (one module each) and
personal text in `customs_notes` or `_extra`.

- One row per IncludedHouseConsignment, or per MasterConsignment of a master waybill, whose own
  number is then both house_waybill_number (the key of the source) and master_waybill_number.
- item_description is the SummaryDescription, followed by what the items say beyond it.
- hs_code is the items' common TypeCode; items that disagree leave it empty (`_extra.hs_codes`).
- package_count and gross_weight_kg are the consignment's own totals, else the sum of its items; a
  total that its items contradict is kept and reported as a warning.
- arrived_at is an actual arrival at the final destination; a scheduled one is no arrival.
- declared_value is the value for customs, unless the waybill says there is none (Nil).
- operator_code is the forwarder's cargo agent id, else its account, else the sender's address.
- Origin and destination of a waybill are airports, not countries: they are in `_extra`.
- customs_notes keeps `country/subject/code=text` for codes known to hold no personal data; of every
  other note only `country/subject/code`. A consignee's trader id (T) and the telephones (CT) feed
  their own fields, which are tokenised.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
from lxml import etree

from ingest.contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.xml_documents import (
    Records,
    child,
    children,
    descendants,
    joined,
    kilograms,
    local_name,
    parse_document,
    text,
    text_of,
    texts,
    total,
)
from ingest.senders import Layout

Values = dict[str, str | None]

_STATUS_BY_PURPOSE = {
    "creation": "original",
    "update": "amended",
    "correction": "amended",
    "deletion": "cancelled",
    "cancellation": "cancelled",
}
# Customs, security and regulatory identifiers whose text names a document, a date or a licence.
# A list of what is known to be harmless: an unlisted code may hold a name (CP, SN), a number (CT).
_IMPERSONAL_CODES = frozenset({"C", "D", "ED", "I", "M", "P", "RA", "S", "SD", "SM", "U"})
_CONSIGNEE, _CONSIGNOR = "CNE", "SHP"
_TRADER_ID, _TELEPHONE = "T", "CT"
_PIMA_SCHEME = "P"  # participant address of the sending system's owner


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """Read one message into `xml_rows`; XML fixes its own number and date formats, not `layout`.

    Raises FileRefused: waybill_without_consignment, and those of parse_document.
    """
    root = parse_document(path)
    records, warnings = Records(contract), list[str]()
    consignments = descendants(root, "IncludedHouseConsignment")
    is_house = bool(consignments) or local_name(root) == "HouseWaybill"
    if not is_house:
        consignments = children(root, "MasterConsignment")
    if not consignments:
        raise FileRefused("waybill_without_consignment", f"{local_name(root)} has no consignment")
    header = _header(root, warnings)
    for consignment in consignments:
        document_id = text(root, "BusinessHeaderDocument", "ID")
        own_id = text(consignment, "ID") if is_house else None
        number = own_id or (document_id if len(consignments) == 1 else None)
        master = text(root, "MasterConsignment", "TransportContractDocument", "ID")
        values, extra = _consignment(consignment, contract, warnings)
        values |= {
            "house_waybill_number": number,
            "master_waybill_number": master if is_house else number,
            "waybill_level": "house" if is_house else "master",
            "operator_code": _operator(consignment, root),
        }
        records.add({**header, **values}, extra)
    return records.load(connection, warnings)


def _header(root: etree._Element, warnings: list[str]) -> Values:
    """What the message says about all its consignments."""
    purpose = text(root, "MessageHeaderDocument", "PurposeCode")
    status = _STATUS_BY_PURPOSE.get((purpose or "creation").lower())
    if status is None:
        warnings.append(f"unknown_purpose: {purpose!r}; record_status is empty")
    return {"record_status": status}


def _operator(consignment: etree._Element, root: etree._Element) -> str | None:
    forwarder = child(consignment, "FreightForwarderParty")
    if forwarder is None:
        forwarder = child(root, "MasterConsignment", "FreightForwarderParty")
    senders = children(root, "MessageHeaderDocument", "SenderParty", "PrimaryID")
    by_address = [text_of(s) for s in senders if s.get("schemeID") == _PIMA_SCHEME]
    stated = (
        text(forwarder, "CargoAgentID"),
        text(forwarder, "AccountID"),
        *by_address,
        *map(text_of, senders),
    )
    return next((code for code in stated if code), None)


def _consignment(
    consignment: etree._Element, contract: Contract, warnings: list[str]
) -> tuple[Values, Values]:
    items = [
        *children(consignment, "IncludedHouseConsignmentItem"),
        *children(consignment, "ApplicableRating", "IncludedMasterConsignmentItem"),
        *children(consignment, "IncludedMasterConsignmentItem"),
    ]
    consignor = child(consignment, "ConsignorParty")
    consignee = child(consignment, "ConsigneeParty")
    consignee_country = _country(consignee)
    codes = list(dict.fromkeys(code for item in items for code in texts(item, "TypeCode")))
    origins = {code for item in items for code in texts(item, "OriginCountry", "ID")}
    description, was_cut = _description(consignment, items, contract)
    value, currency = _customs_value(consignment)
    item_pieces = [count for item in items for count in texts(item, "PieceQuantity")]
    pieces = text(consignment, "TotalPieceQuantity")
    if pieces and item_pieces and not _same(pieces, total(item_pieces)):
        warnings.append(
            f"piece_count_mismatch: the waybill states {pieces}, its items {total(item_pieces)}"
        )
    if was_cut:
        warnings.append("description_cut: a goods description was longer than its field")
    values: Values = {
        "importing_country_code": consignee_country,
        "transport_mode_code": text(consignment, "SpecifiedLogisticsTransportMovement", "ModeCode"),
        "arrived_at": _arrival(consignment),
        "consignor_name": text(consignor, "Name"),
        "consignor_phone": _phone(consignor) or _note(consignment, _CONSIGNOR, _TELEPHONE),
        "consignor_address": _address(consignor),
        "consignor_country_code": _country(consignor),
        "consignee_name": text(consignee, "Name"),
        "consignee_id_number": _note(consignment, _CONSIGNEE, _TRADER_ID),
        "consignee_phone": _phone(consignee) or _note(consignment, _CONSIGNEE, _TELEPHONE),
        "consignee_address": _address(consignee),
        "consignee_country_code": consignee_country,
        "item_description": description,
        "hs_code": codes[0] if len(codes) == 1 else None,
        "origin_country_code": origins.pop() if len(origins) == 1 else None,
        "package_count": pieces or total(item_pieces),
        "gross_weight_kg": _gross_weight(consignment, items),
        "declared_value": value,
        "currency_code": currency,
        "customs_notes": _notes(consignment),
    }
    return values, {
        "origin_location": text(consignment, "OriginLocation", "ID"),
        "destination_location": text(consignment, "FinalDestinationLocation", "ID"),
        "hs_codes": joined(codes, ";") if len(codes) > 1 else None,
        "items_piece_count": total(item_pieces),
        "item_description_cut": "true" if was_cut else None,
    }


def _same(left: str, right: str | None) -> bool:
    try:
        return Decimal(left) == Decimal(right or "")
    except InvalidOperation:
        return False


def _country(party: etree._Element | None) -> str | None:
    return text(party, "PostalStructuredAddress", "CountryID")


def _address(party: etree._Element | None) -> str | None:
    """Street, place, subdivision and postcode; the country is a field of its own."""
    address = child(party, "PostalStructuredAddress")
    names = ("StreetName", "CityName", "CountrySubDivisionName", "PostcodeCode")
    return joined((part for name in names for part in texts(address, name)), ", ")


def _phone(party: etree._Element | None) -> str | None:
    return text(party, "DefinedTradeContact", "DirectTelephoneCommunication", "CompleteNumber")


def _note(consignment: etree._Element, subject: str, code: str) -> str | None:
    """The text of the first customs note about `subject` with content code `code`."""
    for note in children(consignment, "IncludedCustomsNote"):
        if (text(note, "SubjectCode"), text(note, "ContentCode")) == (subject, code):
            return text(note, "Content")
    return None


def _notes(consignment: etree._Element) -> str | None:
    """The customs notes without personal text, '; ' between notes, '-' where a part is missing."""
    notes = []
    for note in children(consignment, "IncludedCustomsNote"):
        parts = (text(note, name) or "-" for name in ("CountryID", "SubjectCode", "ContentCode"))
        label, content = "/".join(parts), text(note, "Content")
        is_impersonal = text(note, "ContentCode") in _IMPERSONAL_CODES
        notes.append(f"{label}={content}" if content and is_impersonal else label)
    return joined(notes, "; ")


def _description(
    consignment: etree._Element, items: Sequence[etree._Element], contract: Contract
) -> tuple[str | None, bool]:
    """(summary and what the items add to it, whether it had to be cut to the field's length)."""
    stated = texts(consignment, "SummaryDescription")
    for item in items:
        stated += texts(item, "NatureIdentificationTransportCargo", "Identification")
    kept: list[str] = []
    for candidate in stated:
        if not any(candidate.casefold() in known.casefold() for known in kept):
            kept.append(candidate)
    whole = joined(kept, "; ")
    longest = contract.field("item_description").max_length
    if whole is None or len(whole) <= longest:
        return whole, False
    return whole[:longest], True


def _gross_weight(consignment: etree._Element, items: Sequence[etree._Element]) -> str | None:
    own = kilograms(child(consignment, "IncludedTareGrossWeightMeasure"))
    weights = [kilograms(child(item, "GrossWeightMeasure")) for item in items]
    return own or total([weight for weight in weights if weight])


def _customs_value(consignment: etree._Element) -> tuple[str | None, str | None]:
    amount = child(consignment, "DeclaredValueForCustomsAmount")
    is_nil = (text(consignment, "NilCustomsValueIndicator") or "").lower() in ("true", "1")
    if amount is None or is_nil:
        return None, None
    return text_of(amount), amount.get("currencyID")


def _arrival(consignment: etree._Element) -> str | None:
    """The actual arrival at the final destination, as written (ISO 8601)."""
    destination = text(consignment, "FinalDestinationLocation", "ID")
    for movement in children(consignment, "SpecifiedLogisticsTransportMovement"):
        event = child(movement, "ArrivalEvent")
        place = text(event, "OccurrenceArrivalLocation", "ID")
        actual = text(event, "ActualOccurrenceDateTime") or text(event, "ActualArrivalDateTime")
        if actual and place == destination:
            return actual
    return None
