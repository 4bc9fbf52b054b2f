"""Two measures of one cell, by hand: what is hidden of one is hidden of both, and both are proven.

Each promise has its negative control: the same table with measures that know nothing of each other.
Claims nothing about who guesses what a parcel is worth (docs/disclosure.md).
"""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from disclosure import tidy
from disclosure.measures import Measure, checked
from disclosure.parameters import load
from disclosure.treat import Treated, treat
from foundation.errors import UsageError
from tests.support.disclosure_attack import Attack, known_within
from tests.unit.disclosure.tables import hierarchy, many, table
from tests.unit.disclosure.test_treat import INSIDE, TREE, crossed, shown

PARAMETERS = load({})
V = Measure("v", "additive")
N = Measure("n", "additive", is_count=True)
BOTH = [V, replace(N, hidden_with="v")]
APART = [V, N]
# Parcels: cheapest beside x1 is the rectangle of z, where value has that of y.
PARCELS: dict[tuple[str, str], float] = {
    ("x", "1"): 40,
    ("x", "2"): 45,
    ("y", "1"): 90,
    ("y", "2"): 95,
    ("z", "1"): 50,
}
PARCELS |= {("z", "2"): 55}


def hidden(treated: Treated, measure: str) -> set[str]:
    return {key for key, value in shown(treated, measure).items() if value in {"c", "d"}}


def test_each_measure_hides_what_the_other_needs() -> None:
    cells = pl.concat([crossed(INSIDE), crossed(PARCELS, measure="n")])
    apart = treat(cells, APART, TREE, PARAMETERS)
    assert hidden(apart, "v") == {"x1", "x2", "y1", "y2"}
    assert hidden(apart, "n") == {"x1", "x2", "z1", "z2"}
    both = treat(cells, BOTH, TREE, PARAMETERS)
    # With the rectangles of both everything inside is hidden, and of one everything is as of both.
    assert hidden(both, "v") == hidden(both, "n") == {"x1", "x2", "y1", "y2", "z1", "z2"}
    assert (both.report.primary, both.report.proven) == (2, 2)


@pytest.mark.parametrize(("of_value", "of_parcels"), [(("x", "1"), None), (None, ("x", "1"))])
def test_a_cell_that_one_measure_tells_too_much_of_is_confidential_in_both(
    of_value: tuple[str, str] | None, of_parcels: tuple[str, str] | None
) -> None:
    cells = pl.concat([crossed(INSIDE, of_value), crossed(PARCELS, of_parcels, measure="n")])
    both = treat(cells, BOTH, TREE, PARAMETERS)
    assert shown(both, "v")["x1"] == shown(both, "n")["x1"] == "c"
    assert hidden(both, "v") == hidden(both, "n")
    # It is protected in both: at least p percent of the value, at least p percent of the parcels.
    needs = both.record.filter(d_a="x", d_b="1").select("measure", "need").rows()
    assert dict(needs) == {"v": 2.0 if of_parcels else pytest.approx(20 / 0.9 - 20),
                           "n": 4.0 if of_value else pytest.approx(40 / 0.9 - 40)}  # fmt: skip
    apart = treat(cells, APART, TREE, PARAMETERS)
    assert hidden(apart, "n" if of_value else "v") == set()


def test_an_attacker_who_has_the_rounded_parcels_too_knows_neither(tmp_path: Path) -> None:
    cells = pl.concat([crossed(INSIDE), crossed(PARCELS, measure="n")])
    truth = {tuple(row[:-1]): row[-1] for row in
             cells.select("period", "measure", "d_a", "d_b", "value").iter_rows()}  # fmt: skip

    def known(treated: pl.DataFrame, name: str) -> list[str]:
        folder = tmp_path / name
        folder.mkdir()
        tidy.write(treated, both.hierarchies, both.measures, folder)
        attack = Attack([folder])
        wanted = [(0, key) for key, status in attack.hidden[0].items() if status == "c"]
        assert len(wanted) == 2
        found = known_within(attack.intervals(wanted), lambda one: truth[one[1]], PARAMETERS.p_pct)
        return sorted(one[0][1][1] for one in found)

    both = treat(cells, BOTH, TREE, PARAMETERS)
    assert known(both.cells, "treated") == []
    # Without secondary suppression the value is known; of the 40 parcels rounding alone leaves 35
    # to 45 (85 less 45, each up to 2.5 off), and without rounding nothing does.
    raw = cells.select("period", "measure", "d_a", "d_b", raw=pl.col("value"))
    is_second = pl.col("status") == "d"
    opened = both.cells.join(raw, on=["period", "measure", "d_a", "d_b"]).with_columns(
        value=pl.when(is_second).then("raw").otherwise("value"),
        status=pl.when(is_second).then(pl.lit("")).otherwise("status"),
    )
    assert known(opened.drop("raw"), "open") == ["v"]
    exact = pl.col("status") == "c"
    bare = opened.with_columns(value=pl.when(~exact).then("raw"), rounding=pl.lit(0, pl.Int64))
    assert known(bare.drop("raw"), "bare") == ["n", "v"]


