"""Fit a scorecard: boost one-split trees, add up the splits of each feature, round to points.

Defines: `SCORECARD_SETTINGS`, `FittedScorecard`, `fit_scorecard`, `with_targeting`. An ensemble of
one-split trees is a sum of step functions, one a feature: their steps are the bins, exactly.

Who picks goods by hand sees what no feature says, so results of targeted inspections promise too
much. What targeting adds is a column of its own in the fit, and no part of a score: the intercept
is that of a random draw.
Add here how trees become rows. Keep out: growing trees (boosting.py), calibration, evaluation.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError, WarehouseError
from scoring.boosting import BoostSettings, Training, boost, prepare, raw_scores
from scoring.inputs import Booleans, Columns, Floats, Integers, Limits, missing_of, tree_library
from scoring.model import POINTS_PER_LOGIT, Bin, Scorecard, base_rate_micro

# Chosen by trial on the public set; coarse bins and monotone profiles brought more than pairs did.
SCORECARD_SETTINGS = BoostSettings(rounds=400, leaves=2)
_TARGETED = "targeted inspection"  # no name of a feature
_YES = 1000


@dataclass(frozen=True)
class FittedScorecard:
    """A scorecard without calibration and without name, and how far rounding moved it.

    largest_rounding_points: the largest |score - 1000 x log-odds of the trees| over the rows of the
    fit, in points, raises of missing values apart. At most half a point for each feature and the
    intercept. targeted_points: what targeting added to the inspected rows, 0 when all were chosen
    in one way.
    """

    scorecard: Scorecard
    largest_rounding_points: float
    targeted_points: int


@dataclass
class _Splits:
    """What the trees of all seeds say about one feature, in the order in which they were grown.

    A tree adds lefts[i] to a row when its value is at most edges[i], else rights[i]; missings[i]
    to a row without value.
    """

    edges: list[float] = field(default_factory=list)
    lefts: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)
    missings: list[float] = field(default_factory=list)


def fit_scorecard(
    features: Columns,
    labels: npt.NDArray[Any],
    *,
    risk_type: str,
    trained_on: tuple[dt.date, dt.date],
    monotone: Mapping[str, int],
    limits: Limits,
    settings: BoostSettings = SCORECARD_SETTINGS,
    seeds: Sequence[int] = (1, 2, 3),
    reasons: Mapping[str, str] | None = None,
    targeted: Booleans | None = None,
) -> FittedScorecard:
    """Fit a scorecard of `risk_type` on inspected rows.

    features: name -> int64 thousandths, masked where missing. labels: one 0 or 1 a row. trained_on:
    first and last day of the outcomes. monotone: feature -> 1 or -1 (model.py). seeds: fits that
    are averaged. reasons: feature -> reason_id of its bins that are not neutral. targeted: True
    where the row was inspected but not drawn at random; None: all were chosen in one way.

    A feature is left out when it is constant or when no split of it survives rounding (settings:
    `left_out`). A value that was never missing in the fit gets 0 points where it is missing later:
    nothing was learned about it. A missing value of a monotone feature gets at least the fewest
    points of any value: withholding it, or beginning a new identity, must not pay (settings:
    `missing_raised_points`). The same rows in any order give the same scorecard.
    Raises UsageError for bad input, WarehouseError when labels or features do not suffice.
    """
    if settings.leaves != 2 or not seeds:
        raise UsageError(
            "a scorecard is made of one-split trees of at least one seed",
            where="settings",
            remedy="leave `leaves` at 2 and name a seed",
        )
    _check_monotone(monotone, features)
    training = prepare(with_targeting(features, targeted), labels, limits)
    boosters = [boost(training, settings, monotone, seed) for seed in seeds]
    constant, splits = _splits(boosters, training.features)
    bins: list[Bin] = []
    intercept = int(np.rint(constant * POINTS_PER_LOGIT / len(seeds)))
    raises: dict[str, int] = {}
    targeted_points = 0
    for name in training.features:
        rows, shift, raised = _bins(name, splits[name], training, len(seeds), monotone.get(name, 0))
        intercept += shift
        if name == _TARGETED:
            drawn, targeted_points = _of_targeting(rows)
            intercept += drawn
            continue
        if raised:
            raises[name] = raised
        if any(row.points for row in rows):
            bins += _reasoned(rows, (reasons or {}).get(name))
    used = {row.feature for row in bins}
    unused = [name for name in training.features if name not in used | {_TARGETED}]
    labelled, found = len(training.labels), int(training.labels.sum())
    card = Scorecard(
        model_version="",
        risk_type=risk_type,
        kind="scorecard",
        intercept_points=intercept,
        base_rate_micro=base_rate_micro(found, labelled),
        trained_on_from=trained_on[0],
        trained_on_to=trained_on[1],
        labels=labelled,
        findings=found,
        seed=seeds[0],
        settings={
            **asdict(settings),
            "seeds": list(seeds),
            "limits": asdict(limits),
            "library": f"lightgbm {tree_library().__version__}",
            "missing_raised_points": raises,
            "targeted_points": targeted_points,
            "left_out": {
                "constant": [name for name in training.left_out if name != _TARGETED],
                "without_effect": unused,
            },
        },
        monotone={name: way for name, way in sorted(monotone.items()) if name in used},
        bins=tuple(bins),
        calibration=(),
        evaluation={},
    )
    if not bins:
        raise WarehouseError(
            "no feature tells findings apart",
            where=f"risk type {risk_type}",
            remedy="keep the version in force; wait for more outcomes or add features",
        )
    card.validate(calibrated=False)
    logits = sum(raw_scores(booster, training.matrix) for booster in boosters) / len(seeds)
    rounding = _largest_rounding(card, raises, targeted_points, training, np.asarray(logits))
    return FittedScorecard(card, rounding, targeted_points)


def with_targeting(features: Columns, targeted: Booleans | None) -> Columns:
    """The columns with one more, which says how a row was chosen."""
    if targeted is None:
        return features
    return {**features, _TARGETED: np.where(targeted, _YES, 0).astype(np.int64)}


def _of_targeting(rows: Sequence[Bin]) -> tuple[int, int]:
    """Points of a random draw, and how many more those of a targeted row are."""

    def of(value: int) -> int:
        return next(
            row.points
            for row in rows
            if row.bin_no and (row.high_milli is None or value <= row.high_milli)
        )

    drawn = of(0) if rows else 0
    return drawn, (of(_YES) - drawn if rows else 0)


def _check_monotone(monotone: Mapping[str, int], features: Columns) -> None:
    for name, way in sorted(monotone.items()):
        if name not in features or way not in (1, -1):
            raise UsageError(
                f"the constraint {name} = {way} names no feature or no direction",
                where=f"feature {name}",
                remedy="name a feature and 1 (points never fall) or -1 (never rise)",
            )


def _splits(boosters: Sequence[Any], names: Sequence[str]) -> tuple[float, dict[str, _Splits]]:
    """The sum of what trees add to every row alike, and the splits of each feature."""
    constant = 0.0
    found: dict[str, _Splits] = defaultdict(_Splits)
    for booster in boosters:
        for tree in booster.dump_model()["tree_info"]:
            root = tree["tree_structure"]
            if "split_feature" not in root:
                constant += root["leaf_value"]
                continue
            left, right = root["left_child"], root["right_child"]
            if (
                root["decision_type"] != "<="
                or root["missing_type"] not in ("None", "NaN")
                or "leaf_value" not in left
                or "leaf_value" not in right
            ):
                raise _misread("a tree is no single comparison")
            splits = found[names[root["split_feature"]]]
            # x <= t and x <= floor(t) say the same of integers.
            splits.edges.append(float(np.floor(root["threshold"])))
            splits.lefts.append(left["leaf_value"])
            splits.rights.append(right["leaf_value"])
            splits.missings.append((left if root["default_left"] else right)["leaf_value"])
    return constant, found


def _bins(
    name: str, splits: _Splits, training: Training, seeds: int, direction: int
) -> tuple[list[Bin], int, int]:
    """The rows of one feature, centred on its commonest bin; that bin's points; what a raise added.

    Rounding comes first and all that follows is integer: joining equal neighbours and centring
    change no score, and keep the order of the points.
    """
    if not splits.edges:
        return [], 0, 0
    values = training.columns[name]
    known = ~missing_of(values)
    edges, steps = _steps(splits)
    to_points = POINTS_PER_LOGIT / seeds
    edges, points = _joined(edges, np.rint(steps * to_points).astype(np.int64), values[known])
    missing_points, raised = int(np.rint(np.sum(splits.missings) * to_points)), 0
    if direction:
        raised = max(0, int(points.min()) - missing_points)
    numbers = np.zeros(len(known), dtype=np.int64)
    numbers[known] = _places(edges, values[known]) + 1
    n = np.bincount(numbers, minlength=len(points) + 1)
    found = np.bincount(numbers[training.labels], minlength=len(points) + 1)
    # The commonest of all, a missing value among them; of equals the lowest values.
    commonest = int(np.argmax(np.append(n[1:], n[0])))
    in_bins = [missing_points + raised, *(int(of_bin) for of_bin in points)]
    shift = in_bins[0] if commonest == len(points) else in_bins[commonest + 1]
    if not n[0]:
        # Trees say nothing about what was never missing: neutral, as the commonest bin.
        in_bins[0], raised = shift, 0
    bounds: list[int | None] = [None, *(int(edge) for edge in edges), None]
    rows = [
        Bin(
            feature=name,
            bin_no=number,
            low_milli=bounds[number - 1] if number else None,
            high_milli=bounds[number] if number else None,
            points=of_bin - shift,
            n_train=int(n[number]),
            findings_train=int(found[number]),
        )
        for number, of_bin in enumerate(in_bins)
    ]
    return rows, shift, raised


def _joined(edges: Integers, points: Integers, known: Integers) -> tuple[Integers, Integers]:
    """Without steps that hold no row of the fit, and without edges between equal points.

    Nothing was learned about a step without rows (trees cut at 0 even where no value is below it):
    it goes to the next lower step that has rows, the lowest ones to the next higher.
    """
    held = np.flatnonzero(np.bincount(_places(edges, known), minlength=len(points)))
    edges, points = edges[held[1:] - 1], points[held]
    moves = np.flatnonzero(np.diff(points))
    return edges[moves], points[np.append(moves, len(points) - 1)]


def _places(edges: Integers, known: Integers) -> npt.NDArray[np.intp]:
    """The number of the step that holds each value: as many as edges lie below it."""
    return np.searchsorted(edges, np.ma.getdata(known), side="left")


def _steps(splits: _Splits) -> tuple[Integers, Floats]:
    """Edges in rising order, and the sum of all trees between them: one value more than edges.

    Built from the lowest value upwards, jump by jump: jumps that are never negative then give
    steps that never fall, whatever the last bits of a sum do.
    """
    of_tree = np.array(splits.edges)
    jumps = np.array(splits.rights) - np.array(splits.lefts)
    # A split of missing from known values has its edge above all integers: known rows go left.
    within = np.abs(of_tree) < 2.0**62
    edges, which = np.unique(of_tree[within], return_inverse=True)
    heights = np.zeros(len(edges))
    np.add.at(heights, which, jumps[within])
    return edges.astype(np.int64), np.cumsum(np.append(np.sum(splits.lefts), heights))


def _reasoned(rows: Sequence[Bin], reason_id: str | None) -> list[Bin]:
    """A neutral bin needs no reason: it adds nothing to explain."""
    return [replace(row, reason_id=reason_id if row.points else None) for row in rows]


def _largest_rounding(
    card: Scorecard,
    raises: Mapping[str, int],
    targeted_points: int,
    training: Training,
    logits: Floats,
) -> float:
    """How far the bins are from the trees they were read from; beyond rounding: a misreading."""
    scores = card.score(training.columns)
    if targeted_points:
        scores = scores + targeted_points * (training.columns[_TARGETED] == _YES)
    for name, raised in raises.items():
        scores = scores - raised * missing_of(training.columns[name])
    largest = float(np.abs(scores - POINTS_PER_LOGIT * logits).max())
    if largest > 0.5 * (len(training.features) + 1) + 0.001:
        raise _misread(f"a row differs by {largest:.3f} points")
    return largest


def _misread(what: str) -> WarehouseError:
    return WarehouseError(
        f"the trees were not read as they score: {what}",
        where="lightgbm",
        remedy="fit with the version of lightgbm that the extra `train` names",
    )
