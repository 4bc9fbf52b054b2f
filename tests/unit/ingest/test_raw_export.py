"""What another engine finds in place of schema raw: the same tables, columns and rows.

Not claimed: that Spark reads them alike (tests/integration/test_spark_parity.py).
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.raw_export import export_raw
from ingest.raw_views import register_raw_views
from tests.support.cli import ImportRisk

pytestmark = pytest.mark.slow

FIRST, SECOND = dt.date(2026, 3, 2), dt.date(2026, 3, 9)
HEADER = "house_waybill_number,version_number,record_status,arrived_at,declared_value\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's [home] *")


@pytest.fixture
def connection(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    home.work.mkdir(parents=True)
    with duckdb.connect(home.warehouse) as opened:
        yield opened


def deliver_parcels(home: Home, name: str, *rows: str) -> None:
    path = home.root.parent / f"parcel_manifest_{name}.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    (outcome,) = deliver(home, [path], received_date=SECOND, key=PseudonymKey.demonstration())
    assert outcome.status == "accepted"


def listed(listing: Path) -> dict[str, dict[str, str]]:
    lines = listing.read_text(encoding="utf-8").splitlines()
    return {row["table_name"]: row for row in map(json.loads, lines)}


def rows_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[object, ...]]:
    found = connection.execute(f"select * from {relation} order by all").fetchall()
    return [tuple(row) for row in found]


def test_every_table_has_the_columns_and_rows_of_schema_raw(
    connection: duckdb.DuckDBPyConnection, home: Home, tmp_path: Path
) -> None:
    deliver_parcels(home, "a", f"H1,1,original,{FIRST}T03:00:00,10", f"H2,1,,{FIRST}T03:00:00,x")
    deliver_parcels(home, "b", f"H1,2,amended,{SECOND}T03:00:00,11")
    counts = register_raw_views(connection, home, SECOND, SECOND)
    tables = listed(export_raw(connection, home, SECOND, SECOND, tmp_path / "raw"))
    assert set(tables) == set(counts)
    # H1 lies in two files of which only one touches the day: the other row comes as a linked one
    assert (counts["parcel_manifest"], counts["linked_record"]) == (2, 1)
    for name, table in tables.items():
        described = connection.execute(f'describe raw."{name}"').fetchall()
        names = re.findall(r"`(\w+)`", table["column_list"])
        assert names == [column for column, *_ in described], name
        if counts[name]:
            exported = f"read_parquet('{table['folder']}/*.parquet', union_by_name = true)"
            assert rows_of(connection, exported) == rows_of(connection, f'raw."{name}"'), name


def test_raw_files_are_linked_and_types_are_named_as_spark_names_them(
    connection: duckdb.DuckDBPyConnection, home: Home, tmp_path: Path
) -> None:
    deliver_parcels(home, "a", f"H1,1,original,{FIRST}T03:00:00,10")
    register_raw_views(connection, home, FIRST, FIRST)
    table = listed(export_raw(connection, home, FIRST, FIRST, tmp_path / "raw"))["parcel_manifest"]
    (link,) = Path(table["folder"]).iterdir()
    assert link.is_symlink()
    assert link.resolve().is_relative_to(home.raw.resolve())
    columns = table["column_list"].split(", ")
    for column in ("`arrived_at` timestamp_ntz", "`house_waybill_number` string", "`day` date"):
        assert column in columns


def test_a_delivery_after_the_views_were_registered_stops_the_export(
    connection: duckdb.DuckDBPyConnection, home: Home, tmp_path: Path
) -> None:
    deliver_parcels(home, "a", f"H1,1,original,{FIRST}T03:00:00,10")
    register_raw_views(connection, home, FIRST, FIRST)
    deliver_parcels(home, "b", f"H2,1,original,{FIRST}T03:00:00,10")
    with pytest.raises(WarehouseError, match="hold 2 rows, its view 1"):
        export_raw(connection, home, FIRST, FIRST, tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_a_folder_that_is_there_already_or_has_no_plain_path_is_refused(
    connection: duckdb.DuckDBPyConnection, home: Home, tmp_path: Path
) -> None:
    register_raw_views(connection, home, FIRST, FIRST)
    with pytest.raises(WarehouseError, match="there already"):
        export_raw(connection, home, FIRST, FIRST, tmp_path)
    with pytest.raises(WarehouseError, match="more than letters"):
        export_raw(connection, home, FIRST, FIRST, tmp_path / "it's")


def test_the_command_lays_out_the_same_and_names_the_variable(home: Home, tmp_path: Path) -> None:
    home.root.mkdir(parents=True)
    deliver_parcels(home, "a", f"H1,1,original,{FIRST}T03:00:00,10")
    days = ("--from", FIRST, "--to", FIRST)
    done = ImportRisk(home.root)("raw-export", *days, "--out", tmp_path / "raw", "--json")
    assert listed(Path(done.json["listing"])).keys() == done.json["rows"].keys()
    assert done.json["rows"]["parcel_manifest"] == 1
    reverse = ("--from", SECOND, "--to", FIRST)
    refused = ImportRisk(home.root)("raw-export", *reverse, "--out", tmp_path / "x", code=2)
    assert "lies before the first" in refused.err
    assert not home.warehouse.exists()  # the working database is the runs' own
