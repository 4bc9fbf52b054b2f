"""Leftovers of killed deliveries: what is collected, and what never is."""

import subprocess
import sys
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from foundation.locks import shared
from ingest.store.leftovers import collect
from ledger.chain import Ledger


def dead_process() -> int:
    """An id that no process has any more."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one named raw file, and beside it what a killed delivery leaves."""
    made, dead = Home(tmp_path / "home"), dead_process()
    named, unnamed = (made.raw / "parcel_manifest" / "received_date=2026-11-21" / f"{n}.parquet"
                      for n in ("named", "unnamed"))  # fmt: skip
    for path in (
        named, unnamed, made.inputs / "ab" / "abcd", made.inputs / f".incoming.{dead}",
        made.inputs.parent / f".ledger.head.{dead}.tmp", made.work / "ingest" / f"{dead}-x" / "a",
        made.reference / "tariff" / f".x.parquet.{dead}.tmp", made.models / f".y.json.{dead}.tmp",
        made.models / "unnamed-model.json",
    ):  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    body = {"raw_file": str(named.relative_to(made.root)), "quarantine_file": None,
            "status": "refused", "sha256": "0", "source": "parcel_manifest"}  # fmt: skip
    Ledger(made.ledger).append("delivery", body)
    return made


def files(home: Home) -> set[str]:
    return {
        path.name.split(".")[0] or path.name.split(".")[1]
        for path in home.root.rglob("*")
        if path.is_file() and path.suffix not in (".lock", ".jsonl", ".head")
    }


def test_what_a_dead_process_left_is_removed_and_nothing_else(home: Home) -> None:
    removed = collect(home)
    assert len(removed) == 6
    # A ledger put back from an older copy would make every newer model look like a leftover.
    kept = {"named", "abcd", "unnamed-model"}
    assert files(home) == kept, "delivered bytes and models stay, named or not"
    assert collect(home) == ()


def test_nothing_is_removed_while_files_arrive(home: Home) -> None:
    before = files(home)
    with shared(home.arriving_lock):
        assert collect(home) == ()
    assert files(home) == before
    assert collect(home) != ()


def test_what_a_living_process_writes_stays(home: Home) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    kept = home.inputs / f".incoming.{child.pid}"
    kept.write_bytes(b"x")
    collect(home)
    assert kept.is_file()
    child.communicate(b"\n")
    collect(home)
    assert not kept.exists()


def test_below_a_damaged_ledger_nothing_is_removed(home: Home) -> None:
    before = files(home)
    home.ledger.write_bytes(home.ledger.read_bytes().replace(b"refused", b"accused"))
    with pytest.raises(WarehouseError, match="changed"):
        collect(home)
    assert files(home) == before


def test_rows_without_any_ledger_stay(home: Home) -> None:
    for name in ("ledger.jsonl", "ledger.head"):
        (home.inputs.parent / name).unlink()
    collect(home)
    assert {"named", "unnamed", "abcd"} <= files(home)
