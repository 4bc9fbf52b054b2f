"""Rows 23-25, 28, 31, 33, 34, 36 together: equal meaning gives equal rows.

The same records are written in another format, encoding, column order, line end, quoting style,
number and date format, and read with the profile that says so. Not claimed: that a profile can be
guessed from a file.
"""

import csv
import datetime as dt
import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.straight import Straight, read_straight
from tests.faults.writings import FIELDS, Record, Writing, layout_of, write

# Each example reads one file, a quarter of a CPU second.
BOUNDED = settings(
    max_examples=int(os.environ.get("IMPORT_RISK_PROPERTY_EXAMPLES", "15")),
    suppress_health_check=[HealthCheck.too_slow],
)
LINEAGE = ("_src_sha", "_src_line")
WORDS = (
    "áo", "thun", "cỡ", "lớn", "Nguyễn", "Thị", "Phượng", "đồ", "chơi", "trẻ", "em", "giày", "dép",
    "quần", "mỹ", "phẩm", "bảng", "kẹo", "Trần", "Đặng", "Hữu", "Ước", "shirt", "USB", "5", "10%",
)  # fmt: skip
MARKS = (", ", " ", "; ", " - ", ' "', "' ", "|", "\t", "\n", "/", " & ", ": ", "\\", ",,")
BEYOND = ("中国", "玩具", "🧸", "“x”", "ß", "Ω")  # what Windows 1258 cannot hold
NUMBERS = ((".", ""), (",", "."), (",", ""), (".", ","), (",", " "), (".", "'"))
MOMENTS = ("", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y%m%d%H%M%S")


def pool(chance: random.Random, prefix: str, words: Sequence[str]) -> list[Record]:
    """Sixty records with gaps, odd marks in texts, and numbers up to what a workbook holds."""

    def text() -> str:
        parts = [chance.choice(words) + chance.choice(MARKS) for _ in range(chance.randint(1, 6))]
        return "".join(parts).strip()

    def number(digits: int, scale: int) -> Decimal:
        size = 10 ** chance.randint(0, digits)
        return Decimal(chance.randrange(size)).scaleb(-scale)

    first = dt.datetime(2020, 1, 1)
    records: list[Record] = []
    for at in range(60):
        record: dict[str, object] = {
            "hs_code": "".join(chance.choices("0123456789", k=chance.randint(4, 10))),
            "package_count": chance.randrange(10_000),
            "gross_weight_kg": number(9, 4),
            "declared_value": number(14, 2),
            "arrived_at": first + dt.timedelta(seconds=chance.randrange(200_000_000)),
            "is_piece_count_consistent": chance.random() < 0.5,
            "consignee_name": text(),
            "consignee_phone": f"09{chance.randrange(10**8):08d}",
            "item_description": text(),
            "currency_code": chance.choice(("VND", "USD")),
        }
        gaps = chance.sample(sorted(record), chance.randrange(4))
        records.append(
            {
                "house_waybill_number": f"{prefix}{at:03d}E+1",
                **{name: None if name in gaps else value for name, value in record.items()},
            }
        )
    return records


NARROW = pool(random.Random(36), "00", WORDS)
ALL = NARROW + pool(random.Random(41), "11", WORDS + BEYOND)


@st.composite
def writings(draw: st.DrawFn, file_format: str) -> Writing:
    """Any way to write a format."""
    decimal, thousands = draw(st.sampled_from(NUMBERS))
    plain = Writing(
        format=file_format,
        columns=tuple(draw(st.permutations(FIELDS))),
        renamed=draw(st.booleans()),
        typed=draw(st.booleans()),
        decimal=decimal,
        thousands=thousands,
        moment=draw(st.sampled_from(MOMENTS)),
        form=draw(st.sampled_from(("NFC", "NFD"))),
    )
    if file_format == "delimited":
        encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1258")
        encoding = draw(st.sampled_from(encodings))
        return replace(
            plain,
            typed=False,
            form="NFC" if encoding == "windows-1258" else plain.form,
            encoding=encoding,
            end=draw(st.sampled_from(("\n", "\r\n"))),
            delimiter=draw(st.sampled_from((",", ";", "|", "\t"))),
            quoting=draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
        )
    if file_format == "json_lines":
        return replace(
            plain,
            encoding=draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))),
            end=draw(st.sampled_from(("\n", "\r\n"))),
            compact=draw(st.booleans()),
            ascii_only=draw(st.booleans()),
        )
    if file_format == "xlsx":
        return replace(
            plain, from_1904=draw(st.booleans()), header_row=draw(st.sampled_from((1, 3)))
        )
    # Typed Parquet carries moments as such: a text format would describe other columns.
    return replace(
        plain,
        binary_floats=draw(st.booleans()),
        decimal="." if plain.typed else plain.decimal,
        thousands="" if plain.typed else plain.thousands,
        moment="" if plain.typed else plain.moment,
    )


