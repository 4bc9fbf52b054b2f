"""Schema `raw` of the working database: what the models read, always complete and always typed.

Add here a table that the models need from the ledger, quarantine or reference files. Keep out:
reading deliveries (delivery.py) and every rule about what a row means (dbt).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.contracts.base import Contract
from ingest.contracts.catalog import CONTRACTS
from ingest.landing import raw_files
from ingest.ledger import Entry, Ledger, standing_deliveries
from ingest.readers.base import literal, quoted
from ingest.reference.catalog import KINDS
from ingest.reference.load import latest_reference, parquet_path

Columns = tuple[tuple[str, str], ...]
Body = Mapping[str, Any]

RUN_WINDOW: Columns = (("from_day", "DATE"), ("to_day", "DATE"))
DELIVERY_OUTCOME: Columns = (
    ("delivery_sequence", "BIGINT"),
    ("file_name", "VARCHAR"),
    ("source", "VARCHAR"),
    ("sender", "VARCHAR"),
    ("sha256", "VARCHAR"),
    ("status", "VARCHAR"),
    ("rows_in", "BIGINT"),
    ("accepted", "BIGINT"),
    ("quarantined", "BIGINT"),
    ("duplicates", "BIGINT"),
    ("reason", "VARCHAR"),
    ("received_date", "DATE"),
    ("day_min", "DATE"),
    ("day_max", "DATE"),
)
QUARANTINE_REASON: Columns = (
    ("source", "VARCHAR"),
    ("sha256", "VARCHAR"),
    ("column_name", "VARCHAR"),
    ("reason_code", "VARCHAR"),
    ("row_count", "BIGINT"),
)
_ARROW = "raw_delivery_arrow"  # name under which ledger rows pass into the connection
# Columns of a reference table beside those of its kind; their values are the ledger entry's.
REFERENCE_ORIGIN: Columns = (("as_of_date", "DATE"), ("provenance", "VARCHAR"))


def register_raw_views(
    connection: duckdb.DuckDBPyConnection, home: Home, from_day: dt.date, to_day: dt.date
) -> dict[str, int]:
    """Replace schema `raw` by the state of the home, for the days from_day..to_day (both included).

    Contract sources become views over exactly the Parquet files concerned; the rest become tables.
    Gives table -> number of rows. All or nothing: a failure leaves the former schema in place.
    Raises WarehouseError when a file named by the ledger is missing or damaged.
    """
    entries, files = _snapshot(home, from_day, to_day)
    builders: dict[str, Callable[[], str]] = {
        "run_window": lambda: (
            f"table raw.run_window as select date '{from_day}' as from_day, "
            f"date '{to_day}' as to_day"
        ),
        "delivery_outcome": lambda: _delivery_outcome(connection, entries),
        "quarantine_reason": lambda: _quarantine_reason(home, entries),
    }
    counts: dict[str, int] = {}
    connection.begin()
    try:
        connection.execute("drop schema if exists raw cascade")
        connection.execute("create schema raw")
        for source, contract in CONTRACTS.items():
            connection.execute(f"create {_contract_view(connection, contract, files[source])}")
            counts[source] = _count(connection, source)
        for table, build in builders.items():
            connection.execute(f"create {build()}")
            counts[table] = _count(connection, table)
        latest = latest_reference(entries)
        for name, kind in KINDS.items():
            if kind.raw_table is not None:
                connection.execute(f"create {_reference_table(home, name, latest.get(name))}")
                counts[kind.raw_table] = _count(connection, kind.raw_table)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.unregister(_ARROW)
    return counts


def _snapshot(
    home: Home, from_day: dt.date, to_day: dt.date
) -> tuple[list[Entry], dict[str, list[Path]]]:
    """Ledger entries and raw files that belong together, though deliveries may go on meanwhile."""
    ledger = Ledger(home.ledger)
    while True:
        entries = ledger.entries()
        files = {source: raw_files(home, source, from_day, to_day) for source in CONTRACTS}
        if len(ledger.entries()) == len(entries):
            return entries, files


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from raw.{quoted(table)}").fetchone()
    return int(row[0]) if row else 0


def _file_list(files: Sequence[Path]) -> str:
    """A SQL list of exactly these files: quotes doubled, glob characters taken literally."""
    escaped = (
        "".join(f"[{character}]" if character in "*?[" else character for character in str(file))
        for file in files
    )
    return "[" + ", ".join(map(literal, escaped)) + "]"


def _parquet(files: Sequence[Path], *, by_name: bool = False) -> str:
    """read_parquet over exactly these files; the folder received_date=... is no column."""
    union = ", union_by_name = true" if by_name else ""
    return f"read_parquet({_file_list(files)}, hive_partitioning = false{union})"


def _existing(home: Home, relative: str, what: str) -> Path:
    path = (home.root / relative).absolute()
    if not path.is_file():
        raise WarehouseError(
            f"{what} named by the ledger is missing",
            where=str(path),
            remedy="restore the file from a copy of the home; it is never written twice",
        )
    return path


def _empty(columns: Iterable[tuple[str, str]]) -> str:
    typed = ", ".join(f"null::{sql_type} as {quoted(name)}" for name, sql_type in columns)
    return f"select {typed} where false"


def _contract_view(
    connection: duckdb.DuckDBPyConnection, contract: Contract, files: Sequence[Path]
) -> str:
    columns = contract.raw_columns()
    name = quoted(contract.source)
    if not files:
        return f"view raw.{name} as {_empty(columns)}"
    layouts = connection.execute(
        "select list_sort(list(name)) as names, count(*) from "
        f"(select file_name, name from parquet_schema({_file_list(files)}) where type is not null) "
        "group by file_name"
    ).fetchall()
    known = {column for names, _ in layouts for column in names}
    # A file from before a column existed has no such column: its rows say nothing about it.
    by_name = len({tuple(names) for names, _ in layouts}) > 1
    parts = ", ".join(
        f"{quoted(column) if column in known else 'null'}::{sql_type} as {quoted(column)}"
        for column, sql_type in columns
    )
    return f"view raw.{name} as select {parts} from {_parquet(files, by_name=by_name)}"


def _delivery_outcome(connection: duckdb.DuckDBPyConnection, entries: list[Entry]) -> str:
    """Every delivery there ever was; one that was withdrawn later has the status `discarded`."""
    standing = {entry.seq for entry in standing_deliveries(entries)}
    rows: list[dict[str, Any]] = []
    for entry in entries:
        if entry.kind == "delivery":
            body = dict(entry.body)
            withdrawn = body["status"] == "accepted" and entry.seq not in standing
            status = "discarded" if withdrawn else body["status"]
            named = {"delivery_sequence": entry.seq, "file_name": body["file"], "status": status}
            rows.append(body | named)
    # Counts and dates travel as text: the casts below give them the types of the table.
    table = pa.table(
        {
            name: pa.array(
                [None if row[name] is None else str(row[name]) for row in rows], pa.string()
            )
            for name, _ in DELIVERY_OUTCOME
        }
    )
    connection.register(_ARROW, table)
    parts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in DELIVERY_OUTCOME)
    return f"table raw.delivery_outcome as select {parts} from {_ARROW} order by 1"


def _quarantine_reason(home: Home, entries: list[Entry]) -> str:
    """Violations of the deliveries that count: a row that breaks two fields is in two counts."""
    files = [
        _existing(home, entry.body["quarantine_file"], "a quarantine file")
        for entry in standing_deliveries(entries)
        if entry.body["quarantine_file"]
    ]
    if not files:
        return f"table raw.quarantine_reason as {_empty(QUARANTINE_REASON)}"
    return (
        "table raw.quarantine_reason as select source, sha256, column_name, reason_code, "
        f"count(*)::bigint as row_count from {_parquet(files)} group by all order by all"
    )


def _reference_table(home: Home, kind_name: str, body: Body | None) -> str:
    kind = KINDS[kind_name]
    assert kind.raw_table is not None
    own = [(column.name, column.sql_type) for column in kind.columns if column.in_raw]
    name = quoted(kind.raw_table)
    if body is None:
        return f"table raw.{name} as {_empty((*own, *REFERENCE_ORIGIN))}"
    path = parquet_path(home, kind_name, body["sha256"])
    file = _existing(home, str(path.relative_to(home.root)), "a reference file")
    parts = ", ".join(
        f"{quoted(column)}::{sql_type} as {quoted(column)}" for column, sql_type in own
    )
    return (
        f"table raw.{name} as select {parts}, {literal(body['as_of'])}::date as as_of_date, "
        f"{literal(body['provenance'])} as provenance from {_parquet([file])} "
        f"qualify row_number() over (partition by {', '.join(kind.key)} order by _src_line) = 1 "
        "order by _src_line"
    )
