"""Models that both engines read: a scorecard of every feature that the warehouse computes, made by
hand, and a second table of item names.

Add here a feature when the seed risk_model_features gains one (the test of parity looks). Keep out:
what a fit would believe; these points only have to differ from bin to bin.
"""

import csv
import datetime as dt
from dataclasses import replace

from foundation.home import Home
from ingest.items.calibration import LEAST_BOUND
from ingest.items.document import ItemDocument
from ingest.items.table import ItemModel, read_model
from runs.dbt_project import model_features
from runs.model_registry import promote, store_candidate, store_item_names
from runs.settings import DBT_PROJECT
from scoring.model import Bin, CalibrationBand, Scorecard

RISK_TYPE = "undervaluation"
_ROWS, _FINDINGS = 90, 9
# Feature -> two inner bounds, in thousandths, that the synthetic flow crosses.
_EDGES = {
    "departure_differs": (-1, 0),
    "departure_share_milli": (300, 900),
    "log_mass": (-1500, 500),
    "log_value": (10_500, 12_500),
    "mass_roundness": (0, 1000),
    "rate_above_best_milli": (-1, 0),
    "schedule_share_milli": (300, 900),
}
_PROFILE_EDGES = (-2200, -1800)


def let_a_scorecard_count(home: Home, first_day: dt.date) -> str:
    """Promote it in this home from `first_day` on; its version."""
    version = store_candidate(home, scorecard())
    promote(
        home,
        version,
        valid_from=first_day,
        reason="both engines must score alike",
        signed_by="benchmarks.parity",
        computed=model_features(),
    )
    return version


def let_item_names_count(home: Home, first_day: dt.date) -> str:
    """Promote another table of item names from `first_day` on, so that the days before have the
    shipped one: its words with a lower bound, so that more names have an answer. Its version."""
    shipped = read_model()
    lower = replace(shipped.calibration, bound_micro=LEAST_BOUND)
    table = ItemDocument(
        ItemModel(shipped.points, lower),
        dt.date(2026, 1, 1),
        dt.date(2026, 1, 2),
        labels=1,
        names=1,
        limits={"names": 1},
    )
    version = store_item_names(home, table)
    promote(
        home,
        version,
        valid_from=first_day,
        reason="both engines must read names alike",
        signed_by="benchmarks.parity",
        computed=(),
    )
    return version


def scorecard() -> Scorecard:
    """Four bins a feature: missing, low, middle, high; profiles never fall."""
    path = DBT_PROJECT / "seeds" / "rules" / "risk_model_features.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        features = {row["feature"]: row for row in csv.DictReader(stream)}
    bins: list[Bin] = []
    for number, (feature, row) in enumerate(sorted(features.items()), start=1):
        low, high = _PROFILE_EDGES if feature.startswith("profile_") else _EDGES[feature]
        parts = ((0, None, None), (1, None, low), (2, low, high), (3, high, None))
        bins += [
            Bin(
                feature, bin_no, at_least, at_most, points=(bin_no or 1) * number, n_train=n,
                findings_train=n // 10, reason_id=row["reason_id"],
            )
            for (bin_no, at_least, at_most), n in zip(parts, (0, 30, 30, 30), strict=True)
        ]  # fmt: skip
    return Scorecard(
        model_version="",
        risk_type=RISK_TYPE,
        kind="scorecard",
        intercept_points=-2000,
        base_rate_micro=100_000,
        trained_on_from=dt.date(2026, 1, 1),
        trained_on_to=dt.date(2026, 1, 2),
        labels=_ROWS,
        findings=_FINDINGS,
        seed=0,
        settings={"limits": {"labels": 1, "findings": 1}},
        monotone={name: 1 for name in features if name.startswith("profile_")},
        bins=tuple(bins),
        calibration=(
            CalibrationBand(1, None, -1900, 50_000, 45, 2),
            CalibrationBand(2, -1900, None, 150_000, 45, 7),
        ),
        evaluation={},
    )
