"""Master bills of consignees that nobody has seen before, beside the other bills of their channel.

Counted by hand below. Not claimed: that new customers are invented ones. Every number is a
parameter of grade U. How a day that is too large is sampled: dbt's unit tests of the state.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.golden.risk_case import Row, consignment, facts, prepare, run_risk, set_window
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
STALE = "select day from intermediate.int_risk__stale_days where reason = 'first_seen' order by 1"


def before(count: int) -> dt.date:
    return DAY - dt.timedelta(days=count)


def bill(name: str, channel: str, new: int, known: int, first: int = 0, **own: Any) -> list[Row]:
    """Parcels of `name` for new consignees and for `known` ones, numbered from `first`."""
    who = [f"{name}-new-{n}" for n in range(new)] + [f"known-{first + n}" for n in range(known)]
    shared = {"master_waybill_number": name, "channel": channel}
    return [
        consignment(f"{name}-{party}", DAY, consignee_party_id=party, **shared | own)
        for party in who
    ]


def world() -> list[Row]:
    """Known are 300 consignees of the day before; three other days are remembered with one each.

    express: `at` 48 / 64 new, others 100 / 200: (0.75 - 0.5)^2 * 64 = 4 = 4^2 * 0.5 * 0.5: fires;
             the others are no more than `at`
    postal:  `below` 47 / 64: 0.2344^2 * 64 = 3.52 < 4
    cargo:   `fresh` 30 / 30, others 129 / 229 = 0.56 in whole percent: 0.44^2 * 30 = 5.81, beyond
             16 * 0.56 * 0.44 = 3.94; `few` 29 / 29 has too few to be judged
    unknown: `ten` 3 / 30, others 4 / 239 = 0.01: 0.09 more is no excess of 0.1; `eleven` 4 / 31, of
             whom one was last seen 29 days before, others 3 / 238 = 0.01: 0.119 more fires; one of
             its 27 was last seen 28 days before, which is known
    """
    rows = [
        consignment(f"past-{n}", before(1), consignee_party_id=f"known-{n}") for n in range(300)
    ]
    for days in (2, 3, 28):
        rows.append(consignment(f"past-{days}", before(days), consignee_party_id="known-0"))
    rows.append(consignment("long-ago", before(29), consignee_party_id="eleven-new-0"))
    rows.append(consignment("just", before(28), consignee_party_id="just-known"))
    # what does not make anybody known: a line of a declaration, goods for another country
    line = {"consignment_kind": "declaration_line"}
    rows.append(consignment("line", before(1), consignee_party_id="fresh-new-0", **line))
    abroad = {"importing_country_code": "LA"}
    rows.append(consignment("abroad", before(1), consignee_party_id="fresh-new-1", **abroad))
    for channel in ("express", "postal", "cargo"):
        rows += bill(f"usual-{channel}", channel, 100, 100)
    rows += bill("at", "express", 48, 16, first=100) + bill("below", "postal", 47, 17, first=100)
    rows += bill("fresh", "cargo", 30, 0) + bill("few", "cargo", 29, 0)
    rows += bill("usual-unknown", "unknown", 0, 208)
    rows += bill("ten", "unknown", 3, 27) + bill("eleven", "unknown", 4, 26)
    rows += [
        consignment(
            "eleven-just", DAY, consignee_party_id="just-known",
            master_waybill_number="eleven", channel="unknown",
        ),
        # a second parcel of one consignee, a line, and no bill count nobody more
        *bill("fresh", "cargo", 1, 0, house_waybill_number="twice", consignment_id="P-twice"),
        *bill("fresh", "cargo", 0, 1, first=299, **line),
        consignment("no-bill", DAY),
    ]  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("first_seen")
    prepare(root, world(), (before(29), DAY))
    run_risk(root)
    return root


def bills(home: Path) -> list[tuple[Any, ...]]:
    return rows_of(
        home,
        "select day, master_waybill_number, channel, consignees, consignees_first_seen, "
        "share_micro, other_consignees, other_share_micro, earlier_days, is_every_consignee "
        "from risk.fct_first_seen_on_bill order by 1, 2",
    )


def test_a_bill_far_beyond_the_others_of_its_channel_is_told(home: Path) -> None:
    assert bills(home) == [
        (DAY, "at", "express", 64, 48, 750_000, 200, 500_000, 4, True),
        (DAY, "eleven", "unknown", 31, 4, 129_032, 238, 10_000, 4, True),
        (DAY, "fresh", "cargo", 30, 30, 1_000_000, 229, 560_000, 4, True),
    ]


def test_every_parcel_of_such_a_bill_is_pointed_at(home: Path) -> None:
    """64, 31 and the 31 parcels of 30 consignees; the line of a declaration is no parcel."""
    rows = rows_of(
        home,
        "select evidence, points, count(*) from risk.fct_risk_indicators "
        "where indicator_id = 'first_seen_consignees' group by all order by all",
    )
    found = {facts(evidence)["master_bill"]: (facts(evidence), n) for evidence, _, n in rows}
    assert {name: count for name, (_, count) in found.items()} == {
        "at": 64, "eleven": 31, "fresh": 31,
    }  # fmt: skip
    assert found["at"][0] == {
        "master_bill": "at", "consignees": 64, "first_seen_share_micro": 750_000,
        "other_share_micro": 500_000, "other_consignees": 200, "earlier_days": 4,
    }  # fmt: skip
    assert {points for _, points, _ in rows} == {10}


def test_days_computed_in_another_order_say_the_same(home: Path, tmp_path: Path) -> None:
    """The last day first: everybody is new and no day is remembered, so nothing is told."""
    prepare(tmp_path, world(), (DAY, DAY))
    run_risk(tmp_path)
    assert bills(tmp_path) == []
    set_window(tmp_path, before(29), before(1))
    run_risk(tmp_path)
    assert rows_of(tmp_path, STALE) == [(DAY,)]
    set_window(tmp_path, DAY, DAY)
    run_risk(tmp_path)
    assert bills(tmp_path) == bills(home)
    assert rows_of(tmp_path, STALE) == []
