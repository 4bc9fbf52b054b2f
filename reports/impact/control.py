"""What every report states of itself: the release it comes from, and whether figures are made up.

Defines: `is_synthetic`, `last_day`, `plain_control`. Add here a fact that stands in each control
box. Keep out: grades and what they rest on (build.py).
"""

import datetime as dt

from contracts.facts import Words
from reports.due_dates import next_after
from reports.impact.model import Control, Sentence, Status
from reports.impact.source import Source

# The generator grades its market figures SYN: a home that holds them holds nothing else.
_SYNTHETIC = """
select count(*) as figures from impact.fct_retail_share_monthly
where retail_evidence_grade = 'SYN'
"""
_NO_GRADE = Sentence(Words("không xếp hạng", "not graded"))


def last_day(month: dt.date) -> dt.date:
    """The last day of a month."""
    return (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def is_synthetic(source: Source) -> bool:
    """Whether the release holds figures that the generator made."""
    found = source.row(_SYNTHETIC)
    return found is not None and found["figures"] > 0


def plain_control(
    source: Source, status: Status, *, data_to: dt.date | None, days_covered: int
) -> Control:
    """The control box of a report without a confidence grade. data_to: None is the month's end."""
    end = last_day(source.month)
    return Control(
        release_id=source.release_id,
        run_id=source.run_id,
        data_to=data_to or end,
        next_release=next_after(source.month, status),
        days_covered=days_covered,
        days_in_month=end.day,
        grade=None,
        grade_reason=_NO_GRADE,
        is_synthetic=is_synthetic(source),
    )
