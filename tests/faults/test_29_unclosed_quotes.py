"""Row 29. Unclosed quote: "quarantine record, resync; refuse if > x %".

x is 5 %, beyond the first five broken records.
"""

import pytest

from ingest.readers.record_scan import MAX_MALFORMED_PERCENT, TOLERATED_MALFORMED_RECORDS
from tests.faults.conftest import Door, reason_of, write_bytes

HEADER = b"house_waybill_number,customs_notes\n"
# A record with a defect -> the reason it is set aside for; the rest of the file is read.
DEFECTS = {
    "never closed": (b'B1,"open\n', 1),
    "never closed in the first field": (b'"B1,open\n', 1),
    "closed inside": (b'B1,"clo"sed\n', 1),
    "opened inside": (b'B1,in"side\n', 1),
    "a lone quote": (b'B1,"\n', 1),
    "over two lines, closed wrongly": (b'B1,"one\ntwo" x\n', 2),
}


@pytest.mark.parametrize("case", list(DEFECTS))
@pytest.mark.parametrize("after", [0, 1, 200])
def test_the_record_is_set_aside_and_reading_goes_on(door: Door, case: str, after: int) -> None:
    defect, lines = DEFECTS[case]
    good = b"".join(b"A%d,ok\n" % number for number in range(after))
    content = HEADER + b'A,"fine, ""quoted"""\n' + defect + good
    (outcome,) = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    assert outcome.accepted == 1 + after
    assert outcome.quarantined == lines
    found = door.quarantine()
    assert [row["line"] for row in found] == [3, 4][:lines]
    assert {row["reason_code"] for row in found} <= {"broken_quote", "too_few_fields"}
    assert found[0]["reason_code"] == "broken_quote"
    assert [row["house_waybill_number"] for row in door.rows()][1:] == [
        f"A{number}" for number in range(after)
    ]


@pytest.mark.parametrize("broken", [TOLERATED_MALFORMED_RECORDS, 6, 10, 11, 40])
def test_above_a_share_the_file_is_refused(door: Door, broken: int) -> None:
    good = 200 - broken
    content = HEADER + b"".join(b'B%d,in"side\n' % n for n in range(broken))
    content += b"".join(b"A%d,ok\n" % n for n in range(good))
    outcomes = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    if broken > TOLERATED_MALFORMED_RECORDS and broken * 100 > 200 * MAX_MALFORMED_PERCENT:
        assert reason_of(outcomes) == "quoting_not_as_stated"
        assert door.rows() == []
    else:
        assert (outcomes[0].accepted, outcomes[0].quarantined) == (good, broken)


def test_the_share_is_where_we_say() -> None:
    assert (MAX_MALFORMED_PERCENT, TOLERATED_MALFORMED_RECORDS) == (5, 5)
