"""Re-opens a built release read-only and reports what is in it: `python -m serving.verify PATH`.

Add here a property of a file that only a second process can honestly see. Keep out: the decision
(release.py compares this report with what the build wrote).
"""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb

from foundation.errors import UsageError, WarehouseError
from foundation.files import sha256_file
from serving.audience_file import STORAGE_VERSION
from serving.content_hash import Part, content_hash, parts_of
from serving.current import DATABASE_FILE
from serving.plan import EVIDENCE_TABLES, TablePlan, quote_text
from serving.reader import open_reader

STAGED_HISTORY = "history"


def verify_database(database: Path) -> dict[str, Any]:
    """{sha256, content_hash, tables: {name: {rows, hash}}, evidence_rows: {name: rows}}.

    Raises WarehouseError when a write-ahead log lies beside the file or it cannot be opened.
    """
    if not database.is_file():
        raise UsageError("there is no database", where=str(database), remedy="check the path")
    log = database.with_name(f"{database.name}.wal")
    if log.exists():
        raise WarehouseError(
            "a write-ahead log lies beside a finished database: it was not closed cleanly",
            where=str(log),
            remedy="build the release again; a release is never repaired",
        )
    digest = sha256_file(database)
    try:
        with open_reader(database) as connection:
            _require_storage_version(connection, database)
            content, evidence = _split(connection)
            hashed = content_hash(connection, content)
            counted = {table.name: _count(connection, table) for table in evidence}
    except duckdb.Error as error:
        raise WarehouseError(
            f"the database cannot be read: {str(error).splitlines()[0]}",
            where=str(database),
            remedy="build the release again; a release is never repaired",
        ) from error
    return {
        "sha256": digest,
        "content_hash": hashed.combined,
        "tables": {
            name: {"rows": hashed.rows[name], "hash": value}
            for name, value in hashed.by_table.items()
        },
        "evidence_rows": counted,
    }


def verify_history(folder: Path) -> dict[str, dict[str, Any]]:
    """Path below `folder` -> {sha256, columns, rows, total, parity} of every Parquet file there."""
    report: dict[str, dict[str, Any]] = {}
    with duckdb.connect() as connection:
        for path in sorted(folder.rglob("*.parquet")):
            source = f"read_parquet({quote_text(str(path))}, hive_partitioning = false)"
            described = connection.execute(f"describe select * from {source}").fetchall()
            columns = [(name, sql_type) for name, sql_type, *_ in described]
            part = parts_of(connection, columns, source).get("", Part())
            report[path.relative_to(folder).as_posix()] = {
                "sha256": sha256_file(path),
                "columns": [list(column) for column in columns],
                "rows": part.rows,
                "total": str(part.total),
                "parity": str(part.parity),
            }
    return report


def verify(path: Path) -> dict[str, Any]:
    """Audience -> report for a release folder; for one database file, its folder's name.

    A folder that is not published yet has its staged history in the report too.
    """
    if path.is_file():
        return {path.parent.name: verify_database(path)}
    databases = sorted(path.glob(f"*/{DATABASE_FILE}"))
    if not databases:
        raise UsageError("no database to verify", where=str(path), remedy="name a release folder")
    report = {database.parent.name: verify_database(database) for database in databases}
    if (path / STAGED_HISTORY).is_dir():
        report[STAGED_HISTORY] = verify_history(path / STAGED_HISTORY)
    return report


def _require_storage_version(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    found = connection.execute(
        "select tags['storage_version'] from duckdb_databases()"
        " where database_name = current_database()"
    ).fetchone()
    if found != (f"{STORAGE_VERSION}+",):
        raise WarehouseError(
            f"the file has the storage version {found and found[0]}, not {STORAGE_VERSION}+:"
            " older drivers could not read it",
            where=str(database),
            remedy="build the release again with the pinned DuckDB",
        )


def _split(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[list[TablePlan], list[TablePlan]]:
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = current_database() order by all"
    ).fetchall()
    tables = [TablePlan(schema, table, (), ()) for schema, table in found]
    content = [table for table in tables if table.name not in EVIDENCE_TABLES]
    evidence = [table for table in tables if table.name in EVIDENCE_TABLES]
    return content, evidence


def _count(connection: duckdb.DuckDBPyConnection, table: TablePlan) -> int:
    found = connection.execute(f"select count(*) from {table.quoted}").fetchone()
    return int(found[0]) if found else 0


def main(arguments: list[str]) -> int:
    """Print the report as JSON; one line on standard error and the exit code when it fails."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m serving.verify PATH\n")
        return 2
    try:
        report = verify(Path(arguments[0]).resolve())
    except WarehouseError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    sys.stdout.write(json.dumps(report, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
