"""The internal table: cells with their contributors, and what is refused about it.

Defines: `ROLES`, `checked_cells`. Columns: period, measure, d_<dimension>..., value and per role
`<role>_count` (contributors), `<role>_largest`, `<role>_second` (contributions, unit of value);
where known also `<role>_largest_code` (who contributes most; any token will do).
Add here another role that contributes, or a check of the input. Keep out: rules (primary.py).
"""

from collections.abc import Mapping

import polars as pl

from disclosure.measures import LINEAR, Measure
from disclosure.periods import period_of
from disclosure.space import axes_of
from foundation.errors import UsageError

ROLES = ("importer", "platform", "seller", "declarant", "operator")
# Figures are sums of exact decimals read as floats.
_TOLERANCE = 1e-9


def contribution_columns() -> list[str]:
    """All columns that name contributors: internal, never published."""
    return [f"{role}_{what}" for role in ROLES for what in ("count", "largest", "second")]


def owner_columns() -> list[str]:
    """Columns that name who contributes most: optional and internal."""
    return [f"{role}_largest_code" for role in ROLES]


def checked_cells(cells: pl.DataFrame, measures: Mapping[str, Measure]) -> pl.DataFrame:
    """The cells with their types set, ordered by period, measure, dimensions; zeros left out.

    Contributors may be null: unknown, which is unsafe. Raises UsageError: a column that is missing,
    an unknown measure or period, a cell twice, a value that is no finite number, a negative value
    or contribution of what adds up, contributions that exceed their cell.
    """
    axes = axes_of(cells)
    wanted = [*axes, "value", *contribution_columns()]
    if missing := [name for name in wanted if name not in cells.columns]:
        raise _refused(f"the table has no column {missing[0]}", "columns", "add it")
    cells = cells.select(
        *(pl.col(name).cast(pl.String) for name in axes),
        pl.col("value").cast(pl.Float64),
        *(
            pl.col(name).cast(pl.Int64 if name.endswith("_count") else pl.Float64)
            for name in contribution_columns()
        ),
        *(
            pl.col(name).cast(pl.String)
            if name in cells.columns
            else pl.lit(None, pl.String).alias(name)
            for name in owner_columns()
        ),
    )
    if cells.is_empty():
        raise _refused("the table has no cell", "cells", "hand over a table with cells")
    if unknown := sorted(set(cells["measure"].unique()) - set(measures), key=str):
        raise _refused(f"{unknown[0]!r} is no measure", "column measure", "list it as a measure")
    for period in cells["period"].unique().sort().to_list():
        period_of(str(period))
    _refuse(cells, pl.any_horizontal(pl.col(axes).is_null()), "has no code", "write _T for a total")
    _refuse(cells, pl.struct(axes).is_duplicated(), "stands twice", "add the two rows up")
    _refuse(
        cells, pl.col("value").is_finite().not_().fill_null(True), "has no finite value", "fill it"
    )
    linear = pl.col("measure").is_in([m.name for m in measures.values() if m.kind in LINEAR])
    _refuse(
        cells,
        linear & (pl.col("value") < 0),
        "is negative, though its measure adds up",
        "give a measure that can be negative the kind other",
    )
    for role in ROLES:
        _check_role(cells, role, linear)
    return cells.filter(pl.col("value") != 0).sort(axes)


def _check_role(cells: pl.DataFrame, role: str, linear: pl.Expr) -> None:
    count, largest, second = (pl.col(f"{role}_{what}") for what in ("count", "largest", "second"))
    _refuse(
        cells,
        (largest < 0) | (second < 0) | (count < 0),
        f"has a negative contribution of a {role}",
        "the rules need contributions of at least zero: net them before, or use the kind other",
    )
    _refuse(
        cells,
        second > largest,
        f"has a second {role} above the largest",
        "exchange the two",
    )
    most = pl.col("value") * (1 + _TOLERANCE) + _TOLERANCE
    _refuse(
        cells,
        linear & (largest + second.fill_null(0) > most),
        f"is smaller than what its largest {role}s contribute",
        "correct value or contributions",
    )
    _refuse(
        cells,
        linear & (count == 0) & (pl.col("value") > 0),
        f"has a value and no {role}",
        "count the unknown as one contributor, or leave the three columns empty",
    )


def _refuse(cells: pl.DataFrame, where: pl.Expr, what: str, remedy: str) -> None:
    found = cells.filter(where).head(1)
    if not found.is_empty():
        named = ", ".join(f"{axis} {found[axis][0]}" for axis in axes_of(cells))
        raise _refused(f"a cell {what}", named, remedy)


def _refused(what: str, where: str, remedy: str) -> UsageError:
    return UsageError(what, where=where, remedy=remedy)
