"""Which cells are unsafe, and how far each must be able to move; values by hand.

Claims nothing about secondary suppression.
"""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disclosure.cells import ROLES, checked_cells
from disclosure.measures import Measure, checked
from disclosure.parameters import Parameters
from disclosure.primary import Primary, unsafe
from foundation.errors import UsageError
from tests.unit.disclosure.tables import many, table

MEASURES = checked([Measure("v", "additive"), Measure("index", "other")], ["a", "b"])
# Rules that never fire; a test sets the one that it means.
OFF = Parameters(
    minimum_contributors=2,
    dominance_1_pct=99.999,
    dominance_2_pct=99.999,
    p_pct=0.001,
    rounding_base=5,
)


def judged(value: float, contributions: tuple[float, ...], parameters: Parameters) -> Primary:
    cells = checked_cells(table(("2026-10", "v", "_T", "_T", value, contributions)), MEASURES)
    return unsafe(cells, np.array([True]), np.array([False]), parameters)


def test_two_halves_are_safe_by_dominance_of_one_and_unsafe_by_p() -> None:
    # Handbook example 1: 100,000 = 50,000 + 49,000 + 1,000. The second knows the first to 2 %.
    contributions = (50_000.0, 49_000.0, 1_000.0)
    assert not judged(100_000, contributions, replace(OFF, dominance_1_pct=90.0)).unsafe[0]
    found = judged(100_000, contributions, replace(OFF, p_pct=10.0))
    assert found.unsafe[0]
    # p% asks for 10 % of 50,000 - 1,000 = 4,000; 10 % of the value is more.
    assert found.need[0] == pytest.approx(10_000)


def test_a_dominated_cell_needs_its_upper_bound_of_the_handbook() -> None:
    # Handbook example 4: 330 = 300 + 20 + 10 under (1,85) needs 300 / 0.85 = 352.94.
    found = judged(330, (300.0, 20.0, 10.0), replace(OFF, dominance_1_pct=85.0))
    assert found.unsafe[0]
    assert 330 + found.need[0] == pytest.approx(352.941176, abs=1e-6)


def test_p_and_two_k_differ_as_in_the_handbook() -> None:
    # Handbook example 2: 110,000 with 52,000 and 50,000: safe by p = 10, unsafe by (2, 90.9).
    contributions = (52_000.0, 50_000.0, 8_000.0)
    assert not judged(110_000, contributions, replace(OFF, p_pct=10.0)).unsafe[0]
    assert judged(110_000, contributions, replace(OFF, dominance_2_pct=90.9)).unsafe[0]


@pytest.mark.parametrize(("contributors", "is_unsafe"), [(2, True), (3, False)])
def test_minimum_frequency_at_its_limit(contributors: int, is_unsafe: bool) -> None:
    parameters = replace(OFF, minimum_contributors=3)
    found = judged(30, (30 / contributors,) * contributors, parameters)
    assert found.unsafe[0] == is_unsafe


@pytest.mark.parametrize(
    ("contributions", "rule", "is_unsafe"),
    [
        ((85.0, 9.0, 6.0), "dominance_1_pct", False),  # equal to k is safe
        ((85.1, 8.9, 6.0), "dominance_1_pct", True),
        ((60.0, 25.0, 15.0), "dominance_2_pct", False),
        ((60.0, 25.1, 14.9), "dominance_2_pct", True),
    ],
)
def test_dominance_at_its_limit(
    contributions: tuple[float, ...], rule: str, is_unsafe: bool
) -> None:
    assert judged(100, contributions, replace(OFF, **{rule: 85.0})).unsafe[0] == is_unsafe


@pytest.mark.parametrize(
    ("contributions", "is_unsafe"), [((50.0, 45.0, 5.0), False), ((50.0, 45.1, 4.9), True)]
)
def test_p_at_its_limit(contributions: tuple[float, ...], is_unsafe: bool) -> None:
    assert judged(100, contributions, replace(OFF, p_pct=10.0)).unsafe[0] == is_unsafe


@pytest.mark.parametrize("role", ROLES)
def test_each_role_alone_makes_a_cell_unsafe(role: str) -> None:
    cells = table(("2026-10", "v", "_T", "_T", 100, many(100)))
    safe = unsafe(
        checked_cells(cells, MEASURES),
        np.array([True]),
        np.array([False]),
        replace(OFF, p_pct=10.0),
    )
    assert not safe.unsafe[0]
    cells = cells.with_columns(
        pl.lit(1, pl.Int64).alias(f"{role}_count"),
        pl.lit(100.0).alias(f"{role}_largest"),
        pl.lit(None, pl.Float64).alias(f"{role}_second"),
    )
    found = unsafe(
        checked_cells(cells, MEASURES),
        np.array([True]),
        np.array([False]),
        replace(OFF, p_pct=10.0),
    )
    assert found.unsafe[0]
    assert found.owners[f"{role}_owner"].to_list() == [""]


def test_an_unknown_contributor_is_unsafe() -> None:
    cells = table(("2026-10", "v", "_T", "_T", 100, many(100))).with_columns(
        pl.lit(None, pl.Int64).alias("seller_count")
    )
    assert unsafe(checked_cells(cells, MEASURES), np.array([True]), np.array([False]), OFF).unsafe[
        0
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"importer_second": -1.0}, "negative contribution of a importer"),
        ({"importer_largest": 200.0}, "smaller than what its largest importers contribute"),
        ({"importer_second": 50.0}, "second importer above the largest"),
        ({"importer_count": 0}, "has a value and no importer"),
        ({"value": -5.0}, "is negative, though its measure adds up"),
        ({"value": float("nan")}, "has no finite value"),
        ({"measure": "w"}, "is no measure"),
        ({"period": "2026-13"}, "is no period"),
        ({"d_a": None}, "has no code"),
    ],
)
def test_input_that_no_rule_can_judge_is_refused(change: dict[str, object], sentence: str) -> None:
    cells = table(("2026-10", "v", "_T", "_T", 100, many(100)))
    name, value = next(iter(change.items()))
    changed = cells.with_columns(pl.lit(value, cells.schema[name]).alias(name))
    with pytest.raises(UsageError, match=sentence):
        checked_cells(changed, MEASURES)


def test_a_cell_twice_and_a_missing_column_are_refused() -> None:
    cells = table(("2026-10", "v", "_T", "_T", 100, many(100)))
    with pytest.raises(UsageError, match="stands twice"):
        checked_cells(pl.concat([cells, cells]), MEASURES)
    with pytest.raises(UsageError, match="no column seller_count"):
        checked_cells(cells.drop("seller_count"), MEASURES)
