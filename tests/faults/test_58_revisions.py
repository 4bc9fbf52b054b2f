"""Rows 52, 58 and 59, published: what changed is told, and an old day can be made again.

Five releases of one home: two days, and a result that is known on a third, which is computed ahead;
what came 40 days late about the first, and the third day; the first day under a changed rule; the
first day under its own rules again; a correction of the third day. Not claimed: reasons finer than
"what differs since the release that computed the day last".
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from foundation.home import Home
from ledger.chain import Ledger
from runs import dbt_project
from runs.days.day_set import Days
from runs.days.plan import pending_days
from runs.days.reading import read
from serving.current import Release, require_current
from serving.diff import Comparison, compare
from serving.history import Listing, read_listing
from serving.plan import AUDIENCES
from serving.reader import query
from tests.faults.story_of_days import (
    LATE,
    MOVED_TO,
    PRICED,
    READER,
    amendments,
    correction,
    forty_days_late,
    known_ahead,
    ordinary,
    reader,
)  # fmt: skip
from tests.faults.tiny_home import TinyHome
from tests.faults.whole_run import publish

# What an earlier version wrote when MOVED_TO was published: the day ahead as its first value.
WRONG = """
insert into quality.fct_revisions by name
select date '{day}' as day, 'reporting.rpt_daily_summary' as mart, 'consignments' as measure,
       0 as first_value, '{ahead}' as first_release_id, 0 as previous_value,
       '{ahead}' as previous_release_id, 1 as current_value, 1 as change,
       '{published}' as release_id, true as is_latest, 'late' as reason, 'late' as reasons
