"""Every risk model of a home with what became of it: never promoted, in force, or replaced.

Defines: `ListedModel`, `listing`. Add here another fact by which people choose among versions.
Keep out: how a version comes to count (model_registry.py) and printing (cli).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from foundation.errors import WarehouseError
from foundation.home import Home
from ledger.chain import Ledger
from ledger.model_periods import ITEM_NAMES, PROMOTION, Candidate, Period, candidates, periods
from runs.model_registry import read_card, read_item_names
from scoring.model import Scorecard

State = Literal["candidate", "in force", "retired"]


@dataclass(frozen=True)
class ListedModel:
    """A version and what became of it.

    periods: in which it counts. card: None of a table of item names, and when its document is
    damaged, which `problem` names.
    """

    candidate: Candidate
    state: State
    periods: tuple[Period, ...]
    card: Scorecard | None
    problem: str | None

    @property
    def auc(self) -> float | None:
        """The area under the curve that its evaluation states; None when it states none."""
        return _auc({} if self.card is None else self.card.evaluation)

    @property
    def told(self) -> str:
        """What became of it, in words."""
        if self.state != "in force":
            return self.state
        return "in force " + ", ".join(
            f"{one.valid_from}..{'' if one.valid_to is None else one.valid_to}"
            for one in self.periods
        )

    @property
    def _kind(self) -> str | None:
        if self.candidate.risk_type == ITEM_NAMES:
            return ITEM_NAMES
        return None if self.card is None else self.card.kind

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        one = self.candidate
        return {
            "model_version": one.version,
            "risk_type": one.risk_type,
            "kind": self._kind,
            "state": self.state.replace(" ", "_"),
            "periods": [period_to_json(period) for period in self.periods],
            "trained_on_from": one.trained_on_from.isoformat(),
            "trained_on_to": one.trained_on_to.isoformat(),
            "labels": one.labels,
            "findings": one.findings,
            "is_calibrated": bool(self.card and self.card.calibration),
            "auc": self.auc,
            "sha256": one.sha256,
            "problem": self.problem,
        }


def listing(home: Home) -> tuple[list[ListedModel], Mapping[str, Sequence[Period]]]:
    """Every version by risk type and in order of arrival, and the periods of each risk type."""
    entries = Ledger(home.ledger).entries()
    found = periods(entries)
    promoted = {entry.body["version"] for entry in entries if entry.kind == PROMOTION}
    listed = []
    for one in sorted(candidates(entries).values(), key=lambda one: one.risk_type):
        own = tuple(p for p in found.get(one.risk_type, ()) if p.version == one.version)
        state: State = "in force" if own else "retired" if one.version in promoted else "candidate"
        card, problem = None, None
        try:
            if one.risk_type == ITEM_NAMES:
                read_item_names(home, one.version, entries)
            else:
                card = read_card(home, one.version, entries)
        except WarehouseError as error:
            problem = error.what
        listed.append(ListedModel(one, state, own, card, problem))
    return listed, found


def period_to_json(period: Period) -> dict[str, Any]:
    """JSON-ready."""
    return {
        "risk_type": period.risk_type,
        "model_version": period.version,
        "valid_from": period.valid_from.isoformat(),
        "valid_to": None if period.valid_to is None else period.valid_to.isoformat(),
        "reason": period.reason,
        "signed_by": period.signed_by,
    }


def _auc(evaluation: Mapping[str, Any]) -> float | None:
    """That of rows the model had not seen (calibration.py), or the only one that is stated."""
    unseen = evaluation.get("out_of_fold")
    for place in (unseen if isinstance(unseen, dict) else {}, evaluation):
        if isinstance(place.get("auc"), float | int):
            return float(place["auc"])
    return None
