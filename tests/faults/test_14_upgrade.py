"""Row 14: "schema migration of an existing warehouse: no in-place ALTER of published data: rebuild
from inputs under the new schema; the old version stays readable."

One frozen home per released version (tests/fixtures). Rebuilding, running: test_01_killed_runs.
"""

from pathlib import Path

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from ledger.chain import Ledger
from recovery.rebuild import ranges
from runs import dbt_project, working_schema
from runs.settings import Settings
from serving.reader import query
from tests.faults.kills import remember, violations
from tests.support.dbt_run import dbt_process
from tests.support.frozen_home import FIXTURES, FROZEN_DAYS, NEXT_DAY, VERSIONS, settings_of, unpack


@pytest.fixture(params=VERSIONS)
def frozen(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    home, _ = unpack(tmp_path / "frozen", request.param)
    return settings_of(home)


def test_what_an_older_version_published_stays_readable(frozen: Settings) -> None:
    home = frozen.home
    assert violations(home, remember(home)) == []
    (row,) = query(home, "select count(*) as n, min(day), max(day) from core.fct_consignments")\
        .to_pylist()  # fmt: skip
    assert (row["n"] > 0, *list(row.values())[1:]) == (True, *FROZEN_DAYS)
    assert query(home, "from reporting.rpt_daily_summary", audience="ministry").num_rows > 0
    assert Ledger(home.ledger).verify() > 0


def test_a_run_without_the_old_days_is_refused_and_names_the_remedy(frozen: Settings) -> None:
    with pytest.raises(WarehouseError, match="import-risk rebuild") as refused:
        working_schema.require_fitting(frozen, (NEXT_DAY,))
    assert "2 released days" in refused.value.what
    # Negative control: a run over all of them loses nothing.
    working_schema.require_fitting(frozen, (*FROZEN_DAYS, NEXT_DAY))


def kept_tables(settings: Settings, *statements: str) -> None:
    """A working database with the tables that keep earlier days, as the models state them."""
    settings.home.work.mkdir(parents=True, exist_ok=True)
    settings.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        for name, columns in working_schema._kept_tables().items():
            listed = ", ".join(f'"{column}" varchar' for column in sorted(columns))
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            connection.execute(f"create table {name} ({listed})")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("alter table core.fct_consignments drop column value_vnd", "value_vnd"),
        ("alter table core.fct_consignments rename column value_vnd to worth", "value_vnd, worth"),
        ("alter table risk.fct_risk_scores add column newer integer", "newer"),
        ("drop table intermediate.int_prices__daily_histogram", "int_prices__daily_histogram"),
    ],
)
def test_tables_of_other_code_are_never_written_to(
    frozen: Settings, change: str, named: str
) -> None:
    kept_tables(frozen)
    working_schema.require_fitting(frozen, (NEXT_DAY,))  # negative control
    kept_tables(frozen, change)
    with pytest.raises(WarehouseError, match="import-risk rebuild") as refused:
        working_schema.require_fitting(frozen, (NEXT_DAY,))
    assert named in refused.value.what


def test_a_reference_list_with_a_new_column_needs_no_rebuild(tmp_path: Path) -> None:
    """dbt by itself fills a seed's table as it stands and stops at the new column."""
    home = Home(tmp_path)
    home.work.mkdir()
    columns = "select column_name from duckdb_columns() where table_name = 'risk_indicators'"
    found = []
    for before in ("select 1", "alter table seeds.risk_indicators drop column ends_by_itself"):
        with duckdb.connect(str(home.warehouse)) as connection:
            connection.execute(before)
        dbt_process(tmp_path, ("seed", "--select", "risk_indicators"))
        with duckdb.connect(str(home.warehouse)) as connection:
            found.append(connection.execute(columns).fetchall())
    assert found[0] == found[1]
    assert ("ends_by_itself",) in found[1]


def test_the_database_says_which_code_made_it(frozen: Settings) -> None:
    wrong = "alter table risk.fct_risk_scores add column newer integer"
    kept_tables(frozen, wrong)
    with pytest.raises(WarehouseError, match="unknown, before databases were stamped"):
        working_schema.require_fitting(frozen, (NEXT_DAY,))
    working_schema.stamp(frozen)
    with pytest.raises(WarehouseError, match=dbt_project.code_hash()[:12]):
        working_schema.require_fitting(frozen, (NEXT_DAY,))


def test_a_rebuild_covers_every_released_day_in_ranges(frozen: Settings) -> None:
    first, last = FROZEN_DAYS
    assert [tuple(days) for days in ranges(frozen.home)] == [(first,), (last,)]
    days = [day for each in ranges(frozen.home, most_days=1) for day in each]
    assert days == [first, last]


def test_a_frozen_home_is_small() -> None:
    for version in VERSIONS:
        packed = FIXTURES / f"home_{version}" / "home.tar.xz"
        assert packed.stat().st_size < 200_000
    assert VERSIONS


def test_an_empty_home_needs_no_rebuild(tmp_path: Path) -> None:
    working_schema.require_fitting(settings_of(Home(tmp_path / "home")), (NEXT_DAY,))
