"""Row 30. Missing or extra field in a row: "row quarantine with reason".

Neither is padded, merged or silently dropped.
"""

import pytest

from tests.faults.conftest import Door, write_bytes

HEADER = b"house_waybill_number,customs_notes,warehouse_code\n"


@pytest.mark.parametrize("delimiter", [b",", b";", b"\t", b"|"])
def test_ragged_rows_are_set_aside_one_by_one(door: Door, delimiter: bytes) -> None:
    from tests.faults.profile_files import write_profile

    toml = {b"\t": "\\t"}.get(delimiter, delimiter.decode())
    write_profile(door.home, "post", f'delimiter = "{toml}"')
    lines = [b"A1,x,W", b"A2,x", b"A3", b"A4,x,W,more", b"A5,x,W,", b"A6,,", b"A7,x,W"]
    content = (HEADER + b"\n".join(lines) + b"\n").replace(b",", delimiter)
    (outcome,) = door.deliver(write_bytes(door.folder / "x.csv", content), sender="post")
    assert (outcome.rows_in, outcome.accepted, outcome.quarantined) == (7, 3, 4)
    assert [row["house_waybill_number"] for row in door.rows()] == ["A1", "A6", "A7"]
    assert [(row["line"], row["reason_code"]) for row in door.quarantine()] == [
        (3, "too_few_fields"), (4, "too_few_fields"), (5, "too_many_fields"),
        (6, "too_many_fields"),
    ]  # fmt: skip


def test_all_rows_ragged_is_no_table_of_one_column(door: Door) -> None:
    content = HEADER + b"A1,x\nA2,y\n"
    (outcome,) = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    assert (outcome.accepted, outcome.quarantined) == (0, 2)


def test_a_personal_text_in_a_ragged_row_is_masked(door: Door) -> None:
    content = b"house_waybill_number,consignee_name\nA1,Nguyen Van An,0912345678\n"
    door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    (found,) = door.quarantine()
    assert found["raw_text"] == "x9,xxxxxx xxx xx,9999999999"
