"""An air waybill becomes one row; personal text of customs notes never becomes plain text.

Not claimed: that the codes of a waybill are right, or that its numbers agree (that is a warning).
"""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.catalog import CONTRACTS
from ingest.outcomes import FileRefused
from ingest.readers import cargo_xml
from ingest.readers.xml_documents import source_of_xml
from ingest.senders.profile import Layout

CONTRACT = CONTRACTS["parcel_manifest"]
LAYOUT = Layout(format="cargo_xml")

HOUSE = """<?xml version="1.0" encoding="UTF-8"?>
<h:HouseWaybill xmlns:h="iata:housewaybill:1" xmlns="iata:datamodel:3">
 <h:MessageHeaderDocument><PurposeCode>{purpose}</PurposeCode>
  <SenderParty><PrimaryID schemeID="C">SOFTWARE</PrimaryID></SenderParty>
  <SenderParty><PrimaryID schemeID="P">EXAMPLE88AGENT/HAN01</PrimaryID></SenderParty>
 </h:MessageHeaderDocument>
 <h:BusinessHeaderDocument><ID>HAWB0001</ID></h:BusinessHeaderDocument>
 <h:MasterConsignment>
  <TransportContractDocument><ID>888-00000001</ID></TransportContractDocument>
  <IncludedHouseConsignment>{number}
   <NilCustomsValueIndicator>{nil}</NilCustomsValueIndicator>
   <DeclaredValueForCustomsAmount currencyID="USD">55.20</DeclaredValueForCustomsAmount>
   <IncludedTareGrossWeightMeasure unitCode="LBR">100</IncludedTareGrossWeightMeasure>
   <TotalPieceQuantity>3</TotalPieceQuantity>
   <SummaryDescription>Sample parts, assorted</SummaryDescription>
   <ConsignorParty><Name>Lotus Example Trading</Name>
    <PostalStructuredAddress><PostcodeCode>100000</PostcodeCode><StreetName>1 Sample Road
Gate 2</StreetName><CityName>Example City</CityName><CountryID>CN</CountryID>
    </PostalStructuredAddress>
    <DefinedTradeContact><DirectTelephoneCommunication><CompleteNumber>861000000001</CompleteNumber>
    </DirectTelephoneCommunication></DefinedTradeContact></ConsignorParty>
   <ConsigneeParty><Name>Example Receiver</Name><PostalStructuredAddress>
    <StreetName>2 Sample Street</StreetName><CityName>Ha Noi</CityName><CountryID>VN</CountryID>
    </PostalStructuredAddress></ConsigneeParty>
   <OriginLocation><ID>CAN</ID></OriginLocation>
   <FinalDestinationLocation><ID>HAN</ID></FinalDestinationLocation>
   <SpecifiedLogisticsTransportMovement><ModeCode>4</ModeCode><ArrivalEvent>
    <ScheduledOccurrenceDateTime>2026-03-01T00:00:00</ScheduledOccurrenceDateTime>{arrival}
    <OccurrenceArrivalLocation><ID>HAN</ID></OccurrenceArrivalLocation></ArrivalEvent>
   </SpecifiedLogisticsTransportMovement>
   <IncludedCustomsNote><ContentCode>T</ContentCode><Content>SELLER-TAX</Content>
    <SubjectCode>SHP</SubjectCode><CountryID>CN</CountryID></IncludedCustomsNote>
   <IncludedCustomsNote><ContentCode>T</ContentCode><Content>0100000001</Content>
    <SubjectCode>CNE</SubjectCode><CountryID>VN</CountryID></IncludedCustomsNote>
   <IncludedCustomsNote><ContentCode>CP</ContentCode><Content>PERSON SECRET</Content>
    <SubjectCode>CNE</SubjectCode><CountryID>VN</CountryID></IncludedCustomsNote>
   <IncludedCustomsNote><ContentCode>CT</ContentCode><Content>84900000001</Content>
    <SubjectCode>CNE</SubjectCode><CountryID>VN</CountryID></IncludedCustomsNote>
   <IncludedCustomsNote><ContentCode>SN</ContentCode><Content>OFFICER SECRET</Content>
    </IncludedCustomsNote>
   <IncludedCustomsNote><ContentCode>ZZ</ContentCode><Content>UNKNOWN SECRET</Content>
    </IncludedCustomsNote>
   <IncludedCustomsNote><ContentCode>RA</ContentCode><Content>01234-01</Content>
    <SubjectCode>ISS</SubjectCode><CountryID>CN</CountryID></IncludedCustomsNote>
   <IncludedHouseConsignmentItem><TypeCode>847330</TypeCode>
    <GrossWeightMeasure unitCode="LBR">40</GrossWeightMeasure><PieceQuantity>1</PieceQuantity>
    <NatureIdentificationTransportCargo><Identification>SAMPLE PARTS</Identification>
    </NatureIdentificationTransportCargo><OriginCountry><ID>CN</ID></OriginCountry>
   </IncludedHouseConsignmentItem>
   <IncludedHouseConsignmentItem><TypeCode>847330</TypeCode>
    <GrossWeightMeasure unitCode="KGM">10</GrossWeightMeasure>
    <PieceQuantity>{pieces}</PieceQuantity>
    <NatureIdentificationTransportCargo><Identification>Sample cables</Identification>
    </NatureIdentificationTransportCargo><OriginCountry><ID>CN</ID></OriginCountry>
   </IncludedHouseConsignmentItem>
  </IncludedHouseConsignment>
 </h:MasterConsignment>
</h:HouseWaybill>"""
DEFAULTS = {
    "purpose": "Creation",
    "number": "<ID>HAWB0001</ID>",
    "nil": "false",
    "arrival": "",
    "pieces": "2",
}
# Worked out by hand from HOUSE: 100 lb x 0.45359237 = 45.359237 kg -> 45.3592; pieces 1 + 2 = 3.
HOUSE_ROW = {
    "house_waybill_number": "HAWB0001",
    "record_status": "original",
    "waybill_level": "house",
    "master_waybill_number": "888-00000001",
    "operator_code": "EXAMPLE88AGENT/HAN01",
    "importing_country_code": "VN",
    "transport_mode_code": "4",
    "consignor_name": "Lotus Example Trading",
    "consignor_phone": "861000000001",
    "consignor_address": "1 Sample Road Gate 2, Example City, 100000",
    "consignor_country_code": "CN",
    "consignee_name": "Example Receiver",
    "consignee_id_number": "0100000001",
    "consignee_phone": "84900000001",
    "consignee_address": "2 Sample Street, Ha Noi",
    "consignee_country_code": "VN",
    "item_description": "Sample parts, assorted; Sample cables",
    "hs_code": "847330",
    "origin_country_code": "CN",
    "package_count": "3",
    "is_piece_count_consistent": "true",
    "gross_weight_kg": "45.3592",
    "declared_value": "55.20",
    "currency_code": "USD",
    "customs_notes": "CN/SHP/T; VN/CNE/T; VN/CNE/CP; VN/CNE/CT; -/-/SN; -/-/ZZ; CN/ISS/RA=01234-01",
    "_extra": {"destination_location": "HAN", "items_piece_count": "3", "origin_location": "CAN"},
    "_src_line": 1,
}


