"""Small tables written by hand, for the unit tests of disclosure control.

Add here a builder that two tests need. Keep out: seeded tables (tests/support).
"""

import polars as pl

from disclosure.cells import ROLES

# (period, measure, d_a, d_b, value, contributions of each importer); other roles: many, alike.
Row = tuple[str, str, str, str, float, tuple[float, ...]]


def table(*rows: Row) -> pl.DataFrame:
    """Cells whose importers are the given contributions, and 100 equal contributors else."""
    made = []
    for period, measure, a, b, value, contributions in rows:
        ordered = sorted(contributions, reverse=True)
        one: dict[str, object] = {
            "period": period,
            "measure": measure,
            "d_a": a,
            "d_b": b,
            "value": float(value),
        }
        for role in ROLES:
            mine = ordered if role == "importer" else [abs(value) / 100] * 100
            one[f"{role}_count"] = len(mine)
            one[f"{role}_largest"] = float(mine[0]) if mine else None
            one[f"{role}_second"] = float(mine[1]) if len(mine) > 1 else None
        made.append(one)
    return pl.DataFrame(made, infer_schema_length=None)


def many(value: float) -> tuple[float, ...]:
    """Ten equal importers."""
    return (value / 10,) * 10


def hierarchy(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """dimension, parent, child."""
    return pl.DataFrame(
        list(rows),
        schema={"dimension": pl.String, "parent": pl.String, "child": pl.String},
        orient="row",
    )