"""
REVISIONS = "from quality.fct_revisions order by day, mart, measure, release_id"
VAT = "update seeds.rule_parameters set value = '{value}' where parameter_id = 'VAT_REDUCED'"


@dataclass(frozen=True)
class Published:
    """One release as it stood when it was current."""

    release: Release
    listing: Listing
    revisions: list[dict[str, Any]]
    ministry: list[dict[str, Any]]
    later: list[dt.date]

    @classmethod
    def now(cls, home: TinyHome) -> "Published":
        current = require_current(home.home)
        customs, ministry = (
            query(home.home, REVISIONS, audience=audience).to_pylist() for audience in AUDIENCES
        )
        return cls(current, read_listing(current.folder), customs, ministry, list(home.later))


@dataclass(frozen=True)
class Told:
    home: Home
    first: Published
    late: Published
    ruled: Published
    again: Published
    corrected: Published
    under_new_rules: Comparison


@pytest.fixture(scope="module")
def told(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    home = TinyHome(tmp_path_factory.mktemp("revisions") / "home", seeded)
    ordinary(home)
    reader(home)
    known_ahead(home)

    def run(days: Days, run_id: str) -> Published:
        publish(home, days, run_id)
        return Published.now(home)

    first = run(pending_days(read(home.home)), "run-1")
    forty_days_late(home)
    amendments(home)
    late = run(pending_days(read(home.home)), "run-2")
    own = dbt_project.seeds_hash()
    ((value,),) = home.rows(
        "select value from seeds.rule_parameters where parameter_id = 'VAT_REDUCED' "
        f"and date '{PRICED}' between valid_from and valid_to"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt_project, "seeds_hash", lambda: "f" * 64)
        home.change(VAT.format(value=int(value) + 1))
        ruled = run(Days([PRICED]), "run-3")
    assert dbt_project.seeds_hash() == own
    home.change(VAT.format(value=value))
    again = run(Days([PRICED]), "run-4")
    plan = dbt_project.release_plan(1)
    new_rules = compare(home.home, plan, late.release.release_id, ruled.release.release_id)
    wrong = WRONG.format(
        day=MOVED_TO, ahead=first.release.release_id, published=late.release.release_id
    )
    for audience in AUDIENCES:
        database = again.release.database(audience)
        database.chmod(0o600)
        with duckdb.connect(str(database)) as connection:
            connection.execute(wrong)
    assert len(Published.now(home).ministry) == len(again.ministry) + 1
    correction(home)
    corrected = run(pending_days(read(home.home)), "run-5")
    return Told(home.home, first, late, ruled, again, corrected, new_rules)


def days_in(listing: Listing, other: Listing, table: str) -> set[str]:
    """Days whose file differs between two releases."""
    one, two = listing[table], other[table]
    return {day for day in one.keys() | two.keys() if one.get(day) != two.get(day)}


def test_only_affected_days_have_new_history(told: Told) -> None:
    assert told.late.release.manifest["run_facts"]["days"] == str(Days([PRICED, MOVED_TO, LATE]))
    assert told.late.later == [READER]
    flows = days_in(told.first.listing, told.late.listing, "impact.fct_import_flows_daily")
    risk = days_in(told.first.listing, told.late.listing, "risk.fct_risk_indicators")
    # Empty days got their (shared, empty) file; READER's consignments stand, its risk does not.
    assert flows == {str(PRICED), str(MOVED_TO), str(LATE)}
    assert risk == {str(PRICED), str(MOVED_TO), str(LATE), str(READER)}


def test_a_revision_tells_first_previous_and_current_value_and_why(told: Told) -> None:
    assert told.first.revisions == []
    found = {(r["day"], r["measure"]): r for r in told.late.revisions}
    count = found[PRICED, "consignments"]
    # 34 shirts, GONE, MOVED, STAYS and three contacts are 40; GONE and MOVED go, six come late.
    values = [count[name] for name in ("first_value", "previous_value", "current_value", "change")]
    assert values == [Decimal(40), Decimal(40), Decimal(44), Decimal(4)]
    assert count["reason"] == "cancelled"
    assert count["reasons"] == "cancelled; amended; late"
    ids = told.first.release.release_id, told.late.release.release_id
    assert (count["first_release_id"], count["release_id"]) == ids
    assert (count["previous_release_id"], count["is_latest"]) == (ids[0], True)
    # Both files that touched the day are named to customs, by their content.
    assert len(count["delivery_sha256s"].split()) == 2
    # MOVED_TO was never published before: nothing about it is a revision.
    assert {day for day, _ in found} <= {PRICED, READER}


def test_a_day_computed_ahead_is_published_by_the_run_that_reads_it(told: Told) -> None:
    assert told.first.later == [MOVED_TO]
    assert told.first.release.manifest["run_facts"]["later_days"] == []
    assert all(str(MOVED_TO) not in days for days in told.first.listing.values())
    assert str(MOVED_TO) in told.late.listing["reporting.rpt_daily_summary"]
    days = {row["day"] for row in told.late.revisions if row["mart"].startswith("reporting.")}
    assert days == {PRICED}


def test_the_ministry_is_told_no_old_and_new_value_of_a_day(told: Told) -> None:
    """It reads no mart of days; what was wrongly written into its file is gone with the next."""
    for one in (told.first, told.late, told.ruled, told.again, told.corrected):
        assert one.ministry == []


def test_a_correction_names_the_value_first_published(told: Told) -> None:
    """MOVED came with 91,000 VND and is corrected to 95,000; its count stays."""
    new = [r for r in told.corrected.revisions if r["release_id"] not in old_releases(told)]
    assert {row["day"] for row in new} == {MOVED_TO}
    (value,) = [row for row in new if row["measure"] == "customs_value_vnd"]
    values = [value[name] for name in ("first_value", "previous_value", "current_value")]
    assert values == [Decimal(91_000), Decimal(91_000), Decimal(95_000)]
    late = told.late.release.release_id
    assert (value["first_release_id"], value["previous_release_id"]) == (late, late)
    assert (value["reason"], value["reasons"]) == ("amended", "amended")


def test_rows_about_a_first_publication_are_not_carried_over(told: Told) -> None:
    """The wrong row that stood in the release before is lost, and no other."""
    before, after = told.again.revisions, told.corrected.revisions
    assert before
    assert [row for row in after if row["release_id"] in old_releases(told)] == before


def old_releases(told: Told) -> set[str]:
    return {each.release.release_id for each in (told.first, told.late, told.ruled, told.again)}


def test_a_rule_change_is_told_as_one(told: Told) -> None:
    new = [r for r in told.ruled.revisions if r["release_id"] == told.ruled.release.release_id]
    assert [(r["day"], r["measure"], r["reason"]) for r in new] == [
        (PRICED, "vat_due_vnd", "rule_change")
    ]
    late_vat = next(r for r in told.late.revisions if r["measure"] == "vat_due_vnd")
    # The value first published stays the first, however often it is revised.
    assert new[0]["first_value"] == late_vat["first_value"]
    assert new[0]["previous_value"] == late_vat["current_value"]
    assert new[0]["previous_release_id"] == told.late.release.release_id


def test_diff_under_new_rules(told: Told) -> None:
    found = told.under_new_rules
    assert found.making["code"] == "the same"
    assert found.making["rules and seeds"].endswith("f" * 64)
    assert found.making["inputs of the run, only before"] == [
        name for name in found.making["inputs of the run, only before"] if "reader" in name
    ]
    (day,) = [row for row in found.days if row["day"] == PRICED]
    # Eight per cent before, nine after: of each value V, 0.09 V instead of 0.08 V.
    assert day["measure"] == "vat_due_vnd"
    assert day["after"] * 8 == day["before"] * 9
    assert "core.fct_tax_assessments" in {table.table for table in found.tables}
    assert "core.fct_consignments" not in {table.table for table in found.tables}
    changed = {(row["side"], row["row"]["value"]) for row in found.settings
               if row["row"].get("parameter_id") == "VAT_REDUCED"}  # fmt: skip
    assert {side for side, _ in changed} == {"only before", "only after"}


def test_an_old_day_under_its_own_rules_gives_the_same_bytes(told: Told) -> None:
    """Content hash, and Parquet files named by the hash of their bytes."""
    assert (
        told.again.release.manifest["content_hash"] == (told.late.release.manifest["content_hash"])
    )
    assert told.again.listing == told.late.listing
    # Negative control: under the new rule they were others.
    assert (
        told.ruled.release.manifest["content_hash"] != (told.late.release.manifest["content_hash"])
    )
    assert days_in(told.ruled.listing, told.late.listing, "core.fct_tax_assessments") == {
        str(PRICED)
    }


def test_the_ledger_tells_every_run_from_start_to_end(told: Told) -> None:
    runs = [e.body for e in Ledger(told.home.ledger).entries() if e.kind == "run"]
    assert [(r["run_id"], r["status"]) for r in runs if r["run_id"] in ("run-1", "run-2")] == [
        ("run-1", "started"),
        ("run-1", "extended"),
        ("run-1", "published"),
        ("run-2", "started"),
        ("run-2", "extended"),
        ("run-2", "published"),
    ]
    started = runs[0]
    assert {"code_sha256", "seeds_sha256", "lock_sha256", "days"} <= started.keys()
