"""Kills a process of the warehouse and says what of the promise of row 1 does not hold afterwards.

Used by test_01_killed and by the long campaign (campaign.py), so both ask the same questions.
Add here a question that must hold after any kill. Keep out: which kills there are.

Process death only: the kernel still has every page that was written. Power loss is not tested.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from foundation.errors import WarehouseError
from foundation.faults import ARMED_VARIABLE, FAULT_VARIABLE
from foundation.files import sha256_file
from foundation.home import HOME_VARIABLE, Home
from ledger.chain import Ledger
from ledger.entries import standing_deliveries
from serving.current import current, release_folders
from tests.support import warm_python

PROJECT = Path(__file__).resolve().parents[2]
SIGKILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Before:
    """What a kill must not take away. acknowledged: (sha256, source) -> sha256 of the rows."""

    release_id: str | None
    entries: int
    acknowledged: Mapping[tuple[str, str], str | None]


def remember(home: Home) -> Before:
    """The state that was acknowledged so far."""
    entries = Ledger(home.ledger).entries()
    now = current(home)
    return Before(
        now.release_id if now else None,
        len(entries),
        {
            (entry.body["sha256"], entry.body["source"]): entry.body["raw_sha256"]
            for entry in standing_deliveries(entries)
        },
    )


def cli(*arguments: object) -> list[str]:
    """The command line of `import-risk`."""
    return [sys.executable, "-P", "-m", "cli.main", *map(str, arguments)]


def environment(home: Home, point: str | None = None) -> dict[str, str]:
    """Variables of a child on `home` that dies at `point`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("IMPORT_RISK_")}
    fault = {} if point is None else {FAULT_VARIABLE: point, ARMED_VARIABLE: "1"}
    return {**kept, HOME_VARIABLE: str(home.root), "PYTHONPATH": str(PROJECT), **fault}


def run(
    command: Sequence[str],
    home: Home,
    *,
    point: str | None = None,
    after: float | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.CompletedProcess[str]:
    """Run `command` on `home`; it dies at the named `point`, or by SIGKILL `after` seconds.
    more: further variables of its environment.

    returncode is SIGKILLED when it was killed, else its own: it may have ended before. A process
    that dies at some second starts from nothing, so that its loading is among what is cut short.
    """
    variables, folder = {**environment(home, point), **more}, home.root.parent
    if after is None:
        return warm_python.run(command, variables, folder)
    child = subprocess.Popen(
        command, env=variables, cwd=folder, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    out, errors = child.communicate()
    return subprocess.CompletedProcess(command, child.returncode, out, errors)


def violations(home: Home, before: Before, *, finished: bool = False) -> list[str]:
    """What does not hold; empty = the promise was kept.

    finished: the work was completed after the kill, so nothing of the killed process may be left.
    """
    found: list[str] = []
    try:
        count = Ledger(home.ledger).verify()
        entries = Ledger(home.ledger).entries()
        if count < before.entries:
            found.append(f"the ledger went back from {before.entries} to {count} entries")
        standing = {
            (entry.body["sha256"], entry.body["source"]): entry.body
            for entry in standing_deliveries(entries)
        }
        for key in before.acknowledged:
            if key not in standing:
                found.append(f"an acknowledged delivery is gone: {key}")
        for body in standing.values():
            found += _damage(home, body)
        found += _release_damage(home, before)
    except WarehouseError as error:
        found.append(str(error))
    if finished:
        found += [f"left over: {path}" for path in leftovers(home)]
        named = {e.body.get("release_id") for e in entries if e.kind == "release"}
        now = current(home)
        if home.ledger.exists() and now is not None and now.release_id not in named:
            found.append(f"the ledger does not name the current release {now.release_id}")
    return found


def _damage(home: Home, body: Mapping[str, Any]) -> list[str]:
    wanted = {home.inputs / body["sha256"][:2] / body["sha256"]: body["sha256"]}
    if body["raw_file"]:
        wanted[home.root / body["raw_file"]] = body["raw_sha256"]
    return [
        f"not what was acknowledged: {path.relative_to(home.root)}"
        for path, sha256 in wanted.items()
        if not path.is_file() or sha256_file(path) != sha256
    ]


def _release_damage(home: Home, before: Before) -> list[str]:
    """The release that readers get: the old one or a newer, whole."""
    now = current(home)
    if now is None:
        return [] if before.release_id is None else ["the published release is gone"]
    found = []
    if before.release_id is not None and now.release_id < before.release_id:
        found.append(f"the release went back from {before.release_id} to {now.release_id}")
    for name, facts in now.manifest["files"].items():
        path = now.folder / name
        if not path.is_file() or sha256_file(path) != facts["sha256"]:
            found.append(f"a published file is not whole: {now.release_id}/{name}")
        if path.with_name(f"{path.name}.wal").exists():
            found.append(f"a log lies beside {now.release_id}/{name}")
    for days in json.loads((now.folder / "history.json").read_text()).values():
        for relative in days.values():
            path = home.history / relative
            if not path.is_file() or sha256_file(path) != path.stem:
                found.append(f"a history file is not whole: {relative}")
    return found


def leftovers(home: Home) -> list[str]:
    """Paths below the home that only a process that died can have left."""
    found = [p for p in home.root.rglob("*") if p.name.endswith(".tmp")]
    found += home.inputs.glob(".incoming.*")
    found += (home.work / "ingest").glob("*")
    found += [p for p in (home.work / "spill", home.work / "rebuild") if p.exists()]
    named = {
        entry.body[name]
        for entry in Ledger(home.ledger).entries()
        if entry.kind == "delivery"
        for name in ("raw_file", "quarantine_file")
    }
    for folder in (home.raw, home.quarantine):
        found += [
            path
            for path in folder.rglob("*.parquet")
            if str(path.relative_to(home.root)) not in named
        ]
    now = current(home)
    found += [p for p in release_folders(home) if now is not None and p.name > now.release_id]
    ignored = home.dagster  # Dagster's own temporary files are Dagster's
    return sorted(str(p.relative_to(home.root)) for p in found if not p.is_relative_to(ignored))
