"""A working database whose months name their contributors, made from seeded consignments.

Defines: `PLAN`, `consignments`, `statements`, `days_to`, `truth`, `as_reader`. Add here another
mart that the treated tables read. Keep out: expectations.
"""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from disclosure import tidy
from disclosure.cells import ROLES
from disclosure.measures import Measure
from serving.plan import ReleasePlan, TablePlan
from tests.support.disclosure_attack import Key

VALUE, PARCELS = "customs_value_vnd", "parcel_count"
AXES = ("platform", "platform_status", "channel", "origin", "province", "hs")
UNITS = ("vnd", "parcel_count")
DIMENSIONS = {
    "total": None, "platform": 0, "platform_status": 1, "channel": 2, "origin": 3, "province": 4,
    "hs2": 5, "hs4": 5,
}  # fmt: skip
_CUSTOMS = ("customs",)
PLAN = ReleasePlan(
    tables=(
        TablePlan(
            "impact", "fct_flow_contributors_monthly", _CUSTOMS,
            ("month", "dimension", "member_code", "contributor_role"), "month",
        ),
        TablePlan("impact", "fct_import_flows_daily", _CUSTOMS, ("day",), "day"),
        TablePlan("impact", "fct_retail_share_monthly", _CUSTOMS, ("month", "commodity_code")),
        TablePlan("impact", "fct_online_share_monthly", _CUSTOMS, ("month", "member_code")),
        TablePlan("core", "dim_commodity", ("customs", "ministry"), ("commodity_code",)),
        TablePlan("core", "dim_platform", ("customs", "ministry"), ("platform_code",)),
        TablePlan("core", "dim_province", ("customs", "ministry"), ("province_code",)),
    ),
    detail_rows=1_000,
)  # fmt: skip


def consignments(seed: int, months: tuple[str, ...], rows: int = 400) -> pl.DataFrame:
    """One row a consignment: month, a code per dimension, a contributor per role, value (VND)."""
    draw = np.random.default_rng(seed)
    n = rows * len(months)

    def one_of(codes: list[str], skew: float) -> np.ndarray:
        weight = draw.lognormal(0, skew, len(codes))
        return draw.choice(codes, n, p=weight / weight.sum())

    platform = draw.integers(0, 9, n)
    frame = {
        "month": np.repeat(months, rows),
        "platform": [f"p{number}" for number in platform],
        "platform_status": np.array(["registered", "unregistered", "suspended"])[platform % 3],
        "channel": one_of(["express", "postal", "cargo"], 0.5),
        "origin": one_of([f"O{number}" for number in range(14)], 1.6),
        "province": one_of([f"{number:02d}" for number in range(1, 21)], 1.4),
        "hs4": one_of([f"{a}{b:02d}" for a in (42, 61, 85, 95) for b in range(1, 6)], 1.4),
        "value": np.round(draw.lognormal(12, 0.6, n)),
    }
    # The platform of a consignment is both a dimension and a contributor; a few sellers are large.
    for role, many in {"importer": 300, "seller": 60, "declarant": 25, "operator": 9}.items():
        size = draw.lognormal(0, 1.2 if role == "seller" else 0.3, many)
        who = draw.choice(many, n, p=size / size.sum())
        frame[role] = [f"{role}{number}" for number in who]
    return pl.DataFrame(frame).with_columns(hs2=pl.col("hs4").str.slice(0, 2), total=pl.lit("all"))


def _figures(unit: str) -> tuple[pl.Expr, ...]:
    """The total of a cell and its two largest contributions, in one unit."""
    x = pl.col(unit)
    return (
        x.sum().alias(f"total_{unit}"),
        x.max().alias(f"largest_contribution_{unit}"),
        x.sort(descending=True).slice(1, 1).first().alias(f"second_contribution_{unit}"),
    )


