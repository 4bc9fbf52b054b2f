"""Key rotation: every standing delivery tokenised anew, from its stored bytes, under another key.

A token cannot be turned into another one, so the rows are derived again from inputs/: once under
the old key, which must give exactly what is at rest, and once under the new one. Old and new
tokens meet only here and only in memory; no table of pairs is ever written. One ledger entry
switches the home; before it nothing counts, after it only the new files do.
Add here what else a change of key must carry along. Keep out: how a file is read (intake.py), what
tokens are (pseudonymise.py), and runs (a run over all days builds the marts again).
"""

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from contracts.catalogue import CONTRACTS
from foundation.decision import stated
from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from foundation.locks import exclusive
from ingest.conforming.jobs import ACCEPTED_FILE
from ingest.conforming.pseudonymise import (
    DEMONSTRATION_KEY_ID,
    ENVIRONMENT_VARIABLE,
    KEY_ID_VARIABLE,
    KEY_VARIABLE,
    PseudonymKey,
)
from ingest.delivery import outputs_of
from ingest.intake import Desk, read_in_sandbox
from ingest.replay import file_of, stored_bytes
from ingest.sandbox import child
from ingest.senders.profile import SenderProfile, load_profiles, profile_for
from ingest.store.landing import put_under_free_name, scratch
from ledger.chain import Ledger
from ledger.entries import Entry, bound_key_id, standing_deliveries

OLD_KEY_VARIABLE = "IMPORT_RISK_PII_OLD_KEY"
OLD_KEY_ID_VARIABLE = "IMPORT_RISK_PII_OLD_KEY_ID"
_ROWS_AT_ONCE = 122_880
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Rotation:
    """What a rotation did. removed_files: raw files of the old key that are gone now.

    leftovers: folders of the home that still hold tokens of the old key, because releases and
    their history stay as they were published.
    """

    old_key_id: str
    new_key_id: str
    deliveries: int
    rows: int
    removed_files: int
    leftovers: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**vars(self), "leftovers": list(self.leftovers)}


def old_key_from_environment(environment: Mapping[str, str] | None = None) -> PseudonymKey:
    """The key that the home holds now; the demonstration key when none is stated."""
    settings = os.environ if environment is None else environment
    if not settings.get(OLD_KEY_VARIABLE):
        return PseudonymKey.demonstration()
    return PseudonymKey.from_environment(
        {
            ENVIRONMENT_VARIABLE: "production",
            KEY_VARIABLE: settings[OLD_KEY_VARIABLE],
            KEY_ID_VARIABLE: settings.get(OLD_KEY_ID_VARIABLE, ""),
        }
    )


def rotate(
    home: Home,
    *,
    old: PseudonymKey,
    new: PseudonymKey,
    reason: str,
    signed_by: str,
    on_progress: Progress | None = None,
) -> Rotation:
    """Replace the key of a home. Safe to repeat: an interrupted rotation begins anew, one that was
    interrupted after its entry only removes what it left.

    Afterwards the working database is gone and every delivery is pending: a run over all days
    builds the marts again. Raises UsageError for keys that cannot be rotated to, WarehouseBusy
    while a run writes, WarehouseError when a file cannot be derived exactly as it is at rest.
    """
    reason, signed_by = stated("--reason", reason), stated("--signed-by", signed_by)
    ledger = Ledger(home.ledger)
    with exclusive(home.warehouse_lock, "keys rotate"):
        entries = ledger.entries()
        latest = [entry for entry in entries if entry.kind == "rotation"][-1:]
        if latest and bound_key_id(entries) == new.key_id:
            return _finished(home, latest[0], ledger)
        _check_keys(home, entries, old, new)
        done: dict[int, dict[str, Any]] = {}
        while True:
            _derive_all(home, ledger, entries, old, new, done, on_progress)
            body = {
                "old_key_id": old.key_id, "new_key_id": new.key_id,
                "reason": reason, "signed_by": signed_by,
            }  # fmt: skip
            entry = _commit(ledger, body, done)
            if entry is not None:
                return _finished(home, entry, ledger)
            entries = ledger.entries()  # something was delivered meanwhile


def _check_keys(home: Home, entries: list[Entry], old: PseudonymKey, new: PseudonymKey) -> None:
    bound = bound_key_id(entries)
    if bound is None:
        raise UsageError(
            "this home holds no tokens yet",
            where=str(home.root),
            remedy="deliver with the new key; there is nothing to rotate",
        )
    if old.key_id != bound:
        raise UsageError(
            f"the old key is {old.key_id!r}, this home holds tokens of {bound!r}",
            where=OLD_KEY_VARIABLE,
            remedy=f"set {OLD_KEY_VARIABLE} and {OLD_KEY_ID_VARIABLE} to the key {bound!r}",
        )
    used = {
        str(entry.body[name])
        for entry in entries
        for name in ("key_id", "old_key_id", "new_key_id")
        if name in entry.body
    }
    if new.key_id in used or new.key_id == DEMONSTRATION_KEY_ID or new.secret == old.secret:
        raise UsageError(
            f"the key {new.key_id!r} was used in this home before, or has the old secret",
            where=f"{KEY_VARIABLE}, {KEY_ID_VARIABLE}",
            remedy="make a new random key of 32 bytes or more and give it a new name",
        )


