"""No accepted row stops a run: "one ordinary machine must not stop the nation's day".

Thousands of rows that the contracts accept (limits, gaps, odd texts and dates, repetitions) go
through a whole run with dbt's tests and both gates. IMPORT_RISK_ACCEPTED_SEEDS=1,2,3 and
IMPORT_RISK_ACCEPTED_ROWS=800 (random rows of a source) ask for more; a run that stops is taken
apart by `python -m tests.faults.extreme_rows --halve`.
Not claimed: that figures made of such rows mean anything.
"""

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from serving.current import current_id
from tests.faults import extreme_rows
from tests.faults.extreme_rows import Row, deliver_all, every_row, halved, publish
from tests.faults.tiny_home import TinyHome

SEEDS = [int(seed) for seed in os.environ.get("IMPORT_RISK_ACCEPTED_SEEDS", "44").split(",")]
RANDOM_ROWS = int(os.environ.get("IMPORT_RISK_ACCEPTED_ROWS", "120"))


@pytest.fixture(scope="module", params=SEEDS)
def published(
    request: pytest.FixtureRequest, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> TinyHome:
    """A home that took the rows of a seed in and published them."""
    print(f"seed {request.param}, {RANDOM_ROWS} random rows of each source")
    home = TinyHome(tmp_path_factory.mktemp("accepted") / "home", seeded)
    for source, outcome in deliver_all(home, every_row(request.param, RANDOM_ROWS)).items():
        # A row that is set aside proves nothing here; 100 rows of a source are one field's worth.
        assert (outcome.quarantined, outcome.accepted > 100) == (0, True), (source, outcome)
    release_id = publish(home)
    assert current_id(home.home) == release_id
    return home


@pytest.mark.parametrize(
    ("consignment", "column", "expected"),
    [
        ("P-F-1", "value_vnd", Decimal("13000000000.00")),  # 500,000 AUD at 26,000
        ("P-F-2", "platform_code || ' ' || platform_status", "unstated unstated"),
        ("P-F-3", "origin_country_code", "unknown"),
        ("M-F-4", "master_waybill_number", "M"),
        ("M-F-5", "master_waybill_number", "M"),
        ("D-F-1-1", "record_status", "amended"),
        ("D-F-1-A-1", "record_status", None),  # it is that of F-1
        ("D-F-2-1", "record_status", "amended"),
        ("D-F-2-2", "record_status", "amended"),
        ("D-F-3-1", "quantity", Decimal(1)),
        ("D-F-3-2", "quantity", Decimal(2)),
        ("D-F-4-1", "record_status", "original"),
        ("D-F-4-3", "record_status", "original"),
        ("D-F-4-4", "record_status", "original"),
        ("D-F-5-1", "record_status", None),  # nobody declared that line
        ("D-F-5-2", "record_status", "amended"),
    ],
)
def test_rows_that_went_wrong_once_have_a_fate(
    published: TinyHome, consignment: str, column: str, expected: object
) -> None:
    found = published.rows(
        f"select {column} from core.fct_consignments where consignment_id = '{consignment}'"
    )
    assert found == ([] if expected is None else [(expected,)])


def test_a_month_of_few_days_is_not_divided_by_whole_retail(published: TinyHome) -> None:
    """The trade of some days over a retail series of a millionth of a dong: no share, and why."""
    found = published.rows(
        "select landed_value_vnd > 10000000000000, retail_sales_vnd, share_of_retail_percent, "
        "reason_code from impact.fct_retail_share_monthly "
        "where month = '2026-03-01' and commodity_code = 'all'"
    )
    assert found == [(True, Decimal(0), None, "incomplete_month")]


def test_every_live_parcel_is_a_consignment(published: TinyHome) -> None:
    """Extremes are counted, not dropped: one consignment for each waybill number."""
    (found,) = published.rows(
        "select count(*), (select count(distinct house_waybill_number) from raw.parcel_manifest) "
        "from core.fct_consignments where source = 'parcel_manifest'"
    )
    aside = published.rows(
        "select count(distinct record_key) from quality.fct_record_versions as versions "
        "where source_name = 'parcel_manifest' and fate = 'set_aside' and not exists ("
        "select 1 from quality.fct_record_versions as other where other.fate <> 'set_aside' "
        "and other.source_name = 'parcel_manifest' and other.record_key = versions.record_key)"
    )
    assert found[0] + aside[0][0] == found[1]


def test_the_row_that_stops_a_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control of the search itself: two rows that stop a run together are found among hundreds."""
    guilty = [("parcel_manifest", 17), ("customs_declaration", 5)]
    rows = every_row(1, 0)
    wanted = [(source, rows[source][place]) for source, place in guilty]

    def pretended(chosen: Mapping[str, Sequence[Row]], _: Path | None) -> str | None:
        return "stops" if all(row in chosen[source] for source, row in wanted) else None

    monkeypatch.setattr(extreme_rows, "stops", pretended)
    left = halved(rows, None)
    assert sorted(
        (source, str(row)) for source, listed in left.items() for row in listed
    ) == sorted((source, str(row)) for source, row in wanted)
