"""A fitted scorecard is its trees to within rounding, in any order of rows, monotone where said.

NOT claimed: skill. Labels here follow the features by construction.
"""

import builtins
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from foundation.errors import UsageError, WarehouseError
from scoring import boosting, fit
from scoring.boosting import BoostSettings
from scoring.challenger import fit_challenger
from scoring.document import named, to_document, version_id
from scoring.fit import SCORECARD_SETTINGS, FittedScorecard, fit_scorecard
from scoring.inputs import Limits
from scoring.model import Scorecard
from tests.unit.scoring.cards import DAYS, FEW, made_up

ROWS = 4000
MONOTONE = {"f00": 1, "f02": 1, "f03": 1, "f04": 1, "f05": -1}
QUICK = replace(SCORECARD_SETTINGS, rounds=150)


def fitted(columns: Any, labels: Any, **changes: Any) -> FittedScorecard:
    asked: dict[str, Any] = {
        "risk_type": "undervaluation",
        "trained_on": DAYS,
        "monotone": MONOTONE,
        "limits": FEW,
        "settings": QUICK,
        "seeds": (1, 2),
    }
    return fit_scorecard(columns, labels, **(asked | changes))


@pytest.fixture(scope="module")
def rows() -> tuple[dict[str, Any], Any]:
    return made_up(ROWS)


@pytest.fixture(scope="module")
def found(rows: tuple[dict[str, Any], Any]) -> FittedScorecard:
    return fitted(*rows)


def rows_of(card: Scorecard, feature: str) -> list[Any]:
    """Bins of values, from low to high; [0] of a sorted list is the missing one."""
    return sorted((r for r in card.bins if r.feature == feature), key=lambda r: r.bin_no)


def test_points_are_the_trees_to_within_half_a_point_a_feature(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard
) -> None:
    columns, labels = rows
    training = boosting.prepare(columns, labels, FEW)
    boosters = [boosting.boost(training, QUICK, MONOTONE, seed) for seed in (1, 2)]
    logits = np.mean(
        [boosting.raw_scores(b, boosting.matrix(training.columns)) for b in boosters], 0
    )
    raised = found.scorecard.settings["missing_raised_points"]
    scores = found.scorecard.score(training.columns)
    for name, points in raised.items():
        scores = scores - points * np.ma.getmaskarray(training.columns[name])
    apart = np.abs(scores - 1000 * logits)
    assert apart.max() == pytest.approx(found.largest_rounding_points)
    assert apart.max() <= 0.5 * (len(columns) + 1)


def test_the_same_rows_in_any_order_give_the_same_document(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard
) -> None:
    columns, labels = rows
    order = np.random.default_rng(9).permutation(ROWS)
    other = fitted(
        {n: columns[n][order] for n in reversed(columns)}, labels[order].astype(np.int64)
    )
    assert to_document(other.scorecard) == to_document(found.scorecard)
    assert other.largest_rounding_points == found.largest_rounding_points


def test_what_lies_under_a_missing_value_changes_nothing(rows: tuple[dict[str, Any], Any]) -> None:
    columns, labels = {name: rows[0][name] for name in ("f01", "f03")}, rows[1]
    other = {n: np.ma.array(np.ma.filled(v, -(2**62)), mask=v.mask) for n, v in columns.items()}
    documents = [
        to_document(fitted(one, labels, monotone={}).scorecard) for one in (columns, other)
    ]
    assert documents[0] == documents[1]


@pytest.mark.parametrize(
    "change",
    [
        {"rounds": 100},
        {"learning_rate": 0.04},
        {"max_bins": 12},
        {"min_rows": 1500},
        {"features_share": 0.5},
        {"rows_share": 0.6},
        {"l2": 40.0},
    ],
)
def test_every_setting_bites(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard, change: dict[str, Any]
) -> None:
    other = fitted(*rows, settings=replace(QUICK, **change)).scorecard
    assert other.bins != found.scorecard.bins


def test_another_seed_or_one_other_label_gives_another_version(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard
) -> None:
    columns, labels = rows
    flipped = labels.copy()
    flipped[0] = ~flipped[0]
    cards = [fitted(columns, labels, seeds=(3, 4)), fitted(columns, flipped), found]
    assert len({version_id(card.scorecard) for card in cards}) == 3


