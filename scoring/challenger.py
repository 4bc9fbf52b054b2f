"""The fair challenger: boosted trees with interactions that get all that the scorecard gets.

Defines: `CHALLENGER_SETTINGS`, `Challenger`, `fit_challenger`. The same features, bins, constraints
and rows, but 15 leaves a tree: what the scorecard loses against it is the price of being readable.
Add here another opponent with equal means. Keep out: using one to score a consignment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError
from scoring.boosting import BoostSettings, boost, matrix, prepare, raw_scores
from scoring.inputs import Columns, Floats, Limits, masked

# Slower learning than the scorecard's: on the public set it ranks better than .05 and .02 (AUC by
# .0015 and .0007), and an opponent that is weak by its settings would prove nothing.
CHALLENGER_SETTINGS = BoostSettings(rounds=220, leaves=15, learning_rate=0.03)


@dataclass(frozen=True)
class Challenger:
    """Trees of one or more seeds over `features`. It lives in memory only and is never stored."""

    features: tuple[str, ...]
    boosters: tuple[Any, ...]

    def log_odds(self, columns: Columns) -> Floats:
        """The mean log-odds of each row. Raises UsageError for a column absent or no int64."""
        rows = matrix(masked(columns, self.features))
        return np.mean([raw_scores(booster, rows) for booster in self.boosters], axis=0)


def fit_challenger(
    features: Columns,
    labels: npt.NDArray[Any],
    *,
    monotone: Mapping[str, int],
    limits: Limits,
    settings: BoostSettings = CHALLENGER_SETTINGS,
    seeds: Sequence[int] = (1, 2, 3),
) -> Challenger:
    """Fit it on the input of `fit_scorecard`, with the same refusals; the same in any row order."""
    if not seeds:
        raise UsageError(
            "a challenger needs at least one seed", where="seeds", remedy="name a seed"
        )
    training = prepare(features, labels, limits)
    return Challenger(
        tuple(training.features),
        tuple(boost(training, settings, monotone, seed) for seed in seeds),
    )
