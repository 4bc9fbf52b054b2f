"""Row 9: "two different runs publish (stale base): compare-and-swap: publish refuses if current !=
the base it was built from."
"""

from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.candidate import Candidate
from serving.current import require_current
from serving.reader import query
from serving.release import build, publish
from tests.unit.serving.fake_work import PLAN, make_work, publish_work


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    publish_work(made)
    return made


def candidate(home: Home, lane: str) -> Candidate:
    make_work(home, [f"update risk.fct_selections set lane = '{lane}'"])
    return build(
        home, PLAN, warehouse=home.warehouse, gate_rows=[], run_facts={}, first_releases={}
    )


def lane(home: Home) -> str:
    return query(home, "select lane from risk.fct_selections").column("lane")[0].as_py()


def test_of_two_builds_of_one_base_the_second_is_refused(home: Home) -> None:
    base = require_current(home).release_id
    first, second = candidate(home, "yellow"), candidate(home, "green")
    published = publish(home, first, base=base, verdict_check=lambda: None)
    for claimed in (base, published, None):  # whatever the second says it was built from
        with pytest.raises(WarehouseError, match="run again"):
            publish(home, second, base=claimed, verdict_check=lambda: None)
    assert (require_current(home).release_id, lane(home)) == (published, "yellow")
    # Negative control: built anew from what is current, the same content is published.
    third = candidate(home, "green")
    publish(home, third, base=published, verdict_check=lambda: None)
    assert lane(home) == "green"
