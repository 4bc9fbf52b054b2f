"""A WCO declaration becomes one row per goods item, whatever its envelope; nothing disappears.

Not claimed: that codes are right. Real files: test_wco_xml_real_files.py.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.contracts.catalog import CONTRACTS
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers import wco_xml
from ingest.senders import Layout

CONTRACT = CONTRACTS["customs_declaration"]
LAYOUT = Layout(format="wco_xml")

GOLDEN = """<?xml version="1.0" encoding="UTF-8"?>
<m:MetaData xmlns:m="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
            xmlns="urn:wco:datamodel:WCO:DEC-DMS:2" xmlns:t="urn:wco:datamodel:WCO:Types:2">
 <m:ResponsibleCountryCode>VN</m:ResponsibleCountryCode>
 <Declaration>
  <AcceptanceDateTime>
   <t:DateTimeString formatCode="304">20260302081500+07</t:DateTimeString>
  </AcceptanceDateTime>
  <FunctionCode>9</FunctionCode><FunctionalReferenceID>LRN-7</FunctionalReferenceID>
  <ID>26VN0000000000001A</ID><TypeCode>IMA</TypeCode><GoodsItemQuantity>2</GoodsItemQuantity>
  <TotalPackageQuantity>99</TotalPackageQuantity>
  <BorderTransportMeans><ModeCode>4</ModeCode></BorderTransportMeans>
  <Declarant><ID>DECL-1</ID></Declarant>
  <Exporter><Name>Lotus Example Trading</Name>
   <Communication><ID>+86 10 0000 0001</ID><TypeCode>TE</TypeCode></Communication>
   <Address><CityName>Example City</CityName><CountryCode>CN</CountryCode>
    <Line>1 Sample Road</Line><PostcodeID>100000</PostcodeID></Address></Exporter>
  <GoodsShipment>
   <Consignment><TransportContractDocument><ID>888-00000001</ID><TypeCode>741</TypeCode>
    </TransportContractDocument></Consignment>
   <Destination><CountryCode>VN</CountryCode></Destination>
   <ExportCountry><ID>CN</ID></ExportCountry>
   <GovernmentAgencyGoodsItem>
    <SequenceNumeric>1</SequenceNumeric>
    <StatisticalValueAmount currencyID="VND">2600000</StatisticalValueAmount>
    <AdditionalDocument><CategoryCode>C</CategoryCode><ID>NOT-A-WAYBILL</ID>
     <TypeCode>703</TypeCode></AdditionalDocument>
    <AdditionalDocument><CategoryCode>N</CategoryCode><ID>HAWB0001</ID>
     <TypeCode>703</TypeCode></AdditionalDocument>
    <Commodity><Description>Sample   shirt,
      cotton</Description>
     <Classification><ID>00</ID><IdentificationTypeCode>TRC</IdentificationTypeCode>
      </Classification>
     <Classification><ID>61091000</ID><IdentificationTypeCode>TSP</IdentificationTypeCode>
      </Classification>
     <DutyTaxFee><TypeCode>B00</TypeCode><TaxRateNumeric>8</TaxRateNumeric></DutyTaxFee>
     <DutyTaxFee><DutyRegimeCode>300</DutyRegimeCode><TypeCode>A00</TypeCode>
      <TaxRateNumeric>12.5</TaxRateNumeric><Payment><MethodCode>E</MethodCode></Payment>
      </DutyTaxFee>
     <GoodsMeasure><GrossMassMeasure unitCode="LBR">10</GrossMassMeasure>
      <NetNetWeightMeasure unitCode="KGM">4.25</NetNetWeightMeasure>
      <TariffQuantity unitCode="NAR">20</TariffQuantity></GoodsMeasure>
     <InvoiceLine><ItemChargeAmount currencyID="USD">100.50</ItemChargeAmount></InvoiceLine>
    </Commodity>
    <GovernmentProcedure><CurrentCode>C07</CurrentCode></GovernmentProcedure>
    <GovernmentProcedure><CurrentCode>40</CurrentCode><PreviousCode>00</PreviousCode>
     </GovernmentProcedure>
    <GovernmentProcedure><CurrentCode>F48</CurrentCode></GovernmentProcedure>
    <Origin><CountryCode>BD</CountryCode><TypeCode>2</TypeCode></Origin>
    <Origin><CountryCode>CN</CountryCode><TypeCode>1</TypeCode></Origin>
    <Packaging><QuantityQuantity>2</QuantityQuantity></Packaging>
    <Packaging><QuantityQuantity>3</QuantityQuantity></Packaging>
    <PreviousDocument><ID>ITEM-1</ID><TypeCode>355</TypeCode></PreviousDocument>
   </GovernmentAgencyGoodsItem>
   <GovernmentAgencyGoodsItem>
    <SequenceNumeric>2</SequenceNumeric>
    <Exporter><Name>Second Example Exporter</Name><Address><CountryCode>KR</CountryCode></Address>
     </Exporter>
    <Commodity><Description>Sample toy</Description></Commodity>
    <StatisticalValueAmount currencyID="VND">500000</StatisticalValueAmount>
   </GovernmentAgencyGoodsItem>
   <Importer><ID>0100000001</ID><Name>Example Importer</Name>
    <Address><Line>2 Sample Street</Line><Line>Block B</Line><CityName>Ha Noi</CityName></Address>
    </Importer>
   <PreviousDocument><ID>HEAD-1</ID><TypeCode>DCR</TypeCode></PreviousDocument>
   <Seller><ID>SELLER-9</ID></Seller>
   <TradeTerms><ConditionCode>CIP</ConditionCode></TradeTerms>
  </GoodsShipment>
  <SupervisingOffice><ID>VN01B1</ID></SupervisingOffice>
 </Declaration>
