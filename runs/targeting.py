"""The public benchmark of targeting: labelled declarations through the warehouse's own models.

Defines: `targeting`, the figures of both tracks as one document. Track P is the published split in
time: most of its rows are copies of a training row with its label, so it tests memory. Track H has
every distinct content once, folded by content: what is left to learn. Both are always told.
Add here another figure of the benchmark. Keep out: figures that tell good from bad (scoring/), and
any setting chosen on the file that reports it.
"""

import datetime as dt
import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError, WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from foundation.progress import report
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.raw_views import register_raw_views
from runs import dbt_invocation
from runs.calibration import (
    OUTER_FOLDS,
    SEED,
    Catalogue,
    catalogue_of,
    held_out_scores,
    outer_groups,
    probabilities_of_others,
    without_copies,
)
from runs.inspected import Inspected, inspected
from runs.settings import Settings
from runs.steps import working_database
from runs.training import Group, TrainingWarehouse
from scoring.calibration import calibrate as bands_of
from scoring.challenger import fit_challenger
from scoring.evaluate import SHARES, figures, paired_auc_difference, reliability
from scoring.fit import fit_scorecard
from scoring.folds import fold_of

SENDER = "kcs"
RISK_TYPE = "unspecified"  # the data do not say what was found
PARTITIONS = ("a", "b", "c", "d")
WARNING = (
    "Track P is a memorisation test: most rows of the later files are copies, label included, of a "
    "training row, because the generator of this set drew label and content together. A lookup of "
    "the copied content ranks better than any published model. Read track H."
)
# What the paper (Table 3, synthetic set) and the authors' notebook state of the test part.
PUBLISHED = (
    ("logistic regression (paper)", 0.258, 0.248),
    ("random forest (paper)", 0.364, 0.339),
    ("CatBoost (paper)", 0.621, 0.520),
    ("XGBoost (paper)", 0.675, 0.579),
    ("LightGBM (paper)", 0.762, 0.641),
    ("tuned XGBoost (notebook, reproduced)", 0.781, 0.708),
)
_MODELS = (
    "+int_risk__goods_measures", "+int_risk__inspected_consignments", "+int_risk__goods",
    "int_risk__entities",
)  # fmt: skip


def targeting(
    train: Path, valid: Path, test: Path | None = None, *, received: dt.date
) -> dict[str, Any]:
    """Both tracks, ours and the fair challenger, with intervals, as a JSON-ready document.

    Track P is fitted on `train` alone and read on `test`, on `valid` without one; its scores are
    those of the day's statement in SQL. Track H has the distinct contents of all files. received:
    the day of their delivery.
    Raises UsageError for a missing file, WarehouseError when one is not accepted as delivered.
    """
    started = time.process_time()
    files = [train, valid, *([test] if test is not None else [])]
    for file in files:
        if not file.is_file():
            raise UsageError(
                "there is no such file", where=str(file), remedy="name the parts of the public set"
            )
    with tempfile.TemporaryDirectory(prefix="import-risk-benchmark-") as folder:
        settings = _home(Path(folder), files, received)
        rows = inspected(settings, RISK_TYPE, dt.date.max)
        catalogue = catalogue_of(settings, RISK_TYPE)
        read_on = sha256_file(files[-1])
        source = np.array(rows.sources)
        group = Group(
            np.flatnonzero(source == sha256_file(train)), np.flatnonzero(source == read_on)
        )
        report("track P")
        track_p = _track_p(settings, catalogue, rows, group)
        report("track H")
        track_h = _track_h(settings, catalogue, _distinct(rows))
    copies = {rows.content[row] for row in group.known}
    copied = sum(rows.content[row] in copies for row in group.held_out)
    return {
        "track_p": track_p["ours"],
        "track_h": track_h["ours"],
        "challenger": {"track_p": track_p["challenger"], "track_h": track_h["challenger"]},
        "paired_auc_difference": track_h["paired_auc_difference"],
        "largest_calibration_gap": track_h["largest_calibration_gap"],
        "standard_errors": {"track_p": track_p["errors"], "track_h": track_h["errors"]},
        "split": {
            "fitted_on": len(group.known),
            "read_on": len(group.held_out),
            "copies_of_a_fitted_row": copied,
            "distinct_contents": track_h["rows"],
        },
        "model_rows": track_p["model_rows"],
        "sql_equals_table": track_p["sql_equals_table"],
        "partitions": track_h["partitions"],
        "seed": SEED,
        "cpu_seconds": round(time.process_time() - started, 1),
        "warning": WARNING,
    }


def _home(folder: Path, files: Sequence[Path], received: dt.date) -> Settings:
    """A home with the files delivered and the models computed that a fit reads."""
    home = Home(folder)
    home.parameters.write_text(
        "parameter_id,value,valid_from,valid_to,reason,signed_by\n"
        "HOME_COUNTRY,KR,2000-01-01,,the public set is Korean,benchmark\n",
        encoding="utf-8",
    )
    report("delivery")
    outcomes = deliver(
        home,
        [file.absolute() for file in files],
        sender=SENDER,
        received_date=received,
        key=PseudonymKey.demonstration(),
    )
    for one in outcomes:
        if one.status != "accepted" or one.quarantined:
            raise WarehouseError(
                f"the file was not taken in whole: {one.status} {one.reason or ''}",
                where=one.file,
                remedy="the benchmark reads the public set as it is published",
            )
    settings = replace(Settings.from_environment(), home=home)
    first = min(one.day_min for one in outcomes if one.day_min is not None)
    last = max(one.day_max for one in outcomes if one.day_max is not None)
    with working_database(settings) as connection:
        register_raw_views(connection, home, first, last)
    report("models")
    target = home.work / "dbt_target"
    dbt_invocation.run(("seed", "--quiet"), settings=settings, target=target)
    arguments = ("run", "--quiet", "--select", *_MODELS)
    dbt_invocation.run(arguments, settings=settings, target=target)
    return settings


