"""Commands about what comes in: generate, deliver, discard, reference, ledger.

Add here a command over deliveries or the ledger. Keep out: parsing (ingest).
"""

import datetime as dt
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.output import (
    JsonOption,
    console,
    print_json,
    progress_bars,
    say,
    table,
)
from foundation.errors import ExitCode, UsageError
from foundation.home import Home
from foundation.progress import report
from runs.settings import TIME_ZONE


class SyntheticFormat(StrEnum):
    """In which format `generate` writes delivery files."""

    CSV = "csv"
    PARQUET = "parquet"


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(generate)
    app.command()(deliver)
    app.command()(discard)
    reference = typer.Typer(
        help="Reference data: tariff, offices, provinces.", no_args_is_help=True
    )
    reference.command("load")(reference_load)
    app.add_typer(reference, name="reference")
    ledger = typer.Typer(help="The hash-chained record of everything.", no_args_is_help=True)
    ledger.command("verify")(ledger_verify)
    app.add_typer(ledger, name="ledger")


def today() -> dt.date:
    """The date in Viet Nam: the only clock that the product reads, and only at the door."""
    return dt.datetime.now(ZoneInfo(TIME_ZONE)).date()


def generate(
    days: Annotated[int, typer.Option(min=1, help="Days to generate.")],
    parcels_per_day: Annotated[int, typer.Option(min=1, help="Parcels a day.")],
    out: Annotated[Path, typer.Option(help="Folder for the delivery files.")],
    seed: Annotated[int | None, typer.Option(help="Seed of all randomness.")] = None,
    from_day: Annotated[
        dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
    ] = None,
    file_format: Annotated[
        SyntheticFormat, typer.Option("--format", help="Format of the delivery files.")
    ] = SyntheticFormat.CSV,
    mess: Annotated[
        bool,
        typer.Option("--mess", help="Late, broken, repeated and amended deliveries, an outage."),
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Write synthetic delivery files, and the planted truth apart, into a folder."""
    from synthetic.generate import DEFAULT_SEED
    from synthetic.generate import generate as write
    from synthetic.parameters import default_first_day

    with progress_bars(shown=not json_output):
        done = write(
            out,
            first_day=from_day.date() if from_day else default_first_day(days),
            days=days,
            parcels_per_day=parcels_per_day,
            seed=DEFAULT_SEED if seed is None else seed,
            on_progress=report,
            file_format=file_format.value,
            mess=mess,
        )
    if json_output:
        print_json(
            {
                "seed": done.seed,
                "files": [str(out / file.path) for file in done.files],
                "rows": done.rows,
                "planted": dict(done.planted),
            }
        )
    else:
        say(f"synthetic data, seed {done.seed}: {len(done.files)} files in {out}")


def deliver(
    paths: Annotated[list[Path], typer.Argument(help="Files to deliver.")],
    source: Annotated[str | None, typer.Option(help="Source, such as parcel_manifest.")] = None,
    sender: Annotated[str | None, typer.Option(help="Sender profile, such as kcs.")] = None,
    received_date: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of receipt; default: today in Viet Nam."),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(help="Control manifest; default: the one beside each file."),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Take files in: each is accepted, refused or recognised as a duplicate, every row counted."""
    from ingest.conforming.pseudonymise import PseudonymKey
    from ingest.delivery import deliver as take_in

    with progress_bars(shown=not json_output):
        outcomes = take_in(
            Home.from_environment(),
            paths,
            source=source,
            sender=sender,
            received_date=received_date.date() if received_date else today(),
            key=PseudonymKey.from_environment(),
            manifest=manifest,
            on_progress=report,
        )
    if json_output:
        print_json([outcome.to_json() for outcome in outcomes])
    else:
        columns = ("file", "source", "status", "rows in", "accepted", "quarantined", "duplicates")
        rows = [
            (
                Path(o.file).name,
                o.source,
                o.status,
                o.rows_in,
                o.accepted,
                o.quarantined,
                o.duplicates,
                o.reason,
            )
            for o in outcomes
        ]
        console().print(table("Deliveries", (*columns, "reason"), rows))
    if any(outcome.status == "refused" for outcome in outcomes):
        raise typer.Exit(int(ExitCode.REFUSED_BY_GATE))


def discard(
    sha256: Annotated[str, typer.Argument(help="sha256 of the delivered file.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger.")],
    signed_by: Annotated[str, typer.Option(help="Who decides; kept in the ledger.")],
    json_output: JsonOption = False,
) -> None:
    """Leave an accepted delivery out of all later runs; nothing is deleted."""
    from ledger.chain import Ledger

    entry = Ledger(Home.from_environment().ledger).discard(sha256, reason, signed_by)
    if json_output:
        print_json(entry.to_json())
    else:
        say(f"discarded {sha256[:12]}: later runs leave it out; the bytes stay in inputs/")


def reference_load(
    paths: Annotated[list[Path], typer.Argument(help="A reference file, or a folder of them.")],
    kind: Annotated[str | None, typer.Option(help="Kind, when the file name does not say.")] = None,
    as_of: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of the data.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Licence as stated by the origin.")] = None,
    provenance: Annotated[str | None, typer.Option(help="Where the file comes from.")] = None,
    json_output: JsonOption = False,
) -> None:
    """Load national reference data, recording source, date and licence."""
    from ingest.reference.load import load_reference

    home = Home.from_environment()
    outcomes = [
        outcome
        for path in paths
        for outcome in load_reference(
            home,
            path,
            kind=kind,
            as_of=as_of.date() if as_of else None,
            licence=licence,
            provenance=provenance,
        )
    ]
    if not outcomes:
        raise UsageError(
            "no reference file found", where=str(paths[0]), remedy="name a file or its folder"
        )
    if json_output:
        print_json([asdict(outcome) for outcome in outcomes])
    else:
        rows = [
            (Path(o.file).name, o.kind, o.status, o.rows, o.as_of, o.licence, o.reason)
            for o in outcomes
        ]
        columns = ("file", "kind", "status", "rows", "as of", "licence", "reason")
        console().print(table("Reference data", columns, rows))


def ledger_verify(
    deep: Annotated[bool, typer.Option("--deep", help="Also read every file it names.")] = False,
    head: Annotated[
        list[str] | None, typer.Option(help="NUMBER:HASH noted elsewhere; may be repeated.")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Check the hash chain against itself and against the heads that releases published."""
    from recovery.audit import audit, parse_head

    with progress_bars(shown=deep and not json_output):
        done = audit(
            Home.from_environment(), deep=deep, heads=[parse_head(text) for text in head or ()]
        )
    if json_output:
        print_json(done.to_json())
    else:
        say(f"ledger: {done.end.seq} entries, every hash holds; end {done.end.seq}:{done.end.hash}")
        say(f"  {done.heads} published heads looked up, {done.releases} releases")
        if deep:
            say(f"  {done.files} files and verdicts, releases and their history read")
        for finding in done.findings:
            say(f"  {finding.where}: {finding.what}", err=True)
    if done.findings:
        if not json_output:
            say("restore what differs from the backup; do not edit anything by hand", err=True)
        raise typer.Exit(int(ExitCode.FAILED))
