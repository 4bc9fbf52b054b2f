"""A candidate of a risk type's model: fitted on what inspections found, with its evaluation.

Defines: `calibrate`, `Calibrated`, `scorecard_columns`, `evaluated`. With enough findings a
scorecard over features and indicators, else the expert's points times a multiplier an indicator.
Every figure is of rows that the model had not seen. Nothing counts before it is promoted
(model_registry.py).
Add here another thing that a candidate must say of itself. Keep out: features (training.py),
fitting and figures (scoring/).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import WarehouseError
from foundation.progress import report
from runs.finding_value import finding_value
from runs.in_force import beside_in_force
from runs.inspected import Inspected, inspected, working
from runs.model_registry import store_candidate
from runs.settings import Settings
from runs.training import Group, GroupFeatures, TrainingWarehouse
from scoring.calibration import calibrate as bands_of
from scoring.challenger import fit_challenger
from scoring.evaluate import figures, paired_auc_difference, reliability
from scoring.fit import fit_scorecard, with_targeting
from scoring.folds import fold_of, out_of_fold
from scoring.inputs import Booleans, Limits
from scoring.model import MICRO, Scorecard, probability_micro
from scoring.multipliers import FittedMultipliers, fit_multipliers

OUTER_FOLDS = 5
SEED = 20260601
_SALT = "calibrate"
Integers = npt.NDArray[np.int64]


class TooFewOutcomes(WarehouseError):
    """Not enough is known of a risk type to fit anything; the expert's points stay."""


@dataclass(frozen=True)
class Calibrated:
    """A candidate at rest: its version, and the scorecard with its evaluation."""

    version: str
    card: Scorecard


@dataclass(frozen=True)
class Catalogue:
    """What a model may read: feature -> reason; monotone: feature -> 1 or -1. indicators: id ->
    expert points of the risk type on the last day computed. limits: fewest labels and findings of
    either kind of model, dated parameters."""

    reasons: Mapping[str, str]
    monotone: Mapping[str, int]
    indicators: Mapping[str, int]
    scorecard: Limits
    multipliers: Limits


def calibrate(
    settings: Settings, risk_type: str, until: dt.date, declared_until: dt.date | None = None
) -> Calibrated:
    """Fit a candidate of `risk_type` on the results known by `until`, and put it to rest.

    declared_until: learn of consignments up to this day only; later ones are left for a test.
    Raises TooFewOutcomes when there are fewer labels or findings than the dated limits,
    WarehouseError for one class only, and UsageError without the extra `train`.
    """
    report(f"inspections known by {until}")
    rows = inspected(settings, risk_type, until, declared_until)
    catalogue = catalogue_of(settings, risk_type)
    findings = int(rows.found.sum())
    if len(rows) < catalogue.multipliers.labels or findings < catalogue.multipliers.findings:
        raise TooFewOutcomes(
            f"{risk_type} has {len(rows)} inspected consignments with {findings} findings by "
            f"{until}; a model needs {catalogue.multipliers.labels} and "
            f"{catalogue.multipliers.findings}",
            where=str(settings.warehouse),
            remedy="keep the expert's points until more results are known (parameters "
            "MODEL_MIN_LABELS, MODEL_MIN_FINDINGS)",
        )
    fired = _fired(settings, rows, catalogue)
    _refuse_unspoken(settings, rows, catalogue, fired, findings)
    if findings >= catalogue.scorecard.findings:
        outer = np.asarray(fold_of(rows.content, folds=OUTER_FOLDS, salt=_SALT))
        card, scores, columns = _scorecard(settings, rows, catalogue, fired, outer)
    else:
        # No profile is read, so a copy on the other side tells nothing; and few labels of parcels
        # without a code may all show the same goods.
        outer = np.asarray(fold_of(rows.consignment_ids, folds=OUTER_FOLDS, salt=_SALT))
        card, scores = _multipliers(rows, catalogue, fired, outer)
        columns = fired
    report("beside what counts now")
    more = beside_in_force(
        settings, rows, until, scores, columns, catalogue.indicators, seed=SEED
    ) | finding_value(
        settings, risk_type, until, declared_until or until, catalogue.multipliers.findings
    )
    more["contradicted"] = int(rows.contradicted.sum())
    card = replace(card, evaluation={**card.evaluation, **more})
    return Calibrated(store_candidate(settings.home, card), card)


