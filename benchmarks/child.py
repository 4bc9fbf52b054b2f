"""Run a command as a child process and read what it cost from the kernel.

Add here another cost of a child. Keep out: what the commands are.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import WarehouseError

_OUTPUT_TAIL = 2_000


@dataclass(frozen=True)
class Cost:
    """CPU of the child and of its own children (user + system), wall time, peak memory."""

    step: str
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


def measured(step: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Cost:
    """Run `command` with `environment` added; its output goes to `log`.

    Raises WarehouseError with the end of the output when it fails. Peak memory is that of the
    largest single process among the child and those it waited for.
    """
    started = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = log.read_text(encoding="utf-8", errors="replace")[-_OUTPUT_TAIL:]
        raise WarehouseError(
            f"the step {step!r} ended with exit code {process.returncode}:\n{tail}",
            where=" ".join(command),
            remedy="run the command by hand in a scratch home and mend what it reports",
        )
    scale = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kilobytes here
    return Cost(
        step=step,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=time.monotonic() - started,
        peak_megabytes=usage.ru_maxrss * scale / 1024**2,
    )
