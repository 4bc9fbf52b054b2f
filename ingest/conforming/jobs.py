"""What the parent hands to a limited child, and the names of the files that come back.

Plain data without heavy imports, because both sides load it. Add here a field that a job needs.
Keep out: the work itself (worker.py, containers.py).
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from ingest.conforming.pseudonymise import PseudonymKey
from ingest.senders.profile import Control, Layout

ACCEPTED_FILE = "accepted.parquet"
QUARANTINE_FILE = "quarantine.parquet"


@dataclass(frozen=True)
class ReadJob:
    """One file and one source to read. reader: address of the format's `read` (readers/registry).

    path: the stored bytes. folder: takes ACCEPTED_FILE and, with violations, QUARANTINE_FILE.
    memory: bytes that DuckDB may use. manifest: the control manifest, one row of which is about a
    file of `names`, or about the archive called `archive_names` with `archive_sha256` (control.py).
    may_be_empty: nothing was expected from this sender on that day, so no rows are no surprise.
    """

    path: Path
    sha256: str
    source: str
    layout: Layout
    reader: str
    sender: str
    received_date: dt.date
    key: PseudonymKey
    folder: Path
    memory: int
    control: Control | None = None
    manifest: Path | None = None
    names: tuple[str, ...] = ()
    archive_names: tuple[str, ...] = ()
    archive_sha256: str | None = None
    may_be_empty: bool = False


@dataclass(frozen=True)
class UnpackJob:
    """One archive to unpack into files of `folder`. name: as delivered; its ending says what it is.

    member_bytes, archive_bytes: unpacked, of one member and of all. archive_ratio: unpacked to
    packed bytes of a member above the size that containers.py lets pass.
    """

    path: Path
    name: str
    folder: Path
    member_bytes: int
    archive_bytes: int
    archive_members: int
    archive_ratio: int


@dataclass(frozen=True)
class SampleJob:
    """One sample file to look at through `layout`; nothing of it is loaded.

    fields: contract fields of `source` that are asked about. candidates: layouts that differ in one
    format only.
    """

    path: Path
    folder: Path
    layout: Layout
    source: str = ""
    fields: tuple[str, ...] = ()
    candidates: tuple[Layout, ...] = ()


@dataclass(frozen=True)
class PreviewJob:
    """The first rows of one file and source to show, typed and masked. memory: for DuckDB."""

    path: Path
    folder: Path
    source: str
    layout: Layout
    received_date: dt.date
    rows: int
    memory: int
