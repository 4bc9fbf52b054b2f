"""The long campaign of kills: `make faults`, or `python -m tests.faults.campaign`.

Prepares one tiny home, copies it for every kill, kills at named and random moments in ingest, dbt,
gate and publish, asks the questions of kills.py, prints a table and, with --write, stores it as
campaign_results.json, from which the table in docs/reliability.md is made (reliability_page.py).
Add here a stage. Keep out: what must hold (kills.py).
"""

import argparse
import json
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from foundation.faults import POINTS
from foundation.home import Home
from recovery.leftovers import recover_unless_busy
from runs.dbt_project import code_hash
from serving.current import current_id
from tests.faults.conftest import parcel_rows, write_csv
from tests.faults.kill_stages import GATES, PUBLISH, PUBLISH_FAKE, RECOVER, stage
from tests.faults.kills import SIGKILLED, cli, leftovers, remember, run, violations
from tests.support.frozen_home import NEXT_DAY, NEXT_RECEIVED, unpack
from tests.unit.serving.fake_work import make_work, publish_work

RESULTS = Path(__file__).with_name("campaign_results.json")
# Points that a run passes between landing and the end of dbt; a build has about 207 nodes.
IN_DBT = ("before_start_record", "start_recorded", "models_finished")
NODES = 200
GATE_POINTS = ("before_verdict", "verdict_stored", "verdict_recorded",
               "before_ledger_line", "ledger_line_written", "ledger_head_written")  # fmt: skip
PUBLISH_POINTS = (*(p for p in POINTS["publish"] if p not in ("removing", "removed")),
                  "before_ledger_line", "ledger_line_written", "ledger_head_written")  # fmt: skip


@dataclass
class Stage:
    """What was tried in one stage. ended: kills that came after the process had ended by itself."""

    name: str
    named: int = 0
    random: int = 0
    ended: int = 0
    leftovers: int = 0
    completed: int = 0
    violations: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Processes that died by SIGKILL."""
        return self.named + self.random


class Campaign:
    """Runs stages in a folder of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chosen = random.Random(seed)
        self.number = 0

    def fresh(self, template: Path) -> Home:
        """A copy of a prepared home."""
        target = self.folder / "now"
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", str(template), str(target)], check=True)
        return Home(target)

    def kill(
        self, found: Stage, home: Home, command: list[str], point: str | None, longest: float
    ) -> None:
        """One kill at `point`, or within `longest` seconds; judged at once."""
        before = remember(home)
        after = None if point else self.chosen.uniform(0.2, longest)
        done = run(command, home, point=point, after=after)
        where = point or f"after {after:.2f} s"
        if done.returncode != SIGKILLED:
            found.ended += 1
            if point is not None:
                found.violations.append(f"{where}: not reached: {done.stderr[-300:]}")
        elif point is not None:
            found.named += 1
        else:
            found.random += 1
        found.violations += [f"{where}: {text}" for text in violations(home, before)]
        found.leftovers += len(leftovers(home))
        self.number += 1
        print(f"{self.number:4} {found.name:8} {where:28} {done.returncode:4}", flush=True)

    def complete(self, found: Stage, home: Home, command: list[str]) -> None:
        """The next run, without a hand: it succeeds, and nothing is left over."""
        before = remember(home)
        done = run(command, home)
        if done.returncode != 0:
            found.violations.append(f"the next run failed: {done.stderr[-500:]}")
        recover_unless_busy(home)
        found.violations += violations(home, before, finished=True)
        found.completed += 1


def points(names: tuple[str, ...], named: int, at_random: int) -> Iterator[str | None]:
    """`named` passages through all points, then `at_random` times none."""
    yield from (names[n % len(names)] for n in range(named))
    yield from (None for _ in range(at_random))


def ingest(campaign: Campaign, named: int, at_random: int) -> Stage:
    """Deliveries, each killed on a copy of a home that has acknowledged one."""
    found = Stage("ingest")
    folder = campaign.folder / "ingest"
    folder.mkdir()
    first = write_csv(folder / "parcel_manifest_1.csv", parcel_rows(3))
    second = write_csv(folder / "parcel_manifest_2.csv", parcel_rows(400, operator_code="OP2"))
    deliver = ("--received-date", "2026-11-22", "--json")
    template = Home(folder / "home")
    assert run(cli("deliver", first, *deliver), template).returncode == 0
    command = cli("deliver", second, *deliver)
    for point in points(POINTS["ingest"], named, at_random):
        home = campaign.fresh(template.root)
        campaign.kill(found, home, command, point, longest=1.8)
        campaign.complete(found, home, command)
    return found


def publish_small(campaign: Campaign, named: int, at_random: int) -> Stage:
    """Publications of the small working database, with removal of the old release."""
    found = Stage("publish")
    template = Home(campaign.folder / "small")
    publish_work(template)
    make_work(template, ["update risk.fct_selections set lane = 'yellow'"])
    names = tuple(point for point in POINTS["publish"] if point != "release_recorded")
    for point in points(names, named, at_random):
        home = campaign.fresh(template.root)
        campaign.kill(found, home, stage(PUBLISH_FAKE), point, longest=1.3)
        campaign.complete(found, home, stage(PUBLISH_FAKE))
    return found


def prepared(campaign: Campaign) -> Home:
    """The frozen home with its working database rebuilt and a third day delivered."""
    home, files = unpack(campaign.folder / "real")
    for command in (cli("rebuild"), cli("deliver", *files, "--received-date", NEXT_RECEIVED)):
        done = run(command, home)
        assert done.returncode == 0, done.stderr
    return home


