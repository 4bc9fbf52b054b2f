"""Which held days a changed state speaks of: registry events, figures, inspection results.

Add here the SQL of a further way in which rows speak of days (SpeaksOf in contracts/facts.py).
Keep out: which source speaks how (its contract) and what models make of the rows (dbt).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from contracts.base import LINEAGE_COLUMNS, Contract
from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ingest.links import file_list
from ledger.entries import Entry, standing_deliveries

_END = "date '9999-12-31'"


class _Spoken(NamedTuple):
    """SQL over the rows of a state: the last day that a row speaks of (its first is `day`), whether
    that last held day alone is enough, and which further rows have their days touched."""

    last_day: str
    only_last: str
    also: str


def _spoken(contract: Contract) -> _Spoken:
    says = contract.speaks_of
    assert says is not None  # of a state: contracts/checks.py
    last_day, only_last, also = _END, "false", "false"
    if says.until == "its_day":
        last_day = "day"
    elif says.until == "next_of_series":
        series, first_day = ", ".join(says.series), contract.day_field
        last_day = (
            f"coalesce(min({first_day}) over (partition by {series} order by {first_day} "
            "range between interval 1 day following and unbounded following) - 1, "
            f"case {says.period} when 'month' then last_day({first_day}) else {_END} end)"
        )
        only_last = f"{says.period} <> 'day'"
    if says.takes_place_of:
        same = ", ".join(says.takes_place_of)
        also = f"({same}) in (select ({same}) from rows where is_news)"
    return _Spoken(last_day, only_last, also)


def days_of_changed_states(
    home: Home,
    entries: Sequence[Entry],
    changed: Iterable[Mapping[str, Any]],
    held: frozenset[dt.date],
) -> set[dt.date]:
    """The days of `held` that rows of `changed` speak of and no other delivery says alike.

    changed: ledger bodies of state deliveries that came or were withdrawn since the last release.
    """
    days: set[dt.date] = set()
    by_source: dict[str, list[Path]] = defaultdict(list)
    for body in changed:
        if body["accepted"] and (path := home.root / body["raw_file"]).is_file():
            by_source[body["source"]].append(path)
    for source, files in by_source.items():
        others = [
            home.root / entry.body["raw_file"]
            for entry in standing_deliveries(entries)
            if entry.body["source"] == source and entry.body["accepted"]
        ]
        for first, last, only_last in _spoken_of(source, files, others):
            spoken = sorted(day for day in held if first <= day <= last)
            days |= set(spoken[-1:] if only_last else spoken)
    return days


def _spoken_of(
    source: str, files: Sequence[Path], others: Sequence[Path]
) -> list[tuple[dt.date, dt.date, bool]]:
    lineage = {name for name, _ in LINEAGE_COLUMNS} - {"day"}
    columns = [name for name, _ in CONTRACTS[source].raw_columns() if name not in lineage]
    standing = [path for path in others if path not in files and path.is_file()]
    last_day, only_last, also = _spoken(CONTRACTS[source])
    with duckdb.connect() as connection:
        for table, paths in (("changed", files), ("standing", standing)):
            connection.execute(f"create table {table} as {_rows(connection, paths, columns)}")
        return connection.execute(
            "with rows as (select *, true as is_news from "
            "(select * from changed except select * from standing) "
            "union all select *, false as is_news from standing), "
            f"spans as (select *, {last_day} as last_day, {only_last} as only_last from rows) "
            "select distinct day, last_day, only_last from spans "
            f"where (is_news or {also}) and day is not null"
        ).fetchall()


def _rows(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], columns: Sequence[str]
) -> str:
    """SQL for the distinct rows of these raw files; columns that an old file lacks are null."""
    if not paths:
        nulls = ", ".join(f"null as {name}" for name in columns)
        return f"select * from (select {nulls}) where false"
    source = f"read_parquet({file_list(paths)}, hive_partitioning = false, union_by_name = true)"
    present = {row[0] for row in connection.execute(f"describe select * from {source}").fetchall()}
    listed = ", ".join(name if name in present else f"null as {name}" for name in columns)
    return f"select distinct {listed} from {source}"
