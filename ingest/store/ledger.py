"""The ledger: what was delivered, discarded, judged and released, as a hash chain.

One JSON object per line; each entry holds the hash of the one before it, and `ledger.head` the
latest sequence number and hash, so a changed entry and a cut tail both show.
Add here a question about past entries that several packages ask. Keep out: the files that the
entries speak of (landing.py) and the decision to accept (delivery.py).
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foundation.errors import WarehouseError
from foundation.faults import fault_point
from foundation.files import canonical_json, fsync_directory, write_atomically
from foundation.locks import exclusive

GENESIS = "0" * 64
_TAIL_BYTES = 1 << 20
_RESTORE = "restore the ledger and its head from the backup; do not edit either by hand"


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

    def to_json(self) -> dict[str, Any]:
        """The entry as it stands in the file."""
        return {
            "seq": self.seq, "previous": self.previous, "at": self.at, "kind": self.kind,
            "body": dict(self.body), "hash": self.hash,
        }  # fmt: skip


def _hash(document: Mapping[str, Any]) -> str:
    content = {name: value for name, value in document.items() if name != "hash"}
    return hashlib.sha256(canonical_json(content).encode("utf-8")).hexdigest()


class Ledger:
    """Append and read; `path` is Home.ledger. A ledger that does not exist yet is empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head_path = path.with_name("ledger.head")
        self._lock = path.with_name("ledger.lock")

    def append(self, kind: str, body: Mapping[str, Any]) -> Entry:
        """Add one entry durably; waits for other writers. WarehouseError when the tail is cut."""
        return self.append_with(lambda _: (kind, body))

    def append_with(self, decide: Callable[[list[Entry]], tuple[str, Mapping[str, Any]]]) -> Entry:
        """Add the entry that `decide` makes of all entries so far, while no one else can write."""
        with exclusive(self._lock, "ledger", wait=True):
            self._drop_torn_tail()
            entries = self.entries()
            seq, previous = (entries[-1].seq, entries[-1].hash) if entries else (0, GENESIS)
            self._check_head(seq, previous, entries)
            if entries:
                # A process killed before it wrote the head: a second one killed at the same place
                # would otherwise leave a head two entries behind, which looks like a cut tail.
                self._write_head(seq, previous)
            kind, body = decide(entries)
            entry = Entry.sealed(seq + 1, previous, kind, body)
            created = not self.path.exists()
            fault_point("before_ledger_line")
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(canonical_json(entry.to_json()) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            if created:
                fsync_directory(self.path.parent)
            fault_point("ledger_line_written")
            self._write_head(entry.seq, entry.hash)
            fault_point("ledger_head_written")
            return entry

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """For the block nobody appends: ledger and head can be copied together."""
        with exclusive(self._lock, "ledger", wait=True):
            yield

    def _write_head(self, seq: int, last_hash: str) -> None:
        text = canonical_json({"seq": seq, "hash": last_hash}) + "\n"
        if not self.head_path.exists() or self.head_path.read_text(encoding="utf-8") != text:
            write_atomically(self.head_path, text)

    def entries(self) -> list[Entry]:
        """All entries in order; WarehouseError when a line is not an entry.

        A last line without its end is no entry yet: it is being written, or its writer was killed.
        Was it acknowledged once, the head names it and `verify` and `append` find it cut.
        """
        return list(self._lines())

    def _lines(self) -> Iterator[Entry]:
        if not self.path.exists():
            return
        with self.path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if not line.endswith(b"\n"):
                    return
                try:
                    yield Entry(**json.loads(line))
                except (ValueError, TypeError) as error:
                    raise self._broken(number, "cannot be read") from error

    def verify(self) -> int:
        """The number of entries; WarehouseError names the first bad entry or the cut tail."""
        previous, count = GENESIS, 0
        entries = self.entries()
        for count, entry in enumerate(entries, start=1):
            if entry.seq != count:
                raise self._broken(count, f"has the sequence number {entry.seq}")
            if entry.previous != previous:
                raise self._broken(count, "does not follow the entry before it")
            if _hash(entry.to_json()) != entry.hash:
                raise self._broken(count, "was changed after it was written")
            previous = entry.hash
        self._check_head(count, previous, entries)
        return count

    def _check_head(self, seq: int, last_hash: str, entries: list[Entry]) -> None:
        """The head names the last entry, or the one before when a crash came between the two."""
        head = {"seq": 0, "hash": GENESIS}
        if self.head_path.exists():
            head = json.loads(self.head_path.read_text(encoding="utf-8"))
        if (head["seq"], head["hash"]) == (seq, last_hash):
            return
        if seq and (head["seq"], head["hash"]) == (seq - 1, entries[-1].previous):
            return
        raise WarehouseError(
            f"the ledger ends at entry {seq}, its head names entry {head['seq']}: "
            "the tail is cut or the head is not of this ledger",
            where=str(self.path),
            remedy=_RESTORE,
        )

    def _drop_torn_tail(self) -> None:
        """Remove a half-written last line: it was never acknowledged, the head proves it."""
        if not self.path.exists():
            return
        with self.path.open("rb+") as stream:
            size = end = stream.seek(0, os.SEEK_END)
            while end > 0:
                start = max(0, end - _TAIL_BYTES)
                stream.seek(start)
                if (found := stream.read(end - start).rfind(b"\n")) >= 0:
                    end = start + found + 1
                    break
                end = start  # a line may be longer than one step: a rotation names every file
            if end < size:
                stream.truncate(end)
                os.fsync(stream.fileno())

    def _broken(self, number: int, what: str) -> WarehouseError:
        return WarehouseError(
            f"ledger entry {number} {what}", where=f"{self.path}, line {number}", remedy=_RESTORE
        )

    def deliveries(self) -> list[Entry]:
        """Accepted deliveries that count today, in order of arrival, without discarded ones."""
        return standing_deliveries(self.entries())

    def discard(self, sha256: str, reason: str, signed_by: str) -> Entry:
        """Withdraw a delivered file from every later run; its bytes and history stay.

        Raises WarehouseError when no standing delivery has these bytes. Delivering the same bytes
        again afterwards accepts them again.
        """

        def decide(entries: list[Entry]) -> tuple[str, Mapping[str, Any]]:
            if not any(item.body["sha256"] == sha256 for item in standing_deliveries(entries)):
                raise WarehouseError(
                    f"no accepted delivery has the sha256 {sha256}",
                    where=str(self.path),
                    remedy="take the sha256 from the list of deliveries",
                )
            return "discard", {"sha256": sha256, "reason": reason, "signed_by": signed_by}

        return self.append_with(decide)


def standing_deliveries(entries: list[Entry]) -> list[Entry]:
    """The accepted delivery entries that no later discard withdrew and whose rows are still kept.

    Their raw_file, raw_sha256 and key_id are those of the latest key rotation.
    """
    standing: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.kind == "delivery" and entry.body["status"] == "accepted":
            standing[(entry.body["sha256"], entry.body["source"])] = entry
        elif entry.kind == "discard":
            withdrawn = entry.body["sha256"]
            standing = {key: item for key, item in standing.items() if key[0] != withdrawn}
        elif entry.kind == "rotation":
            standing = _rekeyed(standing, entry.body)
        elif entry.kind == "retention":
            standing = _kept(standing, entry.body)
    return sorted(standing.values(), key=lambda entry: entry.seq)


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


def bound_key_id(entries: list[Entry]) -> str | None:
    """The pseudonymisation key id this home is bound to: that of its first accepted delivery, or
    of the latest rotation since."""
    bound = None
    for entry in entries:
        if entry.kind == "rotation":
            bound = str(entry.body["new_key_id"])
        elif bound is None and entry.kind == "delivery" and entry.body["status"] == "accepted":
            bound = str(entry.body["key_id"])
    return bound
