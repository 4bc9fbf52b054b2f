"""Rows of one record that lie in files of other days: amendments, cancellations, their originals.

A run reads the files of its days only. A cancellation that states no day lies on its day of
receipt, weeks after what it cancels; an amendment may move a record to another day. Without the
other rows one record would stand on two days. Linked are
- rows outside the run's files that amend a record inside them;
- all rows outside of a record of which only amendments lie inside.
Not linked: a record sent twice as an original with another day. Finding those would read every key
ever received; within one run's days they are found (dbt: version_ranks).

Add here another way in which rows belong together. Keep out: which version stands (dbt).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from foundation.errors import WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from ingest.readers.base import literal, quoted
from ingest.store.exclusions import NO_EXCLUSIONS, Exclusions
from ledger.entries import Entry, standing_deliveries

# How far from a run's days amendments and originals are looked for: a month more than the 60 days
# after clearance within which a declaration may be amended. Longer costs a look into more files.
REACH_DAYS = 92

_AMENDS = ("record_status <> 'original'", "version_number > 1", "is_partial")


def spans(
    home: Home,
    entries: Iterable[Entry],
    source: str,
    from_day: dt.date,
    to_day: dt.date,
    exclusions: Exclusions = NO_EXCLUSIONS,
) -> tuple[list[Path], list[Path]]:
    """The raw files of a windowed source (inside the days, outside but within reach of them).

    Files of which only skipped days lie inside are outside; deliveries set aside are in neither.
    """
    inside: list[Path] = []
    outside: list[Path] = []
    reach = dt.timedelta(days=REACH_DAYS)
    for body in (entry.body for entry in standing_deliveries(entries)):
        if (
            body["source"] != source
            or not body["accepted"]
            or body["sha256"] in exclusions.deliveries
        ):
            continue
        first = dt.date.fromisoformat(body["day_min"])
        last = dt.date.fromisoformat(body["day_max"])
        path = home.root / body["raw_file"]
        if exclusions.keeps(first, last, from_day, to_day):
            inside.append(path)
        elif first - reach <= to_day and from_day <= last + reach:
            outside.append(path)
    return inside, outside


def linked_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    inside: Sequence[Path],
    outside: Sequence[Path],
) -> tuple[str, list[Path]] | None:
    """SQL for the rows of `outside` that belong to records of `inside`, and the files they are in.

    None when there are none. The SQL reads the temporary table `linked_reference`.
    """
    if not inside or not outside or contract.versions is None:
        return None
    for place, files in (("inside", inside), ("outside", outside)):
        connection.execute(
            f"create or replace temp table amending_{place} as {_amending(contract, files)}"
        )
    return _linked_rows(connection, contract, inside, outside)


def _linked_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    inside: Sequence[Path],
    outside: Sequence[Path],
) -> tuple[str, list[Path]] | None:
    """`linked_rows`, the amendments of both places being in the tables amending_<place>."""
    connection.execute(
        "create or replace temp table linked_reference "
        "(reference varchar, day date, amending_only boolean)"
    )
    if _any(connection, "amending_outside"):
        connection.execute(
            "insert into linked_reference "
            f"select distinct reference, day, true from ({_references(contract, inside)}) "
            "where reference in (select reference from amending_outside)"
        )
    if _any(connection, "amending_inside"):
        connection.execute(
            "insert into linked_reference select distinct reference, day, false "
            "from amending_inside "
            "where record not in (select record from amending_inside where reference in ("
            f"select reference from ({_references(contract, inside, complete=True)}) "
            "where reference in (select reference from amending_inside)))"
        )
    if not _any(connection, "linked_reference"):
        return None
    wanted = _wanted(contract, outside)
    files = [
        Path(row[0])
        for row in connection.execute(
            f"select distinct filename from ({wanted}) order by 1"
        ).fetchall()
    ]
    return (_wanted(contract, files), files) if files else None


def linked_days(
    home: Home, entries: Sequence[Entry], bodies: Iterable[Mapping[str, Any]]
) -> list[dt.date]:
    """The days of rows elsewhere that belong to records of these deliveries, sorted.

    Whoever computes the deliveries' own days must compute these too: what stands there may change.
    """
    with duckdb.connect() as connection:
        links = Links(connection, home, entries)
        found = [links.days_of(body) for body in bodies]
    return sorted({day for days in found for day in days})


class Links:
    """`linked_days` of single deliveries, one after another.

    Each looks into the files of months for amendments: what was found in a file is remembered, or
    the many small files of a day would be read once for each of them.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, home: Home, entries: Sequence[Entry]
    ) -> None:
        self._connection = connection
        self._home = home
        self._entries = entries
        self._searched: set[Path] = set()
        connection.execute(
            "create temp table amending (record varchar, reference varchar, day date, file varchar)"
        )

    def days_of(self, body: Mapping[str, Any]) -> set[dt.date]:
        """The days of rows elsewhere that belong to records of this delivery."""
        contract = CONTRACTS[body["source"]]
        if not contract.windowed or not body["accepted"] or contract.versions is None:
            return set()
        path = self._home.root / body["raw_file"]
        first, last = (dt.date.fromisoformat(body[name]) for name in ("day_min", "day_max"))
        near, far = spans(self._home, self._entries, body["source"], first, last)
        others = [other for other in (*near, *far) if other != path]
        if not others:
            return set()
        self._search(contract, [path, *others])
        for place, files in (("inside", [path]), ("outside", others)):
            self._connection.execute(
                f"create or replace temp table amending_{place} as "
                "select record, reference, day from amending where file in (select unnest(?))",
                [list(map(str, files))],
            )
        found = _linked_rows(self._connection, contract, [path], others)
        if found is None:
            return set()
        rows = self._connection.execute(f"select distinct day from ({found[0]})").fetchall()
        return {day for (day,) in rows}

    def _search(self, contract: Contract, files: Sequence[Path]) -> None:
        new = [file for file in files if file not in self._searched]
        if new:
            self._connection.execute(f"insert into amending {_amending(contract, new, 'filename')}")
            self._searched.update(new)


