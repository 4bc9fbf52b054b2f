"""Commands about goods: classify.

Add here a command that works on descriptions of goods. Keep out: how headings are found
(ingest/items/).
"""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import JsonOption, console, print_json, table


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(classify)


def classify(
    file: Annotated[Path, typer.Argument(help="CSV with the columns item_id and text.")],
    json_output: JsonOption = False,
) -> None:
    """HS headings of item names: the first three with probabilities, unknown below the bound."""
    from ingest.items.classify import classify_file

    results = classify_file(file)
    if json_output:
        print_json([result.to_json() for result in results])
        return
    rows = [
        [result.item_id, "yes" if result.answered else "unknown"]
        + [f"{code} {probability:.2f}" for code, probability in result.headings]
        for result in results
    ]
    console().print(table(f"{len(rows)} items", ["item", "answered", "1", "2", "3"], rows))
