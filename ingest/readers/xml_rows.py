"""From XML nodes to the table of a reader: rows column by column, exact masses, joined texts.

Add here what two XML formats need to fill rows. Keep out: walking a document (xml_documents.py)
and the elements of any one format.
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pyarrow as pa

from contracts.base import Contract
from ingest.outcomes import ReadOutcome
from ingest.readers.xml_documents import Node

Values = dict[str, str | None]

# Constants of measurement (UN/ECE Recommendation 20 code -> kilograms), exact by definition.
KILOGRAMS: Mapping[str, Decimal] = {
    "KGM": Decimal(1),
    "GRM": Decimal("0.001"),
    "MGM": Decimal("0.000001"),
    "HGM": Decimal("0.1"),
    "DTN": Decimal(100),
    "TNE": Decimal(1000),
    "KTN": Decimal(1_000_000),
    "CTM": Decimal("0.0002"),  # metric carat
    "LBR": Decimal("0.45359237"),
    "ONZ": Decimal("0.028349523125"),
    "APZ": Decimal("0.0311034768"),  # troy ounce
    "CWI": Decimal("50.80234544"),  # hundredweight of 112 lb
    "CWA": Decimal("45.359237"),  # hundredweight of 100 lb
    "STN": Decimal("907.18474"),  # ton of 2,000 lb
    "LTN": Decimal("1016.0469088"),  # ton of 2,240 lb
}
_MASS_STEP = Decimal("0.0001")
# At most as many digits as decimal arithmetic keeps exact here.
_NUMBER = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,9})?")


def joined(parts: Iterable[str | None], separator: str) -> str | None:
    """The parts that say something, each once, in their first order; None when there are none."""
    return separator.join(dict.fromkeys(part for part in parts if part)) or None


def number(stated: str | None) -> Decimal | None:
    """A stated plain number; None for anything else (an exponent could stand for 10^9 digits)."""
    return Decimal(stated) if stated is not None and _NUMBER.fullmatch(stated) else None


def total(values: list[str]) -> str | None:
    """The sum of stated numbers; a single or unreadable statement is passed on as written."""
    if len(values) < 2:
        return next(iter(values), None)
    numbers = [found for value in values if (found := number(value)) is not None]
    if len(numbers) < len(values):
        return "; ".join(values)  # not a number: conform.py quarantines the row and says why
    return f"{sum(numbers, Decimal(0)):f}"


def kilograms(node: Node | None) -> str | None:
    """A mass in kg by its unitCode (none = kg); an unknown unit stays visible and is not a number.

    Converted values have 4 decimals, the precision of the contract; kilograms stay as written.
    """
    if node is None or node.value is None:
        return None
    unit = (node.get("unitCode") or "KGM").partition("#")[0].strip().upper()
    if unit == "KGM":
        return node.value
    mass, factor = number(node.value), KILOGRAMS.get(unit)
    if mass is None or factor is None:
        return f"{node.value} {unit}"
    return f"{(mass * factor).quantize(_MASS_STEP, ROUND_HALF_UP).normalize():f}"


class Records:
    """The rows of one document, kept column by column; records are numbered from 1."""

    def __init__(self, contract: Contract) -> None:
        names = [*(field.name for field in contract.fields), "_extra"]
        self._columns: dict[str, list[str | None]] = {name: [] for name in names}
        self._lines: list[int] = []
        self._rejected: list[tuple[int, str]] = []
        self._next = 1

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def reasons(self) -> list[str]:
        """Why each rejected record was rejected."""
        return [reason for _, reason in self._rejected]

    def add(self, values: Mapping[str, str | None], extra: Mapping[str, str | None]) -> None:
        """Append one row. values: contract fields; extra: further facts, never personal data."""
        unknown = values.keys() - self._columns.keys()
        if unknown:
            raise KeyError(f"not fields of the contract: {sorted(unknown)}")
        stated = {name: value for name, value in extra.items() if value is not None}
        note = json.dumps(stated, ensure_ascii=False, sort_keys=True) if stated else None
        for name, column in self._columns.items():
            column.append(values.get(name))
        self._columns["_extra"][-1] = note
        self._lines.append(self._next)
        self._next += 1

    def reject(self, reason_code: str) -> None:
        """Count one record that yields no row. Its text may hold names, so none is kept."""
        self._rejected.append((self._next, reason_code))
        self._next += 1

    def load(self, connection: duckdb.DuckDBPyConnection, warnings: Iterable[str]) -> ReadOutcome:
        """Create the tables `xml_rows` and `xml_rejected` in `connection`."""
        rows = {name: pa.array(column, pa.string()) for name, column in self._columns.items()}
        rows["_src_line"] = pa.array(self._lines, pa.int64())
        nothing = pa.nulls(len(self._rejected), pa.string())
        rejected = {
            "line": pa.array([line for line, _ in self._rejected], pa.int64()),
            "column_name": nothing,
            "reason_code": pa.array([reason for _, reason in self._rejected], pa.string()),
            "raw_text": nothing,
        }
        for name, table in (("xml_rows", rows), ("xml_rejected", rejected)):
            connection.register("xml_arrow", pa.table(table))
            connection.execute(f"create or replace table {name} as select * from xml_arrow")
            connection.unregister("xml_arrow")
        return ReadOutcome("xml_rows", "xml_rejected", tuple(dict.fromkeys(warnings)))
