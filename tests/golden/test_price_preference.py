"""Sellers that state one price, or one ending, far more often than the others of their channel.

Counted by hand below. Not claimed: that who does so cheats. Every number is a parameter of grade U.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.golden.risk_case import Row, consignment, facts, prepare, run_risk, set_window
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
STALE = "select day from intermediate.int_risk__stale_days where reason = 'preferences' order by 1"


def before(count: int) -> dt.date:
    return DAY - dt.timedelta(days=count)


def sold(name: str, day: dt.date, seller: str, price: str, **own: Any) -> Row:
    money = {"declared_value": price, "currency_code": "USD"}
    return consignment(name, day, consignor_party_id=seller, **money | own)


def sells(seller: str, day: dt.date, prices: list[str], **own: Any) -> list[Row]:
    return [
        sold(f"{seller}-{day}-{n}-{own}", day, seller, price, **own)
        for n, price in enumerate(prices)
    ]


def varied(count: int) -> list[str]:
    """Prices that never repeat and end in 1 to 8 by turns."""
    return [f"{1000 + n // 8}.0{1 + n % 8}" for n in range(count)]


# Ten prices three times: three of each ending; 100.00 has one significant digit.
THIRTY = [f"100.0{last}" for last in range(10)] * 3


def world() -> list[Row]:
    """Shares of the most frequent price: eight honest sellers 3 / 30; `one` and `few` all; `within`
    84 / 300; `beyond` 85 / 300; `first`, of 28 days before, all. Of these 13 the seventh is 0.1, as
    is the median of their deviations 0 -> 0.03 at least: limit 0.1 + 6 * 0.03 = 0.28. Ending 9: the
    same shares, the same limit.
    """
    rows: list[Row] = []
    for seller in range(8):
        rows += sells(f"honest-{seller}", before(1), THIRTY)
    rows += sells("one", before(1), ["19.90"] * 200) + sells("one", before(2), ["19.90"] * 100)
    rows += sells("few", before(1), ["19.90"] * 299)
    rows += sells("within", before(1), ["19.90"] * 84 + varied(216))
    rows += sells("beyond", before(1), ["19.90"] * 85 + varied(215))
    rows += sells("first", before(28), ["19.90"] * 300)
    # not counted: too old, of the day itself, too few on the day, no price, invoice lines, abroad
    rows += sells("old", before(29), ["19.90"] * 300)
    rows += sells("today", DAY, ["19.90"] * 300)
    rows += sells("small", before(1), ["19.90"] * 29)
    rows += sells("one", before(3), ["0.00"] * 30)
    rows += sells("one", before(3), ["19.90"] * 30, consignment_kind="declaration_line")
    rows += sells("one", before(3), ["19.90"] * 30, importing_country_code="LA")
    rows += sells("one", before(3), ["19.90"] * 29 + ["19.91"], channel="postal")
    rows += [
        sold("price", DAY, "one", "19.90"),
        sold("ending", DAY, "one", "1239.00"),
        sold("other-currency", DAY, "one", "19.90", currency_code="EUR"),
        sold("round", DAY, "one", "90.00"),
        sold("two-digits", DAY, "one", "99.00"),
        sold("other-ending", DAY, "one", "19.80"),
        sold("other-channel", DAY, "one", "19.90", channel="postal"),
        sold("line", DAY, "one", "19.90", consignment_kind="declaration_line"),
        sold("of-few", DAY, "few", "19.90"),
        sold("of-within", DAY, "within", "19.90"),
        sold("of-beyond", DAY, "beyond", "19.90"),
    ]
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("preference")
    prepare(root, world(), (before(29), DAY))
    run_risk(root)
    return root


def preferences(home: Path, day: dt.date = DAY) -> list[tuple[Any, ...]]:
    return rows_of(
        home,
        "select seller_key, preference_kind, preferred_value, consignments, "
        "preferred_consignments, share_micro, sellers_compared, peer_median_micro, limit_micro "
        f"from risk.fct_price_preference where day = date '{day}' order by all",
    )


def test_a_seller_is_judged_from_300_prices_on_and_beyond_its_limit_only(home: Path) -> None:
    peers = (13, 100_000, 280_000)
    every = (300, 300, 1_000_000, *peers)
    assert preferences(home) == [
        ("beyond", "ending", "9", 300, 85, 283_333, *peers),
        ("beyond", "repeated_price", "USD 19.90", 300, 85, 283_333, *peers),
        ("first", "ending", "9", *every),
        ("first", "repeated_price", "USD 19.90", *every),
        ("one", "ending", "9", *every),
        ("one", "repeated_price", "USD 19.90", *every),
    ]


def test_what_follows_the_preference_fires_and_nothing_else_of_the_seller(home: Path) -> None:
    def told(kind: str, value: str, share: int) -> dict[str, Any]:
        return {
            "preference": kind, "preferred_value": value, "seller_share_micro": share,
            "seller_consignments": 300, "peer_share_micro": 100_000, "sellers": 13,
        }  # fmt: skip

    rows = rows_of(
        home,
        "select substr(consignment_id, 3), evidence, points from risk.fct_risk_indicators "
        f"where indicator_id = 'price_preference' and day = date '{DAY}'",
    )
    assert {name: facts(evidence) for name, evidence, _ in rows} == {
        "price": told("repeated_price", "USD 19.90", 1_000_000),
        "ending": told("ending", "9", 1_000_000),
        "two-digits": told("ending", "9", 1_000_000),
        "other-currency": told("ending", "9", 1_000_000),
        "of-beyond": told("repeated_price", "USD 19.90", 283_333),
    }
    assert {points for _, _, points in rows} == {10}


def test_nobody_is_judged_where_there_are_too_few_sellers(home: Path) -> None:
    """Two days before there is `old`, `first` and one more: the peers of 1 day before are not yet
    known. By post there is one seller."""
    assert preferences(home, before(1)) == []
    by_channel = "select distinct channel from risk.fct_price_preference"
    assert rows_of(home, by_channel) == [("express",)]


def test_how_a_price_ends(home: Path) -> None:
    """`within` has 27 prices of each ending from 1 to 8 (216), 84 that end in 9."""
    endings = ", ".join(f"ending_{last}" for last in range(1, 10))
    assert rows_of(
        home,
        f"select ending_round, {endings}, repeated_price, repeated_consignments "
        "from intermediate.int_prices__seller_days where seller_key = 'within'",
    ) == [(0, *[27] * 8, 84, "USD 19.90", 84)]
    ten = "select ending_round, ending_1, ending_9 from intermediate.int_prices__seller_days"
    assert rows_of(home, f"{ten} where seller_key = 'honest-0'") == [(3, 3, 3)]


def test_days_computed_in_another_order_say_the_same(home: Path, tmp_path: Path) -> None:
    """The last day first: it knows nothing; then its past, which makes it stale; then again."""
    prepare(tmp_path, world(), (DAY, DAY))
    run_risk(tmp_path)
    assert preferences(tmp_path) == []
    set_window(tmp_path, before(29), before(1))
    run_risk(tmp_path)
    assert rows_of(tmp_path, STALE) == [(DAY,)]
    set_window(tmp_path, DAY, DAY)
    run_risk(tmp_path)
    assert preferences(tmp_path) == preferences(home)
    assert rows_of(tmp_path, STALE) == []
