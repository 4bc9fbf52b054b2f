"""The durable answer of a gate, bound to the hash of what was examined; it fails closed.

Add here a field that whoever acts on a verdict must see. Keep out: evaluation (gate.py), clocks.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from foundation.errors import GateRefusal
from foundation.faults import fault_point
from foundation.files import canonical_json, write_atomically

GateName = Literal["gate1", "gate2"]
Outcome = Literal["passed", "failed", "waived", "nothing_to_check", "error"]
Status = Literal["passed", "passed_with_warnings", "failed"]


@dataclass(frozen=True)
class RuleResult:
    """One rule's answer. examples: at most 20 masked rows, JSON-ready.

    waivers: the waiver files that cover the failing rows (file, sha256, reason, signed_by, ...);
    only with the outcome `waived`, which keeps counts and examples: a waiver hides nothing.
    measured: the rule's figure for the trend (value, unit_vi, unit_en, low, high), None without.
    """

    suite: str
    rule_id: str
    severity: str
    outcome: Outcome
    observed: str
    examined_count: int
    failing_count: int
    examples: tuple[dict[str, Any], ...]
    title_vi: str
    title_en: str
    owner: str
    what_to_do_vi: str
    what_to_do_en: str
    waivers: tuple[dict[str, str], ...] = ()
    measured: dict[str, Any] | None = None

    @property
    def stops(self) -> bool:
        """Whether work must not go on because of this rule."""
        return self.severity == "critical" and self.outcome in ("failed", "error")

    @property
    def passed(self) -> bool:
        """Nothing to check passes, and says so in `outcome`."""
        return self.outcome in ("passed", "nothing_to_check")

    @property
    def told(self) -> str:
        """The rule, what was observed, and the sources and senders that its examples name."""
        named = [
            f"; {word}: {', '.join(found)}"
            for word, keys in (("source", ("source", "source_name")), ("sender", ("sender",)))
            if (found := sorted({str(row[k]) for row in self.examples for k in keys if row.get(k)}))
        ]
        rule = f"{self.suite}.{self.rule_id}"
        return f"{rule}: {self.title_en} (observed {self.observed}{''.join(named)})"


@dataclass(frozen=True)
class Verdict:
    """All answers of one gate on one subject. problems: why the gate as a whole cannot pass."""

    gate: str
    subject_hash: str
    gx_version: str
    declared: int
    results: tuple[RuleResult, ...]
    problems: tuple[str, ...] = ()

    @property
    def evaluated(self) -> int:
        """Rules that gave an answer."""
        return sum(result.outcome != "error" for result in self.results)

    @property
    def status(self) -> Status:
        """Our own mapping: GX's success knows no severity and calls an empty suite a success."""
        complete = 0 < self.declared == self.evaluated == len(self.results)
        failed = [result for result in self.results if not result.passed]
        if not complete or self.problems or any(result.stops for result in self.results):
            return "failed"
        noted = any(r.severity == "warning" or r.outcome == "waived" for r in failed)
        return "passed_with_warnings" if noted else "passed"

    @property
    def passed(self) -> bool:
        """Whether work may go on."""
        return self.status != "failed"

    def failures(self) -> tuple[RuleResult, ...]:
        """Every rule that did not pass, of any severity, in declared order."""
        return tuple(result for result in self.results if not result.passed)

    def document(self) -> dict[str, Any]:
        """The evidence file's content; `verdict_sha256` covers everything else."""
        body: dict[str, Any] = {
            "gate": self.gate,
            "subject_hash": self.subject_hash,
            "gx_version": self.gx_version,
            "declared": self.declared,
            "evaluated": self.evaluated,
            "status": self.status,
            "passed": self.passed,
            "problems": list(self.problems),
            "results": [
                asdict(result)
                | {
                    "examples": list(result.examples),
                    "waivers": list(result.waivers),
                    "passed": result.passed,
                }
                for result in self.results
            ],
        }
        return body | {"verdict_sha256": _hash(body)}

    def rows(self) -> list[dict[str, Any]]:
        """One row per rule for quality.fct_gate_results; keys as foundation.gate_results."""
        return [
            {
                "gate": self.gate,
                "suite": result.suite,
                "rule_id": result.rule_id,
                "severity": result.severity,
                "passed": result.passed,
                "outcome": result.outcome,
                "observed": result.observed,
                "examined_count": result.examined_count,
                "failing_count": result.failing_count,
                "examples_json": json.dumps(list(result.examples), ensure_ascii=False),
                "waivers_json": json.dumps(list(result.waivers), ensure_ascii=False),
                "title_vi": result.title_vi,
                "title_en": result.title_en,
                "owner": result.owner,
                "what_to_do_vi": result.what_to_do_vi,
                "what_to_do_en": result.what_to_do_en,
            }
            for result in self.results
        ]


