"""Settings-bound warehouse, which holds the writer's lock for a run, and the executor of every run.

Add here something that assets share and that must be set up or torn down. Keep out: work.
"""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from dagster_project.partitions import is_even_if_empty, window_of
from dagster_project.whole_runs import require_whole
from foundation import locks
from recovery.leftovers import recover
from runs import end
from runs.days import held
from runs.settings import Settings


class Warehouse(dg.ConfigurableResource):
    """The working database of this home; one run at a time (flock, freed when the process dies)."""

    _settings: Settings = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Warehouse"]:
        """Hold the writer's lock while the run executes, and end it; raises WarehouseBusy.

        A part of a run is refused before anything else, and so are days on which there is nothing
        to compute (UsageError). What a killed process left is put right first.
        """
        if context.run is not None:
            require_whole(context.run)
        self._settings = Settings.from_environment()
        purpose = f"run {context.run.run_id if context.run else 'without id'}"
        home = self._settings.home
        with locks.exclusive(home.warehouse_lock, purpose):
            recover(home)
            if context.run is None:
                yield self
                return
            asked = window_of(context.run.tags)
            if not is_even_if_empty(context.run.tags):
                held.require_something(home, asked)
            end.begin(home, context.run.run_id)
            try:
                yield self
            finally:
                end.finish(home, context.run.run_id)

    @property
    def settings(self) -> Settings:
        """Settings read when the run started."""
        return self._settings


@dg.definitions
def defs() -> dg.Definitions:
    """The resources by key. One process a run, also of a back-fill of assets: the lock, the landed
    days and the end of a run belong to it."""
    return dg.Definitions(resources={"warehouse": Warehouse()}, executor=dg.in_process_executor)
