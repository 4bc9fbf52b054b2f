"""What the table readers share: matching columns by name, SQL text, scratch files, reject tables.

Add here what two table formats need. Keep out: anything about XML (xml_documents.py) or one format.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import chain
from pathlib import Path

import duckdb
import pyarrow as pa

from contracts.base import Contract
from ingest.outcomes import FileRefused
from ingest.senders.profile import Layout
from ingest.senders.profile_document import column_name
from ingest.text.labels import distinct_names, shown_name


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class ColumnMatch:
    """fields: contract field -> the file's column; joined: -> its columns, where there are several.
    extra: columns that nobody asked for; of these, `kept` are the ones whose values may stay."""

    fields: Mapping[str, str]
    extra: tuple[str, ...]
    warnings: tuple[str, ...]
    kept: frozenset[str] = frozenset()
    joined: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)


def match_columns(header: Sequence[str], contract: Contract, layout: Layout) -> ColumnMatch:
    """Match the file's columns to the contract by name, in any order, case-sensitively.

    Names are equal when profile_document.column_name makes them so. Raises FileRefused:
    duplicate_column, missing_column (a required field without column or constant).
    """
    seen: dict[str, str] = {}
    for name in header:
        label = column_name(name)
        if label in seen:
            raise FileRefused("duplicate_column", f"the header names {shown_name(name)!r} twice")
        seen[label] = name
    wanted = {field.name: column_name(layout.column_of(field.name)) for field in contract.fields}
    fields = {
        name: seen[label]
        for name, label in wanted.items()
        if name not in layout.constants and name not in layout.joined and label in seen
    }
    joined = {
        name: present
        for name, columns in layout.joined.items()
        if (present := tuple(seen[n] for n in map(column_name, columns) if n in seen))
    }
    missing = [
        layout.column_of(field.name)
        for field in contract.fields
        if field.required and not {field.name} & {*fields, *joined, *layout.constants}
    ]
    if missing:
        raise FileRefused("missing_column", f"required columns are missing: {', '.join(missing)}")
    elsewhere = (seen.get(column_name(name)) for name in layout.other_columns)
    used = {*fields.values(), *chain(*joined.values()), *elsewhere}
    extra = tuple(name for name in header if name not in used)
    kept = {column_name(name) for name in layout.keep}
    keep = frozenset(name for label, name in seen.items() if label in kept)
    unknown = [name for name in extra if name not in keep]
    warnings: tuple[str, ...] = ()
    if unknown:
        warnings = (
            f"unknown_columns: {', '.join(distinct_names(unknown))}; their names and lengths are "
            "kept, their values only when the profile lists them under `keep`",
        )
    return ColumnMatch(fields, extra, warnings, keep, joined)


def select_fields(contract: Contract, match: ColumnMatch, columns: Mapping[str, str]) -> str:
    """The select list of `ReadOutcome.rows`. columns: file column -> SQL expression (VARCHAR).

    `_extra` holds, under the name of each unknown column, the number of characters that were
    delivered: nobody vouches that an unknown column is not personal. A column that the profile
    keeps holds its text.
    """
    parts = ["_src_line"]
    for field in contract.fields:
        source = match.fields.get(field.name)
        expression = "null::varchar" if source is None else columns[source]
        if field.name in match.joined:
            pieces = ", ".join(f"nullif(trim({columns[n]}), '')" for n in match.joined[field.name])
            expression = f"nullif(concat_ws(', ', {pieces}), '')"
        parts.append(f"{expression} as {quoted(field.name)}")
    if match.extra:
        labels = zip(distinct_names(match.extra), match.extra, strict=True)
        pairs = ", ".join(
            f"{literal(label)}, "
            f"{columns[name] if name in match.kept else f'length({columns[name]})'}"
            for label, name in labels
        )
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
    columns = "line bigint, column_name varchar, reason_code varchar, raw_text varchar"
    connection.execute(f"create or replace table delivered_rejects ({columns})")
    if not rejects:
        return
    table = pa.table(
        {
            "line": pa.array([line for line, _, _ in rejects], type=pa.int64()),
            "column_name": pa.nulls(len(rejects), type=pa.string()),
            "reason_code": pa.array([reason for _, reason, _ in rejects], type=pa.string()),
            "raw_text": pa.array([text for _, _, text in rejects], type=pa.string()),
        }
    )
    connection.register("delivered_rejects_frame", table)
    connection.execute("insert into delivered_rejects select * from delivered_rejects_frame")
    connection.unregister("delivered_rejects_frame")


def scratch_folder(connection: duckdb.DuckDBPyConnection) -> Path:
    """A private folder for decoded copies: the connection's temp_directory."""
    row = connection.execute("select current_setting('temp_directory')").fetchone()
    folder = Path(str(row[0]) if row else "")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
