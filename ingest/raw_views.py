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
from foundation.files import sha256_file
from foundation.home import Home
from ingest.contracts.base import Contract
from ingest.contracts.catalog import CONTRACTS
from ingest.links import file_list, linked_rows, require_unchanged, spans
from ingest.readers.base import literal, quoted
from ingest.reference.catalog import KINDS
from ingest.reference.load import parquet_path, reference_in_force
from ingest.senders.profile import expected_deliveries, load_profiles
from ingest.store.entries import Entry, standing_deliveries
from ingest.store.landing import raw_files
from ingest.store.ledger import Ledger
from ingest.store.left_out import NOTHING, Leave

Columns = tuple[tuple[str, str], ...]

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
# Deliveries that the senders' calendars announce for the run's days (days of receipt).
EXPECTED_DELIVERY: Columns = (("sender", "VARCHAR"), ("source", "VARCHAR"), ("day", "DATE"))
# Rows of the contract views that come from files outside the run's days (links.py).
LINKED_RECORD: Columns = (
    ("source", "VARCHAR"),
    ("sha256", "VARCHAR"),
    ("source_line", "BIGINT"),
    ("day", "DATE"),
)
# Editions of the reference data that the models read; a kind never loaded has one row without file.
REFERENCE_VERSION: Columns = (
    ("kind", "VARCHAR"),
    ("file_name", "VARCHAR"),
    ("sha256", "VARCHAR"),
    ("as_of_date", "DATE"),
    ("row_count", "BIGINT"),
    ("provenance", "VARCHAR"),
    ("owner", "VARCHAR"),
    ("edition_days", "BIGINT"),
    ("is_in_use", "BOOLEAN"),
    ("replaced_sha256", "VARCHAR"),
)
_ARROW = "raw_delivery_arrow"  # name under which ledger rows pass into the connection
# Columns of a reference table beside those of its kind; their values are the ledger entry's.
REFERENCE_ORIGIN: Columns = (("as_of_date", "DATE"), ("provenance", "VARCHAR"))


def register_raw_views(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    from_day: dt.date,
    to_day: dt.date,
    leave: Leave = NOTHING,
) -> dict[str, int]:
    """Replace schema `raw` by the state of the home, for the days from_day..to_day (both included)
    but those left out.

    Windowed sources become views over exactly the Parquet files concerned, and over rows of other
    days that belong to the same records (links.py). The rest become tables: the states too, whose
    files are as many as there were days and which gate 1 and the models read many times.
    Gives table -> number of rows. All or nothing: a failure leaves the former schema in place.
    Raises WarehouseError when a file named by the ledger is missing or damaged.
    """
    entries, files = _snapshot(home, from_day, to_day, leave)
    builders: dict[str, Callable[[], str]] = {
        "run_window": lambda: (
            f"table raw.run_window as select date '{from_day}' as from_day, "
            f"date '{to_day}' as to_day"
        ),
        "run_day": lambda: (
            f"table raw.run_day as select day from ({_days(from_day, to_day)}) as days "
            f"where list_contains({_list(leave.days)}, day) = false order by day"
        ),
        "delivery_outcome": lambda: _delivery_outcome(connection, entries, leave),
        "quarantine_reason": lambda: _quarantine_reason(home, entries),
        "expected_delivery": lambda: _expected_delivery(home, from_day, to_day, leave),
        "linked_record": lambda: _linked_record(linked),
        "reference_version": lambda: _reference_version(entries, in_force),
    }
    counts: dict[str, int] = {}
    linked: list[str] = []
    in_force = reference_in_force(entries, to_day)
    connection.begin()
    try:
        connection.execute("drop schema if exists raw cascade")
        connection.execute("create schema raw")
        for source, contract in CONTRACTS.items():
            if contract.windowed and _link(
                connection,
                home,
                entries,
                contract,
                spans(home, entries, source, from_day, to_day, leave),
            ):
                linked.append(source)
            connection.execute(
                "create "
                + _contract_relation(connection, contract, files[source], source in linked)
            )
            counts[source] = _count(connection, source)
        for table, build in builders.items():
            connection.execute(f"create {build()}")
            counts[table] = _count(connection, table)
        for name, kind in KINDS.items():
            if kind.raw_table is not None:
                connection.execute(f"create {_reference_table(home, name, in_force.get(name))}")
                counts[kind.raw_table] = _count(connection, kind.raw_table)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.unregister(_ARROW)
    return counts


