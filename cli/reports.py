"""Commands about reports for people: report impact, 389, quality, approve, list.

Add here the command of another report. Keep out: what a report says (reports/), how a release is
read (serving/reader.py).
"""

import datetime as dt
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import JsonOption, console, print_json, say, table
from foundation.errors import ExitCode, UsageError
from foundation.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.editions import Edition as Filed
    from notices.dispatch import Dispatched
    from runs.impact_report import Written


class Language(StrEnum):
    """Languages of a report."""

    VI = "vi"
    EN = "en"


class Edition(StrEnum):
    """Who a report is for: the office, or everybody (figures that passed disclosure control)."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Kind(StrEnum):
    """Which report."""

    IMPACT = "impact"
    COMMITTEE_389 = "389"
    QUALITY = "quality"


class Status(StrEnum):
    """How final the figures are."""

    ESTIMATE = "estimate"
    PRELIMINARY = "preliminary"
    OFFICIAL = "official"


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(help="Reports for people, from the current release.", no_args_is_help=True)
    group.command("impact")(impact)
    group.command("389")(committee_389)
    group.command("quality")(quality)
    group.command("approve")(approve)
    group.command("list")(report_list)
    app.add_typer(group, name="report")


MonthOption = Annotated[str, typer.Option(help="The month, such as 2026-11.")]
OutOption = Annotated[Path | None, typer.Option(help="Folder of a draft, neither filed nor sent.")]
LanguageOption = Annotated[
    Language | None, typer.Option(help="Of a draft; default: both languages.")
]
StatusOption = Annotated[Status, typer.Option(help="How final it is.")]
ReasonOption = Annotated[
    str, typer.Option(help="Why figures that were sent are corrected; stands in the banner.")
]


def impact(
    month: MonthOption,
    out: OutOption = None,
    edition: Annotated[Edition, typer.Option(help="Who it is for.")] = Edition.INTERNAL,
    lang: LanguageOption = None,
    status: StatusOption = Status.ESTIMATE,
    reason: ReasonOption = "",
    json_output: JsonOption = False,
) -> None:
    """File the market impact report of a month: PDF, HTML, workbook, tidy files, manifest.

    From the customs file. The same figures are the same edition; others than were sent are a
    correction with a banner, and need --reason.
    """
    from runs.impact_report import write_impact_report

    write = partial(write_impact_report, edition=edition.value)
    _write(write, month, out, lang, status, reason, json_output)


def committee_389(
    month: MonthOption,
    out: OutOption = None,
    lang: LanguageOption = None,
    status: StatusOption = Status.ESTIMATE,
    reason: ReasonOption = "",
    json_output: JsonOption = False,
) -> None:
    """File the report for Steering Committee 389: violations by kind, month and unit.

    From results of inspections; cases and tips have no source yet, and the report says so.
    """
    from runs.impact_report import write_committee_report

    _write(write_committee_report, month, out, lang, status, reason, json_output)


def quality(
    month: MonthOption,
    out: OutOption = None,
    lang: LanguageOption = None,
    status: StatusOption = Status.ESTIMATE,
    reason: ReasonOption = "",
    json_output: JsonOption = False,
) -> None:
    """File the report of a month of gates and senders: refused, set aside, contradicted."""
    from runs.impact_report import write_quality_report

    _write(write_quality_report, month, out, lang, status, reason, json_output)


def approve(
    month: Annotated[str, typer.Argument(help="The month, such as 2026-11.")],
    signed_by: Annotated[str, typer.Option(help="Who answers for it; the ledger keeps the name.")],
    report: Annotated[Kind, typer.Option(help="Which report.")] = Kind.IMPACT,
    edition: Annotated[Edition, typer.Option(help="Who it is for.")] = Edition.INTERNAL,
    number: Annotated[
        int | None, typer.Option(help="Of the edition that was read; refused if a newer is filed.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Release the newest filed edition of a month and send it to its recipients (notices.toml).

    Code 1 when a channel did not take it: it waits in the outbox and is tried again.
    """
    from runs.editions import approve as release

    _month(month)
    home = Home.from_environment()
    found, done = release(
        home, report.value, month, edition.value, signed_by=signed_by, number=number
    )
    if json_output:
        print_json({"edition": asdict(found), **_sending(done)})
    else:
        say(f"{found.name} is released, signed by {found.signed_by or 'nobody (approval is off)'}")
        _say_sent(done, found)
    raise typer.Exit(int(ExitCode.FAILED if done.not_taken or done.is_busy else ExitCode.DONE))


def report_list(json_output: JsonOption = False) -> None:
    """Every filed edition: how final, why it was written anew, who released it."""
    from runs.editions import filed_editions

    found = filed_editions(Home.from_environment())
    if json_output:
        print_json({"editions": [asdict(one) for one in found]})
        return
    columns = ("edition", "status", "code", "replaces", "released", "signed by", "reason")
    rows = [
        (
            one.name, one.status, one.code, one.replaces, "yes" if one.is_released else "no",
            one.signed_by, one.reason,
        )
        for one in found
    ]  # fmt: skip
    console().print(table("Editions", columns, rows))


def _write(
    write: "Callable[..., Written]", month: str, out: Path | None, lang: Language | None,
    status: Status, reason: str, json_output: bool,
) -> None:  # fmt: skip
    """File a report, or write a draft of it, and say what became of it."""
    written = write(
        Home.from_environment(),
        _month(month),
        languages=_languages(lang, out),
        status=status.value,
        folder=out,
        reason=reason,
    )
    _told(written, month, json_output)


def _languages(lang: Language | None, out: Path | None) -> tuple[Any, ...]:
    from reports.impact.figures import LANGUAGES

    if lang is None:
        return LANGUAGES
    if out is None:
        raise UsageError(
            "a filed edition is in both languages",
            where="--lang",
            remedy="leave --lang out, or name a folder for a draft with --out",
        )
    return (lang.value,)


def _told(written: "Written", month: str, json_output: bool) -> None:
    """What was written: its files, its vintage, and what became of it."""
    edition, sent = written.edition, written.sent
    if json_output:
        print_json(
            {
                "month": month,
                "confidence_grade": written.report.control.grade,
                "edition": edition and asdict(edition),
                "files": [str(path) for path in written.files],
                **(_sending(sent) if sent else {}),
            }
        )
    else:
        for path in written.files:
            if path.suffix in (".pdf", ".html", ".xlsx"):
                say(str(path))
        if edition is not None:
            say(f"{edition.name}: {edition.status}, {_STATES[edition.is_released]}")
            if sent:
                _say_sent(sent, edition)
    if sent and sent.not_taken:
        raise typer.Exit(int(ExitCode.FAILED))


_STATES = {
    True: "released",
    False: "filed; `import-risk report approve` releases it",
}


def _sending(done: "Dispatched") -> dict[str, Any]:
    return {
        "sent": [notice.channel for notice in done.sent],
        "not_taken": {notice.channel: notice.last_error for notice in done.not_taken},
    }


def _say_sent(done: "Dispatched", edition: "Filed") -> None:
    if done.is_busy:
        say("another process is sending: it is in the outbox")
        return
    if not edition.channels and not done.sent:
        say("nobody is listed for it: notices.toml of the home names recipients by edition")
    for notice in done.sent:
        say(f"  {notice.channel}: sent")
    for notice in done.not_taken:
        say(f"  {notice.channel}: {notice.last_error} ({notice.state})")


def _month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a month", where="--month", remedy="write it as 2026-11"
        ) from error
