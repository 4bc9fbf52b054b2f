"""Replay: the new result replaces the old in one entry, and everything before it stays as it was.

NOT claimed: what a run makes of the changed rows.
"""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome
from ingest.replay import replay
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from tests.faults.archives import gzip_bytes

DAY = dt.date(2026, 11, 21)
KEY = PseudonymKey.demonstration()
CSV = "house_waybill_number,arrived_at,declared_value\nA,05/11/2026,1\nB,06/11/2026,2\nC,,3\n"
WRONG, RIGHT = "%m/%d/%Y", "%d/%m/%Y"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.profiles.mkdir(parents=True)
    return home


def set_profile(
    home: Home, timestamp_format: str, *, name: str = "shop", comment: str = ""
) -> None:
    (home.profiles / f"{name}.toml").write_text(
        f"""# {comment}
sender = "{name}"
title = "Shop"
provenance = "test"
valid_from = 2020-01-01
[[outputs]]
source = "parcel_manifest"
suffix = ".csv"
format = "delimited"
decimal_separator = "."
timestamp_format = "{timestamp_format}"
""",
        encoding="utf-8",
    )


def send(
    home: Home, folder: Path, content: str | bytes = CSV, name: str = "x.csv"
) -> DeliveryOutcome:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (outcome,) = deliver(home, [path], sender="shop", received_date=DAY, key=KEY)
    return outcome


def again(home: Home, sha256: str, **options: str) -> DeliveryOutcome:
    stated = {"reason": "day and month were swapped", "signed_by": "analyst", **options}
    (outcome,) = replay(home, sha256, key=KEY, **stated)
    assert outcome.rows_in == outcome.accepted + outcome.quarantined + outcome.duplicates
    Ledger(home.ledger).verify()
    return outcome


def days(home: Home) -> list[tuple]:
    listed = raw_files(home, "parcel_manifest", dt.date.min, dt.date.max)
    return duckdb.sql(
        "select house_waybill_number, day, _received_date from "
        f"read_parquet({[str(path) for path in listed]}, hive_partitioning=false) order by 1"
    ).fetchall()


def test_the_new_result_replaces_the_old_in_one_entry(home: Home, tmp_path: Path) -> None:
    set_profile(home, WRONG)
    first = send(home, tmp_path)
    assert days(home) == [
        ("A", dt.date(2026, 5, 11), DAY), ("B", dt.date(2026, 6, 11), DAY), ("C", DAY, DAY),
    ]  # fmt: skip
    (old_file,) = raw_files(home, "parcel_manifest", dt.date.min, dt.date.max)
    old_bytes = old_file.read_bytes()
    set_profile(home, RIGHT)
    outcome = again(home, first.sha256)
    assert (outcome.status, outcome.accepted, outcome.received_date) == ("accepted", 3, DAY)
    assert days(home) == [
        ("A", dt.date(2026, 11, 5), DAY), ("B", dt.date(2026, 11, 6), DAY), ("C", DAY, DAY),
    ]  # fmt: skip
    entries = Ledger(home.ledger).entries()
    assert len(entries) == 2
    assert Ledger(home.ledger).deliveries() == entries[1:]
    assert entries[1].body["replay"] == {
        "reason": "day and month were swapped",
        "signed_by": "analyst",
        "replaces_seq": 1,
        "replaces_hash": entries[0].hash,
        "replaced_day_min": "2026-05-11",
        "replaced_day_max": "2026-11-21",
    }
    assert entries[1].body["profile_sha256"] != entries[0].body["profile_sha256"]
    assert old_file.read_bytes() == old_bytes, "raw files are immutable"
    assert old_file.parent == (home.root / entries[1].body["raw_file"]).parent


def test_an_equal_replay_says_so_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    set_profile(home, RIGHT)
    first = send(home, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in home.root.rglob("*") if path.is_file()}
    outcome = again(home, first.sha256)
    assert (outcome.status, outcome.duplicates) == ("duplicate", 3)
    assert str(outcome.reason).startswith("replay_unchanged: ")
    after = {path: path.stat().st_mtime_ns for path in home.root.rglob("*") if path.is_file()}
    assert after == before


def test_back_and_forth_never_writes_over_a_file(home: Home, tmp_path: Path) -> None:
    set_profile(home, RIGHT)
    first = send(home, tmp_path)
    right = days(home)
    for profile in (WRONG, RIGHT, WRONG, RIGHT):
        set_profile(home, profile)
        assert again(home, first.sha256).status == "accepted"
    assert days(home) == right
    assert len(list(home.raw.rglob("*.parquet"))) == 2, "equal bytes are kept once"


def test_a_changed_profile_with_equal_rows_is_recorded(home: Home, tmp_path: Path) -> None:
    set_profile(home, RIGHT)
    first = send(home, tmp_path)
    set_profile(home, RIGHT, comment="a comment")
    assert again(home, first.sha256).status == "accepted"
    assert len(list(home.raw.rglob("*.parquet"))) == 1


