"""Few labels move how much an indicator says, never what it says.

NOT claimed: that expert points were right.
"""

import itertools
from typing import Any

import numpy as np
import pytest

from foundation.errors import UsageError, WarehouseError
from scoring.document import to_document
from scoring.grades import edges_of
from scoring.inputs import Limits
from scoring.multipliers import FittedMultipliers, fit_multipliers
from tests.unit.scoring.cards import DAYS

EXPERT = {"split": 60, "shared_contact": 30, "vague_name": 20, "known_sender": -40, "noted": 0}


def week(rows: int = 700, seed: int = 1) -> tuple[dict[str, Any], Any]:
    """What each indicator said and what was found: split finds, vague_name finds the opposite."""
    random = np.random.default_rng(seed)
    shares = {"split": 0.2, "shared_contact": 0.1, "vague_name": 0.4, "known_sender": 0.3}
    fired = {name: random.random(rows) < share for name, share in shares.items()}
    logit = -1.8 + 2 * fired["split"] + fired["shared_contact"] - fired["vague_name"]
    labels = random.random(rows) < 1 / (1 + np.exp(-(logit - 0.8 * fired["known_sender"])))
    columns = {name: np.where(on, 1000, 0) for name, on in fired.items()}
    return columns | {"noted": np.zeros(rows, dtype=np.int64)}, labels


def fitted(columns: Any, labels: Any, **changes: Any) -> FittedMultipliers:
    asked: dict[str, Any] = {
        "expert_points": EXPERT,
        "risk_type": "splitting",
        "trained_on": DAYS,
        "limits": Limits(50, 10),
    }
    return fit_multipliers(columns, labels, **(asked | changes))


def fired_points(found: FittedMultipliers) -> dict[str, int]:
    return {row.feature: row.points for row in found.scorecard.bins if row.bin_no == 2}


def test_an_indicator_keeps_the_expert_s_sign_or_falls_silent() -> None:
    found = fitted(*week())
    points = fired_points(found)
    assert points["indicator_split"] > points["indicator_shared_contact"] > 0
    assert points["indicator_known_sender"] < 0
    assert points["indicator_vague_name"] == 0, "it found the opposite of what the expert says"
    assert "indicator_noted" not in points
    assert min(found.multipliers.values()) == 0.0
    assert found.scorecard.monotone["indicator_known_sender"] == -1


def test_the_same_outcomes_under_the_other_sign_would_have_been_kept() -> None:
    points = fired_points(fitted(*week(), expert_points=EXPERT | {"vague_name": -20}))
    assert points["indicator_vague_name"] < -300


def test_an_indicator_that_never_fired_keeps_the_expert_s_scaled_opinion() -> None:
    columns, labels = week()
    columns["shared_contact"] = np.zeros(len(labels), dtype=np.int64)
    found = fitted(columns, labels)
    assert found.multipliers["shared_contact"] == pytest.approx(1.0)
    expected = round(1000 * found.common_factor * EXPERT["shared_contact"])
    assert fired_points(found)["indicator_shared_contact"] == pytest.approx(expected, abs=1)


def test_a_narrow_prior_is_the_expert_and_a_wide_one_the_outcomes() -> None:
    """By hand: one indicator, 40 of 100 found where it fired, 10 of 100 where not.

    Free log-odds: intercept ln(10/90) = -2.1972, fired ln(40/60) - ln(10/90) = 1.7918.
    """
    columns = {"split": np.repeat([1000, 0], 100)}
    labels = np.arange(200) % 100 < np.repeat([40, 10], 100)
    wide = fitted(columns, labels, expert_points={"split": 60}, prior_deviation=1e6)
    assert (wide.scorecard.intercept_points, fired_points(wide)) == (
        -2197,
        {"indicator_split": 1792},
    )
    narrow = fitted(*week(), prior_deviation=1e-3)
    for name in ("split", "shared_contact", "vague_name", "known_sender"):
        assert narrow.multipliers[name] == pytest.approx(1.0, abs=0.001)


