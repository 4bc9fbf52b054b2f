"""Schema `raw` for an engine that cannot read the working database: Parquet folders and a list.

Defines `export_raw`. Every raw table becomes one folder of Parquet files: links to the immutable
raw files of the contract sources, copies of the small tables. `tables.json` (JSON lines:
table_name, column_list, folder) is what `dbt/macros/engine/register_raw.sql` reads.
Add here when another engine needs something else to find the tables. Keep out: what the tables
hold (raw_views.py) and any engine's session.
"""

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import duckdb

from contracts.catalog import CONTRACTS
from foundation.errors import WarehouseError
from foundation.files import write_atomically
from foundation.home import Home
from ingest.links import file_list
from ingest.readers.base import literal, quoted
from ingest.store.landing import raw_files

LISTING = "tables.json"
# Names of DuckDB types that Spark spells in another way; raw times are UTC without a zone.
_TYPE_NAMES = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz", "INTEGER": "int"}
_PLAIN_PATH = re.compile(r"[\w/.=+-]+", re.ASCII)
_LINKED = "linked_"  # rows of other days that belong to the same records (links.py)


def export_raw(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    from_day: dt.date,
    to_day: dt.date,
    folder: Path,
) -> Path:
    """Write schema raw, as `register_raw_views` made it for these days, into a new `folder`.

    Gives the path of the listing. Raw files are linked, not copied: the folder is valid as long as
    the home. Raises WarehouseError when `folder` exists or has a path that is more than a plain
    one, or when a delivery came in since the views were registered.
    """
    if not _PLAIN_PATH.fullmatch(str(folder.absolute())):
        raise WarehouseError(
            "the path of the raw folders holds more than letters, digits and / . _ - = +",
            where=str(folder),
            remedy="choose a folder with a plain path: SQL and glob patterns read other characters",
        )
    if folder.exists():
        raise WarehouseError(
            "the folder for the raw tables is there already",
            where=str(folder),
            remedy="remove it or name a new one; tables of an earlier export must not mix in",
        )
    folder.mkdir(parents=True)
    try:
        rows = [
            _export_table(connection, home, from_day, to_day, table, folder / table)
            for table in _tables(connection)
        ]
        listing = folder / LISTING
        write_atomically(listing, "".join(json.dumps(row) + "\n" for row in rows))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return listing.absolute()


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'raw' order by all"
    ).fetchall()
    parts = {_LINKED + source for source in CONTRACTS}
    return [name for (name,) in found if name not in parts]


def _export_table(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    from_day: dt.date,
    to_day: dt.date,
    table: str,
    folder: Path,
) -> dict[str, str]:
    folder.mkdir()
    if table in CONTRACTS:
        _link_files(connection, raw_files(home, table, from_day, to_day), table, folder)
    else:
        _copy(connection, table, folder)
    columns = connection.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_schema = 'raw' and table_name = ? order by ordinal_position",
        [table],
    ).fetchall()
    return {
        "table_name": table,
        "column_list": ", ".join(
            f"`{name}` {_type_name(data_type)}" for name, data_type in columns
        ),
        "folder": str(folder.absolute()),
    }


def _link_files(
    connection: duckdb.DuckDBPyConnection, files: list[Path], table: str, folder: Path
) -> None:
    """A column that a file does not have yet is null there: the reader goes by name."""
    for file in files:
        (folder / file.name).symlink_to(file.absolute())
    if _exists(connection, _LINKED + table):
        _copy(connection, _LINKED + table, folder)
    present = sorted(folder.iterdir())
    written = _count(connection, f"read_parquet({file_list(present)})") if present else 0
    registered = _count(connection, f"raw.{quoted(table)}")
    if written != registered:
        raise WarehouseError(
            f"the raw files of {table} hold {written} rows, its view {registered}: "
            "a delivery came in between",
            where=str(folder),
            remedy="register the days again, then export them again",
        )


def _copy(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    path = literal(str(folder / f"{table}.parquet"))
    connection.execute(f"copy raw.{quoted(table)} to {path} (format parquet)")


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'raw' and table_name = ?",
        [table],
    ).fetchone()
    return found is not None


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _type_name(data_type: str) -> str:
    return _TYPE_NAMES.get(data_type, data_type.lower())
