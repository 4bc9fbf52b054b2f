"""Run a command as a child process and read what it cost from the kernel.

Add here another cost of a child. Keep out: what the commands are, and which part of a child's work
its CPU went to (phases.py).
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import WarehouseError

_OUTPUT_TAIL = 2_000
_PROCESSES = Path("/proc")
_SAMPLE_SECONDS = 0.2
_MEGABYTE = 1024**2


@dataclass(frozen=True)
class Cost:
    """CPU of the child and its own children (user + system), wall time, peak memory.

    peak_megabytes: largest single process (kernel). tree_peak_megabytes: largest sum of resident
    sets seen while sampling, shared pages counted twice; null where there is no /proc.
    """

    step: str
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    tree_peak_megabytes: float | None


@dataclass(frozen=True)
class Sample:
    """CPU seconds so far and resident bytes of a process and its descendants, at a Unix time."""

    at: float
    cpu_seconds: float
    resident_bytes: int


@dataclass(frozen=True)
class Trace:
    """What was seen of a child: samples in order of time, and every version of the file that was
    watched (a step may write it more than once), as it stood at a sample or at the end."""

    samples: tuple[Sample, ...]
    versions: tuple[bytes, ...]


class _Sampler(threading.Thread):
    """Reads /proc, and a file when it has changed, until stopped; no samples without a /proc."""

    def __init__(self, pid: int, watched: Path | None) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._stopped = threading.Event()
        self._watched = watched
        self._seen = _modified(watched)
        self._samples: list[Sample] = []
        self._versions: list[bytes] = []

    def stop(self) -> Trace:
        """Take no further sample."""
        self._stopped.set()
        self.join()
        self._look()
        return Trace(tuple(self._samples), tuple(self._versions))

    def run(self) -> None:
        """Sample until stopped."""
        has_processes = (_PROCESSES / "self" / "stat").exists()
        while not self._stopped.wait(_SAMPLE_SECONDS):
            if has_processes:
                self._samples.append(_sample(self._pid))
            self._look()

    def _look(self) -> None:
        modified = _modified(self._watched)
        if self._watched is not None and modified not in (None, self._seen):
            self._seen = modified
            self._versions.append(self._watched.read_bytes())


def _modified(path: Path | None) -> int | None:
    return path.stat().st_mtime_ns if path is not None and path.exists() else None


def _sample(root: int) -> Sample:
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it ended between the listing and the reading
            continue
        # The command name in brackets may hold blanks; what follows has fixed places (proc(5)).
        fields = text.rpartition(")")[2].split()
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        ticks[pid] = sum(int(value) for value in fields[11:15])
        pages[pid] = int(fields[21])
    tree = {root}
    while grown := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= grown
    return Sample(
        at=time.time(),
        cpu_seconds=sum(ticks.get(pid, 0) for pid in tree) / os.sysconf("SC_CLK_TCK"),
        resident_bytes=sum(pages.get(pid, 0) for pid in tree) * os.sysconf("SC_PAGE_SIZE"),
    )


def measured(
    step: str, command: Sequence[str], environment: Mapping[str, str], log: Path,
    watched: Path | None = None,
) -> tuple[Cost, Trace]:  # fmt: skip
    """Run `command` with `environment` added; its output goes to `log`.

    Raises WarehouseError with the end of the output when it fails.
    """
    started = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        sampler = _Sampler(process.pid, watched)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        trace = sampler.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = log.read_text(encoding="utf-8", errors="replace")[-_OUTPUT_TAIL:]
        raise WarehouseError(
            f"the step {step!r} ended with exit code {process.returncode}:\n{tail}",
            where=" ".join(command),
            remedy="run the command by hand in a scratch home and mend what it reports",
        )
    scale = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kilobytes here
    resident = [sample.resident_bytes for sample in trace.samples]
    cost = Cost(
        step=step,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=wall,
        peak_megabytes=usage.ru_maxrss * scale / _MEGABYTE,
        tree_peak_megabytes=max(resident) / _MEGABYTE if resident else None,
    )
    return cost, trace
