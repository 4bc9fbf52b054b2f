"""The comparison of two engines sees every kind of difference, and nothing where there is none.

Not claimed: that the engines agree (tests/integration/test_spark_parity.py).
"""

from pathlib import Path

import duckdb
import pytest

from benchmarks.parity.compare import Agreement, compare

HERE = "select * from (values (1, 'a', 1.50::decimal(18, 2)), (2, 'b', null)) as t (id, name, vnd)"


def judged(folder: Path, there: str, here: str = HERE) -> Agreement:
    with duckdb.connect() as connection:
        for side, query in (("here", here), ("there", there)):
            (folder / side).mkdir()
            connection.execute(f"copy ({query}) to '{folder}/{side}/part.parquet'")
    return compare("risk.sample", ["id"], folder / "here", folder / "there")


def test_order_of_rows_and_columns_means_nothing(tmp_path: Path) -> None:
    found = judged(tmp_path, f"select vnd, name, id from ({HERE}) order by id desc")
    assert found == Agreement("risk.sample", 2, 0, ())


@pytest.mark.parametrize(
    ("there", "differences", "example"),
    [
        (f"select * replace ('c' as name) from ({HERE}) where id = 1", 2, "id=1, name: a | c"),
        (f"select * from ({HERE}) where id = 1", 1, "id=2, id: 2 | None; name: b | None"),
        (f"from ({HERE}) union all select * from ({HERE}) where id = 1", 1, "id=1, id: None | 1"),
        (f"select * replace (id::bigint as id) from ({HERE})", 2, "id: INTEGER | BIGINT"),
        (f"select * exclude (name) from ({HERE})", 2, "name: VARCHAR | None"),
        (f"select * replace (vnd::decimal(38, 2) as vnd) from ({HERE})", 2, "vnd: DECIMAL(18,2)"),
        (f"select * replace (0::decimal(18, 2) as vnd) from ({HERE})", 2, "id=1, vnd: 1.50 | 0.00"),
    ],
)
def test_a_difference_is_counted_and_named(
    tmp_path: Path, there: str, differences: int, example: str
) -> None:
    found = judged(tmp_path, there)
    assert found.differences == differences
    assert any(text.startswith(example) for text in found.examples), found.examples


def test_two_empty_tables_with_other_types_differ(tmp_path: Path) -> None:
    nothing = f"select * from ({HERE}) where false"
    found = judged(tmp_path, f"select * replace (id::bigint as id) from ({nothing})", nothing)
    assert found.differences == 1
