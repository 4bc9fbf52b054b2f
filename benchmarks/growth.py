"""Does a day cost the same in month 12 as in month 1? CPU of single days as the history grows.

Defines the measurement of growth. Add here another cost of a day that could grow. Keep out: budgets
(the README states them), the steps of a day (the command line).

A home for each month asked for: its history is built in runs of 30 days and copied on the way. Then
single days are computed in turn, one in each home, so that a machine that is slower for a while is
slower for all. Only the single days are measured: deliver and run, each as its own process. Month 0
is a home without history, whose measured days follow each other: with it alone, the ratio is that
of its last day to its first. All deliveries are received today, so gate 1 compares a sender with
its whole year, more than it would see in a year of real days.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.child import Cost, Trace, measured
from benchmarks.phases import Phase, dbt_results, phases
from benchmarks.product import CLI
from foundation import disk
from foundation.home import HOME_VARIABLE, Home
from synthetic.generate import DEFAULT_SEED

_BATCH_DAYS = 30
_LAST_DAY = dt.date(2026, 11, 15)


@dataclass(frozen=True)
class DayCost:
    """One measured day in the home of `month` months. Sizes after the run."""

    month: int
    day: str
    deliver: Cost
    run: Cost
    run_phases: tuple[Phase, ...]
    work_megabytes: float
    release_megabytes: float

    @property
    def cpu_seconds(self) -> float:
        """Of deliver and run together."""
        return self.deliver.cpu_seconds + self.run.cpu_seconds


@dataclass(frozen=True)
class Result:
    """ratio: median CPU of the longest history / of the shortest, or last day / first day when
    there is one home."""

    parcels_per_day: int
    seed: int
    load_before: float
    load_after: float
    costs: tuple[DayCost, ...]
    ratio: float


@dataclass(frozen=True)
class Growth:
    """What is measured, and the folder that holds deliveries and homes (kept between steps)."""

    folder: Path
    parcels: int
    months: tuple[int, ...]
    singles: int
    seed: int

    @property
    def first_day(self) -> dt.date:
        """The first day of every home."""
        return _LAST_DAY - dt.timedelta(days=self._days_of(max(self.months)) - 1)

    def home(self, month: int) -> Home:
        """The home with `month` months of history, less the days that are measured in it."""
        return Home(self.folder / f"home-{month}")

    def measured_days(self, month: int) -> list[dt.date]:
        """The last days of that history."""
        end = self._days_of(month)
        return [self._day(number) for number in range(end - self.singles, end)]

    def build(self) -> None:
        """Deliveries and homes; what is there already stays."""
        if not (self.folder / "deliveries").exists():
            self._step(
                Home(self.folder / "none"), "generate", "generate",
                "--days", str(self._days_of(max(self.months))),
                "--parcels-per-day", str(self.parcels), "--seed", str(self.seed),
                "--from", self.first_day.isoformat(), "--out", str(self.folder / "deliveries"),
                "--format", "parquet", "--json",
            )  # fmt: skip
        done, before = 0, None
        for month in sorted(self.months):
            home, until = self.home(month), self._days_of(month) - self.singles
            if not home.root.exists():
                growing = Home(self.folder / "growing")
                shutil.rmtree(growing.root, ignore_errors=True)
                if before is None:
                    self._step(growing, "states", "deliver", *self._states(), "--json")
                else:
                    shutil.copytree(before.root, growing.root, symlinks=True)
                self._extend(growing, done, until)
                growing.root.rename(home.root)
            done, before = until, home

    def measure(self) -> Result:
        """Compute the measured days, in turn over the homes."""
        load_before, costs = os.getloadavg()[0], []
        for number in range(self.singles):
            for month in self.months:
                home, day = self.home(month), self.measured_days(month)[number]
                delivered, _ = self._deliver(home, [day])
                ran, trace = self._run(home, day, day)
                current = (home.releases / "current").resolve()
                costs.append(
                    DayCost(
                        month, day.isoformat(), delivered, ran, phases(home, "run", trace),
                        _megabytes([home.warehouse]), _megabytes(current.rglob("*")),
                    )
                )  # fmt: skip
        return Result(
            self.parcels, self.seed, load_before, os.getloadavg()[0], tuple(costs), _ratio(costs)
        )

    def _days_of(self, month: int) -> int:
        return month * _BATCH_DAYS or self.singles

    def _extend(self, home: Home, done: int, until: int) -> None:
        while done < until:
            batch = [self._day(n) for n in range(done, min(done + _BATCH_DAYS, until))]
            self._deliver(home, batch)
            self._run(home, batch[0], batch[-1])
            done += len(batch)

    def _day(self, number: int) -> dt.date:
        return self.first_day + dt.timedelta(days=number)

    def _files(self) -> list[Path]:
        return sorted(path for path in (self.folder / "deliveries").iterdir() if path.is_file())

    def _states(self) -> list[str]:
        """Files whose name ends in no day."""
        return [str(path) for path in self._files() if not path.stem[-2:].isdigit()]

    def _deliver(self, home: Home, days: Sequence[dt.date]) -> tuple[Cost, Trace]:
        wanted = {day.isoformat() for day in days}
        files = [str(path) for path in self._files() if path.stem[-10:] in wanted]
        return self._step(home, f"deliver {days[0]}..{days[-1]}", "deliver", *files, "--json")

    def _run(self, home: Home, first: dt.date, last: dt.date) -> tuple[Cost, Trace]:
        ends = ("--from", first.isoformat(), "--to", last.isoformat())
        return self._step(home, f"run {first}..{last}", "run", *ends, "--json")

    def _step(self, home: Home, name: str, *command: str) -> tuple[Cost, Trace]:
        cost, trace = measured(
            name,
            (*CLI, *command),
            {HOME_VARIABLE: str(home.root)},
            self.folder / "step.log",
            watched=dbt_results(home),
        )
        print(f"{home.root.name} {name}: {cost.cpu_seconds:.1f} CPU s", file=sys.stderr)
        return cost, trace


def _ratio(costs: Sequence[DayCost]) -> float:
    months = sorted({cost.month for cost in costs})
    if len(months) == 1:
        return costs[-1].cpu_seconds / costs[0].cpu_seconds
    medians = [
        statistics.median(cost.cpu_seconds for cost in costs if cost.month == month)
        for month in months
    ]
    return medians[-1] / medians[0]


def _megabytes(paths: Iterable[Path]) -> float:
    return disk.bytes_of(paths) / 1024**2


def table(result: Result) -> str:
    """The result for a terminal."""
    lines = [
        f"growth: {result.parcels_per_day:,} parcels a day, seed {result.seed};"
        f" load {result.load_before:.1f} to {result.load_after:.1f}",
        f"{'months':>6} {'day':<10}{'deliver CPU s':>14}{'run CPU s':>11}{'sum':>8}"
        f"{'peak MB':>9}{'work MB':>9}{'release MB':>11}",
    ]
    for cost in result.costs:
        peak = max(cost.deliver.peak_megabytes, cost.run.peak_megabytes)
        lines.append(
            f"{cost.month:>6} {cost.day:<10}{cost.deliver.cpu_seconds:>14.1f}"
            f"{cost.run.cpu_seconds:>11.1f}{cost.cpu_seconds:>8.1f}{peak:>9.0f}"
            f"{cost.work_megabytes:>9.0f}{cost.release_megabytes:>11.0f}"
        )
    lines.append(f"{'months':>6} {'part of the run':<52}{'median CPU s':>14}")
    for month in sorted({cost.month for cost in result.costs}):
        parts: dict[str, list[float]] = {}
        for cost in result.costs:
            for phase in cost.run_phases if cost.month == month else ():
                parts.setdefault(phase.phase, []).append(phase.cpu_seconds)
        lines.extend(
            f"{month:>6} {name:<52}{statistics.median(seconds):>14.1f}"
            for name, seconds in parts.items()
        )
    lines.append(f"ratio, longest history / shortest: {result.ratio:.2f}")
    return "\n".join(lines)


def plot(result: Result, path: Path) -> None:
    """The measured days as an SVG chart; needs the extra `bench`."""
    import altair

    rows = [
        {"day": f"month {cost.month}, {cost.day}", "part": part, "CPU s": round(value, 2)}
        for cost in result.costs
        for part, value in (
            ("deliver", cost.deliver.cpu_seconds),
            ("run", cost.run.cpu_seconds),
        )
    ]
    title = (
        f"CPU of one day of {result.parcels_per_day:,} synthetic parcels;"
        f" longest history / shortest: {result.ratio:.2f}"
    )
    chart = altair.Chart(altair.Data(values=rows), title=title, width=400)
    chart = chart.mark_bar().encode(
        x="CPU s:Q", y=altair.Y("day:N", sort=None, title=None), color="part:N"
    )
    chart.save(str(path), format="svg")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=20_000)
    parser.add_argument("--months", type=int, nargs="+", default=[1, 6, 12])
    parser.add_argument("--singles", type=int, default=3, help="days measured in each home")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--folder", type=Path, required=True, help="for all files; it is kept")
    parser.add_argument("--build-only", action="store_true", help="do not measure yet")
    parser.add_argument("--record", type=Path, help="JSON file for the result")
    parser.add_argument("--plot", type=Path, help="SVG file for the chart (extra `bench`)")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    growth = Growth(
        arguments.folder.resolve(), arguments.parcels, tuple(arguments.months),
        arguments.singles, arguments.seed,
    )  # fmt: skip
    growth.build()
    if arguments.build_only:
        return
    result = growth.measure()
    print(table(result))
    if arguments.record:
        arguments.record.write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")
    if arguments.plot:
        plot(result, arguments.plot)


if __name__ == "__main__":
    main()
