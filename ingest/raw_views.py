"""Schema `raw` of the working database: what the models read, always complete and always typed.

Add here a table that the models need from the ledger, quarantine or reference files. Keep out:
reading deliveries (delivery.py) and every rule about what a row means (dbt).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ingest import scenario_results, site_parameters
from ingest.items.raw_tables import ARROW as ITEM_ARROW
from ingest.items.raw_tables import item_tables
from ingest.links import file_list, linked_rows, require_unchanged, spans
from ingest.model_tables import model_tables
from ingest.readers.base import literal, quoted
from ingest.reference.raw_tables import Columns, empty, existing, reference_tables
from ingest.senders.profile import expected_deliveries, load_profiles
from ingest.store.exclusions import NO_EXCLUSIONS, Exclusions
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from ledger.entries import Entries, Entry, standing_deliveries

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
_ARROW = "raw_delivery_arrow"  # name under which ledger rows pass into the connection


def register_raw_views(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    from_day: dt.date,
    to_day: dt.date,
    exclusions: Exclusions = NO_EXCLUSIONS,
    entries: Entries | None = None,
) -> dict[str, int]:
    """Replace schema `raw` by the state of the home, for the days from_day..to_day (both included)
    but those left out.

    Windowed sources become views over exactly the Parquet files concerned, and over rows of other
    days that belong to the same records (links.py). The rest become tables: the states too, whose
    files are as many as there were days and which gate 1 and the models read many times.
    entries: the ledger as the run was planned from it; without them, as it is now.
    Gives table -> number of rows. All or nothing: a failure leaves the former schema in place.
    Raises WarehouseError when a file named by the ledger is missing or damaged.
    """
    if entries is None:
        entries = Ledger(home.ledger).entries()
    files = {
        source: raw_files(home, source, from_day, to_day, exclusions=exclusions, entries=entries)
        for source in CONTRACTS
    }
    days = [day for day in _each(from_day, to_day) if day not in exclusions.days]
    as_now = max([to_day, *_released(entries)])
    builders: dict[str, Callable[[], str]] = {
        "run_window": lambda: (
            f"table raw.run_window as select date '{from_day}' as from_day, "
            f"date '{to_day}' as to_day"
        ),
        "run_day": lambda: (
            f"table raw.run_day as select day from ({_days(from_day, to_day)}) as days "
            f"where list_contains({_list(exclusions.days)}, day) = false order by day"
        ),
        "delivery_outcome": lambda: _delivery_outcome(connection, entries, exclusions),
        "quarantine_reason": lambda: _quarantine_reason(home, entries),
        "expected_delivery": lambda: _expected_delivery(home, from_day, to_day, exclusions),
        "linked_record": lambda: _linked_record(linked),
        "site_parameter": lambda: site_parameters.table(site_parameters.read(home.parameters)),
        "scenario_result": lambda: scenario_results.table(home.scenarios),
        **reference_tables(home, entries, days, as_now),
        **model_tables(home, entries),
        **item_tables(connection, home, entries, days),
    }
    counts: dict[str, int] = {}
    linked: list[str] = []
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
                spans(home, entries, source, from_day, to_day, exclusions),
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
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.unregister(_ARROW)
        connection.unregister(ITEM_ARROW)
    return counts


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from raw.{quoted(table)}").fetchone()
    return int(row[0]) if row else 0


def _parquet(files: Sequence[Path], *, by_name: bool = False) -> str:
    """read_parquet over exactly these files; the folder received_date=... is no column."""
    union = ", union_by_name = true" if by_name else ""
    return f"read_parquet({file_list(files)}, hive_partitioning = false{union})"


def _days(from_day: dt.date, to_day: dt.date) -> str:
    ends = f"timestamp '{from_day}', timestamp '{to_day}'"
    return f"select cast(unnest(generate_series({ends}, interval 1 day)) as date) as day"


def _each(from_day: dt.date, to_day: dt.date) -> list[dt.date]:
    return [from_day + dt.timedelta(days=n) for n in range((to_day - from_day).days + 1)]


def _released(entries: Iterable[Entry]) -> list[dt.date]:
    """The last days of the releases so far: what is said "as of now" is as of the latest."""
    facts = (entry.body for entry in entries if entry.kind == "release")
    return [dt.date.fromisoformat(body.get("to_day") or body["days"][-10:]) for body in facts]


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
        return f"{kind} raw.{name} as {empty(contract.raw_columns())}"
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
    connection: duckdb.DuckDBPyConnection, entries: list[Entry], exclusions: Exclusions
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
            if status == "accepted" and body["sha256"] in exclusions.deliveries:
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
        existing(home, entry.body["quarantine_file"], "a quarantine file")
        for entry in standing_deliveries(entries)
        if entry.body["quarantine_file"]
    ]
    if not files:
        return f"table raw.quarantine_reason as {empty(QUARANTINE_REASON)}"
    return (
        "table raw.quarantine_reason as select source, sha256, column_name, reason_code, "
        f"count(*)::bigint as row_count from {_parquet(files)} group by all order by all"
    )


def _expected_delivery(
    home: Home, from_day: dt.date, to_day: dt.date, exclusions: Exclusions
) -> str:
    announced = expected_deliveries(load_profiles(home.profiles), from_day, to_day)
    rows = [row for row in announced if row[2] not in exclusions.days]
    if not rows:
        return f"table raw.expected_delivery as {empty(EXPECTED_DELIVERY)}"
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
    rows = " union all ".join(parts) if parts else empty(LINKED_RECORD)
    return f"table raw.linked_record as {rows} order by all"
