"""How each sender writes what our contracts name: dated, typed mappings read from TOML.

Add here a property of a layout that several senders need. Keep out: expressions of any kind (a
profile renames, maps codes and states formats; it computes nothing), how a profile file is spelt
(profile_document.py) and the senders themselves (ingest/profiles/*.toml, or the home's profiles/).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from contracts.catalogue import CONTRACTS
from foundation.errors import UsageError, WarehouseError
from foundation.files import sha256_file
from ingest.senders.profile_document import (
    FORMAT_NAMES,
    Document,
    calendar_settings,
    control_settings,
    layout_settings,
)

__all__ = [
    "EVERY_SOURCE", "FORMAT_NAMES", "SHIPPED_PROFILES", "STANDARD_SENDER", "Calendar", "Control",
    "Layout", "Output", "SenderProfile", "expected_days", "expected_deliveries", "is_expected",
    "load_profile", "load_profiles", "profile_for",
]  # fmt: skip

STANDARD_SENDER = "standard"
EVERY_SOURCE = "*"
SHIPPED_PROFILES = Path(__file__).resolve().parents[1] / "profiles"


@dataclass(frozen=True)
class Layout:
    """How one sender writes one source. Readers use the first block, conform.py the second.

    Plain values throughout, so a layout can be handed to another process.
    encoding: one of profile_document.ENCODINGS. sheet: of a workbook; "" = its only visible
    sheet. header_row: the row, from 1, that holds the column names; what stands above is skipped.
    columns: contract field -> the sender's column; a field not listed is looked for under its own
    name. One sender column may feed several fields.
    other_columns: columns that other outputs of the same profile use: known, so never `_extra`.
    joined: contract field -> columns that hold its parts (of an address), joined with ", ".
    keep: columns beyond the contract whose values stay in `_extra`; the profile vouches that they
    hold nothing personal. left_out: columns that are known and deliberately not kept at all. Of
    every other unknown column only name and length stay, and a warning is given.
    zero_pad: contract field -> digits; a code that a spreadsheet stored as a number gets zeros in
    front up to this length.

    decimal_separator, thousands_separator: the only number format accepted ("" = no grouping).
    states_numbers: whether the profile states them; if not, a text that two number formats would
    read differently (1.234) refuses the file.
    units: contract number field -> the unit (kg, ₫) that may stand before or behind each number.
    date_format, timestamp_format: strptime patterns; "" = ISO 8601 (a stated offset is honoured).
    time_zone: zone of timestamps that state none.
    checks: contract field -> kind of identifier it must be (check_digits.CHECKS).
    constants: contract field -> value for every row. codes: contract field -> {sender's code: our
    code}; a value outside the map breaks the contract. prefix: contract field -> text put in front.
    """

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    header_row: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other_columns: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    zero_pad: Mapping[str, int] = field(default_factory=dict)

    decimal_separator: str = "."
    thousands_separator: str = ""
    states_numbers: bool = True
    units: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    timestamp_format: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    checks: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, field_name: str) -> str:
        """The sender's column that feeds a contract field."""
        return self.columns.get(field_name, field_name)


@dataclass(frozen=True)
class Output:
    """One source that a file of this sender yields. suffix: ".csv"; "" = any file name."""

    source: str
    layout: Layout
    suffix: str = ""


@dataclass(frozen=True)
class Control:
    """The manifest a sender puts beside its files: a CSV with one row per file.

    suffix: how the manifest's name ends. required: whether a file without one is refused.
    *_column: its columns; "" = not stated there. sums: contract field -> manifest column.
    Whatever a manifest states and the file contradicts refuses the file (control.py).
    """

    suffix: str
    required: bool = False
    delimiter: str = ","
    file_column: str = "file"
    sha256_column: str = "sha256"
    rows_column: str = "rows"
    sums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendar:
    """When a sender is expected to deliver. weekdays: of receipt, 0 = Monday. by: Viet Nam time.

    sources: what is expected on each of these days. holidays: days of receipt without a delivery.
    """

    weekdays: frozenset[int]
    by: dt.time
    sources: tuple[str, ...]
    holidays: frozenset[dt.date] = frozenset()


