"""What the table readers share: matching columns by name, SQL text, scratch files, reject tables.

Add here what two table formats need. Keep out: anything about XML (xml_documents.py) or one format.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.contracts.base import Contract
from ingest.outcomes import FileRefused
from ingest.senders import Layout


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class ColumnMatch:
    """fields: contract field -> the file's column. extra: columns that nobody asked for."""

    fields: Mapping[str, str]
    extra: tuple[str, ...]
    warnings: tuple[str, ...]


def match_columns(header: Sequence[str], contract: Contract, layout: Layout) -> ColumnMatch:
    """Match the file's columns to the contract by name, case-sensitively.

    Raises FileRefused: duplicate_column, missing_column (a required field without column or
    constant).
    """
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise FileRefused("duplicate_column", f"the header names {name!r} twice")
        seen.add(name)
    fields = {
        field.name: layout.column_of(field.name)
        for field in contract.fields
        if field.name not in layout.constants and layout.column_of(field.name) in seen
    }
    missing = [
        layout.column_of(field.name)
        for field in contract.fields
        if field.required and field.name not in fields and field.name not in layout.constants
    ]
    if missing:
        raise FileRefused("missing_column", f"required columns are missing: {', '.join(missing)}")
    used = set(fields.values()) | layout.other_columns
    extra = tuple(name for name in header if name not in used)
    warnings: tuple[str, ...] = ()
    if extra:
        warnings = (f"unknown_columns: {', '.join(extra)}; kept beside the row, not used",)
    return ColumnMatch(fields, extra, warnings)


def select_fields(contract: Contract, match: ColumnMatch, columns: Mapping[str, str]) -> str:
    """The select list of `ReadOutcome.rows`. columns: file column -> SQL expression (VARCHAR)."""
    parts = ["_src_line"]
    for field in contract.fields:
        source = match.fields.get(field.name)
        expression = "null::varchar" if source is None else columns[source]
        parts.append(f"{expression} as {quoted(field.name)}")
    if match.extra:
        pairs = ", ".join(f"{literal(name)}, {columns[name]}" for name in match.extra)
        present = ", ".join(columns[name] for name in match.extra)
        parts.append(
            f"case when coalesce({present}) is not null "
            f"then json_object({pairs})::varchar end as _extra"
        )
    else:
        parts.append("null::varchar as _extra")
    return ", ".join(parts)


def rejected_table(
    connection: duckdb.DuckDBPyConnection, rejects: Sequence[tuple[int, str, str]]
) -> None:
    """Create `delivered_rejects` from (line, reason_code, raw_text) of records without fields."""
    table = pa.table(
        {
            "line": pa.array([line for line, _, _ in rejects], type=pa.int64()),
            "column_name": pa.nulls(len(rejects), type=pa.string()),
            "reason_code": pa.array([reason for _, reason, _ in rejects], type=pa.string()),
            "raw_text": pa.array([text for _, _, text in rejects], type=pa.string()),
        }
    )
    connection.register("delivered_rejects_frame", table)
    connection.execute(
        "create or replace table delivered_rejects as select * from delivered_rejects_frame"
    )
    connection.unregister("delivered_rejects_frame")


def scratch_folder(connection: duckdb.DuckDBPyConnection) -> Path:
    """A private folder for decoded copies: the connection's temp_directory."""
    row = connection.execute("select current_setting('temp_directory')").fetchone()
    folder = Path(str(row[0]) if row else "")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
