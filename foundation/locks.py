"""Advisory locks on files (flock): released by the kernel when a process dies, never stale.

Add here when a second kind of exclusive work appears. Keep out: waiting policies of callers.
"""

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation.errors import WarehouseBusy


@contextmanager
def exclusive(path: Path, purpose: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock file `path` for the block.

    Raises WarehouseBusy, naming the holder, when another process has it and `wait` is false.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise WarehouseBusy(
                f"the warehouse is busy: {holder(path) or 'another process holds it'}",
                where=str(path),
                remedy="wait until that command has ended, then run this one again",
            ) from None
        os.ftruncate(descriptor, 0)
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        note = {"pid": os.getpid(), "purpose": purpose, "since": since}
        os.pwrite(descriptor, json.dumps(note).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold the lock file `path` together with others who share it; waits for an exclusive holder.

    It names nobody: who wants the lock for himself alone learns only that it is not free.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> str | None:
    """Who holds the lock ("pid 12: run 7, since 2026-11-27T06:00:00Z"), or None when it is free."""
    if not path.exists():
        return None
    with path.open("r+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = stream.read().strip()
            if not text:
                return "a process that has not named itself"
            note = json.loads(text)
            return f"pid {note['pid']}: {note['purpose']}, since {note['since']}"
        return None
