"""Run one SQL script in a new DuckDB database: the yardstick of a benchmark, as its own process.

Add here a setting that both sides must share. Keep out: SQL.
Usage: python -m benchmarks.baseline SCRIPT DELIVERIES DATABASE
"""

import sys
from pathlib import Path

import duckdb


def main(script: str, deliveries: str, database: str) -> None:
    """Execute `script` in the new file `database`, `deliveries` being the folder of CSV files."""
    with duckdb.connect(database) as connection:
        connection.execute("set variable deliveries = ?", [deliveries])
        connection.execute(Path(script).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:])
