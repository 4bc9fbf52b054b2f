"""How long the treatment of a month's public cells takes.

`python -m benchmarks.disclosure [--cells N] [--json]`: a synthetic month (HS 2, 4, 6 x province;
at 300,000 also x origin, which does not end soon) of two measures that are hidden together, treated
alone and again as a revised edition after it; CPU seconds, cells, and what was hidden. Add here
another size or shape. Keep out: correctness (tests/).
"""

import argparse
import json
import sys
import time
from pathlib import Path

import polars as pl

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from disclosure.measures import Measure
from disclosure.parameters import load
from disclosure.treat import treat
from tests.support.disclosure_tables import Shape, cube, hierarchies, micro

MEASURES = [
    Measure("value", "additive"),
    Measure("parcels", "additive", is_count=True, hidden_with="value"),
]
# The seeds and sizes give about this many cells.
SIZES = {
    50_000: Shape(2, (20, 6, 6), 63, 0, 22_000, 2000, 0.7),
    100_000: Shape(3, (20, 6, 6), 63, 0, 150_000, 3000, 0.7),
    300_000: Shape(
        4, (20, 6, 6), 63, 12, 60_000, 3000, 0.7, crossed=(("hs", "province", "origin"),)
    ),
}


def measured(shape: Shape) -> list[dict[str, float]]:
    """One edition alone, and the next, in which one row in fifty is new."""
    rows = micro(shape)
    late = rows.gather_every(50).with_columns(is_late=pl.lit(True))
    early = rows.join(late, on=rows.columns, how="anti")
    measures = {"value": "value", "parcels": "parcels"}
    months = {month: [month] for month in shape.months}
    found: list[dict[str, float]] = []
    records: list[pl.DataFrame] = []
    for part in (early, rows):
        cells = cube(part, measures, months, shape.crossed)
        start = time.process_time()
        treated = treat(cells, MEASURES, hierarchies(shape), load({}), records)
        report = treated.report
        found.append(
            {
                "edition": len(found) + 1,
                "cells": report.cells,
                "primary": report.primary,
                "secondary": report.secondary,
                "programmes": report.programmes,
                "added_by_audit": report.added_by_audit,
                # Told while it was safe: late rows made the cell confidential, and its parcels
                # hardly changed. No later edition can take that back.
                "already_public": len(report.already_public),
                "unprotected": len(set(report.unprotected) - set(report.already_public)),
                "cpu_s": round(time.process_time() - start, 2),
            }
        )
        records.append(treated.record)
    return found


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, choices=SIZES, default=50_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measured(SIZES[asked.cells])
    if asked.json:
        print(json.dumps(found))
        return
    print("  ".join(f"{name:>14}" for name in found[0]))
    for one in found:
        print("  ".join(f"{value:>14,}" for value in one.values()))


if __name__ == "__main__":
    main()
