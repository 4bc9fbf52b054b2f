"""A sealed folder: a manifest that states the SHA-256 of every file beside it, itself stated
elsewhere. What was filed is what is read, or nobody reads it.

Defines: `sealed_files`, `sealed_file`. Add here another question about such a folder. Keep out:
what the files are, and who states the hash of the manifest (ledger/editions.py).
"""

import hashlib
import json
from pathlib import Path

from foundation.errors import WarehouseError

MANIFEST = "manifest.json"
_RESTORE = "restore the folder from a backup; what was filed is never edited"


def sealed_files(folder: Path, manifest_sha256: str) -> dict[str, bytes]:
    """Name below the folder -> bytes, the manifest first; each as its hash says.

    Raises WarehouseError when a file is missing, was changed or was added.
    """
    found = {MANIFEST: _read(folder / MANIFEST, manifest_sha256)}
    for name, sha256 in json.loads(found[MANIFEST])["sha256"].items():
        found[name] = _read(folder / name, sha256)
    held = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    for path in sorted(held):
        if str(path.relative_to(folder)) not in found:
            raise WarehouseError(
                "a file stands in a filed edition that was not filed with it",
                where=str(path),
                remedy="move it elsewhere; what was filed is never added to",
            )
    return found


def sealed_file(folder: Path, manifest_sha256: str, name: str) -> bytes:
    """One file of the folder, as its hash in the manifest says. Raises as `sealed_files` does, and
    KeyError for a file that the manifest does not name."""
    manifest = _read(folder / MANIFEST, manifest_sha256)
    if name == MANIFEST:
        return manifest
    return _read(folder / name, json.loads(manifest)["sha256"][name])


def _read(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WarehouseError(
            "a file of a filed edition is missing", where=str(path), remedy=_RESTORE
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WarehouseError(
            "a file of a filed edition is not what was filed", where=str(path), remedy=_RESTORE
        )
    return content