def test_a_value_of_zero_is_hidden_with_the_parcels_that_have_none() -> None:
    """An absent row would say that the one importer of x1 stated no value."""
    valued = {key: value for key, value in INSIDE.items() if key != ("x", "1")}
    cells = pl.concat([crossed(valued, single=None), crossed(PARCELS, measure="n")])
    both = treat(cells, BOTH, TREE, PARAMETERS)
    assert shown(both, "v")["x1"] == shown(both, "n")["x1"] == "c"
    assert both.cells.filter(measure="v", d_a="x", d_b="1")["value"].to_list() == [None]
    assert "x1" not in shown(treat(cells, APART, TREE, PARAMETERS), "v")


def test_what_an_edition_of_values_alone_hid_is_hidden_of_parcels() -> None:
    first = treat(crossed(INSIDE), [V], TREE, PARAMETERS)
    now = pl.concat([crossed(INSIDE, single=None), crossed(PARCELS, single=None, measure="n")])
    second = treat(now, BOTH, TREE, PARAMETERS, [first.record])
    assert hidden(second, "v") == hidden(second, "n") == {"x1", "x2", "y1", "y2"}
    assert hidden(treat(now, APART, TREE, PARAMETERS, [first.record]), "n") == set()
    assert second.report.kept == 8
    # The third edition has it from the second alone.
    third = treat(now, BOTH, TREE, PARAMETERS, [second.record])
    assert third.cells.equals(second.cells)


def test_an_edition_of_one_measure_says_nothing_of_the_other() -> None:
    cells = pl.concat([crossed(INSIDE), crossed(PARCELS, measure="n")])
    first = treat(cells, BOTH, TREE, PARAMETERS)
    second = treat(crossed(INSIDE), BOTH, TREE, PARAMETERS, [first.record])
    assert set(second.cells["measure"]) == {"v"}
    assert hidden(second, "v") == hidden(first, "v")


def test_a_value_that_was_told_before_its_parcels_were_confidential_is_named() -> None:
    first = treat(crossed(INSIDE, single=None), [V], TREE, PARAMETERS)
    now = pl.concat([crossed(INSIDE, single=None), crossed(PARCELS, measure="n")])
    second = treat(now, BOTH, TREE, PARAMETERS, [first.record])
    assert second.report.already_public == ("period 2026-10, measure v, d_a x, d_b 1",)
    assert second.report.unprotected == ()
    # What is hidden of parcels is hidden of value, though a reader has it from before.
    assert hidden(second, "v") == hidden(second, "n") == {"x1", "x2", "z1", "z2"}


def test_a_count_of_a_visible_cell_is_zero_only_where_the_base_says_so() -> None:
    """Three contributors have at least three parcels: 5 to the base 5, and 0 to the base 10."""
    cells = table(
        ("2026-10", "v", "_T", "p", 300, many(300)),
        ("2026-10", "n", "_T", "p", 3, (1, 1, 1)),
    )
    for base, wanted in ((5, (5.0, 5)), (6, (6.0, 6)), (10, (0.0, 10))):
        found = treat(cells, BOTH, hierarchy(), replace(PARAMETERS, rounding_base=base))
        assert found.cells.filter(measure="n").select("value", "rounding").rows() == [wanted]


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (replace(N, hidden_with="w"), "n is hidden with 'w', which is no measure"),
        (replace(N, hidden_with="n"), "n is hidden with 'n', which is hidden with another"),
        (Measure("n", "ytd", "v", hidden_with="v"), "n is hidden with 'v', of another kind"),
        (Measure("n", "share", "v", "a", hidden_with="v"), "n is hidden with 'v', of another kind"),
    ],
)
def test_measures_that_cannot_share_a_pattern_are_refused(second: Measure, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        checked([V, second], ["a"])
