"""Customs declarations in WCO data model 3.x XML: one row per goods item of every declaration.

Add here a kind of message. Keep out: single elements (wco_parts.py), the pointers of amendments
(wco_amendments.py) and what a code means (dbt seeds).

Elements are found by local name, whatever the namespace, its version or the envelope, in any
order. An item's own statement wins over its shipment's, and that over the declaration's; what
stands above the item is named in header_fields. Choices that the model leaves open:

- declaration_number is the MRN (Declaration/ID, or the MRN of a report's summary), else the LRN.
- hs_code is the 8-digit nomenclature code (TSP) as stated, so that it joins with other tariffs;
  the 2-digit extension (TRC) and further codes are in `_extra.classification`.
- declared_value is the item price (several prices of one currency are added), else the customs
  value, else the statistical value, else the invoice total of a one-item declaration;
  `_extra.value_basis` names it unless it is the price.
- declaration-level totals stand in for an only item's missing packages and gross mass; never in an
  amendment, which states the totals of items it does not list.
- origin_country_code is the non-preferential origin (TypeCode 1) where several are stated.
- house_waybill_number is a house waybill (703), house bill of lading (714) or postal despatch
  note (750), else a direct transport document (740, 705, 730, 720); master_waybill_number is 741
  or 704. Several different numbers of one rank decide nothing: `_extra.transport_documents`.
- importing_country_code is the destination, else the country that the message's metadata name;
  an amendment states it only as a destination.
- Amendments and cancellations are partial: only what they state is filled. statement_scope says
  whether a row speaks of its line, of a line that the amendment adds, or (without any item) of the
  whole declaration: then line_number 1 is only the address the contract can hold. An item that is
  pointed at and not listed is removed: one more row, cancelled, for that line.
- A declaration in a retrieval report keeps its version number. What yields no row is counted and
  named: report_without_goods_items, lifecycle_notification (a reply of the authority),
  presentation_notice, export_declaration. A file without any row is refused for that reason; it is
  kept whole, so its MRN-LRN links are not lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.wco_amendments import Pointed, pointed_at
from ingest.readers.wco_parts import acceptance, goods_fields, header_fields, item_header
from ingest.readers.xml_documents import (
    Node,
    ancestor,
    ancestors,
    children,
    descendants,
    document,
    text,
    texts,
)
from ingest.readers.xml_rows import Records, Values, joined
from ingest.senders.profile import Layout

# UN/EDIFACT 1225 and the type codes of the customs service; DM 3.6 writes "request" (13) for both
# amendment and cancellation and says which in TypeCode.
_STATUS_BY_TYPE = {"COR": "amended", "INV": "cancelled"}
_STATUS_BY_FUNCTION = {"1": "cancelled", "4": "amended", "5": "amended", "13": "amended"}
_REPLACEMENT = "5"  # states the whole declaration again
_PRESENTATION_NOTICES = ("GPN", "GPR")
_EXPORT_DOCUMENT = "830"  # UN/EDIFACT 1001: goods declaration for exportation
# What the authority answers, by the function code of its Response.
_NOTIFICATIONS = {
    "01": "DMSACC, accepted", "02": "DMSRCV, received", "03": "DMSREJ, rejected",
    "05": "DMSCTL, to be controlled", "06": "DMSDOC, documents wanted", "07": "DMSRES, amended",
    "08": "DMSROG, goods released", "09": "DMSCLE, cleared", "10": "DMSINV, invalidated",
    "11": "DMSREQ, request decided", "13": "DMSTAX, taxes calculated", "14": "DMSCPI, funds short",
    "15": "DMSCPR, payment reminder", "16": "DMSEOG, goods have left",
    "18": "DMSGER, goods have not left",
}  # fmt: skip
# Fields that a complete declaration states for every item, beside those of header_fields.
_OF_THE_DECLARATION = ("local_reference_number", "declaration_type_code", "registered_at")


@dataclass(frozen=True)
class _Message:
    """What a whole declaration states about itself, before its items."""

    declaration: Node
    summary: Node | None
    items: list[Node]
    status: str
    is_partial: bool
    pointed: Pointed
    common: Values
    extra: Values

    @property
    def is_only_item(self) -> bool:
        """Whether the declaration's totals are the totals of its one listed item."""
        stated = text(self.declaration, "GoodsItemQuantity")
        return not self.is_partial and len(self.items) == 1 and stated in (None, "1")


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """Read one document into `xml_rows`; XML fixes its own number and date formats, not `layout`.

    Raises FileRefused: no_declaration, the reasons named above, and those of parse_document.
    """
    with document(path) as root:
        return _read(connection, root, contract)


