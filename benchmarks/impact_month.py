"""A month as daily aggregates: CPU and memory of the impact marts and of both editions.

One day is delivered and run by the product; the tables that the warehouse keeps a day of (flows,
contributors, products, listings) are then copied to the other days of the month, so that the month
has the aggregates of as many parcels as days times that day's. Measured, each as a process of its
own: the dbt models of impact that make months of them, as the run of the month's last day would,
and the report of either edition on what they made. SYNTHETIC, and every day the same one: growth
and prices say nothing, and real names of goods repeat less from day to day.
Add here another reader of the month. Keep out: the day itself (national_day.py), one formula's
speed (price_index.py).
"""

import argparse
import calendar
import datetime as dt
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb

from benchmarks.child import Cost, measured
from benchmarks.product import CLI, MEMORY_VARIABLE, files_of_the_day, memory_limit
from foundation.home import HOME_VARIABLE, Home
from synthetic.generate import DEFAULT_SEED

_LAST_DAY = dt.date(2026, 10, 31)
_MONTH = _LAST_DAY.replace(day=1)
# Kept a day at a time, though made from more than consignments.
_LISTINGS = "core.fct_listing_observations"
_EDITIONS = ("internal", "public")
_RELEASE = "month.duckdb"  # what the reports read


@dataclass(frozen=True)
class Result:
    """rows: of the kept tables in the whole month. marts, reports: what each step cost."""

    parcels_of_month: int
    seed: int
    memory_limit: str
    rows: dict[str, int]
    models: tuple[str, ...]
    marts: Cost
    reports: tuple[Cost, ...]

    @property
    def cpu_seconds(self) -> float:
        """Of the marts and both editions."""
        return self.marts.cpu_seconds + sum(cost.cpu_seconds for cost in self.reports)


def _models() -> tuple[list[str], list[str]]:
    """(tables that are kept by day, schema.name; the other models of impact by name)."""
    from runs.dbt_invocation import parse

    days, months = [_LISTINGS], list[str]()
    for node in parse(write_json=False).nodes.values():
        if node.resource_type != "model" or node.fqn[1] != "impact":
            continue
        if node.config.meta.get("window_column") == "day":
            days.append(f"{node.schema}.{node.name}")
        elif node.name != "int_flows__consignments":  # a view of the day's parcels
            months.append(node.name)
    return days, months


def _copy_days(home: Home, tables: Sequence[str]) -> dict[str, int]:
    """Give every other day of the month the rows of its last one; rows of each table afterwards."""
    others = [_LAST_DAY - dt.timedelta(days=back) for back in range(1, _LAST_DAY.day)]
    rows = {}
    with duckdb.connect(str(home.warehouse), config={"memory_limit": memory_limit()}) as connection:
        for table in tables:
            for day in others:
                connection.execute(
                    f"insert into {table} select * replace (? as day) from {table} where day = ?",
                    [day, _LAST_DAY],
                )
            found = connection.execute(f"select count(*) from {table}").fetchone()
            rows[table] = int(found[0]) if found else 0
    return rows


def _months_into_release(home: Home, folder: Path) -> None:
    """A copy of the customs file with the tables of impact as they are now; nothing published yet
    of the month, so that the public edition is treated anew."""
    released = home.releases / "current" / "customs" / "warehouse.duckdb"
    copy = folder / _RELEASE
    shutil.copyfile(released, copy)
    copy.chmod(0o600)
    with duckdb.connect(str(copy), config={"memory_limit": memory_limit()}) as connection:
        connection.execute(f"attach '{home.warehouse}' as working (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'month' and schema_name = 'impact'"
        ).fetchall()
        for (table,) in tables:
            if "published" in table:
                connection.execute(f"drop table impact.{table}")
            else:
                connection.execute(
                    f"create or replace table impact.{table} as from working.impact.{table}"
                )


def _build_marts(models: Sequence[str]) -> None:
    from runs.dbt_invocation import run
    from runs.settings import Settings

    settings = Settings.from_environment()
    target = settings.home.work / "dbt_target"
    run(("--quiet", "run", "--select", *models), settings=settings, target=target)