def runs(campaign: Campaign, ready: Home, named: int, at_random: int) -> tuple[Stage, Home, str]:
    """Real `import-risk run` killed in dbt; every sixth kill is followed by a whole run.

    Gives also a home whose run is built and waits for its gates, and that run's id.
    """
    found = Stage("dbt")
    command = cli("run", "--day", NEXT_DAY, "--json")
    home = campaign.fresh(ready.root)
    inside = [f"model_finished*{campaign.chosen.randint(1, NODES)}" for _ in range(named)]
    inside[: len(IN_DBT)] = IN_DBT
    for number, point in enumerate([*inside, *[None] * at_random], start=1):
        campaign.kill(found, home, command, point, longest=22.0)
        if number % 6 == 0:
            campaign.complete(found, home, command)
            home = campaign.fresh(ready.root)
    home = campaign.fresh(ready.root)
    campaign.kill(found, home, command, "models_finished", longest=0)
    built = Home(campaign.folder / "built")
    shutil.copytree(home.root, built.root, symlinks=True)
    (start,) = (path for path in built.runs.glob("*/start.json") if not _judged(path.parent))
    return found, built, start.parent.name


def _judged(evidence: Path) -> bool:
    return (evidence / "gate2.json").exists()


def gates(campaign: Campaign, built: Home, run_id: str, named: int, at_random: int) -> Stage:
    """Both gates of a built run."""
    found = Stage("gate")
    for number, point in enumerate(points(GATE_POINTS, named, at_random)):
        home = campaign.fresh(built.root)
        # Every second passage is gate 2's.
        late = f"{point}*2" if point and number // len(GATE_POINTS) % 2 else point
        campaign.kill(found, home, stage(GATES, run_id), late, longest=9.0)
        campaign.complete(found, home, stage(GATES, run_id))
    return found


def publish_real(
    campaign: Campaign, found: Stage, built: Home, run_id: str, named: int, at_random: int
) -> None:
    """Publications of a judged run with all marts."""
    judged = Home(campaign.folder / "judged")
    shutil.copytree(built.root, judged.root, symlinks=True)
    assert run(stage(GATES, run_id), judged).returncode == 0
    for point in points(PUBLISH_POINTS, named, at_random):
        home = campaign.fresh(judged.root)
        old = current_id(home)
        campaign.kill(found, home, stage(PUBLISH, run_id), point, longest=6.0)
        switched = current_id(home) != old
        campaign.complete(found, home, stage(RECOVER) if switched else stage(PUBLISH, run_id))


def table(stages: list[Stage]) -> list[list[str]]:
    """Head and rows of the table, as text."""
    rows = [["stage", "at named points", "at random moments", "after the process had ended",
             "leftovers seen", "completed by the next run", "violations"]]  # fmt: skip
    for found in stages:
        rows.append([found.name, *(str(n) for n in (found.named, found.random, found.ended,
                    found.leftovers, found.completed, len(found.violations)))])  # fmt: skip
    sums = [str(sum(int(row[n]) for row in rows[1:])) for n in range(1, len(rows[0]))]
    return [*rows, ["all", *sums]]


def main() -> int:
    """Run it; the exit code is 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--share", type=float, default=1.0, help="Part of the full number of kills")
    parser.add_argument("--small", action="store_true", help="Only what costs a second a kill")
    parser.add_argument("--write", action="store_true", help="Store the results for the docs")
    parser.add_argument("--add", action="store_true", help="... beside those that are stored")
    given = parser.parse_args()

    def times(count: int) -> int:
        return max(1, round(count * given.share))

    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="import-risk-faults-"))
    campaign = Campaign(folder, given.seed)
    print(f"seed {given.seed}")
    try:
        stages = [ingest(campaign, times(63), times(33))]
        published = publish_small(campaign, times(40), times(22))
        if not given.small:
            ready = prepared(campaign)
            built_in_dbt, built, run_id = runs(campaign, ready, times(10), times(8))
            stages += [built_in_dbt, gates(campaign, built, run_id, times(12), times(6))]
            publish_real(campaign, published, built, run_id, times(10), times(6))
        stages.append(published)
    finally:
        shutil.rmtree(folder)
    rows = table(stages)
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
    broken = [text for found in stages for text in found.violations]
    print(*broken, sep="\n")
    part = {
        "seed": given.seed,
        "minutes": round((time.monotonic() - started) / 60),
        "kernel": platform.release().split("-")[0],
        "code": code_hash()[:12],
        "stages": [asdict(found) for found in stages],
    }
    if given.write:
        before = json.loads(RESULTS.read_text())["parts"] if given.add else []
        document = json.dumps({"parts": [*before, part]}, indent=2, ensure_ascii=False)
        RESULTS.write_text(f"{document}\n")
    return 1 if broken else 0


def summed(results: dict[str, Any]) -> list[Stage]:
    """The stages of all stored parts, those of one name together."""
    found: dict[str, Stage] = {}
    for part in results["parts"]:
        for facts in part["stages"]:
            total = found.setdefault(facts["name"], Stage(facts["name"]))
            for name in ("named", "random", "ended", "leftovers", "completed"):
                setattr(total, name, getattr(total, name) + facts[name])
            total.violations += facts["violations"]
    return list(found.values())


if __name__ == "__main__":
    sys.exit(main())
