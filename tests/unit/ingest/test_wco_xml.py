"""A WCO declaration becomes one row per goods item, whatever its envelope; nothing disappears.

Not claimed: that codes are right. Real files: test_wco_xml_real_files.py.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.outcomes import FileRefused
from tests.unit.ingest.wco_documents import (
    CONTRACT,
    GOLDEN,
    GOLDEN_EXTRA,
    GOLDEN_ROWS,
    read_text,
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


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
