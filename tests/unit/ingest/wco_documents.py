"""Made-up WCO documents for tests, what a hand-checked one says, and how to read one.

Add here a document or a way to write one that several test modules need. Keep out: expectations of
one test.
"""

import json
from pathlib import Path
from typing import Any

import duckdb

from contracts.catalog import CONTRACTS
from ingest.outcomes import ReadOutcome
from ingest.readers import wco_xml
from ingest.senders.profile import Layout

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
    "total_package_count": "99",
}
# What stands above both items; the first states its own waybill and previous document, so it
# shares no previous_documents, the second its own exporter.
ABOVE_FIRST = (
    "customs_office_code;importing_country_code;transport_mode_code;departure_country_code;"
    "incoterm_code;importer_id_number;importer_name;importer_address;declarant_id_number;"
    "seller_id_number;consignor_name;consignor_phone;consignor_address;consignor_country_code;"
    "total_package_count;master_waybill_number;"
    "local_reference_number;declaration_type_code;registered_at"
)
ABOVE_SECOND = (
    "customs_office_code;importing_country_code;transport_mode_code;departure_country_code;"
    "incoterm_code;importer_id_number;importer_name;importer_address;declarant_id_number;"
    "seller_id_number;previous_documents;total_package_count;master_waybill_number;"
    "local_reference_number;declaration_type_code;registered_at"
)
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
        "header_fields": ABOVE_FIRST,
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
        "header_fields": ABOVE_SECOND,
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


def amendment(body: str, kind: str = "COR") -> str:
    return declaration(
        f"<Declaration><FunctionCode>13</FunctionCode><ID>MRN1</ID><TypeCode>{kind}</TypeCode>"
        f"{body}</Declaration>"
    )


def pointed(*steps: str) -> str:
    """An Amendment whose pointers are written "68A", "68A 2" or "68A 2 108"."""
    pointers = ""
    for step in steps:
        section, *rest = step.split()
        number = f"<SequenceNumeric>{rest[0]}</SequenceNumeric>" if rest else ""
        tag = f"<TagID>{rest[1]}</TagID>" if len(rest) > 1 else ""
        pointers += (
            f"<Pointer>{number}<DocumentSectionCode>{section}</DocumentSectionCode>{tag}</Pointer>"
        )
    return f"<Amendment><ChangeReasonCode>32</ChangeReasonCode>{pointers}</Amendment>"


def shipment(*items: str, header: str = "") -> str:
    listed = "".join(
        f"<GovernmentAgencyGoodsItem>{item}</GovernmentAgencyGoodsItem>" for item in items
    )
    return f"<GoodsShipment>{header}{listed}</GoodsShipment>"
