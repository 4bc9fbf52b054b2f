"""The front door of a throw-away warehouse, and builders of delivered files.

Add here what fault tests of several rows need. Keep out: the faulty data of one row (its module).
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from tests.faults import record_cases, tiny_home

DAY = dt.date(2026, 11, 21)  # the day of receipt unless a test states another
KEY = PseudonymKey.demonstration()

Row = Mapping[str, object]


@dataclass(frozen=True)
class Door:
    """One fresh home and its delivery desk; `folder` is for the files that are delivered."""

    home: Home
    folder: Path

    def deliver(self, path: Path, **options: Any) -> list[DeliveryOutcome]:
        """Deliver one file (`source`, `sender`, `received_date` as in ingest.delivery.deliver).

        The conservation law is asserted on every outcome, and the ledger verified.
        """
        stated = {"received_date": DAY, "key": KEY, **options}
        outcomes = deliver(self.home, [path], **stated)
        for outcome in outcomes:
            accounted = outcome.accepted + outcome.quarantined + outcome.duplicates
            assert outcome.rows_in == accounted, outcome
        self.ledger.verify()
        return outcomes

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.home.ledger)

    def rows(self, source: str = "parcel_manifest") -> list[dict[str, Any]]:
        """Every raw row that stands today, as column -> value, by file and line."""
        files = raw_files(self.home, source, dt.date.min, dt.date.max)
        return _records(files, "order by _src_sha, _src_line")

    def quarantine(self, source: str = "parcel_manifest") -> list[dict[str, Any]]:
        """Every violation kept for `source`: source, sha256, line, column_name, reason_code,
        raw_text (and whatever a later column adds)."""
        folder = self.home.quarantine / source
        return _records(sorted(folder.glob("*.parquet")), "order by sha256, line, column_name")


def _records(files: Sequence[Path], order: str) -> list[dict[str, Any]]:
    if not files:
        return []
    listed = ", ".join(f"'{path}'" for path in files)
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select * from read_parquet([{listed}], hive_partitioning=false, union_by_name=true) "
            f"{order}"
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture
def door(tmp_path: Path) -> Door:
    """A fresh home with the standard profile, and an empty folder for files to deliver."""
    folder = tmp_path / "delivered"
    folder.mkdir()
    return Door(Home(tmp_path / "home"), folder)


def parcel_rows(count: int, **changes: object) -> list[dict[str, object]]:
    """`count` flawless parcel manifest rows, all different; `changes` overwrite every row."""
    return [
        {
            "house_waybill_number": f"HW{number:06d}",
            "operator_code": "OP1",
            "channel": "express",
            "arrived_at": f"2026-11-21T{number % 24:02d}:00:00",
            "consignee_name": f"Nguyễn Văn Thử {number}",
            "consignee_phone": f"0912{number:06d}",
            "item_description": "áo thun cotton",
            "package_count": "1",
            "gross_weight_kg": "0.5000",
            "declared_value": f"{100 + number}.50",
            "currency_code": "CNY",
            **changes,
        }
        for number in range(1, count + 1)
    ]


def csv_bytes(
    rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8", end: str = "\n"
) -> bytes:
    """The rows as delimited text; the header is the keys of the first row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def write_csv(path: Path, rows: Sequence[Row], **options: Any) -> Path:
    """Write `csv_bytes(rows, **options)`; returns `path`."""
    return write_bytes(path, csv_bytes(rows, **options))


def write_bytes(path: Path, content: bytes) -> Path:
    """Write the bytes; returns `path`, so that a test reads `door.deliver(write_bytes(...))`."""
    path.write_bytes(content)
    return path


def reason_of(outcomes: Sequence[DeliveryOutcome]) -> str:
    """The reason code of the one refused outcome; fails when it was not refused."""
    (outcome,) = outcomes
    assert outcome.status == "refused", outcome
    return str(outcome.reason).split(":")[0]


# Homes with models, built once for all modules (rows 51 to 59).
seeded = tiny_home.seeded
record_home = record_cases.record_home
