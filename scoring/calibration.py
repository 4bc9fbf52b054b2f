"""From points to probabilities: bands of scores, and what a check is worth.

Defines: `calibrate`, `expected_value`. Add here another mapping of scores. Keep out: how good a
calibration is (evaluate.py).
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError, WarehouseError
from scoring.inputs import Integers, Limits, findings_of
from scoring.model import MICRO, CalibrationBand


def calibrate(
    scores: Integers, labels: npt.NDArray[Any], *, bands: int = 10
) -> tuple[CalibrationBand, ...]:
    """Bands of about equal count and the share of findings in each, pooled so that it never falls.

    scores: out-of-fold points, int64: scores of rows that a model learned from promise too much.
    Equal scores share a band, so there may be fewer than `bands`. A bound lies midway between two
    neighbouring scores. Adjacent bands whose shares fall are given their common share
    (pool-adjacent-violators). Each band counts one more row at the overall rate: a probability of
    exactly 0 or 1 would never be corrected by a queue that follows it.
    Raises UsageError for scores that are no integers, WarehouseError without both classes.
    """
    if scores.dtype != np.int64 or scores.ndim != 1 or bands < 1:
        raise UsageError(
            f"scores are {scores.dtype}, or {bands} bands are asked for",
            where="scores",
            remedy="calibrate integer points into at least one band",
        )
    found = findings_of(labels, len(scores), Limits(1, 1))
    order = np.argsort(scores, kind="stable")
    ranked, hits = scores[order], found[order].astype(np.int64)
    ends = np.arange(1, bands + 1) * len(ranked) // bands
    # A band ends after the last of its equal scores.
    ends = np.unique(np.searchsorted(ranked, ranked[ends[ends > 0] - 1], side="right"))
    n = np.diff(ends, prepend=0)
    findings = np.diff(np.cumsum(hits)[ends - 1], prepend=0)
    inner = ends[:-1]
    middle = (ranked[inner - 1] + ranked[inner]) // 2
    bounds: list[int | None] = [None, *(int(bound) for bound in middle), None]
    rate = Fraction(int(hits.sum()), len(hits))
    shares = _never_falling(
        [(int(f) + rate, int(of) + 1) for f, of in zip(findings, n, strict=True)]
    )
    return tuple(
        CalibrationBand(
            band_no=number + 1,
            low_points=bounds[number],
            high_points=bounds[number + 1],
            probability_micro=round(share * MICRO),
            n=int(n[number]),
            findings=int(findings[number]),
        )
        for number, share in enumerate(shares)
    )


def _never_falling(parts: Sequence[tuple[Fraction, int]]) -> list[Fraction]:
    """The share of each part (findings, rows) after pooling neighbours that fall; exact."""
    pools: list[tuple[Fraction, int, int]] = []
    for findings, rows in parts:
        pool = (findings, rows, 1)
        while pools and pools[-1][0] * pool[1] > pool[0] * pools[-1][1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
    return [findings / rows for findings, rows, size in pools for _ in range(size)]


def expected_value(probability_micro: Integers, value_vnd: Integers) -> Integers:
    """What a check brings on average, VND rounded down: probability x the value of a finding.

    In integers and in two halves, so that no product leaves 64 bits below 9 x 10^18 VND. SQL writes
    it alike. Raises WarehouseError for a negative value: a finding does not cost.
    """
    if len(value_vnd) and int(value_vnd.min()) < 0:
        raise WarehouseError(
            "the value of a finding is negative",
            where="value_vnd",
            remedy="take 0 where a finding brings no duty",
        )
    whole, rest = np.divmod(value_vnd, np.int64(MICRO))
    return whole * probability_micro + rest * probability_micro // np.int64(MICRO)
