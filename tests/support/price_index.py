"""The product's own SQL of the price index, on rows in memory: no dbt, no warehouse.

Defines how the macros are rendered and run one run after the other. Add here what a test of the
index needs to run. Keep out: expectations, and what only dbt can say (tests/golden).
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import jinja2

MACROS = Path(__file__).resolve().parents[2] / "dbt" / "macros"
RULES = {
    "window_months": 25,
    "least_months_seen": 3,
    "most_log_relative_nano": 1_386_294_000,
    "sign_off_log_change_nano": 250_000_000,
}
_FILES = (
    "mass_of_quantity", "price_products", "price_windows", "price_pairs", "price_levels",
    "price_splice", "price_index",
)  # fmt: skip
_EMPTY = (
    "create table published as select '' as hs_heading, '' as channel, date '2000-01-01' as month, "
    "0::bigint as tornqvist_log_nano, 0::bigint as fisher_log_nano, 0::bigint as jevons_log_nano "
    "limit 0"
)
# (month number from 0, heading, channel, product or None, value, quantity)
Goods = tuple[int, str, str, str | None, Any, Any]


@functools.cache
def macro(name: str) -> Any:
    """The macro of this name, as a function that gives SQL; `ref` gives the name of a table."""
    text = "\n".join((MACROS / f"{file}.sql").read_text(encoding="utf-8") for file in _FILES)
    environment = jinja2.Environment(autoescape=False)
    environment.globals["ref"] = lambda table: table
    return vars(environment.from_string(text).module)[name]


class Published:
    """A database with the months of products, and the table that runs add to."""

    def __init__(self, goods: Iterable[Goods], rules: Mapping[str, int] | None = None) -> None:
        self.rules = RULES | dict(rules or {})
        self.connection = duckdb.connect()
        self.connection.execute(
            "create table told (month_no bigint, hs_heading varchar, channel varchar, "
            "product_id varchar, value_vnd decimal(26, 2), quantity decimal(38, 6))"
        )
        self.connection.executemany("insert into told values (?, ?, ?, ?, ?, ?)", list(goods))
        price = macro("nano")("ln(cast(value_vnd as double)) - ln(cast(quantity as double))")
        self.connection.execute(
            "create view goods as select "
            "cast(date '2024-01-01' + to_months(month_no::int) as date) as month, "
            f"*, {price} as log_price_nano from told"
        )

    def run(self, months: Sequence[int]) -> None:
        """One run of the model, with these months held whole, counted from 0."""
        rules = ", ".join(f"{value} as {name}" for name, value in self.rules.items())
        self.connection.execute(
            "create or replace table months as select cast(date '2024-01-01' + "
            f"to_months(i::int) as date) as month, {macro('month_number')('month')} as month_no, "
            f"true as is_whole, {rules} from (select unnest({list(months)}) as i)"
        )
        tables = self.connection.execute("select table_name from duckdb_tables()").fetchall()
        stands = ("published",) in tables
        if not stands:
            self.connection.execute(_EMPTY)
        sql = macro("price_index")("months", "goods", "published")
        if stands:
            self.connection.execute(f"insert into published {sql}")
        else:
            self.connection.execute(f"create table first_run as {sql}")
            self.connection.execute("drop table published")
            self.connection.execute("alter table first_run rename to published")

    def column(self, name: str, heading: str = "6109", channel: str = "express") -> list[Any]:
        """A column of the published rows of a stratum, by month."""
        return [
            row[0]
            for row in self.connection.execute(
                f"select {name} from published where hs_heading = ? and channel = ? order by month",
                [heading, channel],
            ).fetchall()
        ]
