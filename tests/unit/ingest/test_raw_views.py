"""Schema raw is exactly what the models were written against, and holds exactly what may be read.

Not claimed: the content of raw files (conform), or that a run happens.
"""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest import raw_views
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.items.table import read_model
from ingest.outcomes import DeliveryOutcome
from ingest.raw_views import register_raw_views
from ingest.reference.catalogue import KINDS
from ingest.reference.load import load_reference
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from tests.support.raw_fixture import raw_tables

FIRST, SECOND = dt.date(2026, 3, 2), dt.date(2026, 3, 9)
PARCELS = """house_waybill_number,version_number,arrived_at,consignee_name,declared_value
H1{tag},1,{day}T03:00:00+00:00,Example Receiver,10
H2{tag},1,{day}T04:00:00+00:00,Example Receiver,not a number
H3{tag},1,{day}T05:00:00+00:00,Example Receiver,also none
"""
PLATFORMS = """platform_code,platform_name,is_foreign,event_type,event_date
sample,Sample Platform,true,registered,2020-01-01
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's [home] *")


@pytest.fixture
def connection(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    home.work.mkdir(parents=True)
    with duckdb.connect(home.warehouse) as opened:
        yield opened


def deliver_text(home: Home, name: str, text: str) -> DeliveryOutcome:
    path = home.root.parent / name
    path.write_text(text, encoding="utf-8")
    (outcome,) = deliver(
        home, [path], received_date=dt.date(2026, 3, 10), key=PseudonymKey.demonstration()
    )
    return outcome


def deliver_parcels(home: Home, day: dt.date, tag: str) -> DeliveryOutcome:
    return deliver_text(home, f"parcel_manifest_{tag}.csv", PARCELS.format(tag=tag, day=day))


def found_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[tuple[str, str], ...]]:
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'raw' order by table_name, column_index"
    ).fetchall()
    tables: dict[str, tuple[tuple[str, str], ...]] = {}
    for table, column, sql_type in rows:
        tables[table] = (*tables.get(table, ()), (column, sql_type))
    return tables


def houses(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select house_waybill_number from raw.parcel_manifest order by 1")
    return [row[0] for row in rows.fetchall()]


def test_an_empty_home_gives_every_table_typed_and_empty(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    counts = register_raw_views(connection, home, FIRST, SECOND)
    assert found_tables(connection) == raw_tables()
    # Reference data that was never loaded is listed as missing.
    missing = sum(kind.raw_table is not None for kind in KINDS.values())
    assert counts == dict.fromkeys(raw_tables(), 0) | {
        "run_window": 1,
        "run_day": (SECOND - FIRST).days + 1,
        "reference_version": missing,
        # The shipped table of item names counts from the first day on.
        "item_name_period": 1,
        "item_name_point": len(read_model().points),
    }


def test_a_filled_home_gives_the_same_tables(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    deliver_parcels(home, FIRST, "a")
    deliver_text(home, "platform_registry_a.csv", PLATFORMS)
    path = home.root.parent / KINDS["provinces"].file_name
    path.write_text(
        "old_code,old_name_vi,cccd_prefix,new_code_2025,new_name_vi\n"
        "02,Tỉnh Mẫu,002,08,Tỉnh Gộp\n02,Dòng trùng,002,09,Khác\n",
        encoding="utf-8",
    )
    load_reference(home, path)
    counts = register_raw_views(connection, home, FIRST, FIRST)
    assert found_tables(connection) == raw_tables()
    assert counts["platform_registry"] == 1
    provinces = connection.execute("select * from raw.reference_province").fetchall()
    assert provinces == [
        ("02", "Tỉnh Mẫu", "08", "Tỉnh Gộp", dt.date(2025, 7, 1), KINDS["provinces"].provenance)
    ]


def test_only_files_of_the_window_are_read_and_states_are_read_whole(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    deliver_parcels(home, FIRST, "a")
    deliver_parcels(home, SECOND, "b")
    deliver_text(home, "platform_registry_a.csv", PLATFORMS)
    windows = {(FIRST, FIRST): ["H1a"], (SECOND, SECOND): ["H1b"], (FIRST, SECOND): ["H1a", "H1b"]}
    for (from_day, to_day), expected in windows.items():
        counts = register_raw_views(connection, home, from_day, to_day)
        assert houses(connection) == expected
        assert counts["parcel_manifest"] == len(expected)
        assert counts["platform_registry"] == 1  # an event of 2020 still says what a platform is
        window = connection.execute("select * from raw.run_window").fetchall()
        assert window == [(from_day, to_day)]
    between = FIRST + dt.timedelta(days=1)
    assert register_raw_views(connection, home, between, between)["parcel_manifest"] == 0


def test_deliveries_and_their_faults_are_told(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    accepted = deliver_parcels(home, FIRST, "a")
    assert deliver_parcels(home, FIRST, "a").status == "duplicate"
    refused = deliver_text(home, "parcel_manifest_bad.csv", "wrong_header\n1\n")
    register_raw_views(connection, home, FIRST, FIRST)
    told = connection.execute(
        "select delivery_sequence, status, rows_in, accepted, quarantined, duplicates, day_min "
        "from raw.delivery_outcome order by 1"
    ).fetchall()
    assert told == [
        (1, "accepted", 3, 1, 2, 0, FIRST),
        (2, "duplicate", 3, 0, 0, 3, None),
        (3, "refused", 0, 0, 0, 0, None),
    ]
    assert refused.reason is not None
    faults = connection.execute("select * from raw.quarantine_reason").fetchall()
    assert [row[:3] + row[4:] for row in faults] == [
        ("parcel_manifest", accepted.sha256, "declared_value", 2)
    ]


def test_a_discarded_delivery_is_told_and_not_read(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    kept, gone = deliver_parcels(home, FIRST, "a"), deliver_parcels(home, FIRST, "b")
    Ledger(home.ledger).discard(gone.sha256, "a test", "tester")
    register_raw_views(connection, home, FIRST, FIRST)
    assert houses(connection) == ["H1a"]
    told = connection.execute(
        "select sha256, status from raw.delivery_outcome order by delivery_sequence"
    ).fetchall()
    assert told == [(kept.sha256, "accepted"), (gone.sha256, "discarded")]
    faults = connection.execute("select distinct sha256 from raw.quarantine_reason").fetchall()
    assert faults == [(kept.sha256,)]


def test_a_missing_file_stops_and_leaves_the_former_schema(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    deliver_parcels(home, FIRST, "a")
    register_raw_views(connection, home, FIRST, FIRST)
    (quarantined,) = home.quarantine.rglob("*.parquet")
    quarantined.unlink()
    with pytest.raises(WarehouseError, match="missing"):
        register_raw_views(connection, home, SECOND, SECOND)
    assert houses(connection) == ["H1a"]
    assert connection.execute("select from_day from raw.run_window").fetchone() == (FIRST,)


def test_raw_files_from_before_a_column_existed_are_silent_about_it(
    connection: duckdb.DuckDBPyConnection, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_parcels(home, FIRST, "a")
    deliver_parcels(home, SECOND, "b")
    (older,) = (file for file in home.raw.rglob("*.parquet") if "H1a" in str(pq.read_table(file)))
    older.chmod(0o640)
    pq.write_table(pq.read_table(older).drop_columns(["customs_notes"]), older)
    # In a real home that file would bear its own hash in the ledger.
    monkeypatch.setattr(raw_views, "raw_files", partial(raw_files, check=False))
    for last_day, expected in ((FIRST, ["H1a"]), (SECOND, ["H1a", "H1b"])):
        register_raw_views(connection, home, FIRST, last_day)
        assert found_tables(connection) == raw_tables()
        assert houses(connection) == expected
