"""What a new release file takes over from the file before it, so that publishing does not grow.

Add here another condition under which a table may be taken over. Keep out: how tables are written
(audience_file.py) and which periods a run writes (plan.py).

The file before is copied byte for byte, then all but its cumulative tables is dropped. Damage is
not handed on: the copy must have the bytes that the manifest states, and the second process reads
every row of the new file before anybody sees it.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from foundation.files import sha256_file
from serving.current import Release
from serving.plan import ReleasePlan, quote


def carried_tables(
    base: Release | None, plan: ReleasePlan, run_facts: Mapping[str, Any]
) -> frozenset[str]:
    """Names of the tables whose other periods may come from the files of `base`.

    None of them unless the same code and engine wrote those files: another code may have other
    columns, comments or audiences.
    """
    code = run_facts.get("code_sha256")
    if base is None or code is None or base.manifest["run_facts"].get("code_sha256") != code:
        return frozenset()
    if base.manifest["engine"] != engine():
        return frozenset()
    known = base.manifest["tables"]
    return frozenset(
        table.name for table in plan.tables if table.is_cumulative and table.name in known
    )


def take_over(base: Release, audience: str, database: Path, tables: frozenset[str]) -> bool:
    """Make `database` a copy of the audience's file that holds `tables` only.

    False, and no file, when the bytes of the release are no longer those that were published.
    """
    source = base.database(audience)
    if not source.is_file():
        return False
    shutil.copyfile(source, database)
    if sha256_file(database) != base.stated_sha256(audience):
        database.unlink()
        return False
    with duckdb.connect(str(database)) as connection:
        found = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = current_database()"
        ).fetchall()
        for schema, table in found:
            if f"{schema}.{table}" not in tables:
                connection.execute(f"drop table {quote(schema)}.{quote(table)}")
        # What was dropped is free for what comes only after a checkpoint.
        connection.execute("checkpoint")
    return True


def engine() -> str:
    """What a manifest names as the engine that wrote its files."""
    return f"duckdb {duckdb.__version__}"
