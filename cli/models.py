"""Commands about risk models: models list, show, diff, add; promote.

Add here a command over versions of models. Keep out: what makes a version fit to count
(runs/model_registry.py), fitting (scoring) and which days a run computes.
"""

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.output import JsonOption, console, print_json, say, table
from foundation.errors import UsageError
from foundation.home import Home
from ledger.model_periods import ITEM_NAMES, Period, candidates

if TYPE_CHECKING:
    from scoring.model import Scorecard

# What counts without a version.
_BY_ITSELF = {ITEM_NAMES: "the shipped table"}
VersionArgument = Annotated[str, typer.Argument(help="Version, as `models list` names it.")]


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(
        help="Risk models: what each version believes, and which counts.", no_args_is_help=True
    )
    group.command("list")(models_list)
    group.command("show")(models_show)
    group.command("diff")(models_diff)
    group.command("add")(models_add)
    app.add_typer(group, name="models")
    app.command()(promote)


def models_list(json_output: JsonOption = False) -> None:
    """Every version, what it learned from, and from when to when it counts."""
    from runs.model_listing import listing, period_to_json

    models, found = listing(Home.from_environment())
    if json_output:
        periods = [period_to_json(one) for of_type in found.values() for one in of_type]
        print_json({"models": [model.to_json() for model in models], "periods": periods})
        return
    columns = ("version", "risk type", "state", "labels", "findings", "AUC", "")
    rows = [
        (
            model.candidate.version,
            model.candidate.risk_type,
            model.told,
            model.candidate.labels,
            model.candidate.findings,
            None if model.auc is None else f"{model.auc:.3f}",
            model.problem,
        )
        for model in models
    ]
    console().print(table("Risk models", columns, rows))
    for risk_type, of_type in found.items():
        for one in of_type:
            until = "" if one.valid_to is None else f" to {one.valid_to}"
            counts = one.version or _BY_ITSELF.get(risk_type, "expert points")
            say(
                f"{risk_type}: {counts} from {one.valid_from}{until} "
                f"({one.reason}; {one.signed_by})"
            )
    if not found:
        say("no version was ever promoted: every risk type has the expert's points")


def models_show(version: VersionArgument, json_output: JsonOption = False) -> None:
    """What a version believes: points of each range of values, and what they rest on."""
    from runs.model_listing import listing
    from runs.model_registry import read_card
    from scoring.document import to_document

    home = Home.from_environment()
    card = read_card(home, version)
    (model,) = [one for one in listing(home)[0] if one.candidate.version == version]
    if json_output:
        document = json.loads(to_document(card))
        print_json({**model.to_json(), "document": document})
        return
    say(
        f"{version}: {card.risk_type}, {card.kind}, {model.told}\n"
        f"learned from {card.labels} inspections with {card.findings} findings, known "
        f"{card.trained_on_from} to {card.trained_on_to}\n"
        f"score = {card.intercept_points} (intercept) + one row a feature; "
        f"{card.points_per_logit} points are one log-odds"
    )
    columns = ("feature", "more than", "up to", "points", "findings/inspected", "reason")
    console().print(table("Points", columns, _bin_rows(card)))
    bands = [
        (
            band.band_no,
            band.low_points,
            band.high_points,
            f"{band.probability_micro / 10_000:.1f} %",
            f"{band.findings}/{band.n}",
        )
        for band in card.calibration
    ]
    titles = ("band", "more than (points)", "up to (points)", "probability", "findings/inspected")
    console().print(table("Calibration", titles, bands))
    measured = [(name, _plain(value)) for name, value in sorted(card.evaluation.items())]
    console().print(table("Evaluation", ("figure", "value"), measured))


def models_diff(
    before: VersionArgument,
    after: Annotated[str, typer.Argument(help="Version to compare with it.")],
    json_output: JsonOption = False,
) -> None:
    """For which values two versions give other points."""
    from runs.model_registry import read_card
    from scoring.difference import difference

    home = Home.from_environment()
    found = difference(read_card(home, before), read_card(home, after))
    if json_output:
        rows = [vars(one) for one in found]
        print_json({"before": before, "after": after, "differences": rows})
        return
    if not found:
        say(f"{before} and {after} give every value the same points")
        return
    listed = [
        (
            one.feature,
            "missing" if one.is_missing else _milli(one.low_milli),
            _milli(one.high_milli),
            "not read" if one.points_before is None else one.points_before,
            "not read" if one.points_after is None else one.points_after,
        )
        for one in found
    ]
    columns = ("feature", "more than", "up to", "points before", "points after")
    console().print(table(f"{before} -> {after}", columns, listed))


