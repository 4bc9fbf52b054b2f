"""Rows of one indicator rank among themselves where a model tells strengths apart, by hand.

Not claimed: where a fit cuts strengths and what a grade is worth (tests/unit/scoring).
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.golden.risk_case import MODELS, Row, prepare, priced
from tests.support.dbt_run import dbt_process, rows_of

DAY = dt.date(2026, 11, 10)
BEFORE = DAY - dt.timedelta(days=1)
VERSION = "undervaluation-2026-11-09-0a1b2c3d"
MODEL = {"model_version": VERSION, "risk_type": "undervaluation"}
# The limit of 30 peers at 100,000 a kilogram is 73,130 (test_risk_indicators.py).
VALUES = {"just": 73_129, "half": 36_565, "less": 36_527, "tenth": 7_313}
# 1 - value / 73,130 in thousandths; at least 1, since it fires.
STRENGTHS = {"just": 1, "half": 500, "less": 501, "tenth": 900}


def rows() -> list[Row]:
    peers = [priced(f"peer-{n}", BEFORE, "8517", "CN", 100_000) for n in range(30)]
    return peers + [priced(name, DAY, "8517", "CN", value) for name, value in VALUES.items()]


def model(*grades: tuple[int | None, int | None, int]) -> dict[str, list[Row]]:
    """A model of the indicator: missing and not fired add nothing, then these grades."""
    bins = [(None, None, 0), (None, 0, 0), *grades]
    counts = {"n": 5, "findings": 1}
    return {
        "risk_model_version": [
            MODEL | {"kind": "multipliers", "valid_from": DAY, "intercept_points": -1000}
        ],
        "risk_model_bin": [
            MODEL
            | {"feature": "indicator_undervaluation", "bin_no": number, "low_milli": low,
               "high_milli": high, "points": points}
            for number, (low, high, points) in enumerate(bins)
        ],
        # equal scores share a band: with one grade there may be one
        "risk_model_calibration": [
            MODEL | {"band_no": 1, "high_points": -500, "probability_micro": 200_000, **counts},
            MODEL | {"band_no": 2, "low_points": -500, "probability_micro": 400_000, **counts},
        ]
        if len(grades) > 1
        else [MODEL | {"band_no": 1, "probability_micro": 200_000, **counts}],
    }  # fmt: skip


def points(home: Path, raw: dict[str, list[Row]]) -> dict[str, tuple[Any, ...]]:
    """Name -> strength, points of the indicator, score and probability."""
    prepare(home, rows(), (BEFORE, DAY), raw)
    dbt_process(home, ("run", "--select", *MODELS))
    found = rows_of(
        home,
        "select substr(consignment_id, 3), strength_milli, points, score_points, "
        "probability_micro "
        "from risk.fct_risk_indicators inner join risk.fct_risk_scores "
        "using (consignment_id, day, risk_type) "
        f"where risk_type = 'undervaluation' and day = date '{DAY}'",
    )
    return {name: tuple(rest) for name, *rest in found}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # a grade holds its upper edge, and the score is the sum as ever
        (
            model((0, 500, 300), (500, 800, 700), (800, None, 900)),
            {
                "just": (300, -700, 200_000),
                "half": (300, -700, 200_000),
                "less": (700, -300, 400_000),
                "tenth": (900, -100, 400_000),
            },
        ),
        (model((0, None, 300)), dict.fromkeys(VALUES, (300, -700, 200_000))),
        ({}, dict.fromkeys(VALUES, (40, 40, None))),
    ],
    ids=["grades", "one grade", "expert"],
)
def test_a_stronger_one_has_the_points_of_its_grade(
    tmp_path: Path, raw: dict[str, list[Row]], expected: dict[str, tuple[Any, ...]]
) -> None:
    assert points(tmp_path, raw) == {
        name: (STRENGTHS[name], *of_name) for name, of_name in expected.items()
    }
