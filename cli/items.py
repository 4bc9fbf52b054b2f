"""Commands about goods: classify.

Add here a command that works on descriptions of goods. Keep out: how headings are found
(ingest/items/).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import JsonOption, console, print_json, table
from foundation.home import Home

if TYPE_CHECKING:
    from ingest.items.table import ItemModel


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(classify)


def classify(
    file: Annotated[Path, typer.Argument(help="CSV with the columns item_id and text.")],
    version: Annotated[
        str | None,
        typer.Option(help="A table of item names of this home (`models list`); else the shipped."),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """HS headings of item names: the first three with probabilities, unknown below the bound."""
    from ingest.items.classify import classify_file

    results = classify_file(file, None if version is None else _learnt(version))
    if json_output:
        print_json([result.to_json() for result in results])
        return
    rows = [
        [result.item_id, "yes" if result.answered else "unknown"]
        + [f"{code} {probability:.2f}" for code, probability in result.headings]
        for result in results
    ]
    title = f"{len(rows)} items, by {version or 'the shipped table'}"
    console().print(table(title, ["item", "answered", "1", "2", "3"], rows))


def _learnt(version: str) -> "ItemModel":
    from runs.model_registry import read_item_names

    return read_item_names(Home.from_environment(), version).model
