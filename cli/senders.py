"""`import-risk sender`: which senders are known, what a profile makes of a file, writing a profile.

Add here a command over sender profiles. Keep out: judging a file and the questions
(ingest/onboarding/).
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.deliveries import today
from cli.output import JsonOption, console, print_json, say, table
from foundation.errors import ExitCode, GateRefusal, UsageError
from foundation.files import write_atomically
from foundation.home import Home
from foundation.visible import visible

if TYPE_CHECKING:
    from ingest.onboarding.questions import Question
    from ingest.onboarding.sender_check import Check, CheckedFile

RowsOption = Annotated[int, typer.Option(min=0, help="First rows shown; the whole file is judged.")]
DateOption = Annotated[
    dt.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Day of receipt; default: today in Viet Nam."),
]


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(
        help="Senders: who is known, what a profile makes of a file.", no_args_is_help=True
    )
    group.command("list")(sender_list)
    group.command("check")(sender_check)
    group.command("new")(sender_new)
    app.add_typer(group, name="sender")


def sender_list(json_output: JsonOption = False) -> None:
    """List sender profiles with their dates, sources and formats."""
    from ingest.senders.profile import SHIPPED_PROFILES, load_profiles

    listed: list[dict[str, Any]] = [
        {
            "sender": profile.sender,
            "title": profile.title,
            "valid_from": profile.valid_from,
            "valid_to": profile.valid_to,
            "layout_version": profile.layout_version or None,
            "sources": sorted({output.source for output in profile.outputs}),
            "formats": sorted({output.layout.format for output in profile.outputs}),
            "control": profile.control is not None,
            "calendar": profile.calendar is not None,
            "origin": "shipped" if profile.path.parent == SHIPPED_PROFILES else "site",
            "path": str(profile.path),
        }
        for profile in load_profiles(Home.from_environment().profiles)
    ]
    listed.sort(key=lambda item: (str(item["sender"]), str(item["valid_from"])))
    if json_output:
        print_json(listed)
        return
    columns = ("sender", "from", "to", "layout", "sources", "formats", "origin", "title")
    rows = [
        (
            item["sender"],
            item["valid_from"],
            item["valid_to"],
            item["layout_version"],
            ", ".join(item["sources"]),
            ", ".join(item["formats"]),
            item["origin"],
            item["title"],
        )
        for item in listed
    ]
    console().print(table("Sender profiles (days of receipt)", columns, rows))


def sender_check(
    profile: Annotated[str, typer.Argument(help="A sender's name, or a profile's TOML file.")],
    file: Annotated[Path, typer.Argument(help="A file as the sender delivers it.")],
    source: Annotated[str | None, typer.Option(help="Only this source of the profile.")] = None,
    received_date: DateOption = None,
    manifest: Annotated[
        Path | None, typer.Option(help="Control manifest; default: the one beside the file.")
    ] = None,
    rows: RowsOption = 3,
    json_output: JsonOption = False,
) -> None:
    """Show what a profile makes of a file, before anything is loaded; the home stays untouched."""
    from ingest.onboarding.sender_check import check, find_profile

    home = Home.from_environment()
    stated = received_date.date() if received_date else None
    found = find_profile(home, profile, stated or today())
    day = stated or (today() if found.in_force(today()) else found.valid_from)
    checked = check(
        home, found, file, received_date=day, source=source, manifest=manifest, rows=rows
    )
    if json_output:
        print_json(checked.to_json())
    else:
        _print_check(checked)
    if checked.is_refused:
        raise typer.Exit(int(ExitCode.REFUSED_BY_GATE))


def sender_new(
    file: Annotated[Path, typer.Argument(help="A sample as the sender delivers it.")],
    source: Annotated[str, typer.Option(help="What its rows are, such as parcel_manifest.")],
    out: Annotated[Path, typer.Option(help="Profile to write (TOML); must not exist.")],
    answers: Annotated[
        Path | None, typer.Option(help="TOML file with the answers, instead of being asked.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Write a sender profile from a sample: shows evidence, asks for each decision, checks it."""
    from ingest.onboarding.questions import Answers
    from ingest.onboarding.sample import Sample
    from ingest.onboarding.sender_check import check
    from ingest.onboarding.sender_draft import draft
    from ingest.outcomes import FileRefused
    from ingest.senders.profile import load_profile

    if out.exists() or out.suffix != ".toml":
        raise UsageError(
            "a new profile needs a .toml name that is free",
            where=str(out),
            remedy="choose another --out; a good profile belongs in the home's profiles/",
        )
    if json_output and answers is None:
        raise UsageError(
            "questions and one JSON document do not fit on one stdout",
            where="--json",
            remedy="give the answers with --answers",
        )
    sample = Sample(file)
    person = _Prompter() if answers is None else Answers(answers)
    try:
        written = draft(sample, source, person)
    except FileRefused as refusal:
        raise GateRefusal(
            f"the sample cannot be read with these answers: {refusal}",
            where=str(file),
            remedy="answer differently, or ask the sender for another sample",
        ) from refusal
    write_atomically(out, written.text)
    profile = load_profile(out)
    day = today() if profile.in_force(today()) else profile.valid_from
    checked = check(Home.from_environment(), profile, file, received_date=day)
    unused = person.unused() if isinstance(person, Answers) else []
    if json_output:
        print_json({**checked.to_json(), "written": str(out), "answers_not_asked": unused})
    else:
        _print_check(checked)
        say(f"written: {out}; deliver with it from the home's profiles/ folder")
        if unused:
            say(f"answers that nothing asked for: {', '.join(unused)}", err=True)
    if checked.is_refused:
        raise typer.Exit(int(ExitCode.REFUSED_BY_GATE))


