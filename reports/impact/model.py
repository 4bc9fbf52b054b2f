"""The report as an object in no language: what every format shows, in reading order.

Defines: `Report` and its parts. Add here a part that every format can show. Keep out: reading
releases (source.py), what a section says (sections/), how a format looks (renderers).

A number stands in the object once, with its decimals; each language writes it its own way
(figures.py). So both languages show the same numbers, which a test compares.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from contracts.facts import Words

Edition = Literal["internal", "public"]
Status = Literal["estimate", "preliminary", "official"]
Kind = Literal["impact", "389", "quality"]
# Why figures of a month are told again: R1 data of the month that came after the estimate, R2 the
# routine of June, C a correction; "first" replaces nothing.
Code = Literal["first", "R1", "R2", "C"]


@dataclass(frozen=True)
class Figure:
    """One number: `value` in its unit, shown with `decimals`."""

    value: Decimal | int
    decimals: int = 0


Cell = str | Words | Figure | dt.date | None


@dataclass(frozen=True)
class Sentence:
    """A text with {named} places for figures, words and dates."""

    words: Words
    values: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of a table. name: of the tidy file; unit: shown under the label, None for text."""

    name: str
    label: Words
    unit: Words | None = None


@dataclass(frozen=True)
class Table:
    """Rows under columns. source: the mart; measure, denominator: what the numbers are.

    missing: why there are no rows, when there are none.
    """

    table_id: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str
    denominator: Words | None = None
    notes: tuple[Sentence, ...] = ()
    missing: Words | None = None


@dataclass(frozen=True)
class Tile:
    """One square of a map of tiles, counted from the north-west corner. is_zone: without a cell."""

    column: int
    row: int
    name: Words
    cell: Cell
    is_zone: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture of a table that stands under it. kind: a line or bars over `x`, or a map of tiles.

    x, y: names of the table's columns. alt: what a reader who sees no picture should know.
    drawn: the rows that are drawn, where they are not all. tiles: of a map, cells of the table.
    """

    chart_id: str
    kind: Literal["line", "bar", "map"]
    table: Table
    x: str
    y: str
    alt: Sentence
    drawn: Table | None = None
    tiles: tuple[Tile, ...] = ()


@dataclass(frozen=True)
class Section:
    """A numbered section. parts: paragraphs, tables and charts in reading order."""

    number: int
    title: Words
    parts: tuple[Sentence | Table | Chart, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, those under charts too."""
        found = [
            part.table if isinstance(part, Chart) else part
            for part in self.parts
            if isinstance(part, Table | Chart)
        ]
        return tuple(found)


@dataclass(frozen=True)
class Control:
    """What the figures rest on: shown on the first page and in the manifest.

    next_release: None after the official figures. grade: None where the report has no headline that
    a grade would speak of.
    """

    release_id: str
    run_id: str
    data_to: dt.date
    next_release: dt.date | None
    days_covered: int
    days_in_month: int
    grade: Literal["A", "B", "C", "D"] | None
    grade_reason: Sentence
    is_synthetic: bool


@dataclass(frozen=True)
class Measure:
    """A figure that readers quote, so that its revisions are kept. name: stable over months."""

    name: str
    label: Words
    unit: Words
    figure: Figure


@dataclass(frozen=True)
class Change:
    """One figure or text that an edition tells otherwise than the one it replaces.

    row: the texts that name the row. before, after: None where the row was, or is, not there.
    """

    table_id: str
    title: Words
    row: Words
    column: Words
    before: Cell
    after: Cell


@dataclass(frozen=True)
class Vintage:
    """Which telling of the month this is.

    number: of the filed edition, None for a draft. replaces: number of the one sent before it.
    reason: of a correction, as the person who asked for it wrote it.
    """

    code: Code
    number: int | None
    replaces: int | None = None
    reason: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Report:
    """The report of one month in one edition. month: its first day.

    measures: what is followed over vintages. vintage: None before the report is compared with what
    was sent (vintages.py).
    """

    month: dt.date
    edition: Edition
    status: Status
    control: Control
    headlines: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    kind: Kind = "impact"
    measures: tuple[Measure, ...] = ()
    vintage: Vintage | None = None

    @property
    def stem(self) -> str:
        """What its files and folders are called, without a language or a vintage."""
        return f"{self.kind}-{self.month:%Y-%m}-{self.edition}"

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the report."""
        return tuple(table for section in self.sections for table in section.tables)
