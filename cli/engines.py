"""`import-risk raw-export`: what another engine needs to run the models.

Add here a command for a second engine. Keep out: the export (ingest/raw_export.py) and what an
engine does with it (dbt/macros/engine/, docs/scale-out.md).
"""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from cli.output import JsonOption, print_json, say
from foundation.errors import UsageError
from foundation.home import Home

FirstOption = Annotated[
    dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
]
LastOption = Annotated[dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")]


def register(app: typer.Typer) -> None:
    """Put the command on `app`."""
    app.command("raw-export")(raw_export)


def raw_export(
    from_day: FirstOption,
    to_day: LastOption,
    out: Annotated[Path, typer.Option(help="A new folder; raw files are linked into it.")],
    json_output: JsonOption = False,
) -> None:
    """Lay out the raw tables of some days for Spark: folders of Parquet files and their list."""
    import duckdb

    from ingest.raw_export import export_raw
    from ingest.raw_views import register_raw_views

    if to_day < from_day:
        raise UsageError(
            "the last day lies before the first",
            where="raw-export",
            remedy="give --from and --to in the order of time",
        )
    home = Home.from_environment()
    # In memory: the working database stays with the run that may be writing it.
    with duckdb.connect() as connection:
        counts = register_raw_views(connection, home, from_day.date(), to_day.date())
        listing = export_raw(connection, home, from_day.date(), to_day.date(), out)
    if json_output:
        print_json({"listing": str(listing), "rows": counts})
        return
    say(f"{sum(counts.values()):,} rows of {len(counts)} tables; dbt finds them by")
    say(f"IMPORT_RISK_RAW_TABLES={listing}")
