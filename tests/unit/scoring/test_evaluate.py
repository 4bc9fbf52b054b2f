"""Figures against values that were published or worked out by hand.

NOT claimed: that a figure measures what an officer needs.
"""

import time
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from foundation.errors import UsageError, WarehouseError
from scoring import evaluate
from scoring.evaluate import (
    at_share,
    auc,
    average_precision,
    figures,
    paired_auc_difference,
    psi,
    reliability,
    wilson,
)

SCORES = np.array([5, 4, 3, 3, 2, 1])
LABELS = np.array([1, 0, 1, 0, 1, 0])


def names(rows: int) -> list[str]:
    return [f"id{number}" for number in range(rows)]


def test_auc_counts_pairs_and_a_tie_half() -> None:
    """5 beats 4, 3, 1; 3 beats 1 and ties 3; 2 beats 1: 5.5 of 9 pairs."""
    assert auc(SCORES, LABELS) == pytest.approx(5.5 / 9)
    assert auc(-SCORES, LABELS) == pytest.approx(3.5 / 9)
    assert auc(np.zeros(6), LABELS) == 0.5


def test_auc_is_the_share_of_pairs_on_any_rows() -> None:
    random = np.random.default_rng(0)
    scores, labels = random.integers(0, 30, 400), random.random(400) < 0.3
    pairs = scores[labels][:, None] - scores[~labels][None, :]
    assert auc(scores, labels) == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def test_average_precision_takes_ties_together() -> None:
    """Findings at rank 1 (precision 1), in the tie of ranks 3-4 (2/4), at rank 5 (3/5)."""
    assert average_precision(SCORES, LABELS) == pytest.approx((1 + 2 / 4 + 3 / 5) / 3)
    assert average_precision(np.zeros(6), LABELS) == pytest.approx(0.5)
    # Four rows 4, 3, 2, 1 with findings first and third: (1 + 2/3) / 2.
    assert average_precision(np.arange(4)[::-1], np.array([1, 0, 1, 0])) == pytest.approx(5 / 6)


def test_figures_do_not_follow_from_the_order_of_rows() -> None:
    random = np.random.default_rng(1)
    scores, labels = random.integers(0, 9, 900), random.random(900) < 0.2
    ids = np.array(names(900))
    order = random.permutation(900)
    moved = figures(scores[order], labels[order], ids[order].tolist())
    assert moved == pytest.approx(figures(scores, labels, ids.tolist()), abs=1e-12)


def test_the_top_share_is_what_sql_selects_ties_included() -> None:
    random = np.random.default_rng(2)
    scores, labels = random.integers(0, 5, 1558), random.random(1558) < 0.2
    rows = pa.table({"score": scores, "id": names(1558), "found": labels})
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        (found,) = connection.execute(
            "select count(*) filter (where found) from "
            "(from rows order by score desc, md5(id) limit 77)"
        ).fetchone()
    top = at_share(scores, labels, names(1558), 5)
    assert (top.rows, top.found) == (77, found)
    assert top.precision == found / 77
    assert top.recall == found / labels.sum()
    assert (top.low, top.high) == wilson(found, 77)


def test_a_share_of_few_rows_is_one_row() -> None:
    assert at_share(SCORES, LABELS, names(6), 1).rows == 1


def test_a_benchmark_gets_every_figure_by_its_name() -> None:
    found = figures(SCORES, LABELS, names(6))
    shares = {f"{kind}_at_{percent}" for kind in "pr" for percent in (1, 2, 5, 10)}
    assert set(found) == {"auc", "ap"} | shares


@pytest.mark.parametrize(
    ("found", "rows", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    found: int, rows: int, low: float, high: float
) -> None:
    assert wilson(found, rows) == pytest.approx((low, high), abs=0.00005)
    mirrored = wilson(rows - found, rows)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=0.00005)


def test_no_rows_say_nothing_and_too_many_findings_are_refused() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(UsageError, match="3 of 2"):
        wilson(3, 2)


def test_reliability_compares_equal_parts() -> None:
    """Ten rows of .1 with two findings, ten of .5 with five: gaps .1 and 0."""
    probabilities = np.repeat([0.5, 0.1], 10)
    labels = np.concatenate([np.arange(10) < 5, np.arange(10) < 2])
    found = reliability(probabilities, labels, names(20), bands=2)
    assert [(b.n, b.predicted, b.found) for b in found.bands] == [
        (10, pytest.approx(0.1), 0.2),
        (10, pytest.approx(0.5), 0.5),
    ]
    assert found.largest_gap == pytest.approx(0.1)
    assert [b.n for b in reliability(probabilities, labels, names(20)).bands] == [2] * 10
    with pytest.raises(UsageError, match="between 0 and 1"):
        reliability(probabilities * 3, labels, names(20))


