"""`python -m benchmarks.closed_loop`: the strategies over seeds, two tables and a picture.

Add here an option. Keep out: what the options do.
"""

import argparse
import json
import math
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.closed_loop.figures import Figures, figures_of, recalls, summary, table
from benchmarks.closed_loop.flow import NEW, Scenario, make_flow
from benchmarks.closed_loop.loop import STRATEGIES, run
from benchmarks.closed_loop.picture import Panel, picture

_ORACLE = "oracle"
_RESULTS = Path(__file__).resolve().parents[1] / "results"


def main() -> None:
    """Run, print, and write what --record asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="flows, numbered from --first-seed")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--parcels-a-day", type=int, default=Scenario.parcels_a_day)
    parser.add_argument(
        "--record", action="store_true", help=f"write {_RESULTS.name}/closed_loop.*"
    )
    options = parser.parse_args()
    share = Scenario.capacity / Scenario.parcels_a_day
    scenario = Scenario(
        parcels_a_day=options.parcels_a_day, capacity=round(share * options.parcels_a_day)
    )
    seeds = list(range(options.first_seed, options.first_seed + options.seeds))
    started = time.process_time()
    runs: dict[str, list[Figures]] = {strategy.name: [] for strategy in STRATEGIES}
    for seed in seeds:
        flow = make_flow(scenario, seed)
        for strategy in STRATEGIES:
            runs[strategy.name].append(figures_of(flow, run(flow, strategy)))
    seconds = time.process_time() - started
    drift = scenario.new_from // scenario.days_a_month
    said = (
        f"SYNTHETIC: planted flow, seeds {seeds[0]}-{seeds[-1]}, {scenario.months} months of "
        f"{scenario.days_a_month} days, {scenario.parcels_a_day} parcels and {scenario.capacity} "
        "checks a day"
    )
    print(f"{said}; {seconds:.0f} CPU seconds\n")
    print(table(runs, _ORACLE, drift))
    if options.record:
        document = {
            "synthetic": said,
            "scenario": asdict(scenario),
            "summary": {
                name: {figure: asdict(spread) for figure, spread in of.items()}
                for name, of in summary(runs, _ORACLE, drift).items()
            },
            "recall": recalls(runs),
            "explored": {
                n: np.mean([f.explored for f in of], axis=0).tolist() for n, of in runs.items()
            },
        }
        _RESULTS.joinpath("closed_loop.json").write_text(
            json.dumps(document, indent=1) + "\n", encoding="utf-8"
        )
        _RESULTS.joinpath("closed_loop.svg").write_text(
            drawn(runs, scenario, said), encoding="utf-8"
        )


def drawn(runs: dict[str, list[Figures]], scenario: Scenario, said: str) -> str:
    """Expected found value against the oracle's, and how much of the new typology was found."""
    a_month = scenario.days_a_month
    marks = {
        scenario.new_from // a_month: f"{NEW} begins, undervaluation fades",
        scenario.reset // a_month: "offenders come back under new identities",
    }
    shown = [name for name in runs if name != _ORACLE]
    value = {
        name: [
            float(np.mean([
                own.expected_vnd[month] / best.expected_vnd[month]
                for own, best in zip(runs[name], runs[_ORACLE], strict=True)
            ]))
            for month in range(scenario.months)
        ]
        for name in shown
    }  # fmt: skip
    new = {
        name: [
            None if math.isnan(share) else float(share)
            for share in np.mean([own.new_recall for own in runs[name]], axis=0)
        ]
        for name in shown
    }
    tops = [max(s for of in lines.values() for s in of if s is not None) for lines in (value, new)]
    return picture(
        [
            Panel("Expected found value, share of the oracle's", value, marks, _round_up(tops[0])),
            Panel(
                "Share of the planted new typology that was found", new, marks, _round_up(tops[1])
            ),
        ],
        "Closed loop: what strategies find",
        said,
    )


def _round_up(share: float) -> float:
    return max(math.ceil(share * 20) / 20, 0.05)


if __name__ == "__main__":
    main()
