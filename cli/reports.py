"""Commands that write reports for people: report impact.

Add here the command of another report. Keep out: what a report says (reports/), how a release is
read (serving/reader.py).
"""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.output import JsonOption, print_json, say
from foundation.errors import UsageError
from foundation.home import Home


class Language(StrEnum):
    """Languages of a report."""

    VI = "vi"
    EN = "en"


class Edition(StrEnum):
    """Who a report is for: the office, or everybody (figures that passed disclosure control)."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Status(StrEnum):
    """How final the figures are."""

    ESTIMATE = "estimate"
    PRELIMINARY = "preliminary"
    OFFICIAL = "official"


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(help="Reports for people, from the current release.", no_args_is_help=True)
    group.command("impact")(impact)
    app.add_typer(group, name="report")


def impact(
    month: Annotated[str, typer.Option(help="The month, such as 2026-11.")],
    out: Annotated[Path | None, typer.Option(help="Folder; default reports/ in the home.")] = None,
    edition: Annotated[Edition, typer.Option(help="Who it is for.")] = Edition.INTERNAL,
    lang: Annotated[Language | None, typer.Option(help="Default: both languages.")] = None,
    status: Annotated[Status, typer.Option(help="How final it is.")] = Status.ESTIMATE,
    json_output: JsonOption = False,
) -> None:
    """Write the market impact report of a month: PDF, HTML, workbook, tidy files, manifest.

    From the customs file. Equal releases give equal bytes.
    """
    from reports.impact.figures import LANGUAGES
    from runs.impact_report import write_impact_report

    report, files = write_impact_report(
        Home.from_environment(),
        _month(month),
        languages=LANGUAGES if lang is None else (lang.value,),
        edition=edition.value,
        status=status.value,
        folder=out,
    )
    if json_output:
        print_json(
            {
                "month": month,
                "confidence_grade": report.control.grade,
                "files": [str(path) for path in files],
            }
        )
        return
    for path in files:
        if path.suffix in (".pdf", ".html", ".xlsx"):
            say(str(path))


def _month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a month", where="--month", remedy="write it as 2026-11"
        ) from error
