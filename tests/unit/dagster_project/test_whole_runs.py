"""Dagster's runs are whole or refused with a sentence, before anything is written.

The same through Dagster's own server and launcher, with back-fills: tests/faults/daemon_selections.
"""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.dependency import NodeHandle

from dagster_project.definitions import defs
from dagster_project.defs.jobs import DAILY_JOB
from dagster_project.partitions import daily_partitions
from dagster_project.whole_runs import keep_what_stopped_the_run, require_whole
from foundation.errors import UsageError
from foundation.home import HOME_VARIABLE

SCORES = dg.AssetKey("fct_risk_scores")
GATE_2 = dg.AssetCheckKey(SCORES, "gate2_risk_scores")
SENTENCE = "a day is computed whole or not at all"


@pytest.fixture(scope="module")
def location() -> dg.Definitions:
    return defs()


@pytest.fixture(scope="module")
def everything(location: dg.Definitions) -> dict[str, Any]:
    """Every asset, check and step by name, as Dagster's server writes a whole run."""
    graph = location.resolve_asset_graph()
    job = location.resolve_job_def(DAILY_JOB)
    return {
        "asset_selection": frozenset(graph.materializable_asset_keys),
        "asset_check_selection": frozenset(graph.asset_check_keys),
        "step_keys_to_execute": sorted(node.name for node in job.nodes),
    }


def run_of(**chosen: Any) -> dg.DagsterRun:
    return dg.DagsterRun(job_name=DAILY_JOB, **chosen)


def test_a_whole_run_is_let_through_however_it_is_written(everything: dict[str, Any]) -> None:
    """Negative control of the refusals below."""
    require_whole(run_of())
    require_whole(run_of(asset_selection=frozenset()))  # a run in this process
    require_whole(run_of(**everything))
    require_whole(run_of(asset_selection=everything["asset_selection"]))  # all their checks
    require_whole(run_of(step_keys_to_execute=everything["step_keys_to_execute"]))


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("asset_selection", "fct_risk_scores"),
        ("asset_check_selection", "fct_risk_scores:gate2_risk_scores"),
        ("step_keys_to_execute", "gate2"),
    ],
)
def test_a_run_that_lacks_one_thing_is_refused_and_names_it(
    everything: dict[str, Any], what: str, named: str
) -> None:
    lacking = {"fct_risk_scores": SCORES, "fct_risk_scores:gate2_risk_scores": GATE_2}
    rest = [one for one in everything[what] if one != lacking.get(named, named)]
    assert len(rest) == len(everything[what]) - 1
    kind = list if what == "step_keys_to_execute" else frozenset
    with pytest.raises(UsageError, match=SENTENCE) as refused:
        require_whole(run_of(**{**everything, what: kind(rest)}))
    assert refused.value.what.endswith(f"Left out: {named}")
    assert "import-risk run" in refused.value.remedy


@pytest.mark.parametrize(
    "chosen",
    [
        {"asset_selection": frozenset([SCORES])},
        {"asset_selection": frozenset(), "asset_check_selection": frozenset([GATE_2])},
        {"asset_check_selection": frozenset()},
        {"step_keys_to_execute": ["dbt_daily"]},
        {"op_selection": ["dbt_daily"], "resolved_op_selection": {"dbt_daily"}},
    ],
    ids=["one asset", "one check", "no checks", "one step", "one op"],
)
def test_a_part_is_refused(chosen: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=SENTENCE):
        require_whole(run_of(**chosen))


def test_a_refused_run_writes_nothing(
    location: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    job = location.resolve_implicit_global_asset_job_def()
    done = job.execute_in_process(
        asset_selection=[SCORES], partition_key="2026-11-13", raise_on_error=False
    )
    assert not done.success
    [failure] = [event for event in done.all_events if event.is_job_failure]
    assert SENTENCE in failure.job_failure_data.error.to_string()
    assert not (tmp_path / "home").exists()


def test_no_back_fill_is_split_into_parts(location: dg.Definitions) -> None:
    """Dagster puts assets into one run when they share partitions and a policy for back-fills."""
    graph = location.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.materializable_asset_keys]
    assert {node.partitions_def for node in nodes} == {daily_partitions}
    assert {node.backfill_policy for node in nodes} == {dg.BackfillPolicy.single_run()}


def test_a_back_fill_of_assets_runs_like_the_daily_job(location: dg.Definitions) -> None:
    """In one process, which holds the lock, and leaving what stopped it."""
    for job in (
        location.resolve_job_def(DAILY_JOB),
        location.resolve_implicit_global_asset_job_def(),
    ):
        assert job.executor_def.name == "in_process"
        assert {node.name for node in job.nodes} >= {"raw_window", "gate1", "gate2", "release"}
        for node in job.nodes:
            hooks = job.get_all_hooks_for_handle(NodeHandle(node.name, None))
            assert hooks == {keep_what_stopped_the_run}, node.name