@dataclass(frozen=True)
class SenderProfile:
    """One dated profile. sha256: of the profile file, recorded with every delivery.

    layout_version: the sender's own name of this layout, "" when it has none.
    """

    sender: str
    title: str
    provenance: str
    licence: str
    valid_from: dt.date
    valid_to: dt.date | None
    outputs: tuple[Output, ...]
    path: Path
    sha256: str
    layout_version: str = ""
    control: Control | None = None
    calendar: Calendar | None = None

    def in_force(self, day: dt.date) -> bool:
        """Whether the profile applies to files received on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def outputs_for(self, file_name: str, source: str | None) -> tuple[Output, ...]:
        """The outputs a file with this name yields, only `source` when one is asked for."""
        return tuple(
            output
            for output in self.outputs
            if file_name.lower().endswith(output.suffix) and source in (None, output.source)
        )


def load_profile(path: Path) -> SenderProfile:
    """Read one profile file; WarehouseError names the file and the key that is wrong."""
    document = Document(path)
    body = document.body
    outputs: list[Output] = []
    # A source that an output names takes its files of that name from "*".
    named = {
        (item.get("source"), item.get("suffix", ""))
        for item in body["outputs"]
        if isinstance(item, dict)
    }
    for number, item in enumerate(body["outputs"], start=1):
        where = f"outputs[{number}]"
        document.require(where, item, dict)
        stated, suffix = item.get("source"), item.get("suffix", "")
        document.require(f"{where}.suffix", suffix, str)
        if stated != EVERY_SOURCE and stated not in CONTRACTS:
            raise document.wrong(f"{where}.source", f"must be one of {', '.join(CONTRACTS)} or '*'")
        sources = [stated]
        if stated == EVERY_SOURCE:
            sources = [source for source in CONTRACTS if (source, suffix) not in named]
        layout = Layout(**layout_settings(document, where, item, sources))
        outputs.extend(Output(source, layout, suffix.lower()) for source in sources)
    used = frozenset(
        name
        for layout in (output.layout for output in outputs)
        for names in (layout.columns.values(), layout.left_out, *layout.joined.values())
        for name in names
    )
    outputs = [replace(item, layout=replace(item.layout, other_columns=used)) for item in outputs]
    yielded = list(dict.fromkeys(output.source for output in outputs))
    control = control_settings(document, yielded)
    calendar = calendar_settings(document, yielded)
    return SenderProfile(
        sender=body["sender"],
        title=body["title"],
        provenance=body["provenance"],
        licence=body.get("licence", ""),
        valid_from=body["valid_from"],
        valid_to=body.get("valid_to"),
        outputs=tuple(outputs),
        path=path,
        sha256=sha256_file(path),
        layout_version=body.get("layout_version", ""),
        control=None if control is None else Control(**control),
        calendar=None if calendar is None else Calendar(**calendar),
    )


def load_profiles(site_folder: Path | None = None) -> tuple[SenderProfile, ...]:
    """Shipped profiles and those of the site; a site's sender replaces the shipped one whole."""
    shipped = [load_profile(path) for path in sorted(SHIPPED_PROFILES.glob("*.toml"))]
    site = []
    if site_folder is not None and site_folder.is_dir():
        site = [load_profile(path) for path in sorted(site_folder.glob("*.toml"))]
    replaced = {profile.sender for profile in site}
    return (*(profile for profile in shipped if profile.sender not in replaced), *site)


def profile_for(
    profiles: tuple[SenderProfile, ...], sender: str, received_date: dt.date
) -> SenderProfile:
    """The one profile of `sender` in force on the day of receipt.

    Raises UsageError for an unknown sender, WarehouseError when none or several are in force.
    """
    named = [profile for profile in profiles if profile.sender == sender]
    if not named:
        known = ", ".join(sorted({profile.sender for profile in profiles}))
        raise UsageError(
            f"unknown sender {sender!r}",
            where="--sender",
            remedy=f"use one of: {known}; or add a profile to the home's profiles/ folder",
        )
    in_force = [profile for profile in named if profile.in_force(received_date)]
    if len(in_force) != 1:
        raise WarehouseError(
            f"{len(in_force)} profiles of sender {sender!r} are in force on {received_date}",
            where=", ".join(str(profile.path) for profile in named),
            remedy="make valid_from and valid_to of this sender's profiles cover each day once",
        )
    return in_force[0]


def expected_days(
    profile: SenderProfile, from_day: dt.date, to_day: dt.date
) -> tuple[dt.date, ...]:
    """The days of receipt in [from_day, to_day] on which this profile's sender should deliver.

    Empty without a [calendar]; days outside the profile's validity and holidays are left out.
    """
    calendar = profile.calendar
    if calendar is None:
        return ()
    days = (from_day + dt.timedelta(days=n) for n in range((to_day - from_day).days + 1))
    return tuple(
        day
        for day in days
        if profile.in_force(day)
        and day.weekday() in calendar.weekdays
        and day not in calendar.holidays
    )


def is_expected(profile: SenderProfile, source: str, day: dt.date) -> bool | None:
    """Whether a delivery of `source` is expected on `day`; None when no calendar speaks of it."""
    if profile.calendar is None or source not in profile.calendar.sources:
        return None
    return day in expected_days(profile, day, day)


def expected_deliveries(
    profiles: tuple[SenderProfile, ...], from_day: dt.date, to_day: dt.date
) -> list[tuple[str, str, dt.date]]:
    """(sender, source, day of receipt) of every delivery that the calendars announce, sorted."""
    return sorted(
        (profile.sender, source, day)
        for profile in profiles
        if profile.calendar is not None
        for day in expected_days(profile, from_day, to_day)
        for source in profile.calendar.sources
    )
