"""Dagster as an operator has it: `import-risk dagster` in a process group of its own, asked over
GraphQL.

Used by daemon_killed.py and daemon_selections.py. Add here a question that both could put. Keep
out: what must hold afterwards.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from foundation import locks
from foundation.home import Home
from runs.settings import CODE_LOCATION
from tests.faults.kills import cli, environment

PATIENCE_SECONDS = 600
# Dagster's name for the job of any choice of assets.
ANY_ASSETS = "__ASSET_JOB"

_LAUNCH = """mutation Launch($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on InvalidSubsetError { message }
  }
}"""
_BACKFILL = """mutation Backfill($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}"""
_BACKFILL_STATE = """query State($id: String!) {
  partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill { status runs { runId status } }
  }
}"""
_RUN = """query Run($id: ID!) { runOrError(runId: $id) { ... on Run {
  status eventConnection { events {
    ... on MessageEvent { message }
    ... on ErrorEvent { error { message errorChain { error { message } } } }
  } }
} } }"""
_ASSETS = "{ assetNodes { assetKey { path } groupName isMaterializable } }"


def until(what: str, question: Callable[[], Any]) -> Any:
    """The first true answer; an error after PATIENCE_SECONDS."""
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE_SECONDS:
        if found := question():
            print(f"  {what}: after {time.monotonic() - started:.0f} s", flush=True)
            return found
        time.sleep(2)
    raise TimeoutError(what)


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def worker(home: Home) -> int | None:
    """The process that holds the warehouse for a run."""
    holder = locks.holder(home.warehouse_lock) or ""
    return int(holder.split()[1].rstrip(":")) if ": run " in holder else None


def start(home: Home, log: Path, port: int) -> subprocess.Popen[bytes]:
    """`import-risk dagster` in a process group of its own."""
    with log.open("ab") as stream:
        return subprocess.Popen(
            cli("dagster", "--port", port), env=environment(home), cwd=home.root.parent,
            stdout=stream, stderr=stream, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip


def kill_group(process: subprocess.Popen[bytes], home: Home) -> None:
    """SIGKILL for everything that `start` started, workers in groups of their own too."""
    held = worker(home)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if held is not None and Path(f"/proc/{held}").exists():
        os.kill(held, signal.SIGKILL)


@dataclass(frozen=True)
class Web:
    """Dagster's GraphQL on loopback: what its pages ask, they ask here."""

    port: int

    def answers(self) -> bool:
        """Whether the server has loaded the code location."""
        try:
            return bool(self.assets())
        except (httpx.TransportError, KeyError, AssertionError):
            return False

    def ask(self, text: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        url = f"http://127.0.0.1:{self.port}/graphql"
        answer = httpx.post(url, json={"query": text, "variables": variables}, timeout=120).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def assets(self, group: str | None = None) -> list[list[str]]:
        """The keys of all assets that a run can compute, or of those of one group."""
        return [
            node["assetKey"]["path"]
            for node in self.ask(_ASSETS)["assetNodes"]
            if node["isMaterializable"] and group in (None, node["groupName"])
        ]

    def launch(self, job: str, tags: Mapping[str, str], **selection: Any) -> str:
        """Ask for a run, as the button does; its id. selection: assetSelection, ..."""
        params = {
            "selector": {
                "repositoryLocationName": CODE_LOCATION,
                "repositoryName": "__repository__",
                "pipelineName": job,
                **{name: value for name, value in selection.items() if name != "stepKeys"},
            },
            "runConfigData": {},
            "mode": "default",
            "executionMetadata": {
                "tags": [{"key": key, "value": value} for key, value in tags.items()]
            },
            **{name: value for name, value in selection.items() if name == "stepKeys"},
        }
        answer = self.ask(_LAUNCH, params=params)["launchPipelineExecution"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def backfill(self, assets: Sequence[Sequence[str]], days: Sequence[str]) -> str:
        """Ask for a back-fill of assets over days; its id."""
        params = {"assetSelection": [{"path": a} for a in assets], "partitionNames": list(days)}
        answer = self.ask(_BACKFILL, params=params)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return str(answer["backfillId"])

    def ended_backfill(self, backfill_id: str) -> list[dict[str, str]] | None:
        """The runs of a back-fill (runId, status) once it has ended."""
        state = self.ask(_BACKFILL_STATE, id=backfill_id)["partitionBackfillOrError"]
        return state["runs"] if state["status"].startswith(("COMPLETED", "FAILED")) else None

    def ended(self, run_id: str) -> tuple[str, str] | None:
        """(status, everything that its events say) once a run has ended."""
        run = self.ask(_RUN, id=run_id)["runOrError"]
        if run["status"] not in ("SUCCESS", "FAILURE", "CANCELED"):
            return None
        said = []
        for event in run["eventConnection"]["events"]:
            said.append(event["message"])
            if error := event.get("error"):
                said += [
                    error["message"],
                    *(link["error"]["message"] for link in error["errorChain"]),
                ]
        return run["status"], "\n".join(said)
