"""The full scored history: immutable Parquet per table and day, beside the releases.

Add here what concerns history files. Keep out: retention of releases (release.py) and reading.

A file is called by the SHA-256 of its bytes. A day written again with the same bytes is the same
file; a day that changed (a revision) gets a second file, and the first is listed as superseded.
Old files are never removed, so a glob over a folder may count a revised day twice: the list in a
release's `history.json` says which file is valid for each day (`valid_files`).
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from foundation.errors import WarehouseError
from foundation.files import fsync_directory, fsync_file, sha256_file
from serving.audience_file import SOURCE, ordering
from serving.plan import ReleasePlan, quote, quote_text

# table -> ISO day -> path relative to the history folder
Listing = dict[str, dict[str, str]]
LISTING_FILE = "history.json"


def stage(
    connection: duckdb.DuckDBPyConnection,
    plan: ReleasePlan,
    days: Sequence[dt.date],
    folder: Path,
) -> Listing:
    """Write every window table's rows of each day below `folder`; an empty day is an empty file."""
    written: Listing = {}
    for table in plan.tables:
        if table.window_column is None:
            continue
        for day in sorted(set(days)):
            place = folder / table.name / f"day={day.isoformat()}"
            place.mkdir(parents=True, exist_ok=True)
            unnamed = place / "unnamed"
            connection.execute(
                f"copy (select * from {SOURCE}.{table.quoted}"
                f" where {quote(table.window_column)} = date '{day.isoformat()}'"
                f" order by {ordering(table)})"
                f" to {quote_text(str(unnamed))} (format parquet, compression zstd)"
            )
            named = place / f"{sha256_file(unnamed)}.parquet"
            unnamed.rename(named)
            path = named.relative_to(folder).as_posix()
            written.setdefault(table.name, {})[day.isoformat()] = path
    return written


def merge(previous: Listing, written: Listing) -> tuple[Listing, list[str]]:
    """(what is valid after this run, files of `previous` that it supersedes)."""
    valid = {table: dict(days) for table, days in previous.items()}
    superseded = []
    for table, days in written.items():
        for day, path in days.items():
            old = valid.setdefault(table, {}).get(day)
            if old is not None and old != path:
                superseded.append(old)
            valid[table][day] = path
    return valid, sorted(superseded)


def land(staged: Path, written: Listing, history: Path) -> None:
    """Move staged files into `history`, durably; one that is there with the same bytes stays."""
    for path in (path for days in written.values() for path in days.values()):
        source, target = staged / path, history / path
        if target.exists() and sha256_file(target) == target.stem:
            continue
        source.chmod(0o440)
        fsync_file(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)
        for parent in (target.parent, target.parent.parent, history):
            fsync_directory(parent)
    if staged.exists():
        shutil.rmtree(staged)


def read_listing(release_folder: Path) -> Listing:
    """Table -> day -> file of a release."""
    listing: Listing = json.loads((release_folder / LISTING_FILE).read_text(encoding="utf-8"))
    return listing


def valid_files(history: Path, listing: Mapping[str, Mapping[str, str]], table: str) -> list[Path]:
    """The Parquet files that together are `schema.table`, one per day, in day order."""
    if table not in listing:
        raise WarehouseError(
            "this table has no history",
            where=table,
            remedy=f"choose one of {sorted(listing)}",
        )
    return [history / path for _, path in sorted(listing[table].items())]
