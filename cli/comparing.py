"""The command that compares two releases: diff.

Add here another comparison of releases. Keep out: the comparison itself (serving/diff.py).
"""

from typing import Annotated

import typer

from cli.output import JsonOption, print_json, say
from foundation.home import Home
from foundation.visible import visible


def register(app: typer.Typer) -> None:
    """Put the command of this module on `app`."""
    app.command()(diff)


def diff(
    before: Annotated[str, typer.Argument(help="Release id, such as r000001-0123abcd.")],
    after: Annotated[str, typer.Argument(help="Release id to compare with it.")],
    json_output: JsonOption = False,
) -> None:
    """What differs between two releases: tables, days, consignments, and what may be why."""
    from runs.dbt_project import release_plan
    from serving.diff import compare

    found = compare(Home.from_environment(), release_plan(1), before, after)
    if json_output:
        print_json(found.to_json())
    else:
        for line in found.lines():
            say(visible(line))