</m:MetaData>"""

# Worked out by hand from GOLDEN. 10 lb x 0.45359237 = 4.5359237 kg -> 4.5359; 2 + 3 packages = 5.
SHARED = {
    "declaration_number": "26VN0000000000001A",
    "record_status": "original",
    "is_partial": "false",
    "local_reference_number": "LRN-7",
    "declaration_type_code": "IMA",
    "customs_office_code": "VN01B1",
    "importing_country_code": "VN",
    "transport_mode_code": "4",
    "registered_at": "2026-03-02T08:15:00+07:00",
    "departure_country_code": "CN",
    "incoterm_code": "CIP",
    "importer_id_number": "0100000001",
    "importer_name": "Example Importer",
    "importer_address": "2 Sample Street, Block B, Ha Noi",
    "declarant_id_number": "DECL-1",
    "seller_id_number": "SELLER-9",
    "master_waybill_number": "888-00000001",
}
GOLDEN_ROWS = [
    SHARED
    | {
        "line_number": "1",
        "procedure_code": "4000",
        "additional_procedure_codes": "C07;F48",
        "payment_method_code": "E",
        "origin_country_code": "CN",
        "hs_code": "61091000",
        "item_description": "Sample shirt, cotton",
        "quantity": "20",
        "quantity_unit_code": "NAR",
        "net_mass_kg": "4.25",
        "gross_weight_kg": "4.5359",
        "package_count": "5",
        "declared_value": "100.50",
        "currency_code": "USD",
        "tariff_schedule_code": "300",
        "duty_rate_percent": "12.5",
        "consignor_name": "Lotus Example Trading",
        "consignor_phone": "+86 10 0000 0001",
        "consignor_address": "1 Sample Road, Example City, 100000",
        "consignor_country_code": "CN",
        "house_waybill_number": "HAWB0001",
        "previous_documents": "DCR:HEAD-1;355:ITEM-1",
        "_src_line": 1,
    },
    SHARED
    | {
        "line_number": "2",
        "item_description": "Sample toy",
        "declared_value": "500000",
        "currency_code": "VND",
        "consignor_name": "Second Example Exporter",
        "consignor_country_code": "KR",
        "previous_documents": "DCR:HEAD-1",
        "_src_line": 2,
    },
]
GOLDEN_EXTRA = [
    {
        "classification": "TRC:00",
        "preferential_origin_country_code": "BD",
        "statistical_value": "2600000",
        "statistical_value_currency": "VND",
    },
    {
        "statistical_value": "500000",
        "statistical_value_currency": "VND",
        "value_basis": "statistical_value",
    },
]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def read(connection: duckdb.DuckDBPyConnection, path: Path) -> ReadOutcome:
    return wco_xml.read(connection, path, CONTRACT, LAYOUT)


def read_text(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, document: str
) -> tuple[list[dict[str, Any]], ReadOutcome]:
    path = tmp_path / "declaration.xml"
    path.write_text(document, encoding="utf-8")
    outcome = read(connection, path)
    return rows_of(connection, outcome), outcome


def rows_of(connection: duckdb.DuckDBPyConnection, outcome: ReadOutcome) -> list[dict[str, Any]]:
    """What each row states: nulls left out, `_extra` decoded."""
    found = connection.execute(f"select * from {outcome.rows} order by _src_line")
    names = [column[0] for column in found.description]
    rows = []
    for values in found.fetchall():
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        row["_extra"] = json.loads(row.get("_extra", "{}"))
        rows.append(row)
    return rows


def declaration(body: str, envelope: str = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2") -> str:
    return (
        f'<MetaData xmlns="{envelope}"><ResponsibleCountryCode>VN</ResponsibleCountryCode>'
        f"{body}</MetaData>"
    )


def test_every_field_of_a_hand_checked_declaration(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows, outcome = read_text(connection, tmp_path, GOLDEN)
    assert [row.pop("_extra") for row in rows] == GOLDEN_EXTRA
    assert rows == GOLDEN_ROWS
    assert outcome.warnings == ()


def test_the_table_has_every_contract_field_as_text(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _, outcome = read_text(connection, tmp_path, GOLDEN)
    types = {r[0]: r[1] for r in connection.execute(f"describe {outcome.rows}").fetchall()}
    expected = {field.name: "VARCHAR" for field in CONTRACT.fields}
    assert types == expected | {"_extra": "VARCHAR", "_src_line": "BIGINT"}
    rejected = {r[0]: r[1] for r in connection.execute(f"describe {outcome.rejected}").fetchall()}
    assert rejected == {
        "line": "BIGINT",
        "column_name": "VARCHAR",
        "reason_code": "VARCHAR",
        "raw_text": "VARCHAR",
    }


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("304", "20260302081500Z", "2026-03-02T08:15:00+00:00"),
        ("304", "20260302081500-0330", "2026-03-02T08:15:00-03:30"),
        ("204", "20260302081500", "2026-03-02T08:15:00"),
        ("102", "20260302", "2026-03-02T00:00:00"),
        ("304", "yesterday", "yesterday"),  # kept, so that typing refuses the row
        ("999", "20260302081500", None),
    ],
)
def test_acceptance_is_read_by_its_own_format_code(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    code: str,
    value: str,
    expected: str | None,
) -> None:
    stated = f'formatCode="304">{"20260302081500+07"}'
    document = GOLDEN.replace(stated, f'formatCode="{code}">{value}')
    assert document != GOLDEN or (code, value) == ("304", "20260302081500+07")
    rows, outcome = read_text(connection, tmp_path, document)
    assert rows[0].get("registered_at") == expected
    assert bool(outcome.warnings) == (expected is None)


def test_an_amendment_states_only_its_changes(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows, _ = read_text(
        connection,
        tmp_path,
        declaration(
            "<Declaration><FunctionCode>13</FunctionCode><ID>MRN1</ID><TypeCode>COR</TypeCode>"
            "<TotalPackageQuantity>80</TotalPackageQuantity>"
            "<Amendment><ChangeReasonCode>32</ChangeReasonCode></Amendment>"
            "<GoodsShipment><TradeTerms><ConditionCode>DDP</ConditionCode></TradeTerms>"
            "<GovernmentAgencyGoodsItem><SequenceNumeric>3</SequenceNumeric></GovernmentAgencyGoodsItem>"
            "</GoodsShipment></Declaration>"
        ),
    )
    # The 80 packages are the declaration's, of which item 3 is one of several: not this row's.
    assert rows == [
        {
            "declaration_number": "MRN1",
            "line_number": "3",
            "record_status": "amended",
            "is_partial": "true",
            "importing_country_code": "VN",
            "incoterm_code": "DDP",
            "_extra": {
                "change_reason_codes": "32",
                "header_fields": "incoterm_code",
                "message_type_code": "COR",
            },
            "_src_line": 1,
        }
    ]


@pytest.mark.parametrize(("kind", "status"), [("COR", "amended"), ("INV", "cancelled")])
def test_a_change_of_the_whole_declaration_is_one_marked_row(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str, status: str
) -> None:
    rows, _ = read_text(
        connection,
        tmp_path,
        declaration(
            "<Declaration><FunctionCode>13</FunctionCode><ID>MRN1</ID>"
            f"<TypeCode>{kind}</TypeCode></Declaration>"
        ),
    )
    (row,) = rows
    assert (row["record_status"], row["is_partial"], row["line_number"]) == (status, "true", "1")
    assert row["_extra"] == {"message_type_code": kind, "scope": "declaration"}


VERSIONS = """<p:DeclarationVersionResponse xmlns:p="http://gov.uk/customs/retrieveDeclarationVersion"
  xmlns:d="urn:wco:datamodel:WCO:DEC-DMS:2">
 {first}
 <p:DeclarationVersionDetails>
  <p:Declaration><p:ID>MRN2</p:ID><p:VersionID>2</p:VersionID><p:LRN>L2</p:LRN></p:Declaration>
  <d:Declaration><d:FunctionCode>9</d:FunctionCode><d:TypeCode>IMA</d:TypeCode></d:Declaration>
 </p:DeclarationVersionDetails>
