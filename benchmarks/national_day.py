"""The national day: CPU of the product from CSV to release, against one DuckDB script.

Add here a step of the product's daily path. Keep out: budgets (the README states them), SQL.
Nothing is asserted: the table is the result.
"""

import argparse
import datetime as dt
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.agreement import MartAgreement, compare
from benchmarks.child import Cost, measured
from foundation.home import HOME_VARIABLE, Home
from ingest.synthetic.generate import DEFAULT_FIRST_DAY, DEFAULT_SEED

_OUTCOMES_KNOWN_AFTER = dt.timedelta(days=4)
_CLI = (sys.executable, "-m", "dagster_project.cli")


@dataclass(frozen=True)
class Result:
    """cpu_ratio: product / baseline, null without a baseline; the generator counts for neither."""

    parcels: int
    seed: int
    threads: int
    generator: Cost
    product: tuple[Cost, ...]
    baseline: Cost | None
    cpu_ratio: float | None
    marts: tuple[MartAgreement, ...]

    @property
    def product_cpu(self) -> float:
        """CPU seconds of all product steps."""
        return sum(cost.cpu_seconds for cost in self.product)


def run(parcels: int, seed: int, baseline_script: Path | None, folder: Path) -> Result:
    """Generate a day into `folder`, run the product and the baseline on it, compare the marts."""
    day = DEFAULT_FIRST_DAY.isoformat()
    deliveries, home = folder / "deliveries", Home(folder / "home")
    environment = {HOME_VARIABLE: str(home.root)}

    def step(name: str, *command: str) -> Cost:
        return measured(name, command, environment, folder / f"{name}.log")

    generator = step(
        "generate", *_CLI, "generate", "--days", "1", "--parcels-per-day", str(parcels),
        "--seed", str(seed), "--from", day, "--out", str(deliveries), "--json",
    )  # fmt: skip
    # The outcomes of a day's inspections are known up to four days later, and delivered then.
    late = sorted(str(path) for path in deliveries.glob("inspection_outcome_*.csv"))
    files = sorted(str(path) for path in deliveries.glob("*.csv") if str(path) not in late)
    known = (DEFAULT_FIRST_DAY + _OUTCOMES_KNOWN_AFTER).isoformat()
    product = (
        step("deliver", *_CLI, "deliver", *files, "--received-date", day, "--json"),
        step("outcomes", *_CLI, "deliver", *late, "--received-date", known, "--json"),
        step("run", *_CLI, "run", "--day", day, "--json"),
    )
    baseline: Cost | None = None
    database: Path | None = None
    if baseline_script is not None:
        database = folder / "baseline.duckdb"
        baseline = step(
            "baseline", sys.executable, "-m", "benchmarks.baseline", str(baseline_script),
            str(deliveries), str(database),
        )  # fmt: skip
    released = home.releases / "current" / "customs" / "warehouse.duckdb"
    return Result(
        parcels=parcels,
        seed=seed,
        threads=len(os.sched_getaffinity(0)),
        generator=generator,
        product=product,
        baseline=baseline,
        cpu_ratio=sum(cost.cpu_seconds for cost in product) / baseline.cpu_seconds
        if baseline
        else None,
        marts=tuple(compare(released, database)),
    )


def table(result: Result) -> str:
    """The result for a terminal."""
    lines = [
        f"national day: {result.parcels:,} parcels, seed {result.seed}, {result.threads} cores",
        f"{'step':<10}{'CPU s':>10}{'share':>8}{'wall s':>10}{'peak MB':>10}",
    ]
    for cost in (result.generator, *result.product, *filter(None, [result.baseline])):
        share = f"{cost.cpu_seconds / result.product_cpu:.0%}" if cost in result.product else ""
        lines.append(
            f"{cost.step:<10}{cost.cpu_seconds:>10.1f}{share:>8}{cost.wall_seconds:>10.1f}"
            f"{cost.peak_megabytes:>10.0f}"
        )
    ratio = "no baseline was run" if result.cpu_ratio is None else f"{result.cpu_ratio:.2f}"
    lines.append(f"cpu_ratio (product / baseline): {ratio}")
    lines.append(f"{'mart':<34}{'product':>12}{'baseline':>12}  agrees")
    for mart in result.marts:
        counts = [
            "absent" if rows is None else f"{rows:,}"
            for rows in (mart.product_rows, mart.baseline_rows)
        ]
        lines.append(f"{mart.mart:<34}{counts[0]:>12}{counts[1]:>12}  {mart.agrees}")
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--baseline", type=Path, help="SQL script that builds the same marts")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--folder", type=Path, help="empty folder for all files; it is kept")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="national-day-") as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(arguments.parcels, arguments.seed, arguments.baseline, folder.resolve())
    if arguments.json:
        document = {**asdict(result), "product_cpu_seconds": result.product_cpu}
        print(json.dumps(document, indent=2))
    else:
        print(table(result))


if __name__ == "__main__":
    main()
