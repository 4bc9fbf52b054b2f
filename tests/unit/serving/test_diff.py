"""Diff of two releases: every difference found, matched by key, with what may be why."""

import json
from decimal import Decimal

import pytest

from foundation.errors import UsageError
from foundation.home import Home
from serving.diff import Comparison, compare
from serving.plan import ReleasePlan, TablePlan
from tests.unit.serving.fake_work import DAY, NEXT_DAY, PLAN, SHA, publish_work

PARAMETERS = TablePlan(
    "core", "dim_rule_parameter", ("customs",), ("parameter_id", "period_number")
)
SUMMARY = TablePlan("reporting", "rpt_daily_summary", ("customs",), ("day",), "day")
RULED = ReleasePlan((*PLAN.tables, PARAMETERS, SUMMARY), PLAN.detail_rows)
RULES = (
    "create table core.dim_rule_parameter as select 'LIMIT' as parameter_id, 1 as period_number, "
    "'{value}' as value"
)
DAYS = (
    "create table reporting.rpt_daily_summary as select date '2026-03-10' as day, "
    "{count} as consignments"
)
# Under the new rule P-1 has 2 points less of undervaluation and P-2 is gone.
NEW = [
    RULES.format(value=900000),
    DAYS.format(count=2),
    "update risk.fct_risk_indicators set points = 3 where points = 5",
    "update risk.fct_risk_scores set score_points = 6 where score_points = 8",
    "delete from core.fct_consignments where consignment_id = 'P-2'",
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    home = Home(tmp_path_factory.mktemp("diff") / "home")
    facts = {"code_sha256": "c1", "lock_sha256": "l1", "days": "2026-03-10..2026-03-11"}
    old = publish_work(
        home,
        [RULES.format(value=1000000), DAYS.format(count=3)],
        days=[DAY, NEXT_DAY],
        plan=RULED,
        run_facts={**facts, "seeds_sha256": "s1", "inputs": [SHA, "b" * 64]},
    )
    new = publish_work(
        home, NEW, days=[DAY, NEXT_DAY], plan=RULED,
        run_facts={**facts, "seeds_sha256": "s2", "inputs": [SHA]},
    )  # fmt: skip
    return compare(home, RULED, old, new)


def test_only_tables_that_differ_are_told_with_their_rows_and_columns(found: Comparison) -> None:
    told = {
        t.table: (t.only_before, t.only_after, t.changed, dict(t.columns)) for t in found.tables
    }
    assert told == {
        "core.fct_consignments": (1, 0, 0, {}),
        "core.dim_rule_parameter": (0, 0, 1, {"value": 1}),
        "risk.fct_risk_indicators": (0, 0, 1, {"points": 1}),
        "risk.fct_risk_scores": (0, 0, 1, {"score_points": 1}),
        "reporting.rpt_daily_summary": (0, 0, 1, {"consignments": 1}),
    }


def test_days_and_consignments_show_before_and_after(found: Comparison) -> None:
    assert found.days == [{"day": DAY, "measure": "consignments", "before": 3, "after": 2}]
    # P-1: 8 + 4 = 12 points before, 6 + 4 = 10 after; P-2 had neither points nor a value.
    p1 = {"consignment_id": "P-1", "day": DAY, "points_before": 12, "points_after": 10}
    value = {"value_before": Decimal("990000.50"), "value_after": Decimal("990000.50")}
    gone = {"consignment_id": "P-2", "day": NEXT_DAY, "points_before": 0, "points_after": None}
    assert found.consignments == [
        {**p1, **value},
        {**gone, "value_before": None, "value_after": None},
    ]


def test_the_reasons_name_rules_and_inputs(found: Comparison) -> None:
    assert found.making["code"] == found.making["lock"] == "the same"
    assert found.making["rules and seeds"] == "s1 -> s2"
    assert found.making["inputs of the run, only before"] == [f"? ({'b' * 12})"]
    assert found.making["inputs of the run, only after"] == []
    assert [(row["side"], row["row"]["value"]) for row in found.settings] == [
        ("only before", "1000000"),
        ("only after", "900000"),
    ]


def test_the_report_is_json_and_text(found: Comparison) -> None:
    assert json.loads(json.dumps(found.to_json(), default=str))["is_equal"] is False
    text = "\n".join(found.lines())
    assert "P-1 (2026-03-10): value 990000.50 -> 990000.50 VND, points 12 -> 10" in text
    assert "core.dim_rule_parameter, only after: parameter_id=LIMIT" in text


def test_equal_releases_have_no_difference_and_unknown_ones_are_refused(home: Home) -> None:
    one, two = publish_work(home), publish_work(home)
    same = compare(home, PLAN, one, two)
    assert same.is_equal
    assert (same.days, same.consignments, same.settings) == ([], [], [])
    with pytest.raises(UsageError, match="no release"):
        compare(home, PLAN, one, "r000099-00000000")
