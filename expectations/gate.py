"""Run a gate: evaluate every suite read-only, collect masked examples, store the verdict.

Add here what every gate must do. Keep out: single rules (suites/), the shape of a verdict
(verdict.py), and a top-level import of engine.py, which costs three CPU seconds.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from contracts.catalogue import CONTRACTS
from expectations import waivers as waiving
from expectations.rules import Rule, Suite
from expectations.verdict import (
    GateName,
    RuleResult,
    Verdict,
    load_verdict,
    require_passing,
    store_verdict,
    verdict_path,
)
from expectations.waivers import Waiver, Waivers
from foundation import disk, memory
from foundation.errors import UsageError

if TYPE_CHECKING:
    from expectations.engine import Evaluation, ReadOnlyWarehouse

__all__ = ["Verdict", "load_verdict", "require_passing", "run_gate"]

EXAMPLE_ROWS = 20
_EXAMPLE_CHARACTERS = 120
_SHOWN_CHARACTERS = 6
_MASK = "…"

# Of whom the sources say something personal: "consignee" of `consignee_name`.
_PARTIES = "|".join(
    sorted(
        {
            re.sub("_(name|phone|address|id_number)$", "", item.name)
            for contract in CONTRACTS.values()
            for item in contract.fields
            if item.personal is not None
        }
    )
)
_PERSONAL_COLUMN = re.compile(
    r"(_token|_party_id)$"
    rf"|^({_PARTIES})_(name|phone|address|id)"
    r"|^(_extra|raw_text)$"
)
_TOKEN_VALUE = re.compile(r"[0-9A-Za-z_-]+:[0-9a-f]{64}")


def run_gate(
    gate: GateName,
    suites: Sequence[Suite],
    *,
    database: Path,
    subject_hash: str,
    evidence: Path,
    waivers: Waivers | None = None,
    config: Mapping[str, str] = MappingProxyType({}),
) -> Verdict:
    """Judge `database` and store `<evidence>/<gate>.json`; the file is opened read-only.

    waivers: what the home holds (waivers.load_waivers); their own state becomes part of the
    verdict as suite `waivers` as soon as there is one file. config: DuckDB's, for the database
    (memory_limit, temp_directory).

    Returns the verdict whether it passed or not. Raises UsageError when there is nothing to judge
    (no file, no subject hash), OutOfMemory and DiskFull when the machine did not suffice to judge,
    which says nothing about the data. An earlier verdict is then gone too: nothing stale can pass.
    """
    verdict_path(evidence, gate).unlink(missing_ok=True)
    if not subject_hash:
        raise UsageError(
            "a gate needs the hash of what it judges", where=gate, remedy="pass subject_hash"
        )
    if not database.is_file():
        raise UsageError(
            f"{gate} has no database to judge", where=str(database), remedy="build it first"
        )
    problems = _declaration_problems(suites)
    results: list[RuleResult] = []
    desk = _WaiverDesk(gate, waivers or Waivers())
    if not problems:
        results, problems = _evaluate(suites, database, desk, config)
        _require_suited_machine(gate, database, results, problems, config)
    told = desk.report(suites)
    results.extend(told)
    verdict = Verdict(
        gate=gate,
        subject_hash=subject_hash,
        gx_version=version("great-expectations"),
        declared=sum(len(suite.rules) for suite in suites) + len(told),
        results=tuple(results),
        problems=tuple(problems),
    )
    store_verdict(verdict, evidence)
    return verdict


@dataclass
class _WaiverDesk:
    """The waivers of one gate run, and what came of them."""

    gate: GateName
    waivers: Waivers
    used: set[str] = field(default_factory=set)
    short: list[str] = field(default_factory=list)

    def applied(
        self, warehouse: "ReadOnlyWarehouse", suite: Suite, rule: Rule
    ) -> tuple[Waiver, ...]:
        """The waivers that together cover every failing row of the rule, else none."""
        named = self.waivers.of(self.gate, suite, rule) if rule.waivable else ()
        if not named:
            return ()
        failing = rule.check.failing_sql()
        columns, _ = warehouse.rows(suite, f"select * from ({failing}) as failing limit 0")
        left = waiving.uncovered(failing, named, columns).failing_sql()
        count = int(_scalar(warehouse, suite, f"select count(*) from ({left}) as failing"))
        if count == 0:
            self.used.update(waiver.file for waiver in named)
            return named
        ends = ", ".join(
            f"{waiver.file} ({waiver.from_day} to {waiver.to_day}"
            f"{'' if waiver.sender is None else f', sender {waiver.sender}'})"
            for waiver in named
        )
        self.short.append(f"{suite.name}.{rule.rule_id}: {count} findings lie outside {ends}")
        return ()

    def report(self, suites: Sequence[Suite]) -> list[RuleResult]:
        """Nothing for a home without waivers."""
        if self.waivers == Waivers():
            return []
        unusable = [
            *self.waivers.unusable,
            *waiving.misdirected(self.waivers, self.gate, suites),
        ]
        return waiving.report(unusable, self.short, len(self.used))


def _evaluate(
    suites: Sequence[Suite], database: Path, desk: _WaiverDesk, config: Mapping[str, str]
) -> tuple[list[RuleResult], list[str]]:
    """Every rule's result, and why the rest is missing."""
    # Versions of GX around the pinned one report usage unless told not to before the import.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    from expectations import engine

    results: list[RuleResult] = []
    try:
        with engine.open_read_only(database, config) as warehouse:
            for suite in suites:
                results.extend(_judge(warehouse, suite, desk))
    except engine.EvaluationError as error:
        return results, [str(error)]
    return results, []


