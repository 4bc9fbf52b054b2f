"""Reads one profile file key by key: every mistake names the file and the key.

Defines Document and the parsers of its parts, which hand plain settings to profile.py.
Add here the type, range or spelling of a profile key. Keep out: what a key means (profile.py) and
anything a profile could compute.
"""

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.catalogue import CONTRACTS
from foundation.errors import WarehouseError
from ingest.text.check_digits import CHECKS

FORMAT_NAMES = (
    "delimited", "parquet", "wco_xml", "cargo_xml", "xlsx", "json_lines", "schema_org",
)  # fmt: skip
# What a profile may state as `encoding`; ingest/readers/text_encoding.py reads them.
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1258", "tcvn3", "vni")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_CODE_DIGITS = 40

_PROFILE_KEYS = {
    "sender": str, "title": str, "provenance": str, "licence": str, "layout_version": str,
    "valid_from": dt.date, "valid_to": dt.date, "outputs": list, "control": dict, "calendar": dict,
}  # fmt: skip
_OPTIONAL_PROFILE_KEYS = {"valid_to", "licence", "layout_version", "control", "calendar"}
_LAYOUT_TEXTS = (
    "format", "encoding", "delimiter", "sheet", "decimal_separator", "thousands_separator",
    "date_format", "timestamp_format", "time_zone",
)  # fmt: skip
_FIELD_MAPS = ("columns", "constants", "prefix", "units", "checks")
_CONTROL_TEXTS = ("suffix", "delimiter", "file_column", "sha256_column", "rows_column")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def column_name(text: str) -> str:
    """A sender's column name as it is matched: NFC, blanks unified, nothing invisible."""
    kept = (
        letter
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf")
    )
    return " ".join("".join(kept).split())


