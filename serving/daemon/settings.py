"""What a site may set about the daemon, read once from the environment.

Add here a limit of the daemon. Keep out: tokens (tokens.py), paths (foundation.home) and what is
the same everywhere (the hardening of reader.py).
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from foundation.errors import UsageError

_MEMORY = re.compile(r"([1-9]\d*)(MB|GB)")
_BYTES = {"MB": 10**6, "GB": 10**9}


@dataclass(frozen=True)
class DaemonSettings:
    """Limits of one daemon.

    workers: queries at a time, per audience; each is a process. threads, memory_limit: of one
    worker's engine; memory_headroom_bytes: what the process may use beyond it. timeout_s: for one
    statement; grace_s: after it the process is killed. queue_s: how long a query waits for a free
    worker. max_rows, max_result_bytes: of one result; max_request_bytes: of one request body.
    """

    host: str = "127.0.0.1"
    port: int = 8642
    workers: int = 2
    threads: int = 2
    memory_limit: str = "1GB"
    memory_headroom_bytes: int = 768 * 10**6
    timeout_s: float = 30.0
    grace_s: float = 2.0
    queue_s: float = 5.0
    max_rows: int = 100_000
    max_result_bytes: int = 64 * 10**6
    max_request_bytes: int = 256 * 1024

    @property
    def memory_bytes(self) -> int:
        """The hard limit of a worker's memory, kept by the kernel."""
        number, unit = _memory(self.memory_limit)
        return number * _BYTES[unit] + self.memory_headroom_bytes

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "DaemonSettings":
        """Read IMPORT_RISK_SERVE_*; a malformed one raises UsageError."""
        given = os.environ if environment is None else environment
        memory = given.get("IMPORT_RISK_SERVE_MEMORY_LIMIT", cls.memory_limit)
        _memory(memory)
        return cls(
            host=given.get("IMPORT_RISK_SERVE_HOST", cls.host),
            port=_whole(given, "IMPORT_RISK_SERVE_PORT", cls.port),
            workers=_whole(given, "IMPORT_RISK_SERVE_WORKERS", cls.workers),
            threads=_whole(given, "IMPORT_RISK_SERVE_THREADS", cls.threads),
            memory_limit=memory,
            timeout_s=_whole(given, "IMPORT_RISK_SERVE_TIMEOUT_S", int(cls.timeout_s)),
            queue_s=_whole(given, "IMPORT_RISK_SERVE_QUEUE_S", int(cls.queue_s)),
            max_rows=_whole(given, "IMPORT_RISK_SERVE_MAX_ROWS", cls.max_rows),
            max_result_bytes=_whole(
                given, "IMPORT_RISK_SERVE_MAX_RESULT_BYTES", cls.max_result_bytes
            ),
            max_request_bytes=_whole(
                given, "IMPORT_RISK_SERVE_MAX_REQUEST_BYTES", cls.max_request_bytes
            ),
        )


def _whole(given: Mapping[str, str], variable: str, default: int) -> int:
    text = given.get(variable, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageError(
            f"{variable} must be a whole number of at least 1, not {text!r}",
            where="environment",
            remedy=f"unset {variable} or set it to a number such as {default}",
        )
    return int(text)


def _memory(text: str) -> tuple[int, str]:
    matched = _MEMORY.fullmatch(text)
    if matched is None:
        raise UsageError(
            f"IMPORT_RISK_SERVE_MEMORY_LIMIT must be such as 512MB or 2GB, not {text!r}",
            where="environment",
            remedy="unset it, or give a whole number and MB or GB",
        )
    return int(matched[1]), matched[2]
