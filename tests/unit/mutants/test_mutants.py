"""The tool that mutates rules: what it derives, what it finds out, and what it makes of reasons.

Its whole run is `make mutants`; here it meets one model of the project and a golden test that is
known to be too weak.
"""

from pathlib import Path

import duckdb
import pytest

from tests.mutants.derive import Mutant, mutants
from tests.mutants.golden import Judge, NotGreen, noticed_by, record
from tests.mutants.reasons import BadReason, read, stale, without_reason
from tests.mutants.recorder import Call, Recording
from tests.mutants.replay import NotAsRecorded, Replay
from tests.mutants.subjects import SUBJECTS, UnknownModel, subject_of
from tests.support.dbt_listener import Node

pytestmark = pytest.mark.slow

WEAK = Path(__file__).with_name("golden_last_day.py")
MODEL = "int_rules__in_force"


def changes(sql: str) -> list[str]:
    return [mutant.change for mutant in mutants("m", sql)]


def test_a_comparison_becomes_its_neighbour_and_a_bound_moves_the_other_way() -> None:
    assert changes("select a from t where a < b") == ["without a < b", "< -> <="]
    assert changes("select a from t where a >= t.valid_from") == [
        "without a >= t.valid_from",
        ">= -> >",  # the bound a day later
        "valid_from - 1",
    ]
    assert changes("select a from t where valid_to >= a")[1:] == ["valid_to + 1", ">= -> >"]


def test_both_bounds_of_between_move_both_ways_and_its_and_is_no_logic() -> None:
    found = changes("select a from t where a between valid_from and valid_to and b")
    assert found == [
        "without a between valid_from and valid_to",
        "valid_from + 1",
        "valid_from - 1",
        "valid_to + 1",
        "valid_to - 1",
        "and -> or",
        "without b",
    ]
    rows = "select sum(a) over (order by b rows between unbounded preceding and current row) from t"
    assert changes(rows) == []


def test_a_filter_loses_one_condition_at_a_time_and_a_join_keeps_its_keys() -> None:
    joined = "select 1e6 from a inner join b on a.x = b.x and a.y > b.y where (c or d) and e"
    assert [change for change in changes(joined) if change.startswith("without")] == [
        "without a.y > b.y",
        "without (c or d)",
        "without e",
    ]
    assert "without a or b" in changes("select x from t having a or b")


def test_comments_texts_and_sizes_of_types_are_left_alone() -> None:
    sql = "-- a < b and 0\nselect cast(a as decimal(1, 0)), 'x < 1 and 0' as text from t"
    assert changes(sql) == []


def test_equal_changes_of_equal_lines_are_told_apart_and_change_one_place() -> None:
    first, second = mutants("m", "select a,\n0 as b,\n0 as b\nfrom t")
    assert (first.line, first.number, second.line, second.number) == ("0 as b,", 1, "0 as b", 1)
    one, two = mutants("m", "select 0 as b\nunion all\nselect 0 as b")
    assert (one.number, two.number) == (1, 2)
    assert two.sql == "select 0 as b\nunion all\nselect 1 as b"


def test_a_pattern_without_a_model_is_an_error() -> None:
    with pytest.raises(UnknownModel, match="int_rules__in_force"):
        subject_of([("int_taxes__assessed", "intermediate")])


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return record(WEAK, tmp_path_factory.mktemp("recorded"))


@pytest.mark.slow
def test_what_a_weak_golden_test_notices_and_what_it_does_not(recording: Recording) -> None:
    judge = Judge([recording], [], Path("no unit tests"))
    every = mutants(MODEL, judge.models()[MODEL].compiled)
    tried = [m for m in every if "site" not in m.line]  # what a site sets is no part of the case
    survivors = {m.change for m in tried if judge.judge(m).noticed_by is None}
    # The first day is nobody's business here, and no other parameter is.
    assert survivors == {
        "without parameters.valid_from <= days.day",
        "valid_from - 1",
        "<= -> <",  # of valid_from
    }
    noticed = {m.change for m in tried} - survivors
    assert {"valid_to + 1", "and -> or", "or -> and"} <= noticed
    last_day = next(m for m in tried if m.change == "<= -> <" and "valid_to" in m.line)
    assert "golden_last_day.py" in str(judge.judge(last_day).noticed_by)


