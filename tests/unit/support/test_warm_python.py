"""A warm child says, leaves and dies as one that Python starts from nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import warm_python

pytestmark = pytest.mark.slow

MODULE = [sys.executable, "-P", "-m", "cli.main"]
FACTS = """
import json, os, sys
print(json.dumps([sys.argv, os.getcwd(), dict(os.environ), sys.stdin.read(), __name__]))
print("ünï", file=sys.stderr)
"""


def both(command: list[str], folder: Path) -> tuple[subprocess.CompletedProcess[str], ...]:
    kept = ("PATH", "LANG", "LC_ALL", "HOME", "PYTHONPATH")
    variables = {name: os.environ[name] for name in kept if name in os.environ}
    variables |= {"IMPORT_RISK_HOME": str(folder / "home"), "PYTHONIOENCODING": "utf-8"}
    cold = subprocess.run(
        command, env=variables, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return cold, warm_python.run(command, variables, folder)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ([*MODULE, "status", "--json"], 0),
        ([*MODULE, "no-such-command"], 2),
        ([*MODULE, "query", "select 1"], 1),  # nothing is published
        ([*MODULE, "deliver", "no-such-file.csv"], None),
        ([sys.executable, "-c", FACTS, "an argument"], 0),
        ([sys.executable, "-c", "raise SystemExit('in words')"], 1),
        ([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"], -9),
    ],
)
def test_the_same_command_ends_the_same(tmp_path: Path, command: list[str], code: int) -> None:
    cold, warm = both(command, tmp_path)
    assert (warm.returncode, warm.stdout, warm.stderr) == (
        cold.returncode, cold.stdout, cold.stderr
    )  # fmt: skip
    if code is not None:
        assert warm.returncode == code


def test_a_defect_is_reported_by_who_reports_it_when_cold(tmp_path: Path) -> None:
    """`import-risk` installs its own report of a defect; elsewhere the traceback is the report."""
    program = "import sys; sys.excepthook = lambda k, e, t: print('told', e); raise OSError('lost')"
    cold, warm = both([sys.executable, "-c", program], tmp_path)
    assert (warm.returncode, warm.stdout) == (cold.returncode, cold.stdout) == (1, "told lost\n")


def test_one_child_leaves_nothing_for_the_next(tmp_path: Path) -> None:
    spoil = "import os, sys; os.environ['LEFT'] = '1'; sys.path.append('left'); import this"
    look = (
        "import os, sys; print(os.environ.get('LEFT'), 'left' in sys.path, 'this' in sys.modules)"
    )
    assert warm_python.run([sys.executable, "-c", spoil], {}, tmp_path).returncode == 0
    assert (
        warm_python.run([sys.executable, "-c", look], {}, tmp_path).stdout == "None False False\n"
    )
