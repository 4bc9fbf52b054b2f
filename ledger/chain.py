"""The ledger: what was delivered, discarded, judged and released, as a hash chain.

One JSON object per line; each entry holds the hash of the one before it, and `ledger.head` the
latest sequence number and hash, so a changed entry and a cut tail both show. A process reads the
file once: an append of its own is known to it, and a question reads what others have added since.
Add here a way to append, read or check the chain. Keep out: what entries say together (entries.py),
the files that they speak of and the decision to accept (ingest).
"""

import io
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from foundation.decision import stated
from foundation.errors import WarehouseError
from foundation.faults import fault_point
from foundation.files import canonical_json, fsync_directory, write_atomically
from foundation.locks import exclusive
from ledger.entries import GENESIS, Entries, Entry, Head, LedgerState, standing_deliveries

_RESTORE = "restore the ledger and its head from the backup; do not edit either by hand"
_BLOCK_BYTES = 1 << 16


@dataclass
class _Known:
    """What this process has read of one ledger file; the file only ever grows.

    is_verified: whether it has checked the chain of all of it, too. own: what it wrote since the
    last question: an append is done when the line is, what entries say together comes later.
    """

    file: tuple[int, int] = (0, 0)
    size: int = 0
    changed_ns: int = 0
    last_line: bytes = b""
    is_verified: bool = False
    own: list[Entry] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    state: LedgerState = field(default_factory=LedgerState)

    @property
    def last(self) -> Entry | None:
        """The last entry of the file."""
        return next((known[-1] for known in (self.own, self.entries) if known), None)

    def take(self, entry: Entry, line: bytes) -> None:
        """The next entry, as its line stands in the file."""
        self.entries.append(entry)
        self.state.add(entry)
        self.size += len(line)
        self.last_line = line

    def wrote(self, entry: Entry, line: bytes) -> None:
        """The next entry, which this process has just written."""
        self.own.append(entry)
        self.size += len(line)
        self.last_line = line

    def settle(self) -> None:
        """Take what was written into account."""
        while self.own:
            self.state.add(self.own[0])
            self.entries.append(self.own.pop(0))

    def is_all_of(self, status: os.stat_result) -> bool:
        """Whether the file holds nothing else."""
        return (self.file, self.size, self.changed_ns) == (
            (status.st_dev, status.st_ino),
            status.st_size,
            status.st_mtime_ns,
        )


_known: dict[Path, _Known] = {}
_known_lock = threading.Lock()


