"""Which month's report the schedule asks for, and how final it is.

NOT claimed: that statistics are out by then.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from dagster_project.definitions import defs
from reports.due_dates import due_on, next_after


@pytest.fixture(scope="module")
def repository() -> dg.RepositoryDefinition:
    return defs().get_repository_def()


def asked(repository: dg.RepositoryDefinition, day: dt.date) -> list[tuple[str, str]]:
    at = dt.datetime.combine(day, dt.time(6), tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    tick = repository.get_schedule_def("monthly_report_when_due").evaluate_tick(
        dg.build_schedule_context(scheduled_execution_time=at, repository_def=repository)
    )
    configs = [
        request.run_config["ops"]["write_monthly_report"]["config"]
        for request in tick.run_requests or ()
    ]
    return [(config["month"], config["status"]) for config in configs]


@pytest.mark.parametrize(
    ("day", "month", "status"),
    [
        (dt.date(2026, 12, 12), "2026-11-01", "estimate"),
        (dt.date(2027, 1, 12), "2026-12-01", "estimate"),
        # 45 days after 31 October, 30 November, 31 January, and 29 February of a leap year
        (dt.date(2026, 12, 15), "2026-10-01", "preliminary"),
        (dt.date(2027, 1, 14), "2026-11-01", "preliminary"),
        (dt.date(2027, 3, 17), "2027-01-01", "preliminary"),
        (dt.date(2028, 4, 14), "2028-02-01", "preliminary"),
    ],
)
def test_one_month_is_asked_for(
    repository: dg.RepositoryDefinition, day: dt.date, month: str, status: str
) -> None:
    assert asked(repository, day) == [(month, status)]
    assert (dt.date.fromisoformat(month), status) not in due_on(day - dt.timedelta(days=1))
    assert (dt.date.fromisoformat(month), status) not in due_on(day + dt.timedelta(days=1))


def test_a_day_on_which_nothing_is_due_starts_nothing(repository: dg.RepositoryDefinition) -> None:
    assert asked(repository, dt.date(2026, 12, 14)) == []
    assert asked(repository, dt.date(2026, 12, 20)) == []


def test_in_june_the_year_before(repository: dg.RepositoryDefinition) -> None:
    found = asked(repository, dt.date(2027, 6, 20))
    assert found == [(f"2026-{month:02}-01", "official") for month in range(1, 13)]


def test_the_schedule_ticks_on_every_day_on_which_something_is_due() -> None:
    first = dt.date(2026, 1, 1)
    due = [day for n in range(4 * 366) if due_on(day := first + dt.timedelta(days=n))]
    assert {day.day for day in due} == {12, 14, 15, 16, 17, 20}
    assert {day.month for day in due if day.day == 20} == {6}


def test_the_page_names_the_next_release() -> None:
    november = dt.date(2026, 11, 1)
    assert next_after(november, "estimate") == dt.date(2027, 1, 14)
    assert next_after(november, "preliminary") == dt.date(2027, 6, 20)
    assert next_after(november, "official") is None
