"""One delivery: each file stored, read, conformed, landed and recorded, or refused with a reason.

Add here a reason to refuse a file before it is read. Keep out: formats (readers/), typing, tokens.
The ledger entry is written last, so what it names is already durable.
"""

import datetime as dt
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ingest.conform import Conformed, Provenance, conform
from ingest.contracts.catalog import CONTRACTS
from ingest.landing import (
    StoredInput,
    put_in_place,
    quarantine_path,
    raw_path,
    scratch,
    store_input,
    write_quarantine,
)
from ingest.ledger import Entry, Ledger, bound_key_id, standing_deliveries
from ingest.outcomes import DeliveryOutcome, FileRefused
from ingest.pseudonymise import PseudonymKey
from ingest.readers.registry import reader_for
from ingest.senders import (
    STANDARD_SENDER,
    Output,
    SenderProfile,
    load_profiles,
    profile_for,
)

NO_SOURCE = "unknown"  # the `source` of a file that was refused before its source was known
MEMORY_LIMIT = "3GB"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class _Desk:
    """What is the same for every file of one call."""

    home: Home
    ledger: Ledger
    profile: SenderProfile
    source: str | None
    received_date: dt.date
    key: PseudonymKey


def deliver(
    home: Home,
    paths: Sequence[Path],
    *,
    source: str | None = None,
    sender: str | None = None,
    received_date: dt.date,
    key: PseudonymKey,
    on_progress: Progress | None = None,
) -> list[DeliveryOutcome]:
    """Take delivered files in; one outcome per file and source it yields, never an exception.

    sender: a profile's name, default `standard`. source: only that source of the profile. With
    neither, the source is the one that the file name begins with, or the XML document's own.
    on_progress: called with (file name, number from 1, files) before each file.
    Raises UsageError for an unknown source or sender, WarehouseError when this home is bound to
    another pseudonymisation key or a profile or the ledger is damaged.
    """
    if source is not None and source not in CONTRACTS:
        raise UsageError(
            f"unknown source {source!r}",
            where="--source",
            remedy=f"use one of {', '.join(CONTRACTS)}",
        )
    profiles = load_profiles(home.profiles)
    profile = profile_for(profiles, sender or STANDARD_SENDER, received_date)
    desk = _Desk(home, Ledger(home.ledger), profile, source, received_date, key)
    _check_key(desk.ledger.entries(), key, home)
    outcomes: list[DeliveryOutcome] = []
    for number, path in enumerate(paths, start=1):
        if on_progress is not None:
            on_progress(path.name, number, len(paths))
        outcomes.extend(_deliver_file(desk, Path(path)))
    return outcomes


def _check_key(entries: list[Entry], key: PseudonymKey, home: Home) -> None:
    bound = bound_key_id(entries)
    if bound is not None and bound != key.key_id:
        raise WarehouseError(
            f"this home holds tokens of key {bound!r}; tokens of key {key.key_id!r} would never "
            "match them",
            where=str(home.root),
            remedy=f"use the key {bound!r}, or start a new home for the new key",
        )


def _deliver_file(desk: _Desk, path: Path) -> list[DeliveryOutcome]:
    problem = _not_a_plain_file(path)
    if problem is not None:
        return [_refused(desk, path.name, NO_SOURCE, "", problem)]
    stored = store_input(desk.home, path)
    try:
        outputs = _outputs(desk, path.name, stored.path)
    except FileRefused as refusal:
        return [_record_refusal(desk, path.name, desk.source or NO_SOURCE, stored, refusal)]
    return [_deliver_output(desk, path.name, stored, output) for output in outputs]


def _not_a_plain_file(path: Path) -> FileRefused | None:
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return FileRefused("file_not_found", "there is no such file")
    if not stat.S_ISREG(mode):
        return FileRefused("not_a_plain_file", "a link, folder or device cannot be delivered")
    return None


def _outputs(desk: _Desk, file_name: str, path: Path) -> tuple[Output, ...]:
    """The sources a file yields under the profile; FileRefused when that is not stated."""
    found = desk.profile.outputs_for(file_name, desk.source)
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
        named = import_module("ingest.readers.xml_documents").source_of_xml(path)
        found = tuple(output for output in found if (output.source, output.layout.format) == named)
    else:
        found = tuple(output for output in found if file_name.startswith(output.source))
    if not found:
        raise FileRefused(
            "source_not_stated",
            "neither the file name nor the document says which source this is; pass --source "
            f"({', '.join(CONTRACTS)}) or --sender, or begin the file name with the source",
        )
    return found


def _deliver_output(
    desk: _Desk, file_name: str, stored: StoredInput, output: Output
) -> DeliveryOutcome:
    entries = desk.ledger.entries()
    if _earlier(entries, stored.sha256, output.source) is not None:
        return _record(desk, _body(desk, file_name, output.source, stored, status="accepted"), ())
    with scratch(desk.home) as folder:
        try:
            conformed, warnings = _read_and_conform(desk, stored, output, folder)
        except FileRefused as refusal:
            return _record_refusal(desk, file_name, output.source, stored, refusal)
        body = _land(desk, file_name, stored, output.source, conformed, folder)
    return _record(desk, body, warnings)


