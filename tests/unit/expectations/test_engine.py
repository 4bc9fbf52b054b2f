"""The contract between our DuckDB adapter and Great Expectations; run on every dependency bump.

Known-bad rows: every kind of check fails with the exact count. Known-good rows: every kind passes.
"""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from expectations.rules import Between, Check, InSet, NotNull, RowsThatFail, Rule, Suite

pytestmark = pytest.mark.slow

SHOWN = ("item",)
# On items 0..999: every tenth grade is null (100), 7 of the others are unknown, 50 are heavy.
CHECKS: dict[str, tuple[Check, int]] = {
    "not_null": (NotNull("grade", SHOWN), 100),
    "in_set": (InSet("grade", ("a", "b"), SHOWN), 7),
    "between": (Between("weight", 0, 949, SHOWN), 50),
    "rows_that_fail": (RowsThatFail("select item from subject where weight > 996"), 3),
    "rows_that_fail_with_join": (
        RowsThatFail(
            "select left_side.item from subject as left_side join shop.goods as right_side "
            "on left_side.item = right_side.item + 995"
        ),
        5,
    ),
    "rows_that_fail_with_braces": (
        RowsThatFail("select item from subject where grade = '{z}' and length('{batch}') = 7"),
        7,
    ),
}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "goods.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema shop")
        connection.execute(
            "create table shop.goods as select i as item, i as weight, case when i % 10 = 0 "
            "then null when i between 1 and 7 then '{z}' else 'a' end as grade "
            "from range(1000) as r(i)"
        )
        connection.execute(
            "create table shop.fine as select -i as item, 1 as weight, 'b' as grade "
            "from range(1, 11) as r(i)"
        )
    return path


def suite_on(query: str) -> Suite:
    rules = tuple(
        Rule(name, "vi", "en", "critical", "data_engineering", "vi", "en", check)
        for name, (check, _) in CHECKS.items()
    )
    return Suite("contract", query, rules)


def test_known_bad_rows_fail_with_the_exact_count(database: Path) -> None:
    from expectations import engine

    suite = suite_on("select * from shop.goods")
    with engine.open_read_only(database) as warehouse:
        found = warehouse.evaluate(suite)
        ours = {
            rule.rule_id: warehouse.rows(suite, rule.check.failing_sql())[1] for rule in suite.rules
        }
    assert {name: found[name].unexpected_count for name in CHECKS} == {
        name: count for name, (_, count) in CHECKS.items()
    }
    assert {name: len(rows) for name, rows in ours.items()} == {
        name: count for name, (_, count) in CHECKS.items()
    }
    assert not any(answer.success or answer.error for answer in found.values())


def test_known_good_rows_pass(database: Path) -> None:
    from expectations import engine

    with engine.open_read_only(database) as warehouse:
        found = warehouse.evaluate(suite_on("select * from shop.fine"))
    assert set(found) == set(CHECKS)
    assert all(answer.success and answer.error is None for answer in found.values())


def test_the_suite_reads_only_its_own_query(database: Path) -> None:
    from expectations import engine

    with engine.open_read_only(database) as warehouse:
        found = warehouse.evaluate(suite_on("select * from shop.goods where item between 8 and 9"))
    assert all(answer.success for answer in found.values())


def test_the_file_cannot_be_written_through_the_gate(database: Path) -> None:
    from expectations import engine

    suite = suite_on("select * from shop.goods")
    with (
        engine.open_read_only(database) as warehouse,
        pytest.raises(engine.EvaluationError) as refused,
    ):
        # A data-changing statement is the only thing that a `with` prefix does not rule out.
        warehouse.rows(suite, "delete from shop.goods where item in (select item from subject)")
    assert "read-only" in str(refused.value.__cause__)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select count(*) from shop.goods").fetchall() == [(1000,)]


def test_no_handle_is_left_on_the_file(database: Path) -> None:
    from expectations import engine

    with engine.open_read_only(database) as warehouse:
        warehouse.evaluate(suite_on("select * from shop.goods"))
    script = f"import duckdb; duckdb.connect({str(database)!r}).execute('create table t (i int)')"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table u (i int)")


def test_a_builder_gives_the_expectation_with_its_rule_id() -> None:
    rule = suite_on("select 1").rules[0]
    from expectations import engine

    expectation = engine.expectation_for(rule.check, rule.rule_id)
    assert expectation.meta == {"rule_id": "not_null"}
    assert type(expectation).__name__ == "ExpectColumnValuesToNotBeNull"


def test_messages_name_objects_and_never_quote_data() -> None:
    from expectations import engine

    missing = RuntimeError("x\nCatalog Error: Table with name t does not exist!\nLINE 1: ...")
    assert engine.describe(missing).endswith("Catalog Error: Table with name t does not exist!")
    quoting = RuntimeError("Conversion Error: Could not convert string 'Nguyen' to INT32")
    assert "Nguyen" not in engine.describe(quoting)
