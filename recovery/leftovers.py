"""What every run does first: put right what a killed process left, without a hand.

Add here another thing that a kill may leave half done. Keep out: what a step may leave beside its
own files (ingest.store.leftovers, serving.release.sweep know) and work that needs a decision.
"""

import shutil
from dataclasses import dataclass

from foundation import locks
from foundation.errors import WarehouseBusy
from foundation.home import Home
from ingest.store import leftovers
from runs.unrecorded import record_unrecorded
from serving import release

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
    entered = record_unrecorded(home)
    return Recovered(tuple(removed), None if entered is None else entered.body["release_id"])


def recover_unless_busy(home: Home) -> Recovered | None:
    """`recover`, or None while another process holds the warehouse."""
    try:
        with locks.exclusive(home.warehouse_lock, "collecting leftovers"):
            return recover(home)
    except WarehouseBusy:
        return None
