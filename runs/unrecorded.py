"""A release that is published and that no ledger entry names: what a death between the two leaves.

Add here another fact of a finished run that must be entered later. Keep out: judging the ledger
(recovery/audit.py) and unfinished releases (serving.release.sweep).
"""

from foundation.home import Home
from ledger.chain import Ledger
from ledger.entries import Entry
from serving.audit import manifest_sha256
from serving.current import current


def record_unrecorded(home: Home) -> Entry | None:
    """Enter the current release when no entry names it; None when there is nothing to do.

    The entry says `recorded_later`, so it is never taken for the one that the run itself would
    have written. The caller holds the warehouse lock.
    """
    release = current(home)
    if release is None or not home.ledger.is_file():
        return None
    ledger = Ledger(home.ledger)
    for entry in ledger.entries():
        if entry.kind == "release" and entry.body.get("release_id") == release.release_id:
            return None
    return ledger.append(
        "release",
        {
            **release.manifest["run_facts"],
            "release_id": release.release_id,
            "manifest_sha256": manifest_sha256(home, release.release_id),
            "recorded_later": True,
        },
    )
