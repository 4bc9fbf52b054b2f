"""Key rotation: every token changes, every join stays, and a crash leaves one key or the other.

Not claimed: releases and history published before stay as they were, under the old key.
"""

import datetime as dt
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.catalogue import CONTRACTS
from foundation.errors import UsageError, WarehouseBusy, WarehouseError
from foundation.home import Home
from foundation.locks import exclusive
from ingest import rotation
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.raw_views import register_raw_views
from ingest.replay import replay
from ingest.rotation import (
    OLD_KEY_ID_VARIABLE,
    OLD_KEY_VARIABLE,
    old_key_from_environment,
    rotate,
)  # fmt: skip
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from ledger.entries import bound_key_id

pytestmark = pytest.mark.slow

DAY = dt.date(2026, 11, 21)
OLD, NEW = PseudonymKey.demonstration(), PseudonymKey("k2", b"2" * 32)
NEWER = PseudonymKey("k3", b"3" * 32)
DECISION = {"reason": "yearly change", "signed_by": "Security officer"}
SOURCES = ("parcel_manifest", "low_value_declaration")
PARCELS = """house_waybill_number,consignee_name,consignee_phone,consignee_address
A1,Nguyễn Văn An,0912000001,"1 Lê Lợi, Quận 1, TP.HCM"
A2,NGUYEN VAN AN,+84 912 000 001,"1 Lê Lợi, Quận 1, TP.HCM"
A3,Trần Thị Bé,0912000002,
A4,,,
"""
LOW_VALUE = """house_waybill_number,arrived_on,importer_name,importer_phone,importer_id_number
B1,2026-11-21,nguyễn văn an,0912 000 001,001202000001
B2,2026-11-21,Lê Văn Cường,0912000003,
"""


def send(home: Home, name: str, content: str, key: PseudonymKey = OLD) -> Any:
    path = home.root.parent / name
    path.write_text(content, encoding="utf-8")
    (outcome,) = deliver(home, [path], received_date=DAY, key=key)
    return outcome


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("delivered") / "home")
    files = {"parcel_manifest.csv": PARCELS, "low_value_declaration.csv": LOW_VALUE}
    for name, content in files.items():
        assert send(made, name, content).status == "accepted"
    return made


@pytest.fixture
def home(delivered: Home, tmp_path: Path) -> Home:
    """A copy that one test may change."""
    shutil.copytree(delivered.root, tmp_path / "home")
    return Home(tmp_path / "home")


def raw(home: Home) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for source in SOURCES:
        files = [str(path) for path in raw_files(home, source, dt.date.min, dt.date.max)]
        with duckdb.connect() as connection:
            rows = connection.execute(
                "select * from read_parquet(?, hive_partitioning = false) order by _src_line",
                [files],
            )
            names = [column[0] for column in rows.description]
            found[source] = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return found


def token_columns() -> list[tuple[str, str]]:
    return [
        (source, name)
        for source in SOURCES
        for name, _ in CONTRACTS[source].raw_columns()
        if name.endswith("_token")
    ]


def classes(rows: dict[str, list[dict[str, Any]]]) -> set[frozenset[tuple[str, str, int]]]:
    """Which places hold equal tokens, over all columns and sources: what every join rests on."""
    places: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for source, column in token_columns():
        for number, row in enumerate(rows[source]):
            if row[column] is not None:
                places[row[column]].add((source, column, number))
    return {frozenset(group) for group in places.values()}


def without_tokens(rows: dict[str, list[dict[str, Any]]]) -> list[Any]:
    dropped = {name for _, name in token_columns()}
    return [
        {name: value for name, value in row.items() if name not in dropped}
        for source in SOURCES
        for row in rows[source]
    ]


def tokens(rows: dict[str, list[dict[str, Any]]]) -> set[str]:
    return {
        row[column] for source, column in token_columns() for row in rows[source] if row[column]
    }


def test_every_token_changes_and_every_join_stays(home: Home) -> None:
    before = raw(home)
    done = rotate(home, old=OLD, new=NEW, **DECISION)
    after = raw(home)
    assert (done.old_key_id, done.new_key_id, done.deliveries, done.rows) == ("demo", "k2", 2, 6)
    assert done.removed_files == 2
    assert {token.split(":")[0] for token in tokens(after)} == {"k2"}
    assert not tokens(before) & tokens(after)
    assert classes(after) == classes(before)
    # By hand: one person in three places (A1, A2 by another spelling, B1), and nobody else joins.
    names = [group for group in classes(after) if len(group) == 3]
    assert {column for group in names for _, column, _ in group} >= {
        "consignee_name_token", "importer_name_token",
    }  # fmt: skip
    assert without_tokens(after) == without_tokens(before)


def test_the_home_belongs_to_the_new_key_afterwards(home: Home) -> None:
    rotate(home, old=OLD, new=NEW, **DECISION)
    ledger = Ledger(home.ledger)
    entry = ledger.entries()[-1]
    assert ledger.verify() == 3
    assert (entry.kind, entry.body["reason"]) == ("rotation", "yearly change")
    assert bound_key_id(ledger.entries()) == "k2"
    with pytest.raises(WarehouseError, match="'k2'"):
        deliver(home, [], received_date=DAY, key=OLD)
    assert send(home, "parcel_manifest_2.csv", PARCELS.replace("A", "C"), NEW).accepted == 4
    again = send(home, "parcel_manifest.csv", PARCELS, NEW)
    assert (again.status, again.accepted) == ("duplicate", 0)
    # The new file joins with the rotated ones.
    found = raw(home)["parcel_manifest"]
    assert len({row["consignee_phone_token"] for row in found}) == 3  # two numbers and null