def _contributors(rows: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for dimension in DIMENSIONS:
        for role in ROLES:
            by = ["month", "member_code"]
            named = rows.select("month", "value", member_code=pl.col(dimension), who=pl.col(role))
            single = named.group_by(*by, "who").agg(
                vnd=pl.col("value").sum(), parcel_count=pl.len()
            )
            parts.append(
                single.group_by(by)
                .agg(
                    pl.len().cast(pl.Int64).alias("contributor_count"),
                    *(figure for unit in UNITS for figure in _figures(unit)),
                )
                .with_columns(dimension=pl.lit(dimension), contributor_role=pl.lit(role))
            )
    return pl.concat(parts).sort("month", "dimension", "member_code", "contributor_role")


def statements(rows: pl.DataFrame, last_day: dt.date) -> list[str]:
    """SQL that adds the marts to a working database. A month has all its days, up to last_day."""
    listed = ", ".join(
        "(date '{month}-01', '{dimension}', '{member_code}', '{contributor_role}', "
        "{contributor_count}, {total_vnd}, {largest_contribution_vnd}, {second_contribution_vnd}, "
        "0, {total_parcel_count}, {largest_contribution_parcel_count}, "
        "{second_contribution_parcel_count}, 0)".format(
            **{name: "null" if value is None else value for name, value in row.items()}
        )
        for row in _contributors(rows).iter_rows(named=True)
    )
    months = rows["month"].unique().sort().to_list()
    money = "decimal(38, 2)"
    return [
        "create schema if not exists impact",
        "create table impact.fct_flow_contributors_monthly (month date, dimension varchar, "
        "member_code varchar, contributor_role varchar, contributor_count bigint, "
        f"total_vnd {money}, largest_contribution_vnd {money}, second_contribution_vnd {money}, "
        f"unknown_contribution_vnd {money}, total_parcel_count bigint, "
        "largest_contribution_parcel_count bigint, second_contribution_parcel_count bigint, "
        "unknown_contribution_parcel_count bigint)",
        f"insert into impact.fct_flow_contributors_monthly values {listed}",
        "create table impact.fct_import_flows_daily as select cast(day as date) as day from "
        f"generate_series(date '{months[0]}-01', date '{last_day}', interval 1 day) as t (day)",
        f"create table impact.fct_retail_share_monthly (month date, commodity_code varchar, "
        f"retail_sales_vnd {money}, retail_vintage_date date)",
        "insert into impact.fct_retail_share_monthly values "
        + ", ".join(f"(date '{month}-01', 'all', 1e12, date '2027-01-31')" for month in months),
        "create table impact.fct_online_share_monthly (month date, dimension varchar, "
        f"member_code varchar, online_sales_vnd {money}, online_vintage_date date)",
        "create table core.dim_commodity as select '61' as commodity_code, 'Áo' as name_vi, "
        "'Apparel' as name_en",
        "create table core.dim_platform as select 'p1' as platform_code, 'P 1' as platform_name",
        "create table core.dim_province as select '01' as province_code, 'Hà Nội' as name_vi, "
        "'Ha Noi' as name_en",
    ]


def days_to(last_day: dt.date) -> list[dt.date]:
    """The days of October 2026 and after."""
    first = dt.date(2026, 10, 1)
    return [first + dt.timedelta(days=at) for at in range((last_day - first).days + 1)]


def truth(rows: pl.DataFrame) -> dict[Key, float]:
    """Every cell of the published dimensions: period, measure, code on each axis -> value."""
    found: dict[Key, float] = {}
    for dimension, axis in DIMENSIONS.items():
        sums = rows.group_by("month", dimension).agg(pl.col("value").sum(), parcels=pl.len())
        for month, code, value, parcels in sums.iter_rows():
            codes = ["_T"] * len(AXES)
            if axis is not None:
                codes[axis] = code
            found[(month, VALUE, *codes)] = value
            found[(month, PARCELS, *codes)] = parcels
    return found


def as_reader(database: Path, folder: Path) -> Path:
    """What a reader takes from a release file: its treated tables, in the public format."""
    with duckdb.connect(str(database), read_only=True) as connection:
        cells = connection.execute(
            "select * exclude (edition) replace (cast(value as double) as value) "
            "from impact.fct_published_cells_monthly"
        ).pl()
        hierarchies = connection.execute("from impact.dim_published_hierarchies").pl()
        measures = connection.execute("from impact.dim_published_measures").fetchall()
    folder.mkdir(parents=True)
    tidy.write(cells, hierarchies, [Measure(*row) for row in measures], folder)
    return folder
