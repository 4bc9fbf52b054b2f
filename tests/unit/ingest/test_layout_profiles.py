"""The shipped layouts of VNACCS exports and postal items, as CSV and as a sheet, row by row.

All values are made up. Not claimed: that an authority's own export looks like this (the profiles
say what was written by us).
"""

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome
from ingest.senders.profile import load_profiles, profile_for
from ingest.store.landing import raw_files
from ingest.text.check_digits import CHECKS, broken_rule

RECEIVED = dt.date(2026, 3, 3)
Row = Mapping[str, str]

MIC: dict[str, str] = {
    "ICN": "100000000011",
    "SKB": "2",
    "CH": "02DS",
    "CHB": "00",
    "IMC": "0100000001",
    "IMN": "Người Nhận Mẫu",
    "IMY": "100000",
    "IMA": "2 phố Mẫu, Phường Ví Dụ, Hà Nội",
    "IMT": "0912000001",
    "EPN": "Sample Sender",
    "EPA": "1 Sample Road",
    "EP2": "",
    "EP3": "Example City",
    "EP4": "Example Region",
    "EPO": "CN",
    "HAB": "ABCD0000000001",
    "MAB": "88800000001",
    "NO": "1",
    "GW": "0,350",
    "ST": "02DSX01",
    "VSN": "AB0001/01JAN",
    "ARR": "02032026",
    "DST": "SGN",
    "PSC": "CNCAN",
    "IP1": "B",
    "IP2": "CIF",
    "IP3": "USD",
    "IP4": "12,3456",
    "CMN": "Áo thun mẫu, cotton",
    "OR": "CN",
    "DPR": "320000",
    "NT1": "Ghi chú mẫu",
    "REF": "INT-1",
}

IDA: dict[str, str] = {
    "ICN": "100000000022",
    "LINE": "1",
    "FIC": "F",
    "BNO": "1",
    "DNO": "2",
    "ICB": "A11",
    "CCC": "F",
    "MTC": "1",
    "SKB": "4",
    "CH": "02DS",
    "ICD": "02032026",
    "IMC": "0100000001",
    "IMN": "Công ty Mẫu",
    "NMN": "Nhà thầu Mẫu",
    "EPN": "Sample Sender",
    "EPA": "1 Sample Road",
    "EP3": "Example City",
    "EPO": "CN",
    "BL1": "ABCD0000000001",
    "NO": "7",
    "GW": "1234,5",
    "GWT": "KGM",
    "ARR": "01032026",
    "PSC": "CNCAN",
    "IVP": "KC",
    "IP1": "A",
    "IP2": "CIF",
    "IP3": "USD",
    "IP4": "1000,5",
    "VD1": "6",
    "CMD": "61091010",
    "CMN": "Áo thun mẫu",
    "OR": "CN",
    "ORS": "B05",
    "TXA": "",
    "QN1": "10",
    "QT1": "PCE",
    "QN2": "2,5",
    "QT2": "KGM",
    "BPR": "900,1234",
    "UPR": "90,0123",
    "UPC": "USD",
    "BPC": "VND",
    "DPR": "23400000",
    "VLD": "Ghi chú trị giá mẫu",
}

POSTAL: dict[str, str] = {
    "item_id": "RR473124829CN",
    "designated_operator": "CNA",
    "arrived_at": "2026-03-02T05:00:00+07:00",
    "sender_name": "Sample Sender",
    "sender_country": "CN",
    "addressee_name": "Người Nhận Mẫu",
    "addressee_street": "2 phố Mẫu",
    "addressee_ward": "Phường Ví Dụ",
    "addressee_province": "Hà Nội",
    "addressee_country": "VN",
    "description_of_contents": "Quà tặng mẫu",
    "hs_tariff_number": "950300",
    "quantity": "2",
    "gross_weight_kg": "0.5",
    "total_value": "12.50",
    "currency": "USD",
    "nature_of_item": "gift",
}


def write(path: Path, rows: Sequence[Row], *, numbers: frozenset[str] = frozenset()) -> Path:
    """The rows as CSV or as a sheet; in a sheet, `numbers` are columns stored as numbers."""
    header = list(rows[0])
    if path.suffix == ".csv":
        delimiter = "," if path.stem.startswith("postal") else ";"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, header, delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
        return path
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            for place, name in enumerate(header):
                if name in numbers and row[name]:
                    sheet.write_number(number, place, float(row[name].replace(",", ".")))
                else:
                    sheet.write_string(number, place, row[name])
    return path


