"""Publishing under readers, dying processes, busy slots, stopping: what a query can count on.

Own homes and daemons: these tests publish and kill.
"""

import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from foundation.errors import UsageError
from foundation.home import Home
from serving.current import current_id
from serving.daemon.pool import Asked, Pool
from serving.daemon.server import is_loopback, serve
from serving.daemon.settings import DaemonSettings
from serving.history import read_listing, valid_files
from serving.release import retain
from tests.support.daemon import Daemon, running
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, PLAN, publish_work

pytestmark = pytest.mark.slow

PUBLISHES = 3
READERS = 3
SETTINGS = DaemonSettings(workers=1, threads=1, memory_limit="256MB", timeout_s=5, queue_s=0.05)
# One number in three tables and the release's own name: all from one release, or mixed.
CONSISTENT = """
select (select release_id from quality.release_info),
       (select max(value_vnd)::int from core.fct_consignments),
       (select max(vat_due_vnd)::int from core.fct_tax_assessments),
       (select max(score_points)::int from risk.fct_risk_scores)
"""


def publish(home: Home, number: int) -> str:
    return publish_work(
        home,
        [
            f"update core.fct_consignments set value_vnd = {number}",
            f"update core.fct_tax_assessments set vat_due_vnd = {number}",
            f"update risk.fct_risk_scores set score_points = {number}",
        ],
        days=[OLD_DAY, DAY, NEXT_DAY],
    )


