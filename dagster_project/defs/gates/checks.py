"""Both gates as blocking asset checks: one check per suite, whose page lists every failing rule.

Add here nothing for a new rule: the specs come from the suites. Keep out: thresholds and rules
(expectations/). The verdict that publishing demands is the file the gate writes, not these checks:
a blocking check guards its own run only.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dagster as dg

from contracts.catalogue import CONTRACTS
from dagster_project.dbt_translator import raw_key
from dagster_project.defs.resources import Warehouse
from dagster_project.partitions import daily_partitions
from dagster_project.whole_runs import keep_what_stopped_the_run
from expectations.rules import Suite
from expectations.suites import gate1, gate2
from expectations.verdict import RuleResult, Verdict
from foundation.visible import visible
from reports.owners import shipped_owners
from runs import steps
from runs.settings import Settings

_OWNERS = shipped_owners()
# The asset whose page shows a suite: suites of single sources are shown on that source.
_ASSETS = {
    "run": raw_key("run_window"),
    "references": raw_key("reference_version"),
    "freshness": raw_key("delivery_outcome"),
    "senders": raw_key("delivery_outcome"),
    **{source: raw_key(source) for source in CONTRACTS},
    "consignments": dg.AssetKey("fct_consignments"),
    "reconciliation": dg.AssetKey("fct_consignments"),
    "records": dg.AssetKey("fct_record_conflicts"),
    "risk_scores": dg.AssetKey("fct_risk_scores"),
    "selections": dg.AssetKey("fct_selections"),
    "tax_assessments": dg.AssetKey("fct_tax_assessments"),
    "codes": dg.AssetKey("fct_consignments"),
    "inspections": dg.AssetKey("fct_inspection_outcomes"),
    "distributions": dg.AssetKey("fct_risk_scores"),
    "disclosure": dg.AssetKey("fct_import_flows_monthly"),
}


def _described(suite: Suite) -> str:
    return "\n".join(f"- {rule.title_vi} | {rule.title_en}" for rule in suite.rules)


def _result(gate: str, suite: Suite, results: Sequence[RuleResult]) -> dg.AssetCheckResult:
    """What the quality page says of this suite, for this partition: failing rules first."""
    failing = [result for result in results if not result.passed]
    ordered = [*failing, *(result for result in results if result.passed)]
    return dg.AssetCheckResult(
        asset_key=_ASSETS[suite.name],
        check_name=f"{gate}_{suite.name}",
        passed=not failing,
        severity=(
            dg.AssetCheckSeverity.ERROR
            if any(result.stops for result in failing)
            else dg.AssetCheckSeverity.WARN
        ),
        metadata={
            "rules": dg.MetadataValue.table([_record(result) for result in ordered]),
            "failing_rules": len(failing),
            **_examples(failing),
            # Whole numbers are drawn over the partitions by the UI.
            **{
                result.rule_id: result.measured["value"]
                for result in results
                if result.measured is not None and result.measured["value"] is not None
            },
        },
    )


def _record(result: RuleResult) -> dg.TableRecord:
    """One line in Vietnamese; the check's description has every rule in English too, and what must
    be done is said in both. A table cell is shown as text: markup of a sender stays text."""
    to_do = "" if result.passed else f"{result.what_to_do_vi} | {result.what_to_do_en}"
    return dg.TableRecord(
        {
            "mong đợi": result.title_vi,
            "kết quả": f"{result.outcome} ({result.severity})",
            "thấy được": visible(result.observed),
            "phát hiện": result.failing_count,
            "phụ trách": _OWNERS.of_role(result.owner).name_vi,
            "cần làm": to_do,
            "mã": result.rule_id,
        }
    )


def _examples(failing: Sequence[RuleResult]) -> dict[str, dg.MetadataValue[Any]]:
    """The masked rows of each failing rule, as a table of their own."""
    tables = {}
    for result in failing:
        if result.examples:
            names = list(dict.fromkeys(name for row in result.examples for name in row))
            records = [
                dg.TableRecord({name: visible(str(row.get(name, ""))) for name in names})
                for row in result.examples
            ]
            tables[f"ví dụ {result.rule_id}"] = dg.MetadataValue.table(records)
    return tables


def _gate_checks(
    gate: str,
    suites: Sequence[Suite],
    run: Callable[[Settings, str], Verdict],
) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=gate,
        specs=[
            dg.AssetCheckSpec(
                name=f"{gate}_{suite.name}",
                asset=_ASSETS[suite.name],
                description=_described(suite),
                blocking=any(rule.severity == "critical" for rule in suite.rules),
                partitions_def=daily_partitions,
            )
            for suite in suites
        ],
        # So that our own sentence refuses a part of a run (whole_runs.py), not Dagster's.
        can_subset=True,
    )
    def checks(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        verdict = run(warehouse.settings, context.op_execution_context.run_id)
        for suite in suites:
            yield _result(gate, suite, [r for r in verdict.results if r.suite == suite.name])

    return checks


_HOOKS = {keep_what_stopped_the_run}
gate_1 = _gate_checks("gate1", gate1.suites(), steps.check_inputs).with_hooks(_HOOKS)
gate_2 = _gate_checks("gate2", gate2.suites(), steps.check_marts).with_hooks(_HOOKS)
