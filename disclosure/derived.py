"""Measures made of others: shares, growth, ratios and indices, drawn from the treated cells only.

Defines: `with_derived`. A share or a growth rate is computed anew from published values, so it
tells nothing that they do not tell; where a component is hidden, so is it.
Add here another kind of derived measure. Keep out: what adds up (relations.py).
"""

from collections.abc import Mapping

import polars as pl

from disclosure.measures import LINEAR, Measure
from disclosure.periods import before
from disclosure.space import TOTAL, axes_of
from foundation.errors import UsageError

# A figure that was handed over and rounded to one decimal, or to three digits, is the same figure.
_SAME_POINTS, _SAME_SHARE = 0.06, 2e-3


def with_derived(
    treated: pl.DataFrame, derived: pl.DataFrame, measures: Mapping[str, Measure]
) -> pl.DataFrame:
    """Treated linear cells and the derived ones.

    treated: axes, value (true), status, published (value to publish), is_now (false: of an earlier
    edition, for growth). derived: axes, value, is_unsafe, is_kept (an earlier edition hid it).
    Returns the columns of treated. Raises UsageError when a share or growth is not what its cells
    make.
    """
    axes = axes_of(treated)
    for name, measure in measures.items():
        rows = derived.filter(pl.col("measure") == name)
        if measure.kind in LINEAR or rows.is_empty():
            continue
        pairs = treated.select("period", "measure").unique()
        parts = _components(rows, measure, axes, pairs, treated)
        if measure.kind in {"share", "growth"}:
            _compare(parts, measure, axes)
            top, base = pl.col("open_of"), pl.col("open_over")
            drawn = 100 * (top if measure.kind == "share" else top - base) / base
        else:
            drawn = pl.col("value")
        statuses = [pl.col(name) for name in ("status_of", "status_over") if name in parts.columns]
        is_primary = pl.any_horizontal(pl.col("is_unsafe"), *(one == "c" for one in statuses))
        is_hidden = pl.any_horizontal(pl.col("is_kept"), *(one != "" for one in statuses))
        status = pl.when(is_primary).then(pl.lit("c")).when(is_hidden).then(pl.lit("d"))
        done = parts.with_columns(status=status.otherwise(pl.lit("")), drawn=drawn)
        # A published base of zero (a count that rounds to it) leaves no figure to draw.
        lost = (pl.col("status") == "") & pl.col("drawn").is_finite().not_().fill_null(True)
        done = done.with_columns(
            status=pl.when(lost).then(pl.lit("d")).otherwise("status"),
        )
        treated = pl.concat(
            [
                treated,
                done.select(
                    *axes,
                    "value",
                    "status",
                    pl.when(pl.col("status") == "").then("drawn").alias("published"),
                    pl.lit(0, pl.Int64).alias("rounding"),
                    pl.lit(True).alias("is_now"),
                ),
            ]
        )
    return treated


def _components(
    rows: pl.DataFrame,
    measure: Measure,
    axes: list[str],
    pairs: pl.DataFrame,
    treated: pl.DataFrame,
) -> pl.DataFrame:
    """Rows with value_of, status_of, open_of and the same for over, where the measure has them."""
    at = {"of": rows.select(axes).with_columns(measure=pl.lit(measure.of))}
    if measure.kind == "share":
        at["over"] = at["of"].with_columns(pl.lit(TOTAL).alias(f"d_{measure.over}"))
    elif measure.kind == "growth":
        known = at["of"]["period"].unique().to_list()
        bases = {period: before(period, measure.base) for period in known}
        at["over"] = at["of"].with_columns(pl.col("period").replace_strict(bases))
    elif measure.over is not None:
        at["over"] = at["of"].with_columns(measure=pl.lit(str(measure.over)))
    if measure.kind == "other" and measure.of is None:
        at.pop("of")
    values = treated.select(*axes, "value", "status", "published")
    published = pairs.with_columns(is_there=pl.lit(True))
    for role, keys in at.items():
        found = keys.join(values, on=axes, how="left", maintain_order="left").join(
            published, on=["period", "measure"], how="left", maintain_order="left"
        )
        # No row where others are is a published zero; no row at all is nothing anybody may read.
        status = pl.col("status").fill_null(
            pl.when("is_there").then(pl.lit("")).otherwise(pl.lit("d"))
        )
        there = pl.col("is_there").fill_null(False)
        rows = rows.with_columns(
            found.select(
                pl.col("value").fill_null(pl.when(there).then(0.0)).alias(f"value_{role}"),
                status.alias(f"status_{role}"),
                pl.col("published").fill_null(0.0).alias(f"open_{role}"),
            )
        )
    return rows


def _compare(parts: pl.DataFrame, measure: Measure, axes: list[str]) -> None:
    """Refuse figures that are not what their components make."""
    ratio = 100 * pl.col("value_of") / pl.col("value_over")
    figure = ratio if measure.kind == "share" else ratio - 100
    known = pl.col("value_of").is_not_null() & pl.col("value_over").is_not_null()
    off = (figure - pl.col("value")).abs()
    wrong = known & ~(off <= _SAME_POINTS + _SAME_SHARE * pl.col("value").abs())
    found = parts.with_columns(figure=figure).filter(wrong.fill_null(True) & known).head(1)
    if not found.is_empty():
        named = ", ".join(f"{axis} {found[axis][0]}" for axis in axes)
        given, made = found["value"][0], found["figure"][0]
        raise UsageError(
            f"the {measure.kind} is {given:.6g}, its cells make {made:.6g}",
            where=f"cell {named}",
            remedy="correct the figure, or `of` and `over` of its measure",
        )
