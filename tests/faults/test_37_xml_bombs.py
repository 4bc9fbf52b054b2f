"""Row 37, XML bombs and external entities: "DTD forbidden: defusedxml (0.7.1 available), size+depth
limits, iterparse".

Held with the standard library's expat instead: a DOCTYPE is refused before its declarations are
read, and size, depth and number of elements are bounded while the bytes stream in. Every case is
delivered through the door; nothing may load, nothing may be fetched, nothing may take long. The
negative control is the same document without the attack.
"""

import resource
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from ingest.readers.xml_documents import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_ELEMENTS
from tests.faults.conftest import Door, reason_of, write_bytes

CANARY = "line-of-a-file-nobody-delivered"

DECLARATION = """<?xml version="1.0" encoding="{encoding}"?>
{doctype}<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
 <ResponsibleCountryCode>VN</ResponsibleCountryCode>
 <Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"{attributes}>
  <FunctionCode>9</FunctionCode><ID>26VN0000000000001A</ID><TypeCode>IMA</TypeCode>
  <GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric>
   <Commodity><Description>{content}</Description></Commodity>
  </GovernmentAgencyGoodsItem></GoodsShipment>
  {more}
 </Declaration>
</MetaData>"""
PLAIN = {
    "encoding": "UTF-8",
    "doctype": "",
    "attributes": "",
    "content": "Sample shirt",
    "more": "",
}


def document(**changes: str) -> str:
    return DECLARATION.format(**(PLAIN | changes))


def laughs(levels: int = 9, fan_out: int = 10) -> str:
    """Billion laughs: each entity is ten of the one before."""
    entities = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * fan_out}">' for level in range(1, levels + 1)
    )
    return f"<!DOCTYPE MetaData [{entities}]>"


def quadratic(size: int = 100_000) -> tuple[str, str]:
    """Quadratic blow-up: one long entity, named many times."""
    return f'<!DOCTYPE MetaData [<!ENTITY a "{"a" * size}">]>', "&a;" * size


class _Fetched(BaseHTTPRequestHandler):
    """A server on this machine that notes whoever asks."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!ENTITY x 'fetched'>")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the console."""


@pytest.fixture
def listener() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Fetched)
    _Fetched.asked.clear()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def deliver(door: Door, text: str, encoding: str = "utf-8") -> str:
    """Deliver a document that must be refused; its reason code. Nothing may have been loaded."""
    path = write_bytes(door.folder / "declaration.xml", text.encode(encoding))
    outcomes = door.deliver(path)
    assert door.rows("customs_declaration") == []
    assert CANARY not in str(outcomes[0].reason)
    assert "lol" not in str(outcomes[0].reason)
    return reason_of(outcomes)


def test_the_same_document_without_an_attack_is_accepted(door: Door) -> None:
    """The negative control."""
    path = write_bytes(door.folder / "declaration.xml", document().encode())
    (outcome,) = door.deliver(path)
    assert (outcome.status, outcome.accepted) == ("accepted", 1)
    (row,) = door.rows("customs_declaration")
    assert row["item_description"] == "Sample shirt"


@pytest.mark.parametrize(
    "doctype",
    [
        laughs(),
        quadratic()[0],
        '<!DOCTYPE MetaData [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE MetaData [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>',
        '<!DOCTYPE MetaData SYSTEM "http://127.0.0.1:9/outside.dtd">',
        '<!DOCTYPE MetaData PUBLIC "-//X//Y//EN" "outside.dtd" [<!ATTLIST MetaData a CDATA "b">]>',
        "<!DOCTYPE MetaData [<!NOTATION n SYSTEM 'n'><!ENTITY u SYSTEM 'u' NDATA n>]>",
        "<!DOCTYPE MetaData>",
        "<!-- a comment in front -->\n<?target instruction?><!DOCTYPE MetaData>",
    ],
    ids=[
        "laughs", "quadratic", "file", "parameter", "external", "public", "notation", "harmless",
        "hidden",
    ],
)  # fmt: skip
def test_every_doctype_is_refused(door: Door, doctype: str) -> None:
    started = time.monotonic()
    assert deliver(door, document(doctype=doctype)) == "xml_doctype_forbidden"
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_another_encoding_hides_no_doctype(door: Door, encoding: str) -> None:
    stated = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
    text = document(doctype=laughs(), content="&l9;", encoding=stated)
    assert deliver(door, text, encoding) == "xml_doctype_forbidden"


@pytest.mark.parametrize("content", ["&l9;", quadratic()[1][:3000], "&x;"])
def test_entities_that_nobody_declared_are_no_entities(door: Door, content: str) -> None:
    assert deliver(door, document(content=content)) == "xml_not_well_formed"


def test_nothing_is_read_from_this_machine(door: Door, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY, encoding="utf-8")
    for doctype in (
        f'<!DOCTYPE MetaData [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE MetaData [<!ENTITY x SYSTEM "{secret}">]>',
    ):
        assert deliver(door, document(doctype=doctype, content="&x;")) == "xml_doctype_forbidden"
    # Without a DOCTYPE the other ways to name a file are words like any others.
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}"/>'
    style = f'<?xml-stylesheet type="text/xsl" href="{secret.as_uri()}"?>'
    schema = (
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="urn:x {secret.as_uri()}"'
    )
    text = document(doctype=style, attributes=schema, more=include)
    (outcome,) = door.deliver(write_bytes(door.folder / "named.xml", text.encode()))
    assert outcome.accepted == 1
    assert CANARY not in str(door.rows("customs_declaration"))


def test_nothing_is_fetched(door: Door, listener: str) -> None:
    for doctype in (
        f'<!DOCTYPE MetaData SYSTEM "{listener}/a.dtd">',
        f'<!DOCTYPE MetaData [<!ENTITY x SYSTEM "{listener}/b">]>',
        f'<!DOCTYPE MetaData [<!ENTITY % x SYSTEM "{listener}/c"> %x;]>',
    ):
        assert deliver(door, document(doctype=doctype)) == "xml_doctype_forbidden"
    assert _Fetched.asked == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (lambda: "<a>" * MAXIMUM_DEPTH + "</a>" * MAXIMUM_DEPTH, "xml_too_deep"),
        (lambda: "<a>" * 500_000, "xml_too_deep"),  # never closed: the depth is noticed first
        (lambda: "<a/>" * (MAXIMUM_ELEMENTS + 1), "xml_too_large"),
        (lambda: "<a>" + "x" * MAXIMUM_BYTES + "</a>", "xml_too_large"),
        (lambda: f"<!--{'x' * MAXIMUM_BYTES}-->", "xml_too_large"),
    ],
    ids=["deep", "unclosed", "elements", "bytes", "comment"],
)
def test_size_depth_and_number_of_elements_are_limited(
    door: Door, more: Callable[[], str], reason: str
) -> None:
    started = time.monotonic()
    assert deliver(door, document(more=more())) == reason
    assert time.monotonic() - started < 60
    # The parent of the reading process has not grown with the document.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3_000_000


def test_many_attributes_and_one_long_text_are_only_data(door: Door) -> None:
    """Within the limits an odd document is read like any other, in time that grows with it."""
    attributes = "".join(f' a{number}="x"' for number in range(20_000))
    text = document(attributes=attributes, more=f"<a>{'y' * 1_000_000}</a>")
    started = time.monotonic()
    (outcome,) = door.deliver(write_bytes(door.folder / "odd.xml", text.encode()))
    assert outcome.accepted == 1
    assert time.monotonic() - started < 30
