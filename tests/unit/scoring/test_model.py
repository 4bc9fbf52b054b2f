"""A scorecard scores exactly what its rows say, and refuses to be used when its rows do not fit.

NOT claimed: that a valid scorecard ranks well.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from foundation.errors import UsageError, WarehouseError
from scoring.model import CalibrationBand, Scorecard, base_rate_micro
from tests.unit.scoring.cards import LEAST, MOST, by_hand, with_bin


def column(*values: int | None) -> Any:
    """A masked int64 array; None is missing, over a number that must not be read."""
    return np.ma.array(
        [77_777 if value is None else value for value in values],
        mask=[value is None for value in values],
        dtype=np.int64,
    )


def case_of(card: Scorecard, feature: str) -> str:
    """The points of one feature as SQL, written from its rows."""
    rows = sorted((row for row in card.bins if row.feature == feature), key=lambda row: row.bin_no)
    parts = [f"when {feature} is null then {rows[0].points}"]
    parts += [f"when {feature} <= {row.high_milli} then {row.points}" for row in rows[1:-1]]
    return f"case {' '.join(parts)} else {rows[-1].points} end"


def added_by_hand(card: Scorecard, row: dict[str, int | None]) -> int:
    """The score of one row from the definition alone: find the bin that holds it, add."""
    total = card.intercept_points
    for held in card.bins:
        value = row[held.feature]
        if value is None or held.bin_no == 0:
            inside = value is None and held.bin_no == 0
        else:
            above = held.low_milli is None or held.low_milli < value
            inside = above and (held.high_milli is None or value <= held.high_milli)
        total += held.points if inside else 0
    return total


def many_features(seed: int) -> Scorecard:
    """A valid card of 40 features with random edges, extreme ones among them."""
    random = np.random.default_rng(seed)
    template, bins = by_hand().bins[0], []
    for number in range(40):
        edges = sorted({int(e) for e in random.integers(-50_000, 50_000, number % 16)})
        if number % 7 == 1:
            edges = [LEAST + 1, *edges, MOST - 1]
        bounds = [None, *edges, None]
        spans = [(None, None), *pairwise(bounds)]
        for bin_no, (low, high) in enumerate(spans):
            n, found = (100, 20) if bin_no == 1 else (0, 0)
            points = int(random.integers(-900, 900))
            bins.append(
                replace(template, feature=f"f{number}", bin_no=bin_no, low_milli=low,
                        high_milli=high, points=points, n_train=n, findings_train=found)
            )  # fmt: skip
    return replace(by_hand(), bins=tuple(bins), monotone={})


def test_a_score_is_the_sum_that_a_person_adds_up() -> None:
    scores = by_hand().score(
        {
            "margin": column(-1, 0, 1, 50, 51, None, LEAST, MOST, None),
            "mass": column(999, 1000, 1001, MOST, LEAST, 5, None, None, None),
            "not_of_the_model": column(1, 1, 1, 1, 1, 1, 1, 1, 1),
        }
    )
    assert scores.dtype == np.int64
    assert scores.tolist() == [
        -1500 - 200 + 150,
        -1500 - 200 + 150,  # an upper bound belongs to the bin
        -1500 + 0 + 0,
        -1500 + 0 + 0,
        -1500 + 700 + 150,
        -1500 + 0 + 150,
        -1500 - 200 + 300,
        -1500 + 700 + 300,
        -1500 + 0 + 300,
    ]


def test_a_plain_array_has_no_missing_value() -> None:
    plain = {"margin": np.array([10, 60]), "mass": np.array([500, 2000])}
    assert by_hand().score(plain).tolist() == [-1350, -800]


@pytest.fixture(scope="module")
def random_rows() -> dict[str, Any]:
    random = np.random.default_rng(5)
    columns = {}
    for number in range(40):
        values = random.integers(-60_000, 60_000, 100_000)
        values[:4] = LEAST, MOST, LEAST + 1, MOST - 1
        columns[f"f{number}"] = np.ma.array(values, mask=random.random(100_000) < 0.1)
        columns[f"f{number}"].mask[:4] = False
    return columns


def test_scores_terms_and_sql_are_the_same_integers(random_rows: dict[str, Any]) -> None:
    card = many_features(1)
    card.validate()
    scores = card.score(random_rows)
    assert (sum(card.terms(random_rows).values()) + card.intercept_points == scores).all()

    rows = pa.table(
        {name: pa.array(values.data, mask=values.mask) for name, values in random_rows.items()}
    )
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        terms = " + ".join(case_of(card, feature) for feature in card.features)
        sql = connection.execute(f"select {card.intercept_points} + {terms} from rows").fetchnumpy()
    (in_sql,) = sql.values()
    assert (np.asarray(in_sql) == scores).all()

    sample = range(0, 100_000, 251)
    by_definition = [
        added_by_hand(card, {n: None if v.mask[i] else int(v[i]) for n, v in random_rows.items()})
        for i in sample
    ]
    assert scores[list(sample)].tolist() == by_definition


def test_the_comparison_with_sql_would_notice_one_moved_bound(random_rows: dict[str, Any]) -> None:
    card = many_features(1)
    inner = next(row for row in card.bins if row.bin_no == 2 and row.feature == "f5")
    assert inner.low_milli is not None
    moved = with_bin(card, "f5", 1, high_milli=inner.low_milli + 40)
    moved = with_bin(moved, "f5", 2, low_milli=inner.low_milli + 40)
    assert (moved.score(random_rows) != card.score(random_rows)).any()


def test_bin_numbers_name_the_row_that_was_added() -> None:
    found = by_hand().bin_numbers({"margin": column(None, 0, 51), "mass": column(1, None, 5000)})
    assert {name: numbers.tolist() for name, numbers in found.items()} == {
        "margin": [0, 1, 3],
        "mass": [1, 0, 2],
    }


def test_a_band_holds_its_upper_bound() -> None:
    scores = np.array([-9_000, -1500, -1499, -900, -899, 9_000])
    assert by_hand().probability_micro(scores).tolist() == [
        120_000, 120_000, 250_000, 250_000, 500_000, 500_000,
    ]  # fmt: skip


def without(card: Scorecard, feature: str, bin_no: int) -> Scorecard:
    kept = tuple(row for row in card.bins if (row.feature, row.bin_no) != (feature, bin_no))
    return replace(card, bins=kept)


def broken() -> Iterator[tuple[str, Scorecard, str]]:
    """What is wrong, a card with it, and words that its refusal must say."""
    card = by_hand()
    bands = card.calibration
    yield (
        "hole",
        with_bin(card, "margin", 2, low_milli=7),
        "margin have a hole: nothing holds 1 to 7",
    )
    yield "overlap", with_bin(card, "margin", 2, low_milli=-9), "overlap: two hold -8 to 0"
    yield "no missing bin", without(card, "mass", 0), "mass has no bin 0"
    yield "bounded missing bin", with_bin(card, "mass", 0, high_milli=3), "bin 0 of mass has bounds"
    yield "a bin is gone", without(card, "margin", 2), "margin are not numbered"
    yield "no lowest", with_bin(card, "mass", 1, low_milli=0), "mass have a wrong bound"
    yield "no highest", with_bin(card, "mass", 2, high_milli=9999), "mass have a wrong bound"
    yield "empty bin", with_bin(card, "margin", 2, high_milli=0), "margin have no integer"
    yield "beyond 64 bits", with_bin(card, "mass", 1, high_milli=2**63), "beyond 64 bits"
    yield "no values", replace(card, bins=(card.bins[0],), monotone={}), "no interval at all"
    yield "points turn back", with_bin(card, "margin", 2, points=-201), "margin turn back"
    yield "missing pays", with_bin(card, "margin", 0, points=-201), "margin has fewer points"
    yield "huge points", with_bin(card, "mass", 1, points=10**7), "points of mass are beyond"
    yield "lost rows", with_bin(card, "mass", 1, n_train=14), "mass count 99 rows"
    yield "findings", with_bin(card, "mass", 1, findings_train=16), "mass has more findings"
    yield "monotone what", replace(card, monotone={"other": 1}), "other has no bins"
    yield "direction", replace(card, monotone={"margin": 2}), "neither 1 nor -1"
    yield "name", with_bin(card, "mass", 0, feature='m"; drop'), "is none in a-z"
    yield "no bands", replace(card, calibration=()), "has no calibration"
    yield (
        "band gap",
        replace(card, calibration=(bands[0], replace(bands[2], band_no=2))),
        ("bands have a hole: nothing holds -1499 to -900"),
    )
    yield (
        "band falls",
        replace(card, calibration=(*bands[:2], replace(bands[2], probability_micro=249_999))),
        "falls in band 3",
    )
    yield "days", replace(card, trained_on_from=card.trained_on_to.replace(year=2027)), "first day"
    yield "kind", replace(card, kind="trees"), "kind 'trees'"
    yield "labels", replace(card, labels=10**30), "labels are more than"
    for worth in (-1, 10**15 + 1, 1.5, "1; drop table", True):
        told = replace(card, evaluation={"finding_value_vnd": worth})
        yield f"finding worth {worth!r}", told, "a finding is worth"
    yield "no share", replace(card, base_rate_micro=10**6 + 1), "base rate"


@pytest.mark.parametrize(("card", "words"), [pytest.param(c, w, id=i) for i, c, w in broken()])
def test_a_card_that_does_not_fit_is_refused_by_name(card: Scorecard, words: str) -> None:
    with pytest.raises(WarehouseError, match=words):
        card.validate()


def test_a_card_that_fits_is_not_refused() -> None:
    by_hand().validate()
    # The missing bin alone may differ from the order: above the highest it is not refused.
    with_bin(by_hand(), "margin", 0, points=5000).validate()


def test_a_feature_may_fall_when_it_says_so() -> None:
    falling = with_bin(with_bin(by_hand(), "margin", 1, points=900), "margin", 2, points=800)
    with pytest.raises(WarehouseError, match="fewer points"):
        replace(falling, monotone={"margin": -1}).validate()
    with_missing = with_bin(falling, "margin", 0, points=700)
    replace(with_missing, monotone={"margin": -1}).validate()
    with pytest.raises(WarehouseError, match="turn back"):
        with_missing.validate()


def test_bands_come_once_and_after_the_fit() -> None:
    card = by_hand()
    fresh = replace(card, calibration=())
    fresh.validate(calibrated=False)
    assert fresh.with_calibration(card.calibration) == card
    with pytest.raises(WarehouseError, match="before its time"):
        card.validate(calibrated=False)
    with pytest.raises(WarehouseError, match="hole"):
        fresh.with_calibration(
            [CalibrationBand(1, None, 5, 1, 1, 0), CalibrationBand(2, 6, None, 1, 1, 0)]
        )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.array([1.0, 2.0]), "float64"),
        (np.array([np.nan, 2.0]), "never as NaN"),
        (np.array([1, 2], dtype=np.int32), "int32"),
        (np.array(["1", "2"]), "not one int64"),
        (np.array([[1], [2]]), "2-dimensional"),
        (np.array([1, 2, 3]), "2 rows"),
    ],
)
def test_only_integers_of_one_length_are_scored(values: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        by_hand().score({"margin": values, "mass": column(1, 2)})


def test_an_absent_feature_is_named() -> None:
    with pytest.raises(UsageError, match="'mass' is not among"):
        by_hand().score({"margin": column(1)})


def test_a_base_rate_is_rounded_in_integers() -> None:
    assert [base_rate_micro(1, 3), base_rate_micro(2, 3), base_rate_micro(0, 5)] == [
        333_333,
        666_667,
        0,
    ]
