"""Reads Parquet: columns by name, every value as canonical text, so typing happens in one place.

Add here a Parquet type that needs its own canonical text. Keep out: typing (conform.py) and other
columnar formats (their own module).
"""

from pathlib import Path

import duckdb

from contracts.base import Contract, Field
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.base import (
    literal,
    match_columns,
    quoted,
    rejected_table,
    select_fields,
)
from ingest.senders.profile import Layout


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """The rows of one Parquet file; `_src_line` is the record number, from 1.

    Dates and timestamps become ISO 8601 text (UTC with Z when zoned), decimals plain digits.
    A binary float that feeds a decimal field is rounded to the scale of the contract: it never
    stated an exact number. Raises FileRefused: empty_file, corrupt_parquet, duplicate_column,
    missing_column.
    """
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", "the file has 0 bytes")
    body = f"read_parquet({literal(str(path))}, file_row_number=true)"
    try:
        described = connection.execute(f"describe select * from {body}").fetchall()
        names = connection.execute(
            f"select name from parquet_schema({literal(str(path))}) where num_children is null"
        ).fetchall()
    except (duckdb.Error, UnicodeDecodeError) as error:
        detail = str(error).replace(str(path), path.name)[:200]
        raise FileRefused("corrupt_parquet", f"not a readable Parquet file: {detail}") from error
    types = {str(row[0]): str(row[1]) for row in described if row[0] != "file_row_number"}
    flat = [str(name) for (name,) in names]
    header = flat if len(set(flat)) < len(flat) else list(types)
    match = match_columns(header, contract, layout)
    fed = {source: contract.field(name) for name, source in match.fields.items()}
    columns = {
        name: _canonical(quoted(name), sql_type, fed.get(name)) for name, sql_type in types.items()
    }
    rejected_table(connection, [])
    connection.execute(
        f"create or replace view delivered_rows as "
        f"select {select_fields(contract, match, columns)} "
        f"from (select *, file_row_number + 1 as _src_line from {body})"
    )
    return ReadOutcome("delivered_rows", "delivered_rejects", match.warnings, header=tuple(header))


def _canonical(column: str, sql_type: str, field: Field | None) -> str:
    """SQL text of a typed column; nulls stay null, "" becomes null like in a text file."""
    text = f"{column}::varchar"
    if sql_type == "VARCHAR":
        text = f"nullif({column}, '')"
    elif sql_type in ("FLOAT", "DOUBLE"):
        scale = field.scale if field is not None and field.type == "decimal" else 9
        exact = f"try_cast({column} as decimal(38, {scale}))::varchar"
        plain = f"rtrim(rtrim({exact}, '0'), '.')" if scale else exact
        text = f"case when {column} is not null then coalesce({plain}, {column}::varchar) end"
    elif sql_type == "DATE":
        midnight = "T00:00:00" if field is not None and field.type == "timestamp" else ""
        text = f"strftime({column}, '%Y-%m-%d{midnight}')"
    elif sql_type == "TIMESTAMP WITH TIME ZONE":
        text = f"strftime(timezone('UTC', {column}), '%Y-%m-%dT%H:%M:%S.%fZ')"
    elif sql_type.startswith("TIMESTAMP"):
        text = f"strftime({column}::timestamp, '%Y-%m-%dT%H:%M:%S.%f')"
    elif sql_type.startswith(("STRUCT", "MAP", "UNION")) or sql_type.endswith("]"):
        text = f"to_json({column})::varchar"
    return text
