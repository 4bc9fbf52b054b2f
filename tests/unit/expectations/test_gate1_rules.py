"""Every rule of gate 1 bites: a spoilt table makes exactly that rule fail.

The rules of all sources come from the same functions, so one windowed source and one state stand
for the others; the key columns, which differ, are spoilt in every source.
Not claimed: that the thresholds are right; only that each is applied at its boundary.
"""

from pathlib import Path

import duckdb
import pytest

from contracts.catalogue import CONTRACTS
from expectations.suites import gate1
from expectations.suites.references import reference_suite
from tests.unit.expectations.test_history_rules import CASES as HISTORY_CASES
from tests.unit.expectations.warehouses import ROWS_A_DAY, failing, judge, spoilt

pytestmark = pytest.mark.slow

WINDOWED = ("customs_declaration",)
SOURCES = (*WINDOWED, "platform_registry")
ONE_LINE = "_src_line = 2 and _src_sha = (select min(_src_sha) from raw.{source})"
ONE_FILE = (
    "source = '{source}' and sha256 = "
    "(select min(sha256) from raw.delivery_outcome where source = '{source}')"
)

RESULTS = ("inspection_outcome",)


def second_result(**columns: str) -> tuple[str, str]:
    """A row beside that of inspection I1, known on a day of the run."""
    row = ", ".join(f"'{text}' as {name}" for name, text in columns.items())
    return (
        "insert into raw.{source} select * replace (date '2026-11-04' as day, "
        "date '2026-11-05' as _received_date, 3 as _src_line, "
        f"{row}) from raw.{{source}}",
        "update raw.delivery_outcome set accepted = 2, rows_in = 2 where source = '{source}'",
    )


# rule -> (statements with {source}, sources, failing rows each, rules that must fail with it)
CASES: dict[str, tuple[tuple[str, ...], tuple[str, ...], int, tuple[str, ...]]] = {
    "day_present": (
        (f"update raw.{{source}} set day = null where {ONE_LINE}",),
        SOURCES,
        1,
        (),
    ),
    "lineage_present": (
        (f"update raw.{{source}} set _received_date = null where {ONE_LINE}",),
        SOURCES,
        1,
        (),
    ),
    "day_not_in_future": (
        (f"update raw.{{source}} set _received_date = day - 2 where {ONE_LINE}",),
        SOURCES,
        1,
        (),
    ),
    "day_not_long_before_receipt": (
        (f"update raw.{{source}} set _received_date = day + 367 where {ONE_LINE}",),
        SOURCES,
        1,
        (),
    ),
    "no_unknown_columns": (
        (f"update raw.{{source}} set _extra = '{{{{}}}}' where {ONE_LINE}",),
        SOURCES,
        1,
        (),
    ),
    "rows_conserved": (
        (f"update raw.delivery_outcome set rows_in = rows_in + 1 where {ONE_FILE}",),
        SOURCES,
        1,
        (),
    ),
    "ledger_matches_raw": (
        (f"delete from raw.{{source}} where {ONE_LINE}",),
        SOURCES,
        1,
        (),
    ),
    "quarantined_share_low": (
        (
            "update raw.delivery_outcome set quarantined = 4, rows_in = accepted + 4 + duplicates "
            f"where {ONE_FILE}",
            "insert into raw.quarantine_reason select source, sha256, 'c', 'r', 4 "
            f"from raw.delivery_outcome where {ONE_FILE}",
        ),
        SOURCES,
        1,
        (),
    ),
    "quarantined_share_bearable": (
        (
            "update raw.delivery_outcome set quarantined = 31, rows_in = accepted + 31 + "
            f"duplicates where {ONE_FILE}",
            "insert into raw.quarantine_reason select source, sha256, 'c', 'r', 31 "
            f"from raw.delivery_outcome where {ONE_FILE}",
        ),
        SOURCES,
        1,
        ("quarantined_share_low",),
    ),
    "quarantine_has_reasons": (
        ("delete from raw.quarantine_reason where source = '{source}'",),
        WINDOWED,
        7,
        (),
    ),
    "no_refused_delivery": (
        (
            "insert into raw.delivery_outcome values (900, 'late.csv', '{source}', 'sender', "
            "'refused-{source}', 'refused', 0, 0, 0, 0, 'layout', '2026-11-05', null, null)",
        ),
        SOURCES,
        1,
        (),
    ),
    "expected_delivery_arrived": (
        ("insert into raw.expected_delivery values ('another', '{source}', '2026-11-01')",),
        SOURCES,
        1,
        (),
    ),
    "key_codes_stated": (
        ("update raw.{source} set currency_code = null where _src_line <= 30",),
        WINDOWED,
        1,
        (),
    ),
    "office_codes_known": (
        ("update raw.{source} set customs_office_code = '99ZZ' where _src_line <= 10",),
        WINDOWED,
        1,
        (),
    ),
    # 35 of 120 rows is 29 % of the median; the ledger agrees, only the volume is unusual.
    "volume_usual": (
        (
            "delete from raw.{source} where day = '2026-11-04' and _src_line > 35",
            "update raw.delivery_outcome set accepted = 35, duplicates = 0, quarantined = 0, "
            "rows_in = 35 where source = '{source}' and day_min = '2026-11-04'",
        ),
        WINDOWED,
        1,
        (),
    ),
    # 10,001 rows on one day against 120 on the others.
    "volume_plausible": (
        (
            "insert into raw.{source} select donor.* replace (1000 + more.line as _src_line) "
            "from (select * from raw.{source} where day = '2026-11-04' and _src_line = 1) as donor "
            "cross join range(9881) as more(line)",
            "update raw.delivery_outcome set accepted = 10001, duplicates = 0, quarantined = 0, "
            "rows_in = 10001 where source = '{source}' and day_min = '2026-11-04'",
        ),
        WINDOWED,
        1,
        ("volume_usual",),
    ),
    "consignment_reference_agrees": (
        (*second_result(consignment_reference="H2"),),
        RESULTS,
        1,
        (),
    ),
    "result_agrees": (
        (*second_result(result="finding", finding_type="origin"),),
        RESULTS,
        1,
        (),
    ),
}


