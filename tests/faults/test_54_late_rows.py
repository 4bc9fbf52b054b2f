"""Row 54, late rows: a row that comes late to one day takes nothing from the days after it.

The day after is made again, because its risk reads the day before. What of it rests on its own
parcels alone (a consignee's many receipts, a contact that many names share, goods that a list
names) must still be there: those tables hold the days of a run, not of every day. NOT claimed:
which days follow a late row (test_54_one_by_one).
"""

import datetime as dt
from pathlib import Path

import pytest

from runs.days.day_set import Days
from tests.faults.tiny_home import TinyHome, parcel
from tests.faults.whole_run import EVERY_MODEL

DAY = dt.date(2026, 11, 10)
NEXT = DAY + dt.timedelta(days=1)
RECEIVED = DAY + dt.timedelta(days=3)
BOTH = Days.between(DAY, NEXT)
BUSY = {
    "consignee_name": "Nguyễn Văn A", "consignee_phone": "0987654312",
    "consignee_address": "12 Lê Lợi, Phường 1, Thành phố Hà Nội",
}  # fmt: skip
EXPECTED = {"multiple_receipts_per_day", "shared_contact", "prohibited_goods_term"}


def ordinary() -> list[dict[str, object]]:
    """One parcel of the busy consignee on the first day. On the next, twelve of them, eleven other
    names with their phone, and goods that a watch list names."""
    first = [parcel("F1", DAY, **BUSY)]
    busy = [parcel(f"B{n}", NEXT, **BUSY) for n in range(12)]
    names = [
        parcel(
            f"N{n}", NEXT, consignee_name=f"Trần Thị {chr(65 + n)}", consignee_phone="0987654312"
        )
        for n in range(11)
    ]
    return [*first, *busy, *names, parcel("V1", NEXT, item_description="vape pod 5ml")]


def late() -> list[dict[str, object]]:
    """Twelve names with that phone, on the first day: the next day looks back at them."""
    phone = BUSY["consignee_phone"]
    return [
        parcel(f"L{n}", DAY, consignee_name=f"Lê Văn {chr(65 + n)}", consignee_phone=phone)
        for n in range(12)
    ]


def indicators(home: TinyHome) -> list[tuple[object, ...]]:
    return home.rows(
        "select indicator_id, consignment_id, points from risk.fct_risk_indicators "
        f"where day = date '{NEXT}' order by all"
    )


@pytest.fixture(scope="module")
def at_once(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    home = TinyHome(tmp_path_factory.mktemp("at_once") / "home", seeded)
    home.deliver(ordinary(), RECEIVED, name="ordinary")
    home.deliver(late(), RECEIVED, name="late")
    home.run(BOTH, EVERY_MODEL)
    return home


def test_the_day_after_keeps_what_rests_on_its_own_parcels(
    at_once: TinyHome, seeded: Path, tmp_path: Path
) -> None:
    home = TinyHome(tmp_path / "home", seeded)
    home.deliver(ordinary(), RECEIVED, name="ordinary")
    home.run(BOTH, EVERY_MODEL)
    assert {row[0] for row in indicators(home)} >= EXPECTED
    home.deliver(late(), RECEIVED, name="late")
    home.run(Days([DAY]), EVERY_MODEL)
    assert home.later == [NEXT], "the late rows must touch the day after"
    assert indicators(home) == indicators(at_once)
    for table in ("risk.fct_risk_scores", "risk.fct_risk_reasons", "reporting.rpt_risk_queue"):
        assert home.content().by_table[table] == at_once.content().by_table[table], table
