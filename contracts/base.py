"""The vocabulary of a source contract: fields, their types, and the raw columns they become.

Add here when every source needs a new property of a field. Keep out: any single source's fields
(sources/), kinds of facts about a whole source (facts.py) and how values are parsed
(ingest/conforming/conform.py).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from contracts.facts import (
    Agreed,
    Consigned,
    Followed,
    Reference,
    SpeaksOf,
    Staging,
    Versions,
    Words,
)

FieldType = Literal["text", "code", "date", "timestamp", "decimal", "integer", "boolean"]
PersonalKind = Literal["name", "phone", "address", "identifier"]
# Identifiers that prove themselves (ingest/text/check_digits.py; a test holds the two together).
IdentifierKind = Literal["gtin", "s10", "vnaccs_number"]

# The first business day that the warehouse keeps: labelled public data that acceptance loads reach
# back to 2018. A row of an earlier day is set aside, so that no run has to compute it.
FIRST_DAY = dt.date(2015, 1, 1)

# Suffixes of the raw columns of an address with `places`, in their order.
PLACE_COLUMNS = ("province_code", "old_province_code", "district_folded", "ward_folded")

_SQL_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True)
class Narrowed:
    """The range of a number in rows where the code field `field` says `code`; both ends allowed."""

    field: str
    code: str
    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True)
class Agreeing:
    """In rows where the code field `field` says `code`, this field says one of `codes`."""

    field: str
    code: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One column of a delivery, as the sender names it in our own layout.

    personal: the class of personal data; such a value never reaches raw, only its token does.
    folded: raw also gets `<name>_folded`, the accent-free lower-case match key.
    places: of a personal address, raw also gets what may stay in clear (ingest/places/).
    has_happened: a date or time that cannot lie behind the receipt of the file (typing_sql.py).
    minimum, maximum, narrowed: both ends are allowed; every number states both (a test asks), so
    that what is reckoned from it has a known size (docs/adr/0026).
    earliest: the first day that a date, or the local date of a time, may have.
    agreeing: what a code may be beside a code of another field.
    not_before: another date or time of the row (of this field's type), where stated, that lies on
    the same day or before it.
    check: the kind of identifier that every sender's code must be; a sender profile may ask for
    more ([outputs.checks]).
    """

    name: str
    type: FieldType
    meaning_vi: str
    meaning_en: str
    required: bool = False
    codes: tuple[str, ...] = ()
    personal: PersonalKind | None = None
    folded: bool = False
    places: bool = False
    max_length: int = 600
    precision: int = 18
    scale: int = 2
    minimum: int | Decimal | None = None
    maximum: int | None = None
    narrowed: tuple[Narrowed, ...] = ()
    earliest: dt.date | None = None
    has_happened: bool = False
    agreeing: tuple[Agreeing, ...] = ()
    not_before: str = ""
    check: IdentifierKind | None = None

    def sql_type(self) -> str:
        """The DuckDB type of the raw column (personal fields become VARCHAR tokens)."""
        if self.type == "decimal":
            return f"DECIMAL({self.precision},{self.scale})"
        return _SQL_TYPES[self.type]

    def raw_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of every raw column this field becomes.

        Personal: `<name>_token`, and `<name>_status` for all kinds but names; an address with
        `places` its province among the 34 and among the 63, its old district and its ward.
        Timestamps are UTC and bring their local (Asia/Ho_Chi_Minh) date: `arrived_at` gives
        `arrived_date`.
        """
        if self.personal == "name":
            return ((f"{self.name}_token", "VARCHAR"),)
        if self.personal is not None:
            suffixes = ("token", "status", *(PLACE_COLUMNS if self.places else ()))
            return tuple((f"{self.name}_{suffix}", "VARCHAR") for suffix in suffixes)
        columns = [(self.name, self.sql_type())]
        if self.type == "timestamp":
            columns.append((f"{self.name.removesuffix('_at')}_date", "DATE"))
        if self.folded:
            columns.append((f"{self.name}_folded", "VARCHAR"))
        return tuple(columns)


# Columns that ingest adds to every raw row, after the contract's own.
LINEAGE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("day", "DATE"),  # business day: the day field's local date, else the day of receipt
    ("_day_basis", "VARCHAR"),  # 'stated' or 'received'
    ("_sender", "VARCHAR"),
    ("_received_date", "DATE"),
    ("_extra", "VARCHAR"),  # JSON of columns the contract does not know, else null
    ("_src_sha", "VARCHAR"),  # sha256 of the delivered file
    ("_src_line", "BIGINT"),  # physical line (text) or record number (XML, Parquet) of the record
)


@dataclass(frozen=True)
class Contract:
    """Everything that is particular to one source: who needs a fact of it reads it here.

    name: for pages. grain: one row per what. key: fields that identify a record. day_field: the
    field whose local date is the business day. windowed: a run reads only the files whose days
    overlap its range; the others are states, are read whole and say which days a row speaks of.
    versions: None when a record is never re-sent. consigned: None when its records are no
    consignments. watched_codes: raw columns whose missing share gate 1 watches. may_lie_ahead: the
    day may lie behind the receipt of the file, as that of an announced event. agreed: what rows of
    one record say alike; gate 1 warns where they do not.
    """

    source: str
    name: Words
    grain_vi: str
    grain_en: str
    key: tuple[str, ...]
    day_field: str
    windowed: bool
    staging: Staging
    fields: tuple[Field, ...]
    versions: Versions | None = None
    consigned: Consigned | None = None
    references: tuple[Reference, ...] = ()
    watched_codes: tuple[str, ...] = ()
    may_lie_ahead: bool = False
    followed: Followed | None = None
    speaks_of: SpeaksOf | None = None
    agreed: tuple[Agreed, ...] = ()

    @classmethod
    def of_fields(cls, fields: tuple[Field, ...]) -> "Contract":
        """A contract that only asks for columns, for reading files that are no delivery."""
        nothing = Words("", "")
        return cls("sample", nothing, *nothing, (), "", False, Staging(""), fields)

    def has(self, name: str) -> bool:
        """Whether there is a field called `name`."""
        return any(candidate.name == name for candidate in self.fields)

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError when the contract has none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.source} has no field {name!r}")

    def raw_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of the raw Parquet columns, in file order."""
        own = tuple(column for field in self.fields for column in field.raw_columns())
        return own + LINEAGE_COLUMNS