</p:DeclarationVersionResponse>"""
FIRST_VERSION = """<p:DeclarationVersionDetails>
  <p:Declaration><p:ID>MRN2</p:ID><p:VersionID>1</p:VersionID><p:LRN>L2</p:LRN></p:Declaration>
  <d:Declaration><d:FunctionCode>9</d:FunctionCode><d:TypeCode>IMA</d:TypeCode><d:GoodsShipment>
   <d:GovernmentAgencyGoodsItem><d:SequenceNumeric>1</d:SequenceNumeric>
   </d:GovernmentAgencyGoodsItem></d:GoodsShipment></d:Declaration></p:DeclarationVersionDetails>"""


def test_a_version_report_gives_its_versions_and_counts_the_rest(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows, outcome = read_text(connection, tmp_path, VERSIONS.format(first=FIRST_VERSION))
    (row,) = rows
    assert (row["declaration_number"], row["local_reference_number"]) == ("MRN2", "L2")
    assert (row["version_number"], row["record_status"]) == ("1", "original")
    assert (row["is_partial"], row["_src_line"]) == ("false", 1)
    rejected = connection.execute(f"select line, reason_code from {outcome.rejected}").fetchall()
    assert rejected == [(2, "report_without_goods_items")]


def test_a_report_without_any_goods_item_is_refused(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_text(connection, tmp_path, VERSIONS.format(first=""))
    assert refusal.value.reason_code == "report_without_goods_items"


def test_a_reply_of_the_authority_is_no_declaration(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_text(
            connection,
            tmp_path,
            declaration(
                "<Response><Declaration><FunctionalReferenceID>L</FunctionalReferenceID>"
                "<GoodsShipment><GovernmentAgencyGoodsItem/></GoodsShipment>"
                "</Declaration></Response>"
            ),
        )
    assert refusal.value.reason_code == "notification"


def test_several_declarations_in_one_file_number_their_records_on(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    one = GOLDEN[GOLDEN.index(" <Declaration>") : GOLDEN.index("</m:MetaData>")]
    rows, _ = read_text(connection, tmp_path, GOLDEN.replace(one, one + one))
    assert [(row["_src_line"], row["line_number"]) for row in rows] == [
        (1, "1"),
        (2, "2"),
        (3, "1"),
        (4, "2"),
    ]


def test_transport_documents_that_disagree_decide_nothing(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    second = GOLDEN.replace(
        "<ID>NOT-A-WAYBILL</ID>\n     <TypeCode>703", "<ID>HAWB0002</ID>\n     <TypeCode>703"
    ).replace(
        "<CategoryCode>C</CategoryCode><ID>HAWB0002", "<CategoryCode>N</CategoryCode><ID>HAWB0002"
    )
    rows, _ = read_text(connection, tmp_path, second)
    assert "house_waybill_number" not in rows[0]
    stated = "703:HAWB0002;703:HAWB0001;741:888-00000001"
    assert rows[0]["_extra"]["transport_documents"] == stated


def test_a_wrong_count_of_items_is_reported(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    stated = "<GoodsItemQuantity>{}</GoodsItemQuantity>"
    _, outcome = read_text(connection, tmp_path, GOLDEN.replace(stated.format(2), stated.format(5)))
    assert outcome.warnings == ("item_count_mismatch: 5 stated, 2 listed",)