def _snapshot(
    home: Home, from_day: dt.date, to_day: dt.date, leave: Leave
) -> tuple[list[Entry], dict[str, list[Path]]]:
    """Ledger entries and raw files that belong together, though deliveries may go on meanwhile."""
    ledger = Ledger(home.ledger)
    while True:
        entries = ledger.entries()
        files = {
            source: raw_files(home, source, from_day, to_day, leave=leave) for source in CONTRACTS
        }
        if len(ledger.entries()) == len(entries):
            return entries, files


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from raw.{quoted(table)}").fetchone()
    return int(row[0]) if row else 0


def _parquet(files: Sequence[Path], *, by_name: bool = False) -> str:
    """read_parquet over exactly these files; the folder received_date=... is no column."""
    union = ", union_by_name = true" if by_name else ""
    return f"read_parquet({file_list(files)}, hive_partitioning = false{union})"


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


def _days(from_day: dt.date, to_day: dt.date) -> str:
    ends = f"timestamp '{from_day}', timestamp '{to_day}'"
    return f"select cast(unnest(generate_series({ends}, interval 1 day)) as date) as day"


def _list(days: Iterable[dt.date]) -> str:
    return "[" + ", ".join(f"date '{day}'" for day in sorted(days)) + "]::date[]"


def _link(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    entries: list[Entry],
    contract: Contract,
    places: tuple[list[Path], list[Path]],
) -> bool:
    """Create raw.linked_<source> when rows of other days belong to records of these days.

    places: the raw files inside the run's days and those outside (links.spans).
    """
    found = linked_rows(connection, contract, *places)
    if found is None:
        return False
    query, files = found
    require_unchanged(home, entries, files)
    parts = _typed_columns(contract, _layouts(connection, files))
    connection.execute(
        f"create table raw.{_linked_table(contract.source)} as select {parts} from ({query})"
    )
    return True


def _linked_table(source: str) -> str:
    return quoted(f"linked_{source}")


def _contract_relation(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    files: Sequence[Path],
    is_linked: bool,
) -> str:
    name = quoted(contract.source)
    kind = "view" if contract.windowed else "table"
    if not files:
        return f"{kind} raw.{name} as {_empty(contract.raw_columns())}"
    layouts = _layouts(connection, files)
    body = _parquet(files, by_name=len(layouts) > 1)
    own = f"select {_typed_columns(contract, layouts)} from {body}"
    others = f" union all select * from raw.{_linked_table(contract.source)}" if is_linked else ""
    return f"{kind} raw.{name} as {own}{others}"


