"""Safe XML for every XML reader: one bounded pass from bytes to nodes with constant-time look-up.

Add here what two XML formats need to walk a document, and how a document is told by its first
elements. Keep out: what stands inside any one format (its module) and rows (xml_rows.py).
A DOCTYPE is refused before its declarations are read, so no entity is ever defined or fetched;
size, depth and number of elements are bounded while the bytes are read, not afterwards.
"""

import re
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from foundation.garbage import no_search_for_cycles
from ingest.outcomes import FileRefused
from ingest.text.labels import shown_name

# A declaration or waybill is a few kilobytes; a house manifest of 10,000 lines stays far below.
MAXIMUM_BYTES = 64 * 1024 * 1024
MAXIMUM_DEPTH = 64
MAXIMUM_ELEMENTS = 2_000_000  # of about 300 bytes each in memory
_CHUNK_BYTES = 1 << 16
_NAMESPACE_END = "}"  # no local name can hold it: "namespace}name"

# A service wraps a document in envelopes of its own; behind this many elements nobody looks.
_ELEMENTS_LOOKED_AT = 64
_DECLARATION = ("customs_declaration", "wco_xml")
_WAYBILL = ("parcel_manifest", "cargo_xml")
# (local name, pattern of the namespace, (source, format)). Versions of a namespace differ in what
# follows; some senders leave it out altogether. What is inside decides the rest.
_KINDS: tuple[tuple[str, str, tuple[str, str]], ...] = (
    (r"MetaData|Declaration", r"(?i)(urn:wco:datamodel:.*)?", _DECLARATION),
    # Envelopes of the customs service: the namespace is the service, the name the operation.
    (r".*", r"http://uk/gov/hmrc/mdg/declarationmanagement/.*", _DECLARATION),
    (r".*", r"http://gov\.uk/customs/.*", _DECLARATION),
    (r"HouseWaybill|Waybill|HouseManifest", r"(?i)(iata:.*)?", _WAYBILL),
)
# Documents that are known, and for which there is no contract yet.
_WITHOUT_CONTRACT: tuple[tuple[str, str, str], ...] = (
    (r"CC3\d\d[A-Z]|IE3[A-Z]\d\d", "entry_summary", "a message about an entry summary"),
)


