"""Row 32. "header only = legal empty delivery IF manifest or calendar says so, else gate warns;
0 byte = refuse." The gate reads `header_only` from the delivery's warnings in the ledger.
"""

import datetime as dt

import pytest

from ingest.senders.profile import expected_days, expected_deliveries, load_profile
from tests.faults.conftest import Door, reason_of, write_bytes
from tests.faults.profile_files import write_profile

HEADER = b"house_waybill_number,operator_code\n"
CALENDAR = """[calendar]
weekdays = ["mon", "wed"]
by = "09:00"
holidays = [2026-11-25]
"""
MANIFEST = '[control]\nsuffix = ".manifest.csv"\nsha256_column = ""\n'
MONDAY, SATURDAY, HOLIDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 21), dt.date(2026, 11, 25)


@pytest.mark.parametrize("name", ["x.csv", "parcel_manifest.parquet", "parcel_manifest.xml"])
def test_zero_bytes_are_refused(door: Door, name: str) -> None:
    write_profile(door.home, "post")
    sender = "post" if name == "x.csv" else None
    outcomes = door.deliver(write_bytes(door.folder / name, b""), sender=sender)
    assert outcomes[0].status == "refused"
    assert name.endswith(".xml") or reason_of(outcomes) == "empty_file"


@pytest.mark.parametrize("content", [HEADER, HEADER[:-1], HEADER + b"\n\n"])
def test_a_header_alone_is_accepted_with_a_warning(door: Door, content: bytes) -> None:
    (outcome,) = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    assert (outcome.status, outcome.rows_in, outcome.accepted) == ("accepted", 0, 0)
    assert "header_only" in [text.split(":")[0] for text in outcome.warnings]
    assert any(
        text.startswith("header_only") for text in door.ledger.deliveries()[-1].body["warnings"]
    )


@pytest.mark.parametrize(("day", "warned"), [(MONDAY, True), (SATURDAY, False), (HOLIDAY, False)])
def test_the_calendar_decides_whether_nothing_is_a_surprise(
    door: Door, day: dt.date, warned: bool
) -> None:
    write_profile(door.home, "post", tail=CALENDAR)
    path = write_bytes(door.folder / "x.csv", HEADER)
    (outcome,) = door.deliver(path, sender="post", received_date=day)
    assert outcome.status == "accepted"
    assert [text.split(":")[0] for text in outcome.warnings] == ["header_only"] * warned


def test_a_manifest_of_no_rows_makes_it_legal(door: Door) -> None:
    write_profile(door.home, "post", tail=MANIFEST)
    path = write_bytes(door.folder / "x.csv", HEADER)
    write_bytes(door.folder / "x.csv.manifest.csv", b"file,rows\nx.csv,0\n")
    (outcome,) = door.deliver(path, sender="post")
    assert (outcome.status, outcome.warnings) == ("accepted", ())
    full = write_bytes(door.folder / "y.csv", HEADER + b"A1,OP\n")
    write_bytes(door.folder / "y.csv.manifest.csv", b"file,rows\ny.csv,0\n")
    assert reason_of(door.deliver(full, sender="post")) == "control_rows_mismatch"


def test_expected_days_by_hand(door: Door) -> None:
    profile = load_profile(write_profile(door.home, "post", tail=CALENDAR))
    # November 2026: Mondays 2, 9, 16, 23, 30; Wednesdays 4, 11, 18, 25 (a holiday).
    days = [dt.date(2026, 11, day) for day in (2, 4, 9, 11, 16, 18, 23, 30)]
    assert list(expected_days(profile, dt.date(2026, 11, 1), dt.date(2026, 11, 30))) == days
    assert expected_days(profile, MONDAY, MONDAY - dt.timedelta(days=1)) == ()
    assert expected_deliveries((profile,), MONDAY, MONDAY) == [("post", "parcel_manifest", MONDAY)]
    assert profile.calendar is not None
    assert profile.calendar.by == dt.time(9)
    silent = load_profile(write_profile(door.home, "mute"))
    assert expected_days(silent, MONDAY, MONDAY) == ()