def test_every_row_of_the_fit_is_counted_in_its_bin(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard
) -> None:
    columns, labels = rows
    card = found.scorecard
    for name, numbers in card.bin_numbers(columns).items():
        for row in rows_of(card, name):
            inside = numbers == row.bin_no
            assert (row.n_train, row.findings_train) == (inside.sum(), labels[inside].sum())
    assert (card.labels, card.findings) == (ROWS, labels.sum())


def test_the_commonest_bin_of_a_feature_adds_nothing(found: FittedScorecard) -> None:
    for name in found.scorecard.features:
        assert max(rows_of(found.scorecard, name), key=lambda row: row.n_train).points == 0


def test_where_most_values_are_missing_the_missing_bin_adds_nothing() -> None:
    random = np.random.default_rng(5)
    missing, values = random.random(3000) < 0.7, random.integers(1, 4, 3000) * 1000
    labels = random.random(3000) < np.where(missing, 0.1, 0.2 + values / 10_000)
    card = fitted({"margin": np.ma.array(values, mask=missing)}, labels, monotone={}).scorecard
    bins = rows_of(card, "margin")
    assert (bins[0].points, bins[0].n_train) == (0, missing.sum())
    assert all(row.points > 500 for row in bins[1:])


def test_neighbouring_bins_differ_and_every_bin_has_rows(found: FittedScorecard) -> None:
    for name in found.scorecard.features:
        bins = rows_of(found.scorecard, name)[1:]
        assert all(one.points != other.points for one, other in pairwise(bins)), name
        assert all(row.n_train > 0 for row in bins), name


def test_monotone_features_never_turn_back(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard
) -> None:
    card = found.scorecard
    assert card.monotone
    for name, way in card.monotone.items():
        points = [row.points for row in rows_of(card, name)[1:]]
        assert all((after - before) * way >= 0 for before, after in pairwise(points)), name
    # Against what the labels say the constraint holds, too: the feature falls silent.
    assert any(row.points for row in rows_of(card, "f00"))
    against = fitted(*rows, monotone={"f00": -1}).scorecard
    steps = [row.points for row in rows_of(against, "f00")[1:]]
    assert all(after <= before for before, after in pairwise(steps))


def test_a_missing_value_has_the_points_that_its_rows_earn() -> None:
    random = np.random.default_rng(3)
    missing = random.random(3000) < 0.4
    labels = random.random(3000) < np.where(missing, 0.5, 0.1)
    columns = {
        "known_or_not": np.ma.array(np.full(3000, 5000), mask=missing),
        "noise": random.integers(0, 3, 3000) * 1000,
    }
    card = fitted(columns, labels, monotone={}, settings=SCORECARD_SETTINGS).scorecard
    bins = rows_of(card, "known_or_not")
    # One known value: one bin for all of them, though trees cut at 0 to part missing from known.
    assert [(row.low_milli, row.high_milli) for row in bins] == [(None, None), (None, None)]
    assert bins[1].points == 0
    # log-odds of .5 against .1 are 2.20; trees are pulled a little to the middle.
    assert 2000 < bins[0].points < 2300


def withheld(risk_if_missing: float) -> Scorecard:
    """A monotone feature: known values carry .2 to .6 risk, a missing one `risk_if_missing`."""
    random = np.random.default_rng(4)
    missing, values = random.random(4000) < 0.3, random.integers(1, 6, 4000) * 1000
    labels = random.random(4000) < np.where(missing, risk_if_missing, 0.1 + values / 10_000)
    columns = {"findings_before": np.ma.array(values, mask=missing)}
    return fitted(columns, labels, monotone={"findings_before": 1}).scorecard


def test_withholding_a_value_never_pays_where_more_can_only_add() -> None:
    card = withheld(0.01)
    bins = rows_of(card, "findings_before")
    assert bins[0].points == min(row.points for row in bins[1:])
    assert card.settings["missing_raised_points"]["findings_before"] > 0
    riskier = withheld(0.9)
    bins = rows_of(riskier, "findings_before")
    assert bins[0].points > max(row.points for row in bins[1:])
    assert riskier.settings["missing_raised_points"] == {}