def _derive_all(
    home: Home, ledger: Ledger, entries: list[Entry], old: PseudonymKey, new: PseudonymKey,
    done: dict[int, dict[str, Any]], on_progress: Progress | None,
) -> None:  # fmt: skip
    """Make the new file of every standing delivery that `done` (by entry number) lacks."""
    profiles = load_profiles(home.profiles)
    limits = child.Limits.from_environment()
    standing = standing_deliveries(entries)
    for number, entry in enumerate(standing, start=1):
        if on_progress is not None:
            on_progress("keys rotate", number, len(standing))
        if entry.seq in done:
            continue
        body = entry.body
        desk = Desk(
            home, ledger, _profile(profiles, body), body["source"],
            dt.date.fromisoformat(body["received_date"]), old, limits,
        )  # fmt: skip
        done[entry.seq] = _derive(desk, entry, new)


def _profile(profiles: tuple[SenderProfile, ...], body: Mapping[str, Any]) -> SenderProfile:
    """The profile of the delivery, or today's: whether it still fits, the comparison tells."""
    for profile in profiles:
        if profile.sha256 == body["profile_sha256"]:
            return profile
    return profile_for(profiles, body["sender"], dt.date.fromisoformat(body["received_date"]))


def _derive(desk: Desk, entry: Entry, new: PseudonymKey) -> dict[str, Any]:
    """The new file of one delivery at rest: entry number, path, sha256."""
    body = entry.body
    file = file_of(desk.home, body, stored_bytes(desk.home, body["sha256"]))
    (output,) = outputs_of(desk, file)
    with scratch(desk.home) as folder:
        again, rekeyed = folder / "old", folder / "new"
        for target, key in ((again, desk.key), (rekeyed, new)):
            target.mkdir()
            read_in_sandbox(replace(desk, key=key), file, output, target)
        at_rest = desk.home.root / body["raw_file"]
        if not _same_rows(at_rest, again / ACCEPTED_FILE):
            raise WarehouseError(
                f"the delivery of entry {entry.seq} cannot be derived again as it is at rest: its "
                "profile, or the way values are normalised, changed since",
                where=str(at_rest),
                remedy="replay it first (`import-risk quarantine replay`), or restore its profile; "
                "nothing was changed",
            )
        path, content = put_under_free_name(
            rekeyed / ACCEPTED_FILE, at_rest.parent, body["sha256"], new.key_id
        )
    return {
        "seq": entry.seq, "raw_file": str(path.relative_to(desk.home.root)), "raw_sha256": content,
    }  # fmt: skip


def _same_rows(at_rest: Path, derived: Path) -> bool:
    """Whether two raw files hold the same rows in the same order, in the columns of the first.

    The second may have columns that the contract got since.
    """
    with pq.ParquetFile(at_rest) as first, pq.ParquetFile(derived) as second:
        names = first.schema_arrow.names
        if first.metadata.num_rows != second.metadata.num_rows or not (
            set(names) <= set(second.schema_arrow.names)
        ):
            return False
        batches = zip(
            first.iter_batches(_ROWS_AT_ONCE, columns=names),
            second.iter_batches(_ROWS_AT_ONCE, columns=names),
            strict=True,
        )
        return all(left.equals(right.select(names)) for left, right in batches)


def _commit(
    ledger: Ledger, body: Mapping[str, Any], done: Mapping[int, Mapping[str, Any]]
) -> Entry | None:
    """Write the one entry that counts; None when the standing deliveries are others by now."""

    class _Moved(Exception):
        """Somebody delivered or discarded since the files were made."""

    def decide(entries: list[Entry]) -> tuple[str, Mapping[str, Any]]:
        standing = [entry.seq for entry in standing_deliveries(entries)]
        if not set(standing) <= set(done):
            raise _Moved
        return "rotation", {**body, "files": [dict(done[seq]) for seq in standing]}

    try:
        return ledger.append_with(decide)
    except _Moved:
        return None


def _finished(home: Home, entry: Entry, ledger: Ledger) -> Rotation:
    """Remove what the old key left in raw/ and in the working database."""
    standing = standing_deliveries(ledger.entries())
    kept = {home.root / item.body["raw_file"] for item in standing}
    removed = 0
    for source in CONTRACTS:
        for path in sorted((home.raw / source).glob("received_date=*/*.parquet")):
            if path not in kept:
                path.unlink()
                removed += 1
    for path in home.work.glob(f"{home.warehouse.name}*"):
        path.unlink()
    leftovers = (home.history, home.releases, home.runs, home.dagster)
    return Rotation(
        old_key_id=entry.body["old_key_id"],
        new_key_id=entry.body["new_key_id"],
        deliveries=len(entry.body["files"]),
        rows=sum(int(item.body["accepted"]) for item in standing),
        removed_files=removed,
        leftovers=tuple(path.name for path in leftovers if path.is_dir() and any(path.iterdir())),
    )