def _read(connection: duckdb.DuckDBPyConnection, root: Node, contract: Contract) -> ReadOutcome:
    records, warnings = Records(contract), list[str]()
    declarations, notifications = _declarations(root)
    if notifications and not declarations:
        named = sorted(
            {_NOTIFICATIONS.get(code, f"function code {code}") for code in notifications}
        )
        raise FileRefused(
            "lifecycle_notification",
            f"{'; '.join(named)}: a notification of the authority, which no contract takes yet",
        )
    if not declarations:
        raise FileRefused("no_declaration", f"no Declaration inside {root.name}")
    summaries = _Summaries()
    for declaration in declarations:
        _read_declaration(declaration, summaries, contract, records, warnings)
    for _ in notifications:
        records.reject("lifecycle_notification")
    if not len(records):
        raise FileRefused(
            min(records.reasons),
            f"{root.name} with {len(declarations)} declaration(s) yields no row",
        )
    return records.load(connection, warnings)


def _declarations(root: Node) -> tuple[list[Node], list[str]]:
    """(the declarations themselves: not the summaries of a report, which share their name;
    function codes of the authority's responses, whose declarations only echo)."""
    body = {"GoodsShipment", "FunctionCode", "TypeCode", "FunctionalReferenceID"}
    responses = descendants(root, "Response")
    answered = {id(found) for response in responses for found in response.walk()}
    declarations = [
        found
        for found in descendants(root, "Declaration")
        if id(found) not in answered and body & found.names()
    ]
    return declarations, [(text(r, "FunctionCode") or "").zfill(2) for r in responses]


class _Summaries:
    """Finds the block of a retrieval report that names the version a declaration shows."""

    def __init__(self) -> None:
        self._blocks: dict[int, list[Node]] = {}

    def of(self, declaration: Node) -> Node | None:
        inner = declaration
        for outer in ancestors(declaration):
            if id(outer) not in self._blocks:
                self._blocks[id(outer)] = [p for p in outer.parts if text(p, "VersionID")]
            for block in self._blocks[id(outer)]:
                if block is not inner:
                    return block
            inner = outer
        return None


def _reason_for_no_rows(declaration: Node, items: list[Node], changes: bool) -> str | None:
    kind = text(declaration, "TypeCode") or ""
    if kind in _PRESENTATION_NOTICES:
        return "presentation_notice"
    if kind == _EXPORT_DOCUMENT or (kind.startswith("EX") and len(kind) == 3):
        return "export_declaration"
    return None if items or changes else "report_without_goods_items"


def _read_declaration(
    declaration: Node, summaries: _Summaries, contract: Contract, records: Records,
    warnings: list[str],
) -> None:  # fmt: skip
    function, kind = text(declaration, "FunctionCode"), text(declaration, "TypeCode")
    status = _STATUS_BY_TYPE.get(kind or "") or _STATUS_BY_FUNCTION.get(function or "", "original")
    summary = summaries.of(declaration)
    version = text(summary, "VersionID")
    changes = status != "original" and function != _REPLACEMENT
    if version is not None and not changes:
        status = "original" if version == "1" else "amended"
    items = descendants(declaration, "GovernmentAgencyGoodsItem")
    reason = _reason_for_no_rows(declaration, items, changes)
    if reason is not None:
        for _ in items or [declaration]:
            records.reject(reason)
        return
    stated = text(declaration, "GoodsItemQuantity")
    if items and not changes and stated not in (None, str(len(items))):
        warnings.append(f"item_count_mismatch: {stated} stated, {len(items)} listed")
    listed = frozenset(number for item in items if (number := text(item, "SequenceNumeric")))
    pointed = pointed_at(declaration, listed) if changes else Pointed(frozenset(), (), None)
    common, extra = _common(declaration, summary, pointed, changes, warnings)
    message = _Message(declaration, summary, items, status, changes, pointed, common, extra)
    for values, facts in _rows(message, contract, warnings):
        records.add(values, facts)


