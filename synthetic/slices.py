"""One slice of a day's rows: from row numbers to rendered pieces of files. Runs in any thread.

Add here a source that is derived from parcels or lines. Keep out: order, files and threads
(generate.py).
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from contracts.base import Contract
from synthetic.declarations import LINE_LABELS, Lines, line_rows, lines_at
from synthetic.files import FileFormat, FileKey, Payload, Piece, rendered
from synthetic.inspections import Results, inspected, of_lines, of_parcels
from synthetic.listings import (
    PROMOTION_LABELS,
    listing_rows,
    listings_at,
    promotion_truth,
)
from synthetic.mess import Mess, Subject
from synthetic.mixing import Draws, Numbers, mixed
from synthetic.overlays import Habits, habits_of, laid_over
from synthetic.parcel_rows import (
    DayTexts,
    low_value_columns,
    low_value_selection,
    manifest_rows,
)
from synthetic.parcels import Day, Parcels, parcels_at
from synthetic.plan import TYPOLOGIES
from synthetic.text_columns import Column, Rows, csv_lines, plain_number, taken
from synthetic.truth import LABEL_COLUMNS, line_truth, parcel_truth
from synthetic.words import words

# The files of every day, there even when no row goes to them.
DAILY_SOURCES = (
    "parcel_manifest",
    "low_value_declaration",
    "customs_declaration",
    "inspection_outcome",
    "listing_observation",
)
# Whose rows are sent on the day on which they are known, with those of other days; a day without
# any has no file, as two empty files would be one delivery.
KNOWN_LATER = ("inspection_outcome",)


@dataclass(frozen=True)
class Made:
    """What one slice gives: pieces of delivery files, truth records, labels per typology."""

    pieces: list[Piece]
    truth: pa.Array
    planted: Counter[str]


@dataclass(frozen=True)
class DayWork:
    """A day ready to be made slice by slice. mess: the faults of its deliveries, if any."""

    day: Day
    lists: DayTexts
    contracts: Mapping[str, Contract]
    file_format: FileFormat
    mess: Mess | None = None

    def __post_init__(self) -> None:
        # Shared by all slices: built here, or every thread would build them at first.
        _ = words(), self.lists.master_columns, self.lists.seller_columns, self.habits

    @cached_property
    def habits(self) -> Habits:
        """What the day's sellers and bills do."""
        return habits_of(self.day)

    def parcels(self, start: int, stop: int) -> Made:
        """Manifest, low-value declarations and inspections of parcels at these positions."""
        day = self.day
        positions = np.arange(start, stop, dtype=np.int64)
        logical = day.plan.scatter()(positions)
        parcels = laid_over(day, self.habits, parcels_at(day, logical), logical)
        manifest = manifest_rows(day, self.lists, parcels, positions)
        selected = low_value_selection(day, parcels)
        low_value = Rows(
            low_value_columns(day, parcels, taken(manifest, selected), positions, selected),
            len(selected),
        )
        seconds, honest = day.master_seconds[parcels.master], parcels.labels < 0
        chosen = inspected(day, of_parcels(day, parcels, manifest, positions))
        pieces = [
            *self._pieces(
                Subject(
                    source="parcel_manifest",
                    rows=manifest,
                    seconds=seconds,
                    draws=parcels.draws,
                    is_honest=honest,
                    amended=lambda rows, percent: {
                        "declared_value": self._value(parcels, rows, percent)
                    },
                )
            ),
            *self._pieces(
                Subject(
                    source="low_value_declaration",
                    rows=low_value,
                    seconds=seconds[selected],
                    # Mixed once more: another fate than the manifest row of the same parcel.
                    draws=Draws(mixed(parcels.draws.keys[selected])),
                    is_honest=honest[selected],
                    amended=lambda rows, percent: {
                        "declared_value": self._value(parcels, selected[rows], percent),
                        "customs_value_vnd": plain_number(
                            parcels.value_vnd[selected[rows]] * percent // 100
                        ),
                    },
                )
            ),
            *self._inspections(chosen),
        ]
        truth = csv_lines(parcel_truth(day, parcels, manifest), LABEL_COLUMNS)
        return Made(pieces, truth, _counted(parcels.labels, TYPOLOGIES))

    def lines(self, start: int, stop: int) -> Made:
        """Declarations and inspections of the lines at these positions."""
        day = self.day
        lines = lines_at(day, start, stop)
        rows = line_rows(day, self.lists, lines)
        pieces = [
            *self._pieces(
                Subject(
                    source="customs_declaration",
                    rows=rows,
                    seconds=lines.seconds,
                    draws=lines.draws,
                    is_honest=lines.typology < 0,
                    amended=lambda chosen, percent: {
                        "declared_value": self._value(lines, chosen, percent)
                    },
                )
            ),
            *self._inspections(inspected(day, of_lines(day, lines))),
        ]
        truth = csv_lines(line_truth(day, lines, rows), LABEL_COLUMNS)
        return Made(pieces, truth, _counted(lines.typology, LINE_LABELS))

    def listings(self, start: int, stop: int) -> Made:
        """Observations of the listings at these positions; its truth has PROMOTION_LABELS."""
        listings = listings_at(self.day, start, stop)
        rows, source = listing_rows(self.day, listings), "listing_observation"
        truth = csv_lines(promotion_truth(self.day, listings, rows), PROMOTION_LABELS)
        pieces = [Piece(self.key(source), self._rendered(source, rows))]
        return Made(pieces, truth, Counter())

    def key(self, source: str) -> FileKey:
        """The file of a source that comes every day."""
        return FileKey(source) if self.mess is None else self.mess.daily(source)

    def _pieces(self, subject: Subject) -> list[Piece]:
        if self.mess is not None:
            return self.mess.pieces(subject)
        return [Piece(self.key(subject.source), self._rendered(subject.source, subject.rows))]

    def _inspections(self, results: Results) -> list[Piece]:
        """One piece a day on which results are known; with faults, one file of the day's results
        comes when the last is known."""
        source = "inspection_outcome"
        if self.mess is not None:
            return [Piece(self.key(source), self._rendered(source, results.rows))]
        return [
            Piece(
                FileKey(source, day=self.day.plan.day + dt.timedelta(days=int(after))),
                self._rendered(source, taken(results.rows, np.flatnonzero(results.after == after))),
            )
            for after in np.unique(results.after)
        ]

    def _rendered(self, source: str, rows: Rows) -> Payload:
        # Senders that make faults state everything as text.
        typed = self.mess is None
        return rendered(rows, self.contracts[source], self.file_format, typed=typed)

    def _value(self, of: Parcels | Lines, rows: Numbers, percent: Numbers) -> Column:
        cents = self.day.cents(of.value_vnd[rows], of.currency[rows])
        return plain_number(cents * percent // 100, 2)


def _counted(labels: Numbers, names: tuple[str, ...]) -> Counter[str]:
    counts = np.bincount(labels[labels >= 0], minlength=len(names))
    return Counter({name: int(n) for name, n in zip(names, counts, strict=True) if n})
