"""Revisions: first, previous and current value, the change, its reason; and nothing else."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from foundation.home import Home
from serving.current import require_current
from serving.history import read_listing
from serving.plan import TablePlan
from serving.reader import query
from serving.revisions import DayCauses
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import DAY, NEXT_DAY, PLAN, SHA

pytestmark = pytest.mark.slow

SUMMARY = TablePlan("reporting", "rpt_daily_summary", ("customs", "ministry"), ("day",), "day")
SELECTIONS = TablePlan("risk", "fct_selections", ("customs",), ("consignment_id",), "day")
WITH_SUMMARY = replace(
    PLAN,
    tables=(
        *(table for table in PLAN.tables if table.name != SELECTIONS.name), SELECTIONS, SUMMARY,
    ),
)  # fmt: skip
LATE = DayCauses(("late", "code_change"), (SHA,))


def summary(day: dt.date, consignments: int, value: int) -> list[str]:
    """Statements that put one day into an own rpt_daily_summary."""
    return [
        "create table if not exists reporting.rpt_daily_summary (day date, consignments bigint, "
        "consignments_without_value bigint, customs_value_vnd decimal(38, 2), "
        "duty_due_vnd decimal(38, 2), duty_relieved_vnd decimal(38, 2), "
        "vat_due_vnd decimal(38, 2), vat_relieved_vnd decimal(38, 2))",
        f"insert into reporting.rpt_daily_summary values "
        f"(date '{day}', {consignments}, 0, {value}, 0, 0, 0, 0)",
    ]


def listed(home: Home, audience: str = "customs") -> list[dict[str, Any]]:
    return query(
        home, "from quality.fct_revisions order by release_id, measure", audience=audience
    ).to_pylist()


@pytest.fixture
def revised(home: Home, publish_once: Publish) -> list[str]:
    """Ids of three releases: day 1 first, then 3 -> 4 consignments, then 4 -> 6."""
    both = {"plan": WITH_SUMMARY, "days": [DAY]}
    first = publish_once(summary(DAY, 3, 900), **both)
    both |= {"causes": {DAY: LATE}, "first_releases": {DAY: first}}
    second = publish_once(summary(DAY, 4, 1000), **both)
    third = publish_once(summary(DAY, 6, 1000), **both)
    return [first, second, third]


def test_each_change_is_one_row_with_its_releases(home: Home, revised: list[str]) -> None:
    first, second, third = revised
    shown = [
        tuple(
            row[name]
            for name in (
                "measure", "first_value", "first_release_id", "previous_value",
                "previous_release_id", "current_value", "change", "release_id", "is_latest",
            )
        )
        for row in listed(home)
    ]  # fmt: skip
    d = Decimal
    assert shown == [
        ("consignments", d(3), first, d(3), first, d(4), d(1), second, False),
        ("customs_value_vnd", d(900), first, d(900), first, d(1000), d(100), second, True),
        ("consignments", d(3), first, d(4), second, d(6), d(2), third, True),
    ]
    assert {(r["reason"], r["reasons"]) for r in listed(home)} == {("late", "late; code_change")}


def test_customs_sees_the_files_that_brought_a_change_and_the_ministry_does_not(
    home: Home, revised: list[str]
) -> None:
    assert {row["delivery_sha256s"] for row in listed(home)} == {SHA}
    public = listed(home, "ministry")
    assert len(public) == 3
    assert "delivery_sha256s" not in public[0]
    assert SHA.encode() not in require_current(home).database("ministry").read_bytes()


def test_a_mart_that_the_ministry_does_not_see_is_not_revised_before_it(
    home: Home, publish_once: Publish
) -> None:
    both = {"plan": WITH_SUMMARY, "days": [DAY]}
    both["first_releases"] = {DAY: publish_once(summary(DAY, 3, 900), **both)}
    publish_once([*summary(DAY, 3, 900), "delete from risk.fct_selections"], **both)
    found = [(row["mart"], row["measure"], row["change"]) for row in listed(home)]
    assert found == [
        ("risk.fct_selections", "consignments_selected", Decimal(-1)),
        ("risk.fct_selections", "consignments_selected_by_score", Decimal(-1)),
    ]
    assert listed(home, "ministry") == []


def test_a_first_publication_and_an_unchanged_day_are_no_revision(
    home: Home, publish_once: Publish
) -> None:
    days = {"plan": WITH_SUMMARY, "days": [DAY, NEXT_DAY]}
    first = publish_once(summary(DAY, 3, 900), plan=WITH_SUMMARY, days=[DAY])
    days["first_releases"] = {DAY: first}
    publish_once([*summary(DAY, 3, 900), *summary(NEXT_DAY, 1, 5)], **days)
    assert listed(home) == []


def test_a_day_that_only_the_history_knows_is_no_revision_when_it_comes(
    home: Home, publish_once: Publish
) -> None:
    """The history lists NEXT_DAY as empty; what is published then is its first value."""
    first = publish_once(summary(DAY, 3, 900), plan=WITH_SUMMARY, days=[DAY, NEXT_DAY])
    assert str(NEXT_DAY) in read_listing(require_current(home).folder)[SUMMARY.name]
    both = {"plan": WITH_SUMMARY, "days": [NEXT_DAY]}
    came = [*summary(DAY, 3, 900), *summary(NEXT_DAY, 1, 5)]
    second = publish_once(came, first_releases={DAY: first}, **both)
    assert listed(home) == []
    publish_once(
        [*summary(DAY, 3, 900), *summary(NEXT_DAY, 2, 5)],
        first_releases={DAY: first, NEXT_DAY: second},
        **both,
    )
    assert [(r["measure"], r["first_value"], r["first_release_id"]) for r in listed(home)] == [
        ("consignments", Decimal(1), second)
    ]


def test_rows_about_a_first_publication_are_not_carried_over(
    home: Home, publish_once: Publish
) -> None:
    """What earlier versions wrote: the day ahead (r1) as first value, then a true revision of it.

    900 came in r2 and 1000 in r3; consignments were none ahead and none in r2, so r3 was told to
    change the none of r1. The fourth release knows that r2 published the day first.
    """
    both = {"plan": WITH_SUMMARY, "days": [DAY]}
    ahead = publish_once(summary(DAY, 0, 0), **both)
    wrong = both | {"causes": {DAY: LATE}, "first_releases": {DAY: ahead}}
    second = publish_once(summary(DAY, 0, 900), **wrong)
    third = publish_once(summary(DAY, 4, 1000), **wrong)
    names = (
        "measure", "first_value", "first_release_id", "previous_value", "previous_release_id",
        "current_value", "release_id", "is_latest",
    )  # fmt: skip

    def rows() -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in names) for row in listed(home)]

    d = Decimal
    assert rows() == [
        ("customs_value_vnd", d(0), ahead, d(0), ahead, d(900), second, False),
        ("consignments", d(0), ahead, d(0), ahead, d(4), third, True),
        ("customs_value_vnd", d(0), ahead, d(900), second, d(1000), third, True),
    ]
    publish_once(summary(DAY, 4, 1000), **both, first_releases={DAY: second})
    mended = [
        ("consignments", d(0), second, d(0), second, d(4), third, True),
        ("customs_value_vnd", d(900), second, d(900), second, d(1000), third, True),
    ]
    assert rows() == mended
    # Mended once, it stays so; of a day that no release published nothing is listed.
    publish_once(summary(DAY, 4, 1000), **both, first_releases={DAY: second})
    assert rows() == mended
    publish_once(summary(DAY, 4, 1000), **both)
    assert rows() == []


def test_a_day_that_became_empty_is_revised_to_nothing(home: Home, publish_once: Publish) -> None:
    both = {"plan": WITH_SUMMARY, "days": [DAY]}
    both["first_releases"] = {DAY: publish_once(summary(DAY, 3, 900), **both)}
    publish_once([*summary(DAY, 3, 900), "delete from reporting.rpt_daily_summary"], **both)
    assert [(row["measure"], row["current_value"]) for row in listed(home)] == [
        ("consignments", Decimal(0)),
        ("customs_value_vnd", Decimal(0)),
    ]
    # Without a known cause the row says so instead of guessing.
    assert {row["reason"] for row in listed(home)} == {"unexplained"}


def test_the_content_hash_does_not_depend_on_the_way(home: Home, revised: list[str]) -> None:
    """The same content published at once has the same hash, though it has no revision."""
    by_steps = require_current(home).manifest["content_hash"]
    other = Home(home.root.parent / "other")
    from tests.unit.serving.fake_work import publish_work

    publish_work(other, summary(DAY, 6, 1000), days=[DAY], plan=WITH_SUMMARY)
    assert require_current(other).manifest["content_hash"] == by_steps
    assert listed(other) == []
    listing = read_listing(require_current(other).folder)
    assert listing == read_listing(require_current(home).folder)
