"""What a reader can and cannot do (serving.md, attacks; reliability row 73).

Not claimed: temporary tables, session variables and profiling on a bare `open_reader` connection
(only `select` refuses them), and CPU time.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.current import require_current
from serving.reader import open_reader, query, select

# On the raw connection the engine itself must refuse these; {out} is a writable folder.
HOST_ATTACKS = [
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from glob('/etc/*')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from read_parquet('{out}/x.parquet')",
    "select * from read_duckdb('{out}/x.duckdb')",
    "select * from query('select * from read_text(''/etc/passwd'')')",
    "copy (select 1) to '{out}/x.csv'",
    "explain analyze copy (select 1) to '{out}/x.csv'",
    "copy risk.fct_selections from '/etc/passwd'",
    "export database '{out}/x'",
    "import database '{out}/x'",
    "attach '{out}/x.duckdb' as x",
    "attach ':memory:' as x; create table x.t as select * from read_text('/etc/passwd')",
    "install httpfs",
    "load httpfs",
    "load '{out}/x.duckdb_extension'",
    "set memory_limit = '64GB'",
    "set enable_external_access = true",
    "set python_enable_replacements = true",
    "set lock_configuration = false",
    "set temp_directory = '{out}'",
    "reset memory_limit",
    "pragma memory_limit = '64GB'",
    "pragma profiling_output = '{out}/x.json'",
    "create table risk.x as select 1",
    "create or replace view risk.x as select 1",
    "create persistent secret s (type http, bearer_token 'x')",
    "insert into risk.fct_selections select * from risk.fct_selections",
    "update risk.fct_selections set lane = 'green'",
    "delete from risk.fct_selections",
    "drop table risk.fct_selections",
    "alter table risk.fct_selections add column x int",
    "comment on table risk.fct_selections is 'x'",
    "select * from host_variable",
]
# `select` refuses these on top, before the engine sees them.
STATEMENTS = [
    "select 1; select 2",
    "select 1; drop table risk.fct_selections",
    "",
    "-- nothing",
    "create temp table x as select 1",
    "set variable x = 1",
    "prepare p as select 1",
    "begin",
    "call force_checkpoint()",
    "explain analyze select 1",
    "pragma enable_profiling",
    "use risk",
    "this is not sql",
    "select * from no_such_table",
]


@pytest.fixture
def reader(published: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_reader(require_current(published).database("customs")) as connection:
        yield connection


def test_every_attack_on_the_host_or_the_file_is_refused(
    reader: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    host_variable = pa.table({"secret": ["x"]})
    out = tmp_path / "out"
    out.mkdir()
    through = []
    for attack in HOST_ATTACKS:
        sql = attack.format(out=out)
        try:
            reader.execute(sql).fetchall()
        except duckdb.Error:
            pass
        else:
            through.append(attack)
        with pytest.raises(UsageError, match="refused"):
            select(reader, sql)
    assert through == []
    assert list(out.iterdir()) == []
    assert host_variable.num_rows == 1
    assert select(reader, "select lane from risk.fct_selections").to_pylist() == [{"lane": "red"}]


def test_the_attacks_work_on_a_plain_connection(tmp_path: Path) -> None:
    """Negative control: without the settings the same statements do reach the host."""
    host_variable = pa.table({"secret": ["x"]})
    with duckdb.connect() as plain:
        assert plain.execute("select * from read_text('/etc/passwd')").fetchall()
        assert plain.execute("select * from host_variable").fetchall() == [("x",)]
        plain.execute(f"copy (select 1) to '{tmp_path}/x.csv'")
        assert plain.execute("select * from duckdb_secrets()").fetchall() == []
    assert (tmp_path / "x.csv").exists()
    assert host_variable.num_rows == 1


@pytest.mark.parametrize("sql", STATEMENTS)
def test_only_one_select_is_accepted(reader: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(UsageError) as refusal:
        select(reader, sql)
    assert len(str(refusal.value).splitlines()) == 1


def test_no_secret_of_the_host_is_visible(
    reader: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SECRET", "hidden")
    assert select(reader, "from duckdb_secrets()").num_rows == 0
    with pytest.raises(UsageError):
        select(reader, "select getenv('SOME_SECRET')")


@pytest.mark.parametrize(
    "sql",
    [
        "with x as (select 1 as a) select a from x",
        "from risk.fct_selections",
        "describe risk.fct_selections",
        "show all tables",
        "summarize risk.fct_selections",
        "values (1)",
    ],
)
def test_reading_statements_are_accepted(reader: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert select(reader, sql).num_rows >= 1


def test_an_error_while_rows_are_computed_is_one_line(reader: duckdb.DuckDBPyConnection) -> None:
    failing = "select case when range < 9000 then '1' else 'x' end::int from range(10000)"
    for limit in (None, 9999):
        with pytest.raises(UsageError, match="refused") as refusal:
            select(reader, failing, limit_rows=limit)
        assert len(str(refusal.value).splitlines()) == 1


def test_limit_rows_cuts_and_keeps_types(reader: duckdb.DuckDBPyConnection) -> None:
    assert select(reader, "from range(10000)", limit_rows=5000).num_rows == 5000
    assert select(reader, "from range(3)", limit_rows=5).num_rows == 3
    empty = select(reader, "select 1::decimal(18,2) as a where false", limit_rows=5)
    assert (empty.num_rows, empty.schema.field("a").type) == (0, pa.decimal128(18, 2))
    with pytest.raises(UsageError, match="limit_rows"):
        select(reader, "select 1", limit_rows=0)


def test_memory_is_limited_and_nothing_spills(published: Home) -> None:
    release = require_current(published)
    before = sorted(release.folder.rglob("*"))
    with (
        open_reader(release.database("ministry"), memory_limit="50MB") as connection,
        pytest.raises(UsageError, match="Out of Memory"),
    ):
        select(connection, "select count(distinct hash(range)::varchar) from range(20000000)")
    assert sorted(release.folder.rglob("*")) == before


def test_query_reads_the_audience_and_explains_itself(
    home: Home, published: Home, tmp_path: Path
) -> None:
    with pytest.raises(WarehouseError, match="import-risk run"):
        query(home, "select 1")
    home = published
    assert query(home, "from risk.fct_risk_scores", limit_rows=1).num_rows == 1
    assert query(home, "from reporting.rpt_platforms", audience="ministry").num_rows == 3
    with pytest.raises(UsageError, match="refused"):
        query(home, "from risk.fct_risk_scores", audience="ministry")
    with pytest.raises(UsageError, match="no audience"):
        query(home, "select 1", audience="../customs")
    with pytest.raises(WarehouseError, match="no such database"):
        open_reader(home.root / "missing.duckdb")
    garbage = tmp_path / "garbage.duckdb"
    garbage.write_bytes(os.urandom(64))
    with pytest.raises(WarehouseError, match="cannot be opened"):
        open_reader(garbage)


def test_the_ministry_file_holds_no_token_and_no_consignment(published: Home) -> None:
    columns = query(published, "select column_name from duckdb_columns() where not internal",
                    audience="ministry").column("column_name").to_pylist()  # fmt: skip
    assert "platform_code" in columns
    assert [name for name in columns if name.endswith("_token") or name == "consignment_id"] == []
