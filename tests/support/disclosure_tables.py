"""Tables with contributors, made from seeded micro-data, for the tests of disclosure control.

Defines: `Shape`, `made`, `cube`. Every cell is a true sum of contributions by named operators, so
that counts and largest contributions fit. Add here another shape. Keep out: expectations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from disclosure.cells import ROLES


@dataclass(frozen=True)
class Shape:
    """What a table looks like. hs: children at each level below 2 digits."""

    seed: int
    hs: tuple[int, int, int] = (4, 3, 3)
    provinces: int = 6
    origins: int = 0
    rows: int = 800
    contributors: int = 60
    # Exponent of the sizes of contributors: 0 all alike, 2 a few dominate.
    skew: float = 1.0
    months: tuple[str, ...] = ("2026-10",)
    crossed: Sequence[tuple[str, ...]] = field(default=(("hs", "province"),))


def micro(shape: Shape) -> pl.DataFrame:
    """One row a consignment: month, hs, province, origin, an operator per role, value, parcels."""
    draw = np.random.default_rng(shape.seed)
    a, b, c = shape.hs
    n = shape.rows * len(shape.months)
    leaf = [
        f"{i + 1:02d}{j + 1:02d}{k + 1:02d}" for i in range(a) for j in range(b) for k in range(c)
    ]
    weight = draw.lognormal(0, shape.skew, len(leaf))
    size = draw.lognormal(0, shape.skew, shape.contributors)
    who = draw.choice(shape.contributors, n, p=size / size.sum())
    frame = {
        "month": np.repeat(shape.months, shape.rows),
        "hs": draw.choice(leaf, n, p=weight / weight.sum()),
        "province": [f"P{i:02d}" for i in draw.integers(0, max(shape.provinces, 1), n)],
        "origin": [f"O{i:02d}" for i in draw.integers(0, max(shape.origins, 1), n)],
        "value": np.round(draw.lognormal(8, 1, n) * size[who]) + 1,
        "parcels": draw.integers(1, 9, n).astype(float),
    }
    for number, role in enumerate(ROLES):
        frame[role] = who % max(1, shape.contributors // (1, 8, 2, 4, 6)[number])
    return pl.DataFrame(frame)


def hierarchies(shape: Shape) -> pl.DataFrame:
    """dimension, parent, child."""
    a, b, c = shape.hs
    rows = [("hs", "_T", f"{i + 1:02d}") for i in range(a)]
    rows += [("hs", f"{i + 1:02d}", f"{i + 1:02d}{j + 1:02d}") for i in range(a) for j in range(b)]
    rows += [
        ("hs", f"{i + 1:02d}{j + 1:02d}", f"{i + 1:02d}{j + 1:02d}{k + 1:02d}")
        for i in range(a)
        for j in range(b)
        for k in range(c)
    ]
    rows += [("province", "_T", f"P{i:02d}") for i in range(shape.provinces)]
    rows += [("origin", "_T", f"O{i:02d}") for i in range(shape.origins)]
    return pl.DataFrame(rows, schema=["dimension", "parent", "child"], orient="row")


def cube(
    rows: pl.DataFrame,
    measures: Mapping[str, str],
    periods: Mapping[str, Sequence[str]],
    crossed: Sequence[tuple[str, ...]] = (("hs", "province"),),
) -> pl.DataFrame:
    """Cells of measures (name -> column) over periods (name -> months), all levels crossed.

    crossed: the dimensions of each table; one that it leaves out is `_T`.
    """
    parts = []
    for period, months in periods.items():
        chosen = rows.filter(pl.col("month").is_in(list(months)))
        for table in crossed:
            parts += [
                _one(chosen, table, name, column).with_columns(
                    pl.lit(period).alias("period"), pl.lit(name).alias("measure")
                )
                for name, column in measures.items()
            ]
    return (
        pl.concat(parts)
        .unique(["period", "measure", *DIMENSIONS], keep="first")
        .sort(["period", "measure", *DIMENSIONS])
    )


DIMENSIONS = ("d_hs", "d_province", "d_origin")


def _one(rows: pl.DataFrame, table: tuple[str, ...], name: str, column: str) -> pl.DataFrame:
    levels = {
        "hs": [pl.lit("_T"), *(pl.col("hs").str.slice(0, size) for size in (2, 4, 6))],
        "province": [pl.lit("_T"), pl.col("province")],
        "origin": [pl.lit("_T"), pl.col("origin")],
    }
    combined: list[tuple[pl.Expr, ...]] = [()]
    for dimension in ("hs", "province", "origin"):
        these = levels[dimension] if dimension in table else [pl.lit("_T")]
        combined = [(*one, level) for one in combined for level in these]
    parts = []
    for combination in combined:
        coded = rows.with_columns(**dict(zip(DIMENSIONS, combination, strict=True)))
        cells = coded.group_by(DIMENSIONS).agg(pl.col(column).sum().alias("value"))
        for role in ROLES:
            single = coded.group_by([*DIMENSIONS, role]).agg(pl.col(column).sum().alias("x"))
            stats = single.group_by(DIMENSIONS).agg(
                pl.len().cast(pl.Int64).alias(f"{role}_count"),
                pl.col("x").max().alias(f"{role}_largest"),
                pl.col("x").sort(descending=True).slice(1, 1).first().alias(f"{role}_second"),
                pl.col(role)
                .sort_by("x", role)
                .last()
                .cast(pl.String)
                .alias(f"{role}_largest_code"),
            )
            cells = cells.join(stats, on=list(DIMENSIONS))
        parts.append(cells)
    return pl.concat(parts)
