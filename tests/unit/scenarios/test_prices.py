"""GEKS-Törnqvist: the published worked example, and what every multilateral index must obey.

NOT claimed: splices, windows of a published series.
"""

import csv
import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.checks import BadInput
from scenarios.prices import geks_tornqvist

# Prices and quantities, (periods, products).
Panel = tuple[np.ndarray, np.ndarray]


def index(prices: Any, quantities: Any, keep: Any = None) -> np.ndarray:
    """The index of a panel (periods, products); `keep` says which cells there are."""
    prices, quantities = np.asarray(prices, float), np.asarray(quantities, float)
    there = np.ones(prices.shape, bool) if keep is None else np.asarray(keep, bool)
    period, product = np.nonzero(there)
    q = quantities[there]
    names = [str(t) for t in range(len(prices))]
    return geks_tornqvist(period, product, prices[there] * q, q, names)


def tornqvist(prices: Any, quantities: Any, a: int, b: int) -> float:
    """The bilateral index written out, a product after the other."""
    values = np.asarray(prices) * np.asarray(quantities)
    shares = values / values.sum(axis=1, keepdims=True)
    return math.exp(
        sum(
            (shares[a, k] + shares[b, k]) / 2 * math.log(prices[b][k] / prices[a][k])
            for k in range(values.shape[1])
        )
    )