def test_quarantined_rows_come_in_after_the_fix(home: Home, tmp_path: Path) -> None:
    set_profile(home, "%Y.%m.%d")
    first = send(home, tmp_path)
    assert (first.accepted, first.quarantined) == (1, 2)
    set_profile(home, RIGHT)
    assert again(home, first.sha256).accepted == 3
    (standing,) = Ledger(home.ledger).deliveries()
    assert standing.body["quarantine_file"] is None
    assert len(list(home.quarantine.rglob("*.parquet"))) == 1, "the old violations stay at rest"


def test_a_refused_file_can_be_replayed(home: Home, tmp_path: Path) -> None:
    set_profile(home, RIGHT)
    refused = send(home, tmp_path, CSV, "x.dat")
    assert (refused.status, refused.source) == ("refused", "unknown")
    profile = home.profiles / "shop.toml"
    profile.write_text(profile.read_text().replace('".csv"', '".dat"'))
    outcome = again(home, refused.sha256)
    assert (outcome.status, outcome.accepted, outcome.source) == ("accepted", 3, "parcel_manifest")
    assert Ledger(home.ledger).entries()[1].body["replay"]["replaces_seq"] is None


def test_a_replay_that_is_refused_leaves_what_stood(home: Home, tmp_path: Path) -> None:
    set_profile(home, RIGHT)
    first = send(home, tmp_path)
    before = days(home)
    profile = home.profiles / "shop.toml"
    profile.write_text(profile.read_text().replace('"delimited"', '"parquet"'))
    outcome = again(home, first.sha256)
    assert (outcome.status, str(outcome.reason).split(":")[0]) == ("refused", "corrupt_parquet")
    assert days(home) == before
    assert Ledger(home.ledger).entries()[1].body["replay"]["replaces_seq"] == 1


def test_another_sender_can_be_stated(home: Home, tmp_path: Path) -> None:
    set_profile(home, WRONG)
    set_profile(home, RIGHT, name="other")
    first = send(home, tmp_path)
    outcome = again(home, first.sha256, sender="other")
    assert (outcome.sender, outcome.accepted) == ("other", 3)
    assert days(home)[0] == ("A", dt.date(2026, 11, 5), DAY)


def test_a_member_of_an_archive_is_replayed_alone(home: Home, tmp_path: Path) -> None:
    set_profile(home, WRONG)
    first = send(home, tmp_path, gzip_bytes(CSV.encode()), "x.csv.gz")
    set_profile(home, RIGHT)
    outcome = again(home, first.sha256)
    assert (outcome.file, outcome.accepted) == ("x.csv.gz/x.csv", 3)
    body = Ledger(home.ledger).entries()[1].body
    assert body["container_sha256"] == Ledger(home.ledger).entries()[0].body["container_sha256"]


def test_a_refused_archive_is_unpacked_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_profile(home, RIGHT)
    with monkeypatch.context() as settings:
        settings.setenv("IMPORT_RISK_READER_MEMBER_BYTES", "10")
        refused = send(home, tmp_path, gzip_bytes(CSV.encode()), "x.csv.gz")
    assert str(refused.reason).startswith("archive_too_large")
    assert again(home, refused.sha256).accepted == 3
    assert Ledger(home.ledger).entries()[1].body["replay"]["signed_by"] == "analyst"


def test_what_cannot_be_replayed_says_why(home: Home, tmp_path: Path) -> None:
    set_profile(home, RIGHT)
    first = send(home, tmp_path)
    with pytest.raises(WarehouseError, match="not here"):
        again(home, "0" * 64)
    with pytest.raises(UsageError, match="must say something"):
        again(home, first.sha256, reason=" ")
    with pytest.raises(WarehouseError, match="'demo'"):
        replay(home, first.sha256, reason="r", signed_by="s", key=PseudonymKey("k2", b"x" * 32))
    Ledger(home.ledger).discard(first.sha256, "wrong", "a person")
    with pytest.raises(WarehouseError, match="can be replayed"):
        again(home, first.sha256)
    stored = home.inputs / first.sha256[:2] / first.sha256
    stored.chmod(0o640)
    stored.write_bytes(b"changed")
    with pytest.raises(WarehouseError, match="changed"):
        again(home, first.sha256)


def test_a_change_in_between_stops_the_replay(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two analysts at once: the second is told, and nothing of theirs is lost."""
    set_profile(home, WRONG)
    first = send(home, tmp_path)
    set_profile(home, RIGHT)
    monkeypatch.setattr("ingest.replay.standing_delivery", _standing_after(home, first.sha256))
    with pytest.raises(WarehouseError, match="someone else"):
        again(home, first.sha256)
    assert [entry.kind for entry in Ledger(home.ledger).entries()] == ["delivery", "discard"]


def _standing_after(home: Home, sha256: str):
    """The first look finds the delivery; before the second one somebody discards it."""
    from ledger.entries import standing_delivery as standing

    looks = []

    def look(entries, *key):
        if not looks:
            looks.append(1)
            found = standing(entries, *key)
            Ledger(home.ledger).discard(sha256, "meanwhile", "somebody")
            return found
        return standing(entries, *key)

    return look
