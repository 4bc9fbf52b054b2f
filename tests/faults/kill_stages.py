"""Child programs that do one stage of a run on a home, as a run does it: to be killed.

Add here a stage that can be killed alone. Keep out: killing and judging (kills.py).
"""

import sys

# With the warehouse lock and after collecting leftovers, as every run.
_STAGE = """
import sys
run_id = sys.argv[1] if sys.argv[1:] else ""
from runs import steps
from recovery.leftovers import recover
from runs.settings import Settings
from foundation import locks
settings = Settings.from_environment()
with locks.exclusive(settings.home.warehouse_lock, "stage"):
    recover(settings.home)
    {work}
"""
GATES = _STAGE.format(
    work="assert all(check(settings, run_id).passed"
    " for check in (steps.check_inputs, steps.check_marts))"
)
RECOVER = _STAGE.format(work="pass")
PUBLISH = _STAGE.format(work="steps.publish(settings, run_id)")
# A release of the small working database of tests/unit/serving, keeping only the newest.
PUBLISH_FAKE = """
from foundation.home import Home
from serving.current import current
from serving.release import build, publish, retain, sweep
from tests.unit.serving.fake_work import DAY, PLAN
home = Home.from_environment()
sweep(home)
base = current(home)
candidate = build(
    home, PLAN, warehouse=home.warehouse, gate_rows=[], run_facts={}, first_releases={}, days=[DAY]
)
publish(home, candidate, base=base.release_id if base else None, verdict_check=lambda: None)
retain(home, keep=1)
"""


def stage(program: str, *arguments: str) -> list[str]:
    """The command line of a child program."""
    return [sys.executable, "-c", program, *arguments]
