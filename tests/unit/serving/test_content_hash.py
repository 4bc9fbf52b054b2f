"""The content hash is equal exactly when content is equal (reliability row 59).

Not claimed: resistance to somebody who constructs a collision (the file's sha256 is for that).
"""

import duckdb
import pytest

from foundation.errors import WarehouseError
from serving.content_hash import RECEIPT_COLUMNS, content_hash
from serving.plan import TablePlan

TABLE = TablePlan("core", "t", (), ())
SHAPE = "id bigint, a varchar, b varchar, v decimal(18,2), d date"
ROWS = "(1, 'x', null, 1.50, date '2026-01-01'), (2, '', 'y', null, null), (2, '', 'y', null, null)"


def hash_of(rows: str = ROWS, shape: str = SHAPE, settings: str = "") -> str:
    with duckdb.connect() as connection:
        connection.execute(f"{settings} create schema core; create table core.t ({shape})")
        connection.execute(f"insert into core.t values {rows}")
        return content_hash(connection, [TABLE]).by_table["core.t"]


def test_it_does_not_depend_on_row_order() -> None:
    shuffled = (
        "(2, '', 'y', null, null), (1, 'x', null, 1.50, date '2026-01-01'), "
        "(2, '', 'y', null, null)"
    )
    assert hash_of(shuffled) == hash_of()


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        ("one cell", ROWS.replace("1.50", "1.51")),
        ("one row more", ROWS + ", (3, 'z', 'z', 0, null)"),
        ("one duplicate less", ROWS.rsplit(", (", 1)[0]),
        ("a pair of duplicates more", ROWS + ", (9, 'q', 'q', 0, null), (9, 'q', 'q', 0, null)"),
        ("null becomes empty", ROWS.replace("'x', null", "'x', ''")),
        ("empty becomes null", ROWS.replace("'', 'y'", "null, 'y'")),
        ("a value moves to the next column", ROWS.replace("'x', null", "null, 'x'")),
        ("a value moves to another row", "(1, 'x', null, 1.50, null), (2, '', 'y', null, date"
         " '2026-01-01'), (2, '', 'y', null, null)"),
        ("text moves over a column border", ROWS.replace("'x', null", "'', 'x'")),
    ],
)  # fmt: skip
def test_every_change_of_content_changes_it(change: str, rows: str) -> None:
    assert rows != ROWS
    assert hash_of(rows) != hash_of(), change


@pytest.mark.parametrize(
    ("change", "shape"),
    [
        ("a type", SHAPE.replace("id bigint", "id integer")),
        ("a scale", SHAPE.replace("decimal(18,2)", "decimal(18,3)")),
        ("a name", SHAPE.replace("a varchar", "c varchar")),
    ],
)
def test_every_change_of_a_column_changes_it(change: str, shape: str) -> None:
    assert hash_of(shape=shape) != hash_of(), change


def test_exchanging_the_last_column_of_two_rows_changes_it() -> None:
    """The case that a plain xor over chained hashes would miss half of."""
    shape = "a varchar, b boolean"
    assert hash_of("('x', true), ('y', false)", shape) != hash_of(
        "('x', false), ('y', true)", shape
    )


def test_threads_and_a_second_run_do_not_change_it() -> None:
    found = set()
    for threads in (1, 2, 4, 4):
        with duckdb.connect(config={"threads": threads}) as connection:
            connection.execute(
                "create schema core; create table core.t as select range as id,"
                " 'v' || range % 97 as a, (range % 1000)::decimal(18,2) as v from range(300000)"
            )
            found.add(content_hash(connection, [TABLE]).combined)
    assert len(found) == 1


@pytest.mark.parametrize("column", sorted(RECEIPT_COLUMNS))
def test_when_something_was_received_is_not_content(column: str) -> None:
    shape = f"id bigint, {column} varchar"
    assert hash_of("(1, '2026-01-01')", shape) == hash_of("(1, '2026-02-02')", shape)
    assert hash_of("(1, 'a')", "id bigint, other varchar") != hash_of(
        "(1, 'b')", "id bigint, other varchar"
    )


def test_a_table_of_receipt_columns_only_still_counts_its_rows() -> None:
    assert hash_of("('a')", "received_at varchar") != hash_of("('a'), ('b')", "received_at varchar")


def test_an_empty_table_has_a_hash_and_a_missing_one_an_error() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema core; create table core.t (id bigint)")
        found = content_hash(connection, [TABLE])
        assert found.rows == {"core.t": 0}
        with pytest.raises(WarehouseError, match=r"core\.missing"):
            content_hash(connection, [TablePlan("core", "missing", (), ())])


def test_combined_does_not_depend_on_the_order_of_tables() -> None:
    other = TablePlan("core", "u", (), ())
    with duckdb.connect() as connection:
        connection.execute(
            "create schema core; create table core.t as select 1 as a;"
            " create table core.u as select 1 as a"
        )
        found = content_hash(connection, [TABLE, other])
        assert found.combined == content_hash(connection, [other, TABLE]).combined
        assert found.by_table["core.t"] != found.by_table["core.u"]


def test_the_engine_still_hashes_as_it_did_when_releases_were_made() -> None:
    """Fails on a DuckDB upgrade that changes hash(): then every table would look revised."""
    with duckdb.connect() as connection:
        found = connection.execute("select hash(hash('P-1', 8, 1.50::decimal(18,2), null))")
        assert found.fetchone() == (10378738007363286886,)
