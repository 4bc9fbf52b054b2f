"""Row 27. "per-column max length in contract, longer -> quarantine with first 200 chars; one bad
row must not refuse the file." Fields of 1e6 and 3e6 characters.
"""

import pytest

from contracts.catalog import CONTRACTS
from tests.faults.conftest import Door, csv_bytes, parcel_rows, write_bytes


@pytest.mark.parametrize("field", ["item_description", "consignee_name", "warehouse_code"])
@pytest.mark.parametrize("letter", ["x", "ễ"])
@pytest.mark.parametrize("length", [1_000_000, 3_000_000])
def test_a_huge_field_costs_its_row(door: Door, field: str, letter: str, length: int) -> None:
    rows = parcel_rows(3, warehouse_code="W1")
    rows[1][field] = letter * length
    path = write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path)
    assert (outcome.rows_in, outcome.accepted, outcome.quarantined) == (3, 2, 1)
    assert [row["_src_line"] for row in door.rows()] == [2, 4]
    (found,) = door.quarantine()
    assert found["line"] == 3
    is_whole = len(letter.encode()) * length < 1_900_000
    assert found["reason_code"] == ("too_long" if is_whole else "record_too_long")
    assert len(found["raw_text"]) == 200
    if is_whole:
        personal = field == "consignee_name"
        assert found["column_name"] == field
        assert set(found["raw_text"]) == {"x" if personal else letter}
    else:
        assert letter == "x" or letter not in found["raw_text"]  # masked whole


@pytest.mark.parametrize("extra", [0, 1])
def test_the_limit_of_each_column_is_the_contracts(door: Door, extra: int) -> None:
    fields = [
        field for field in CONTRACTS["parcel_manifest"].fields
        if field.type in ("text", "code") and not field.codes and not field.personal
    ]  # fmt: skip
    rows = parcel_rows(len(fields))
    for row, field in zip(rows, fields, strict=True):
        row[field.name] = "ễ" * (field.max_length + extra)
    # A csv.DictWriter takes its header from the first row.
    header = {name: "" for row in rows for name in row}
    path = write_bytes(
        door.folder / "parcel_manifest.csv", csv_bytes([header | row for row in rows])
    )
    (outcome,) = door.deliver(path)
    assert outcome.accepted == (0 if extra else len(fields))
    if extra:
        assert [(row["column_name"], row["reason_code"]) for row in door.quarantine()] == [
            (field.name, "too_long") for field in fields
        ]
