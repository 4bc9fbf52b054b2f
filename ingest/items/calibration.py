"""What a sum of points is worth: probabilities, and the bound below which a heading is unknown.

Defines: `Calibration`, `probabilities`, `fit_calibration`, `bound_for_precision`,
`folds_by_text`, `kinds_of_goods`.
Add here how certainty is measured. Keep out: points (model.py). The same arithmetic in SQL stands
in dbt/macros/item_headings.sql; a test holds both together.

A heading's weight is exp((score - best score) / temperature), in whole millionths; beside the
headings of a text stands `none of these` with a constant score, so that little evidence gives a low
probability. A probability is a heading's share of the weights, in whole millionths.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.items.model import Candidates, Floats, Integers, Points
from ingest.items.terms import PAIR

Grid = np.ndarray[tuple[int, int], np.dtype[np.int64]]
MILLION = 1_000_000
# exp() beyond it would leave whole numbers that a double holds exactly.
MOST_EXPONENT = 13.0
NEVER = MILLION + 1
# What is rather wrong than right is no answer, however well the others do.
LEAST_BOUND = MILLION // 2
_FOLDS = 5
# Fewer answered texts than this prove no precision.
LEAST_ANSWERED = 50


@dataclass(frozen=True)
class Calibration:
    """temperature: points by which a weight falls by the factor e. none_score: points of `none`.

    bound_micro: least probability of the first heading that counts as an answer.
    """

    temperature: int
    none_score: int
    bound_micro: int


@dataclass(frozen=True)
class Ranked:
    """First three headings of every text: arrays (texts, 3); probability in millionths."""

    hs4: Grid
    probability: Grid
    answered: np.ndarray[tuple[int], np.dtype[np.bool_]]


def probabilities(found: Candidates, calibration: Calibration) -> Ranked:
    """The first three headings of every text and how probable each is; stand-ins have 0."""
    first = best_scores(found)
    weight = _weight(found.score - first[found.text], calibration.temperature)
    total = np.zeros(found.texts, dtype=np.int64)
    np.add.at(total, found.text, weight)
    total += _weight(calibration.none_score - first, calibration.temperature)
    hs4 = np.full((found.texts, 3), -1, dtype=np.int64)
    probability = np.zeros((found.texts, 3), dtype=np.int64)
    kept = found.rank <= 3
    at = found.text[kept], found.rank[kept] - 1
    hs4[at] = found.hs4[kept]
    shares = (weight[kept] * MILLION).astype(np.float64) / total[found.text[kept]]
    probability[at] = np.floor(shares).astype(np.int64)
    for heading in found.usual:
        lacking = (hs4 == -1).any(axis=1) & ~(hs4 == heading).any(axis=1)
        hs4[lacking, (hs4 == -1).argmax(axis=1)[lacking]] = heading
    answered = (probability[:, 0] > 0) & (probability[:, 0] >= calibration.bound_micro)
    return Ranked(hs4, probability, answered)


def best_scores(found: Candidates) -> Integers:
    """Score of every text's first heading; 0 where it has none."""
    best = np.zeros(found.texts, dtype=np.int64)
    best[found.text[found.rank == 1]] = found.score[found.rank == 1]
    return best


def _weight(distance: Integers, temperature: int) -> Integers:
    """exp(distance / temperature) in whole millionths."""
    exponent = np.minimum(distance / float(temperature), MOST_EXPONENT)
    return np.floor(np.exp(exponent) * 1e6 + 0.5).astype(np.int64)


