"""The Dagster code location loads with defaults and every definition carries its metadata."""

import dagster as dg
import pytest

from dagster_project.definitions import defs
from dagster_project.defs.jobs import DAILY_JOB


@pytest.fixture(scope="module")
def location() -> dg.Definitions:
    return defs()


def test_every_asset_has_owner_kind_group_description_and_freshness(
    location: dg.Definitions,
) -> None:
    offenders = [
        f"{spec.key.to_user_string()}: {missing}"
        for spec in location.resolve_all_asset_specs()
        for missing in (
            [] if spec.owners else ["owner"],
            [] if spec.kinds else ["kind"],
            [] if spec.group_name not in (None, "default") else ["group"],
            [] if spec.description else ["description"],
            [] if spec.freshness_policy else ["freshness"],
        )
        if missing
    ]
    assert offenders == []


def test_every_gate_check_has_a_description_and_critical_ones_block(
    location: dg.Definitions,
) -> None:
    graph = location.resolve_asset_graph()
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    gates = [spec for spec in specs if spec.name.startswith(("gate1_", "gate2_"))]
    assert 10 <= len(gates) <= 40  # more than 40 cannot be read on a page
    assert [spec.name for spec in gates if spec.partitions_def is None] == []
    assert [spec.name for spec in gates if not spec.description] == []
    assert any(spec.blocking for spec in gates)


def test_the_daily_job_publishes_last(location: dg.Definitions) -> None:
    job = location.resolve_job_def(DAILY_JOB)
    graph = location.resolve_asset_graph()
    release = dg.AssetKey("release")
    assert release in job.asset_layer.executable_asset_keys
    assert graph.get(release).child_keys == set()
    assert dg.AssetKey("fct_risk_scores") in graph.get(release).parent_keys


def test_schedules_and_sensors_are_the_declared_ones(location: dg.Definitions) -> None:
    repository = location.get_repository_def()
    assert {s.name: s.cron_schedule for s in repository.schedule_defs} == {
        "daily_at_06_00": "0 6 * * *",
        "monthly_report_when_due": "0 6 12,14-17,20 * *",
    }
    declared = {"landing_sensor", "outbox_sensor"}
    # Dagster adds one of its own for the freshness of assets.
    assert declared <= {s.name for s in repository.sensor_defs}
