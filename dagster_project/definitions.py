"""The code location: everything under defs/, loaded with one call.

Add here nothing: put definitions into defs/. Keep out: wiring.
"""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, jobs, schedules, sensors and resources."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
