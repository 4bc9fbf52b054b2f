"""Two Parquet copies of a mart: the same columns, types and rows, without any tolerance?

Types are compared as Parquet states them and DuckDB reads them: that is the whole mapping of names
(string is VARCHAR, timestamp_ntz is TIMESTAMP, int is INTEGER, ...). The order of columns and of
rows means nothing: Spark keeps the partition column last.
Add here another property that must be equal. Keep out: how the copies are made (engines.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.readers.base import literal, quoted

_EXAMPLES = 3


@dataclass(frozen=True)
class Agreement:
    """One mart on both sides.

    differences: rows that only one side has, every row of a column that only one side has or that
    has another type counting as different. examples: "key, column: DuckDB value | Spark value".
    """

    mart: str
    rows: int
    differences: int
    examples: tuple[str, ...]


def compare(mart: str, key: Sequence[str], duckdb_folder: Path, spark_folder: Path) -> Agreement:
    """Compare the Parquet files of two folders; `key` names rows in the examples."""
    with duckdb.connect() as connection:
        for side, folder in (("here", duckdb_folder), ("there", spark_folder)):
            files = literal(str(folder / "*.parquet"))
            connection.execute(f"create table {side} as select * from read_parquet({files})")
        types = {side: _types(connection, side) for side in ("here", "there")}
        rows = _count(connection, "select * from here")
        other = sorted(
            f"{column}: {types['here'].get(column)} | {types['there'].get(column)}"
            for column in types["here"].keys() | types["there"].keys()
            if types["here"].get(column) != types["there"].get(column)
        )
        if other:
            return Agreement(mart, rows, max(rows, 1), tuple(other[:_EXAMPLES]))
        columns = list(types["here"])
        listed = ", ".join(map(quoted, columns))
        for only, one, two in (("gone", "here", "there"), ("come", "there", "here")):
            connection.execute(
                f"create table {only} as select {listed} from {one} "
                f"except all select {listed} from {two}"
            )
        differences = max(_count(connection, "select * from gone"), _count(connection, "from come"))
        examples = _examples(connection, columns, key) if differences else ()
        return Agreement(mart, rows, differences, examples)


def _types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    found = connection.execute(f"describe {table}").fetchall()
    return {row[0]: row[1] for row in found}


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(f"select count(*) from ({query})").fetchone()
    return int(row[0]) if row else 0


def _examples(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], key: Sequence[str]
) -> tuple[str, ...]:
    """Rows that differ, paired by the key: the first columns that say different things."""
    same = " and ".join(f"gone.{quoted(c)} is not distinct from come.{quoted(c)}" for c in key)
    pairs = connection.execute(
        f"select {_list('gone', columns)}, {_list('come', columns)} "
        f"from gone full outer join come on {same} limit {_EXAMPLES}"
    ).fetchall()
    texts = []
    for pair in pairs:
        gone, come = pair[: len(columns)], pair[len(columns) :]
        named = ", ".join(
            f"{c}={gone[i] if gone[i] is not None else come[i]}"
            for i, c in enumerate(columns)
            if c in key
        )
        told = [f"{c}: {gone[i]} | {come[i]}" for i, c in enumerate(columns) if gone[i] != come[i]]
        texts.append(f"{named}, {'; '.join(told[:_EXAMPLES])}")
    return tuple(texts)


def _list(side: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{side}.{quoted(column)}" for column in columns)
