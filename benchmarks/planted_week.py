"""How well the demonstration's week is ranked: `python -m benchmarks.planted_week [--home HOME]`.

Defines: `main`. Models are fitted on the inspections of consignments of the first days alone and
rank every consignment of the last days against what the generator planted. SYNTHETIC: rules and
plants are by the same hands, so the figures are a regression test and no skill. What a ministry
would see instead, findings of inspections, is in risk.fct_rule_performance.
Add here another ranking of the same rows. Keep out: fitting (runs/calibration.py), figures
(scoring/evaluate.py).
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb
import numpy as np

from foundation.home import Home
from runs.calibration import TooFewOutcomes, calibrate, risk_types
from runs.settings import Settings
from scoring.evaluate import figures
from scoring.model import POINTS_PER_LOGIT, Scorecard
from scoring.multipliers import INDICATOR_PREFIX
from synthetic.plan import OVERLAYS

_TRUTH = Path("demo", "truth", "planted_typologies.csv")
_SHOWN = ("ap", "p_at_1", "p_at_5", "auc")


class Week:
    """The consignments of the last days of a demonstration's home and what was planted."""

    def __init__(self, settings: Settings, fit_days: int) -> None:
        self.settings = settings
        truth = settings.home.root / _TRUTH
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            (first, last) = connection.execute(
                "select min(day), max(day) from risk.fct_selections"
            ).fetchone() or (None, None)
            self.fitted_until: dt.date = first + dt.timedelta(days=fit_days - 1)
            self.last: dt.date = last
            self.rows = connection.execute(
                "select consignment_id, day from core.fct_consignments "
                "where is_active and day > ? order by 1",
                [self.fitted_until],
            ).fetchall()
            self.fired = connection.execute(
                # the expert's points, also where a model counts
                "select fired.consignment_id, fired.day, fired.risk_type, fired.indicator_id, "
                "weights.points, fired.strength_milli from risk.fct_risk_indicators as fired "
                "inner join seeds.risk_indicator_weights as weights "
                "using (indicator_id, risk_type) where fired.day > ? "
                "and fired.day between weights.valid_from "
                "and coalesce(weights.valid_to, date '9999-12-31')",
                [self.fitted_until],
            ).fetchall()
            planted = connection.execute(
                "select case when house_waybill_number is null "
                "then 'D-' || declaration_number || '-' || line_number "
                "else 'P-' || house_waybill_number end, cast(day as date), typology "
                f"from read_csv('{truth}', all_varchar = true)"
            ).fetchall()
        self.place = {row: number for number, row in enumerate(self.rows)}
        self.planted = {
            self.place[(name, day)]: typology
            for name, day, typology in planted
            if (name, day) in self.place
        }
        self.labels = np.zeros(len(self.rows), dtype=np.int64)
        self.labels[list(self.planted)] = 1

    def expert(self) -> Any:
        """The largest sum of expert points over the risk types, data quality apart."""
        sums: Counter[tuple[int, str]] = Counter()
        for name, day, risk_type, _, points, _ in self.fired:
            if (name, day) in self.place and risk_type != "data_quality":
                sums[(self.place[(name, day)], risk_type)] += points
        best = np.zeros(len(self.rows))
        for (row, _), points in sums.items():
            best[row] = max(best[row], points)
        return best

    def likely(self, cards: list[Scorecard]) -> Any:
        """Probability that any of the models is right: 1 less the product of those that none is."""
        innocent = np.ones(len(self.rows))
        for card in cards:
            columns = {name: np.zeros(len(self.rows), dtype=np.int64) for name in card.features}
            for name, day, risk_type, indicator, _, strength in self.fired:
                feature = INDICATOR_PREFIX + indicator
                if risk_type == card.risk_type and (name, day) in self.place and feature in columns:
                    columns[feature][self.place[(name, day)]] = strength
            scores = card.score(columns)
            innocent *= 1 - 1 / (1 + np.exp(-scores / POINTS_PER_LOGIT))
        return 1 - innocent

    def told(self, scores: Any, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Figures of a ranking, less some typologies, and what its first hundredth holds."""
        those = [n for n in range(len(self.rows)) if self.planted.get(n) not in without]
        found = figures(scores[those], self.labels[those], [self.rows[n][0] for n in those])
        first = np.array(those)[np.argsort(-scores[those], kind="stable")[: len(those) // 100]]
        holds = Counter(self.planted.get(int(row), "nothing planted") for row in first)
        return {name: round(found[name], 3) for name in _SHOWN} | {
            "first_hundredth": dict(holds.most_common())
        }


def fitted_cards(week: Week) -> list[Scorecard]:
    """A model of each risk type with enough findings among consignments of the first days."""
    cards = []
    for risk_type in risk_types(week.settings):
        try:
            known_by = week.last + dt.timedelta(days=30)
            cards.append(calibrate(week.settings, risk_type, known_by, week.fitted_until).card)
        except TooFewOutcomes as few:
            print(few, file=sys.stderr)
    return cards


def main() -> None:
    """Make the week, unless a home with one is given; fit, rank, print."""
    parser = argparse.ArgumentParser(description="How well the demonstration's week is ranked.")
    parser.add_argument("--home", type=Path, help="home of a demonstration; made when absent")
    parser.add_argument("--fit-days", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="planted-week-") as folder:
        home = asked.home or Path(folder)
        if asked.home is None:
            command = [sys.executable, "-P", "-c", "from cli.main import main; main()", "demo"]
            environment = os.environ | {"IMPORT_RISK_HOME": str(home)}
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        settings = replace(Settings.from_environment(), home=Home(home.resolve()))
        week = Week(settings, asked.fit_days)
        cards = fitted_cards(week)
        told = {
            "synthetic": "rules and plants by the same hands: a regression test, no skill",
            "fitted_until": week.fitted_until.isoformat(),
            "ranked": len(week.rows),
            "planted": int(week.labels.sum()),
            "models": {card.risk_type: card.findings for card in cards},
            "expert_points": week.told(week.expert()),
            "fitted": week.told(week.likely(cards)),
            # The habits of a seller or bill are told by one indicator each: easier than the rest.
            "fitted_without_habits": week.told(week.likely(cards), OVERLAYS),
        }
    print(json.dumps(told, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
