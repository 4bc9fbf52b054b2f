"""How good a ranking and its probabilities are, each figure with its uncertainty.

Defines: `auc`, `average_precision`, `at_share` (precision and recall of the top percent), `wilson`,
`reliability` (predicted against found), `paired_auc_difference`, `psi`, `figures`. numpy alone.
Add here a figure with a published value in its test. Keep out: which figures are good enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError
from scoring.folds import tie_order
from scoring.inputs import Booleans, Floats, Integers, Limits, findings_of

SHARES = (1, 2, 5, 10)
_Z_95 = 1.959963984540054
_DRAWS_AT_ONCE = 64


@dataclass(frozen=True)
class TopShare:
    """The `rows` of the highest scores, `percent` of all. precision, recall: shares of 1.

    low, high: 95 % Wilson interval of the precision.
    """

    percent: int
    rows: int
    found: int
    precision: float
    recall: float
    low: float
    high: float


@dataclass(frozen=True)
class ReliabilityBand:
    """One of the equal-count bands. predicted: mean probability; found: share of findings."""

    n: int
    predicted: float
    found: float


@dataclass(frozen=True)
class Reliability:
    """Bands from the lowest probability to the highest, and the largest |predicted - found|."""

    bands: tuple[ReliabilityBand, ...]
    largest_gap: float


@dataclass(frozen=True)
class PairedDifference:
    """AUC of the first scores minus AUC of the second, with its 95 % bootstrap interval."""

    difference: float
    low: float
    high: float
    draws: int


def auc(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float:
    """The chance that a finding ranks above a row without, a tie counting one half."""
    found = _checked(scores, labels)
    return float(_aucs(_Ranks.of(scores, found), np.ones((1, len(found))))[0])


def average_precision(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float:
    """Mean precision over the findings; rows of equal score are taken together, in no order."""
    found = _checked(scores, labels)
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(found[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    gained = np.diff(hits[last], prepend=0)
    return float((gained * hits[last] / (last + 1)).sum() / hits[-1])


def at_share(
    scores: npt.NDArray[Any], labels: npt.NDArray[Any], ids: Sequence[str], percent: int
) -> TopShare:
    """Precision and recall of the top `percent` of rows (rounded down, at least one row).

    ids: one text a row. Equal scores are ordered by md5 of the id, so the figure follows neither
    from the order of rows nor from the meaning of ids.
    """
    found = _checked(scores, labels)
    rows = max(1, len(found) * percent // 100)
    top = _from_highest(scores, ids)[:rows]
    hits = int(found[top].sum())
    return TopShare(percent, rows, hits, hits / rows, hits / int(found.sum()), *wilson(hits, rows))


def wilson(found: int, rows: int, z: float = _Z_95) -> tuple[float, float]:
    """Wilson's score interval of a share, without continuity correction; (0, 1) for no rows."""
    if not 0 <= found <= rows:
        raise UsageError(f"{found} of {rows} is no share", where="wilson", remedy="count again")
    if not rows:
        return 0.0, 1.0
    share, squared = found / rows, z * z
    centre = share + squared / (2 * rows)
    half = z * float(np.sqrt(share * (1 - share) / rows + squared / (4 * rows * rows)))
    scale = 1 + squared / rows
    # At 0 and at 1 the exact bound is the share itself; a last bit must not pass it.
    low = 0.0 if found == 0 else (centre - half) / scale
    high = 1.0 if found == rows else (centre + half) / scale
    return low, high


def reliability(
    probabilities: Floats, labels: npt.NDArray[Any], ids: Sequence[str], bands: int = 10
) -> Reliability:
    """Predicted against found in bands of equal count, ties cut by md5 of the id.

    probabilities: shares of 1. Fewer rows than bands give a band a row.
    """
    found = _checked(probabilities, labels)
    if float(np.min(probabilities)) < 0 or float(np.max(probabilities)) > 1:
        raise UsageError(
            "a probability is not between 0 and 1",
            where="probabilities",
            remedy="calibrate scores first",
        )
    rising = _from_highest(probabilities, ids)[::-1]
    parts = [part for part in np.array_split(rising, bands) if len(part)]
    rows = tuple(
        ReliabilityBand(len(part), float(probabilities[part].mean()), float(found[part].mean()))
        for part in parts
    )
    return Reliability(rows, max(abs(row.predicted - row.found) for row in rows))


