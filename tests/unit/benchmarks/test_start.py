"""Every benchmark starts by its documented command and by its path, wherever one stands.

Claims that it starts and says what it takes. Not claimed: that it measures anything.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[3]
FOLDER = PROJECT / "benchmarks"
BENCHMARKS = sorted(
    path
    for path in (*FOLDER.glob("*.py"), *FOLDER.glob("*/__main__.py"))
    if "ArgumentParser(" in path.read_text(encoding="utf-8")
)


def name(path: Path) -> str:
    return path.parent.name if path.stem == "__main__" else path.stem


def shows_help(*command: str, cwd: Path) -> bool:
    done = subprocess.run(
        [sys.executable, *command, "--help"], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.startswith("usage: ")


@pytest.mark.parametrize("path", BENCHMARKS, ids=name)
def test_it_starts_by_its_command_and_by_its_path(path: Path, tmp_path: Path) -> None:
    assert shows_help("-m", f"benchmarks.{name(path)}", cwd=PROJECT)
    started = path.parent if path.stem == "__main__" else path
    # From elsewhere, where no folder but the script's own comes first.
    assert shows_help(str(started), cwd=tmp_path)


def test_the_readme_names_every_benchmark() -> None:
    """Negative control of the list above: what the README's table promises is in it."""
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = set(re.findall(r"^\| `(\w+)(?:\.py|/)` \|", readme, re.MULTILINE))
    assert table == {name(path) for path in BENCHMARKS} - {"baseline"}
