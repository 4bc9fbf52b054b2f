"""The raw tables of item names: the table of each day, and the terms of the run's names."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from contracts.base import FIRST_DAY
from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.items.raw_tables import item_tables
from ingest.items.table import read_model
from ledger.chain import Ledger
from ledger.model_periods import ITEM_NAMES
from runs.model_registry import store_item_names
from tests.support.raw_fixture import build_raw
from tests.support.risk_models import document, edit, promoted, retired
from tests.unit.ingest.items.support import SMALL, terms
from tests.unit.ingest.items.test_document import TABLE

EARLY, MIDDLE, LATE = (dt.date(2026, 3, day) for day in (2, 10, 20))
ONE_DAY = dt.timedelta(days=1)
NAMES = ("phone case", "ao thun", "phone case")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's a home")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        named = [{"item_description_folded": name} for name in NAMES]
        lines = [{"item_description_folded": "toy"}, {"item_description_folded": None}]
        build_raw(opened, {"parcel_manifest": named, "customs_declaration": lines}, (EARLY, LATE))
        yield opened


def registered(
    connection: duckdb.DuckDBPyConnection, home: Home, *days: dt.date
) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for table, build in item_tables(connection, home, Ledger(home.ledger).entries(), days).items():
        connection.execute(f"create or replace {build()}")
        found[table] = connection.execute(f"from raw.{table} order by all").fetchall()
    return found


def test_without_a_promotion_every_day_has_the_shipped_table(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    store_item_names(home, TABLE)  # a candidate alone counts for nothing
    found = registered(connection, home, EARLY)
    shipped = read_model()
    stated = shipped.calibration
    assert found["item_name_period"] == [
        (1, "shipped", FIRST_DAY, None, stated.temperature, stated.none_score, stated.bound_micro)
    ]
    assert len(found["item_name_point"]) == len(shipped.points)
    names = ["ao thun", "phone case", "toy"]
    assert sorted((row[2], row[3]) for row in found["item_text"]) == list(
        zip(names, terms(names).to_pylist(), strict=True)
    )
    assert sorted(row[0] for row in found["item_text"]) == [0, 1, 2]


def test_a_promoted_table_counts_from_its_day_and_the_shipped_one_before_and_after(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    version = store_item_names(home, TABLE)
    promoted(home, version, MIDDLE)
    retired(home, LATE, ITEM_NAMES)
    found = registered(connection, home, EARLY, MIDDLE, LATE)
    assert [row[:4] for row in found["item_name_period"]] == [
        (1, "shipped", FIRST_DAY, MIDDLE - ONE_DAY),
        (2, version, MIDDLE, LATE - ONE_DAY),
        (3, "shipped", LATE, None),
    ]
    own = [row for row in found["item_name_point"] if row[0] == 2]
    assert len(own) == len(SMALL.points)
    # Every name is read with each table, under a number of its own.
    assert len({row[0] for row in found["item_text"]}) == len(found["item_text"]) == 9
    # Only what counts on one of the days is there.
    assert [row[0] for row in registered(connection, home, MIDDLE)["item_name_period"]] == [2]


def test_a_changed_document_of_a_table_that_counts_stops_the_run(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    version = store_item_names(home, TABLE)
    promoted(home, version, MIDDLE)
    edit(document(home, version), '"none_score":500', '"none_score":501')
    with pytest.raises(WarehouseError, match="is not what was written"):
        registered(connection, home, MIDDLE)
    assert registered(connection, home, EARLY)["item_name_period"][0][1] == "shipped"
