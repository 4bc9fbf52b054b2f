"""Every type a table may have is written as CSV and XLSX, each value with one spelling.

What begins a formula is tests/faults/test_41_injection.py.
"""

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from foundation.spreadsheet import write_csv, write_spreadsheet

TABLE = pa.table(
    {
        "text": pa.array(["a", None]).dictionary_encode(),
        "bytes": pa.array([b"\xff\x00", None]),
        "moment": pa.array([dt.datetime(2026, 11, 9, 23, 59, 1), None], pa.timestamp("s")),
        "span": pa.array([pa.MonthDayNano([1, 2, 0]), None]),
        "truth": pa.array([True, None]),
        "amount": pa.array([Decimal("-12345678901234.56"), None]),
        "inner": pa.array([{"a": "=1"}, None]),
        "float": pa.array([float("-inf"), 0.5]),
        "nothing": pa.nulls(2),
    }
)
SPELLED = [
    "a", "ff00", "2026-11-09 23:59:01", "MonthDayNano(months=1, days=2, nanoseconds=0)", "true",
    "-12345678901234.56", '{"a": "=1"}', "'-inf", "",
]  # fmt: skip


def test_each_type_has_one_spelling() -> None:
    sink = io.BytesIO()
    write_csv(TABLE, sink)
    _, first, second = csv.reader(io.StringIO(sink.getvalue().decode("utf-8")))
    assert first == SPELLED
    assert second == ["", "", "", "", "", "", "", "0.5", ""]


def test_the_same_table_gives_the_same_workbook(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_spreadsheet(TABLE, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