def _layouts(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> set[tuple[str, ...]]:
    """The different sets of column names in these raw files."""
    rows = connection.execute(
        "select distinct list_sort(list(name)) as names from "
        f"(select file_name, name from parquet_schema({file_list(files)}) where type is not null) "
        "group by file_name"
    ).fetchall()
    return {tuple(names) for (names,) in rows}


def _typed_columns(contract: Contract, layouts: set[tuple[str, ...]]) -> str:
    """The contract's columns; a file from before a column existed says nothing about it."""
    known = {column for names in layouts for column in names}
    return ", ".join(
        f"{quoted(column) if column in known else 'null'}::{sql_type} as {quoted(column)}"
        for column, sql_type in contract.raw_columns()
    )


def _delivery_outcome(
    connection: duckdb.DuckDBPyConnection, entries: list[Entry], leave: Leave
) -> str:
    """Every delivery there ever was; one that was withdrawn later has the status `discarded`, one
    that this run leaves aside `set_aside`."""
    standing = {entry.seq for entry in standing_deliveries(entries)}
    rows: list[dict[str, Any]] = []
    for entry in entries:
        if entry.kind == "delivery":
            body = dict(entry.body)
            withdrawn = body["status"] == "accepted" and entry.seq not in standing
            status = "discarded" if withdrawn else body["status"]
            if status == "accepted" and body["sha256"] in leave.deliveries:
                status = "set_aside"
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


def _expected_delivery(home: Home, from_day: dt.date, to_day: dt.date, leave: Leave) -> str:
    announced = expected_deliveries(load_profiles(home.profiles), from_day, to_day)
    rows = [row for row in announced if row[2] not in leave.days]
    if not rows:
        return f"table raw.expected_delivery as {_empty(EXPECTED_DELIVERY)}"
    values = ", ".join(
        f"({literal(sender)}, {literal(source)}, date {literal(day.isoformat())})"
        for sender, source, day in rows
    )
    return (
        f"table raw.expected_delivery as select * from (values {values}) as expected "
        "(sender, source, day) order by all"
    )


def _linked_record(sources: Sequence[str]) -> str:
    parts = [
        f"select {literal(source)} as source, _src_sha as sha256, _src_line as source_line, day "
        f"from raw.{_linked_table(source)}"
        for source in sources
    ]
    rows = " union all ".join(parts) if parts else _empty(LINKED_RECORD)
    return f"table raw.linked_record as {rows} order by all"


def _reference_version(entries: list[Entry], in_force: Mapping[str, Entry]) -> str:
    """Every edition that was loaded, and whether it took the place of another of the same date."""
    rows: list[tuple[str | None, ...]] = []
    for name, kind in KINDS.items():
        if kind.raw_table is None:
            continue
        editions = [e for e in entries if e.kind == "reference" and e.body["kind"] == name]
        served = (kind.owner, str(kind.edition_days))
        for entry in editions:
            body = entry.body
            before = [
                other.body["sha256"]
                for other in editions
                if (other.seq < entry.seq and other.body["as_of"] == body["as_of"])
                and other.body["sha256"] != body["sha256"]
            ]
            stated = (body["file"], body["sha256"], body["as_of"], str(body["rows"]))
            used = str(in_force[name].seq == entry.seq)
            replaced = before[-1] if before else None
            rows.append((name, *stated, body["provenance"], *served, used, replaced))
        if not editions:
            rows.append((name, kind.file_name, None, None, None, None, *served, "false", None))
    listed = ", ".join(
        "(" + ", ".join("null" if value is None else literal(value) for value in row) + ")"
        for row in rows
    )
    names = [name for name, _ in REFERENCE_VERSION]
    parts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in REFERENCE_VERSION)
    return (
        f"table raw.reference_version as select distinct {parts} "
        f"from (values {listed}) as editions ({', '.join(names)}) order by all"
    )


def _reference_table(home: Home, kind_name: str, entry: Entry | None) -> str:
    kind = KINDS[kind_name]
    assert kind.raw_table is not None
    own = [(column.name, column.sql_type) for column in kind.columns if column.in_raw]
    name = quoted(kind.raw_table)
    if entry is None:
        return f"table raw.{name} as {_empty((*own, *REFERENCE_ORIGIN))}"
    body = entry.body
    path = parquet_path(home, kind_name, body["sha256"])
    what = f"reference data {kind_name} from {body['file']}, owner {kind.owner},"
    file = _existing(home, str(path.relative_to(home.root)), what)
    written = body.get("parquet_sha256")  # entries from before it was recorded have none
    if written is not None and sha256_file(file) != written:
        raise WarehouseError(
            f"{what} is not what was written when it was loaded",
            where=str(file),
            remedy="restore the file from a copy of the home, or load the reference file again",
        )
    parts = ", ".join(
        f"{quoted(column)}::{sql_type} as {quoted(column)}" for column, sql_type in own
    )
    return (
        f"table raw.{name} as select {parts}, {literal(body['as_of'])}::date as as_of_date, "
        f"{literal(body['provenance'])} as provenance from {_parquet([file])} "
        f"qualify row_number() over (partition by {', '.join(kind.key)} order by _src_line) = 1 "
        "order by _src_line"
    )
