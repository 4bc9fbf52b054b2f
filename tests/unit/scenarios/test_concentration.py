"""Concentration: the worked examples, bounds of what is unknown, properties of shares.

NOT claimed: what an authority thinks of a value.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.checks import BadInput
from scenarios.concentration import LARGEST, Concentration, concentration


def one(values: list[float], unknown: float | None = None) -> Concentration:
    rows = [*values, *([] if unknown is None else [unknown])]
    return concentration(
        [0] * len(rows), rows, [False] * len(values) + [True] * (len(rows) - len(values)), ["m"]
    )


@pytest.mark.parametrize(
    ("shares", "hhi"),
    [  # impact-methods 1.5
        ([40, 30, 20, 10], 3000),
        ([30, 30, 20, 20], 2600),
        ([25, 20, 15, 10, 9, 8, 7, 6], 1580),
        ([45, 15, 10, 8, 7, 6, 5, 4], 2540),
    ],
)
def test_the_worked_examples_come_out(shares: list[float], hhi: float) -> None:
    found = one(shares)
    assert found.hhi_low[0] == found.hhi_high[0] == pytest.approx(hhi, rel=1e-14)
    assert found.effective_low[0] == found.effective_high[0] == pytest.approx(1e4 / hhi)


def test_an_unknown_remainder_gives_bounds_by_hand() -> None:
    # 40, 30, unknown 30: 1600 + 900 = 2500, and with one firm of 30 more 3400.
    found = one([40, 30], 30)
    assert (found.n[0], found.hhi_low[0], found.hhi_high[0]) == (2, 2500, 3400)
    assert found.effective_low[0] == pytest.approx(2.941176, abs=1e-6)
    assert found.effective_high[0] == 4
    assert found.unknown_share_pct[0] == 30
    assert [found.cr_low[k][0] for k in LARGEST] == [40, 70, 70]
    assert [found.cr_high[k][0] for k in LARGEST] == [40, 70, 100]


def test_an_unknown_that_is_the_largest_ranks_first_above_and_nowhere_below() -> None:
    # Known 20, 10; unknown 70.
    found = one([20, 10], 70)
    assert [found.cr_low[k][0] for k in LARGEST] == [20, 30, 30]
    assert [found.cr_high[k][0] for k in LARGEST] == [70, 90, 100]


def test_a_market_of_unknown_alone_has_no_upper_number_of_firms() -> None:
    found = one([], 5)
    assert (found.n[0], found.hhi_low[0], found.hhi_high[0]) == (0, 0, 10_000)
    assert np.isnan(found.effective_high[0])
    assert found.effective_low[0] == 1
    assert found.cr_low[1][0] == 0


def test_units_without_value_are_not_counted() -> None:
    found = one([0, 5, 0], 0)
    assert (found.n[0], found.hhi_low[0], found.unknown_share_pct[0]) == (1, 10_000, 0)


markets = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=12)


@settings(max_examples=60)
@given(markets, st.floats(0, 1e6), st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_scale_and_order_do_not_matter_and_bounds_hold(
    values: list[float], unknown: float, scale: float, random: Any
) -> None:
    found = one(values, unknown)
    mixed = list(values)
    random.shuffle(mixed)
    other = one([value * scale for value in mixed], unknown * scale)
    for name in ("hhi_low", "hhi_high", "effective_low", "effective_high", "unknown_share_pct"):
        assert getattr(other, name) == pytest.approx(getattr(found, name), rel=1e-9, abs=1e-9)
    assert found.hhi_low[0] <= found.hhi_high[0] <= 10_000 * (1 + 1e-12)
    assert found.cr_low[1][0] <= found.cr_high[1][0] + 1e-9
    assert found.cr_high[1][0] <= found.cr_high[2][0] + 1e-9 <= found.cr_high[4][0] + 2e-9
    # An even market of as many known firms is the least concentrated.
    assert found.hhi_low[0] >= (100 - found.unknown_share_pct[0]) ** 2 / len(values) - 1e-6


def test_markets_do_not_mix() -> None:
    found = concentration(
        [1, 0, 1, 0], [1.0, 1, 3, 1], [False, False, False, True], ["first", "second"]
    )
    assert found.hhi_high.tolist() == [5000, 6250]  # 50/50; 25/75
    assert found.cr_high[1].tolist() == [50, 75]


@pytest.mark.parametrize(
    ("values", "flags", "words"),
    [
        ([1, -1], [False, False], "is negative"),
        ([0, 0], [False, True], "sums to 0 for 'm'"),
        ([1, 1], [True, True], "twice"),
        ([1, np.nan], [False, False], "no finite number"),
        ([], [], "is empty"),
    ],
)
def test_bad_input_is_refused(values: Any, flags: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        concentration([0] * len(values), values, flags, ["m"])
