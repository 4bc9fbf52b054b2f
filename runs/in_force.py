"""A candidate beside what counts now, both on the same rows that neither of them learned.

Defines: `beside_in_force`. Without a version in force the expert's points count, so they are what a
candidate is held against. Add here another figure of that comparison. Keep out: which version
counts (ledger/model_periods.py), the figures themselves (scoring/evaluate.py).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from ledger.chain import Ledger
from ledger.model_periods import period_on, periods
from runs.inspected import Inspected
from runs.model_registry import read_card
from runs.settings import Settings
from scoring.evaluate import figures, paired_auc_difference
from scoring.inputs import Columns, Integers
from scoring.model import Scorecard
from scoring.multipliers import INDICATOR_PREFIX


def beside_in_force(
    settings: Settings,
    rows: Inspected,
    until: dt.date,
    scores: Integers,
    columns: Columns,
    expert_points: Mapping[str, int],
    *,
    seed: int,
) -> dict[str, Any]:
    """What counts on the day `until`, with figures of both on the same rows.

    scores: of the candidate, each by a fit that did not see its row. columns: the features and
    indicators that these scores were made of. `same_rows` are those whose result was known only
    after the version in force had been fitted (`is_unseen`); where these hold no two classes, all
    rows, most of which that version has learned, which flatters it. None: it reads a feature that
    the warehouse computes no more, or there is one class alone.
    """
    entries = Ledger(settings.home.ledger).entries()
    period = period_on(periods(entries).get(rows.risk_type, ()), until)
    card = None
    if period is not None and period.version is not None:
        card = read_card(settings.home, period.version, entries)
    told: dict[str, Any] = {
        "version": None if card is None else card.model_version,
        "kind": "expert" if card is None else card.kind,
        "out_of_fold": None if card is None else card.evaluation.get("out_of_fold"),
        "same_rows": None,
    }
    theirs = _scores(card, columns, expert_points, len(rows))
    if theirs is not None:
        told["same_rows"] = _compared(rows, scores, theirs, card, seed)
    return {"in_force": told}


def _scores(
    card: Scorecard | None, columns: Columns, expert_points: Mapping[str, int], rows: int
) -> Integers | None:
    if card is None:
        total = np.zeros(rows, dtype=np.int64)
        for indicator, points in expert_points.items():
            fired = np.ma.filled(columns[INDICATOR_PREFIX + indicator], 0) > 0
            total += points * fired
        return total
    # A rule that is gone fires nowhere; a feature that is gone has no value to score.
    absent = set(card.features) - set(columns)
    if any(not name.startswith(INDICATOR_PREFIX) for name in absent):
        return None
    return card.score({**columns, **{name: np.zeros(rows, dtype=np.int64) for name in absent}})


def _compared(
    rows: Inspected, ours: Integers, theirs: Integers, card: Scorecard | None, seed: int
) -> dict[str, Any] | None:
    unseen = np.array([card is None or day > card.trained_on_to for day in rows.known_days])
    is_unseen = len(np.unique(rows.found[unseen])) == 2
    chosen = np.flatnonzero(unseen if is_unseen else np.ones(len(rows), bool))
    found = rows.found[chosen]
    if len(np.unique(found)) < 2:
        return None
    ids = [rows.consignment_ids[row] for row in chosen]
    apart = paired_auc_difference(ours[chosen], theirs[chosen], found, seed=seed)
    return {
        "rows": len(chosen),
        "findings": int(found.sum()),
        "is_unseen": is_unseen,
        "candidate": figures(ours[chosen], found, ids),
        "in_force": figures(theirs[chosen], found, ids),
        "paired_auc_difference": {
            "difference": apart.difference, "low": apart.low, "high": apart.high,
        },
    }  # fmt: skip
