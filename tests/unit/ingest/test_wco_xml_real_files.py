"""All 105 real declarations: a fate for every file, a row for every goods item, the same values.

Judged by a second extraction with another parser. Not claimed: fields beyond those compared.
"""

import json
import xml.etree.ElementTree as StandardTree
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.catalogue import CONTRACTS
from ingest.outcomes import FileRefused
from ingest.readers import wco_xml
from ingest.readers.xml_documents import source_of_xml
from ingest.senders.profile import Layout

pytestmark = pytest.mark.slow

CONTRACT = CONTRACTS["customs_declaration"]
LAYOUT = Layout(format="wco_xml")
REPORT_WITHOUT_ITEMS = "TT_IM082a__DIS_Report__TT_IM082a_DIS_Report.xml"
COMPARED = ("line_number", "hs_code", "origin_country_code", "declared_value", "currency_code")


def read_items(path: Path) -> list[dict[str, Any]]:
    """The compared fields of every row, in record order."""
    with duckdb.connect() as connection:
        outcome = wco_xml.read(connection, path, CONTRACT, LAYOUT)
        names = ("_src_line", "declaration_number", *COMPARED, "_extra")
        rows = connection.execute(f"select {', '.join(names)} from {outcome.rows} order by 1")
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def independent_items(path: Path) -> list[dict[str, Any]]:
    """HS, origin and price of every goods item, by another parser and another way to look."""
    found = []
    for element in StandardTree.parse(path).findall(".//{*}GovernmentAgencyGoodsItem"):
        codes = {
            code.findtext("{*}IdentificationTypeCode"): code.findtext("{*}ID")
            for code in element.findall("{*}Commodity/{*}Classification")
        }
        origins = {o.findtext("{*}TypeCode"): o.findtext("{*}CountryCode")
                   for o in element.findall("{*}Origin")}  # fmt: skip
        price = element.find("{*}Commodity/{*}InvoiceLine/{*}ItemChargeAmount")
        found.append(
            {
                "line_number": element.findtext("{*}SequenceNumeric"),
                "hs_code": codes.get("TSP"),
                "origin_country_code": origins.get("1"),
                "price": None
                if price is None
                else (Decimal(price.text or ""), price.get("currencyID")),
            }
        )
    return found


@pytest.mark.shared
def test_every_real_file_has_a_fate_and_every_goods_item_a_row(shared_data: Path) -> None:
    files = sorted((shared_data / "wco_declarations").glob("*.xml"))
    assert len(files) == 105
    refused, items_seen, prices_seen = [], 0, 0
    for path in files:
        assert source_of_xml(path) == ("customs_declaration", "wco_xml")
        expected = independent_items(path)
        try:
            rows = read_items(path)
        except FileRefused as refusal:
            refused.append((path.name, refusal.reason_code, len(expected)))
            continue
        assert len(rows) == len(expected), path.name
        for position, (row, item) in enumerate(zip(rows, expected, strict=True), start=1):
            assert row["_src_line"] == position
            assert row["declaration_number"]
            assert row["line_number"] is not None
            for name in ("line_number", "hs_code", "origin_country_code"):
                assert row[name] == item[name], (path.name, name)
            if item["price"] is not None:
                stated = (Decimal(row["declared_value"]), row["currency_code"])
                assert stated == item["price"], path.name
                assert "value_basis" not in json.loads(row["_extra"] or "{}")
                prices_seen += 1
        items_seen += len(rows)
    assert refused == [(REPORT_WITHOUT_ITEMS, "report_without_goods_items", 0)]
    assert (items_seen, prices_seen) == (115, 94)
