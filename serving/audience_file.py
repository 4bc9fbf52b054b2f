"""Writes one audience's DuckDB file from the working database: tables, comments, evidence.

Add here what every published file must carry. Keep out: which tables (plan.py), the folder and the
switch (release.py), long-term Parquet (history.py).
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from foundation.errors import UsageError, WarehouseError
from foundation.gate_results import GATE_RESULT_COLUMNS
from serving.content_hash import columns_of
from serving.plan import (
    GATE_RESULTS,
    RELEASE_INFO,
    RELEASE_INFO_COLUMNS,
    RELEASE_TABLES,
    RELEASE_TABLES_COLUMNS,
    ReleasePlan,
    TablePlan,
    is_private,
    quote,
    quote_text,
)

# The name that the views of the working database were written under: its file name.
SOURCE = "warehouse"
TARGET = "release_file"
BUILD_MEMORY = "3GB"
# The oldest form that the engine writes: every 1.x, thus every driver of a BI tool, reads it, and
# 2.0 does (docs/adr/0016). serving.verify insists on it.
STORAGE_VERSION = "v1.0.0"

# Run facts and gate columns that the ministry's file may carry; file names, senders, failing
# examples, who waived what and counts of rows (one sender's, where there is one) stay with customs.
MINISTRY_RUN_FACTS = (
    "run_id",
    "from_day",
    "to_day",
    "inputs_hash",
    "code_sha256",
    "code_commit",
    "seeds_sha256",
    "lock_sha256",
    "ledger_head",
)
MINISTRY_HIDDEN_GATE_COLUMNS = frozenset(
    {"examined_count", "examples_json", "failing_count", "observed", "waivers_json"}
)

_GATE_COMMENT = (
    "Kết quả của từng kỳ vọng chất lượng, mỗi dòng là một quy tắc của một cổng |"
    " Quality gate results. One row per gate and rule."
)
_INFO_COMMENT = (
    "Bản phát hành này là gì, một dòng duy nhất | What this release is. One row per release file."
)
_TABLES_COMMENT = (
    "Mỗi bảng có bao nhiêu dòng, tệp này chứa bao nhiêu; phần còn lại nằm ở Parquet bên cạnh |"
    " Rows of each table and how many of them this file holds; the rest is Parquet beside it."
    " One row per table."
)


def open_work(database: Path, warehouse: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection that writes `database` (created unless begun, as TARGET) and sees `warehouse`
    as SOURCE."""
    connection = open_source(warehouse, spill)
    try:
        connection.execute(
            f"attach {quote_text(str(database))} as {TARGET} (storage_version '{STORAGE_VERSION}')"
        )
        connection.execute(f"use {TARGET}")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def open_source(warehouse: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection whose current database is `warehouse`, read-only, as SOURCE."""
    if not warehouse.is_file():
        raise WarehouseError(
            "there is no working database to publish from",
            where=str(warehouse),
            remedy="run `import-risk run` first; it builds the database from raw",
        )
    connection = duckdb.connect(
        config={
            "memory_limit": BUILD_MEMORY,
            "temp_directory": str(spill),
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
        },
    )
    try:
        connection.execute(f"attach {quote_text(str(warehouse))} as {SOURCE} (read_only)")
        connection.execute(f"use {SOURCE}")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    plan: ReleasePlan,
    audience: str,
    whole_from: dt.date | None,
    days: Sequence[dt.date] = (),
    carried: Collection[str] = (),
) -> None:
    """Copy the audience's tables in their order.

    whole_from: first day of which detail tables are copied whole (None: all of them); of earlier
    days, the rows of the consignments that the queue names. carried: names of tables that are there
    already, of which only the periods of `days` are written again.
    """
    for table in plan.of(audience):
        if table.name in carried:
            _write_periods_again(connection, table, days)
            continue
        named = [table.window_column] if table.window_column else []
        columns = _require_columns(
            connection, table, (*table.order_by, *named, *table.column_comments)
        )
        if audience != "customs" and (private := sorted(filter(is_private, columns))):
            raise UsageError(
                f"columns {private} identify consignments or parties",
                where=f"{table.name} for audience {audience}",
                remedy="take the audience out of the model's meta, or aggregate the model",
            )
        kept = _kept(plan, table, columns) if table.is_detail and whole_from else ""
        connection.execute(f"create schema if not exists {quote(table.schema)}")
        connection.execute(
            f"create table {table.quoted} as select * from {SOURCE}.{table.quoted} as detail{kept}"
            f" order by {ordering(table)}",
            [whole_from] * kept.count("?"),
        )
        _comment(connection, table.quoted, table.comment, table.column_comments)


def _write_periods_again(
    connection: duckdb.DuckDBPyConnection, table: TablePlan, days: Sequence[dt.date]
) -> None:
    if not (keys := table.keys(days)):
        return
    where = f"where {table.within(keys)}"
    connection.execute(f"delete from {table.quoted} {where}")
    connection.execute(
        f"insert into {table.quoted} by name select * from {SOURCE}.{table.quoted} {where}"
        f" order by {ordering(table)}"
    )


def _kept(plan: ReleasePlan, table: TablePlan, columns: Sequence[str]) -> str:
    queue = next((each for each in plan.tables if each.is_queue), None)
    if queue is None or "consignment_id" not in columns:
        return " where day >= ?"
    # The first condition skips row groups of days that no queue names.
    return (
        f" where day >= least(?, (select min(day) from {SOURCE}.{queue.quoted}))"
        f" and (day >= ? or (day, consignment_id) in"
        f" (select (day, consignment_id) from {SOURCE}.{queue.quoted}))"
    )


def ordering(table: TablePlan) -> str:
    """The ORDER BY list of a table; every column when the plan names none."""
    if not table.order_by:
        return "all"
    return ", ".join(f"{quote(column)} nulls last" for column in table.order_by)


def write_gate_results(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Any]], audience: str
) -> None:
    """Create quality.fct_gate_results, typed even when there are no rows; missing keys are null."""
    known = {name for name, _ in GATE_RESULT_COLUMNS}
    if unknown := sorted({key for row in rows for key in row} - known):
        raise UsageError(
            f"gate rows carry unknown columns {unknown}",
            where=GATE_RESULTS,
            remedy=f"use only {sorted(known)}, or add the column in foundation/gate_results.py",
        )
    hidden = MINISTRY_HIDDEN_GATE_COLUMNS if audience != "customs" else frozenset()
    columns = tuple(column for column in GATE_RESULT_COLUMNS if column[0] not in hidden)
    values = [[row.get(name) for name, _ in columns] for row in rows]
    create_table(connection, GATE_RESULTS, columns, values, _GATE_COMMENT)


def write_release_tables(
    connection: duckdb.DuckDBPyConnection,
    plan: ReleasePlan,
    audience: str,
    rows: Mapping[str, int],
    whole_from: dt.date | None,
) -> None:
    """Create quality.release_tables. rows: `schema.table` -> rows of the release."""
    values = []
    for table in plan.of(audience):
        found = connection.execute(f"select count(*) from {table.quoted}").fetchone()
        held = int(found[0]) if found else 0
        if held > rows[table.name]:
            raise WarehouseError(
                f"the working database has {held} rows where the release has {rows[table.name]}",
                where=table.name,
                remedy="a run that nobody published left rows there: run its days again together"
                " with these, or rebuild the working database",
            )
        is_whole = held == rows[table.name]
        since = whole_from if table.is_detail and not is_whole else None
        values.append([table.name, rows[table.name], held, is_whole, since])
    create_table(connection, RELEASE_TABLES, RELEASE_TABLES_COLUMNS, values, _TABLES_COMMENT)


def write_release_info(
    database: Path,
    *,
    release_id: str,
    base: str | None,
    content_hash: str,
    run_facts_json: str,
) -> None:
    """Add the one-row quality.release_info; everything ends in the one file, no .wal is left."""
    values = [[release_id, base, content_hash, run_facts_json]]
    with duckdb.connect(str(database)) as connection:
        create_table(connection, RELEASE_INFO, RELEASE_INFO_COLUMNS, values, _INFO_COMMENT)
        connection.execute("checkpoint")


def visible_run_facts(run_facts: Mapping[str, Any], audience: str) -> dict[str, Any]:
    """All run facts for customs; only those that name no delivery for the others."""
    if audience == "customs":
        return dict(run_facts)
    return {name: run_facts[name] for name in MINISTRY_RUN_FACTS if name in run_facts}


def _require_columns(
    connection: duckdb.DuckDBPyConnection, table: TablePlan, wanted: Sequence[str]
) -> list[str]:
    columns = [name for name, _ in columns_of(connection, table, SOURCE)]
    if missing := sorted(set(wanted) - set(columns)):
        raise WarehouseError(
            f"the plan names columns {missing} that the table does not have",
            where=table.name,
            remedy="correct order_by, window_column or the described columns in the dbt YAML",
        )
    return columns


def create_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[tuple[str, str]],
    values: Sequence[Sequence[Any]],
    comment: str,
    column_comments: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Create an evidence table `schema.table` with these (name, SQL type) columns and rows."""
    schema, table = name.split(".")
    quoted = f"{quote(schema)}.{quote(table)}"
    body = ", ".join(f"{quote(column)} {sql_type}" for column, sql_type in columns)
    connection.execute(f"create schema if not exists {quote(schema)}")
    connection.execute(f"create table {quoted} ({body})")
    if values:
        # One statement: row by row, the revisions of a year would cost seconds in every release.
        listed = ", ".join(f"unnest(cast(? as {sql_type}[]))" for _, sql_type in columns)
        connection.execute(
            f"insert into {quoted} select {listed}",
            [list(column) for column in zip(*values, strict=True)],
        )
    _comment(connection, quoted, comment, column_comments)


def _comment(
    connection: duckdb.DuckDBPyConnection, quoted: str, comment: str, columns: Mapping[str, str]
) -> None:
    """In one transaction: hundreds of comments, each made durable by itself, cost seconds."""
    connection.begin()
    if comment:
        connection.execute(f"comment on table {quoted} is {quote_text(comment)}")
    for column, text in columns.items():
        connection.execute(f"comment on column {quoted}.{quote(column)} is {quote_text(text)}")
    connection.commit()
