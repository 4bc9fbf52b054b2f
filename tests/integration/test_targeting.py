"""The public benchmark runs whole on a part of the public set, and says what it must say.

Not claimed: its figures (benchmarks/README.md); a part is too small for any.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from foundation.errors import UsageError
from runs import targeting

pytestmark = [pytest.mark.shared, pytest.mark.slow]
RECEIVED = dt.date(2021, 7, 1)
FIGURES = {"auc", "ap"} | {f"{side}_at_{share}" for side in "pr" for share in (1, 2, 5, 10)}


@pytest.fixture(scope="module")
def found(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("kcs")
    for name, rows in (("train", 5000), ("valid", 1000)):
        pl.read_parquet(shared_data / "kcs" / f"{name}.parquet").head(rows).write_parquet(
            folder / f"{name}.parquet"
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targeting, "PARTITIONS", ("a",))
        return targeting.targeting(
            folder / "train.parquet", folder / "valid.parquet", received=RECEIVED
        )


def test_both_tracks_and_the_challenger_have_every_figure(found: dict[str, Any]) -> None:
    tracks = [found, found["challenger"]]
    for track in ("track_p", "track_h"):
        for side in tracks:
            assert set(side[track]) == FIGURES
            assert all(0 <= value <= 1 for value in side[track].values())
    assert found["track_h"]["auc"] > 0.5
    assert found["paired_auc_difference"]["low"] < found["paired_auc_difference"]["high"]


def test_sql_says_on_every_row_what_the_fitted_table_says(found: dict[str, Any]) -> None:
    assert found["sql_equals_table"] is True
    assert 0 < found["model_rows"] <= 700


def test_copies_on_both_sides_of_the_split_are_counted_and_warned_of(
    found: dict[str, Any], shared_data: Path
) -> None:
    """Counted apart, with polars: what an observer sees of the goods."""
    seen = [
        "HS6 Code", "Country of Departure", "Country of Origin", "Tax Type", "Tax Rate", "Net Mass",
    ]  # fmt: skip
    train = pl.read_parquet(shared_data / "kcs" / "train.parquet").head(5000)
    valid = pl.read_parquet(shared_data / "kcs" / "valid.parquet").head(1000)
    copies = valid.join(train.select(seen).unique(), on=seen, how="semi").height
    assert found["split"]["copies_of_a_fitted_row"] == copies
    assert found["split"]["distinct_contents"] == pl.concat([train, valid])[seen].n_unique()
    assert "memorisation test" in found["warning"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        targeting.targeting(
            tmp_path / "train.parquet", tmp_path / "valid.parquet", received=RECEIVED
        )
