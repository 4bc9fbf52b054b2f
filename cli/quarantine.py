"""`import-risk quarantine`: why rows were set aside, what to tell the sender, reading them anew.

Add here a command over quarantined rows. Keep out: finding the rows
(ingest/store/quarantine.py) and reading them again (ingest/replay.py).
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import JsonOption, console, print_json, say, table
from foundation.errors import ExitCode
from foundation.home import Home

SenderOption = Annotated[str | None, typer.Option("--sender", help="Only this sender.")]
SourceOption = Annotated[str | None, typer.Option("--source", help="Only this source.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Only this reason code.")]
FromOption = Annotated[
    dt.datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First day of receipt."),
]
ToOption = Annotated[
    dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of receipt.")
]
DeliveryArgument = Annotated[
    str, typer.Argument(metavar="DELIVERY", help="sha256 of the file, or its first digits.")
]
_SHA256_DIGITS_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(help="Rows that were set aside: why, and what to do.", no_args_is_help=True)
    group.command("list")(quarantine_list)
    group.command("show")(quarantine_show)
    group.command("export")(quarantine_export)
    group.command("replay")(quarantine_replay)
    app.add_typer(group, name="quarantine")


def _day(stated: dt.datetime | None) -> dt.date | None:
    return None if stated is None else stated.date()


def quarantine_list(
    sender: SenderOption = None,
    source: SourceOption = None,
    reason: ReasonOption = None,
    from_day: FromOption = None,
    to_day: ToOption = None,
    json_output: JsonOption = False,
) -> None:
    """Count quarantined rows per sender, source, reason and delivery; list refused files."""
    from ingest.store.quarantine import Selection, counts, refused_files

    home = Home.from_environment()
    selection = Selection(sender, source, reason, _day(from_day), _day(to_day))
    rows, files = counts(home, selection), refused_files(home, selection)
    if json_output:
        print_json({"rows": rows, "refused_files": files})
        return
    if not rows and not files:
        say("nothing stands in quarantine for this selection")
    if rows:
        columns = ("sender", "source", "reason", "rows", "received", "file", "delivery", "meaning")
        listed = [
            (
                row["sender"],
                row["source"],
                row["reason_code"],
                row["rows"],
                row["received_date"],
                row["file"],
                row["sha256"][:_SHA256_DIGITS_SHOWN],
                f"{row['reason_vi']} | {row['reason_en']}",
            )
            for row in rows
        ]
        console().print(table("Quarantined rows", columns, listed))
    if files:
        refused_columns = ("sender", "source", "reason", "received", "file", "delivery", "detail")
        refused = [
            (
                file["sender"],
                file["source"],
                file["reason_code"],
                file["received_date"],
                file["file"],
                file["sha256"][:_SHA256_DIGITS_SHOWN],
                f"{file['reason_vi']} | {file['detail']}",
            )
            for file in files
        ]
        console().print(table("Files refused whole", refused_columns, refused))


def quarantine_show(
    delivery: DeliveryArgument,
    source: SourceOption = None,
    reason: ReasonOption = None,
    rows: Annotated[int, typer.Option(min=1, help="Violations shown.")] = 100,
    json_output: JsonOption = False,
) -> None:
    """Show the quarantined rows of one delivery: line, column, reason, masked text, remedy."""
    from ingest.store.quarantine import Selection, violations

    selection = Selection(source=source, reason=reason, delivery=delivery)
    found = violations(Home.from_environment(), selection, limit=rows)
    if json_output:
        print_json({"rows": found.rows, "violations": found.violations, "shown": found.shown})
        return
    columns = ("source", "line", "column", "reason", "text", "meaning", "what to do")
    listed = [
        (
            row["source"],
            row["line"],
            row["column_name"] or "(whole record)",
            row["reason_code"],
            row["raw_text"],
            f"{row['reason_vi']} | {row['reason_en']}",
            f"{row['remedy_vi']} | {row['remedy_en']}",
        )
        for row in found.shown
    ]
    names = ", ".join(sorted({str(row["file"]) for row in found.shown}))
    title = f"{names or delivery}: {found.rows} rows, {found.violations} violations"
    console().print(table(title, columns, listed))
    if len(found.shown) < found.violations:
        say(f"first {len(found.shown)} shown; --rows shows more, `export` writes all", err=True)


def quarantine_export(
    out: Annotated[Path, typer.Option(help="File to write: .csv or .xlsx.")],
    delivery: Annotated[
        str | None, typer.Option(help="Only this file: sha256 or its first digits.")
    ] = None,
    sender: SenderOption = None,
    source: SourceOption = None,
    reason: ReasonOption = None,
    from_day: FromOption = None,
    to_day: ToOption = None,
    json_output: JsonOption = False,
) -> None:
    """Write quarantined rows to a spreadsheet for the sender, in Vietnamese and English."""
    from ingest.store.quarantine import Selection, export

    selection = Selection(sender, source, reason, _day(from_day), _day(to_day), delivery)
    count = export(Home.from_environment(), selection, out)
    if json_output:
        print_json({"file": str(out), "violations": count})
    else:
        say(f"{count} violations written to {out}")


def quarantine_replay(
    delivery: DeliveryArgument,
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger.")],
    signed_by: Annotated[str, typer.Option(help="Who decides; kept in the ledger.")],
    source: SourceOption = None,
    sender: Annotated[
        str | None, typer.Option("--sender", help="Read it as of this sender instead.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Read a delivery again under the profile as it is now; says what changed."""
    from ingest.conforming.pseudonymise import PseudonymKey
    from ingest.replay import replay
    from ingest.store.quarantine import sha256_named, standing_of

    home = Home.from_environment()
    sha256 = sha256_named(home, delivery)
    before = standing_of(home, sha256)
    outcomes = replay(
        home,
        sha256,
        source=source,
        sender=sender,
        reason=reason,
        signed_by=signed_by,
        key=PseudonymKey.from_environment(),
    )
    after = standing_of(home, sha256)
    if json_output:
        print_json(
            {
                "outcomes": [outcome.to_json() for outcome in outcomes],
                "before": before,
                "after": after,
            }
        )
    else:
        for outcome in outcomes:
            why = f", {outcome.reason}" if outcome.reason else ""
            say(f"{outcome.file} ({outcome.source}): {outcome.status}{why}")
            for warning in outcome.warnings:
                say(f"note: {warning}")
        columns = ("source", "count", "before", "after")
        title = f"What stands of {sha256[:_SHA256_DIGITS_SHOWN]}"
        console().print(table(title, columns, _changes(before, after)))
    if any(outcome.status == "refused" for outcome in outcomes):
        raise typer.Exit(int(ExitCode.REFUSED_BY_GATE))


def _changes(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> list[tuple[object, ...]]:
    """(source, count, before, after) of every count of either state."""
    rows: list[tuple[object, ...]] = []
    for source in sorted({*before, *after}):
        was, now = before.get(source, {}), after.get(source, {})
        rows += [
            (source, name, was.get(name), now.get(name))
            for name in ("rows_in", "accepted", "quarantined", "duplicates")
        ]
        reasons = sorted({*was.get("reasons", {}), *now.get("reasons", {})})
        rows += [
            (source, f"because of {code}", was.get("reasons", {}).get(code, 0),
             now.get("reasons", {}).get(code, 0))
            for code in reasons
        ]  # fmt: skip
    return rows
