"""Commands that read the current release: query, explain.

Add here a command over a published release. Keep out: how a reader is hardened (serving/reader.py).
"""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from cli.output import JsonOption, console, print_json, say, table
from foundation.home import Home
from foundation.visible import visible

# What a terminal shows; machine formats are never cut.
_ROWS_SHOWN = 200


class Format(StrEnum):
    """Output formats of `query`."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class Audience(StrEnum):
    """Who reads: each has its own database file."""

    CUSTOMS = "customs"
    MINISTRY = "ministry"


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(query)
    app.command()(explain)


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT over the current release.")],
    audience: Annotated[Audience, typer.Option(help="Whose file is read.")] = Audience.CUSTOMS,
    format: Annotated[Format, typer.Option(help="How the result is written.")] = Format.TABLE,
    json_output: JsonOption = False,
) -> None:
    """Query the current release: read-only, no files, no settings, no extensions."""
    from serving import freshness
    from serving.reader import query as read

    home = Home.from_environment()
    result = read(home, sql, audience=audience.value)
    found = freshness.read(home)
    if found is not None and found.state == "behind":
        say(" | ".join(found.sentence()), err=True)
    chosen = Format.JSON if json_output else format
    if chosen is Format.JSON:
        print_json(result.to_pylist())
    elif chosen is Format.PARQUET:
        import pyarrow.parquet as pq

        pq.write_table(result, sys.stdout.buffer)
    elif chosen is Format.CSV:
        from foundation.spreadsheet import write_csv

        write_csv(result, sys.stdout.buffer)
    else:
        rows = [list(row.values()) for row in result.slice(0, _ROWS_SHOWN).to_pylist()]
        console().print(table(f"{result.num_rows} rows", result.column_names, rows))
        if result.num_rows > _ROWS_SHOWN:
            say(f"first {_ROWS_SHOWN} shown; --format csv writes all", err=True)


def explain(
    consignment_id: Annotated[str, typer.Argument(help="Such as P-<house waybill>.")],
    json_output: JsonOption = False,
) -> None:
    """The arithmetic of a consignment's scores from stored rows, down to file and line."""
    from serving.explain import explain as account_for

    explanation = account_for(Home.from_environment(), consignment_id)
    if json_output:
        print_json(explanation.to_json())
    else:
        for line in explanation.lines():
            say(visible(line))