def test_the_fit_is_a_minimum_no_neighbour_of_it_is_better() -> None:
    columns, labels = week()
    found = fitted(columns, labels)
    names = [name for name in sorted(EXPERT) if EXPERT[name]]
    fired = np.column_stack([columns[name] == 1000 for name in names]) * 1.0
    centre = np.array([found.common_factor * EXPERT[name] for name in names])

    def loss(points: Any) -> float:
        logit = (points[0] + fired @ points[1:]) / 1000
        apart = points[1:] / 1000 - centre
        return float((np.logaddexp(0, logit) - labels * logit).sum() + 0.5 * apart @ apart)

    at = np.array(
        [found.scorecard.intercept_points]
        + [fired_points(found)[f"indicator_{name}"] for name in names], dtype=float
    )  # fmt: skip
    allowed = np.array([0, *(np.sign(EXPERT[name]) for name in names)])
    for position, step in itertools.product(range(len(at)), (-40, -10, 10, 40)):
        other = at.copy()
        other[position] += step
        if (other * allowed >= 0).all():
            assert loss(other) > loss(at), (position, step)


def test_the_scorecard_scores_what_fired() -> None:
    columns, labels = week()
    card = fitted(columns, labels).scorecard
    points = fired_points(fitted(columns, labels))
    rows = {f"indicator_{name}": values for name, values in columns.items()}
    expected = card.intercept_points + sum(
        of_one * (rows[name] == 1000) for name, of_one in points.items()
    )
    assert (card.score(rows) == expected).all()


def test_an_indicator_that_could_not_be_computed_adds_nothing() -> None:
    columns, labels = week()
    hidden = np.arange(len(labels)) % 5 == 0
    columns["split"] = np.ma.array(columns["split"], mask=hidden)
    card = fitted(columns, labels).scorecard
    bins = {row.bin_no: row for row in card.bins if row.feature == "indicator_split"}
    assert (bins[0].points, bins[0].n_train, bins[1].points) == (0, hidden.sum(), 0)


def test_the_same_rows_in_any_order_give_the_same_document() -> None:
    columns, labels = week()
    order = np.random.default_rng(6).permutation(len(labels))
    other = {name: columns[name][order] for name in reversed(columns)}
    assert to_document(fitted(other, labels[order]).scorecard) == to_document(
        fitted(columns, labels).scorecard
    )


def test_indicators_that_part_everything_stay_finite() -> None:
    labels = np.arange(200) < 60
    found = fitted({"split": np.where(labels, 1000, 0)}, labels, expert_points={"split": 60})
    assert 3000 < fired_points(found)["indicator_split"] < 20_000


def test_points_that_find_only_the_opposite_are_silent_together() -> None:
    labels = np.arange(200) < 60
    found = fitted({"split": np.where(labels, 0, 1000)}, labels, expert_points={"split": 60})
    assert (found.common_factor, found.multipliers) == (0.0, {"split": 0.0})
    assert fired_points(found) == {"indicator_split": 0}


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"expert_points": {**EXPERT, "more": 5}}, UsageError, "more has only points"),
        ({"expert_points": {"split": 60}}, UsageError, "known_sender has no points"),
        ({"expert_points": dict.fromkeys(EXPERT, 0)}, WarehouseError, "no indicator has"),
        ({"limits": Limits(701, 1)}, WarehouseError, "fewer than 701"),
        ({"labels": np.zeros(700, dtype=bool)}, WarehouseError, "say no finding"),
        ({"labels": np.zeros(0, dtype=bool)}, UsageError, "0 labels for 700"),
    ],
)
def test_bad_input_is_refused_by_name(
    change: dict[str, Any], kind: type[Exception], words: str
) -> None:
    columns, labels = week()
    asked = dict(change)
    with pytest.raises(kind, match=words):
        fitted(columns, asked.pop("labels", labels), **asked)


def test_a_strength_is_never_negative() -> None:
    columns, labels = week()
    with pytest.raises(UsageError, match="split has a value below 0"):
        fitted(columns | {"split": np.full(len(labels), -1)}, labels)


def graded(found_of_weak: int, found_of_strong: int) -> tuple[dict[str, Any], Any]:
    """200 rows without the indicator, 20 found; 100 weak and 100 strong with so many."""
    strength = np.repeat([0, 0, 300, 700], 100)
    found = (20, 0, found_of_weak, found_of_strong)
    labels = np.concatenate([np.arange(100) < number for number in found])
    return {"split": strength}, labels


def grades(columns: Any, labels: Any, **changes: Any) -> list[tuple[int | None, int | None, int]]:
    card = fitted(columns, labels, expert_points={"split": 60}, **changes).scorecard
    return [(row.low_milli, row.high_milli, row.points) for row in card.bins]


