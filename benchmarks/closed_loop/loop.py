"""The loop: select under capacity, inspect, learn what became known, fit again each month.

Defines: `Strategy`, `STRATEGIES`, `Outcome`, `run`. Models are fitted by the product's own
functions (scoring.fit, scoring.multipliers) from what the strategy itself had inspected and knew on
that day.
Add here another strategy. Keep out: the flow, figures over seeds.
"""

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.closed_loop.flow import (
    INDICATORS,
    Booleans,
    Floats,
    Flow,
    Integers,
    found_chance,
)
from foundation.errors import WarehouseError
from scoring.evaluate import psi, wilson
from scoring.fit import fit_scorecard
from scoring.inputs import Limits
from scoring.model import Scorecard
from scoring.multipliers import FIRED_MILLI, INDICATOR_PREFIX, fit_multipliers

_SEEDS = Path(__file__).resolve().parents[2] / "dbt" / "seeds" / "rules"
_EPOCH = dt.date(2026, 1, 1)
_WEEK = 7  # profiles are read anew once a week
_SHRINKAGE = 20
_RECENT_DAYS = 28
_WATCHED_SHARE = 0.1
_NOT_WATCHED = -1
# Usual reading of PSI: below the first stable, above the second shifted.
_PSI_LOW, _PSI_HIGH = 0.1, 0.25


@dataclass(frozen=True)
class Strategy:
    """kind: random, rules, score or oracle. explore: share of the capacity that is drawn at random;
    most: share that drift may raise it to (equal: none). reviewed: an officer reads
    each week what the random draws found and gives cells that are worse than the rest a queue of
    their own."""

    name: str
    kind: str
    explore: float = 0.0
    most: float = 0.0
    reviewed: bool = False


STRATEGIES = (
    Strategy("random", "random", 1.0, 1.0),
    Strategy("rules", "rules"),
    Strategy("score", "score"),
    Strategy("score + 1 %", "score", 0.01, 0.01),
    Strategy("score + 5 %", "score", 0.05, 0.05),
    Strategy("score + 10 %", "score", 0.10, 0.10),
    Strategy("adaptive 1-20 %", "score", 0.01, 0.20),
    Strategy("score + 10 %, reviewed", "score", 0.10, 0.10, reviewed=True),
    Strategy("oracle", "oracle"),
)


@dataclass(frozen=True)
class Outcome:
    """Rows of the flow that a strategy inspected. expected: chance of a finding times its stake;
    found: whether the check found something; explored: share drawn at random, by month."""

    rows: Integers
    targeted: Booleans
    found: Booleans
    expected: Floats
    explored: Floats


@dataclass
class _Memory:
    """What a strategy inspected so far, with the profiles as they stood when it chose."""

    rows: list[Integers] = field(default_factory=list)
    targeted: list[Booleans] = field(default_factory=list)
    profiles: list[Integers] = field(default_factory=list)


