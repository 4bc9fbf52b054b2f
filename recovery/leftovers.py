"""What every run does first: put right what a killed process left, without a hand.

Add here another thing that a kill may leave half done. Keep out: what a step may leave beside its
own files (ingest.store.leftovers, serving.release.sweep know) and work that needs a decision.
"""

import shutil
from dataclasses import dataclass

from foundation import locks
from foundation.errors import WarehouseBusy, WarehouseError
from foundation.files import read_json
from foundation.home import Home
from ingest.store import leftovers
from ledger.chain import Ledger
from serving import release
from serving.audit import manifest_sha256

REBUILDING = "rebuild"  # folder below work/ where a working database is built anew


@dataclass(frozen=True)
class Recovered:
    """What was put right. removed: paths of the home. recorded: a release that was published by a
    process killed before it could write so into the ledger."""

    removed: tuple[str, ...]
    recorded: str | None


def recover(home: Home) -> Recovered:
    """Collect leftovers and complete the record; the caller holds the warehouse lock.

    Raises WarehouseError when the ledger is damaged: nothing is removed then.
    """
    removed = list(leftovers.collect(home))
    removed += [f"releases/{name}" for name in release.sweep(home)]
    for folder in (home.work / "spill", home.work / REBUILDING):
        if folder.is_dir():
            shutil.rmtree(folder)
            removed.append(str(folder.relative_to(home.root)))
    for path in [*home.runs.glob(".*.tmp"), *home.runs.glob("*/.*.tmp")]:
        path.unlink()
        removed.append(str(path.relative_to(home.root)))
    return Recovered(tuple(removed), _record_release(home))


def recover_unless_busy(home: Home) -> Recovered | None:
    """`recover`, or None while another process holds the warehouse."""
    try:
        with locks.exclusive(home.warehouse_lock, "collecting leftovers"):
            return recover(home)
    except WarehouseBusy:
        return None


def _record_release(home: Home) -> str | None:
    """Write the ledger entry that the current release lacks: its publisher died in between."""
    now = release.current(home)
    if now is None or not home.ledger.is_file():
        return None
    ledger = Ledger(home.ledger)
    if any(
        entry.kind == "release" and entry.body.get("release_id") == now.release_id
        for entry in ledger.entries()
    ):
        return None
    # The evidence of the run is older than its release, and as durable.
    evidence = home.runs / now.manifest["run_facts"]["run_id"]
    start = read_json(evidence / "start.json")
    if start is None:
        raise WarehouseError(
            f"the ledger does not name the current release {now.release_id}, and the evidence of"
            " its run is gone",
            where=str(home.runs),
            remedy="restore runs/ from the backup",
        )
    body = {
        **start,
        "later_days": now.manifest["run_facts"].get("later_days", []),
        "release_id": now.release_id,
        "manifest_sha256": manifest_sha256(home, now.release_id),
        "recorded": "by the next process: the publishing one was killed",
    }
    ledger.append("release", body)
    return now.release_id
