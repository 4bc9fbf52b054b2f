"""From points to probabilities: bands of scores, and what a check is worth.

Defines: `calibrate`, `expected_value`. Add here another mapping of scores. Keep out: how good a
calibration is (evaluate.py).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError, WarehouseError
from scoring.inputs import Floats, Integers, Limits, findings_of
from scoring.model import MICRO, POINTS_PER_LOGIT, CalibrationBand

# How far the slope may leave 1 (scores taken at their word) before outcomes must speak for it.
_SLOPE_DEVIATION = 1.0
_ROUNDS = 100


def calibrate(
    scores: Integers, labels: npt.NDArray[Any], *, bands: int = 10
) -> tuple[CalibrationBand, ...]:
    """Bands of about equal count and the probability of a finding in each; it never falls.

    scores: out-of-fold points, int64: scores of rows that a model learned from promise too much.
    Equal scores share a band, so there may be fewer than `bands`. A bound lies midway between two
    neighbouring scores. The probability of a band is the mean of a logistic line through all scores
    (two numbers are fitted, not one a band: the share found in a band of few rows is mostly noise,
    measured on the public set: largest gap .018 against .026). Its sum over the rows is what was
    found. n, findings: what the band holds.
    Raises UsageError for scores that are no integers, WarehouseError without both classes.
    """
    if scores.dtype != np.int64 or scores.ndim != 1 or bands < 1:
        raise UsageError(
            f"scores are {scores.dtype}, or {bands} bands are asked for",
            where="scores",
            remedy="calibrate integer points into at least one band",
        )
    found = findings_of(labels, len(scores), Limits(1, 1))
    distinct, at = np.unique(scores, return_inverse=True)
    rows = np.bincount(at).astype(np.float64)
    hits = np.bincount(at, weights=found).astype(np.float64)
    told = _logistic_line(distinct / POINTS_PER_LOGIT, rows, hits)
    # A band ends after the last of its equal scores.
    upto = np.cumsum(rows)
    wanted = np.arange(1, bands + 1) * len(scores) // bands
    ends = np.unique(np.searchsorted(upto, wanted[wanted > 0], side="left") + 1)
    starts = np.concatenate([[0], ends[:-1]])
    middle = (distinct[ends[:-1] - 1] + distinct[ends[:-1]]) // 2
    bounds: list[int | None] = [None, *(int(bound) for bound in middle), None]
    n, findings, probable = (np.add.reduceat(of, starts) for of in (rows, hits, rows * told))
    return tuple(
        CalibrationBand(
            band_no=number + 1,
            low_points=bounds[number],
            high_points=bounds[number + 1],
            probability_micro=round(float(probable[number] / n[number]) * MICRO),
            n=int(n[number]),
            findings=int(findings[number]),
        )
        for number in range(len(ends))
    )


def _logistic_line(logits: Floats, rows: Floats, hits: Floats) -> Floats:
    """Probability at each of these logits (ascending, distinct): intercept and slope by Newton's
    method, the slope drawn to 1 and never below 0."""
    rate = float(hits.sum() / rows.sum())
    centred = logits - float((logits * rows).sum() / rows.sum())
    at = np.array([np.log(rate / (1 - rate)), 1.0])
    pull = 1 / _SLOPE_DEVIATION**2
    for _ in range(_ROUNDS):
        told = 1 / (1 + np.exp(-(at[0] + at[1] * centred)))
        off = hits - rows * told
        weight = rows * told * (1 - told)
        slope = np.array([off.sum(), (off * centred).sum() - pull * (at[1] - 1)])
        curve = np.array(
            [
                [weight.sum(), (weight * centred).sum()],
                [(weight * centred).sum(), (weight * centred**2).sum() + pull],
            ]
        )
        step = np.linalg.solve(curve, slope)
        # Far from the end a full step may overshoot.
        at = at + step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-12:
            break
    if at[1] < 0:  # the ranking is upside down: nothing but the base rate can be promised
        return np.full(len(logits), rate)
    return np.asarray(1 / (1 + np.exp(-(at[0] + at[1] * centred))), dtype=np.float64)


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
