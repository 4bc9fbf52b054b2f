"""What a WCO message is decides what becomes of it: amendments, cancellations, exports, replies.

Not claimed: how amendments are merged (tests/golden/test_declaration_amendments.py).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.outcomes import FileRefused
from tests.unit.ingest.wco_documents import (
    GOLDEN,
    amendment,
    pointed,
    read_text,
    shipment,
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def test_an_amendment_states_only_its_changes(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows, _ = read_text(
        connection,
        tmp_path,
        amendment(
            "<TotalPackageQuantity>80</TotalPackageQuantity>"
            + pointed("42A 1", "67A 1", "68A 3", "23A 1 138")
            + shipment(
                "<SequenceNumeric>3</SequenceNumeric>",
                header="<TradeTerms><ConditionCode>DDP</ConditionCode></TradeTerms>",
            )
        ),
    )
    # The 80 packages are the declaration's, of which item 3 is one of several: not this row's.
    # No destination is stated, so the country of the metadata must not overwrite the original's.
    assert rows == [
        {
            "declaration_number": "MRN1",
            "line_number": "3",
            "record_status": "amended",
            "is_partial": "true",
            "statement_scope": "line",
            "header_fields": "incoterm_code;total_package_count",
            "incoterm_code": "DDP",
            "total_package_count": "80",
            "_extra": {
                "amendment_pointers": "42A[1]/67A[1]/68A[3]/23A[1]:138",
                "change_reason_codes": "32",
                "message_type_code": "COR",
            },
            "_src_line": 1,
        }
    ]


def test_a_stated_destination_of_an_amendment_counts(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    destination = "<Destination><CountryCode>LA</CountryCode></Destination>"
    (row,), _ = read_text(connection, tmp_path, amendment(shipment(header=destination)))
    assert row["importing_country_code"] == "LA"
    assert (row["statement_scope"], row["header_fields"]) == (
        "declaration", "importing_country_code",
    )  # fmt: skip


def test_items_are_added_changed_and_removed_by_one_amendment(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    item = (
        "<SequenceNumeric>{}</SequenceNumeric><Commodity><Description>x</Description></Commodity>"
    )
    rows, _ = read_text(
        connection,
        tmp_path,
        amendment(
            "<Exporter><Name>New Example Exporter</Name></Exporter>"
            + pointed("42A 1", "57A 1 R031")
            + pointed("42A 1", "67A 1", "68A 4")  # listed below: added
            + pointed("42A 1", "67A 1", "68A 2")  # not listed: removed
            + pointed("42A 1", "67A 1", "68A 2")  # said twice
            + pointed("42A 1", "67A 1", "68A 1", "23A 1 137")
            + shipment(item.format(1), item.format(4))
        ),
    )
    facts = [(r["line_number"], r["record_status"], r["statement_scope"]) for r in rows]
    assert facts == [
        ("1", "amended", "line"),
        ("4", "amended", "added_line"),
        ("2", "cancelled", "line"),
    ]
    # Whatever line the row is about, it says which of its fields speak for all lines.
    assert {row["header_fields"] for row in rows} == {"consignor_name"}
    assert {row["consignor_name"] for row in rows} == {"New Example Exporter"}
    assert "item_description" not in rows[2]


@pytest.mark.parametrize(("kind", "status"), [("COR", "amended"), ("INV", "cancelled")])
def test_a_change_of_the_whole_declaration_is_one_marked_row(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str, status: str
) -> None:
    rows, _ = read_text(connection, tmp_path, amendment("", kind))
    (row,) = rows
    assert (row["record_status"], row["is_partial"], row["line_number"]) == (status, "true", "1")
    assert row["statement_scope"] == "declaration"
    assert row["_extra"] == {"message_type_code": kind}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"<TypeCode>IMA</TypeCode>": "<TypeCode>EXD</TypeCode>"}, "export_declaration"),
        ({"<TypeCode>IMA</TypeCode>": "<TypeCode>830</TypeCode>"}, "export_declaration"),
        ({"<TypeCode>IMA</TypeCode>": "<TypeCode>GPR</TypeCode>"}, "presentation_notice"),
        ({" <Declaration>": "<Response><FunctionCode>13</FunctionCode><Declaration>",
          "</Declaration>": "</Declaration></Response>"}, "lifecycle_notification"),
    ],
)  # fmt: skip
def test_what_is_no_import_declaration_is_refused_by_name(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    document = GOLDEN
    for old, new in changes.items():
        assert old in document
        document = document.replace(old, new)
    with pytest.raises(FileRefused) as refusal:
        read_text(connection, tmp_path, document)
    assert refusal.value.reason_code == reason


@pytest.mark.parametrize(
    ("code", "name"), [("01", "DMSACC"), ("9", "DMSCLE"), ("13", "DMSTAX"), ("77", "code 77")]
)
def test_a_notification_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, code: str, name: str
) -> None:
    document = (
        "<MetaData><WCOTypeName>RES</WCOTypeName><Response>"
        f"<FunctionCode>{code}</FunctionCode><Declaration><ID>MRN1</ID></Declaration>"
        "</Response></MetaData>"
    )
    with pytest.raises(FileRefused) as refusal:
        read_text(connection, tmp_path, document)
    assert refusal.value.reason_code == "lifecycle_notification"
    assert name in refusal.value.detail
    assert "MRN1" not in refusal.value.detail


def test_exports_and_notifications_beside_imports_are_counted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    one = GOLDEN[GOLDEN.index(" <Declaration>") : GOLDEN.index("</m:MetaData>")]
    export = one.replace("<TypeCode>IMA<", "<TypeCode>EXD<")
    answer = "<Response><FunctionCode>01</FunctionCode></Response>"
    rows, outcome = read_text(connection, tmp_path, GOLDEN.replace(one, export + one + answer))
    assert [row["_src_line"] for row in rows] == [3, 4]
    rejected = connection.execute(f"select line, reason_code from {outcome.rejected}").fetchall()
    assert rejected == [
        (1, "export_declaration"),
        (2, "export_declaration"),
        (5, "lifecycle_notification"),
    ]
