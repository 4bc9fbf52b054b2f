"""Rules that look at other days bite at their boundary: senders, freshness, holidays.

Not claimed: that the thresholds are right; only that each is applied at its boundary.
"""

from pathlib import Path

import pytest

from expectations.lists.holidays import COLUMNS, load_calendar
from expectations.suites import gate1
from foundation.errors import WarehouseError
from tests.unit.expectations.warehouses import failing, judge, spoilt

pytestmark = pytest.mark.slow

LAST = "sha256 = 'parcel_manifest-2026-11-08'"
# rule -> (statements, failing rows)
CASES: dict[str, tuple[tuple[str, ...], int]] = {
    # 801 of 1,000 rows in band 16 where 500 were: 301 moved, 30.1 % (rounded down: 30) is not
    # more than 30; 811 are 31.1 %.
    "sender_mix_steady": (
        (
            f"update pipeline.delivery_profile set amount = 811 where category = '16' and {LAST}",
            f"update pipeline.delivery_profile set amount = 189 where category = '17' and {LAST}",
        ),
        1,
    ),
    # Half a kilogram delivered as 1.1 pounds: 1,102 of 500 thousandths are 220 %.
    "sender_medians_steady": (
        (
            "update pipeline.delivery_profile set amount = 1102 "
            f"where field = 'gross_weight_kg' and {LAST}",
        ),
        1,
    ),
    # The window ends on Sunday 8 November. Nothing after Wednesday 4: Thursday, Friday, Saturday
    # are three working days, Sunday is none.
    "daily_sources_fresh": (
        (
            "delete from raw.delivery_outcome where source = 'parcel_manifest' "
            "and day_min > '2026-11-04'",
        ),
        1,
    ),
    # 8 November less 96 days is 4 August.
    "states_fresh": (
        (
            "update raw.delivery_outcome set received_date = '2026-08-04' "
            "where source = 'market_reference'",
        ),
        1,
    ),
    "holidays_known": (
        ("update raw.run_window set to_day = '2028-01-02', from_day = '2028-01-01'",),
        1,
    ),
}


def suites(rule_id: str) -> list:
    return [s for s in gate1.suites() if rule_id in {rule.rule_id for rule in s.rules}]


@pytest.mark.parametrize("rule_id", CASES)
def test_a_spoilt_history_fails_exactly_that_rule(rule_id: str, good: Path, tmp_path: Path) -> None:
    statements, count = CASES[rule_id]
    [suite] = suites(rule_id)
    verdict = judge("gate1", [suite], spoilt(good, tmp_path, statements), tmp_path)
    assert failing(verdict) == {(suite.name, rule_id): count}
    assert verdict.passed  # none of them refuses a day
    assert verdict.failures()[0].examples


def test_what_lies_on_the_boundary_passes(good: Path, tmp_path: Path) -> None:
    """Each case above, one step back."""
    statements = [
        f"update pipeline.delivery_profile set amount = 801 where category = '16' and {LAST}",
        f"update pipeline.delivery_profile set amount = 199 where category = '17' and {LAST}",
        "update pipeline.delivery_profile set amount = 1000 "
        f"where field = 'gross_weight_kg' and {LAST}",
        "delete from raw.delivery_outcome where source = 'customs_declaration' "
        "and day_min > '2026-11-05'",
        "update raw.delivery_outcome set received_date = '2026-08-05' "
        "where source = 'market_reference'",
    ]
    judged = [s for s in gate1.suites() if s.name in ("run", "freshness", "senders")]
    verdict = judge("gate1", judged, spoilt(good, tmp_path, statements), tmp_path)
    assert verdict.status == "passed"
    figures = {r.rule_id: r.measured["value"] for r in verdict.results if r.measured}
    assert figures == {
        "daily_sources_fresh": 2,
        "states_fresh": 95,
        "sender_mix_steady": 30,
        "sender_medians_steady": 200,
    }


def test_a_sender_is_compared_with_itself_only(good: Path, tmp_path: Path) -> None:
    """Two senders that differ wholly, each steady: nothing to report. Too young a sender: nothing
    to check."""
    other = (
        "insert into pipeline.delivery_profile select source, 'other', sha256 || '-o', "
        "received_date, delivery_sequence, row_count, field, 'EUR', amount "
        "from pipeline.delivery_profile where field = 'currency_code' and sender = 'sender'"
    )
    known = (
        "insert into raw.delivery_outcome select delivery_sequence, file_name, source, 'other', "
        "sha256 || '-o', status, rows_in, accepted, quarantined, duplicates, reason, "
        "received_date, day_min, day_max from raw.delivery_outcome "
        "where source = 'parcel_manifest'"
    )
    [suite] = suites("sender_mix_steady")
    verdict = judge("gate1", [suite], spoilt(good, tmp_path, [other, known]), tmp_path)
    assert verdict.status == "passed"
    young = "delete from pipeline.delivery_profile where received_date < '2026-11-07'"
    verdict = judge("gate1", [suite], spoilt(good, tmp_path, [young]), tmp_path)
    assert {r.outcome for r in verdict.results} == {"nothing_to_check"}


