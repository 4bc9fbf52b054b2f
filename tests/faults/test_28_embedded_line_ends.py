"""Row 28. Embedded newline and quotes: "accept; line numbers are physical lines of record start".

Claims nothing about broken quotes (row 29).
"""

import pytest

from tests.faults.conftest import Door, write_bytes

HEADER = "house_waybill_number,customs_notes"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("header_row", [1, 3])
def test_records_over_several_lines(door: Door, end: str, header_row: int) -> None:
    from tests.faults.profile_files import write_profile

    write_profile(door.home, "post", f"header_row = {header_row}")
    above = ["Danh sách, tháng 11", ""][: header_row - 1]
    lines = [
        *above, HEADER, 'A1,"two', 'lines"', "A2,plain", 'A3,"three', "", 'lines, ""quoted"""',
        "A4,", "", "A5,last",
    ]  # fmt: skip
    content = end.join([*lines, ""]).encode()
    (outcome,) = door.deliver(write_bytes(door.folder / "x.csv", content), sender="post")
    assert (outcome.accepted, outcome.quarantined) == (5, 0)
    below = header_row
    assert [
        (row["_src_line"] - below, row["house_waybill_number"], row["customs_notes"])
        for row in door.rows()
    ] == [
        (1, "A1", "two lines"), (3, "A2", "plain"), (4, "A3", 'three  lines, "quoted"'),
        (7, "A4", None), (9, "A5", "last"),
    ]  # fmt: skip
    # The line that the row names is where its record begins in the delivered bytes.
    physical = content.decode().split("\n")
    for row in door.rows():
        assert physical[row["_src_line"] - 1].startswith(row["house_waybill_number"])


def test_line_numbers_of_defects_are_physical_too(door: Door) -> None:
    content = f'{HEADER}\nA1,"two\nlines"\nA2\nA3,"x\ny\nz"\nA4,b,c\nA5,d\n'.encode()
    (outcome,) = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    assert (outcome.accepted, outcome.quarantined) == (3, 2)
    assert [(row["line"], row["reason_code"]) for row in door.quarantine()] == [
        (4, "too_few_fields"), (8, "too_many_fields"),
    ]  # fmt: skip
    assert [row["_src_line"] for row in door.rows()] == [2, 5, 9]