def _write_report(folder: Path, edition: Any) -> None:
    from reports.impact.build import build
    from reports.impact.bundle import write
    from reports.impact.figures import LANGUAGES
    from reports.impact.public import public_month
    from reports.impact.source import Source
    from runs.editions import draft_of

    file, limit = folder / _RELEASE, memory_limit()
    with duckdb.connect(str(file), read_only=True, config={"memory_limit": limit}) as connection:
        source = Source(connection, _MONTH, "benchmark", "benchmark")
        treated = public_month(source, [])[0] if edition == "public" else None
        report = build(source, edition, "estimate", treated)
    report = draft_of(Home(folder / "home"), report)
    write(report, LANGUAGES, folder / edition, treated)


def measure(parcels: int, seed: int, folder: Path) -> Result:
    """Everything, in `folder`, which must be empty. Raises WarehouseError when a step fails."""
    home, log = Home(folder / "home"), folder / "step.log"
    environment = {HOME_VARIABLE: str(home.root), MEMORY_VARIABLE: memory_limit()}

    def step(name: str, *command: str) -> Cost:
        print(f"{name} ...", file=sys.stderr)
        return measured(name, command, environment, log)[0]

    deliveries = folder / "deliveries"
    step(
        "generate", *CLI, "generate", "--days", "1", "--parcels-per-day", str(parcels),
        "--seed", str(seed), "--from", _LAST_DAY.isoformat(), "--out", str(deliveries), "--json",
    )  # fmt: skip
    files = [*files_of_the_day(deliveries), *deliveries.glob("listing_observation_*.csv")]
    step("deliver", *CLI, "deliver", *map(str, files), "--json")
    step("run", *CLI, "run", "--day", _LAST_DAY.isoformat(), "--json")
    tables, models = _models()
    rows = _copy_days(home, tables)
    this = (sys.executable, "-P", str(Path(__file__).resolve()))
    marts = step("marts", *this, "--only-marts", *models)
    _months_into_release(home, folder)
    reports = tuple(
        step(f"report {edition}", *this, "--only-report", edition, "--folder", str(folder))
        for edition in _EDITIONS
    )
    return Result(
        parcels * calendar.monthrange(_LAST_DAY.year, _LAST_DAY.month)[1], seed, memory_limit(),
        rows, tuple(models), marts, reports,
    )  # fmt: skip


def table(result: Result) -> str:
    """The result for a terminal."""
    lines = [
        f"a month of {result.parcels_of_month:,} parcels as daily aggregates, SYNTHETIC,"
        f" seed {result.seed}, memory limit {result.memory_limit}",
        f"{'step':<18}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}",
    ]
    lines += [
        f"{cost.step:<18}{cost.cpu_seconds:>8.1f}{cost.wall_seconds:>8.1f}{cost.peak_megabytes:>9,.0f}"
        for cost in (result.marts, *result.reports)
    ]
    lines.append(f"{'together':<18}{result.cpu_seconds:>8.1f}")
    lines += [f"{name:<48}{rows:>14,} rows" for name, rows in result.rows.items()]
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=5_000_000, help="of each day")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--folder", type=Path, help="kept; without it a temporary one is removed")
    parser.add_argument("--record", type=Path, help="write the result as JSON")
    parser.add_argument("--only-marts", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--only-report", choices=_EDITIONS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only_marts:
        _build_marts(asked.only_marts)
        return
    if asked.only_report:
        _write_report(asked.folder, asked.only_report)
        return
    print(f"seed {asked.seed}", file=sys.stderr)
    if asked.folder:
        asked.folder.mkdir(parents=True)
        result = measure(asked.parcels, asked.seed, asked.folder)
    else:
        with tempfile.TemporaryDirectory() as folder:
            result = measure(asked.parcels, asked.seed, Path(folder))
    print(table(result))
    if asked.record:
        asked.record.write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
