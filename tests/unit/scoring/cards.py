"""Scorecards and rows that the tests of this folder share."""

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np

from scoring.inputs import Limits
from scoring.model import Bin, CalibrationBand, Scorecard

DAYS = (dt.date(2026, 11, 1), dt.date(2026, 11, 12))
FEW = Limits(labels=100, findings=20)
LEAST, MOST = -(2**63), 2**63 - 1


def by_hand() -> Scorecard:
    """Two features; every number below is chosen so that scores can be added in the head.

    margin (thousandths of a rate, rising): missing 0, x <= 0: -200, 0 < x <= 50: 0, above: 700.
    mass (grams): missing 300, x <= 1000: 150, above: 0. Intercept -1500.
    """
    bins = (
        Bin("margin", 0, None, None, 0, 10, 1),
        Bin("margin", 1, None, 0, -200, 30, 2),
        Bin("margin", 2, 0, 50, 0, 40, 7),
        Bin("margin", 3, 50, None, 700, 20, 10, "margin"),
        Bin("mass", 0, None, None, 300, 5, 2, "mass"),
        Bin("mass", 1, None, 1000, 150, 15, 4, "mass"),
        Bin("mass", 2, 1000, None, 0, 80, 14),
    )
    return Scorecard(
        model_version="",
        risk_type="undervaluation",
        kind="scorecard",
        intercept_points=-1500,
        base_rate_micro=200_000,
        trained_on_from=DAYS[0],
        trained_on_to=DAYS[1],
        labels=100,
        findings=20,
        seed=1,
        settings={
            "rounds": 400,
            "learning_rate": 0.05,
            "seeds": [1, 2, 3],
            "limits": {"labels": 1, "findings": 1},
        },
        monotone={"margin": 1},
        bins=bins,
        calibration=(
            CalibrationBand(1, None, -1500, 120_000, 60, 7),
            CalibrationBand(2, -1500, -900, 250_000, 30, 8),
            CalibrationBand(3, -900, None, 500_000, 10, 5),
        ),
        evaluation={"auc": 0.6125, "lời": "chưa đo"},
    )


def with_bin(card: Scorecard, feature: str, bin_no: int, /, **changes: Any) -> Scorecard:
    """The card with one row changed."""
    return replace(
        card,
        bins=tuple(
            replace(row, **changes) if (row.feature, row.bin_no) == (feature, bin_no) else row
            for row in card.bins
        ),
    )


def made_up(rows: int, seed: int = 0, features: int = 12) -> tuple[dict[str, Any], Any]:
    """Features f00, f01, ... (every third with missing values) and labels that follow some of them.

    f00 rises with risk; f01 has no value below 0; every fourth has four values.
    """
    random = np.random.default_rng(seed)
    logit = np.full(rows, -1.6)
    columns: dict[str, Any] = {}
    for number in range(features):
        values = random.normal(0, 2000, rows).astype(np.int64)
        if number % 4 == 1:
            values = random.integers(0, 4, rows) * 1000
        missing = random.random(rows) < (0.2 if number % 3 == 0 else 0.0)
        effect = 0.8 * (values > 1500) * (number % 5 != 4)
        logit += np.where(missing, 0.3, effect)
        columns[f"f{number:02}"] = np.ma.array(values, mask=missing)
    labels = random.random(rows) < 1 / (1 + np.exp(-logit + logit.mean() - (-1.4)))
    return columns, labels