def test_a_value_that_was_never_missing_is_neutral_where_it_is_missing_later() -> None:
    """The commonest value is the riskiest: neutral is its points, not those of the lowest value."""
    random = np.random.default_rng(7)
    values = np.minimum(random.integers(0, 12, 3000), 6) * 1000
    labels = random.random(3000) < 0.1 + values / 12_000
    bins = rows_of(fitted({"seen": values}, labels, monotone={"seen": 1}).scorecard, "seen")
    assert (bins[0].n_train, bins[0].points, bins[-1].points) == (0, 0, 0)
    assert bins[1].points < -1000


def test_a_constant_feature_is_left_out_and_named(rows: tuple[dict[str, Any], Any]) -> None:
    columns, labels = rows
    more = columns | {
        "always": np.full(ROWS, 3),
        "never": np.ma.array(np.zeros(ROWS, dtype=np.int64), mask=True),
    }
    card = fitted(more, labels).scorecard
    assert card.settings["left_out"]["constant"] == ["always", "never"]
    assert {"always", "never"} & set(card.features) == set()
    with pytest.raises(WarehouseError, match="every feature says the same"):
        fitted({"always": more["always"]}, labels, monotone={})


def test_a_round_that_cannot_split_does_not_end_the_fit() -> None:
    random = np.random.default_rng(8)
    columns = {f"rare{i}": (np.arange(2000) < 9).astype(np.int64) for i in range(6)}
    columns["useful"] = random.integers(0, 8, 2000)
    labels = random.random(2000) < 0.1 + columns["useful"] / 12
    card = fitted(columns, labels, monotone={}).scorecard
    assert card.features == ("useful",)
    spread = [row.points for row in rows_of(card, "useful")[1:]]
    assert max(spread) - min(spread) > 1500


def test_reasons_stand_where_points_are_and_nowhere_else(rows: tuple[dict[str, Any], Any]) -> None:
    card = fitted(*rows, reasons={"f00": "margin", "not_used": "x"}).scorecard
    said = {(row.feature, bool(row.points), row.reason_id) for row in card.bins}
    assert {one for one in said if one[0] == "f00"} == {
        ("f00", True, "margin"),
        ("f00", False, None),
    }
    assert {one[2] for one in said if one[0] != "f00"} == {None}


def test_a_name_says_the_type_and_the_last_day(found: FittedScorecard) -> None:
    assert named(found.scorecard).model_version.startswith("undervaluation-2026-11-12-")


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"labels": np.zeros(0, dtype=bool)}, UsageError, "0 labels for"),
        ({"labels": np.zeros(ROWS, dtype=bool)}, WarehouseError, "all 4000 labels say no finding"),
        ({"labels": np.ones(ROWS, dtype=np.int64)}, WarehouseError, "all 4000 labels say finding"),
        ({"labels": np.full(ROWS, 2)}, UsageError, "neither 0 nor 1"),
        ({"labels": np.full(ROWS, np.nan)}, UsageError, "labels are float64"),
        ({"labels": np.ma.array(np.ones(ROWS, dtype=bool), mask=True)}, UsageError, "missing"),
        ({"limits": Limits(ROWS + 1, 1)}, WarehouseError, "4000 labels with .* fewer than 4001"),
        ({"limits": Limits(1, 3000)}, WarehouseError, "fewer than 1 with 3000"),
        ({"monotone": {"f99": 1}}, UsageError, "f99 = 1"),
        ({"monotone": {"f00": 0}}, UsageError, "f00 = 0"),
        ({"settings": BoostSettings(rounds=10, leaves=3)}, UsageError, "one-split"),
        ({"seeds": ()}, UsageError, "at least one seed"),
        ({"features": {}, "monotone": {}}, UsageError, "no feature"),
        ({"features": {"f00": np.full(ROWS, 0.5)}, "monotone": {}}, UsageError, "float64"),
        ({"features": {"f00": np.full(ROWS, np.nan)}, "monotone": {}}, UsageError, "NaN"),
        ({"features": {"f00": np.arange(ROWS) + 2**53}, "monotone": {}}, UsageError, "2\\^53"),
        (
            {"features": {"f00": np.arange(ROWS) % 2, "f01": np.arange(9)}, "monotone": {}},
            UsageError,
            "9 rows",
        ),
    ],
)
def test_bad_input_is_refused_by_name(
    rows: tuple[dict[str, Any], Any], change: dict[str, Any], kind: type[Exception], words: str
) -> None:
    asked = dict(change)
    columns, labels = asked.pop("features", rows[0]), asked.pop("labels", rows[1])
    with pytest.raises(kind, match=words):
        fitted(columns, labels, **asked)


