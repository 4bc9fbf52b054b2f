"""The page's model: stored evidence as what each part of the page shows, in reading order.

Add here a part of the page. Keep out: markup (template), fixed words (texts.py), reading files
(evidence.py). Nothing here judges: outcomes are those of the verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.facts import Words
from reports.owners import Owner, Owners
from reports.quality_page import texts
from reports.quality_page.evidence import GATES, RunEvidence
from reports.quality_page.trend import Trend, kind_of, trend_of

_URGENCY = ("stop", "warn", "waived", "note", "ok", "none")
_FACTS = (
    ("inputs_hash", "inputs_hash"),
    ("code", "code_sha256"),
    ("seeds", "seeds_sha256"),
    ("lock", "lock_sha256"),
)


@dataclass(frozen=True)
class RuleLine:
    """One rule of one gate. kind: see trend.kind_of."""

    gate: str
    suite: str
    suite_name: Words
    rule_id: str
    kind: str
    severity: str
    title: Words
    seen: Words
    act: Words
    owner: Owner
    steward: Owner | None
    trend: Trend
    unit: Words | None
    low: int | None
    high: int | None
    failing_count: int
    columns: tuple[str, ...]
    examples: tuple[tuple[Any, ...], ...]
    waivers: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class SuiteBlock:
    """The rules of one suite. passed, judged: of the rules that had something to check."""

    name: Words
    kind: str
    lines: tuple[RuleLine, ...]
    passed: int
    judged: int


@dataclass(frozen=True)
class GateBlock:
    """One gate; suites empty and document None when it left no verdict."""

    name: Words
    document: Mapping[str, Any] | None
    suites: tuple[SuiteBlock, ...]

    @property
    def is_incomplete(self) -> bool:
        """Whether fewer rules gave an answer than were declared."""
        return self.document is not None and (
            self.document.get("evaluated") != self.document.get("declared")
        )


@dataclass(frozen=True)
class Page:
    """Everything the template shows."""

    evidence: RunEvidence
    banner_kind: str
    headline: Words
    meaning: Words
    counts: Mapping[str, int]
    to_do: tuple[RuleLine, ...]
    gates: tuple[GateBlock, ...]
    waivers: tuple[Mapping[str, str], ...]
    facts: tuple[tuple[Words, str], ...]
    owners_unreadable: bool


def page_of(evidence: RunEvidence, owners: Owners, *, owners_unreadable: bool = False) -> Page:
    """The model of one run's page."""
    gates = tuple(_gate(evidence, gate, owners) for gate in GATES)
    lines = [line for gate in gates for suite in gate.suites for line in suite.lines]
    counts = {kind: sum(line.kind == kind for line in lines) for kind in _URGENCY}
    waivers = {waiver["file"]: waiver for line in lines for waiver in line.waivers}
    banner_kind, headline, meaning = _banner(evidence, counts)
    return Page(
        evidence=evidence,
        banner_kind=banner_kind,
        headline=headline,
        meaning=meaning,
        counts=counts,
        to_do=tuple(
            sorted(
                (line for line in lines if line.kind in ("stop", "warn", "waived", "note")),
                key=lambda line: _URGENCY.index(line.kind),
            )
        ),
        gates=gates,
        waivers=tuple(waivers.values()),
        facts=tuple(_facts(evidence)),
        owners_unreadable=owners_unreadable,
    )


def words(text: str) -> Words:
    """A stored text that may hold both languages as "vi | en"."""
    first, separator, second = text.partition(" | ")
    return Words(first, second if separator else first)


def _banner(evidence: RunEvidence, counts: Mapping[str, int]) -> tuple[str, Words, Words]:
    status = evidence.run.status
    key = status if status in texts.BANNERS else "failed"
    if status == "published" and (counts["warn"] or counts["waived"]):
        key = "published_with_warnings"
    headline, meaning = texts.BANNERS[key]
    base = (evidence.start or {}).get("base_release")
    earlier = texts.EARLIER_RELEASE if base else texts.NO_RELEASE
    filled = Words(
        *(
            text.format(release=evidence.run.release_id, base=before.format(release=base or ""))
            for text, before in zip(meaning, earlier, strict=True)
        )
    )
    kind = {"published": "ok", "published_with_warnings": "warn", "partial": "none"}.get(
        key, "stop"
    )
    return kind, headline, filled


def _gate(evidence: RunEvidence, gate: str, owners: Owners) -> GateBlock:
    document = evidence.gates[gate]
    if document is None:
        return GateBlock(texts.GATES[gate], None, ())
    by_suite: dict[str, list[RuleLine]] = {}
    for result in document["results"]:
        line = _line(evidence, gate, result, owners)
        by_suite.setdefault(line.suite, []).append(line)
    return GateBlock(
        texts.GATES[gate], document, tuple(_suite(lines) for lines in by_suite.values())
    )


def _suite(lines: list[RuleLine]) -> SuiteBlock:
    worst = min((line.kind for line in lines), key=_URGENCY.index)
    judged = [line for line in lines if line.kind != "none"]
    return SuiteBlock(
        name=lines[0].suite_name,
        kind=worst,
        lines=tuple(lines),
        passed=sum(line.kind == "ok" for line in judged),
        judged=len(judged),
    )


def _line(evidence: RunEvidence, gate: str, result: Mapping[str, Any], owners: Owners) -> RuleLine:
    suite, rule_id = result["suite"], result["rule_id"]
    measured = result.get("measured") or {}
    low, high = measured.get("low"), measured.get("high")
    examples = result.get("examples") or []
    columns = tuple(dict.fromkeys(name for row in examples for name in row))
    unit = Words(measured["unit_vi"], measured["unit_en"]) if measured else None
    return RuleLine(
        gate=gate,
        suite=suite,
        suite_name=texts.SUITES.get(suite, Words(suite, suite)),
        rule_id=rule_id,
        kind=kind_of(result["outcome"], result["severity"]),
        severity=result["severity"],
        title=Words(result.get("title_vi", rule_id), result.get("title_en", rule_id)),
        seen=words(str(result["observed"])),
        act=Words(result.get("what_to_do_vi", ""), result.get("what_to_do_en", "")),
        owner=owners.of_role(result.get("owner", "")),
        steward=owners.suites.get(suite),
        trend=trend_of(evidence.moments((gate, suite, rule_id)), low, high),
        unit=unit,
        low=low,
        high=high,
        failing_count=result["failing_count"],
        columns=columns,
        examples=tuple(tuple(row.get(name) for name in columns) for row in examples),
        waivers=tuple(result.get("waivers") or ()),
    )


def _facts(evidence: RunEvidence) -> Iterable[tuple[Words, str]]:
    start = evidence.start or {}
    yield texts.LABELS["run"], evidence.run.run_id
    yield texts.LABELS["release"], evidence.run.release_id or "—"
    yield texts.LABELS["base"], start.get("base_release") or "—"
    yield texts.LABELS["inputs"], str(len(start.get("inputs", ())))
    for label, key in _FACTS:
        if key in start:
            yield texts.LABELS[label], start[key]
    for gate in GATES:
        document = evidence.gates[gate]
        if document is not None:
            verdict, named = texts.LABELS["verdict"], texts.GATES[gate]
            short = [name.split(":", 1)[0] for name in named]
            titled = Words(f"{verdict.vi} ({short[0]})", f"{verdict.en} ({short[1]})")
            yield titled, str(document.get("verdict_sha256", "—"))
