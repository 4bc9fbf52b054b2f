"""The query slots of one audience: worker processes, each with one query at a time.

Add here what concerns the life of a worker. Keep out: what it does (worker.py) and HTTP (app.py).

Which release a query reads is decided when its slot is free and stays so to its end; a worker opens
another release by itself when the next query names it. So no release is ever drained or mixed.
"""

import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.current import current_id
from serving.daemon import wire
from serving.daemon.settings import DaemonSettings

_PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent
_WAITING_PER_WORKER = 4


@dataclass(frozen=True)
class Asked:
    """A statement before it is known which release it will read."""

    sql: str
    parameters: list[Any] | dict[str, Any]
    limit_rows: int | None
    form: wire.Form


class Worker:
    """One process; used by one thread at a time."""

    def __init__(self, settings: DaemonSettings) -> None:
        self._settings = settings
        self._process = self._started()
        self._is_ready = False

    def _started(self) -> "subprocess.Popen[bytes]":
        known = (str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH"))
        # Nothing of the daemon's environment goes along: tokens and keys stay with the daemon.
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, known)), "LC_ALL": "C.UTF-8"}
        return subprocess.Popen(
            [
                sys.executable, "-P", "-m", "serving.daemon.worker",
                self._settings.memory_limit, str(self._settings.threads),
                str(self._settings.memory_bytes), str(os.getpid()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd="/",
        )  # fmt: skip

    def wait_until_ready(self) -> None:
        """WarehouseError when the process does not start."""
        if self._is_ready:
            return
        try:
            wire.receive_answer(self._out)
        except EOFError as error:
            raise WarehouseError(
                "a query process does not start",
                where="serving.daemon.worker",
                remedy="read what it wrote to the standard error of the daemon",
            ) from error
        self._is_ready = True

    @property
    def _out(self) -> Any:
        return self._process.stdout

    def run(self, query: wire.Query) -> wire.Answer:
        """The answer to a statement; the process is killed when it overruns, and started anew."""
        killed = threading.Event()

        def kill() -> None:
            killed.set()
            self._process.kill()

        if self._process.poll() is not None:  # it died while it had nothing to do
            self._start_anew()
        self.wait_until_ready()
        timer = threading.Timer(query.timeout_s + self._settings.grace_s, kill)
        timer.daemon = True
        timer.start()
        try:
            wire.send_query(self._process.stdin, query)  # type: ignore[arg-type]
            return wire.receive_answer(self._out)
        except (EOFError, OSError):
            self._start_anew()
            if killed.is_set():
                return wire.Answer("timeout", f"the query was stopped after {query.timeout_s:g} s")
            return wire.Answer("memory", "the query ended its process: most likely out of memory")
        finally:
            timer.cancel()

    def _start_anew(self) -> None:
        self.stop()
        self._process, self._is_ready = self._started(), False

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                stream.close()  # type: ignore[union-attr]
            except OSError:
                continue  # what was not yet written goes nowhere

    @property
    def process_id(self) -> int:
        """Of the process that runs now."""
        return self._process.pid


class Pool:
    """The slots of one audience."""

    def __init__(self, home: Home, audience: str, settings: DaemonSettings) -> None:
        self._home = home
        self.audience = audience
        self._settings = settings
        self.workers = [Worker(settings) for _ in range(settings.workers)]
        self._free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._waiting = threading.Semaphore(settings.workers * (1 + _WAITING_PER_WORKER))
        for worker in self.workers:
            worker.wait_until_ready()
            self._free.put(worker)

    def run(self, asked: Asked) -> tuple[str | None, wire.Answer]:
        """(release id, answer); blocks the calling thread, at most for queue, timeout and grace."""
        if not self._waiting.acquire(blocking=False):
            return None, _busy()
        try:
            worker = self._free.get(timeout=self._settings.queue_s)
        except queue.Empty:
            return None, _busy()
        else:
            try:
                return self._on_current(worker, asked)
            finally:
                self._free.put(worker)
        finally:
            self._waiting.release()

    def _on_current(self, worker: Worker, asked: Asked) -> tuple[str | None, wire.Answer]:
        release_id = current_id(self._home)
        while release_id is not None:
            answer = worker.run(
                wire.Query(
                    home=str(self._home.root),
                    audience=self.audience,
                    release_id=release_id,
                    sql=asked.sql,
                    parameters=asked.parameters,
                    limit_rows=asked.limit_rows,
                    form=asked.form,
                    max_rows=self._settings.max_rows,
                    max_bytes=self._settings.max_result_bytes,
                    timeout_s=self._settings.timeout_s,
                )
            )
            newer = current_id(self._home)
            if answer.code != "release_unreadable" or newer == release_id:
                return release_id, answer
            release_id = newer  # it was published and removed between the look and the opening
        return None, wire.Answer("nothing_published", "nothing has been published here yet")

    def stop(self) -> None:
        """End all processes."""
        for worker in self.workers:
            worker.stop()


def _busy() -> wire.Answer:
    return wire.Answer("busy", "every query slot of this audience is taken")