def models_add(
    file: Annotated[Path, typer.Argument(help="Document of a model that was fitted elsewhere.")],
    json_output: JsonOption = False,
) -> None:
    """Bring in a document from another machine as a candidate; it counts for nothing yet."""
    from runs.model_registry import add_document

    version = add_document(Home.from_environment(), file)
    if json_output:
        print_json({"model_version": version})
    else:
        say(f"{version} is a candidate; `import-risk promote` lets it count from a day on")


def promote(
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger.")],
    signed_by: Annotated[str, typer.Option(help="Who decides; kept in the ledger.")],
    from_day: Annotated[
        dt.datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day that it is to score."),
    ],
    version: Annotated[str | None, typer.Argument(help="Version that is to count.")] = None,
    expert: Annotated[
        str | None,
        typer.Option(
            metavar="RISK_TYPE",
            help="Instead of a version: the expert's points of a risk type; of item_names the "
            "shipped table.",
        ),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Let a version of a risk model, or of item names, count from a day on; an earlier one the same
    way again.

    Published days of which that changes the version are pending then: `import-risk run` computes
    them.
    """
    from ledger.chain import Ledger
    from runs import dbt_project, model_registry
    from runs.days import model_days
    from runs.model_listing import period_to_json

    home = Home.from_environment()
    signed: dict[str, Any] = {
        "valid_from": from_day.date(), "reason": reason, "signed_by": signed_by,
    }  # fmt: skip
    if (version is None) == (expert is None):
        raise UsageError(
            "promote needs a version, or --expert with a risk type",
            where="promote",
            remedy="name one of the two; `import-risk models list` has both",
        )
    if version is not None:
        period = model_registry.promote(
            home, version, computed=dbt_project.model_features(), **signed
        )
    else:
        period = model_registry.retire(home, str(expert), **signed)
    pending = model_days.described(
        one
        for one in model_days.remodelled(home, Ledger(home.ledger).entries())
        if one.risk_type == period.risk_type
    )
    found = candidates(Ledger(home.ledger).entries()).get(version or "")
    learned = model_registry.learned_days(found, period.valid_from)
    replaced = model_registry.displaced(home, period)
    if json_output:
        told = {"displaced": [period_to_json(one) for one in replaced], **learned}
        print_json({**period_to_json(period), "pending_models": pending, **told})
        return
    say(f"{period.risk_type}: from {period.valid_from} on {_what_counts(period)} count")
    for one in replaced:
        until = "" if one.valid_to is None else f" to {one.valid_to}"
        say(f"in the place of {_what_counts(one)}, which counted from {one.valid_from}{until}")
    if learned:
        say(
            f"it learned from {learned['learned_from']}..{learned['learned_to']}: what it says of "
            "these days is not out of sample"
        )
    if pending:
        days = ", ".join(str(one["days"]) for one in pending)
        say(f"published days that it changes, pending now: {days}")
    else:
        say("no published day is changed by it")


def _what_counts(period: Period) -> str:
    return period.version or _BY_ITSELF.get(period.risk_type, "the expert's points")


def _bin_rows(card: "Scorecard") -> list[tuple[Any, ...]]:
    ordered = sorted(card.bins, key=lambda row: (row.feature, row.bin_no == 0, row.bin_no))
    return [
        (
            row.feature,
            _milli(row.low_milli) if row.bin_no else "missing",
            _milli(row.high_milli),
            row.points,
            f"{row.findings_train}/{row.n_train}",
            row.reason_id,
        )
        for row in ordered
    ]


def _milli(thousandths: int | None) -> str | None:
    """A stored bound as the number it stands for, exactly: -1500 -> -1.5."""
    if thousandths is None:
        return None
    whole, part = divmod(abs(thousandths), 1000)
    digits = f"{whole}.{part:03d}".rstrip("0").rstrip(".")
    return f"-{digits}" if thousandths < 0 else digits


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
