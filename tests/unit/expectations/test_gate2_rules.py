"""Every rule of gate 2 bites: a spoilt mart makes exactly that rule fail.

Not claimed: that the models are right; dbt's own tests and the golden cases say that.
"""

from pathlib import Path

import pytest

from expectations.suites import gate2
from expectations.suites.distributions import distribution_suite
from expectations.suites.records import record_suite
from tests.unit.expectations.totals import RECOUNTED
from tests.unit.expectations.totals_cases import CASES as TOTALS_CASES
from tests.unit.expectations.totals_cases import Cases
from tests.unit.expectations.warehouses import judge, spoilt

pytestmark = pytest.mark.slow

FACT = "core.fct_consignments"
ONE = "(select min(consignment_id) from {table})"
ONE_FACT = f"consignment_id = {ONE.format(table=FACT)}"

# (suite, rule) -> (statements, failing rows, rules of the whole gate that must fail with it);
# totals_cases.py has the rest.
CASES: Cases = {
    **TOTALS_CASES,
    ("consignments", "consignment_id_present"): (
        # A declaration line without score, selection or assessment.
        (
            f"update {FACT} set consignment_id = null where consignment_kind = 'declaration_line' "
            "and source_line = 100 and day = '2026-11-02'",
        ),
        1,
        (),
    ),
    ("consignments", "consignment_id_unique"): (
        # The copy takes the place of another row, so that counts per day still agree.
        (
            f"update {FACT} set consignment_id = 'D-D2026-11-02-101' "
            "where consignment_id = 'D-D2026-11-02-100'",
        ),
        1,
        (),
    ),
    ("consignments", "consignment_traceable"): (
        (f"update {FACT} set source_sha256 = null where {ONE_FACT}",),
        1,
        (),
    ),
    ("consignments", "platform_status_present"): (
        (f"update {FACT} set platform_status = null where {ONE_FACT}",),
        1,
        (),
    ),
    ("consignments", "platform_status_known"): (
        (f"update {FACT} set platform_status = 'famous' where {ONE_FACT}",),
        1,
        (),
    ),
    ("consignments", "consignment_money_not_negative"): (
        (f"update {FACT} set value_vnd = -1 where {ONE_FACT}",),
        1,
        (),
    ),
    # 12 of 240 rows a day are exactly 5 %, 13 are more.
    ("consignments", "exchange_rate_known"): (
        (
            f"update {FACT} set value_vnd = null where source_line <= 13 "
            "and consignment_kind = 'parcel'",
        ),
        1,
        (),
    ),
    # 25 of 120 declaration lines a day: 20.8 %.
    ("consignments", "chapter_known_on_declarations"): (
        (f"update {FACT} set hs_chapter = 'unknown' where source_line <= 25",),
        1,
        (),
    ),
    ("reconciliation", "parcel_manifest_rows_reach_core"): (
        # A parcel that is on no low-value list, hence missed by one rule only.
        (
            "update raw.parcel_manifest set house_waybill_number = 'OTHER' "
            "where house_waybill_number = 'H2026-11-02-50'",
        ),
        1,
        (),
    ),
    ("reconciliation", "customs_declaration_rows_reach_core"): (
        (f"delete from {FACT} where consignment_kind = 'declaration_line' and source_line = 100",),
        7,
        (),
    ),
    ("reconciliation", "low_value_declaration_rows_reach_core"): (
        (
            "update raw.low_value_declaration set house_waybill_number = 'OTHER' "
            "where house_waybill_number = 'H2026-11-02-50'",
        ),
        1,
        (),
    ),
    ("reconciliation", "core_rows_come_from_raw"): (
        (
            f"insert into {FACT} select * replace ('X' as consignment_id) from {FACT} "
            "where consignment_id = 'D-D2026-11-02-100'",
        ),
        1,
        (),
    ),
    ("reconciliation", "core_reaches_the_window"): (
        (
            f"update {FACT} set day = day - 30",
            "update risk.fct_risk_scores set day = day - 30",
            "update risk.fct_risk_indicators set day = day - 30",
            "update risk.fct_selections set day = day - 30",
        ),
        1,
        (
            ("reconciliation", "parcel_manifest_rows_reach_core"),
            ("reconciliation", "customs_declaration_rows_reach_core"),
            ("reconciliation", "low_value_declaration_rows_reach_core"),
        ),
    ),
    ("risk_scores", "score_is_sum_of_indicators"): (
        (f"update risk.fct_risk_scores set score_points = 61 where {ONE_FACT}",),
        1,
        (),
    ),
    ("risk_scores", "score_unique"): (
        (f"insert into risk.fct_risk_scores select * from risk.fct_risk_scores where {ONE_FACT}",),
        1,
        (),
    ),
    ("risk_scores", "score_has_consignment"): (
        (
            "insert into risk.fct_risk_scores values "
            "('P-none', '2026-11-02', 'origin', 5, 1, 0, 0)",
            "insert into risk.fct_risk_indicators values "
            "('P-none', '2026-11-02', 'shared_contact', 'origin', 5)",
        ),
        1,
        (),
    ),
    ("risk_scores", "scored_share_usual"): (
        ("delete from risk.fct_risk_scores", "delete from risk.fct_risk_indicators"),
        1,
        (),
    ),
    ("selections", "probability_present"): (
        (f"update risk.fct_selections set selection_probability = null where {ONE_FACT}",),
        1,
        (),
    ),
    ("selections", "probability_in_unit_interval"): (
        (f"update risk.fct_selections set selection_probability = 1.000000001 where {ONE_FACT}",),
        1,
        (),
    ),
    ("selections", "lane_known"): (
        (f"update risk.fct_selections set lane = 'green' where {ONE_FACT}",),
        1,
        (),
    ),
    ("selections", "method_known"): (
        (f"update risk.fct_selections set selection_method = 'guessed' where {ONE_FACT}",),
        1,
        (),
    ),
    ("selections", "selection_has_consignment"): (
        ("insert into risk.fct_selections values ('P-none', '2026-11-02', 'red', 'score', 0.5)",),
        1,
        (),
    ),
    ("tax_assessments", "assessment_unique"): (
        (
            "insert into core.fct_tax_assessments select * from core.fct_tax_assessments "
            "where consignment_id = 'P-H2026-11-02-1'",
        ),
        1,
        (),
    ),
    ("tax_assessments", "tax_not_negative"): (
        (
            "update core.fct_tax_assessments set vat_relieved_vnd = -1, vat_due_vnd = 80001 "
            "where consignment_id = 'P-H2026-11-02-1'",
        ),
        1,
        (),
    ),
    # Full duty is 120,000; 119,999 is rounding, 119,998 is not.
    ("tax_assessments", "duty_due_and_relieved_add_up"): (
        (
            "update core.fct_tax_assessments set duty_relieved_vnd = 119998 "
            "where consignment_id = 'P-H2026-11-02-1'",
        ),
        1,
        (),
    ),
    # 58 of 840 parcels state a province that no list has: 6.9 %.
    ("consignments", "province_known_on_parcels"): (
        (
            "update raw.parcel_manifest set consignee_province_code = 'ZZ' "
            "where _src_line <= 8 or (_src_line = 9 and day <= '2026-11-03')",
        ),
        1,
        (),
    ),
    ("records", "no_contradiction_open"): (
        (
            "insert into quality.fct_record_conflicts (source_name, record_key, conflict_kind, "
            "day, resolution) values ('parcel_manifest', 'X', 'same_version', '2026-11-03', "
            "'set_aside'), ('parcel_manifest', 'Y', 'same_version', '2026-11-03', "
            "'later_version')",
        ),
        1,
        (),
    ),
    ("records", "senders_agree"): (
        (
            "insert into quality.fct_record_conflicts (source_name, record_key, conflict_kind, "
            "day, resolution) values ('parcel_manifest', 'X', 'between_senders', "
            "'2026-11-03', 'precedence')",
        ),
        1,
        (),
    ),
    # 45 of 883 rows are 5.1 %; each has its twin, so only the share is wrong.
    ("records", "set_aside_share_bearable"): (
        (
            "insert into raw.parcel_manifest select * replace ('twin' as _src_sha) "
            "from raw.parcel_manifest where _src_line <= 6 or (_src_line = 7 and day = "
            "'2026-11-02')",
            "insert into quality.fct_record_versions select 'parcel_manifest', "
            "house_waybill_number, day, 'set_aside', _sender, _src_sha, _src_line "
            "from raw.parcel_manifest where _src_sha = 'twin' or (day = '2026-11-02' "
            "and _src_line <= 2)",
            *RECOUNTED,
        ),
        1,
        (),
    ),
    ("records", "set_aside_rows_contradict"): (
        (
            "insert into quality.fct_record_versions select 'parcel_manifest', "
            "house_waybill_number, day, 'set_aside', _sender, _src_sha, _src_line "
            "from raw.parcel_manifest where _src_line = 5 and day = '2026-11-02'",
        ),
        1,
        (),
    ),
    # VAT lies between 8 % of 1,000,000 and 8 % of 1,120,000, give or take one dong.
    ("tax_assessments", "vat_due_and_relieved_add_up"): (
        (
            "update core.fct_tax_assessments set vat_due_vnd = 79998 "
            "where consignment_id = 'P-H2026-11-02-1'",
            "update core.fct_tax_assessments set vat_due_vnd = 89602 "
            "where consignment_id = 'P-H2026-11-02-2'",
        ),
        2,
        (),
    ),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_a_spoilt_mart_fails_exactly_that_rule(
    case: tuple[str, str], good: Path, tmp_path: Path
) -> None:
    statements, count, along = CASES[case]
    database = spoilt(good, tmp_path, statements)
    # The suite concerned, and the one that counts rows against raw.
    suites = [s for s in gate2.suites() if s.name in (case[0], "reconciliation")]
    verdict = judge("gate2", suites, database, tmp_path)
    assert verdict.evaluated == verdict.declared
    failed = {(r.suite, r.rule_id): r for r in verdict.failures()}
    assert set(failed) == {case, *along}
    assert failed[case].failing_count == count
    assert len(failed[case].examples) == min(count, 20)
    assert verdict.passed is all(r.severity != "critical" for r in failed.values())


def test_every_rule_has_a_biting_case() -> None:
    shipped = {(suite.name, rule.rule_id) for suite in gate2.suites() for rule in suite.rules}
    assert shipped == set(CASES)


def test_good_marts_pass_without_a_warning(good: Path, tmp_path: Path) -> None:
    verdict = judge("gate2", gate2.suites(), good, tmp_path)
    assert verdict.status == "passed"
    # No record came more than once: only the share of rows set aside can be judged.
    unjudged = {(r.suite, r.rule_id) for r in verdict.results if r.outcome != "passed"}
    assert {suite for suite, _ in unjudged} == {"records"}
    assert ("records", "set_aside_share_bearable") not in unjudged


def test_a_contradiction_set_aside_is_not_missed(good: Path, tmp_path: Path) -> None:
    parcel = "house_waybill_number = 'H2026-11-02-50'"
    statements = [
        f"delete from {FACT} where {parcel}",
        f"delete from raw.low_value_declaration where {parcel}",
        "insert into raw.parcel_manifest select * replace (7 as declared_value, 'twin' as "
        f"_src_sha) from raw.parcel_manifest where {parcel}",
        *RECOUNTED,
    ]
    suites = [gate2.reconciliation_suite(), record_suite()]
    verdict = judge("gate2", suites, spoilt(good, tmp_path, statements), tmp_path)
    assert [r.rule_id for r in verdict.failures()] == ["parcel_manifest_rows_reach_core"]
    shown = (
        "insert into quality.fct_record_versions select 'parcel_manifest', house_waybill_number, "
        f"day, 'set_aside', _sender, _src_sha, _src_line from raw.parcel_manifest where {parcel}"
    )
    verdict = judge("gate2", suites, spoilt(good, tmp_path, [*statements, shown]), tmp_path)
    assert verdict.status == "passed"


def test_an_empty_window_is_nothing_to_check(empty: Path, tmp_path: Path) -> None:
    verdict = judge("gate2", gate2.suites(), empty, tmp_path)
    assert verdict.passed
    # The columns of the ministry's tables are there to be checked whatever their rows.
    judged = {r.rule_id: r.outcome for r in verdict.results if r.outcome != "nothing_to_check"}
    assert judged == {"no_private_column": "passed"}


def test_rounding_of_one_dong_and_both_vat_bases_are_accepted(good: Path, tmp_path: Path) -> None:
    table = "core.fct_tax_assessments"
    database = spoilt(
        good,
        tmp_path,
        [
            f"update {table} set duty_relieved_vnd = 119999 where consignment_id like '%-1'",
            f"update {table} set vat_due_vnd = 89600 where consignment_id like '%-2'",
            f"update {table} set duty_due_vnd = 120000, duty_relieved_vnd = 0, "
            "vat_due_vnd = 89600 where consignment_id like '%-3'",
            f"update {table} set vat_due_vnd = 0, vat_relieved_vnd = 80000 "
            "where consignment_id like '%-4'",
            f"update {table} set duty_rate_percent = null, duty_relieved_vnd = null "
            "where consignment_id like '%-5'",
        ],
    )
    assert judge("gate2", [gate2.tax_suite()], database, tmp_path).status == "passed"


@pytest.mark.parametrize(("first", "is_missed"), [("2026-10-29", True), ("2026-10-30", False)])
def test_an_indicator_is_missed_after_a_whole_week_with_it(
    good: Path, tmp_path: Path, first: str, is_missed: bool
) -> None:
    """Of the day before seven or six days: what rests on Sundays rested on none of six."""
    statements = [
        f"delete from pipeline.day_profile where day < '{first}'",
        "delete from pipeline.day_profile where field = 'indicator' and day = '2026-11-05'",
    ]
    verdict = judge("gate2", [distribution_suite()], spoilt(good, tmp_path, statements), tmp_path)
    missed = [result.rule_id for result in verdict.failures()]
    assert missed == ["indicators_present"] * is_missed


def test_what_may_leave_no_consignment_is_not_missed(good: Path, tmp_path: Path) -> None:
    database = spoilt(
        good,
        tmp_path,
        [
            f"delete from {FACT} where source_line = 100",
            "update raw.parcel_manifest set waybill_level = 'master' where _src_line = 100",
            "update raw.customs_declaration set is_partial = true where _src_line = 100",
            "update raw.low_value_declaration set record_status = 'cancelled' "
            "where _src_line = 100",
        ],
    )
    assert judge("gate2", [gate2.reconciliation_suite()], database, tmp_path).status == "passed"


def test_a_record_amended_out_of_the_window_is_not_missed(good: Path, tmp_path: Path) -> None:
    parcel = "house_waybill_number = 'H2026-11-02-50'"
    statements = [
        f"delete from {FACT} where {parcel}",
        f"delete from raw.low_value_declaration where {parcel}",
        *RECOUNTED,
    ]
    suites = [gate2.reconciliation_suite()]
    verdict = judge("gate2", suites, spoilt(good, tmp_path, statements), tmp_path)
    assert [r.rule_id for r in verdict.failures()] == ["parcel_manifest_rows_reach_core"]
    amended = (
        "insert into raw.parcel_manifest select * replace (date '2026-11-09' as day, "
        f"2 as version_number) from raw.parcel_manifest where {parcel}"
    )
    verdict = judge("gate2", suites, spoilt(good, tmp_path, [*statements, amended]), tmp_path)
    assert verdict.status == "passed"
