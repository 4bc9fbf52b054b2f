"""What a reader with a token can do to the daemon (serving.md, attacks): nothing, and it is said.

Not claimed: that the path of the own release file stays secret (system tables name it), or that a
reader cannot keep the query slots of its own audience busy.
"""

from pathlib import Path

import duckdb
import pytest

from tests.support.daemon import Daemon
from tests.unit.serving.daemon.conftest import CANARY
from tests.unit.serving.test_reader import HOST_ATTACKS, STATEMENTS

pytestmark = pytest.mark.slow

# {folder}: beside the home, holds secret.txt and must stay as it is.
FURTHER = [
    "select * from read_text('{folder}/secret.txt')",
    "select content from read_blob('{folder}/home/releases/current/ministry/warehouse.duckdb')",
    "select * from read_text('{folder}/home/releases/current/manifest.json')",
    "attach '{folder}/home/releases/current/customs/warehouse.duckdb' as other (read_only)",
    "select * from glob('{folder}/**')",
    "select * from read_text('http://127.0.0.1:1/x')",
    "select getenv('IMPORT_RISK_PII_KEY')",
    "with gone as (delete from risk.fct_selections returning *) select * from gone",
    "select * from query('drop table risk.fct_selections')",
    "select * from query('attach ''{folder}/x'' as x')",
    "select * from query_table('read_text(''{folder}/secret.txt'')')",
    "select set_config('memory_limit', '64GB')",
    "set variable x = 1",
    "create temp table x as select 1",
    "create macro f() as 1",
    "create sequence s",
    "vacuum",
    "checkpoint",
    "analyze",
    "detach warehouse",
    "use memory",
    "execute p",
    "call enable_logging()",
    "call start_ui()",
    "pragma version; select 1",
    "explain analyze select 1",
    "select 1; -- two\nselect 2",
    "copy (select 1) to '/dev/stdout'",
    "copy risk.fct_selections to '{folder}/x.parquet' (format parquet)",
]
# Answered, and without a secret.
HARMLESS = [
    "select write_log('x')",
    # The engine lets a reader read the file that it has open anyway, as bytes too.
    "select content from read_blob((select path from duckdb_databases() where path is not null))",
    "select * from duckdb_settings()",
    "select * from duckdb_secrets()",
    "select * from duckdb_databases()",
    "select * from duckdb_variables()",
    "select * from duckdb_extensions()",
    "select * from duckdb_external_file_cache()",
    "select * from duckdb_temporary_files()",
    "select * from duckdb_logs",
    "select * from duckdb_connections()",
    "select current_setting('secret_directory')",
    "select getvariable('x')",
    "select regexp_matches(repeat('a', 1000000), '(a+)+$')",
    "explain select * from risk.fct_selections",
    "pragma_version()",
]
EXPENSIVE = [
    "select count(*) from range(100000000000)",
    "with recursive t as (select 1 as n union all select n + 1 from t) select max(n) from t",
    "select len(range(300000000))",
    "select length(repeat('x', 2000000000))",
    "select repeat('x', 1000000) from range(1000)",
    "select string_agg(range::varchar, ',') from range(400000000)",
    "select * from range(100000000)",
]


def test_every_attack_is_refused_and_nothing_changes(daemon: Daemon) -> None:
    folder = daemon.log.parent
    before = sorted(folder.rglob("*"))
    through = []
    for attack in [*HOST_ATTACKS, *STATEMENTS, *FURTHER]:
        sql = attack.format(folder=folder, out=folder)
        answer = daemon.query(sql)
        if answer.status_code != 400 or CANARY in answer.text:
            through.append((sql, answer.status_code, answer.text[:200]))
    assert through == []
    assert sorted(folder.rglob("*")) == before
    assert daemon.value("select lane from risk.fct_selections") == "red", "negative control"


def test_the_attacks_on_files_would_work_on_a_plain_connection(daemon: Daemon) -> None:
    """Negative control: the secret can be read, just not through the daemon."""
    with duckdb.connect() as plain:
        for attack in (FURTHER[0], FURTHER[2]):
            assert plain.execute(attack.format(folder=daemon.log.parent)).fetchall()


