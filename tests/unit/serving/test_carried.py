"""Closed periods of cumulative tables come with the file before, and nothing wrong comes with them.

reporting.rpt_platforms is cumulative by month here. Two months: that of OLD_DAY (January) and that
of DAY and NEXT_DAY (March). Not claimed: that the new file is as small as one written anew.
"""

from dataclasses import replace

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.carried import carried_tables
from serving.current import require_current
from serving.plan import ReleasePlan, TablePlan
from serving.reader import open_reader
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, PLAN, without

pytestmark = pytest.mark.slow

NAME = "reporting.rpt_platforms"
CUMULATIVE = TablePlan(
    "reporting", "rpt_platforms", ("customs", "ministry"), ("day", "platform_code"), "day",
    is_cumulative=True,
)  # fmt: skip
SMALL_TABLES = without(PLAN, NAME)
CARRYING = replace(SMALL_TABLES, tables=(*SMALL_TABLES.tables, CUMULATIVE))
SAME_CODE = {"code_sha256": "c" * 64}
ALL_DAYS = (OLD_DAY, DAY, NEXT_DAY)
# What a run that nobody published left in the working database for a day of another run.
TAMPERED = f"update {NAME} set consignments = 99 where day = date '{OLD_DAY}'"
ONE_MORE = f"update {NAME} set consignments = 2 where day = date '{NEXT_DAY}'"


def counts(home: Home, audience: str) -> list[tuple[object, int]]:
    """(day, consignments) of the published table, in order of days."""
    with open_reader(require_current(home).database(audience)) as connection:
        return connection.execute(f"select day, consignments from {NAME} order by day").fetchall()


@pytest.mark.parametrize("audience", ["customs", "ministry"])
def test_other_periods_are_those_of_the_file_before(
    home: Home, publish_once: Publish, audience: str
) -> None:
    publish_once(days=ALL_DAYS, plan=CARRYING, run_facts=SAME_CODE)
    publish_once([TAMPERED, ONE_MORE], days=[NEXT_DAY], plan=CARRYING, run_facts=SAME_CODE)
    assert counts(home, audience) == [(OLD_DAY, 1), (DAY, 1), (NEXT_DAY, 2)]


@pytest.mark.parametrize("facts", [{"code_sha256": "d" * 64}, {}])
def test_another_code_writes_all_anew_and_is_found_out(
    home: Home, publish_once: Publish, facts: dict[str, str]
) -> None:
    """The control of the test above: without the file before, the tampered day is in the file."""
    publish_once(days=ALL_DAYS, plan=CARRYING, run_facts=SAME_CODE)
    with pytest.raises(WarehouseError, match=f"other content than was judged: {NAME}"):
        publish_once([TAMPERED], days=[NEXT_DAY], plan=CARRYING, run_facts=facts)
    assert carried_tables(require_current(home), CARRYING, facts) == frozenset()
    assert carried_tables(require_current(home), CARRYING, SAME_CODE) == {NAME}


def test_a_period_that_became_empty_is_emptied(home: Home, publish_once: Publish) -> None:
    publish_once(days=ALL_DAYS, plan=CARRYING, run_facts=SAME_CODE)
    emptied = f"delete from {NAME} where day = date '{DAY}'"
    publish_once([emptied], days=[DAY], plan=CARRYING, run_facts=SAME_CODE)
    assert counts(home, "ministry") == [(OLD_DAY, 1), (NEXT_DAY, 1)]


def test_a_damaged_file_is_not_carried_on(home: Home, publish_once: Publish) -> None:
    """One flipped bit in the middle of the file before: the next one is written anew."""
    publish_once(days=ALL_DAYS, plan=CARRYING, run_facts=SAME_CODE)
    database = require_current(home).database("ministry")
    database.chmod(0o600)
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(bytes(content))
    publish_once([ONE_MORE], days=[NEXT_DAY], plan=CARRYING, run_facts=SAME_CODE)
    assert counts(home, "ministry") == [(OLD_DAY, 1), (DAY, 1), (NEXT_DAY, 2)]


def test_the_content_is_the_same_as_of_a_file_written_anew(
    home: Home, publish_once: Publish
) -> None:
    publish_once(days=ALL_DAYS, plan=CARRYING, run_facts=SAME_CODE)
    publish_once([ONE_MORE], days=[NEXT_DAY], plan=CARRYING, run_facts=SAME_CODE)
    carried = require_current(home).manifest
    publish_once([ONE_MORE], days=[], plan=CARRYING, run_facts={})
    anew = require_current(home).manifest
    assert carried["content_hash"] == anew["content_hash"]
    for file in carried["files"]:
        assert carried["files"][file]["content_hash"] == anew["files"][file]["content_hash"]


def test_a_cumulative_table_has_periods() -> None:
    with pytest.raises(UsageError, match="cumulative"):
        ReleasePlan((replace(CUMULATIVE, window_column=None),), 0)
    with pytest.raises(UsageError, match="cumulative"):
        ReleasePlan((replace(CUMULATIVE, is_detail=True),), 0)
