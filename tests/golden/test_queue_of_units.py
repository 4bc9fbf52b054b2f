"""Receipts that split one purchase stand together in the queue, whatever their lanes and types.

Add here a case of units and their place in the queue. Keep out: how slots fill
(`test_risk_selection.py`), who is one owner (`test_parties.py`).
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.golden.risk_case import STEADY, Row, capacity, consignment, prepare, run_risk
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
# Red has 2 slots for a split, yellow 1; a platform has 3 red ones.
CAPACITIES = [
    "delete from seeds.lane_capacities",
    STEADY,
    capacity("QUEUE", "red", "unregistered_platform", 3, 0, 1),
    capacity("QUEUE", "red", "splitting", 2, 0, 2),
    capacity("QUEUE", "yellow", "splitting", 1, 0, 2),
    capacity("FLOOD", "red", "splitting", 9, 0, 2),
]
# Offices and days whose unit is in more pieces than one.
TORN = """
    select day, customs_office_code, selection_unit_id
    from {queue}
    where selection_unit_id is not null
    group by all
    having max(queue_rank) - min(queue_rank) + 1 <> count(*)
"""


def world() -> list[Row]:
    """4 receipts of 300,000: 1,200,000 together; 3 consignments of a suspended platform. At another
    office 12 receipts of one buyer and 4 of another, for 9 slots."""
    buyer = {"consignee_party_id": "buyer", "consignor_party_id": "sender"}
    at_office = {"customs_office_code": "QUEUE"}
    rows = [
        consignment(f"split-{n}", DAY, value_vnd=300_000, **buyer, **at_office) for n in range(4)
    ]
    rows += [
        consignment(f"platform-{n}", DAY, platform_status="suspended", **at_office)
        for n in range(3)
    ]
    for owner, receipts in (("flood", 12), ("small", 4)):
        rows += [
            consignment(
                f"{owner}-{n}", DAY, value_vnd=300_000, consignee_party_id=owner,
                consignor_party_id=f"sender-{owner}", customs_office_code="FLOOD",
            )
            for n in range(receipts)
        ]  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("units")
    prepare(root, world(), (DAY, DAY), seed_changes=CAPACITIES)
    run_risk(root)
    return root


def test_a_unit_is_in_one_piece_and_takes_no_more_than_its_slots(home: Path) -> None:
    """Rank 1 of the platform comes before rank 1 of the split; then the unit's two red ones and its
    yellow one, and only then ranks 2 and 3 of the platform. The fourth receipt has no slot.
    """
    queue = rows_of(
        home,
        "select queue_rank, risk_type, lane, rank_in_office_day, unit_consignments "
        "from reporting.rpt_risk_queue where customs_office_code = 'QUEUE' order by queue_rank",
    )
    assert queue == [
        (1, "unregistered_platform", "red", 1, None),
        (2, "splitting", "red", 1, 4),
        (3, "splitting", "red", 2, 4),
        (4, "splitting", "yellow", 3, 4),
        (5, "unregistered_platform", "red", 2, None),
        (6, "unregistered_platform", "red", 3, None),
    ]


def test_one_consignee_does_not_take_every_slot(home: Path) -> None:
    """Five of its receipts are opened, the count says that there are twelve."""
    queue = rows_of(
        home,
        "select substr(selection_unit_id, 3, 5), unit_consignments, count(*) "
        "from reporting.rpt_risk_queue where customs_office_code = 'FLOOD' group by all "
        "order by all",
    )
    assert queue == [("flood", 12, 5), ("small", 4, 4)]


def test_no_unit_is_torn_and_a_torn_one_is_found(home: Path) -> None:
    assert rows_of(home, TORN.format(queue="reporting.rpt_risk_queue")) == []
    swapped = (
        "(select * replace (case queue_rank when 4 then 5 when 5 then 4 else queue_rank end "
        "as queue_rank) from reporting.rpt_risk_queue where customs_office_code = 'QUEUE')"
    )
    assert rows_of(home, TORN.format(queue=swapped)) == [(DAY, "QUEUE", "P-split-0")]