def test_the_interval_of_a_difference_is_that_of_a_loop_of_single_draws() -> None:
    """The same draws, one after the other and with copied rows instead of weights."""
    random = np.random.default_rng(3)
    labels = random.random(300) < 0.3
    first = random.integers(0, 40, 300) + 10 * labels
    second = random.integers(0, 40, 300) + 4 * labels
    found = paired_auc_difference(first, second, labels, seed=7, draws=60)

    draws = np.random.default_rng(7)
    classes = np.flatnonzero(labels), np.flatnonzero(~labels)
    picked = [rows[draws.integers(0, len(rows), size=(60, len(rows)))] for rows in classes]
    single = []
    for rows in np.hstack(picked):
        single.append(auc(first[rows], labels[rows]) - auc(second[rows], labels[rows]))
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(single, (2.5, 97.5))))
    assert found.difference == pytest.approx(auc(first, labels) - auc(second, labels))
    assert found.low < found.difference < found.high


def test_a_ranking_does_not_differ_from_itself_and_a_seed_decides() -> None:
    random = np.random.default_rng(4)
    labels, scores = random.random(500) < 0.3, random.integers(0, 99, 500)
    same = paired_auc_difference(scores, 3 * scores + 1, labels, seed=1, draws=200)
    assert (same.difference, same.low, same.high) == (0.0, 0.0, 0.0)
    other = random.integers(0, 99, 500)
    one, again, another = (
        paired_auc_difference(scores, other, labels, seed=seed, draws=200) for seed in (1, 1, 2)
    )
    assert one == again
    assert one != another


def test_the_interval_covers_the_known_truth_about_as_often_as_it_says() -> None:
    """Two equally good scorers: the truth is 0. Of 200 intervals about 190 hold it."""
    random = np.random.default_rng(5)
    held = 0
    for number in range(200):
        labels = np.arange(300) < 90
        first, second = (random.normal(0, 1, 300) + labels for _ in range(2))
        found = paired_auc_difference(first, second, labels, seed=number, draws=200)
        held += found.low <= 0 <= found.high
    assert 178 <= held <= 199


@pytest.mark.slow
def test_eighteen_thousand_rows_and_a_thousand_draws_take_seconds() -> None:
    random = np.random.default_rng(6)
    labels = random.random(18_000) < 0.2185
    first, second = random.integers(-3000, 3000, 18_000), random.normal(0, 1, 18_000)
    started = time.process_time()
    paired_auc_difference(first, second, labels, seed=1)
    assert time.process_time() - started < 15


def test_psi_is_the_sum_that_the_definition_gives() -> None:
    """Shares .5 .3 .2 against .4 .4 .2: -.1 ln .8 + .1 ln (4/3) + 0."""
    expected = -0.1 * np.log(0.8) + 0.1 * np.log(4 / 3)
    assert psi(np.array([50, 30, 20]), np.array([400, 400, 200])) == pytest.approx(expected)
    assert psi(np.array([5, 3, 2]), np.array([50, 30, 20])) == 0.0
    assert 0 < psi(np.array([5, 5, 0]), np.array([5, 4, 1])) < np.inf
    with pytest.raises(UsageError, match="same bins"):
        psi(np.array([1, 2]), np.array([1, 2, 3]))
    with pytest.raises(UsageError, match="neither empty"):
        psi(np.array([1, 2]), np.array([0, 0]))


@pytest.mark.parametrize("figure", [auc, average_precision])
def test_no_figure_without_both_classes_or_with_a_missing_score(figure: Any) -> None:
    with pytest.raises(WarehouseError, match="no row has a label"):
        figure(np.zeros(0), np.zeros(0, dtype=bool))
    with pytest.raises(WarehouseError, match="say finding"):
        figure(SCORES, np.ones(6, dtype=bool))
    with pytest.raises(UsageError, match="a score is missing"):
        figure(np.array([1, np.nan, 3, 4, 5, 6]), LABELS)
    with pytest.raises(UsageError, match="a score is missing"):
        figure(np.ma.array(SCORES, mask=[1, 0, 0, 0, 0, 0]), LABELS)


def test_an_id_for_each_row() -> None:
    with pytest.raises(UsageError, match="5 ids for 6"):
        at_share(SCORES, LABELS, names(5), 1)


def test_a_draw_with_every_row_five_times_has_the_same_auc() -> None:
    weights = np.ones((1, 6))
    ranks = evaluate._Ranks.of(SCORES, LABELS.astype(bool))
    assert evaluate._aucs(ranks, 5 * weights)[0] == evaluate._aucs(ranks, weights)[0]
