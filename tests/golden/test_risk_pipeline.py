"""The order in which lanes fill: mandatory rules, reserved random slots, score; red, yellow, then
post-clearance. Every selection says its method, probability, rank, capacity and version.

Add here a step of the budgeted selection. Keep out: how one queue closes up and how a draw is
salted (test_risk_selection.py).
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.risk_case import STEADY, Row, capacity, consignment, prepare, run_risk
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
BEFORE = DAY - dt.timedelta(days=1)
BANNED, SAFETY = "prohibited_conditional", "product_safety"
ONE = Decimal(1)

# An e-cigarette is mandatory from DAY on; a firecracker has the same 70 points and ranks by score.
CHANGES = [
    "delete from seeds.lane_capacities",
    STEADY,
    f"update seeds.mandatory_selection_rules set valid_from = date '{DAY}'",
    *[
        capacity("*", lane, kind, 0, 0, priority)
        for lane in ("red", "yellow", "post_clearance")
        for priority, kind in ((1, BANNED), (2, SAFETY))
    ],
    *[capacity(office, "red", BANNED, 3, 0, 1) for office in ("MIXED", "DATED")],
    capacity("MIXED", "yellow", BANNED, 2, 0, 1),
    capacity("OVER", "red", BANNED, 1, 0, 1),
    capacity("OVER", "yellow", BANNED, 1, 0, 1),
    *[capacity("LANES", lane, BANNED, 1, 0, 1) for lane in ("red", "yellow", "post_clearance")],
    capacity("BUSY", "red", BANNED, 2, 0, 1),
    capacity("SAFE", "red", BANNED, 1, 0, 1),
    capacity("SAFE", "red", SAFETY, 1, 0, 2),
    # red 2 with 50 %: of two risk types one random slot each
    capacity("DRAW", "red", "*", 2, 5000, None),
]


def goods(name: str, office: str, words: str, day: dt.date = DAY) -> Row:
    return consignment(name, day, customs_office_code=office, item_description_folded=words)


def several(office: str, words: str, count: int) -> list[Row]:
    return [goods(f"{office}-{words}-{n}", office, words) for n in range(count)]


ROWS = [
    *several("MIXED", "vape", 2),
    *several("MIXED", "phao no", 4),
    *several("OVER", "vape", 3),
    *several("OVER", "phao no", 2),
    *several("ZERO", "vape", 1),
    *several("ZERO", "phao no", 1),
    *several("LANES", "phao no", 4),
    *several("SAFE", "phao no", 3),
    *several("SAFE", "laser pointer", 2),
    *[
        row | {"consignee_party_id": "one", "consignor_party_id": "one"}
        for row in several("BUSY", "phao no", 300)
    ],
    *several("DRAW", "vape", 4),
    *several("DRAW", "ao thun nam", 9),
    goods("dated-before", "DATED", "vape", BEFORE),
    goods("dated-on", "DATED", "vape", DAY),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pipeline")
    prepare(root, ROWS, (BEFORE, DAY), seed_changes=CHANGES)
    run_risk(root)
    return root


def counted(home: Path, office: str) -> list[tuple[object, ...]]:
    """(goods, lane, method, rank, capacity) of an office, in the order of filling."""
    return rows_of(
        home,
        "select split_part(consignment_id, '-', 3), lane, selection_method, rank_in_office_day, "
        f"lane_capacity_per_day from risk.fct_selections where customs_office_code = '{office}' "
        "order by array_position(['red', 'yellow', 'post_clearance'], lane), "
        "array_position(['mandatory', 'random', 'score'], selection_method), rank_in_office_day",
    )


def test_mandatory_rules_take_the_slots_of_the_score(home: Path) -> None:
    """Red holds 3: two mandatory leave one; yellow holds 2; the fourth firecracker goes green."""
    assert counted(home, "MIXED") == [
        ("vape", "red", "mandatory", 1, 3),
        ("vape", "red", "mandatory", 2, 3),
        ("phao no", "red", "score", 1, 3),
        ("phao no", "yellow", "score", 2, 2),
        ("phao no", "yellow", "score", 3, 2),
    ]


def test_more_mandatory_than_the_lane_holds_are_all_kept_and_the_score_gets_nothing(
    home: Path,
) -> None:
    """Red holds 1 and three are mandatory; yellow is not touched by that."""
    assert counted(home, "OVER") == [
        *[("vape", "red", "mandatory", rank, 1) for rank in (1, 2, 3)],
        ("phao no", "yellow", "score", 1, 1),
    ]


def test_without_capacity_only_what_is_mandatory_is_selected(home: Path) -> None:
    assert counted(home, "ZERO") == [("vape", "red", "mandatory", 1, 0)]


def test_red_fills_before_yellow_before_post_clearance_before_green(home: Path) -> None:
    assert [(lane, rank) for _, lane, _, rank, _ in counted(home, "LANES")] == [
        ("red", 1), ("yellow", 2), ("post_clearance", 3),
    ]  # fmt: skip


def test_one_party_with_hundreds_of_parcels_gets_no_more_than_the_slots_there_are(
    home: Path,
) -> None:
    """Nothing holds a party below the capacity: equal points follow md5 of the id."""
    assert [row[1:4] for row in counted(home, "BUSY")] == [
        ("red", "score", 1), ("red", "score", 2),
    ]  # fmt: skip


def test_product_safety_keeps_its_own_slots_beside_goods_of_more_points(home: Path) -> None:
    """Three firecrackers of 70 points take the one slot of banned goods, never that of safety."""
    assert sorted(str(row[0]) for row in counted(home, "SAFE")) == ["laser pointer", "phao no"]


def test_the_draw_keeps_its_slots_and_draws_from_what_nothing_decided_on(home: Path) -> None:
    """4 mandatory for one slot of the score: both random slots stay; 2 of 9, not of 13."""
    rows = rows_of(
        home,
        "select split_part(consignment_id, '-', 3), selection_method, selection_probability, "
        "lane_capacity_per_day, count(*) from risk.fct_selections "
        "where customs_office_code = 'DRAW' group by all order by 2",
    )
    assert rows == [
        ("vape", "mandatory", ONE, 2, 4),
        # the lane holds 2 for each of two risk types
        ("ao thun nam", "random", Decimal("0.222222222"), 4, 2),
    ]


def test_a_rule_is_mandatory_from_its_first_day_on(home: Path) -> None:
    rows = rows_of(
        home,
        "select consignment_id, selection_method from risk.fct_selections "
        "where customs_office_code = 'DATED' order by day",
    )
    assert rows == [("P-dated-before", "score"), ("P-dated-on", "mandatory")]


def test_a_selection_names_the_version_of_its_points_and_a_draw_has_none(home: Path) -> None:
    rows = rows_of(
        home,
        "select distinct selection_method, risk_type is not null, model_version, weight_version, "
        "score_points is not null from risk.fct_selections order by 1",
    )
    assert rows == [
        ("mandatory", True, None, "2026.1", True),
        ("random", False, None, None, False),
        ("score", True, None, "2026.1", True),
    ]
