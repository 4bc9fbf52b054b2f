"""What this site sets of the parameters that no official text fixes: the home's `parameters.csv`.

Defines: `SiteParameter`, `read`, `require_overridable`, `table`. Add here another fact that a site
states of a parameter. Keep out: the parameters themselves (dbt/seeds/rules) and which row of which
day wins (dbt: rules_in_force).
"""

import csv
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import pairwise
from pathlib import Path

from foundation.errors import UsageError
from foundation.files import sha256_file
from ingest.readers.base import literal
from ingest.reference.raw_tables import Columns, empty

SITE_PARAMETER: Columns = (
    ("parameter_id", "VARCHAR"),
    ("value", "VARCHAR"),
    ("valid_from", "DATE"),
    ("valid_to", "DATE"),
    ("reason", "VARCHAR"),
    ("signed_by", "VARCHAR"),
)


@dataclass(frozen=True)
class SiteParameter:
    """One parameter on the days valid_from..valid_to (None: no end), with why and by whom."""

    parameter_id: str
    value: str
    valid_from: dt.date
    valid_to: dt.date | None
    reason: str
    signed_by: str


_NAMES = tuple(one.name for one in fields(SiteParameter))


def read(file: Path) -> tuple[SiteParameter, ...]:
    """The rows of the file, none when there is no file.

    Raises UsageError naming the line: a run must not judge by half of the site's parameters.
    """
    if not file.is_file():
        return ()
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if tuple(reader.fieldnames or ()) != _NAMES:
                raise ValueError(f"the header must be {','.join(_NAMES)}")
            rows = tuple(_parsed(reader))
        _require_one_a_day(rows)
    except (ValueError, csv.Error) as error:
        raise _unusable(str(error), file) from error
    return rows


def require_overridable(
    rows: Sequence[SiteParameter], overridable: Collection[str], file: Path
) -> None:
    """Raise UsageError for a parameter that an official text fixes, or that nothing reads."""
    if fixed := sorted({row.parameter_id for row in rows} - set(overridable)):
        raise _unusable(
            f"{', '.join(fixed)}: no parameter of evidence grade U in dbt/seeds/rules, so a site "
            "may not set it",
            file,
        )


def sha256(file: Path) -> str | None:
    """What a run names as the site's parameters; None without a file."""
    return sha256_file(file) if file.is_file() else None


def table(rows: Sequence[SiteParameter]) -> str:
    """The rest of the `create` statement of raw.site_parameter."""
    if not rows:
        return f"table raw.site_parameter as {empty(SITE_PARAMETER)}"
    values = ", ".join(
        "(" + ", ".join("null" if v is None else literal(str(v)) for v in astuple(row)) + ")"
        for row in rows
    )
    parts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in SITE_PARAMETER)
    return (
        f"table raw.site_parameter as select {parts} from (values {values}) "
        f"as stated ({', '.join(_NAMES)}) order by all"
    )


def _unusable(what: str, file: Path) -> UsageError:
    return UsageError(
        f"the parameters of this site cannot be used: {what}",
        where=str(file),
        remedy="correct the line, or take the file away to use the shipped values",
    )


def _parsed(reader: "csv.DictReader[str]") -> Iterator[SiteParameter]:
    for number, stated in enumerate(reader, start=2):
        if None in stated or None in stated.values():
            raise ValueError(f"line {number}: {len(_NAMES)} fields are needed")
        row = {name: value.strip() for name, value in stated.items()}
        for name in ("parameter_id", "value", "reason", "signed_by"):
            if not row[name]:
                raise ValueError(f"line {number}: {name} must be stated")
        first, last = (_day(number, row[name]) for name in ("valid_from", "valid_to"))
        if first is None or (last is not None and last < first):
            raise ValueError(f"line {number}: valid_from must be a day, not after valid_to")
        yield SiteParameter(
            row["parameter_id"], row["value"], first, last, row["reason"], row["signed_by"]
        )


def _day(number: int, text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"line {number}: {text!r} is no day (2026-02-17)") from None


def _require_one_a_day(rows: Sequence[SiteParameter]) -> None:
    ordered = sorted(rows, key=lambda row: (row.parameter_id, row.valid_from))
    for one, two in pairwise(ordered):
        if one.parameter_id == two.parameter_id and (
            one.valid_to is None or two.valid_from <= one.valid_to
        ):
            raise ValueError(f"{two.parameter_id} has two values on {two.valid_from}")
