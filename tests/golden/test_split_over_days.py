"""Receipts of one owner from one sender over several days: at their limits, on the last day, in any
order of computing, with every parameter.

Add here a case of splits over days. Keep out: one day (`test_risk_indicators.py`), the analyst's
clusters (`test_splitting.py`). One owner: 1,000,000 VND; 7 days, 3 receipts, pieces from 300,000.
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.golden.risk_case import Row, consignment, facts, prepare, run_risk, set_window
from tests.support.dbt_run import rows_of

LAST = dt.date(2026, 11, 10)
# Parameter -> a value that changes who fires.
OF_SPLITS_OVER_DAYS = {
    "SPLIT_OVER_DAYS_WINDOW": "6",
    "SPLIT_OVER_DAYS_RECEIPTS": "4",
    "SPLIT_OVER_DAYS_STATE_VALUE": "300001",
}
FIRED = (
    "select substr(consignment_id, 3), day from risk.fct_risk_indicators "
    "where indicator_id = 'split_over_days' order by all"
)


def before(days: int) -> dt.date:
    return LAST - dt.timedelta(days=days)


def bought(buyer: str, *pieces: tuple[int, int], **columns: object) -> list[Row]:
    """Pieces (days before the last one, value) of one buyer from one sender."""
    facts_of = {"consignee_party_id": buyer, "consignor_party_id": "sender"} | columns
    return [
        consignment(f"{buyer}-{days}-{n}", before(days), value_vnd=value, **facts_of)
        for n, (days, value) in enumerate(pieces)
    ]


def world() -> list[Row]:
    rows = [
        *bought("at-limit", (2, 350_000), (1, 350_000), (0, 300_000)),
        *bought("above", (2, 350_000), (1, 350_000), (0, 300_001)),
        *bought("first-day", (6, 350_000), (1, 350_000), (0, 350_000)),
        *bought("too-old", (7, 350_000), (1, 350_000), (0, 350_000)),
        *bought("two", (1, 600_000), (0, 600_000)),
        *bought("one-day", (0, 350_000), (0, 350_000), (0, 350_000)),
        *bought("least", *[(days, 300_000) for days in range(4)]),
        *bought("smaller", *[(days, 299_999) for days in range(4)]),
        *bought("large", (2, 1_000_001), (1, 1_000_001), (0, 350_000)),
        *bought("nobody", *[(days, 350_000) for days in range(3)], consignee_party_key="none"),
        *bought("lines", *[(days, 350_000) for days in range(3)]),
        # a planted split of the generator, 5 receipts, one a day: each day from the third on
        *bought("stretched", *[(days, 400_000) for days in (4, 3, 2, 1, 0)]),
    ]
    for row in rows:
        if row["consignee_party_id"] == "lines":
            row["consignment_kind"] = "declaration_line"
    # three senders
    for days in range(3):
        rows += bought("shopper", (days, 400_000), consignor_party_id=f"sender {days}")
    # a parcel and its declaration are one receipt
    twin = bought("twin", (1, 350_000), (0, 350_000), (0, 350_000))
    twin[2] |= {"consignment_kind": "low_value_declaration", "house_waybill_number": "twin-0-1"}
    return rows + twin


def built(root: Path, *seed_changes: str) -> Path:
    """A home in which the days were computed one after the other."""
    prepare(root, world(), (before(7), before(1)), seed_changes=seed_changes)
    run_risk(root)
    set_window(root, LAST, LAST)
    run_risk(root)
    return root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("over_days"))


def test_pieces_of_several_days_fire_above_the_limit_and_not_at_it(home: Path) -> None:
    """`above` is 1 VND more than `at-limit`; `first-day` begins on the first of seven days,
    `too-old` a day before it. `least` is 4 x 300,000. `stretched` passes with
    its third receipt (1,200,000).
    """
    assert rows_of(home, FIRED) == [
        ("above-0-2", LAST),
        ("first-day-0-2", LAST),
        ("least-0-0", LAST),
        ("stretched-0-4", LAST),
        ("stretched-1-3", before(1)),
        ("stretched-2-2", before(2)),
    ]


def test_the_sentence_has_the_numbers_and_the_evidence_its_types(home: Path) -> None:
    [(evidence,)] = rows_of(
        home,
        "select evidence from risk.fct_risk_indicators "
        "where indicator_id = 'split_over_days' and consignment_id = 'P-first-day-0-2'",
    )
    assert facts(str(evidence)) == {
        "receipts": 3, "sum_vnd": "1050000.00", "limit_vnd": "1000000.00", "active_days": 3,
        "span_days": 7,
    }  # fmt: skip
    [points] = rows_of(
        home,
        "select distinct risk_type, points from risk.fct_risk_indicators "
        "where indicator_id = 'split_over_days'",
    )
    assert points == ("splitting", 20)


def test_identities_found_to_be_one_are_one_owner_over_days(tmp_path: Path) -> None:
    """Two identities share phone and name on the last day: from then on they are one owner, whom
    the first names. 800,000 of earlier days and 400,000 of today; 100,000 is no piece.
    """
    one = {
        "consignor_party_id": "sender",
        "consignee_phone_token": "P",
        "consignee_name_token": "N",
    }
    rows = [
        consignment("a-2", before(2), value_vnd=400_000, consignee_party_id="id-1", **one),
        consignment("a-1", before(1), value_vnd=400_000, consignee_party_id="id-1", **one),
        consignment("a-0", LAST, value_vnd=100_000, consignee_party_id="id-1", **one),
        consignment("b-0", LAST, value_vnd=400_000, consignee_party_id="id-2", **one),
    ]
    prepare(tmp_path, rows, (before(2), LAST))
    run_risk(tmp_path)
    assert rows_of(tmp_path, FIRED) == [("b-0", LAST)]


def test_days_computed_in_another_order_are_computed_again(home: Path, tmp_path: Path) -> None:
    """The last day first, without a past; then its past, which makes it stale."""
    prepare(tmp_path, world(), (LAST, LAST))
    run_risk(tmp_path)
    assert rows_of(tmp_path, FIRED) == []
    set_window(tmp_path, before(7), before(1))
    run_risk(tmp_path)
    stale = "select day from intermediate.int_risk__stale_days where reason = 'splits'"
    assert rows_of(tmp_path, stale) == [(LAST,)]
    assert rows_of(home, stale) == []  # computed last, it reads what is there
    set_window(tmp_path, LAST, LAST)
    run_risk(tmp_path)
    assert rows_of(tmp_path, FIRED) == rows_of(home, FIRED)


@pytest.mark.parametrize("parameter", OF_SPLITS_OVER_DAYS)
def test_a_parameter_of_splits_over_days_changes_who_fires(
    home: Path, tmp_path: Path, parameter: str
) -> None:
    change = (
        f"update seeds.risk_parameters set value = '{OF_SPLITS_OVER_DAYS[parameter]}' "
        f"where parameter_id = '{parameter}'"
    )
    assert rows_of(built(tmp_path, change), FIRED) != rows_of(home, FIRED)
