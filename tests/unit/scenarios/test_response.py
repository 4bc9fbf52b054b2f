"""Responses to a change of taxes: against single Armington markets, and what cannot be otherwise.

NOT claimed: that any elasticity is one of Viet Nam.
"""

import numpy as np
import pytest

from scenarios.armington import armington
from scenarios.checks import BadInput
from scenarios.response import Elasticity, responses

ELASTICITIES = (
    Elasticity("substitution", 4.0, 0.0, 1, "test"),
    Elasticity("demand", -1.0, 0.0, -1, "test"),
    Elasticity("import_supply", 10.0, 0.0, 1, "test"),
    Elasticity("domestic_supply", 1.0, 0.0, 1, "test"),
)


def test_without_error_every_draw_is_the_solved_market() -> None:
    """Value 30, no tax before, 3 after: the USITC example's subject variety beside 60 at home."""
    found = responses([30], [0], [3], [60], ELASTICITIES, draws=3, seed=1)
    market = armington([30, 60], [10, 1], [1, 1], [1.1, 1], 4, -1)
    assert found.import_quantity == pytest.approx(np.full((3, 1), market.quantity[0]))
    assert found.import_price == pytest.approx(np.full((3, 1), market.producer_price[0]))
    sold = market.quantity[1] * market.producer_price[1]
    assert found.domestic_sales == pytest.approx(np.full((3, 1), sold))
    assert market.quantity[0] < 1 < sold


def test_goods_whose_tax_does_not_change_do_not_move() -> None:
    found = responses([30, 30], [3, 3], [3, 0], [60, 60], ELASTICITIES, draws=2, seed=1)
    assert (found.import_quantity[:, 0] == 1).all()
    assert (found.domestic_sales[:, 0] == 1).all()
    assert (found.import_quantity[:, 1] > 1).all()


def test_goods_that_nobody_sells_at_home_have_no_domestic_sales() -> None:
    """Alone on its market the variety answers with the demand elasticity: q = (p t)^-1, q = p^10,
    so p = 1.1^(-1/11)."""
    found = responses([30], [0], [3], [0], ELASTICITIES, draws=1, seed=1)
    assert np.isnan(found.domestic_sales).all()
    assert found.import_price[0, 0] == pytest.approx(1.1 ** (-1 / 11))


def test_draws_follow_the_seed_and_keep_their_sign() -> None:
    wide = (Elasticity("substitution", 1.0, 2.0, 1, "test"), *ELASTICITIES[1:])
    first, again, other = (
        responses([30], [0], [3], [60], wide, draws=50, seed=seed).import_quantity
        for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()
    drawn = wide[0].draws(np.random.default_rng(1), 1_000)
    assert (drawn > 0).all()
    assert len(set(drawn)) == 1_000


@pytest.mark.parametrize(
    ("values", "elasticity", "draws"),
    [
        (([0], [0], [1], [1]), ELASTICITIES[0], 1),
        (([1], [-1], [1], [1]), ELASTICITIES[0], 1),
        (([1], [0], [9], [1]), ELASTICITIES[0], 1),
        (([1], [0], [1], [-1]), ELASTICITIES[0], 1),
        (([1], [0], [1], [1]), Elasticity("substitution", -4.0, 0.0, 1, "test"), 1),
        (([1], [0], [1], [1]), Elasticity("substitution", 4.0, -1.0, 1, "test"), 1),
        (([1], [0], [1], [1]), ELASTICITIES[0], 0),
    ],
)
def test_bad_input_is_refused(
    values: tuple[list[float], ...], elasticity: Elasticity, draws: int
) -> None:
    with pytest.raises(BadInput):
        responses(*values, (elasticity, *ELASTICITIES[1:]), draws=draws, seed=1)
