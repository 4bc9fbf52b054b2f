"""From an internal table to public cells, by hand: hidden, rounded, derived, kept.

Claims nothing about large tables; test_attack.py does.
"""

import polars as pl
import pytest

from disclosure.cells import contribution_columns
from disclosure.measures import Measure
from disclosure.parameters import load
from disclosure.treat import Treated, treat
from foundation.errors import UsageError
from tests.unit.disclosure.tables import hierarchy, many, table

PARAMETERS = load({})
TREE = hierarchy(*(("a", "_T", code) for code in "xyz"), *(("b", "_T", code) for code in "12"))
V = Measure("v", "additive")

# b1 b2 | total; x in b1 comes from one importer. Every other cell has ten equal ones.
#   x  20 30 | 50
#   y  40 50 | 90
#   z  60 70 | 130
#     120 150| 270
INSIDE = {("x", "1"): 20, ("x", "2"): 30, ("y", "1"): 40, ("y", "2"): 50, ("z", "1"): 60}
INSIDE |= {("z", "2"): 70}


def crossed(
    inside: dict[tuple[str, str], float],
    single: tuple[str, str] | None = ("x", "1"),
    period: str = "2026-10",
    measure: str = "v",
) -> pl.DataFrame:
    cells: dict[tuple[str, str], float] = {}
    for (a, b), value in inside.items():
        for key in ((a, b), (a, "_T"), ("_T", b), ("_T", "_T")):
            cells[key] = cells.get(key, 0.0) + value
    return table(
        *(
            (period, measure, a, b, value, (value,) if (a, b) == single else many(value))
            for (a, b), value in cells.items()
        )
    )


def shown(treated: Treated, measure: str = "v", period: str = "2026-10") -> dict[str, object]:
    rows = treated.cells.filter(measure=measure, period=period)
    return {
        a + b: status or value
        for a, b, value, status in rows.select("d_a", "d_b", "value", "status").iter_rows()
    }


def test_a_single_cell_is_hidden_with_the_cheapest_rectangle() -> None:
    found = treat(crossed(INSIDE), [V], TREE, PARAMETERS)
    assert shown(found) == {
        "x1": "c",
        "x2": "d",
        "y1": "d",
        "y2": "d",
        "z1": 60.0,
        "z2": 70.0,
        "x_T": 50.0,
        "y_T": 90.0,
        "z_T": 130.0,
        "_T1": 120.0,
        "_T2": 150.0,
        "_T_T": 270.0,
    }
    assert (found.report.primary, found.report.secondary, found.report.proven) == (1, 3, 1)


def test_a_table_without_a_sensitive_cell_is_published_whole() -> None:
    found = treat(crossed(INSIDE, single=None), [V], TREE, PARAMETERS)
    assert set(found.cells["status"]) == {""}
    assert found.report.programmes == 0


def test_no_public_column_is_about_contributors() -> None:
    found = treat(crossed(INSIDE), [V], TREE, PARAMETERS)
    assert found.cells.columns == ["period", "measure", "d_a", "d_b", "value", "status", "rounding"]
    assert not set(found.cells.columns) & set(contribution_columns())


def test_counts_are_rounded_and_marked() -> None:
    # 57 -> 55, 58 -> 60, 2.5 upwards; a count below half the base stands as 0 with its rounding.
    cells = table(
        *(("2026-10", "n", "_T", code, value, many(value)) for code, value in
          (("p", 57), ("q", 58), ("r", 12.5), ("s", 2)))
    )  # fmt: skip
    found = treat(cells, [Measure("n", "additive", is_count=True)], hierarchy(), PARAMETERS)
    rows = found.cells.select("d_b", "value", "rounding").rows()
    assert rows == [("p", 55.0, 5), ("q", 60.0, 5), ("r", 15.0, 5), ("s", 0.0, 5)]


def test_a_count_must_be_able_to_lie_a_whole_one_away() -> None:
    cells = crossed({("x", "1"): 2, ("x", "2"): 8}, measure="n")
    found = treat(cells, [Measure("n", "additive", is_count=True)], TREE, PARAMETERS)
    need = found.record.filter(d_a="x", d_b="1")["need"][0]
    assert need == 1.0


def derived_row(
    measure: str, a: str, b: str, value: float, period: str = "2026-10"
) -> pl.DataFrame:
    return table((period, measure, a, b, value, many(abs(value))))


def test_a_share_is_hidden_with_its_part_or_its_total() -> None:
    measures = [V, Measure("s", "share", "v", "b")]
    shares = [derived_row("s", a, b, 100 * value / {"x": 50, "y": 90, "z": 130}[a])
              for (a, b), value in INSIDE.items()]  # fmt: skip
    found = treat(pl.concat([crossed(INSIDE), *shares]), measures, TREE, PARAMETERS)
    assert shown(found, "s") == {
        "x1": "c",
        "x2": "d",
        "y1": "d",
        "y2": "d",
        "z1": pytest.approx(100 * 60 / 130),
        "z2": pytest.approx(100 * 70 / 130),
    }
    assert found.report.derived_hidden == 4


def test_a_share_of_a_count_is_drawn_from_rounded_counts() -> None:
    # 57 of 100: published as 55 of 100, so 55 %, not the 57 % that was handed over.
    cells = crossed({("x", "1"): 57, ("x", "2"): 43}, single=None, measure="n")
    measures = [Measure("n", "additive", is_count=True), Measure("s", "share", "n", "b")]
    found = treat(pl.concat([cells, derived_row("s", "x", "1", 57.0)]), measures, TREE, PARAMETERS)
    assert shown(found, "s") == {"x1": 55.0}


