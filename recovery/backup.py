"""A backup of what cannot be made again, consistent with one ledger head, incremental by content.

In it: delivered bytes and their names, rows, quarantine, references, risk models, ledger and head,
the record of looks into dossiers, profiles, waivers, results of scenarios, what public reports
told, filed editions of reports and the outbox, the site's own settings files, evidence of runs, the
current release and its history.
Not in it: the key (it is nowhere at rest), the working database and Dagster's records (made anew).
Add here a place at rest of the home. Keep out: the form of a snapshot (snapshots.py).
"""

import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation import disk, locks
from foundation.errors import UsageError, WarehouseError
from foundation.files import fsync_directory, fsync_file, sha256_file
from foundation.home import Home
from foundation.progress import report
from foundation.sealed import MANIFEST, sealed_file
from ingest.store.landing import input_path, name_path
from ledger.chain import Ledger
from ledger.editions import EDITION
from ledger.entries import Entry, bound_key_id, standing_deliveries
from ledger.model_periods import CANDIDATE
from notices.outbox import Outbox
from recovery.snapshots import Snapshot, object_path, write
from serving import history, release
from serving.current import Release

_INPUTS = ("sha256", "container_sha256", "manifest_sha256")
# The site's own files directly below the home, such as retention.csv.
_SITE_SUFFIXES = {".toml", ".csv"}


@dataclass(frozen=True)
class BackedUp:
    """What a backup did. files: in the snapshot; copied_*: what the backup did not have yet."""

    snapshot: str
    files: int
    copied_files: int
    copied_bytes: int
    ledger_seq: int
    release_id: str | None
    key_id: str | None

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return dict(vars(self))


def back_up(home: Home, destination: Path) -> BackedUp:
    """Write a snapshot of `home` into the folder `destination`; objects it has are not copied.

    Deliveries and runs may go on; only publishing waits until the release is copied. Raises
    UsageError for a home without a ledger or a destination inside the home, WarehouseError when a
    file differs from what the ledger or a release says, or is gone: a backup of damage is refused.
    """
    if destination.resolve().is_relative_to(home.root):
        raise UsageError(
            "the backup would lie inside what it copies",
            where=str(destination),
            remedy="name a folder outside the home, on another disk",
        )
    if not Ledger(home.ledger).entries():
        raise UsageError(
            "there is nothing to back up: no ledger",
            where=str(home.ledger),
            remedy="point IMPORT_RISK_HOME at the right home",
        )
    with locks.exclusive(destination / ".lock", "backup"):
        store = _Store(home, destination)
        with locks.exclusive(home.releases / ".lock", "backup", wait=True):
            # The release before the ledger: no entry of the head then names a newer release.
            now = release.current(home)
            entries = _ledger(store, destination)
            if now is not None:
                store.add_release(now)
        store.add_named(entries)
        store.add_folders()
        store.add_outbox()
        store.add_looks()
        snapshot = Snapshot(
            ledger_seq=entries[-1].seq,
            ledger_hash=entries[-1].hash,
            release_id=now.release_id if now else None,
            key_id=bound_key_id(entries),
            files=store.files,
            folders=store.folders,
        )
        name = write(destination, snapshot)
    return BackedUp(
        name, len(store.files), store.copied_files, store.copied_bytes, snapshot.ledger_seq,
        snapshot.release_id, snapshot.key_id,
    )  # fmt: skip


def _ledger(store: "_Store", destination: Path) -> list[Entry]:
    """Copy ledger and head as they are between two entries; the entries of the copy, verified."""
    ledger = Ledger(store.home.ledger)
    copied = destination / ".ledger"
    shutil.rmtree(copied, ignore_errors=True)
    copied.mkdir()
    with ledger.at_rest():
        for path in (ledger.path, ledger.head_path):
            shutil.copyfile(path, copied / path.name)
    verified = Ledger(copied / ledger.path.name)
    verified.verify()
    entries = verified.entries()
    for path in (ledger.path, ledger.head_path):
        store.add(path, source=copied / path.name)
    shutil.rmtree(copied)
    return entries


