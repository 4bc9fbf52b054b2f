"""Runs a function of ours in a child process that can do nothing but its job, within limits.

Whatever parses delivered bytes runs here: a crash, a limit or an endless loop is a refusal of the
file, never a failure of the warehouse. The child is forked by server.py.
Add here a limit or another way in which a child can end. Keep out: what the kernel forbids
(confinement.py), what a job does (worker.py), and trust in anything that a child wrote.
"""

import atexit
import errno
import json
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from foundation.errors import UsageError, WarehouseError
from ingest.outcomes import FileRefused
from ingest.sandbox.server import RESULT_FILE

_GIB = 1 << 30
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20,
          "GIB": _GIB}  # fmt: skip
_SIZE = re.compile(r"([0-9]{1,15}) ?([A-Za-z]{0,3})")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_RESULT_BYTES = 16 << 20
_DETAIL_CHARACTERS = 1_000
_START_SECONDS = 60
_OUT_OF_MEMORY = ("MemoryError", "OutOfMemoryException", "ArrowMemoryError")


@dataclass(frozen=True)
class Limits:
    """What one child may use. Each is a setting: IMPORT_RISK_READER_<NAME IN CAPITALS>.

    memory: bytes of address space beyond the bare interpreter; DuckDB gets half of it.
    cpu_seconds, wall_seconds: of the child. output: bytes of any one file that it writes.
    open_files: at once. member_bytes, archive_bytes: of one member of an archive and of all,
    unpacked. archive_members: how many. archive_ratio: unpacked to packed bytes of a member that
    is larger than 16 MiB.
    """

    memory: int = 4 * _GIB
    cpu_seconds: int = 3_600
    wall_seconds: int = 7_200
    output: int = 32 * _GIB
    open_files: int = 256
    member_bytes: int = 8 * _GIB
    archive_bytes: int = 16 * _GIB
    archive_members: int = 1_000
    archive_ratio: int = 200

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Limits":
        """The defaults, changed by settings; UsageError names a setting that is no size."""
        settings = os.environ if environment is None else environment
        stated: dict[str, int] = {}
        for item in fields(cls):
            name = f"IMPORT_RISK_READER_{item.name.upper()}"
            text = settings.get(name, "").strip()
            if text:
                is_size = item.name in ("memory", "output", "member_bytes", "archive_bytes")
                stated[item.name] = _number(name, text, is_size=is_size)
        return cls(**stated)

    def resources(self) -> list[tuple[str, int]]:
        """(name in module resource, limit) of what the kernel watches."""
        return [
            ("RLIMIT_AS", self.memory), ("RLIMIT_CPU", self.cpu_seconds),
            ("RLIMIT_FSIZE", self.output), ("RLIMIT_NOFILE", self.open_files), ("RLIMIT_CORE", 0),
        ]  # fmt: skip


def _number(name: str, text: str, *, is_size: bool) -> int:
    found = _SIZE.fullmatch(text)
    unit = found.group(2).upper() if found else ""
    value = int(found.group(1)) * _UNITS.get(unit, 0) if found else 0
    if not value or (unit and not is_size):
        example = "a size such as 4GiB or 500MB" if is_size else "a whole number above 0"
        raise UsageError(f"{text!r} is not {example}", where=name, remedy=f"state {example}")
    return value


@dataclass(frozen=True)
class Finished:
    """What a child returned, and what it cost. confined: what the kernel had taken away."""

    result: Mapping[str, Any]
    confined: Mapping[str, str]
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int


class _Server:
    """The forking process of this process, started when first needed."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.owner = os.getpid()
        self._control = ours
        paths = os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)
        with theirs:
            # An empty environment: no key, no proxy, no setting reaches what parses.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ingest.sandbox.server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={
                    "PYTHONPATH": paths, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1",
                    "POLARS_MAX_THREADS": "2",
                },
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
        self._replies = ours.makefile("rb")
        ours.settimeout(_START_SECONDS)
        self._started = False

    def is_alive(self) -> bool:
        """Whether the server waits for jobs: somebody may have ended it since the last one."""
        return self._process.poll() is None

    def call(self, message: Mapping[str, Any], job: bytes) -> Mapping[str, Any] | None:
        """The server's report on one child; None when the server was ended meanwhile."""
        if not self._started:
            self._greet()
        descriptor = os.memfd_create("job", os.MFD_CLOEXEC)
        with open(descriptor, "wb+") as stream:
            stream.write(job)
            stream.seek(0)
            try:
                socket.send_fds(self._control, [json.dumps(message).encode()], [stream.fileno()])
                line = self._replies.readline()
            except ConnectionError:
                return None
        report: Mapping[str, Any] | None = json.loads(line) if line else None
        return report

    def _greet(self) -> None:
        try:
            line = self._replies.readline()
        except TimeoutError:
            line = b""
            self._process.kill()
        if not line:
            told = self._process.stderr.read().decode() if self._process.stderr else ""
            raise WarehouseError(
                "the process that reads deliveries does not start: "
                f"{told.strip().splitlines()[-1] if told.strip() else 'it says nothing'}",
                where="python -m ingest.sandbox.server",
                remedy="check the installation with `import-risk doctor`",
            )
        self._control.settimeout(None)
        self._started = True

    def stop(self) -> None:
        """Let the server and its child end; it does when the socket closes."""
        if self.owner != os.getpid():
            return  # a forked copy of the parent must not stop the parent's server
        self._replies.close()
        self._control.close()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()