def expert_points() -> dict[str, int]:
    """Indicator -> points of the product's seed; data quality asks for papers and takes no slot."""
    with (_SEEDS / "risk_indicator_weights.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["risk_type"] != "data_quality"]
    points = dict.fromkeys(INDICATORS, 0)
    for row in rows:
        if row["indicator_id"] in points:
            points[row["indicator_id"]] = max(points[row["indicator_id"]], int(row["points"]))
    return points


def limits_of_fits() -> dict[str, int]:
    """The product's parameters of fits by id."""
    with (_SEEDS / "risk_parameters.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["parameter_id"]: int(row["value"])
            for row in csv.DictReader(stream)
            if row["parameter_id"].startswith(("MODEL_MIN_", "SCORECARD_MIN_"))
        }


def run(flow: Flow, strategy: Strategy) -> Outcome:
    """All days of a flow under one strategy."""
    scenario = flow.scenario
    memory, model = _Memory(), None
    points = flow.fired @ np.array([expert_points()[name] for name in INDICATORS])
    explored = np.zeros(scenario.months)
    for week in range(0, scenario.days, _WEEK):
        last = min(week + _WEEK, scenario.days)
        at = np.arange(week * scenario.parcels_a_day, last * scenario.parcels_a_day)
        if strategy.kind == "score":
            profiles = _profiles(flow, memory, week, at)
            score = model.score(_columns(flow, at, profiles)) if model else points[at]
        else:
            profiles = np.zeros((len(at), 2), dtype=np.int64)
            score = points[at]
        if strategy.kind == "oracle":
            score = np.where(flow.is_offence[at], flow.stake_vnd[at], 0)
        share = _exploration(flow, strategy, week)
        watched = np.full(len(at), _NOT_WATCHED)
        if strategy.reviewed:
            rows, _, found, targeted = _known(flow, memory, week)
            worse = worse_cells(flow, rows[~targeted], found[~targeted])
            watched = np.where(np.isin(flow.cell[at], worse), flow.cell[at], _NOT_WATCHED)
        for day in range(week, last):
            month = day // scenario.days_a_month
            if strategy.kind == "score" and day and day % scenario.days_a_month == 0:
                model = _fitted(flow, memory, day) or model
            first = (day - week) * scenario.parcels_a_day
            here = slice(first, first + scenario.parcels_a_day)
            chosen, targeted = _select(flow, at[here], score[here], share, day, watched[here])
            explored[month] += (~targeted).mean() / scenario.days_a_month
            memory.rows.append(chosen)
            memory.targeted.append(targeted)
            memory.profiles.append(profiles[chosen - at[0]])
    rows, targeted = np.concatenate(memory.rows), np.concatenate(memory.targeted)
    expected, found = _inspected(flow, rows, targeted)
    return Outcome(rows, targeted, found, expected, explored)


def _select(
    flow: Flow, rows: Integers, score: Integers, share: float, day: int, watched: Integers
) -> tuple[Integers, Booleans]:
    """A tenth of the slots for the watched cells in equal parts, the highest scores, and a random
    draw of the rest; fractions of a slot add up over days."""
    capacity = flow.scenario.capacity
    at_random = int((day + 1) * share * capacity + 1e-9) - int(day * share * capacity + 1e-9)
    order = np.lexsort((flow.order[rows], -score))
    cells = np.unique(watched[watched != _NOT_WATCHED])
    slots = int(_WATCHED_SHARE * capacity / max(len(cells), 1))
    reserved = [order[watched[order] == cell][:slots] for cell in cells]
    order = np.concatenate([*reserved, order[~np.isin(order, np.concatenate([[], *reserved]))]])
    by_score = order[: capacity - at_random]
    rest = order[capacity - at_random :]
    # the luck of the draw is another number than the order of ties
    drawn = rest[np.argsort((flow.order[rows[rest]] * 7919.0) % 1.0)[:at_random]]
    return (
        rows[np.concatenate([by_score, drawn])],
        np.arange(capacity) < len(by_score),
    )


def _inspected(flow: Flow, rows: Integers, targeted: Booleans) -> tuple[Floats, Booleans]:
    everywhere = np.zeros(len(flow.day), dtype=bool)
    everywhere[rows] = targeted
    chance = found_chance(flow, everywhere)[rows]
    return chance * flow.stake_vnd[rows], flow.luck[rows] < chance


def _known(flow: Flow, memory: _Memory, day: int) -> tuple[Integers, Integers, Booleans, Booleans]:
    """Inspected rows whose result is known before `day`, their profiles, what was found, and which
    were targeted."""
    if not memory.rows:
        nothing = np.zeros(0, bool)
        return np.zeros(0, np.int64), np.zeros((0, 2), np.int64), nothing, nothing
    rows, targeted = np.concatenate(memory.rows), np.concatenate(memory.targeted)
    profiles = np.concatenate(memory.profiles)
    _, found = _inspected(flow, rows, targeted)
    known = flow.day[rows] + flow.delay[rows] < day
    return rows[known], profiles[known], found[known], targeted[known]


def _profiles(flow: Flow, memory: _Memory, day: int, at: Integers) -> Integers:
    """Shrunken finding rates as log-odds in thousandths: of the cell, then of the seller with its
    cell as parent. A new seller says what its cell says."""
    rows, _, found, _ = _known(flow, memory, day)

    def rate(keys: Integers, parent: Floats) -> Floats:
        most = int(keys.max()) + 1
        hits = np.bincount(keys[rows], found, most)
        checks = np.bincount(keys[rows], minlength=most)
        own = keys[at]
        return (hits[own] + _SHRINKAGE * parent) / (checks[own] + _SHRINKAGE)

    cell = rate(flow.cell, np.full(len(at), (found.sum() + 1) / (len(found) + 20)))
    rates = np.column_stack([cell, rate(flow.seller, cell)])
    return np.rint(1000 * np.log(rates / (1 - rates))).astype(np.int64)


def worse_cells(flow: Flow, drawn: Integers, found: Booleans) -> Integers:
    """Cells whose random draws find more than all draws do, by the lower end of the interval."""
    worse = []
    for cell in np.unique(flow.cell[drawn]):
        inside = flow.cell[drawn] == cell
        low, _ = wilson(int(found[inside].sum()), int(inside.sum()))
        if low > found.mean():
            worse.append(cell)
    return np.array(worse, dtype=np.int64)


def _columns(flow: Flow, rows: Integers, profiles: Integers) -> dict[str, Integers]:
    fired = {
        INDICATOR_PREFIX + name: flow.fired[rows, number].astype(np.int64) * FIRED_MILLI
        for number, name in enumerate(INDICATORS)
    }
    log_value = np.rint(1000 * np.log(np.maximum(flow.value_vnd[rows], 1))).astype(np.int64)
    return fired | {
        "profile_cell": profiles[:, 0],
        "profile_seller": profiles[:, 1],
        "log_value": log_value,
    }


def _fitted(flow: Flow, memory: _Memory, day: int) -> Scorecard | None:
    """A scorecard from enough findings, else multipliers, else none: as the product decides."""
    rows, profiles, found, targeted = _known(flow, memory, day)
    least = limits_of_fits()
    columns = _columns(flow, rows, profiles)
    trained = (_EPOCH, _EPOCH + dt.timedelta(days=day))
    labels = found.astype(np.int64)
    try:
        if found.sum() >= least["SCORECARD_MIN_FINDINGS"]:
            return fit_scorecard(
                columns,
                labels,
                risk_type="unspecified",
                trained_on=trained,
                monotone={"profile_cell": 1, "profile_seller": 1},
                limits=Limits(least["MODEL_MIN_LABELS"], least["SCORECARD_MIN_FINDINGS"]),
                seeds=(1,),
            ).scorecard
        return fit_multipliers(
            {name: columns[INDICATOR_PREFIX + name] for name in INDICATORS},
            labels,
            expert_points=expert_points(),
            risk_type="unspecified",
            trained_on=trained,
            limits=Limits(least["MODEL_MIN_LABELS"], least["MODEL_MIN_FINDINGS"]),
            targeted=targeted,
        ).scorecard
    except WarehouseError:
        return None


def _exploration(flow: Flow, strategy: Strategy, day: int) -> float:
    """The share drawn at random: between its bounds by how far the cells of the last weeks moved
    from those of all days before."""
    if strategy.most == strategy.explore:
        return strategy.explore
    if day <= _RECENT_DAYS:
        return strategy.explore
    a_day, cells = flow.scenario.parcels_a_day, flow.scenario.cells
    split = (day - _RECENT_DAYS) * a_day
    moved = psi(
        np.bincount(flow.cell[:split], minlength=cells),
        np.bincount(flow.cell[split : day * a_day], minlength=cells),
    )
    raised = min(max((moved - _PSI_LOW) / (_PSI_HIGH - _PSI_LOW), 0.0), 1.0)
    return strategy.explore + raised * (strategy.most - strategy.explore)
