"""The calendar of days off: shipped rows, corrected by the home's `calendar.csv`.

Add here another property of a day. Keep out: dates (public_holidays.csv) and what a rule makes of
a day off (suites/).
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import WarehouseError
from foundation.files import sha256_file

_SHIPPED = Path(__file__).with_name("public_holidays.csv")
COLUMNS = (
    "day",
    "is_day_off",
    "kind",
    "name_vi",
    "name_en",
    "legal_basis",
    "evidence_grade",
    "source",
)
KINDS = ("tet", "holiday", "substitute")
GRADES = ("V2", "V1", "S", "U")


@dataclass(frozen=True)
class Holiday:
    """One day off. kind: tet | holiday | substitute. evidence_grade: V2, V1, S or U."""

    day: dt.date
    kind: str
    name_vi: str
    evidence_grade: str


@dataclass(frozen=True)
class Calendar:
    """Days off in order. origin: which list, and the hash of the home's file where there is one:
    a verdict states it, because the same data judged by another calendar may pass."""

    holidays: tuple[Holiday, ...]
    origin: str = "shipped"

    def sql(self) -> str:
        """Select (day, kind, name_vi, evidence_grade) of every day off."""
        rows = ", ".join(
            f"(date '{h.day}', '{h.kind}', '{h.name_vi.replace(chr(39), chr(39) * 2)}', "
            f"'{h.evidence_grade}')"
            for h in self.holidays
        )
        # A row that the condition drops gives an empty calendar its column types.
        never = "(date '0001-01-01', '', '', '')"
        return (
            f"select * from (values {never}{', ' if rows else ''}{rows}) "
            "as listed (day, kind, name_vi, evidence_grade) where kind <> ''"
        )


def load_calendar(home_file: Path | None = None) -> Calendar:
    """Shipped days off with the home's file on top, row by row.

    Raises WarehouseError naming file and line: a gate must not judge by half a calendar.
    """
    rows = _read(_SHIPPED)
    origin = "shipped"
    if home_file is not None and home_file.is_file():
        rows |= _read(home_file)
        origin = f"shipped + {home_file.name} {sha256_file(home_file)[:16]}"
    return Calendar(tuple(day for _, day in sorted(rows.items()) if day is not None), origin)


def _read(path: Path) -> dict[dt.date, Holiday | None]:
    """day -> holiday, None for a day that is taken out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ValueError(f"the header must be {','.join(COLUMNS)}")
            return dict(_parsed(enumerate(reader, start=2)))
    except (ValueError, csv.Error) as error:
        raise WarehouseError(
            f"the calendar of days off cannot be used: {error}",
            where=str(path),
            remedy="write it like expectations/lists/public_holidays.csv, or take it away",
        ) from error


def _parsed(
    lines: Iterable[tuple[int, dict[str, str]]],
) -> Iterable[tuple[dt.date, Holiday | None]]:
    for number, row in lines:
        if None in row or None in row.values():
            raise ValueError(f"line {number}: {len(COLUMNS)} fields are needed")
        try:
            day = dt.date.fromisoformat(row["day"])
        except ValueError:
            raise ValueError(f"line {number}: {row['day']!r} is no day (2026-02-17)") from None
        for column, allowed in (
            ("is_day_off", ("true", "false")),
            ("kind", KINDS),
            ("evidence_grade", GRADES),
        ):
            if row[column] not in allowed:
                raise ValueError(f"line {number}: {column} must be one of {', '.join(allowed)}")
        if not row["name_vi"] or not row["legal_basis"]:
            raise ValueError(f"line {number}: name_vi and legal_basis must be stated")
        holiday = Holiday(day, row["kind"], row["name_vi"], row["evidence_grade"])
        yield day, holiday if row["is_day_off"] == "true" else None
