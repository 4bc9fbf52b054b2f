"""Row 31. Reordered, renamed, duplicated, extra header columns: "order free, unknown column -> warn
+ kept in `extra` JSON, missing required or duplicate -> refuse".
"""

import itertools
import json
from pathlib import Path

import duckdb
import pytest

from contracts.catalog import CONTRACTS
from ingest.readers.delimited import read
from ingest.senders.profile import Layout
from tests.faults.conftest import Door, reason_of, write_bytes
from tests.faults.profile_files import write_profile

COLUMNS = ("house_waybill_number", "operator_code", "warehouse_code", "channel", "surprise")
VALUES = dict(zip(COLUMNS, ("A1", "OP", "W1", "express", "thing"), strict=True))


def test_every_order_of_the_columns_gives_the_same_row(tmp_path: Path) -> None:
    """All 120 orders, read one by one."""
    path, found = tmp_path / "x.csv", set()
    names = ", ".join(name for name in COLUMNS if name != "surprise")
    for order in itertools.permutations(COLUMNS):
        path.write_text(f"{','.join(order)}\n{','.join(VALUES[name] for name in order)}\n")
        with duckdb.connect(config={"temp_directory": str(tmp_path / "t")}) as connection:
            outcome = read(connection, path, CONTRACTS["parcel_manifest"], Layout("delimited"))
            found |= set(
                connection.execute(f"select {names}, _extra from {outcome.rows}").fetchall()
            )
    assert len(found) == 1
    *values, extra = found.pop()
    assert values == ["A1", "OP", "W1", "express"]
    assert "surprise" in json.loads(extra)


def test_unknown_columns_are_warned_about_and_kept(door: Door) -> None:
    write_profile(door.home, "post", 'keep = ["colour"]')
    content = b"house_waybill_number,colour,weight class\nA1,red,heavy\nA2,,\n"
    (outcome,) = door.deliver(write_bytes(door.folder / "x.csv", content), sender="post")
    assert outcome.accepted == 2
    assert [text.split(":")[0] for text in outcome.warnings] == ["unknown_columns"]
    assert "weight class" in outcome.warnings[0]
    first, second = (row["_extra"] for row in door.rows())
    assert json.loads(first)["colour"] == "red"
    # Nobody vouches that an unlisted column is not personal: its length is kept, not its text.
    assert json.loads(first)["weight class"] == len("heavy")
    assert second is None


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b"operator_code,warehouse_code", "missing_column"),
        (b"House_Waybill_Number,operator_code", "missing_column"),
        (b"house_waybill_number,operator_code,operator_code", "duplicate_column"),
        (b"house_waybill_number, house_waybill_number ,x", "duplicate_column"),
        (b"house_waybill_number,,", "duplicate_column"),
        (b'house_waybill_number,"open', "header_unreadable"),
        (b"", "header_unreadable"),
        (b",,,", "header_unreadable"),
    ],
)
def test_a_header_that_cannot_be_trusted_refuses_the_file(
    door: Door, header: bytes, reason: str
) -> None:
    fields = header.count(b",") + 1
    content = header + b"\n" + b",".join([b"x"] * fields) + b"\n"
    outcomes = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    assert reason_of(outcomes) == reason
    assert door.rows() == []


def test_a_renamed_column_is_found_by_the_profile_only(door: Door) -> None:
    write_profile(door.home, "post", '[outputs.columns]\nhouse_waybill_number = "Mã vận đơn"')
    path = write_bytes(door.folder / "x.csv", "Mã vận đơn\nA1\n".encode())
    assert door.deliver(path, sender="post")[0].accepted == 1
    other = write_bytes(door.folder / "parcel_manifest.csv", "Mã vận đơn\nA2\n".encode())
    assert reason_of(door.deliver(other)) == "missing_column"


def test_optional_columns_may_be_absent(door: Door) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv", b"house_waybill_number\nA1\n")
    (outcome,) = door.deliver(path)
    assert (outcome.accepted, outcome.warnings) == (1, ())