class Document:
    """A parsed profile file. body: its top level, with known keys of the right types."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.body: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise self.wrong("(whole file)", f"is not valid TOML: {error}") from error
        self.known("", self.body, _PROFILE_KEYS)
        for key, kind in _PROFILE_KEYS.items():
            if key in self.body:
                self.require(key, self.body[key], kind)
            elif key not in _OPTIONAL_PROFILE_KEYS:
                raise self.wrong(key, "is missing")
        if not self.body["outputs"]:
            raise self.wrong("outputs", "is empty")

    def wrong(self, key: str, what: str) -> WarehouseError:
        """The complaint about one key, ready to raise."""
        return WarehouseError(
            f"sender profile key {key!r} {what}",
            where=str(self.path),
            remedy="correct the profile; ingest/profiles/standard.toml shows every key",
        )

    def require(self, key: str, value: object, kind: type) -> None:
        """Complain unless `value` is of `kind`; a boolean is no number, a date has no time."""
        strict = (isinstance(value, bool) and kind is int) or (
            kind is dt.date and isinstance(value, dt.datetime)
        )
        if not isinstance(value, kind) or strict:
            raise self.wrong(key, f"must be a {kind.__name__}, not {value!r}")

    def known(self, where: str, body: Mapping[str, Any], keys: Collection[str]) -> None:
        """Complain about a key of `body` that is not one of `keys`."""
        for key in body:
            if key not in keys:
                raise self.wrong(f"{where}.{key}" if where else key, "is not known")

    def text_map(self, key: str, value: object) -> dict[str, str]:
        """A table of texts."""
        self.require(key, value, dict)
        assert isinstance(value, dict)
        for name, text in value.items():
            self.require(f"{key}.{name}", text, str)
        return dict(value)

    def texts(self, key: str, value: object) -> list[str]:
        """A list of texts."""
        self.require(key, value, list)
        assert isinstance(value, list)
        for text in value:
            self.require(key, text, str)
        return value


def layout_settings(
    document: Document, where: str, body: Mapping[str, Any], sources: list[str]
) -> dict[str, Any]:
    """The keyword arguments of senders.Layout from one [[outputs]] table."""
    maps = {*_FIELD_MAPS, "codes", "zero_pad", "joined"}
    others = {"header_row", "keep", "left_out", "source", "suffix"}
    document.known(where, body, {*_LAYOUT_TEXTS, *maps, *others})
    settings: dict[str, Any] = {}
    for key in _LAYOUT_TEXTS:
        if key in body:
            document.require(f"{where}.{key}", body[key], str)
            settings[key] = body[key]
    for key in _FIELD_MAPS:
        settings[key] = document.text_map(f"{where}.{key}", body.get(key, {}))
    codes = body.get("codes", {})
    document.require(f"{where}.codes", codes, dict)
    settings["codes"] = {
        name: document.text_map(f"{where}.codes.{name}", value) for name, value in codes.items()
    }
    joined = body.get("joined", {})
    document.require(f"{where}.joined", joined, dict)
    settings["joined"] = {
        name: tuple(document.texts(f"{where}.joined.{name}", value))
        for name, value in joined.items()
    }
    settings["zero_pad"] = _digits(document, f"{where}.zero_pad", body.get("zero_pad", {}))
    for key in ("keep", "left_out"):
        if key in body:
            settings[key] = frozenset(document.texts(f"{where}.{key}", body[key]))
    if "header_row" in body:
        document.require(f"{where}.header_row", body["header_row"], int)
        if body["header_row"] < 1:
            raise document.wrong(f"{where}.header_row", "must be 1 or more")
        settings["header_row"] = body["header_row"]
    # Only delimited text can be ambiguous: the other formats carry numbers as numbers.
    settings["states_numbers"] = "decimal_separator" in body or body.get("format") != "delimited"
    _check_spellings(document, where, settings)
    _check_fields(document, where, settings, sources)
    return settings


def _digits(document: Document, where: str, body: object) -> dict[str, int]:
    lengths = {}
    for name, text in document.text_map(where, body).items():
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_CODE_DIGITS:
            raise document.wrong(
                f"{where}.{name}", f'must be a number of digits such as "8", at most '
                f"{MAX_CODE_DIGITS}",
            )  # fmt: skip
        lengths[name] = int(text)
    return lengths


def _check_spellings(document: Document, where: str, settings: Mapping[str, Any]) -> None:
    if settings.get("format") not in FORMAT_NAMES:
        raise document.wrong(f"{where}.format", f"must be one of {', '.join(FORMAT_NAMES)}")
    if settings.get("encoding", ENCODINGS[0]) not in ENCODINGS:
        raise document.wrong(f"{where}.encoding", f"must be one of {', '.join(ENCODINGS)}")
    decimal = settings.get("decimal_separator", ".")
    thousands = settings.get("thousands_separator", "")
    if decimal not in (".", ","):
        raise document.wrong(f"{where}.decimal_separator", "must be a point or a comma")
    if thousands not in ("", ".", ",", " ", "'") or thousands == decimal:
        raise document.wrong(
            f"{where}.thousands_separator", "must be none, a point, comma, blank or apostrophe, "
            "and not the decimal separator (a point when none is stated)",
        )  # fmt: skip
    _check_delimiter(document, f"{where}.delimiter", settings.get("delimiter", ","))
    try:
        ZoneInfo(settings.get("time_zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise document.wrong(f"{where}.time_zone", "is no known time zone") from error


def _check_delimiter(document: Document, key: str, delimiter: str) -> None:
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or ord(delimiter) > 127:
        raise document.wrong(key, "must be one ASCII character, not a quote")


def _check_fields(
    document: Document, where: str, settings: Mapping[str, Any], sources: list[str]
) -> None:
    for source in sources:
        names = {contract_field.name for contract_field in CONTRACTS[source].fields}
        for key in (*_FIELD_MAPS, "codes", "zero_pad", "joined"):
            for name in settings[key]:
                if name not in names:
                    raise document.wrong(f"{where}.{key}.{name}", f"is no field of {source}")
        for key, types in (("zero_pad", ("code", "text")), ("units", ("decimal", "integer"))):
            for name in settings[key]:
                if CONTRACTS[source].field(name).type not in types:
                    raise document.wrong(f"{where}.{key}.{name}", f"is no {' or '.join(types)}")
        _check_parts(document, where, settings, source)
    for name, unit in settings["units"].items():
        if not unit.strip() or any(letter in "0123456789.,-+" for letter in unit):
            raise document.wrong(f"{where}.units.{name}", "must be a unit without digits or signs")


def _check_parts(document: Document, where: str, settings: Mapping[str, Any], source: str) -> None:
    """[outputs.checks] and [outputs.joined]: kinds of field and what else feeds them."""
    for name, check in settings["checks"].items():
        field = CONTRACTS[source].field(name)
        if field.type != "code" or field.personal is not None:
            raise document.wrong(f"{where}.checks.{name}", "is no code")
        if check not in CHECKS:
            raise document.wrong(f"{where}.checks.{name}", f"must be one of {', '.join(CHECKS)}")
    if settings["format"] == "schema_org":
        for key in ("joined", "zero_pad"):
            if settings[key]:
                raise document.wrong(f"{where}.{key}", "has no meaning in pages of schema.org")
        if not CONTRACTS[source].has("product_title"):
            raise document.wrong(f"{where}.source", "schema.org pages are listing_observation")
    for name, columns in settings["joined"].items():
        if not columns or name in settings["columns"] or name in settings["constants"]:
            raise document.wrong(
                f"{where}.joined.{name}", "must name columns, and nothing else may feed it"
            )
        if CONTRACTS[source].field(name).type != "text":
            raise document.wrong(f"{where}.joined.{name}", "is no text")


def control_settings(document: Document, sources: list[str]) -> dict[str, Any] | None:
    """The keyword arguments of profile.Control from [control]; None when there is none."""
    body = document.body.get("control")
    if body is None:
        return None
    document.known("control", body, {*_CONTROL_TEXTS, "required", "sums"})
    settings: dict[str, Any] = {}
    for key in _CONTROL_TEXTS:
        if key in body:
            document.require(f"control.{key}", body[key], str)
            settings[key] = body[key]
    if not settings.get("suffix") or "/" in settings["suffix"]:
        raise document.wrong("control.suffix", 'must be the end of a file name: ".manifest.csv"')
    _check_delimiter(document, "control.delimiter", settings.get("delimiter", ","))
    if not settings.get("file_column", "file"):
        raise document.wrong("control.file_column", "must name a column")
    if "required" in body:
        document.require("control.required", body["required"], bool)
        settings["required"] = body["required"]
    settings["sums"] = document.text_map("control.sums", body.get("sums", {}))
    for name in settings["sums"]:
        types = {
            contract_field.type
            for source in sources
            for contract_field in CONTRACTS[source].fields
            if contract_field.name == name
        }
        if not types or not types <= {"decimal", "integer"}:
            raise document.wrong(f"control.sums.{name}", "is no number field of the outputs")
    return settings


def calendar_settings(document: Document, sources: list[str]) -> dict[str, Any] | None:
    """The keyword arguments of senders.Calendar from [calendar]; None when there is none."""
    body = document.body.get("calendar")
    if body is None:
        return None
    document.known("calendar", body, {"weekdays", "by", "sources", "holidays"})
    weekdays = document.texts("calendar.weekdays", body.get("weekdays"))
    for name in weekdays:
        if name not in WEEKDAYS:
            raise document.wrong("calendar.weekdays", f"must hold only {', '.join(WEEKDAYS)}")
    if not weekdays or len(set(weekdays)) < len(weekdays):
        raise document.wrong("calendar.weekdays", "must name at least one day, each once")
    by = body.get("by", "23:59")
    document.require("calendar.by", by, str)
    if not _CLOCK.fullmatch(by):
        raise document.wrong("calendar.by", 'must be a time of day in Viet Nam such as "09:00"')
    expected = document.texts("calendar.sources", body.get("sources", sources))
    for name in expected:
        if name not in sources:
            raise document.wrong("calendar.sources", f"{name!r} is no source of the outputs")
    holidays = body.get("holidays", [])
    document.require("calendar.holidays", holidays, list)
    for day in holidays:
        document.require("calendar.holidays", day, dt.date)
    return {
        "weekdays": frozenset(WEEKDAYS.index(name) for name in weekdays),
        "by": dt.time.fromisoformat(by),
        "sources": tuple(expected),
        "holidays": frozenset(holidays),
    }
