"""Commands that read the current release: query, explain, dossier; and who read a dossier: looks.

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


class Subject(StrEnum):
    """Whose dossier: a lot of goods, or a party by its token."""

    CONSIGNMENT = "consignment"
    ENTITY = "entity"


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(query)
    app.command()(explain)
    app.command()(dossier)
    app.command()(looks)


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


def dossier(
    kind: Annotated[Subject, typer.Argument(help="consignment or entity (a party).")],
    subject_id: Annotated[str, typer.Argument(metavar="ID", help="P-..., or a ..._party_id.")],
    json_output: JsonOption = False,
) -> None:
    """All that the release holds about a consignment or a party. Each look is recorded first."""
    from serving.dossier import dossier as look_into

    found = look_into(Home.from_environment(), kind.value, subject_id)
    if json_output:
        print_json(found.to_json())
    else:
        for line in found.lines():
            say(visible(line))


def looks(json_output: JsonOption = False) -> None:
    """Who looked into whose dossier, newest last, after the chain of the record was checked."""
    from serving.looks import looks as recorded

    entries = list(recorded(Home.from_environment()))
    if json_output:
        print_json([{"seq": entry.seq, "at": entry.at, **entry.body} for entry in entries])
        return
    columns = ["at", "user", "login_user", "subject_kind", "subject_id", "release_id", "found"]
    shown = entries[-_ROWS_SHOWN:]
    rows = [[entry.at, *(entry.body[name] for name in columns[1:])] for entry in shown]
    console().print(table(f"{len(entries)} looks, every hash holds", columns, rows))
