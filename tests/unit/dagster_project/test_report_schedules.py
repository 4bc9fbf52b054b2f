"""Which month's report each schedule asks for, and how final it is.

NOT claimed: that statistics are out by then.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from dagster_project.definitions import defs


@pytest.fixture(scope="module")
def repository() -> dg.RepositoryDefinition:
    return defs().get_repository_def()


def asked(repository: dg.RepositoryDefinition, name: str, day: dt.date) -> list[tuple[str, str]]:
    at = dt.datetime.combine(day, dt.time(6), tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    tick = repository.get_schedule_def(name).evaluate_tick(
        dg.build_schedule_context(scheduled_execution_time=at, repository_def=repository)
    )
    configs = [
        request.run_config["ops"]["write_monthly_report"]["config"]
        for request in tick.run_requests or ()
    ]
    return [(config["month"], config["status"]) for config in configs]


@pytest.mark.parametrize(
    ("name", "day", "month", "status"),
    [
        ("estimate_on_day_12", dt.date(2026, 12, 12), "2026-11-01", "estimate"),
        ("estimate_on_day_12", dt.date(2027, 1, 12), "2026-12-01", "estimate"),
        ("preliminary_on_day_15", dt.date(2026, 12, 15), "2026-10-01", "preliminary"),
        ("preliminary_on_day_15", dt.date(2027, 1, 15), "2026-11-01", "preliminary"),
        ("preliminary_on_day_15", dt.date(2027, 2, 15), "2026-12-01", "preliminary"),
    ],
)
def test_one_month_is_asked_for(
    repository: dg.RepositoryDefinition, name: str, day: dt.date, month: str, status: str
) -> None:
    assert asked(repository, name, day) == [(month, status)]


def test_in_june_the_year_before(repository: dg.RepositoryDefinition) -> None:
    found = asked(repository, "official_in_june", dt.date(2027, 6, 20))
    assert found == [(f"2026-{month:02}-01", "official") for month in range(1, 13)]
