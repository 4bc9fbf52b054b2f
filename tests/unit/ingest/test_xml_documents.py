"""Documents that could hurt the reader are refused, by name and place, without being quoted.

Not claimed: validity against a schema; a well-formed document of an unknown shape is another test.
"""

from pathlib import Path

import pytest

from ingest.outcomes import FileRefused
from ingest.readers import xml_documents
from ingest.readers.xml_documents import parse_document, source_of_xml

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


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ('<MetaData xmlns="urn:wco:datamodel:WCO:X"/>', ("customs_declaration", "wco_xml")),
        ('<Declaration xmlns="urn:wco:datamodel:WCO:X"/>', ("customs_declaration", "wco_xml")),
        ('<p:Any xmlns:p="http://gov.uk/customs/any"/>', ("customs_declaration", "wco_xml")),
        ('<w:Waybill xmlns:w="iata:waybill:1"/>', ("parcel_manifest", "cargo_xml")),
        ('<w:HouseWaybill xmlns:w="iata:housewaybill:1"/>', ("parcel_manifest", "cargo_xml")),
        ('<w:HouseWaybill xmlns:w="urn:other"/>', None),
        ("<MetaData/>", None),
    ],
)
def test_the_source_is_read_off_the_root_alone(
    tmp_path: Path, root: str, expected: tuple[str, str] | None
) -> None:
    broken_later = root.replace("/>", "><MetaData/>") + "<cut off"
    assert source_of_xml(written(tmp_path, broken_later)) == expected


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
        ("2", "STN", "2 STN"),  # unknown: no number, so typing refuses the row
    ],
)
def test_masses_become_kilograms_or_stay_visible(
    tmp_path: Path, value: str, unit: str | None, expected: str
) -> None:
    attribute = "" if unit is None else f' unitCode="{unit}"'
    root = parse_document(written(tmp_path, f"<Mass{attribute}>{value}</Mass>"))
    assert xml_documents.kilograms(root) == expected