_lock = threading.Lock()
_servers: list[_Server] = []


def _server() -> _Server:
    if _servers and _servers[0].owner != os.getpid():
        _servers.clear()
    if _servers and not _servers[0].is_alive():
        stop()
    if not _servers:
        _servers.append(_Server())
    return _servers[0]


@atexit.register
def stop() -> None:
    """End the forking process of this process, if there is one; the next run starts another."""
    while _servers:
        _servers.pop().stop()


def warm_up() -> None:
    """Start the forking process now, so that it is ready when the first file is stored."""
    with _lock:
        _server()


def run(
    address: str, argument: object, *, folder: Path, readable: tuple[Path, ...] = (),
    modules: tuple[str, ...] = (), limits: Limits | None = None,
) -> Finished:  # fmt: skip
    """Call `module:function` with one picklable argument in a limited child; it returns JSON.

    The child may read `readable` and our own code, and write into `folder`. modules: what the
    server loads beforehand, once. Raises FileRefused: what the function refuses, or reader_crashed,
    reader_timed_out, reader_out_of_memory, output_too_large. WarehouseErrors pass through.
    """
    limits = limits or Limits.from_environment()
    job = pickle.dumps(
        {
            "address": address, "argument": argument, "folder": str(folder),
            "readable": [str(path) for path in readable], "limits": limits.resources(),
        }
    )  # fmt: skip
    module = address.partition(":")[0]
    message = {"modules": [module, *modules], "wall_seconds": limits.wall_seconds}
    told = folder / RESULT_FILE
    told.unlink(missing_ok=True)
    with _lock:
        try:
            report = _server().call(message, job)
        except BaseException:
            stop()  # an interrupted call leaves a reply on the wire, or a child at work
            raise
        if report is None:
            stop()
    if report is None:
        raise FileRefused("reader_crashed", "the process that reads deliveries was killed")
    _check_end(report, limits)
    document = _read_result(told)
    if "failed" in document or report["status"]:
        raise _failure(document, limits, folder)
    return _finished(document, report)


def network_isolation() -> str:
    """What keeps a reader from the network on this machine, found by starting one."""
    return _probe().get("network") or "none"


def file_isolation() -> str:
    """What keeps a reader from other files on this machine, found by starting one."""
    return _probe().get("files") or "none"


def _probe() -> Mapping[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        return run("ingest.sandbox.child:nothing", None, folder=Path(folder)).confined


def nothing(_: object) -> dict[str, Any]:
    """The job of a probe."""
    return {}


def _check_end(report: Mapping[str, Any], limits: Limits) -> None:
    if report["timed_out"]:
        raise FileRefused("reader_timed_out", f"no result after {limits.wall_seconds} seconds")
    number = os.WTERMSIG(report["status"]) if os.WIFSIGNALED(report["status"]) else 0
    if number == signal.SIGXCPU:
        raise FileRefused(
            "reader_timed_out", f"more than {limits.cpu_seconds} seconds of processor time"
        )
    if number:
        raise FileRefused(
            "reader_crashed", f"the reader was ended by {signal.Signals(number).name}"
        )


def _read_result(path: Path) -> dict[str, Any]:
    """What the child wrote. It may be anything: a child that was taken over writes it too."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as stream:
            document = json.loads(stream.read(_RESULT_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise FileRefused("reader_crashed", "the reader ended without a result") from error
    if not isinstance(document, dict):
        raise FileRefused("reader_crashed", "the reader ended without a result")
    return document


def _failure(document: Mapping[str, Any], limits: Limits, folder: Path) -> FileRefused:
    told = document.get("failed")
    if not isinstance(told, list) or len(told) != 3:
        return FileRefused("reader_crashed", "the reader ended without a result")
    kind, place, number = (str(part)[:80] for part in told)
    if kind in _OUT_OF_MEMORY:
        return FileRefused(
            "reader_out_of_memory", f"more than {limits.memory} bytes of memory were needed"
        )
    if number == str(errno.ENOSPC):
        raise WarehouseError(
            "the disk is full while a delivery is read",
            where=str(folder),
            remedy="make room and deliver the file again; nothing was accepted",
        )
    if number == str(errno.EFBIG):
        return FileRefused("output_too_large", f"a file of more than {limits.output} bytes")
    return FileRefused("reader_crashed", f"the reader stopped with {kind} at {place or 'unknown'}")


def _finished(document: Mapping[str, Any], report: Mapping[str, Any]) -> Finished:
    refused, error = document.get("refused"), document.get("error")
    if isinstance(refused, list) and len(refused) == 2:
        code, detail = str(refused[0]), str(refused[1])
        raise FileRefused(
            code if _CODE.fullmatch(code) else "reader_crashed", detail[:_DETAIL_CHARACTERS]
        )
    if isinstance(error, list) and len(error) == 3:
        what, where, remedy = (str(part)[:_DETAIL_CHARACTERS] for part in error)
        raise WarehouseError(what, where=where, remedy=remedy)
    result = document.get("result")
    if not isinstance(result, dict):
        raise FileRefused("reader_crashed", "the reader ended without a result")
    return Finished(
        result=result,
        confined=document.get("confined", {}),
        cpu_seconds=report["cpu_seconds"],
        wall_seconds=report["wall_seconds"],
        peak_bytes=report["peak_bytes"],
    )
