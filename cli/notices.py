"""`import-risk notices`: what waits in the outbox, send what is due, try a failed one again.

Add here a command over the outbox. Keep out: who is told (notices.toml of the home).
"""

from dataclasses import asdict
from typing import Annotated

import typer

from cli.output import JsonOption, console, print_json, say, table
from foundation.errors import ExitCode
from foundation.home import Home

_SENT_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(help="Notices about runs: the outbox.", no_args_is_help=True)
    group.command("list")(notices_list)
    group.command("send")(notices_send)
    group.command("retry")(notices_retry)
    app.add_typer(group, name="notices")


def notices_list(json_output: JsonOption = False) -> None:
    """Show what waits or failed, and the last ones sent."""
    from notices.configuration import load_configuration
    from notices.outbox import Outbox

    home = Home.from_environment()
    configuration = load_configuration(home)
    outbox = Outbox(home)
    found = [*outbox.waiting(), *outbox.sent(_SENT_SHOWN)]
    damaged = [path.name for path in outbox.damaged()]
    if json_output:
        channels = [asdict(channel) for channel in configuration.channels]
        print_json(
            {"channels": channels, "notices": [asdict(n) for n in found], "damaged": damaged}
        )
        return
    if not configuration.channels:
        say("nobody is told anything: notices.toml of the home names no channel")
    columns = ("id", "state", "kind", "channel", "attempts", "next attempt", "last error")
    rows = [
        (n.id, n.state, n.kind, n.channel, n.attempts, n.next_attempt_at, n.last_error)
        for n in found
    ]
    console().print(table("Outbox", columns, rows))
    for name in damaged:
        say(f"not a notice: {outbox.folder / name}; move it away", err=True)


def notices_send(json_output: JsonOption = False) -> None:
    """Try every notice that is due, once. Code 1 when one was not taken."""
    _send(None, json_output)


def notices_retry(
    identifier: Annotated[
        str | None, typer.Argument(help="Id or its beginning; all without.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Try waiting and failed notices again now, whatever their time; attempts count anew."""
    from notices.outbox import Outbox

    outbox = Outbox(Home.from_environment())
    chosen = list(outbox.waiting()) if identifier is None else [outbox.find(identifier)]
    for notice in chosen:
        outbox.requeue(notice)
    _send([notice.id for notice in chosen], json_output)


def _send(only: list[str] | None, json_output: bool) -> None:
    from notices.dispatch import send_due
    from runs.editions import queue_released

    home = Home.from_environment()
    queue_released(home)
    done = send_due(home, only=only)
    if json_output:
        print_json(asdict(done))
    elif done.is_busy:
        say("another process is sending")
    else:
        say(f"sent {len(done.sent)}, not taken {len(done.not_taken)}")
        for notice in done.not_taken:
            say(f"  {notice.id} {notice.channel}: {notice.last_error} ({notice.state})")
    raise typer.Exit(int(ExitCode.FAILED if done.not_taken else ExitCode.DONE))
