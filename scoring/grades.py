"""How strongly an indicator fires, as a few steps: rows of one indicator rank among themselves.

Defines: `Step`, `edges_of`, `steps_of`, `step_bins`. A value is 0 where an indicator does not fire,
else its strength, a whole number above 0; one that only fires has one strength, and one step. Edges
follow from the strengths alone, never from what was found: as many rows in each grade, and enough
that a grade says something.
Add here another way to cut strengths. Keep out: what a step is worth (multipliers.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.inputs import Booleans, missing_of
from scoring.model import Bin

MOST_GRADES = 4
LEAST_ROWS = 10  # in a grade; fewer rows than twice that are one grade


@dataclass(frozen=True)
class Step:
    """Rows of `indicator` whose strength is above `edge`; 0: all where it fires."""

    indicator: str
    edge: int

    def reached(self, values: Any) -> Booleans:
        """True where the value lies above the edge; a missing one does not."""
        return np.asarray(np.ma.filled(values, 0) > self.edge)


def edges_of(values: Any) -> tuple[int, ...]:
    """Where the strengths of an indicator are cut: inner edges in rising order, none for one grade.

    A grade holds edge < strength <= next edge. Equal strengths stay together.
    """
    fired = np.sort(np.ma.filled(values, 0))
    fired = fired[fired > 0]
    grades = min(MOST_GRADES, len(fired) // LEAST_ROWS)
    cuts = {int(fired[len(fired) * grade // grades - 1]) for grade in range(1, grades)}
    kept: list[int] = []
    for cut in sorted(cuts):
        below = int(np.searchsorted(fired, cut, side="right"))
        before = int(np.searchsorted(fired, kept[-1], side="right")) if kept else 0
        if below - before >= LEAST_ROWS and len(fired) - below >= LEAST_ROWS:
            kept.append(cut)
    return tuple(kept)


def steps_of(indicator: str, values: Any) -> list[Step]:
    """The steps of an indicator: that it fires, and each edge that its strength may pass."""
    return [Step(indicator, edge) for edge in (0, *edges_of(values))]


def step_bins(
    feature: str,
    steps: Sequence[Step],
    points: Sequence[int],
    values: Any,
    found: Booleans,
    reason_id: str | None,
) -> list[Bin]:
    """Bins of an indicator: missing, not fired, then a bin from each edge to the next.

    points: what each step adds to the step below it.
    """
    missing, strength = missing_of(values), np.ma.filled(values, 0)
    bounds: list[tuple[int | None, int | None]] = [(None, 0)]
    bounds += list(zip([s.edge for s in steps], [*[s.edge for s in steps[1:]], None], strict=True))
    sums = [0, *np.cumsum(points).tolist()]
    bins = [_bin(feature, 0, (None, None), 0, missing, found, reason_id)]
    for number, (bound, total) in enumerate(zip(bounds, sums, strict=True), start=1):
        inside = ~missing
        if bound[0] is not None:
            inside &= strength > bound[0]
        if bound[1] is not None:
            inside &= strength <= bound[1]
        bins.append(_bin(feature, number, bound, total, inside, found, reason_id))
    return bins


def _bin(
    feature: str,
    number: int,
    bound: tuple[int | None, int | None],
    points: int,
    inside: Booleans,
    found: Booleans,
    reason_id: str | None,
) -> Bin:
    return Bin(
        feature=feature,
        bin_no=number,
        low_milli=bound[0],
        high_milli=bound[1],
        points=points,
        n_train=int(inside.sum()),
        findings_train=int((inside & found).sum()),
        reason_id=reason_id if points else None,
    )
