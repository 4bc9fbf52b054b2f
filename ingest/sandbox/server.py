"""The process that forks one limited child per job: `python -m ingest.sandbox.server <socket>`.

Started by child.py with an empty environment, moved out of the network at once, it keeps the
modules of earlier jobs loaded, so that a child costs a fork and not an interpreter. It never opens
a job: only the child does, once it is confined, and only the child sees the key.
Add here a step between fork and call. Keep out: what a job does (worker.py), the parent's view of
an ended child (child.py).
"""

import errno
import gc
import importlib
import json
import os
import pickle
import resource
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from foundation.errors import WarehouseError
from ingest.outcomes import FileRefused
from ingest.sandbox import confinement

RESULT_FILE = "result.json"
MESSAGE_BYTES = 65_536
PACKAGES = ("foundation", "ingest")
# What the interpreter, its libraries and DuckDB read besides modules: names of devices and sizes.
_SYSTEM_FILES = (
    "/proc/self/cgroup", "/proc/self/statm", "/proc/meminfo", "/proc/stat", "/proc/cpuinfo",
    "/sys/fs/cgroup", "/sys/devices/system/cpu", "/etc/localtime", "/usr/share/zoneinfo",
    "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom", "/dev/null",
)  # fmt: skip
_SECONDS_AFTER_LIMIT = 5  # between the signal that names the limit and the one nobody survives


def main(descriptor: int) -> None:
    """Serve jobs from the socket until the other side is gone."""
    namespace = confinement.leave_network()
    confinement.no_new_privileges()
    with socket.socket(fileno=descriptor) as control:
        _send(control, {"network_namespace": namespace})
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # from here on nothing reaches a log
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 1)
            if not message:
                return
            job = json.loads(message)
            for module in job["modules"]:
                _preload(module)
            gc.collect()
            gc.freeze()  # the children share these pages as long as nobody counts in them
            child = os.fork()
            if not child:
                control.detach()
                os.close(descriptor)
                _child(descriptors[0], namespace)
            os.close(descriptors[0])
            _send(control, _ended(child, job["wall_seconds"], control))


def _send(control: socket.socket, document: Mapping[str, Any]) -> None:
    control.sendall(json.dumps(document).encode() + b"\n")


def _preload(name: str) -> None:
    """Import a module once; its `prepare`, if it has one, loads what its functions need."""
    if name in sys.modules:
        return
    try:
        module = importlib.import_module(name)
    except ImportError:
        return  # the child meets it again and its parent hears of it
    prepare = getattr(module, "prepare", None)
    if prepare is not None:
        prepare()


def _ended(child: int, wall_seconds: float, control: socket.socket) -> dict[str, Any]:
    """Wait for the child, at most so long; also give up when nobody waits for us any more."""
    handle = os.pidfd_open(child)
    started = time.monotonic()
    try:
        ready, _, _ = select.select([handle, control], [], [], wall_seconds)
    finally:
        os.close(handle)
    if not ready or control in ready:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    return {
        "status": status,
        "timed_out": not ready,
        "wall_seconds": time.monotonic() - started,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }


def _child(descriptor: int, namespace: bool) -> None:
    """Run one job; this process ends here, whatever happens."""
    confinement.die_with_parent()
    folder, status = None, 1
    try:
        with open(descriptor, "rb") as stream:
            job = pickle.load(stream)  # made by our own parent, never by a sender
        folder = Path(job["folder"])
        function = _function(job["address"])
        confined = _confine(job, namespace)
        document = _outcome(function, job["argument"], confined)
        (folder / RESULT_FILE).write_text(json.dumps(document), encoding="utf-8")
        status = 0
    finally:
        # Not a handler: whatever was raised is described without its text and the process ends,
        # so no exception can carry a row of the file, or this fork, back into the server.
        error = sys.exc_info()[1]
        if error is not None and folder is not None:
            os.write(
                os.open(folder / RESULT_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                json.dumps({"failed": describe(error)}).encode(),
            )
        os._exit(status)


def _function(address: str) -> Callable[[Any], Mapping[str, Any]]:
    module, name = address.split(":")
    function: Callable[[Any], Mapping[str, Any]] = getattr(importlib.import_module(module), name)
    return function


def _confine(job: Mapping[str, Any], namespace: bool) -> dict[str, str]:
    """Take everything away that the job does not need; says what the kernel agreed to."""
    os.umask(0o077)
    for name, value in job["limits"]:
        _limit(name, value)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a full output is an error with a name
    libraries = [Path(name) for name in {sys.prefix, sys.base_prefix, sys.exec_prefix}]
    ours = [Path(__file__).resolve().parents[2] / name for name in PACKAGES]
    has_files = confinement.restrict_files(
        [
            *(folder / "lib" for folder in libraries),
            *ours,
            *map(Path, _SYSTEM_FILES),
            *map(Path, job["readable"]),
        ],
        [Path(job["folder"])],
    )
    has_filter = confinement.forbid_calls()
    if not has_filter:
        confinement.forbid_sockets_in_python()
    layers = [text for holds, text in (
        (namespace, "empty network namespace"),
        (has_filter, "system call filter"),
        (not has_filter, "Python audit hook"),
    ) if holds]  # fmt: skip
    return {"network": " and ".join(layers), "files": "Landlock" if has_files else "none"}


def _limit(name: str, value: int) -> None:
    """Set one resource limit, or the lower one that holds already."""
    later = _SECONDS_AFTER_LIMIT if name == "RLIMIT_CPU" else 0
    if name == "RLIMIT_AS":  # the limit counts from what the interpreter has mapped already
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        value += pages * resource.getpagesize()
    kind = getattr(resource, name)
    most = resource.getrlimit(kind)[1]
    if most == resource.RLIM_INFINITY:
        most = value + later
    resource.setrlimit(kind, (min(value, most), min(value + later, most)))


def _outcome(
    function: Callable[[Any], Mapping[str, Any]], argument: Any, confined: Mapping[str, str]
) -> dict[str, Any]:
    try:
        return {"result": function(argument), "confined": confined}
    except FileRefused as refusal:
        return {"refused": [refusal.reason_code, refusal.detail]}
    except WarehouseError as error:
        return {"error": [error.what, error.where, error.remedy]}


def describe(error: BaseException) -> list[str]:
    """[type, place in our own code, errno] of an exception: never its text, which may quote a row.

    Libraries state the system's reason for a failed write only as text: it is looked for there.
    """
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        parts = Path(frame.filename).parts
        if "ingest" in parts and parts[-2:] != ("sandbox", "server.py"):
            place = f"{'/'.join(parts[parts.index('ingest') :])}:{frame.lineno}"
    number = getattr(error, "errno", None)
    for known in (errno.EFBIG, errno.ENOSPC):
        if number is None and os.strerror(known) in str(error):
            number = known
    return [type(error).__name__, place, "" if number is None else str(number)]


if __name__ == "__main__":
    main(int(sys.argv[1]))
