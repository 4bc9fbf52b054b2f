"""Both gates as blocking asset checks: one check per suite, whose page lists every failing rule.

Add here nothing for a new rule: the specs come from the suites. Keep out: thresholds and rules
(expectations/). The verdict that publishing demands is the file the gate writes, not these checks:
a blocking check guards its own run only.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dagster as dg

from dagster_project import steps
from dagster_project.dbt_translator import raw_key
from dagster_project.defs.resources import Warehouse
from dagster_project.partitions import daily_partitions
from dagster_project.settings import Settings
from expectations.rules import Suite
from expectations.suites import gate1, gate2
from expectations.verdict import Verdict
from ingest.contracts.catalog import CONTRACTS

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
    "distributions": dg.AssetKey("fct_risk_scores"),
    "disclosure": dg.AssetKey("fct_import_flows_monthly"),
}


def _described(suite: Suite) -> str:
    return "\n".join(f"- {rule.title_vi} | {rule.title_en}" for rule in suite.rules)


def _result(gate: str, suite: Suite, rows: list[dict[str, Any]]) -> dg.AssetCheckResult:
    failing = [row for row in rows if not row["passed"]]
    critical = [
        row for row in failing if row["severity"] == "critical" and row["outcome"] != "waived"
    ]
    shown = [
        dg.TableRecord(
            {
                "rule": row["rule_id"],
                "severity": row["severity"],
                "outcome": row["outcome"],
                "observed": row["observed"],
                "failing": row["failing_count"],
                "expected": row["title_en"],
                "what to do": row["what_to_do_en"],
                "examples": row["examples_json"],
            }
        )
        for row in failing
    ]
    return dg.AssetCheckResult(
        asset_key=_ASSETS[suite.name],
        check_name=f"{gate}_{suite.name}",
        passed=not failing,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        metadata={
            "rules": len(rows),
            "failing_rules": len(failing),
            **({"failures": dg.MetadataValue.table(shown)} if shown else {}),
        },
    )


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
    )
    def checks(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        verdict = run(warehouse.settings, context.op_execution_context.run_id)
        for suite in suites:
            yield _result(gate, suite, [r for r in verdict.rows() if r["suite"] == suite.name])

    return checks


gate_1 = _gate_checks("gate1", gate1.suites(), steps.check_inputs)
gate_2 = _gate_checks("gate2", gate2.suites(), steps.check_marts)
