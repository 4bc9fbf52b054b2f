"""What a run's dbt builds cost is read from every build, not from the last one.

Not claimed: that samples of CPU are exact.
"""

import json
import sys
from pathlib import Path

from benchmarks.child import Trace, measured
from benchmarks.phases import ModelTime, slowest_models


def results(invocation: str, **seconds: float) -> bytes:
    nodes = [{"unique_id": node, "execution_time": took} for node, took in seconds.items()]
    return json.dumps({"metadata": {"invocation_id": invocation}, "results": nodes}).encode()


def test_an_empty_second_build_hides_nothing() -> None:
    first, second = results("a", wide=40.0, narrow=2.0), results("b", narrow=0.5)
    assert slowest_models(Trace((), (first, second))) == (
        ModelTime("wide", 40.0),
        ModelTime("narrow", 2.5),
    )


def test_a_version_seen_half_written_or_twice_counts_once() -> None:
    whole = results("a", wide=40.0)
    assert slowest_models(Trace((), (whole[:20], whole, whole))) == (ModelTime("wide", 40.0),)


def test_every_version_of_the_watched_file_is_kept(tmp_path: Path) -> None:
    watched = tmp_path / "results.json"
    watched.write_text("of an earlier step", encoding="utf-8")
    code = (
        "import pathlib, sys, time\n"
        "for text in ('first', 'second'):\n"
        "    time.sleep(0.7)\n"
        "    pathlib.Path(sys.argv[1]).write_text(text)\n"
    )
    command = (sys.executable, "-c", code, str(watched))
    cost, trace = measured("writes", command, {}, tmp_path / "log", watched=watched)
    assert trace.versions[0] == b"first"
    assert trace.versions[-1] == b"second"
    assert b"of an earlier step" not in trace.versions
    assert cost.wall_seconds > 1.3
