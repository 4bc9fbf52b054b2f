"""What a release contains as a whole, day by day, so that a run need not look at other days.

Defines `Content`: per table its columns and one `Part` a day. Add here what must be known of every
published row without reading it again. Keep out: hashing of rows (content_hash.py) and files.

A run measures the parts it wrote and takes the others from the release it starts from. Tables that
are small (neither detail nor cumulative) are measured whole, which shows whether the working
database continues that release: days outside the run that differ were changed by a run that nobody
published, and stop this one.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from foundation.errors import WarehouseError
from foundation.files import canonical_json, read_json
from serving.content_hash import Columns, ContentHash, Part, columns_of, combine, hash_of, parts_of
from serving.plan import ReleasePlan, TablePlan

CONTENT_FILE = "content.json"


@dataclass(frozen=True)
class TableContent:
    """parts: ISO day (or first day of the month) -> its rows; "" for a table without time."""

    columns: tuple[tuple[str, str], ...]
    parts: Mapping[str, Part]

    @cached_property
    def whole(self) -> Part:
        """All parts together."""
        return sum(self.parts.values(), Part())


@dataclass(frozen=True)
class Content:
    """`schema.table` -> what it contains."""

    tables: Mapping[str, TableContent]

    @cached_property
    def hashes(self) -> ContentHash:
        """The content hash of every table and of all of them."""
        by_table = {
            name: hash_of(name, table.columns, table.whole) for name, table in self.tables.items()
        }
        rows = {name: table.whole.rows for name, table in self.tables.items()}
        return ContentHash(by_table, rows, combine(by_table))

    def has_rows(self, day: dt.date) -> bool:
        """Whether any table has a row of this day (or of the month that it begins)."""
        return any(day.isoformat() in table.parts for table in self.tables.values())

    def to_json(self) -> str:
        """Canonical JSON text."""
        return canonical_json(
            {
                name: {
                    "columns": [list(column) for column in table.columns],
                    "parts": {
                        key: [part.rows, str(part.total), str(part.parity)]
                        for key, part in table.parts.items()
                    },
                }
                for name, table in self.tables.items()
            }
        )

    @classmethod
    def read(cls, path: Path) -> "Content | None":
        """The content that `to_json` wrote to `path`; None when there is no such file."""
        document: Mapping[str, Any] | None = read_json(path)
        if document is None:
            return None
        return cls(
            {
                name: TableContent(
                    tuple((column, sql_type) for column, sql_type in table["columns"]),
                    {
                        key: Part(rows, int(total), int(parity))
                        for key, (rows, total, parity) in table["parts"].items()
                    },
                )
                for name, table in document.items()
            }
        )


def measure(
    connection: duckdb.DuckDBPyConnection,
    plan: ReleasePlan,
    days: Sequence[dt.date],
    base: Content | None,
) -> Content:
    """The content of a release over the connection's current database, whose run wrote `days`.

    base: content of the release the run starts from, None for the first. Raises WarehouseError when
    the working database does not continue it.
    """
    before = {} if base is None else base.tables
    return Content(
        {
            table.name: _measured(connection, table, days, before.get(table.name))
            for table in plan.tables
        }
    )


def first_whole_day(content: Content, plan: ReleasePlan) -> dt.date | None:
    """The first of the newest days whose detail rows together stay within the plan's `detail_rows`.

    None when all fit; the day after the last one when not even that fits.
    """
    rows: dict[str, int] = {}
    for table in plan.tables:
        if table.is_detail:
            for day, part in content.tables[table.name].parts.items():
                rows[day] = rows.get(day, 0) + part.rows
    left = plan.detail_rows
    for day in sorted(filter(None, rows), reverse=True):
        left -= rows[day]
        if left < 0:
            return dt.date.fromisoformat(day) + dt.timedelta(days=1)
    return None


def _measured(
    connection: duckdb.DuckDBPyConnection,
    table: TablePlan,
    days: Sequence[dt.date],
    before: TableContent | None,
) -> TableContent:
    columns = tuple(columns_of(connection, table))
    continues = before is not None and before.columns == columns
    is_small = not (table.is_detail or table.is_cumulative)
    if before is None or not continues or is_small:
        parts = parts_of(connection, columns, table.quoted, table.window_column)
        if before is not None and continues and table.window_column is not None:
            _require_continuation(table, days, before.parts, parts)
        return TableContent(columns, parts)
    keys = table.keys(days)
    kept = {key: part for key, part in before.parts.items() if key not in keys}
    return TableContent(columns, kept | _parts_of_days(connection, table, columns, keys))


def _parts_of_days(
    connection: duckdb.DuckDBPyConnection,
    table: TablePlan,
    columns: Columns,
    keys: frozenset[str],
) -> dict[str, Part]:
    if not keys:
        return {}
    rows = f"(select * from {table.quoted} where {table.within(keys)})"
    return parts_of(connection, columns, rows, table.window_column)


def _require_continuation(
    table: TablePlan,
    days: Sequence[dt.date],
    before: Mapping[str, Part],
    now: Mapping[str, Part],
) -> None:
    keys = table.keys(days)
    differing = [
        key
        for key in sorted(before.keys() | now.keys())
        if key not in keys
        and before.get(key) != now.get(key)
        and not (table.forgets and key not in now)
    ]
    if differing:
        raise WarehouseError(
            "the working database holds other figures than the current release for days that this"
            f" run did not compute: {', '.join(differing[:5])}"
            + (f" and {len(differing) - 5} more" if len(differing) > 5 else ""),
            where=table.name,
            remedy="a run over those days ended without a release: run them again (--from, --to)"
            " together with these, or rebuild the working database",
        )
