"""Armington: the worked vector, cleared markets for any parameters, Cobb-Douglas, homogeneity.

NOT claimed: which elasticities a market has.
"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.armington import MarketEffects, armington
from scenarios.checks import BadInput

# Domestic, subject (its tariff goes from 0 to 10 %), others: impact-methods 1.6.
VECTOR: dict[str, Any] = {
    "value": [60, 30, 10],
    "supply_elasticity": [1, 10, 10],
    "tariff_old": [1, 1, 1],
    "tariff_new": [1, 1.1, 1],
    "substitution_elasticity": 4,
    "demand_elasticity": -1,
}


def test_the_worked_vector_comes_out() -> None:
    found = armington(**VECTOR)
    assert found.producer_price == pytest.approx([1.021240, 0.980468, 1.007535], abs=5e-7)
    assert found.consumer_price[1] == pytest.approx(1.078515, abs=5e-7)
    assert found.price_index == pytest.approx(1.035651, abs=5e-7)
    assert 100 * (found.quantity - 1) == pytest.approx([2.1240, -17.9015, 7.7953], abs=5e-5)
    sales = 60 * found.producer_price[0] * found.quantity[0]
    assert 100 * (sales / 60 - 1) == pytest.approx(4.2932, abs=5e-5)
    assert found.tariff_revenue == found.tariff_revenue_change == pytest.approx(2.41485, abs=5e-6)


def test_the_worked_vector_with_an_elastic_domestic_supply() -> None:
    found = armington(**VECTOR | {"supply_elasticity": [5, 10, 10]})
    assert 100 * (found.quantity - 1) == pytest.approx([4.5607, -19.3438, 5.9016], abs=5e-5)


def test_one_variety_by_hand() -> None:
    # Demand (p t)^-2 with t 1.21 meets supply p^3: p^5 = 1.21^-2. Value 11 at t 1.1 before: revenue
    # after .331 * 10 * p^4 with t 1.331, before .1 * 10.
    found = armington([11], [3], [1.1], [1.331], 4, -2)
    p = 1.21 ** (-2 / 5)
    assert found.producer_price[0] == pytest.approx(p, rel=1e-14)
    assert found.consumer_price[0] == found.price_index == pytest.approx(1.21 * p, rel=1e-14)
    assert found.quantity[0] == pytest.approx(p**3, rel=1e-14)
    assert found.tariff_revenue == pytest.approx(3.31 * p**4, rel=1e-14)
    assert found.tariff_revenue_change == pytest.approx(3.31 * p**4 - 1, rel=1e-13)


def left(asked: dict[str, Any], found: MarketEffects) -> float:
    """The largest |ln demand - ln supply|, from the formulas and the results alone."""
    share = np.array(asked["value"]) / np.sum(asked["value"])
    sigma, eta = asked["substitution_elasticity"], asked["demand_elasticity"]
    paid = np.log(found.consumer_price)
    order = 1 - sigma
    if abs(order) < 1e-5:  # the formula itself would cancel; mean and variance are its expansion
        mean = float(share @ paid)
        index = mean + order / 2 * float(share @ (paid - mean) ** 2)
    else:
        top = (order * paid).max()
        index = (top + math.log(share @ np.exp(order * paid - top))) / order
    demand = -sigma * paid + (sigma + eta) * index
    supply = np.array(asked["supply_elasticity"]) * np.log(found.producer_price)
    assert np.log(found.quantity) == pytest.approx(supply, abs=1e-7)
    assert math.log(found.price_index) == pytest.approx(index, abs=1e-8)
    return float(np.abs(demand - supply).max())


# Up to 60 against .1, prices stay between exp(-245) and exp(245).
elasticity = st.floats(0.1, 60)
cases = st.integers(1, 6).flatmap(
    lambda many: st.fixed_dictionaries(
        {
            "value": st.lists(st.floats(0.01, 1e6), min_size=many, max_size=many),
            "supply_elasticity": st.lists(elasticity, min_size=many, max_size=many),
            "tariff_old": st.lists(st.floats(1, 5), min_size=many, max_size=many),
            "tariff_new": st.lists(st.floats(1, 5), min_size=many, max_size=many),
            "substitution_elasticity": st.one_of(
                elasticity, st.just(1.0), st.floats(-1e-6, 1e-6).map(lambda apart: 1 + apart)
            ),
            "demand_elasticity": elasticity.map(lambda size: -size),
        }
    )
)


@settings(max_examples=150)
@given(cases)
def test_every_market_clears_whatever_the_shock(asked: dict[str, Any]) -> None:
    found = armington(**asked)
    assert found.residual <= 1e-8
    assert left(asked, found) < 1e-8
    assert found.consumer_price == pytest.approx(
        found.producer_price * np.array(asked["tariff_new"]) / asked["tariff_old"], rel=1e-12
    )
    # A price index lies among the consumer prices it is a mean of.
    assert found.consumer_price.min() - 1e-12 <= found.price_index
    assert found.price_index <= found.consumer_price.max() * (1 + 1e-12)


@settings(max_examples=60)
@given(cases, st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_zero_shock_scale_order_and_splitting(
    asked: dict[str, Any], scale: float, random: Any
) -> None:
    found = armington(**asked)
    still = armington(**asked | {"tariff_new": asked["tariff_old"]})
    assert still.producer_price.tolist() == still.quantity.tolist() == [1.0] * len(asked["value"])
    assert still.price_index == 1
    assert still.tariff_revenue_change == 0
    scaled = armington(**asked | {"value": np.array(asked["value"]) * scale})
    assert scaled.quantity == pytest.approx(found.quantity, rel=1e-9)
    assert scaled.tariff_revenue == pytest.approx(found.tariff_revenue * scale, rel=1e-9)
    order = list(range(len(asked["value"])))
    random.shuffle(order)
    names = ("value", "supply_elasticity", "tariff_old", "tariff_new")
    mixed = armington(**asked | {name: np.array(asked[name])[order] for name in names})
    assert mixed.producer_price == pytest.approx(found.producer_price[order], rel=1e-10)
    # A variety in two equal halves is the same market.
    halves = {name: [*asked[name], asked[name][0]] for name in names}
    halves["value"][0] = halves["value"][-1] = asked["value"][0] / 2
    split = armington(**asked | halves)
    assert split.price_index == pytest.approx(found.price_index, rel=1e-10)
    assert split.quantity[0] == split.quantity[-1]


def test_thousands_of_varieties_clear() -> None:
    random = np.random.default_rng(3)
    asked = {
        "value": random.lognormal(0, 3, 5000),
        "supply_elasticity": random.lognormal(0, 3, 5000),
        "tariff_old": random.uniform(1, 5, 5000),
        "tariff_new": random.uniform(1, 5, 5000),
        "substitution_elasticity": 6.5,
        "demand_elasticity": -0.7,
    }
    assert left(asked, armington(**asked)) < 1e-9


@pytest.mark.parametrize("apart", [1e-3, 1e-6, 1e-9, 1e-12])
def test_near_one_it_comes_close_to_cobb_douglas(apart: float) -> None:
    exact = armington(**VECTOR | {"substitution_elasticity": 1})
    for sigma in (1 - apart, 1 + apart):
        near = armington(**VECTOR | {"substitution_elasticity": sigma})
        assert near.quantity == pytest.approx(exact.quantity, rel=2 * apart + 1e-14)


@pytest.mark.parametrize(
    "change",
    [
        {"supply_elasticity": [1e-9, 1e9, 1]},
        {"supply_elasticity": [1e300, 1e-300, 10]},
        {"substitution_elasticity": 1e-9},
        {"substitution_elasticity": 1e5},
        {"demand_elasticity": -1e6},
        {"demand_elasticity": -1e-12, "supply_elasticity": [1e-12] * 3},
        {"tariff_old": [5, 1, 5], "tariff_new": [1, 5, 1], "substitution_elasticity": 200},
        {"value": [1e300, 1e-300, 1]},
        {"substitution_elasticity": 2000, "supply_elasticity": [1e6] * 3, "tariff_new": [5, 1, 1]},
    ],
)
def test_extreme_parameters_have_a_solution(change: dict[str, Any]) -> None:
    found = armington(**VECTOR | change)
    assert found.residual <= 1e-8
    assert np.isfinite(found.quantity).all()


def test_what_cannot_be_cleared_in_numbers_is_refused() -> None:
    with pytest.raises(BadInput, match="does not clear"):
        armington(**VECTOR | {"substitution_elasticity": 1e12, "demand_elasticity": -1e12})
    with pytest.raises(BadInput, match="no finite number"):  # a quantity of 5^5000
        armington([1], [1e4], [5], [1], 4, -1e4)
    # A price of 5^-1200, which a float holds as 0: ln p = -60 ln P / (.01 + .01).
    tiny = {"value": [1, 1], "supply_elasticity": [60, 0.01], "tariff_new": [5, 1]}
    extreme = tiny | {"tariff_old": [1, 1], "substitution_elasticity": 0.01}
    with pytest.raises(BadInput, match="no finite number") as refused:
        armington(**extreme, demand_elasticity=-60)
    assert refused.value.argument == "producer_price"


def test_tariffs_are_taken_from_one_to_five_and_not_beyond() -> None:
    for end, beyond in ((1, 0.9999), (5, 5.0001)):
        for name in ("tariff_old", "tariff_new"):
            assert armington(**VECTOR | {name: [1, end, 1]}).residual < 1e-8
            with pytest.raises(BadInput, match=r"power 1 \+ t"):
                armington(**VECTOR | {name: [1, beyond, 1]})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": [60, -30, 10]}, "is negative"),
        ({"value": [0, 0, 0]}, "sums to 0"),
        ({"value": []}, "is empty"),
        ({"tariff_new": [1, 10, 1]}, "power 1 . t"),
        ({"tariff_old": [0.1, 1, 1]}, "power 1 . t"),
        ({"supply_elasticity": [1, 10, -10]}, "right sign"),
        ({"substitution_elasticity": 0}, "right sign"),
        ({"demand_elasticity": 1}, "right sign"),
        ({"demand_elasticity": math.nan}, "no finite"),
        ({"supply_elasticity": [1, 10]}, "has the shape"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        armington(**VECTOR | change)
