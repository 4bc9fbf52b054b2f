"""The national day: CPU of the product from CSV to release, between two yardsticks.

limit: reading the day's CSV files and writing as many rows as Parquet, nothing else. expert: one
hand-written DuckDB script of the same marts, as fast as we can make it. product: deliver and run.
Each round measures all three, in an order that turns from round to round. Then the marts of the
last round are compared, every column.
Add here a step of the product's daily path. Keep out: budgets (the README states them), SQL
(national_day/). Nothing is asserted: the table is the result.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import odd_rows
from benchmarks.agreement import FigureAgreement, MartAgreement, compare, compare_figures
from benchmarks.child import Cost, Trace, measured
from benchmarks.phases import ModelTime, Phase, dbt_results, phases, slowest_models
from benchmarks.product import CLI, MEMORY_VARIABLE, files_of_the_day, memory_limit
from foundation.home import HOME_VARIABLE, Home
from synthetic.generate import DEFAULT_FIRST_DAY, DEFAULT_SEED

_PROJECT = Path(__file__).resolve().parent.parent
_SQL = _PROJECT / "benchmarks" / "national_day"
_EXPERT = _SQL / "expert"
_SEEDS = _PROJECT / "dbt" / "seeds"
_SIDES = ("limit", "expert", "product")


@dataclass(frozen=True)
class Machine:
    """What it ran on; load is the one-minute average before and after, of all work there."""

    processor: str
    cores: int
    load_before: float
    load_after: float


@dataclass(frozen=True)
class Round:
    """One measurement of each side, in the order of `sides`; phases, models: the product's."""

    sides: tuple[str, ...]
    load_before: float
    limit: Cost
    expert: Cost
    product: tuple[Cost, ...]
    phases: tuple[Phase, ...]
    slowest_models: tuple[ModelTime, ...]

    def steps(self, side: str) -> tuple[Cost, ...]:
        """The processes of a side."""
        return {"limit": (self.limit,), "expert": (self.expert,), "product": self.product}[side]

    def cpu_seconds(self, side: str) -> float:
        """Of all steps of a side."""
        return sum(cost.cpu_seconds for cost in self.steps(side))

    def wall_seconds(self, side: str) -> float:
        """Of all steps of a side."""
        return sum(cost.wall_seconds for cost in self.steps(side))


