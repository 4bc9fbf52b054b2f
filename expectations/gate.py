"""Run a gate: evaluate every suite read-only, collect masked examples, store the verdict.

Add here what every gate must do. Keep out: single rules (suites/), the shape of a verdict
(verdict.py), and a top-level import of engine.py, which costs three CPU seconds.
"""

import os
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from foundation.errors import UsageError

if TYPE_CHECKING:
    from expectations.engine import Evaluation, ReadOnlyWarehouse

__all__ = ["Verdict", "load_verdict", "require_passing", "run_gate"]

EXAMPLE_ROWS = 20
_EXAMPLE_CHARACTERS = 120
_SHOWN_CHARACTERS = 6
_MASK = "…"

_PERSONAL_COLUMN = re.compile(
    r"(_token|_party_id)$"
    r"|^(consignee|consignor|importer|declarant|inspector|seller)_(name|phone|address|id)"
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
) -> Verdict:
    """Judge `database` and store `<evidence>/<gate>.json`; the file is opened read-only.

    Returns the verdict whether it passed or not. Raises UsageError when there is nothing to judge
    (no file, no subject hash); an earlier verdict is then gone too, so nothing stale can pass.
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
    if not problems:
        results, problems = _evaluate(suites, database)
    verdict = Verdict(
        gate=gate,
        subject_hash=subject_hash,
        gx_version=version("great-expectations"),
        declared=sum(len(suite.rules) for suite in suites),
        results=tuple(results),
        problems=tuple(problems),
    )
    store_verdict(verdict, evidence)
    return verdict


def _evaluate(suites: Sequence[Suite], database: Path) -> tuple[list[RuleResult], list[str]]:
    """Every rule's result, and why the rest is missing."""
    # Versions of GX around the pinned one report usage unless told not to before the import.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    from expectations import engine

    results: list[RuleResult] = []
    try:
        with engine.open_read_only(database) as warehouse:
            for suite in suites:
                results.extend(_judge(warehouse, suite))
    except engine.EvaluationError as error:
        return results, [str(error)]
    return results, []


def _declaration_problems(suites: Sequence[Suite]) -> list[str]:
    """Why the gate cannot pass, whatever the data: nothing is evaluated then."""
    if not suites:
        return ["no suite was declared"]
    names = [suite.name for suite in suites]
    twice = sorted({name for name in names if names.count(name) > 1})
    empty = [f"suite {suite.name} declares no rule" for suite in suites if not suite.rules]
    return empty + [f"two suites are called {name}" for name in twice]


def _judge(warehouse: "ReadOnlyWarehouse", suite: Suite) -> list[RuleResult]:
    from expectations.engine import EvaluationError

    try:
        evaluations = warehouse.evaluate(suite)
    except EvaluationError as error:
        return [_result(suite, rule, "error", observed=str(error)) for rule in suite.rules]
    counted: dict[str, int] = {}
    return [
        _judge_rule(warehouse, suite, rule, evaluations.get(rule.rule_id), counted)
        for rule in suite.rules
    ]


def _judge_rule(
    warehouse: "ReadOnlyWarehouse",
    suite: Suite,
    rule: Rule,
    evaluation: "Evaluation | None",
    counted: dict[str, int],
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
        if evaluation.success:
            outcome = "passed" if examined else "nothing_to_check"
            return _result(
                suite, rule, outcome, observed=measure or f"0 / {examined}", examined=examined
            )
        failing_sql = rule.check.failing_sql()
        failing = int(_scalar(warehouse, suite, f"select count(*) from ({failing_sql}) as failing"))
        examples = _examples(warehouse, suite, failing_sql)
    except EvaluationError as error:
        return _result(suite, rule, "error", observed=str(error))
    if failing != evaluation.unexpected_count:
        # Two independent counts of the same rows: a difference means one of them is wrong.
        reason = f"GX counts {evaluation.unexpected_count} failing rows, our SQL {failing}"
        return _result(suite, rule, "error", observed=reason, examined=examined)
    return _result(
        suite,
        rule,
        "failed",
        observed=measure or f"{failing} / {examined}",
        examined=examined,
        failing=failing,
        examples=examples,
    )


def _result(
    suite: Suite,
    rule: Rule,
    outcome: Any,
    *,
    observed: str,
    examined: int = 0,
    failing: int = 0,
    examples: tuple[dict[str, Any], ...] = (),
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
