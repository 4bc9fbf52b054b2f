"""What killed processes left beside the deliveries: half-written files, rows no entry names.

Add here another place where taking files in may be cut short. Keep out: releases (serving.release
sweeps its own), the working database, and delivered bytes: those are never removed as a leftover,
because a ledger put back from an older copy would make every newer input look like one.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from foundation.errors import WarehouseBusy
from foundation.home import Home
from foundation.locks import exclusive
from ingest.store.landing import is_abandoned
from ledger.chain import Ledger
from ledger.entries import Entry


def collect(home: Home) -> tuple[str, ...]:
    """Remove the leftovers; returns their paths below the home, sorted.

    The caller holds the warehouse lock. While files arrive nothing is removed: rows come to rest
    just before the entry that names them. Rows are removed only below a ledger whose chain holds;
    they can be derived again from inputs/. Raises WarehouseError when the ledger is damaged.
    """
    if not home.inputs.parent.is_dir():
        return ()
    try:
        with exclusive(home.arriving_lock, "collecting leftovers"):
            ledger = Ledger(home.ledger)
            ledger.verify()
            left = [*_half_written(home), *_unnamed_rows(home, ledger.entries())]
            for path in left:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
    except WarehouseBusy:
        return ()
    return tuple(sorted(str(path.relative_to(home.root)) for path in left))


def _half_written(home: Home) -> Iterator[Path]:
    """Temporary files and scratch folders of processes that are no more; names end in their id."""
    for path in home.inputs.glob(".incoming.*"):
        if is_abandoned(path.suffix.removeprefix(".")):
            yield path
    for place in ("inputs/.*.tmp", "inputs/names/.*.tmp", "reference/*/.*.tmp", "models/.*.tmp"):
        for path in home.root.glob(place):
            if is_abandoned(path.name.split(".")[-2]):
                yield path
    for path in (home.work / "ingest").glob("*"):
        if is_abandoned(path.name.partition("-")[0]):
            yield path


def _unnamed_rows(home: Home, entries: list[Entry]) -> Iterator[Path]:
    if not entries:
        return
    named = {
        entry.body[name]
        for entry in entries
        if entry.kind == "delivery"
        for name in ("raw_file", "quarantine_file")
    }
    for entry in entries:
        if entry.kind == "rotation":
            named.update(file["raw_file"] for file in entry.body["files"])
    for folder in (home.raw, home.quarantine):
        for path in folder.rglob("*.parquet"):
            if str(path.relative_to(home.root)) not in named:
                yield path
