"""One line of JSON for every request: who, what, how long, how much; never the text of a query.

A statement may hold personal values, so the tables it named stand for it, and an identifier under
a key that dies with the process: the same statement can be recognised, and none can be guessed.
Add here a fact about a request that an operator needs. Keep out: SQL, parameters, results, tokens.
"""

import datetime as dt
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass
from typing import Any, TextIO

_KEY = secrets.token_bytes(32)


@dataclass
class Note:
    """What is known about a request so far; handlers fill it in."""

    audience: str | None = None
    label: str | None = None
    release_id: str | None = None
    code: str = ""
    statement: str | None = None
    tables: tuple[str, ...] = ()
    rows: int | None = None

    def of_statement(self, sql: str) -> None:
        """Remember which statement it was, not what it said."""
        self.statement = hashlib.blake2b(sql.encode(), key=_KEY, digest_size=8).hexdigest()


class AccessLog:
    """Writes lines to a stream, one at a time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, note: Note, *, path: str, method: str, status: int, **measured: Any) -> None:
        """Add a line. measured: duration_ms, bytes."""
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"at": at, "method": method, "path": path, "status": status}
        text = json.dumps({**line, **measured, **vars(note)}, ensure_ascii=True)
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()
