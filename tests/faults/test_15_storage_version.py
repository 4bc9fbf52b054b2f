"""Row 15: "DuckDB storage format / version jump (1.5 LTS -> 2.0): the published file opens with the
stated versions."

Asserted here: the form on disk, by the file's own header. `make faults` also opens a release with
DuckDB 2.0 from a throw-away environment (newer_engine.py; docs/reliability.md has the result).
"""

import struct
from pathlib import Path

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.audience_file import STORAGE_VERSION
from serving.current import require_current
from serving.verify import verify
from tests.unit.serving.fake_work import publish_work

# Of the main header: the magic word at byte 8, the storage version as the next 8 bytes. 64 is what
# DuckDB calls v1.0.0; 67 is v1.4.0 and 68 v1.5.0, which older drivers cannot open.
MAGIC_AT, WRITTEN_BY_ALL_1_X = 8, 64


def storage_number(database: Path) -> int:
    with database.open("rb") as stream:
        stream.seek(MAGIC_AT)
        assert stream.read(4) == b"DUCK"
        (number,) = struct.unpack("<Q", stream.read(8))
    return int(number)


def test_every_published_file_has_the_form_that_all_1_x_read(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish_work(home)
    release = require_current(home)
    for audience in ("customs", "ministry"):
        assert storage_number(release.database(audience)) == WRITTEN_BY_ALL_1_X
    assert release.manifest["engine"].startswith("duckdb 1.5.")
    assert set(verify(release.folder)) == {"customs", "ministry"}


def test_a_file_of_a_newer_form_does_not_verify(tmp_path: Path) -> None:
    newer = tmp_path / "customs" / "warehouse.duckdb"
    newer.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{newer}' as newer (storage_version 'v1.5.0')")
        connection.execute("create table newer.t as select 1 as a")
    assert storage_number(newer) > WRITTEN_BY_ALL_1_X
    with pytest.raises(WarehouseError, match=f"not {STORAGE_VERSION}"):
        verify(newer)
