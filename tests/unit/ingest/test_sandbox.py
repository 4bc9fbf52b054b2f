"""The sandbox: results, refusals, limits, and processes that never outlive their parent.

What a hostile reader cannot do is shown by tests/faults/test_40_hostile_readers.py.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from foundation.errors import UsageError, WarehouseError
from ingest.outcomes import FileRefused
from ingest.sandbox import child
from ingest.sandbox.child import Limits

JOBS = "tests.unit.ingest.sandbox_jobs"


def run(folder: Path, job: str, argument: object = None, **options) -> dict:
    return dict(child.run(f"{JOBS}:{job}", argument, folder=folder, **options).result)


def test_a_child_returns_what_its_function_returns(tmp_path: Path) -> None:
    first, second = run(tmp_path, "echo", ["số", 1]), run(tmp_path, "echo", None)
    assert first["said"] == ["số", 1]
    assert first["pid"] != second["pid"], "one child per job"
    assert first["parent"] == second["parent"] != os.getpid(), "one forking process for all"


def test_refusals_and_errors_pass_through(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="some_code: why"):
        run(tmp_path, "refuse", "some_code")
    with pytest.raises(FileRefused, match="reader_crashed: why"):
        run(tmp_path, "refuse", "No Code; rm -rf")
    with pytest.raises(WarehouseError, match=r"what \| where: where \| what to do: remedy"):
        run(tmp_path, "fail")
    with pytest.raises(FileRefused, match="TypeError"):
        run(tmp_path, "no_json")
    with pytest.raises(FileRefused, match="AttributeError"):
        run(tmp_path, "there_is_no_such_function")


def test_a_full_disk_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="disk is full"):
        run(tmp_path, "disk_full")


def test_only_what_is_named_can_be_read(tmp_path: Path) -> None:
    folder, own, other = tmp_path / "work", tmp_path / "own", tmp_path / "other"
    folder.mkdir()
    own.write_text("mine")
    other.write_text("not mine")
    assert run(folder, "read", str(own), readable=(own,)) == {"text": "mine"}
    with pytest.raises(FileRefused, match="PermissionError"):
        run(folder, "read", str(other), readable=(own,))


def test_a_forking_process_that_was_killed_is_replaced(tmp_path: Path) -> None:
    server = run(tmp_path, "echo")["parent"]
    os.kill(server, signal.SIGKILL)
    time.sleep(0.2)
    assert run(tmp_path, "echo")["parent"] != server


def test_a_forking_process_that_is_killed_at_work_refuses_the_file(tmp_path: Path) -> None:
    def kill() -> None:
        _, server = pids_in(tmp_path)
        os.kill(server, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(FileRefused, match="reader_crashed: the process that reads"):
        run(tmp_path, "sleep_and_tell", str(tmp_path))
    killer.join()
    assert is_gone(pids_in(tmp_path)[0]), "its child must die with it"
    assert run(tmp_path, "echo", 1)["said"] == 1


def test_a_killed_parent_leaves_no_process_behind(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from ingest.sandbox import child; "
        f"child.run('{JOBS}:sleep_and_tell'"
        f", {str(tmp_path)!r}, folder=Path({str(tmp_path)!r}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    child, server = pids_in(tmp_path)
    parent.kill()
    parent.wait()
    assert is_gone(child)
    assert is_gone(server)


def pids_in(folder: Path) -> tuple[int, int]:
    """(child, forking process) as soon as the child has told them."""
    told = folder / "pids"
    for _ in range(600):
        if told.exists() and len(told.read_text().split()) == 2:
            child, server = told.read_text().split()
            return int(child), int(server)
        time.sleep(0.05)
    raise AssertionError("the child never started")


def is_gone(pid: int) -> bool:
    for _ in range(200):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_forked_parent_gets_its_own_forking_process(tmp_path: Path) -> None:
    """Dagster and test runners fork: both sides must be able to go on."""
    server = run(tmp_path, "echo")["parent"]
    child = os.fork()
    if not child:
        code = 1
        try:
            folder = tmp_path / "child"
            folder.mkdir()
            code = 0 if run(folder, "echo")["parent"] != server else 2
            child.stop()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert run(tmp_path, "echo")["parent"] == server


def test_threads_take_turns(tmp_path: Path) -> None:
    found: list[object] = []

    def work(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        found.append(run(folder, "echo", number)["said"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1_000), ("500MB", 500_000_000), ("2 GiB", 2 << 30), ("64kib", 64 << 10)],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert Limits.from_environment({"IMPORT_RISK_READER_MEMORY": text}).memory == size


@pytest.mark.parametrize("text", ["-1", "0", "1.5GB", "GB", "4 parsecs", "1e9", "٣GB"])
def test_senseless_sizes_are_usage_errors(text: str) -> None:
    with pytest.raises(UsageError, match="IMPORT_RISK_READER_OUTPUT"):
        Limits.from_environment({"IMPORT_RISK_READER_OUTPUT": text})


def test_an_empty_setting_is_none() -> None:
    assert Limits.from_environment({"IMPORT_RISK_READER_MEMORY": " "}) == Limits()


def test_without_help_of_the_kernel_python_itself_refuses() -> None:
    """The fallback, in a process of its own because it can never be taken back."""
    code = (
        "from ingest.sandbox import confinement as c; c.forbid_sockets_in_python()\n"
        "import os, socket, subprocess\n"
        "for attempt in (socket.socket, lambda: subprocess.run(['true']),"
        " lambda: os.system('true'), lambda: socket.getaddrinfo('localhost', 80)):\n"
        "    try:\n        attempt()\n"
        "    except PermissionError:\n        continue\n"
        "    raise AssertionError(attempt)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
