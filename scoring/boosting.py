"""Gradient-boosted trees, made so that the same rows in any order give the same trees.

Defines: `BoostSettings`, `Training` (rows in canonical order, as trees read them), `prepare`,
`boost`, `raw_scores`. LightGBM is imported when a fit asks for it, not before.
Add here a setting that every fit shares. Keep out: what trees are turned into (fit.py) and compared
with (challenger.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError, WarehouseError
from scoring.inputs import (
    Booleans,
    Columns,
    Floats,
    Limits,
    constant,
    findings_of,
    masked,
    missing_of,
    tree_library,
)

# Above it a double no longer holds every integer, and trees compare doubles.
_EXACT = 2**53


@dataclass(frozen=True)
class BoostSettings:
    """How trees are grown.

    rounds: trees, one a round. leaves: of a tree; 2 = one split. max_bins: distinct cuts a feature
    may have, coarse on purpose. min_rows: least rows of a leaf. features_share, rows_share: drawn
    anew each round. l2: pull of each leaf to zero.
    """

    rounds: int
    leaves: int
    learning_rate: float = 0.05
    max_bins: int = 16
    min_rows: int = 60
    features_share: float = 0.3
    rows_share: float = 0.8
    l2: float = 10.0


@dataclass(frozen=True)
class Training:
    """What a fit learns from, rows in canonical order. left_out: constant features.

    matrix: rows x features (sorted by name), doubles, NaN where missing.
    """

    columns: dict[str, Any]
    labels: Booleans
    left_out: tuple[str, ...]
    matrix: Floats

    @property
    def features(self) -> list[str]:
        """The features that are fitted, in the order of the matrix."""
        return list(self.columns)


def prepare(features: Columns, labels: npt.NDArray[Any], limits: Limits) -> Training:
    """Check the input, leave out constant features and put rows into the order of their content.

    Trees draw rows by position; in canonical order a permutation of the input changes nothing.
    Raises UsageError for bad columns or labels, WarehouseError when too little can be learned.
    """
    checked = masked(features)
    if not checked:
        raise UsageError(
            "there is no feature to fit", where="features", remedy="hand over at least one column"
        )
    found = findings_of(labels, len(next(iter(checked.values()))), limits)
    left_out = constant(checked)
    kept = {name: values for name, values in checked.items() if name not in left_out}
    if not kept:
        raise WarehouseError(
            "nothing can be fitted: every feature says the same of every row",
            where=", ".join(left_out),
            remedy="hand over features that tell rows apart",
        )
    order = _canonical_order(kept, found)
    kept = {name: values[order] for name, values in kept.items()}
    return Training(kept, found[order], left_out, matrix(kept))


def _canonical_order(columns: Mapping[str, Any], labels: Booleans) -> npt.NDArray[np.intp]:
    """Row numbers by content. Rows that it cannot tell apart are equal in all that is fitted."""
    keys: list[Any] = [labels]
    for values in columns.values():
        missing = missing_of(values)
        keys += [missing, np.where(missing, 0, np.ma.getdata(values))]
    return np.lexsort(keys)


def matrix(columns: Mapping[str, Any]) -> Floats:
    """Rows x features as doubles, NaN where missing. Raises UsageError beyond 2^53 thousandths."""
    for name, values in columns.items():
        extreme = np.ma.filled(values, 0)
        if len(extreme) and (int(extreme.max()) > _EXACT or int(extreme.min()) < -_EXACT):
            raise UsageError(
                f"the feature {name!r} has values beyond 2^53, which trees cannot tell apart",
                where=f"feature {name}",
                remedy="store the feature in a coarser unit, or its logarithm",
            )
    return np.column_stack(
        [np.where(missing_of(v), np.nan, np.ma.getdata(v)) for v in columns.values()]
    ).astype(np.float64)


def boost(
    training: Training, settings: BoostSettings, monotone: Mapping[str, int], seed: int
) -> Any:
    """A booster of LightGBM after `settings.rounds` rounds: one thread, deterministic.

    monotone: feature -> 1 or -1; features that are not fitted are ignored. A round whose drawn
    features cannot be split adds no tree and does not end the fit.
    """
    lightgbm = tree_library()
    parameters = {
        "objective": "binary",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "max_depth": 1 if settings.leaves == 2 else -1,
        "max_bin": settings.max_bins,
        "min_child_samples": settings.min_rows,
        "feature_fraction": settings.features_share,
        "bagging_fraction": settings.rows_share,
        "bagging_freq": 1,
        "lambda_l2": settings.l2,
        "monotone_constraints": [monotone.get(name, 0) for name in training.features],
        # Bins follow from all rows: a sample could miss that a feature has missing values.
        "bin_construct_sample_cnt": max(200_000, len(training.labels)),
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    rows = lightgbm.Dataset(training.matrix, training.labels.astype(np.float64), params=parameters)
    booster = lightgbm.Booster(parameters, rows)
    for _ in range(settings.rounds):
        booster.update()
    return booster


def raw_scores(booster: Any, rows: Floats) -> Floats:
    """The log-odds that the trees give to each row of a matrix."""
    return np.asarray(booster.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)
