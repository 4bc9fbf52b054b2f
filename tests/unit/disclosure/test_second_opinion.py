"""Primary suppression against another's: which cells acro 1.0.2 calls unsafe.

acro (MIT, UWE and others) asks for an older pandas than the locked one and is not installed here.
`acro_verdicts.csv` is what it said in an environment of its own: `ACRO(suppress=False)`, its
threshold set to 3 contributors, else as it ships ((2,90) dominance, p = 10), `crosstab` with `sum`
over seeded micro-data of `tests/support/disclosure_tables.py`; contributions by size, checks that
failed. NOT claimed: secondary suppression, which acro has none of.
"""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl

from disclosure.cells import ROLES
from disclosure.parameters import load
from disclosure.primary import unsafe

ACRO = Path(__file__).with_name("acro_verdicts.csv")


def ours(contributions: list[list[float]]) -> list[bool]:
    """The verdict on each cell, the same contributors in every role."""
    columns: dict[str, list] = {"value": [sum(cell) for cell in contributions]}
    for role in ROLES:
        columns[f"{role}_count"] = [len(cell) for cell in contributions]
        columns[f"{role}_largest"] = [cell[0] for cell in contributions]
        columns[f"{role}_second"] = [cell[1] if len(cell) > 1 else None for cell in contributions]
        columns[f"{role}_largest_code"] = [None] * len(contributions)
    cells = pl.DataFrame(columns, infer_schema_length=None)
    many = len(contributions)
    return unsafe(cells, np.ones(many, bool), np.zeros(many, bool), load({})).unsafe.tolist()


def test_the_same_cells_are_unsafe() -> None:
    with ACRO.open(encoding="utf-8", newline="") as stream:
        told = list(csv.DictReader(stream))
    contributions = [[float(x) for x in row["contributions"].split()] for row in told]
    verdicts = [row["verdict"] for row in told]
    assert ours(contributions) == [bool(verdict) for verdict in verdicts]
    # Every rule decides at least one cell, and cells are there that none calls unsafe.
    assert Counter(verdicts) == {
        "": 84, "NKCheck": 6, "NKCheck; PPercentCheck": 15,
        "NKCheck; PPercentCheck; MinimumThresholdCheck": 40,
    }  # fmt: skip
