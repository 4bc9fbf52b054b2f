"""Which rows of other days a run reads: those of the same records, and no others (fault row 52).

Not claimed: what the models make of them (tests/faults/test_52_versions.py), or that anything
beyond the reach is found.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from contracts.base import Contract
from foundation.errors import WarehouseError
from foundation.home import Home
from ingest import links
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.links import REACH_DAYS, linked_days
from ingest.raw_views import register_raw_views
from ledger.chain import Ledger

FIRST, THIRD, LATE = dt.date(2026, 3, 2), dt.date(2026, 3, 4), dt.date(2026, 4, 11)
BEYOND = FIRST + dt.timedelta(days=REACH_DAYS + 1)
HEADER = "house_waybill_number,version_number,record_status,arrived_at\n"
LINES = "declaration_number,line_number,local_reference_number,record_status,registered_at\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The first day, its amendment of the third, two cancellations without a day, 40 days late."""
    folder = tmp_path_factory.mktemp("links")
    home = Home(folder / "it's [home] *")

    def take(name: str, text: str, received: dt.date) -> None:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        (outcome,) = deliver(home, [path], received_date=received, key=PseudonymKey.demonstration())
        assert outcome.status == "accepted", outcome

    take(
        "parcel_manifest_1.csv",
        HEADER + f"KEPT,1,original,{FIRST}T01:00:00\nMOVED,1,original,{FIRST}T01:00:00\n"
        f"GONE,,original,{FIRST}T01:00:00\n",
        FIRST,
    )
    take(
        "parcel_manifest_2.csv",
        HEADER + f"MOVED,2,original,{THIRD}T01:00:00\nOTHER,1,original,{THIRD}T01:00:00\n",
        THIRD,
    )
    take("parcel_manifest_3.csv", HEADER + "GONE,,cancelled,\nUNKNOWN,,cancelled,\n", LATE)
    take("parcel_manifest_4.csv", HEADER + "KEPT,,cancelled,\n", BEYOND)
    take("customs_declaration_1.csv", LINES + f"100,1,REF,original,{FIRST}T01:00:00\n", FIRST)
    take("customs_declaration_2.csv", LINES + "REF,1,REF,amended,\n", LATE)
    return home


@pytest.fixture
def connection(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def seen(
    connection: duckdb.DuckDBPyConnection, home: Home, day: dt.date
) -> tuple[list[str], list[str]]:
    """House waybills seen by a run of `day`: (of its own files, linked)."""
    register_raw_views(connection, home, day, day)
    rows = connection.execute(
        "select house_waybill_number, linked.source is not null from raw.parcel_manifest as row "
        "left join raw.linked_record as linked on row._src_sha = linked.sha256 "
        "and row._src_line = linked.source_line order by all"
    ).fetchall()
    own = [name for name, is_linked in rows if not is_linked]
    return own, [name for name, is_linked in rows if is_linked]


def test_a_day_sees_what_amends_it_later(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    own, linked = seen(connection, home, FIRST)
    assert own == ["GONE", "KEPT", "MOVED"]
    # Not OTHER and UNKNOWN, which are of nobody here; not the cancellation beyond the reach.
    assert linked == ["GONE", "MOVED"]


def test_a_day_sees_the_originals_of_what_it_amends(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    assert seen(connection, home, LATE) == (["GONE", "UNKNOWN"], ["GONE"])
    assert seen(connection, home, THIRD) == (["MOVED", "OTHER"], ["MOVED"])


def test_an_amendment_under_the_senders_reference_is_linked(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    register_raw_views(connection, home, LATE, LATE)
    found = "select declaration_number, day from raw.customs_declaration order by all"
    assert connection.execute(found).fetchall() == [("100", FIRST), ("REF", LATE)]


def test_a_window_over_both_days_links_nothing(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    counts = register_raw_views(connection, home, FIRST, LATE)
    assert counts["linked_record"] == 0
    assert counts["parcel_manifest"] == 7


def test_pending_days_include_those_of_the_records_concerned(home: Home) -> None:
    ledger = Ledger(home.ledger)
    bodies = {entry.body["file"]: entry.body for entry in ledger.deliveries()}
    entries = ledger.entries()

    def days(*files: str) -> list[dt.date]:
        return linked_days(home, entries, [bodies[file] for file in files])

    assert days("parcel_manifest_3.csv") == [FIRST]
    assert days("parcel_manifest_1.csv") == [THIRD, LATE]
    assert days("customs_declaration_2.csv", "parcel_manifest_2.csv") == [FIRST]


def test_a_file_is_searched_for_amendments_once_however_many_deliveries_ask(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[Path] = []
    honest = links._amending

    def noted(contract: Contract, files: Sequence[Path], *more: str) -> str:
        searched.extend(files)
        return honest(contract, files, *more)

    monkeypatch.setattr(links, "_amending", noted)
    entries = Ledger(home.ledger).entries()
    bodies = [entry.body for entry in Ledger(home.ledger).deliveries()]
    together = linked_days(home, entries, [*bodies, *bodies])
    assert len(searched) == len(set(searched)) > 2
    assert together == sorted({d for body in bodies for d in linked_days(home, entries, [body])})


def test_a_linked_file_that_was_altered_stops_the_run(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    (file,) = (f for f in home.raw.rglob("*.parquet") if "UNKNOWN" in str(pq.read_table(f)))
    kept = Path(file).read_bytes()
    file.chmod(0o640)
    try:
        pq.write_table(pq.read_table(file), file, compression="none")
        with pytest.raises(WarehouseError, match="not what was written"):
            register_raw_views(connection, home, FIRST, FIRST)
    finally:
        file.write_bytes(kept)
