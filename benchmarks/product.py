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
# Known days later: no part of the day's own work, and no compared mart reads them.
_LATER = "inspection_outcome_"


def memory_limit() -> str:
    """What the environment says, or 4GB."""
    return os.environ.get(MEMORY_VARIABLE, _MEMORY_LIMIT)


def files_of_the_day(deliveries: Path) -> list[Path]:
    """The CSV files of a generated day that arrive on the day itself, in order of name."""
    return [path for path in sorted(deliveries.glob("*.csv")) if not path.name.startswith(_LATER)]
