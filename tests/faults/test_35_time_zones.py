"""Row 35. "store UTC + local date Asia/Ho_Chi_Minh; naive = local by contract; future > 1 h ->
quarantine; day partition = local registration date."

The moment of receipt is known as a day in Viet Nam. A file received on day D came before D ended
there, that is before D 17:00 UTC; with one hour for a fast clock, what is later than D 18:00 UTC
(D+1 01:00 in Viet Nam) has not happened. A date without a time is in the future from D+1 on.
"""

import datetime as dt

import pytest

from tests.faults.conftest import DAY, Door, csv_bytes, parcel_rows, write_bytes
from tests.faults.profile_files import write_profile

NEXT = DAY + dt.timedelta(days=1)


def arrivals(door: Door, *times: str, sender: str | None = None) -> list[tuple[str, str] | str]:
    """Deliver parcels that arrived at `times`; (UTC, day) of each row, or why it was set aside."""
    rows = [
        row | {"arrived_at": time} for row, time in zip(parcel_rows(len(times)), times, strict=True)
    ]
    name = "parcel_manifest.csv" if sender is None else "x.csv"
    door.deliver(write_bytes(door.folder / name, csv_bytes(rows)), sender=sender)
    found: dict[int, tuple[str, str] | str] = {
        row["line"]: row["reason_code"] for row in door.quarantine()
    }
    for row in door.rows():
        assert row["arrived_date"] == row["day"]
        found[row["_src_line"]] = (row["arrived_at"].isoformat(), row["day"].isoformat())
    return [found[line] for line in range(2, len(times) + 2)]


def test_the_local_day_turns_at_midnight_in_viet_nam(door: Door) -> None:
    assert arrivals(
        door,
        "2026-11-20T23:59:59", "2026-11-21T00:00:00", "2026-11-21T00:01:00",
        "2026-11-20T16:59:59Z", "2026-11-20T17:00:00Z", "2026-11-20T17:01:00Z",
        "2026-11-21T01:01:00+09:00", "2026-11-21T02:01:00+09:00", "2026-11-20T12:01:00-05:00",
    ) == [
        ("2026-11-20T16:59:59", "2026-11-20"), ("2026-11-20T17:00:00", "2026-11-21"),
        ("2026-11-20T17:01:00", "2026-11-21"),
        ("2026-11-20T16:59:59", "2026-11-20"), ("2026-11-20T17:00:00", "2026-11-21"),
        ("2026-11-20T17:01:00", "2026-11-21"),
        ("2026-11-20T16:01:00", "2026-11-20"), ("2026-11-20T17:01:00", "2026-11-21"),
        ("2026-11-20T17:01:00", "2026-11-21"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "utc", "day"),
    [
        ("Asia/Ho_Chi_Minh", "2026-11-20T17:01:00", "2026-11-21"),
        ("Asia/Seoul", "2026-11-20T15:01:00", "2026-11-20"),
        ("Asia/Shanghai", "2026-11-20T16:01:00", "2026-11-20"),
        ("UTC", "2026-11-21T00:01:00", "2026-11-21"),
        ("America/New_York", "2026-11-21T05:01:00", "2026-11-21"),
    ],
)
def test_a_time_without_zone_is_in_the_zone_of_the_contract(
    door: Door, zone: str, utc: str, day: str
) -> None:
    write_profile(door.home, "post", f"time_zone = \"{zone}\"\ndecimal_separator = '.'")
    assert arrivals(door, "2026-11-21T00:01:00", sender="post") == [(utc, day)]


def test_a_stated_offset_is_stronger_than_the_contract(door: Door) -> None:
    write_profile(door.home, "post", "time_zone = \"Asia/Seoul\"\ndecimal_separator = '.'")
    assert arrivals(door, "2026-11-21T00:01:00+07:00", sender="post") == [
        ("2026-11-20T17:01:00", "2026-11-21")
    ]


def test_more_than_an_hour_after_the_day_of_receipt_is_the_future(door: Door) -> None:
    """A sender whose clock is half an hour fast is believed, one who is a day ahead is not."""
    last_second = f"{NEXT}T01:00:00"
    assert arrivals(
        door,
        f"{DAY}T23:59:00", f"{NEXT}T00:30:00", last_second, f"{NEXT}T01:00:01",
        f"{DAY}T18:00:00Z", f"{DAY}T18:00:01Z", "2027-11-21T00:00:00", "2062-11-21T00:00:00",
    ) == [
        ("2026-11-21T16:59:00", "2026-11-21"), ("2026-11-21T17:30:00", "2026-11-22"),
        ("2026-11-21T18:00:00", "2026-11-22"), "in_the_future",
        ("2026-11-21T18:00:00", "2026-11-22"), "in_the_future", "in_the_future", "in_the_future",
    ]  # fmt: skip


def test_the_past_is_not_judged_here(door: Door) -> None:
    """Late and back-loaded records are real (VNACCS, August 2024); gates look at their number."""
    assert arrivals(door, "2024-08-06T23:59:00", "2020-01-01T00:00:00") == [
        ("2024-08-06T16:59:00", "2024-08-06"), ("2019-12-31T17:00:00", "2020-01-01"),
    ]  # fmt: skip


def test_dates_without_a_time(door: Door) -> None:
    content = "\n".join(
        ["house_waybill_number,arrived_on", f"1,{DAY}", f"2,{NEXT}", "3,2026-11-20", ""]
    ).encode()
    (outcome,) = door.deliver(write_bytes(door.folder / "low_value_declaration.csv", content))
    assert (outcome.accepted, outcome.quarantined) == (2, 1)
    (found,) = door.quarantine("low_value_declaration")
    assert (found["line"], found["reason_code"]) == (3, "in_the_future")


@pytest.mark.parametrize(("days", "accepted"), [(-1, 0), (0, 1), (30, 1)])
def test_the_same_bytes_judged_by_their_day_of_receipt(
    door: Door, days: int, accepted: int
) -> None:
    path = write_bytes(
        door.folder / "parcel_manifest.csv", csv_bytes(parcel_rows(1, arrived_at=f"{DAY}T12:00:00"))
    )
    (outcome,) = door.deliver(path, received_date=DAY + dt.timedelta(days=days))
    assert outcome.accepted == accepted


def test_a_record_without_a_time_has_the_day_of_receipt(door: Door) -> None:
    door.deliver(
        write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(parcel_rows(1, arrived_at="")))
    )
    (row,) = door.rows()
    assert (row["arrived_at"], row["day"], row["_day_basis"]) == (None, DAY, "received")
