"""Where delivered bytes and accepted rows come to rest, whole or not at all, and how to find them.

Add here a place at rest of deliveries. Keep out: what the rows mean, and the ledger's mechanics.
"""

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from foundation.errors import WarehouseError
from foundation.files import fsync_directory, fsync_file, sha256_file
from foundation.home import Home
from ingest.contracts.catalog import CONTRACTS
from ingest.ledger import Ledger
from ingest.readers.base import literal

_CHUNK_BYTES = 4 << 20
_READ_ONLY = 0o440


@dataclass(frozen=True)
class StoredInput:
    """The delivered bytes at rest."""

    path: Path
    sha256: str
    size: int


@contextmanager
def scratch(home: Home) -> Iterator[Path]:
    """A private folder under work/ for one file's processing; gone afterwards.

    Folders of processes that died are collected first.
    """
    base = home.work / "ingest"
    base.mkdir(parents=True, exist_ok=True, mode=0o750)
    for leftover in base.iterdir():
        if leftover.name.isdigit() and not Path(f"/proc/{leftover.name}").exists():
            shutil.rmtree(leftover, ignore_errors=True)
    folder = base / str(os.getpid())
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def store_input(home: Home, path: Path) -> StoredInput:
    """Copy the bytes of `path` to inputs/sha256/ab/<sha256>, read-only; once per content.

    Everything later reads that copy, so a file that changes while it is delivered cannot matter.
    """
    home.inputs.mkdir(parents=True, exist_ok=True)
    temporary = home.inputs / f".incoming.{os.getpid()}"
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as source, temporary.open("wb") as sink:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                sink.write(chunk)
                size += len(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        sha256 = digest.hexdigest()
        target = home.inputs / sha256[:2] / sha256
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.chmod(_READ_ONLY)
            os.replace(temporary, target)
            fsync_directory(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return StoredInput(target, sha256, size)


def raw_path(home: Home, source: str, received_date: dt.date, sha256: str) -> Path:
    """Where the accepted rows of one file and source lie."""
    return home.raw / source / f"received_date={received_date.isoformat()}" / f"{sha256}.parquet"


def quarantine_path(home: Home, source: str, sha256: str) -> Path:
    """Where the violations of one file and source lie."""
    return home.quarantine / source / f"{sha256}.parquet"


def put_in_place(finished: Path, target: Path) -> str:
    """Make a finished file durable under its final name, read-only; returns its sha256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fsync_file(finished)
    sha256 = sha256_file(finished)
    finished.chmod(_READ_ONLY)
    os.replace(finished, target)
    fsync_directory(target.parent)
    return sha256


def write_quarantine(
    violations: pa.Table, folder: Path, target: Path, *, source: str, sha256: str
) -> None:
    """Write the violations of one delivery: source, sha256, line, column, reason, masked text."""
    rows = violations.num_rows
    table = pa.table(
        {"source": pa.repeat(source, rows), "sha256": pa.repeat(sha256, rows)}
        | {name: violations.column(name) for name in violations.column_names}
    )
    finished = folder / "quarantine.parquet"
    pq.write_table(table, finished, compression="zstd")
    put_in_place(finished, target)


def raw_files(
    home: Home, source: str, from_day: dt.date, to_day: dt.date, *, check: bool = True
) -> list[Path]:
    """The raw files of `source` that a run over [from_day, to_day] reads, in order of arrival.

    Windowed sources: files whose days overlap the range; the others: all files. Raises
    WarehouseError when a file is missing or, with `check`, differs from the ledger's sha256.
    """
    windowed = CONTRACTS[source].windowed
    files = []
    for entry in Ledger(home.ledger).deliveries():
        body = entry.body
        if body["source"] != source or not body["accepted"]:
            continue
        day_min = dt.date.fromisoformat(body["day_min"])
        day_max = dt.date.fromisoformat(body["day_max"])
        if windowed and (day_max < from_day or to_day < day_min):
            continue
        path = home.root / body["raw_file"]
        if not path.is_file():
            raise _damaged(path, "is missing")
        if check and sha256_file(path) != body["raw_sha256"]:
            raise _damaged(path, "is not what was written when its delivery was accepted")
        files.append(path)
    return files


def days_with_data(home: Home, sources: Sequence[str] | None = None) -> list[dt.date]:
    """Every business day with at least one accepted row of `sources` (default: windowed ones)."""
    names = sources or [name for name, contract in CONTRACTS.items() if contract.windowed]
    files = [
        path
        for name in names
        for path in raw_files(home, name, dt.date.min, dt.date.max, check=False)
    ]
    if not files:
        return []
    listed = ", ".join(literal(str(path)) for path in files)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select distinct day from read_parquet([{listed}], hive_partitioning=false) order by 1"
        ).fetchall()
    return [row[0] for row in rows]


def _damaged(path: Path, what: str) -> WarehouseError:
    return WarehouseError(
        f"a raw file {what}",
        where=str(path),
        remedy="restore it from the backup, or discard that delivery and deliver the file again",
    )
