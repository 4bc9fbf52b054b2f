"""Equality of content: one hash per table and one for a set of tables.

Add here when a new kind of column must not count as content. Keep out: hashes of file bytes
(foundation.files) and what is done with the result.

What it protects: two runs over the same inputs, by any number of threads, in any row order, on any
machine with the same DuckDB line, give the same hash; a changed, added, removed or moved value, a
renamed or re-typed column gives another one. What it does not protect: tampering. The per-row
hash is fast, not cryptographic, and somebody who wants a collision can make one; the sha256 of each
file in the release manifest answers for that. DuckDB does not promise `hash()` across versions: a
test pins its values, so that an upgrade that changes them is noticed before it looks like a
revision of every table.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from foundation.errors import WarehouseError
from foundation.files import canonical_json
from serving.plan import TablePlan, quote

# When something was received is not what was received: the same content delivered on another day,
# or in another order into another home, is the same content. Their names and types still count.
RECEIPT_COLUMNS = frozenset({"received_date", "received_at", "delivery_sequence"})

_METHOD = "import-risk-content-1"


@dataclass(frozen=True)
class ContentHash:
    """by_table: hex SHA-256 per `schema.table`; rows: row counts; combined: over all tables."""

    by_table: dict[str, str]
    rows: dict[str, int]
    combined: str


@dataclass(frozen=True)
class Part:
    """Some rows of a table: their number, and sum and xor of their hashes. Parts add up."""

    rows: int = 0
    total: int = 0
    parity: int = 0

    def __add__(self, other: "Part") -> "Part":
        return Part(self.rows + other.rows, self.total + other.total, self.parity ^ other.parity)


Columns = Sequence[tuple[str, str]]


def content_hash(connection: duckdb.DuckDBPyConnection, tables: Sequence[TablePlan]) -> ContentHash:
    """Hash `tables` of the connection's current database; one pass over each, no sort, no text.

    Per table: SHA-256 over the name, the columns with their types, the row count and two
    aggregates of a 64-bit hash per row that do not depend on order: the sum (128 bits, so
    duplicates count) and the xor. Raises WarehouseError when a table is missing.
    """
    by_table: dict[str, str] = {}
    rows: dict[str, int] = {}
    for table in tables:
        columns = columns_of(connection, table)
        whole = parts_of(connection, columns, table.quoted).get("", Part())
        by_table[table.name], rows[table.name] = hash_of(table.name, columns, whole), whole.rows
    return ContentHash(by_table, rows, combine(by_table))


def parts_of(
    connection: duckdb.DuckDBPyConnection,
    columns: Columns,
    rows_sql: str,
    key_column: str | None = None,
) -> dict[str, Part]:
    """The rows of `rows_sql` (a relation) in parts by the text of `key_column`; "" without one.

    A key without rows has no part.
    """
    compared = [quote(name) for name, _ in columns if name not in RECEIPT_COLUMNS]
    # The outer hash breaks the xor structure of the inner one: without it, exchanging the last
    # column of two rows would leave bit_xor unchanged.
    row_hash = f"hash(hash({', '.join(compared)}))" if compared else "0::ubigint"
    key = "''" if key_column is None else f"coalesce({quote(key_column)}::varchar, '')"
    found = connection.execute(
        "select key, count(*), sum(row_hash::hugeint), bit_xor(row_hash)"
        f" from (select {key} as key, {row_hash} as row_hash from {rows_sql}) group by key"
    ).fetchall()
    return {name: Part(count, total, parity) for name, count, total, parity in found}


def hash_of(name: str, columns: Columns, content: Part) -> str:
    """The content hash of a table from the sum of its parts."""
    text = canonical_json(
        {
            "method": _METHOD,
            "table": name,
            "columns": [list(column) for column in columns],
            "rows": content.rows,
            "sum": str(content.total),
            "xor": str(content.parity),
        }
    )
    return _sha256(text)


def combine(by_table: dict[str, str]) -> str:
    """One hash over the hashes of tables, whatever their order."""
    return _sha256(canonical_json(by_table))


def columns_of(
    connection: duckdb.DuckDBPyConnection, table: TablePlan, database: str | None = None
) -> list[tuple[str, str]]:
    """(name, type) of a table's columns in order; WarehouseError when there is no such table."""
    place = table.quoted if database is None else f"{quote(database)}.{table.quoted}"
    try:
        # Not duckdb_columns(): it binds every view of the database, also those not planned.
        described = connection.execute(f"describe {place}").fetchall()
    except duckdb.CatalogException:
        raise WarehouseError(
            "a planned table is not in the database",
            where=table.name,
            remedy="run dbt build, or take the table out of the release plan",
        ) from None
    return [(name, data_type) for name, data_type, *_ in described]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
