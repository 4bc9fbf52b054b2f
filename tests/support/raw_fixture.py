"""Typed `raw` schemas for dbt tests: rows as dictionaries, every column from the contracts.

Add here a raw table that dbt learns to read. Keep out: expectations about results.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ingest.items.raw_tables import (
    ITEM_NAME_PERIOD,
    ITEM_NAME_POINT,
    ITEM_SPELLING,
    ITEM_TEXT,
    item_tables,
)
from ingest.scenario_results import SCENARIO_RESULT

_PLAIN_TABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "run_window": (("from_day", "DATE"), ("to_day", "DATE")),
    "run_day": (("day", "DATE"),),
    "delivery_outcome": (
        ("delivery_sequence", "BIGINT"),
        ("file_name", "VARCHAR"),
        ("source", "VARCHAR"),
        ("sender", "VARCHAR"),
        ("sha256", "VARCHAR"),
        ("status", "VARCHAR"),
        ("rows_in", "BIGINT"),
        ("accepted", "BIGINT"),
        ("quarantined", "BIGINT"),
        ("duplicates", "BIGINT"),
        ("reason", "VARCHAR"),
        ("received_date", "DATE"),
        ("day_min", "DATE"),
        ("day_max", "DATE"),
    ),
    "quarantine_reason": (
        ("source", "VARCHAR"),
        ("sha256", "VARCHAR"),
        ("column_name", "VARCHAR"),
        ("reason_code", "VARCHAR"),
        ("row_count", "BIGINT"),
    ),
    "expected_delivery": (("sender", "VARCHAR"), ("source", "VARCHAR"), ("day", "DATE")),
    "linked_record": (
        ("source", "VARCHAR"),
        ("sha256", "VARCHAR"),
        ("source_line", "BIGINT"),
        ("day", "DATE"),
    ),
    "site_parameter": (
        ("parameter_id", "VARCHAR"),
        ("value", "VARCHAR"),
        ("valid_from", "DATE"),
        ("valid_to", "DATE"),
        ("reason", "VARCHAR"),
        ("signed_by", "VARCHAR"),
    ),
    "scenario_result": SCENARIO_RESULT,
    "risk_model_version": (
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
    ),
    "risk_model_bin": (
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
    ),
    "risk_model_calibration": (
        ("model_version", "VARCHAR"),
        ("risk_type", "VARCHAR"),
        ("band_no", "BIGINT"),
        ("low_points", "BIGINT"),
        ("high_points", "BIGINT"),
        ("probability_micro", "BIGINT"),
        ("n", "BIGINT"),
        ("findings", "BIGINT"),
    ),
    "item_name_period": ITEM_NAME_PERIOD,
    "item_name_point": ITEM_NAME_POINT,
    "item_text": ITEM_TEXT,
    "item_spelling": ITEM_SPELLING,
    "reference_version": (
        ("kind", "VARCHAR"),
        ("file_name", "VARCHAR"),
        ("sha256", "VARCHAR"),
        ("as_of_date", "DATE"),
        ("row_count", "BIGINT"),
        ("provenance", "VARCHAR"),
        ("owner", "VARCHAR"),
        ("edition_days", "BIGINT"),
        ("is_in_force", "BOOLEAN"),
        ("used_from", "DATE"),
        ("used_to", "DATE"),
        ("replaced_sha256", "VARCHAR"),
    ),
    "reference_tariff": (
        ("hs8", "VARCHAR"),
        ("description_vi", "VARCHAR"),
        ("description_en", "VARCHAR"),
        ("mfn_rate_percent", "DECIMAL(9,3)"),
        ("mfn_text", "VARCHAR"),
        ("acfta_rate_percent", "DECIMAL(9,3)"),
        ("as_of_date", "DATE"),
        ("provenance", "VARCHAR"),
        ("valid_from", "DATE"),
        ("valid_to", "DATE"),
    ),
    "reference_specialised_procedure": (
        ("hs8", "VARCHAR"),
        ("procedures_vi", "VARCHAR"),
        ("as_of_date", "DATE"),
        ("provenance", "VARCHAR"),
    ),
    "reference_customs_office": (
        ("customs_office_code", "VARCHAR"),
        ("name_vi", "VARCHAR"),
        ("department_code", "VARCHAR"),
        ("is_express_or_postal", "BOOLEAN"),
        ("as_of_date", "DATE"),
        ("provenance", "VARCHAR"),
    ),
    "reference_province": (
        ("old_province_code", "VARCHAR"),
        ("old_name_vi", "VARCHAR"),
        ("province_code", "VARCHAR"),
        ("name_vi", "VARCHAR"),
        ("as_of_date", "DATE"),
        ("provenance", "VARCHAR"),
    ),
    "reference_hs_code": (
        ("hs_code", "VARCHAR"),
        ("description_en", "VARCHAR"),
        ("parent_code", "VARCHAR"),
        ("level", "INTEGER"),
        ("as_of_date", "DATE"),
        ("provenance", "VARCHAR"),
    ),
}

_RUN_DAY = """
    create or replace view raw.run_day as
    select cast(unnest(generate_series(
        cast(from_day as timestamp), cast(to_day as timestamp), interval 1 day
    )) as date) as day
    from raw.run_window
"""


def raw_tables() -> dict[str, tuple[tuple[str, str], ...]]:
    """(column, SQL type) of every table in schema `raw`, contracts first."""
    contracts = {source: contract.raw_columns() for source, contract in CONTRACTS.items()}
    return contracts | _PLAIN_TABLES


def build_raw(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    window: tuple[dt.date, dt.date],
) -> None:
    """Create every raw table in `connection` and insert `rows`; columns left out are null.

    Names of goods are read with the shipped table, unless `rows` hold another one.
    """
    connection.execute("create schema if not exists raw")
    filled = {**rows, "run_window": [{"from_day": window[0], "to_day": window[1]}]}
    unknown = set(filled) - set(raw_tables())
    if unknown:
        raise KeyError(f"no such raw tables: {sorted(unknown)}")
    for table, columns in raw_tables().items():
        if table == "run_day":  # a view: tests that move the window move its days too
            connection.execute(_RUN_DAY)
            continue
        body = ", ".join(f'"{name}" {sql_type}' for name, sql_type in columns)
        connection.execute(f'create or replace table raw."{table}" ({body})')
        for row in filled.get(table, ()):
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            connection.execute(
                f'insert into raw."{table}" ({names}) values ({marks})', list(row.values())
            )
    for table, build in item_tables(connection, Home(Path()), [], window).items():
        if table not in rows:
            connection.execute(f"create or replace {build()}")
