"""Quarantined rows are counted, shown and exported as they stand today, and as nothing else.

Expectations are counted by hand from the two files below. NOT claimed: replays (tests of replay.py)
and what a spreadsheet program does (tests of export.py).
"""

import csv
import datetime as dt
from pathlib import Path

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.reasons import ROW_REASONS
from ingest.remedies import REMEDIES, remedy
from ingest.store.quarantine import (
    Selection,
    counts,
    delivery_named,
    export,
    refused_files,
    violations,
)
from ledger.chain import Ledger

FIRST, SECOND = dt.date(2026, 11, 20), dt.date(2026, 11, 21)
HEADER = "house_waybill_number,arrived_at,consignee_name,channel,declared_value\n"
# Line 3 breaks two rules, 4 has too few fields, 5 breaks one rule.
FIRST_FILE = (
    f"{HEADER}A,2026-11-20T01:00:00,Nguyễn Văn A,express,1.5\n"
    ",2026-02-31T00:00:00,Lê Thị B,express,2\n"
    "C,2026-11-20\n"
    "D,2026-11-20T01:00:00,,=cmd|'x',2\n"
)
# Line 2 breaks a rule of the first file's kind.
SECOND_FILE = f"{HEADER}E,yesterday,,express,1\nF,,,express,1\n"
PROFILE = """
sender = "thu"
title = "Thử"
provenance = "synthetic"
valid_from = 2026-01-01
[[outputs]]
source = "parcel_manifest"
format = "delimited"
decimal_separator = "."
"""


def send(home: Home, path: Path, content: str, day: dt.date, sender: str | None = None) -> str:
    path.write_text(content, encoding="utf-8")
    key = PseudonymKey.demonstration()
    (outcome,) = deliver(home, [path], sender=sender, received_date=day, key=key)
    return outcome.sha256


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two deliveries with broken rows, of two senders and days, and a refused file."""
    folder = tmp_path_factory.mktemp("quarantine")
    home = Home(folder / "home")
    home.profiles.mkdir(parents=True)
    (home.profiles / "thu.toml").write_text(PROFILE, encoding="utf-8")
    send(home, folder / "parcel_manifest_1.csv", FIRST_FILE, FIRST)
    send(home, folder / "hai\x1b[2J.csv", SECOND_FILE, SECOND, "thu")
    send(home, folder / "empty.csv", "", SECOND, "thu")
    return home


def brief(rows: list[dict]) -> list[tuple]:
    return [(r["sender"], r["reason_code"], r["rows"], r["violations"]) for r in rows]


def test_counts_per_sender_reason_and_delivery(home: Home) -> None:
    assert brief(counts(home, Selection())) == [
        ("standard", "not_in_code_list", 1, 1),
        ("standard", "required", 1, 1),
        ("standard", "timestamp_format", 1, 1),
        ("standard", "too_few_fields", 1, 1),
        ("thu", "timestamp_format", 1, 1),
    ]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(sender="thu"), 1),
        (Selection(reason="timestamp_format"), 2),
        (Selection(to_day=FIRST), 4),
        (Selection(from_day=SECOND), 1),
        (Selection(from_day=SECOND, sender="standard"), 0),
        (Selection(source="customs_declaration"), 0),
        (Selection(reason="' or true --"), 0),
    ],
)
def test_filters(home: Home, selection: Selection, expected: int) -> None:
    assert len(counts(home, selection)) == expected
    assert violations(home, selection).violations == expected


def test_a_record_counts_once_however_many_rules_it_breaks(home: Home) -> None:
    found = violations(home, Selection(sender="standard"), limit=2)
    assert (found.rows, found.violations, len(found.shown)) == (3, 4, 2)
    every = violations(home, Selection(sender="standard")).shown
    assert [(row["line"], row["column_name"], row["reason_code"]) for row in every] == [
        (3, "arrived_at", "timestamp_format"),
        (3, "house_waybill_number", "required"),
        (4, None, "too_few_fields"),
        (5, "channel", "not_in_code_list"),
    ]
    assert every[0]["reason_vi"] == ROW_REASONS["timestamp_format"][0]
    assert every[0]["remedy_en"] == remedy("timestamp_format")[1]
    assert not any("Nguyễn" in str(row) or "Lê" in str(row) for row in every)


def test_files_refused_whole_are_listed_apart(home: Home) -> None:
    (file,) = refused_files(home, Selection())
    assert (file["file"], file["reason_code"]) == ("empty.csv", "empty_file")
    assert refused_files(home, Selection(sender="standard")) == []
    assert refused_files(home, Selection(reason="encoding_mismatch")) == []


def test_an_export_holds_every_violation_and_nothing_that_acts(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert export(home, Selection(), target) == 5
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == 6
    assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row)
    assert any("'=cmd" in cell for row in rows for cell in row)
    assert not any("\x1b" in cell for row in rows for cell in row)
    assert any("\\u001b[2J" in cell for row in rows for cell in row)
    with pytest.raises(UsageError, match="no quarantined row"):
        export(home, Selection(sender="nobody"), tmp_path / "none.csv")
    assert not (tmp_path / "none.csv").exists()


def test_a_delivery_is_named_by_its_first_digits(home: Home) -> None:
    (entry,) = (e for e in Ledger(home.ledger).deliveries() if e.body["sender"] == "thu")
    sha256 = entry.body["sha256"]
    assert [item.seq for item in delivery_named(home, sha256[:8])] == [entry.seq]
    assert violations(home, Selection(delivery=sha256[:8])).violations == 1
    for wrong in ("ABCDEF12", "12345", "' or 1", "0" * 64):
        with pytest.raises(UsageError):
            delivery_named(home, wrong)
    empty = refused_files(home, Selection())[0]["sha256"]
    with pytest.raises(UsageError, match="empty_file"):
        delivery_named(home, empty)


def test_discarded_deliveries_and_missing_files(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    sha256 = send(home, tmp_path / "parcel_manifest_1.csv", FIRST_FILE, FIRST)
    assert len(counts(home, Selection())) == 4
    (kept,) = home.quarantine.glob("*/*.parquet")
    aside = kept.rename(tmp_path / "aside")
    with pytest.raises(WarehouseError, match="missing"):
        counts(home, Selection())
    aside.rename(kept)
    Ledger(home.ledger).discard(sha256, "test", "test")
    assert counts(home, Selection()) == []


def test_every_row_reason_has_a_remedy() -> None:
    assert set(ROW_REASONS) - set(REMEDIES) == set()
    assert set(REMEDIES) - set(ROW_REASONS) == set()
