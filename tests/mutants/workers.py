"""What the processes of a run of tests.mutants do, and where they find what was recorded.

Add here a step that runs in a worker. Keep out: what it does in detail (golden.py).
"""

import shutil
import tempfile
import time
from pathlib import Path

from tests.mutants import golden, recorder
from tests.mutants.derive import Mutant

UNIT_TESTS = "unit_tests.json"
_judge: list[golden.Judge] = []  # of this process


def record_module(module: Path, folder: Path) -> str:
    """Record one golden module below `folder`, and say how long it took."""
    kept = folder / module.stem / "recording.json"
    if kept.exists():
        return f"{module.name} was recorded before"
    started = time.monotonic()
    recording = golden.record(module, folder / module.stem)
    recorder.write(recording, kept)
    return f"recorded {module.name} in {time.monotonic() - started:.0f} s"


def _recordings(folder: Path) -> list[recorder.Recording]:
    """The recordings that hold models, the quickest to replay first."""
    paths = folder.glob("*/recording.json")
    found = [recorder.read(path) for path in sorted(paths)]
    return sorted((r for r in found if r.calls), key=lambda r: (len(r.calls), r.module))


def record_questions(folder: Path) -> None:
    """Record the unit tests, once the modules are."""
    # The module that builds most models: the relations that unit tests name exist there.
    widest = max(_recordings(folder), key=lambda recording: len(recording.models()))
    tests = recorder.Recording(
        "", [recorder.Call((), golden.record_unit_tests(widest, folder), {})]
    )
    recorder.write(tests, folder / UNIT_TESTS)


def judge_of(folder: Path) -> golden.Judge:
    """The judge on what stands below `folder`."""
    return _judge_on(folder, _warehouse(folder))


def start(folder: Path) -> None:
    """Make this process a worker on what stands below `folder`."""
    # Each worker has its own copy: DuckDB lets one process write a file.
    own = Path(tempfile.mkdtemp(prefix="mutants-worker-", dir=folder))
    shutil.copy(_warehouse(folder), own)
    _judge.append(_judge_on(folder, own / "warehouse.duckdb"))


def judged(mutant: Mutant) -> golden.Verdict:
    """The verdict of this worker."""
    return _judge[0].judge(mutant)


def _judge_on(folder: Path, warehouse: Path) -> golden.Judge:
    (call,) = recorder.read(folder / UNIT_TESTS).calls
    return golden.Judge(_recordings(folder), call.nodes, warehouse)


def _warehouse(folder: Path) -> Path:
    return folder / "unit_tests" / "work" / "warehouse.duckdb"