def _read_and_conform(
    desk: _Desk, stored: StoredInput, output: Output, folder: Path
) -> tuple[Conformed, tuple[str, ...]]:
    contract = CONTRACTS[output.source]
    provenance = Provenance(desk.profile.sender, desk.received_date, stored.sha256)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(folder / "spill"),
        "preserve_insertion_order": "true",
        "autoinstall_known_extensions": "false",
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute("set TimeZone = 'UTC'")
        try:
            read = reader_for(output.layout.format)(
                connection, stored.path, contract, output.layout
            )
            conformed = conform(
                connection, read, contract, output.layout, provenance, desk.key,
                folder / "accepted.parquet",
            )  # fmt: skip
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise FileRefused(
                "not_readable_as_stated", f"the {output.layout.format} reader gave up: "
                f"{type(error).__name__}",
            ) from error  # fmt: skip
    accounted = conformed.accepted + conformed.quarantined + conformed.duplicates
    if conformed.rows_in != accounted:
        raise WarehouseError(
            f"{conformed.rows_in} rows came in, {accounted} are accounted for",
            where=str(stored.path),
            remedy="this is a defect of the warehouse: report it; nothing was accepted",
        )
    return conformed, read.warnings


def _land(
    desk: _Desk, file_name: str, stored: StoredInput, source: str, conformed: Conformed,
    folder: Path,
) -> dict[str, Any]:  # fmt: skip
    target = raw_path(desk.home, source, desk.received_date, stored.sha256)
    raw_sha256 = put_in_place(folder / "accepted.parquet", target)
    quarantine_file = None
    if conformed.quarantined:
        quarantine = quarantine_path(desk.home, source, stored.sha256)
        write_quarantine(
            conformed.violations, folder, quarantine, source=source, sha256=stored.sha256
        )
        quarantine_file = str(quarantine.relative_to(desk.home.root))
    return _body(
        desk, file_name, source, stored, status="accepted",
        rows_in=conformed.rows_in,
        accepted=conformed.accepted,
        quarantined=conformed.quarantined,
        duplicates=conformed.duplicates,
        day_min=None if conformed.day_min is None else conformed.day_min.isoformat(),
        day_max=None if conformed.day_max is None else conformed.day_max.isoformat(),
        raw_file=str(target.relative_to(desk.home.root)),
        raw_sha256=raw_sha256,
        quarantine_file=quarantine_file,
    )  # fmt: skip


def _body(
    desk: _Desk, file_name: str, source: str, stored: StoredInput, **stated: Any
) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(
        ("reason", "day_min", "day_max", "raw_file", "raw_sha256", "quarantine_file")
    )
    counts = dict.fromkeys(("rows_in", "accepted", "quarantined", "duplicates"), 0)
    return {
        "file": file_name,
        "source": source,
        "sender": desk.profile.sender,
        "sha256": stored.sha256,
        "received_date": desk.received_date.isoformat(),
        "profile_sha256": desk.profile.sha256,
        "key_id": desk.key.key_id,
        **empty,
        **counts,
        **stated,
    }


def _earlier(entries: list[Entry], sha256: str, source: str) -> Entry | None:
    for entry in standing_deliveries(entries):
        if (entry.body["sha256"], entry.body["source"]) == (sha256, source):
            return entry
    return None


def _record_refusal(
    desk: _Desk, file_name: str, source: str, stored: StoredInput, refusal: FileRefused
) -> DeliveryOutcome:
    body = _body(desk, file_name, source, stored, status="refused", reason=str(refusal))
    return _record(desk, body, ())


def _record(desk: _Desk, body: Mapping[str, Any], warnings: tuple[str, ...]) -> DeliveryOutcome:
    """Write the ledger entry and tell what it says. Of two equal deliveries the first counts."""

    def decide(entries: list[Entry]) -> tuple[str, Mapping[str, Any]]:
        if body["status"] != "accepted":
            return "delivery", body
        _check_key(entries, desk.key, desk.home)
        first = _earlier(entries, body["sha256"], body["source"])
        if first is None:
            return "delivery", body
        rows = first.body["rows_in"]
        note = f"already_delivered: as entry {first.seq} on {first.body['received_date']}"
        return "delivery", {
            **body, "status": "duplicate", "rows_in": rows, "duplicates": rows, "accepted": 0,
            "quarantined": 0, "reason": note, "day_min": None, "day_max": None,
            "raw_file": None, "raw_sha256": None, "quarantine_file": None,
        }  # fmt: skip

    return replace(_outcome(desk.ledger.append_with(decide).body), warnings=warnings)


def _outcome(body: Mapping[str, Any]) -> DeliveryOutcome:
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
    )


def _refused(
    desk: _Desk, file_name: str, source: str, sha256: str, refusal: FileRefused
) -> DeliveryOutcome:
    """A refusal without bytes: there is nothing to keep, so nothing is recorded."""
    return DeliveryOutcome(
        file=file_name, source=source, sha256=sha256, status="refused", rows_in=0, accepted=0,
        quarantined=0, duplicates=0, reason=str(refusal), sender=desk.profile.sender,
        received_date=desk.received_date,
    )  # fmt: skip