def _require_suited_machine(
    gate: GateName,
    database: Path,
    results: Sequence[RuleResult],
    problems: Sequence[str],
    config: Mapping[str, str],
) -> None:
    """Raise when rules could not be evaluated for want of memory or disk: that is no verdict."""
    said = [(r.observed, f"{r.suite}.{r.rule_id}") for r in results if r.outcome == "error"]
    said += [(problem, str(database)) for problem in problems]
    for text, where in said:
        if memory.is_short(text):
            limit = config.get("memory_limit", "DuckDB's own")
            raise memory.short(gate, limit=limit, where=f"{where} on {database}")
        if disk.is_full(text):
            raise disk.full(database.parent, need=disk.bytes_of([database]), what=gate)


def _declaration_problems(suites: Sequence[Suite]) -> list[str]:
    """Why the gate cannot pass, whatever the data: nothing is evaluated then."""
    if not suites:
        return ["no suite was declared"]
    names = [suite.name for suite in suites]
    twice = sorted({name for name in names if names.count(name) > 1})
    empty = [f"suite {suite.name} declares no rule" for suite in suites if not suite.rules]
    return empty + [f"two suites are called {name}" for name in twice]


def _judge(warehouse: "ReadOnlyWarehouse", suite: Suite, desk: _WaiverDesk) -> list[RuleResult]:
    from expectations.engine import EvaluationError

    try:
        evaluations = warehouse.evaluate(suite)
    except EvaluationError as error:
        return [_result(suite, rule, "error", observed=str(error)) for rule in suite.rules]
    counted: dict[str, int] = {}
    return [
        _judge_rule(warehouse, suite, rule, evaluations.get(rule.rule_id), counted, desk)
        for rule in suite.rules
    ]


