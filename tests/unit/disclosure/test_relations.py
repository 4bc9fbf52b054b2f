"""Which cells add up to which, written out by hand. Claims nothing about what is hidden."""

import numpy as np
import polars as pl
import pytest

from disclosure.measures import Measure, checked
from disclosure.over_time import time_relations
from disclosure.relations import Relations, View, hierarchies_of, relations_of
from disclosure.space import Space, space_of
from foundation.errors import UsageError
from tests.unit.disclosure.tables import hierarchy

Cell = tuple[str, str, str, float]  # period, measure, d_a, value


def viewed(cells: list[Cell], tree: pl.DataFrame) -> tuple[Space, View, dict]:
    frame = pl.DataFrame(cells, schema=["period", "measure", "d_a", "value"], orient="row")
    above = hierarchies_of(tree, frame)
    words = {
        axis: {"_T", *(code for pair in pairs for code in pair)} for axis, pairs in above.items()
    }
    space = space_of([frame], words)
    keys = space.keys(frame)
    order = np.argsort(keys)
    value = frame["value"].to_numpy()[order]
    view = View(keys[order], value, order.astype(np.int64), np.ones(len(order), np.bool_))
    return space, view, above


def spelled(found: Relations, cells: list[Cell]) -> set[str]:
    """Relations as 'total = member + member', a cell by its words without the value."""
    names = [" ".join(str(word) for word in cell[:3]) for cell in cells]
    names += [f"gap {value:g}" for value in found.gap]
    said = set()
    for row in range(found.count):
        mine = found.row == row
        total = [names[i] for i in found.cell[mine & (found.sign > 0)]]
        members = sorted(names[i] for i in found.cell[mine & (found.sign < 0)])
        said.add(f"{total[0]} = {' + '.join(members)}")
    return said


def along(cells: list[Cell], tree: pl.DataFrame, measures: list[Measure]) -> set[str]:
    space, view, above = viewed(cells, tree)
    by_name = checked(measures, ["a"])
    return spelled(relations_of(space, view, by_name, above, len(cells)), cells)


def over_time(cells: list[Cell], measures: list[Measure]) -> set[str]:
    space, view, _ = viewed(cells, hierarchy())
    by_name = checked(measures, ["a"])
    return spelled(time_relations(space, view, by_name, len(cells)), cells)


V = Measure("v", "additive")
TREE = hierarchy(("a", "_T", "01"), ("a", "_T", "02"), ("a", "01", "0101"), ("a", "01", "0102"))


def test_each_total_is_the_sum_of_its_children() -> None:
    cells = [
        ("2026-10", "v", "_T", 10.0),
        ("2026-10", "v", "01", 7.0),
        ("2026-10", "v", "02", 3.0),
        ("2026-10", "v", "0101", 6.0),
        ("2026-10", "v", "0102", 1.0),
    ]
    assert along(cells, TREE, [V]) == {
        "2026-10 v _T = 2026-10 v 01 + 2026-10 v 02",
        "2026-10 v 01 = 2026-10 v 0101 + 2026-10 v 0102",
    }


def test_a_level_that_a_measure_leaves_out_is_jumped_over() -> None:
    cells = [
        ("2026-10", "v", "_T", 10.0),
        ("2026-10", "v", "0101", 6.0),
        ("2026-10", "v", "0102", 1.0),
        ("2026-10", "v", "02", 3.0),
    ]
    assert along(cells, TREE, [V]) == {
        "2026-10 v _T = 2026-10 v 0101 + 2026-10 v 0102 + 2026-10 v 02"
    }


def test_a_dimension_without_a_named_total_gets_it() -> None:
    cells = [("2026-10", "v", "_T", 5.0), ("2026-10", "v", "x", 2.0), ("2026-10", "v", "y", 3.0)]
    assert along(cells, hierarchy(), [V]) == {"2026-10 v _T = 2026-10 v x + 2026-10 v y"}


def test_parts_of_a_measure_add_up_to_it() -> None:
    cells = [
        ("2026-10", "tax", "_T", 5.0),
        ("2026-10", "duty", "_T", 2.0),
        ("2026-10", "vat", "_T", 3.0),
    ]
    measures = [
        Measure("tax", "additive"),
        Measure("duty", "additive", "tax"),
        Measure("vat", "additive", "tax"),
    ]
    assert along(cells, hierarchy(), measures) == {
        "2026-10 tax _T = 2026-10 duty _T + 2026-10 vat _T"
    }