@pytest.mark.parametrize("audience", ["customs", "ministry"])
def test_what_is_answered_holds_no_secret(daemon: Daemon, audience: str) -> None:
    other = {"customs": "ministry", "ministry": "customs"}[audience]
    for sql in HARMLESS:
        answer = daemon.query(sql, audience)
        assert answer.status_code in (200, 400), (sql, answer.text)
        assert CANARY not in answer.text
        assert f"/{other}/" not in answer.text, sql
    assert daemon.value("select 1", audience) == 1


def test_one_audience_does_not_see_the_other(daemon: Daemon) -> None:
    files = f"{daemon.log.parent}/home/releases/current/{{}}/warehouse.duckdb"
    for mine, other in (("customs", "ministry"), ("ministry", "customs")):
        for reading in ("read_blob", "read_text", "read_csv", "read_duckdb"):
            refused = daemon.query(f"from {reading}('{files.format(other)}')", mine)
            assert refused.status_code == 400
            assert "disabled by configuration" in refused.text
    for sql in ("from risk.fct_risk_scores", "from core.fct_consignments"):
        assert daemon.query(sql, "customs").status_code == 200
        assert daemon.query(sql, "ministry").status_code == 400
    assert daemon.value("select count(*) from reporting.rpt_platforms", "ministry") == 3


@pytest.mark.parametrize("sql", EXPENSIVE)
def test_what_costs_too_much_ends_and_the_next_query_works(daemon: Daemon, sql: str) -> None:
    answer = daemon.query(sql)
    assert answer.status_code in (408, 413), answer.text
    assert answer.json()["error"]["code"] in ("timeout", "memory", "too_large")
    assert daemon.value("select 1") == 1


def test_a_function_that_cannot_be_interrupted_costs_its_process_only(daemon: Daemon) -> None:
    """The engine does not look for an interrupt inside one comparison of two long texts."""
    assert daemon.value("select 1", "ministry") == 1
    before = set(daemon.workers())
    answer = daemon.query("select levenshtein(repeat('a', 100000), repeat('b', 100000))")
    assert answer.status_code == 408, answer.text
    assert daemon.value("select 1") == 1
    after = set(daemon.workers())
    assert len(before - after) == 1
    assert len(after - before) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select " + "(" * 40_000 + "1" + ")" * 40_000,
        "select " + "not " * 40_000 + "true",
        "select " + "+".join(["1"] * 60_000),
        "select " + "[" * 40_000 + "]" * 40_000,
        "select 1 from " + "(select 1 from " * 5_000 + "x" + ")" * 5_000,
    ],
    ids=["parentheses", "not", "sum", "lists", "subqueries"],
)
def test_a_statement_made_to_break_the_parser_breaks_nothing_else(daemon: Daemon, sql: str) -> None:
    assert daemon.query(sql).status_code in (200, 400, 408, 413)
    assert daemon.value("select 1") == 1


def test_nothing_of_one_request_is_left_for_the_next(daemon: Daemon) -> None:
    for _ in range(4):  # more than there are processes
        daemon.query("set variable left = 'x'")
        daemon.query("create temp table left_over as select 1")
        assert daemon.value("select getvariable('left')") is None
        assert daemon.query("from left_over").status_code == 400


def test_the_processes_have_no_secret_in_their_environment(daemon: Daemon) -> None:
    assert daemon.value("select 1") == 1
    environments = [Path(f"/proc/{pid}/environ").read_bytes() for pid in daemon.workers()]
    assert environments
    assert [text for text in environments if CANARY.encode() in text or b"token" in text] == []
    own = Path(f"/proc/{daemon.process.pid}/environ").read_bytes()
    assert CANARY.encode() in own, "negative control: the daemon itself has it"


def test_the_log_says_who_did_what_and_never_what_was_asked(daemon: Daemon) -> None:
    phone = "0912777333"
    daemon.query(f"select '{phone}', lane from risk.fct_selections")
    daemon.query("select ? as asked", parameters=[phone])
    daemon.query(f"select * from nothing_called_{phone}")
    line = next(line for line in reversed(daemon.lines()) if line["rows"] == 1 and line["tables"])
    assert (line["audience"], line["label"], line["status"]) == ("customs", "environment", 200)
    assert line["tables"] == ["fct_selections"]
    assert line["release_id"].startswith("r000001-")
    text = daemon.log.read_text()
    assert phone not in text
    assert "0123456789abcdef" not in text, "no token either"