def test_models_read_the_new_files_and_a_replay_finds_its_input(home: Home) -> None:
    rotate(home, old=OLD, new=NEW, **DECISION)
    with duckdb.connect() as connection:
        counts = register_raw_views(connection, home, DAY, DAY)
    assert (counts["parcel_manifest"], counts["low_value_declaration"]) == (4, 2)
    sha256 = Ledger(home.ledger).entries()[0].body["sha256"]
    (outcome,) = replay(home, sha256, key=NEW, reason="check", signed_by="x")
    assert outcome.status in ("accepted", "duplicate")
    assert len(raw(home)["parcel_manifest"]) == 4


def test_it_can_be_done_again_but_never_back(home: Home) -> None:
    before = raw(home)
    rotate(home, old=OLD, new=NEW, **DECISION)
    rotate(home, old=NEW, new=NEWER, **DECISION)
    assert classes(raw(home)) == classes(before)
    assert {token.split(":")[0] for token in tokens(raw(home))} == {"k3"}
    for key in (NEW, OLD, PseudonymKey("k9", NEWER.secret)):
        with pytest.raises(UsageError, match="used in this home before"):
            rotate(home, old=NEWER, new=key, **DECISION)


def test_nothing_counts_before_the_entry(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at the last moment: the old files still stand, and a second try succeeds."""
    before = raw(home)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rotation, "_commit", dies)
    with pytest.raises(KeyboardInterrupt):
        rotate(home, old=OLD, new=NEW, **DECISION)
    monkeypatch.undo()
    assert raw(home) == before
    assert bound_key_id(Ledger(home.ledger).entries()) == "demo"
    rotate(home, old=OLD, new=NEW, **DECISION)
    assert classes(raw(home)) == classes(before)
    assert len(list(home.raw.rglob("*.parquet"))) == 2


def test_what_a_crash_after_the_entry_left_is_removed_by_repeating(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rotation, "_finished", dies)
    with pytest.raises(KeyboardInterrupt):
        rotate(home, old=OLD, new=NEW, **DECISION)
    monkeypatch.undo()
    assert {token.split(":")[0] for token in tokens(raw(home))} == {"k2"}
    assert len(list(home.raw.rglob("*.parquet"))) == 4
    done = rotate(home, old=OLD, new=NEW, **DECISION)
    assert done.removed_files == 2
    assert len(Ledger(home.ledger).entries()) == 3


def test_what_arrives_during_the_rotation_is_rotated_too(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, calls = rotation._commit, []

    def late(*arguments: Any) -> Any:
        if not calls:
            send(home, "parcel_manifest_late.csv", PARCELS.replace("A", "L"))
        calls.append(1)
        return commit(*arguments)

    monkeypatch.setattr(rotation, "_commit", late)
    done = rotate(home, old=OLD, new=NEW, **DECISION)
    assert (len(calls), done.deliveries) == (2, 3)
    assert {token.split(":")[0] for token in tokens(raw(home))} == {"k2"}


def test_the_wrong_old_key_changes_nothing(home: Home) -> None:
    with pytest.raises(UsageError, match="tokens of 'demo'"):
        rotate(home, old=NEWER, new=NEW, **DECISION)
    impostor = PseudonymKey("demo", b"not the demonstration key at all")
    with pytest.raises(WarehouseError, match="cannot be derived again"):
        rotate(home, old=impostor, new=NEW, **DECISION)
    assert len(Ledger(home.ledger).entries()) == 2


def test_missing_bytes_and_a_running_run_stop_it(home: Home) -> None:
    with exclusive(home.warehouse_lock, "run"), pytest.raises(WarehouseBusy):
        rotate(home, old=OLD, new=NEW, **DECISION)
    sha256 = Ledger(home.ledger).entries()[0].body["sha256"]
    (home.inputs / sha256[:2] / sha256).unlink()
    with pytest.raises(WarehouseError, match="not here"):
        rotate(home, old=OLD, new=NEW, **DECISION)
    assert bound_key_id(Ledger(home.ledger).entries()) == "demo"


def test_discarded_rows_lose_their_old_tokens_too(home: Home) -> None:
    ledger = Ledger(home.ledger)
    ledger.discard(ledger.entries()[0].body["sha256"], "wrong", "x")
    home.warehouse.parent.mkdir(exist_ok=True)
    home.warehouse.write_bytes(b"tokens of the old key")
    done = rotate(home, old=OLD, new=NEW, **DECISION)
    assert (done.deliveries, done.removed_files) == (1, 2)
    assert not home.warehouse.exists()
    assert len(list(home.raw.rglob("*.parquet"))) == 1


def test_the_old_key_comes_from_the_environment() -> None:
    assert old_key_from_environment({}).key_id == "demo"
    stated = {OLD_KEY_VARIABLE: "o" * 32, OLD_KEY_ID_VARIABLE: "k1"}
    assert old_key_from_environment(stated) == PseudonymKey("k1", b"o" * 32)
    with pytest.raises(WarehouseError):
        old_key_from_environment({OLD_KEY_VARIABLE: "short", OLD_KEY_ID_VARIABLE: "k1"})


def test_a_decision_needs_a_reason_and_a_name(home: Home) -> None:
    with pytest.raises(UsageError):
        rotate(home, old=OLD, new=NEW, reason=" ", signed_by="x")
