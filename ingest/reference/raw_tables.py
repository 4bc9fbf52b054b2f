"""The tables of schema `raw` that come from reference files: one a kind, and the list of editions.

Defines: `reference_tables`, REFERENCE_VERSION, `origin`. Add here what the models need to know of a
list beside its rows. Keep out: which edition counts (editions.py), what a row means (dbt).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from foundation.errors import WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from ingest.readers.base import literal, quoted
from ingest.reference.catalog import KINDS, ReferenceKind
from ingest.reference.editions import Edition, edition_on, editions, first_rows, parquet_path
from ledger.entries import Entry

Columns = tuple[tuple[str, str], ...]

# Editions of the reference data that the models read; a kind never loaded has one row without file.
# used_from, used_to: the run's days for which it counts, null when for none.
REFERENCE_VERSION: Columns = (
    ("kind", "VARCHAR"),
    ("file_name", "VARCHAR"),
    ("sha256", "VARCHAR"),
    ("as_of_date", "DATE"),
    ("row_count", "BIGINT"),
    ("provenance", "VARCHAR"),
    ("owner", "VARCHAR"),
    ("edition_days", "BIGINT"),
    ("is_in_force", "BOOLEAN"),
    ("used_from", "DATE"),
    ("used_to", "DATE"),
    ("replaced_sha256", "VARCHAR"),
)
_ORIGIN: Columns = (("as_of_date", "DATE"), ("provenance", "VARCHAR"))
_VALIDITY: Columns = (("valid_from", "DATE"), ("valid_to", "DATE"))


def origin(kind: ReferenceKind) -> Columns:
    """Columns of a reference table beside those of its kind: facts of the edition.

    A kind that is read by day says for which days a row counts; null is no end.
    """
    return (*_ORIGIN, *_VALIDITY) if kind.read_by_day else _ORIGIN


def reference_tables(
    home: Home, entries: Sequence[Entry], days: Sequence[dt.date], as_now: dt.date
) -> dict[str, Callable[[], str]]:
    """Table of schema raw -> what makes the rest of its `create` statement.

    days: of the run, ascending. A kind that is read by day has every edition that counts on one of
    them; any other kind the edition of `as_now`, the last day that the warehouse holds.
    Raises WarehouseError when a file named by the ledger is missing or damaged.
    """
    used: dict[str, list[tuple[Edition, dt.date, dt.date]]] = {}
    for name, kind in KINDS.items():
        of_kind = editions(entries, name)
        used[name] = []
        for edition in of_kind:
            covered = [
                day for day in (days if kind.read_by_day else [as_now]) if edition.covers(day)
            ]
            if covered:
                used[name].append((edition, covered[0], covered[-1]))
    made: dict[str, Callable[[], str]] = {
        "reference_version": partial(_reference_version, entries, used, as_now)
    }
    for name, kind in KINDS.items():
        if kind.raw_table is not None:
            chosen = [edition for edition, _, _ in used[name]]
            made[kind.raw_table] = partial(_reference_table, home, kind, chosen)
    return made


def existing(home: Home, relative: str, what: str) -> Path:
    """The file of the home that the ledger names. Raises WarehouseError when it is missing."""
    path = (home.root / relative).absolute()
    if not path.is_file():
        raise WarehouseError(
            f"{what} named by the ledger is missing",
            where=str(path),
            remedy="restore the file from a copy of the home; it is never written twice",
        )
    return path


def empty(columns: Iterable[tuple[str, str]]) -> str:
    """SQL for no rows with these columns."""
    typed = ", ".join(f"null::{sql_type} as {quoted(name)}" for name, sql_type in columns)
    return f"select {typed} where false"


def _reference_version(
    entries: Sequence[Entry],
    used: dict[str, list[tuple[Edition, dt.date, dt.date]]],
    as_now: dt.date,
) -> str:
    """Every edition that was loaded, and whether it took the place of another of the same date."""
    rows: list[tuple[str | None, ...]] = []
    for name, kind in KINDS.items():
        if kind.raw_table is None:
            continue
        loaded = [e for e in entries if e.kind == "reference" and e.body["kind"] == name]
        now = edition_on(editions(entries, name), as_now)
        spans = {edition.entry.seq: (str(a), str(b)) for edition, a, b in used[name]}
        served = (kind.owner, str(kind.edition_days))
        for entry in loaded:
            body = entry.body
            before = [
                other.body["sha256"]
                for other in loaded
                if (other.seq < entry.seq and other.body["as_of"] == body["as_of"])
                and other.body["sha256"] != body["sha256"]
            ]
            stated = (body["file"], body["sha256"], body["as_of"], str(body["rows"]))
            in_force = str(now is not None and now.entry.seq == entry.seq)
            days = spans.get(entry.seq, (None, None))
            replaced = before[-1] if before else None
            rows.append((name, *stated, body["provenance"], *served, in_force, *days, replaced))
        if not loaded:
            nothing = (None, None, None, None)
            never = (name, kind.file_name, *nothing, *served, "false", None, None, None)
            rows.append(never)
    listed = ", ".join(
        "(" + ", ".join("null" if value is None else literal(value) for value in row) + ")"
        for row in rows
    )
    names = [name for name, _ in REFERENCE_VERSION]
    parts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in REFERENCE_VERSION)
    return (
        f"table raw.reference_version as select distinct {parts} "
        f"from (values {listed}) as editions ({', '.join(names)}) order by all"
    )


def _reference_table(home: Home, kind: ReferenceKind, chosen: Sequence[Edition]) -> str:
    own = [(column.name, column.sql_type) for column in kind.columns if column.in_raw]
    name = quoted(str(kind.raw_table))
    if not chosen:
        return f"table raw.{name} as {empty((*own, *origin(kind)))}"
    parts = ", ".join(
        f"{quoted(column)}::{sql_type} as {quoted(column)}" for column, sql_type in own
    )
    selects = [
        f"(select {parts}, {_facts(kind, edition)} "
        f"from ({first_rows(kind.kind, _file(home, kind, edition.entry))}))"
        for edition in chosen
    ]
    return f"table raw.{name} as {' union all '.join(selects)}"


def _facts(kind: ReferenceKind, edition: Edition) -> str:
    body = edition.entry.body
    values = {
        "as_of_date": literal(body["as_of"]),
        "provenance": literal(body["provenance"]),
        "valid_from": _day(edition.first),
        "valid_to": _day(edition.last),
    }
    return ", ".join(f"{values[name]}::{sql_type} as {name}" for name, sql_type in origin(kind))


def _day(day: dt.date | None) -> str:
    return "null" if day is None else literal(day.isoformat())


def _file(home: Home, kind: ReferenceKind, entry: Entry) -> Path:
    """The rows of an edition, as they were written. Raises WarehouseError."""
    body = entry.body
    path = parquet_path(home, kind.kind, body["sha256"])
    what = f"reference data {kind.kind} from {body['file']}, owner {kind.owner},"
    file = existing(home, str(path.relative_to(home.root)), what)
    written = body.get("parquet_sha256")  # entries from before it was recorded have none
    if written is not None and sha256_file(file) != written:
        raise WarehouseError(
            f"{what} is not what was written when it was loaded",
            where=str(file),
            remedy="restore the file from a copy of the home, or load the reference file again",
        )
    return file
