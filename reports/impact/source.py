"""Reading a release for the report: one month's rows of its marts.

Defines: `Source`. Add here a way of asking that two sections need. Keep out: what a section asks
(sections/), arithmetic on figures: a mart computes, a report shows.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class Source:
    """An open, read-only release and the month that is told.

    connection: the caller opened it hardened and closes it. month: first day.
    """

    connection: duckdb.DuckDBPyConnection
    month: dt.date
    release_id: str
    run_id: str

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """Rows as dictionaries of a statement whose $month is the report's."""
        asked = {"month": self.month} if "$month" in statement else {}
        found = self.connection.execute(statement, asked | values)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def row(self, statement: str, **values: Any) -> dict[str, Any] | None:
        """The only row, or None. Raises ValueError for several."""
        found = self.rows(statement, **values)
        if len(found) > 1:
            raise ValueError(f"one row expected, {len(found)} found: {statement}")
        return found[0] if found else None

    def has(self, table: str) -> bool:
        """Whether this audience's file holds a table, named schema.table."""
        schema, _, name = table.partition(".")
        asked = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
        return self.connection.execute(asked, [schema, name]).fetchone() is not None
