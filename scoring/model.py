"""The scorecard: a risk model as data. Integer points per bin, an intercept, calibration bands.

Defines: `Bin`, `CalibrationBand`, `Scorecard` with `validate`, `score`, `terms`, `bin_numbers`,
`probability_micro`. A score is the intercept plus one stored row a feature, in integers: every
engine adds up to the same number, and so does an officer.
Add here what every reader of a model needs. Keep out: fitting, files, documents (document.py),
comparing versions (difference.py).
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any, Literal, NoReturn, get_args

import numpy as np

from foundation.errors import UsageError, WarehouseError
from scoring.inputs import Columns, Integers, masked, missing_of

Kind = Literal["scorecard", "multipliers"]
POINTS_PER_LOGIT = 1000
MICRO = 1_000_000
# A thousand log-odds. No sum of so few terms can leave 64 bits, on any engine.
LARGEST_POINTS = 1_000_000
# Of labels, and of dong that a finding is worth: what every engine's 64 bits hold with room.
LARGEST_COUNT = 10**15
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_BOUND = 2**63 - 1
_Interval = tuple[int | None, int | None]


@dataclass(frozen=True)
class Bin:
    """One row of a feature. It holds the integers low_milli < x <= high_milli; None: unbounded.

    bin_no: 1, 2, ... from low to high; 0 is the bin of a missing value, both bounds None.
    points: thousandths of a log-odds. n_train, findings_train: rows of the fit that lie in it, and
    those with a finding. reason_id: the sentence an officer reads, None where none is needed.
    """

    feature: str
    bin_no: int
    low_milli: int | None
    high_milli: int | None
    points: int
    n_train: int
    findings_train: int
    reason_id: str | None = None


@dataclass(frozen=True)
class CalibrationBand:
    """Scores low_points < score <= high_points (None: unbounded) and their probability.

    probability_micro: millionths. n, findings: rows it was measured on, and their findings.
    """

    band_no: int
    low_points: int | None
    high_points: int | None
    probability_micro: int
    n: int
    findings: int


@dataclass(frozen=True)
class Scorecard:
    """One version of one model of one risk type; immutable, and equal when its rows are equal.

    model_version: "" until it is named (document.py). trained_on_from, trained_on_to: first and
    last day whose outcomes it learned. labels, findings: inspected rows, and those with a finding.
    seed: the first seed of the fit. settings: how it was fitted. evaluation: what was measured
    about it. Both hold what JSON holds. monotone: feature -> 1 (points never fall as the value
    rises) or -1 (never rise).
    """

    model_version: str
    risk_type: str
    kind: Kind
    intercept_points: int
    base_rate_micro: int
    trained_on_from: dt.date
    trained_on_to: dt.date
    labels: int
    findings: int
    seed: int
    settings: Mapping[str, Any]
    monotone: Mapping[str, int]
    bins: tuple[Bin, ...]
    calibration: tuple[CalibrationBand, ...]
    evaluation: Mapping[str, Any]
    points_per_logit: int = POINTS_PER_LOGIT

    @property
    def features(self) -> tuple[str, ...]:
        """The features it reads, sorted."""
        return tuple(sorted({row.feature for row in self.bins}))

    def validate(self, *, calibrated: bool = True) -> None:
        """Raise WarehouseError that names the feature, or the band, and what is wrong with it.

        calibrated: False while bands are not yet measured; then none may be there.
        """
        self._validate_head()
        for feature, rows in self._by_feature():
            self._validate_feature(feature, rows)
        unknown = sorted(set(self.monotone) - set(self.features))
        if unknown:
            self._refuse(f"the monotone feature {unknown[0]} has no bins", f"feature {unknown[0]}")
        self._validate_calibration(calibrated)

    def score(self, columns: Columns) -> Integers:
        """The score of each row in points, int64 of the columns' length. Other columns are ignored.

        Raises UsageError for a column that is absent or holds no integers.
        """
        total: Integers | None = None
        for points in self.terms(columns).values():
            total = points if total is None else total + points
        if total is None:
            raise UsageError(
                "a scorecard without features cannot tell how many rows to score",
                where=f"model {self.model_version or self.risk_type}",
                remedy="fit a version that has features",
            )
        return total + np.int64(self.intercept_points)

    def terms(self, columns: Columns) -> dict[str, Integers]:
        """Feature -> the points that it adds to each row, int64. With the intercept: the score."""
        points = {feature: [row.points for row in rows] for feature, rows in self._by_feature()}
        return {
            feature: np.array(points[feature], dtype=np.int64)[numbers]
            for feature, numbers in self.bin_numbers(columns).items()
        }

    def bin_numbers(self, columns: Columns) -> dict[str, Integers]:
        """Feature -> the bin_no of each row, int64."""
        checked = masked(columns, self.features)
        found: dict[str, Integers] = {}
        for feature, rows in self._by_feature():
            highs = np.array([row.high_milli for row in rows[1:-1]], dtype=np.int64)
            values = checked[feature]
            # low < x <= high: as many bins lie below x as upper bounds are smaller than x.
            numbers = np.searchsorted(highs, np.ma.getdata(values), side="left") + 1
            numbers[missing_of(values)] = 0
            found[feature] = numbers.astype(np.int64)
        return found

    def probability_micro(self, scores: Integers) -> Integers:
        """The calibrated probability of each score, in millionths, int64."""
        self._validate_calibration(True)
        return probability_micro(self.calibration, scores)

    def with_calibration(self, bands: Sequence[CalibrationBand]) -> "Scorecard":
        """The same model with its bands. Raises WarehouseError when they do not fit."""
        card = replace(self, calibration=tuple(bands))
        card.validate()
        return card

    def _by_feature(self) -> Iterator[tuple[str, list[Bin]]]:
        """Features in order of name, each with its rows in order of bin_no."""
        ordered = sorted(self.bins, key=lambda row: (row.feature, row.bin_no))
        for feature, rows in groupby(ordered, key=lambda row: row.feature):
            yield feature, list(rows)

    def _validate_head(self) -> None:
        if self.kind not in get_args(Kind):
            self._refuse(f"the kind {self.kind!r} is unknown", "kind")
        # Names become SQL identifiers: nothing else may stand in them.
        for name in (self.risk_type, *self.features):
            if not _NAME.fullmatch(name):
                self._refuse(f"the name {name!r} is none in a-z, 0-9 and _", f"name {name!r}")
        if self.points_per_logit != POINTS_PER_LOGIT:
            self._refuse("points_per_logit is not 1000", "points_per_logit")
        if self.trained_on_from > self.trained_on_to:
            self._refuse("its first day of training comes after its last", "trained_on_from")
        if not 0 <= self.findings <= self.labels:
            self._refuse(f"{self.findings} findings in {self.labels} labels", "findings")
        if self.labels > LARGEST_COUNT:
            self._refuse(f"{self.labels} labels are more than anybody counts", "labels")
        worth = self.evaluation.get("finding_value_vnd")
        if worth is not None and not (type(worth) is int and 0 <= worth <= LARGEST_COUNT):
            self._refuse(f"a finding is worth {worth!r}", "evaluation.finding_value_vnd")
        if not 0 <= self.base_rate_micro <= MICRO:
            self._refuse("its base rate is no share", "base_rate_micro")
        if abs(self.intercept_points) > LARGEST_POINTS:
            self._refuse("its intercept is beyond a thousand log-odds", "intercept_points")
        if set(self.monotone.values()) - {1, -1}:
            self._refuse("a direction is neither 1 nor -1", "monotone")

    def _validate_feature(self, feature: str, rows: list[Bin]) -> None:
        where = f"feature {feature}"
        if rows[0].bin_no != 0:
            self._refuse(f"the feature {feature} has no bin 0 for a missing value", where)
        if (rows[0].low_milli, rows[0].high_milli) != (None, None):
            self._refuse(f"bin 0 of {feature} has bounds; it holds missing values alone", where)
        if [row.bin_no for row in rows] != list(range(len(rows))):
            self._refuse(f"the bins of {feature} are not numbered 0, 1, 2, ... once each", where)
        wrong = _not_covered([(row.low_milli, row.high_milli) for row in rows[1:]])
        if wrong:
            self._refuse(f"the bins of {feature} have {wrong}", where)
        if any(abs(row.points) > LARGEST_POINTS for row in rows):
            self._refuse(f"points of {feature} are beyond a thousand log-odds", where)
        if any(not 0 <= row.findings_train <= row.n_train for row in rows):
            self._refuse(f"a bin of {feature} has more findings than rows", where)
        totals = sum(row.n_train for row in rows), sum(row.findings_train for row in rows)
        if totals != (self.labels, self.findings):
            self._refuse(
                f"the bins of {feature} count {totals[0]} rows with {totals[1]} findings, "
                f"the model {self.labels} with {self.findings}",
                where,
            )
        if feature in self.monotone:
            self._validate_monotone(feature, rows, self.monotone[feature])

    def _validate_monotone(self, feature: str, rows: list[Bin], direction: int) -> None:
        """A missing value has at least the fewest points of any value: withholding must not pay."""
        points = [row.points for row in rows[1:]]
        if any((after - before) * direction < 0 for before, after in pairwise(points)):
            self._refuse(
                f"points of the monotone feature {feature} turn back", f"feature {feature}"
            )
        if rows[0].points < min(points):
            self._refuse(
                f"a missing value of the monotone {feature} has fewer points than any value",
                f"feature {feature}",
            )

    def _validate_calibration(self, calibrated: bool) -> None:
        bands = self.calibration
        if bool(bands) != calibrated:
            told = "has no calibration" if calibrated else "is calibrated before its time"
            self._refuse(f"it {told}", "calibration")
        if not bands:
            return
        if [band.band_no for band in bands] != list(range(1, len(bands) + 1)):
            self._refuse("its bands are not numbered 1, 2, ... in order", "calibration")
        wrong = _not_covered([(band.low_points, band.high_points) for band in bands])
        if wrong:
            self._refuse(f"its calibration bands have {wrong}", "calibration")
        for band in bands:
            where = f"calibration band {band.band_no}"
            if not 0 <= band.probability_micro <= MICRO:
                self._refuse(f"band {band.band_no} has no probability", where)
            if not 0 <= band.findings <= band.n:
                self._refuse(f"band {band.band_no} has more findings than rows", where)
        for before, after in pairwise(bands):
            if after.probability_micro < before.probability_micro:
                self._refuse(
                    f"the probability falls in band {after.band_no}",
                    f"calibration band {after.band_no}",
                )

    def _refuse(self, what: str, where: str) -> NoReturn:
        name = self.model_version or f"of {self.risk_type}"
        raise WarehouseError(
            f"the scorecard {name} cannot be used: {what}",
            where=where,
            remedy="fit a new version; rows of a version are never edited",
        )


def _not_covered(intervals: Sequence[_Interval]) -> str | None:
    """What keeps intervals (low, high] from holding every integer once; None when nothing does."""
    if not intervals:
        return "no interval at all"
    before: int | None = None
    for number, (low, high) in enumerate(intervals, start=1):
        told = f"interval {number} of {len(intervals)}, {low} < x <= {high}"
        if (low is None) != (number == 1) or (high is None) != (number == len(intervals)):
            return f"a wrong bound in {told}: the first and the last alone are unbounded"
        if any(bound is not None and abs(bound) > _BOUND for bound in (low, high)):
            return f"a bound beyond 64 bits in {told}"
        if low is not None and high is not None and low >= high:
            return f"no integer in {told}"
        if low is not None and before is not None and before != low:
            least, most = sorted((before, low))
            kind = "a hole: nothing holds" if before < low else "an overlap: two hold"
            return f"{kind} {least + 1} to {most}"
        before = high
    return None


def probability_micro(bands: Sequence[CalibrationBand], scores: Integers) -> Integers:
    """The probability of the band of each score, in millionths, int64; bands in order."""
    highs = np.array([band.high_points for band in bands[:-1]], dtype=np.int64)
    of_band = np.array([band.probability_micro for band in bands], dtype=np.int64)
    return of_band[np.searchsorted(highs, scores, side="left")]


def base_rate_micro(findings: int, labels: int) -> int:
    """Findings per label in millionths, rounded half up in integers."""
    return (2 * MICRO * findings + labels) // (2 * labels)
