"""A list of rows that is cut and says so: a dossier stays small whatever its subject did.

Add here another way of keeping a dossier small. Keep out: which rows come first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from serving.stored_rows import Row, StoredRows, shown

MOST = 20  # rows of a list, unless it says otherwise


@dataclass(frozen=True)
class Listing:
    """The first rows of `total`."""

    total: int
    rows: tuple[Row, ...]

    @classmethod
    def first(cls, rows: Sequence[Row], most: int) -> "Listing":
        """Of rows that are all there."""
        return cls(len(rows), tuple(rows[:most]))

    @classmethod
    def counted(cls, rows: Sequence[Row]) -> "Listing":
        """Of rows that each say in `total` how many there are."""
        told = [{name: value for name, value in row.items() if name != "total"} for row in rows]
        return cls(int(rows[0]["total"]) if rows else 0, tuple(told))

    def lines(self, title: str) -> list[str]:
        """Text for a terminal: a row a line."""
        if not self.rows:
            return [f"{title}: không có | none"]
        cut = f" ({len(self.rows)} / {self.total})" if len(self.rows) < self.total else ""
        return [f"{title}{cut}:", *(f"  {_row(row)}" for row in self.rows)]


def listing(
    rows: StoredRows,
    sql: str,
    order: str,
    most: int = MOST,
    parameters: Mapping[str, Any] = MappingProxyType({}),
) -> Listing:
    """The first rows of a SELECT in an order that is complete."""
    return Listing.counted(
        rows.select(
            f"select *, count(*) over () as total from ({sql}) order by {order} limit {most}",
            dict(parameters),
        )
    )


def _row(row: Row) -> str:
    told = [f"{name}={shown(value)}" for name, value in row.items() if value is not None]
    return ", ".join(told)
