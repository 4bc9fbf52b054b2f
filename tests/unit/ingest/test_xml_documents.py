"""Documents that could hurt the reader are refused, by name and place, without being quoted.

Not claimed: validity against a schema; a well-formed document of an unknown shape is another test.
"""

from pathlib import Path

import pytest

from ingest.outcomes import FileRefused
from ingest.readers import xml_documents
from ingest.readers.xml_documents import descendants, parse_document, source_of_xml
from ingest.readers.xml_rows import kilograms, number, total

PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<MetaData xmlns="urn:wco:datamodel:WCO:X">
 <Name>{content}</Name>
</MetaData>"""
LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def written(tmp_path: Path, document: str) -> Path:
    path = tmp_path / "any.xml"
    path.write_text(document, encoding="utf-8")
    return path


def refusal_of(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        parse_document(path)
    return refusal.value


def test_a_plain_document_is_read(tmp_path: Path) -> None:
    root = parse_document(written(tmp_path, PLAIN.format(content="An  example<!-- aside -->")))
    assert xml_documents.text(root, "Name") == "An example"


@pytest.mark.parametrize(
    ("prologue", "content"),
    [
        (LAUGHS, "&c;"),
        ('<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"),
        ('<!DOCTYPE m [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>', "plain"),
        ('<!DOCTYPE m SYSTEM "outside.dtd">', "plain"),
        ("<!DOCTYPE m>", "plain"),
    ],
)
def test_every_doctype_is_refused_even_a_harmless_one(
    tmp_path: Path, prologue: str, content: str
) -> None:
    document = PLAIN.format(content=content).replace("?>", f"?>{prologue}")
    path = written(tmp_path, document)
    assert refusal_of(path).reason_code == "xml_doctype_forbidden"
    with pytest.raises(FileRefused):
        source_of_xml(path)


def test_an_undeclared_entity_is_not_well_formed_and_located(tmp_path: Path) -> None:
    refusal = refusal_of(written(tmp_path, PLAIN.format(content="&secret;")))
    assert refusal.reason_code == "xml_not_well_formed"
    assert "line 3, column" in refusal.detail
    assert "secret" not in refusal.detail  # a refusal never quotes the document


@pytest.mark.parametrize("cut", [1, 40, len(PLAIN) - 1])
def test_a_cut_document_is_refused(tmp_path: Path, cut: int) -> None:
    assert refusal_of(written(tmp_path, PLAIN[:cut])).reason_code == "xml_not_well_formed"


def test_bytes_that_are_not_the_stated_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "any.xml"
    path.write_bytes(PLAIN.format(content="caf\u00e9").encode("latin-1"))
    assert refusal_of(path).reason_code == "xml_not_well_formed"


def test_depth_is_limited(tmp_path: Path) -> None:
    inner = xml_documents.MAXIMUM_DEPTH - 2  # MetaData and Name are the two outer levels
    fits = PLAIN.format(content="<a>" * inner + "</a>" * inner)
    parse_document(written(tmp_path, fits))
    too_deep = fits.replace("<a></a>", "<a><a></a></a>")
    assert refusal_of(written(tmp_path, too_deep)).reason_code == "xml_too_deep"


def test_size_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, PLAIN)
    monkeypatch.setattr(xml_documents, "MAXIMUM_BYTES", path.stat().st_size)
    parse_document(path)
    monkeypatch.setattr(xml_documents, "MAXIMUM_BYTES", path.stat().st_size - 1)
    assert refusal_of(path).reason_code == "xml_too_large"


def test_the_number_of_elements_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, PLAIN.format(content="<a/><a/>"))  # 4 elements
    monkeypatch.setattr(xml_documents, "MAXIMUM_ELEMENTS", 4)
    parse_document(path)
    monkeypatch.setattr(xml_documents, "MAXIMUM_ELEMENTS", 3)
    assert refusal_of(path).reason_code == "xml_too_large"


def test_text_counts_up_to_the_first_child_and_attributes_by_local_name(tmp_path: Path) -> None:
    document = '<p:R xmlns:p="urn:p">\n <p:A p:unit="KGM">1<!-- a -->2<p:B>3</p:B>4</p:A>\n</p:R>'
    root = parse_document(written(tmp_path, document))
    (inner,) = descendants(root, "A")
    assert (root.value, inner.value, inner.get("unit"), inner.get("other")) == (
        None, "12", "KGM", None,
    )  # fmt: skip
    assert [node.name for node in root.walk()] == ["R", "A", "B"]
    assert xml_documents.ancestor(inner.parts[0], "R") is root


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1258"])
def test_the_stated_encoding_is_honoured(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "any.xml"
    stated = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8"}.get(encoding, encoding)
    document = PLAIN.replace("UTF-8", stated).format(content="C\u00e2n \u0111\u01a1n")
    path.write_bytes(document.encode(encoding))
    assert xml_documents.text(parse_document(path), "Name") == "C\u00e2n \u0111\u01a1n"


def test_an_encoding_nobody_knows_is_refused(tmp_path: Path) -> None:
    refusal = refusal_of(written(tmp_path, PLAIN.replace("UTF-8", "no-such-code")))
    assert refusal.reason_code == "xml_not_well_formed"
    assert "no-such-code" not in refusal.detail


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ('<MetaData xmlns="urn:wco:datamodel:WCO:X"/>', ("customs_declaration", "wco_xml")),
        ('<Declaration xmlns="urn:wco:datamodel:WCO:X"/>', ("customs_declaration", "wco_xml")),
        ('<p:Any xmlns:p="http://gov.uk/customs/any"/>', ("customs_declaration", "wco_xml")),
        ('<w:Waybill xmlns:w="iata:waybill:1"/>', ("parcel_manifest", "cargo_xml")),
        ('<w:HouseWaybill xmlns:w="iata:housewaybill:1"/>', ("parcel_manifest", "cargo_xml")),
        ('<w:HouseManifest xmlns:w="iata:housemanifest:2"/>', ("parcel_manifest", "cargo_xml")),
        ('<HouseManifest xmlns="IATA:HouseManifest:1"/>', ("parcel_manifest", "cargo_xml")),
        ('<x:Declaration xmlns:x="URN:WCO:datamodel:WCO:DEC:4"/>',
         ("customs_declaration", "wco_xml")),
        ("<MetaData/>", ("customs_declaration", "wco_xml")),  # some senders leave it out
        ('<s:Envelope xmlns:s="urn:soap"><s:Body><Declaration xmlns="urn:wco:datamodel:X"/>'
         "</s:Body></s:Envelope>", ("customs_declaration", "wco_xml")),
    ],
)  # fmt: skip
def test_the_source_is_told_by_the_first_elements(
    tmp_path: Path, root: str, expected: tuple[str, str]
) -> None:
    assert source_of_xml(written(tmp_path, root)) == expected
    broken_later = root.replace("/>", "><Inner/>", 1) + "<cut off"
    assert source_of_xml(written(tmp_path, broken_later)) == expected


@pytest.mark.parametrize(
    ("document", "reason", "detail"),
    [
        ('<w:HouseWaybill xmlns:w="urn:other"/>', "xml_document_unknown", "'HouseWaybill' of"),
        ("<_2MetaData/>", "xml_document_unknown", "the root element is '_2MetaData'"),
        ('<e:CC315A xmlns:e="http://ics/CC315A"/>', "entry_summary", "CC315A is a message about"),
        ("<IE3F32/>", "entry_summary", "IE3F32"),
    ],
)
def test_what_no_reader_takes_is_refused_and_named(
    tmp_path: Path, document: str, reason: str, detail: str
) -> None:
    path = written(tmp_path, document)
    with pytest.raises(FileRefused) as refusal:
        source_of_xml(path)
    assert refusal.value.reason_code == reason
    assert detail in refusal.value.detail


@pytest.mark.shared
def test_a_real_entry_summary_is_recognised(shared_data: Path) -> None:
    path = shared_data / "ens" / "315AllOptional.xml"
    assert refusal_of(path).reason_code == "entry_summary"


@pytest.mark.parametrize("content", ["", "no markup", "{}"])
def test_a_file_without_a_root_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        source_of_xml(written(tmp_path, content))
    assert refusal.value.reason_code == "xml_not_well_formed"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("10.50", None, "10.50"),
        ("10.50", "KGM#G", "10.50"),
        ("10", "LBR", "4.5359"),  # 10 x 0.45359237
        ("1500", "GRM", "1.5"),
        ("2", "TNE", "2000"),
        ("2", "ltn", "2032.0938"),  # 2 x 1016.0469088
        ("3", "DTN", "300"),
        ("2", "XYZ", "2 XYZ"),  # unknown: no number, so typing refuses the row
        ("NaN", "TNE", "NaN TNE"),
    ],
)
def test_masses_become_kilograms_or_stay_visible(
    tmp_path: Path, value: str, unit: str | None, expected: str
) -> None:
    attribute = "" if unit is None else f' unitCode="{unit}"'
    root = parse_document(written(tmp_path, f"<Mass{attribute}>{value}</Mass>"))
    assert kilograms(root) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], None), (["x"], "x"), (["2", "3.50"], "5.50"), (["2", "x"], "2; x")],
)
def test_stated_numbers_are_added_exactly_or_stay_visible(
    values: list[str], expected: str | None
) -> None:
    assert total(values) == expected


@pytest.mark.parametrize("stated", [None, "", "x", "NaN", "Infinity"])
def test_what_is_no_number_is_not_compared(stated: str | None) -> None:
    assert number(stated) is None