def read(path: Path) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """What each row states: nulls left out, `_extra` decoded; and the warnings."""
    with duckdb.connect() as connection:
        outcome = cargo_xml.read(connection, path, CONTRACT, LAYOUT)
        found = connection.execute(f"select * from {outcome.rows} order by _src_line")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    for row in rows:
        row["_extra"] = json.loads(row["_extra"] or "{}")
    return [{k: v for k, v in row.items() if v is not None} for row in rows], outcome.warnings


def read_house(tmp_path: Path, **changes: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    path = tmp_path / "waybill.xml"
    path.write_text(HOUSE.format(**(DEFAULTS | changes)), encoding="utf-8")
    (row,), warnings = read(path)
    return row, warnings


def test_every_field_of_a_hand_checked_house_waybill(tmp_path: Path) -> None:
    row, warnings = read_house(tmp_path)
    # "SAMPLE PARTS" is said by the summary already; "Sample cables" is not.
    assert row == HOUSE_ROW
    assert warnings == ()


def test_no_personal_text_of_a_note_is_kept_in_the_clear(tmp_path: Path) -> None:
    row, _ = read_house(tmp_path)
    personal = {"consignor", "consignee"}
    clear = {k: v for k, v in row.items() if k.partition("_")[0] not in personal}
    for secret in ("SECRET", "SELLER-TAX", "0100000001", "84900000001"):
        assert secret not in json.dumps(clear)


def test_nil_means_no_declared_value(tmp_path: Path) -> None:
    row, _ = read_house(tmp_path, nil="true")
    assert "declared_value" not in row
    assert "currency_code" not in row


def test_only_an_actual_arrival_is_an_arrival(tmp_path: Path) -> None:
    scheduled, _ = read_house(tmp_path)
    assert "arrived_at" not in scheduled
    stated = "<ActualOccurrenceDateTime>2026-03-02T05:00:00+07:00</ActualOccurrenceDateTime>"
    arrived, _ = read_house(tmp_path, arrival=stated)
    assert arrived["arrived_at"] == "2026-03-02T05:00:00+07:00"


@pytest.mark.parametrize(
    ("purpose", "status"),
    [("Creation", "original"), ("Update", "amended"), ("DELETION", "cancelled")],
)
def test_the_purpose_of_the_message_is_the_status(
    tmp_path: Path, purpose: str, status: str
) -> None:
    assert read_house(tmp_path, purpose=purpose)[0]["record_status"] == status


def test_an_unknown_purpose_is_reported_not_guessed(tmp_path: Path) -> None:
    row, warnings = read_house(tmp_path, purpose="Whatever")
    assert "record_status" not in row
    assert warnings == ("unknown_purpose: 'Whatever'; record_status is empty",)


def test_a_contradicted_piece_count_is_kept_and_reported(tmp_path: Path) -> None:
    row, warnings = read_house(tmp_path, pieces="7")
    assert (row["package_count"], row["is_piece_count_consistent"]) == ("3", "false")
    assert warnings == ("piece_count_mismatch: the waybill states 3, its items 8",)


@pytest.mark.parametrize("pieces", ["many", "-5", "1E999999999", "NaN", "0x2"])
def test_pieces_that_are_no_number_do_not_stop_the_reader(tmp_path: Path, pieces: str) -> None:
    row, warnings = read_house(tmp_path, pieces=pieces)
    assert (row["package_count"], row["is_piece_count_consistent"]) == ("3", "false")
    assert len(warnings) == 1


def test_a_lone_house_without_number_takes_the_documents(tmp_path: Path) -> None:
    assert read_house(tmp_path, number="")[0]["house_waybill_number"] == "HAWB0001"


def test_several_houses_give_several_rows(tmp_path: Path) -> None:
    one = HOUSE[HOUSE.index("  <IncludedHouse") : HOUSE.index(" </h:MasterConsignment>")]
    second = one.replace("{number}", "<ID>HAWB0002</ID>").replace("847330", "850440", 1)
    path = tmp_path / "waybill.xml"
    path.write_text(HOUSE.replace(one, one + second).format(**DEFAULTS), encoding="utf-8")
    rows, _ = read(path)
    assert [(r["_src_line"], r["house_waybill_number"]) for r in rows] == [
        (1, "HAWB0001"),
        (2, "HAWB0002"),
    ]
    assert "hs_code" not in rows[1]  # its items disagree
    assert rows[1]["_extra"]["hs_codes"] == "850440;847330"


def test_a_waybill_without_consignment_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "waybill.xml"
    path.write_text('<Waybill xmlns="iata:waybill:1"/>', encoding="utf-8")
    with pytest.raises(FileRefused) as refusal:
        read(path)
    assert refusal.value.reason_code == "waybill_without_consignment"


# A house manifest written for this test from public knowledge of the schema (see cargo_xml.py): no
# carrier's message was obtainable.
MANIFEST = """<h:HouseManifest xmlns:h="iata:housemanifest:{version}" xmlns="iata:datamodel:3">
 <h:MessageHeaderDocument><ID>M1</ID><Name>Cargo Manifest</Name><TypeCode>785</TypeCode>
  <PurposeCode>Creation</PurposeCode><VersionID>{version}.00</VersionID>
  <SenderParty><PrimaryID schemeID="P">EXAMPLE88AGENT/HAN01</PrimaryID></SenderParty>
 </h:MessageHeaderDocument>
 <h:BusinessHeaderDocument><ID>738-00000001</ID></h:BusinessHeaderDocument>
 <h:MasterConsignment>
  <IncludedTareGrossWeightMeasure unitCode="KGM">30.5</IncludedTareGrossWeightMeasure>
  <TotalPieceQuantity>{total}</TotalPieceQuantity>
  <TransportContractDocument><ID>{master}</ID></TransportContractDocument>
  <OriginLocation><ID>CAN</ID></OriginLocation>
  <FinalDestinationLocation><ID>HAN</ID></FinalDestinationLocation>
  {houses}
 </h:MasterConsignment>
</h:HouseManifest>"""
HOUSE_LINE = """<IncludedHouseConsignment><SequenceNumeric>{sequence}</SequenceNumeric>
   <GrossWeightMeasure unitCode="{unit}">{weight}</GrossWeightMeasure>
   <PackageQuantity>9</PackageQuantity><TotalPieceQuantity>{pieces}</TotalPieceQuantity>
   <SummaryDescription>Sample goods {sequence}</SummaryDescription>
   <TransportContractDocument><ID>HAWB000{sequence}</ID></TransportContractDocument>
   <OriginLocation><ID>CAN</ID></OriginLocation>
   <FinalDestinationLocation><ID>SGN</ID></FinalDestinationLocation>
   <IncludedCustomsNote><ContentCode>T</ContentCode><Content>0100000001</Content>
    <SubjectCode>CNE</SubjectCode><CountryID>VN</CountryID></IncludedCustomsNote>
  </IncludedHouseConsignment>"""


def read_manifest(
    tmp_path: Path, pieces: tuple[str, ...] = ("2", "3"), **changes: str
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    houses = "".join(
        HOUSE_LINE.format(sequence=n, pieces=p, unit="KGM", weight="1.25")
        for n, p in enumerate(pieces, start=1)
    )
    stated = {"total": "5", "master": "738-00000001", "version": "1", "houses": houses}
    path = tmp_path / "manifest.xml"
    path.write_text(MANIFEST.format(**(stated | changes)), encoding="utf-8")
    assert source_of_xml(path) == ("parcel_manifest", "cargo_xml")
    return read(path)


def test_every_house_of_a_manifest_is_a_row_under_its_master(tmp_path: Path) -> None:
    rows, warnings = read_manifest(tmp_path)
    assert warnings == ()
    assert rows[0] == {
        "house_waybill_number": "HAWB0001",
        "master_waybill_number": "738-00000001",
        "record_status": "original",
        "waybill_level": "manifest_line",
        "operator_code": "EXAMPLE88AGENT/HAN01",
        "consignee_id_number": "0100000001",
        "item_description": "Sample goods 1",
        "package_count": "2",
        "gross_weight_kg": "1.25",
        "customs_notes": "VN/CNE/T",
        "_extra": {
            "destination_location": "SGN",
            "manifest_sequence": "1",
            "origin_location": "CAN",
        },
        "_src_line": 1,
    }
    assert [row["house_waybill_number"] for row in rows] == ["HAWB0001", "HAWB0002"]


@pytest.mark.parametrize("version", ["1", "2", "3", "3.00"])
def test_versions_of_the_manifest_are_read_alike(tmp_path: Path, version: str) -> None:
    assert read_manifest(tmp_path, version=version)[0] == read_manifest(tmp_path)[0]


def test_the_number_of_the_manifest_stands_in_for_a_missing_master(tmp_path: Path) -> None:
    rows, _ = read_manifest(tmp_path, master="")
    assert {row["master_waybill_number"] for row in rows} == {"738-00000001"}


def test_a_manifest_that_holds_more_than_its_master_is_flagged_line_by_line(
    tmp_path: Path,
) -> None:
    rows, warnings = read_manifest(tmp_path, pieces=("2", "4"))
    assert {row["is_piece_count_consistent"] for row in rows} == {"false"}
    assert warnings == ("piece_count_mismatch: the manifest states 5 pieces, its houses 6",)


def test_a_manifest_that_holds_less_may_go_on_elsewhere(tmp_path: Path) -> None:
    rows, warnings = read_manifest(tmp_path, pieces=("2",))
    assert "is_piece_count_consistent" not in rows[0]
    assert warnings == ("manifest_lists_fewer: 2 of 5 pieces; further messages?",)


def test_a_house_without_a_number_is_left_to_the_contract(tmp_path: Path) -> None:
    house = HOUSE_LINE.format(sequence=1, pieces=5, unit="LBR", weight="10")
    house = house.replace("<ID>HAWB0001</ID>", "")
    rows, _ = read_manifest(tmp_path, houses=house)
    assert "house_waybill_number" not in rows[0]  # required: the row is quarantined
    assert rows[0]["gross_weight_kg"] == "4.5359"


def test_several_messages_in_one_envelope(tmp_path: Path) -> None:
    houses = HOUSE_LINE.format(sequence=7, pieces=5, unit="KGM", weight="1")
    manifest = MANIFEST.format(total="5", master="738-2", version="1", houses=houses)
    path = tmp_path / "all.xml"
    house = HOUSE.format(**DEFAULTS).partition("?>")[2]
    path.write_text(f"<All>{manifest}{house}</All>", encoding="utf-8")
    rows, _ = read(path)
    assert [(r["waybill_level"], r["house_waybill_number"]) for r in rows] == [
        ("manifest_line", "HAWB0007"),
        ("house", "HAWB0001"),
    ]
    assert [r["master_waybill_number"] for r in rows] == ["738-2", "888-00000001"]


@pytest.mark.shared
def test_the_real_house_waybill(shared_data: Path) -> None:
    path = shared_data / "cargo_xml" / "SEL22222222_XFZB.xml"
    assert source_of_xml(path) == ("parcel_manifest", "cargo_xml")
    (row,), warnings = read(path)
    assert (row["house_waybill_number"], row["master_waybill_number"]) == (
        "SEL22222222",
        "888-11111111",
    )
    assert (row["gross_weight_kg"], row["package_count"]) == ("134.0", "10")
    assert (row["hs_code"], row["importing_country_code"]) == ("1133557799", "DE")
    assert "declared_value" not in row
    assert row["customs_notes"] == "KR/SHP/T; KR/SHP/CP; KR/SHP/CT; DE/CNE/T"
    # The sample itself states 10 pieces and one item of 5.
    assert warnings == ("piece_count_mismatch: the waybill states 10, its items 5",)


@pytest.mark.shared
def test_the_real_master_waybill(shared_data: Path) -> None:
    path = shared_data / "cargo_xml" / "888-11111111_XFWB.xml"
    (row,), warnings = read(path)
    assert row["waybill_level"] == "master"
    assert row["house_waybill_number"] == row["master_waybill_number"] == "888-11111111"
    assert (row["consignee_country_code"], row["gross_weight_kg"]) == ("CN", "1042.0")
    assert "arrived_at" not in row
    assert "OFFICER" not in row["customs_notes"]
    assert warnings == ()
