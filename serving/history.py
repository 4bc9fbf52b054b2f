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
from serving.permissions import give
from serving.plan import ReleasePlan, TablePlan, quote, quote_text

# table -> ISO day (or first day of the month) -> path relative to the history folder
Listing = dict[str, dict[str, str]]
LISTING_FILE = "history.json"
EMPTY_FOLDER = "empty"  # of a table: one file without rows that all its empty days share


def stage(
    connection: duckdb.DuckDBPyConnection,
    plan: ReleasePlan,
    days: Sequence[dt.date],
    folder: Path,
) -> Listing:
    """Write every window table's rows of each day (or month) below `folder`; empty ones share a
    file."""
    written: Listing = {}
    for table in plan.tables:
        if table.window_column is None:
            continue
        column = quote(table.window_column)
        keys = sorted(table.keys(days))
        if not keys:
            continue
        filled = {
            day.isoformat()
            for (day,) in connection.execute(
                f"select distinct {column} from {SOURCE}.{table.quoted}"
                f" where {column} between date '{keys[0]}' and date '{keys[-1]}'"
            ).fetchall()
        }
        valid = written.setdefault(table.name, {})
        empty = ""
        for key in keys:
            where = f"{column} = date '{key}'"
            if key in filled:
                valid[key] = _write(connection, table, where, folder, f"day={key}")
            else:
                empty = empty or _write(connection, table, where, folder, EMPTY_FOLDER)
                valid[key] = empty
    return written


def _write(
    connection: duckdb.DuckDBPyConnection, table: TablePlan, where: str, folder: Path, place: str
) -> str:
    """Write the rows `where` below `folder`; the path from there."""
    (folder / table.name / place).mkdir(parents=True, exist_ok=True)
    unnamed = folder / table.name / place / "unnamed"
    connection.execute(
        f"copy (select * from {SOURCE}.{table.quoted} where {where} order by {ordering(table)})"
        f" to {quote_text(str(unnamed))} (format parquet, compression zstd)"
    )
    named = unnamed.rename(unnamed.with_name(f"{sha256_file(unnamed)}.parquet"))
    return named.relative_to(folder).as_posix()


def merge(previous: Listing, written: Listing) -> tuple[Listing, list[str]]:
    """(what is valid after this run, files of `previous` that it supersedes)."""
    valid = {table: dict(days) for table, days in previous.items()}
    replaced = set()
    for table, days in written.items():
        for day, path in days.items():
            old = valid.setdefault(table, {}).get(day)
            if old is not None and old != path:
                replaced.add(old)
            valid[table][day] = path
    # The file of empty days stays valid as long as one of them is empty.
    return valid, sorted(replaced - {path for days in valid.values() for path in days.values()})


def land(staged: Path, written: Listing, history: Path, group: int | None = None) -> None:
    """Move staged files into `history`, durably; one that is there with the same bytes stays.

    group: the group id that may read them, besides the owner.
    """
    for path in dict.fromkeys(path for days in written.values() for path in days.values()):
        source, target = staged / path, history / path
        if target.exists() and sha256_file(target) == target.stem:
            continue
        give(source, group)
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
    """The Parquet files that together are `schema.table`, in day order, each once."""
    if table not in listing:
        raise WarehouseError(
            "this table has no history",
            where=table,
            remedy=f"choose one of {sorted(listing)}",
        )
    return [
        history / path for path in dict.fromkeys(path for _, path in sorted(listing[table].items()))
    ]
