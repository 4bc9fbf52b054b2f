"""Row 53, duplicate keys with different content and the same version: "both quarantined, named".

They are set aside where all deliveries are seen together (staging), named with both source lines
in quality.fct_record_conflicts, and counted in quality.fct_reconciliation. Not claimed: rows whose
sender states no version, in different files: there the later file is the later version.
"""

from decimal import Decimal
from pathlib import Path

from tests.faults.tiny_home import TinyHome


def test_no_side_of_a_contradiction_is_picked(record_home: TinyHome) -> None:
    found = record_home.rows(
        "select consignment_id, declared_value from core.fct_consignments where consignment_id in "
        "('P-SAME-FILE', 'P-V2-TWICE', 'P-REPEATED', 'P-SETTLED') order by 1"
    )
    assert found == [
        # Said twice in the same words: nothing to doubt.
        ("P-REPEATED", Decimal(7)),
        # A later version settles what came before.
        ("P-SETTLED", Decimal(8)),
        # Version 2 says two things: version 1 is the last that is certain.
        ("P-V2-TWICE", Decimal(1)),
        # Nothing stands of P-SAME-FILE.
    ]


def test_both_lines_are_named(record_home: TinyHome) -> None:
    found = record_home.rows(
        "select record_key, resolution, differing_columns, one.file_name, source_line, "
        "other.file_name, other_source_line, standing_source_line "
        "from quality.fct_record_conflicts as conflict "
        "inner join quality.fct_delivery_outcomes as one "
        "on conflict.source_sha256 = one.source_sha256 "
        "inner join quality.fct_delivery_outcomes as other "
        "on conflict.other_source_sha256 = other.source_sha256 "
        "where conflict_kind = 'same_version' order by 1"
    )
    # Which of the two is called the other follows from the files' hashes: compare as sets.
    named = [
        (key, resolution, columns, {(one, first), (other, second)}, standing)
        for key, resolution, columns, one, first, other, second, standing in found
    ]
    first, third = "parcel_manifest_1.csv", "parcel_manifest_3.csv"
    value = "declared_value"
    assert named == [
        ("SAME-FILE", "set_aside", value, {(first, 7), (first, 8)}, None),
        ("SETTLED", "later_version", value, {(first, 12), (third, 6)}, 7),
        ("V2-TWICE", "set_aside", value, {(first, 10), (third, 4)}, 9),
    ]


def test_every_row_is_still_accounted_for(record_home: TinyHome) -> None:
    found = record_home.rows(
        "select sum(raw_rows), sum(superseded_rows), sum(set_aside_rows), sum(moved_out_rows), "
        "sum(moved_in_rows), sum(consignments) from quality.fct_reconciliation "
        "where source_name = 'parcel_manifest'"
    )
    # 222 rows of parcels: 6 set aside; superseded are one row each of TWO, AGREE, DATED, EQUAL,
    # V2-FIRST, CANCEL-FIRST and REPEATED. The cancellation moves from the 3rd to the 2nd.
    assert found == [(222, 7, 6, 1, 1, 209)]
    delivered = record_home.rows("select count(*) from raw.parcel_manifest")
    assert delivered == [(222,)]


def test_gate_2_knows_and_warns(record_home: TinyHome) -> None:
    verdict = record_home.gate2()
    results = {result.rule_id: result for result in verdict.results}
    open_ones = results["no_contradiction_open"]
    assert (open_ones.outcome, open_ones.failing_count) == ("failed", 2)
    assert results["parcel_manifest_rows_reach_core"].outcome == "passed"
    assert results["set_aside_rows_contradict"].outcome == "passed"
    assert results["set_aside_rows_contradict"].examined_count == 6
    assert verdict.status == "passed_with_warnings"


def test_gate_2_catches_a_row_set_aside_without_reason(
    record_home: TinyHome, tmp_path: Path
) -> None:
    """Negative control: `set aside` is no place where a model may lose rows."""
    home = record_home.copy(tmp_path / "home")
    home.change(
        "update quality.fct_record_versions set fate = 'set_aside', version_rank = null "
        "where record_key = 'TWO'"
    )
    results = {result.rule_id: result for result in home.gate2().results}
    assert results["set_aside_rows_contradict"].failing_count == 2
    assert not home.gate2().passed
