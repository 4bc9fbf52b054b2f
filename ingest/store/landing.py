"""Where delivered bytes and accepted rows come to rest, whole or not at all, and how to find them.

Add here a place at rest of deliveries. Keep out: what the rows mean, and the ledger's mechanics.
"""

import datetime as dt
import hashlib
import itertools
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.catalogue import CONTRACTS
from foundation.errors import WarehouseError
from foundation.faults import fault_point
from foundation.files import fsync_directory, fsync_file, sha256_file, write_atomically
from foundation.home import Home
from ingest.outcomes import FileRefused
from ingest.store.exclusions import NO_EXCLUSIONS, Exclusions
from ingest.text.labels import shown_name
from ledger.chain import Ledger
from ledger.entries import Entries, standing_deliveries

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
    base = (home.work / "ingest").absolute()
    base.mkdir(parents=True, exist_ok=True, mode=0o750)
    for leftover in base.iterdir():
        if is_abandoned(leftover.name.partition("-")[0]):
            shutil.rmtree(leftover, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_abandoned(pid: str) -> bool:
    """Whether a process id, as a temporary name states it, is of a process that is no more."""
    return pid.isdigit() and not Path(f"/proc/{pid}").exists()


def store_input(home: Home, path: Path) -> StoredInput:
    """Copy the bytes of `path` to inputs/sha256/ab/<sha256>, read-only; once per content.

    Everything later reads that copy, so a file that changes while it is delivered cannot matter.
    Raises FileRefused: file_not_readable, or not_a_plain_file when it stopped being one.
    """
    home.inputs.mkdir(parents=True, exist_ok=True)
    for leftover in home.inputs.glob(".incoming.*"):
        if is_abandoned(leftover.suffix.removeprefix(".")):
            leftover.unlink(missing_ok=True)
    temporary = home.inputs / f".incoming.{os.getpid()}"
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("wb") as sink:
            for chunk in _chunks(path):
                digest.update(chunk)
                sink.write(chunk)
                size += len(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        sha256 = digest.hexdigest()
        target = input_path(home, sha256)
        fault_point("input_copied")
        # What a damaged disk made of an earlier copy is replaced: these are the right bytes.
        if not target.exists() or sha256_file(target) != sha256:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.chmod(_READ_ONLY)
            os.replace(temporary, target)
            fsync_directory(target.parent)
        fault_point("input_stored")
    finally:
        temporary.unlink(missing_ok=True)
    return StoredInput(target, sha256, size)


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        # A pipe put in the place of the file since it was looked at would block for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as source:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileRefused("not_a_plain_file", "it was replaced while it was delivered")
            while chunk := source.read(_CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise FileRefused("file_not_readable", str(error.strerror)) from error


def input_path(home: Home, sha256: str) -> Path:
    """Where the delivered bytes with this content lie."""
    return (home.inputs / sha256[:2] / sha256).absolute()


def keep_name(home: Home, sha256: str, name: str) -> None:
    """Write the delivered name of these bytes into inputs/names/ when the ledger masks it.

    The ledger is for ever and is read by many; the store of inputs is neither.
    """
    if shown_name(name) != name:
        write_atomically(name_path(home, sha256), name)


def kept_name(home: Home, sha256: str) -> str | None:
    """The delivered name that keep_name wrote; None when the ledger has it unmasked."""
    path = name_path(home, sha256)
    return path.read_text(encoding="utf-8") if path.is_file() else None


def name_path(home: Home, sha256: str) -> Path:
    """Where keep_name writes."""
    return (home.inputs.parent / "names" / sha256).absolute()


def raw_folder(home: Home, source: str, received_date: dt.date) -> Path:
    """Where the accepted rows of one source and day of receipt lie."""
    return home.raw / source / f"received_date={received_date.isoformat()}"


def quarantine_folder(home: Home, source: str) -> Path:
    """Where the violations of one source lie."""
    return home.quarantine / source


def put_under_free_name(
    finished: Path, folder: Path, sha256: str, variant: str
) -> tuple[Path, str]:
    """Put a finished Parquet file at rest; its path and its own sha256.

    The name is <sha256 of the input>.parquet; what stands there is never overwritten by other
    bytes, so a second version of the same input is called <sha256>.<variant>.parquet.
    Raises FileRefused (reader_crashed) for anything but a plain file: a child made it.
    """
    try:
        status = finished.lstat()
    except FileNotFoundError:
        raise FileRefused("reader_crashed", "the reader left no rows") from None
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        raise FileRefused("reader_crashed", "the reader left something that is no plain file")
    content = sha256_file(finished)
    numbered = (f"{sha256}.{variant}.{number}" for number in itertools.count(2))
    for stem in itertools.chain((sha256, f"{sha256}.{variant}"), numbered):
        target = folder / f"{stem}.parquet"
        if not target.exists():
            return target, put_in_place(finished, target)
        if sha256_file(target) == content:
            return target, content
    raise AssertionError("names are never used up")


def put_in_place(finished: Path, target: Path) -> str:
    """Make a finished file durable under its final name, read-only; returns its sha256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fsync_file(finished)
    sha256 = sha256_file(finished)
    finished.chmod(_READ_ONLY)
    fault_point("raw_finished")
    os.replace(finished, target)
    fsync_directory(target.parent)
    fault_point("raw_in_place")
    return sha256


def raw_files(
    home: Home,
    source: str,
    from_day: dt.date,
    to_day: dt.date,
    *,
    check: bool = True,
    exclusions: Exclusions = NO_EXCLUSIONS,
    entries: Entries | None = None,
) -> list[Path]:
    """The raw files of `source` that a run over [from_day, to_day] reads, in order of arrival.

    Windowed sources: files with a day in the range that is not left out; the others: all files;
    deliveries set aside are never read. entries: the ledger as the run was planned from it; without
    them, as it is now. Raises WarehouseError when a file is missing or, with `check`, differs from
    the ledger's sha256.
    """
    windowed = CONTRACTS[source].windowed
    known = Ledger(home.ledger).entries() if entries is None else entries
    files = []
    for body in (entry.body for entry in standing_deliveries(known)):
        if body["source"] != source or not body["accepted"]:
            continue
        if body["sha256"] in exclusions.deliveries:
            continue
        day_min = dt.date.fromisoformat(body["day_min"])
        day_max = dt.date.fromisoformat(body["day_max"])
        if windowed and not exclusions.keeps(day_min, day_max, from_day, to_day):
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
    import duckdb  # taking files in needs no database in this process

    from ingest.readers.base import literal

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
