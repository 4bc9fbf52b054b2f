"""The files of a public edition: cells.csv, hierarchies.csv, measures.json, and their validator.

Defines: `write`, `read`, `Edition`. Equal tables give equal bytes. Add here another file of the
edition. Keep out: the suppression; no column or file may name contributors or thresholds.
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from disclosure.measures import Measure, checked
from disclosure.periods import period_of
from disclosure.space import axes_of
from foundation.errors import UsageError

CELLS, HIERARCHIES, MEASURES = "cells.csv", "hierarchies.csv", "measures.json"
STATUSES = ("", "c", "d")


@dataclass(frozen=True)
class Edition:
    """cells: period, measure, d_..., value (null where hidden), status, rounding. hierarchies:
    dimension, parent, child."""

    cells: pl.DataFrame
    hierarchies: pl.DataFrame
    measures: tuple[Measure, ...]


def write(
    cells: pl.DataFrame, hierarchies: pl.DataFrame, measures: Sequence[Measure], folder: Path
) -> tuple[Path, ...]:
    """Write the three files of treated cells into an existing folder; returns their paths.

    Raises UsageError for cells that the public format does not allow, naming the cell.
    """
    cells, hierarchies = _checked(cells, hierarchies, measures, folder)
    axes = axes_of(cells)
    rows = (
        (*row[:-3], _figure(row[-3]), row[-2], row[-1])
        for row in cells.select(*axes, "value", "status", "rounding").sort(axes).iter_rows()
    )
    texts = {
        CELLS: _csv((*axes, "value", "status", "rounding"), rows),
        HIERARCHIES: _csv(
            ("dimension", "parent", "child"),
            hierarchies.select("dimension", "parent", "child").unique().sort(pl.all()).iter_rows(),
        ),
        MEASURES: json.dumps(
            [{"name": m.name, "kind": m.kind, "of": m.of, "over": _over(m)} for m in measures],
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    return tuple(folder / name for name in texts)


def read(folder: Path) -> Edition:
    """Read an edition back. Raises UsageError for whatever the public format does not allow."""
    texts = {}
    for name in (CELLS, HIERARCHIES, MEASURES):
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _refused(f"cannot be read: {type(error).__name__}", folder / name) from error
    cells = _table(texts[CELLS], folder / CELLS)
    for column, kind in (("value", pl.Float64), ("rounding", pl.Int64)):
        if column not in cells.columns:
            raise _refused(f"has no column {column}", folder / CELLS)
        text = pl.col(column)
        filled = text if column == "rounding" else pl.when(text != "").then(text)
        typed = cells.with_columns(filled.cast(kind, strict=False).alias(f"{column}_read"))
        wrong = typed.filter(pl.col(f"{column}_read").is_null() & filled.is_not_null())
        if wrong.height:
            raise _refused(f"{wrong[column][0]!r} in column {column} is no number", folder / CELLS)
        cells = cells.with_columns(typed[f"{column}_read"].alias(column))
    try:
        body = json.loads(texts[MEASURES])
        measures = tuple(Measure(one["name"], one["kind"], one["of"], one["over"]) for one in body)
    except (ValueError, KeyError, TypeError) as error:
        raise _refused("is no list of {name, kind, of, over}", folder / MEASURES) from error
    hierarchies = _table(texts[HIERARCHIES], folder / HIERARCHIES)
    cells, hierarchies = _checked(cells, hierarchies, measures, folder)
    return Edition(cells, hierarchies, measures)


def _checked(
    cells: pl.DataFrame, hierarchies: pl.DataFrame, measures: Sequence[Measure], folder: Path
) -> tuple[pl.DataFrame, pl.DataFrame]:
    axes = axes_of(cells)
    if missing := {*axes, "value", "status", "rounding"} ^ set(cells.columns):
        raise _refused(f"column {sorted(missing)[0]} is missing or too many", folder / CELLS)
    if list(hierarchies.columns) != ["dimension", "parent", "child"]:
        raise _refused("needs the columns dimension, parent, child", folder / HIERARCHIES)
    dimensions = [axis[2:] for axis in axes if axis.startswith("d_")]
    known = checked(measures, dimensions)
    rules = {
        "stands twice": pl.struct(axes).is_duplicated(),
        "has an unknown measure": pl.col("measure").is_in(list(known)).not_(),
        "has an unknown status": pl.col("status").is_in(list(STATUSES)).not_(),
        "shows a value though it is hidden": (pl.col("status") != "")
        & pl.col("value").is_not_null(),
        "has no value and is not hidden": (pl.col("status") == "") & pl.col("value").is_null(),
        "is zero, which an absent row says": (pl.col("value") == 0) & (pl.col("rounding") == 0),
        "has a negative rounding": pl.col("rounding") < 0,
        "is not a multiple of its rounding": (pl.col("rounding") > 0)
        & (pl.col("value") % pl.max_horizontal("rounding", pl.lit(1)) != 0),
    }
    for what, where in rules.items():
        found = cells.filter(where.fill_null(False)).head(1)
        if not found.is_empty():
            named = ", ".join(f"{axis} {found[axis][0]}" for axis in axes)
            raise _refused(f"the cell {named} {what}", folder / CELLS)
    for period in cells["period"].unique():
        period_of(period)
    if unknown := set(hierarchies["dimension"]) - set(dimensions):
        raise _refused(f"{sorted(unknown)[0]!r} is no dimension", folder / HIERARCHIES)
    return cells, hierarchies


def _figure(value: float | None) -> str:
    """A number in full, without exponent; whole numbers without a point."""
    if value is None or not math.isfinite(value):
        return ""
    text = format(Decimal(repr(value + 0.0)), "f")  # of minus zero the sign goes
    return text.rstrip("0").rstrip(".") if "." in text else text


def _over(measure: Measure) -> str | int | None:
    return measure.base if measure.kind == "growth" else measure.over


def _csv(head: Sequence[str], rows: Iterable[tuple[object, ...]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def _table(text: str, path: Path) -> pl.DataFrame:
    head, *rows = csv.reader(io.StringIO(text, newline="")) if text else [[]]
    if wrong := [number for number, row in enumerate(rows, 2) if len(row) != len(head)]:
        raise _refused(f"line {wrong[0]} has another number of fields than the header", path)
    return pl.DataFrame(rows, schema=dict.fromkeys(head, pl.String), orient="row")


def _refused(what: str, path: Path) -> UsageError:
    return UsageError(
        what,
        where=str(path.name),
        remedy="write the edition anew (format: docs/disclosure.md)",
    )
