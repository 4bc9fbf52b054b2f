"""A built, unpublished release: fills a folder with one file per audience and staged history.

Add here what must be ready before a release can be judged. Keep out: guards around the folder and
everything that makes it visible (release.py), what one file contains (audience_file.py).
"""

import datetime as dt
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from foundation.errors import UsageError
from foundation.files import canonical_json
from foundation.home import Home
from serving import audience_file, history
from serving.carried import carried_tables, take_over
from serving.content import CONTENT_FILE, Content, TableContent, first_whole_day, measure
from serving.content_hash import ContentHash, Part, combine, content_hash
from serving.current import DATABASE_FILE, Release, current, release_folders, release_number
from serving.plan import (
    AUDIENCES,
    GATE_RESULTS,
    RELEASE_INFO,
    RELEASE_TABLES,
    REVISIONS,
    ReleasePlan,
    TablePlan,
)
from serving.revisions import DayCauses, revisions, write_revisions
from serving.verify import STAGED_HISTORY

TEMPORARY = ".tmp"
# Of a candidate: what its treated months must tell the next treatment; never part of a release.
STAGED_RECORDS = "records"


@dataclass(frozen=True)
class Candidate:
    """A release that nobody sees yet, in `folder` (`<release_id>.tmp`).

    built_from: the release that was current at build time; publish insists on it. content: of all
    tables and days. expected: audience -> what `serving.verify` must find (without the file hash);
    expected_history: staged Parquet file -> what it must find there.
    superseded: history files that this release replaces.
    """

    release_id: str
    folder: Path
    built_from: str | None
    content: ContentHash
    expected: Mapping[str, Mapping[str, Any]]
    expected_history: Mapping[str, Mapping[str, Any]]
    run_facts: Mapping[str, Any]
    written_history: history.Listing
    superseded: tuple[str, ...]


def fill(
    home: Home,
    folder: Path,
    plan: ReleasePlan,
    *,
    warehouse: Path,
    gate_rows: Sequence[Mapping[str, Any]],
    run_facts: Mapping[str, Any],
    days: Sequence[dt.date],
    judged: Content | None,
    causes: Mapping[dt.date, DayCauses],
    first_releases: Mapping[dt.date, str],
) -> Candidate:
    """Write everything into the new, empty `folder`, then give it its final temporary name."""
    # Imported here: commands that only read need no data frames.
    from disclosure import records
    from serving import published

    base = current(home)
    run_json(run_facts)
    content = judged or measure_work(warehouse, plan, days, base, folder / "spill")
    whole_from = first_whole_day(content, plan)
    hashes: dict[str, ContentHash] = {}
    written: history.Listing = {}
    spill = folder / "spill"
    carried = carried_tables(base, plan, run_facts)
    told = published.published(warehouse, spill, plan, base, home)
    told_rows: dict[str, int] = {}
    for audience in AUDIENCES:
        database = folder / audience / DATABASE_FILE
        database.parent.mkdir()
        is_begun = bool(base and carried and take_over(base, audience, database, carried))
        with audience_file.open_work(database, warehouse, spill) as connection:
            audience_file.write_tables(
                connection, plan, audience, whole_from, days, carried if is_begun else frozenset()
            )
            audience_file.write_gate_results(connection, gate_rows, audience)
            audience_file.write_release_tables(
                connection, plan, audience, content.hashes.rows, whole_from
            )
            told_rows = published.write(connection, told)
            hashes[audience] = _expected(connection, content.hashes, plan.of(audience), whole_from)
            if audience == AUDIENCES[0]:
                written = history.stage(connection, plan, days, folder / STAGED_HISTORY)
    before = history.read_listing(base.folder) if base else {}
    valid, superseded = history.merge(before, written)
    (folder / history.LISTING_FILE).write_text(canonical_json(valid) + "\n", encoding="utf-8")
    (folder / CONTENT_FILE).write_text(content.to_json() + "\n", encoding="utf-8")
    release_id = f"r{_next_number(home):06d}-{content.hashes.combined[:8]}"
    facts = {**run_facts, "history_superseded": superseded, published.FACT: told.fact()}
    records.stage(told.records, folder / STAGED_RECORDS)
    revised = revisions(
        base,
        plan,
        release_id=release_id,
        before=before,
        written=written,
        history=home.history,
        staged=folder / STAGED_HISTORY,
        causes=causes,
        first_releases=first_releases,
    )
    revision_rows: dict[str, int] = {}
    for audience in AUDIENCES:
        database = folder / audience / DATABASE_FILE
        revision_rows[audience] = write_revisions(database, plan, revised, audience)
        audience_file.write_release_info(
            database,
            release_id=release_id,
            base=base.release_id if base else None,
            content_hash=content.hashes.combined,
            run_facts_json=run_json(audience_file.visible_run_facts(facts, audience)),
        )
    if spill.exists():
        shutil.rmtree(spill)
    named = folder.with_name(f"{release_id}{TEMPORARY}")
    if named.exists():
        shutil.rmtree(named)
    os.rename(folder, named)
    return Candidate(
        release_id=release_id,
        folder=named,
        built_from=base.release_id if base else None,
        content=content.hashes,
        expected={
            audience: {
                "content_hash": hashed.combined,
                "tables": tables_document(hashed),
                "evidence_rows": {
                    GATE_RESULTS: len(gate_rows),
                    REVISIONS: revision_rows[audience],
                    RELEASE_INFO: 1,
                    RELEASE_TABLES: len(plan.of(audience)),
                    **told_rows,
                },
            }
            for audience, hashed in hashes.items()
        },
        expected_history={
            path: _staged_part(content.tables[name], key, path)
            for name, paths in written.items()
            for key, path in paths.items()
        },
        run_facts=facts,
        written_history=written,
        superseded=tuple(superseded),
    )


