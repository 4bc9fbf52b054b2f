"""What a backup looks like: content-addressed objects, and one document per snapshot.

DEST/objects/ab/<sha256> holds bytes, DEST/snapshots/<ledger seq>-<first hex of its sha256>.json
names every file of the home at one ledger head. Add here a fact that every snapshot must state.
Keep out: which files belong in (backup.py) and how they come back (restore.py).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import UsageError, WarehouseError
from foundation.files import canonical_json, write_atomically

FORMAT = 1
_NAME = re.compile(r"(\d{8,})-([0-9a-f]{16})")


@dataclass(frozen=True)
class Snapshot:
    """One state of a home. files: path in the home -> {sha256, bytes, mode}; folders: path -> mode.

    key_id: of the key behind the tokens; the key itself is nowhere in a backup.
    """

    ledger_seq: int
    ledger_hash: str
    release_id: str | None
    key_id: str | None
    files: Mapping[str, Mapping[str, Any]]
    folders: Mapping[str, int]

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"format": FORMAT, **vars(self)}

    @property
    def name(self) -> str:
        """What its file is called, without the suffix: it states the hash of the content."""
        return f"{self.ledger_seq:08d}-{_hash(self.document())[:16]}"


def object_path(folder: Path, sha256: str) -> Path:
    """Where the bytes with this content lie in the backup `folder`."""
    return folder / "objects" / sha256[:2] / sha256


def write(folder: Path, snapshot: Snapshot) -> str:
    """Put the document at rest, after everything that it names; returns its name."""
    path = folder / "snapshots" / f"{snapshot.name}.json"
    write_atomically(path, canonical_json(snapshot.document()) + "\n")
    return snapshot.name


def read(folder: Path, name: str | None) -> Snapshot:
    """The snapshot `name`, or the newest: of the longest ledgers the one written last.

    Raises UsageError when there is none, WarehouseError when its document was changed.
    """
    found = {path.stem: path for path in (folder / "snapshots").glob("*.json")}
    known = {stem: path for stem, path in found.items() if _NAME.fullmatch(stem)}
    if not known or (name is not None and name not in known):
        raise UsageError(
            f"there is no snapshot {name or ''}".rstrip(),
            where=str(folder / "snapshots"),
            remedy=f"name a folder that `import-risk backup` wrote; it has {sorted(known)}",
        )
    newest = max(known, key=lambda stem: (int(stem.split("-")[0]), known[stem].stat().st_mtime_ns))
    path = known[name or newest]
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        stated = _hash(document)[:16] == path.stem.split("-")[1]
        if not stated or document.pop("format") != FORMAT:
            raise ValueError("its name states another hash")
        return Snapshot(**document)
    except (ValueError, TypeError, KeyError) as error:
        raise WarehouseError(
            f"the document of a snapshot was changed: {error}",
            where=str(path),
            remedy="use another snapshot, or another copy of the backup",
        ) from error


def _hash(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(document).encode("utf-8")).hexdigest()