def require_unchanged(home: Home, entries: Iterable[Entry], files: Iterable[Path]) -> None:
    """Raise WarehouseError when one of these raw files differs from what the ledger says."""
    known = {
        home.root / entry.body["raw_file"]: entry.body["raw_sha256"]
        for entry in standing_deliveries(entries)
    }
    for file in files:
        if sha256_file(file) != known[file]:
            raise WarehouseError(
                "a raw file is not what was written when its delivery was accepted",
                where=str(file),
                remedy="restore it from the backup, or discard that delivery and deliver again",
            )


def file_list(files: Sequence[Path]) -> str:
    """A SQL list of exactly these files: quotes doubled, glob characters taken literally."""
    escaped = (
        "".join(f"[{character}]" if character in "*?[" else character for character in str(file))
        for file in files
    )
    return "[" + ", ".join(map(literal, escaped)) + "]"


def _parquet(files: Sequence[Path]) -> str:
    return (
        f"read_parquet({file_list(files)}, hive_partitioning = false, union_by_name = true, "
        "filename = true)"
    )


def _names(contract: Contract) -> tuple[str, ...]:
    """The columns by which an amendment names its record; any of them may match any of them."""
    return contract.versions.named_by if contract.versions else ()


def _amends(contract: Contract) -> list[str]:
    names = {field.name for field in contract.fields}
    return [text for text in _AMENDS if text.split()[0] in names]


def _amending(contract: Contract, files: Sequence[Path], *more: str) -> str:
    """(record, reference, day) of rows that change another, and `more` columns; one filter a scan,
    so that row groups without such rows are skipped by their statistics."""
    columns = ", ".join(("day", *more))
    return " union ".join(
        f"select _src_sha || ':' || _src_line as record, {quoted(column)} as reference, {columns} "
        f"from {_parquet(files)} where ({text}) and {quoted(column)} is not null"
        for text in _amends(contract)
        for column in _names(contract)
    )


def _references(contract: Contract, files: Sequence[Path], *, complete: bool = False) -> str:
    """Every (reference, day) in the files; complete: only of rows that change nothing."""
    amends = " or ".join(f"coalesce({text}, false)" for text in _amends(contract))
    restriction = f" where not ({amends})" if complete else ""
    return " union all ".join(
        f"select {quoted(column)} as reference, day from {_parquet(files)}{restriction}"
        for column in _names(contract)
    )


def _wanted(contract: Contract, files: Sequence[Path]) -> str:
    amends = " or ".join(f"coalesce({text}, false)" for text in _amends(contract))
    # By the distance of the rows, not of the files: the choice of a run's days changes nothing.
    near = (
        f"linked.day between delivered.day - {REACH_DAYS} and delivered.day + {REACH_DAYS} "
        f"and (not linked.amending_only or {amends})"
    )
    matches = " or ".join(
        f"exists (select 1 from linked_reference as linked "
        f"where linked.reference = delivered.{quoted(column)} and {near})"
        for column in _names(contract)
    )
    return f"select * from {_parquet(files)} as delivered where {matches}"


def _any(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"select 1 from {table} limit 1").fetchone() is not None