def vanished(processes: list[int]) -> bool:
    """Whether all of them end within a time that no healthy machine needs."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if not any(Path(f"/proc/{pid}").exists() for pid in processes):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    publish(made, 1)
    return made


@pytest.fixture
def pool(home: Home) -> Iterator[Pool]:
    made = Pool(home, "customs", SETTINGS)
    yield made
    made.stop()


def ask(pool: Pool, sql: str) -> tuple[str | None, str, bytes]:
    release_id, answer = pool.run(Asked(sql, [], None, "json"))
    return release_id, answer.code, answer.body


def test_readers_are_never_in_the_way_and_never_see_two_releases(
    home: Home, tmp_path: Path
) -> None:
    seen: list[tuple[int, str, list[object]]] = []
    is_over = threading.Event()

    def read(daemon: Daemon) -> None:
        with daemon.client() as client:
            while not is_over.is_set():
                answer = client.post("/v1/query", json={"sql": CONSISTENT})
                document = answer.json()
                seen.append((answer.status_code, document["release_id"], document.get("rows")))

    with running(home, tmp_path / "log", {"MEMORY_LIMIT": "256MB"}) as daemon:
        readers = [threading.Thread(target=read, args=(daemon,)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        names = [current_id(home)]
        try:
            for number in range(2, 2 + PUBLISHES):
                names.append(publish(home, number))
                retain(home, 3)
                first = daemon.query(CONSISTENT).json()
                assert first["release_id"] == names[-1], "a query after a publication reads it"
                assert first["rows"] == [[names[-1], number, number, number]]
        finally:
            is_over.set()
            for reader in readers:
                reader.join(60)
    assert len(seen) > READERS
    assert [status for status, _, _ in seen if status != 200] == []
    values = {name: number for number, name in enumerate(names, start=1)}
    mixed = [
        (name, rows)
        for _, name, rows in seen
        if rows != [[name, values[name], values[name], values[name]]]
    ]
    assert mixed == []


def test_a_busy_pool_says_so_and_serves_again(pool: Pool) -> None:
    worker = pool._free.get()
    assert ask(pool, "select 1") == (None, "busy", b"")
    pool._free.put(worker)
    assert ask(pool, "select 1")[1:] == ("", b"[[1]]")


def test_a_process_that_was_killed_while_it_waited_is_replaced(pool: Pool) -> None:
    (worker,) = pool.workers
    before = worker.process_id
    os.kill(before, signal.SIGKILL)
    worker._process.wait()
    assert ask(pool, "select 1")[1:] == ("", b"[[1]]")
    assert worker.process_id != before


def test_a_release_that_is_damaged_or_gone_is_not_read(home: Home, pool: Pool) -> None:
    first = current_id(home)
    second = publish(home, 2)
    assert first is not None
    folders = home.releases / first, home.releases / second
    # The file of the first release under the name of the second.
    folders[1].rename(folders[1].with_name("set-aside"))
    folders[0].rename(folders[1])
    assert ask(pool, "select 1")[:2] == (second, "release_unreadable")
    (home.releases / "set-aside").rename(folders[0])
    database = folders[1] / "customs" / "warehouse.duckdb"
    database.chmod(0o640)
    database.write_bytes(b"x" * 5000)
    assert ask(pool, "select 1")[:2] == (second, "release_unreadable")
    (home.releases / "current").unlink()
    assert ask(pool, "select 1")[:2] == (None, "nothing_published")
    (home.releases / "current").symlink_to(first)
    assert ask(pool, CONSISTENT)[1] == "release_unreadable", "it holds the second release"
    publish_again = [path for path in home.releases.iterdir() if path.is_dir()]
    assert publish_again


def test_rows_that_the_file_does_not_hold_are_read_and_nothing_beside_them(tmp_path: Path) -> None:
    """The file holds no day of detail; P-OLD, P-1 and P-2 lie in Parquet, one file a day."""
    home = Home(tmp_path / "home")
    publish_work(home, days=[DAY], plan=replace(PLAN, detail_rows=0))
    publish_work(home, days=[OLD_DAY, DAY, NEXT_DAY], plan=replace(PLAN, detail_rows=0))
    pool = Pool(home, "customs", SETTINGS)
    try:
        release_id, code, body = ask(pool, "select count(*) from core.fct_consignments")
        assert (release_id, code, body) == (current_id(home), "", b"[[3]]")
        listing = read_listing(home.releases / str(release_id))
        file, *_ = valid_files(home.history, listing, "core.fct_consignments")
        assert ask(pool, f"select count(*) from read_parquet('{file}')")[1] == "", "own rows"
        beside = file.with_name("beside.parquet")
        shutil.copyfile(file, beside)
        for reading in (
            f"select count(*) from read_parquet('{beside}')",
            f"select * from glob('{home.history}/**')",
            f"select * from read_blob('{home.releases}/{release_id}/ministry/warehouse.duckdb')",
            f"select * from read_text('{home.releases}/{release_id}/manifest.json')",
        ):
            assert ask(pool, reading)[1] == "refused", reading
        assert ask(pool, f"copy (select 1) to '{beside}'")[1] == "refused"
    finally:
        pool.stop()


def test_the_processes_die_with_a_daemon_that_was_killed(home: Home, tmp_path: Path) -> None:
    with running(home, tmp_path / "log", {"MEMORY_LIMIT": "256MB", "TIMEOUT_S": 50}) as daemon:
        assert daemon.value("select 1") == 1
        workers = daemon.workers()
        assert len(workers) == 4, "two for each audience"
        endless = threading.Thread(target=_ignoring, args=(daemon,), daemon=True)
        endless.start()
        daemon.process.kill()
        daemon.process.wait()
        assert vanished(workers)
        endless.join(60)


def _ignoring(daemon: Daemon) -> None:
    with contextlib.suppress(httpx.TransportError):  # it is killed meanwhile, as it should be
        daemon.query("select count(*) from range(100000000000)")


def test_a_stop_lets_a_running_query_end(home: Home, tmp_path: Path) -> None:
    answers = []
    with running(home, tmp_path / "log", {"MEMORY_LIMIT": "256MB", "TIMEOUT_S": 3}) as daemon:
        slow = threading.Thread(
            target=lambda: answers.append(daemon.query("select count(*) from range(10000000000)"))
        )
        slow.start()
        workers = daemon.workers()
        idle = cpu_ticks(workers)
        while cpu_ticks(workers) < idle + 20:  # 0.2 s of work: it is running
            time.sleep(0.05)
        daemon.process.send_signal(signal.SIGTERM)
        slow.join(60)
        daemon.process.wait(60)
        assert vanished(workers)
    assert answers[0].status_code in (200, 408), "answered, not cut off"


def cpu_ticks(processes: list[int]) -> int:
    """CPU time that these processes used so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in processes]
    return sum(int(field[11]) + int(field[12]) for field in fields)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.invalid"])
def test_without_tls_only_this_machine_is_listened_to(
    home: Home, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("IMPORT_RISK_SERVE_TOKEN_CUSTOMS", "x" * 40)
    with pytest.raises(UsageError, match="loopback only"):
        serve(home, replace(SETTINGS, host=host))


def test_loopback_is_recognised() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.9.1", "::1", "localhost")))


def test_without_a_token_nothing_starts(home: Home) -> None:
    with pytest.raises(UsageError, match="no token"):
        serve(home, SETTINGS)
