"""Row 54, days out of order, back-fill: "any order gives the same content hash as in order;
back-fill = single run".

Ten days of parcels with amendments and cancellations of other days among them, in three orders of
delivery and two ways of running. What tells two records apart must be stated (a version number, a
status) or differ in its day of receipt; of two files received on one day that state neither, the
one delivered later is later, and no order of delivery could be indifferent to that.
"""

import datetime as dt
from pathlib import Path

import pytest

from runs.days.day_set import Days
from serving.content_hash import ContentHash
from tests.faults.tiny_home import CORE, TinyHome, parcel

DAYS = [dt.date(2026, 3, 2) + dt.timedelta(days=number) for number in range(10)]
SHUFFLED = (7, 2, 9, 0, 5, 3, 8, 1, 6, 4)


def rows_of(number: int) -> list[dict[str, object]]:
    """The file of one day: three parcels, and what it says about parcels of other days."""
    day = DAYS[number]
    rows = [parcel(f"H{number}-{n}", day, version_number=1, declared_value=n) for n in (1, 2, 3)]
    if number >= 3:
        # Version 2 of a parcel three days older; every second one moves it to this day.
        moved = day if number % 2 else DAYS[number - 3]
        rows.append(
            parcel(f"H{number - 3}-1", moved, version_number=2, record_status="amended",
                   declared_value=100 + number)
        )  # fmt: skip
    if number >= 2:
        rows.append(parcel(f"H{number - 2}-2", None, record_status="cancelled"))
    if number >= 1:
        # The next day's file repeats a parcel with another value under the same version.
        rows.append(parcel(f"H{number - 1}-3", DAYS[number - 1], version_number=1,
                           declared_value=3 if number % 2 else 4))  # fmt: skip
    return rows


def delivered(home: TinyHome, order: tuple[int, ...]) -> None:
    for number in order:
        home.deliver(rows_of(number), DAYS[number] + dt.timedelta(days=1))


@pytest.fixture(scope="module")
def contents(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ContentHash]:
    """How -> the content of every mart built."""
    found = {}
    for how, order, batches in (
        ("in order", tuple(range(10)), 1),
        ("backwards", tuple(reversed(range(10))), 1),
        ("shuffled, in two runs", SHUFFLED, 2),
    ):
        home = TinyHome(tmp_path_factory.mktemp("order") / "home", seeded)
        size = len(order) // batches
        for batch in range(batches):
            delivered(home, order[batch * size : (batch + 1) * size])
            computed = home.catch_up(CORE)
        if batches == 1:
            # One run, whatever the number of days; cancellations lie on their day of receipt.
            assert computed == Days.between(DAYS[0], DAYS[-1] + dt.timedelta(days=1)), how
        found[how] = home.content()
    home.change("update core.fct_consignments set declared_value = 1 where declared_value = 2")
    found["one value changed"] = home.content()
    return found


def test_every_order_gives_the_same_content(contents: dict[str, ContentHash]) -> None:
    assert contents["backwards"].by_table == contents["in order"].by_table
    assert contents["shuffled, in two runs"].by_table == contents["in order"].by_table
    assert contents["backwards"].combined == contents["in order"].combined


def test_there_is_something_to_confuse(contents: dict[str, ContentHash]) -> None:
    """Negative controls: the marts are not empty, and one value changes the hash."""
    rows = contents["in order"].rows
    # 30 parcels; five pairs (H0-3, H2-3, ... agree; H1-3, H3-3, ... do not) are set aside whole.
    assert rows["core.fct_consignments"] == 30 - 4
    assert rows["quality.fct_record_conflicts"] == 4
    assert rows["quality.fct_record_versions"] > 30
    assert contents["one value changed"].combined != contents["in order"].combined
