"""Row 54, back-fill: "single run policy": many small days are one run, one release.

Forty days: longer than every look-back of prices (30), so the last day reads some and not all of
them; a year of days takes the same way only longer.

Not claimed: speed (benchmarks/), or days of national size.
"""

import datetime as dt
from pathlib import Path

import pytest

from foundation.home import Home
from ledger.chain import Ledger
from runs.days.day_set import Days
from runs.days.plan import pending_days
from runs.days.reading import read
from serving.current import require_current
from serving.history import read_listing
from serving.reader import query
from tests.faults.tiny_home import TinyHome, parcel
from tests.faults.whole_run import EVERY_MODEL, publish

FIRST, DAYS = dt.date(2025, 3, 1), 40
PERIOD = Days.between(FIRST, FIRST + dt.timedelta(days=DAYS - 1))


def deliver_period(home: TinyHome) -> None:
    """Two parcels a day, one file; a contact that three names share on every tenth day."""
    rows = []
    for number, day in enumerate(PERIOD):
        shirt = {"hs_code": "610910", "origin_country_code": "CN"}
        rows += [parcel(f"Y{number}-{n}", day, declared_value=90_000 + n, **shirt) for n in (1, 2)]
        if number % 10 == 0:
            rows += [
                parcel(f"Y{number}-{name}", day, consignee_name=name, consignee_phone="0987654312")
                for name in ("Nguyễn Văn A", "Trần Thị B", "Lê Văn C")
            ]
    home.deliver(rows, PERIOD.to_day + dt.timedelta(days=1), name="period")


@pytest.fixture(scope="module")
def at_once(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    home = TinyHome(tmp_path_factory.mktemp("period") / "home", seeded)
    deliver_period(home)
    assert pending_days(read(home.home)) == PERIOD
    publish(home, PERIOD, "period")
    return home


def released(home: Home) -> int:
    return sum(entry.kind == "release" for entry in Ledger(home.ledger).entries())


def test_one_run_publishes_every_day(at_once: TinyHome) -> None:
    assert released(at_once.home) == 1
    assert not pending_days(read(at_once.home))
    listing = read_listing(require_current(at_once.home).folder)
    for table in ("core.fct_consignments", "risk.fct_risk_scores", "reporting.rpt_daily_summary"):
        assert set(listing[table]) == {day.isoformat() for day in PERIOD}, table
    days = query(at_once.home, "select count(*) as n from reporting.rpt_daily_summary")
    assert days.to_pylist() == [{"n": DAYS}]


def test_the_last_day_by_itself_gives_the_same_content(
    at_once: TinyHome, seeded: Path, tmp_path: Path
) -> None:
    """The sample: the last day, run by itself after all the others."""
    home = TinyHome(tmp_path / "home", seeded)
    deliver_period(home)
    home.run(Days([*PERIOD][:-1]), EVERY_MODEL)
    home.run(Days([PERIOD.to_day]), EVERY_MODEL)
    assert home.later == []
    assert home.content().by_table == at_once.content().by_table
    # There is something to confuse: a look-back that reaches from that day into the others.
    ((peers,),) = home.rows(
        "select max(peer_count) from intermediate.int_prices__peer_statistics "
        f"where day = date '{PERIOD.to_day}'"
    )
    assert peers == 30 * 2


def test_the_month_that_is_over_is_published_and_one_operator_stays_unseen(
    at_once: TinyHome,
) -> None:
    """March is closed, April is not; everything of March came by one operator: nothing is shown."""
    cells = "select distinct period, status, value from impact.fct_published_cells_monthly"
    summary = (
        "select distinct month, status, customs_value_vnd"
        " from reporting.rpt_published_impact_monthly"
    )
    for audience in ("customs", "ministry"):
        told = query(at_once.home, cells, audience=audience).to_pylist()
        assert told == [{"period": "2025-03", "status": "c", "value": None}]
        shown = query(at_once.home, summary, audience=audience).to_pylist()
        assert [list(row.values()) for row in shown] == [[FIRST, "c", None]]
    assert len(list(at_once.home.public_records.iterdir())) == 1
