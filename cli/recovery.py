"""Commands that bring a warehouse back: backup, restore, rebuild.

Add here a command that an operator needs after damage. Keep out: what a backup holds and how a
database is made anew (recovery/).
"""

import uuid
from pathlib import Path
from typing import Annotated

import typer

from cli.output import (
    JsonOption,
    output_into,
    print_json,
    progress_bars,
    say,
)
from foundation.errors import ExitCode
from foundation.home import Home
from runs.settings import Settings


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(backup)
    app.command()(restore)
    app.command()(rebuild)


def backup(
    destination: Annotated[Path, typer.Argument(help="Folder of the backup; kept for the next.")],
    json_output: JsonOption = False,
) -> None:
    """Copy what cannot be made again; only what the backup lacks. Safe while deliveries arrive."""
    from recovery.backup import back_up

    with progress_bars(shown=not json_output):
        done = back_up(Home.from_environment(), destination.absolute())
    if json_output:
        print_json(done.to_json())
        return
    say(
        f"snapshot {done.snapshot}: {done.files} files, {done.copied_files} of them new"
        f" ({done.copied_bytes / 1e6:,.1f} MB), ledger entry {done.ledger_seq},"
        f" release {done.release_id or 'none'}"
    )
    say(f"not in it: the key {done.key_id or '(none yet)'} itself; keep it apart from the backup")


def restore(
    source: Annotated[Path, typer.Argument(help="Folder that `backup` wrote.")],
    snapshot: Annotated[str | None, typer.Option(help="Its name; default: the newest.")] = None,
    json_output: JsonOption = False,
) -> None:
    """Put a snapshot into an empty home, after every hash was checked; then run `rebuild`."""
    from recovery.restore import restore as put_back

    home = Home.from_environment()
    with progress_bars(shown=not json_output):
        done = put_back(home, source.absolute(), snapshot)
    if json_output:
        print_json(done.to_json())
        return
    say(f"restored {done.files} files of snapshot {done.snapshot} into {home.root}")
    say(f"set the key {done.key_id or '(none yet)'} in the environment, then `import-risk rebuild`")


def rebuild(json_output: JsonOption = False) -> None:
    """Make the working database anew from raw rows, in ranges of days; readers notice nothing."""
    from recovery.rebuild import rebuild as make_anew

    settings = Settings.from_environment()
    log = settings.home.runs / f"rebuild-{uuid.uuid4()}" / "run.log"
    with output_into(log) as terminal, progress_bars(shown=not json_output, stream=terminal):
        done = make_anew(settings)
    if json_output:
        print_json(done.to_json())
    else:
        say(f"rebuilt {done.from_day}..{done.to_day} in {done.ranges} ranges: {done.marts_hash}")
        if done.same_as_release:
            say(f"the content is that of release {done.release_id}")
        elif done.same_as_release is None:
            say(f"other content than {done.release_id}: other {', '.join(done.differs_in)}")
        else:
            say(f"OTHER content than {done.release_id} of the same code and deliveries", err=True)
    if done.same_as_release is False:
        raise typer.Exit(int(ExitCode.FAILED))
