"""A running reader daemon: the real command in its own process, on loopback, stopped at the end.

Add here what several tests ask of a daemon. Keep out: expectations, and homes (the caller's).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from foundation.home import Home
from serving.daemon.tokens import VARIABLES

_SECRET = "0123456789abcdef" * 3
TOKENS: dict[str, str] = {name: f"{name}-token-{_SECRET}" for name in VARIABLES}
_PROJECT = Path(__file__).resolve().parents[2]
_STARTS_WITHIN_S = 60


@dataclass
class Daemon:
    """One process. log: its standard error, one JSON line a request."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def client(self, audience: str | None = "customs", **more: Any) -> httpx.Client:
        """A client with the audience's token; None sends none."""
        headers = {} if audience is None else {"Authorization": f"Bearer {TOKENS[audience]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **more)

    def query(self, sql: str, audience: str = "customs", **fields: Any) -> httpx.Response:
        """POST /v1/query."""
        if audience not in self._clients:
            self._clients[audience] = self.client(audience)
        return self._clients[audience].post("/v1/query", json={"sql": sql, **fields})

    def close(self) -> None:
        """Let go of the connections."""
        for client in self._clients.values():
            client.close()

    def value(self, sql: str, audience: str = "customs") -> Any:
        """The only value of a query that works."""
        answer = self.query(sql, audience)
        assert answer.status_code == 200, answer.text
        ((found,),) = answer.json()["rows"]
        return found

    def workers(self) -> list[int]:
        """Process ids of the query processes."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return [
            int(number)
            for children in tasks.glob("*/children")
            for number in children.read_text().split()
        ]

    def lines(self) -> list[dict[str, Any]]:
        """The access log so far."""
        text = self.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@contextmanager
def running(
    home: Home, log: Path, settings: Mapping[str, object] | None = None
) -> Iterator[Daemon]:
    """The daemon of `home`; settings: names after IMPORT_RISK_SERVE_ -> values."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "IMPORT_RISK_HOME": str(home.root),
        "IMPORT_RISK_SERVE_PORT": str(port),
        **{variable: TOKENS[audience] for audience, variable in VARIABLES.items()},
        **{f"IMPORT_RISK_SERVE_{name}": str(value) for name, value in (settings or {}).items()},
    }
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli.main", "serve"],
            env=environment,
            cwd=_PROJECT,
            stdout=sink,
            stderr=sink,
        )
    daemon = Daemon(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_it_answers(daemon)
        yield daemon
    finally:
        daemon.close()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_until_it_answers(daemon: Daemon) -> None:
    ends = time.monotonic() + _STARTS_WITHIN_S
    with httpx.Client() as client:
        while time.monotonic() < ends and daemon.process.poll() is None:
            try:
                client.get(f"{daemon.url}/v1/health")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
    raise AssertionError(f"the daemon did not start: {daemon.log.read_text()}")