def test_no_row_at_all_has_no_label() -> None:
    empty = np.zeros(0, dtype=np.int64)
    with pytest.raises(WarehouseError, match="no row has a label"):
        fitted({"f00": empty}, empty, monotone={})


def test_without_the_extra_a_fit_names_it_and_scoring_goes_on(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "lightgbm":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "lightgbm")
    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(UsageError, match=r"import-risk-warehouse\[train\]"):
        fitted(*rows)
    assert len(found.scorecard.score(rows[0])) == ROWS


def test_trees_that_are_read_otherwise_than_they_score_are_refused(
    rows: tuple[dict[str, Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = fit._steps

    def shifted(splits: Any) -> Any:
        edges, values = steps(splits)
        return edges + 300, values

    monkeypatch.setattr(fit, "_steps", shifted)
    with pytest.raises(WarehouseError, match="not read as they score"):
        fitted(*rows)


def test_the_challenger_gets_the_same_input_and_the_same_refusals(
    rows: tuple[dict[str, Any], Any],
) -> None:
    columns, labels = rows
    asked: dict[str, Any] = {"monotone": MONOTONE, "limits": FEW, "seeds": (1,)}
    first = fit_challenger(columns, labels, **asked).log_odds(columns)
    order = np.random.default_rng(2).permutation(ROWS)
    moved = fit_challenger({n: v[order] for n, v in columns.items()}, labels[order], **asked)
    assert (moved.log_odds(columns) == first).all()
    assert first[labels].mean() > first[~labels].mean()
    with pytest.raises(WarehouseError, match="no finding"):
        fit_challenger(columns, np.zeros(ROWS, dtype=bool), **asked)


def test_the_challenger_keeps_the_constraints(rows: tuple[dict[str, Any], Any]) -> None:
    columns, labels = rows
    challenger = fit_challenger(columns, labels, monotone=MONOTONE, limits=FEW, seeds=(1,))
    base = {name: np.ma.array(np.repeat(values[:50], 60)) for name, values in columns.items()}
    base["f02"] = np.ma.array(np.tile(np.linspace(-5000, 5000, 60).astype(np.int64), 50))
    rising = challenger.log_odds(base).reshape(50, 60)
    assert (np.diff(rising, axis=1) >= -1e-12).all()


def test_what_targeting_adds_is_told_apart_and_is_no_part_of_a_score() -> None:
    """Half the rows are picked: of the plain ones 1 in 10 is a finding, of the marked ones 1 in 3;
    picking triples the odds of either. Without the column every score promises too much."""
    random = np.random.default_rng(20261130)
    rows = 20_000
    marked = random.random(rows) < 0.3
    targeted = random.random(rows) < 0.5
    odds = np.where(marked, 1 / 2, 1 / 9) * np.where(targeted, 3, 1)
    labels = random.random(rows) < odds / (1 + odds)
    columns = {"marked": np.where(marked, 1000, 0).astype(np.int64)}
    of_rows = {"monotone": {"marked": 1}}

    def promised(found: FittedScorecard, *, of_marked: bool) -> float:
        value = np.array([1000 if of_marked else 0])
        return float(1 / (1 + np.exp(-found.scorecard.score({"marked": value})[0] / 1000)))

    apart = fitted(columns, labels, targeted=targeted, **of_rows)
    mixed = fitted(columns, labels, **of_rows)
    assert apart.scorecard.features == ("marked",)
    assert apart.scorecard.settings["targeted_points"] == apart.targeted_points
    assert abs(apart.targeted_points - 1000 * np.log(3)) < 100
    assert abs(promised(apart, of_marked=False) - 1 / 10) < 0.02
    assert abs(promised(apart, of_marked=True) - 1 / 3) < 0.03
    assert promised(mixed, of_marked=True) > 0.42
    assert mixed.targeted_points == 0


def test_rows_that_were_all_chosen_in_one_way_give_the_same_card(
    rows: tuple[dict[str, Any], Any], found: FittedScorecard
) -> None:
    for everyone in (True, False):
        told = fitted(*rows, targeted=np.full(ROWS, everyone))
        assert (told.scorecard.bins, told.targeted_points) == (found.scorecard.bins, 0)
        assert told.scorecard.intercept_points == found.scorecard.intercept_points
