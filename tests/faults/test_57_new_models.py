"""Row 57, a risk model that is promoted for published days: exactly these are computed again, the
release and the ledger say with which version, and a rebuild reads what counts now.

Which days are pending, and why, is tests/unit/runs/test_model_days.py. Here whole runs.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from foundation.errors import WarehouseError
from ledger.chain import Ledger
from recovery.rebuild import rebuild
from runs.days.day_set import Days
from runs.days.plan import pending_days
from runs.days.reading import plan_now, read
from serving.current import require_current
from tests.faults.tiny_home import TinyHome, parcel
from tests.faults.whole_run import publish
from tests.support import dbt_statements
from tests.support.dbt_run import environment_kept
from tests.support.risk_models import candidate, document, edit, promoted, retired

pytestmark = pytest.mark.slow
FIRST, SECOND, THIRD = (dt.date(2026, 3, day) for day in (2, 3, 4))
TYPE = "undervaluation"


def facts(home: TinyHome) -> Mapping[str, Any]:
    """The run facts of the current release."""
    found: Mapping[str, Any] = require_current(home.home).manifest["run_facts"]
    return found


def entered(home: TinyHome, kind: str) -> Mapping[str, Any]:
    """The last entry of a kind."""
    return [e.body for e in Ledger(home.home.ledger).entries() if e.kind == kind][-1]


def pending(home: TinyHome) -> Days:
    return pending_days(read(home.home))


@pytest.fixture(scope="module")
def published(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    """Three days, published before there was any model."""
    home = TinyHome(tmp_path_factory.mktemp("models") / "home", seeded)
    for day in (FIRST, SECOND, THIRD):
        home.deliver([parcel(f"P{day}-{n}", day, declared_value=1_000 + n) for n in range(9)], day)
    publish(home, Days.between(FIRST, THIRD), "run-1")
    assert facts(home)["models"] == {}
    return home


def test_a_promotion_for_a_past_day_is_in_the_next_release(
    published: TinyHome, tmp_path: Path
) -> None:
    home = published.copy(tmp_path / "home")
    version = candidate(home.home)
    assert not pending(home)
    promoted(home.home, version, SECOND)
    assert pending(home) == Days([SECOND, THIRD])
    planned = plan_now(home.home)
    assert set(planned.days) == {SECOND, THIRD}
    publish(home, planned.days, "run-2")
    assert not pending(home)
    named = {TYPE: {version: f"{SECOND}..{THIRD}"}}
    assert facts(home)["models"] == entered(home, "release")["models"] == named
    started = [
        e.body for e in Ledger(home.home.ledger).entries()
        if e.kind == "run" and e.body["status"] == "started"
    ]  # fmt: skip
    assert [body["models"] for body in started] == [{}, named]
    staged = home.rows(
        "select model_version, valid_from, valid_to from staging.stg_scoring__model_versions"
    )
    assert staged == [(version, SECOND, None)]
    # Of one day the expert's points come back; a run of that day says so.
    retired(home.home, THIRD)
    assert pending(home) == Days([THIRD])
    publish(home, Days([THIRD]), "run-3")
    assert facts(home)["models"] == {}
    assert not pending(home)


def test_a_rebuild_reads_the_models_that_count_now(published: TinyHome, tmp_path: Path) -> None:
    home = published.copy(tmp_path / "home")
    version = candidate(home.home)
    promoted(home.home, version, THIRD)
    with dbt_statements.in_place_of_dbt(), environment_kept():
        made = rebuild(home.settings)
    assert "risk models that scored no release of their days yet" in made.differs_in
    staged = home.rows("select model_version from staging.stg_scoring__model_versions")
    assert staged == [(version,)]
    publish(home, Days([THIRD]), "run-2")
    with dbt_statements.in_place_of_dbt(), environment_kept():
        made = rebuild(home.settings)
    assert (made.differs_in, made.same_as_release) == ((), True)


def test_a_run_with_a_damaged_document_stops_before_it_computes(
    published: TinyHome, tmp_path: Path
) -> None:
    home = published.copy(tmp_path / "home")
    version = candidate(home.home)
    promoted(home.home, version, THIRD)
    edit(document(home.home, version), '"points":700', '"points":701')
    before = require_current(home.home).release_id
    with pytest.raises(WarehouseError, match=f"risk model {version} is not what was written"):
        publish(home, Days([THIRD]), "run-2")
    assert require_current(home.home).release_id == before
    assert THIRD in pending(home)
