"""Customs declarations in WCO data model 3.6 XML: one row per goods item of every declaration.

Add here a kind of message. Keep out: single elements (wco_parts.py) and what a code means (dbt
seeds).

Elements are found by local name, whatever the namespace or the envelope. An item's own statement
wins over its shipment's, and that over the declaration's. Choices that the model leaves open:

- declaration_number is the MRN (Declaration/ID, or the MRN of a report's summary), else the LRN.
- hs_code is the 8-digit nomenclature code (TSP) as stated, so that it joins with other tariffs;
  the 2-digit extension (TRC) and further codes are in `_extra.classification`.
- declared_value is the item price, else the customs value, else the statistical value, else the
  invoice total of a one-item declaration; `_extra.value_basis` names it unless it is the price.
- declaration-level totals stand in for an only item's missing packages and gross mass; never in an
  amendment, which states the totals of items it does not list.
- origin_country_code is the non-preferential origin (TypeCode 1) where several are stated.
- house_waybill_number is a house waybill (703), house bill of lading (714) or postal despatch
  note (750), else a direct transport document (740, 705, 730, 720); master_waybill_number is 741
  or 704. Several different numbers of one rank decide nothing: `_extra.transport_documents`.
- Amendments and cancellations are partial: only what they state is filled, and
  `_extra.header_fields` names what they state for the whole declaration. One without any goods
  item becomes one row with line_number 1 and `_extra.scope` = "declaration": it speaks of every
  line, and line 1 is only the address the contract can hold.
- A declaration in a retrieval report keeps its version number; one that shows no goods item yields
  no row (report_without_goods_items), nor does a reply of the authority (notification). A file
  without any row is refused: it is kept whole, so its MRN-LRN links are not lost.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
from lxml import etree

from ingest.contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.wco_parts import Values, acceptance, first, goods_fields, header_fields
from ingest.readers.xml_documents import (
    Records,
    ancestor,
    children,
    descendants,
    joined,
    local_name,
    parse_document,
    text,
    texts,
)
from ingest.senders import Layout

# UN/EDIFACT 1225 and the type codes of the customs service; DM 3.6 writes "request" (13) for both
# amendment and cancellation and says which in TypeCode.
_STATUS_BY_TYPE = {"COR": "amended", "INV": "cancelled"}
_STATUS_BY_FUNCTION = {"1": "cancelled", "4": "amended", "5": "amended", "13": "amended"}
_ARRIVAL_NOTICE = "GPN"
_REPLACEMENT = "5"  # states the whole declaration again


@dataclass(frozen=True)
class _Message:
    """What a whole declaration states about itself, before its items."""

    declaration: etree._Element
    summary: etree._Element | None
    items: list[etree._Element]
    status: str
    is_partial: bool

    @property
    def is_only_item(self) -> bool:
        """Whether the declaration's totals are the totals of its one listed item."""
        stated = text(self.declaration, "GoodsItemQuantity")
        return not self.is_partial and len(self.items) == 1 and stated in (None, "1")


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """Read one document into `xml_rows`; XML fixes its own number and date formats, not `layout`.

    Raises FileRefused: no_declaration, report_without_goods_items, and those of parse_document.
    """
    root = parse_document(path)
    records, warnings = Records(contract), list[str]()
    declarations = _declarations(root)
    if not declarations:
        raise FileRefused("no_declaration", f"no Declaration inside {local_name(root)}")
    for declaration in declarations:
        _read_declaration(declaration, contract, records, warnings)
    if not len(records):
        raise FileRefused(
            min(records.reasons),
            f"{local_name(root)} with {len(declarations)} declaration(s) yields no row",
        )
    return records.load(connection, warnings)


def _declarations(root: etree._Element) -> list[etree._Element]:
    """The declarations themselves: not the summaries of a report, which share their name."""
    body = {"GoodsShipment", "FunctionCode", "TypeCode", "FunctionalReferenceID"}
    return [
        found
        for found in descendants(root, "Declaration")
        if any(local_name(part) in body for part in found)
    ]