@pytest.mark.slow
def test_a_replay_that_differs_from_the_recording_is_refused(recording: Recording) -> None:
    with pytest.raises(NotAsRecorded):
        noticed_by(WEAK, Replay(Recording(recording.module), None))
    other = Mutant(MODEL, "line", "change", 1, "select broken")
    assert "Binder Error" in str(noticed_by(WEAK, Replay(recording, other)))
    unchanged = Mutant(MODEL, "line", "change", 1, recording.models()[MODEL].compiled)
    with pytest.raises(NotAsRecorded, match="holds its compiled text"):
        noticed_by(WEAK, Replay(recording, unchanged))


@pytest.mark.parametrize(
    ("statements", "kept"),
    [
        # the home was a copy: dbt emptied the day and filled it, day 2 was there before
        (("delete from m where day = 1", "insert into m select 1, 5"), [(1, 5), (2, 9)]),
        # the same of what dbt makes beside it and then exchanges
        (
            (
                "create table m__dbt_tmp as select 3 as day, 1 as n",
                "alter table m rename to m__dbt_backup",
                "alter table m__dbt_tmp rename to m",
                "drop table m__dbt_backup",
            ),
            [(3, 1)],
        ),
        (("create table m as select 1 as day, 5 as n",), [(1, 5)]),
    ],
)
def test_a_replay_drops_only_what_its_statements_make(
    tmp_path: Path, statements: tuple[str, ...], kept: list[tuple[int, int]]
) -> None:
    (tmp_path / "work").mkdir()
    warehouse, after = tmp_path / "work" / "warehouse.duckdb", tmp_path / "after.duckdb"
    with duckdb.connect(str(after)) as connection:
        connection.execute("create table m as from (values (1, 5), (2, 9)) as t(day, n)")
    node = Node("model.m", "model", "m", "m", "main", "", statements)
    recording = Recording("module", [Call(("run",), [node], {}, str(after))])
    Replay(recording, None)(tmp_path, ("run",))
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute("from m order by day").fetchall() == kept


def test_golden_tests_that_fail_without_a_mutation_stop_the_run(tmp_path: Path) -> None:
    red = tmp_path / "red.py"
    red.write_text("def test_red() -> None:\n    assert False\n")
    with pytest.raises(NotGreen, match="without a mutation"):
        record(red, tmp_path / "recorded")


REASON = """
[[equivalent]]
models = ["m"]
line = "where a < b"
changes = ["< -> <="]
why = "a is never b"
"""


def test_a_reason_covers_its_mutant_and_is_stale_when_that_is_noticed_or_gone(
    tmp_path: Path,
) -> None:
    file = tmp_path / "equivalent.toml"
    file.write_text(REASON)
    reasons = read(file)
    comparison = next(
        m for m in mutants("m", "select a\nfrom t\nwhere a < b") if m.change == "< -> <="
    )
    other = Mutant("m", "where a < b", "without a < b", 1, "")
    assert without_reason([comparison, other], reasons) == [other]
    assert stale([comparison], [comparison], reasons) == []
    assert stale([comparison], [], reasons) == [f"a test notices it: {comparison}"]
    assert stale([other], [other], reasons) == [
        "no such mutant any more: m: where a < b  [< -> <=]"
    ]


@pytest.mark.parametrize("wrong", ['why = " "', 'why = "x"\nwho = "y"', ""])
def test_a_reason_without_a_reason_is_refused(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "equivalent.toml"
    file.write_text(REASON.replace('why = "a is never b"', wrong))
    with pytest.raises(BadReason):
        read(file)


def test_the_reasons_of_the_project_can_be_read() -> None:
    assert all(reason.why and reason.models and reason.changes for reason in read())
    assert list(SUBJECTS) == ["taxes", "platforms", "selection", "risk"]
