"""What sections share: money in billions, labels of codes, a table of one dimension.

Add here a shape or a word that two sections need. Keep out: a section's own questions.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from contracts.facts import Words
from reports.impact.model import Column, Figure, Table
from reports.impact.sections.words import CODES, NOT_OUT, REASONS

VND_BILLION = Words("tỷ đồng", "VND bn")
VND_MILLION = Words("triệu đồng", "VND mn")
PERCENT = Words("%", "%")
POINTS = Words("điểm %", "pp")
NUMBER = Words("số", "number")


def code(value: str | None) -> Words | str | None:
    """A code in words; the code itself when it is a name that needs none."""
    return None if value is None else CODES.get(value, value)


def reason(value: str) -> Words:
    """Why there is no figure, in words."""
    return REASONS.get(value) or Words(*(text.format(reason=value) for text in NOT_OUT))


def billions(value: Decimal | None, decimals: int = 1) -> Figure | None:
    """VND in billions."""
    return None if value is None else Figure(value / Decimal(10**9), decimals)


def millions(value: Decimal | None, decimals: int = 1) -> Figure | None:
    """VND in millions."""
    return None if value is None else Figure(value / Decimal(10**6), decimals)


def billions_of(value: float, decimals: int = 1) -> Figure:
    """VND that a treated cell states, in billions."""
    return Figure(Decimal(str(value)) / Decimal(10**9), decimals)


def count(value: int | None) -> Figure | None:
    """A number of things."""
    return None if value is None else Figure(value)


def percent(value: Decimal | None, decimals: int = 1) -> Figure | None:
    """A share or rate that is stored in percent."""
    return None if value is None else Figure(value, decimals)


def basis_points(value: int | None) -> Figure | None:
    """Basis points as percent, one decimal."""
    return None if value is None else Figure(Decimal(value) / 100, 1)


def period(kind: str, start: dt.date) -> str:
    """A quarter or year by its first day, as it is written: 2026-Q3, 2026."""
    return f"{start.year}" if kind == "year" else f"{start.year}-Q{(start.month + 2) // 3}"


def named(row: Mapping[str, Any]) -> Words | str | None:
    """The name of a row's member: name_vi and name_en where the release has them, else its code."""
    if row.get("name_vi") or row.get("name_en"):
        return Words(row["name_vi"] or row["name_en"], row["name_en"] or row["name_vi"])
    return code(row["member_code"])


def platform(row: Mapping[str, Any]) -> Words | str | None:
    """The name of a row's platform where the register has one, else its code in words."""
    stated = row["platform_code"]
    return row["platform_name"] if row["platform_name"] and stated not in CODES else code(stated)


def empty(table_id: str, title: Words, source: str, missing: Words) -> Table:
    """A table that says why it has no rows."""
    columns = (Column("reason", Words("Lý do", "Reason")),)
    return Table(table_id, title, columns, (), source, missing=missing)
