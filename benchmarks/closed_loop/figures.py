"""What a strategy brought, over seeds: found value, hit rate, regret, planted offences found.

Defines: `Figures`, `figures_of`, `Spread`, `regret`, `summary`, `recalls`, `table`.
Add here another figure of an outcome. Keep out: how it came about (loop.py), how it is drawn
(picture.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.closed_loop.flow import NEW, TYPOLOGIES, Floats, Flow
from benchmarks.closed_loop.loop import Outcome

_MILLION = 1_000_000


@dataclass(frozen=True)
class Figures:
    """One strategy on one seed.

    expected_vnd, inspected, found, random_inspected, random_found: sums of a month.
    found_value_vnd: what checks really found. recall: typology -> share of the planted that was
    found, over all months. new_recall: the new typology's, by month; NaN before it exists.
    """

    expected_vnd: Floats
    inspected: Floats
    found: Floats
    random_inspected: Floats
    random_found: Floats
    found_value_vnd: float
    recall: dict[str, float]
    new_recall: Floats
    explored: Floats


def figures_of(flow: Flow, outcome: Outcome) -> Figures:
    """The figures of one outcome."""
    rows, found = outcome.rows, outcome.found
    months = flow.scenario.months
    month = flow.day // flow.scenario.days_a_month

    def by_month(weights: Floats) -> Floats:
        return np.bincount(month[rows], weights, months).astype(np.float64)

    planted = np.bincount(flow.typology + 1, minlength=len(TYPOLOGIES) + 1)[1:]
    caught = np.bincount(flow.typology[rows[found]] + 1, minlength=len(TYPOLOGIES) + 1)[1:]
    is_new = flow.typology == TYPOLOGIES.index(NEW)
    with np.errstate(invalid="ignore"):
        new_recall = by_month((found & is_new[rows]).astype(np.float64)) / np.bincount(
            month[is_new], minlength=months
        )
    return Figures(
        expected_vnd=by_month(outcome.expected),
        inspected=by_month(np.ones(len(rows))),
        found=by_month(found.astype(np.float64)),
        random_inspected=by_month((~outcome.targeted).astype(np.float64)),
        random_found=by_month((~outcome.targeted & found).astype(np.float64)),
        found_value_vnd=float(flow.stake_vnd[rows[found]].sum()),
        recall={name: float(caught[n] / planted[n]) for n, name in enumerate(TYPOLOGIES)},
        new_recall=new_recall,
        explored=outcome.explored,
    )


@dataclass(frozen=True)
class Spread:
    """A figure over seeds. regret: 1 minus the expected found value as a share of the oracle's."""

    mean: float
    deviation: float

    @staticmethod
    def of(values: Sequence[float]) -> "Spread":
        """Mean and standard deviation of a sample."""
        return Spread(
            float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
        )

    def percent(self) -> str:
        """As a percentage, `12.3 ± 0.4`."""
        return f"{100 * self.mean:.1f} ± {100 * self.deviation:.1f}"


def regret(own: Figures, oracle: Figures, months: slice) -> float:
    """What is missing to the oracle's expected found value in these months, as a share of it."""
    return 1 - float(own.expected_vnd[months].sum() / oracle.expected_vnd[months].sum())


def summary(
    runs: dict[str, list[Figures]], oracle: str, drift_month: int
) -> dict[str, dict[str, Spread]]:
    """Strategy -> figure -> spread over seeds."""
    best = runs[oracle]
    found: dict[str, dict[str, Spread]] = {}
    for name, of_seeds in runs.items():
        found[name] = {
            "found value, million VND": Spread.of([f.found_value_vnd / _MILLION for f in of_seeds]),
            "hit rate": Spread.of([f.found.sum() / f.inspected.sum() for f in of_seeds]),
            "regret": Spread.of(
                [regret(f, o, slice(0, None)) for f, o in zip(of_seeds, best, strict=True)]
            ),
            "regret after the drift": Spread.of(
                [
                    regret(f, o, slice(drift_month, None))
                    for f, o in zip(of_seeds, best, strict=True)
                ]
            ),
            "new typology found": Spread.of([f.recall[NEW] for f in of_seeds]),
            "drawn at random": Spread.of(
                [f.random_inspected.sum() / f.inspected.sum() for f in of_seeds]
            ),
        }
    return found


def recalls(runs: dict[str, list[Figures]]) -> dict[str, dict[str, float]]:
    """Typology -> strategy -> mean share of the planted that was found."""
    return {
        typology: {
            name: float(np.mean([f.recall[typology] for f in of_seeds]))
            for name, of_seeds in runs.items()
        }
        for typology in TYPOLOGIES
    }


def table(runs: dict[str, list[Figures]], oracle: str, drift_month: int) -> str:
    """Two Markdown tables: the strategies, then what each found of every typology, in percent."""
    spreads = summary(runs, oracle, drift_month)
    names = list(next(iter(spreads.values())))
    lines = ["| strategy | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for strategy, of in spreads.items():
        cells = [
            f"{of[n].mean:.0f} ± {of[n].deviation:.0f}" if "VND" in n else of[n].percent()
            for n in names
        ]
        lines.append(f"| {strategy} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "| found of the planted | " + " | ".join(runs) + " |",
        "|---|" + "---|" * len(runs),
    ]
    for typology, of_strategy in recalls(runs).items():
        cells = [f"{100 * share:.0f}" for share in of_strategy.values()]
        lines.append(f"| {typology} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
