"""Risk models in a home: candidates that differ in one number, and promotions of them.

Add here another way in which tests let a version count. Keep out: expectations, fits
(tests/unit/scoring).
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from foundation.home import Home
from ledger.model_periods import Period
from runs.model_registry import promote, retire, store_candidate
from tests.unit.scoring.cards import by_hand

FEATURES = by_hand().features


def candidate(home: Home, intercept: int = -1500, risk_type: str = "undervaluation") -> str:
    """Store the scorecard by hand with another intercept; its version."""
    return store_candidate(
        home, replace(by_hand(), intercept_points=intercept, risk_type=risk_type)
    )


def promoted(home: Home, version: str, day: dt.date, reason: str = "for a test") -> Period:
    """Let it count from this day on."""
    return promote(
        home, version, valid_from=day, reason=reason, signed_by="a tester", computed=FEATURES
    )


def retired(home: Home, day: dt.date, risk_type: str = "undervaluation") -> Period:
    """Let the expert's points count from this day on."""
    return retire(home, risk_type, valid_from=day, reason="back", signed_by="a tester")


def document(home: Home, version: str) -> Path:
    """Where its document lies."""
    return home.models / f"{version}.json"


def edit(path: Path, old: str, new: str) -> None:
    """Change a document that is read-only, in its place."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.chmod(0o640)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
