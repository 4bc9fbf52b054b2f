"""How a benchmark starts the product: its command, its memory limit, the files of a generated day.

Add here what two benchmarks would otherwise state alike. Keep out: what is measured (child.py) and
which steps a benchmark takes.
"""

import os
import sys
from pathlib import Path

CLI = (sys.executable, "-P", "-m", "cli.main")
MEMORY_VARIABLE = "IMPORT_RISK_MEMORY_LIMIT"
_MEMORY_LIMIT = "4GB"
# No compared mart reads them: results are known days later, listings are no goods that came in.
_LEFT_OUT = ("inspection_outcome_", "listing_observation_")


def memory_limit() -> str:
    """What the environment says, or 4GB."""
    return os.environ.get(MEMORY_VARIABLE, _MEMORY_LIMIT)


def files_of_the_day(deliveries: Path) -> list[Path]:
    """The CSV files of a generated day that arrive on the day itself, in order of name."""
    return [
        path for path in sorted(deliveries.glob("*.csv")) if not path.name.startswith(_LEFT_OUT)
    ]