def _expected(
    connection: duckdb.DuckDBPyConnection,
    judged: ContentHash,
    tables: Sequence[TablePlan],
    whole_from: dt.date | None,
) -> ContentHash:
    """What must be found in the file: of tables that it holds whole, what was judged.

    The days of the others are compared as they stand in the staged history; here, only that the
    second process finds what was written.
    """
    partial = [table for table in tables if table.is_detail and whole_from is not None]
    written = content_hash(connection, partial)
    by_table = {table.name: judged.by_table[table.name] for table in tables} | written.by_table
    rows = {table.name: judged.rows[table.name] for table in tables} | written.rows
    return ContentHash(by_table, rows, combine(by_table))


def measure_work(
    warehouse: Path,
    plan: ReleasePlan,
    days: Sequence[dt.date],
    base: Release | None,
    spill: Path,
) -> Content:
    """What the release would contain over the working database, whose run wrote `days`.

    Raises WarehouseError when the working database does not continue `base`.
    """
    with audience_file.open_source(warehouse, spill) as connection:
        before = None if base is None else Content.read(base.folder / CONTENT_FILE)
        return measure(connection, plan, days, before)


def tables_document(hashed: ContentHash) -> dict[str, dict[str, Any]]:
    """`schema.table` -> {rows, hash}, as manifests and `serving.verify` state it."""
    return {
        name: {"rows": hashed.rows[name], "hash": value} for name, value in hashed.by_table.items()
    }


def run_json(document: Mapping[str, Any]) -> str:
    """Canonical JSON; UsageError when a value of the run facts is not JSON."""
    try:
        return canonical_json(document)
    except TypeError as error:
        raise UsageError(
            f"run facts must be JSON: {error}",
            where="run_facts",
            remedy="give dates as ISO text and numbers as int or str",
        ) from error


def _staged_part(table: TableContent, key: str, path: str) -> dict[str, Any]:
    part = table.parts.get(key, Part())
    return {
        "sha256": Path(path).stem,
        "columns": [list(column) for column in table.columns],
        "rows": part.rows,
        "total": str(part.total),
        "parity": str(part.parity),
    }


def _next_number(home: Home) -> int:
    return 1 + max((release_number(path.name) for path in release_folders(home)), default=0)
