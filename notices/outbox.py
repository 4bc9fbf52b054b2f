"""The outbox: one JSON file per notice and channel, so that a dead channel never loses a notice.

    queued --sent--> sent (moved to outbox/sent/)
    queued --error--> queued, later and later; given up or refused for good --> failed
    failed --retry--> queued

Add here a fact of a notice. Keep out: how it is sent (channels/), when a run queues one.
At least once: a process that dies between sending and marking sends again, with the same
Message-ID and notice id, by which the receiver knows it.
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from foundation.errors import UsageError, WarehouseError
from foundation.files import canonical_json, fsync_directory, write_atomically
from foundation.home import Home

State = Literal["queued", "sent", "failed"]
SCHEMA_VERSION = 1
FIRST_DELAY_SECONDS = 60
LONGEST_DELAY_SECONDS = 6 * 3600
MOST_ATTEMPTS = 20  # with the delays above: about three days


@dataclass(frozen=True)
class Notice:
    """What is to be told to one channel. Times are UTC, ISO 8601.

    id: the same for the same run, kind and channel, hence also the deduplication key. edition: the
    folder of a filed report that goes with it, below the home; manifest_sha256: what seals it.
    """

    id: str
    run_id: str
    kind: str
    channel: str
    subject: str
    text: str
    created_at: str
    state: State = "queued"
    attempts: int = 0
    next_attempt_at: str = ""
    last_error: str = ""
    sent_at: str = ""
    schema_version: int = SCHEMA_VERSION
    edition: str = ""
    manifest_sha256: str = ""

    def is_due(self, now: dt.datetime) -> bool:
        """Whether it is queued and its time has come."""
        return self.state == "queued" and self.next_attempt_at <= stamp(now)


def notice_id(run_id: str, kind: str, channel: str) -> str:
    """Short, stable and harmless as a file name."""
    return hashlib.sha256(f"{run_id}\0{kind}\0{channel}".encode()).hexdigest()[:20]


def stamp(moment: dt.datetime) -> str:
    """UTC with seconds: text order is time order."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


class Outbox:
    """The notices of one home; a folder that does not exist yet is empty."""

    def __init__(self, home: Home) -> None:
        self.folder = home.root / "outbox"
        self.sent_folder = self.folder / "sent"

    @property
    def lock(self) -> Path:
        """Lock file of whoever sends: two processes never send the same notice at once."""
        return self.folder / "sending.lock"

    def queue(self, notice: Notice) -> bool:
        """Keep a notice durably; False when the same one was queued or sent before."""
        if self._path(notice.id).exists() or self._sent_path(notice.id).exists():
            return False
        self._write(notice)
        return True

    def waiting(self) -> Iterator[Notice]:
        """Queued and failed notices, oldest first; a file that is no notice is `damaged`.

        A sent one that a crash left here is put away.
        """
        damaged = set(self.damaged())
        paths = [path for path in sorted(self.folder.glob("*.json")) if path not in damaged]
        found = [self._read(path) for path in paths]
        for notice in sorted(found, key=lambda item: (item.created_at, item.id)):
            if notice.state == "sent":
                self._put_away(notice)
            else:
                yield notice

    def damaged(self) -> list[Path]:
        """Files that are no notices: shown to people, never in the way of the others."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                self._read(path)
            except WarehouseError:
                found.append(path)
        return found

    def sent(self, count: int) -> list[Notice]:
        """The notices that were sent last, at most `count`, newest first."""
        if not self.sent_folder.is_dir():
            return []
        newest = sorted(
            self.sent_folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True
        )
        return [self._read(path) for path in newest[:count]]

    def mark_sent(self, notice: Notice, now: dt.datetime) -> Notice:
        """Remember that the channel took it."""
        done = replace(
            notice, state="sent", attempts=notice.attempts + 1, sent_at=stamp(now), last_error=""
        )
        self._write(done)
        self._put_away(done)
        return done

    def mark_error(self, notice: Notice, error: str, now: dt.datetime, *, is_final: bool) -> Notice:
        """Remember that it was not taken, and when to try again; is_final: never by itself."""
        attempts = notice.attempts + 1
        gave_up = is_final or attempts >= MOST_ATTEMPTS
        delay = min(FIRST_DELAY_SECONDS * 2 ** (attempts - 1), LONGEST_DELAY_SECONDS)
        changed = replace(
            notice,
            state="failed" if gave_up else "queued",
            attempts=attempts,
            next_attempt_at="" if gave_up else stamp(now + dt.timedelta(seconds=delay)),
            last_error=error,
        )
        self._write(changed)
        return changed

    def requeue(self, notice: Notice) -> Notice:
        """Start again with a notice: due now, attempts counted from nought."""
        changed = replace(notice, state="queued", attempts=0, next_attempt_at="")
        self._write(changed)
        return changed

    def find(self, prefix: str) -> Notice:
        """The one waiting notice whose id begins so; UsageError when none or several do."""
        found = [notice for notice in self.waiting() if notice.id.startswith(prefix)]
        if len(found) != 1:
            raise UsageError(
                f"{len(found)} waiting notices have an id that begins with {prefix!r}",
                where=str(self.folder),
                remedy="see `import-risk notices list`",
            )
        return found[0]

    def _path(self, identifier: str) -> Path:
        return self.folder / f"{identifier}.json"

    def _sent_path(self, identifier: str) -> Path:
        return self.sent_folder / f"{identifier}.json"

    def _write(self, notice: Notice) -> None:
        write_atomically(self._path(notice.id), canonical_json(asdict(notice)) + "\n")

    def _put_away(self, notice: Notice) -> None:
        self.sent_folder.mkdir(exist_ok=True)
        os.replace(self._path(notice.id), self._sent_path(notice.id))
        fsync_directory(self.sent_folder)
        fsync_directory(self.folder)

    def _read(self, path: Path) -> Notice:
        try:
            return Notice(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise WarehouseError(
                f"a file of the outbox is not a notice ({type(error).__name__})",
                where=str(path),
                remedy="move it out of the outbox; the other notices are untouched",
            ) from error