def _judge_rule(
    warehouse: "ReadOnlyWarehouse",
    suite: Suite,
    rule: Rule,
    evaluation: "Evaluation | None",
    counted: dict[str, int],
    desk: _WaiverDesk,
) -> RuleResult:
    """counted: examined counts of this suite by SQL text; most rules share one."""
    from expectations.engine import EvaluationError

    if evaluation is None or evaluation.error is not None:
        reason = "not evaluated" if evaluation is None else str(evaluation.error)
        return _result(suite, rule, "error", observed=reason)
    try:
        if rule.examined_sql not in counted:
            counted[rule.examined_sql] = int(_scalar(warehouse, suite, rule.examined_sql) or 0)
        examined = counted[rule.examined_sql]
        measure = None if rule.measure_sql is None else _scalar(warehouse, suite, rule.measure_sql)
        figure = _figure(warehouse, suite, rule)
        if evaluation.success:
            outcome = "passed" if examined else "nothing_to_check"
            return _result(
                suite,
                rule,
                outcome,
                observed=measure or f"0 / {examined}",
                examined=examined,
                measured=figure,
            )
        failing_sql = rule.check.failing_sql()
        failing = int(_scalar(warehouse, suite, f"select count(*) from ({failing_sql}) as failing"))
        examples = _examples(warehouse, suite, failing_sql)
        waived = desk.applied(warehouse, suite, rule)
    except EvaluationError as error:
        return _result(suite, rule, "error", observed=str(error))
    if failing != evaluation.unexpected_count:
        # Two independent counts of the same rows: a difference means one of them is wrong.
        reason = f"GX counts {evaluation.unexpected_count} failing rows, our SQL {failing}"
        return _result(suite, rule, "error", observed=reason, examined=examined)
    return _result(
        suite,
        rule,
        "waived" if waived else "failed",
        observed=measure or f"{failing} / {examined}",
        examined=examined,
        failing=failing,
        examples=examples,
        waived=waived,
        measured=figure,
    )


def _figure(warehouse: "ReadOnlyWarehouse", suite: Suite, rule: Rule) -> dict[str, Any] | None:
    if rule.measured is None:
        return None
    _, rows = warehouse.rows(suite, rule.measured.sql)
    value = rows[0][0] if rows else None
    return {
        "value": None if value is None else int(value),
        "unit_vi": rule.measured.unit_vi,
        "unit_en": rule.measured.unit_en,
        "low": rule.measured.low,
        "high": rule.measured.high,
    }


def _result(
    suite: Suite,
    rule: Rule,
    outcome: Any,
    *,
    observed: str,
    examined: int = 0,
    failing: int = 0,
    examples: tuple[dict[str, Any], ...] = (),
    waived: tuple[Waiver, ...] = (),
    measured: dict[str, Any] | None = None,
) -> RuleResult:
    return RuleResult(
        suite=suite.name,
        rule_id=rule.rule_id,
        severity=rule.severity,
        outcome=outcome,
        observed=observed,
        examined_count=examined,
        failing_count=failing,
        examples=examples,
        title_vi=rule.title_vi,
        title_en=rule.title_en,
        owner=rule.owner,
        what_to_do_vi=rule.what_to_do_vi,
        what_to_do_en=rule.what_to_do_en,
        waivers=tuple(waiver.document() for waiver in waived),
        measured=measured,
    )


def _scalar(warehouse: "ReadOnlyWarehouse", suite: Suite, sql: str) -> Any:
    _, rows = warehouse.rows(suite, sql)
    return rows[0][0]


def _examples(
    warehouse: "ReadOnlyWarehouse", suite: Suite, failing_sql: str
) -> tuple[dict[str, Any], ...]:
    """The first rows in the order of their own values: the same ones on every run."""
    names, rows = warehouse.rows(
        suite, f"select * from ({failing_sql}) as failing order by all limit {EXAMPLE_ROWS}"
    )
    return tuple(
        {name: masked(name, value) for name, value in zip(names, row, strict=True)} for row in rows
    )


def masked(column: str, value: Any) -> Any:
    """A value fit for a report: JSON-ready, short, without personal data or whole tokens."""
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)
    if _PERSONAL_COLUMN.search(column):
        # Half at most: six characters of a short name would be the name.
        return text[: min(_SHOWN_CHARACTERS, len(text) // 2)] + _MASK
    text = _TOKEN_VALUE.sub(lambda found: found.group()[:_SHOWN_CHARACTERS] + _MASK, text)
    return text if len(text) <= _EXAMPLE_CHARACTERS else text[:_EXAMPLE_CHARACTERS] + _MASK
