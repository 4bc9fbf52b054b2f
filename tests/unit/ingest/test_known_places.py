"""A place that a site knows is recognised where parcels go, without anybody handling tokens.

Add here a kind of place. Keep out: how lists of places read it (dbt unit tests of compliance).
"""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.store.landing import raw_files

DAY = dt.date(2026, 3, 2)
PARCELS = """house_waybill_number,arrived_at,consignee_address
H1,2026-03-02T03:00:00+00:00,"12 Nguyễn Trãi, Phường An Bình, Thành phố Cần Thơ"
H2,2026-03-02T03:00:00+00:00,"14 Nguyễn Trãi, Phường An Bình, Thành phố Cần Thơ"
"""
PLACES = """place_id,place_type,warehouse_code,place_address,valid_from,valid_to
BC1,post_office,,"12  nguyễn trãi, phường An Bình,  thành phố Cần Thơ",2026-01-01,
KHO1,official_warehouse,02DSW1,,2026-01-01,2026-12-31
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for name, text in (("parcel_manifest.csv", PARCELS), ("known_place.csv", PLACES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    outcomes = deliver(
        home,
        [tmp_path / "parcel_manifest.csv", tmp_path / "known_place.csv"],
        received_date=dt.date(2026, 3, 10),
        key=PseudonymKey.demonstration(),
    )
    assert [(o.status, o.accepted) for o in outcomes] == [("accepted", 2), ("accepted", 2)]
    return home


def test_an_address_of_a_known_place_is_the_token_that_parcels_have(home: Home) -> None:
    """Blanks and capitals do not matter; the house next door is another place."""
    files = {
        source: [str(path) for path in raw_files(home, source, DAY, DAY)]
        for source in ("parcel_manifest", "known_place")
    }
    rows = duckdb.execute(
        "select house_waybill_number, place_id "
        "from read_parquet($parcel_manifest) join read_parquet($known_place) "
        "on consignee_address_token = place_address_token",
        files,
    ).fetchall()
    assert rows == [("H1", "BC1")]
