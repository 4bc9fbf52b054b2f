"""Editions of reports: filed once and for ever, released by a person, sent through the outbox.

Defines: `file_edition`, `draft_of`, `approve`, `release_unasked`, `queue_released`,
`filed_editions`. An edition comes to rest as `editions/<report>-<month>-<edition>-v<number>/` with
its ledger entry; a release is an entry that names its manifest. A process may die between any two
steps: a folder without an entry is replaced by the next filing, a release without notices is queued
by whoever empties the outbox next.
Add here another thing that happens to a filed edition. Keep out: what it says (reports/), who gets
it (notices.toml) and how it is sent (notices/).
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from contracts.facts import Words
from disclosure.tidy import Edition as TreatedCells
from foundation import locks
from foundation.decision import stated
from foundation.errors import UsageError
from foundation.faults import fault_point
from foundation.files import (
    canonical_json,
    fsync_directory,
    read_json,
    sha256_file,
    write_atomically,
)
from foundation.home import Home
from foundation.sealed import MANIFEST, sealed_file, sealed_files
from ledger.chain import Ledger
from ledger.editions import EDITION, RELEASED, WITHDRAWN, Edition, editions
from notices.configuration import load_configuration
from notices.dispatch import Dispatched, queue_for_edition, send_due, utc_now
from notices.of_editions import KIND, EditionFacts
from notices.outbox import Notice, notice_id
from reports.impact.bundle import CONTENT, write
from reports.impact.content import changes, content_of, figures_of
from reports.impact.figures import LANGUAGES
from reports.impact.model import Code, Report, Status, Vintage
from reports.impact.spoken import EDITIONS
from reports.impact.vintages import STATUS_WORDS, Told, vintage_of, with_vintage

_READ_ONLY = 0o440
_Document = Mapping[str, Any]


def filed_editions(home: Home) -> list[Edition]:
    """Every filed edition that was not withdrawn, in order of filing."""
    return [one for one in editions(Ledger(home.ledger).entries()) if not one.is_withdrawn]


def draft_of(home: Home, report: Report) -> Report:
    """The report as it would be filed now, for a look: it has no number and is not kept."""
    known = filed_editions(home)
    vintage = vintage_of(report, None, _sent_last(home, _of(known, report)), "")
    return with_vintage(report, vintage, _told(home, known, report))


def file_edition(home: Home, report: Report, treated: TreatedCells | None, reason: str) -> Edition:
    """Bring a report to rest in both languages; the edition, which may be one filed before.

    The same figures with the same status are the edition that is there already. Other figures than
    those that were sent with this status are a correction, which needs a reason. Raises UsageError
    (see `vintage_of`), WarehouseError when a filed edition was changed.
    """
    content = content_of(report)
    with _lock(home):
        known = filed_editions(home)
        own = _of(known, report)
        if same := _same(home, own, report, content, reason):
            for one in own[own.index(same) + 1 :]:
                Ledger(home.ledger).append(WITHDRAWN, _body(one))
            return same
        every = editions(Ledger(home.ledger).entries())
        number = 1 + max((one.number for one in _of(every, report)), default=0)
        vintage = vintage_of(report, number, _sent_last(home, own), reason)
        told = with_vintage(report, vintage, _told(home, known, report))
        folder = _laid_down(home, told, treated, content, vintage)
        fault_point("edition_in_place")
        body: dict[str, Any] = {
            "report": report.kind,
            "month": f"{report.month:%Y-%m}",
            "edition": report.edition,
            "number": number,
            "status": report.status,
            "code": vintage.code,
            "replaces": vintage.replaces,
            "reason": vintage.reason,
            "folder": folder.relative_to(home.root).as_posix(),
            "manifest_sha256": sha256_file(folder / MANIFEST),
        }
        entry = Ledger(home.ledger).append(EDITION, body)
        fault_point("edition_recorded")
        return Edition(**body, at=entry.at)


def approve(
    home: Home, report: str, month: str, edition: str, *, signed_by: str, number: int | None = None
) -> tuple[Edition, Dispatched]:
    """Release the newest filed edition of a month and send it; once released it is only sent on.

    number: that of the edition which was read. Asked again it is sent to whom the settings list by
    now and who does not have it yet. Raises UsageError when nothing is filed, nobody signs or the
    newest has another number, WarehouseError when a file was changed.
    """
    signed_by = stated("--signed-by", signed_by)
    with _lock(home):
        own = [
            one
            for one in filed_editions(home)
            if (one.report, one.month, one.edition) == (report, month, edition)
        ]
        if not own:
            raise UsageError(
                f"no edition {report}/{edition} of {month} is filed",
                where=str(home.editions),
                remedy=f"write it first: `import-risk report {report} --month {month}"
                + (" --edition public`" if edition == "public" else "`"),
            )
        newest = own[-1]
        if number not in (None, newest.number):
            raise UsageError(
                f"the newest edition is {newest.name}, not number {number}",
                where="--number",
                remedy=f"read it before it is signed: {home.root / newest.folder}",
            )
        if not newest.is_released:
            newest = _release(home, newest, signed_by)
        _queue(home, newest, [*newest.channels, *_listed(home, newest)])
    return newest, _send(home, newest)


def release_unasked(home: Home, edition: Edition) -> tuple[Edition, Dispatched | None]:
    """Release a filed edition where the home asks for no approval and lists somebody for it."""
    if load_configuration(home).asks_approval or not _listed(home, edition):
        return edition, None
    with _lock(home):
        if not edition.is_released:
            edition = _release(home, edition, "")
    queue_released(home)
    return edition, _send(home, edition)


def queue_released(home: Home) -> list[Notice]:
    """Queue what was released and did not get as far; nothing that was queued before."""
    queued: list[Notice] = []
    if not home.editions.is_dir():
        return queued
    with _lock(home):
        for one in filed_editions(home):
            queued += _queue(home, one, one.channels)
    return queued


def _queue(home: Home, edition: Edition, channels: Sequence[str]) -> list[Notice]:
    """Queue an edition for those of the channels that it was not queued for yet. Who was is kept
    beside the edition: an outbox that somebody emptied by hand sends nothing again."""
    path = home.editions / f"{edition.name}.queued.json"
    before = list((read_json(path) or {"channels": []})["channels"])
    missing = [name for name in dict.fromkeys(channels) if name not in before]
    if not missing:
        return []
    queued = queue_for_edition(home, _facts(home, edition), missing, now=utc_now())
    write_atomically(path, canonical_json({"channels": [*before, *missing]}) + "\n")
    return queued


def _lock(home: Home) -> AbstractContextManager[None]:
    return locks.exclusive(home.editions / ".lock", "filing and releasing editions", wait=True)


def _release(home: Home, edition: Edition, signed_by: str) -> Edition:
    sealed_files(home.root / edition.folder, edition.manifest_sha256)
    body = {
        **_body(edition),
        "signed_by": signed_by,
        "channels": _listed(home, edition),
    }
    Ledger(home.ledger).append(RELEASED, body)
    fault_point("release_of_edition_recorded")
    return next(one for one in filed_editions(home) if one.folder == edition.folder)


def _body(edition: Edition) -> dict[str, object]:
    return {
        "report": edition.report,
        "month": edition.month,
        "edition": edition.edition,
        "number": edition.number,
        "manifest_sha256": edition.manifest_sha256,
    }


def _listed(home: Home, edition: Edition) -> list[str]:
    """Names of the channels that the settings list for an edition."""
    channels = load_configuration(home).channels
    return [channel.name for channel in channels if edition.audience in channel.editions]


def _send(home: Home, edition: Edition) -> Dispatched:
    listed = dict.fromkeys([*edition.channels, *_listed(home, edition)])
    return send_due(home, only=[notice_id(edition.name, KIND, name) for name in listed])


def _facts(home: Home, edition: Edition) -> EditionFacts:
    folder = home.root / edition.folder
    manifest = json.loads(sealed_file(folder, edition.manifest_sha256, MANIFEST))
    banner = manifest["banner"]
    return EditionFacts(
        edition,
        Words(**manifest["title"]),
        STATUS_WORDS[manifest["status"]],
        EDITIONS[manifest["edition"]],
        Words(**banner) if banner else None,
    )


def _of(known: Sequence[Edition], report: Report) -> list[Edition]:
    month = f"{report.month:%Y-%m}"
    return [
        one
        for one in known
        if (one.report, one.month, one.edition) == (report.kind, month, report.edition)
    ]


def _same(
    home: Home, own: Sequence[Edition], report: Report, content: _Document, reason: str
) -> Edition | None:
    """The edition that tells exactly this: the newest, or the last that was sent."""
    sent = [one for one in own if one.is_released]
    for one in (*own[-1:], *sent[-1:]):
        is_final = one.is_released or not reason.strip() or reason.strip() == one.reason
        if one.status == report.status and is_final and not changes(_content(home, one), content):
            return one
    return None


def _sent_last(home: Home, own: Sequence[Edition]) -> tuple[Status, int, _Document] | None:
    sent = [one for one in own if one.is_released]
    if not sent:
        return None
    return cast(Status, sent[-1].status), sent[-1].number, _content(home, sent[-1])


def _told(home: Home, known: Sequence[Edition], report: Report) -> list[Told]:
    """What was sent of every month in the report's edition."""
    return [
        Told(
one.month, one.number, cast(Status, one.status), cast(Code, one.code),
            content["tables"][0]["rows"][0][1]["day"], figures_of(content),
        )
        for one in known
        if one.is_released and (one.report, one.edition) == (report.kind, report.edition)
        for content in [_content(home, one)]
    ]  # fmt: skip


def _content(home: Home, edition: Edition) -> _Document:
    folder = home.root / edition.folder
    document: _Document = json.loads(sealed_file(folder, edition.manifest_sha256, CONTENT))
    return document


def _laid_down(
    home: Home, report: Report, treated: TreatedCells | None, content: _Document, vintage: Vintage
) -> Path:
    """Write the folder of an edition, whole or not at all. One of that name was never recorded: a
    process died before it could be; the new one takes its place."""
    for leftover in home.editions.glob(".*.tmp"):
        shutil.rmtree(leftover)
    target = home.editions / f"{report.stem}-v{vintage.number}"
    incoming = home.editions / f".{target.name}.{os.getpid()}.tmp"
    for path in write(report, LANGUAGES, incoming, treated, content):
        path.chmod(_READ_ONLY)
    if target.exists():
        shutil.rmtree(target)
    os.replace(incoming, target)
    fsync_directory(home.editions)
    return target
