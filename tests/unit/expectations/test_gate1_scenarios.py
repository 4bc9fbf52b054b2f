"""Gate 1 on whole situations: what is legal, what only warns.

Not claimed: single rules (test_gate1_rules.py).
"""

from pathlib import Path

from expectations.suites import gate1
from tests.unit.expectations.warehouses import failing, judge, spoilt

PARCELS = "parcel_manifest"


def test_sources_without_deliveries_are_recorded_as_nothing_to_check(
    empty: Path, tmp_path: Path
) -> None:
    verdict = judge("gate1", gate1.suites(), empty, tmp_path)
    assert verdict.passed
    outcomes = {r.outcome for r in verdict.results if r.suite != "run"}
    assert outcomes == {"nothing_to_check"}
    assert verdict.results[0].outcome == "passed"


def test_an_empty_day_in_a_week_warns_and_does_not_refuse(good: Path, tmp_path: Path) -> None:
    source = PARCELS
    database = spoilt(
        good,
        tmp_path,
        [
            f"delete from raw.{source} where day = '2026-11-04'",
            f"delete from raw.delivery_outcome where source = '{source}' "
            "and day_min = '2026-11-04'",
        ],
    )
    verdict = judge("gate1", [gate1.suite_for(source)], database, tmp_path)
    # The calendar announced a delivery for the next morning, which did not come either.
    assert failing(verdict) == {
        (source, "volume_usual"): 1,
        (source, "expected_delivery_arrived"): 1,
    }
    assert verdict.status == "passed_with_warnings"
    examples = {result.rule_id: result.examples[0] for result in verdict.failures()}
    assert examples["volume_usual"]["day_rows"] == 0
    assert examples["expected_delivery_arrived"]["day"] == "2026-11-05"


def test_a_single_day_run_reads_its_history_from_the_ledger(good: Path, tmp_path: Path) -> None:
    source = PARCELS
    statements = [
        "update raw.run_window set from_day = '2026-11-04', to_day = '2026-11-04'",
        f"delete from raw.{source} where day <> '2026-11-04'",
    ]
    suites = [gate1.suite_for(source)]
    verdict = judge("gate1", suites, spoilt(good, tmp_path, statements), tmp_path)
    assert verdict.status == "passed"
    judged = {r.rule_id: r.examined_count for r in verdict.results if "volume" in r.rule_id}
    assert judged == {"volume_usual": 1, "volume_plausible": 1}
    # The same day after the ledger says the others were five times as large: 120 / 600 = 20 %.
    larger = (
        f"update raw.delivery_outcome set accepted = 600, rows_in = 602 where "
        f"source = '{source}' and day_min <> '2026-11-04'"
    )
    verdict = judge("gate1", suites, spoilt(good, tmp_path, [*statements, larger]), tmp_path)
    assert failing(verdict) == {(source, "volume_usual"): 1}
    assert verdict.failures()[0].examples[0]["median_rows"] == 600


def test_too_little_history_is_nothing_to_check(good: Path, tmp_path: Path) -> None:
    source = PARCELS
    statements = [
        f"delete from raw.{source} where day > '2026-11-03'",
        f"delete from raw.delivery_outcome where source = '{source}' and day_min > '2026-11-03'",
    ]
    suites = [gate1.suite_for(source)]
    verdict = judge("gate1", suites, spoilt(good, tmp_path, statements), tmp_path)
    volume = {r.rule_id: r.outcome for r in verdict.results if "volume" in r.rule_id}
    assert set(volume.values()) == {"nothing_to_check"}


def test_thousands_of_rows_in_one_file_over_many_days_do_not_refuse(
    empty: Path, tmp_path: Path
) -> None:
    """The shape of a declarations archive: 45,000 rows, one file, 300 days, no version."""
    database = spoilt(
        empty,
        tmp_path,
        [
            "update raw.run_window set from_day = '2020-01-01', to_day = '2020-10-26'",
            "insert into raw.customs_declaration (declaration_number, line_number, hs_code, day, "
            "_received_date, _src_sha, _src_line) select 'D' || i, 1, '61091000', "
            "date '2020-01-01' + cast(i % 300 as integer), '2026-11-20', 'archive', i "
            "from range(45000) as r(i)",
            "insert into raw.delivery_outcome values (1, 'archive.parquet', "
            "'customs_declaration', 'archive', 'archive', 'accepted', 45000, 45000, 0, 0, null, "
            "'2026-11-20', '2020-01-01', '2020-10-26')",
        ],
    )
    verdict = judge("gate1", [gate1.suite_for("customs_declaration")], database, tmp_path)
    assert set(failing(verdict)) == {
        ("customs_declaration", "day_not_long_before_receipt"),
        ("customs_declaration", "key_codes_stated"),
    }
    assert verdict.status == "passed_with_warnings"


def test_a_hundred_single_row_files_with_one_bad_each_do_not_refuse(
    empty: Path, tmp_path: Path
) -> None:
    database = spoilt(
        empty,
        tmp_path,
        [
            "insert into raw.delivery_outcome select i, i || '.xml', 'customs_declaration', "
            "'sender', 'x' || i, 'accepted', 1, 0, 1, 0, null, '2026-11-05', null, null "
            "from range(105) as r(i)",
            "insert into raw.quarantine_reason select source, sha256, 'line_number', 'missing', 1 "
            "from raw.delivery_outcome",
        ],
    )
    verdict = judge("gate1", [gate1.suite_for("customs_declaration")], database, tmp_path)
    assert failing(verdict) == {("customs_declaration", "quarantined_share_low"): 105}
    assert verdict.passed
