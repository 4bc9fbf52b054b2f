"""Row 56, schema drift: "new column warn; type change refuse; unknown code -> 'UNKNOWN' bucket
visible in report, gate on share".

Not claimed: that a column which changed its meaning under its old name and type is noticed.
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.faults.record_cases import FROM_DAY, PLAIN, TO_DAY
from tests.faults.tiny_home import TinyHome, parcel

DAY = dt.date(2026, 3, 4)


def test_a_new_column_warns_and_names_the_file(record_home: TinyHome) -> None:
    record_home.register(FROM_DAY, TO_DAY)
    verdict = record_home.gate1("parcel_manifest")
    (rule,) = [r for r in verdict.results if r.rule_id == "no_unknown_columns"]
    assert (rule.outcome, rule.severity, rule.failing_count) == ("failed", "warning", 1)
    assert rule.examples[0]["rows_with_unknown_columns"] == PLAIN
    assert verdict.passed


def test_unknown_codes_are_a_bucket_that_reports_show(record_home: TinyHome) -> None:
    """Every tenth parcel of the 4th: none is lost, none is counted under a code nobody knows."""
    unknown = PLAIN // 10
    buckets = record_home.rows(
        "select count(*) filter (where consignee_province_code = 'unknown'), "
        "count(*) filter (where hs_basis <> 'declared'), "
        "count(*) filter (where platform_status = 'unregistered'), "
        "count(*) filter (where value_vnd is null), count(*) "
        f"from core.fct_consignments where day = date '{DAY}'"
    )
    assert buckets == [(unknown, unknown, unknown, unknown, PLAIN)]
    by_province = record_home.rows(
        "select province_code, sum(consignments) from impact.fct_import_flows_daily "
        f"where day = date '{DAY}' group by all order by 1"
    )
    assert by_province == [("01", PLAIN - unknown), ("unknown", unknown)]


def test_the_gate_judges_the_share_of_unknown_codes(record_home: TinyHome) -> None:
    results = {result.rule_id: result for result in record_home.gate2().results}
    # 20 of the 200 parcels that state a province name one that no list has: 10 %, not 5.
    province = results["province_known_on_parcels"]
    assert (province.outcome, province.observed) == ("failed", f"{PLAIN // 10} / {PLAIN}")
    assert results["exchange_rate_known"].outcome == "failed"
    assert {province.severity, results["exchange_rate_known"].severity} == {"warning"}


@pytest.fixture(scope="module")
def drifted(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    return TinyHome(tmp_path_factory.mktemp("drift") / "home", seeded)


def test_a_changed_type_is_refused(drifted: TinyHome) -> None:
    """Weights in words: no row can be typed, nothing is guessed, and the gate refuses the day."""
    rows = [parcel(f"T{n}", DAY, gross_weight_kg="half a kilo") for n in range(40)]
    outcome = drifted.deliver(rows, DAY, may_be_refused=True)
    assert outcome.accepted == 0
    drifted.register(DAY, DAY)
    verdict = drifted.gate1("parcel_manifest")
    if outcome.status == "accepted":
        assert outcome.quarantined == 40
        failed = {result.rule_id for result in verdict.failures()}
        assert "quarantined_share_bearable" in failed
        assert not verdict.passed
    else:
        assert "no_refused_delivery" in {result.rule_id for result in verdict.failures()}


def test_the_right_type_is_accepted(drifted: TinyHome) -> None:
    """Negative control."""
    rows = [parcel(f"R{n}", DAY, gross_weight_kg="0.5") for n in range(40)]
    assert drifted.deliver(rows, DAY).accepted == 40
