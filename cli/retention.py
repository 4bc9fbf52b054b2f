"""`import-risk retention`: which delivered files are over age, and their removal.

Add here a command about keeping and removing. Keep out: the periods (data: retention.csv
of ingest/store and the home's own) and releases (kept by number, IMPORT_RISK_RELEASES_KEPT).
"""

import datetime as dt
from typing import Annotated

import typer

from cli.deliveries import today
from cli.output import JsonOption, console, print_json, say, table
from foundation.home import Home

DayOption = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day that counts; default: today."),
]


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(help="How long delivered data are kept.", no_args_is_help=True)
    group.command("list")(retention_list)
    group.command("apply")(retention_apply)
    app.add_typer(group, name="retention")


def retention_list(as_of: DayOption = None, json_output: JsonOption = False) -> None:
    """Show the periods and every file that is over age; removes nothing."""
    from ingest.store.retention import due, policy

    home = Home.from_environment()
    rules = policy(home)
    found = due(home, as_of.date() if as_of else today())
    if json_output:
        print_json(
            {
                "policy": [vars(rule) for rule in rules.values()],
                "over_age": [item.to_json() for item in found],
            }
        )
        return
    columns = ("store", "holds", "persons", "days", "basis", "removed by")
    rows = [
        (rule.store, rule.holds_en, rule.persons, rule.keep_days, rule.basis, rule.removed_by)
        for rule in rules.values()
    ]
    console().print(table("Periods", columns, rows))
    if found:
        listed = [(item.since, item.store, item.path) for item in found]
        console().print(table("Over age", ("since", "store", "file"), listed))
    else:
        say("nothing is over age")


def retention_apply(
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger.")],
    signed_by: Annotated[str, typer.Option(help="Who decides; kept in the ledger.")],
    as_of: DayOption = None,
    json_output: JsonOption = False,
) -> None:
    """Remove delivered files that are over age, for ever; the ledger says which and why."""
    from ingest.store.retention import apply

    removed = apply(
        Home.from_environment(),
        as_of.date() if as_of else today(),
        reason=reason,
        signed_by=signed_by,
    )
    if json_output:
        print_json([item.to_json() for item in removed])
    else:
        say(f"{len(removed)} files removed; `import-risk ledger verify` still holds")