def test_a_discarded_delivery_is_nobody_s_past(good: Path, tmp_path: Path) -> None:
    """Five of the six deliveries before the last were another thing, and were discarded: one is
    left, too few to compare with. Not discarded, they make the last one a stranger."""
    before = "sha256 between 'parcel_manifest-2026-11-02' and 'parcel_manifest-2026-11-06'"
    other = f"update pipeline.delivery_profile set category = 'X' || category where {before}"
    [suite] = suites("sender_mix_steady")
    verdict = judge("gate1", [suite], spoilt(good, tmp_path, [other]), tmp_path)
    assert "sender_mix_steady" in {r.rule_id for r in verdict.failures()}
    gone = f"update raw.delivery_outcome set status = 'discarded' where {before}"
    verdict = judge("gate1", [suite], spoilt(good, tmp_path, [other, gone]), tmp_path)
    assert {r.outcome for r in verdict.results} == {"nothing_to_check"}


VOLUME = "volume_usual"
EMPTY_THURSDAY = (
    "delete from raw.parcel_manifest where day = '2026-11-05'",
    "delete from raw.delivery_outcome where source = 'parcel_manifest' and day_min = '2026-11-05'",
)


def with_day_off(tmp_path: Path, *days: str) -> object:
    """The shipped calendar and these days off."""
    file = tmp_path / "calendar.csv"
    rows = [f"{day},true,holiday,Nghỉ,Day off,order 1,V1,order" for day in days]
    file.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    return load_calendar(file)


def volume(good: Path, folder: Path, calendar: object, statements: tuple[str, ...]) -> dict:
    suite = gate1.suite_for("parcel_manifest", calendar)  # type: ignore[arg-type]
    verdict = judge("gate1", [suite], spoilt(good, folder, statements), folder)
    return {r.rule_id: r for r in verdict.results if r.rule_id.startswith("volume")}


def test_an_empty_day_off_is_no_finding(good: Path, tmp_path: Path) -> None:
    """The same day without the calendar is one (negative control)."""
    missed = volume(good, tmp_path, load_calendar(), EMPTY_THURSDAY)[VOLUME]
    assert missed.outcome == "failed"
    assert missed.examples[0]["day_kind"] == "ordinary"
    off = volume(good, tmp_path, with_day_off(tmp_path, "2026-11-05"), EMPTY_THURSDAY)[VOLUME]
    assert off.outcome == "passed"


def test_the_day_after_may_bring_what_was_left_lying(good: Path, tmp_path: Path) -> None:
    """390 rows on Friday are 325 % of 120: too many for a Friday, not for one after a day off;
    490 are 408 %, too many for both."""

    def friday(rows: int) -> tuple[str, ...]:
        return (
            "insert into raw.parcel_manifest select donor.* replace (1000 + more.line as "
            "_src_line) from (select * from raw.parcel_manifest where day = '2026-11-06' "
            f"and _src_line = 1) as donor cross join range({rows - 120}) as more(line)",
        )

    calendar = with_day_off(tmp_path, "2026-11-05")
    assert volume(good, tmp_path, load_calendar(), friday(390))[VOLUME].outcome == "failed"
    assert volume(good, tmp_path, calendar, friday(390))[VOLUME].outcome == "passed"
    too_many = volume(good, tmp_path, calendar, friday(490))[VOLUME]
    assert [row["day_kind"] for row in too_many.examples] == ["after_day_off"]


def test_days_off_are_no_measure_for_other_days(good: Path, tmp_path: Path) -> None:
    """Four of seven days nearly empty would be the median; as days off they are not counted."""
    days = ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05")
    listed = ", ".join(f"'{day}'" for day in days)
    few = (f"delete from raw.parcel_manifest where day in ({listed}) and _src_line > 5",)
    shown = volume(good, tmp_path, load_calendar(), few)[VOLUME]
    assert {row["day"] for row in shown.examples} >= {"2026-11-06", "2026-11-07", "2026-11-08"}
    off = volume(good, tmp_path, with_day_off(tmp_path, *days), few)[VOLUME]
    assert off.outcome == "nothing_to_check"  # fewer than three ordinary days are left


def test_the_shipped_calendar_knows_tet_and_says_how_sure_it_is() -> None:
    days = {str(holiday.day): holiday for holiday in load_calendar().holidays}
    assert {days[f"2026-02-{day}"].kind for day in range(16, 21)} == {"tet"}
    assert days["2026-02-17"].evidence_grade == "V2"
    assert days["2027-02-06"].evidence_grade == "U"
    assert "2026-02-21" not in days


def test_a_site_corrects_the_calendar(tmp_path: Path) -> None:
    file = tmp_path / "calendar.csv"
    head = ",".join(COLUMNS)
    file.write_text(
        f"{head}\n2027-02-05,false,tet,Tết,Tet,decision 1,V1,decision\n"
        "2027-02-10,true,tet,Tết,Tet,decision 1,V1,decision\n",
        encoding="utf-8",
    )
    calendar = load_calendar(file)
    days = {str(holiday.day) for holiday in calendar.holidays}
    assert calendar.origin.startswith("shipped + calendar.csv ")
    assert "2027-02-05" not in days
    assert {"2027-02-06", "2027-02-10"} <= days
    for text, why in (
        ("day,name\n", "the header must be"),
        (f"{head}\n2027-02-30,true,tet,T,T,l,U,s\n", "line 2: '2027-02-30'"),
        (f"{head}\n2027-02-05,yes,tet,T,T,l,U,s\n", "line 2: is_day_off"),
        (f"{head}\n2027-02-05,true,party,T,T,l,U,s\n", "line 2: kind"),
        (f"{head}\n2027-02-05,true,tet,T,T,,U,s\n", "line 2: name_vi and legal_basis"),
        (f"{head}\n2027-02-05,true\n", "line 2: 8 fields"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(WarehouseError, match="calendar of days off") as raised:
            load_calendar(file)
        assert why in raised.value.what
