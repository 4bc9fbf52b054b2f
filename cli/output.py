"""How commands speak: JSON on stdout or tables for people, progress and errors on stderr.

Delivered text is shown, never interpreted: no markup, steering characters spelled out.
Add here another way to show a result. Keep out: results.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from foundation.errors import WarehouseError
from foundation.progress import shown_by
from foundation.visible import visible, visible_json

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


# Where no terminal says its width (a pipe, a log), tables are not squeezed into 80 columns.
_WIDTH_WITHOUT_TERMINAL = 180


def console() -> Console:
    """The console on stdout."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL)


def print_json(document: Any) -> None:
    """One JSON document on stdout; dates and decimals as text."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(visible_json(text) + "\n")


def say(text: str, *, err: bool = False) -> None:
    """Lines for people on stdout (or stderr); what they quote cannot steer the terminal."""
    typer.echo("\n".join(visible(line) for line in text.split("\n")), err=err)


def print_error(error: WarehouseError, *, as_json: bool) -> None:
    """What is wrong, where, what to do; on stderr, never a traceback."""
    if as_json:
        document = {"error": {"what": error.what, "where": error.where, "remedy": error.remedy}}
        sys.stderr.write(visible_json(json.dumps(document, ensure_ascii=False)) + "\n")
    else:
        what, where, remedy = (visible(text) for text in (error.what, error.where, error.remedy))
        sys.stderr.write(f"error: {what}\n  where: {where}\n  what to do: {remedy}\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """A table for people; None shows as an empty cell."""
    drawn = Table(title=_plain(title), title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(_plain(column), overflow="fold")
    for row in rows:
        drawn.add_row(*(_plain("" if value is None else str(value)) for value in row))
    return drawn


def _plain(text: str) -> Text:
    """A text that rich shows letter by letter; a str would be searched for [markup] and :emoji:."""
    return Text(visible(text))


@contextlib.contextmanager
def progress_bars(*, shown: bool, stream: TextIO | None = None) -> Iterator[None]:
    """Draw a bar per stage that reports through foundation.progress, while the block runs."""
    if not shown:
        yield
        return
    console = Console(file=stream or sys.stderr)
    bars = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    tasks: dict[str, Any] = {}
    with bars:

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for task in tasks.values():
                    bars.stop_task(task)
                tasks[stage] = bars.add_task(visible(stage), total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        with shown_by(draw):
            yield


@contextlib.contextmanager
def output_into(path: Path) -> Iterator[TextIO]:
    """Send everything this process and its children print into `path`; yields the real stderr.

    dbt and Dagster write to both streams; a command's own stdout must stay one clean document.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    real = (os.dup(1), os.dup(2))
    terminal = os.fdopen(os.dup(real[1]), "w")
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        os.dup2(log, 1)
        os.dup2(log, 2)
        yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(real[0], 1)
        os.dup2(real[1], 2)
        terminal.close()
        for descriptor in (*real, log):
            os.close(descriptor)
