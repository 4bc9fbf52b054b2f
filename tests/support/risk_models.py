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
from scoring.model import Scorecard
from scoring.multipliers import INDICATOR_PREFIX
from tests.unit.scoring.cards import by_hand

# Feature of the scorecard by hand -> that of an indicator, which every warehouse computes.
_INDICATOR = {
    "margin": f"{INDICATOR_PREFIX}undervaluation",
    "mass": f"{INDICATOR_PREFIX}vague_description",
}
INDICATORS = frozenset(_INDICATOR.values())


def candidate(home: Home, intercept: int = -1500, risk_type: str = "undervaluation") -> str:
    """Store the scorecard by hand with another intercept; its version."""
    return store_candidate(
        home, replace(of_indicators(), intercept_points=intercept, risk_type=risk_type)
    )


def of_indicators() -> Scorecard:
    """The scorecard by hand as multipliers of two indicators, which every warehouse computes."""
    card = by_hand()
    return replace(
        card,
        kind="multipliers",
        bins=tuple(replace(row, feature=_INDICATOR[row.feature]) for row in card.bins),
        monotone={_INDICATOR[name]: way for name, way in card.monotone.items()},
    )


def promoted(home: Home, version: str, day: dt.date, reason: str = "for a test") -> Period:
    """Let it count from this day on."""
    return promote(
        home, version, valid_from=day, reason=reason, signed_by="a tester", computed=INDICATORS
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