def delivered(
    home: Home, path: Path, sender: str
) -> tuple[DeliveryOutcome, list[dict[str, Any]], list[tuple[str, str]]]:
    """(outcome, raw rows, (column, reason) of the quarantine)."""
    (outcome,) = deliver(
        home, [path], sender=sender, received_date=RECEIVED, key=PseudonymKey.demonstration()
    )
    rows: list[dict[str, Any]] = []
    with duckdb.connect() as connection:
        for file in raw_files(home, outcome.source, dt.date.min, dt.date.max):
            found = connection.execute(f"from read_parquet('{file}', hive_partitioning=false)")
            names = [column[0] for column in found.description]
            rows += [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        broken = [
            (str(column), str(reason))
            for file in sorted((home.quarantine / outcome.source).glob("*.parquet"))
            for column, reason in connection.execute(
                f"select column_name, reason_code from read_parquet('{file}') order by all"
            ).fetchall()
        ]
    return outcome, rows, broken


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


MIC_NUMBERS = frozenset(("NO", "GW", "IP4", "DPR", "ICN"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_low_value_declaration_field_by_field(home: Home, tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"mic{suffix}", [MIC], numbers=MIC_NUMBERS)
    outcome, (row,), _ = delivered(home, path, "vnaccs_mic")
    assert (outcome.source, outcome.accepted, outcome.warnings) == (
        "low_value_declaration", 1, (),
    )  # fmt: skip
    assert (row["declaration_number"], row["person_kind_code"]) == ("100000000011", "2")
    assert (row["arrived_on"], row["day"]) == (dt.date(2026, 3, 2), dt.date(2026, 3, 2))
    assert (row["conveyance_reference"], row["loading_place_code"]) == ("AB0001/01JAN", "CNCAN")
    assert (row["declared_value"], row["currency_code"]) == (Decimal("12.3456"), "USD")
    assert row["customs_value_vnd"] == Decimal(320_000)
    assert (row["gross_weight_kg"], row["package_count"]) == (Decimal("0.35"), 1)
    assert row["item_description"] == "Áo thun mẫu, cotton"
    assert (row["price_kind_code"], row["operator_reference"]) == ("B", "INT-1")
    # one address of four columns, not "incomplete" for being cut in pieces
    assert row["consignor_address_status"] == "complete"
    assert json.loads(row["_extra"]) == {"CHB": "00", "DST": "SGN"}
    everything = json.dumps(row, default=str, ensure_ascii=False)
    for secret in ('100000"', "Ghi chú", "Người Nhận", "0912000001"):
        assert secret not in everything


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_breaks_a_low_value_declaration(home: Home, tmp_path: Path, suffix: str) -> None:
    rows = [
        MIC,
        MIC | {"HAB": "ABCD0000000002", "ICN": "10000000001"},  # a digit is missing
        MIC | {"HAB": "", "ICN": ""},
        MIC | {"HAB": "ABCD0000000004", "ARR": "03022026x"},
        MIC | {"HAB": "ABCD0000000005", "SKB": "9"},
        MIC | {"HAB": "ABCD0000000006", "IP4": "1.234,5"},  # grouping is not stated
    ]
    outcome, _, broken = delivered(home, write(tmp_path / f"mic{suffix}", rows), "vnaccs_mic")
    assert (outcome.rows_in, outcome.accepted, outcome.quarantined) == (6, 1, 5)
    assert sorted(broken) == [
        ("arrived_on", "date_format"),
        ("declaration_number", "vnaccs_number_format"),
        ("declared_value", "decimal_format"),
        ("house_waybill_number", "required"),
        ("person_kind_code", "not_in_code_list"),
    ]


IDA_NUMBERS = frozenset(("ICN", "LINE", "MTC", "NO", "GW", "CMD", "QN1", "QN2", "BPR", "DPR"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_lines_of_a_split_consignment(home: Home, tmp_path: Path, suffix: str) -> None:
    rows = [
        IDA,
        IDA | {"LINE": "2", "CMD": "01012100", "CMN": "Ngựa mẫu", "BPR": "100,3766", "DPR": ""},
        IDA | {"ICN": "100000000033", "FIC": "100000000022", "BNO": "2"},
    ]
    path = write(tmp_path / f"ida{suffix}", rows, numbers=IDA_NUMBERS)
    outcome, found, broken = delivered(home, path, "vnaccs_ida")
    assert (outcome.accepted, broken, outcome.warnings) == (3, [], ())
    keys = [(r["declaration_number"], r["line_number"]) for r in found]
    assert keys == [("100000000022", 1), ("100000000022", 2), ("100000000033", 1)]
    assert [r["first_declaration_number"] for r in found] == ["F", "F", "100000000022"]
    assert [(r["branch_number"], r["branch_count"]) for r in found] == [(1, 2), (1, 2), (2, 2)]
    assert [r["hs_code"] for r in found] == ["61091010", "01012100", "61091010"]
    assert [r["declared_value"] for r in found[:2]] == [Decimal("900.1234"), Decimal("100.3766")]
    assert [r["customs_value"] for r in found[:2]] == [Decimal(23_400_000), None]
    first = found[0]
    assert (first["currency_code"], first["customs_value_currency_code"]) == ("USD", "VND")
    # Totals of the declaration stay apart from the line, so nobody can add them up.
    assert (first["total_package_count"], first["total_gross_weight"]) == (7, Decimal("1234.5"))
    assert (first["package_count"], first["gross_weight_kg"]) == (None, None)
    assert (first["second_quantity"], first["second_quantity_unit_code"]) == (Decimal("2.5"), "KGM")
    assert (first["registered_date"], first["arrived_on"], first["day"]) == (
        dt.date(2026, 3, 2), dt.date(2026, 3, 1), dt.date(2026, 3, 2),
    )  # fmt: skip
    assert (first["importing_country_code"], first["transport_mode_code"]) == ("VN", "1")
    assert (first["cargo_classification_code"], first["valuation_method_code"]) == ("F", "6")
    extra = json.loads(first["_extra"])
    assert extra["UPR"] == "90,0123"
    assert not {"NMN", "VLD"} & set(extra)  # a name and a free text: known, never kept


def test_a_column_nobody_listed_is_noted(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "ida.csv", [IDA | {"NEW": "x"}])
    outcome, (row,), _ = delivered(home, path, "vnaccs_ida")
    assert [warning.split(":")[0] for warning in outcome.warnings] == ["unknown_columns"]
    assert json.loads(row["_extra"])["NEW"] == 1  # its length, not its value


def test_a_postal_item(home: Home, tmp_path: Path) -> None:
    outcome, (row,), _ = delivered(home, write(tmp_path / "postal.csv", [POSTAL]), "postal")
    assert (outcome.source, row["channel"], row["house_waybill_number"]) == (
        "parcel_manifest", "postal", "RR473124829CN",
    )  # fmt: skip
    assert (row["package_count"], row["declared_value"]) == (1, Decimal("12.50"))
    assert (row["importing_country_code"], row["consignee_country_code"]) == ("VN", "VN")
    assert row["consignee_address_status"] == "complete"


def test_a_wrong_check_digit_is_quarantined(home: Home, tmp_path: Path) -> None:
    numbers = ["RR473124829CN", "RR473124820CN", "rr473124829cn", "RR 473 124 829 CN", "HAWB1"]
    path = write(tmp_path / "postal.csv", [POSTAL | {"item_id": number} for number in numbers])
    outcome, rows, broken = delivered(home, path, "postal")
    assert (outcome.rows_in, len(rows), outcome.quarantined) == (5, 1, 4)
    reasons = [reason for _, reason in broken]
    assert sorted(reasons) == ["s10_check_digit", "s10_format", "s10_format", "s10_format"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        # Worked by hand: 4x8 + 7x6 + 3x4 + 1x2 + 2x3 + 4x5 + 8x9 + 2x7 = 200; 200 mod 11 = 2; 9.
        ("RR473124829CN", None),
        ("RR473124828CN", "s10_check_digit"),
        # 8 mod 11 = 8 -> 3
        ("LX100000003VN", None),
        # 1x8 + 1x4 = 12; mod 11 = 1; 11 - 1 = 10 -> 0
        ("EE101000000JP", None),
        ("EE101000009JP", "s10_check_digit"),
        # all zero: mod 11 = 0; 11 - 0 = 11 -> 5
        ("CP000000005DE", None),
        ("CP000000000DE", "s10_check_digit"),
        ("CP00000005DE", "s10_format"),
        (None, None),
    ],
)
def test_s10_check_digits(value: str | None, reason: str | None) -> None:
    sql = f"select {broken_rule('s10', 'v')} from (select ?::varchar as v)"
    assert duckdb.execute(sql, [value]).fetchall() == [(reason,)]


def test_every_profile_states_its_layout_and_its_days() -> None:
    profiles = load_profiles()
    for sender, version in (("vnaccs_mic", "MIC-2014"), ("vnaccs_ida", "IDA-2014")):
        assert profile_for(profiles, sender, RECEIVED).layout_version == version
    assert set(CHECKS) == {"gtin", "s10", "vnaccs_number"}


@pytest.mark.shared
@pytest.mark.parametrize(("name", "ours"), [("mic", set()), ("ida", {"LINE"})])
def test_every_field_of_the_message_is_mapped_kept_or_left_out(
    shared_data: Path, name: str, ours: set[str]
) -> None:
    path = shared_data / "reference" / "vnaccs" / f"{name}_fields_2014.csv"
    with path.open(encoding="utf-8") as stream:
        known = {row["field_id"] for row in csv.DictReader(stream)}
    for output in profile_for(load_profiles(), f"vnaccs_{name}", RECEIVED).outputs:
        assert output.layout.other_columns | output.layout.keep == known | ours
