"""The stored rows of the current customs release, as whoever accounts for one subject reads them.

Add here a way of finding rows that two accounts need. Keep out: what rows mean (explain.py,
dossier.py), reading as a reader does (reader.py), and any number that is not stored.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.current import require_current
from serving.integrity import require_intact
from serving.plan import quote
from serving.reader import open_release

Row = dict[str, Any]


@dataclass(frozen=True)
class StoredRows:
    """One opened release. present: `schema.table` of all that it holds."""

    connection: duckdb.DuckDBPyConnection
    release_id: str
    present: frozenset[str]

    def require(self, *tables: str) -> None:
        """WarehouseError when the release lacks one of `tables`."""
        if missing := sorted(set(tables) - self.present):
            raise WarehouseError(
                f"the release has no {', '.join(missing)}",
                where=self.release_id,
                remedy="publish a release with the core and risk marts",
            )

    def select(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """Every row of one SELECT, by column name."""
        found = self.connection.execute(sql, parameters)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def columns(self, table: str) -> list[str]:
        """The columns of a table that is present, in order."""
        return [row["column_name"] for row in self.select(f"describe {quoted(table)}")]

    def of(self, table: str, consignment_id: str) -> list[Row]:
        """The rows of one consignment; none from a table that the release does not hold."""
        if table not in self.present:
            return []
        return self.select(
            f"select * from {quoted(table)} where consignment_id = ?", [consignment_id]
        )

    def only(self, table: str, consignment_id: str) -> Row | None:
        """The one row of a consignment, or None."""
        found = self.of(table, consignment_id)
        if len(found) > 1:
            raise broken(f"{len(found)} rows have the id {consignment_id!r}", table)
        return found[0] if found else None


@contextmanager
def opened(home: Home) -> Iterator[StoredRows]:
    """The current customs release, for the block.

    Raises WarehouseError when nothing is published or the file cannot be read.
    """
    release = require_current(home)
    database = require_intact(release, "customs")
    try:
        with open_release(home, release) as connection:
            yield StoredRows(connection, release.release_id, _tables(connection))
    except duckdb.Error as error:
        raise WarehouseError(
            f"the release cannot be read: {str(error).splitlines()[0]}",
            where=str(database),
            remedy="check it with `python -m serving.verify`, then publish again",
        ) from error


def _tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    found = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = current_database()"
    ).fetchall()
    return frozenset(name for (name,) in found)


def quoted(table: str) -> str:
    """`schema.table` for SQL text."""
    return ".".join(quote(part) for part in table.split("."))


def without_tokens(row: Row) -> Row:
    """A row without the tokens of persons: ids of parties stay, they are what a subject is."""
    return {name: value for name, value in row.items() if not name.endswith("_token")}


def broken(what: str, where: str) -> WarehouseError:
    """The error about stored rows that contradict each other."""
    return WarehouseError(
        what,
        where=where,
        remedy="do not use this score; run the release's days again and report the difference",
    )


def plain(value: Any) -> Any:
    """JSON-ready: dates as ISO text, decimals as exact text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def shown(value: Any) -> str:
    """A value on a terminal."""
    return "-" if value is None else str(plain(value))


def block(title: str, row: Row | None) -> list[str]:
    """A row on a terminal, one line a column."""
    if row is None:
        return [f"{title}: không có | none"]
    told = {name: value for name, value in row.items() if name != "consignment_id"}
    return [f"{title}:", *(f"  {name}: {shown(value)}" for name, value in told.items())]
