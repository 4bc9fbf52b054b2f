"""Surges: every gate by hand and at its limit, the published step-up of p values, order of rows.

NOT claimed: that the history is aligned to the season.
"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.checks import BadInput
from scenarios.surge import Gates, Surges, benjamini_hochberg, surges

GATES = Gates(min_value=100, volume_pct=5, price_pct=-5, z_min=3, fdr=0.05)
# ln: 0, 1, ..., 8; median 4; deviations 4 3 2 1 0 1 2 3 4, median 2.
HISTORY = [math.exp(k) for k in range(9)]
ROW: dict[str, Any] = {
    "value": 100.0,
    "quantity": math.exp(4 + 1.4826 * 2 * 4),
    "quantity_base": 10.0,
    "price_index_change_pct": -5.0,
    "domestic_production": 1,
    "history": HISTORY,
}


def judged(*changes: dict[str, Any], gates: Gates = GATES) -> Surges:
    rows = [ROW | change for change in changes or ({},)]
    longest = max(len(row["history"]) for row in rows)
    history = [[*row["history"], *[np.nan] * (longest - len(row["history"]))] for row in rows]
    columns = {name: [row[name] for row in rows] for name in ROW if name != "history"}
    return surges(**columns, history=np.reshape(history, (len(rows), longest)), gates=gates)


def test_a_surge_on_every_limit_is_an_alert() -> None:
    found = judged()
    assert found.robust_z[0] == pytest.approx(4)
    assert found.p_value[0] == pytest.approx(3.167124e-5, rel=1e-6)  # normal tail beyond 4
    assert found.alert[0]


@pytest.mark.parametrize(
    ("gate", "change"),
    [
        ("material", {"value": 99.999}),
        ("volume", {"quantity_base": math.exp(4 + 1.4826 * 2 * 4) / 1.0499}),
        ("price", {"price_index_change_pct": -4.999}),
        ("domestic", {"domestic_production": 0}),
        ("z", {"quantity": math.exp(4 + 1.4826 * 2 * 2.999)}),
        ("fdr", {"quantity": math.exp(4 + 1.4826 * 2 * 1.6)}),
    ],
)
def test_each_gate_alone_stops_the_alert(gate: str, change: dict[str, Any]) -> None:
    found = judged(change)
    assert not getattr(found, gate)[0]
    assert not found.alert[0]
    others = {"material", "volume", "price", "domestic", "z", "fdr"} - {gate}
    shut = {name for name in others if not getattr(found, name)[0]}
    assert shut == ({"z"} if gate == "fdr" else set())  # too little to be found is below z, too


def test_a_z_on_its_gate_is_on_it() -> None:
    z = float(judged().robust_z[0])
    on, below = (judged(gates=Gates(100, 5, -5, limit, 0.05)) for limit in (z, z + 1e-12))
    assert on.z[0]
    assert not below.z[0]


@pytest.mark.parametrize(
    ("quantity", "base", "told", "opens"),
    [
        (105, 100, 5, True),
        (115, 100, 15, True),
        (413.28, 393.6, 5, True),
        (104.99, 100, 4.99, False),
    ],
)
def test_a_change_that_is_on_the_gate_in_figures_is_on_it(
    quantity: float, base: float, told: float, opens: bool
) -> None:
    found = judged({"quantity": quantity, "quantity_base": base})
    assert found.volume_change_pct[0] == pytest.approx(told, rel=1e-12)
    assert bool(found.volume[0]) is opens


def test_a_price_may_fall_to_nothing() -> None:
    assert judged({"price_index_change_pct": -100}).price[0]


def test_no_base_has_no_change_and_no_volume_gate() -> None:
    found = judged({"quantity_base": 0})
    assert np.isnan(found.volume_change_pct[0])
    assert not found.volume[0]


@pytest.mark.parametrize(
    "change",
    [
        {"history": HISTORY[:7]},
        {"history": [*HISTORY[:7], 0, 0, 0]},  # zero is no point of a logarithm
        {"history": []},
        {"history": [5.0] * 20},
        {"history": [5.0] * 11 + HISTORY},  # more than half equal: MAD 0
        {"quantity": 0},
    ],
)
def test_a_z_that_cannot_be_told_opens_nothing(change: dict[str, Any]) -> None:
    found = judged(change)
    assert np.isnan(found.robust_z[0])
    assert found.p_value[0] == 1
    assert not found.z[0]
    assert not found.fdr[0]


def test_eight_points_are_enough_and_zeros_among_them_are_left_out() -> None:
    # ln: 0 .. 7, median 3.5, deviations .5 .5 1.5 1.5 2.5 2.5 3.5 3.5, median 2.
    found = judged({"history": [0, *HISTORY[:8], 0], "quantity": math.exp(3.5 + 1.4826 * 2)})
    assert found.robust_z[0] == pytest.approx(1)


def test_benjamini_hochberg_finds_their_published_rows() -> None:
    # Benjamini and Hochberg (1995), section 4.1: 15 p values, at .05 the first four are found; one
    # by one against .05 / 15 it would be three.
    p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528,
         .7590, 1.0]  # fmt: skip
    assert benjamini_hochberg(np.array(p), 0.05).tolist() == [True] * 4 + [False] * 11


def test_a_larger_rank_carries_smaller_p_values_along() -> None:
    # .03 is above .05 / 3 * 1, but .04 is within .05 / 3 * 3 with two below it.
    assert benjamini_hochberg(np.array([0.04, 0.03, 0.035]), 0.05).all()
    assert not benjamini_hochberg(np.array([0.06, 0.03, 0.035]), 0.05).any()


def test_what_other_rows_show_moves_the_false_discovery_gate() -> None:
    weak = {"quantity": math.exp(4 + 1.4826 * 2 * 1.8)}  # p .0359
    strong = {"quantity": math.exp(4 + 1.4826 * 2 * 5)}
    assert judged(weak).fdr[0]
    assert not judged(weak, *[{"quantity": 1.0}] * 9).fdr[0]
    assert judged(weak, *[strong] * 9).fdr[0]


rows = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.floats(0.01, 1e6),
            "history": st.lists(st.floats(0, 1e6), max_size=30),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(rows, st.randoms(use_true_random=False))
def test_order_and_unit_do_not_matter(changes: list[dict[str, Any]], random: Any) -> None:
    found = judged(*changes)
    order = list(range(len(changes)))
    random.shuffle(order)
    mixed = judged(*(changes[i] for i in order))
    for name, values in vars(found).items():
        assert np.array_equal(
            getattr(mixed, name), values[order], equal_nan=values.dtype == np.float64
        ), name
    for change, z in zip(changes, found.robust_z, strict=True):
        logs = [math.log(point) for point in change["history"] if point > 0]
        spread = np.median(np.abs(logs - np.median(logs))) if len(logs) >= 8 else 0
        if spread > 1e-9:
            by_numpy = (math.log(change["quantity"]) - np.median(logs)) / (1.4826 * spread)
            assert z == pytest.approx(by_numpy, rel=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": -1}, "is negative"),
        ({"quantity": -1}, "is negative"),
        ({"quantity_base": np.nan}, "no finite"),
        ({"domestic_production": 0.5}, "not 0 or 1|neither 0 nor 1"),
        ({"price_index_change_pct": -101}, "below -100"),
        ({"history": [*HISTORY, -1]}, "is no quantity"),
        ({"history": [*HISTORY, math.inf]}, "is no quantity"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        judged(change)


@pytest.mark.parametrize(
    "change",
    [{"min_value": -1}, {"volume_pct": -5}, {"z_min": -1}, {"price_pct": 5}, {"price_pct": 0},
     {"fdr": 0}, {"fdr": 5}, {"fdr": 1}, {"z_min": math.nan}],
)  # fmt: skip
def test_a_gate_that_makes_no_sense_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        Gates(**vars(GATES) | change)
