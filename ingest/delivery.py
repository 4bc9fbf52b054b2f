"""One delivery: each file stored, read, conformed, landed and recorded, or refused with a reason.

Add here a reason to refuse a file before it is read. Keep out: formats (readers/), typing, tokens,
and what is done with one stored file (intake.py).
The ledger entry is written last, so what it names is already durable.
"""

import datetime as dt
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from contracts.base import FIRST_DAY
from contracts.catalogue import CONTRACTS
from foundation import disk
from foundation.errors import UsageError
from foundation.home import Home
from foundation.locks import shared
from ingest.conforming.containers import is_container, member_file, member_names
from ingest.conforming.control import find_manifest, is_manifest, pick_manifest
from ingest.conforming.jobs import UnpackJob
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.intake import (
    DeliveredFile,
    Desk,
    body_of,
    check_key,
    land,
    read_in_sandbox,
    record,
    record_refusal,
)
from ingest.outcomes import DeliveryOutcome, FileRefused
from ingest.sandbox import child
from ingest.senders.profile import STANDARD_SENDER, Output, load_profiles, profile_for
from ingest.store.landing import StoredInput, keep_name, scratch, store_input
from ingest.text.labels import shown_name
from ledger.chain import Ledger
from ledger.entries import standing_delivery

NO_SOURCE = "unknown"  # the `source` of a file that was refused before its source was known
Progress = Callable[[str, int, int], None]


def deliver(
    home: Home,
    paths: Sequence[Path],
    *,
    source: str | None = None,
    sender: str | None = None,
    received_date: dt.date,
    key: PseudonymKey,
    manifest: Path | None = None,
    on_progress: Progress | None = None,
) -> list[DeliveryOutcome]:
    """Take delivered files in; one outcome per file and source it yields, never an exception.

    sender: a profile's name, default `standard`. source: only that source of the profile. With
    neither, the source is the one that the file name begins with, or the XML document's own.
    A .gz or .zip is unpacked and each member delivered like a file of its own.
    manifest: the control manifest of these files; without it, the one that lies beside each file
    under the name that the profile states. Manifests among `paths` are not deliveries themselves.
    on_progress: called with (file name, number from 1, files) before each file.
    Raises UsageError for an unknown source or sender, a day of receipt before FIRST_DAY, a
    senseless limit or a manifest that the profile does not describe, WarehouseError when this home
    is bound to another pseudonymisation key, a profile or the ledger is damaged, the disk is full
    or the sandbox does not start.
    """
    if source is not None and source not in CONTRACTS:
        raise UsageError(
            f"unknown source {source!r}",
            where="--source",
            remedy=f"use one of {', '.join(CONTRACTS)}",
        )
    if received_date < FIRST_DAY:
        raise UsageError(
            f"received on {received_date}, before the first day that this warehouse keeps",
            where="--received-date",
            remedy=f"state the day of receipt, {FIRST_DAY} or later",
        )
    limits = child.Limits.from_environment()
    profiles = load_profiles(home.profiles)
    profile = profile_for(profiles, sender or STANDARD_SENDER, received_date)
    desk = Desk(home, Ledger(home.ledger), profile, source, received_date, key, limits)
    check_key(desk.ledger.entries(), key, home)
    if manifest is not None and profile.control is None:
        raise UsageError(
            f"the profile of sender {profile.sender!r} describes no manifest",
            where="--manifest",
            remedy="add [control] to the profile; ingest/profiles/standard.toml shows it",
        )
    files = [path for path in paths if not is_manifest(path.name, profile.control)] or list(paths)
    if files:
        child.warm_up()
    outcomes: list[DeliveryOutcome] = []
    with (
        shared(home.arriving_lock),
        disk.named_when_full(home.root, need=lambda: _size(files), what="a delivery"),
    ):
        for number, path in enumerate(files, start=1):
            if on_progress is not None:
                on_progress(shown_name(path.name), number, len(files))
            outcomes.extend(_deliver_path(desk, Path(path), manifest))
    return outcomes


def _size(files: Sequence[Path]) -> int:
    """Bytes that deliveries may take: the files as they are, and their rows."""
    return 2 * disk.bytes_of(map(Path, files))


def _deliver_path(desk: Desk, path: Path, manifest: Path | None) -> list[DeliveryOutcome]:
    try:
        _check_plain_file(path)
        stored = store_input(desk.home, path)
        stored_manifest = _stored_manifest(desk, path, manifest)
    except FileRefused as refusal:
        return [_refused_without_bytes(desk, path.name, refusal)]
    keep_name(desk.home, stored.sha256, path.name)
    file = DeliveredFile(path.name, (path.name,), stored, manifest=stored_manifest)
    return deliver_archive(desk, file) if is_container(path.name) else deliver_stored(desk, file)


def _stored_manifest(desk: Desk, path: Path, stated: Path | None) -> StoredInput | None:
    """The control manifest of a delivered file, stored like the file itself."""
    control = desk.profile.control
    if control is None:
        return None
    found = stated or find_manifest(path, control)
    if found is None:
        return None
    _check_plain_file(found)
    return store_input(desk.home, found)


