"""The parts of one Cargo-XML consignment: parties, notes, goods, pieces; from xml to contract.

Add here an element of a consignment that feeds a field of the contract. Keep out: messages
(cargo_xml.py, whose docstring lists the choices made here) and personal text in `customs_notes` or
in the second result of a function, which lands in `_extra`.
"""

from collections.abc import Sequence

from contracts.base import Contract
from ingest.readers.xml_documents import Node, child, children, text, texts
from ingest.readers.xml_rows import Values, joined, kilograms, number, total

# Customs, security and regulatory identifiers whose text names a document, a date or a licence.
# A list of what is known to be harmless: an unlisted code may hold a name (CP, SN), a number (CT).
_IMPERSONAL_CODES = frozenset({"C", "D", "ED", "I", "M", "P", "RA", "S", "SD", "SM", "U"})
_CONSIGNEE, _CONSIGNOR = "CNE", "SHP"
_TRADER_ID, _TELEPHONE = "T", "CT"


def consignment_fields(
    consignment: Node, contract: Contract, warnings: list[str]
) -> tuple[Values, Values]:
    """Fields that one consignment states about itself, and further facts."""
    items = [
        *children(consignment, "IncludedHouseConsignmentItem"),
        *children(consignment, "ApplicableRating", "IncludedMasterConsignmentItem"),
        *children(consignment, "IncludedMasterConsignmentItem"),
    ]
    consignor = child(consignment, "ConsignorParty")
    consignee = child(consignment, "ConsigneeParty")
    consignee_country = _country(consignee)
    stated = [*texts(consignment, "TypeCode"), *(c for i in items for c in texts(i, "TypeCode"))]
    codes = list(dict.fromkeys(stated))
    origins = {code for item in items for code in texts(item, "OriginCountry", "ID")}
    description, was_cut = _description(consignment, items, contract)
    value, currency = _customs_value(consignment)
    item_pieces = total([count for item in items for count in texts(item, "PieceQuantity")])
    pieces = text(consignment, "TotalPieceQuantity") or text(consignment, "PieceQuantity")
    consistent = None
    if pieces and item_pieces:
        consistent = number(pieces) is not None and number(pieces) == number(item_pieces)
        if not consistent:
            warnings.append(
                f"piece_count_mismatch: the waybill states {pieces}, its items {item_pieces}"
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
        "package_count": pieces or item_pieces,
        "is_piece_count_consistent": None if consistent is None else str(consistent).lower(),
        "gross_weight_kg": _gross_weight(consignment, items),
        "declared_value": value,
        "currency_code": currency,
        "customs_notes": _notes(consignment),
    }
    return values, {
        "origin_location": text(consignment, "OriginLocation", "ID"),
        "destination_location": text(consignment, "FinalDestinationLocation", "ID"),
        "hs_codes": joined(codes, ";") if len(codes) > 1 else None,
        "items_piece_count": item_pieces,
        "item_description_cut": "true" if was_cut else None,
    }


def _country(party: Node | None) -> str | None:
    return text(party, "PostalStructuredAddress", "CountryID")


def _address(party: Node | None) -> str | None:
    """Street, place, subdivision and postcode; the country is a field of its own."""
    address = child(party, "PostalStructuredAddress")
    names = ("StreetName", "CityName", "CountrySubDivisionName", "PostcodeCode")
    return joined((part for name in names for part in texts(address, name)), ", ")


def _phone(party: Node | None) -> str | None:
    return text(party, "DefinedTradeContact", "DirectTelephoneCommunication", "CompleteNumber")


def _note(consignment: Node, subject: str, code: str) -> str | None:
    """The text of the first customs note about `subject` with content code `code`."""
    for note in children(consignment, "IncludedCustomsNote"):
        if (text(note, "SubjectCode"), text(note, "ContentCode")) == (subject, code):
            return text(note, "Content")
    return None


def _notes(consignment: Node) -> str | None:
    """The customs notes without personal text, '; ' between notes, '-' where a part is missing."""
    notes = []
    for note in children(consignment, "IncludedCustomsNote"):
        parts = (text(note, name) or "-" for name in ("CountryID", "SubjectCode", "ContentCode"))
        label, content = "/".join(parts), text(note, "Content")
        is_impersonal = text(note, "ContentCode") in _IMPERSONAL_CODES
        notes.append(f"{label}={content}" if content and is_impersonal else label)
    return joined(notes, "; ")


def _description(
    consignment: Node, items: Sequence[Node], contract: Contract
) -> tuple[str | None, bool]:
    """(summary and what the items add to it, whether it had to be cut to the field's length)."""
    stated = texts(consignment, "SummaryDescription")
    for item in items:
        stated += texts(item, "NatureIdentificationTransportCargo", "Identification")
    kept: list[str] = []
    longest, length = contract.field("item_description").max_length, 0
    for candidate in stated:
        if length > longest:
            break  # whatever follows would be cut off anyway
        if not any(candidate.casefold() in known.casefold() for known in kept):
            kept.append(candidate)
            length += len(candidate)
    whole = joined(kept, "; ")
    if whole is None or len(whole) <= longest:
        return whole, False
    return whole[:longest], True


def _gross_weight(consignment: Node, items: Sequence[Node]) -> str | None:
    own = child(consignment, "IncludedTareGrossWeightMeasure") or child(
        consignment, "GrossWeightMeasure"
    )
    weights = [kilograms(child(item, "GrossWeightMeasure")) for item in items]
    return kilograms(own) or total([weight for weight in weights if weight])


def _customs_value(consignment: Node) -> tuple[str | None, str | None]:
    amount = child(consignment, "DeclaredValueForCustomsAmount")
    is_nil = (text(consignment, "NilCustomsValueIndicator") or "").lower() in ("true", "1")
    if amount is None or is_nil:
        return None, None
    return amount.value, amount.get("currencyID")


def _arrival(consignment: Node) -> str | None:
    """The actual arrival at the final destination, as written (ISO 8601)."""
    destination = text(consignment, "FinalDestinationLocation", "ID")
    for movement in children(consignment, "SpecifiedLogisticsTransportMovement"):
        event = child(movement, "ArrivalEvent")
        place = text(event, "OccurrenceArrivalLocation", "ID")
        actual = text(event, "ActualOccurrenceDateTime") or text(event, "ActualArrivalDateTime")
        if actual and place == destination:
            return actual
    return None
