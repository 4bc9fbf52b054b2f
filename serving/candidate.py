"""A built, unpublished release: fills a folder with one file per audience and staged history.

Add here what must be ready before a release can be judged. Keep out: guards around the folder and
everything that makes it visible (release.py), what one file contains (audience_file.py).
"""

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import UsageError
from foundation.files import canonical_json
from foundation.home import Home
from serving import audience_file, history
from serving.content_hash import ContentHash, combine, content_hash
from serving.current import DATABASE_FILE, current, release_folders, release_number
from serving.plan import AUDIENCES, GATE_RESULTS, RELEASE_INFO, ReleasePlan

TEMPORARY = ".tmp"
STAGED_HISTORY = "history"


@dataclass(frozen=True)
class Candidate:
    """A release that nobody sees yet, in `folder` (`<release_id>.tmp`).

    built_from: the release that was current at build time; publish insists on it. content: over
    the tables of all audiences. expected: audience -> what `serving.verify` must find (without the
    file hash). superseded: history files that this release replaces.
    """

    release_id: str
    folder: Path
    built_from: str | None
    content: ContentHash
    expected: Mapping[str, Mapping[str, Any]]
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
) -> Candidate:
    """Write everything into the new, empty `folder`, then give it its final temporary name."""
    base = current(home)
    run_json(run_facts)
    hashes: dict[str, ContentHash] = {}
    written: history.Listing = {}
    spill = folder / "spill"
    for audience in AUDIENCES:
        database = folder / audience / DATABASE_FILE
        database.parent.mkdir()
        with audience_file.open_work(database, warehouse, spill) as connection:
            audience_file.write_tables(connection, plan, audience)
            audience_file.write_gate_results(connection, gate_rows, audience)
            hashes[audience] = content_hash(connection, plan.of(audience))
            if audience == AUDIENCES[0]:
                written = history.stage(connection, plan, days, folder / STAGED_HISTORY)
    valid, superseded = history.merge(history.read_listing(base.folder) if base else {}, written)
    (folder / history.LISTING_FILE).write_text(canonical_json(valid) + "\n", encoding="utf-8")
    content = _union(hashes.values())
    release_id = f"r{_next_number(home):06d}-{content.combined[:8]}"
    facts = {**run_facts, "history_superseded": superseded}
    for audience in AUDIENCES:
        audience_file.write_release_info(
            folder / audience / DATABASE_FILE,
            release_id=release_id,
            base=base.release_id if base else None,
            content_hash=content.combined,
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
        content=content,
        expected={
            audience: {
                "content_hash": hashed.combined,
                "tables": tables_document(hashed),
                "evidence_rows": {GATE_RESULTS: len(gate_rows), RELEASE_INFO: 1},
            }
            for audience, hashed in hashes.items()
        },
        run_facts=facts,
        written_history=written,
        superseded=tuple(superseded),
    )


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


def _union(hashes: Iterable[ContentHash]) -> ContentHash:
    by_table: dict[str, str] = {}
    rows: dict[str, int] = {}
    for hashed in hashes:
        by_table |= hashed.by_table
        rows |= hashed.rows
    return ContentHash(by_table, rows, combine(by_table))


def _next_number(home: Home) -> int:
    return 1 + max((release_number(path.name) for path in release_folders(home)), default=0)
