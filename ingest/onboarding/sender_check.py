"""What a profile makes of a file, before anything is loaded: mapping, first rows, what is refused.

The file is delivered into a throw-away warehouse with the demonstration key, so the judgement is
that of a delivery in every respect; the real home is only read, and everything written is gone
afterwards. Add here something worth knowing about a file before it is delivered. Keep out:
printing (cli/senders.py) and rules of its own.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from contracts.base import Contract, Field
from contracts.catalog import CONTRACTS
from foundation.errors import UsageError
from foundation.home import Home
from ingest.conforming.containers import member_names
from ingest.conforming.jobs import PreviewJob
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.outcomes import DeliveryOutcome, FileRefused
from ingest.readers.registry import reader_address
from ingest.reasons import sentence
from ingest.sandbox import child
from ingest.senders.profile import Layout, SenderProfile, load_profile, load_profiles, profile_for
from ingest.store.landing import input_path
from ingest.store.quarantine import Selection, Violations, violations
from ingest.text.labels import shown_name
from ledger.chain import Ledger

_NO_PREVIEW: Mapping[str, Any] = {"header": [], "warnings": [], "rows": []}


@dataclass(frozen=True)
class Feed:
    """What fills one contract field. how: column, constant, document (XML) or missing.

    origin: the column, the constant, or "". rules: code map, prefix, format, padding, as text.
    """

    field: str
    type: str
    required: bool
    personal: bool
    meaning_vi: str
    meaning_en: str
    how: str
    origin: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class CheckedFile:
    """One file and source as a delivery would take it.

    rows: dicts of line, refused, delivered, typed (field -> text, personal ones masked).
    unknown_columns: (name, whether its values would be kept). refused: violations shown.
    no_preview: why no row is shown, "" when rows are. has_manifest: whether a control manifest was
    read; with it, accepted means that it agrees. already_delivered: where these bytes stand in the
    real home, "" when nowhere.
    """

    outcome: DeliveryOutcome
    reason_vi: str
    reason_en: str
    feeds: tuple[Feed, ...]
    unknown_columns: tuple[tuple[str, bool], ...]
    rows: tuple[dict[str, Any], ...]
    refused: Violations
    no_preview: str = ""
    has_manifest: bool = False
    already_delivered: str = ""

    @property
    def missing_required(self) -> tuple[str, ...]:
        """Required fields that nothing fills."""
        return tuple(feed.field for feed in self.feeds if feed.required and feed.how == "missing")


@dataclass(frozen=True)
class Check:
    """Profile and files; is_refused: whether a file would be refused as a whole."""

    profile: SenderProfile
    received_date: dt.date
    files: tuple[CheckedFile, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a delivery would end with exit code 3."""
        return any(file.outcome.status == "refused" for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; dates become text when it is printed."""
        profile = self.profile
        calendar = None if profile.calendar is None else asdict(profile.calendar)
        if calendar is not None:
            calendar = {
                name: sorted(value) if isinstance(value, frozenset) else value
                for name, value in calendar.items()
            }
        return {
            "profile": {
                "sender": profile.sender, "title": profile.title, "path": str(profile.path),
                "sha256": profile.sha256, "layout_version": profile.layout_version,
                "valid_from": profile.valid_from, "valid_to": profile.valid_to,
                "control": None if profile.control is None else asdict(profile.control),
                "calendar": calendar,
            },
            "received_date": self.received_date,
            "would_be_refused": self.is_refused,
            "files": [
                {
                    **file.outcome.to_json(),
                    "reason_vi": file.reason_vi,
                    "reason_en": file.reason_en,
                    "already_delivered": file.already_delivered or None,
                    "has_control_manifest": file.has_manifest,
                    "no_preview": file.no_preview or None,
                    "fields": [asdict(feed) for feed in file.feeds],
                    "missing_required": file.missing_required,
                    "unknown_columns": [
                        {"name": name, "values_kept": kept} for name, kept in file.unknown_columns
                    ],
                    "rows": file.rows,
                    "violations": asdict(file.refused),
                }
                for file in self.files
            ],
        }  # fmt: skip


def find_profile(home: Home, name_or_path: str, day: dt.date) -> SenderProfile:
    """The profile in a TOML file, or the one of a sender in force on `day`; else UsageError."""
    if "/" in name_or_path or name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        if not path.is_file():
            raise UsageError(
                "there is no such profile file",
                where=name_or_path,
                remedy="name a TOML file, or a sender of `import-risk sender list`",
            )
        return load_profile(path)
    return profile_for(load_profiles(home.profiles), name_or_path, day)


def check(
    home: Home, profile: SenderProfile, path: Path, *, received_date: dt.date,
    source: str | None = None, manifest: Path | None = None, rows: int = 3,
    refused_rows: int = 50,
) -> Check:  # fmt: skip
    """Judge the whole file as if it were delivered; nothing is written to `home`.

    rows: how many first rows are shown; refused_rows: how many violations.
    """
    if not profile.in_force(received_date):
        raise UsageError(
            f"the profile is not in force on {received_date}",
            where=str(profile.path),
            remedy="state a --received-date between its valid_from and valid_to",
        )
    entries = Ledger(home.ledger).deliveries()
    with tempfile.TemporaryDirectory(prefix="import-risk-check-") as name:
        elsewhere = Home(Path(name).resolve() / "home")
        elsewhere.profiles.mkdir(parents=True)
        shutil.copyfile(profile.path, elsewhere.profiles / "profile.toml")
        outcomes = deliver(
            elsewhere, [path], source=source, sender=profile.sender, received_date=received_date,
            key=PseudonymKey.demonstration(), manifest=manifest,
        )  # fmt: skip
        controlled = {
            (entry.body["sha256"], entry.body["source"])
            for entry in Ledger(elsewhere.ledger).entries()
            if entry.body.get("manifest_sha256")
        }
        files = []
        for outcome in outcomes:
            before = [
                f"as entry {entry.seq} on {entry.body['received_date']}"
                for entry in entries
                if (entry.body["sha256"], entry.body["source"]) == (outcome.sha256, outcome.source)
            ]
            file = _checked(elsewhere, profile, outcome, rows, refused_rows)
            files.append(
                replace(
                    file,
                    already_delivered="".join(before),
                    has_manifest=(outcome.sha256, outcome.source) in controlled,
                )
            )
        return Check(profile, received_date, tuple(files))


def _checked(
    home: Home, profile: SenderProfile, outcome: DeliveryOutcome, rows: int, refused_rows: int
) -> CheckedFile:
    contract = CONTRACTS.get(outcome.source)
    layout = _layout_of(profile, outcome)
    seen, feeds = _NO_PREVIEW, list[Feed]()
    if contract is not None and layout is not None and outcome.sha256:
        seen = _preview(home, outcome, layout, max(1, rows))
        feeds = _feeds(contract, layout, seen)
    used = {feed.origin for feed in feeds if feed.how == "column"}
    selection = Selection(source=outcome.source, delivery=outcome.sha256)
    has_rows = outcome.status == "accepted" and outcome.quarantined
    vi, en = sentence((outcome.reason or "").split(":")[0]) if outcome.reason else ("", "")
    return CheckedFile(
        outcome=outcome,
        reason_vi=vi,
        reason_en=en,
        feeds=tuple(feeds),
        unknown_columns=tuple(
            (shown_name(name), name in layout.keep)
            for name in seen["header"]
            if layout is not None and name not in used | layout.other_columns
        ),
        rows=tuple(seen["rows"][:rows]),
        refused=violations(home, selection, refused_rows) if has_rows else Violations(0, 0, []),
        no_preview=str(seen.get("why", "")),
    )


def _layout_of(profile: SenderProfile, outcome: DeliveryOutcome) -> Layout | None:
    """The layout that took the file; its name may be `outer.zip/member.csv`."""
    for name in (*member_names(outcome.file), outcome.file):
        for output in profile.outputs_for(name, outcome.source):
            return output.layout
    return None


def _preview(home: Home, outcome: DeliveryOutcome, layout: Layout, rows: int) -> dict[str, Any]:
    limits = child.Limits.from_environment()
    path = input_path(home, outcome.sha256)
    with tempfile.TemporaryDirectory(dir=home.root) as name:
        folder = Path(name)
        job = PreviewJob(
            path, folder, outcome.source, layout, outcome.received_date or dt.date.min, rows,
            limits.memory // 2,
        )  # fmt: skip
        try:
            done = child.run(
                "ingest.onboarding.preview:preview", job, folder=folder, readable=(path,),
                modules=("ingest.conforming.worker", reader_address(layout.format).split(":")[0]),
                limits=limits,
            )  # fmt: skip
        except FileRefused as refusal:
            return {**_NO_PREVIEW, "why": str(refusal)}
    return dict(done.result)


def _feeds(contract: Contract, layout: Layout, seen: Mapping[str, Any]) -> list[Feed]:
    filled = {name for row in seen["rows"] for name in row["delivered"]}
    header = set(seen["header"])
    feeds = []
    for field in contract.fields:
        how, origin = "missing", ""
        if field.name in layout.constants:
            how, origin = "constant", layout.constants[field.name]
        elif layout.column_of(field.name) in header:
            how, origin = "column", layout.column_of(field.name)
        elif not header and field.name in filled:
            how = "document"
        feeds.append(
            Feed(
                field.name, field.type, field.required, field.personal is not None,
                field.meaning_vi, field.meaning_en, how, origin,
                tuple(_rules(field, layout)) if how != "missing" else (),
            )
        )  # fmt: skip
    return feeds


def _rules(field: Field, layout: Layout) -> list[str]:
    """How the text of a field is read, in words."""
    rules = []
    if field.name in layout.codes:
        pairs = ", ".join(f"{theirs} → {ours}" for theirs, ours in layout.codes[field.name].items())
        rules.append(f"codes: {pairs}")
    if field.name in layout.prefix:
        rules.append(f"prefix {layout.prefix[field.name]}")
    if field.name in layout.zero_pad:
        rules.append(f"a number gets zeros up to {layout.zero_pad[field.name]} digits")
    if field.type in ("decimal", "integer"):
        rules.append(f"decimal '{layout.decimal_separator}'")
        if layout.thousands_separator:
            rules.append(f"thousands '{layout.thousands_separator}'")
    if field.type == "date":
        rules.append(layout.date_format or "ISO 8601")
    if field.type == "timestamp":
        rules.append(f"{layout.timestamp_format or 'ISO 8601'}, zone {layout.time_zone}")
    return rules