class _Store:
    """Copies files of one home into the objects of one backup and keeps the list."""

    def __init__(self, home: Home, destination: Path) -> None:
        self.home = home
        self.destination = destination
        self.files: dict[str, dict[str, Any]] = {}
        self.folders: dict[str, int] = {}
        self.copied_files = 0
        self.copied_bytes = 0

    def add(self, path: Path, *, sha256: str | None = None, source: Path | None = None) -> None:
        """Bring the bytes of `path` (read from `source`) in. sha256: what they must be, when it is
        stated elsewhere; a file that the backup has under it is not read again."""
        source = source or path
        try:
            status = source.stat()
            if sha256 is None or not object_path(self.destination, sha256).is_file():
                sha256 = self._copy(source, sha256)
        except FileNotFoundError:
            raise WarehouseError(
                "a file that belongs to the backup is gone",
                where=str(path),
                remedy="if files were removed by age or the key was changed just now, run backup"
                " again; else restore the file",
            ) from None
        relative = path.absolute().relative_to(self.home.root).as_posix()
        mode = stat.S_IMODE(status.st_mode)
        self.files[relative] = {"sha256": sha256, "bytes": status.st_size, "mode": mode}

    def _copy(self, source: Path, stated: str | None) -> str:
        incoming = self.destination / ".incoming"
        disk.require(self.destination, need=source.stat().st_size, what="the backup")
        shutil.copyfile(source, incoming)
        sha256 = sha256_file(incoming)
        if stated is not None and sha256 != stated:
            incoming.unlink()
            raise WarehouseError(
                "a file is not what was written: a damaged home is not backed up over a good one",
                where=str(source),
                remedy="restore the file from an earlier backup",
            )
        target = object_path(self.destination, sha256)
        if target.is_file():
            incoming.unlink()
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        fsync_file(incoming)
        incoming.chmod(0o440)
        os.replace(incoming, target)
        fsync_directory(target.parent)
        self.copied_files += 1
        self.copied_bytes += target.stat().st_size
        return sha256

    def add_release(self, now: Release) -> None:
        """The release's folder and the history files that are valid in it."""
        stated = {name: facts["sha256"] for name, facts in now.manifest["files"].items()}
        root = self.home.releases / now.release_id
        for path in sorted(root.rglob("*")):
            if path.is_file():
                self.add(path, sha256=stated.get(path.relative_to(root).as_posix()))
            else:
                self._add_folder(path)
        self._add_folder(root)
        for days in history.read_listing(root).values():
            for relative in dict.fromkeys(days.values()):
                path = self.home.history / relative
                self.add(path, sha256=path.stem)

    def _add_folder(self, path: Path) -> None:
        relative = path.relative_to(self.home.root).as_posix()
        self.folders[relative] = stat.S_IMODE(path.stat().st_mode)

    def add_named(self, entries: list[Entry]) -> None:
        """Every file that the ledger names and that is kept today."""
        named = list(self._named(entries))
        for number, (path, sha256, may_be_gone) in enumerate(named, start=1):
            report("backup", number, len(named))
            if may_be_gone and not path.is_file():
                continue
            self.add(path, sha256=sha256)

    def _named(self, entries: list[Entry]) -> Iterator[tuple[Path, str | None, bool]]:
        gone = {
            item["path"]
            for entry in entries
            if entry.kind == "retention"
            for item in entry.body["files"]
        }
        for entry in entries:
            if entry.kind == "reference":
                body = entry.body
                path = self.home.reference / body["kind"] / f"{body['sha256']}.parquet"
                yield path, body["parquet_sha256"], False
            if entry.kind == CANDIDATE:
                yield self.home.root / entry.body["file"], entry.body["sha256"], False
            if entry.kind == EDITION:
                yield from self._of_edition(entry.body)
            if entry.kind != "delivery":
                continue
            for sha256 in filter(None, (entry.body.get(name) for name in _INPUTS)):
                path = input_path(self.home, sha256)
                removed = path.relative_to(self.home.root).as_posix() in gone
                yield path, sha256, removed
                yield name_path(self.home, sha256), None, True
        for entry in standing_deliveries(entries):
            if entry.body["raw_file"]:
                path = self.home.root / entry.body["raw_file"]
                yield path, entry.body["raw_sha256"], False
            if entry.body["quarantine_file"]:
                yield self.home.root / entry.body["quarantine_file"], None, False

    def _of_edition(self, body: Mapping[str, Any]) -> Iterator[tuple[Path, str, bool]]:
        """Every file of a filed edition, each with the hash that its manifest states."""
        folder = self.home.root / body["folder"]
        manifest = sealed_file(folder, body["manifest_sha256"], MANIFEST)
        yield folder / MANIFEST, body["manifest_sha256"], False
        for name, sha256 in json.loads(manifest)["sha256"].items():
            yield folder / name, sha256, False

    def add_outbox(self) -> None:
        """What waits to be sent, and what was queued: a restored home sends nothing twice."""
        self._add_all(self.home.editions.glob("*.queued.json"))
        outbox = Outbox(self.home)
        if outbox.folder.is_dir():
            with locks.exclusive(outbox.lock, "backup", wait=True):
                self._add_all(outbox.folder.rglob("*.json"))

    def add_folders(self) -> None:
        """Evidence, profiles, waivers, the site's own files, results of scenarios and what public
        reports told, as they are now."""
        self._add_all(path for path in self.home.root.iterdir() if path.suffix in _SITE_SUFFIXES)
        for folder in (
            self.home.profiles, self.home.waivers, self.home.runs, self.home.public_records,
        ):  # fmt: skip
            self._add_all(folder.rglob("*"))
        self._add_all(self.home.scenarios.glob("*.json"))

    def add_looks(self) -> None:
        """Who looked into a dossier, with the head of that chain, as they are between two looks."""
        looks = Ledger(self.home.looks)
        if not looks.path.exists():
            return
        self._add_folder(looks.path.parent)
        with looks.at_rest():
            self._add_all((looks.path, looks.head_path))

    def _add_all(self, paths: Iterable[Path]) -> None:
        for path in sorted(paths):
            if path.is_file() and not path.name.endswith(".tmp"):
                self.add(path)
