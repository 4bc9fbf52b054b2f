"""Input-output: the classic table of Miller and Blair, the identity of Leontief, refusals.

NOT claimed: which final demand imports displace.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.checks import BadInput
from scenarios.input_output import leontief_inverse, output_for, output_multipliers

CLASSIC = [[0.15, 0.25], [0.20, 0.05]]


def test_the_classic_table_comes_out() -> None:
    assert leontief_inverse(CLASSIC) == pytest.approx(
        np.array([[1.2541, 0.3300], [0.2640, 1.1221]]), abs=5e-5
    )
    assert output_multipliers(CLASSIC) == pytest.approx([1.518, 1.452], abs=5e-4)
    assert output_for(CLASSIC, [600, 1500]) == pytest.approx([1247.52, 1841.58], abs=5e-3)


@settings(max_examples=60)
@given(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(st.floats(0, 1), min_size=n * n, max_size=n * n).map(
            lambda found, n=n: np.reshape(found, (n, n)) / (n + 0.5)
        )
    )
)
def test_the_identity_of_leontief_and_no_output_below_its_demand(table: Any) -> None:
    inverse = leontief_inverse(table)
    assert inverse @ (np.eye(len(table)) - table) == pytest.approx(np.eye(len(table)), abs=1e-12)
    assert (inverse.diagonal() >= 1 - 1e-12).all()
    assert (inverse >= -1e-12).all()
    assert not output_for(table, np.zeros(len(table))).any()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([[0.5, 0.5], [0.5, 0.5]], "uses up all it makes"),
        ([[1.5]], "uses up all it makes"),
        ([[0.1, -0.1], [0.1, 0.1]], "is negative"),
        ([[0.1, 0.1]], "has the shape"),
        ([[np.nan]], "no finite"),
    ],
)
def test_bad_tables_are_refused(table: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        leontief_inverse(table)


def test_a_column_above_one_is_no_reason_to_refuse() -> None:
    """What counts is whether the whole economy can net anything, not one column's sum."""
    assert output_multipliers([[0, 1.2], [0.1, 0]]) == pytest.approx([1.1 / 0.88, 2.2 / 0.88])
