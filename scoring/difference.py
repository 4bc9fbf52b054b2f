"""What one version believes otherwise than another.

Defines: `Difference`, `difference`: the values of each feature for which two scorecards give
different points. Add here another part of a model to compare. Keep out: printing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from scoring.model import Bin, Scorecard

INTERCEPT = "(intercept)"


@dataclass(frozen=True)
class Difference:
    """Values low_milli < x <= high_milli of a feature and their points in both versions.

    is_missing: the row speaks of a missing value. points None: that version does not read the
    feature, which adds 0 points there. feature `(intercept)`: the row of the intercepts.
    """

    feature: str
    low_milli: int | None
    high_milli: int | None
    is_missing: bool
    points_before: int | None
    points_after: int | None


def difference(before: Scorecard, after: Scorecard) -> tuple[Difference, ...]:
    """The rows that differ, intercept first, then by feature from low to high; () when equal.

    Bins are cut at the bounds of both versions and joined again where both keep their points.
    """
    found = [
        Difference(INTERCEPT, None, None, False, before.intercept_points, after.intercept_points)
    ]
    for feature in sorted({*before.features, *after.features}):
        old, new = _rows(before, feature), _rows(after, feature)
        missing = (old[0].points if old else None, new[0].points if new else None)
        found.append(Difference(feature, None, None, True, *missing))
        found += _values(feature, old[1:], new[1:])
    return tuple(row for row in found if row.points_before != row.points_after)


def _rows(card: Scorecard, feature: str) -> list[Bin]:
    return sorted((row for row in card.bins if row.feature == feature), key=lambda row: row.bin_no)


def _values(feature: str, old: list[Bin], new: list[Bin]) -> Iterator[Difference]:
    bounds = sorted({row.high_milli for row in (*old, *new) if row.high_milli is not None})
    edges: list[int | None] = [None, *bounds, None]
    joined: Difference | None = None
    for low, high in pairwise(edges):
        points = _points(old, high), _points(new, high)
        if joined and (joined.points_before, joined.points_after) == points:
            joined = Difference(feature, joined.low_milli, high, False, *points)
            continue
        if joined:
            yield joined
        joined = Difference(feature, low, high, False, *points)
    if joined:
        yield joined


def _points(rows: list[Bin], high: int | None) -> int | None:
    """The points of the bin that holds the value `high` (None: the largest)."""
    for row in rows:
        if row.high_milli is None or (high is not None and high <= row.high_milli):
            return row.points
    return None
