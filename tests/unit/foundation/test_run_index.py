"""The index of ended runs: in order, read from its end, indifferent to torn lines."""

from pathlib import Path

import pytest

from foundation.home import Home
from foundation.run_index import EndedRun, append, latest


def run(number: int) -> EndedRun:
    return EndedRun(f"run-{number}", "published", "2026-11-04", "2026-11-04", None, "2026-11-05")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_no_run_yet(home: Home) -> None:
    assert latest(home, 30) == []


def test_the_last_runs_come_oldest_first(home: Home) -> None:
    for count in range(50):
        append(home, run(count))
    assert [r.run_id for r in latest(home, 30)] == [f"run-{n}" for n in range(20, 50)]


def test_a_torn_line_loses_only_itself(home: Home) -> None:
    append(home, run(1))
    with (home.runs / "index.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"run_id":"torn","sta')
    append(home, run(2))
    assert [r.run_id for r in latest(home, 30)] == ["run-1", "run-2"]


def test_a_run_counts_once(home: Home) -> None:
    for number in (1, 2, 1):
        append(home, run(number))
    assert [r.run_id for r in latest(home, 30)] == ["run-2", "run-1"]


def test_only_the_end_of_the_file_is_read(home: Home) -> None:
    """A megabyte of something else before the last lines is never looked at."""
    home.runs.mkdir(parents=True)
    (home.runs / "index.jsonl").write_bytes(b"\xff" * 1_000_000)
    append(home, run(1))
    assert [r.run_id for r in latest(home, 1)] == ["run-1"]
