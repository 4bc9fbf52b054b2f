"""Probabilities never fall with the score; folds follow from content and from nothing else.

NOT claimed: that a calibration holds after the goods change.
"""

import hashlib
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import UsageError, WarehouseError
from scoring.calibration import calibrate, expected_value
from scoring.folds import fold_of, out_of_fold, tie_order
from tests.unit.scoring.cards import by_hand


def test_bands_worked_out_by_hand() -> None:
    """Where scores are right already the line is the logistic function: 0 points are one half,
    1000 x ln(1/4) = -1386 points one fifth. 40 rows of which 8 and 20 were findings."""
    scores = np.repeat([-1386, 0], 40)
    labels = np.concatenate([np.arange(40) < 8, np.arange(40) < 20])
    low, high = calibrate(scores, labels, bands=2)
    assert (low.low_points, low.high_points, low.n, low.findings) == (None, -693, 40, 8)
    assert (high.low_points, high.high_points, high.n, high.findings) == (-693, None, 40, 20)
    assert low.probability_micro == pytest.approx(200_000, abs=100)
    assert high.probability_micro == pytest.approx(500_000, abs=100)


@given(st.lists(st.tuples(st.integers(-3000, 1000), st.booleans()), min_size=2, max_size=200))
def test_the_probabilities_add_up_to_what_was_found(rows: Any) -> None:
    scores = np.array([score for score, _ in rows])
    labels = np.array([label for _, label in rows])
    if labels.all() or not labels.any():
        return
    told = sum(band.n * band.probability_micro for band in calibrate(scores, labels))
    assert told / 1e6 == pytest.approx(labels.sum(), abs=1e-4 + len(rows) * 1e-6)


def test_a_ranking_that_is_upside_down_promises_the_base_rate() -> None:
    scores = np.arange(2000)
    bands = calibrate(scores, scores < 400)
    assert {band.probability_micro for band in bands} == {200_000}


def test_equal_scores_share_a_band() -> None:
    bands = calibrate(np.repeat([5, 9], [70, 30]), np.arange(100) % 10 == 0)
    assert [(band.low_points, band.high_points, band.n) for band in bands] == [
        (None, 7, 70),
        (7, None, 30),
    ]
    (only,) = calibrate(np.full(50, 3), np.arange(50) % 10 == 0)
    assert (only.low_points, only.high_points, only.probability_micro) == (None, None, 100_000)


@given(
    st.lists(st.tuples(st.integers(-5000, 5000), st.booleans()), min_size=2, max_size=200),
    st.integers(1, 12),
)
def test_any_scores_give_bands_that_a_scorecard_takes(rows: Any, bands: int) -> None:
    scores = np.array([score for score, _ in rows])
    labels = np.array([label for _, label in rows])
    if labels.all() or not labels.any():
        return
    found = calibrate(scores, labels, bands=bands)
    card = replace(by_hand(), calibration=()).with_calibration(found)
    assert sum(band.n for band in found) == len(rows)
    assert sum(band.findings for band in found) == labels.sum()
    for band in found:
        low = -(10**6) if band.low_points is None else band.low_points
        high = 10**6 if band.high_points is None else band.high_points
        inside = (low < scores) & (scores <= high)
        assert (inside.sum(), labels[inside].sum()) == (band.n, band.findings)
        assert 0 < band.probability_micro < 1_000_000
    order = np.random.default_rng(0).permutation(len(rows))
    assert calibrate(scores[order], labels[order], bands=bands) == found
    assert (np.diff(card.probability_micro(np.sort(scores))) >= 0).all()


def test_calibrated_probabilities_are_those_that_the_rows_carry() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(-1500, 700, 50_000).astype(np.int64)
    truth = 1 / (1 + np.exp(-scores / 1000))
    bands = calibrate(scores, random.random(50_000) < truth)
    told = replace(by_hand(), calibration=bands).probability_micro(scores) / 1e6
    for part in np.array_split(np.argsort(scores), 10):
        assert told[part].mean() == pytest.approx(truth[part].mean(), abs=0.02)


@pytest.mark.parametrize(
    ("scores", "labels", "kind", "words"),
    [
        (np.array([1.5, 2.5]), np.array([0, 1]), UsageError, "float64"),
        (np.array([1, 2]), np.array([1, 1]), WarehouseError, "say finding"),
        (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), WarehouseError, "no row"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(
    scores: Any, labels: Any, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        calibrate(scores, labels)


def test_an_expected_value_is_exact_where_a_product_would_not_fit() -> None:
    values = np.array([0, 1, 999_999, 1_000_001, 10**15 + 7, 9 * 10**18])
    micro = np.array([999_999, 500_000, 500_000, 333_333, 250_000, 1_000_000])
    by_python = [int(v) * int(p) // 1_000_000 for v, p in zip(values, micro, strict=True)]
    assert expected_value(micro, values).tolist() == by_python
    with pytest.raises(WarehouseError, match="negative"):
        expected_value(micro[:1], np.array([-1]))


KEYS = [f"8517.12|VN|CN|{number}" for number in range(20_000)]


def test_a_fold_is_what_sql_computes() -> None:
    with duckdb.connect() as connection:
        connection.register("rows", pa.table({"key": KEYS, "row": np.arange(len(KEYS))}))
        in_sql = connection.execute(
            "select ('0x' || substr(md5('a' || key), 1, 8))::bigint % 5 from rows order by row"
        ).fetchnumpy()
    assert (fold_of(KEYS, folds=5, salt="a") == next(iter(in_sql.values()))).all()


def test_copies_share_a_fold_wherever_they_stand() -> None:
    folds = fold_of(KEYS, folds=5)
    assert (fold_of([*reversed(KEYS), *KEYS], folds=5) == [*reversed(folds), *folds]).all()
    assert (np.bincount(folds) > 3800).all(), "about equal parts"


def test_another_salt_is_another_partition() -> None:
    one, other = fold_of(KEYS, folds=5, salt="1"), fold_of(KEYS, folds=5, salt="2")
    assert np.mean(one == other) == pytest.approx(0.2, abs=0.02)


def test_ties_are_ordered_as_sql_orders_md5() -> None:
    by_digest = sorted(KEYS[:500], key=lambda key: hashlib.md5(key.encode()).hexdigest())
    assert [KEYS[i] for i in np.argsort(tie_order(KEYS[:500]))] == by_digest


@pytest.mark.parametrize("keys", [["a", ""], ["a", None], ["a", float("nan")]])
def test_a_row_without_key_is_refused(keys: Any) -> None:
    with pytest.raises(UsageError, match="no key"):
        fold_of(keys, folds=5)


def test_one_fold_is_none() -> None:
    with pytest.raises(UsageError, match="1 folds"):
        fold_of(KEYS, folds=1)


def test_no_row_is_scored_by_a_model_that_saw_its_fold() -> None:
    folds = fold_of(KEYS, folds=5)
    labels = np.arange(len(KEYS)) % 3 == 0

    def findings_seen(train: Any, held: Any) -> Any:
        assert not (train & held).any()
        assert (train | held).all()
        assert len(set(folds[held])) == 1
        return np.full(held.sum(), labels[train].sum())

    seen = out_of_fold(folds, findings_seen)
    assert seen.tolist() == [labels.sum() - labels[folds == fold].sum() for fold in folds.tolist()]