def test_an_index_adds_up_to_nothing() -> None:
    cells = [("2026-10", "v", "_T", 100.0), ("2026-10", "v", "01", 90.0)]
    assert along(cells, TREE, [Measure("v", "other")]) == set()


def test_figures_that_do_not_add_up_are_refused_with_their_cell() -> None:
    cells = [("2026-10", "v", "_T", 10.0), ("2026-10", "v", "01", 7.0), ("2026-10", "v", "02", 2.0)]
    with pytest.raises(UsageError, match=r"members of d_a sum to 9, their total is 10.*d_a _T"):
        along(cells, TREE, [V])


def test_a_code_below_itself_and_an_unknown_dimension_are_refused() -> None:
    cells = [("2026-10", "v", "_T", 10.0)]
    with pytest.raises(UsageError, match="stands below itself"):
        along(cells, hierarchy(("a", "x", "y"), ("a", "y", "x")), [V])
    with pytest.raises(UsageError, match="belongs to no dimension"):
        along(cells, hierarchy(("b", "_T", "x")), [V])


def test_a_quarter_is_its_months_and_a_year_its_quarters() -> None:
    cells = [(f"2026-0{month}", "v", "_T", 1.0) for month in (1, 2, 3)]
    cells += [("2026-Q1", "v", "_T", 3.0)]
    assert over_time(cells, [V]) == {"2026-Q1 v _T = 2026-01 v _T + 2026-02 v _T + 2026-03 v _T"}
    quarters = [(f"2026-Q{quarter}", "v", "_T", 2.0) for quarter in (1, 2, 3, 4)]
    quarters += [("2026", "v", "_T", 8.0)]
    said = " + ".join(f"2026-Q{quarter} v _T" for quarter in (1, 2, 3, 4))
    assert over_time(quarters, [V]) == {f"2026 v _T = {said}"}


YTD = [V, Measure("y", "ytd", "v")]


def test_two_sums_since_january_differ_by_the_months_between() -> None:
    cells = [
        ("2026-09", "y", "_T", 50.0),
        ("2026-10", "v", "_T", 4.0),
        ("2026-11", "v", "_T", 6.0),
        ("2026-11", "y", "_T", 60.0),
    ]
    assert over_time(cells, YTD) == {"2026-11 y _T = 2026-09 y _T + 2026-10 v _T + 2026-11 v _T"}


def test_what_nobody_publishes_between_two_dates_is_a_cell_of_its_own() -> None:
    # October and November stand alone beside the year so far: January to September are 50.
    cells = [
        ("2026-10", "v", "_T", 4.0),
        ("2026-11", "v", "_T", 6.0),
        ("2026-11", "y", "_T", 60.0),
    ]
    assert over_time(cells, YTD) == {"2026-11 y _T = 2026-10 v _T + 2026-11 v _T + gap 50"}


def test_a_sum_since_january_that_is_wrong_is_refused() -> None:
    cells = [("2026-01", "v", "_T", 4.0), ("2026-01", "y", "_T", 5.0)]
    with pytest.raises(UsageError, match="sum to 4, their total is 5"):
        over_time(cells, YTD)


@pytest.mark.parametrize(
    ("measures", "sentence"),
    [
        ([V, V], "stands twice"),
        ([Measure("v", "sum")], "unknown kind"),  # type: ignore[arg-type]
        ([Measure("y", "ytd", "v")], "is no measure"),
        ([Measure("y", "ytd")], "does not say of what"),
        ([V, Measure("s", "share", "v", "b")], "no dimension"),
        ([V, Measure("g", "growth", "v", 0)], "grows against"),
        ([Measure("i", "other"), Measure("y", "ytd", "i")], "does not add up"),
        ([Measure("p", "growth", "q"), Measure("q", "growth", "p")], "is made of itself"),
        ([V, Measure("y", "ytd", "v", is_count=True)], "one is a count"),
        ([Measure("i", "other", is_count=True)], "is a count and a other"),
    ],
)
def test_measures_that_mean_nothing_are_refused(measures: list[Measure], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        checked(measures, ["a"])
