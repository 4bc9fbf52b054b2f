"""Reads the past of a home once: the ledger, waivers, and the days in the files that they name.

Defines: `read` and `plan_now` (what everything that plans a run calls), and `days_of_rows`.
Add here a file that a plan depends on. Keep out: what follows from it (past.py, plan.py).

A raw file is read for its days only where the ledger does not tell them, and links are followed
only where the plan asks: a month of a year that is pending must not cost the year.
"""

import datetime as dt
from collections.abc import Iterable, Set
from dataclasses import replace
from pathlib import Path

import duckdb

from expectations.waivers import load_waivers, waiver_hashes
from foundation.home import Home
from ingest.links import Links, file_list
from ledger.chain import Ledger
from ledger.entries import Entries
from runs.days.day_set import Days
from runs.days.editions import superseded
from runs.days.model_days import remodelled
from runs.days.past import (
    Body,
    Past,
    discarded_bodies,
    is_windowed,
    key_of,
    known_days,
    span,
    unclear_deliveries,
    uncovered_deliveries,
    withdrawn_deliveries,
)
from runs.days.plan import RunPlan, plan
from runs.days.states import days_of_changed_states
from serving.current import current


def plan_now(home: Home, asked: Days | None = None, *, even_if_empty: bool = False) -> RunPlan:
    """The plan of a run that would begin now; see `plan`."""
    return plan(read(home, asked), asked, even_if_empty=even_if_empty)


def is_current(home: Home, past: Past) -> bool:
    """Whether nothing was entered or signed since this past was read."""
    return (Ledger(home.ledger).head(), waiver_hashes(home.waivers)) == (past.head, past.waivers)


def read(home: Home, asked: Days | None = None) -> Past:
    """The past as far as a plan over `asked` depends on it; without days: everything pending."""
    entries = Ledger(home.ledger).entries()
    now, recorded = current(home), waiver_hashes(home.waivers)
    # Filled below, before anything is asked of them.
    rows: dict[str, Set[dt.date]] = {}
    links: dict[str, Set[dt.date]] = {}
    past = Past(
        entries,
        release_id=now.release_id if now else None,
        waivers=recorded,
        holds=load_waivers(home.waivers, recorded).holds,
        rows=rows,
        links=links,
        spoken_of=None,
        superseded=None,
        remodelled=None,
    )
    unclear = uncovered_deliveries(entries, past.released)
    if past.left:
        for entry in entries:
            if entry.kind == "discard":
                unclear += discarded_bodies(entries, entry)
    if asked:
        unclear += unclear_deliveries(entries, asked)
    rows.update(days_of_rows(home, unclear))
    if asked and (not asked.isdisjoint(past.left.keys()) or past.has_rows(asked)):
        coming = [b for b in past.pending_windowed if not asked.isdisjoint(past.rows_of(b))]
        links.update(_followed(home, entries, coming))
        return past
    gone = [entry.body for _, entry in withdrawn_deliveries(entries, past.released)]
    rows.update(days_of_rows(home, filter(is_windowed, gone)))
    links.update(_followed(home, entries, (*past.pending_windowed, *filter(is_windowed, gone))))
    changed = [entry.body for entry in past.pending]
    changed += [entry.body for entry, days in past.withdrawn() if days]
    states = [body for body in changed if not is_windowed(body)]
    held = past.released.days
    return replace(
        past,
        spoken_of=days_of_changed_states(home, entries, states, held) if states and held else set(),
        superseded=tuple(superseded(home, entries)),
        remodelled=tuple(remodelled(home, entries)),
    )


def days_of_rows(home: Home, bodies: Iterable[Body]) -> dict[str, Set[dt.date]]:
    """Key of a delivery -> the days that have a row of it: not every day between its ends.

    A delivery of which no raw file is at rest says its ends only.
    """
    days: dict[str, Set[dt.date]] = {}
    files: dict[str, set[dt.date]] = {}
    for body in bodies:
        if known_days(body) is None:
            path = home.root / body["raw_file"] if body["accepted"] else None
            at_rest = path is not None and path.is_file()
            days[key_of(body)] = files.setdefault(str(path), set()) if at_rest else span(body)
    if files:
        with duckdb.connect() as connection:
            found = connection.execute(
                "select distinct filename, day from read_parquet("
                f"{file_list([Path(name) for name in files])}, hive_partitioning = false, "
                "filename = true)"
            ).fetchall()
        for name, day in found:
            files[name].add(day)
    return days


def _followed(home: Home, entries: Entries, bodies: Iterable[Body]) -> dict[str, Set[dt.date]]:
    """Key of a delivery -> the days of rows elsewhere that belong to its records."""
    with duckdb.connect() as connection:
        links = Links(connection, home, entries)
        return {key_of(body): links.days_of(body) for body in bodies}
