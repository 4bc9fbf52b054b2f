"""Parity: does Spark give the same marts as DuckDB, row by row, type by type?

Claim: after a full build, a new day and late corrections every mart is equal on both engines
without any tolerance. Falsified by one row in the column "different". The negative control changes
one score and must be found with table, key and column.
Add here another printed fact. Keep out: engines, scenario and comparison (beside this file).

Usage: python -m benchmarks.parity [--parcels N] [--thrift HOST:PORT] [--as-shipped] [--record FILE]
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Started by its path, the folder above the project's packages is not where Python looks.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import duckdb

from benchmarks.parity.compare import Agreement, compare
from benchmarks.parity.engines import Build, DuckDB, Mart, Spark
from benchmarks.parity.model import let_a_scorecard_count, let_item_names_count
from benchmarks.parity.scenario import STEPS, Step, emptied_day, steps
from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.raw_export import export_raw
from ingest.raw_views import register_raw_views
from synthetic.generate import DEFAULT_SEED

_CHANGED = "risk.fct_risk_scores"


@dataclass(frozen=True)
class StepResult:
    """One step on both engines. ratio: CPU of Spark / CPU of DuckDB; null for a cluster."""

    step: str
    duckdb: Build
    spark: Build
    cpu_ratio: float | None
    marts: tuple[Agreement, ...]


@dataclass(frozen=True)
class Result:
    """planning: whose settings plan Spark's queries. emptied_rows: consignments of the emptied day
    after each step. control: what the comparison said about one changed score."""

    parcels_per_day: int
    seed: int
    engine: str
    planning: str
    steps: tuple[StepResult, ...]
    emptied_rows: tuple[int, ...]
    control: Agreement
    jvm_peak_megabytes: float | None

    @property
    def holds(self) -> bool:
        """Everything equal, the day emptied by the corrections, the changed score found."""
        return (
            not any(mart.differences for step in self.steps for mart in step.marts)
            and self.emptied_rows[0] > 0
            and (self.steps[-1].step != STEPS[-1] or self.emptied_rows[-1] == 0)
            and self.control.differences == 1
            and "score_points" in self.control.examples[0]
        )


def run(
    work: Path,
    *,
    parcels_per_day: int,
    seed: int = DEFAULT_SEED,
    thrift: tuple[str, int] | None = None,
    as_shipped: bool = False,
    only: Sequence[str] = STEPS,
    arguments: tuple[str, ...] = (),
) -> Result:
    """Build and compare below the empty folder `work`; `arguments` are dbt's, on both engines.

    as_shipped: Spark's default planning instead of the settings for small data.
    only: names of the steps, the first of them included; later steps stand on their own.

    Raises WarehouseError when a delivery is refused or a dbt node fails.
    """
    home = Home(work / "home")
    home.work.mkdir(parents=True)
    here = DuckDB(home.warehouse, work / "dbt")
    spark = Spark(work / "spark", work / "dbt", thrift, as_shipped=as_shipped)
    results, emptied = [], []
    try:
        chosen = steps(work / "deliveries", parcels_per_day=parcels_per_day, seed=seed)
        let_a_scorecard_count(home, min(step.from_day for step in chosen))
        # Inside the first window: two tables in one run.
        let_item_names_count(home, chosen[0].to_day)
        for step in (step for step in chosen if step.name in only):
            results.append(
                _step(step, home, here, spark, work / step.name.replace(" ", "_"), arguments)
            )
            emptied.append(_rows_of_the_emptied_day(home))
        peak = spark.peak_megabytes()
    finally:
        spark.stop()
    last = work / step.name.replace(" ", "_")
    return Result(
        parcels_per_day=parcels_per_day,
        seed=seed,
        engine="driver in the dbt process" if thrift is None else "cluster behind a Thrift Server",
        planning="as Spark ships it" if as_shipped else "set for small data",
        steps=tuple(results),
        emptied_rows=tuple(emptied),
        control=_control(here.marts(), last),
        jvm_peak_megabytes=None if peak is None else round(peak),
    )


def _step(
    step: Step, home: Home, here: DuckDB, spark: Spark, folder: Path, arguments: tuple[str, ...]
) -> StepResult:
    step.bring(home)
    with duckdb.connect(str(home.warehouse)) as connection:
        register_raw_views(connection, home, step.from_day, step.to_day)
        listing = export_raw(connection, home, step.from_day, step.to_day, folder / "raw")
    costs = here.build(arguments), spark.build(arguments, listing)
    agreements = []
    for mart in here.marts():
        here.copy(mart, folder / "duckdb" / mart.name)
        spark.copy(mart, folder / "spark" / mart.name)
        agreements.append(
            compare(
                mart.name, mart.key, folder / "duckdb" / mart.name, folder / "spark" / mart.name
            )
        )
    ratio = None if spark.jvm is None else round(costs[1].cpu_seconds / costs[0].cpu_seconds, 1)
    return StepResult(step.name, *costs, ratio, tuple(agreements))


def _rows_of_the_emptied_day(home: Home) -> int:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        row = connection.execute(
            "select count(*) from core.fct_consignments where day = ?", [emptied_day()]
        ).fetchone()
    return int(row[0]) if row else 0


def _control(marts: list[Mart], folder: Path) -> Agreement:
    """Compare once more after one score was changed: the comparison must say so."""
    (mart,) = [mart for mart in marts if mart.name == _CHANGED]
    changed = folder / "control"
    changed.mkdir()
    source = folder / "duckdb" / mart.name / "part.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table scores as from read_parquet('{source}')")
        connection.execute(
            "update scores set score_points = score_points + 1 "
            "where rowid = (select min(rowid) from scores)"
        )
        connection.execute(f"copy scores to '{changed / 'part.parquet'}' (format parquet)")
    return compare(mart.name, mart.key, changed, folder / "spark" / mart.name)


def _print(result: Result) -> None:
    names = [step.step for step in result.steps]
    print(f"{'mart':44}" + "".join(f"{name + ': rows':>20} different" for name in names))
    for index, mart in enumerate(result.steps[0].marts):
        cells = [step.marts[index] for step in result.steps]
        print(f"{mart.mart:44}" + "".join(f"{c.rows:>20,} {c.differences:>9}" for c in cells))
    for step in result.steps:
        for mart in step.marts:
            for example in mart.examples:
                print(f"DIFFERENT after {step.step}: {mart.mart}: {example}")
        ratio = "" if step.cpu_ratio is None else f", ratio of CPU {step.cpu_ratio}"
        print(
            f"{step.step}: DuckDB {step.duckdb.cpu_seconds} CPU s, {step.duckdb.wall_seconds} s; "
            f"Spark {step.spark.cpu_seconds} CPU s, {step.spark.wall_seconds} s{ratio}"
        )
        print(f"  data tests: DuckDB {_said(step.duckdb)}; Spark {_said(step.spark)}")
    print(f"consignments of the emptied day after each step: {result.emptied_rows}")
    control = result.control
    print(f"negative control: {control.mart}, {control.differences} different: {control.examples}")
    if result.jvm_peak_megabytes is not None:
        print(f"peak memory of the JVM: {result.jvm_peak_megabytes:,.0f} MB")
    verdict = "EQUAL" if result.holds else "NOT EQUAL"
    print(f"Spark as {result.engine}, planning {result.planning}: {verdict}")


def _said(build: Build) -> str:
    return ", ".join(f"{count} {word}" for word, count in build.data_tests.items()) or "none run"


def main() -> int:
    """0: every mart is equal and the control was found; 1: not."""
    parser = argparse.ArgumentParser(prog="benchmarks.parity", description=__doc__)
    parser.add_argument("--parcels", type=int, default=2_000, help="parcels a day")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--thrift", metavar="HOST:PORT", help="a standing cluster's Thrift Server")
    parser.add_argument(
        "--work", type=Path, help="folder for everything; must be shared with a cluster"
    )
    parser.add_argument(
        "--as-shipped",
        action="store_true",
        help="Spark's default planning (adaptive, code generation, pruning) instead of that for"
        " small data; a cluster must have been started so",
    )
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS, help="default: all")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--record", type=Path)
    parser.add_argument("dbt", nargs="*", help="further arguments of dbt build, after --")
    chosen = parser.parse_args()
    host, _, port = (chosen.thrift or "").rpartition(":")
    with tempfile.TemporaryDirectory(prefix="parity-", dir=chosen.work) as folder:
        try:
            result = run(
                Path(folder),
                parcels_per_day=chosen.parcels,
                seed=chosen.seed,
                thrift=(host, int(port)) if chosen.thrift else None,
                as_shipped=chosen.as_shipped,
                only=chosen.steps,
                arguments=tuple(chosen.dbt),
            )
        except WarehouseError as error:
            print(error, file=sys.stderr)
            return 1
    text = json.dumps(asdict(result) | {"holds": result.holds}, indent=1, default=str)
    if chosen.record:
        chosen.record.write_text(text + "\n", encoding="utf-8")
    print(text) if chosen.json else _print(result)
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())
