"""Publications under load: readers query without a pause while one release after the other appears.

Claim: 0 failed queries, 0 answers that mix two releases, every publication seen. Each answer holds
one number from three tables and the release's own name, so a mixture shows in the answer itself.
Add here another way of reading a release. Keep out: asserting latencies (they are orders of
magnitude on a shared machine).

    python -m benchmarks.serving_load --publishes 50 --record benchmarks/results/serving_load.json
"""

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb
from rich.console import Console
from rich.table import Table

from foundation.home import Home
from serving import release
from serving.current import current_id
from serving.plan import ReleasePlan, TablePlan
from serving.reader import query as query_embedded
from tests.support.daemon import running

TABLES = ("core.fct_consignments", "risk.fct_risk_scores", "core.fct_tax_assessments")
PLAN = ReleasePlan(
    tables=tuple(
        TablePlan(schema, table, audiences=("customs",), order_by=("id",))
        for schema, table in (name.split(".") for name in TABLES)
    ),
    detail_rows=0,
)
CONSISTENT = "select (select release_id from quality.release_info) as release_id, " + ", ".join(
    f"(select min(number) from {name}) as low_{at}, (select max(number) from {name}) as high_{at}"
    for at, name in enumerate(TABLES)
)
# (release the answer names, first row) of one query; raises when it fails.
Ask = Callable[[], tuple[str, list[Any]]]


@dataclass
class Seen:
    """What one reader saw."""

    answers: list[tuple[str, list[Any]]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def read(self, ask: Ask, is_over: threading.Event) -> None:
        """Query until told to stop."""
        while not is_over.is_set():
            began = time.perf_counter()
            try:
                self.answers.append(ask())
            except Exception as error:  # noqa: BLE001 - any failure of any reader is the result
                self.failures.append(f"{type(error).__name__}: {error}")
            self.seconds.append(time.perf_counter() - began)


def publish(home: Home, number: int, rows: int) -> str:
    """A release whose every row holds `number`, checked by a second process like any other."""
    home.work.mkdir(parents=True, exist_ok=True)
    home.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        for name in TABLES:
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            connection.execute(
                f"create table {name} as select range as id, {number} as number from range({rows})"
            )
    base = current_id(home)
    candidate = release.build(
        home, PLAN, warehouse=home.warehouse, gate_rows=[], run_facts={"number": number}
    )
    name = release.publish(home, candidate, base=base, verdict_check=lambda: None)
    release.retain(home)
    return name


def embedded(home: Home, _: ExitStack) -> Ask:
    """Every query opens the file of the current release, hardened, and closes it."""

    def ask() -> tuple[str, list[Any]]:
        (row,) = query_embedded(home, CONSISTENT).to_pylist()
        return row["release_id"], list(row.values())

    return ask


def daemon(home: Home, stack: ExitStack) -> Callable[[], Ask]:
    """Through `import-risk serve`, a connection per reader."""
    started = stack.enter_context(running(home, home.root / "daemon.log", {"WORKERS": 3}))

    def reader() -> Ask:
        client = stack.enter_context(started.client())

        def ask() -> tuple[str, list[Any]]:
            answer = client.post("/v1/query", json={"sql": CONSISTENT})
            document = answer.raise_for_status().json()
            return document["release_id"], document["rows"][0]

        return ask

    return reader


def measured(mode: str, publishes: int, readers: int, rows: int) -> dict[str, Any]:
    """One line of the table."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Home(Path(folder) / "home")
        numbers = {publish(home, 0, rows): 0}
        if mode == "daemon":
            new_reader = daemon(home, stack)
            asks = [new_reader() for _ in range(readers)]
        else:
            asks = [embedded(home, stack) for _ in range(readers)]
        seen = [Seen() for _ in asks]
        is_over = threading.Event()
        threads = [
            threading.Thread(target=one.read, args=(ask, is_over))
            for one, ask in zip(seen, asks, strict=True)
        ]
        for thread in threads:
            thread.start()
        stale = 0
        for number in range(1, publishes + 1):
            name = publish(home, number, rows)
            numbers[name] = number
            stale += asks[0]()[0] != name
        is_over.set()
        for thread in threads:
            thread.join()
    answers = [answer for one in seen for answer in one.answers]
    seconds = sorted(second for one in seen for second in one.seconds)
    mixed = [
        (name, row) for name, row in answers if row != [name, *[numbers[name]] * (2 * len(TABLES))]
    ]
    return {
        "mode": mode,
        "publishes": publishes,
        "readers": readers,
        "rows_per_table": rows,
        "queries": len(seconds),
        "failed": sum(len(one.failures) for one in seen),
        "failures": sorted({failure for one in seen for failure in one.failures})[:5],
        "mixed": len(mixed),
        "stale_after_publish": stale,
        "releases_seen": len({name for name, _ in answers}),
        "p50_ms": round(1000 * statistics.median(seconds), 1),
        "p99_ms": round(1000 * seconds[int(len(seconds) * 0.99)], 1),
    }


def main() -> None:
    """Print the table; exit code 1 when the claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publishes", type=int, default=50)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--mode", choices=("daemon", "embedded"), action="append")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    lines = [
        measured(mode, given.publishes, given.readers, given.rows)
        for mode in given.mode or ("daemon", "embedded")
    ]
    if given.record:
        given.record.write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")
    if given.json:
        print(json.dumps(lines, indent=2))
    else:
        columns = [name for name in lines[0] if name != "failures"]
        table = Table(*columns, title=f"{given.publishes} publications under load")
        for line in lines:
            table.add_row(*(str(line[name]) for name in columns))
        Console(width=180).print(table)
    if any(line["failed"] or line["mixed"] or line["stale_after_publish"] for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