@pytest.mark.shared
def test_the_published_value_of_the_ces_set_comes_out(shared_data: Path) -> None:
    with (shared_data / "impact" / "ces_sigma_2.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    prices = np.array([float(row["price"]) for row in rows]).reshape(12, 4)
    quantities = np.array([float(row["quantity"]) for row in rows]).reshape(12, 4)
    found = index(prices, quantities)
    assert found[0] == 1
    assert found[11] == pytest.approx(1.132820, abs=5e-7)  # GEKS-Törnqvist of impact-methods 1.3
    # Not the chained index (1.134617), and not the direct one between the ends.
    assert found[11] != pytest.approx(1.134617, abs=1e-4)
    assert found[11] != pytest.approx(tornqvist(prices, quantities, 0, 11), abs=1e-4)


def test_two_periods_are_the_bilateral_index_by_hand() -> None:
    # Prices 1, 4 -> 2, 4; quantities 3, 1 -> 1, 2. Values 3, 4 -> 2, 8.
    # Shares 3/7, 4/7 -> 1/5, 4/5; mean share of the first (3/7 + 1/5) / 2 = 11/35.
    # ln P = 11/35 ln 2 + (1 - 11/35) ln 1.
    assert index([[1, 4], [2, 4]], [[3, 1], [1, 2]])[1] == pytest.approx(2 ** (11 / 35), rel=1e-14)


def test_three_periods_with_a_product_that_leaves_by_hand() -> None:
    # Product a in all three at quantity 1: prices 1, 2, 3. Product b in periods 1 and 2 only,
    # prices 1, 1, quantity 1. Matched shares: (1,2): a 1/2 and 2/3, so ln P12 = 7/12 ln 2.
    # (1,3) and (2,3): a alone, ln P13 = ln 3, ln P23 = ln 1.5.
    # ln index 2 = (0 + 7/12 ln 2) * 2/3 + (ln 3 - ln 1.5) / 3 = (7/18 + 1/3) ln 2.
    # ln index 3 = (ln 3 + (7/12 ln 2 + ln 1.5) + ln 3) / 3.
    found = index([[1, 1], [2, 1], [3, 1]], np.ones((3, 2)), [[1, 1], [1, 1], [1, 0]])
    assert found[1] == pytest.approx(2 ** (13 / 18), rel=1e-14)
    by_hand = math.exp((2 * math.log(3) + 7 / 12 * math.log(2) + math.log(1.5)) / 3)
    assert found[2] == pytest.approx(by_hand, rel=1e-14)


def test_it_is_the_mean_of_all_ways_over_a_third_period() -> None:
    random = np.random.default_rng(7)
    prices, quantities = random.uniform(0.5, 9, (6, 5)), random.uniform(0.1, 50, (6, 5))
    found = index(prices, quantities)
    for a, b in itertools.product(range(6), repeat=2):
        ways = [
            tornqvist(prices, quantities, a, r) * tornqvist(prices, quantities, r, b)
            for r in range(6)
        ]
        assert found[b] / found[a] == pytest.approx(math.prod(ways) ** (1 / 6), rel=1e-12)


numbers = st.floats(0.01, 1000)


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    periods, products = draw(st.integers(2, 6)), draw(st.integers(1, 5))
    cells = st.lists(numbers, min_size=periods * products, max_size=periods * products)
    shape = (periods, products)
    return np.reshape(draw(cells), shape), np.reshape(draw(cells), shape)


@settings(max_examples=50)
@given(panels(), st.floats(0.01, 100))
def test_identity_proportionality_and_time_reversal(panel: Panel, factor: float) -> None:
    prices, quantities = panel
    still = np.broadcast_to(prices[0], prices.shape)
    assert index(still, quantities) == pytest.approx(np.ones(len(prices)), rel=1e-12)
    rising = still * factor ** np.arange(len(prices))[:, None]
    assert index(rising, quantities) == pytest.approx(factor ** np.arange(len(prices)), rel=1e-11)
    forward, back = index(prices, quantities), index(prices[::-1], quantities[::-1])
    assert back[::-1] / back[-1] == pytest.approx(forward, rel=1e-11)


@settings(max_examples=50)
@given(panels(), st.data())
def test_units_of_goods_and_of_money_do_not_matter(panel: Panel, data: st.DataObject) -> None:
    prices, quantities = panel
    many = prices.shape[1]
    unit = np.array(data.draw(st.lists(numbers, min_size=many, max_size=many)))
    wanted = index(prices, quantities)
    assert index(prices * unit, quantities / unit) == pytest.approx(wanted, rel=1e-11)
    # Another currency each period changes levels by its rate alone.
    money = np.array(data.draw(st.lists(numbers, min_size=len(prices), max_size=len(prices))))
    assert index(prices * money[:, None], quantities) == pytest.approx(
        wanted * money / money[0], rel=1e-11
    )


@settings(max_examples=30)
@given(panels(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(panel: Panel, random: Any) -> None:
    prices, quantities = panel
    period, product = np.nonzero(np.ones(prices.shape, bool))
    order = list(range(prices.size))
    random.shuffle(order)
    names = [str(t) for t in range(len(prices))]
    value, quantity = (prices * quantities).ravel(), quantities.ravel()
    mixed = geks_tornqvist(period[order], product[order], value[order], quantity[order], names)
    assert mixed == pytest.approx(index(prices, quantities), rel=1e-12)


def test_values_at_the_ends_of_the_range_keep_their_index() -> None:
    found = geks_tornqvist([0, 0, 1, 1], [0, 1, 0, 1], [1e308] * 4, [2.0, 1, 1, 1], ["a", "b"])
    assert found[1] == pytest.approx(math.sqrt(2), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": [1, 0, 1, 1]}, "is not above zero"),
        ({"quantity": [1, 1, -1, 1]}, "is not above zero"),
        ({"value": [1, math.nan, 1, 1]}, "is no finite number"),
        ({"quantity": [1, math.inf, 1, 1]}, "is no finite number"),
        ({"product": [0, 0, 0, 1]}, "stands twice in 'a'"),
        ({"product": [0, 1, 2, 3]}, "'a' and 'b' have no product in common"),
        ({"periods": ["a", "b", "c"]}, "'c' has no row"),
        ({"periods": ["a"]}, "is not one position"),
        ({"quantity": [1, 1, 1]}, "has the shape"),
        ({"value": [1e300] * 2 + [1e-300] * 2, "quantity": [1e-300] * 2 + [1e300] * 2}, "finite"),
    ],
)
def test_bad_input_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {
        "period": [0, 0, 1, 1],
        "product": [0, 1, 0, 1],
        "value": [1.0, 2, 3, 4],
        "quantity": [1.0, 1, 1, 1],
        "periods": ["a", "b"],
    }
    assert len(geks_tornqvist(**asked)) == 2
    with pytest.raises(BadInput, match=words):
        geks_tornqvist(**asked | change)