def _common(
    declaration: Node, summary: Node | None, pointed: Pointed, is_partial: bool,
    warnings: list[str],
) -> tuple[Values, Values]:  # fmt: skip
    """(fields, further facts) that are the same for every row of a declaration."""
    kind = text(declaration, "TypeCode")
    lrn = text(declaration, "FunctionalReferenceID") or text(summary, "LRN")
    mrn = text(declaration, "ID") or text(summary, "MRN") or text(summary, "ID")
    values: Values = {
        "declaration_number": mrn or lrn,
        "version_number": text(summary, "VersionID"),
        "is_partial": "true" if is_partial else "false",
        "local_reference_number": lrn,
        # COR and INV say what the message is, not what the declaration is.
        "declaration_type_code": None if kind in _STATUS_BY_TYPE else kind,
        "registered_at": acceptance(declaration, warnings) or acceptance(summary, warnings),
    }
    extra: Values = {"declaration_category_code": text(declaration, "ProcedureCategory")}
    if is_partial:
        extra["message_type_code"] = kind
        reasons = texts(declaration, "Amendment", "ChangeReasonCode")
        extra["change_reason_codes"] = joined(reasons, ";")
        extra["amendment_pointers"] = pointed.paths
    return values, extra


class _Headers:
    """Header fields of a declaration's items; what stands above an item is worked out once."""

    def __init__(self, message: _Message, contract: Contract) -> None:
        self._message = message
        self._contract = contract
        self._above: dict[int, tuple[Values, Values]] = {}
        country = text(ancestor(message.declaration, "MetaData"), "ResponsibleCountryCode")
        self._country = None if message.is_partial else country

    def of(self, item: Node | None) -> tuple[Values, Values]:
        """(fields and header_fields, further facts); for no item, what the shipments state."""
        declaration = self._message.declaration
        if item is None:
            shipments = [*children(declaration, "GoodsShipment"), declaration]
            return self._named(header_fields(shipments, self._contract), None)
        levels = [item]
        while levels[-1] is not declaration and levels[-1].parent is not None:
            levels.append(levels[-1].parent)
        key = id(levels[1])
        if key not in self._above:
            self._above[key] = self._named(header_fields(levels[1:], self._contract), None)
        above = self._above[key]
        own = item_header(levels, above, self._contract)
        return above if own is above else self._named(own, above[0])

    def _named(self, stated: tuple[Values, Values], above: Values | None) -> tuple[Values, Values]:
        """`stated` with the names of what it has from `above`; None: all of it."""
        values, extra = stated
        if values["importing_country_code"] is None:
            values["importing_country_code"] = self._country
        names = [
            name
            for name, value in values.items()
            if value and name != "header_fields" and (above is None or above.get(name) == value)
        ]
        if not self._message.is_partial:
            names += [name for name in _OF_THE_DECLARATION if self._message.common[name]]
        values["header_fields"] = joined(names, ";")
        return values, extra


def _rows(
    message: _Message, contract: Contract, warnings: list[str]
) -> Iterator[tuple[Values, Values]]:
    headers = _Headers(message, contract)
    only_item_of = message.declaration if message.is_only_item else None
    for item in message.items:
        header, header_extra = headers.of(item)
        goods, goods_extra = goods_fields(item, only_item_of, warnings)
        number = text(item, "SequenceNumeric") or ("1" if message.is_only_item else None)
        scope = "added_line" if number in message.pointed.added else "line"
        yield (
            {
                **message.common,
                "line_number": number,
                "record_status": message.status,
                "statement_scope": scope if message.is_partial else None,
                **header,
                **goods,
            },
            {**message.extra, **header_extra, **goods_extra},
        )
    if not message.is_partial:
        return
    header, header_extra = headers.of(None)
    for number in message.pointed.removed:
        yield (
            {
                **message.common,
                "line_number": number,
                "record_status": "cancelled",
                "statement_scope": "line",
                **header,
            },
            {**message.extra, **header_extra},
        )
    if not (message.items or message.pointed.removed):
        yield (
            {
                **message.common,
                "line_number": "1",
                "record_status": message.status,
                "statement_scope": "declaration",
                **header,
            },
            {**message.extra, **header_extra},
        )
