"""The counter-based draws of the generator: uniform, independent, the same in any order.

Not claimed: cryptographic quality.
"""

from itertools import pairwise

import numpy as np
import pytest

from synthetic.mixing import DRAWS, Draws, Scatter, mix, mixed


def test_the_mixer_of_arrays_is_the_mixer_of_numbers() -> None:
    values = np.arange(0, 4_294_967_296, 1_010_101).astype(np.uint32)
    assert [mix(int(value)) for value in values] == mixed(values).tolist()
    # By hand: x = 0 stays 0 through every step.
    assert mix(0) == 0


def test_draws_are_uniform_and_pairwise_independent() -> None:
    """Chi-square of every draw with its neighbour on a 8 x 8 grid: 63 degrees of freedom."""
    draws = Draws(mixed(np.arange(12_345, 12_345 + 40_000, dtype=np.uint32)))
    worst = 0.0
    for left, right in pairwise(DRAWS):
        cells = draws.below(left, 8) * 8 + draws.below(right, 8)
        counts = np.bincount(cells, minlength=64)
        worst = max(worst, float(((counts - 625.0) ** 2 / 625.0).sum()))
    assert worst < 125  # one in a million would exceed 130
    # Control: a draw and itself are as dependent as can be.
    cells = draws.below("good", 8) * 9
    assert ((np.bincount(cells, minlength=64) - 625.0) ** 2 / 625.0).sum() > 100_000


@pytest.mark.parametrize("count", [1, 2, 7, 1_000, 65_537])
def test_scattering_moves_every_row_to_a_place_of_its_own(count: int) -> None:
    places = Scatter(count, key=987_654_321)(np.arange(count))
    assert sorted(places.tolist()) == list(range(count))
