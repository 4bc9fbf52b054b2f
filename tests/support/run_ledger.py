"""A ledger as runs leave it: deliveries whose rows are at rest, releases that name them.

Add here another entry that several tests of runs need. Keep out: expectations, whole homes.
"""

import datetime as dt

import duckdb

from contracts.catalogue import CONTRACTS
from foundation.files import sha256_file
from foundation.home import Home
from ledger.chain import Ledger
from runs.days.day_set import Days


def deliver(
    home: Home, name: str, *rows: tuple[str, dt.date, str], source: str = "parcel_manifest"
) -> str:
    """A delivery at rest with these (first field of the key, day, status); returns its sha256.

    A source whose records have no status takes none of it.
    """
    sha, contract = name * 64, CONTRACTS[source]
    path = home.raw / source / f"{sha}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f"{c} {t}" for c, t in contract.raw_columns())
    with duckdb.connect() as connection:
        connection.execute(f"create table rows ({columns})")
        if not contract.has("record_status"):
            connection.execute("alter table rows add column record_status varchar")
        connection.executemany(
            f"insert into rows ({contract.key[0]}, day, record_status, _src_sha, _src_line) "
            f"values (?, ?, ?, '{sha}', ?)",
            [[*row, number] for number, row in enumerate(rows, start=2)],
        )
        if not contract.has("record_status"):
            connection.execute("alter table rows drop column record_status")
        connection.execute(f"copy rows to '{path}' (format parquet)")
    days = sorted(row[1].isoformat() for row in rows)
    Ledger(home.ledger).append(
        "delivery",
        {
            "file": f"{name}.csv", "source": source, "sender": "standard",
            "sha256": sha, "status": "accepted", "accepted": len(rows), "day_min": days[0],
            "day_max": days[-1], "raw_file": str(path.relative_to(home.root)),
            "raw_sha256": sha256_file(path), "key_id": "demo", "quarantine_file": None,
        },
    )  # fmt: skip
    return sha


def publish(home: Home, run_id: str, days: Days, *inputs: str) -> None:
    facts = {"run_id": run_id, "release_id": "r", "days": str(days), "inputs": list(inputs)}
    Ledger(home.ledger).append("release", facts)


def header_only(home: Home, name: str, *, received: dt.date) -> str:
    """An accepted delivery with a header and no row; returns its sha256."""
    sha = name * 64
    body = {
        "file": f"{name}.csv", "source": "parcel_manifest", "sender": "standard", "sha256": sha,
        "status": "accepted", "accepted": 0, "day_min": None, "day_max": None, "raw_file": None,
        "received_date": received.isoformat(), "key_id": "demo", "quarantine_file": None,
    }  # fmt: skip
    Ledger(home.ledger).append("delivery", body)
    return sha