def _refuse_unspoken(
    settings: Settings, rows: Inspected, catalogue: Catalogue, fired: Mapping[str, Any],
    findings: int,
) -> None:  # fmt: skip
    """Few findings scale what the expert says, and where none of it fired, nothing is scaled: a
    model of such rows would take every point away."""
    spoken = [
        values
        for name, values in fired.items()
        if catalogue.indicators.get(name.removeprefix("indicator_"))
        and np.ma.filled(values, 0).any()
    ]
    if not spoken and findings < catalogue.scorecard.findings:
        raise TooFewOutcomes(
            f"no indicator of {rows.risk_type} fired on any of the {len(rows)} inspected "
            "consignments: their results say nothing about its points",
            where=str(settings.warehouse),
            remedy="keep the expert's points until consignments on which one fired are inspected",
        )


def risk_types(settings: Settings) -> list[str]:
    """Risk types that have indicators with expert points, on the last day computed."""
    with working(settings) as connection:
        found = connection.execute(
            "select distinct risk_type from seeds.risk_indicator_weights "
            "where risk_type <> 'data_quality' order by 1"
        ).fetchall()
    return [risk_type for (risk_type,) in found]


def catalogue_of(settings: Settings, risk_type: str) -> Catalogue:
    """The seeds of the working database, on the last day that it computed."""
    with working(settings) as connection:
        features = connection.execute(
            "select feature, reason_id, monotone_direction from seeds.risk_model_features"
        ).fetchall()
        indicators = connection.execute(
            "select indicator_id, points from seeds.risk_indicator_weights "
            "where risk_type = ? and valid_from <= (select max(day) from raw.run_day) "
            "and coalesce(valid_to, date '9999-12-31') >= (select max(day) from raw.run_day)",
            [risk_type],
        ).fetchall()
        limits = dict(
            connection.execute(
                "select parameter_id, cast(value as bigint) from intermediate.int_rules__in_force "
                "where day = (select max(day) from intermediate.int_rules__in_force) "
                "and parameter_id in ('MODEL_MIN_LABELS', 'MODEL_MIN_FINDINGS', "
                "'SCORECARD_MIN_FINDINGS')"
            ).fetchall()
        )
    labels = int(limits["MODEL_MIN_LABELS"])
    return Catalogue(
        reasons={feature: reason for feature, reason, _ in features},
        monotone={feature: direction for feature, _, direction in features if direction},
        indicators={indicator: int(points) for indicator, points in indicators},
        scorecard=Limits(labels, int(limits["SCORECARD_MIN_FINDINGS"])),
        multipliers=Limits(labels, int(limits["MODEL_MIN_FINDINGS"])),
    )


def without_copies(columns: Mapping[str, Any]) -> list[str]:
    """Names of the columns but those that repeat an earlier one on every row."""
    kept: dict[bytes, str] = {}
    for name, values in sorted(columns.items()):
        mask = np.ma.getmaskarray(values)
        key = np.ma.filled(values, 0).tobytes() + mask.tobytes()
        kept.setdefault(key, name)
    return sorted(kept.values())


def probabilities_of_others(scores: Integers, found: Integers, outer: Integers) -> Any:
    """Probability of each row by bands that were measured on the other outer folds, as a share."""

    def told(others: Booleans, held: Booleans) -> npt.NDArray[Any]:
        if len(np.unique(found[others])) < 2:  # nothing to measure on: the base rate
            return np.full(int(held.sum()), found.mean())
        bands = bands_of(scores[others], found[others])
        return np.asarray(probability_micro(bands, scores[held]) / MICRO)

    return out_of_fold(outer, told)