@dataclass(frozen=True)
class Spread:
    """One quantity over the rounds."""

    mean: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least one value."""
        return cls(statistics.mean(values), min(values), max(values))


@dataclass(frozen=True)
class Result:
    """cpu_seconds, wall_seconds, peak_megabytes (of the largest process) by side. ratios: of CPU,
    both sides of the same round; cpu_ratio: product to expert, of the means. The generator counts
    for no side."""

    parcels: int
    odd_rows: int
    seed: int
    memory_limit: str
    note: str
    machine: Machine
    generator: Cost
    rounds: tuple[Round, ...]
    cpu_seconds: dict[str, Spread]
    wall_seconds: dict[str, Spread]
    peak_megabytes: dict[str, float]
    ratios: dict[str, Spread]
    cpu_ratio: float
    marts: tuple[MartAgreement, ...]
    figures: tuple[FigureAgreement, ...]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "unknown"
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else "unknown"


class _Day:
    """A generated day in `folder`, and what is measured on it."""

    def __init__(self, folder: Path, expert: Path, memory_limit: str) -> None:
        self._folder = folder
        self._scripts = {"limit": _SQL / "limit.sql", "expert": expert}
        self._memory_limit = memory_limit
        self._deliveries = folder / "deliveries"
        self.home = Home(folder / "home")
        self.database = folder / "expert" / "marts.duckdb"

    def generate(self, parcels: int, seed: int) -> tuple[Cost, int]:
        """(cost of the ordinary rows, how many odd ones were added)."""
        cost, _ = self._step(
            "generate", *CLI, "generate", "--days", "1", "--parcels-per-day", str(parcels),
            "--seed", str(seed), "--from", DEFAULT_FIRST_DAY.isoformat(),
            "--out", str(self._deliveries), "--json",
        )  # fmt: skip
        return cost, odd_rows.add(
            self._deliveries, DEFAULT_FIRST_DAY, odd_rows.SPELLINGS + odd_rows.LARGE
        )

    def measure(self, sides: tuple[str, ...]) -> Round:
        """One round, in a new home and new databases."""
        load, scripts = os.getloadavg()[0], {}
        for side in sides:
            if side == "product":
                product = self._product()
            else:
                scripts[side] = self._script(side)
        costs, deliver, run = product
        return Round(
            sides, load, scripts["limit"], scripts["expert"], costs,
            phases(self.home, "deliver", deliver) + phases(self.home, "run", run),
            slowest_models(run),
        )  # fmt: skip

    def _product(self) -> tuple[tuple[Cost, ...], Trace, Trace]:
        shutil.rmtree(self.home.root, ignore_errors=True)
        day = DEFAULT_FIRST_DAY.isoformat()
        files = [str(path) for path in files_of_the_day(self._deliveries)]
        deliver, delivering = self._step(
            "deliver", *CLI, "deliver", *files, "--received-date", day, "--json"
        )
        run, running = self._step("run", *CLI, "run", "--day", day, "--json")
        return (deliver, run), delivering, running

    def _script(self, side: str) -> Cost:
        target = self._folder / side
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        day = DEFAULT_FIRST_DAY.isoformat()
        cost, _ = self._step(
            side, sys.executable, str(_PROJECT / "benchmarks" / "baseline.py"),
            str(_SQL / "files.sql"), str(self._scripts[side]), "--deliveries",
            str(self._deliveries), "--seeds", str(_SEEDS), "--day", day, "--received", day,
            "--database", str(target / self.database.name), "--memory-limit", self._memory_limit,
        )  # fmt: skip
        return cost

    def _step(self, name: str, *command: str) -> tuple[Cost, Trace]:
        print(f"{name} ...", file=sys.stderr)
        environment = {
            HOME_VARIABLE: str(self.home.root),
            MEMORY_VARIABLE: self._memory_limit,
        }
        return measured(
            name, command, environment, self._folder / f"{name}.log",
            watched=dbt_results(self.home),
        )  # fmt: skip


def run(parcels: int, seed: int, rounds: int, expert: Path, folder: Path, note: str) -> Result:
    """Generate a day into `folder`, measure it `rounds` times, compare the marts."""
    limit = memory_limit()
    load_before = os.getloadavg()[0]
    day = _Day(folder, expert, limit)
    generator, odd = day.generate(parcels, seed)
    done = tuple(
        day.measure(_SIDES if number % 2 == 0 else _SIDES[::-1]) for number in range(rounds)
    )
    machine = Machine(_processor(), len(os.sched_getaffinity(0)), load_before, os.getloadavg()[0])
    cpu = {side: Spread.of([one.cpu_seconds(side) for one in done]) for side in _SIDES}
    pairs = (("expert", "limit"), ("product", "expert"), ("product", "limit"))
    return Result(
        parcels=parcels, odd_rows=odd, seed=seed, memory_limit=limit, note=note,
        machine=machine, generator=generator, rounds=done, cpu_seconds=cpu,
        wall_seconds={
            side: Spread.of([one.wall_seconds(side) for one in done]) for side in _SIDES
        },
        peak_megabytes={
            side: max(cost.peak_megabytes for one in done for cost in one.steps(side))
            for side in _SIDES
        },
        ratios={
            f"{one} / {other}": Spread.of(
                [each.cpu_seconds(one) / each.cpu_seconds(other) for each in done]
            )
            for one, other in pairs
        },
        cpu_ratio=cpu["product"].mean / cpu["expert"].mean,
        marts=tuple(compare(day.home, day.database)),
        figures=tuple(compare_figures(day.home, day.database)),
    )  # fmt: skip


def table(result: Result) -> str:
    """The result for a terminal."""
    machine, last = result.machine, result.rounds[-1]
    lines = [
        f"national day: {result.parcels:,} parcels and {result.odd_rows} odd rows, seed"
        f" {result.seed}; {machine.processor}, {machine.cores} cores, memory limit"
        f" {result.memory_limit}, load {machine.load_before:.1f} to {machine.load_after:.1f}"
        f"{f'; {result.note}' if result.note else ''}",
        f"{len(result.rounds)} rounds{'CPU s':>21}{'min':>8}{'max':>8}{'wall s':>9}{'peak MB':>9}",
    ]
    for side in _SIDES:
        cpu, wall = result.cpu_seconds[side], result.wall_seconds[side]
        lines.append(
            f"{side:<20}{cpu.mean:>9.1f}{cpu.minimum:>8.1f}{cpu.maximum:>8.1f}"
            f"{wall.mean:>9.1f}{result.peak_megabytes[side]:>9.0f}"
        )
    lines.append("ratio of CPU, by round")
    lines.extend(
        f"{name:<20}{ratio.mean:>9.2f}{ratio.minimum:>8.2f}{ratio.maximum:>8.2f}"
        for name, ratio in result.ratios.items()
    )
    product = last.cpu_seconds("product")
    lines.append(
        f"last round: deliver {last.product[0].cpu_seconds:.1f} CPU s,"
        f" run {last.product[1].cpu_seconds:.1f} CPU s"
    )
    lines.append(f"{'part of a product step, last round':<46}{'CPU s':>9}{'share':>8}{'wall s':>9}")
    lines.extend(
        f"{f'{phase.step}: {phase.phase}':<46}{phase.cpu_seconds:>9.1f}"
        f"{phase.cpu_seconds / product:>8.0%}{phase.wall_seconds:>9.1f}"
        for phase in last.phases
    )
    lines.append("longest dbt nodes, last round (wall s, two at a time)")
    lines.extend(f"  {time.node:<70}{time.wall_seconds:>8.1f}" for time in last.slowest_models)
    lines.append(f"{'mart':<34}{'product':>12}{'expert':>12}{'columns':>9}  agrees")
    for mart in result.marts:
        counts = [
            "absent" if rows is None else f"{rows:,}"
            for rows in (mart.product_rows, mart.baseline_rows)
        ]
        lines.append(
            f"{mart.mart:<34}{counts[0]:>12}{counts[1]:>12}{mart.columns:>9}  {mart.agrees}"
            f" {' '.join(mart.differing)}".rstrip()
        )
    differing = [figure for figure in result.figures if not figure.agrees]
    lines.append(f"figures: {len(result.figures)}, of which differ: {len(differing)}")
    lines.extend(
        f"  {figure.figure:<56}{figure.product or '-':>20}{figure.baseline or '-':>20}"
        for figure in differing
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
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--baseline", type=Path, default=_EXPERT, help="SQL file or folder")
    parser.add_argument("--note", default="", help="what else is to be known, e.g. other jobs ran")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--folder", type=Path, help="empty folder for all files; it is kept")
    parser.add_argument("--record", type=Path, help="JSON list of results to put this one into")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="national-day-") as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(
            arguments.parcels, arguments.seed, arguments.rounds, arguments.baseline.resolve(),
            folder.resolve(), arguments.note,
        )  # fmt: skip
    if arguments.record:
        record(result, arguments.record)
    print(json.dumps(asdict(result), indent=2) if arguments.json else table(result))


if __name__ == "__main__":
    main()
