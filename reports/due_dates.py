"""When the figures of a month are due: 12 and 45 days after it, and in June for the year before.

Defines: `due_on`, `next_after`. Add here another status with its day. Keep out: what starts a
report (dagster_project/defs/schedules.py) and whether the data are in.
The days are the handbook's proposal for this project, not a law's.
"""

import datetime as dt
from typing import Literal

Status = Literal["estimate", "preliminary", "official"]
STATUSES: tuple[Status, ...] = ("estimate", "preliminary", "official")
_AFTER_DAYS = {"estimate": 12, "preliminary": 45}
_OFFICIAL_MONTH, _OFFICIAL_DAY = 6, 20


def date_of(month: dt.date, status: Status) -> dt.date:
    """The day on which the figures of `month` (its first day) are due with that status."""
    if status == "official":
        return dt.date(month.year + 1, _OFFICIAL_MONTH, _OFFICIAL_DAY)
    following = (month + dt.timedelta(days=31)).replace(day=1)
    return following + dt.timedelta(days=_AFTER_DAYS[status] - 1)


def next_after(month: dt.date, status: Status) -> dt.date | None:
    """When figures of `month` come next, once they have that status; None after the last."""
    later = STATUSES[STATUSES.index(status) + 1 :]
    return date_of(month, later[0]) if later else None


def due_on(day: dt.date) -> list[tuple[dt.date, Status]]:
    """The months, and how final they are to be, that are due on `day`; the oldest month first."""
    months = [_months_before(day, count) for count in range(18, 0, -1)]
    return [
        (month, status) for month in months for status in STATUSES if date_of(month, status) == day
    ]


def _months_before(day: dt.date, count: int) -> dt.date:
    """First day of the month so many months before that of `day`."""
    months = day.year * 12 + day.month - 1 - count
    return dt.date(months // 12, months % 12 + 1, 1)
