"""Row 14, the working database: days that no run of ours changed are found before readers see them,
and the remedy that the message names works.

Two published days; the scores of the first vanish from the working database, as they did when
Dagster computed a single table with the days of another run. Not claimed: which run took them.
"""

import datetime as dt
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from recovery.rebuild import rebuild
from runs.days.day_set import Days
from serving.current import require_current
from tests.faults.tiny_home import TinyHome, parcel
from tests.faults.whole_run import publish
from tests.support.dbt_run import environment_kept

pytestmark = pytest.mark.slow
FIRST, SECOND = dt.date(2026, 3, 2), dt.date(2026, 3, 3)


def test_the_remedy_for_content_that_nobody_judged_is_a_rebuild(
    seeded: Path, tmp_path: Path
) -> None:
    home = TinyHome(tmp_path / "home", seeded)
    for day in (FIRST, SECOND):
        home.deliver([parcel(f"P{day}-{n}", day, declared_value=1_000 + n) for n in range(9)], day)
    publish(home, Days.between(FIRST, SECOND), "run-both")
    before = require_current(home.home)
    ((scores,),) = home.rows(f"select count(*) from risk.fct_risk_scores where day = '{FIRST}'")
    assert scores > 0
    home.change(f"delete from risk.fct_risk_scores where day = '{FIRST}'")
    with pytest.raises(WarehouseError, match="other content than was judged") as refused:
        publish(home, Days([SECOND]), "run-spoilt")
    assert "import-risk rebuild" in refused.value.remedy
    assert require_current(home.home).release_id == before.release_id
    with environment_kept():
        rebuild(home.settings)
    publish(home, Days([SECOND]), "run-mended")
    after = require_current(home.home)
    assert after.release_id != before.release_id
    assert after.manifest["content_hash"] == before.manifest["content_hash"]
