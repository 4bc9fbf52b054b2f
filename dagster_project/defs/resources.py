"""Resources: the settings-bound warehouse, which holds the writer's lock for a run.

Add here something that assets share and that must be set up or torn down. Keep out: work.
"""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from foundation import locks
from recovery.leftovers import recover
from runs import end
from runs.settings import Settings


class Warehouse(dg.ConfigurableResource):
    """The working database of this home; one run at a time (flock, freed when the process dies)."""

    _settings: Settings = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Warehouse"]:
        """Hold the writer's lock while the run executes, and end it; raises WarehouseBusy.

        What a killed process left is put right first.
        """
        self._settings = Settings.from_environment()
        purpose = f"run {context.run_id or 'without id'}"
        home = self._settings.home
        with locks.exclusive(home.warehouse_lock, purpose):
            recover(home)
            if context.run_id is None:
                yield self
                return
            end.begin(home, context.run_id)
            try:
                yield self
            finally:
                end.finish(home, context.run_id)

    @property
    def settings(self) -> Settings:
        """Settings read when the run started."""
        return self._settings


@dg.definitions
def defs() -> dg.Definitions:
    """The resources by key."""
    return dg.Definitions(resources={"warehouse": Warehouse()})
