"""Retention: nothing is over age until a period is set; what is removed is named in the ledger."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest

from foundation.errors import UsageError, WarehouseBusy
from foundation.home import Home
from foundation.locks import exclusive
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.raw_views import register_raw_views
from ingest.store import retention
from ingest.store.landing import raw_files
from ingest.store.retention import apply, due, policy
from ledger.chain import Ledger

FIRST, LAST = dt.date(2026, 1, 10), dt.date(2026, 3, 10)
KEY = PseudonymKey.demonstration()
DECISION = {"reason": "period of decision 1", "signed_by": "Records officer"}
HEADER = "house_waybill_number,declared_value,consignee_name\n"


def send(home: Home, name: str, content: str, day: dt.date) -> None:
    path = home.root.parent / name
    path.write_text(HEADER + content, encoding="utf-8")
    deliver(home, [path], received_date=day, key=KEY)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("delivered") / "home")
    send(made, "parcel_manifest_1 Nguyễn Văn An.csv", "A,1,x\nB,-,y\n", FIRST)
    send(made, "parcel_manifest_2.csv", "C,1,x\n", LAST)
    return made


@pytest.fixture
def home(delivered: Home, tmp_path: Path) -> Home:
    shutil.copytree(delivered.root, tmp_path / "home")
    return Home(tmp_path / "home")


def set_periods(home: Home, **days: int) -> None:
    lines = [f"{store},{count},decision 1" for store, count in days.items()]
    text = "\n".join(["store,keep_days,basis", *lines]) + "\n"
    (home.root / "retention.csv").write_text(text, encoding="utf-8")


def at_rest(home: Home) -> dict[str, int]:
    folders = {"raw": home.raw, "quarantine": home.quarantine, "inputs": home.inputs.parent}
    return {
        name: sum(
            path.is_file() and "ledger" not in path.name and path.suffix != ".lock"
            for path in folder.rglob("*")
        )
        for name, folder in folders.items()
    }


def test_no_period_is_invented(home: Home) -> None:
    assert {rule.keep_days for rule in policy(home).values()} == {None}
    assert due(home, dt.date(2999, 1, 1)) == []


def test_a_file_is_kept_for_its_days_and_not_longer(home: Home) -> None:
    """31 days after 10 January end with 10 February."""
    set_periods(home, raw=31, quarantine=31, inputs=31)
    assert due(home, dt.date(2026, 2, 10)) == []
    found = due(home, dt.date(2026, 2, 11))
    # bytes, kept name, rows, violations of the first delivery; nothing of the second
    assert sorted(item.store for item in found) == ["inputs", "inputs", "quarantine", "raw"]
    assert {item.since for item in found} == {dt.date(2026, 2, 11)}


def test_listing_removes_nothing(home: Home) -> None:
    before = at_rest(home)
    set_periods(home, raw=1, inputs=1)
    due(home, LAST)
    assert at_rest(home) == before == {"raw": 2, "quarantine": 1, "inputs": 3}


def test_removal_is_in_the_ledger_and_the_rest_still_works(home: Home) -> None:
    set_periods(home, raw=31, quarantine=31, inputs=31)
    removed = apply(home, dt.date(2026, 2, 11), **DECISION)
    assert len(removed) == 4
    assert at_rest(home) == {"raw": 1, "quarantine": 0, "inputs": 1}
    ledger = Ledger(home.ledger)
    entry = ledger.entries()[-1]
    assert (entry.kind, ledger.verify()) == ("retention", 3)
    assert entry.body["policy"]["raw"] == {"keep_days": 31, "basis": "decision 1"}
    assert [item["path"] for item in entry.body["files"]] == [item.path for item in removed]
    assert len(raw_files(home, "parcel_manifest", dt.date.min, dt.date.max)) == 1
    with duckdb.connect() as connection:
        counts = register_raw_views(connection, home, FIRST, LAST)
    assert (counts["parcel_manifest"], counts["quarantine_reason"]) == (1, 0)
    assert apply(home, dt.date(2026, 2, 11), **DECISION) == []


def test_quarantine_may_go_before_the_rows(home: Home) -> None:
    set_periods(home, quarantine=1)
    assert [item.store for item in apply(home, dt.date(2026, 2, 1), **DECISION)] == ["quarantine"]
    assert len(raw_files(home, "parcel_manifest", dt.date.min, dt.date.max)) == 2
    with duckdb.connect() as connection:
        assert register_raw_views(connection, home, FIRST, LAST)["quarantine_reason"] == 0


def test_the_same_bytes_may_come_again(home: Home) -> None:
    set_periods(home, raw=31, quarantine=31, inputs=31)
    apply(home, dt.date(2026, 2, 11), **DECISION)
    send(home, "parcel_manifest_1.csv", "A,1,x\nB,-,y\n", LAST)
    assert at_rest(home) == {"raw": 2, "quarantine": 1, "inputs": 2}
    assert apply(home, dt.date(2026, 2, 11), **DECISION) == []
    assert at_rest(home) == {"raw": 2, "quarantine": 1, "inputs": 2}


def test_an_interrupted_removal_is_finished(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    set_periods(home, raw=31, inputs=31)
    with monkeypatch.context() as patch:
        calls = []

        def dies(*_: object) -> None:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt

        patch.setattr(retention, "_remove_left", dies)
        with pytest.raises(KeyboardInterrupt):
            apply(home, dt.date(2026, 2, 11), **DECISION)
    assert len(raw_files(home, "parcel_manifest", dt.date.min, dt.date.max)) == 1
    assert at_rest(home)["raw"] == 2
    assert apply(home, dt.date(2026, 2, 11), **DECISION) == []
    assert at_rest(home) == {"raw": 1, "quarantine": 1, "inputs": 1}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("store,keep_days,basis\ninputs,10,x\nraw,20,x\n", "outlive"),
        ("store,keep_days,basis\ninputs,10,x\n", "outlive"),
        ("store,keep_days,basis\nraw,ten,x\n", "whole days"),
        ("store,keep_days,basis\nraw,10,\n", "basis"),
        ("store,keep_days,basis\nledger,10,x\n", "stores"),
        ("store,days\nraw,10\n", "columns"),
    ],
)
def test_a_policy_that_makes_no_sense_stops_everything(home: Home, text: str, what: str) -> None:
    (home.root / "retention.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=what):
        due(home, LAST)


def test_a_removal_needs_a_reason_and_no_run(home: Home) -> None:
    set_periods(home, raw=1, inputs=1)
    with pytest.raises(UsageError):
        apply(home, LAST, reason="", signed_by="x")
    with exclusive(home.warehouse_lock, "run"), pytest.raises(WarehouseBusy):
        apply(home, LAST, **DECISION)
