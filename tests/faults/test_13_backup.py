"""Row 13: "backup / restore: `backup` = inputs + manifest chain + config; restore on an empty
machine reproduces the published hash of marts."

This module: what is in a backup, that damage is refused on both sides, and deliveries meanwhile.
The same content hashes after restore and rebuild: test_01_killed_runs, on the home it makes anyway.
"""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from ledger.chain import Ledger
from notices.outbox import Outbox
from recovery.backup import back_up
from recovery.restore import restore
from recovery.snapshots import object_path, read
from runs.editions import filed_editions, queue_released
from runs.model_registry import read_card
from serving.current import require_current
from serving.looks import CONSIGNMENT, looks, record
from serving.reader import query
from tests.faults.conftest import KEY, Door, parcel_rows, write_csv
from tests.faults.kills import environment, violations
from tests.faults.kills import remember as remembered
from tests.support.editions import configure, sent, told
from tests.support.risk_models import candidate, document, edit, promoted
from tests.unit.serving.fake_work import publish_work


@pytest.fixture
def stocked(door: Door) -> Door:
    """A home with two deliveries (one with quarantined rows), settings, a release, a look."""
    door.deliver(write_csv(door.folder / "parcel_manifest_1.csv", parcel_rows(3)))
    broken = [*parcel_rows(2, operator_code="OP2"), *parcel_rows(1, package_count="x")]
    door.deliver(write_csv(door.folder / "parcel_manifest_2.csv", broken))
    for folder, name in (
        ("waivers", "one.toml"), ("runs/r1", "start.json"), (".", "notices.toml"),
        ("scenarios", "vat.json"), ("reports/public-records", "2026-10.parquet"),
    ):  # fmt: skip
        (door.home.root / folder).mkdir(parents=True, exist_ok=True)
        (door.home.root / folder / name).write_text(f"# {name}\n")
    publish_work(door.home)
    record(door.home, CONSIGNMENT, "P-1", release_id="r000001-0123abcd", found=True)
    return door


def tree(home: Home, *left_out: str) -> dict[str, tuple[str, int]]:
    return {
        str(path.relative_to(home.root)): (sha256_file(path), path.stat().st_mode & 0o777)
        for path in home.root.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and path.relative_to(home.root).parts[0] not in left_out
        and path.suffix != ".lock"
        and path.name != ".lock"
    }


def test_a_restored_home_is_the_home_without_what_is_made_anew(
    stocked: Door, tmp_path: Path
) -> None:
    done = back_up(stocked.home, tmp_path / "backup")
    assert (done.ledger_seq, done.key_id) == (2, KEY.key_id)
    empty = Home(tmp_path / "elsewhere" / "home")
    empty.root.mkdir(parents=True)
    restored = restore(empty, tmp_path / "backup")
    assert restored.files == done.files
    assert tree(empty, "work") == tree(stocked.home, "work")
    assert Ledger(empty.ledger).verify() == 2
    assert [look.body["subject_id"] for look in looks(empty)] == ["P-1"]
    assert empty.looks.parent.stat().st_mode & 0o777 == 0o700
    assert violations(empty, remembered(stocked.home)) == []
    sql = "select * from risk.fct_selections"
    assert query(empty, sql).equals(query(stocked.home, sql))
    now = require_current(empty)
    assert (now.folder / "customs").stat().st_mode & 0o777 == 0o750
    # Life goes on: the ledger takes the next entry, publishing takes the next number.
    Ledger(empty.ledger).append("note", {"text": "restored"})
    assert publish_work(empty).startswith("r000002-")


def test_risk_models_come_back_with_what_was_promoted(stocked: Door, tmp_path: Path) -> None:
    promoted(stocked.home, candidate(stocked.home), dt.date(2026, 3, 2))
    other = candidate(stocked.home, -1400)
    back_up(stocked.home, tmp_path / "backup")
    restored = Home(tmp_path / "restored")
    restore(restored, tmp_path / "backup")
    assert tree(restored, "work") == tree(stocked.home, "work")
    assert read_card(restored, other).intercept_points == -1400
    assert promoted(restored, other, dt.date(2026, 3, 9)).version == other
    # A damaged or lost document is not backed up over a good one.
    edit(document(stocked.home, other), '"points":700', '"points":701')
    with pytest.raises(WarehouseError, match="is not what was written"):
        back_up(stocked.home, tmp_path / "fresh")
    document(stocked.home, other).unlink()
    with pytest.raises(WarehouseError, match="is gone"):
        back_up(stocked.home, tmp_path / "fresh")


