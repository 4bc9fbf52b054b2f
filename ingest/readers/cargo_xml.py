"""Air waybills in IATA Cargo-XML: XFZB (house), XFWB (master), XFHL (house manifest).

Add here one of these messages' own statements. Keep out: what a consignment states about itself
(cargo_parts.py) and other Cargo-XML messages (one module each).

One row per IncludedHouseConsignment, or per MasterConsignment of a master waybill, whose own
number is then both house_waybill_number (the key of the source) and master_waybill_number.
Versions 1.00 to 5.00 of the messages differ in their namespaces and in elements that are not read
here; elements are found by local name.

XFHL was written without a sample, from public knowledge of the IATA schema: the ONE Record mapping
documents, which name the message and its version 3.00, and three independent public programs that
write or read it. They agree on the root HouseManifest (iata:housemanifest:1), the message type 785,
the master's TransportContractDocument, and per house SequenceNumeric, GrossWeightMeasure,
PackageQuantity, TotalPieceQuantity, SummaryDescription, TransportContractDocument (the house
waybill), OriginLocation, FinalDestinationLocation and IncludedCustomsNote. NOT verified against a
message of a carrier.

- A line of a house manifest summarises a house waybill: waybill_level is manifest_line, so that
  the waybill itself wins wherever both arrived.
- item_description is the SummaryDescription, followed by what the items say beyond it.
- hs_code is the items' common TypeCode; items that disagree leave it empty (`_extra.hs_codes`).
- package_count and gross_weight_kg are the consignment's own totals, else the sum of its items. A
  total that its items contradict is kept, warned about (piece_count_mismatch) and flagged:
  is_piece_count_consistent = false. A manifest whose houses hold more pieces than its master is
  flagged in all its lines; one that lists fewer may be one of several messages: a warning only.
- arrived_at is an actual arrival at the final destination; a scheduled one is no arrival.
- declared_value is the value for customs, unless the waybill says there is none (Nil).
- operator_code is the forwarder's cargo agent id, else its account, else the sender's address.
- Origin and destination of a waybill are airports, not countries: they are in `_extra`.
- customs_notes keeps `country/subject/code=text` for codes known to hold no personal data; of every
  other note only `country/subject/code`. A consignee's trader id (T) and the telephones (CT) feed
  their own fields, which are tokenised.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.cargo_parts import consignment_fields
from ingest.readers.xml_documents import Node, child, children, descendants, document, text
from ingest.readers.xml_rows import Records, Values, number
from ingest.senders.profile import Layout

_STATUS_BY_PURPOSE = {
    "creation": "original",
    "update": "amended",
    "correction": "amended",
    "deletion": "cancelled",
    "cancellation": "cancelled",
}
_LEVELS = {"HouseWaybill": "house", "HouseManifest": "manifest_line", "Waybill": "master"}
_PIMA_SCHEME = "P"  # participant address of the sending system's owner


@dataclass(frozen=True)
class _Message:
    """What one message states about all its consignments."""

    level: str
    masters: list[Node]
    consignments: list[Node]
    document_id: str | None
    operator: str | None
    common: Values


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """Read one document into `xml_rows`; XML fixes its own number and date formats, not `layout`.

    Raises FileRefused: waybill_without_consignment, and those of parse_document.
    """
    with document(path) as root:
        records, warnings = Records(contract), list[str]()
        found = [node for node in root.walk() if node.name in _LEVELS and node.parts]
        for element in found or [root]:
            message = _message(element, warnings)
            for consignment in message.consignments:
                values, extra = consignment_fields(consignment, contract, warnings)
                identity = _identity(message, consignment)
                extra["manifest_sequence"] = (
                    text(consignment, "SequenceNumeric")
                    if message.level == "manifest_line"
                    else None
                )
                records.add({**values, **identity, **message.common}, extra)
        if not len(records):
            raise FileRefused("waybill_without_consignment", f"{root.name} has no consignment")
        return records.load(connection, warnings)


def _message(element: Node, warnings: list[str]) -> _Message:
    header = child(element, "MessageHeaderDocument")
    masters = children(element, "MasterConsignment")
    houses = descendants(element, "IncludedHouseConsignment")
    level = _LEVELS.get(element.name, "house") if not houses else _house_level(element)
    purpose = text(header, "PurposeCode")
    status = _STATUS_BY_PURPOSE.get((purpose or "creation").lower())
    if status is None:
        warnings.append(f"unknown_purpose: {purpose!r}; record_status is empty")
    common: Values = {"record_status": status, "waybill_level": level}
    if level == "manifest_line" and _exceeds_master(houses, masters, warnings):
        common["is_piece_count_consistent"] = "false"
    senders = children(header, "SenderParty", "PrimaryID")
    addresses = [sender.value for sender in senders if sender.get("schemeID") == _PIMA_SCHEME]
    return _Message(
        level=level,
        masters=masters,
        consignments=masters if level == "master" else houses,
        document_id=text(element, "BusinessHeaderDocument", "ID"),
        operator=next((c for c in (*addresses, *(s.value for s in senders)) if c), None),
        common=common,
    )


def _house_level(element: Node) -> str:
    """Houses inside a Waybill are houses all the same."""
    return "manifest_line" if element.name == "HouseManifest" else "house"


def _identity(message: _Message, consignment: Node) -> Values:
    """The numbers of a consignment and whoever carries it."""
    contract_id = text(consignment, "TransportContractDocument", "ID")
    is_alone = len(message.consignments) == 1
    forwarder = next(
        (f for h in (consignment, *message.masters) if (f := child(h, "FreightForwarderParty"))),
        None,
    )
    operator = text(forwarder, "CargoAgentID") or text(forwarder, "AccountID") or message.operator
    if message.level == "master":
        own = (message.document_id if is_alone else None) or contract_id
        return {
            "house_waybill_number": own,
            "master_waybill_number": own,
            "operator_code": operator,
        }
    own = text(consignment, "ID") or contract_id
    if message.level == "house" and is_alone:
        own = own or message.document_id
    return {
        "house_waybill_number": own,
        "master_waybill_number": _master(message, consignment),
        "operator_code": operator,
    }


def _master(message: _Message, consignment: Node) -> str | None:
    """The number of the master a house travels under: its own, else the message's only one. A
    manifest's own number is that of its master."""
    stated = text(consignment.parent, "TransportContractDocument", "ID")
    numbers = {text(master, "TransportContractDocument", "ID") for master in message.masters}
    only = numbers.pop() if len(numbers) == 1 else None
    return stated or only or (message.document_id if message.level == "manifest_line" else None)


def _exceeds_master(houses: list[Node], masters: list[Node], warnings: list[str]) -> bool:
    """Whether the houses of a manifest hold more pieces than their master; warns either way."""
    pieces = [number(text(house, "TotalPieceQuantity")) for house in houses]
    stated = [number(text(master, "TotalPieceQuantity")) for master in masters]
    if None in pieces or None in stated or not stated:
        return False
    listed = sum((count for count in pieces if count is not None), Decimal(0))
    whole = sum((count for count in stated if count is not None), Decimal(0))
    if listed > whole:
        warnings.append(
            f"piece_count_mismatch: the manifest states {whole} pieces, its houses {listed}"
        )
    elif listed < whole:
        warnings.append(f"manifest_lists_fewer: {listed} of {whole} pieces; further messages?")
    return listed > whole
