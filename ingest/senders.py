"""How each sender writes what our contracts name: dated, typed mappings read from TOML.

Add here a property of a layout that several senders need. Keep out: expressions of any kind (a
profile renames, maps codes and states formats; it computes nothing) and the senders themselves
(ingest/profiles/*.toml, or the home's profiles/).
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from foundation.errors import UsageError, WarehouseError
from foundation.files import sha256_file
from ingest.contracts.catalog import CONTRACTS

STANDARD_SENDER = "standard"
EVERY_SOURCE = "*"
SHIPPED_PROFILES = Path(__file__).resolve().parent / "profiles"
FORMAT_NAMES = ("delimited", "parquet", "wco_xml", "cargo_xml")

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Layout:
    """How one sender writes one source. Readers use the first block, conform.py the second.

    columns: contract field -> the sender's column; a field not listed is looked for under its own
    name. One sender column may feed several fields.
    other_columns: columns that other outputs of the same profile use: known, so never `_extra`.
    decimal_separator, thousands_separator: the only number format accepted ("" = no grouping).
    date_format, timestamp_format: strptime patterns; "" = ISO 8601 (a stated offset is honoured).
    time_zone: zone of timestamps that state none.
    constants: contract field -> value for every row. codes: contract field -> {sender's code: our
    code}; a value outside the map breaks the contract. prefix: contract field -> text put in front.
    """

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    columns: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    other_columns: frozenset[str] = frozenset()

    decimal_separator: str = "."
    thousands_separator: str = ""
    date_format: str = ""
    timestamp_format: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    constants: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _EMPTY)
    prefix: Mapping[str, str] = field(default_factory=lambda: _EMPTY)

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
class SenderProfile:
    """One dated profile. sha256: of the profile file, recorded with every delivery."""

    sender: str
    title: str
    provenance: str
    licence: str
    valid_from: dt.date
    valid_to: dt.date | None
    outputs: tuple[Output, ...]
    path: Path
    sha256: str

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


_PROFILE_KEYS = {
    "sender": str, "title": str, "provenance": str, "licence": str,
    "valid_from": dt.date, "valid_to": dt.date, "outputs": list,
}  # fmt: skip
_OPTIONAL_PROFILE_KEYS = {"valid_to", "licence"}
_LAYOUT_TEXTS = (
    "format", "encoding", "delimiter", "decimal_separator", "thousands_separator",
    "date_format", "timestamp_format", "time_zone",
)  # fmt: skip
_LAYOUT_MAPS = ("columns", "constants", "prefix")


class _Document:
    """A parsed profile file that names itself and the key in every complaint."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.body = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise self.wrong("(whole file)", f"is not valid TOML: {error}") from error

    def wrong(self, key: str, what: str) -> WarehouseError:
        return WarehouseError(
            f"sender profile key {key!r} {what}",
            where=str(self.path),
            remedy="correct the profile; ingest/profiles/standard.toml shows every key",
        )

    def require(self, key: str, value: object, kind: type) -> None:
        if not isinstance(value, kind) or (kind is dt.date and isinstance(value, dt.datetime)):
            raise self.wrong(key, f"must be a {kind.__name__}, not {value!r}")

    def text_map(self, key: str, value: object) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        for name, text in value.items():
            self.require(f"{key}.{name}", text, str)
        return MappingProxyType(dict(value))


def _layout(document: _Document, where: str, body: Mapping[str, Any], sources: list[str]) -> Layout:
    known = {*_LAYOUT_TEXTS, *_LAYOUT_MAPS, "codes", "source", "suffix"}
    for key in body:
        if key not in known:
            raise document.wrong(f"{where}.{key}", "is not known")
    settings: dict[str, Any] = {}
    for key in _LAYOUT_TEXTS:
        if key in body:
            document.require(f"{where}.{key}", body[key], str)
            settings[key] = body[key]
    for key in _LAYOUT_MAPS:
        settings[key] = document.text_map(f"{where}.{key}", body.get(key, {}))
    codes = body.get("codes", {})
    document.require(f"{where}.codes", codes, dict)
    settings["codes"] = MappingProxyType(
        {name: document.text_map(f"{where}.codes.{name}", value) for name, value in codes.items()}
    )
    if settings.get("format") not in FORMAT_NAMES:
        raise document.wrong(f"{where}.format", f"must be one of {', '.join(FORMAT_NAMES)}")
    layout = Layout(**settings)
    _check_characters(document, where, layout)
    for source in sources:
        names = {contract_field.name for contract_field in CONTRACTS[source].fields}
        for key in (*_LAYOUT_MAPS, "codes"):
            for name in settings[key]:
                if name not in names:
                    raise document.wrong(f"{where}.{key}.{name}", f"is no field of {source}")
    return layout


def _check_characters(document: _Document, where: str, layout: Layout) -> None:
    decimal, thousands = layout.decimal_separator, layout.thousands_separator
    if decimal not in (".", ","):
        raise document.wrong(f"{where}.decimal_separator", "must be a point or a comma")
    if thousands not in ("", ".", ",", " ", "'") or thousands == decimal:
        raise document.wrong(
            f"{where}.thousands_separator", "must be none, a point, comma, blank or apostrophe, "
            "and not the decimal separator",
        )  # fmt: skip
    if len(layout.delimiter) != 1 or layout.delimiter in '"\r\n' or ord(layout.delimiter) > 127:
        raise document.wrong(f"{where}.delimiter", "must be one ASCII character, not a quote")


def load_profile(path: Path) -> SenderProfile:
    """Read one profile file; WarehouseError names the file and the key that is wrong."""
    document = _Document(path)
    body = document.body
    for key in body:
        if key not in _PROFILE_KEYS:
            raise document.wrong(key, "is not known")
    for key, kind in _PROFILE_KEYS.items():
        if key in body:
            document.require(key, body[key], kind)
        elif key not in _OPTIONAL_PROFILE_KEYS:
            raise document.wrong(key, "is missing")
    outputs: list[Output] = []
    for number, item in enumerate(body["outputs"], start=1):
        where = f"outputs[{number}]"
        document.require(where, item, dict)
        stated, suffix = item.get("source"), item.get("suffix", "")
        document.require(f"{where}.suffix", suffix, str)
        if stated != EVERY_SOURCE and stated not in CONTRACTS:
            raise document.wrong(f"{where}.source", f"must be one of {', '.join(CONTRACTS)} or '*'")
        sources = list(CONTRACTS) if stated == EVERY_SOURCE else [stated]
        layout = _layout(document, where, item, sources)
        outputs.extend(Output(source, layout, suffix.lower()) for source in sources)
    if not outputs:
        raise document.wrong("outputs", "is empty")
    used = frozenset(name for output in outputs for name in output.layout.columns.values())
    outputs = [replace(item, layout=replace(item.layout, other_columns=used)) for item in outputs]
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
