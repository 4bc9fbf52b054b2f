"""What-if of the law: scenario FILE ...

Add here another question about a scenario. Keep out: what a scenario computes (runs/scenario/).
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import JsonOption, console, print_json, progress_bars, table
from cli.runs import FromOption, ToOption

_COLUMNS = (
    "dimension", "member", "consignments", "affected", "tax before VND", "tax after VND",
    "change VND", "after prices answered VND (5 to 95 %)",
)  # fmt: skip
_SHOWN = ("total", "platform", "income_quintile")


def register(app: typer.Typer) -> None:
    """Put the command on `app`."""
    app.command()(scenario)


def scenario(
    files: Annotated[list[Path], typer.Argument(help="Scenarios, or names of shipped ones.")],
    first: FromOption = None,
    last: ToOption = None,
    json_output: JsonOption = False,
) -> None:
    """What a change of tax law would have done to past days, by the warehouse's own models.

    The days are those of the file, or those asked for. Computed in a throw-away copy; each result
    is kept in the home and the next release carries it. With --json, several are one list.
    """
    from runs.scenario.document import read
    from runs.scenario.store import compute
    from runs.settings import Settings

    days = (first.date() if first else None, last.date() if last else None)
    asked = [read(file, *days) for file in files]
    with progress_bars(shown=not json_output):
        documents = compute(Settings.from_environment(), asked)
    if json_output:
        print_json(documents[0] if len(documents) == 1 else documents)
        return
    for document in documents:
        listed = [_row(row) for row in document["rows"] if row["dimension"] in _SHOWN]
        told = f"{document['from_day']} to {document['to_day']}"
        title = f"{document['title_vi']} | {document['title_en']}, {told}"
        console().print(table(title, _COLUMNS, listed))


def _row(row: dict[str, Any]) -> list[Any]:
    band = [row[f"tax_after_response_vnd_{end}"] for end in ("mean", "low", "high")]
    answered = "" if band[0] is None else "{:,.0f} ({:,.0f} to {:,.0f})".format(*band)
    money = (f"{row[name]:,.0f}" for name in ("tax_before_vnd", "tax_after_vnd", "tax_change_vnd"))
    return [
        row["dimension"], row["member_code"], row["consignments"], row["affected_consignments"],
        *money, answered,
    ]  # fmt: skip
