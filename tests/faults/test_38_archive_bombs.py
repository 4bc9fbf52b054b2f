"""Row 38: zip/gzip bomb, nested zip, 42.zip.

Promise: "own streaming decompressor: max bytes, max ratio (e.g. 200), max members, no nesting".
"""

import time

import pytest

from ingest.sandbox.child import Limits
from tests.faults.archives import (
    gzip_bytes,
    gzip_of_zeros,
    locked_zip,
    overlapping_zip,
    zip_bytes,
    zip_of_zeros,
)
from tests.faults.conftest import Door, csv_bytes, parcel_rows, reason_of, write_bytes

CSV = csv_bytes(parcel_rows(2))
MEGABYTE = 1 << 20


def size_of(door: Door) -> int:
    """Bytes that lie anywhere in the home."""
    return sum(path.stat().st_size for path in door.home.root.rglob("*") if path.is_file())


@pytest.mark.parametrize("build", [gzip_of_zeros, zip_of_zeros])
def test_a_bomb_is_refused_long_before_it_is_unpacked(door: Door, build) -> None:
    """A tenth of a gigabyte stands for ten: reading stops at the ratio, not at the end."""
    content = build(400 * MEGABYTE)
    assert len(content) < MEGABYTE
    name = "parcel_manifest.csv.gz" if build is gzip_of_zeros else "parcel_manifest.zip"
    started = time.monotonic()
    outcomes = door.deliver(write_bytes(door.folder / name, content))
    assert reason_of(outcomes) == "archive_ratio_exceeded"
    assert time.monotonic() - started < 30
    assert size_of(door) < len(content) + MEGABYTE, "nothing unpacked may stay"


def test_a_high_ratio_of_a_small_member_is_harmless(door: Door) -> None:
    """Control: 8 MB of blanks in one text column pack a thousand times, and are still read."""
    row = parcel_rows(1, item_description=" " * (8 * MEGABYTE))
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", gzip_bytes(csv_bytes(row)))
    assert path.stat().st_size * 200 < 8 * MEGABYTE
    assert door.deliver(path)[0].rows_in == 1


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("MEMBER_BYTES", "10KB", "archive_too_large"),
        ("ARCHIVE_BYTES", "20KB", "archive_too_large"),
        ("ARCHIVE_MEMBERS", "2", "archive_too_many_members"),
        ("OUTPUT", "10KB", "output_too_large"),
    ],
)
def test_each_limit_alone_refuses(
    door: Door, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, reason: str
) -> None:
    members = [
        (f"parcel_manifest_{number}.csv", csv_bytes(parcel_rows(100, operator_code=f"OP{number}")))
        for number in range(3)
    ]
    assert all(10_000 < len(content) < 20_000 for _, content in members)
    path = write_bytes(door.folder / "p.zip", zip_bytes(members))
    with monkeypatch.context() as settings:
        settings.setenv(f"IMPORT_RISK_READER_{setting}", value)
        assert reason_of(door.deliver(path)) == reason
    assert not door.home.raw.exists()
    assert [outcome.accepted for outcome in door.deliver(path)] == [100] * 3  # the control


def test_the_default_limits_are_those_of_the_promise() -> None:
    limits = Limits.from_environment({})
    assert (limits.archive_ratio, limits.archive_members) == (200, 1_000)
    assert Limits.from_environment({"IMPORT_RISK_READER_ARCHIVE_RATIO": "50"}).archive_ratio == 50


@pytest.mark.parametrize(
    "name", ["inner.zip", "parcel_manifest.csv.gz", "parcel_manifest.tar", "x.7z", "x.csv"]
)
def test_nesting_is_refused(door: Door, name: str) -> None:
    """By its name, and (the last) by its first bytes when the name hides it."""
    inner = zip_bytes([("parcel_manifest.csv", CSV)])
    content = zip_bytes([("parcel_manifest.csv", CSV), (name, inner)])
    assert reason_of(door.deliver(write_bytes(door.folder / "p.zip", content))) == "archive_nested"


def test_a_gzip_in_a_gzip_is_refused(door: Door) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", gzip_bytes(gzip_bytes(CSV)))
    assert reason_of(door.deliver(path)) == "archive_nested"


def test_overlapping_members_are_refused(door: Door) -> None:
    """42.zip without nesting: one packed member, named a thousand times by the directory."""
    content = overlapping_zip(bytes(10 * MEGABYTE), 900)
    assert len(content) < MEGABYTE
    outcomes = door.deliver(write_bytes(door.folder / "p.zip", content))
    assert reason_of(outcomes) in ("archive_corrupt", "archive_ratio_exceeded")
    assert size_of(door) < 2 * MEGABYTE


def test_locked_and_empty_archives_are_refused(door: Door) -> None:
    path = door.folder / "p.zip"
    write_bytes(path, locked_zip("parcel_manifest.csv", CSV))
    assert reason_of(door.deliver(path)) == "archive_encrypted"
    assert reason_of(door.deliver(write_bytes(path, zip_bytes([])))) == "archive_empty"
    content = zip_bytes([("a.csv", CSV)], method=14)  # LZMA, whose memory a sender would choose
    assert reason_of(door.deliver(write_bytes(path, content))) == "archive_method_unsupported"


def test_a_workbook_is_no_archive(door: Door) -> None:
    """An .xlsx is a zip by nature; it goes to its reader, alone and inside an archive."""
    workbook = zip_bytes([("xl/workbook.xml", b"<workbook/>")])
    outcomes = door.deliver(write_bytes(door.folder / "parcel_manifest.xlsx", workbook))
    assert not reason_of(outcomes).startswith("archive_")
    packed = zip_bytes([("parcel_manifest.xlsx", workbook)])
    outcomes = door.deliver(write_bytes(door.folder / "p.zip", packed))
    assert not reason_of(outcomes).startswith("archive_")
