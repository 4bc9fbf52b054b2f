"""A run computes its days whole, from their deliveries through both gates to the release, or not at
all: Dagster can ask for any part of that.

Defines: `require_whole` and the hook `keep_what_stopped_the_run`. Add here another thing that holds
for every run whoever started it. Keep out: what a step does (runs/steps.py).

A part changes the working database without its gates and its release: readers never see it, and
the next run finds days that no release holds (docs/adr/0004).
"""

import dagster as dg

from dagster_project.defs.jobs import DAILY_JOB
from foundation.errors import UsageError
from foundation.home import Home
from runs import steps
from runs.evidence import record_failure

_NAMED = 3


@dg.failure_hook
def keep_what_stopped_the_run(context: dg.HookContext) -> None:
    """Leave runs/<run_id>/failure.json for the quality page. Every step carries this hook itself:
    a back-fill of assets is a run of no job of ours."""
    evidence = steps.evidence_folder(Home.from_environment(), context.run_id)
    record_failure(evidence, context.op.name, context.op_exception)


def require_whole(run: dg.DagsterRun) -> None:
    """Raise UsageError unless the run was asked for every asset and check of the daily job."""
    left_out = _left_out(run)
    if not left_out:
        return
    named = ", ".join(left_out[:_NAMED])
    more = f" and {len(left_out) - _NAMED} more" if len(left_out) > _NAMED else ""
    raise UsageError(
        "a part of a run was asked for, and a day is computed whole or not at all: from its "
        f"deliveries through both gates to the release. Left out: {named}{more}",
        where=f"Dagster run {run.run_id}",
        remedy=f"start the whole job {DAILY_JOB} for these days (Dagster: Jobs, {DAILY_JOB}, "
        "Materialize all; or select every asset), or `import-risk run --from D --to D`; "
        "nothing was changed",
    )


def _left_out(run: dg.DagsterRun) -> list[str]:
    """Names of what the daily job has and this run was not asked for."""
    checks = run.asset_check_selection
    # Dagster writes "everything" as None, as a list of everything or, without a choice of checks,
    # as no asset at all: who asks decides.
    assets = run.asset_selection or (None if checks is None else frozenset())
    chosen = (assets, checks, run.step_keys_to_execute, run.resolved_op_selection)
    if all(part is None for part in chosen):
        return []
    # Imported here: the definitions use the resource that asks.
    from dagster_project.definitions import defs

    job = defs().resolve_job_def(DAILY_JOB)
    graph, nodes = job.asset_layer.asset_graph, {node.name for node in job.nodes}
    whole = (graph.materializable_asset_keys, graph.asset_check_keys, nodes, nodes)
    return [
        name
        for wanted, part in zip(whole, chosen, strict=True)
        if part is not None
        for name in sorted(_name(key) for key in set(wanted) - set(part))
    ]


def _name(key: object) -> str:
    if isinstance(key, dg.AssetCheckKey):
        return f"{key.asset_key.to_user_string()}:{key.name}"
    return key.to_user_string() if isinstance(key, dg.AssetKey) else str(key)
