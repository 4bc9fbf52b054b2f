"""Rows a CPU second that one scorecard of many terms scores in SQL, and that each row is exact.

The statement is the product's own macro (`bin_points`), run in DuckDB over integer features in
memory; each score is held against the same table of points applied in Python. Values and bins are
drawn at random: speed does not depend on what a model believes.
Add here another way to score one row. Keep out: features and profiles (national_day.py times them).
"""

import argparse
import json
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb
import jinja2
import numpy as np
import polars as pl

from scoring.model import Bin
from synthetic.generate import DEFAULT_SEED

_MACROS = Path(__file__).resolve().parent.parent / "dbt" / "macros" / "scorecard_points.sql"
_LARGEST_VALUE, _LARGEST_POINTS, _MISSING_SHARE = 100_000, 900, 0.03


@dataclass(frozen=True)
class Result:
    """rows_per_cpu_second: of writing ids and scores; different: rows unlike the table's sum."""

    rows: int
    terms: int
    bins_per_term: int
    seed: int
    cpu_seconds: float
    rows_per_cpu_second: int
    different: int


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _bins(feature: str, count: int, random: np.random.Generator) -> list[Bin]:
    edges = np.sort(random.choice(_LARGEST_VALUE, count - 1, replace=False)).tolist()
    lows, highs = [None, None, *edges], [None, *edges, None]
    points = random.integers(-_LARGEST_POINTS, _LARGEST_POINTS, count + 1).tolist()
    return [
        Bin(feature, number, low, high, worth, 0, 0)
        for number, (low, high, worth) in enumerate(zip(lows, highs, points, strict=True))
    ]


def _statement(bins: dict[str, list[Bin]]) -> str:
    """The sum of terms as the warehouse writes it."""
    template = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"]).from_string(
        _MACROS.read_text(encoding="utf-8")
    )
    macro = vars(template.module)["bin_points"]
    terms = [
        macro(name, [{"high": row.high_milli, "points": row.points} for row in rows])
        for name, rows in bins.items()
    ]
    return "create table scores as select id, " + " + ".join(terms) + " as points from features"


def _expected(features: pl.DataFrame, bins: dict[str, list[Bin]]) -> np.ndarray:
    total = np.zeros(features.height, dtype=np.int64)
    for name, rows in bins.items():
        values = features[name]
        highs = np.array([row.high_milli for row in rows[1:-1]])
        numbers = np.searchsorted(highs, values.fill_null(0).to_numpy(), side="left") + 1
        numbers[values.is_null().to_numpy()] = 0
        total += np.array([row.points for row in rows])[numbers]
    return total


def run(rows: int, terms: int, bins_per_term: int, seed: int) -> Result:
    """Score `rows` rows once after a warm start of the same statement."""
    random = np.random.default_rng(seed)
    names = [f"feature_{number:02}" for number in range(terms)]
    bins = {name: _bins(name, bins_per_term, random) for name in names}
    values = {
        name: pl.Series(random.integers(0, _LARGEST_VALUE, rows, dtype=np.int64)).set(
            pl.Series(random.random(rows) < _MISSING_SHARE), None
        )
        for name in names
    }
    features = pl.DataFrame({"id": np.arange(rows), **values})
    with duckdb.connect() as connection:
        connection.execute("create table features as select * from features")
        statement = _statement(bins)
        connection.execute(f"{statement} limit 1000")
        connection.execute("drop table scores")
        before = _cpu_seconds()
        connection.execute(statement)
        took = _cpu_seconds() - before
        scored = connection.execute("select points from scores order by id").fetchnumpy()["points"]
    different = int((scored != _expected(features, bins)).sum())
    return Result(rows, terms, bins_per_term, seed, took, int(rows / took), different)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--terms", type=int, default=40)
    parser.add_argument("--bins", type=int, default=8, help="bins of a term, without the missing")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    arguments = parser.parse_args()
    result = run(arguments.rows, arguments.terms, arguments.bins, arguments.seed)
    if arguments.json:
        print(json.dumps(asdict(result), indent=1))
    else:
        print(
            f"{result.rows:,} rows, {result.terms} terms of {result.bins_per_term} bins, seed"
            f" {result.seed}: {result.cpu_seconds:.2f} CPU s,"
            f" {result.rows_per_cpu_second:,} rows a CPU second;"
            f" {result.different} rows differ from the table of points"
        )


if __name__ == "__main__":
    main()