def _distinct(rows: Inspected) -> Inspected:
    """Every content once: its first row by day and id."""
    first: dict[str, int] = {}
    for row, content in enumerate(rows.content):
        first.setdefault(content, row)
    return rows.part(np.array(sorted(first.values())))


def _track_p(
    settings: Settings, catalogue: Catalogue, rows: Inspected, group: Group
) -> dict[str, Any]:
    # Folds by record: the published split lets a model know the copies of a row.
    opened = TrainingWarehouse.opened(
        settings, rows, [group], fold_keys=rows.consignment_ids, salt="track P"
    )
    with opened as warehouse:
        (made,) = warehouse.features()
        names, told = _told(catalogue, made.known, rows.part(group.known))
        known = {name: made.known[name] for name in names}
        card = fit_scorecard(known, rows.found[group.known], **told).scorecard
        # Only points are read here; a version must have bands all the same.
        card = card.with_calibration(bands_of(card.score(known), rows.found[group.known]))
        scores = warehouse.scores_in_sql(card)
    table = card.score(made.held_out)
    challenger = fit_challenger(
        known, rows.found[group.known], monotone=told["monotone"], limits=told["limits"]
    )
    labels = rows.found[group.held_out]
    ids = [rows.consignment_ids[row] for row in group.held_out]
    rival = challenger.log_odds({name: made.held_out[name] for name in names})
    ours = figures(scores, labels, ids)
    return {
        "ours": ours,
        "challenger": figures(rival, labels, ids),
        "errors": _errors(labels, ours),
        "model_rows": sum(1 for row in card.bins if row.points),
        "sql_equals_table": bool((scores == table).all()),
    }


def _track_h(settings: Settings, catalogue: Catalogue, rows: Inspected) -> dict[str, Any]:
    """Means over partitions into outer folds; each row is scored by a model that never saw it."""
    ours: list[dict[str, float]] = []
    rivals: list[dict[str, float]] = []
    differences = []
    told_sum = np.zeros(len(rows))
    for partition in PARTITIONS:
        outer = np.asarray(fold_of(rows.content, folds=OUTER_FOLDS, salt=f"outer {partition}"))
        groups = outer_groups(outer)
        opened = TrainingWarehouse.opened(
            settings, rows, groups, fold_keys=rows.content, salt=f"inner {partition}"
        )
        with opened as warehouse:
            made = warehouse.features()
        names, told = _told(catalogue, made[0].known, rows)
        scores, _, rival = held_out_scores(rows, groups, made, names, told)
        ours.append(figures(scores, rows.found, rows.consignment_ids))
        rivals.append(figures(rival, rows.found, rows.consignment_ids))
        differences.append(paired_auc_difference(scores, rival, rows.found, seed=SEED))
        told_sum += probabilities_of_others(scores, rows.found, outer)
    promised = told_sum / len(PARTITIONS)
    return {
        "rows": len(rows),
        "ours": _mean(ours),
        "challenger": _mean(rivals),
        # The mean of the partitions' intervals: never narrower than that of their mean.
        "paired_auc_difference": {
            side: float(np.mean([getattr(one, side) for one in differences]))
            for side in ("difference", "low", "high")
        },
        "largest_calibration_gap": reliability(
            promised, rows.found, rows.consignment_ids
        ).largest_gap,
        "errors": _errors(rows.found, _mean(ours)),
        "partitions": [one["auc"] for one in ours],
    }


def _told(
    catalogue: Catalogue, known: dict[str, Any], rows: Inspected
) -> tuple[list[str], dict[str, Any]]:
    """Names of the features, and what the fits on (parts of) these rows are told."""
    names = without_copies(known)
    return names, {
        "risk_type": RISK_TYPE,
        "trained_on": (min(rows.known_days), max(rows.known_days)),
        "monotone": {n: way for n, way in catalogue.monotone.items() if n in names},
        "limits": catalogue.scorecard,
        "reasons": catalogue.reasons,
    }


def _mean(of: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([one[name] for one in of])) for name in of[0]}


def _errors(labels: npt.NDArray[Any], found: dict[str, float]) -> dict[str, float]:
    """Standard errors: Hanley and McNeil (1982) for the AUC, binomial for the precisions."""
    hits = int(labels.sum())
    misses = len(labels) - hits
    area = found["auc"]
    one, two = area / (2 - area), 2 * area * area / (1 + area)
    variance = area * (1 - area) + (hits - 1) * (one - area**2) + (misses - 1) * (two - area**2)
    errors = {"auc": math.sqrt(variance / (hits * misses))}
    for share in SHARES:
        precision = found[f"p_at_{share}"]
        rows = max(1, len(labels) * share // 100)
        errors[f"p_at_{share}"] = math.sqrt(precision * (1 - precision) / rows)
    return errors
