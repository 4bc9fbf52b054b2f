"""What a contract can say of a source beyond its fields: each class is one kind of fact.

Add here a kind of fact that a reader of contracts needs, and its check in checks.py. Keep out: the
facts of any source (sources/) and how a reader uses them (SQL, pages).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Words(NamedTuple):
    """One text in both languages of the product."""

    vi: str
    en: str


@dataclass(frozen=True)
class Staging:
    """Where the models show the rows of a source: a folder below dbt/models/staging.

    versions, ranks: of a source with versions, the models of its renamed rows and of their order.
    """

    folder: str
    versions: str = ""
    ranks: str = ""


@dataclass(frozen=True)
class Versions:
    """A record may be sent again: amended, cancelled, or stated by two senders.

    Such a source has the fields version_number and record_status (shared_fields.py), and is_partial
    when a row may state only what changes.
    named_by: fields by which a later row names its record; any of them may match any of them.
    about: further fields that speak of the version, not of the record.
    not_compared: raw columns in which two rows of one record may differ without contradicting each
    other; they are not carried into the current version either.
    for_all_lines: fields that a row may state for every line of its document.
    """

    named_by: tuple[str, ...]
    about: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    for_all_lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consigned:
    """What core makes of a record. own: a consignment of its own; otherwise it describes one.

    unless: field -> code of records that need not become one.
    """

    own: bool
    unless: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Category:
    """A code whose spread is followed: the first of `columns` (of raw) that is filled.

    first: only so many characters of it; 0 = all.
    """

    name: str
    columns: tuple[str, ...]
    first: int = 0


@dataclass(frozen=True)
class Followed:
    """What a gate follows of a source from delivery to delivery.

    numbers: fields whose median is kept and whose values are put into bands of powers of two.

    Not followed: offices and operators. Parcels come in consolidations of a hundred of one operator
    to one office, so a day of 1,500 is a dozen draws: a third moved between days of a synthetic
    week, against at most 12 percent in the codes that are followed.
    """

    codes: tuple[Category, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class SpeaksOf:
    """The days that a row of a state speaks of; the first is always its own `day`.

    until: its own day alone; every later day; or the day before the next row of its series.
    series, period: of "next_of_series", the fields that name a series, and the field whose code
    (day, month, ...) is the length of a row's period: a longer one is read by monthly marts, which
    are made whole with any day of theirs, so its last held day is enough.
    takes_place_of: fields that a new row shares with the earlier ones whose days it touches too.
    """

    until: Literal["its_day", "for_ever", "next_of_series"]
    series: tuple[str, ...] = ()
    period: str = ""
    takes_place_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agreed:
    """Rows that share the fields `of` say one thing in `field`.

    codes: only these contradict each other (a result that waits for another does not); () = all.
    kept: which of them the models count when they do not agree, for the warning.
    """

    of: tuple[str, ...]
    field: str
    kept: Words
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """`field` names a record of another source by its `to_field`. A row whose partner is missing is
    legal everywhere: the sources come from different senders, on different days."""

    field: str
    source: str
    to_field: str
