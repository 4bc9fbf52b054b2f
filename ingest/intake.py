"""One stored file and one source: read and conformed in the sandbox, landed, recorded.

What deliver and replay share. Add here what every accepted or refused file must leave behind.
Keep out: which files and sources there are (delivery.py), which entry counts (ledger.py).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.conforming.jobs import ACCEPTED_FILE, QUARANTINE_FILE, ReadJob
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.outcomes import DeliveryOutcome, FileRefused
from ingest.readers.registry import reader_address
from ingest.sandbox import child
from ingest.senders.profile import Output, SenderProfile, is_expected
from ingest.senders.profile_document import ENCODINGS
from ingest.store.landing import (
    StoredInput,
    put_under_free_name,
    quarantine_folder,
    raw_folder,
)
from ingest.text.labels import shown_name
from ledger.chain import Ledger
from ledger.entries import Entry, bound_key_id, standing_delivery

_COUNTS = ("rows_in", "accepted", "quarantined", "duplicates")
_MOST_WARNINGS, _WARNING_CHARACTERS = 50, 1_000
_VARIANT_CHARACTERS = 12


@dataclass(frozen=True)
class Desk:
    """What is the same for every file of one call. stated: goes into every ledger body."""

    home: Home
    ledger: Ledger
    profile: SenderProfile
    source: str | None
    received_date: dt.date
    key: PseudonymKey
    limits: child.Limits
    stated: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DeliveredFile:
    """Stored bytes and their names. display: as delivered, `outer.zip/member.csv` for a member.

    names: what may state layout and source, the member's own name before the archive's.
    container_sha256: of the archive the bytes came in. manifest: the stored control manifest.
    """

    display: str
    names: tuple[str, ...]
    stored: StoredInput
    container_sha256: str | None = None
    manifest: StoredInput | None = None


@dataclass(frozen=True)
class Read:
    """What the child says of one file and source; the rows lie in its folder."""

    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    day_min: dt.date | None
    day_max: dt.date | None
    warnings: tuple[str, ...]
    encoding: str | None

    @classmethod
    def from_child(cls, result: Mapping[str, Any]) -> "Read":
        """The result checked, because a child that was taken over wrote it too."""
        try:
            counts = {name: result[name] for name in _COUNTS}
            days = {
                name: None if result[name] is None else dt.date.fromisoformat(result[name])
                for name in ("day_min", "day_max")
            }
            warnings = [str(text)[:_WARNING_CHARACTERS] for text in result["warnings"]]
            encoding = result["encoding"]
        except (KeyError, TypeError, ValueError) as error:
            raise FileRefused("reader_crashed", "the reader's result makes no sense") from error
        is_whole = all(type(value) is int and value >= 0 for value in counts.values())
        if not is_whole or counts["rows_in"] != sum(counts[name] for name in _COUNTS[1:]):
            raise FileRefused("reader_crashed", "the reader's counts make no sense")
        if (days["day_min"] is None) != (counts["accepted"] == 0):
            raise FileRefused("reader_crashed", "the reader's days make no sense")
        if encoding is not None and encoding not in ENCODINGS:
            raise FileRefused("reader_crashed", "the reader's encoding makes no sense")
        return cls(
            **counts,
            day_min=days["day_min"],
            day_max=days["day_max"],
            warnings=tuple(warnings[:_MOST_WARNINGS]),
            encoding=encoding,
        )


def read_in_sandbox(desk: Desk, file: DeliveredFile, output: Output, folder: Path) -> Read:
    """Read and conform into `folder`. Raises FileRefused, also when the reader dies."""
    control, manifest = desk.profile.control, file.manifest
    if control is not None and control.required and manifest is None:
        raise FileRefused("manifest_missing", f"no file ending in {control.suffix!r} beside it")
    expected = is_expected(desk.profile, output.source, desk.received_date)
    outer, _, inner = file.display.partition("/")
    reader = reader_address(output.layout.format)
    done = child.run(
        "ingest.conforming.worker:read_and_conform",
        ReadJob(
            path=file.stored.path, sha256=file.stored.sha256, source=output.source,
            layout=output.layout, reader=reader, sender=desk.profile.sender,
            received_date=desk.received_date, key=desk.key, folder=folder,
            memory=desk.limits.memory // 2, control=control,
            manifest=None if manifest is None else manifest.path,
            names=(file.display, inner, file.names[0]),
            archive_names=(outer,) if inner else (),
            archive_sha256=file.container_sha256, may_be_empty=expected is False,
        ),
        folder=folder,
        readable=(file.stored.path, *(() if manifest is None else (manifest.path,))),
        modules=(reader.split(":")[0],),
        limits=desk.limits,
    )  # fmt: skip
    return Read.from_child(done.result)


def land(desk: Desk, file: DeliveredFile, source: str, read: Read, folder: Path) -> dict[str, Any]:
    """Put the rows at rest; the ledger body that names them. Nothing counts before its entry."""
    variant = desk.profile.sha256[:_VARIANT_CHARACTERS]
    raw_file, raw_sha256 = put_under_free_name(
        folder / ACCEPTED_FILE, raw_folder(desk.home, source, desk.received_date),
        file.stored.sha256, variant,
    )  # fmt: skip
    quarantine_file = quarantine_sha256 = None
    if read.quarantined:
        quarantine_file, quarantine_sha256 = put_under_free_name(
            folder / QUARANTINE_FILE, quarantine_folder(desk.home, source),
            file.stored.sha256, variant,
        )  # fmt: skip
    return body_of(
        desk, file, source, status="accepted",
        rows_in=read.rows_in,
        accepted=read.accepted,
        quarantined=read.quarantined,
        duplicates=read.duplicates,
        day_min=None if read.day_min is None else read.day_min.isoformat(),
        day_max=None if read.day_max is None else read.day_max.isoformat(),
        raw_file=str(raw_file.relative_to(desk.home.root)),
        raw_sha256=raw_sha256,
        quarantine_file=(
            None if quarantine_file is None else str(quarantine_file.relative_to(desk.home.root))
        ),
        quarantine_sha256=quarantine_sha256,
        encoding=read.encoding,
        warnings=list(read.warnings),
    )  # fmt: skip


def body_of(desk: Desk, file: DeliveredFile, source: str, **stated: Any) -> dict[str, Any]:
    """A delivery body of the ledger: what is not stated is none or 0."""
    empty: dict[str, Any] = dict.fromkeys(
        (
            "reason", "day_min", "day_max", "raw_file", "raw_sha256", "quarantine_file",
            "quarantine_sha256",
        )
    )  # fmt: skip
    return {
        "file": shown_name(file.display),
        "source": source,
        "sender": desk.profile.sender,
        "sha256": file.stored.sha256,
        "container_sha256": file.container_sha256,
        "manifest_sha256": None if file.manifest is None else file.manifest.sha256,
        "received_date": desk.received_date.isoformat(),
        "profile_sha256": desk.profile.sha256,
        "key_id": desk.key.key_id,
        **empty,
        **dict.fromkeys(_COUNTS, 0),
        "encoding": None,
        "warnings": [],
        **desk.stated,
        **stated,
    }


def check_key(entries: list[Entry], key: PseudonymKey, home: Home) -> None:
    """WarehouseError when this home holds tokens of another key."""
    bound = bound_key_id(entries)
    if bound is not None and bound != key.key_id:
        raise WarehouseError(
            f"this home holds tokens of key {bound!r}; tokens of key {key.key_id!r} would never "
            "match them",
            where=str(home.root),
            remedy=f"use the key {bound!r}, or start a new home for the new key",
        )


def record_refusal(
    desk: Desk, file: DeliveredFile, source: str, refusal: FileRefused, **stated: Any
) -> DeliveryOutcome:
    """Write that these bytes were refused; they are kept, and load nothing."""
    body = body_of(desk, file, source, status="refused", reason=str(refusal), **stated)
    return outcome_of(desk.ledger.append("delivery", body).body)


def record(desk: Desk, body: Mapping[str, Any], warnings: tuple[str, ...]) -> DeliveryOutcome:
    """Write the ledger entry and tell what it says. Of two equal deliveries the first counts."""

    def decide(entries: list[Entry]) -> tuple[str, Mapping[str, Any]]:
        check_key(entries, desk.key, desk.home)
        first = standing_delivery(entries, body["sha256"], body["source"])
        if first is None:
            return "delivery", body
        rows = first.body["rows_in"]
        note = f"already_delivered: as entry {first.seq} on {first.body['received_date']}"
        return "delivery", {
            **body, "status": "duplicate", "rows_in": rows, "duplicates": rows, "accepted": 0,
            "quarantined": 0, "reason": note, "day_min": None, "day_max": None,
            "raw_file": None, "raw_sha256": None, "quarantine_file": None,
            "quarantine_sha256": None,
        }  # fmt: skip

    return replace(outcome_of(desk.ledger.append_with(decide).body), warnings=warnings)


def outcome_of(body: Mapping[str, Any]) -> DeliveryOutcome:
    """The outcome that a ledger body tells."""

    def day(name: str) -> dt.date | None:
        return None if body[name] is None else dt.date.fromisoformat(body[name])

    return DeliveryOutcome(
        file=body["file"],
        source=body["source"],
        sha256=body["sha256"],
        status=body["status"],
        rows_in=body["rows_in"],
        accepted=body["accepted"],
        quarantined=body["quarantined"],
        duplicates=body["duplicates"],
        reason=body["reason"],
        sender=body["sender"],
        received_date=day("received_date"),
        day_min=day("day_min"),
        day_max=day("day_max"),
        warnings=tuple(body.get("warnings", ())),
        encoding=body.get("encoding"),
    )
