"""Few labels: keep the expert's points, and learn one multiplier for each indicator.

Defines: `FittedMultipliers`, `fit_multipliers`, `INDICATOR_PREFIX`. Add here another way to learn
little from few outcomes. Keep out: when a risk type has enough labels for a scorecard (the caller
states the number).

With some hundred findings a free fit turns noise into weights, and a weight of the wrong sign
tells an officer nonsense. So the fit may move only what the expert left open: how many log-odds a
point is worth, and how much of it each indicator keeps. A multiplier is never negative: an
indicator that finds nothing falls silent, it does not speak for the opposite. Each multiplier is
pulled towards one common factor, the one by which the expert's points explain the outcomes best: an
indicator that hardly fired keeps the expert's opinion, one that fired often follows its outcomes.
Where an indicator says how strongly it fires (grades.py), a stronger one may be worth more, never
less: what a grade adds to the one below is 0 until outcomes say otherwise, so that the expert's
equal points are where it starts.

Who picks a parcel by hand sees what no indicator says, so results of targeted inspections promise
too much. What targeting adds is one number of its own in the fit, and no part of a score: the
intercept is that of a random draw.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError, WarehouseError
from scoring.grades import Step, step_bins, steps_of
from scoring.inputs import Booleans, Columns, Floats, Limits, findings_of, masked
from scoring.model import MICRO, POINTS_PER_LOGIT, Bin, Scorecard, base_rate_micro

INDICATOR_PREFIX = "indicator_"
FIRED_MILLI = 1000
# How far, in log-odds, the largest expert points may speak before outcomes support it. Wide: it
# only keeps the factor finite when the indicators part findings from the rest completely.
_COMMON_DEVIATION = 5.0
# How far, in log-odds, targeted results may differ from random ones before outcomes must say so.
_TARGETED_DEVIATION = 2.0


@dataclass(frozen=True)
class FittedMultipliers:
    """A scorecard of kind `multipliers`, without calibration and without name.

    common_factor: log-odds that one expert point is worth over all indicators. multipliers:
    indicator -> its factor against that, 1.0 = as the expert said; an indicator with 0 expert
    points has none. targeted_points: what targeting added to the inspected rows, 0 when all were
    chosen in one way.
    """

    scorecard: Scorecard
    common_factor: float
    targeted_points: int
    multipliers: Mapping[str, float]


@dataclass(frozen=True)
class _Patterns:
    """Rows with the same fired steps of indicators and the same label, counted once.

    fired: patterns x steps, 1.0 where reached, with the expert's sign. targeted: 1.0 where the
    inspection was no random draw.
    """

    fired: Floats
    targeted: Floats
    labels: Floats
    counts: Floats


def fit_multipliers(
    indicators: Columns,
    labels: npt.NDArray[Any],
    *,
    expert_points: Mapping[str, int],
    risk_type: str,
    trained_on: tuple[dt.date, dt.date],
    limits: Limits,
    targeted: Booleans | None = None,
    prior_deviation: float = 1.0,
    reasons: Mapping[str, str] | None = None,
) -> FittedMultipliers:
    """Fit an intercept and one multiplier per indicator: ridge logistic regression with bounds.

    indicators: indicator id -> how strongly it fired (above 0; 1000 where it has no grades), 0
    where not, masked where it could not be computed (which adds nothing, and counts as not fired in
    the fit). expert_points: the points of
    each, positive or negative; 0 says nothing and stays out. prior_deviation: log-odds by which an
    indicator may differ from the expert's scaled opinion before outcomes must speak for it.
    reasons: indicator -> reason_id of its bins that are not neutral. targeted: True where the
    inspection was no random draw; None: nothing is known of it.

    An indicator that never fired keeps the expert's opinion. Not fired adds 0 points always: points
    of an indicator speak where it fires. Rows in any order give the same scorecard.
    Raises UsageError when indicators and points do not name the same ids or a value is below 0,
    WarehouseError when labels do not suffice or no indicator has points.
    """
    checked = _checked(indicators, expert_points)
    rows = len(next(iter(checked.values()))) if checked else len(labels)
    found = findings_of(labels, rows, limits)
    names = [name for name in checked if expert_points[name]]
    if not names:
        raise WarehouseError(
            "nothing can be fitted: no indicator has expert points",
            where=f"risk type {risk_type}",
            remedy="give the indicators of this risk type points first",
        )
    steps = [step for name in names for step in steps_of(name, checked[name])]
    signs = np.sign(np.array([expert_points[step.indicator] for step in steps], dtype=np.float64))
    # What a grade adds to the one below it, the expert does not say.
    expert = np.array(
        [0 if step.edge else abs(expert_points[step.indicator]) for step in steps], dtype=np.float64
    )
    aimed = np.zeros(len(found), dtype=np.bool_) if targeted is None else targeted
    reached = [step.reached(checked[step.indicator]) for step in steps]
    patterns = _patterns(reached, found, aimed, signs)
    start = float(np.log(found.mean() / (1 - found.mean())))
    common = _common_factor(patterns, expert, start)
    intercept, lift, weights = _weights(patterns, common * expert, start, prior_deviation)
    targeted_points = int(np.rint(lift * POINTS_PER_LOGIT))
    points = np.rint(weights * signs * POINTS_PER_LOGIT).astype(np.int64)
    bins: list[Bin] = []
    for name in names:
        of_name = [number for number, step in enumerate(steps) if step.indicator == name]
        bins += step_bins(
            INDICATOR_PREFIX + name,
            [steps[number] for number in of_name],
            [int(points[number]) for number in of_name],
            checked[name],
            found,
            (reasons or {}).get(name),
        )
    multipliers = {
        step.indicator: float(weight / (common * points_) if common else 0.0)
        for step, weight, points_ in zip(steps, weights, expert, strict=True)
        if not step.edge
    }
    card = Scorecard(
        model_version="",
        risk_type=risk_type,
        kind="multipliers",
        intercept_points=int(np.rint(intercept * POINTS_PER_LOGIT)),
        base_rate_micro=base_rate_micro(int(found.sum()), len(found)),
        trained_on_from=trained_on[0],
        trained_on_to=trained_on[1],
        labels=len(found),
        findings=int(found.sum()),
        seed=0,
        settings={
            "expert_points": {name: int(expert_points[name]) for name in sorted(expert_points)},
            "prior_deviation": prior_deviation,
            "limits": asdict(limits),
            "targeted_points": targeted_points,
            "common_factor_micro": int(np.rint(common * MICRO)),
            "multipliers_milli": {name: int(np.rint(m * 1000)) for name, m in multipliers.items()},
            "grade_edges": _edges(steps),
        },
        monotone={
            INDICATOR_PREFIX + name: int(np.sign(expert_points[name])) for name in sorted(names)
        },
        bins=tuple(sorted(bins, key=lambda row: (row.feature, row.bin_no))),
        calibration=(),
        evaluation={},
    )
    card.validate(calibrated=False)
    return FittedMultipliers(card, common, targeted_points, multipliers)


def _checked(indicators: Columns, expert_points: Mapping[str, int]) -> dict[str, Any]:
    apart = sorted(set(indicators) ^ set(expert_points))
    if apart:
        raise UsageError(
            f"the indicator {apart[0]} has {'no' if apart[0] in indicators else 'only'} points",
            where=f"indicator {apart[0]}",
            remedy="hand over a column and a weight for each indicator of the risk type",
        )
    checked = masked(indicators)
    for name, values in checked.items():
        if (np.ma.filled(values, 0) < 0).any():
            raise UsageError(
                f"the indicator {name} has a value below 0",
                where=f"indicator {name}",
                remedy="a strength lies above 0; 0 is not fired",
            )
    return checked


def _edges(steps: list[Step]) -> dict[str, list[int]]:
    """Indicator -> where its strength is cut; those of one grade are not named."""
    found: dict[str, list[int]] = {}
    for step in steps:
        if step.edge:
            found.setdefault(step.indicator, []).append(step.edge)
    return found


def _patterns(
    reached: list[Booleans], found: Booleans, targeted: Booleans, signs: Floats
) -> _Patterns:
    rows = np.column_stack([found, targeted, *reached])
    distinct, counts = np.unique(rows, axis=0, return_counts=True)
    return _Patterns(
        fired=distinct[:, 2:] * signs,
        targeted=distinct[:, 1] * 1.0,
        labels=distinct[:, 0] * 1.0,
        counts=counts.astype(np.float64),
    )


def _loss(patterns: _Patterns, first: Floats, weights: Floats) -> tuple[float, Floats, Floats]:
    """Negative log-likelihood, its slope along intercept and targeting, and along each weight."""
    logits = first[0] + first[1] * patterns.targeted + patterns.fired @ weights
    loss = patterns.counts @ (np.logaddexp(0, logits) - patterns.labels * logits)
    residual = patterns.counts * (0.5 * (1 + np.tanh(logits / 2)) - patterns.labels)
    along = np.array([residual.sum(), patterns.targeted @ residual])
    return float(loss), along, patterns.fired.T @ residual


def _common_factor(patterns: _Patterns, size: Floats, start: float) -> float:
    """Log-odds per expert point, one for all indicators, never negative."""
    unit = size / size.max()
    pull = 1 / _COMMON_DEVIATION**2

    def slope(at: Floats) -> tuple[float, Floats]:
        # The unknown is the log-odds of the largest points: of the size of the intercept.
        loss, along_first, along = _loss(patterns, at[:2], at[2] * unit)
        aimed = at[1] / _TARGETED_DEVIATION
        return loss + 0.5 * (pull * at[2] ** 2 + aimed**2), np.append(
            along_first + np.array([0, aimed / _TARGETED_DEVIATION]), along @ unit + pull * at[2]
        )

    return float(_minimum(slope, np.array([start, 0.0, 0.5]))[2] / size.max())


def _weights(
    patterns: _Patterns, centre: Floats, start: float, deviation: float
) -> tuple[float, float, Floats]:
    """Intercept, what targeting adds, and the log-odds of each indicator without its sign, pulled
    towards `centre`."""

    def slope(at: Floats) -> tuple[float, Floats]:
        loss, along_first, along = _loss(patterns, at[:2], at[2:])
        apart = (at[2:] - centre) / deviation
        aimed = at[1] / _TARGETED_DEVIATION
        return loss + 0.5 * (float(apart @ apart) + aimed**2), np.append(
            along_first + np.array([0, aimed / _TARGETED_DEVIATION]), along + apart / deviation
        )

    at = _minimum(slope, np.concatenate([[start, 0.0], centre]))
    return float(at[0]), float(at[1]), at[2:]


def _minimum(slope: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """The minimum of a convex function whose unknowns, but the first two, are never negative."""
    import scipy.optimize  # a quarter of a second, which scoring must not cost

    done = scipy.optimize.minimize(
        slope,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None)] * 2 + [(0.0, None)] * (len(start) - 2),
        options={"maxiter": 10_000, "maxfun": 100_000, "ftol": 1e-15, "gtol": 1e-7},
    )
    return np.asarray(done.x, dtype=np.float64)