def fit_calibration(found: Candidates, true: pa.Array, precision: float = 0.9) -> Calibration:
    """Temperature and `none` that make held-out headings most likely, then the bound.

    found: candidates of texts that the table has not seen; true: their headings.
    """
    codes = {code: number for number, code in enumerate(found.codes.to_pylist())}
    label = np.array([codes.get(code, -1) for code in true.to_pylist()], dtype=np.int64)
    first = best_scores(found)
    is_true = found.hs4 == label[found.text]
    temperatures, nones = np.arange(400.0, 3001.0, 200.0), np.arange(-4000.0, 8001.0, 1000.0)
    best = (np.inf, 0.0, 0.0)
    for _ in range(2):
        for temperature in temperatures:
            weight = np.exp((found.score - first[found.text]) / temperature)
            sums = np.bincount(found.text, weights=weight, minlength=found.texts)
            own = np.bincount(
                found.text, weights=np.where(is_true, weight, 0.0), minlength=found.texts
            )
            for none in nones:
                other = np.exp(np.minimum((none - first) / temperature, MOST_EXPONENT))
                likely = np.where(own > 0, own, other) / (sums + other)
                loss = -np.log(likely).sum()
                best = min(best, (loss, float(temperature), float(none)))
        temperatures = np.arange(best[1] - 150, best[1] + 151, 50)
        nones = np.arange(best[2] - 750, best[2] + 751, 250)
    fitted = Calibration(int(best[1]), int(best[2]), NEVER)
    ranked = probabilities(found, fitted)
    bound = bound_for_precision(ranked.probability[:, 0], ranked.hs4[:, 0] == label, precision)
    return Calibration(fitted.temperature, fitted.none_score, max(bound, LEAST_BOUND))


def bound_for_precision(
    scores: Integers,
    correct: np.ndarray[tuple[int], np.dtype[np.bool_]],
    precision: float,
    *,
    least: int = LEAST_ANSWERED,
) -> int:
    """The lowest bound such that of the texts with a score at or above it `precision` are right.

    Scores in millionths, equal ones stand or fall together. NEVER where no bound reaches it on
    `least` texts: then nothing is answered.
    """
    order = np.argsort(-scores, kind="stable")
    ordered, right = scores[order], np.cumsum(correct[order])
    count = np.arange(1, len(scores) + 1)
    last_of_equal = np.append(ordered[1:] != ordered[:-1], True) if len(scores) else count > 0
    good = last_of_equal & (count >= least) & (right >= precision * count)
    return int(ordered[np.flatnonzero(good)[-1]]) if good.any() else NEVER


def folds_by_text(prepared: pa.Array, folds: int = _FOLDS) -> Integers:
    """A fold (0..folds-1) for every text; equal texts are in one fold, so no copy is on both sides.

    prepared: terms of the folded text: spellings that only differ in case or numbers are copies.
    """
    encoded = prepared.dictionary_encode()
    fold = np.array(
        [zlib.crc32(text.encode()) % folds for text in encoded.dictionary.to_pylist()],
        dtype=np.int64,
    )
    return fold[encoded.indices.to_numpy()]


def kinds_of_goods(prepared: pa.Array, table: Points) -> pa.Array:
    """Every text as the one of its words that says most in a table: what variants of a thing share.

    Brands, sizes and numbers of a model are strange to it or say little. A text without a known
    word stays as it is.
    """
    texts = prepared.cast(pa.string())
    split = pc.split_pattern(texts, " ")
    words = pc.list_flatten(split)
    row = pc.list_parent_indices(split).to_numpy()
    best = table.to_arrow().group_by("term").aggregate([("points", "max")])
    place = pc.index_in(words, best["term"].combine_chunks())
    # Pairs and whole names hold the joint: they are rarer than the words that they are made of.
    usable = pc.and_(pc.is_valid(place), pc.invert(pc.match_substring(words, PAIR)))
    kept = pc.and_(usable, pc.not_equal(words, "")).to_numpy(zero_copy_only=False)
    said = best["points_max"].to_numpy()[place.filter(pa.array(kept)).to_numpy()]
    row, words = row[kept], words.filter(pa.array(kept))
    order = np.lexsort((-said, row))
    first = order[np.append(True, np.diff(row[order]) > 0)] if len(row) else order
    kinds = texts.to_numpy(zero_copy_only=False).astype(object)
    kinds[row[first]] = words.take(pa.array(first)).to_numpy(zero_copy_only=False)
    return pa.array(kinds, pa.string())


def mean_right(found: Candidates, true: pa.Array, most: int) -> Floats:
    """1.0 where the true heading is among the first `most` of a text, else 0.0; one per text."""
    codes = {code: number for number, code in enumerate(found.codes.to_pylist())}
    label = np.array([codes.get(code, -1) for code in true.to_pylist()], dtype=np.int64)
    hit = (found.hs4 == label[found.text]) & (found.rank <= most)
    return np.bincount(found.text, weights=hit.astype(np.float64), minlength=len(label)).astype(
        np.float64
    )
