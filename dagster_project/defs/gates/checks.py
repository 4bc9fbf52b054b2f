"""Both gates as blocking asset checks: one check per rule, so the UI shows what was expected.

Add here nothing for a new rule: the specs come from the suites. Keep out: thresholds and rules
(expectations/). The verdict that publishing demands is the file the gate writes, not these checks:
a blocking check guards its own run only.
"""

from collections.abc import Callable, Iterator, Sequence

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
    **{source: raw_key(source) for source in CONTRACTS},
    "consignments": dg.AssetKey("fct_consignments"),
    "reconciliation": dg.AssetKey("fct_consignments"),
    "risk_scores": dg.AssetKey("fct_risk_scores"),
    "selections": dg.AssetKey("fct_selections"),
    "tax_assessments": dg.AssetKey("fct_tax_assessments"),
}


def _gate_checks(
    gate: str,
    suites: Sequence[Suite],
    run: Callable[[Settings, str], Verdict],
) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=gate,
        specs=[
            dg.AssetCheckSpec(
                name=f"{gate}_{suite.name}_{rule.rule_id}",
                asset=_ASSETS[suite.name],
                description=f"{rule.title_vi} | {rule.title_en}",
                blocking=rule.severity == "critical",
                partitions_def=daily_partitions,
                metadata={"owner": rule.owner, "what_to_do": rule.what_to_do_en},
            )
            for suite in suites
            for rule in suite.rules
        ],
    )
    def checks(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        verdict = run(warehouse.settings, context.op_execution_context.run_id)
        for row in verdict.rows():
            yield dg.AssetCheckResult(
                asset_key=_ASSETS[row["suite"]],
                check_name=f"{gate}_{row['suite']}_{row['rule_id']}",
                passed=row["passed"],
                severity=(
                    dg.AssetCheckSeverity.ERROR
                    if row["severity"] == "critical"
                    else dg.AssetCheckSeverity.WARN
                ),
                metadata={
                    "observed": row["observed"],
                    "failing_count": row["failing_count"],
                    "examples": row["examples_json"],
                    "what_to_do": row["what_to_do_en"],
                },
            )

    return checks


gate_1 = _gate_checks("gate1", gate1.suites(), steps.check_inputs)
gate_2 = _gate_checks("gate2", gate2.suites(), steps.check_marts)
