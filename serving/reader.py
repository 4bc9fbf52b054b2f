"""Hardened read-only access to a release: what an analyst, a report or a service may do with it.

Add here another way of reading a release. Keep out: writing, and anything that opens the working
database. What must not be seen is not in the file: these settings protect the host, not the rows.

Left open on a bare `open_reader` connection, because DuckDB has no switch for it: temporary
tables, session variables and `PRAGMA enable_profiling` (to standard output; a file is refused).
`select` and `query` refuse those. Left open everywhere: CPU time, and the file's own path in system
tables. The columns of an Arrow result are outside memory_limit: give limit_rows for services.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving import history
from serving.current import Release, visible_current
from serving.integrity import require_intact
from serving.plan import RELEASE_TABLES, quote, quote_text

if TYPE_CHECKING:  # loading pyarrow doubles the start of `python -m serving.verify`
    import pyarrow as pa

_Settings = dict[str, str | bool | int | float | list[str]]
_HARDENED: _Settings = {
    "enable_external_access": "false",  # files, COPY TO, ATTACH, LOAD; cannot be switched back on
    "temp_directory": "",  # no spilling: memory_limit is a limit
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",  # variables of the host process are not tables
    "lock_configuration": "true",  # every later SET and PRAGMA is refused
}

_FILE = "release_file"  # under this name a release file stands beside the views over it


def open_reader(
    database: Path, *, memory_limit: str = "2GB", threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """A read-only, locked-down connection to one database file; the caller closes it.

    Give it the file inside a release folder (`Release.database`), never a path through the
    `current` link: the same process would keep the release it first saw.
    Raises WarehouseError when the file is missing or unreadable.
    """
    try:
        is_there = database.is_file()
    except PermissionError as error:
        raise WarehouseError(
            "this user may not open this audience's releases",
            where=str(database),
            remedy="ask to be made a member of the group that `import-risk doctor` shows",
        ) from error
    if not is_there:
        raise WarehouseError(
            "there is no such database",
            where=str(database),
            remedy="check the path; old releases are removed over time",
        )
    try:
        return duckdb.connect(
            str(database),
            read_only=True,
            config={**_HARDENED, **_limits(memory_limit, threads)},
        )
    except duckdb.Error as error:
        raise WarehouseError(
            f"the database cannot be opened: {_first_line(error)}",
            where=str(database),
            remedy="check it with `python -m serving.verify`, then publish again",
        ) from error


def open_release(
    home: Home,
    release: Release,
    *,
    audience: str = "customs",
    memory_limit: str = "2GB",
    threads: int | None = None,
) -> duckdb.DuckDBPyConnection:
    """A locked-down connection to all that `audience` may see of a release; the caller closes it.

    Tables that the file holds in part are views over their whole Parquet history: the names are the
    same, and no other file can be read. Raises WarehouseError like `open_reader`, and for a file
    whose bytes are not those that were published.
    """
    try:
        database = require_intact(release, audience)
    except PermissionError as error:
        raise WarehouseError(
            "this user may not open this audience's releases",
            where=str(release.database(audience)),
            remedy="ask to be made a member of the group that `import-risk doctor` shows",
        ) from error
    held = open_reader(database, memory_limit=memory_limit, threads=threads)
    partial = _partial_tables(held)
    if not partial:
        return held
    held.close()
    listing = history.read_listing(release.folder)
    # What stops the attachment itself comes last.
    late = {name: _HARDENED[name] for name in ("enable_external_access", "lock_configuration")}
    early = {name: value for name, value in _HARDENED.items() if name not in late}
    limits = _limits(memory_limit, threads)
    connection = duckdb.connect(":memory:", config={**early, **limits})
    readable: list[str] = []
    try:
        connection.execute(f"attach {quote_text(str(database))} as {_FILE} (read_only)")
        for schema, table in connection.execute(
            f"select schema_name, table_name from duckdb_tables() where database_name = '{_FILE}'"
        ).fetchall():
            name = f"{quote(schema)}.{quote(table)}"
            rows = f"{_FILE}.{name}"
            if f"{schema}.{table}" in partial:
                files = history.valid_files(home.history, listing, f"{schema}.{table}")
                listed = [quote_text(str(path.absolute())) for path in files]
                rows = f"read_parquet([{', '.join(listed)}], hive_partitioning = false)"
                readable += listed
            connection.execute(f"create schema if not exists {quote(schema)}")
            connection.execute(f"create view {name} as select * from {rows}")
        # The files that stay readable, not their folder: it holds what is not of this release.
        connection.execute(f"set allowed_paths = [{', '.join(readable)}]")
        for setting, value in late.items():
            connection.execute(f"set {setting} = {quote_text(str(value))}")
    except duckdb.Error as error:
        connection.close()
        raise WarehouseError(
            f"the history of the release cannot be opened: {_first_line(error)}",
            where=str(home.history),
            remedy="restore the folder `history` from a backup, or publish its days again",
        ) from error
    return connection


def _limits(memory_limit: str, threads: int | None) -> _Settings:
    limits: _Settings = {"memory_limit": memory_limit}
    return limits if threads is None else {**limits, "threads": threads}


def _partial_tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Tables of which the file does not hold every row; releases from before that was recorded
    hold all."""
    try:
        rows = connection.execute(
            f"select table_name from {RELEASE_TABLES} where not is_whole_in_file"
        ).fetchall()
    except duckdb.CatalogException:
        return set()
    return {name for (name,) in rows}


def select(
    connection: duckdb.DuckDBPyConnection, sql: str, *, limit_rows: int | None = None
) -> "pa.Table":
    """The result of exactly one SELECT as an Arrow table, at most `limit_rows` rows of it.

    SELECT includes WITH, FROM-first, DESCRIBE, SHOW and SUMMARIZE. Raises UsageError for anything
    else, for several statements, and for what the engine refuses; always one line.
    """
    if limit_rows is not None and limit_rows < 1:
        raise _refused("limit_rows must be at least 1")
    statement = one_select(connection, sql)
    try:
        result = connection.execute(statement)
        if limit_rows is None:
            return result.to_arrow_table()
        reader = result.to_arrow_reader(limit_rows)
        return _take(reader, limit_rows)
    except (duckdb.Error, OSError) as error:  # Arrow reports errors while streaming as OSError
        raise _refused(_first_line(error)) from error


def one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The one statement of `sql`; UsageError when it is none, several, or no SELECT."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise _refused(_first_line(error)) from error
    if len(statements) != 1:
        raise _refused(f"one statement is allowed, {len(statements)} were given")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise _refused(f"only SELECT is allowed, not {statements[0].type.name}")
    return statements[0]


def query(
    home: Home, sql: str, *, audience: str = "customs", limit_rows: int | None = None
) -> "pa.Table":
    """One SELECT on the current release of `home`, opened for this call only.

    Raises WarehouseError when nothing is published or the file is damaged, UsageError when the
    statement is refused.
    """
    with open_release(home, visible_current(home), audience=audience) as connection:
        return select(connection, sql, limit_rows=limit_rows)


def _take(reader: "pa.RecordBatchReader", rows: int) -> "pa.Table":
    import pyarrow as pa

    batches: list[pa.RecordBatch] = []
    missing = rows
    while missing > 0:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            break
        batches.append(batch.slice(0, missing))
        missing -= batches[-1].num_rows
    return pa.Table.from_batches(batches, schema=reader.schema)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _refused(what: str) -> UsageError:
    return UsageError(
        f"the query was refused: {what}",
        where="the SQL text",
        remedy="give one SELECT over the tables of the release (SHOW ALL TABLES lists them)",
    )
