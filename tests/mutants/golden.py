"""Runs golden tests: once with dbt, to record it, and then against mutants.

Add here what decides whether a mutant was noticed. Keep out: replaying, reporting.
"""

import contextlib
import io
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from tests.mutants.derive import Mutant
from tests.mutants.recorder import Node, Recorder, Recording, read_call
from tests.mutants.replay import NotAsRecorded, Replay, connected, unit_test_holds
from tests.support.dbt_run import dbt_process, in_place_of_dbt, release_all
from tests.support.dbt_unit_tests import UNIT_TESTS, make_relations

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
# Tests that ask dbt for more than to build models: what they say of a mutant, a replay cannot.
_DBT_ITSELF = "dbt_itself"
# Without what costs more than the test itself: collecting garbage, explaining differences.
_OPTIONS = ("-x", "-q", "--no-header", "--tb=short", "--assert=plain", "-p", "no:xdist",
            "-p", "no:unraisableexception", "-p", "no:threadexception")  # fmt: skip


class NotGreen(RuntimeError):
    """Golden tests fail without a mutation: there is nothing to measure."""


@dataclass
class _Listener:
    """A pytest plugin that keeps what failed and leaves out what only dbt itself can answer."""

    failures: list[str] = field(default_factory=list)
    broken: str | None = None

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        left_out = [item for item in items if item.get_closest_marker(_DBT_ITSELF)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failures.append(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_exception_interact(self, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None and isinstance(call.excinfo.value, NotAsRecorded):
            self.broken = str(call.excinfo.value)


@dataclass(frozen=True)
class Verdict:
    """Who noticed a mutant (None: nobody) and how long it took to ask."""

    mutant: Mutant
    noticed_by: str | None
    seconds: float


def modules() -> list[Path]:
    """Every golden module."""
    return sorted(GOLDEN.glob("test_*.py"))


def record(module: Path, folder: Path) -> Recording:
    """Run one golden module with dbt and keep what dbt did."""
    folder.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(str(module), folder)
    _green(module, recorder)
    recording = recorder.recording
    if recording.calls:
        _green(module, Replay(recording, None))
    return recording


def record_unit_tests(recording: Recording, folder: Path) -> list[Node]:
    """Run the unit tests of all models on a warehouse of `recording`, and keep their questions."""
    home = folder / "unit_tests"
    (home / "work").mkdir(parents=True, exist_ok=True)
    kept = next(call.warehouse for call in recording.calls if call.warehouse is not None)
    shutil.copy(kept, home / "work" / "warehouse.duckdb")
    make_relations(home)
    listing = folder / "call.json"
    dbt_process(home, UNIT_TESTS, entry=("-m", "tests.support.dbt_listener", str(listing)))
    return read_call(UNIT_TESTS, listing).nodes


class Judge:
    """Asks the golden cases that read a model about its mutants."""

    def __init__(
        self, recordings: list[Recording], unit_tests: list[Node], warehouse: Path
    ) -> None:
        """`unit_tests` are asked on `warehouse`, where the relations that they name exist."""
        self._recordings = recordings
        self._unit_tests = unit_tests
        self._warehouse = warehouse
        self._models = {name: node for r in recordings for name, node in r.models().items()}

    def models(self) -> dict[str, Node]:
        """The models that some golden case reads, by name."""
        return self._models

    def judge(self, mutant: Mutant) -> Verdict:
        """Unit tests first, then module after module, until one of them notices."""
        started = time.monotonic()
        noticed = self._unit_test_that_fails(mutant)
        for recording in self._recordings:
            if noticed is None and mutant.model in recording.models():
                noticed = noticed_by(Path(recording.module), Replay(recording, mutant))
        return Verdict(mutant, noticed, time.monotonic() - started)

    def _unit_test_that_fails(self, mutant: Mutant) -> str | None:
        tests = [test for test in self._unit_tests if test.name == mutant.model]
        if not tests:
            return None
        with connected(self._warehouse) as connection:
            for test in tests:
                try:
                    compiled = self._models[test.name].compiled
                    holds = unit_test_holds(connection, test, compiled, mutant.sql)
                except duckdb.Error as error:
                    return f"{test.unique_id}: {type(error).__name__}"
                if not holds:
                    return test.unique_id
        return None


def noticed_by(module: Path, in_place: Callable[[Path, tuple[str, ...]], None]) -> str | None:
    """The first test of `module` that fails while `in_place` stands in for dbt."""
    listener = _Listener()
    folder = Path(tempfile.mkdtemp(prefix="mutants-"))
    said = io.StringIO()
    try:
        with in_place_of_dbt(in_place), contextlib.redirect_stdout(said):
            ended = pytest.main([*_OPTIONS, f"--basetemp={folder}", str(module)], [listener])
    finally:
        release_all()
        shutil.rmtree(folder, ignore_errors=True)
    if listener.broken is not None:
        raise NotAsRecorded(listener.broken)
    nothing = pytest.ExitCode.NO_TESTS_COLLECTED  # all of them need dbt itself
    if ended not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, nothing):
        raise NotGreen(f"{module.name} did not run: {ended!r}\n{said.getvalue()}")
    return listener.failures[0] if listener.failures else None


def _green(module: Path, in_place: Callable[[Path, tuple[str, ...]], None]) -> None:
    failed = noticed_by(module, in_place)
    if failed is not None:
        raise NotGreen(f"without a mutation, under {type(in_place).__name__}: {failed}")
