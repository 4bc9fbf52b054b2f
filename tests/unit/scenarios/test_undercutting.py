"""Undercutting: margins by hand, the published counts' arithmetic, weights, what cannot be told.

NOT claimed: that the pairs are one product.
"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.checks import BadInput
from scenarios.undercutting import Undercutting, undercutting


def one(pairs: list[tuple[float, float, float]]) -> Undercutting:
    home, abroad, quantity = zip(*pairs, strict=True)
    return undercutting([0] * len(pairs), home, abroad, quantity, ["s"])


def figures(found: Undercutting, row: int = 0) -> dict[str, float]:
    return {name: values[row] for name, values in vars(found).items()}


def test_margins_by_hand() -> None:
    # 100 against 80, 10 pieces; 50 against 60, 20; 40 against 40, 5; 10 against 5, 0.
    # Gaps 200 - 200 + 0 = 0 over 1000 + 1000 + 200; simple (20 - 20 + 0 + 50) / 4.
    found = figures(one([(100, 80, 10), (50, 60, 20), (40, 40, 5), (10, 5, 0)]))
    assert [found[name] for name in ("n", "n_under", "n_over", "n_equal")] == [4, 2, 1, 1]
    assert found["margin_weighted_pct"] == found["margin_weighted_of_import_price_pct"] == 0
    assert found["margin_simple_pct"] == pytest.approx(12.5)
    assert found["under_min_pct"] == pytest.approx(20)
    assert found["under_max_pct"] == pytest.approx(50)
    assert found["under_simple_pct"] == pytest.approx(35)
    assert found["under_weighted_pct"] == pytest.approx(20)  # the second has no quantity
    assert found["over_min_pct"] == found["over_max_pct"] == pytest.approx(20)


def test_the_denominator_changes_the_figure() -> None:
    # impact-methods 1.4: the same gap is 16.7 % of the domestic price and 20 % of the import price.
    found = figures(one([(120, 100, 3)]))
    assert found["margin_weighted_pct"] == pytest.approx(100 / 6)
    assert found["margin_weighted_of_import_price_pct"] == pytest.approx(20)


def test_simple_and_weighted_means_of_the_published_table_differ() -> None:
    # USITC table V-17: 90 quarters at 34.1 % with 59,981 kft2 and 90 at 63.9 % with 2,975.
    # Simple mean 49.0; weighted 35.5 (equal domestic prices).
    found = figures(one([(100, 65.9, 59_981)] * 90 + [(100, 36.1, 2_975)] * 90))
    assert (found["n_under"], found["n"]) == (180, 180)
    assert found["under_simple_pct"] == pytest.approx(49.0)
    assert found["under_weighted_pct"] == pytest.approx(35.5, abs=0.05)


def test_quantities_at_the_ends_of_the_range_keep_their_weights() -> None:
    for unit in (1e-300, 1e300):
        found = figures(one([(100, 90, 3 * unit), (100, 50, unit)]))
        assert found["margin_weighted_pct"] == pytest.approx(20)  # (30 + 50) / 400
    with pytest.raises(BadInput, match="no finite number"):
        one([(1.7e308, 1, 1)] * 3)


def test_what_no_pair_tells_is_nan() -> None:
    found = figures(one([(10, 12, 0)]))
    untold = {name for name, value in found.items() if math.isnan(value)}
    assert untold == {
        "margin_weighted_pct",
        "margin_weighted_of_import_price_pct",
        "under_min_pct",
        "under_max_pct",
        "under_simple_pct",
        "under_weighted_pct",
    }
    assert found["over_max_pct"] == pytest.approx(20)


pairs = st.lists(
    st.tuples(st.floats(0.01, 1e5), st.floats(0.01, 1e5), st.floats(0, 1e4)), min_size=1, max_size=9
)


@settings(max_examples=80)
@given(pairs, st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_scale_order_and_other_strata_do_not_matter(
    given_pairs: list[tuple[float, float, float]], scale: float, random: Any
) -> None:
    found = figures(one(given_pairs))
    mixed = list(given_pairs)
    random.shuffle(mixed)
    rescaled = [(home * 4, abroad * 4, quantity * scale) for home, abroad, quantity in mixed]
    other = [(7.0, 9.0, 1.0), *rescaled, (3.0, 1.0, 5.0)]
    home, abroad, quantity = zip(*other, strict=True)
    strata = [1, *[0] * len(rescaled), 1]
    both = figures(undercutting(strata, home, abroad, quantity, ["s", "other"]))
    for name, value in found.items():
        assert both[name] == pytest.approx(value, rel=1e-9, abs=1e-7, nan_ok=True), name
    assert found["n"] == found["n_under"] + found["n_over"] + found["n_equal"]
    if found["n_under"]:
        assert 0 < found["under_min_pct"] <= found["under_max_pct"] < 100
        low, high = found["under_min_pct"] - 1e-9, found["under_max_pct"] + 1e-9
        assert low <= found["under_simple_pct"] <= high
        if sum(quantity for home, abroad, quantity in given_pairs if abroad < home) > 1e-6:
            assert low <= found["under_weighted_pct"] <= high


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ((0, 1, 1), "is not above zero"),
        ((1, -1, 1), "is not above zero"),
        ((1, 1, -1), "is negative"),
        ((np.nan, 1, 1), "no finite"),
        ((1e-300, 1e300, 1), "no finite number"),
    ],
)
def test_bad_input_is_refused(pair: tuple[float, float, float], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        one([pair])
