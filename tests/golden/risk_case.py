"""Small risk worlds: rows of core.fct_consignments in, marts of schema risk out.

Add here what two risk golden tests share. Keep out: expectations, and rows of a single test.
The core models are not run: a risk case fails for a risk reason only.
"""

import atexit
import datetime as dt
import functools
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from ingest.items.raw_tables import ITEM_SPELLING
from ingest.items.spelling import spellings
from tests.support.dbt_run import release, run_dbt
from tests.support.raw_fixture import build_raw

RULES = ("path:seeds/rules", "platform_aliases", "piece_units")  # seeds that they read
MODELS = (
    "int_calendar__days",
    "stg_ingest__site_parameters",
    "int_rules__in_force",
    "stg_registry__platform_events",
    "int_platforms__events",
    "int_platforms__status",
    "int_platforms__status_by_day",
    "path:models/staging/enforcement",
    "fct_inspection_outcomes",
    "path:models/staging/scoring",
    "fct_consignment_items",
    "stg_manifests__parcel_versions",
    "stg_customs__low_value_declaration_versions",
    "stg_customs__declaration_line_versions",
    "path:models/staging/items",
    "int_items__headings",
    "int_items__periods_by_day",
    "int_items__classified",
    "fct_item_names",
    "int_consignments__repeated_contacts",
    "path:models/risk",
    "rpt_risk_queue",
)
_COLUMNS = (
    "consignment_id varchar, consignment_kind varchar, day date, importing_country_code varchar, "
    "is_active boolean, is_in_flows boolean, "
    "house_waybill_number varchar, master_waybill_number varchar, "
    "declaration_number varchar, line_number bigint, declarant_id_token varchar, "
    "operator_code varchar, "
    "customs_office_code varchar, platform_code varchar, platform_status varchar, "
    "platform_order_id varchar, seller_id_platform varchar, seller_id_token varchar, "
    "consignor_party_id varchar, consignee_party_id varchar, consignee_party_key varchar, "
    "consignee_name_token varchar, consignee_id_token varchar, consignee_id_status varchar, "
    "consignee_phone_token varchar, consignee_phone_status varchar, "
    "consignee_address_token varchar, consignee_address_status varchar, "
    "consignee_province_code varchar, "
    "item_description varchar, item_description_folded varchar, hs_code varchar, "
    "hs_chapter varchar, hs_heading varchar, hs_basis varchar, hs_probability_micro bigint, "
    "origin_country_code varchar, origin_indicator_code varchar, departure_country_code varchar, "
    "channel varchar, "
    "tariff_schedule_code varchar, declared_duty_rate_percent decimal(9,3), "
    "quantity decimal(18,4), quantity_unit_code varchar, gross_weight_kg decimal(18,4), "
    "mass_kg decimal(18,4), mass_basis varchar, declared_value decimal(18,2), "
    "currency_code varchar, value_vnd decimal(18,2), "
    "low_value_declared_value_vnd decimal(18,2), "
    "sender varchar, source_sha256 varchar"
)
_NAMES = [item.split()[0] for item in _COLUMNS.split(", ")]
Row = dict[str, Any]
# Draws are as large as a case's own capacities say: no lower bound beside them.
STEADY = "update seeds.risk_parameters set value = '0' where parameter_id = 'EXPLORATION_SHARE_MIN'"
Facts = dict[str, Any]


def facts(evidence: str) -> Facts:
    """The facts of an evidence; a decimal is its text, digit by digit."""
    found: Facts = json.loads(evidence, parse_float=str)
    return found


def consignment(name: str, day: dt.date, **columns: Any) -> Row:
    """A consignment that fires nothing: own party, own contacts, registered platform, a value
    that nobody can compare: no mass and no currency."""
    return {
        "consignment_id": f"P-{name}",
        "consignment_kind": "parcel",
        "day": day,
        "importing_country_code": "VN",
        "is_active": True,
        "is_in_flows": True,
        "house_waybill_number": name,
        "customs_office_code": "15BB",
        "channel": "express",
        "platform_code": "shop",
        "platform_status": "registered",
        "consignee_party_id": f"party {name}",
        "consignee_party_key": "phone",
        "consignee_name_token": f"name {name}",
        "consignee_id_token": f"id {name}",
        "consignee_id_status": "personal_id",
        "consignee_phone_token": f"phone {name}",
        "consignee_phone_status": "valid",
        "consignee_address_token": f"address {name}",
        "consignee_address_status": "complete",
        "consignee_province_code": "unknown",
        "item_description_folded": "ao thun nam",
        "hs_chapter": "unknown",
        "hs_heading": "unknown",
        "origin_country_code": "unknown",
        "declared_value": 1,
        "sender": "standard",
        "source_sha256": "b" * 64,
    } | columns


