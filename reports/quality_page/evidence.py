"""What the quality page is made of: the evidence files of one run, and of the runs before it.

Add here another evidence file that the page must show. Keep out: what it looks like (page.py) and
judging: a file that is missing or damaged is shown as missing, never guessed.
Reads at most TREND_RUNS earlier runs, so a page costs the same in year two.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foundation.home import Home
from foundation.run_index import EndedRun, latest

TREND_RUNS = 30
GATES = ("gate1", "gate2")


@dataclass(frozen=True)
class Moment:
    """One rule's answer in one run; outcome None: the run did not get that far."""

    run: EndedRun
    outcome: str | None
    severity: str | None = None
    failing_count: int | None = None
    value: int | None = None


@dataclass(frozen=True)
class RunEvidence:
    """Everything stored of one run.

    gates: verdict documents by gate, None when that gate left none. unreadable: files that are
    there and cannot be read. start: what the run started from. deliveries: see
    runs/evidence.py. failure: what stopped the run, when it was not a gate.
    """

    run: EndedRun
    gates: Mapping[str, Mapping[str, Any] | None]
    start: Mapping[str, Any] | None
    deliveries: Mapping[str, Any] | None
    failure: Mapping[str, Any] | None
    unreadable: tuple[str, ...] = ()
    earlier: tuple["RunEvidence", ...] = field(default=())

    def answers(self) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        """(gate, suite, rule) -> stored result."""
        return {
            (gate, result["suite"], result["rule_id"]): result
            for gate, verdict in self.gates.items()
            if verdict is not None
            for result in verdict["results"]
        }

    def moments(self, key: tuple[str, str, str]) -> list[Moment]:
        """The rule through the runs before this one and this one, oldest first."""
        found = []
        for evidence in (*self.earlier, self):
            answer = evidence.answers().get(key)
            if answer is None:
                found.append(Moment(evidence.run, None))
                continue
            measured = answer.get("measured") or {}
            found.append(
                Moment(
                    evidence.run,
                    answer["outcome"],
                    answer["severity"],
                    answer["failing_count"],
                    measured.get("value"),
                )
            )
        return found


def evidence_of(home: Home, run: EndedRun) -> RunEvidence:
    """The evidence of one run alone."""
    return _read(home, run)


def read_run(home: Home, run: EndedRun) -> RunEvidence:
    """The evidence of `run`, with that of the runs that ended before it."""
    before = [other for other in latest(home, TREND_RUNS) if other.run_id != run.run_id]
    earlier = tuple(_read(home, other) for other in before[-(TREND_RUNS - 1) :])
    own = _read(home, run)
    return RunEvidence(
        run=own.run,
        gates=own.gates,
        start=own.start,
        deliveries=own.deliveries,
        failure=own.failure,
        unreadable=own.unreadable,
        earlier=earlier,
    )


def _read(home: Home, run: EndedRun) -> RunEvidence:
    folder = home.runs / run.run_id
    unreadable: list[str] = []

    def document(name: str) -> Mapping[str, Any] | None:
        path = folder / name
        if not path.is_file():
            return None
        try:
            return _checked(name, json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError):
            unreadable.append(name)
            return None

    return RunEvidence(
        run=run,
        gates={gate: document(f"{gate}.json") for gate in GATES},
        start=document("start.json"),
        deliveries=document("deliveries.json"),
        failure=document("failure.json"),
        unreadable=tuple(unreadable),
    )


def _checked(name: str, document: Any) -> Mapping[str, Any]:
    """Raises TypeError or KeyError unless the document has the parts the page reads."""
    if not isinstance(document, dict):
        raise TypeError(name)
    if Path(name).stem in GATES:
        for result in document["results"]:
            for part in ("suite", "rule_id", "outcome", "severity", "failing_count", "observed"):
                result[part]
    return document