def _summary(declaration: etree._Element) -> etree._Element | None:
    """The block of a retrieval report that names the version the declaration shows."""
    inner = declaration
    for outer in declaration.iterancestors():
        for block in outer:
            if block is not inner and text(block, "VersionID") is not None:
                return block
        inner = outer
    return None


def _read_declaration(
    declaration: etree._Element, contract: Contract, records: Records, warnings: list[str]
) -> None:
    function, kind = text(declaration, "FunctionCode"), text(declaration, "TypeCode")
    status = _STATUS_BY_TYPE.get(kind or "") or _STATUS_BY_FUNCTION.get(function or "", "original")
    summary = _summary(declaration)
    version = text(summary, "VersionID")
    changes = status != "original" and function != _REPLACEMENT
    if version is not None and not changes:
        status = "original" if version == "1" else "amended"
    message = _Message(
        declaration, summary, descendants(declaration, "GovernmentAgencyGoodsItem"), status, changes
    )
    is_notice = ancestor(declaration, "Response") is not None or kind == _ARRIVAL_NOTICE
    if is_notice or not (message.items or changes):
        for _ in message.items or [declaration]:
            records.reject("notification" if is_notice else "report_without_goods_items")
        return
    stated = text(declaration, "GoodsItemQuantity")
    if message.items and not changes and stated not in (None, str(len(message.items))):
        warnings.append(f"item_count_mismatch: {stated} stated, {len(message.items)} listed")
    for item in message.items or [None]:
        values, extra = _row(message, item, contract, warnings)
        records.add(values, extra)


def _row(
    message: _Message, item: etree._Element | None, contract: Contract, warnings: list[str]
) -> tuple[Values, Values]:
    declaration, summary = message.declaration, message.summary
    levels = _levels(declaration, item)
    kind = text(declaration, "TypeCode")
    lrn = text(declaration, "FunctionalReferenceID") or text(summary, "LRN")
    mrn = text(declaration, "ID") or text(summary, "MRN") or text(summary, "ID")
    header, header_extra = header_fields(levels, contract)
    goods: Values = {}
    goods_extra: Values = {"scope": "declaration"}
    if item is not None:
        only_item_of = declaration if message.is_only_item else None
        goods, goods_extra = goods_fields(item, only_item_of)
    values: Values = {
        "declaration_number": mrn or lrn,
        "line_number": text(item, "SequenceNumeric")
        or ("1" if item is None or message.is_only_item else None),
        "version_number": text(summary, "VersionID"),
        "record_status": message.status,
        "is_partial": "true" if message.is_partial else "false",
        "local_reference_number": lrn,
        # COR and INV say what the message is, not what the declaration is.
        "declaration_type_code": None if kind in _STATUS_BY_TYPE else kind,
        "importing_country_code": first(levels, "Destination", "CountryCode")
        or text(ancestor(declaration, "MetaData"), "ResponsibleCountryCode"),
        "registered_at": acceptance(declaration, warnings) or acceptance(summary, warnings),
        **header,
        **goods,
    }
    extra: Values = {**header_extra, **goods_extra}
    extra["declaration_category_code"] = text(declaration, "ProcedureCategory")
    if message.is_partial:
        extra["message_type_code"] = kind
        reasons = texts(declaration, "Amendment", "ChangeReasonCode")
        extra["change_reason_codes"] = joined(reasons, ";")
        own = {} if item is None else header_fields([item], contract)[0]
        changed = (name for name, value in header.items() if value and own.get(name) != value)
        extra["header_fields"] = joined(changed, ";")
    return values, extra


def _levels(declaration: etree._Element, item: etree._Element | None) -> list[etree._Element]:
    """Where a fact about the item may be stated, closest first; for no item, its shipments'."""
    if item is None:
        return [*children(declaration, "GoodsShipment"), declaration]
    levels = [item]
    while levels[-1] is not declaration:
        levels.append(levels[-1].getparent())
    return levels
