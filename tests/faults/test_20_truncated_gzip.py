"""Row 20: truncated gzip.

Promise: "refuse file", whatever of it could have been read.
"""

import random
from pathlib import Path

import pytest

from ingest.conforming.containers import member_file, unpack
from ingest.conforming.jobs import UnpackJob
from ingest.outcomes import FileRefused
from tests.faults.archives import gzip_bytes, zip_bytes
from tests.faults.conftest import Door, csv_bytes, parcel_rows, reason_of, write_bytes

ROWS = 400
CSV = csv_bytes(parcel_rows(ROWS))


def nothing_loaded(door: Door) -> bool:
    return not door.home.raw.exists() and not list((door.home.work / "ingest").iterdir())


def test_a_whole_gzip_is_read(door: Door) -> None:
    """Control."""
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", gzip_bytes(CSV))
    (outcome,) = door.deliver(path)
    assert (outcome.accepted, outcome.file) == (ROWS, "parcel_manifest.csv.gz/parcel_manifest.csv")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_gzip_is_refused(door: Door, share: float) -> None:
    whole = gzip_bytes(CSV)
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", whole[: int(len(whole) * share)])
    outcomes = door.deliver(path)
    assert reason_of(outcomes) == "archive_truncated"
    assert len(list(door.home.inputs.rglob(outcomes[0].sha256))) == 1
    assert nothing_loaded(door)


@pytest.mark.parametrize("missing", range(1, 10))
def test_the_last_bytes_count(door: Door, missing: int) -> None:
    """All rows are there, only the check sum and length at the end are not whole."""
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", gzip_bytes(CSV)[:-missing])
    assert reason_of(door.deliver(path)) == "archive_truncated"
    assert nothing_loaded(door)


def test_a_wrong_check_sum_is_refused(door: Door) -> None:
    whole = bytearray(gzip_bytes(CSV))
    whole[-6] ^= 1
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", bytes(whole))
    assert reason_of(door.deliver(path)) == "archive_corrupt"


def test_bytes_behind_the_end_are_refused(door: Door) -> None:
    """Two gzip members behind one another are legal and one text; anything else is not."""
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", gzip_bytes(CSV) + b"tail")
    assert reason_of(door.deliver(path)) == "archive_corrupt"
    half = len(CSV) // 2
    path = write_bytes(path, gzip_bytes(CSV[:half]) + gzip_bytes(CSV[half:]))
    assert door.deliver(path)[0].accepted == ROWS


def test_a_header_alone_is_refused(door: Door) -> None:
    path = write_bytes(door.folder / "parcel_manifest.csv.gz", gzip_bytes(CSV)[:10])
    assert reason_of(door.deliver(path)) == "archive_truncated"
    assert reason_of(door.deliver(write_bytes(path, b""))) == "empty_file"
    assert reason_of(door.deliver(write_bytes(path, CSV))) == "archive_corrupt"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_zip_is_refused(door: Door, share: float) -> None:
    whole = zip_bytes([("parcel_manifest.csv", CSV)])
    path = write_bytes(door.folder / "p.zip", whole[: int(len(whole) * share)])
    assert reason_of(door.deliver(path)) == "archive_corrupt"
    assert nothing_loaded(door)


def test_one_bad_member_refuses_the_whole_zip(door: Door) -> None:
    """A delivery never half-loads: the flawless first member waits for a whole archive."""
    good = csv_bytes(parcel_rows(3))
    whole = zip_bytes([("parcel_manifest_1.csv", good), ("parcel_manifest_2.csv", CSV)])
    place = whole.index(b"parcel_manifest_2.csv") + 200  # inside the second member's data
    damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
    assert reason_of(door.deliver(write_bytes(door.folder / "p.zip", damaged))) == "archive_corrupt"
    assert nothing_loaded(door)
    outcomes = door.deliver(write_bytes(door.folder / "p.zip", whole))
    assert [outcome.accepted for outcome in outcomes] == [3, ROWS]


@pytest.mark.parametrize("name", ["p.csv.gz", "p.zip"])
def test_a_damaged_archive_is_refused_or_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    """600 seeded changes of a few bytes: refused by a named reason, or harmless (a time stamp)."""
    whole = gzip_bytes(CSV) if name == "p.csv.gz" else zip_bytes([("số.csv", CSV), ("b.csv", b"x")])
    path, chance, reasons = tmp_path / name, random.Random(20), []
    for number in range(600):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3))):
            # Half of the changes hit the headers at both ends, where the structure is.
            near = chance.choice((len(whole), 60))
            place = chance.choice((chance.randrange(near), -1 - chance.randrange(near)))
            damaged[place] = chance.randrange(256)
        path.write_bytes(bytes(damaged))
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            unpack(UnpackJob(path, name, folder, 10**6, 10**6, 100, 200))
        except FileRefused as refusal:
            reasons.append(refusal.reason_code)
        else:
            assert (folder / member_file(0)).read_bytes() == CSV
    assert len(reasons) > 300
    assert all(reason.startswith("archive_") for reason in reasons)