def priced(
    name: str, day: dt.date, heading: str, origin: str, unit_value: int, **columns: Any
) -> Row:
    """A consignment of `heading` and `origin` at `unit_value` VND/kg."""
    goods = {
        "hs_chapter": heading[:2],
        "hs_heading": heading,
        "origin_country_code": origin,
        "mass_kg": 1,
        "value_vnd": unit_value,
    }
    return consignment(name, day, **goods | columns)


def capacity(
    office: str, lane: str, risk_type: str, count: int, basis_points: int, priority: int | None
) -> str:
    """SQL that adds a row of capacity."""
    order = {"red": 1, "yellow": 2, "post_clearance": 3}[lane]
    return (
        f"insert into seeds.lane_capacities values ('{office}', '{lane}', {order}, '{risk_type}', "
        f"{priority or 'null'}, {count}, {basis_points}, date '2020-01-01', null, 'U', 'test')"
    )


@functools.cache
def _seeded_home() -> Path:
    """A home with the rule seeds loaded and the project parsed, made once per test process."""
    home = Path(tempfile.mkdtemp(prefix="risk-case-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "work").mkdir()
    with warehouse(home) as connection:
        build_raw(connection, {}, (dt.date(2026, 11, 1), dt.date(2026, 11, 1)))
    run_dbt(home, "seed", "--select", *RULES)
    return home


@contextmanager
def warehouse(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the home's warehouse, closed before dbt needs the file."""
    release(home)
    connection = duckdb.connect(str(home / "work" / "warehouse.duckdb"))
    try:
        yield connection
    finally:
        connection.close()


def prepare(
    home: Path,
    rows: Sequence[Row],
    window: tuple[dt.date, dt.date],
    raw: Mapping[str, Sequence[Row]] | None = None,
    seed_changes: Sequence[str] = (),
) -> None:
    """Fill `home`: seeds as shipped and then changed by SQL, raw tables, core.fct_consignments."""
    shutil.copytree(_seeded_home(), home, dirs_exist_ok=True)
    with warehouse(home) as connection:
        build_raw(connection, raw or {}, window)
        for statement in seed_changes:
            connection.execute(statement)
    put_consignments(home, rows)


def put_consignments(home: Path, rows: Sequence[Row]) -> None:
    """Replace core.fct_consignments by `rows`, and how their names are spelt; columns left out are
    null."""
    with warehouse(home) as connection:
        connection.execute("create schema if not exists core")
        connection.execute(f"create or replace table core.fct_consignments ({_COLUMNS})")
        frame = pl.DataFrame(  # as text: the table's own types decide
            [[None if v is None else str(v) for v in map(row.get, _NAMES)] for row in rows],
            schema=dict.fromkeys(_NAMES, pl.String),
            orient="row",
        )
        connection.register("frame", frame.to_arrow())
        connection.execute("insert into core.fct_consignments select * from frame")
        names = sorted({name for row in rows if (name := row.get("item_description_folded"))})
        folded = pa.array(names, pa.string())
        columns = [pa.array(range(len(names)), pa.int64()), folded, *spellings(folded)]
        connection.register("spelt", pa.table(columns, names=[name for name, _ in ITEM_SPELLING]))
        connection.execute("create or replace table raw.item_spelling as from spelt")


def set_window(home: Path, first: dt.date, last: dt.date) -> None:
    """Change the range of days that the next run computes."""
    with warehouse(home) as connection:
        connection.execute("update raw.run_window set from_day = ?, to_day = ?", [first, last])


def run_risk(home: Path) -> None:
    """Run every risk model on `home`."""
    run_dbt(home, "run", "--select", *MODELS)
