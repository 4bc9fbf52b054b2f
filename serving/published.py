"""What disclosure control lets readers see of the monthly flows: made here, once for all audiences.

Defines: `Published`, `published`, `write`. Add here another treated table (its cells come from
disclosure/monthly.py). Keep out: the rules (disclosure/), the shape of the tables
(published_tables.py), tables that are copied as they are (audience_file.py).

A month is published when it is closed: its last day, or a later one, is held. Its figures stand
until the next month is closed; what came late meanwhile is then treated with everything told so
far. So no two editions differ by a day, and every release in between says the same. The cells
depend on which editions were made: they are evidence about the order of releases, like the
revisions, and no part of the content hash.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from disclosure import monthly
from disclosure.records import Records
from foundation.errors import WarehouseError
from foundation.home import Home
from serving.audience_file import SOURCE, create_table, open_source
from serving.current import Release
from serving.plan import (
    PUBLISHED_CELLS,
    PUBLISHED_HIERARCHIES,
    PUBLISHED_IMPACT,
    PUBLISHED_MEASURES,
    ReleasePlan,
)
from serving.published_tables import SUMMARY_SQL, TABLES
from serving.reader import open_reader

# Of the run facts: which edition this release holds, and what had to be left out of it.
FACT = "published_edition"
_FLOWS = "impact.fct_import_flows_daily"
_NEEDED = frozenset(
    {
        "core.dim_commodity", "core.dim_platform", "core.dim_province", _FLOWS,
        "impact.fct_flow_contributors_monthly", "impact.fct_online_share_monthly",
        "impact.fct_retail_share_monthly",
    }
)  # fmt: skip
_CLOSED = f"""
select distinct month
from impact.fct_flow_contributors_monthly
where last_day(month) <= (select max(day) from {_FLOWS})
order by month
"""
_KINDS = {"DECIMAL(38, 2)": pl.Float64(), "BIGINT": pl.Int64()}
_SCHEMA = pl.Schema(
    {name: _KINDS.get(kind, pl.String()) for name, kind in TABLES[PUBLISHED_CELLS].types}
)


@dataclass(frozen=True)
class Published:
    """cells: of all closed months, in the columns of the table. records: what the months treated
    now must tell the next treatment. edition: the latest closed month, None before there is one.
    withheld: months that could not be treated safely -> why; what was told of them stands."""

    cells: pl.DataFrame
    records: tuple[pl.DataFrame, ...] = ()
    edition: str | None = None
    withheld: Mapping[str, str] = field(default_factory=dict)

    def fact(self) -> dict[str, Any]:
        """For the run facts of the release."""
        return {"month": self.edition, "withheld": dict(self.withheld)}


def published(
    warehouse: Path, spill: Path, plan: ReleasePlan, base: Release | None, home: Home
) -> Published:
    """Treat the closed months of the working database that are due; the others stand as told.

    base: the release that is current. Due are all closed months when another one was closed since,
    else those that nothing was told of yet.
    """
    told = _told(base)
    if not {table.name for table in plan.tables} >= _NEEDED:
        return Published(told)
    with open_source(warehouse, spill) as connection:
        closed = [month for (month,) in connection.execute(_CLOSED).fetchall()]
        if not closed:
            return Published(told)
        edition = _period(closed[-1])
        before = base.manifest["run_facts"].get(FACT) if base else None
        if before is None or before["month"] != edition:
            return _made(connection, home, told, closed, edition)
        known = {*told["period"].to_list(), *before["withheld"]}
        found = _made(
            connection, home, told, [m for m in closed if _period(m) not in known], edition
        )
        return Published(
            found.cells, found.records, edition, {**before["withheld"], **found.withheld}
        )


def _made(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    told: pl.DataFrame,
    months: Sequence[dt.date],
    edition: str,
) -> Published:
    """The oldest first, each treated with all that was told before it."""
    if not months:
        return Published(told, (), edition)
    earlier = Records(home.public_records).earlier()
    records: list[pl.DataFrame] = []
    withheld: dict[str, str] = {}
    for month in months:
        period = _period(month)
        found = connection.execute(monthly.ROWS, {"month": month}).pl()
        cells = monthly.cells_of(found.iter_rows(named=True), period)
        known = [*earlier, *records]
        if period in told["period"]:
            if not monthly.is_recorded(period, known):
                withheld[period] = "the record of what was told of it is gone"
                continue
            if monthly.is_same(cells, known):
                continue
        try:
            treated = monthly.treated_month(cells, known)
        except WarehouseError as error:
            withheld[period] = error.what
            continue
        rows = treated.cells.with_columns(edition=pl.lit(edition)).select(list(_SCHEMA))
        told = pl.concat([told.filter(pl.col("period") != period), rows])
        records.append(treated.record)
    return Published(told.sort(_axes(told)), tuple(records), edition, withheld)


def write(connection: duckdb.DuckDBPyConnection, found: Published) -> dict[str, int]:
    """Add the four tables to the file that the connection writes; the number of rows of each.

    The connection sees the working database as SOURCE. The summary is drawn from the cells of this
    very file: what is hidden there has no figure here.
    """
    values: dict[str, Sequence[Sequence[Any]]] = {
        PUBLISHED_CELLS: [
            [_exact(value) if isinstance(value, float) else value for value in row]
            for row in found.cells.iter_rows()
        ],
        PUBLISHED_HIERARCHIES: monthly.hierarchies_of(found.cells).rows(),
        PUBLISHED_MEASURES: [(one.name, one.kind, one.of, one.over) for one in monthly.MEASURES],
    }
    for name, rows in values.items():
        _create(connection, name, rows)
    # Without a cell there is nothing to sum up, and a small plan may lack the tables of names.
    drawn = (
        connection.execute(SUMMARY_SQL.format(source=SOURCE)).fetchall() if len(found.cells) else []
    )
    _create(connection, PUBLISHED_IMPACT, drawn)
    return {name: len(rows) for name, rows in {**values, PUBLISHED_IMPACT: drawn}.items()}


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Sequence[Any]]
) -> None:
    table = TABLES[name]
    create_table(connection, name, table.types, rows, table.comment, table.comments)


def _told(base: Release | None) -> pl.DataFrame:
    """The cells that the current release holds; none in one from before there were any."""
    if base is None:
        return pl.DataFrame(schema=_SCHEMA)
    with open_reader(base.database("customs")) as connection:
        try:
            return connection.execute(f"from {PUBLISHED_CELLS}").pl().cast(_SCHEMA)
        except duckdb.CatalogException:
            return pl.DataFrame(schema=_SCHEMA)


def _axes(cells: pl.DataFrame) -> list[str]:
    return ["period", "measure", *(name for name in cells.columns if name.startswith("d_"))]


def _exact(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")


def _period(month: dt.date) -> str:
    return f"{month:%Y-%m}"
