"""The national day: CPU of the product from CSV to release, against hand-written DuckDB SQL.

Add here a step of the product's daily path. Keep out: budgets (the README states them), SQL
(national_day/*.sql). Nothing is asserted: the table is the result.
"""

import argparse
import datetime as dt
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.agreement import FigureAgreement, MartAgreement, compare, compare_figures
from benchmarks.child import Cost, Sample, measured
from benchmarks.phases import ModelTime, Phase, phases, slowest_models
from foundation.home import HOME_VARIABLE, Home
from synthetic.generate import DEFAULT_FIRST_DAY, DEFAULT_SEED

_PROJECT = Path(__file__).resolve().parent.parent
_SCRIPTS = _PROJECT / "benchmarks" / "national_day"
_SEEDS = _PROJECT / "dbt" / "seeds"
_OUTCOMES_KNOWN_AFTER = dt.timedelta(days=4)
_CLI = (sys.executable, "-P", "-m", "cli.main")


@dataclass(frozen=True)
class Machine:
    """What it ran on; load is the one-minute average before and after, of all work there."""

    processor: str
    cores: int
    load_before: float
    load_after: float


@dataclass(frozen=True)
class Result:
    """cpu_ratio: product / baseline; the generator counts for neither."""

    parcels: int
    seed: int
    machine: Machine
    generator: Cost
    product: tuple[Cost, ...]
    product_cpu_seconds: float
    baseline: Cost
    cpu_ratio: float
    phases: tuple[Phase, ...]
    slowest_models: tuple[ModelTime, ...]
    marts: tuple[MartAgreement, ...]
    figures: tuple[FigureAgreement, ...]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "unknown"
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else "unknown"


def run(parcels: int, seed: int, scripts: Path, folder: Path) -> Result:
    """Generate a day into `folder`, run the product and the baseline on it, compare the marts."""
    day = DEFAULT_FIRST_DAY.isoformat()
    deliveries, home = folder / "deliveries", Home(folder / "home")
    environment = {HOME_VARIABLE: str(home.root)}
    load_before = os.getloadavg()[0]

    def step(name: str, *command: str) -> tuple[Cost, tuple[Sample, ...]]:
        print(f"{name} ...", file=sys.stderr)
        return measured(name, command, environment, folder / f"{name}.log")

    generator, _ = step(
        "generate", *_CLI, "generate", "--days", "1", "--parcels-per-day", str(parcels),
        "--seed", str(seed), "--from", day, "--out", str(deliveries), "--json",
    )  # fmt: skip
    files = sorted(str(path) for path in deliveries.glob("*.csv"))
    # The outcomes of a day's inspections are known up to four days later.
    received = (DEFAULT_FIRST_DAY + _OUTCOMES_KNOWN_AFTER).isoformat()
    deliver, deliver_samples = step(
        "deliver", *_CLI, "deliver", *files, "--received-date", received, "--json"
    )
    daily_run, run_samples = step("run", *_CLI, "run", "--day", day, "--json")
    database = folder / "baseline.duckdb"
    baseline, _ = step(
        "baseline", sys.executable, "-m", "benchmarks.baseline", str(scripts), str(deliveries),
        str(_SEEDS), day, str(database),
    )  # fmt: skip
    product = (deliver, daily_run)
    product_cpu = sum(cost.cpu_seconds for cost in product)
    return Result(
        parcels=parcels,
        seed=seed,
        machine=Machine(
            _processor(), len(os.sched_getaffinity(0)), load_before, os.getloadavg()[0]
        ),
        generator=generator,
        product=product,
        product_cpu_seconds=product_cpu,
        baseline=baseline,
        cpu_ratio=product_cpu / baseline.cpu_seconds,
        phases=phases(home, "deliver", deliver_samples) + phases(home, "run", run_samples),
        slowest_models=slowest_models(home),
        marts=tuple(compare(home, database)),
        figures=tuple(compare_figures(home, database)),
    )


def table(result: Result) -> str:
    """The result for a terminal."""
    machine = result.machine
    lines = [
        f"national day: {result.parcels:,} parcels, seed {result.seed}; {machine.processor}, "
        f"{machine.cores} cores, load {machine.load_before:.1f} to {machine.load_after:.1f}",
        f"{'step':<10}{'CPU s':>9}{'share':>8}{'wall s':>9}{'peak MB':>9}{'tree MB':>9}",
    ]
    for cost in (result.generator, *result.product, result.baseline):
        share = cost.cpu_seconds / result.product_cpu_seconds
        tree = cost.tree_peak_megabytes
        lines.append(
            f"{cost.step:<10}{cost.cpu_seconds:>9.1f}"
            f"{f'{share:.0%}' if cost in result.product else '':>8}{cost.wall_seconds:>9.1f}"
            f"{cost.peak_megabytes:>9.0f}{'' if tree is None else f'{tree:.0f}':>9}"
        )
    lines.append(
        f"product CPU {result.product_cpu_seconds:.1f} s; cpu_ratio {result.cpu_ratio:.2f}"
    )
    lines.append(f"{'part of a product step':<46}{'CPU s':>9}{'share':>8}{'wall s':>9}")
    lines.extend(
        f"{f'{phase.step}: {phase.phase}':<46}{phase.cpu_seconds:>9.1f}"
        f"{phase.cpu_seconds / result.product_cpu_seconds:>8.0%}{phase.wall_seconds:>9.1f}"
        for phase in result.phases
    )
    lines.append("longest dbt nodes (wall s, two at a time)")
    lines.extend(f"  {time.node:<70}{time.wall_seconds:>8.1f}" for time in result.slowest_models)
    lines.append(f"{'mart':<34}{'product':>12}{'baseline':>12}  agrees")
    for mart in result.marts:
        counts = [
            "absent" if rows is None else f"{rows:,}"
            for rows in (mart.product_rows, mart.baseline_rows)
        ]
        lines.append(f"{mart.mart:<34}{counts[0]:>12}{counts[1]:>12}  {mart.agrees}")
    lines.append(f"{'figure':<58}{'product':>20}{'baseline':>20}  agrees")
    lines.extend(
        f"{figure.figure:<58}{figure.product or '-':>20}{figure.baseline or '-':>20}"
        f"  {figure.agrees}"
        for figure in result.figures
    )
    return "\n".join(lines)


def record(result: Result, path: Path) -> None:
    """Put `result` into the JSON list at `path`, in place of an earlier one of the same size."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    kept = [entry for entry in kept if entry["parcels"] != result.parcels] + [asdict(result)]
    kept.sort(key=lambda entry: entry["parcels"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--baseline", type=Path, default=_SCRIPTS, help="SQL file or folder")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--folder", type=Path, help="empty folder for all files; it is kept")
    parser.add_argument("--record", type=Path, help="JSON list of results to put this one into")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="national-day-") as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(arguments.parcels, arguments.seed, arguments.baseline, folder.resolve())
    if arguments.record:
        record(result, arguments.record)
    print(json.dumps(asdict(result), indent=2) if arguments.json else table(result))


if __name__ == "__main__":
    main()
