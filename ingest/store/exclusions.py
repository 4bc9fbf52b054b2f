"""What a run leaves out though it lies between its first and its last day.

Defines: `Exclusions`. Add here another reason to leave something out of a run. Keep out: who
decides so (runs/days/plan.py) and reading files (landing.py).
"""

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Exclusions:
    """days: days that the run does not compute. deliveries: sha256 of deliveries set aside, which
    the run reads as if they had never come (they stay pending)."""

    days: Set[dt.date] = frozenset()
    deliveries: Set[str] = frozenset()

    def keeps(self, first: dt.date, last: dt.date, from_day: dt.date, to_day: dt.date) -> bool:
        """Whether a file with the days first..last has a day that a run over from_day..to_day
        computes."""
        first, last = max(first, from_day), min(last, to_day)
        if first > last:
            return False
        if not self.days:
            return True
        count = (last - first).days + 1
        return any(first + dt.timedelta(days=step) not in self.days for step in range(count))


NO_EXCLUSIONS = Exclusions()
