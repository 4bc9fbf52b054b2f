"""The benchmark's hand-written script makes the marts of the product, column by column.

Were it to do less, its time would say nothing. Not claimed: that it is fast (benchmarks/), or that
it knows amendments, earlier days and quarantine (benchmarks/README.md says what it leaves out).
"""

from pathlib import Path

import duckdb
import pytest

from benchmarks import baseline
from benchmarks.agreement import COMPARED, compare
from foundation.home import Home
from tests.integration.conftest import FIRST_DAY
from tests.support.cli import ImportRisk

SQL = Path("benchmarks") / "national_day"


@pytest.fixture(scope="module")
def expert(project: Path, synthetic_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script's database of the first day, which has no past."""
    database = tmp_path_factory.mktemp("expert") / "marts.duckdb"
    scripts = [project / SQL / "files.sql", project / SQL / "expert"]
    seeds = project / "dbt" / "seeds"
    baseline.build(scripts, synthetic_files, seeds, FIRST_DAY, FIRST_DAY, database, "1GB")
    return database


def test_every_column_of_every_mart_agrees(published: ImportRisk, expert: Path) -> None:
    found = compare(Home(published.home), expert, FIRST_DAY)
    assert [mart.mart for mart in found] == list(COMPARED)
    assert {mart.mart: mart.differing for mart in found if not mart.agrees} == {}
    assert all(mart.product_rows for mart in found)


@pytest.mark.parametrize(
    ("mart", "columns", "named"),
    [
        (
            "core.fct_consignments",
            "* replace (value_vnd + if(file_row_number = 0, 0.01, 0) as value_vnd)",
            "value_vnd",
        ),
        (
            "core.fct_consignments",
            "* replace (if(file_row_number < 2, 1, consignee_phone_key) as consignee_phone_key)",
            "consignee_phone_token",
        ),
        ("risk.fct_risk_indicators", "* exclude (evidence)", "evidence"),
        ("core.fct_tax_assessments", "* replace (duty_due_vnd + 0 as vat_due_vnd)", "vat_due_vnd"),
    ],
)
def test_a_difference_is_named(
    published: ImportRisk, expert: Path, tmp_path: Path, mart: str, columns: str, named: str
) -> None:
    changed = tmp_path / "changed.duckdb"
    rows = expert.with_suffix(".marts") / f"{mart}.parquet"
    with duckdb.connect(str(changed)) as connection:
        connection.execute(f"create schema {mart.partition('.')[0]}")
        connection.execute(
            f"create table {mart} as"
            f" select {columns} from read_parquet('{rows}', file_row_number = true)"
        )
    found = {one.mart: one for one in compare(Home(published.home), changed, FIRST_DAY)}
    assert found[mart].differing == (named,)
    assert not found[mart].agrees
    missing = [one for name, one in found.items() if name != mart]
    assert {(one.baseline_rows, one.agrees) for one in missing} == {(None, False)}
