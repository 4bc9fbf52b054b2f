"""The dbt stage of a national day beside that of another checkout of the project, in one run.

Both checkouts take in the same generated day in homes of their own, each by its own code; rounds
turn the order. The stage is every dbt build of the run, with the CPU of all its processes.
Add here another quantity both sides have. Keep out: what the marts say (national_day.py).
"""

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.child import Cost, Trace, measured
from benchmarks.parity.model import let_a_scorecard_count
from benchmarks.phases import ModelTime, Phase, dbt_results, phases, slowest_models
from benchmarks.product import CLI, MEMORY_VARIABLE, files_of_the_day, memory_limit
from foundation.errors import WarehouseError
from foundation.home import HOME_VARIABLE, Home
from synthetic.generate import DEFAULT_FIRST_DAY, DEFAULT_SEED

_PROJECT = Path(__file__).resolve().parent.parent
_DBT = "dbt build"


@dataclass(frozen=True)
class Side:
    """One day of one checkout. dbt_cpu_seconds: all dbt builds; peak of the largest process."""

    name: str
    deliver: Cost
    run: Cost
    dbt_cpu_seconds: float
    dbt_wall_seconds: float
    phases: tuple[Phase, ...]
    slowest_models: tuple[ModelTime, ...]


@dataclass(frozen=True)
class Result:
    """ratio: CPU of the dbt stage here to that of the other checkout, sums over the rounds."""

    parcels: int
    seed: int
    left_out: tuple[str, ...]
    rounds: tuple[tuple[Side, ...], ...]
    ratio: float


def _step(checkout: Path, home: Home, name: str, log: Path, *arguments: str) -> tuple[Cost, Trace]:
    print(f"{checkout.name}: {name} ...", file=sys.stderr)
    environment = {
        HOME_VARIABLE: str(home.root),
        MEMORY_VARIABLE: memory_limit(),
        "PYTHONPATH": str(checkout),
    }
    return measured(
        name, (*CLI, *arguments), environment, log, watched=dbt_results(home)
    )  # fmt: skip


def _sources(checkout: Path) -> set[str]:
    return {path.stem for path in (checkout / "contracts" / "sources").glob("[a-z]*.py")}


def _files(deliveries: Path, known: set[str]) -> tuple[list[str], list[str]]:
    """(files both sides know the source of, names of the others)."""
    taken: list[str] = []
    left_out: list[str] = []
    for path in files_of_the_day(deliveries):
        is_known = path.stem in known or any(path.stem.startswith(f"{one}_2") for one in known)
        (taken if is_known else left_out).append(str(path) if is_known else path.name)
    return taken, left_out


def _side(checkout: Path, name: str, files: list[str], folder: Path, scorecard: bool) -> Side:
    home = Home(folder / f"home-{name}")
    shutil.rmtree(home.root, ignore_errors=True)
    if scorecard:
        let_a_scorecard_count(home, DEFAULT_FIRST_DAY)
    day, log = DEFAULT_FIRST_DAY.isoformat(), folder / f"{name}.log"
    deliver, _ = _step(
        checkout, home, "deliver", log, "deliver", *files, "--received-date", day, "--json"
    )
    run, trace = _step(checkout, home, "run", log, "run", "--day", day, "--json")
    parts = phases(home, "run", trace)
    stage = [part for part in parts if part.phase.startswith(_DBT)]
    return Side(
        name, deliver, run, sum(part.cpu_seconds for part in stage),
        sum(part.wall_seconds for part in stage), parts, slowest_models(trace),
    )  # fmt: skip


def run(
    other: Path, parcels: int, seed: int, rounds: int, folder: Path, scorecard: bool = False
) -> Result:
    """Measure `rounds` days of `parcels` here and in the checkout `other`. scorecard: here a fitted
    model of every feature counts, as after a first promotion; there none does."""
    if not (known := _sources(other)):
        raise WarehouseError(
            "the other checkout has no contracts of sources",
            where=str(other),
            remedy="name the root of another checkout of this project",
        )
    deliveries = folder / "deliveries"
    _step(
        _PROJECT, Home(folder / "home-generator"), "generate", folder / "generate.log",
        "generate", "--days", "1", "--parcels-per-day", str(parcels), "--seed", str(seed),
        "--from", DEFAULT_FIRST_DAY.isoformat(), "--out", str(deliveries), "--json",
    )  # fmt: skip
    files, left_out = _files(deliveries, known)
    sides = ((other, "before"), (_PROJECT, "here"))
    for checkout, name in sides:
        # a new checkout parses its models once: not part of a day
        _step(
            checkout, Home(folder / f"home-warm-{name}"), "run", folder / f"{name}.log",
            "run", "--day", DEFAULT_FIRST_DAY.isoformat(), "--even-if-empty", "--json",
        )  # fmt: skip
    done = []
    for number in range(rounds):
        order = sides if number % 2 == 0 else sides[::-1]
        done.append(
            tuple(
                _side(checkout, name, files, folder, scorecard and checkout == _PROJECT)
                for checkout, name in order
            )
        )
    sums = {
        name: sum(side.dbt_cpu_seconds for each in done for side in each if side.name == name)
        for _, name in sides
    }
    return Result(
        parcels, seed, tuple(left_out), tuple(done), sums["here"] / sums["before"]
    )  # fmt: skip


def table(result: Result) -> str:
    """The result for a terminal."""
    lines = [
        f"{result.parcels:,} parcels, seed {result.seed}; files the other checkout does not know:"
        f" {', '.join(result.left_out) or 'none'}",
        f"{'side':<10}{'deliver CPU s':>15}{'run CPU s':>11}{'dbt CPU s':>11}{'dbt wall s':>12}"
        f"{'peak MB':>9}",
    ]
    lines.extend(
        f"{side.name:<10}{side.deliver.cpu_seconds:>15.1f}{side.run.cpu_seconds:>11.1f}"
        f"{side.dbt_cpu_seconds:>11.1f}{side.dbt_wall_seconds:>12.1f}"
        f"{side.run.peak_megabytes:>9.0f}"
        for each in result.rounds
        for side in each
    )
    lines.append(f"CPU of the dbt stage, here / before: {result.ratio:.2f}")
    for side in result.rounds[-1]:
        lines.append(f"{side.name}: phases (CPU s), longest dbt nodes (wall s, two at a time)")
        lines.extend(f"  {part.phase:<60}{part.cpu_seconds:>9.1f}" for part in side.phases)
        lines.extend(f"  {node.node:<72}{node.wall_seconds:>8.1f}" for node in side.slowest_models)
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="root of another checkout of this project")
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--scorecard", action="store_true", help="a fitted model counts here")
    parser.add_argument("--folder", type=Path, help="empty folder for all files; it is kept")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="beside-") as temporary:
        folder = (arguments.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        result = run(
            arguments.other.resolve(), arguments.parcels, arguments.seed, arguments.rounds, folder,
            arguments.scorecard,
        )  # fmt: skip
    print(json.dumps(asdict(result), indent=1) if arguments.json else table(result))


if __name__ == "__main__":
    main()
