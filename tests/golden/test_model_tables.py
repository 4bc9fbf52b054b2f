"""Staging of risk models: rows as the documents state them, and tests of dbt that stop odd ones.

The documents are validated before (scoring); these tests stop rows that came another way.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.dbt_run import DbtFailed, release, rows_of, run_dbt
from tests.support.raw_fixture import build_raw
from tests.unit.scoring.cards import by_hand

DAY = dt.date(2026, 3, 2)
BUILD = ("build", "--select", "path:models/staging/scoring")
VERSION = {"model_version": "v1", "risk_type": "undervaluation"}


def whole() -> dict[str, list[dict[str, Any]]]:
    """Two versions of one risk type that follow each other, one of another; bins of the first."""
    first = {**VERSION, "valid_from": DAY, "valid_to": dt.date(2026, 3, 9)}
    second = {**first, "model_version": "v2", "valid_from": dt.date(2026, 3, 10), "valid_to": None}
    other = {**first, "risk_type": "origin", "model_version": "v3"}
    card = by_hand()
    return {
        "risk_model_version": [first, second, other],
        "risk_model_bin": [{**VERSION, **vars(row)} for row in card.bins],
        "risk_model_calibration": [{**VERSION, **vars(row)} for row in card.calibration],
    }


def build(home: Path, *changes: str) -> None:
    """Raw rows, changed by SQL, and dbt's models and tests on them."""
    release(home)
    (home / "work").mkdir(exist_ok=True)
    with duckdb.connect(str(home / "work" / "warehouse.duckdb")) as connection:
        build_raw(connection, whole(), (DAY, DAY))
        for change in changes:
            connection.execute(change)
    run_dbt(home, *BUILD)


def test_staging_shows_every_row(tmp_path: Path) -> None:
    build(tmp_path)
    counts = [
        rows_of(tmp_path, f"select count(*) from staging.stg_scoring__model_{name}")[0][0]
        for name in ("versions", "bins", "calibrations")
    ]
    assert counts == [3, 7, 3]
    # The hand-made mass of a missing value: 300 points, with a reason.
    found = rows_of(
        tmp_path,
        "select points, reason_id from staging.stg_scoring__model_bins "
        "where feature = 'mass' and bin_no = 0",
    )
    assert found == [(300, "mass")]


def test_no_rows_are_no_failure(tmp_path: Path) -> None:
    build(tmp_path, "delete from raw.risk_model_version", "delete from raw.risk_model_bin",
          "delete from raw.risk_model_calibration")  # fmt: skip


BINS, BANDS = "raw.risk_model_bin", "raw.risk_model_calibration"
ODD = {
    "periods overlap": (
        "update raw.risk_model_version set valid_to = '2026-03-10' where model_version = 'v1'",
        "no_overlapping_periods",
    ),
    "an open period before another": (
        "update raw.risk_model_version set valid_to = null where model_version = 'v1'",
        "no_overlapping_periods",
    ),
    "two periods from one day": (
        "update raw.risk_model_version set valid_from = '2026-03-02', valid_to = '2026-03-01' "
        "where model_version = 'v2'",
        "unique_combination",
    ),
    "a hole between bins": (
        f"update {BINS} set low_milli = 51 where feature = 'margin' and bin_no = 3",
        "covers_every_integer",
    ),
    "bins overlap": (
        f"update {BINS} set low_milli = 49 where feature = 'margin' and bin_no = 3",
        "covers_every_integer",
    ),
    "a bin is gone": (
        f"delete from {BINS} where feature = 'margin' and bin_no = 2", "covers_every_integer",
    ),
    "a bin stands twice": (
        f"insert into {BINS} select * from {BINS} where feature = 'mass' and bin_no = 1",
        "covers_every_integer",
    ),
    "no bin of missing values": (
        f"delete from {BINS} where feature = 'mass' and bin_no = 0", "covers_every_integer",
    ),
    "the bin of missing values has bounds": (
        f"update {BINS} set high_milli = 3 where feature = 'mass' and bin_no = 0",
        "covers_every_integer",
    ),
    "a bin of missing values alone": (
        f"delete from {BINS} where feature = 'mass' and bin_no > 0", "covers_every_integer",
    ),
    "no integer in a bin": (
        f"update {BINS} set low_milli = 50 where feature = 'margin' and bin_no = 2",
        "covers_every_integer",
    ),
    "the first bin has a lower bound": (
        f"update {BINS} set low_milli = -9 where feature = 'mass' and bin_no = 1",
        "covers_every_integer",
    ),
    "the last bin has an upper bound": (
        f"update {BINS} set high_milli = 9000 where feature = 'mass' and bin_no = 2",
        "covers_every_integer",
    ),
    "points without a reason": (
        f"update {BINS} set reason_id = null where feature = 'mass' and bin_no = 1",
        "have_a_reason",
    ),
    "a hole between bands": (
        f"update {BANDS} set low_points = -1400 where band_no = 2", "covers_every_integer",
    ),
    "bands that begin at 0": (
        f"update {BANDS} set band_no = band_no - 1", "covers_every_integer",
    ),
    "a probability that falls": (
        f"update {BANDS} set probability_micro = 100000 where band_no = 2", "never_falls",
    ),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_row_stops_the_build(tmp_path: Path, odd: str) -> None:
    change, test = ODD[odd]
    with pytest.raises(DbtFailed, match=test):
        build(tmp_path, change)


def test_an_indicator_needs_no_reason_of_its_own(tmp_path: Path) -> None:
    """The seeds describe it; any other feature without one is the case above."""
    build(tmp_path, f"update {BINS} set reason_id = null, feature = 'indicator_mass' "
          "where feature = 'mass'")  # fmt: skip
