"""The code location: everything under defs/, loaded with one call.

Add here nothing: put definitions into defs/. Keep out: wiring.
"""

import dagster as dg

from dagster_project.settings import PROJECT_ROOT


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, jobs, schedules, sensors and resources."""
    return dg.load_from_defs_folder(project_root=PROJECT_ROOT)
