"""The work of the sandbox's child done in this process: quick, for tests that read many files.

Defines read_straight. Add here what property and fuzz tests share. Keep out: the door, the ledger
and the sandbox (conftest.py): what they promise is tested through them.
"""

import datetime as dt
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.conforming.jobs import ACCEPTED_FILE, QUARANTINE_FILE, ReadJob
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.conforming.worker import read_and_conform
from ingest.outcomes import FileRefused
from ingest.readers.registry import reader_address
from ingest.senders.profile import Layout

DAY = dt.date(2026, 11, 21)
KEY = PseudonymKey.demonstration()
MEMORY = 1 << 30


@dataclass(frozen=True)
class Straight:
    """counts: rows_in, accepted, quarantined, duplicates; empty when refused. rows: what was
    accepted. quarantine: (line, column, reason code). refusal: a reason code or None."""

    counts: dict[str, int]
    rows: list[dict[str, Any]]
    quarantine: list[tuple[int, str | None, str]]
    warnings: list[str]
    refusal: str | None


def read_straight(path: Path, layout: Layout, folder: Path, source: str) -> Straight:
    """Read one file as one source into `folder`, which is emptied first.

    The conservation law and the number of accepted rows are asserted.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    job = ReadJob(
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        source=source,
        layout=layout,
        reader=reader_address(layout.format),
        sender="straight",
        received_date=DAY,
        key=KEY,
        folder=folder,
        memory=MEMORY,
    )
    try:
        result = read_and_conform(job)
    except FileRefused as refusal:
        return Straight({}, [], [], [], refusal.reason_code)
    names = ("rows_in", "accepted", "quarantined", "duplicates")
    counts = {name: result[name] for name in names}
    assert counts["rows_in"] == sum(counts.values()) - counts["rows_in"], counts
    rows = _records(folder / ACCEPTED_FILE)
    assert len(rows) == counts["accepted"], counts
    broken = _records(folder / QUARANTINE_FILE) if counts["quarantined"] else []
    assert len({item["line"] for item in broken}) == counts["quarantined"], counts
    found = [(item["line"], item["column_name"], item["reason_code"]) for item in broken]
    return Straight(counts, rows, found, result["warnings"], None)


def _records(path: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.execute(f"select * from read_parquet('{path}')")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
