"""Readers that go wrong in one way each, run by the sandbox in place of a real one (row 40).

Add here another way to go wrong. Keep out: assertions (test_40_hostile_readers.py).
"""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import duckdb

from contracts.base import Contract
from ingest.outcomes import ReadOutcome
from ingest.readers import delimited
from ingest.readers.base import scratch_folder
from ingest.senders.profile import Layout

Arguments = tuple[duckdb.DuckDBPyConnection, Path, Contract, Layout]


def good(*arguments: *Arguments) -> ReadOutcome:
    """The negative control: the same way in, an honest reader."""
    return delimited.read(*arguments)


def segmentation_fault(*_: *Arguments) -> ReadOutcome:
    ctypes.string_at(0)
    raise AssertionError("unreachable")


def abort(*_: *Arguments) -> ReadOutcome:
    os.abort()


def killed(*_: *Arguments) -> ReadOutcome:
    signal.raise_signal(signal.SIGKILL)
    raise AssertionError("unreachable")


def leaves_quietly(*_: *Arguments) -> ReadOutcome:
    os._exit(0)


def raises_with_a_secret(*_: *Arguments) -> ReadOutcome:
    raise ValueError("the row was: Canaryname, 0977000111")


def memory_hog(*_: *Arguments) -> ReadOutcome:
    held = [bytes(64 << 20) for _ in range(1_000)]
    raise AssertionError(len(held))


def database_memory_hog(connection: duckdb.DuckDBPyConnection, *_: object) -> ReadOutcome:
    connection.execute("select list(i::varchar) from range(100_000_000) t(i)").fetchall()
    raise AssertionError("unreachable")


def endless_loop(*_: *Arguments) -> ReadOutcome:
    while True:
        pass


def endless_wait(*_: *Arguments) -> ReadOutcome:
    signal.pause()
    raise AssertionError("unreachable")


def output_bomb(connection: duckdb.DuckDBPyConnection, *_: object) -> ReadOutcome:
    with (scratch_folder(connection) / "bomb").open("wb") as sink:
        while True:
            sink.write(bytes(1 << 20))


def network(*arguments: *Arguments) -> ReadOutcome:
    """Reaches for the network in every way it knows; reads on only when all of them fail."""
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family)
        except OSError:
            continue
        raise AssertionError("a socket was given")
    for target in ("https://example.invalid/x.csv", "s3://bucket/x.csv"):
        try:
            arguments[0].execute(f"select * from read_csv('{target}')")
        except duckdb.Error:
            continue
        raise AssertionError("a remote file was read")
    return good(*arguments)


def other_files(*arguments: *Arguments) -> ReadOutcome:
    """Reads, writes and attaches what is not its own; reads on only when all of it fails."""
    for path in ("/etc/passwd", __file__, "/proc/1/environ"):
        try:
            Path(path).read_bytes()
        except OSError:
            continue
        raise AssertionError("a foreign file was opened")
    for statement in (
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "copy (select 1) to '/tmp/stolen.csv'",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "reset lock_configuration",
    ):
        try:
            arguments[0].execute(statement)
        except duckdb.Error:
            continue
        raise AssertionError(statement)
    try:
        arguments[1].write_bytes(b"changed")
    except OSError:
        return good(*arguments)
    raise AssertionError("the stored input was changed")


def other_programs(*arguments: *Arguments) -> ReadOutcome:
    for attempt in (
        lambda: subprocess.run([sys.executable, "-c", ""], check=False),
        os.fork,
        lambda: os.kill(os.getppid(), 0),
        lambda: os.execv(sys.executable, [sys.executable]),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise AssertionError("another process was reached")
    return good(*arguments)


def environment(*arguments: *Arguments) -> ReadOutcome:
    """Fails when a setting of the parent, above all the key, reached the child."""
    found = [name for name in os.environ if name.startswith("IMPORT_RISK")]
    assert not found, found
    return good(*arguments)


def link_instead_of_rows(connection: duckdb.DuckDBPyConnection, *_: object) -> ReadOutcome:
    """A child that was taken over wants its parent to publish, or change, another file."""
    folder = scratch_folder(connection).parent
    forged = {"rows_in": 1, "accepted": 1, "quarantined": 0, "duplicates": 0, "encoding": None,
              "day_min": "2026-11-21", "day_max": "2026-11-21", "warnings": []}  # fmt: skip
    (folder / "result.json").write_text(json.dumps({"result": forged}))
    with contextlib.suppress(OSError):
        (folder / "accepted.parquet").symlink_to("/etc/passwd")
    os._exit(0)


def forged_counts(connection: duckdb.DuckDBPyConnection, *_: object) -> ReadOutcome:
    """A child that was taken over tells nonsense instead of returning."""
    told = scratch_folder(connection).parent / "result.json"
    told.write_text('{"result": {"rows_in": 5, "accepted": -1, "quarantined": 3, "duplicates": 3,'
                    '"day_min": null, "day_max": null, "warnings": []}}')  # fmt: skip
    os._exit(0)