def evaluated(
    rows: Inspected,
    scores: Integers,
    outer: Integers,
    challenger: npt.NDArray[Any] | None,
    chances: Integers | None = None,
) -> dict[str, Any]:
    """Figures of out-of-fold scores, beside those of a challenger on the same folds.

    chances: scores with what targeting adds to a row, for the probabilities; None: it adds nothing.
    """
    told = probabilities_of_others(scores if chances is None else chances, rows.found, outer)
    found: dict[str, Any] = {
        "rows": len(rows),
        "findings": int(rows.found.sum()),
        "out_of_fold": figures(scores, rows.found, rows.consignment_ids),
        "largest_calibration_gap": reliability(told, rows.found, rows.consignment_ids).largest_gap,
    }
    if challenger is not None:
        difference = paired_auc_difference(scores, challenger, rows.found, seed=SEED)
        found["challenger"] = figures(challenger, rows.found, rows.consignment_ids)
        found["paired_auc_difference"] = {
            "difference": difference.difference, "low": difference.low, "high": difference.high,
        }  # fmt: skip
    return found


def outer_groups(outer: Integers) -> list[Group]:
    """A group for each outer fold: it is held out, the others are known."""
    return [
        Group(np.flatnonzero(outer != fold), np.flatnonzero(outer == fold))
        for fold in range(OUTER_FOLDS)
    ]


def held_out_scores(
    rows: Inspected,
    groups: Sequence[Group],
    parts: Sequence[GroupFeatures],
    names: Sequence[str],
    told: Mapping[str, Any],
) -> tuple[Integers, Integers, npt.NDArray[Any]]:
    """Score of each row by a scorecard that never saw its group, what targeting adds to it, and the
    challenger's log-odds; the scores of both are those of a random draw.

    parts: features of the groups. names: those that are read. told: what `fit_scorecard` is told.
    """
    scores, lifts = (np.zeros(len(rows), dtype=np.int64) for _ in range(2))
    rival = np.zeros(len(rows))
    for number, (group, part) in enumerate(zip(groups, parts, strict=True), start=1):
        report(f"fold {number} of {len(groups)}")
        known = {name: part.known[name] for name in names}
        held = {name: part.held_out[name] for name in names}
        labels, targeted = rows.found[group.known], rows.targeted[group.known]
        fitted = fit_scorecard(known, labels, **told, targeted=targeted)
        scores[group.held_out] = fitted.scorecard.score(held)
        lifts[group.held_out] = fitted.targeted_points * rows.targeted[group.held_out]
        challenger = fit_challenger(
            with_targeting(known, targeted), labels, monotone=told["monotone"],
            limits=told["limits"],
        )  # fmt: skip
        drawn = np.zeros(len(group.held_out), dtype=np.bool_)
        rival[group.held_out] = challenger.log_odds(with_targeting(held, drawn))
    return scores, lifts, rival


