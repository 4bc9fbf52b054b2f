"""The same declaration in other words: namespaces, prefixes, envelopes, order, currencies, size.

Not claimed: validity against any schema.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.readers.xml_documents import source_of_xml
from tests.unit.ingest.wco_documents import (
    GOLDEN,
    GOLDEN_ROWS,
    declaration,
    read_text,
    shipment,
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("urn:wco:datamodel:WCO:DEC-DMS:2", "urn:wco:datamodel:WCO:DEC:4"),
        (
            "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
            "urn:wco:datamodel:WCO:DocumentMetaData:1",
        ),
        (' xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"', ""),
        ("m:MetaData", "md:MetaData"),
        ("m:ResponsibleCountryCode", "md:ResponsibleCountryCode"),
        ("<m:MetaData ", '<s:Envelope xmlns:s="urn:soap"><m:MetaData '),
    ],
)
def test_namespaces_prefixes_versions_and_envelopes_do_not_matter(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, old: str, new: str
) -> None:
    document = GOLDEN.replace(old, new)
    if "md:" in new:
        document = document.replace("m:MetaData", "md:MetaData").replace("mdmd:", "md:")
        document = document.replace("<m:", "<md:").replace("</m:", "</md:")
        document = document.replace("xmlns:m=", "xmlns:md=").replace("mmd:", "md:")
    if "Envelope" in new:
        document += "</s:Envelope>"
    assert document != GOLDEN
    rows, _ = read_text(connection, tmp_path, document)
    for row in rows:
        del row["_extra"]
    assert rows == GOLDEN_ROWS
    assert source_of_xml(tmp_path / "declaration.xml") == ("customs_declaration", "wco_xml")


def test_the_order_of_elements_does_not_matter(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    document = re.sub(r">\s+<", "><", GOLDEN)
    functions = re.search(r"<FunctionCode>.*?</TypeCode>", document)
    importer = re.search(r"<Importer>.*?</Importer>", document)
    assert functions is not None
    assert importer is not None
    for moved, target in ((functions, "</Declaration>"), (importer, "</GoodsShipment>")):
        document = document.replace(moved[0], "").replace(target, moved[0] + target)
    rows, _ = read_text(connection, tmp_path, document)
    for row in rows:
        del row["_extra"]
    assert rows == GOLDEN_ROWS


def test_prices_of_one_currency_are_added_and_of_several_are_not(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    price = "<InvoiceLine><ItemChargeAmount currencyID='{}'>{}</ItemChargeAmount></InvoiceLine>"
    one, two = price.format("USD", "10.25"), price.format("USD", "0.75")
    other = price.format("EUR", "3")
    document = declaration(
        "<Declaration><FunctionCode>9</FunctionCode><ID>MRN1</ID>"
        + shipment(
            f"<SequenceNumeric>1</SequenceNumeric><Commodity>{one}{two}</Commodity>",
            f"<SequenceNumeric>2</SequenceNumeric><Commodity>{one}{other}</Commodity>"
            "<CustomsValueAmount currencyID='VND'>350000</CustomsValueAmount>",
        )
        + "</Declaration>"
    )
    rows, outcome = read_text(connection, tmp_path, document)
    values = [(row["declared_value"], row["currency_code"]) for row in rows]
    assert values == [("11.00", "USD"), ("350000", "VND")]
    assert rows[1]["_extra"] == {"item_prices": "USD:10.25;EUR:3", "value_basis": "customs_value"}
    assert (rows[1]["customs_value"], rows[1]["customs_value_currency_code"]) == ("350000", "VND")
    assert [warning.split(":")[0] for warning in outcome.warnings] == ["several_currencies"]


@pytest.mark.parametrize("code", ["1H7", "C07"])
def test_a_low_value_data_set_of_a_postal_item_is_read_as_far_as_it_goes(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, code: str
) -> None:
    document = declaration(
        "<Declaration><FunctionCode>9</FunctionCode><FunctionalReferenceID>L1"
        "</FunctionalReferenceID><TypeCode>IMD</TypeCode>"
        "<BorderTransportMeans><ModeCode>5</ModeCode></BorderTransportMeans>"
        + shipment(
            "<Commodity><Description>Sample gift</Description><InvoiceLine>"
            "<ItemChargeAmount currencyID='USD'>9</ItemChargeAmount></InvoiceLine></Commodity>"
            f"<GovernmentProcedure><CurrentCode>{code}</CurrentCode></GovernmentProcedure>"
            "<AdditionalDocument><CategoryCode>N</CategoryCode><ID>RR473124829CN</ID>"
            "<TypeCode>750</TypeCode></AdditionalDocument>"
        )
        + "</Declaration>"
    )
    (row,), outcome = read_text(connection, tmp_path, document)
    assert outcome.warnings == ()
    assert (row["declaration_number"], row["line_number"]) == ("L1", "1")
    assert (row["additional_procedure_codes"], row["transport_mode_code"]) == (code, "5")
    assert row["house_waybill_number"] == "RR473124829CN"
    assert not {"procedure_code", "hs_code", "importer_name"} & set(row)


def test_a_declaration_of_many_items_takes_linear_time(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Every look-up once went through all siblings: 20,000 items took hours."""
    item = (
        "<Commodity><Description>x</Description></Commodity><SequenceNumeric>{}</SequenceNumeric>"
    )
    items = shipment(*(item.format(number) for number in range(1, 1501)))
    document = declaration(
        f"<Declaration><FunctionCode>9</FunctionCode><ID>M</ID>{items}</Declaration>" * 2
    )
    started = time.process_time()
    rows, _ = read_text(connection, tmp_path, document)
    assert len(rows) == 3000
    assert time.process_time() - started < 20  # about 1 s; the square would take minutes
