"""What is published: the release folders, their manifests and the link `current`.

Add here a question about releases that exist. Keep out: making, switching or removing them
(release.py) and opening their databases (reader.py).
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.plan import AUDIENCES

CURRENT = "current"
MANIFEST_FILE = "manifest.json"
DATABASE_FILE = "warehouse.duckdb"
_RELEASE_ID = re.compile(r"r(\d{6,})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Release:
    """One published, immutable folder; `folder` is its real path, never the link."""

    release_id: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def number(self) -> int:
        """Position in the order of publishing."""
        return release_number(self.release_id)

    def database(self, audience: str) -> Path:
        """The audience's DuckDB file; UsageError for an audience that does not exist."""
        if audience not in AUDIENCES:
            raise UsageError(
                f"there is no audience {audience!r}",
                where="audience",
                remedy=f"choose one of {list(AUDIENCES)}",
            )
        return self.folder / audience / DATABASE_FILE

    def stated_sha256(self, audience: str) -> str | None:
        """The sha256 of the audience's database file in the manifest; None when it has none."""
        files: Mapping[str, Any] = self.manifest["files"]
        stated: str | None = files.get(f"{audience}/{DATABASE_FILE}", {}).get("sha256")
        return stated


def release_number(release_id: str) -> int:
    """7 for r000007-0123abcd."""
    matched = _RELEASE_ID.fullmatch(release_id)
    if matched is None:
        raise UsageError(
            f"{release_id!r} is not a release id",
            where="release id",
            remedy="use the name of a release folder, such as r000001-0123abcd",
        )
    return int(matched.group(1))


def current_id(home: Home) -> str | None:
    """The name that the link `current` points to, or None before the first release."""
    link = home.releases / CURRENT
    if not link.is_symlink():
        return None
    return link.readlink().name


def current(home: Home) -> Release | None:
    """The published release, or None before the first one.

    Raises WarehouseError when the link points to a folder that is not there.
    """
    name = current_id(home)
    return None if name is None else load(home.releases / name)


def require_current(home: Home) -> Release:
    """The published release; WarehouseError with the remedy when there is none."""
    release = current(home)
    if release is None:
        raise WarehouseError(
            "nothing has been published here yet",
            where=str(home.releases),
            remedy="run `import-risk run`, or point IMPORT_RISK_HOME at the right home",
        )
    return release


def visible_release(home: Home, release_id: str) -> Release:
    """A release for whoever reads: without its manifest when that is not for this user."""
    folder = home.releases / release_id
    manifest = folder / MANIFEST_FILE
    is_hidden = manifest.exists() and not os.access(manifest, os.R_OK)
    return Release(release_id, folder, {}) if is_hidden else load(folder)


def visible_current(home: Home) -> Release:
    """The published release, as `visible_release`; WarehouseError when there is none."""
    name = current_id(home)
    return require_current(home) if name is None else visible_release(home, name)


def releases(home: Home) -> list[Release]:
    """All complete releases, oldest first, the current one among them."""
    found = [load(folder) for folder in release_folders(home)]
    return sorted(found, key=lambda release: release.number)


def release_folders(home: Home) -> list[Path]:
    """Folders called like a release, in no order; build folders (*.tmp) are not among them."""
    if not home.releases.is_dir():
        return []
    return [
        path
        for path in home.releases.iterdir()
        if _RELEASE_ID.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    ]


def load(folder: Path) -> Release:
    """The release in a folder; WarehouseError when its manifest cannot be read."""
    manifest = folder / MANIFEST_FILE
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WarehouseError(
            "a release has no readable manifest",
            where=str(manifest),
            remedy="restore the release folder from a backup, or publish again",
        ) from error
    return Release(folder.name, folder.resolve(), document)
