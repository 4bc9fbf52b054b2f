"""Periods of cells (YYYY-MM, YYYY-Qn, YYYY) as stretches of months.

Defines: `Period`, `period_of`, `before`. Add here another kind of period. Keep out: calendars,
what a period's cells mean.
"""

import re
from dataclasses import dataclass

from foundation.errors import UsageError

_FORM = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")


@dataclass(frozen=True)
class Period:
    """Months of `year` from `start` (0 = before January) to `end`, and how many one step has."""

    year: int
    start: int
    end: int

    @property
    def months(self) -> int:
        """Length: 1, 3 or 12."""
        return self.end - self.start


def period_of(text: str) -> Period:
    """Read a period. Raises UsageError for any other spelling."""
    found = _FORM.fullmatch(text)
    if not found:
        raise UsageError(
            f"{text!r} is no period",
            where="column period",
            remedy="write YYYY-MM, YYYY-Qn or YYYY",
        )
    year = int(found[1])
    if found[2]:
        return Period(year, int(found[2]) - 1, int(found[2]))
    if found[3]:
        return Period(year, 3 * int(found[3]) - 3, 3 * int(found[3]))
    return Period(year, 0, 12)


def before(text: str, steps: int) -> str:
    """The period `steps` of its own length earlier."""
    period = period_of(text)
    months = 12 * period.year + period.start - steps * period.months
    year, start = divmod(months, 12)
    if period.months == 1:
        return f"{year:04d}-{start + 1:02d}"
    return f"{year:04d}-Q{start // 3 + 1}" if period.months == 3 else f"{year:04d}"
