"""Settings-bound warehouse, which holds the writer's lock for a run, and the executor of every run.

Add here something that assets share and that must be set up or torn down. Keep out: work.
"""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from dagster_project.partitions import days_asked, is_even_if_empty
from dagster_project.whole_runs import require_whole
from foundation import locks
from foundation.errors import GateRefusal
from foundation.home import Home
from recovery.leftovers import recover
from runs import end, steps
from runs.days.plan import RunPlan
from runs.days.reading import is_current, plan_now
from runs.evidence import record_failure
from runs.settings import Settings

# Run id -> the plan that this process made before its run began.
_handed_over: dict[str, RunPlan] = {}


def hand_over(run_id: str, plan: RunPlan) -> None:
    """Let the run `run_id` of this process take a plan that is made already, while it holds: a past
    is read once a run."""
    _handed_over[run_id] = plan


class Warehouse(dg.ConfigurableResource):
    """The working database of this home; one run at a time (flock, freed when the process dies)."""

    _settings: Settings = PrivateAttr()
    _plan: RunPlan = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Warehouse"]:
        """Hold the writer's lock while the run executes, plan it, and end it; raises WarehouseBusy.

        A part of a run is refused before anything else, and so are days on which there is nothing
        to compute (UsageError). What a killed process left is put right first.
        """
        run = context.run
        assert run is not None, "the warehouse is changed by runs only"
        require_whole(run)
        self._settings = Settings.from_environment()
        home = self._settings.home
        with locks.exclusive(home.warehouse_lock, f"run {run.run_id}"):
            recover(home)
            try:
                self._plan = _plan_of(home, run)
            except GateRefusal as refusal:
                # People are told of held days; a slip is between Dagster and who made it.
                end.begin(home, run.run_id)
                record_failure(steps.evidence_folder(home, run.run_id), "plan", refusal)
                end.finish(home, run.run_id)
                raise
            end.begin(home, run.run_id)
            try:
                yield self
            finally:
                end.finish(home, run.run_id)

    @property
    def settings(self) -> Settings:
        """Settings read when the run started."""
        return self._settings

    @property
    def plan(self) -> RunPlan:
        """What this run computes."""
        return self._plan


def _plan_of(home: Home, run: dg.DagsterRun) -> RunPlan:
    plan = _handed_over.pop(run.run_id, None)
    if plan is not None and is_current(home, plan.past):
        return plan
    return plan_now(home, days_asked(run.tags), even_if_empty=is_even_if_empty(run.tags))


@dg.definitions
def defs() -> dg.Definitions:
    """The resources by key. One process a run, also of a back-fill of assets: the lock, the landed
    days and the end of a run belong to it."""
    return dg.Definitions(resources={"warehouse": Warehouse()}, executor=dg.in_process_executor)
