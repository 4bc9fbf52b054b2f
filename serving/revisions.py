"""Revisions: which published figures of a day another release changed, by how much and why.

Defines quality.fct_revisions and how its rows come about. Add here a measure that readers quote.
Keep out: the reasons themselves (the caller knows deliveries, rules and code) and whole
consignments: only the small history files of a day are read, so a run costs the same whatever was
published before.

A figure of a day that was never published before is no revision, whatever the release before holds
of it: the history may list a day as empty that nothing had come in for. Rows about such days, which
earlier versions wrote, are not carried over. The table is evidence about the order of releases, not
content: two homes with equal content may have come to it by different ways.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from serving.audience_file import create_table
from serving.current import Release, release_number
from serving.history import Listing
from serving.plan import REVISIONS, ReleasePlan, quote_text
from serving.reader import open_reader

# mart -> measure -> (the column it needs, SQL over the rows of one day). A mart that is not here
# has no measure; a file from before a column existed says nothing about its measures.
MEASURES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "reporting.rpt_daily_summary": {
        name: (name, f"sum({name})")
        for name in (
            "consignments",
            "consignments_without_value",
            "customs_value_vnd",
            "duty_due_vnd",
            "duty_relieved_vnd",
            "vat_due_vnd",
            "vat_relieved_vnd",
        )
    },
    "risk.fct_selections": {
        "consignments_selected": ("day", "count(*)"),
        "consignments_selected_by_score": (
            "selection_method",
            "count(*) filter (where selection_method = 'score')",
        ),
    },
}
COLUMNS: tuple[tuple[str, str], ...] = (
    ("day", "DATE"),
    ("mart", "VARCHAR"),
    ("measure", "VARCHAR"),
    ("first_value", "DECIMAL(38, 2)"),
    ("first_release_id", "VARCHAR"),
    ("previous_value", "DECIMAL(38, 2)"),
    ("previous_release_id", "VARCHAR"),
    ("current_value", "DECIMAL(38, 2)"),
    ("change", "DECIMAL(38, 2)"),
    ("release_id", "VARCHAR"),
    ("is_latest", "BOOLEAN"),
    ("reason", "VARCHAR"),
    ("reasons", "VARCHAR"),
    ("delivery_sha256s", "VARCHAR"),
)
_NAMES = [name for name, _ in COLUMNS]
# Which files brought a change stays with customs.
_CUSTOMS_ONLY = frozenset({"delivery_sha256s"})
_COMMENT = (
    "Số liệu đã công bố của một ngày bị thay đổi, mỗi dòng là một lần thay đổi của một chỉ tiêu |"
    " Published figures that a later release changed. One row per day, mart, measure and release."
)

Row = dict[str, Any]


@dataclass(frozen=True)
class DayCauses:
    """What is known about why a day was computed again.

    reasons: most telling first; deliveries: sha256 of the files that touched it since the last
    release that computed it.
    """

    reasons: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()


def revisions(
    base: Release | None,
    plan: ReleasePlan,
    *,
    release_id: str,
    before: Listing,
    written: Listing,
    history: Path,
    staged: Path,
    causes: Mapping[dt.date, DayCauses],
    first_releases: Mapping[dt.date, str],
) -> list[Row]:
    """Every revision so far: those that the release `base` lists, then those of this one, in order.

    before, written: the history of the base release and of this run, whose files lie below
    `history` and `staged`. Only days whose file differs are opened. first_releases: of the run's
    days and of `revised_days`, which release published them first; the others never were.
    """
    known = [] if base is None else _carried(_listed(base), first_releases)
    latest = {(row["day"], row["mart"], row["measure"]): row for row in known}
    found: list[Row] = []
    for mart in sorted({table.name for table in plan.tables} & set(MEASURES)):
        for text, path in sorted(written.get(mart, {}).items()):
            old = before.get(mart, {}).get(text)
            if old is None or old == path:
                continue
            day = dt.date.fromisoformat(text)
            if day not in first_releases:
                continue
            values = _values(mart, history / old), _values(mart, staged / path)
            cause = causes.get(day)
            for measure in sorted(set(values[0]) & set(values[1])):
                previous, current = (value[measure] for value in values)
                if previous != current:
                    last = latest.get((day, mart, measure))
                    first = first_releases[day]
                    found.append(
                        _row(day, mart, measure, previous, current, last, cause, first, release_id)
                    )
    replaced = {(row["day"], row["mart"], row["measure"]) for row in found}
    for row in known:
        if (row["day"], row["mart"], row["measure"]) in replaced:
            row["is_latest"] = False
    return [*known, *found]


def _row(
    day: dt.date,
    mart: str,
    measure: str,
    previous: Decimal,
    current: Decimal,
    last: Row | None,
    cause: DayCauses | None,
    first_release: str,
    release_id: str,
) -> Row:
    """last: the latest revision of the same figure before this one."""
    reasons = cause.reasons if cause else ()
    return {
        "day": day,
        "mart": mart,
        "measure": measure,
        "first_value": last["first_value"] if last else previous,
        "first_release_id": last["first_release_id"] if last else first_release,
        "previous_value": previous,
        "previous_release_id": last["release_id"] if last else first_release,
        "current_value": current,
        "change": current - previous,
        "release_id": release_id,
        "is_latest": True,
        "reason": reasons[0] if reasons else "unexplained",
        "reasons": "; ".join(reasons) or "unexplained",
        "delivery_sha256s": " ".join(cause.deliveries) if cause else "",
    }


def _values(mart: str, file: Path) -> dict[str, Decimal]:
    """Measure -> value of the one day in a history file; a day without rows has zeros."""
    source = f"read_parquet({quote_text(str(file))}, hive_partitioning = false)"
    with duckdb.connect() as connection:
        present = {row[0] for row in connection.execute(f"describe from {source}").fetchall()}
        measures = {
            name: sql for name, (column, sql) in MEASURES[mart].items() if column in present
        }
        if not measures:
            return {}
        listed = ", ".join(
            f"cast(coalesce({sql}, 0) as decimal(38, 2)) as {name}"
            for name, sql in measures.items()
        )
        row = connection.execute(f"select {listed} from {source}").fetchone()
    return dict(zip(measures, row or (), strict=True))


def revised_days(base: Release | None) -> frozenset[dt.date]:
    """The days of which a release lists a revision."""
    return frozenset() if base is None else frozenset(row["day"] for row in _listed(base))


def _carried(rows: Sequence[Row], first_releases: Mapping[dt.date, str]) -> list[Row]:
    """The rows that are revisions, with their first value and release.

    Earlier versions took a day that was only computed ahead for a published one: the release that
    published it first is then listed with the change from nothing, and later rows of the figure
    name that nothing as their first value.
    """
    published: dict[tuple[dt.date, str, str], Decimal] = {}
    carried = []
    for row in rows:
        first = first_releases.get(row["day"])
        figure = (row["day"], row["mart"], row["measure"])
        if first is None or not _is_after(row["release_id"], first):
            published[figure] = row["current_value"]
            continue
        previous = row["previous_release_id"]
        carried.append(
            {
                **row,
                "first_value": published.get(figure, row["first_value"]),
                "first_release_id": first,
                "previous_release_id": previous
                if previous and _is_after(previous, first)
                else first,
            }
        )
    return carried


def _is_after(one: str, other: str) -> bool:
    return release_number(one) > release_number(other)


def _listed(base: Release) -> list[Row]:
    """The revisions that a release lists; none in one from before there were any."""
    with open_reader(base.database("customs")) as connection:
        try:
            rows = connection.execute(
                f"select {', '.join(_NAMES)} from {REVISIONS} order by release_id, day, mart, "
                "measure"
            ).fetchall()
        except duckdb.CatalogException:
            return []
    return [dict(zip(_NAMES, row, strict=True)) for row in rows]


def write_revisions(database: Path, plan: ReleasePlan, rows: Sequence[Row], audience: str) -> int:
    """Add quality.fct_revisions with what the audience may see; the number of rows."""
    seen = {table.name for table in plan.of(audience)}
    hidden = frozenset() if audience == "customs" else _CUSTOMS_ONLY
    columns = tuple(column for column in COLUMNS if column[0] not in hidden)
    values = [[row[name] for name, _ in columns] for row in rows if row["mart"] in seen]
    with duckdb.connect(str(database)) as connection:
        create_table(connection, REVISIONS, columns, values, _COMMENT)
    return len(values)
