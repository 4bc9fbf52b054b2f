"""A child process that begins where Python has loaded what `import-risk` needs.

Loading Dagster, dbt and Great Expectations takes four to seven CPU seconds, and the tests start
some two hundred commands. A server process (multiprocessing's forkserver, one a pytest worker)
loads them once and forks for each command: own environment, folder, streams, exit code and death,
as with a process started from nothing. test_warm_python.py holds the two against each other.

Add here a way to start a program that tests need. Keep out: expectations.
"""

import atexit
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path

_PRELOADED = "tests.support.warm_modules"


def run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """`python [-P] -m <module> ...` or `python -c <program> ...`, with exactly this environment.

    returncode: the exit code, or minus the signal that it died of.
    """
    arguments = list(command[2:] if command[1] == "-P" else command[1:])
    with tempfile.TemporaryDirectory(prefix="command-") as streams:
        out, errors = Path(streams) / "out", Path(streams) / "err"
        out.touch()
        errors.touch()
        child = _server().Process(
            target=_become, args=(arguments, dict(environment), str(folder), str(out), str(errors))
        )
        child.start()
        child.join()
        assert child.exitcode is not None
        said = (path.read_text("utf-8", errors="replace") for path in (out, errors))
        return subprocess.CompletedProcess(command, child.exitcode, *said)


def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    return context


def _become(
    arguments: list[str], environment: dict[str, str], folder: str, out: str, errors: str
) -> None:
    """In the child: be the program."""
    for number, path in ((0, os.devnull), (1, out), (2, errors)):
        opened = os.open(path, os.O_RDWR)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    kind, program, *rest = arguments
    try:
        if kind == "-m":
            sys.argv = [program, *rest]
            sys.modules.pop(program, None)  # what is run as a program was not imported before
            runpy.run_module(program, run_name="__main__", alter_sys=True)
        else:
            sys.argv = [kind, *rest]
            exec(compile(program, "<string>", "exec"), {"__name__": "__main__"})
    except Exception as error:  # noqa: BLE001 -- ends as the interpreter does, by its excepthook
        sys.excepthook(type(error), error, error.__traceback__)
        raise SystemExit(1) from None
    finally:
        atexit._run_exitfuncs()  # multiprocessing leaves them out
        sys.stdout.flush()
        sys.stderr.flush()
