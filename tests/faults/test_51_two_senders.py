"""Row 51, the same declaration or parcel from two senders: "one entity, both provenances,
precedence by contract; conflicts counted and shown".

Precedence is the dated seed sender_precedence. Not claimed: that columns of two senders are mixed
into one record; one sender's statement stands whole.
"""

from decimal import Decimal
from pathlib import Path

from tests.faults.record_cases import CARRIER, CUSTOMS, FROM_DAY, OTHER, TO_DAY
from tests.faults.tiny_home import CORE, TinyHome

STANDS = (
    "select consignment_id, declared_value, sender from core.fct_consignments "
    "where consignment_id in ('P-TWO', 'P-AGREE', 'P-DATED', 'P-EQUAL', 'D-D-TWO-1') order by 1"
)


def test_two_senders_make_one_entity_and_the_one_with_precedence_stands(
    record_home: TinyHome,
) -> None:
    assert record_home.rows(STANDS) == [
        ("D-D-TWO-1", Decimal(1000), CUSTOMS),
        ("P-AGREE", Decimal(50), CUSTOMS),
        # The day before the precedence begins: nobody has any, the later statement stands.
        ("P-DATED", Decimal(11), CARRIER),
        ("P-EQUAL", Decimal(21), OTHER),
        # Though the carrier counts its own versions up to 3.
        ("P-TWO", Decimal(90), CUSTOMS),
    ]


def test_both_provenances_are_kept_with_file_and_line(record_home: TinyHome) -> None:
    found = record_home.rows(
        "select version.record_key, version.fate, version.sender, version.source_line, "
        "delivery.file_name from quality.fct_record_versions as version "
        "inner join quality.fct_delivery_outcomes as delivery using (source_sha256) "
        "where version.record_key in ('TWO', 'AGREE') order by 1, 2"
    )
    assert found == [
        ("AGREE", "current", CUSTOMS, 3, "parcel_manifest_1.csv"),
        ("AGREE", "other_sender", CARRIER, 3, "parcel_manifest_2.csv"),
        ("TWO", "current", CUSTOMS, 2, "parcel_manifest_1.csv"),
        ("TWO", "other_sender", CARRIER, 2, "parcel_manifest_2.csv"),
    ]


def test_conflicts_are_shown_and_what_one_leaves_out_is_none(record_home: TinyHome) -> None:
    found = record_home.rows(
        "select record_key, resolution, differing_columns, sender, other_sender, "
        "standing_source_sha256 = source_sha256 from quality.fct_record_conflicts "
        "where conflict_kind = 'between_senders' order by 1"
    )
    assert found == [
        ("D-TWO-1", "precedence", "declared_value", CUSTOMS, CARRIER, True),
        ("DATED", "latest_statement", "declared_value", CARRIER, CUSTOMS, True),
        ("EQUAL", "latest_statement", "declared_value", OTHER, CARRIER, True),
        ("TWO", "precedence", "declared_value", CUSTOMS, CARRIER, True),
    ]


def test_the_gate_counts_them_and_does_not_stop(record_home: TinyHome) -> None:
    verdict = record_home.gate2()
    (rule,) = [r for r in verdict.results if r.rule_id == "senders_agree"]
    assert (rule.outcome, rule.failing_count, rule.severity) == ("failed", 4, "warning")
    assert {example["record_key"] for example in rule.examples} == {
        "D-TWO-1",
        "DATED",
        "EQUAL",
        "TWO",
    }
    assert verdict.passed


def test_precedence_is_data(record_home: TinyHome, tmp_path: Path) -> None:
    """Negative control: without the two rows of the seed the later statement stands everywhere."""
    home = record_home.copy(tmp_path / "home")
    home.change(f"delete from seeds.sender_precedence where sender = '{CUSTOMS}'")
    home.register(FROM_DAY, TO_DAY)
    home.build(CORE)
    assert home.rows(STANDS) == [
        ("D-D-TWO-1", Decimal(1200), CARRIER),
        ("P-AGREE", Decimal(50), CARRIER),
        ("P-DATED", Decimal(11), CARRIER),
        ("P-EQUAL", Decimal(21), OTHER),
        ("P-TWO", Decimal(100), CARRIER),
    ]