def test_growth_is_hidden_when_either_month_is() -> None:
    measures = [V, Measure("g", "growth", "v")]
    before = crossed({key: 2 * value for key, value in INSIDE.items()}, period="2026-09")
    after = crossed(INSIDE, single=None)
    growth = [derived_row("g", a, b, -50.0) for a, b in INSIDE]
    found = treat(pl.concat([before, after, *growth]), measures, TREE, PARAMETERS)
    hidden = {key for key, value in shown(found, period="2026-09").items() if value in {"c", "d"}}
    assert hidden == {"x1", "x2", "y1", "y2"}
    assert shown(found, "g") == {
        "x1": "c", "x2": "d", "y1": "d", "y2": "d", "z1": -50.0, "z2": -50.0
    }  # fmt: skip


def test_growth_against_a_month_that_nobody_published_is_hidden() -> None:
    measures = [V, Measure("g", "growth", "v", 12)]
    cells = pl.concat([crossed(INSIDE, single=None), derived_row("g", "x", "1", 7.0)])
    assert shown(treat(cells, measures, TREE, PARAMETERS), "g") == {"x1": "d"}


def test_a_ratio_is_hidden_with_what_it_is_made_of_and_by_its_own_count() -> None:
    measures = [V, Measure("w", "additive"), Measure("price", "other", "v", "w")]
    weights = crossed(INSIDE, single=None, measure="w")
    prices = pl.concat(
        [derived_row("price", a, b, 1.0) for a, b in INSIDE if (a, b) != ("z", "2")]
        + [table(("2026-10", "price", "z", "2", 1.0, (1.0,)))]
    )
    found = treat(pl.concat([crossed(INSIDE), weights, prices]), measures, TREE, PARAMETERS)
    assert shown(found, "price") == {
        "x1": "c", "x2": "d", "y1": "d", "y2": "d", "z1": 1.0, "z2": "c"
    }  # fmt: skip


def test_a_figure_that_its_cells_do_not_make_is_refused() -> None:
    measures = [V, Measure("s", "share", "v", "b")]
    cells = pl.concat([crossed(INSIDE), derived_row("s", "z", "1", 47.0)])
    with pytest.raises(UsageError, match=r"the share is 47, its cells make 46.1538.*d_a z, d_b 1"):
        treat(cells, measures, TREE, PARAMETERS)


def test_what_was_hidden_stays_hidden_and_a_zero_does_not_tell() -> None:
    first = treat(crossed(INSIDE), [V], TREE, PARAMETERS)
    # The revision finds nine more importers, and that y2 was nothing.
    revised = {key: value for key, value in INSIDE.items() if key != ("y", "2")}
    second = treat(crossed(revised, single=None), [V], TREE, PARAMETERS, [first.record])
    found = shown(second)
    assert {key for key, value in found.items() if value in {"c", "d"}} >= {"x1", "x2", "y1", "y2"}
    assert found["y2"] == "d"
    assert second.report.kept == 4


def test_a_late_cell_of_one_contributor_is_no_difference_of_totals() -> None:
    # First edition: no x1 at all. It comes late, from one importer; nothing else changes.
    early = {key: value for key, value in INSIDE.items() if key != ("x", "1")}
    first = treat(crossed(early, single=None), [V], TREE, PARAMETERS)
    assert set(first.cells["status"]) == {""}
    second = treat(crossed(INSIDE), [V], TREE, PARAMETERS, [first.record])
    found = shown(second)
    # Each total that grew by exactly 20 would tell it.
    assert {key: found[key] for key in ("x1", "x_T", "_T1", "_T_T")} == {
        "x1": "c", "x_T": "d", "_T1": "d", "_T_T": "d"
    }  # fmt: skip
    assert found["z_T"] == 130.0
    # Without the first edition the totals may stand.
    assert shown(treat(crossed(INSIDE), [V], TREE, PARAMETERS))["_T_T"] == 270.0


def test_what_an_earlier_edition_published_is_named() -> None:
    first = treat(crossed(INSIDE, single=None), [V], TREE, PARAMETERS)
    second = treat(crossed(INSIDE), [V], TREE, PARAMETERS, [first.record])
    assert second.report.already_public == ("period 2026-10, measure v, d_a x, d_b 1",)
    assert shown(second)["x1"] == "c"


def test_a_pattern_of_the_month_before_is_preferred() -> None:
    # In October z1 and x2 were hidden; in November y1 is a little cheaper than z1.
    october = crossed({**INSIDE, ("y", "1"): 90.0})
    first = treat(october, [V], TREE, PARAMETERS)
    assert {key for key, value in shown(first).items() if value == "d"} == {"x2", "z1", "z2"}
    november = crossed({**INSIDE, ("y", "1"): 50.0}, period="2026-11")
    alone = treat(november, [V], TREE, PARAMETERS)
    after = treat(november, [V], TREE, PARAMETERS, [first.record])
    hidden = {key for key, value in shown(alone, period="2026-11").items() if value == "d"}
    assert hidden == {"x2", "y1", "y2"}
    hidden = {key for key, value in shown(after, period="2026-11").items() if value == "d"}
    assert hidden == {"x2", "z1", "z2"}


def test_the_order_of_rows_changes_nothing() -> None:
    cells = crossed(INSIDE)
    found = treat(cells, [V], TREE, PARAMETERS)
    turned = treat(cells.reverse(), [V], TREE.reverse(), PARAMETERS)
    assert found.cells.equals(turned.cells)
    assert found.record.equals(turned.record)


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(UsageError, match="has no cell"):
        treat(crossed(INSIDE).clear(), [V], TREE, PARAMETERS)
