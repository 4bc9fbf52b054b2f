"""Row 5: "bit rot in an input / staged parquet / published db: sha256 mismatch -> refuse; never
read past."

One flipped bit at seeded places (seed printed); every flip is caught before any figure is used.
A Parquet reader alone misses many of them, which the last test shows.
"""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from ingest.delivery import deliver
from ingest.raw_views import register_raw_views
from ingest.replay import replay
from ledger.chain import Ledger
from serving.current import require_current
from serving.integrity import _compare
from serving.reader import query
from tests.faults.conftest import KEY, Door, parcel_rows, write_csv
from tests.unit.serving.fake_work import publish_work

SEED, FLIPS = 20261127, 25
DAY = dt.date(2026, 11, 21)


@contextmanager
def flipped(path: Path, chosen: random.Random) -> Iterator[int]:
    """One bit of the file is another for the block; gives the byte's position."""
    content = bytearray(path.read_bytes())
    mode = path.stat().st_mode
    path.chmod(0o640)
    place, bit = chosen.randrange(len(content)), chosen.randrange(8)
    content[place] ^= 1 << bit
    path.write_bytes(content)
    try:
        yield place
    finally:
        content[place] ^= 1 << bit
        path.write_bytes(content)
        path.chmod(mode)


@pytest.fixture
def chosen() -> random.Random:
    print(f"seed {SEED}")
    return random.Random(SEED)


def test_a_flipped_bit_in_a_raw_file_stops_the_run(door: Door, chosen: random.Random) -> None:
    door.deliver(write_csv(door.folder / "parcel_manifest.csv", parcel_rows(50)))
    raw = door.home.root / door.ledger.deliveries()[0].body["raw_file"]
    with duckdb.connect() as connection:
        for _ in range(FLIPS):
            with flipped(raw, chosen), pytest.raises(WarehouseError, match="raw file is not what"):
                register_raw_views(connection, door.home, DAY, DAY)
        counts = register_raw_views(connection, door.home, DAY, DAY)
    assert counts["parcel_manifest"] == 50


def test_a_flipped_bit_in_an_input_is_not_read_again_and_a_redelivery_heals_it(
    door: Door, chosen: random.Random
) -> None:
    path = write_csv(door.folder / "parcel_manifest.csv", parcel_rows(5))
    (outcome,) = door.deliver(path)
    stored = door.home.inputs / outcome.sha256[:2] / outcome.sha256
    signed = {"reason": "test", "signed_by": "test", "key": KEY}
    for _ in range(FLIPS):
        with flipped(stored, chosen), pytest.raises(WarehouseError, match="are changed"):
            replay(door.home, outcome.sha256, **signed)
    (again,) = replay(door.home, outcome.sha256, **signed)
    assert again.status == "duplicate"
    # The sender's own copy is whole: delivering it once more puts the right bytes back.
    content = stored.read_bytes()
    stored.chmod(0o640)
    stored.write_bytes(b"x" + content[1:])
    (outcome,) = door.deliver(path)
    assert outcome.status == "duplicate"
    assert sha256_file(stored) == outcome.sha256


def test_a_damaged_copy_of_refused_bytes_is_never_what_is_read(door: Door) -> None:
    """A discarded file delivered again is read from the good bytes, not from the damaged copy."""
    path = write_csv(door.folder / "parcel_manifest.csv", parcel_rows(5))
    (outcome,) = door.deliver(path)
    Ledger(door.home.ledger).discard(outcome.sha256, "test", "test")
    stored = door.home.inputs / outcome.sha256[:2] / outcome.sha256
    stored.chmod(0o640)
    stored.write_text("not what was delivered")
    (again,) = deliver(door.home, [path], received_date=DAY, key=KEY)
    assert (again.status, again.accepted) == ("accepted", 5)


def test_a_flipped_bit_in_a_published_file_is_not_read(
    tmp_path: Path, chosen: random.Random
) -> None:
    home = Home(tmp_path / "home")
    publish_work(home)
    sql = "select lane from risk.fct_selections"
    assert query(home, sql).num_rows == 1
    for audience in ("customs", "ministry"):
        database = require_current(home).database(audience)
        for _ in range(FLIPS):
            _compare.cache_clear()  # each flip is met by a new process
            with flipped(database, chosen), pytest.raises(WarehouseError, match="bytes changed"):
                query(home, "select 1", audience=audience)
        _compare.cache_clear()
        assert query(home, "select 1", audience=audience).num_rows == 1


def test_without_the_hash_flipped_bits_pass_unnoticed(door: Door, chosen: random.Random) -> None:
    """Negative control: DuckDB alone reads many damaged Parquet files to the end, some wrongly."""
    door.deliver(write_csv(door.folder / "parcel_manifest.csv", parcel_rows(2_000)))
    raw = door.home.root / door.ledger.deliveries()[0].body["raw_file"]
    content, unnoticed, wrong = raw.read_bytes(), 0, 0
    with duckdb.connect() as connection:
        sql = "select count(*), bit_xor(hash(t)) from read_parquet('{}') as t"
        right = connection.execute(sql.format(raw)).fetchone()
        for number in range(FLIPS):
            copied = door.folder / f"{number}.parquet"
            copied.write_bytes(content)
            with flipped(copied, chosen):
                try:
                    found = connection.execute(sql.format(copied)).fetchone()
                except (duckdb.Error, UnicodeDecodeError):
                    continue
            unnoticed += 1
            wrong += found != right
    print(f"{unnoticed} of {FLIPS} flips were read without an error, {wrong} gave other rows")
    assert unnoticed > 0
