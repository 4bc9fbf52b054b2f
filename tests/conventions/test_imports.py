"""The import rule of the architecture, read from the code itself.

Claims nothing about SQL. A violation names file and import.
"""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.rooms import FRAMEWORKS, ROOMS, below, imports_of


def violations(room: str, source: str) -> set[str]:
    """What a module of `room` imports though its floor does not allow it."""
    found = imports_of(source)
    rooms = (found & set(ROOMS)) - below(room) - {room}
    return rooms | {name for name in found & set(FRAMEWORKS) if room not in FRAMEWORKS[name]}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_stands_below_it(project: Path, room: str) -> None:
    offenders = {
        str(path.relative_to(project)): found
        for path in sorted((project / room).rglob("*.py"))
        if (found := violations(room, path.read_text(encoding="utf-8")))
    }
    assert offenders == {}


def test_the_rule_would_catch_an_offender() -> None:
    assert violations("ingest", "def f():\n    import dagster\n") == {"dagster"}
    assert violations("serving", "from ingest.delivery import deliver\n") == {"ingest"}  # neighbour
    assert violations("ledger", "import runs.steps\n") == {"runs"}  # up
    assert violations("cli", "import dagster\n") == {"dagster"}
    assert (
        violations("dagster_project", "from ledger.chain import Ledger\nimport dagster\n") == set()
    )


def test_the_table_names_every_room_that_is_shipped(project: Path) -> None:
    document = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(document["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(ROOMS)


def test_no_room_shadows_an_installed_distribution() -> None:
    """A room is a top-level import name; whoever else has it would win or lose by chance."""
    taken = importlib.metadata.packages_distributions()
    others = {
        room: owners
        for room in ROOMS
        if (owners := set(taken.get(room, ())) - {"import-risk-warehouse"})
    }
    assert others == {}
    assert "pytest" in taken  # the comparison would see one


def test_the_command_line_starts_without_data_frames_and_solvers() -> None:
    """`query`, `status` and `--help` answer at once; who treats or reports imports more."""
    loaded = "import sys, cli.main; print(*({'polars', 'scipy', 'altair'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
    control = loaded.replace("cli.main", "cli.main, disclosure.treat")
    done = subprocess.run(
        [sys.executable, "-c", control], capture_output=True, text=True, check=True
    )
    assert {"polars", "scipy"} <= set(done.stdout.split())
