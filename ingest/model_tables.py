"""The tables of schema `raw` that say which risk models count, and what they hold.

Defines: `model_tables` and the columns of its three tables. Documents are read as plain JSON: they
were validated when they came to rest and when they were promoted (runs/model_registry.py), and
their bytes are held against the ledger here.
Add here another part of a document that the models read. Keep out: which version counts on a day
(ledger/model_periods.py), what points mean (dbt), and versions that no day has.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from foundation.errors import WarehouseError
from foundation.files import canonical_json, sha256_file
from foundation.home import Home
from ingest.readers.base import literal
from ingest.reference.raw_tables import Columns, empty, existing
from ledger.entries import Entry
from ledger.model_periods import (
    ITEM_NAMES,
    Candidate,
    Period,
    candidates,
    periods,
    periods_of_versions,
)

# One row per period in which a version counts. A day that none holds has the expert's points.
RISK_MODEL_VERSION: Columns = (
    ("model_version", "VARCHAR"),
    ("risk_type", "VARCHAR"),
    ("kind", "VARCHAR"),
    ("valid_from", "DATE"),
    ("valid_to", "DATE"),
    ("trained_on_from", "DATE"),
    ("trained_on_to", "DATE"),
    ("label_count", "BIGINT"),
    ("finding_count", "BIGINT"),
    ("seed", "BIGINT"),
    ("intercept_points", "BIGINT"),
    ("points_per_logit", "BIGINT"),
    ("base_rate_micro", "BIGINT"),
    ("expert_scale_micro", "BIGINT"),
    ("finding_value_vnd", "BIGINT"),
    ("settings_json", "VARCHAR"),
    ("evaluation_json", "VARCHAR"),
    ("reason", "VARCHAR"),
    ("signed_by", "VARCHAR"),
)
RISK_MODEL_BIN: Columns = (
    ("model_version", "VARCHAR"),
    ("risk_type", "VARCHAR"),
    ("feature", "VARCHAR"),
    ("bin_no", "BIGINT"),
    ("low_milli", "BIGINT"),
    ("high_milli", "BIGINT"),
    ("points", "BIGINT"),
    ("n_train", "BIGINT"),
    ("findings_train", "BIGINT"),
    ("reason_id", "VARCHAR"),
)
RISK_MODEL_CALIBRATION: Columns = (
    ("model_version", "VARCHAR"),
    ("risk_type", "VARCHAR"),
    ("band_no", "BIGINT"),
    ("low_points", "BIGINT"),
    ("high_points", "BIGINT"),
    ("probability_micro", "BIGINT"),
    ("n", "BIGINT"),
    ("findings", "BIGINT"),
)
_MULTIPLIERS = "multipliers"
_Document = Mapping[str, Any]
_Rows = Iterable[Mapping[str, Any]]


def model_tables(home: Home, entries: Sequence[Entry]) -> dict[str, Callable[[], str]]:
    """Table of schema raw -> what makes the rest of its `create` statement; empty tables when
    nothing was ever promoted.

    They hold every period and not only the run's days: later days, too, are scored by their own.
    Raises WarehouseError when the document of a version is missing or was changed.
    """
    # Tables of item names have tables of their own (items/raw_tables.py).
    of_risks = {name: of_type for name, of_type in periods(entries).items() if name != ITEM_NAMES}
    counting = periods_of_versions(of_risks)
    known = candidates(entries)

    @cache
    def documents() -> dict[str, _Document]:
        versions = sorted({period.version for period in counting if period.version})
        return {version: _document(home, known[version]) for version in versions}

    parts: dict[str, tuple[Columns, Callable[[], _Rows]]] = {
        "risk_model_version": (RISK_MODEL_VERSION, lambda: _versions(counting, documents())),
        "risk_model_bin": (RISK_MODEL_BIN, lambda: _listed(documents(), "bins")),
        "risk_model_calibration": (
            RISK_MODEL_CALIBRATION,
            lambda: _listed(documents(), "calibration"),
        ),
    }
    return {name: partial(_table, name, columns, rows) for name, (columns, rows) in parts.items()}


def _document(home: Home, candidate: Candidate) -> _Document:
    path = existing(home, candidate.file, f"the document of risk model {candidate.version}")
    if sha256_file(path) != candidate.sha256:
        raise WarehouseError(
            f"the document of risk model {candidate.version} is not what was written",
            where=str(path),
            remedy="restore the file from a copy of the home; a changed model is a new version",
        )
    document: _Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def _versions(counting: Iterable[Period], documents: Mapping[str, _Document]) -> _Rows:
    for period in counting:
        document = documents[str(period.version)]
        settings = document["settings"]
        yield {
            **document,
            "valid_from": period.valid_from,
            "valid_to": period.valid_to,
            "label_count": document["labels"],
            "finding_count": document["findings"],
            # Log-odds of one expert point: what an indicator that the fit never saw is worth.
            "expert_scale_micro": settings.get("common_factor_micro")
            if document["kind"] == _MULTIPLIERS
            else None,
            "finding_value_vnd": document["evaluation"].get("finding_value_vnd"),
            "settings_json": canonical_json(settings),
            "evaluation_json": canonical_json(document["evaluation"]),
            "reason": period.reason,
            "signed_by": period.signed_by,
        }


def _listed(documents: Mapping[str, _Document], part: str) -> _Rows:
    for version, document in documents.items():
        for row in document[part]:
            yield {**row, "model_version": version, "risk_type": document["risk_type"]}


def _table(name: str, columns: Columns, rows: Callable[[], _Rows]) -> str:
    names = [column for column, _ in columns]
    values = ["(" + ", ".join(_value(row[column]) for column in names) + ")" for row in rows()]
    if not values:
        return f"table raw.{name} as {empty(columns)}"
    parts = ", ".join(f"{column}::{sql_type} as {column}" for column, sql_type in columns)
    return (
        f"table raw.{name} as select {parts} from (values {', '.join(values)}) "
        f"as stated ({', '.join(names)}) order by all"
    )


def _value(value: Any) -> str:
    return "null" if value is None else literal(str(value))