def read(items: Sequence[Record], writing: Writing) -> Straight:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write(folder, items, writing)
        layout = layout_of(folder, writing)
        return read_straight(path, layout, folder / "work", "parcel_manifest")


def meaning(found: Straight) -> dict[str, dict[str, Any]]:
    """Raw rows by waybill, without what says where they stood."""
    return {
        str(row["house_waybill_number"]): {
            name: value for name, value in row.items() if name not in LINEAGE
        }
        for row in found.rows
    }


@cache
def plain_meaning() -> dict[str, dict[str, Any]]:
    """What the records mean as a CSV in our own layout; compared with the records themselves."""
    found = read(ALL, Writing("delimited"))
    assert found.counts["accepted"] == len(ALL), (found.refusal, found.quarantine)
    rows = meaning(found)
    for item in ALL:
        row = rows[str(item["house_waybill_number"])]
        for name in ("package_count", "gross_weight_kg", "declared_value", "currency_code",
                     "hs_code", "is_piece_count_consistent"):  # fmt: skip
            assert row[name] == item[name], name
        if item["arrived_at"] is not None:
            assert isinstance(item["arrived_at"], dt.datetime)
            assert row["arrived_at"] == item["arrived_at"] - dt.timedelta(hours=7)
    return rows


def check(writing: Writing, order: int) -> None:
    items = NARROW if writing.encoding == "windows-1258" else ALL
    shuffled = random.Random(order).sample(items, len(items))
    found = read(shuffled, writing)
    assert found.refusal is None
    assert found.quarantine == []
    rows = meaning(found)
    expected = plain_meaning()
    assert rows == {name: expected[name] for name in rows}
    assert len(rows) == len(items)


@BOUNDED
@given(writings("delimited"), st.integers(0, 9))
def test_columns_encodings_line_ends_quotes_and_formats_do_not_change_the_rows(
    writing: Writing, order: int
) -> None:
    check(writing, order)


@BOUNDED
@given(writings("json_lines"), st.integers(0, 9))
def test_json_lines_mean_what_the_same_csv_means(writing: Writing, order: int) -> None:
    check(writing, order)


@BOUNDED
@given(writings("xlsx"), st.integers(0, 9))
def test_a_workbook_means_what_the_same_csv_means(writing: Writing, order: int) -> None:
    check(writing, order)


@BOUNDED
@given(writings("parquet"), st.integers(0, 9))
def test_parquet_means_what_the_same_csv_means(writing: Writing, order: int) -> None:
    check(writing, order)


SAMPLE: Record = {
    "house_waybill_number": "HW1", "hs_code": "01019000", "package_count": 3,
    "gross_weight_kg": Decimal("1.2500"), "declared_value": Decimal("1234567.50"),
    "arrived_at": dt.datetime(2026, 11, 9, 8, 0), "is_piece_count_consistent": True,
    "consignee_name": "Trần Thị Phượng", "consignee_phone": "0912345678",
    "item_description": "giày dép", "currency_code": "VND",
}  # fmt: skip


# The smallest change of each field.
CHANGES: dict[str, object] = {
    "hs_code": "1019000",
    "package_count": 4,
    "gross_weight_kg": Decimal("1.2501"),
    "declared_value": Decimal("1234567.51"),
    "arrived_at": dt.datetime(2026, 11, 9, 8, 0, 1),
    "is_piece_count_consistent": None,
    "consignee_name": "Trần Thị Phượnh",
    "consignee_phone": "0912345679",
    "item_description": "giày dẹp",
    "currency_code": "USD",
}


@pytest.mark.parametrize("file_format", ["delimited", "json_lines", "xlsx", "parquet"])
def test_the_comparison_sees_a_change_of_one_value(file_format: str) -> None:
    """The negative control: a changed field shows, and only that field's columns change."""
    items = [
        {**SAMPLE, "house_waybill_number": f"HW-{field}", field: value}
        for field, value in CHANGES.items()
    ]
    writing = Writing(file_format, typed=file_format != "delimited")
    (plain,) = meaning(read([SAMPLE], Writing("delimited"))).values()
    found = meaning(read(items, writing))
    for field in CHANGES:
        row = found[f"HW-{field}"]
        differing = {name for name in row if row[name] != plain[name]} - {"house_waybill_number"}
        shown = {name for name in row if name.startswith(field.removesuffix("_at"))}
        assert differing, field
        assert differing <= shown, field


def test_a_profile_that_describes_another_writing_does_not_give_the_rows() -> None:
    """The other negative control: the profile matters."""
    written = Writing("delimited", decimal=",", thousands=".", moment="%d/%m/%Y %H:%M:%S")
    for wrong in (
        replace(written, decimal=".", thousands=","),
        replace(written, moment="%m/%d/%Y %H:%M:%S"),
        replace(written, renamed=True),
        replace(written, delimiter=";"),
    ):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = write(folder, [SAMPLE], written)
            found = read_straight(path, layout_of(folder, wrong), folder / "w", "parcel_manifest")
        assert found.rows == [] or meaning(found) != meaning(read([SAMPLE], written)), wrong