@pytest.mark.parametrize("rule_id", CASES)
def test_a_spoilt_table_fails_exactly_that_rule(rule_id: str, good: Path, tmp_path: Path) -> None:
    statements, sources, count, along = CASES[rule_id]
    filled = [text.format(source=source) for source in sources for text in statements]
    database = spoilt(good, tmp_path, filled)
    suites = [gate1.suite_for(source) for source in sources]
    verdict = judge("gate1", suites, database, tmp_path)
    expected = {(source, rule): count for source in sources for rule in (rule_id, *along)}
    assert failing(verdict) == expected
    critical = any(
        rule.rule_id == rule_id and rule.severity == "critical"
        for suite in suites
        for rule in suite.rules
    )
    assert verdict.passed is not critical
    assert all(result.examples for result in verdict.failures())


@pytest.mark.parametrize(
    "row",
    [
        {"finding_type": "origin", "result": "pending"},  # waits: no result yet
        {"inspection_id": "I2", "consignment_reference": "H2"},
        {"consignment_reference": "H2", "day": "2026-10-31"},  # said when that day was computed
    ],
)
def test_results_that_agree_or_are_of_earlier_days_are_not_warned_of(
    row: dict[str, str], good: Path, tmp_path: Path
) -> None:
    insert, update = second_result(**{"day": "2026-11-04"} | row)
    insert = insert.replace("date '2026-11-04' as day, ", "")
    filled = [text.format(source=RESULTS[0]) for text in (insert, update)]
    suite = gate1.suite_for(RESULTS[0])
    assert failing(judge("gate1", [suite], spoilt(good, tmp_path, filled), tmp_path)) == {}


REFERENCE_CASES = {
    "reference_loaded": "insert into raw.reference_version (kind, file_name, owner, is_in_force) "
    "values ('vn_tariff', 'tariff.csv', 'customs_valuation', false)",
    # The window begins on 2 November: 401 days after the edition.
    "reference_current": "update raw.reference_version set as_of_date = '2025-09-27'",
    "reference_not_replaced": "update raw.reference_version set replaced_sha256 = 'f0'",
}


@pytest.mark.parametrize("rule_id", REFERENCE_CASES)
def test_a_spoilt_reference_fails_exactly_that_rule(
    rule_id: str, good: Path, tmp_path: Path
) -> None:
    database = spoilt(good, tmp_path, [REFERENCE_CASES[rule_id]])
    verdict = judge("gate1", [reference_suite()], database, tmp_path)
    assert failing(verdict) == {("references", rule_id): 1}
    assert verdict.passed
    assert {"kind", "file_name", "owner"} <= set(verdict.failures()[0].examples[0])


def test_an_edition_of_400_days_is_still_current(good: Path, tmp_path: Path) -> None:
    change = "update raw.reference_version set as_of_date = '2025-09-28'"
    verdict = judge("gate1", [reference_suite()], spoilt(good, tmp_path, [change]), tmp_path)
    assert verdict.status == "passed"


def test_each_missing_key_column_fails_its_own_rule(good: Path, tmp_path: Path) -> None:
    one = {source: ONE_LINE.format(source=source) for source in CONTRACTS}
    database = spoilt(
        good,
        tmp_path,
        [
            f"update raw.{source} set {column} = null where {one[source]}"
            for source, contract in CONTRACTS.items()
            for column in contract.key
        ],
    )
    verdict = judge("gate1", gate1.suites(), database, tmp_path)
    expected = {
        (source, f"{column}_present"): 1
        for source, contract in CONTRACTS.items()
        for column in contract.key
    }
    assert failing(verdict) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "delete from raw.run_window",
        "insert into raw.run_window select * from raw.run_window",
        "update raw.run_window set to_day = from_day - 1",
        "update raw.run_window set to_day = null",
    ],
)
def test_the_run_needs_one_valid_window(statement: str, good: Path, tmp_path: Path) -> None:
    verdict = judge("gate1", [gate1.run_suite()], spoilt(good, tmp_path, [statement]), tmp_path)
    assert failing(verdict) == {("run", "one_valid_window"): 1}
    assert verdict.status == "failed"


def test_every_rule_has_a_biting_case() -> None:
    shipped = {rule.rule_id for suite in gate1.suites() for rule in suite.rules}
    keys = {f"{column}_present" for contract in CONTRACTS.values() for column in contract.key}
    others = {*REFERENCE_CASES, *HISTORY_CASES, "one_valid_window"}
    assert shipped == set(CASES) | keys | others


def test_good_rows_pass_without_a_warning(good: Path, tmp_path: Path) -> None:
    verdict = judge("gate1", gate1.suites(), good, tmp_path)
    assert verdict.status == "passed"
    assert failing(verdict) == {}


def test_the_fixture_is_what_the_arithmetic_above_assumes(good: Path) -> None:
    with duckdb.connect(str(good), read_only=True) as connection:
        found = connection.execute(
            "select distinct count(*) over (partition by day) from raw.parcel_manifest"
        ).fetchall()
    assert found == [(ROWS_A_DAY,)] == [(120,)]


def test_unknown_source_is_an_error() -> None:
    with pytest.raises(KeyError, match="no_such_source"):
        gate1.suite_for("no_such_source")
