"""Run SQL scripts in a new DuckDB database: the yardstick of a benchmark, as its own process.

Add here a setting that both sides must share. Keep out: SQL.
Usage: python -m benchmarks.baseline SCRIPTS DELIVERIES SEEDS DAY DATABASE
"""

import datetime as dt
import sys
from pathlib import Path

import duckdb


def main(scripts: str, deliveries: str, seeds: str, day: str, database: str) -> None:
    """Execute `scripts` (a file, or a folder whose *.sql run in order of name) in a new database.

    The scripts read three variables: `deliveries` (folder of CSV files), `seeds` (folder of the
    project's dbt seeds) and `day`.
    """
    source = Path(scripts)
    files = sorted(source.glob("*.sql")) if source.is_dir() else [source]
    with duckdb.connect(database) as connection:
        # As in the product's profile: the order of rows in a table means nothing.
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set variable deliveries = ?", [deliveries])
        connection.execute("set variable seeds = ?", [seeds])
        connection.execute("set variable day = ?", [dt.date.fromisoformat(day)])
        for file in files:
            connection.execute(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:])