class Ledger:
    """Append and read; `path` is Home.ledger. A ledger that does not exist yet is empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head_path = path.with_name("ledger.head")
        self._lock = path.with_name("ledger.lock")

    def append(self, kind: str, body: Mapping[str, Any]) -> Entry:
        """Add one entry durably; waits for other writers. WarehouseError when the tail is cut.

        Reads the last line at most, whatever the length of the ledger.
        """
        with exclusive(self._lock, "ledger", wait=True):
            return self._write(self._end(), kind, body)

    def append_with(self, decide: Callable[[Entries], tuple[str, Mapping[str, Any]]]) -> Entry:
        """Add the entry that `decide` makes of all entries so far, while no one else can write."""
        with exclusive(self._lock, "ledger", wait=True):
            end = self._end()
            kind, body = decide(self.entries())
            return self._write(end, kind, body)

    def _write(self, end: Head, kind: str, body: Mapping[str, Any]) -> Entry:
        entry = Entry.sealed(end.seq + 1, end.hash, kind, body)
        created = not self.path.exists()
        if self.head() != end:
            # A process was killed before it wrote the head. A second one killed at the same place
            # would leave a head two entries behind, which looks like a cut tail.
            self._write_head(end)
        fault_point("before_ledger_line")
        line = (canonical_json(entry.to_json()) + "\n").encode("utf-8")
        with self.path.open("ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        self._remember(entry, line)
        if created:
            fsync_directory(self.path.parent)
        fault_point("ledger_line_written")
        self._write_head(Head(entry.seq, entry.hash))
        fault_point("ledger_head_written")
        return entry

    def _remember(self, entry: Entry, line: bytes) -> None:
        """Add what this process wrote to what it knows, when it knows everything before it."""
        with _known_lock:
            known, status = _known.get(self.path), self.path.stat()
            if known is None or known.file != (status.st_dev, status.st_ino):
                return
            end = known.last.hash if known.last else GENESIS
            if (end, known.size + len(line)) == (entry.previous, status.st_size):
                known.wrote(entry, line)
                known.changed_ns = status.st_mtime_ns

    def _write_head(self, head: Head) -> None:
        write_atomically(self.head_path, canonical_json(head.to_json()) + "\n")

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """For the block nobody appends: ledger and head can be copied together."""
        with exclusive(self._lock, "ledger", wait=True):
            yield

    def entries(self) -> Entries:
        """All entries in order; WarehouseError when a line is not an entry.

        A half-written last line is no entry: it was never acknowledged.
        """
        with _known_lock:
            known = self._read_on(_known.get(self.path) or _Known())
            known.settle()
            _known[self.path] = known
            return Entries(known.entries, known.state)

    def _read_on(self, known: _Known) -> _Known:
        """`known` with what the file holds since; from the start when it is another file."""
        if not self.path.exists():
            return _Known()
        if known.is_all_of(self.path.stat()):
            return known
        with self.path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            file = (status.st_dev, status.st_ino)
            known.settle()
            stream.seek(max(0, known.size - len(known.last_line)))
            grown = file == known.file and status.st_size > known.size
            if not grown or stream.read(len(known.last_line)) != known.last_line:
                known = _Known(file)
                stream.seek(0)
            known.changed_ns = status.st_mtime_ns
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                known.take(parsed(line, self.path, len(known.entries) + 1), line)
                known.is_verified = False
        return known

    def verified(self) -> Iterator[Entry]:
        """Every entry while the chain is checked, in constant memory; read it to its end.

        Raises WarehouseError at the first byte that is not as it was written, or at a cut tail.
        """
        return (entry for entry, _ in self._checked())

    def _checked(self) -> Iterator[tuple[Entry, bytes]]:
        """`verified`, each entry with its line."""
        end, previous = Head(), GENESIS
        with self.path.open("rb") if self.path.exists() else io.BytesIO() as stream:
            for number, line in enumerate(stream, start=1):
                if not line.endswith(b"\n") and self.head() == end:
                    break  # half-written, and never acknowledged
                entry = parsed(line, self.path, number)
                if entry.seq != number:
                    raise broken(self.path, number, f"has the sequence number {entry.seq}")
                if entry.previous != end.hash:
                    raise broken(self.path, number, "does not follow the entry before it")
                written = (canonical_json(entry.to_json()) + "\n").encode("utf-8")
                if not entry.is_sealed or line != written:
                    raise broken(self.path, number, "was changed after it was written")
                end, previous = Head(number, entry.hash), end.hash
                yield entry, line
        self.check_head(end, previous)

    def verify(self) -> int:
        """The number of entries; WarehouseError names the first bad entry or the cut tail.

        A process that has checked the file and finds it unchanged does not read it again.
        """
        if not self.path.exists():
            return sum(1 for _ in self.verified())
        status = self.path.stat()
        with _known_lock:
            known = _known.get(self.path)
            if known is not None and known.is_verified and known.is_all_of(status):
                return self._checked_end(known).seq
        read = _Known((status.st_dev, status.st_ino), changed_ns=status.st_mtime_ns)
        for entry, line in self._checked():
            read.take(entry, line)
        read.is_verified = bool(read.entries)
        with _known_lock:
            _known[self.path] = read
        return len(read.entries)

    def head(self) -> Head:
        """What ledger.head names; WarehouseError when it is damaged."""
        if not self.head_path.exists():
            return Head()
        text = self.head_path.read_text(encoding="utf-8", errors="replace")
        try:
            head = Head(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise self._head_is_damaged() from error
        if text != canonical_json(head.to_json()) + "\n":
            raise self._head_is_damaged()
        return head

    def _head_is_damaged(self) -> WarehouseError:
        return WarehouseError(
            "the head of the ledger cannot be read", where=str(self.head_path), remedy=_RESTORE
        )

    def _end(self) -> Head:
        """The last entry's number and hash, from the last line; the caller holds the lock.

        A half-written last line is removed, after the head has shown that it was never
        acknowledged.
        """
        if not self.path.exists():
            self.check_head(Head(), GENESIS)
            return Head()
        with _known_lock:
            known = _known.get(self.path)
            if known is not None and known.last and known.is_all_of(self.path.stat()):
                return self._checked_end(known)
        with self.path.open("rb+") as stream:
            size = stream.seek(0, os.SEEK_END)
            whole = _line_start(stream, size)
            start = _line_start(stream, whole - 1) if whole else 0
            stream.seek(start)
            line = stream.read(whole - start)
            end, previous = Head(), GENESIS
            if line:
                entry = parsed(line, self.path, None)
                end, previous = Head(entry.seq, entry.hash), entry.previous
            self.check_head(end, previous)
            if whole < size:
                stream.truncate(whole)
                os.fsync(stream.fileno())
        return end

    def _checked_end(self, known: _Known) -> Head:
        last = known.last
        end = Head() if last is None else Head(last.seq, last.hash)
        self.check_head(end, GENESIS if last is None else last.previous)
        return end

    def check_head(self, end: Head, previous: str) -> None:
        """The head names the last entry, or the one before when a crash came between the two.

        previous: the hash of the entry before the last. Raises WarehouseError.
        """
        head = self.head()
        if head == end or (end.seq and head == Head(end.seq - 1, previous)):
            return
        raise WarehouseError(
            f"the ledger ends at entry {end.seq}, its head names entry {head.seq}: "
            "the tail is cut or the head is not of this ledger",
            where=str(self.path),
            remedy=_RESTORE,
        )

    def deliveries(self) -> list[Entry]:
        """Accepted deliveries that count today, in order of arrival, without discarded ones."""
        return standing_deliveries(self.entries())

    def discard(self, sha256: str, reason: str, signed_by: str) -> Entry:
        """Withdraw a delivered file from every later run; its bytes and history stay.

        Raises UsageError without a reason or a name, WarehouseError when no standing delivery has
        these bytes. Delivering the same bytes again afterwards accepts them again.
        """
        reason, signed_by = stated("--reason", reason), stated("--signed-by", signed_by)

        def decide(entries: list[Entry]) -> tuple[str, Mapping[str, Any]]:
            if not any(item.body["sha256"] == sha256 for item in standing_deliveries(entries)):
                raise WarehouseError(
                    f"no accepted delivery has the sha256 {sha256}",
                    where=str(self.path),
                    remedy="take the sha256 from the list of deliveries",
                )
            return "discard", {"sha256": sha256, "reason": reason, "signed_by": signed_by}

        return self.append_with(decide)


def parsed(line: bytes, path: Path, number: int | None) -> Entry:
    """The entry on one line; number: which line of the file, when it is known."""
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise broken(path, number, "cannot be read") from error


def broken(path: Path, number: int | None, what: str) -> WarehouseError:
    """The error about one entry of a ledger."""
    named, place = ("", "last line") if number is None else (f" {number}", f"line {number}")
    return WarehouseError(f"ledger entry{named} {what}", where=f"{path}, {place}", remedy=_RESTORE)


def _line_start(stream: BinaryIO, end: int) -> int:
    """Where the line begins that holds the byte before `end`; after the last line end before."""
    while end > 0:
        start = max(0, end - _BLOCK_BYTES)
        stream.seek(start)
        found = stream.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
