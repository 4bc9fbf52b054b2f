"""A snapshot put back into an empty home, whole or not at all.

Add here another check that must hold before a byte is put back. Keep out: making the working
database (rebuild.py), merging into a home that has something (it is refused).
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from foundation import disk
from foundation.errors import UsageError, WarehouseError
from foundation.files import fsync_directory, fsync_file, sha256_file
from foundation.home import Home
from foundation.progress import report
from ledger.chain import Ledger
from recovery.snapshots import Snapshot, object_path, read
from serving.current import CURRENT


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    snapshot: str
    files: int
    ledger_seq: int
    release_id: str | None
    key_id: str | None

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return dict(vars(self))


def restore(home: Home, source: Path, name: str | None = None) -> Restored:
    """Put the snapshot `name` (default: the newest) of the backup `source` into `home`.

    Every object is hashed before anything is written, the home appears at once when it is complete.
    Raises UsageError for a home that is not empty or a backup without snapshot, WarehouseError when
    an object is missing or damaged, or the disk is too small.
    """
    if home.root.exists() and (not home.root.is_dir() or any(home.root.iterdir())):
        raise UsageError(
            "a backup is restored into an empty home only",
            where=str(home.root),
            remedy="name an empty folder in IMPORT_RISK_HOME, or move this home away first",
        )
    snapshot = read(source, name)
    _check_objects(source, snapshot)
    need = sum(int(facts["bytes"]) for facts in snapshot.files.values())
    disk.require(home.root.parent, need=need, what="the restored home")
    making = home.root.with_name(f"{home.root.name}.restoring")
    shutil.rmtree(making, ignore_errors=True)
    for number, (relative, facts) in enumerate(sorted(snapshot.files.items()), start=1):
        report("restore", number, len(snapshot.files))
        target = _inside(making, relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(object_path(source, facts["sha256"]), target)
        target.chmod(int(facts["mode"]))
        fsync_file(target)
    _set_modes(making, snapshot.folders)
    if snapshot.release_id is not None:
        (making / "releases" / CURRENT).symlink_to(snapshot.release_id)
    Ledger(Home(making).ledger).verify()
    if home.root.exists():
        home.root.rmdir()
    making.rename(home.root)
    fsync_directory(home.root.parent)
    return Restored(
        snapshot.name, len(snapshot.files), snapshot.ledger_seq, snapshot.release_id,
        snapshot.key_id,
    )  # fmt: skip


def _check_objects(source: Path, snapshot: Snapshot) -> None:
    wanted = {facts["sha256"] for facts in snapshot.files.values()}
    for number, sha256 in enumerate(sorted(wanted), start=1):
        report("restore: hashes", number, len(wanted))
        path = object_path(source, sha256)
        if not path.is_file() or sha256_file(path) != sha256:
            raise WarehouseError(
                f"an object of the backup is {'damaged' if path.is_file() else 'missing'};"
                " nothing was restored",
                where=str(path),
                remedy="use another snapshot, or another copy of the backup",
            )


def _inside(root: Path, relative: str) -> Path:
    """A path of the snapshot below `root`; it names a place inside the home or is refused."""
    parts = PurePosixPath(relative)
    if parts.is_absolute() or ".." in parts.parts:
        raise WarehouseError(
            "the snapshot names a file outside the home; nothing was restored",
            where=relative,
            remedy="use another copy of the backup: this one was tampered with",
        )
    return root / parts


def _set_modes(root: Path, folders: Mapping[str, int]) -> None:
    # The deepest first: a folder that may not be written would refuse its children.
    for relative in sorted(folders, reverse=True):
        _inside(root, relative).chmod(folders[relative])
