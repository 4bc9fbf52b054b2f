"""Ledger entries, and what they say together: which deliveries stand, which key binds.

Add here a question about past entries that several packages ask. Keep out: the file they stand in
(ledger.py).
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from foundation.files import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. at: UTC, ISO 8601."""

    seq: int
    previous: str
    at: str
    kind: str
    body: Mapping[str, Any]
    hash: str

    @classmethod
    def sealed(cls, seq: int, previous: str, kind: str, body: Mapping[str, Any]) -> "Entry":
        """A new entry with its time and hash."""
        at = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        document = {"seq": seq, "previous": previous, "at": at, "kind": kind, "body": body}
        return cls(seq, previous, at, kind, body, _hash(document))

    @property
    def is_sealed(self) -> bool:
        """Whether the hash is that of the content."""
        return _hash(self.to_json()) == self.hash

    def to_json(self) -> dict[str, Any]:
        """The entry as it stands in the file."""
        return {
            "seq": self.seq, "previous": self.previous, "at": self.at, "kind": self.kind,
            "body": dict(self.body), "hash": self.hash,
        }  # fmt: skip


def _hash(document: Mapping[str, Any]) -> str:
    content = {name: value for name, value in document.items() if name != "hash"}
    return hashlib.sha256(canonical_json(content).encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Head:
    """The end of a chain: the number and hash of its last entry; what a release publishes."""

    seq: int = 0
    hash: str = GENESIS

    def to_json(self) -> dict[str, Any]:
        """As in ledger.head and in a release's run facts."""
        return {"seq": self.seq, "hash": self.hash}


class Entries(list[Entry]):
    """All entries at one moment. What they say together is kept up to date as entries come."""

    def __init__(self, entries: Iterable[Entry] = (), state: "LedgerState | None" = None) -> None:
        super().__init__(entries)
        self._state = state

    @property
    def state(self) -> "LedgerState":
        """What these entries, and no later ones, say together."""
        if self._state is None or self._state.count != len(self):
            self._state = LedgerState.of(self)
        return self._state


@dataclass
class LedgerState:
    """What entries say together, brought up to date by each one that is added.

    standing: (sha256, source) -> accepted deliveries that no later discard withdrew and whose rows
    are still kept; raw_file, raw_sha256 and key_id are those of the latest key rotation.
    bound_key_id: the pseudonymisation key the home is bound to, that of its first accepted delivery
    or of the latest rotation since.
    """

    count: int = 0
    standing: dict[tuple[str, str], Entry] = field(default_factory=dict)
    bound_key_id: str | None = None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "LedgerState":
        """The state after these entries."""
        state = cls()
        for entry in entries:
            state.add(entry)
        return state

    def add(self, entry: Entry) -> None:
        """Take one more entry into account."""
        self.count += 1
        body = entry.body
        if entry.kind == "delivery" and body["status"] == "accepted":
            self.standing[(body["sha256"], body["source"])] = entry
            if self.bound_key_id is None:
                self.bound_key_id = str(body["key_id"])
        elif entry.kind == "discard":
            withdrawn = body["sha256"]
            self.standing = {k: item for k, item in self.standing.items() if k[0] != withdrawn}
        elif entry.kind == "rotation":
            self.standing = _rekeyed(self.standing, body)
            self.bound_key_id = str(body["new_key_id"])
        elif entry.kind == "retention":
            self.standing = _kept(self.standing, body)


def _state(entries: Iterable[Entry]) -> LedgerState:
    return entries.state if isinstance(entries, Entries) else LedgerState.of(entries)


def standing_deliveries(entries: Iterable[Entry]) -> list[Entry]:
    """The accepted deliveries that count today, in order of arrival; see LedgerState."""
    return sorted(_state(entries).standing.values(), key=lambda entry: entry.seq)


def standing_delivery(entries: list[Entry], sha256: str, source: str) -> Entry | None:
    """The accepted delivery of these bytes for this source that counts today."""
    return _state(entries).standing.get((sha256, source))


def bound_key_id(entries: list[Entry]) -> str | None:
    """The pseudonymisation key id this home is bound to; see LedgerState."""
    return _state(entries).bound_key_id


def _rekeyed(
    standing: Mapping[tuple[str, str], Entry], rotation: Mapping[str, Any]
) -> dict[tuple[str, str], Entry]:
    """The standing deliveries with the files that a rotation made of them."""
    files = {file["seq"]: file for file in rotation["files"]}
    return {
        key: replace(
            entry,
            body={
                **entry.body,
                "raw_file": files[entry.seq]["raw_file"],
                "raw_sha256": files[entry.seq]["raw_sha256"],
                "key_id": rotation["new_key_id"],
            },
        )
        for key, entry in standing.items()
    }


def _kept(
    standing: Mapping[tuple[str, str], Entry], retention: Mapping[str, Any]
) -> dict[tuple[str, str], Entry]:
    """The standing deliveries of which a removal by age left the rows (or which had none)."""
    gone = {file["path"] for file in retention["files"]}
    left = {key: entry for key, entry in standing.items() if entry.body["raw_file"] not in gone}
    return {
        key: replace(entry, body={**entry.body, "quarantine_file": None})
        if entry.body["quarantine_file"] in gone
        else entry
        for key, entry in left.items()
    }