def paired_auc_difference(
    first: npt.NDArray[Any],
    second: npt.NDArray[Any],
    labels: npt.NDArray[Any],
    *,
    seed: int,
    draws: int = 1000,
) -> PairedDifference:
    """AUC(first) - AUC(second) on the same rows, and the 2.5 and 97.5 percentiles of `draws` draws.

    Each draw takes findings and rows without finding with replacement, each class as often as it
    is there, and judges both rankings on the same draw. The same seed gives the same interval.
    """
    found = _checked(first, labels)
    _checked(second, labels)
    ranks = _Ranks.of(first, found), _Ranks.of(second, found)
    random = np.random.default_rng(seed)
    classes = np.flatnonzero(found), np.flatnonzero(~found)
    drawn = np.empty(draws)
    for start in range(0, draws, _DRAWS_AT_ONCE):
        size = min(_DRAWS_AT_ONCE, draws - start)
        weights = np.zeros((size, len(found)))
        for rows in classes:
            picked = random.integers(0, len(rows), size=(size, len(rows)))
            flat = picked + np.arange(size)[:, None] * len(rows)
            counted = np.bincount(flat.ravel(), minlength=size * len(rows))
            weights[:, rows] = counted.reshape(size, len(rows))
        drawn[start : start + size] = _aucs(ranks[0], weights) - _aucs(ranks[1], weights)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return PairedDifference(auc(first, found) - auc(second, found), float(low), float(high), draws)


def psi(expected: Integers, actual: Integers) -> float:
    """Population stability index between two counts per bin; 0 = the same shares.

    expected, actual: rows in each bin, in the same order. An empty bin counts as half a row: its
    logarithm has no value. Usual reading: below 0.1 stable, above 0.25 shifted.
    """
    if expected.shape != actual.shape or not expected.sum() or not actual.sum():
        raise UsageError(
            "two distributions over the same bins are needed, neither empty",
            where="psi",
            remedy="count both over the bins of one model version",
        )
    before = np.maximum(expected, 0.5) / expected.sum()
    after = np.maximum(actual, 0.5) / actual.sum()
    return float(((after - before) * np.log(after / before)).sum())


def figures(
    scores: npt.NDArray[Any], labels: npt.NDArray[Any], ids: Sequence[str]
) -> dict[str, float]:
    """`auc`, `ap`, `p_at_1` .. `p_at_10`, `r_at_1` .. `r_at_10`: what a benchmark prints."""
    tops = [at_share(scores, labels, ids, percent) for percent in SHARES]
    return {
        "auc": auc(scores, labels),
        "ap": average_precision(scores, labels),
        **{f"p_at_{top.percent}": top.precision for top in tops},
        **{f"r_at_{top.percent}": top.recall for top in tops},
    }


@dataclass(frozen=True)
class _Ranks:
    """Rows in rising order of score. starts: where each group of equal scores begins."""

    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    found: Floats

    @staticmethod
    def of(scores: npt.NDArray[Any], found: Booleans) -> "_Ranks":
        order = np.argsort(scores, kind="stable")
        ranked = scores[order]
        starts = np.append(0, np.flatnonzero(ranked[1:] != ranked[:-1]) + 1)
        return _Ranks(order, starts, found[order].astype(np.float64))


def _aucs(ranks: _Ranks, weights: Floats) -> Floats:
    """The AUC under each row of weights (draws x rows): the Mann-Whitney statistic with ties."""
    ordered = weights[:, ranks.order]
    positive = np.add.reduceat(ordered * ranks.found, ranks.starts, axis=1)
    negative = np.add.reduceat(ordered, ranks.starts, axis=1) - positive
    below = np.cumsum(negative, axis=1) - negative / 2
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    return np.asarray((positive * below).sum(axis=1) / pairs)


def _from_highest(scores: npt.NDArray[Any], ids: Sequence[str]) -> npt.NDArray[np.intp]:
    if len(ids) != len(scores):
        raise UsageError(
            f"{len(ids)} ids for {len(scores)} scores", where="ids", remedy="one id a row"
        )
    return np.lexsort((tie_order(ids), -scores))


def _checked(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> Booleans:
    """The labels as booleans; both classes are there and each score is a number."""
    if np.ma.getmaskarray(scores).any() or not np.isfinite(scores).all():
        raise UsageError(
            "a score is missing or no number", where="scores", remedy="score every row first"
        )
    return findings_of(labels, len(scores), Limits(1, 1))
