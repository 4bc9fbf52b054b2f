"""Conform stored bytes again under the profile as it stands now; the new result replaces the old.

For files that were refused, or whose rows were quarantined or misread, because the profile was
wrong. Nothing is rewritten: the replaced rows stay at rest, the new entry names the one it
replaces, why, and who decided.
Add here a rule about what may be replayed. Keep out: how a file is read (intake.py) and the choice
among quarantined rows (quarantine.py).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from foundation.decision import stated
from foundation.errors import WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from foundation.locks import shared
from ingest.conforming.containers import is_container, member_names
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import NO_SOURCE, deliver_archive, outputs_of
from ingest.intake import (
    DeliveredFile,
    Desk,
    check_key,
    land,
    outcome_of,
    read_in_sandbox,
    record_refusal,
)
from ingest.outcomes import DeliveryOutcome, FileRefused
from ingest.sandbox import child
from ingest.senders.profile import STANDARD_SENDER, Output, load_profiles, profile_for
from ingest.store.landing import StoredInput, input_path, kept_name, scratch
from ingest.text.labels import shown_name
from ledger.chain import Ledger
from ledger.entries import Entry, standing_deliveries, standing_delivery


@dataclass(frozen=True)
class _Decision:
    """Who wants the replay and why; part of every entry it makes."""

    reason: str
    signed_by: str

    def lineage(self, replaced: Entry | None) -> dict[str, Any]:
        """What the new ledger body says: the entry it replaces, by number and hash, and its days.

        All of these are null when the replayed delivery had been refused.
        """
        body: Mapping[str, Any] = {} if replaced is None else replaced.body
        return {
            "replay": {
                "reason": self.reason,
                "signed_by": self.signed_by,
                "replaces_seq": None if replaced is None else replaced.seq,
                "replaces_hash": None if replaced is None else replaced.hash,
                "replaced_day_min": body.get("day_min"),
                "replaced_day_max": body.get("day_max"),
            }
        }


def replay(
    home: Home,
    sha256: str,
    *,
    source: str | None = None,
    sender: str | None = None,
    reason: str,
    signed_by: str,
    key: PseudonymKey,
) -> list[DeliveryOutcome]:
    """Read a stored delivery again; one outcome per source, as for deliver.

    The profile is the one that, as the profiles are today, is in force for the sender (or the
    `sender` given instead) on the day of receipt, which stays. accepted: one new ledger entry
    stands in place of the old one. refused: recorded, what stood still stands. duplicate with the
    reason replay_unchanged: same profile, same rows; nothing was written. A refused archive is
    unpacked again. Raises UsageError without a reason or a signature, WarehouseError when nothing
    with this sha256 can be replayed, its bytes are gone or changed, or someone else changed it now.
    """
    decision = _Decision(stated("--reason", reason), stated("--signed-by", signed_by))
    ledger = Ledger(home.ledger)
    entries = ledger.entries()
    check_key(entries, key, home)
    stored = stored_bytes(home, sha256)
    profiles = load_profiles(home.profiles)
    limits = child.Limits.from_environment()
    outcomes: list[DeliveryOutcome] = []
    for group in _groups(_replayable(entries, sha256, source, ledger)):
        first = group[0].body
        received = dt.date.fromisoformat(first["received_date"])
        profile = profile_for(profiles, sender or first["sender"], received)
        desk = Desk(home, ledger, profile, source, received, key, limits)
        file = file_of(home, first, stored)
        known = tuple(entry.body["source"] for entry in group if entry.body["source"] != NO_SOURCE)
        with shared(home.arriving_lock):
            outcomes.extend(_replay_file(desk, file, known, decision, entries))
    return outcomes


def stored_bytes(home: Home, sha256: str) -> StoredInput:
    """The delivered bytes at rest; WarehouseError when they are gone or changed."""
    path = input_path(home, sha256)
    if not path.is_file() or sha256_file(path) != sha256:
        raise WarehouseError(
            f"the delivered bytes {sha256[:12]} are {'changed' if path.is_file() else 'not here'}",
            where=str(path),
            remedy="take the sha256 from the list of deliveries, or restore inputs/ from a backup",
        )
    return StoredInput(path, sha256, path.stat().st_size)


def _replayable(
    entries: list[Entry], sha256: str, source: str | None, ledger: Ledger
) -> list[Entry]:
    """The standing deliveries of these bytes; without any, the latest refusal."""
    of_file = [
        entry
        for entry in entries
        if entry.kind == "delivery"
        and entry.body["sha256"] == sha256
        and source in (None, entry.body["source"])
    ]
    seqs = {entry.seq for entry in standing_deliveries(entries)}
    found = [entry for entry in of_file if entry.seq in seqs]
    if not found:
        found = [
            entry
            for entry in entries
            if entry.kind == "delivery"
            and entry.body["sha256"] == sha256
            and entry.body["status"] == "refused"
        ][-1:]
    if not found or (_is_withdrawn(entries, sha256) and found[0].seq not in seqs):
        raise WarehouseError(
            f"no delivery with the sha256 {sha256} can be replayed",
            where=str(ledger.path),
            remedy="take the sha256 from the list of deliveries; a discarded file is delivered "
            "again, not replayed",
        )
    return found


def _is_withdrawn(entries: list[Entry], sha256: str) -> bool:
    """Whether a discard is the latest decision about these bytes."""
    latest = [
        entry.kind
        for entry in entries
        if entry.kind in ("delivery", "discard") and entry.body["sha256"] == sha256
    ]
    return latest[-1:] == ["discard"]


def _groups(found: list[Entry]) -> list[list[Entry]]:
    """Entries that came in together: same name, sender and day of receipt."""
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in found:
        name = tuple(str(entry.body[part]) for part in ("file", "sender", "received_date"))
        groups.setdefault(name, []).append(entry)
    return list(groups.values())


def file_of(home: Home, body: Mapping[str, Any], stored: StoredInput) -> DeliveredFile:
    """The file as it came in, from its ledger body: names, archive and manifest included."""
    # The ledger masks what looks personal in a name; the restricted store has it as delivered.
    display, kept = str(body["file"]), kept_name(home, stored.sha256)
    if kept is not None and shown_name(kept) == display:  # else it is that of another delivery
        display = kept
    container, manifest = body.get("container_sha256"), body.get("manifest_sha256")
    names: tuple[str, ...] = (display,)
    if container is not None:
        outer, _, member = display.partition("/")
        names = (*member_names(member), *member_names(outer))
    return DeliveredFile(
        display, names, stored, container,
        None if manifest is None else stored_bytes(home, manifest),
    )  # fmt: skip


def _replay_file(
    desk: Desk, file: DeliveredFile, known: tuple[str, ...], decision: _Decision,
    entries: list[Entry],
) -> list[DeliveryOutcome]:  # fmt: skip
    if file.container_sha256 is None and is_container(file.display):
        return deliver_archive(replace(desk, stated=decision.lineage(None)), file)
    try:
        found = _outputs(desk, file, known)
    except FileRefused as refusal:
        source = desk.source or NO_SOURCE
        return [record_refusal(desk, file, source, refusal, **decision.lineage(None))]
    outcomes = []
    for output in found:
        replaced = standing_delivery(entries, file.stored.sha256, output.source)
        outcomes.append(_replay_output(desk, file, output, replaced, decision))
    left = [name for name in known if name not in {output.source for output in found}]
    if left and outcomes:
        note = f"sources_no_longer_stated: {', '.join(left)} still stand; discard the file first"
        outcomes[-1] = replace(outcomes[-1], warnings=(*outcomes[-1].warnings, note))
    return outcomes


def _outputs(desk: Desk, file: DeliveredFile, known: tuple[str, ...]) -> tuple[Output, ...]:
    """What the profile yields now; the standard one cannot say it, so what it was taken for."""
    if desk.source is None and known and desk.profile.sender == STANDARD_SENDER:
        return tuple(
            output for name in known for output in outputs_of(replace(desk, source=name), file)
        )
    return outputs_of(desk, file)


def _replay_output(
    desk: Desk, file: DeliveredFile, output: Output, replaced: Entry | None, decision: _Decision
) -> DeliveryOutcome:
    lineage = decision.lineage(replaced)
    with scratch(desk.home) as folder:
        try:
            read = read_in_sandbox(desk, file, output, folder)
            body = land(desk, file, output.source, read, folder) | lineage
        except FileRefused as refusal:
            return record_refusal(desk, file, output.source, refusal, **lineage)
    if replaced is not None and _is_same(body, replaced.body):
        rows = body["rows_in"]
        note = (
            f"replay_unchanged: the profile and every row are those of entry {replaced.seq}; "
            "nothing was changed"
        )
        same = {**body, "status": "duplicate", "accepted": 0, "quarantined": 0, "reason": note}
        return replace(outcome_of(same | {"duplicates": rows}), warnings=read.warnings)

    def decide(entries: list[Entry]) -> tuple[str, Mapping[str, Any]]:
        check_key(entries, desk.key, desk.home)
        current = standing_delivery(entries, file.stored.sha256, output.source)
        if (current and current.seq) != (replaced and replaced.seq):
            raise WarehouseError(
                "this delivery was changed by someone else during the replay",
                where=str(desk.ledger.path),
                remedy="look at the list of deliveries and replay again if it is still needed",
            )
        return "delivery", body

    outcome = outcome_of(desk.ledger.append_with(decide).body)
    return replace(outcome, warnings=read.warnings)


def _is_same(body: Mapping[str, Any], replaced: Mapping[str, Any]) -> bool:
    """Whether profile and result are equal. A file at rest keeps its name only with its content."""
    names = (
        "sender", "profile_sha256", "rows_in", "accepted", "quarantined", "duplicates",
        "raw_file", "raw_sha256", "quarantine_file",
    )  # fmt: skip
    return all(body[name] == replaced[name] for name in names)
