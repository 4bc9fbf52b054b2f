"""An attacker reads the ministry's file and the public editions together, of two months and two
vintages, and learns no confidential cell, neither its value nor its parcels.

The files alone speak: every equation that they imply, rounded parcels as the interval that they
leave, with an attacker who guesses each revision's sense and its size to a factor of two. Negative
controls: the same files without secondary suppression; measures that do not share what they hide.
Claims nothing about coalitions (docs/disclosure.md).
"""

import csv
import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from disclosure import monthly, tidy
from disclosure.parameters import load
from disclosure.records import Records
from disclosure.treat import treat
from foundation.home import Home
from reports.impact.public import public_month
from reports.impact.source import Source
from serving.current import require_current
from tests.support.disclosure_attack import Attack, Key, known_within, reappeared
from tests.support.published_flows import (
    PARCELS,
    PLAN,
    VALUE,
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
    home: Home


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
    found = Readings([], [], [], home)

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
    for measure in (VALUE, PARCELS):
        assert sum(key[1] == measure for _, key in primary) > 20
    intervals = attack.intervals(primary)
    return known_within(intervals, lambda v: truths[v[0]][v[1]], P_PCT), attack


def test_all_editions_together_tell_no_confidential_cell(read: Readings) -> None:
    known, attack = attacked(read.folders, read.truths)
    assert known == []
    assert reappeared(attack) == []


def rewritten(
    folder: Path, told: dict[Key, float], out: Path, *, opened: bool, exact: bool
) -> Path:
    """An edition without secondary suppression (opened), without rounding (exact)."""
    edition = tidy.read(folder)
    rows = []
    for *key, _, status, rounding in edition.cells.iter_rows():
        base = 0 if exact else rounding
        if status == "c" or (status == "d" and not opened):
            rows.append((*key, None, status, base))
            continue
        # To the nearest multiple, halves upwards.
        truth = told[tuple(key)]
        rows.append((*key, base * math.floor(truth / base + 0.5) if base else truth, "", base))
    cells = pl.DataFrame(rows, schema=edition.cells.schema, orient="row")
    if not (opened or exact):
        assert cells.equals(edition.cells)
    out.mkdir()
    tidy.write(cells, edition.hierarchies, edition.measures, out)
    return out


def recovered(read: Readings, many: int, out: Path, **how: bool) -> Counter[str]:
    """Measure -> confidential cells that an attacker has of the first so many editions."""
    out.mkdir()
    known, _ = attacked(
        [
            rewritten(folder, told, out / str(number), **how)
            for number, (folder, told) in enumerate(zip(read.folders, read.truths, strict=True))
        ][:many],
        read.truths[:many],
    )
    return Counter(key[1] for (_, key), *_ in known)


def test_without_secondary_suppression_some_are_recovered(read: Readings, tmp_path: Path) -> None:
    """So few parcels to a cell are covered by their rounding; who has them exactly reckons on."""
    first = recovered(read, 1, tmp_path / "1", opened=True, exact=False)
    assert first[VALUE] > 5
    assert first[PARCELS] == 0
    every = recovered(read, len(read.folders), tmp_path / "2", opened=True, exact=False)
    assert every[VALUE] >= first[VALUE]
    exact = recovered(read, 1, tmp_path / "3", opened=True, exact=True)
    assert exact[VALUE] == first[VALUE]
    assert exact[PARCELS] > 5


def test_rounding_is_not_what_protects_the_parcels(read: Readings, tmp_path: Path) -> None:
    """The first vintage of two months, ministry and public: as it was told, and with exact counts.

    Without what a reader believes of revisions.
    """
    assert recovered(read, 3, tmp_path / "1", opened=False, exact=False) == Counter()
    assert recovered(read, 3, tmp_path / "2", opened=False, exact=True) == Counter()


def hidden_by_measure(cells: pl.DataFrame) -> list[set[tuple[str, ...]]]:
    """Of value and of parcels: period, codes and status of what is hidden."""
    axes = [name for name in cells.columns if name.startswith("d_")]
    return [
        set(
            cells.filter(pl.col("status") != "", measure=measure)
            .select("period", *axes, "status")
            .iter_rows()
        )
        for measure in (VALUE, PARCELS)
    ]


def test_no_edition_shows_of_one_measure_what_it_hides_of_the_other(read: Readings) -> None:
    for folder in read.folders:
        value, parcels = hidden_by_measure(tidy.read(folder).cells)
        assert value == parcels
        assert len(value) > 20


def test_measures_that_know_nothing_of_each_other_show_what_the_other_hides(
    read: Readings,
) -> None:
    """The control: each is safe alone, and the parcels of a hidden value can be read."""
    database = require_current(read.home).database("customs")
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(monthly.ROWS, {"month": dt.date(2026, 10, 1)}).pl()
    cells = monthly.cells_of(rows.iter_rows(named=True), "2026-10")
    tree = monthly.hierarchies_of(cells)
    apart = [replace(measure, hidden_with=None) for measure in monthly.MEASURES]
    value, parcels = hidden_by_measure(treat(cells, apart, tree, load({})).cells)
    assert value - parcels
    assert parcels - value


def test_a_visible_count_is_never_zero_and_lies_within_half_the_base(read: Readings) -> None:
    base = load({}).rounding_base
    seen = 0
    for folder, told in zip(read.folders, read.truths, strict=True):
        shown = tidy.read(folder).cells.filter(pl.col("status") == "", measure=PARCELS)
        for *key, count, _, rounding in shown.iter_rows():
            assert rounding == base
            assert count > 0
            assert abs(told[tuple(key)] - count) <= base / 2
            seen += 1
    assert seen > 100


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
