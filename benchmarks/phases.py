"""Where the CPU of a product step went: samples of its processes, cut at the times it wrote down.

Times come from the ledger (deliveries, verdicts, release) and from the run's log (dbt started and
ended). Add here another written moment. Keep out: the sampling (child.py).
"""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.child import Sample
from foundation.home import Home

_SLOWEST_MODELS = 12
_LOG_LINE = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([+-]\d{4}) - dagster - .*? - (.*)$")
# What a line of the run's log ends, in order of appearance; the ledger ends the others.
_DBT_MOMENTS = (
    ("Running dbt command", "start Python and Dagster, raw views"),
    ("Finished dbt command", "dbt: seeds"),
    ("Running dbt command", "between"),
    ("Finished dbt command", "dbt: models and tests"),
)


@dataclass(frozen=True)
class Phase:
    """A part of a step: CPU and wall seconds from the end of the part before it to its own end."""

    step: str
    phase: str
    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True)
class ModelTime:
    """Wall seconds of one dbt node (two run at a time, so times overlap); not CPU."""

    node: str
    wall_seconds: float


def _ledger_moments(home: Home) -> list[tuple[float, str, str]]:
    """(Unix time, step, what ended) of ledger entries."""
    moments = []
    for line in home.ledger.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        at, body = dt.datetime.fromisoformat(entry["at"]).timestamp(), entry["body"]
        if entry["kind"] == "delivery":
            moments.append((at, "deliver", f"deliver {body['source']}"))
        elif entry["kind"] == "verdict":
            moments.append((at, "run", body["gate"]))
        elif entry["kind"] == "release":
            moments.append((at, "run", "release"))
    return moments


def _log_moments(home: Home) -> list[tuple[float, str, str]]:
    """(Unix time to the second, "run", what ended) of dbt's starts and ends."""
    expected = list(_DBT_MOMENTS)
    moments = []
    for log in sorted(home.runs.glob("*/run.log")):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            found = _LOG_LINE.match(line)
            if found and expected and expected[0][0] in found[3]:
                at = dt.datetime.strptime(f"{found[1]} {found[2]}", "%Y-%m-%d %H:%M:%S %z")
                moments.append((at.timestamp(), "run", expected.pop(0)[1]))
    return moments


def phases(home: Home, step: str, samples: Sequence[Sample]) -> tuple[Phase, ...]:
    """The parts of `step`, in order of time; empty without samples."""
    if not samples:
        return ()
    moments = sorted(
        moment for moment in _ledger_moments(home) + _log_moments(home) if moment[1] == step
    )
    moments.append((samples[-1].at, step, "after the last entry"))
    result = []
    before_at, before_cpu = samples[0].at, 0.0
    for at, _, name in moments:
        reached = [sample.cpu_seconds for sample in samples if sample.at <= at]
        cpu = max(reached, default=0.0)
        result.append(Phase(step, name, max(cpu - before_cpu, 0.0), max(at - before_at, 0.0)))
        before_at, before_cpu = max(at, before_at), max(cpu, before_cpu)
    return tuple(result)


def slowest_models(home: Home) -> tuple[ModelTime, ...]:
    """The longest nodes of the run's last dbt invocation; empty when it left no results."""
    results = home.work / "dbt_target" / "run_results.json"
    if not results.exists():
        return ()
    nodes = json.loads(results.read_text(encoding="utf-8"))["results"]
    times = [ModelTime(node["unique_id"], float(node["execution_time"])) for node in nodes]
    return tuple(sorted(times, key=lambda time: (-time.wall_seconds, time.node))[:_SLOWEST_MODELS])
