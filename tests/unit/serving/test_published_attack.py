"""An attacker reads the ministry's file and the public editions together, of two months and two
vintages, and learns no confidential cell.

The files alone speak: every equation that they imply, with an attacker who guesses each revision's
sense and its size to a factor of two. Negative control: the same files without secondary
suppression. Claims nothing about coalitions (docs/disclosure.md).
"""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from disclosure import tidy
from disclosure.parameters import load
from disclosure.records import Records
from foundation.home import Home
from reports.impact.public import public_month
from reports.impact.source import Source
from serving.current import require_current
from tests.support.disclosure_attack import Attack, Key, known_within, reappeared
from tests.support.published_flows import (
    PLAN,
    as_reader,
    consignments,
    days_to,
    statements,
    truth,
)
from tests.unit.serving.fake_work import publish_work

pytestmark = pytest.mark.slow

MONTHS = ("2026-10", "2026-11", "2026-12")
TWO_MONTHS, FIFTH, YEAR_END = dt.date(2026, 11, 30), dt.date(2026, 12, 5), dt.date(2026, 12, 31)
P_PCT = load({}).p_pct


@dataclass(frozen=True)
class Readings:
    """Editions in the order in which they could be read: folders, and what was true then."""

    folders: list[Path]
    truths: list[dict[Key, float]]
    ministry: list[Path]


def public(home: Home, month: str, folder: Path) -> Path:
    """The tidy files of a public edition, as the report's command writes them."""
    release = require_current(home)
    records = Records(home.public_records)
    with duckdb.connect(str(release.database("customs")), read_only=True) as connection:
        source = Source(connection, dt.date.fromisoformat(f"{month}-01"), release.release_id, "r")
        edition, record = public_month(source, records.earlier())
    folder.mkdir()
    tidy.write(edition.cells, edition.hierarchies, edition.measures, folder)
    if record is not None:
        records.keep(record)
    return folder


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Readings:
    """Two months are published; what came late is, when the third is closed."""
    work = tmp_path_factory.mktemp("attack")
    home = Home(work / "home")
    rows = consignments(11, MONTHS)
    late = pl.Series(range(rows.height)) % 30 == 0
    december = pl.col("month") == "2026-12"
    first = rows.filter(~late & ~december)
    begun = rows.filter(~december | (pl.int_range(pl.len()) % 6 == 0))
    names: Iterator[int] = iter(range(100))
    found = Readings([], [], [])

    def publish(known: pl.DataFrame, last_day: dt.date) -> None:
        publish_work(home, statements(known, last_day), plan=PLAN, days=days_to(last_day))

    def ministry(told: dict[Key, float]) -> None:
        folder = as_reader(require_current(home).database("ministry"), work / str(next(names)))
        found.ministry.append(folder)
        found.folders.append(folder)
        found.truths.append(told)

    def report(month: str, told: dict[Key, float]) -> None:
        found.folders.append(public(home, month, work / str(next(names))))
        found.truths.append(told)

    publish(first, TWO_MONTHS)
    ministry(truth(first))
    for month in MONTHS[:2]:
        report(month, truth(first))
    # December has begun and late parcels have come: the figures of closed months stand.
    publish(begun, FIFTH)
    still = truth(first) | {key: v for key, v in truth(begun).items() if key[0] == "2026-12"}
    ministry(still)
    for month in MONTHS:
        report(month, still)
    publish(rows, YEAR_END)
    ministry(truth(rows))
    for month in MONTHS:
        report(month, truth(rows))
    return found


def attacked(folders: list[Path], truths: list[dict[Key, float]]) -> tuple[list, Attack]:
    """Confidential cells that are known within p percent."""

    def revised(key: Key, number: int) -> tuple[float, float]:
        change = truths[number + 1].get(key, 0.0) - truths[number].get(key, 0.0)
        return min(0.0, 2 * change), max(0.0, 2 * change)

    attack = Attack(folders, revised)
    primary = [
        (number, key)
        for number, hidden in enumerate(attack.hidden)
        for key, status in hidden.items()
        if status == "c"
    ]
    assert len(primary) > 20
    intervals = attack.intervals(primary)
    return known_within(intervals, lambda v: truths[v[0]][v[1]], P_PCT), attack


def test_all_editions_together_tell_no_confidential_cell(read: Readings) -> None:
    known, attack = attacked(read.folders, read.truths)
    assert known == []
    assert reappeared(attack) == []


def test_the_two_months_alone_tell_none(read: Readings) -> None:
    """Without what a reader believes of revisions: the first vintage, ministry and public."""
    known, _ = attacked(read.folders[:3], read.truths[:3])
    assert known == []


def test_without_secondary_suppression_some_are_recovered(read: Readings, tmp_path: Path) -> None:
    opened = []
    for number, (folder, told) in enumerate(zip(read.folders, read.truths, strict=True)):
        edition = tidy.read(folder)
        axes = edition.cells.columns[:-3]
        values = [
            told[row[:-3]] if row[-2] == "d" else row[-3] for row in edition.cells.iter_rows()
        ]
        status = edition.cells["status"].replace("d", "")
        cells = edition.cells.with_columns(value=pl.Series(values), status=status)
        assert axes[:2] == ["period", "measure"]
        (tmp_path / str(number)).mkdir()
        tidy.write(cells, edition.hierarchies, edition.measures, tmp_path / str(number))
        opened.append(tmp_path / str(number))
    known, _ = attacked(opened[:1], read.truths[:1])
    assert len(known) > 5
    more, _ = attacked(opened, read.truths)
    assert len(more) >= len(known)


def test_both_editions_are_the_same_cells_and_name_nobody(read: Readings) -> None:
    def cells(folder: Path) -> list[dict[str, str]]:
        with (folder / "cells.csv").open(newline="") as stream:
            return list(csv.DictReader(stream))

    # December is not closed when the second file is read: its report alone tells of it.
    begun = [cells(folder)[0]["period"] for folder in read.folders].index("2026-12")
    compared = 0
    for at, folder in enumerate(read.folders):
        if folder in read.ministry:
            ministry = cells(folder)
        elif at != begun:
            told = cells(folder)
            assert told == [row for row in ministry if row["period"] == told[0]["period"]]
            compared += 1
    assert compared == 7
    assert {"", "c", "d"} <= {row["status"] for row in cells(read.folders[0])}
    assert not any("count" in name or "largest" in name for name in cells(read.folders[0])[0])


def test_releases_between_two_closings_say_the_same(read: Readings) -> None:
    first, between, second = ((folder / "cells.csv").read_bytes() for folder in read.ministry)
    assert first == between
    assert first != second
