"""Jobs for test_sandbox.py: small functions that the limited child runs.

Add here a job that no fault test needs. Keep out: hostile readers (tests/faults/bad_readers.py).
"""

import os
import time
from pathlib import Path
from typing import Any

from foundation.errors import WarehouseError
from ingest.outcomes import FileRefused


def echo(argument: Any) -> dict[str, Any]:
    return {"said": argument, "pid": os.getpid(), "parent": os.getppid()}


def refuse(argument: str) -> dict[str, Any]:
    raise FileRefused(argument, "why")


def fail(_: object) -> dict[str, Any]:
    raise WarehouseError("what", where="where", remedy="remedy")


def read(path: str) -> dict[str, Any]:
    return {"text": Path(path).read_text()}


def no_json(_: object) -> dict[str, Any]:
    return {"set": {1, 2}}


def sleep_and_tell(folder: str) -> dict[str, Any]:
    (Path(folder) / "pids").write_text(f"{os.getpid()} {os.getppid()}")
    time.sleep(60)
    return {}


def disk_full(_: object) -> dict[str, Any]:
    raise OSError(28, "No space left on device")
