"""Does a day cost the same in month 12 as in month 1? CPU of single days as the history grows.

Defines the measurement of growth. Add here another cost of a day that could grow. Keep out: budgets
(the README states them), the steps of a day (the command line).

One home: a month of history in one run, then single days; more history in runs of 30 days, then
single days again. Only the single days are measured: deliver and run, each as its own process.
"""

import argparse
import datetime as dt
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.child import Cost, measured
from foundation.home import HOME_VARIABLE, Home
from ingest.synthetic.generate import DEFAULT_SEED

_CLI = (sys.executable, "-P", "-m", "dagster_project.cli")
_BATCH_DAYS = 30
_LAST_DAY = dt.date(2026, 11, 15)


@dataclass(frozen=True)
class DayCost:
    """One measured day. month: 1 for the first thirty days of the home. Sizes after the run."""

    month: int
    day: str
    deliver: Cost
    run: Cost
    work_megabytes: float
    release_megabytes: float

    @property
    def cpu_seconds(self) -> float:
        """Of deliver and run together."""
        return self.deliver.cpu_seconds + self.run.cpu_seconds


@dataclass(frozen=True)
class Result:
    """ratio: median CPU of the last month measured / of the first one."""

    parcels_per_day: int
    days: int
    seed: int
    load_before: float
    load_after: float
    costs: tuple[DayCost, ...]
    ratio: float


def run(
    parcels: int, days: int, singles: int, seed: int, months: Sequence[int], folder: Path
) -> Result:
    """Build a history of `days` days at `parcels` a day; measure `singles` days in each month."""
    home = Home(folder / "home")
    environment = {HOME_VARIABLE: str(home.root)}
    first = _LAST_DAY - dt.timedelta(days=days - 1)
    load_before = os.getloadavg()[0]

    def step(name: str, *command: str) -> Cost:
        cost, _ = measured(name, (*_CLI, *command), environment, folder / "step.log")
        print(f"{name}: {cost.cpu_seconds:.1f} CPU s", file=sys.stderr)
        return cost

    deliveries = folder / "deliveries"
    step(
        "generate", "generate", "--days", str(days), "--parcels-per-day", str(parcels), "--seed",
        str(seed), "--from", first.isoformat(), "--out", str(deliveries), "--format", "parquet",
        "--json",
    )  # fmt: skip
    files = sorted(path for path in deliveries.iterdir() if path.is_file())
    states = [str(path) for path in files if not path.stem[-10:][:4].isdigit()]
    step("states", "deliver", *states, "--json")
    costs: list[DayCost] = []
    done = 0
    for month in months:
        until = min(month * _BATCH_DAYS, days) - singles
        while done < until:
            batch = min(_BATCH_DAYS, until - done)
            span = [first + dt.timedelta(days=done + number) for number in range(batch)]
            step(f"deliver {span[0]}..{span[-1]}", "deliver", *_files_of(files, span), "--json")
            ends = ("--from", span[0].isoformat(), "--to", span[-1].isoformat())
            step(f"run {span[0]}..{span[-1]}", "run", *ends, "--json")
            done += batch
        for _ in range(singles):
            day = first + dt.timedelta(days=done)
            delivered = step(f"deliver {day}", "deliver", *_files_of(files, [day]), "--json")
            ran = step(f"run {day}", "run", "--day", day.isoformat(), "--json")
            costs.append(
                DayCost(
                    month, day.isoformat(), delivered, ran, _megabytes([home.warehouse]),
                    _megabytes((home.releases / "current").resolve().rglob("*")),
                )
            )  # fmt: skip
            done += 1
    medians = {
        month: statistics.median(cost.cpu_seconds for cost in costs if cost.month == month)
        for month in months
    }
    ratio = medians[months[-1]] / medians[months[0]]
    return Result(parcels, days, seed, load_before, os.getloadavg()[0], tuple(costs), ratio)


def _files_of(files: Sequence[Path], days: Sequence[dt.date]) -> list[str]:
    wanted = {day.isoformat() for day in days}
    return [str(path) for path in files if path.stem[-10:] in wanted]


def _megabytes(paths: object) -> float:
    found = [path for path in paths if path.is_file()]  # type: ignore[attr-defined]
    return sum(path.stat().st_size for path in found) / 1024**2


def table(result: Result) -> str:
    """The result for a terminal."""
    lines = [
        f"growth: {result.parcels_per_day:,} parcels a day, {result.days} days, seed {result.seed};"
        f" load {result.load_before:.1f} to {result.load_after:.1f}",
        f"{'month':>5} {'day':<10}{'deliver CPU s':>14}{'run CPU s':>11}{'sum':>8}"
        f"{'peak MB':>9}{'work MB':>9}{'release MB':>11}",
    ]
    for cost in result.costs:
        peak = max(cost.deliver.peak_megabytes, cost.run.peak_megabytes)
        lines.append(
            f"{cost.month:>5} {cost.day:<10}{cost.deliver.cpu_seconds:>14.1f}"
            f"{cost.run.cpu_seconds:>11.1f}{cost.cpu_seconds:>8.1f}{peak:>9.0f}"
            f"{cost.work_megabytes:>9.0f}{cost.release_megabytes:>11.0f}"
        )
    lines.append(f"ratio of the medians, last month measured / first: {result.ratio:.2f}")
    return "\n".join(lines)


def plot(result: Result, path: Path) -> None:
    """The measured days as an SVG chart; needs the extra `bench`."""
    import altair

    rows = [
        {"day": cost.day, "part": part, "CPU s": round(value, 2)}
        for cost in result.costs
        for part, value in (
            ("deliver", cost.deliver.cpu_seconds),
            ("run", cost.run.cpu_seconds),
        )
    ]
    title = (
        f"CPU of one day, {result.parcels_per_day:,} parcels a day, history of {result.days} days"
        f" (synthetic); ratio {result.ratio:.2f}"
    )
    chart = altair.Chart(altair.Data(values=rows), title=title)
    chart = chart.mark_bar().encode(x="day:O", y="CPU s:Q", color="part:N")
    chart.save(str(path), format="svg")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=360)
    parser.add_argument("--singles", type=int, default=3, help="days measured in each month")
    parser.add_argument("--months", type=int, nargs="+", default=[1, 6, 12])
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--folder", type=Path, help="empty folder for all files; it is kept")
    parser.add_argument("--record", type=Path, help="JSON file for the result")
    parser.add_argument("--plot", type=Path, help="SVG file for the chart (extra `bench`)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="growth-") as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(
            arguments.parcels, arguments.days, arguments.singles, arguments.seed,
            arguments.months, folder.resolve(),
        )  # fmt: skip
    print(table(result))
    if arguments.record:
        arguments.record.write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")
    if arguments.plot:
        plot(result, arguments.plot)


if __name__ == "__main__":
    main()
