"""Safe XML for every XML reader: bounded parsing, look-up by local name, rows as columns.

Add here what two XML formats need. Keep out: the elements of any one format.
A DOCTYPE is refused before its declarations are read, so no entity is ever defined or fetched.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pyarrow as pa
from lxml import etree

from ingest.contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome

# A declaration or waybill is a few kilobytes; a house of 10,000 items stays far below both limits.
MAXIMUM_BYTES = 64 * 1024 * 1024
MAXIMUM_DEPTH = 64
_CHUNK_BYTES = 1 << 16

# (local name or None for any, start of the namespace) -> (source, format). Roots only.
_ROOTS: tuple[tuple[str | None, str, tuple[str, str]], ...] = (
    ("MetaData", "urn:wco:datamodel:", ("customs_declaration", "wco_xml")),
    ("Declaration", "urn:wco:datamodel:", ("customs_declaration", "wco_xml")),
    # Envelopes of the customs service: the namespace is the service, the name is the operation.
    (None, "http://uk/gov/hmrc/mdg/declarationmanagement/", ("customs_declaration", "wco_xml")),
    (None, "http://gov.uk/customs/", ("customs_declaration", "wco_xml")),
    ("HouseWaybill", "iata:housewaybill:", ("parcel_manifest", "cargo_xml")),
    ("Waybill", "iata:waybill:", ("parcel_manifest", "cargo_xml")),
)

# Constants of measurement (UN/ECE Recommendation 20 code -> kilograms), exact by definition.
KILOGRAMS: Mapping[str, Decimal] = {
    "KGM": Decimal(1),
    "GRM": Decimal("0.001"),
    "TNE": Decimal(1000),
    "LBR": Decimal("0.45359237"),
    "ONZ": Decimal("0.028349523125"),
}
_MASS_STEP = Decimal("0.0001")


class _Guard:
    """A parser target that keeps nothing: it refuses doctypes and depth, and notes the root."""

    def __init__(self) -> None:
        self.root: str | None = None
        self._depth = 0

    def doctype(self, name: str, public_id: str | None, system_url: str | None) -> None:
        raise FileRefused("xml_doctype_forbidden", "the document declares a DOCTYPE")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.root = self.root or tag
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise FileRefused("xml_too_deep", f"elements nest deeper than {MAXIMUM_DEPTH} levels")

    def end(self, tag: str) -> None:
        self._depth -= 1

    def close(self) -> None:
        return None


def _parser(target: _Guard | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _not_well_formed(error: etree.XMLSyntaxError) -> FileRefused:
    # The parser's message quotes the document, so only its kind and place are passed on.
    line, column = error.position
    last = error.error_log.last_error
    kind = last.type_name if last is not None else "ERR_DOCUMENT"
    return FileRefused("xml_not_well_formed", f"{kind} at line {line}, column {column}")


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MAXIMUM_BYTES:
        raise FileRefused("xml_too_large", f"{size} bytes; at most {MAXIMUM_BYTES} are read")


def _feed(path: Path, guard: _Guard, *, stop_at_root: bool) -> None:
    parser = _parser(guard)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                parser.feed(chunk)
                if stop_at_root and guard.root is not None:
                    return
        parser.close()
    except etree.XMLSyntaxError as error:
        if stop_at_root and guard.root is not None:
            return  # the fault lies behind the root: read() will name it, with the source known
        raise _not_well_formed(error) from None


def source_of_xml(path: Path) -> tuple[str, str] | None:
    """(source, format) by the root element's namespace and local name; None for an unknown root.

    Raises FileRefused when there is no readable root, or a DOCTYPE in front of it.
    """
    _check_size(path)
    guard = _Guard()
    _feed(path, guard, stop_at_root=True)
    name = etree.QName(guard.root)
    for local_name, namespace, found in _ROOTS:
        if (name.namespace or "").startswith(namespace) and local_name in (None, name.localname):
            return found
    return None


def parse_document(path: Path) -> etree._Element:
    """The root of a checked document, without comments and processing instructions.

    Raises FileRefused: xml_not_well_formed, xml_doctype_forbidden, xml_too_large, xml_too_deep.
    """
    _check_size(path)
    _feed(path, _Guard(), stop_at_root=False)
    try:
        with path.open("rb") as stream:  # by name, lxml could take "http:x" for an address
            return etree.parse(stream, _parser()).getroot()
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(element).localname)


def children(element: etree._Element | None, *path: str) -> list[etree._Element]:
    """Every element reached by following local names from `element`, in document order."""
    found = [] if element is None else [element]
    for name in path:
        found = [inner for outer in found for inner in outer if local_name(inner) == name]
    return found


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at `path` that holds anything, else None."""
    return next((found for found in children(element, *path) if text_of(found) or len(found)), None)