def test_editions_come_back_and_nothing_is_sent_twice(stocked: Door, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    configure(stocked.home, folder=share)
    edition = sent(stocked.home, told())
    configure(stocked.home, folder=tmp_path / "not there")
    waiting = sent(stocked.home, told("7"), "a file was missing")
    back_up(stocked.home, tmp_path / "backup")
    restored = Home(tmp_path / "restored")
    restore(restored, tmp_path / "backup")
    assert tree(restored, "work") == tree(stocked.home, "work")
    assert [one.name for one in filed_editions(restored)] == [edition.name, waiting.name]
    assert queue_released(restored) == []
    assert [notice.run_id for notice in Outbox(restored).waiting()] == [waiting.name]
    # A damaged edition is not backed up over a good one.
    page = next((stocked.home.root / edition.folder).glob("*-vi.html"))
    page.chmod(0o640)
    page.write_text("else")
    with pytest.raises(WarehouseError, match="is not what was written"):
        back_up(stocked.home, tmp_path / "fresh")


def test_the_second_backup_copies_only_what_is_new(stocked: Door, tmp_path: Path) -> None:
    first = back_up(stocked.home, tmp_path / "backup")
    again = back_up(stocked.home, tmp_path / "backup")
    assert first.copied_files > again.copied_files == 0
    stocked.deliver(write_csv(stocked.folder / "parcel_manifest_3.csv", parcel_rows(5)))
    third = back_up(stocked.home, tmp_path / "backup")
    assert third.copied_files == 4  # the input, its rows, ledger and head
    names = {first.snapshot, again.snapshot, third.snapshot}
    assert len(names) == 2, "the same state is the same snapshot"
    assert read(tmp_path / "backup", None).ledger_seq == 3
    restore(Home(tmp_path / "old"), tmp_path / "backup", first.snapshot)
    assert Ledger(Home(tmp_path / "old").ledger).verify() == 2


def test_the_key_is_never_in_a_backup(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.conforming.pseudonymise import PseudonymKey

    secret = "9f3c" * 16
    variables = {
        "IMPORT_RISK_ENVIRONMENT": "production",
        "IMPORT_RISK_PII_KEY": secret,
        "IMPORT_RISK_PII_KEY_ID": "site-1",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    path = write_csv(door.folder / "parcel_manifest.csv", parcel_rows(3))
    door.deliver(path, key=PseudonymKey.from_environment(variables))
    done = back_up(door.home, tmp_path / "backup")
    assert done.key_id == "site-1"
    held = [p for p in (tmp_path / "backup").rglob("*") if p.is_file()]
    forms = (secret.encode(), bytes.fromhex(secret))
    assert [p for p in held if any(form in p.read_bytes() for form in forms)] == []
    assert any(b"site-1" in p.read_bytes() for p in held)  # negative control: the search finds


def test_a_home_that_is_not_empty_is_refused(stocked: Door, tmp_path: Path) -> None:
    back_up(stocked.home, tmp_path / "backup")
    before = tree(stocked.home)
    with pytest.raises(UsageError, match="empty home only"):
        restore(stocked.home, tmp_path / "backup")
    assert tree(stocked.home) == before


@pytest.mark.parametrize("harm", ["flip", "remove", "document"])
def test_a_damaged_backup_restores_nothing(stocked: Door, tmp_path: Path, harm: str) -> None:
    done = back_up(stocked.home, tmp_path / "backup")
    snapshot = read(tmp_path / "backup", done.snapshot)
    path = object_path(tmp_path / "backup", sorted(f["sha256"] for f in snapshot.files.values())[0])
    if harm == "document":
        path = tmp_path / "backup" / "snapshots" / f"{done.snapshot}.json"
    path.chmod(0o640)
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"0", b"1", 1) + b" ")
    with pytest.raises(WarehouseError, match=r"damaged|missing|changed"):
        restore(Home(tmp_path / "home2"), tmp_path / "backup")
    assert not (tmp_path / "home2").exists()


def test_a_snapshot_that_names_a_place_outside_is_refused(tmp_path: Path, stocked: Door) -> None:
    from dataclasses import replace

    from recovery import snapshots

    back_up(stocked.home, tmp_path / "backup")
    honest = read(tmp_path / "backup", None)
    (facts, *_) = honest.files.values()
    evil = replace(honest, files={**honest.files, "../outside": facts}, ledger_seq=99)
    snapshots.write(tmp_path / "backup", evil)
    with pytest.raises(WarehouseError, match="outside the home"):
        restore(Home(tmp_path / "place" / "home"), tmp_path / "backup")
    assert not (tmp_path / "place" / "outside").exists()


def test_damage_is_not_backed_up_over_good_bytes(stocked: Door, tmp_path: Path) -> None:
    raw = stocked.home.root / stocked.ledger.deliveries()[0].body["raw_file"]
    raw.chmod(0o640)
    content = raw.read_bytes()
    raw.write_bytes(content[:-1])
    with pytest.raises(WarehouseError, match="damaged home"):
        back_up(stocked.home, tmp_path / "backup")
    assert not list((tmp_path / "backup" / "snapshots").glob("*"))
    raw.write_bytes(content)
    back_up(stocked.home, tmp_path / "backup")


# Delivers files one after another, each acknowledged on its standard output.
_SENDER = """
import datetime as dt
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from tests.faults.conftest import parcel_rows, write_csv
home = Home.from_environment()
for number in range(6):
    path = home.root.parent / f"parcel_manifest_m{number}.csv"
    write_csv(path, parcel_rows(4, operator_code=f"M{number}"))
    deliver(home, [path], received_date=dt.date(2026, 11, 22), key=PseudonymKey.demonstration())
    print(number, flush=True)
"""


def test_a_backup_while_deliveries_arrive_is_of_one_ledger_head(
    stocked: Door, tmp_path: Path
) -> None:
    sender = subprocess.Popen(
        [sys.executable, "-c", _SENDER], env=environment(stocked.home), stdout=subprocess.PIPE
    )
    assert sender.stdout is not None
    found = []
    for _ in range(2):
        sender.stdout.readline()
        found.append(back_up(stocked.home, tmp_path / "backup"))
    sender.communicate()
    assert sender.returncode == 0
    heads = [done.ledger_seq for done in found]
    assert heads == sorted(heads)
    assert heads[0] >= 3
    for number, done in enumerate(found):
        home = Home(tmp_path / f"restored{number}")
        restore(home, tmp_path / "backup", done.snapshot)
        assert Ledger(home.ledger).verify() == done.ledger_seq
        assert violations(home, remembered(home)) == []
    assert Ledger(stocked.home.ledger).verify() == 8
