"""What an officer decides before the consignment's day is over counts; what comes later is kept.

Add here a case of decisions. Keep out: how lanes fill without them (test_risk_pipeline.py).
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.risk_case import (
    STEADY,
    Row,
    capacity,
    consignment,
    prepare,
    run_risk,
    set_window,
    warehouse,
)
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
NEXT = DAY + dt.timedelta(days=1)
BANNED, SAFETY = "prohibited_conditional", "product_safety"

CAPACITIES = [
    "delete from seeds.lane_capacities",
    STEADY,
    *[
        capacity("*", lane, kind, 0, 0, priority)
        for lane in ("red", "yellow")
        for priority, kind in ((1, BANNED), (2, SAFETY))
    ],
    *[capacity("PICK", lane, BANNED, 1, 0, 1) for lane in ("red", "yellow")],
    *[capacity("TYPE", "red", kind, 1, 0, n) for n, kind in ((1, BANNED), (2, SAFETY))],
    capacity("YELLOW", "yellow", BANNED, 1, 0, 1),
    *[capacity(office, "red", BANNED, 9, 0, 1) for office in ("FREE", "TWICE", "TIME")],
    # of two risk types one random slot each
    capacity("DRAW", "red", "*", 2, 5000, None),
]


def goods(name: str, office: str, words: str = "ao thun nam", day: dt.date = DAY) -> Row:
    return consignment(name, day, customs_office_code=office, item_description_folded=words)


def decided(
    name: str,
    override: str,
    day: dt.date = DAY,
    hour: int = 3,
    risk_type: str | None = None,
    office: str | None = None,
) -> Row:
    """hour: UTC; the local date is `day`. office: where none is named, that of the goods for a
    release, and another for a selection."""
    own = next(
        (row["customs_office_code"] for row in ROWS if row["house_waybill_number"] == name), "ANY"
    )
    return {
        "consignment_id": f"P-{name}",
        "risk_type": risk_type,
        "override": override,
        "reason": f"{override} {hour}",
        "decided_at": dt.datetime(day.year, day.month, day.day, hour),
        "decided_date": day,
        "office_code": office or (own if override == "release" else "ANY"),
    }


FIRE = "phao no"
ROWS = [
    goods("shirt", "PICK"),
    *[goods(f"fire-{n}", "PICK", FIRE) for n in (1, 2)],
    goods("toy", "TYPE"),
    goods("toy-fire", "TYPE", FIRE),
    goods("paper", "YELLOW"),
    goods("poor", "POOR"),
    goods("freed", "FREE", FIRE),
    goods("kept", "FREE", FIRE),
    goods("vape", "FREE", "vape"),
    goods("again-vape", "FREE", "vape"),
    goods("far", "FREE", FIRE),
    *[goods(name, "TWICE", FIRE) for name in ("far-later",)],
    *[goods(name, "TWICE", FIRE) for name in ("yes-no", "no-yes", "at-once")],
    *[goods(f"time-{n}", "TIME") for n in ("late", "before", "at-limit", "too-early")],
    *[goods(f"draw-{n}", "DRAW") for n in range(10)],
    consignment("foreign", DAY, importing_country_code="LA"),
]
DECISIONS = [
    decided("shirt", "select"),
    decided("toy", "select", risk_type=SAFETY),
    decided("paper", "select", risk_type="unspecified"),
    decided("poor", "select"),
    decided("freed", "release"),
    decided("vape", "release"),
    decided("again-vape", "select"),
    decided("yes-no", "select", hour=3),
    decided("yes-no", "release", hour=8),
    decided("no-yes", "release", hour=3),
    decided("no-yes", "select", hour=8),
    decided("at-once", "release"),
    decided("at-once", "select"),
    decided("time-late", "select", NEXT),
    decided("kept", "release", NEXT),
    decided("time-before", "select", DAY - dt.timedelta(days=1)),
    decided("time-at-limit", "select", DAY - dt.timedelta(days=7)),
    decided("time-too-early", "select", DAY - dt.timedelta(days=8)),
    decided("nowhere", "select"),
    decided("draw-0", "release"),
    decided("foreign", "select"),
    # Another office releases: alone, and after the own office selected.
    decided("far", "release", office="OTHER"),
    decided("far-later", "select"),
    decided("far-later", "release", hour=8, office="OTHER"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("overrides")
    prepare(root, ROWS, (DAY, NEXT), {"selection_override": DECISIONS}, CAPACITIES)
    run_risk(root)
    return root


def add_decision(home: Path, row: Row) -> None:
    with warehouse(home) as connection:
        connection.execute(
            f"insert into raw.selection_override ({', '.join(row)}) "
            f"values ({', '.join('?' for _ in row)})",
            list(row.values()),
        )


def selected(home: Path, office: str) -> dict[str, tuple[object, ...]]:
    rows = rows_of(
        home,
        "select substr(consignment_id, 3), lane, selection_method, risk_type, rank_in_office_day, "
        "lane_capacity_per_day, score_points from risk.fct_selections "
        f"where customs_office_code = '{office}'",
    )
    return {str(row[0]): row[1:] for row in rows}


def outcomes(home: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    rows = rows_of(
        home,
        "select substr(consignment_id, 3), override, override_outcome, consignment_day, "
        "selection_method from risk.fct_selection_overrides",
    )
    return {(str(row[0]), str(row[1])): row[2:] for row in rows}


def test_a_selection_takes_the_slot_ahead_of_the_score(home: Path) -> None:
    """The shirt has no points and no stated type: the queue of first priority pays, in red."""
    found = selected(home, "PICK")
    assert found.pop("shirt") == ("red", "manual", BANNED, 1, 1, None)
    assert list(found.values()) == [("yellow", "score", BANNED, 1, 1, 70)]


def test_the_stated_risk_type_pays_the_slot(home: Path) -> None:
    assert selected(home, "TYPE") == {
        "toy": ("red", "manual", SAFETY, 1, 1, None),
        "toy-fire": ("red", "score", BANNED, 1, 1, 70),
    }


def test_the_strictest_lane_with_capacity_takes_it_and_without_any_it_is_kept(home: Path) -> None:
    """A type without slots of its own (unspecified) is as good as none stated."""
    assert selected(home, "YELLOW") == {"paper": ("yellow", "manual", BANNED, 1, 1, None)}
    assert selected(home, "POOR") == {"poor": ("red", "manual", BANNED, 1, 0, None)}


def test_a_release_reaches_the_score_and_not_what_is_mandatory(home: Path) -> None:
    methods = {name: row[1] for name, row in selected(home, "FREE").items()}
    assert methods == {
        "kept": "score", "far": "score", "vape": "mandatory", "again-vape": "mandatory",
    }  # fmt: skip


def test_another_office_may_select_and_not_release(home: Path) -> None:
    """The shirt above was selected by one; a release of one neither frees nor overrules."""
    found = outcomes(home)
    assert found["far", "release"] == ("other_office", DAY, "score")
    assert found["far-later", "release"] == ("other_office", DAY, "manual")
    assert found["far-later", "select"] == ("applied", DAY, "manual")


def test_what_is_released_is_not_in_the_stratum_of_the_draw(home: Path) -> None:
    """2 of 9, not of 10."""
    rows = rows_of(
        home,
        "select consignment_id, selection_probability from risk.fct_selections "
        "where customs_office_code = 'DRAW'",
    )
    assert [probability for _, probability in rows] == [Decimal("0.222222222")] * 2
    assert "P-draw-0" not in {name for name, _ in rows}


def test_of_contradicting_decisions_the_latest_wins_and_a_selection_at_one_moment(
    home: Path,
) -> None:
    methods = {name: row[1] for name, row in selected(home, "TWICE").items()}
    assert methods == {"no-yes": "manual", "at-once": "manual", "far-later": "manual"}
    found = outcomes(home)
    assert [found[name, "select"][0] for name in ("yes-no", "no-yes", "at-once")] == [
        "overruled", "applied", "applied",
    ]  # fmt: skip
    assert [found[name, "release"][0] for name in ("yes-no", "no-yes", "at-once")] == [
        "applied", "overruled", "overruled",
    ]  # fmt: skip


def test_decisions_count_from_seven_days_ahead_to_the_end_of_the_day(home: Path) -> None:
    assert set(selected(home, "TIME")) == {"time-before", "time-at-limit"}


def test_every_decision_is_kept_and_says_what_became_of_it(home: Path) -> None:
    found = outcomes(home)
    assert len(found) == len(DECISIONS)
    assert {
        key: found[key]
        for key in (
            ("time-late", "select"), ("kept", "release"), ("nowhere", "select"),
            ("time-too-early", "select"), ("vape", "release"), ("again-vape", "select"),
            ("foreign", "select"), ("freed", "release"),
        )
    } == {
        ("time-late", "select"): ("too_late", DAY, None),
        ("kept", "release"): ("too_late", DAY, "score"),
        ("nowhere", "select"): ("unknown_consignment", None, None),
        ("time-too-early", "select"): ("unknown_consignment", None, None),
        ("vape", "release"): ("mandatory_stands", DAY, "mandatory"),
        ("again-vape", "select"): ("mandatory_stands", DAY, "mandatory"),
        # goods for another country are up for no selection here
        ("foreign", "select"): ("without_effect", DAY, None),
        ("freed", "release"): ("applied", DAY, None),
    }  # fmt: skip


def test_a_decision_that_comes_late_makes_the_day_it_counts_for_stale(tmp_path: Path) -> None:
    """DAY was selected without it; then the day of the decision is computed, before and after it
    came.
    """
    before = DAY - dt.timedelta(days=1)
    others = [row for row in DECISIONS if row["consignment_id"] != "P-time-before"]
    stale = "select day, reason from intermediate.int_risk__stale_days"
    prepare(tmp_path, ROWS, (DAY, NEXT), {"selection_override": others}, CAPACITIES)
    run_risk(tmp_path)
    set_window(tmp_path, before, before)
    run_risk(tmp_path)
    assert rows_of(tmp_path, stale) == []
    add_decision(tmp_path, decided("time-before", "select", before))
    run_risk(tmp_path)
    assert rows_of(tmp_path, stale) == [(DAY, "overrides")]


def test_the_queue_says_why_an_officer_or_the_draw_selected(home: Path) -> None:
    rows = rows_of(
        home,
        "select distinct substr(consignment_id, 3), reason_vi, reasons_en from "
        "reporting.rpt_risk_queue where consignment_id = 'P-shirt' or selection_method = 'random' "
        "order by case when consignment_id = 'P-shirt' then 0 else 1 end",
    )
    law = "81/2019/TT-BTC"
    assert rows[0] == (
        "shirt",
        "Cơ quan hải quan chọn; lý do nêu: select 3",
        "Selected by a customs office; reason stated: select 3 "
        f"[{law}, the head of the customs unit may override]",
    )
    drawn = (
        "Bốc ngẫu nhiên, không vì dấu hiệu rủi ro; kết quả đo tỷ lệ vi phạm của hàng không bị chọn",
        "Drawn at random, not for a sign of risk; its result measures how much is found in goods "
        f"that nothing selects [{law}, article 17 (random selection)]",
    )
    assert {row[1:] for row in rows[1:]} == {drawn}
