"""Queue what a run has to tell, and empty the outbox: once, within a time, never raising for a
channel that is down.

Add here another moment at which notices are sent. Keep out: the media (channels/) and the states
(outbox.py).
"""

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import WarehouseBusy, WarehouseError
from foundation.home import Home
from foundation.locks import exclusive
from foundation.sealed import sealed_files
from notices.channels import folder, mail, webhook
from notices.channels.delivery import NotTaken
from notices.configuration import Configuration, load_configuration
from notices.message import RunFacts, notices_of
from notices.of_editions import EditionFacts, edition_notices
from notices.outbox import Notice, Outbox

TIMEOUT_SECONDS = 5.0  # of one network operation
RUN_END_SECONDS = 15.0  # a run waits no longer for all its channels together

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The clock that sending goes by; no figure depends on it."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Dispatched:
    """What one emptying did. is_busy: another process was at it, nothing was tried here.

    damaged: names of files in the outbox that are no notices.
    """

    sent: tuple[Notice, ...] = ()
    not_taken: tuple[Notice, ...] = ()
    is_busy: bool = False
    damaged: tuple[str, ...] = ()


def queue_for_run(home: Home, facts: RunFacts, *, now: dt.datetime) -> list[Notice]:
    """Queue one notice per channel that wants it; those queued before are left alone.

    Raises WarehouseError when notices.toml cannot be used, OSError when the disk cannot.
    """
    outbox = Outbox(home)
    made = notices_of(facts, load_configuration(home), now)
    return [notice for notice in made if outbox.queue(notice)]


def queue_for_edition(
    home: Home, facts: EditionFacts, channels: Sequence[str], *, now: dt.datetime
) -> list[Notice]:
    """Queue a released edition for the named channels; those queued before are left alone.

    Raises WarehouseError when notices.toml cannot be used, OSError when the disk cannot.
    """
    outbox = Outbox(home)
    made = edition_notices(facts, channels, load_configuration(home), now)
    return [notice for notice in made if outbox.queue(notice)]


def send_due(
    home: Home,
    *,
    only: Sequence[str] | None = None,
    clock: Clock = utc_now,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Dispatched:
    """Try every notice that is due (only: just these ids, due or not) once.

    Raises WarehouseError when notices.toml cannot be used: the notices stay queued.
    """
    outbox = Outbox(home)
    if not outbox.folder.is_dir():
        return Dispatched()
    configuration = load_configuration(home)
    sent: list[Notice] = []
    not_taken: list[Notice] = []
    try:
        with exclusive(outbox.lock, "sending notices"):
            for notice in outbox.waiting():
                if notice.id not in only if only is not None else not notice.is_due(clock()):
                    continue
                try:
                    _send(home, notice, configuration, clock, timeout_seconds)
                except NotTaken as error:
                    told = outbox.mark_error(notice, error.reason, clock(), is_final=error.is_final)
                    not_taken.append(told)
                else:
                    sent.append(outbox.mark_sent(notice, clock()))
            damaged = tuple(path.name for path in outbox.damaged())
    except WarehouseBusy:
        return Dispatched(is_busy=True)
    return Dispatched(tuple(sent), tuple(not_taken), damaged=damaged)


def send_within(home: Home, seconds: float = RUN_END_SECONDS) -> bool:
    """Try the due notices, but come back after `seconds` whatever the channels do.

    False when it was not finished: the notices are still in the outbox, and whoever empties it next
    goes on. A server that drips one byte a second cannot hold up a run.
    """
    problems: list[BaseException] = []

    def work() -> None:
        try:
            send_due(home)
        # Whatever it is, the caller below raises it in its own thread.
        except BaseException as error:  # noqa: BLE001
            problems.append(error)

    thread = threading.Thread(target=work, name="notices", daemon=True)
    thread.start()
    thread.join(seconds)
    if problems:
        raise problems[0]
    return not thread.is_alive()


def _send(
    home: Home, notice: Notice, configuration: Configuration, clock: Clock, timeout_seconds: float
) -> None:
    channel = configuration.channel(notice.channel)
    if channel is None:
        raise NotTaken("notices.toml no longer names this channel", is_final=True)
    if channel.medium == "webhook":
        assert channel.secret_variable is not None
        webhook.send(notice, channel.address, channel.secret_variable, clock(), timeout_seconds)
        return
    files = _sealed(home, notice)
    if channel.medium == "folder":
        folder.send(notice, files, Path(channel.address))
        return
    assert configuration.mail is not None
    mail.send(notice, configuration.mail, channel.address, timeout_seconds, files)


def _sealed(home: Home, notice: Notice) -> Mapping[str, bytes]:
    """The files of the edition that a notice brings; {} for one that brings none."""
    if not notice.edition:
        return {}
    try:
        return sealed_files(home.root / notice.edition, notice.manifest_sha256)
    except WarehouseError as error:
        # Nothing else may go out under its name; a person restores it and tries again.
        raise NotTaken(f"the filed edition: {error.what}", is_final=True) from error
