"""What a release contains: tables, audiences, order and comments, as the caller declares them.

Add here a property that every published table must state. Keep out: reading the dbt manifest (the
caller does, and builds these) and how tables are written (audience_file.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from foundation.errors import UsageError

Audience = Literal["customs", "ministry"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

# Tables that serving itself writes into every release: (name, SQL type) in file order. They are
# evidence about a run, not content of it, and are left out of the content hash.
GATE_RESULTS = "quality.fct_gate_results"
REVISIONS = "quality.fct_revisions"
RELEASE_INFO = "quality.release_info"
RELEASE_TABLES = "quality.release_tables"
PUBLISHED_CELLS = "impact.fct_published_cells_monthly"
PUBLISHED_HIERARCHIES = "impact.dim_published_hierarchies"
PUBLISHED_MEASURES = "impact.dim_published_measures"
PUBLISHED_IMPACT = "reporting.rpt_published_impact_monthly"
RELEASE_INFO_COLUMNS: tuple[tuple[str, str], ...] = (
    ("release_id", "VARCHAR"),
    ("base_release_id", "VARCHAR"),
    ("content_hash", "VARCHAR"),
    ("run_facts", "VARCHAR"),
)
RELEASE_TABLES_COLUMNS: tuple[tuple[str, str], ...] = (
    ("table_name", "VARCHAR"),
    ("row_count", "BIGINT"),
    ("row_count_in_file", "BIGINT"),
    ("is_whole_in_file", "BOOLEAN"),
    ("whole_from_day", "DATE"),
)
# What passed disclosure control (published.py): it depends on what was told before.
PUBLISHED_TABLES = (PUBLISHED_CELLS, PUBLISHED_HIERARCHIES, PUBLISHED_MEASURES, PUBLISHED_IMPACT)
EVIDENCE_TABLES = (GATE_RESULTS, REVISIONS, RELEASE_INFO, RELEASE_TABLES, *PUBLISHED_TABLES)

# Columns that identify a consignment or a party. The ministry reads aggregates: a table with one
# of these is refused for it, whatever its metadata says (DuckDB has no privileges: what must not
# be seen must not be in the file).
PRIVATE_NAMES = frozenset(
    {
        "consignment_id",
        "house_waybill_number",
        "master_waybill_number",
        "declaration_number",
        "platform_order_id",
        "party_id",
        "source_line",
    }
)
PRIVATE_SUFFIXES = ("_token", "_party_id")


@dataclass(frozen=True)
class TablePlan:
    """One published table.

    order_by: columns that order it uniquely. window_column: the DATE column (`day`, or `month` for
    its first day) that splits its content and history, or None for a table without time.
    is_detail: so large that a release file holds its newest days only; the rest is Parquet.
    is_cumulative: a file holds it whole, but only the periods of a run are read and written again;
    the others come with the file of the release before (carried.py).
    forgets: the model itself drops old days. is_queue: names the consignments (by day and
    consignment_id) whose detail a release file always holds.
    """

    schema: str
    table: str
    audiences: tuple[str, ...]
    order_by: tuple[str, ...]
    window_column: str | None = None
    comment: str = ""
    column_comments: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_detail: bool = False
    is_cumulative: bool = False
    forgets: bool = False
    is_queue: bool = False

    def keys(self, days: Iterable[dt.date]) -> frozenset[str]:
        """The parts of this table that a run over `days` writes, as ISO dates."""
        if self.window_column == "month":
            return frozenset(day.replace(day=1).isoformat() for day in days)
        return frozenset(day.isoformat() for day in days)

    def within(self, keys: Iterable[str]) -> str:
        """The SQL condition for the rows of these parts, of which there is at least one.

        Both ends stand beside the list: whole row groups outside them are skipped by their
        statistics.
        """
        assert self.window_column is not None
        column, dates = (
            quote(self.window_column),
            [f"date {quote_text(key)}" for key in sorted(keys)],
        )
        return f"{column} between {dates[0]} and {dates[-1]} and {column} in ({', '.join(dates)})"

    @property
    def name(self) -> str:
        """`schema.table`, the key used in hashes, manifests and history."""
        return f"{self.schema}.{self.table}"

    @property
    def quoted(self) -> str:
        """The same for SQL."""
        return f"{quote(self.schema)}.{quote(self.table)}"


@dataclass(frozen=True)
class ReleasePlan:
    """All published tables. detail_rows: how many rows of detail tables, all together, a release
    file holds in whole days, newest first."""

    tables: tuple[TablePlan, ...]
    detail_rows: int

    def __post_init__(self) -> None:
        if self.detail_rows < 0:
            raise _unusable("detail_rows must not be negative", "detail_rows")
        names = [table.name for table in self.tables]
        for table in self.tables:
            if names.count(table.name) > 1:
                raise _unusable("a table is planned twice", table.name)
            if table.name in EVIDENCE_TABLES:
                raise _unusable("serving writes this table itself", table.name)
            if unknown := sorted(set(table.audiences) - set(AUDIENCES)):
                raise _unusable(f"unknown audiences {unknown}, known: {AUDIENCES}", table.name)
            if table.is_detail and table.window_column != "day":
                raise _unusable("a detail table is split by day", table.name)
            if table.is_cumulative and (table.is_detail or table.window_column is None):
                raise _unusable("a cumulative table is whole and split by time", table.name)

    def of(self, audience: str) -> tuple[TablePlan, ...]:
        """The tables that `audience` may see."""
        return tuple(table for table in self.tables if audience in table.audiences)


def is_private(column: str) -> bool:
    """Whether a column identifies a consignment or a party."""
    return column in PRIVATE_NAMES or column.endswith(PRIVATE_SUFFIXES)


def quote(identifier: str) -> str:
    """An SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """An SQL string literal, for statements that take no parameters (COMMENT, COPY, ATTACH)."""
    return "'" + text.replace("'", "''") + "'"


def _unusable(what: str, where: str) -> UsageError:
    return UsageError(what, where=where, remedy="correct the model's meta in its dbt YAML")