def _scorecard(
    settings: Settings,
    rows: Inspected,
    catalogue: Catalogue,
    fired: Mapping[str, Any],
    outer: Integers,
) -> tuple[Scorecard, Integers, dict[str, Any]]:
    every = np.arange(len(rows))
    groups = [Group(every, every[:0]), *outer_groups(outer)]
    report("features out of fold")
    with TrainingWarehouse.opened(
        settings, rows, groups, fold_keys=rows.content, salt=_SALT
    ) as warehouse:
        made = warehouse.features()
    all_columns = {**made[0].known, **fired}
    names = without_copies(all_columns)
    monotone = {name: way for name, way in catalogue.monotone.items() if name in names}
    monotone |= {name: 1 for name in fired if name in names}
    told: dict[str, Any] = {
        "risk_type": rows.risk_type,
        "trained_on": (min(rows.known_days), max(rows.known_days)),
        "monotone": monotone,
        "limits": catalogue.scorecard,
        "reasons": {**catalogue.reasons},
    }
    parts = [
        GroupFeatures(
            {**part.known, **_rows(fired, group.known)},
            {**part.held_out, **_rows(fired, group.held_out)},
        )
        for group, part in zip(groups[1:], made[1:], strict=True)
    ]
    # The whole has been held against the limits; a part may have fewer.
    told_parts = told | {"limits": Limits(1, 1)}
    scores, lifts, rival = held_out_scores(rows, groups[1:], parts, names, told_parts)
    report("the candidate")
    known = {name: all_columns[name] for name in names}
    card = fit_scorecard(known, rows.found, **told, targeted=rows.targeted).scorecard
    # A row that was picked by hand has the chances of a score that is higher by what picking adds.
    chances = scores + lifts
    card = replace(card, evaluation=evaluated(rows, scores, outer, rival, chances))
    columns = {name: np.ma.masked_all(len(rows), dtype=np.int64) for name in parts[0].held_out}
    for group, part in zip(groups[1:], parts, strict=True):
        for name, values in part.held_out.items():
            columns[name][group.held_out] = values
    return card.with_calibration(bands_of(chances, rows.found)), scores, columns


def _multipliers(
    rows: Inspected, catalogue: Catalogue, fired: Mapping[str, Any], outer: Integers
) -> tuple[Scorecard, Integers]:
    indicators = {name.removeprefix("indicator_"): values for name, values in fired.items()}

    def fit(chosen: Any, limits: Limits) -> FittedMultipliers:
        return fit_multipliers(
            {name: values[chosen] for name, values in indicators.items()},
            rows.found[chosen],
            expert_points=catalogue.indicators,
            risk_type=rows.risk_type,
            trained_on=(min(rows.known_days), max(rows.known_days)),
            limits=limits,
            targeted=rows.targeted[chosen],
        )

    lifts = np.zeros(len(rows), dtype=np.int64)

    def score(others: Booleans, held: Booleans) -> Integers:
        if not rows.found[others].any():  # nothing can be learned of the others
            return np.zeros(int(held.sum()), dtype=np.int64)
        fitted = fit(others, Limits(1, 1))
        lifts[held] = fitted.targeted_points * rows.targeted[held]
        return fitted.scorecard.score({n: v[held] for n, v in fired.items()})

    scores = out_of_fold(outer, score).astype(np.int64)
    report("the candidate")
    card = fit(np.ones(len(rows), bool), catalogue.multipliers).scorecard
    # A row that was picked by hand has the chances of a score that is higher by what picking adds.
    chances = scores + lifts
    card = replace(card, evaluation=evaluated(rows, scores, outer, None, chances))
    return card.with_calibration(bands_of(chances, rows.found)), scores


def _rows(columns: Mapping[str, Any], rows: Integers) -> dict[str, Any]:
    return {name: values[rows] for name, values in columns.items()}


def _fired(settings: Settings, rows: Inspected, catalogue: Catalogue) -> dict[str, Any]:
    """`indicator_<id>` -> its strength where it fired, else 0; of all indicators with points."""
    place = {key: row for row, key in enumerate(zip(rows.consignment_ids, rows.days, strict=True))}
    found = {
        f"indicator_{name}": np.ma.masked_array(np.zeros(len(rows), dtype=np.int64))
        for name in sorted(catalogue.indicators)
    }
    with working(settings) as connection:
        fired = connection.execute(
            "select indicators.indicator_id, indicators.consignment_id, indicators.day, "
            "indicators.strength_milli "
            "from risk.fct_risk_indicators as indicators "
            "semi join intermediate.int_risk__inspected_consignments as inspected "
            "on indicators.consignment_id = inspected.consignment_id "
            "and indicators.day = inspected.consignment_day where indicators.risk_type = ?",
            [rows.risk_type],
        ).fetchall()
    for indicator, consignment, day, strength in fired:
        name, row = f"indicator_{indicator}", place.get((consignment, day))
        if row is not None and name in found:
            found[name][row] = strength
    return found
