"""The closed loop keeps its books: one flow for all, capacity kept, nothing known too early.

Not claimed: that one strategy is better than another (benchmarks/README.md has the figures).
"""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.closed_loop.figures import figures_of, regret
from benchmarks.closed_loop.flow import NEW, TYPOLOGIES, Flow, Scenario, found_chance, make_flow
from benchmarks.closed_loop.loop import STRATEGIES, Outcome, Strategy, run, worse_cells
from benchmarks.closed_loop.picture import Panel, picture
from scoring.evaluate import wilson

SMALL = Scenario(
    months=3,
    parcels_a_day=600,
    capacity=24,
    new_from=30,
    fades=(30, 60),
    reset=45,
    new_grows_days=1,
)
ALL = slice(0, None)


@pytest.fixture(scope="module")
def flow() -> Flow:
    return make_flow(SMALL, 7)


@pytest.fixture(scope="module")
def outcomes(flow: Flow) -> dict[str, Outcome]:
    return {strategy.name: run(flow, strategy) for strategy in STRATEGIES}


def test_every_strategy_sees_the_same_flow_and_fills_its_slots_once(
    flow: Flow, outcomes: dict[str, Outcome]
) -> None:
    again = make_flow(SMALL, 7)
    for name in ("typology", "cell", "seller", "fired", "luck", "delay", "stake_vnd"):
        assert np.array_equal(getattr(flow, name), getattr(again, name))
    for outcome in outcomes.values():
        assert len(np.unique(outcome.rows)) == len(outcome.rows)
        assert np.bincount(flow.day[outcome.rows]).tolist() == [24] * SMALL.days


def test_the_story_is_planted_as_told(flow: Flow) -> None:
    """1 % of the flow from day 30 on, none before."""
    is_new = flow.typology == TYPOLOGIES.index(NEW)
    assert not is_new[flow.day < 30].any()
    later = is_new[flow.day >= 30]
    low, high = wilson(int(later.sum()), len(later))
    assert low < 0.01 < high


def test_what_chance_finds_is_the_prevalence(flow: Flow, outcomes: dict[str, Outcome]) -> None:
    """What inspectors would find if they checked everything without a reason."""
    found = outcomes["random"].found
    low, high = wilson(int(found.sum()), len(found))
    assert low < found_chance(flow, np.zeros(len(flow.day), bool)).mean() < high
    assert not outcomes["random"].targeted.any()


def test_nobody_beats_the_oracle_and_it_regrets_nothing(
    flow: Flow, outcomes: dict[str, Outcome]
) -> None:
    figures = {name: figures_of(flow, outcome) for name, outcome in outcomes.items()}
    best = figures.pop("oracle")
    assert regret(best, best, ALL) == 0
    for own in figures.values():
        assert all(regret(own, best, slice(month, month + 1)) > 0 for month in range(3))


def test_the_random_share_is_kept_over_days(outcomes: dict[str, Outcome]) -> None:
    """1 % of 24 slots is 0.24 a day: 21 of 90 days' 2,160."""
    drawn = {name: int((~outcome.targeted).sum()) for name, outcome in outcomes.items()}
    assert drawn["score + 1 %"] == 21
    assert drawn["score + 10 %"] == 216
    assert drawn["rules"] == drawn["score"] == drawn["oracle"] == 0


def test_drift_raises_the_share_of_the_adaptive_one_within_its_bounds(flow: Flow) -> None:
    """Nothing moves: the lower bound. Every parcel comes from the new channel: the upper."""
    cell = np.where(flow.day >= 45, SMALL.cells - 1, 0)
    for cells, most in ((np.zeros_like(cell), 0.01), (cell, 0.20)):
        found = run(replace(flow, cell=cells), Strategy("adaptive", "score", 0.01, 0.20))
        assert found.explored.max() <= most + 0.01
        assert (found.explored[2] > 0.10) == (most == 0.20)


@pytest.mark.parametrize("strategy", [s for s in STRATEGIES if s.kind == "score"][-2:])
def test_what_becomes_known_later_changes_nothing_before(
    flow: Flow, outcomes: dict[str, Outcome], strategy: Strategy
) -> None:
    """Other luck from day 60 on: the same checks until then, others afterwards."""
    luck = np.where(flow.day >= 60, 1 - flow.luck, flow.luck)
    other, own = run(replace(flow, luck=luck), strategy), outcomes[strategy.name]
    before = flow.day[own.rows] < 60
    assert np.array_equal(own.rows[before], other.rows[before])
    assert not np.array_equal(own.found, other.found)


def test_a_cell_is_worse_only_by_the_lower_end_of_its_interval(flow: Flow) -> None:
    """Of 200 draws 20 in one cell. 5 of 20: low end 11.2 %, above 7 of 200. 2 of 20: low end 2.8 %,
    above 4 of 200 and below 9 of 200."""
    cell = np.zeros(len(flow.day), dtype=np.int64)
    cell[:20] = 5
    rows = np.arange(200)

    def worse(inside: int, outside: int) -> list[int]:
        found = np.zeros(200, dtype=bool)
        found[:inside] = True
        found[20 : 20 + outside] = True
        return worse_cells(replace(flow, cell=cell), rows, found).tolist()

    assert worse(5, 2) == [5]
    assert worse(2, 2) == [5]
    assert worse(2, 7) == []
    assert worse_cells(flow, rows[:0], np.zeros(0, bool)).tolist() == []


def test_the_picture_says_that_it_is_synthetic_and_draws_every_line() -> None:
    lines = {"a": [0.1, 0.2], "b & c": [None, 0.05]}
    svg = picture([Panel("Share", lines, {1: "drift"}, 0.25)], "Loop", "SYNTHETIC: planted")
    assert "SYNTHETIC" in svg
    assert svg.count("<polyline") == 2
    assert "b &amp; c" in svg
