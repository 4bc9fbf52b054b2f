"""Days: a set of business days, its ends, its gaps and its text."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.base import FIRST_DAY
from foundation.errors import UsageError
from runs.days.day_set import Days, days_of_facts
from tests.support.told_past import march

ANY = st.sets(st.dates(FIRST_DAY, FIRST_DAY + dt.timedelta(days=60)), max_size=20)


@settings(max_examples=200)
@given(ANY, ANY)
def test_days_are_the_set_they_were_made_of(one: set[dt.date], other: set[dt.date]) -> None:
    days = Days(one)
    assert Days.parse(str(days)) == days
    assert tuple(days) == tuple(sorted(one))
    assert days == one
    assert hash(days) == hash(Days(sorted(one, reverse=True)))
    assert days.isdisjoint(other) == one.isdisjoint(other)
    assert (days <= other, days >= Days(other)) == (one <= other, one >= other)
    if days:
        whole = Days.between(days.from_day, days.to_day)
        assert {*days, *days.skipped} == set(whole)
        assert days.isdisjoint(days.skipped)


def test_the_text_of_days_names_unbroken_ranges() -> None:
    assert str(march(2, 3, 4, 9)) == "2026-03-02..2026-03-04,2026-03-09..2026-03-09"
    assert (str(Days()), bool(Days()), Days.parse("")) == ("", False, Days())
    # Entries from before a run could skip days name its ends only.
    assert days_of_facts({"from_day": "2026-03-02", "to_day": "2026-03-04"}) == march(2, 3, 4)
    assert days_of_facts({"days": str(march(2, 4)), "from_day": "x"}) == march(2, 4)


def test_days_that_the_warehouse_does_not_keep_are_a_usage_error() -> None:
    Days([FIRST_DAY])
    with pytest.raises(UsageError, match="before the first day"):
        Days([FIRST_DAY - dt.timedelta(days=1)])
    with pytest.raises(UsageError, match="comes after the last"):
        Days.between(dt.date(2026, 3, 3), dt.date(2026, 3, 2))