class Node:
    """One element: its local name, namespace, attributes and own text (up to its first child).

    Elements are found by local name, so prefixes and versions of a namespace do not matter.
    """

    __slots__ = ("_attributes", "_by_name", "name", "namespace", "parent", "parts", "value")

    def __init__(
        self, name: str, namespace: str, attributes: dict[str, str] | None, parent: "Node | None"
    ) -> None:
        self.name = name
        self.namespace = namespace
        self.value: str | None = None
        self.parent = parent
        self.parts: list[Node] = _NO_PARTS
        self._attributes = attributes
        self._by_name: dict[str, list[Node]] = _NO_NAMES

    def adopt(self, part: "Node") -> None:
        """Append a child."""
        if self.parts is _NO_PARTS:
            self.parts, self._by_name = [], {}
        self.parts.append(part)
        same = self._by_name.get(part.name)
        if same is None:
            self._by_name[part.name] = [part]
        else:
            same.append(part)

    def named(self, name: str) -> "list[Node]":
        """The children called `name`, in document order; not to be changed."""
        return self._by_name.get(name, _NO_PARTS)

    def names(self) -> Set[str]:
        """The names of the children."""
        return self._by_name.keys()

    def get(self, attribute: str) -> str | None:
        """An attribute by its local name; None when absent."""
        for name, value in (self._attributes or {}).items():
            if name.rpartition(_NAMESPACE_END)[2] == attribute:
                return value
        return None

    def walk(self) -> "Iterator[Node]":
        """This node and everything below it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if node.parts:
                waiting.extend(reversed(node.parts))


# Shared by all nodes without children, never changed.
_NO_PARTS: list[Node] = []
_NO_NAMES: dict[str, list[Node]] = {}


class _Builder:
    """Handlers of one pass. seen: called with every new node, before its children."""

    def __init__(self, seen: Callable[[Node], None] | None) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._texts: list[str] = []
        self._split: dict[str, tuple[str, str]] = {}  # qualified name -> (local name, namespace)
        self._left = MAXIMUM_ELEMENTS
        self._seen = seen

    def doctype(self, *_: object) -> None:
        raise FileRefused("xml_doctype_forbidden", "the document declares a DOCTYPE")

    def start(self, qualified: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        if self._left < 0:
            raise FileRefused("xml_too_large", f"more than {MAXIMUM_ELEMENTS} elements")
        split = self._split.get(qualified)
        if split is None:
            namespace, _, name = qualified.rpartition(_NAMESPACE_END)
            split = self._split[qualified] = (name, namespace)
        if self._open:
            if len(self._open) == MAXIMUM_DEPTH:
                raise FileRefused("xml_too_deep", f"deeper than {MAXIMUM_DEPTH} levels")
            parent = self._open[-1]
            node = Node(*split, attributes or None, parent)
            if self._texts:
                self._keep_text(parent)
            parent.adopt(node)
        else:
            node = self.root = Node(*split, attributes or None, None)
        self._open.append(node)
        if self._seen is not None:
            self._seen(node)

    def end(self, _: str) -> None:
        node = self._open.pop()
        if self._texts:
            self._keep_text(node)

    def _keep_text(self, node: Node) -> None:
        """Text counts up to the first child; what stands between children is layout."""
        if node.parts is _NO_PARTS:
            node.value = " ".join("".join(self._texts).split()) or None
        self._texts.clear()

    def text(self, text: str) -> None:
        self._texts.append(text)


def _feed(path: Path, builder: _Builder, *, may_stop: Callable[[], bool] | None = None) -> None:
    size = path.stat().st_size
    if size > MAXIMUM_BYTES:
        raise FileRefused("xml_too_large", f"{size} bytes; at most {MAXIMUM_BYTES} are read")
    parser = expat.ParserCreate(namespace_separator=_NAMESPACE_END)
    parser.buffer_text = True  # else every line end of a text is a call of its own
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                parser.Parse(chunk, False)
                if may_stop is not None and may_stop():
                    return
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if may_stop is not None and may_stop():
            return  # the fault lies behind what was looked for: the reader will name it
        raise _not_well_formed(error) from None


def _not_well_formed(error: Exception) -> FileRefused:
    """expat names kind and place and quotes nothing; a stated encoding that Python lacks is told
    by LookupError or ValueError, whose text would quote the document."""
    if not isinstance(error, expat.ExpatError):
        return FileRefused("xml_not_well_formed", "the stated character encoding is not known")
    kind = expat.ErrorString(error.code) or "fault"
    return FileRefused(
        "xml_not_well_formed", f"{kind} at line {error.lineno}, column {error.offset + 1}"
    )


@contextmanager
def document(path: Path) -> Iterator[Node]:
    """parse_document for the block; nodes refer to each other, so Python's search for garbage
    among them would double the time: it waits until the block ends."""
    with no_search_for_cycles():
        yield parse_document(path)


def parse_document(path: Path) -> Node:
    """The root of a checked document, without comments and processing instructions.

    Raises FileRefused: xml_not_well_formed, xml_doctype_forbidden, xml_too_large, xml_too_deep.
    """
    builder = _Builder(None)
    _feed(path, builder)
    assert builder.root is not None  # expat calls a document without elements malformed
    _refuse_without_contract(builder.root)
    return builder.root


def source_of_xml(path: Path) -> tuple[str, str]:
    """(source, format) of a document, told by its first elements; what follows is not judged.

    Raises FileRefused: xml_document_unknown, entry_summary, and what parse_document raises for
    faults in front of the root element.
    """
    looked_at: list[Node] = []
    found: list[tuple[str, str]] = []

    def seen(node: Node) -> None:
        if len(looked_at) < _ELEMENTS_LOOKED_AT and not found:
            looked_at.append(node)
            _refuse_without_contract(node)
            found.extend(
                kind for name, namespace, kind in _KINDS
                if re.fullmatch(name, node.name) and re.fullmatch(namespace, node.namespace)
            )  # fmt: skip

    _feed(
        path, _Builder(seen),
        may_stop=lambda: bool(found) or len(looked_at) == _ELEMENTS_LOOKED_AT,
    )  # fmt: skip
    if found:
        return found[0]
    root = looked_at[0]
    namespace = f" of {shown_name(root.namespace)!r}" if root.namespace else ""
    raise FileRefused(
        "xml_document_unknown", f"the root element is {shown_name(root.name)!r}{namespace}"
    )


def _refuse_without_contract(node: Node) -> None:
    for name, reason, what in _WITHOUT_CONTRACT:
        if re.fullmatch(name, node.name):
            raise FileRefused(reason, f"{node.name} is {what}: no contract takes it yet")


def children(node: Node | None, *path: str) -> list[Node]:
    """Every element reached by following local names from `node`, in document order."""
    found = _NO_PARTS if node is None else [node]
    for name in path:
        if len(found) == 1:
            found = found[0].named(name)
        else:
            found = [inner for outer in found for inner in outer.named(name)]
    return found


def child(node: Node | None, *path: str) -> Node | None:
    """The first element at `path` that holds anything, else None."""
    return next((found for found in children(node, *path) if found.value or found.parts), None)


def texts(node: Node | None, *path: str) -> list[str]:
    """Every text at `path` that is not blank, white space collapsed."""
    return [found.value for found in children(node, *path) if found.value is not None]


def text(node: Node | None, *path: str) -> str | None:
    """The first text at `path` that is not blank."""
    for found in children(node, *path):
        if found.value is not None:
            return found.value
    return None


def descendants(node: Node, name: str) -> list[Node]:
    """Every element called `name` below (or at) `node`, in document order; none inside another."""
    found, waiting = list[Node](), [node]
    while waiting:
        inner = waiting.pop()
        if inner.name == name:
            found.append(inner)
        elif inner.parts:
            waiting.extend(reversed(inner.parts))
    return found


def ancestors(node: Node) -> Iterator[Node]:
    """The enclosing elements, from the nearest to the root."""
    outer = node.parent
    while outer is not None:
        yield outer
        outer = outer.parent


def ancestor(node: Node, name: str) -> Node | None:
    """The nearest enclosing element called `name`."""
    return next((outer for outer in ancestors(node) if outer.name == name), None)