class _Prompter:
    """A person at the terminal."""

    def tell(self, lines: Sequence[str]) -> None:
        for line in lines:
            say(visible(line))

    def ask(self, question: "Question") -> str:
        self._show(question)
        return self._answer(question, "answer", question.suggestion)

    def ask_map(self, question: "Question") -> dict[str, str]:
        self._show(question)
        if question.kind == "map":
            given = {key: self._answer(question, key, "", key) for key in question.keys}
            return {key: text for key, text in given.items() if text}
        stated: dict[str, str] = {}
        while key := typer.prompt("field (empty: no more)", default="", show_default=False):
            complaint = question.complaint("", key) if key not in question.keys else None
            if complaint is None:
                stated[key] = self._answer(question, key, None, key)
            else:
                say(f"  {complaint}")
        return stated

    def _show(self, question: "Question") -> None:
        say(f"\n{visible(question.text)}")
        self.tell([f"  {line}" for line in question.evidence])
        if question.choices:
            choices = [visible(choice) or "(empty)" for choice in question.choices]
            say(f"  answers: {', '.join(choices)}")

    def _answer(
        self, question: "Question", label: str, suggestion: str | None, key: str = ""
    ) -> str:
        while True:
            text = str(
                typer.prompt(
                    f"  {visible(label)}", default=suggestion, show_default=bool(suggestion)
                )
            )
            is_left_out = question.kind == "map" and not text
            complaint = None if is_left_out else question.complaint(text, key)
            if complaint is None:
                return text
            say(f"  {complaint}")


def _print_check(checked: "Check") -> None:
    profile = checked.profile
    until = f"to {profile.valid_to}" if profile.valid_to else "until further notice"
    say(
        f"profile {profile.sender} ({profile.title}), receipt from {profile.valid_from} {until}: "
        f"{profile.path}"
    )
    if profile.control is not None:
        control = profile.control
        needed = "required" if control.required else "used when there is one"
        totals = [
            *(["sha256"] if control.sha256_column else []),
            *(["rows"] if control.rows_column else []),
            *(f"sum of {name}" for name in control.sums),
        ]
        say(f"control manifest *{control.suffix}, {needed}: {', '.join(totals)}")
    if profile.calendar is not None:
        days = ", ".join(_WEEKDAYS[number] for number in sorted(profile.calendar.weekdays))
        say(f"expected on {days} by {profile.calendar.by:%H:%M}")
    for file in checked.files:
        _print_file(file)
        if profile.control is not None:
            say(f"control manifest {'read and compared' if file.has_manifest else 'not found'}")


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _print_file(file: "CheckedFile") -> None:
    outcome = file.outcome
    say("")
    if outcome.status == "refused":
        say(f"{outcome.file} ({outcome.source}) WOULD BE REFUSED: {outcome.reason}")
        say(f"  {file.reason_vi} | {file.reason_en}")
    else:
        days = f"; days {outcome.day_min} to {outcome.day_max}" if outcome.day_min else ""
        say(
            f"{outcome.file} ({outcome.source}) would be accepted: {outcome.rows_in} rows in = "
            f"{outcome.accepted} accepted + {outcome.quarantined} quarantined + "
            f"{outcome.duplicates} duplicates{days}"
        )
    if file.already_delivered:
        say(f"note: these bytes were delivered before, {file.already_delivered}: a duplicate")
    for warning in outcome.warnings:
        say(f"note: {warning}")
    if file.no_preview and outcome.status != "refused":
        say(f"note: the first rows cannot be shown: {file.no_preview}")
    _print_mapping(file)
    if file.refused.shown:
        columns = ("line", "column", "reason", "text", "meaning", "what to do")
        listed = [
            (
                row["line"],
                row["column_name"] or "(whole record)",
                row["reason_code"],
                row["raw_text"],
                f"{row['reason_vi']} | {row['reason_en']}",
                f"{row['remedy_vi']} | {row['remedy_en']}",
            )
            for row in file.refused.shown
        ]
        title = f"Rows that would be refused: {file.refused.rows}"
        console().print(table(title, columns, listed))
        if len(listed) < file.refused.violations:
            say(f"first {len(listed)} of {file.refused.violations} violations shown", err=True)


def _print_mapping(file: "CheckedFile") -> None:
    fed = [feed for feed in file.feeds if feed.how != "missing"]
    if fed:
        columns = ["field", "type", "fed by", "read as"]
        columns += [
            f"line {row['line']}{' (refused)' if row['refused'] else ''}" for row in file.rows
        ]
        listed = [
            (
                f"{feed.field}{'*' if feed.required else ''}{'!' if feed.personal else ''}",
                feed.type,
                f"constant {feed.origin}" if feed.how == "constant" else feed.origin or feed.how,
                "; ".join(feed.rules),
                *(_cell(row, feed.field) for row in file.rows),
            )
            for feed in fed
        ]
        title = "Mapping (* required, ! personal: shape only); first rows as delivered → typed"
        console().print(table(title, columns, listed))
    if file.missing_required:
        say(f"REQUIRED and not delivered: {', '.join(file.missing_required)}")
    absent = [feed.field for feed in file.feeds if feed.how == "missing" and not feed.required]
    if absent and fed:
        say(f"not delivered: {', '.join(absent)}")
    for name, is_kept in file.unknown_columns:
        what = "its values are kept" if is_kept else "only its name and lengths are kept"
        say(f"unknown column {visible(name)}: feeds nothing, {what}")


def _cell(row: dict[str, Any], field: str) -> str:
    delivered, typed = row["delivered"].get(field), row["typed"].get(field)
    if delivered in (None, typed):
        return typed or ""
    return f"{delivered} → {typed if typed is not None else '(not readable)'}"
