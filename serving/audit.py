"""Whether releases and their history still have the content that was published.

Add here a file of a release that must be re-checked. Keep out: checking a candidate before it is
published (verify.py) and the ledger (the caller hands over what it says).
"""

from collections.abc import Iterator
from pathlib import Path

from foundation.errors import WarehouseError
from foundation.files import sha256_file
from foundation.findings import Finding, compared
from foundation.home import Home
from serving.content import CONTENT_FILE
from serving.current import MANIFEST_FILE, Release, load, release_folders
from serving.history import LISTING_FILE, read_listing


def manifest_sha256(home: Home, release_id: str) -> str:
    """What the ledger records of a release: its manifest names every other file."""
    return sha256_file(home.releases / release_id / MANIFEST_FILE)


def release_findings(home: Home, release: Release, manifest: str | None) -> Iterator[Finding]:
    """What differs in one release folder. manifest: its recorded sha256, if any is recorded."""
    place = release.folder.relative_to(home.root.resolve())
    if manifest is not None:
        yield from compared(home.root, str(place / MANIFEST_FILE), manifest, "the ledger")
    files = release.manifest.get("files", {})
    named = {name: str(file.get("sha256")) for name, file in files.items()}
    named |= release.manifest.get("records", {})
    for name, sha256 in named.items():
        yield from compared(home.root, str(place / name), sha256, f"the manifest of {place.name}")
    for path in sorted(release.folder.rglob("*")):
        name = path.relative_to(release.folder).as_posix()
        if not path.is_dir() and name not in {*named, MANIFEST_FILE, LISTING_FILE, CONTENT_FILE}:
            yield Finding(str(place / name), "does not belong into this release")


def history_findings(home: Home, found: list[Release]) -> Iterator[Finding]:
    """What differs in the history files that the kept releases call valid; a name is a sha256."""
    paths: set[str] = set()
    for release in found:
        try:
            listing = read_listing(release.folder)
        except (OSError, ValueError):
            where = f"{release.folder.name}/{LISTING_FILE}"
            yield Finding(f"{home.releases.name}/{where}", "cannot be read")
            continue
        paths.update(path for days in listing.values() for path in days.values())
    for path in sorted(paths):
        place = f"{home.history.name}/{path}"
        yield from compared(home.root, place, Path(path).stem, "the list of a release")


def readable_releases(home: Home) -> tuple[list[Release], list[Finding]]:
    """The releases whose manifest can be read, and a finding for each other one."""
    found, damaged = [], []
    for folder in sorted(release_folders(home)):
        try:
            found.append(load(folder))
        except WarehouseError as error:
            where = f"{home.releases.name}/{folder.name}/{MANIFEST_FILE}"
            damaged.append(Finding(where, error.what))
    return found, damaged