def text_of(element: etree._Element) -> str | None:
    """The element's own text with white space collapsed; None when blank."""
    return " ".join((element.text or "").split()) or None


def texts(element: etree._Element | None, *path: str) -> list[str]:
    """Every text at `path` that is not blank."""
    return [text for found in children(element, *path) if (text := text_of(found)) is not None]


def text(element: etree._Element | None, *path: str) -> str | None:
    """The first text at `path` that is not blank."""
    return next(iter(texts(element, *path)), None)


def descendants(element: etree._Element, name: str) -> list[etree._Element]:
    """Every element called `name` below (or at) `element`, in document order."""
    return [found for found in element.iter() if local_name(found) == name]


def ancestor(element: etree._Element, name: str) -> etree._Element | None:
    """The nearest enclosing element called `name`."""
    return next((outer for outer in element.iterancestors() if local_name(outer) == name), None)


def joined(parts: Iterable[str | None], separator: str) -> str | None:
    """The parts that say something, each once, in their first order; None when there are none."""
    return separator.join(dict.fromkeys(part for part in parts if part)) or None


def total(values: list[str]) -> str | None:
    """The sum of stated numbers; a single or unreadable statement is passed on as written."""
    if len(values) < 2:
        return next(iter(values), None)
    try:
        return f"{sum(map(Decimal, values)):f}"
    except InvalidOperation:
        return "; ".join(values)  # not a number: conform.py quarantines the row and says why


def kilograms(element: etree._Element | None) -> str | None:
    """A mass in kg by its unitCode (none = kg); an unknown unit stays visible and is not a number.

    Converted values have 4 decimals, the precision of the contract; kilograms stay as written.
    """
    value = None if element is None else text_of(element)
    if element is None or value is None:
        return None
    unit = (element.get("unitCode") or "KGM").partition("#")[0].strip().upper()
    if unit == "KGM":
        return value
    try:
        mass = Decimal(value) * KILOGRAMS[unit]
    except (KeyError, InvalidOperation):
        return f"{value} {unit}"
    return f"{mass.quantize(_MASS_STEP, ROUND_HALF_UP).normalize():f}"


class Records:
    """The rows of one document, kept column by column; records are numbered from 1."""

    def __init__(self, contract: Contract) -> None:
        names = [*(field.name for field in contract.fields), "_extra"]
        self._columns: dict[str, list[str | None]] = {name: [] for name in names}
        self._lines: list[int] = []
        self._rejected: list[tuple[int, str]] = []
        self._next = 1

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def reasons(self) -> list[str]:
        """Why each rejected record was rejected."""
        return [reason for _, reason in self._rejected]

    def add(self, values: Mapping[str, str | None], extra: Mapping[str, str | None]) -> None:
        """Append one row. values: contract fields; extra: further facts, never personal data."""
        unknown = set(values) - set(self._columns)
        if unknown:
            raise KeyError(f"not fields of the contract: {sorted(unknown)}")
        stated = {name: value for name, value in extra.items() if value is not None}
        note = json.dumps(stated, ensure_ascii=False, sort_keys=True) if stated else None
        for name, column in self._columns.items():
            column.append(note if name == "_extra" else values.get(name))
        self._lines.append(self._next)
        self._next += 1

    def reject(self, reason_code: str) -> None:
        """Count one record that yields no row. Its text may hold names, so none is kept."""
        self._rejected.append((self._next, reason_code))
        self._next += 1

    def load(self, connection: duckdb.DuckDBPyConnection, warnings: Iterable[str]) -> ReadOutcome:
        """Create the tables `xml_rows` and `xml_rejected` in `connection`."""
        rows = {name: pa.array(column, pa.string()) for name, column in self._columns.items()}
        rows["_src_line"] = pa.array(self._lines, pa.int64())
        nothing = pa.nulls(len(self._rejected), pa.string())
        rejected = {
            "line": pa.array([line for line, _ in self._rejected], pa.int64()),
            "column_name": nothing,
            "reason_code": pa.array([reason for _, reason in self._rejected], pa.string()),
            "raw_text": nothing,
        }
        for name, table in (("xml_rows", rows), ("xml_rejected", rejected)):
            connection.register("xml_arrow", pa.table(table))
            connection.execute(f"create or replace table {name} as select * from xml_arrow")
            connection.unregister("xml_arrow")
        return ReadOutcome("xml_rows", "xml_rejected", tuple(dict.fromkeys(warnings)))