def _check_plain_file(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise FileRefused("file_not_found", "there is no such file") from None
    except OSError as error:
        raise FileRefused("file_not_readable", str(error.strerror)) from error
    if not stat.S_ISREG(mode):
        raise FileRefused("not_a_plain_file", "a link, folder or device cannot be delivered")


def deliver_archive(desk: Desk, file: DeliveredFile) -> list[DeliveryOutcome]:
    """Take in every member of a stored .gz or .zip, or refuse it whole."""
    with scratch(desk.home) as folder:
        try:
            unpacked = _unpack(desk, file, folder)
        except FileRefused as refusal:
            return [record_refusal(desk, file, desk.source or NO_SOURCE, refusal)]
        # The archive was read to its end and is whole: only now does any member count.
        return [
            outcome
            for member in _with_manifests(desk, file, unpacked)
            for outcome in deliver_stored(desk, member)
        ]


def _with_manifests(
    desk: Desk, outer: DeliveredFile, members: list[DeliveredFile]
) -> list[DeliveredFile]:
    """The members that are deliveries, each with its manifest: a member, or that of the archive."""
    control = desk.profile.control
    if control is None:
        return members
    inner = {item.names[0]: item.stored for item in members if is_manifest(item.names[0], control)}
    deliveries = [item for item in members if item.names[0] not in inner]
    found = []
    for item in deliveries:
        name = pick_manifest(item.names[0], list(inner), control)
        found.append(replace(item, manifest=outer.manifest if name is None else inner[name]))
    return found or members


def _unpack(desk: Desk, outer: DeliveredFile, folder: Path) -> list[DeliveredFile]:
    """Every member of an archive, stored under its own content hash."""
    done = child.run(
        "ingest.conforming.containers:unpack",
        UnpackJob(
            outer.stored.path, outer.display, folder, desk.limits.member_bytes,
            desk.limits.archive_bytes, desk.limits.archive_members, desk.limits.archive_ratio,
        ),
        folder=folder,
        readable=(outer.stored.path,),
        limits=desk.limits,
    )  # fmt: skip
    names = done.result.get("members")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FileRefused("reader_crashed", "the unpacked members make no sense")
    members = [
        DeliveredFile(
            f"{outer.display}/{name}",
            (*member_names(name), *member_names(outer.display)),
            store_input(desk.home, folder / member_file(number)),
            outer.stored.sha256,
        )
        for number, name in enumerate(names)
    ]
    for member in members:
        keep_name(desk.home, member.stored.sha256, member.display)
    return members


def deliver_stored(desk: Desk, file: DeliveredFile) -> list[DeliveryOutcome]:
    """Take in stored bytes for every source that the profile says they hold."""
    try:
        found = outputs_of(desk, file)
    except FileRefused as refusal:
        return [record_refusal(desk, file, desk.source or NO_SOURCE, refusal)]
    return [_deliver_output(desk, file, output) for output in found]


def outputs_of(desk: Desk, file: DeliveredFile) -> tuple[Output, ...]:
    """The sources a file yields under the profile; FileRefused when that is not stated."""
    found = desk.profile.outputs_for(file.names[0], desk.source)
    if not found:
        offered = sorted({output.suffix or "any name" for output in desk.profile.outputs})
        raise FileRefused(
            "format_not_stated",
            f"sender {desk.profile.sender!r} states no layout for a file with this name"
            f"{'' if desk.source is None else f' and source {desk.source}'}; "
            f"it knows {', '.join(offered)}",
        )
    if desk.source is not None or desk.profile.sender != STANDARD_SENDER:
        return found
    if all(output.layout.format.endswith("_xml") for output in found):
        named = _source_of_xml(desk, file)
        found = tuple(output for output in found if (output.source, output.layout.format) == named)
    else:
        found = tuple(
            output for output in found if any(name.startswith(output.source) for name in file.names)
        )
    if not found:
        raise FileRefused(
            "source_not_stated",
            "neither the file name nor the document says which source this is; pass --source "
            f"({', '.join(CONTRACTS)}) or --sender, or begin the file name with the source",
        )
    return found


def _source_of_xml(desk: Desk, file: DeliveredFile) -> tuple[str, str] | None:
    with scratch(desk.home) as folder:
        done = child.run(
            "ingest.conforming.worker:source_of_xml", file.stored.path, folder=folder,
            readable=(file.stored.path,), modules=("ingest.readers.xml_documents",),
            limits=desk.limits,
        )  # fmt: skip
    named = done.result["source"]
    return None if named is None else (str(named[0]), str(named[1]))


def _deliver_output(desk: Desk, file: DeliveredFile, output: Output) -> DeliveryOutcome:
    if standing_delivery(desk.ledger.entries(), file.stored.sha256, output.source) is not None:
        return record(desk, body_of(desk, file, output.source, status="accepted"), ())
    with scratch(desk.home) as folder:
        try:
            read = read_in_sandbox(desk, file, output, folder)
            body = land(desk, file, output.source, read, folder)
        except FileRefused as refusal:
            return record_refusal(desk, file, output.source, refusal)
    return record(desk, body, read.warnings)


def _refused_without_bytes(desk: Desk, file_name: str, refusal: FileRefused) -> DeliveryOutcome:
    """There is nothing to keep, so nothing is recorded."""
    return DeliveryOutcome(
        file=shown_name(file_name), source=NO_SOURCE, sha256="", status="refused", rows_in=0,
        accepted=0, quarantined=0, duplicates=0, reason=str(refusal), sender=desk.profile.sender,
        received_date=desk.received_date,
    )  # fmt: skip
