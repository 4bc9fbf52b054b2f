"""Where the CPU of a product step went: samples of its processes, cut at the times it wrote down.

Times come from the ledger (deliveries, verdicts, release), the run's start record, dbt's results.
Add here another written moment. Keep out: the sampling (child.py).
"""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.child import Trace
from foundation.home import Home

_SLOWEST_MODELS = 12


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


def dbt_results(home: Home) -> Path:
    """Where each dbt build of a run leaves its results, in place of those of the one before."""
    return home.work / "dbt_target" / "run_results.json"


def _builds(trace: Trace) -> list[dict[str, Any]]:
    """The results of every dbt build of a step, in order; `trace` has watched dbt_results."""
    builds: dict[str, dict[str, Any]] = {}
    for version in trace.versions:
        try:
            results = json.loads(version)
        except ValueError:  # half of a version: the whole one follows
            continue
        builds[results["metadata"]["invocation_id"]] = results
    return list(builds.values())


def _artefact_moments(home: Home, trace: Trace) -> list[tuple[float, str, str]]:
    """(Unix time, "run", what ended): the raw rows of the newest run, and its dbt builds."""
    starts = sorted(home.runs.glob("*/start.json"), key=lambda path: path.stat().st_mtime)
    moments = []
    if starts:
        named = "start Python and Dagster, raw rows"
        moments.append((starts[-1].stat().st_mtime, "run", named))
    for number, build in enumerate(_builds(trace), start=1):
        ended = dt.datetime.fromisoformat(build["metadata"]["generated_at"]).timestamp()
        moments.append((ended, "run", f"dbt build {number}: {len(build['results'])} nodes"))
    return moments


def phases(home: Home, step: str, trace: Trace) -> tuple[Phase, ...]:
    """The parts of `step`, in order of time; empty without samples."""
    samples = trace.samples
    if not samples:
        return ()
    # A home that has run before has older moments too.
    moments = sorted(
        moment
        for moment in _ledger_moments(home) + _artefact_moments(home, trace)
        if moment[1] == step and moment[0] > samples[0].at
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


def slowest_models(trace: Trace) -> tuple[ModelTime, ...]:
    """The longest nodes of all dbt builds of a run; a node that was built twice counts its sum."""
    seconds: dict[str, float] = {}
    for build in _builds(trace):
        for node in build["results"]:
            name = node["unique_id"]
            seconds[name] = seconds.get(name, 0.0) + float(node["execution_time"])
    times = [ModelTime(node, took) for node, took in seconds.items()]
    return tuple(sorted(times, key=lambda time: (-time.wall_seconds, time.node))[:_SLOWEST_MODELS])
