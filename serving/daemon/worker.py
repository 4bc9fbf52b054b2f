"""One query slot: a process that runs one SELECT at a time on one release, within hard limits.

A process, because the engine does not stop inside one scalar function (`len(range(300000000))` ran
147 s after an interrupt at 2 s) and memory of such functions is outside memory_limit: the kernel
limits this process, and the daemon kills it (docs/adr/0022).
Add here what must happen where the engine runs. Keep out: HTTP, tokens, choosing the release.
"""

import ctypes
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.current import visible_release
from serving.daemon import results, wire
from serving.plan import RELEASE_INFO
from serving.reader import one_select, open_release

_BATCH_ROWS = 2_048
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_NO_MEMORY = (duckdb.OutOfMemoryException, MemoryError)
_EXPECTED = (UsageError, duckdb.Error, OSError, pa.ArrowException, MemoryError)


class Slot:
    """The open release and the work on it."""

    def __init__(self, memory_limit: str, threads: int) -> None:
        self._memory_limit = memory_limit
        self._threads = threads
        self._open = ("", "", "")
        self._tables: set[str] = set()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def answer(self, query: wire.Query) -> wire.Answer:
        """Run one statement; every failure is an answer."""
        try:
            cursor = self._opened(query).cursor()
        except (WarehouseError, duckdb.Error, OSError, ValueError) as error:
            return wire.Answer("release_unreadable", _first_line(error))
        with cursor, _interrupted_after(cursor, query.timeout_s) as is_late:
            try:
                return self._result(cursor, query)
            except (*_EXPECTED, results.TooLarge) as error:
                return wire.Answer(*_explained(error, query, is_late()))

    def _opened(self, query: wire.Query) -> duckdb.DuckDBPyConnection:
        wanted = (query.home, query.audience, query.release_id)
        if self._connection is None or wanted != self._open:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._connection = self._checked(query)
            self._open = wanted
        return self._connection

    def _checked(self, query: wire.Query) -> duckdb.DuckDBPyConnection:
        """The release, after it has said itself that it is the one."""
        home = Home(Path(query.home))
        connection = open_release(
            home,
            visible_release(home, query.release_id),
            audience=query.audience,
            memory_limit=self._memory_limit,
            threads=self._threads,
        )
        found = connection.execute(f"select release_id from {RELEASE_INFO}").fetchall()
        if found != [(query.release_id,)]:
            connection.close()
            raise WarehouseError(
                "the file is not of the release it lies in",
                where=query.release_id,
                remedy="publish again",
            )
        tables = connection.execute("select table_name from duckdb_tables() where not internal")
        self._tables = {name for (name,) in tables.fetchall()}
        return connection

    def _result(self, cursor: duckdb.DuckDBPyConnection, query: wire.Query) -> wire.Answer:
        statement = one_select(cursor, query.sql)
        cursor.execute(statement, query.parameters or None)
        columns = tuple((str(name), str(kind)) for name, kind, *_ in cursor.description)
        batches, cut = results.limited(cursor.to_arrow_reader(_BATCH_ROWS), query)
        encode = results.arrow if query.form == "arrow" else results.json_rows
        body = encode(batches)
        if len(body) > query.max_bytes:
            raise results.TooLarge(f"the result has more than {query.max_bytes} bytes")
        return wire.Answer(
            "",
            rows=sum(batch.num_rows for batch in batches.batches),
            cut=cut,
            columns=columns,
            tables=self._named_in(cursor, query.sql),
            body=body,
        )

    def _named_in(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> tuple[str, ...]:
        try:
            named = cursor.get_table_names(sql)
        except duckdb.Error:  # it cannot look into a statement with named parameters
            return ()
        return tuple(sorted(named & self._tables))


@contextmanager
def _interrupted_after(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[Any]:
    """Interrupt the cursor when the block takes longer; yields whether that happened."""
    fired = threading.Event()

    def stop() -> None:
        fired.set()
        cursor.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield fired.is_set
    finally:
        timer.cancel()


def _explained(error: BaseException, query: wire.Query, is_late: bool) -> tuple[str, str]:
    """(code, what) of a statement that gave no result."""
    if isinstance(error, results.TooLarge):
        return "too_large", str(error)
    if isinstance(error, UsageError):
        return "refused", error.what
    # Arrow wraps what happens while rows are streamed.
    if isinstance(error, _NO_MEMORY) or "Out of Memory" in str(error):
        return "memory", "the query needs more memory than it may have"
    if is_late:
        return "timeout", f"the query was stopped after {query.timeout_s:g} s"
    return "refused", f"the query was refused: {_first_line(error)}"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def confine(memory_bytes: int) -> None:
    """From here on: no file can be written, no core is left, memory ends, death with the daemon."""
    for kind, most in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (most, most))
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def serve(requests: BinaryIO, answers: BinaryIO, slot: Slot) -> None:
    """Answer until the daemon hangs up."""
    wire.send_answer(answers, wire.Answer("", "ready"))
    while True:
        try:
            header, _ = wire.receive(requests)
        except EOFError:
            return
        wire.send_answer(answers, slot.answer(wire.Query(**header)))


def main(arguments: list[str]) -> None:
    """`python -m serving.daemon.worker MEMORY_LIMIT THREADS MEMORY_BYTES PARENT`."""
    memory_limit, threads, memory_bytes, parent = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-c is the daemon's to handle
    # What a library prints must not get between the messages.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(int(memory_bytes))
    if os.getppid() != int(parent):
        return  # it died before this process could tie itself to it
    serve(sys.stdin.buffer, answers, Slot(memory_limit, int(threads)))


if __name__ == "__main__":
    main(sys.argv[1:])
