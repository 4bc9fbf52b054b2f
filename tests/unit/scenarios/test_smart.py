"""SMART: the hand check, zero shock, diversion that sums to zero, homogeneity.

NOT claimed: that imports stay positive for any change; the formula is a first-order one.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.checks import BadInput
from scenarios.smart import TradeEffects, smart


def market(
    imports: Any, old: Any, new: Any, demand: float = -1.2, substitution: float = -1.5
) -> TradeEffects:
    many = len(imports)
    return smart([0] * many, imports, old, new, [demand] * many, [substitution] * many, ["m"])


def test_the_hand_check_of_the_handbook() -> None:
    # d = 1/1.2 - 1 = -1/6. TC = 100 * -1.2 * -1/6 = 20.
    # TD = 100 * 300 * -1.5 * -1/6 / (400 + 100 * .25) = 7500 / 425 = 17.6471.
    found = market([100, 300], [20, 0], [0, 0])
    assert found.trade_creation == pytest.approx([20, 0])
    assert found.trade_diversion == pytest.approx([7500 / 425, -7500 / 425], rel=1e-14)
    assert found.imports_after == pytest.approx([120 + 7500 / 425, 300 - 7500 / 425])


def test_two_changes_are_added_by_hand() -> None:
    # Imports 100, 60, 40, e -1, s -2. a: 20 -> 8 %, d = -.1. b: 0 -> 10 %, d = .1.
    # a gains 100 * 100 * .2 / (200 + 20) = 100/11, of which b loses 60/100 and c 40/100.
    # b: 60 * 140 * -.2 / (200 - 12) = -420/47; a gets 100/140 of it, c 40/140.
    a, b = 100 / 11, -420 / 47
    found = market([100, 60, 40], [20, 0, 5], [8, 10, 5], -1, -2)
    wanted = [a - b * 100 / 140, b - a * 60 / 100, -a * 40 / 100 - b * 40 / 140]
    assert found.trade_diversion == pytest.approx(wanted, rel=1e-13)
    assert found.trade_creation == pytest.approx([10, -6, 0])


rows = st.lists(
    st.tuples(st.floats(0, 1e6), st.floats(0, 60), st.floats(0, 60)), min_size=1, max_size=8
).filter(lambda found: sum(row[0] for row in found) > 1e-3)


@settings(max_examples=60)
@given(rows, st.floats(-1.6, -0.1), st.floats(-1.6, -0.1), st.floats(1e-2, 1e3))
def test_diversion_sums_to_zero_and_money_scales(
    given_rows: list[tuple[float, float, float]], demand: float, substitution: float, scale: float
) -> None:
    imports, old, new = (np.array(column) for column in zip(*given_rows, strict=True))
    found = market(imports, old, new, demand, substitution)
    size = 1e-9 * imports.sum()
    assert found.trade_diversion.sum() == pytest.approx(0, abs=size)
    scaled = market(imports * scale, old, new, demand, substitution)
    assert scaled.trade_diversion == pytest.approx(found.trade_diversion * scale, abs=size * scale)
    doubled = market(imports, old, new, 2 * demand, substitution)
    assert doubled.trade_creation == pytest.approx(2 * found.trade_creation, abs=size)
    assert doubled.trade_diversion == pytest.approx(found.trade_diversion, abs=size)
    still = market(imports, old, old, demand, substitution)
    assert not still.trade_creation.any()
    assert not still.trade_diversion.any()
    assert (still.imports_after == imports).all()
    back = market(imports[::-1], old[::-1], new[::-1], demand, substitution)
    assert back.trade_diversion[::-1] == pytest.approx(found.trade_diversion, abs=size)


def test_markets_do_not_mix() -> None:
    alone = market([100, 300], [20, 0], [0, 0])
    both = smart(
        [0, 1, 0, 1],
        [100, 50, 300, 50],
        [20, 5, 0, 5],
        [0, 5, 0, 5],
        [-1.2, -3, -1.2, -3],
        [-1.5, -2, -1.5, -2],
        ["m", "other"],
    )
    assert both.trade_diversion[[0, 2]] == pytest.approx(alone.trade_diversion)
    assert not both.trade_diversion[[1, 3]].any()


def test_a_single_exporter_diverts_nothing() -> None:
    found = market([100], [20], [0])
    assert found.trade_diversion.tolist() == [0]
    assert found.imports_after == pytest.approx([120])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"imports": [-1, 1]}, "is negative"),
        ({"imports": [0, 0]}, "sums to 0 for 'm'"),
        ({"tariff_old_pct": [-5, 0]}, "is negative"),
        ({"tariff_new_pct": [np.inf, 0]}, "no finite"),
        ({"import_demand_elasticity": [1.2, 1.2]}, "right sign"),
        ({"substitution_elasticity": [0, 0]}, "right sign"),
        ({"import_demand_elasticity": [-1.2, -1.3]}, "differs from another row of 'm'"),
        ({"tariff_new_pct": [300, 0], "imports": [100, 1]}, "denominator"),
        ({"imports": [1e308, 1e308]}, "no finite number"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {
        "imports": [100, 300],
        "tariff_old_pct": [20, 0],
        "tariff_new_pct": [0, 0],
        "import_demand_elasticity": [-1.2, -1.2],
        "substitution_elasticity": [-1.5, -1.5],
    }
    with pytest.raises(BadInput, match=words):
        smart([0, 0], **asked | change, markets=["m"])


def test_the_denominator_is_refused_at_its_limit_and_not_before() -> None:
    # One exporter of all: 100 + 100 * s * d with s -2; d = 1/2 makes it 0, less does not.
    with pytest.raises(BadInput, match="denominator"):
        market([100, 0], [0, 0], [50, 0], substitution=-2)
    assert market([100, 0], [0, 0], [49, 0], substitution=-2).trade_diversion.tolist() == [0, 0]
