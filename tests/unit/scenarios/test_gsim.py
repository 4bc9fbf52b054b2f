"""GSIM: the published example of Francois and Hall, zero shock, homogeneity, order of regions.

NOT claimed: anything about large shocks, for which a linear model is wrong.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.checks import BadInput
from scenarios.gsim import gsim

# US, Japan, EU, rest of the world; impact-methods 1.6.
TRADE = np.array([[0, 50, 200, 300], [500, 0, 150, 200], [300, 100, 200, 200], [50, 100, 110, 20]])
OLD = np.array(
    [[1, 1.21, 1.41, 1.22], [1.37, 1, 1.31, 1.23], [1.32, 1.36, 1, 1.18], [1.57, 1.41, 1.25, 1.15]]
)
NEW = OLD.copy()
NEW[0, 2] = NEW[2, 0] = 1.0
ELASTICITIES: dict[str, Any] = {
    "demand_elasticity": -1.25,
    "supply_elasticity": 1.5,
    "substitution_elasticity": 5,
}


def test_the_published_figures_come_out() -> None:
    found = gsim(TRADE, OLD, NEW, **ELASTICITIES)
    assert found.price_change == pytest.approx([0.0792, -0.0316, 0.0480, -0.0184], abs=5e-5)
    published = {
        "producer_surplus": [46.1, -26.2, 39.8, -5.1],
        "consumer_surplus": [110.6, -8.9, 68.6, -32.9],
        "tariff_revenue_change": [-138.5, 0.6, -93.8, -2.9],
        "welfare": [18.2, -34.5, 14.5, -40.8],
    }
    for name, figures in published.items():
        assert getattr(found, name) == pytest.approx(figures, abs=0.051), name
    assert 100 * found.output_change == pytest.approx([11.88, -4.74, 7.21, -2.76], abs=0.0051)


def test_without_the_exact_composite_price_the_published_surplus_would_not_come_out() -> None:
    """domain-corrections B: with p + T instead one gets 105.5 and 61.4, not 110.6 and 68.6."""
    found = gsim(TRADE, OLD, NEW, **ELASTICITIES)
    paid = TRADE * OLD
    loose = (paid / paid.sum(axis=0) * (found.price_change[:, None] + NEW / OLD - 1)).sum(axis=0)
    surplus = paid.sum(axis=0) * (-1.25 * loose**2 * np.sign(loose) / 2 - loose)
    assert surplus[[0, 2]] == pytest.approx([105.47, 61.45], abs=0.005)


def test_every_market_clears() -> None:
    """Demand written out flow by flow equals supply at the prices found."""
    found = gsim(TRADE, OLD, NEW, **ELASTICITIES)
    paid, change, p = TRADE * OLD, NEW / OLD - 1, found.price_change
    theta, phi = paid / paid.sum(axis=0), TRADE / TRADE.sum(axis=1)[:, None]
    for r in range(4):
        demand = 0.0
        for v in range(4):
            for s in range(4):
                cross = theta[s, v] * (-1.25 + 5) - (5 if s == r else 0)
                demand += phi[r, v] * cross * (p[s] + change[s, v])
        assert demand == pytest.approx(1.5 * p[r], abs=1e-13)


def test_a_closed_region_by_hand() -> None:
    # One region, trade 5, tariff 0 -> 10 %: E_m (p + .1) = E_x p, so p = -.1 / (1 + 1) = -.05.
    # Output -.05; producer 5 * -.05 * .975; P = .95 * 1.1 - 1 = .045;
    # consumer 5 * (-.5 * .045^2 - .045); q = -(.05); revenue .1 * 5 * .95 * .95.
    found = gsim([[5]], [[1]], [[1.1]], -1, 1, 2)
    assert found.price_change[0] == pytest.approx(-0.05)
    assert found.producer_surplus[0] == pytest.approx(-0.24375)
    assert found.consumer_surplus[0] == pytest.approx(-0.2300625)
    assert found.tariff_revenue_change[0] == pytest.approx(0.45125)
    assert found.welfare[0] == pytest.approx(-0.24375 - 0.2300625 + 0.45125)


worlds = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        *(
            st.lists(numbers, min_size=n * n, max_size=n * n).map(
                lambda found, n=n: np.reshape(found, (n, n))
            )
            for numbers in (st.floats(0.1, 900), st.floats(1, 2), st.floats(1, 2))
        ),
        *(
            st.lists(numbers, min_size=n, max_size=n)
            for numbers in (st.floats(-3, -0.1), st.floats(0.1, 9), st.floats(0.2, 9))
        ),
    )
)


@settings(max_examples=60)
@given(worlds, st.floats(1e-2, 1e3), st.randoms(use_true_random=False))
def test_zero_shock_scale_and_order(world: Any, scale: float, random: Any) -> None:
    trade, old, new, demand, supply, substitution = world
    found = gsim(trade, old, new, demand, supply, substitution)
    still = gsim(trade, old, old, demand, supply, substitution)
    assert not any(values.any() for values in vars(still).values())
    scaled = gsim(trade * scale, old, new, demand, supply, substitution)
    order = list(range(len(trade)))
    random.shuffle(order)
    both = np.ix_(order, order)
    mixed = gsim(
        trade[both],
        old[both],
        new[both],
        *(np.array(given)[order] for given in (demand, supply, substitution)),
    )
    size = trade.sum()
    for name, values in vars(found).items():
        money = 1.0 if name in ("price_change", "output_change") else scale
        of = 1 if money == 1 else size
        assert getattr(scaled, name) == pytest.approx(
            values * money, rel=1e-8, abs=1e-9 * of * money
        )
        assert getattr(mixed, name) == pytest.approx(values[order], rel=1e-8, abs=1e-9 * of)


def test_extreme_supply_elasticities_do_not_spoil_the_others() -> None:
    supply = [1e12, 1, 1, 1e-12]
    found = gsim(TRADE, OLD, NEW, -1.25, supply, 5)
    assert found.price_change[0] == pytest.approx(0, abs=1e-11)
    assert abs(found.output_change[3]) < 1e-11
    assert found.output_change[0] > 0.01


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tariff_new": NEW * 100}, "power 1 . t"),
        ({"tariff_old": OLD - 1}, "power 1 . t"),
        ({"trade": -TRADE}, "is negative"),
        ({"trade": TRADE * [[0], [1], [1], [1]]}, "sells nothing"),
        ({"trade": TRADE * [0, 1, 1, 1]}, "buys nothing"),
        ({"trade": TRADE[:, :3]}, "has the shape"),
        ({"trade": np.where(TRADE == 20, np.nan, TRADE)}, "no finite"),
        ({"demand_elasticity": 1.25}, "right sign"),
        ({"supply_elasticity": [1, 1, 0, 1]}, "right sign"),
        ({"substitution_elasticity": -5}, "right sign"),
        ({"substitution_elasticity": [5, 5]}, "has the shape"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], words: str) -> None:
    asked = {"trade": TRADE, "tariff_old": OLD, "tariff_new": NEW, **ELASTICITIES}
    with pytest.raises(BadInput, match=words):
        gsim(**asked | change)


def test_a_singular_system_is_refused() -> None:
    # Trade 1 at home, 1/4 abroad, tariff 400 % abroad: phi .8, .2; theta 4/9, 5/9. The system is
    # I + k K with k = -(E_m + E_s) / (E_x + E_s), K = phi theta', of trace 2 (.8 4/9 + .2 5/9) and
    # eigenvalues 1 and trace - 1 = -1/15: singular at k = 15, which E_m -31, E_x 1, E_s 1 gives.
    flows, taxed = [[4, 1], [1, 4]], np.array([[1, 5], [5, 1.0]])
    with pytest.raises(BadInput, match="singular"):
        gsim(flows, taxed, np.ones((2, 2)), -31, 1, 1)
    assert np.isfinite(gsim(flows, taxed, np.ones((2, 2)), -30, 1, 1).price_change).all()