def test_a_stronger_indicator_may_be_worth_more_and_never_less() -> None:
    """By hand, without a prior: 20 of 200, 20 of 100, 60 of 100: log-odds -2.1972, -1.3863, .4055.
    When the strong ones find less, both are one: 80 of 200 is -.4055."""
    wide = {"prior_deviation": 1e6}
    assert grades(*graded(20, 60), **wide) == [
        (None, None, 0), (None, 0, 0), (0, 300, 811), (300, None, 2603),
    ]  # fmt: skip
    assert grades(*graded(60, 20), **wide) == [
        (None, None, 0), (None, 0, 0), (0, 300, 1792), (300, None, 1792),
    ]  # fmt: skip
    card = fitted(*graded(20, 60), expert_points={"split": -60}, **wide).scorecard
    assert [row.points for row in card.bins] == [0, 0, 0, 0]


def test_without_outcomes_that_say_so_grades_are_worth_the_same() -> None:
    narrow = grades(*graded(20, 60), prior_deviation=1e-3)
    assert narrow[2][2] == pytest.approx(narrow[3][2], abs=1)
    assert narrow[2][2] > 500
    columns, labels = graded(20, 60)
    few = np.concatenate([np.arange(220), np.arange(300, 309)])  # 9 strong ones: no grade
    assert len(grades({"split": columns["split"][few]}, labels[few])) == 3
    more = np.append(few, 309)
    assert len(grades({"split": columns["split"][more]}, labels[more])) == 4


def test_grades_count_every_row_once_and_score_by_strength() -> None:
    columns, labels = graded(20, 60)
    columns["split"] = np.ma.array(columns["split"], mask=np.arange(400) % 50 == 0)
    card = fitted(columns, labels, expert_points={"split": 60}).scorecard
    assert [row.n_train for row in card.bins] == [8, 196, 98, 98]
    points = {row.bin_no: row.points for row in card.bins}
    rows = {"indicator_split": np.array([0, 1, 300, 301, 9000])}
    assert (card.score(rows) - card.intercept_points).tolist() == [
        0, points[2], points[2], points[3], points[3],
    ]  # fmt: skip
    assert card.settings["grade_edges"] == {"split": [300]}


@pytest.mark.parametrize(
    ("strengths", "edges"),
    [
        ([], ()),
        ([1000] * 500, ()),
        (range(1, 20), ()),  # 19: not twice 10
        (range(1, 21), (10,)),
        (range(1, 101), (25, 50, 75)),
        # equal strengths stay together, and a grade that they leave too small is none
        ([5] * 60 + list(range(6, 16)), (5,)),
        ([5] * 60 + list(range(6, 15)), ()),
    ],
)
def test_edges_follow_from_strengths_alone(strengths: Any, edges: tuple[int, ...]) -> None:
    values = np.array([0, *strengths, 0], dtype=np.int64)
    assert edges_of(values) == edges
    assert edges_of(values[::-1]) == edges


def picked(random_rows: int, random_found: int, aimed_rows: int, aimed_found: int) -> Any:
    """Labels and who was picked by hand; the split indicator fires on every tenth row."""
    labels = np.zeros(random_rows + aimed_rows, dtype=np.int64)
    labels[:random_found] = labels[random_rows : random_rows + aimed_found] = 1
    targeted = np.arange(len(labels)) >= random_rows
    columns = {name: np.zeros(len(labels), dtype=np.int64) for name in EXPERT}
    columns["split"][::10] = 1000
    return columns, labels, targeted


def test_what_picking_by_hand_adds_is_no_part_of_a_score() -> None:
    """Random: 20 found in 2,000, odds 1 to 99. Picked: 200 in 400, 1 to 1, 99 times as much."""
    columns, labels, targeted = picked(2000, 20, 400, 200)
    found = fitted(columns, labels, targeted=targeted)
    assert found.scorecard.intercept_points == pytest.approx(1000 * np.log(1 / 99), abs=250)
    assert found.targeted_points == pytest.approx(1000 * np.log(99), abs=250)
    assert found.scorecard.settings["targeted_points"] == found.targeted_points
    # without knowing who was picked, the base is that of all: 220 in 2,400
    assert fitted(columns, labels).scorecard.intercept_points == pytest.approx(
        1000 * np.log(220 / 2180), abs=250
    )


@pytest.mark.parametrize("everything", [True, False])
def test_rows_chosen_in_one_way_tell_nothing_of_picking(everything: bool) -> None:
    columns, labels, targeted = picked(2000, 20, 400, 200)
    found = fitted(columns, labels, targeted=np.full(len(targeted), everything))
    assert found.targeted_points == 0
    assert fired_points(found) == fired_points(fitted(columns, labels))
