"""Readers learn that a later run published nothing, although the release itself cannot say so.

Not claimed: that a reader who opens the DuckDB file alone sees it.
"""

import datetime as dt
import stat
from xml.etree import ElementTree

import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from foundation.run_index import EndedRun
from serving import freshness
from serving.current import require_current
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY

pytestmark = pytest.mark.slow

ENDED = "2026-03-12T02:10:00+00:00"


def ended(status: str) -> EndedRun:
    return EndedRun("run-2", status, "2026-03-12", "2026-03-12", None, ENDED)


def test_a_run_that_published_makes_them_current(home: Home, publish_once: Publish) -> None:
    """The last of the three days of the working database is 11 March."""
    publish_once(days=[OLD_DAY, DAY, NEXT_DAY])
    found = freshness.freshness(home, ended("published"), ())
    assert found == freshness.Freshness(
        "current", require_current(home).release_id, "2026-03-11", (), "published", ENDED
    )
    assert found.sentence() == ("Dữ liệu đến 2026-03-11.", "Data to 2026-03-11.")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("refused", f"Data to 2026-03-11. The last run ({ENDED}) was refused."),
        ("failed", f"Data to 2026-03-11. The last run ({ENDED}) failed."),
    ],
)
def test_a_run_that_did_not_turns_the_badge(
    home: Home, publish_once: Publish, status: str, told: str
) -> None:
    publish_once(days=[OLD_DAY, DAY, NEXT_DAY])
    found = freshness.freshness(home, ended(status), ())
    assert (found.state, found.sentence()[1]) == ("behind", told)
    assert found.badge() != freshness.freshness(home, ended("published"), ()).badge()


@pytest.mark.parametrize(
    ("days", "told"),
    [((13, 12), "2 (2026-03-12 – 2026-03-13)"), ((12,), "1 (2026-03-12)")],
)
def test_days_left_unpublished_are_named(
    home: Home, publish_once: Publish, days: tuple[int, ...], told: str
) -> None:
    publish_once(days=[OLD_DAY, DAY, NEXT_DAY])
    waiting = [dt.date(2026, 3, day) for day in days]
    found = freshness.freshness(home, ended("published"), waiting)
    assert found.state == "behind"
    assert found.sentence()[1] == f"Data to 2026-03-11. Days not published: {told}."


def test_what_was_written_is_read_by_everybody(home: Home, publish_once: Publish) -> None:
    assert freshness.read(home) is None
    nothing = freshness.freshness(home, ended("failed"), ())
    freshness.write(home, nothing)
    assert (freshness.read(home), nothing.state) == (nothing, "nothing_published")
    publish_once(days=[DAY])
    written = freshness.freshness(home, ended("refused"), [NEXT_DAY])
    freshness.write(home, written)
    assert freshness.read(home) == written
    for name in (freshness.FRESHNESS_FILE, freshness.BADGE_FILE):
        assert stat.S_IMODE((home.releases / name).stat().st_mode) == 0o644
    root = ElementTree.fromstring((home.releases / freshness.BADGE_FILE).read_text("utf-8"))
    assert root.attrib["aria-label"] == " | ".join(written.sentence())


@pytest.mark.parametrize("text", ["{", "{}", '{"state": "current"}'])
def test_a_damaged_file_is_named(home: Home, text: str) -> None:
    home.releases.mkdir(parents=True, exist_ok=True)
    (home.releases / freshness.FRESHNESS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WarehouseError, match="how current the figures are"):
        freshness.read(home)
