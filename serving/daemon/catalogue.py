"""What a reader may ask about: the tables of the release with their comments, and the release.

Add here a question about a release that needs no SQL of the reader. Keep out: anything that is not
in the audience's own file.
"""

import json
from typing import Any

from serving.plan import RELEASE_INFO, RELEASE_TABLES

TABLES = f"""
select schema_name, table_name, tables.comment,
       coalesce(whole.row_count, tables.estimated_size), -- a file may hold the newest days only
       column_name, data_type, is_nullable, columns.comment
from duckdb_columns() as columns
join duckdb_tables() as tables using (database_oid, schema_name, table_name)
left join {RELEASE_TABLES} as whole
    on whole.table_name = columns.schema_name || '.' || columns.table_name
where not columns.internal
order by schema_name, table_name, column_index
"""
RELEASE = f"select release_id, base_release_id, content_hash, run_facts from {RELEASE_INFO}"
_BETWEEN_LANGUAGES = " | "


def tables(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """One object a table, in order, from the rows of TABLES."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for schema, table, comment, row_count, column, kind, is_nullable, described in rows:
        described_table = found.setdefault(
            (schema, table),
            {
                "schema": schema,
                "name": table,
                "row_count": row_count,
                "comment": in_both(comment),
                "columns": [],
            },
        )
        described_table["columns"].append(
            {
                "name": column,
                "type": kind,
                "nullable": is_nullable,
                "comment": in_both(described),
            }
        )
    return list(found.values())


def release(rows: list[list[Any]]) -> dict[str, Any]:
    """The release, from the one row of RELEASE."""
    ((release_id, base, content_hash, run_facts),) = rows
    return {
        "release_id": release_id,
        "base_release_id": base,
        "content_hash": content_hash,
        "run_facts": json.loads(run_facts),
    }


def in_both(comment: str | None) -> dict[str, str] | None:
    """A comment as {vi, en}; one that has no second language stands for both."""
    if not comment:
        return None
    vi, mark, en = comment.partition(_BETWEEN_LANGUAGES)
    return {"vi": vi.strip(), "en": en.strip() if mark else vi.strip()}