def _hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def verdict_path(evidence: Path, gate: str) -> Path:
    """Where a gate's verdict lies in a run's evidence folder."""
    return evidence / f"{gate}.json"


def store_verdict(verdict: Verdict, evidence: Path) -> Path:
    """Write `<evidence>/<gate>.json` whole or not at all."""
    path = verdict_path(evidence, verdict.gate)
    fault_point("before_verdict")
    write_atomically(path, canonical_json(verdict.document()) + "\n")
    fault_point("verdict_stored")
    return path


def load_verdict(path: Path) -> Verdict:
    """The verdict in `path`.

    Raises GateRefusal when the file is missing, unreadable, altered, or contradicts itself.
    """
    remedy = "run the gate again; a verdict is never edited"
    if not path.is_file():
        raise GateRefusal("there is no verdict of this gate", where=str(path), remedy=remedy)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        stated = document.pop("verdict_sha256")
        results = tuple(_result(entry) for entry in document["results"])
        verdict = Verdict(
            gate=document["gate"],
            subject_hash=document["subject_hash"],
            gx_version=document["gx_version"],
            declared=document["declared"],
            results=results,
            problems=tuple(document["problems"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GateRefusal(
            f"the verdict cannot be read ({type(error).__name__})", where=str(path), remedy=remedy
        ) from error
    if _hash(document) != stated or verdict.document()["verdict_sha256"] != stated:
        raise GateRefusal("the verdict was altered", where=str(path), remedy=remedy)
    return verdict


def _result(entry: dict[str, Any]) -> RuleResult:
    fields = {name: value for name, value in entry.items() if name != "passed"}
    lists = {name: tuple(fields[name]) for name in ("examples", "waivers")}
    return RuleResult(**fields | lists)


def require_passing(path: Path, gate: GateName, subject_hash: str) -> Verdict:
    """The verdict in `path`, when it lets work on `subject_hash` go on.

    Raises GateRefusal when it is missing, altered, of another gate or subject, incomplete, failed.
    """
    verdict = load_verdict(path)
    if verdict.gate != gate:
        raise GateRefusal(
            f"the verdict is of {verdict.gate}, not of {gate}",
            where=str(path),
            remedy=f"run {gate}",
        )
    if not subject_hash or verdict.subject_hash != subject_hash:
        raise GateRefusal(
            f"the verdict of {gate} was given for other content",
            where=str(path),
            remedy=f"run {gate} on the content that is to be used",
        )
    if verdict.declared != verdict.evaluated or not verdict.declared:
        raise GateRefusal(
            f"{gate} evaluated {verdict.evaluated} of {verdict.declared} rules",
            where=str(path),
            remedy="see the results with outcome 'error' and the problems in the verdict",
        )
    if not verdict.passed:
        critical = [f"{r.suite}.{r.rule_id}" for r in verdict.results if r.stops]
        raise GateRefusal(
            f"{gate} failed: {', '.join([*critical, *verdict.problems])}",
            where=str(path),
            remedy="see what_to_do of the failing rules in the verdict",
        )
    return verdict
