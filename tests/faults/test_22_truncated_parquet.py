"""Row 22. Truncated parquet: "refuse". Cut at several places; nothing half-loads."""

from pathlib import Path

import polars as pl
import pytest

from tests.faults.conftest import Door, parcel_rows, reason_of, write_bytes


def parquet_bytes(folder: Path) -> bytes:
    path = folder / "made.parquet"
    pl.DataFrame(parcel_rows(500)).write_parquet(path)
    return path.read_bytes()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_and_kept(door: Door, tmp_path: Path, share: float) -> None:
    content = parquet_bytes(tmp_path)
    cut = content[: int(len(content) * share)]
    outcomes = door.deliver(write_bytes(door.folder / "parcel_manifest.parquet", cut))
    assert reason_of(outcomes) == ("empty_file" if share == 0 else "corrupt_parquet")
    assert door.rows() == []
    kept = door.home.inputs / outcomes[0].sha256[:2] / outcomes[0].sha256
    assert kept.read_bytes() == cut


@pytest.mark.parametrize("missing", [1, 4, 8])
def test_a_few_bytes_less_at_the_end(door: Door, tmp_path: Path, missing: int) -> None:
    content = parquet_bytes(tmp_path)[:-missing]
    outcomes = door.deliver(write_bytes(door.folder / "parcel_manifest.parquet", content))
    assert reason_of(outcomes) == "corrupt_parquet"


def test_the_whole_file_is_accepted(door: Door, tmp_path: Path) -> None:
    content = parquet_bytes(tmp_path)
    (outcome,) = door.deliver(write_bytes(door.folder / "parcel_manifest.parquet", content))
    assert (outcome.accepted, outcome.quarantined) == (500, 0)
