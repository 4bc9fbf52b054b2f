"""Row 50: same file twice / renamed / re-zipped.

Promise: "sha256 of canonical decompressed bytes: second delivery is recorded, loads 0 rows, says
so".
"""

import datetime as dt

import pytest

from tests.faults.archives import gzip_bytes, zip_bytes
from tests.faults.conftest import DAY, Door, csv_bytes, parcel_rows, write_bytes

ROWS = 5
CSV = csv_bytes(parcel_rows(ROWS))
FORMS = {
    "parcel_manifest.csv": CSV,
    "parcel_manifest_renamed.csv": CSV,
    "parcel_manifest.csv.gz": gzip_bytes(CSV),
    "parcel_manifest_fast.csv.gz": gzip_bytes(CSV, level=1),
    "parcel_manifest.zip": zip_bytes([("parcel_manifest.csv", CSV)]),
    "stored.zip": zip_bytes([("any/folder/parcel_manifest_x.csv", CSV)], method=0),
}


@pytest.mark.parametrize("first", list(FORMS))
def test_whatever_the_wrapping_the_second_loads_nothing(door: Door, first: str) -> None:
    (outcome,) = door.deliver(write_bytes(door.folder / first, FORMS[first]))
    assert (outcome.status, outcome.accepted) == ("accepted", ROWS)
    rows = door.rows()
    for number, (name, content) in enumerate(FORMS.items(), start=2):
        (again,) = door.deliver(write_bytes(door.folder / name, content))
        assert (again.status, again.accepted) == ("duplicate", 0)
        assert (again.rows_in, again.duplicates) == (ROWS, ROWS)
        assert str(again.reason).startswith("already_delivered: as entry 1 on 2026-11-21")
        assert again.sha256 == outcome.sha256
        assert len(door.ledger.entries()) == number, "it must be recorded"
    assert door.rows() == rows


def test_on_another_day_it_is_still_the_same(door: Door) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv", CSV)
    door.deliver(path)
    (again,) = door.deliver(path, received_date=DAY + dt.timedelta(days=1))
    assert again.status == "duplicate"


def test_one_other_byte_is_another_delivery(door: Door) -> None:
    """Control."""
    door.deliver(write_bytes(door.folder / "parcel_manifest.csv", CSV))
    other = csv_bytes(parcel_rows(ROWS, operator_code="OP2"))
    (outcome,) = door.deliver(
        write_bytes(door.folder / "parcel_manifest_2.csv.gz", gzip_bytes(other))
    )
    assert outcome.accepted == ROWS
    assert len(door.rows()) == 2 * ROWS


def test_twice_in_one_archive_counts_once(door: Door) -> None:
    content = zip_bytes([("parcel_manifest_a.csv", CSV), ("parcel_manifest_b.csv", CSV)])
    outcomes = door.deliver(write_bytes(door.folder / "p.zip", content))
    assert [(item.status, item.accepted) for item in outcomes] == [
        ("accepted", ROWS), ("duplicate", 0),
    ]  # fmt: skip
    assert len(door.rows()) == ROWS


def test_after_a_discard_the_same_bytes_count_again(door: Door) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv", CSV)
    (outcome,) = door.deliver(path)
    door.ledger.discard(outcome.sha256, "wrong day", "a person")
    assert door.rows() == []
    assert door.deliver(path)[0].status == "accepted"
    assert len(door.rows()) == ROWS
