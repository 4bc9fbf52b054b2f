"""Commands that learn and that measure what was learned: calibrate, benchmark.

Add here a command that fits or benchmarks. Keep out: which version counts and who
signs for it (models.py).
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.deliveries import today
from cli.output import JsonOption, console, print_json, progress_bars, say, table
from foundation.errors import UsageError

_NAME_FIGURES = ("first", "three", "answered", "precision")
_FIGURES = ("auc", "ap", "p_at_1", "p_at_2", "p_at_5", "p_at_10", "r_at_1", "r_at_10")


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(calibrate)
    group = typer.Typer(help="Measure the product on public data.", no_args_is_help=True)
    group.command("targeting")(targeting)
    app.add_typer(group, name="benchmark")


def calibrate(
    until: Annotated[
        dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day whose results are learned.")
    ],
    risk_type: Annotated[
        str | None, typer.Option(help="Risk type, such as undervaluation.")
    ] = None,
    item_names: Annotated[
        bool, typer.Option("--item-names", help="Instead: goods names, from declared HS codes.")
    ] = False,
    declared_until: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Learn of consignments up to this day only."),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Fit a candidate of a risk model on inspection results, or a table of item names on declared
    HS codes; nothing counts before `promote`."""
    if item_names == (risk_type is not None) or (item_names and declared_until is not None):
        raise UsageError(
            "calibrate needs --risk-type, or --item-names without --declared-until",
            where="calibrate",
            remedy="name one of the two",
        )
    if risk_type is None:
        _calibrate_item_names(until.date(), json_output)
        return
    from runs.calibration import calibrate as fit
    from runs.settings import Settings

    with progress_bars(shown=not json_output):
        declared = None if declared_until is None else declared_until.date()
        done = fit(Settings.from_environment(), risk_type, until.date(), declared)
    card = done.card
    if json_output:
        print_json(
            {
                "version": done.version, "kind": card.kind, "labels": card.labels,
                "findings": card.findings, "evaluation": dict(card.evaluation),
            }
        )  # fmt: skip
        return
    say(f"candidate {done.version}: {card.kind}, {card.findings} findings in {card.labels} labels")
    rows = [("this candidate", card.evaluation["out_of_fold"])]
    if "challenger" in card.evaluation:
        rows.append(("challenger (black box)", card.evaluation["challenger"]))
    console().print(_table("Rows that a model had not seen", rows))
    _say_beside(card.evaluation["in_force"])
    if card.evaluation["contradicted"]:
        say(
            f"{card.evaluation['contradicted']} of them had a result with a finding and one "
            "without: they count as findings"
        )
    say(f"largest gap predicted / found: {card.evaluation['largest_calibration_gap']:.3f}")
    say(f"import-risk promote {done.version} --from DAY --reason ... --signed-by ... lets it count")


def _say_beside(in_force: dict[str, Any]) -> None:
    """The candidate and what counts now, on the same rows."""
    name = in_force["version"] or "the expert's points"
    same = in_force["same_rows"]
    if same is None:
        say(f"{name} cannot be held against it: a feature is gone, or there is one class alone")
        return
    seen = "unseen by both" if same["is_unseen"] else "most of them learned by what is in force"
    rows = [("this candidate", same["candidate"]), (f"in force: {name}", same["in_force"])]
    console().print(_table(f"The same {same['rows']} rows, {seen}", rows))
    apart = same["paired_auc_difference"]
    say(
        f"AUC of the candidate minus that in force: {apart['difference']:+.4f} "
        f"[{apart['low']:+.4f}, {apart['high']:+.4f}]"
    )
    if apart["high"] < 0:
        say("it ranks measurably worse than what counts now: let it count only with a reason why")


def _calibrate_item_names(until: dt.date, json_output: bool) -> None:
    from runs.item_names import calibrate_item_names
    from runs.settings import Settings

    with progress_bars(shown=not json_output):
        done = calibrate_item_names(Settings.from_environment(), until)
    learnt = done.table
    if json_output:
        print_json(
            {
                "version": done.version, "labels": learnt.labels, "names": learnt.names,
                "evaluation": dict(learnt.evaluation),
            }
        )  # fmt: skip
        return
    say(f"candidate {done.version}: {learnt.names} names of {learnt.labels} declared items")
    told = learnt.evaluation
    rows = [("this candidate, on names held back", told["held_out"])]
    rows.append(("shipped table", told["shipped"]))
    if told["in_force"]:
        rows.append((f"in force: {told['in_force']['version']}", told["in_force"]))
    shown = [
        (name, *("" if of[figure] is None else f"{of[figure]:.3f}" for figure in _NAME_FIGURES))
        for name, of in rows
    ]
    columns = ("", "first right", "among three", "answered", "right of those")
    console().print(table("Declared names", columns, shown))
    say(
        f"an answer needs a probability of {told['held_out']['bound_micro'] / 10_000:.1f} %; "
        "variants of a thing were held back together"
    )
    say(f"import-risk promote {done.version} --from DAY --reason ... --signed-by ... lets it count")


def targeting(
    train: Annotated[Path, typer.Option(help="Part that is learned (Parquet, 22 columns).")],
    valid: Annotated[Path, typer.Option(help="Later part.")],
    test: Annotated[Path | None, typer.Option(help="Last part; track P is read on it.")] = None,
    json_output: JsonOption = False,
) -> None:
    """The Korean customs set through the warehouse's own models: both tracks and the challenger."""
    from runs.targeting import PUBLISHED
    from runs.targeting import targeting as measure

    with progress_bars(shown=not json_output):
        found = measure(train, valid, test, received=today())
    if json_output:
        print_json(found)
        return
    split, errors = found["split"], found["standard_errors"]
    say(found["warning"])
    say(
        f"{split['copies_of_a_fitted_row']} of {split['read_on']} rows that track P is read on are "
        f"copies of one of the {split['fitted_on']} fitted rows"
    )
    for track, name in (("track_p", "Track P (memory)"), ("track_h", "Track H (what is left)")):
        rows = [
            ("this warehouse", found[track]),
            ("  standard error", errors[track]),
            ("fair challenger (LightGBM)", found["challenger"][track]),
        ]
        console().print(_table(name, rows))
    published = [(name, f"{at_5:.3f}", f"{at_10:.3f}") for name, at_5, at_10 in PUBLISHED]
    console().print(table("Published, test part of track P", ("model", "P@5", "P@10"), published))
    gap, difference = found["largest_calibration_gap"], found["paired_auc_difference"]
    say(
        f"track H: AUC minus the challenger's {difference['difference']:+.4f} "
        f"[{difference['low']:+.4f}, {difference['high']:+.4f}]; largest gap predicted / found "
        f"{gap:.3f}; {found['model_rows']} rows of points; SQL equals the table: "
        f"{'every row' if found['sql_equals_table'] else 'NO'}; {found['cpu_seconds']} CPU s"
    )


def _table(title: str, rows: list[tuple[str, dict[str, Any]]]) -> Any:
    shown = [
        (name, *(f"{of[figure]:.3f}" if figure in of else "" for figure in _FIGURES))
        for name, of in rows
    ]
    return table(title, ("", *_FIGURES), shown)
