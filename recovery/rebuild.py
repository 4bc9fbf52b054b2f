"""The working database made anew from raw rows, in ranges of days, swapped in when it is complete.

Add here what else a new working database must hold. Keep out: gates and publishing (a rebuild shows
nothing to readers) and which tables fit (schema.py).
"""

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import duckdb

from expectations.delivery_history import remember_days, remember_deliveries
from foundation import disk, locks
from foundation.errors import UsageError
from foundation.home import Home
from foundation.progress import report
from ingest.raw_views import register_raw_views
from ingest.store.exclusions import Exclusions
from ledger.chain import Ledger
from ledger.entries import standing_deliveries
from recovery.leftovers import REBUILDING, recover
from runs import dbt_project, steps, working_schema
from runs.days import later_days
from runs.days.day_set import Days, days_of_facts
from runs.days.reading import read
from runs.settings import Settings
from runs.space import rebuild_space_needed
from serving import candidate, release

_SEEDS = ("build", "--select", "resource_type:seed", "--indirect-selection", "buildable")
_MODELS = ("build", "--exclude-resource-type", "unit_test", "seed")
# A range is one build of dbt: at most a month, and no more rows than a national day has.
MOST_DAYS = 31
MOST_ROWS = 5_000_000


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild made. marts_hash: content hash over all marts.

    same_as_release: whether it is that of the current release; None where they may differ, because
    code, seeds, deliveries, editions or risk models (`differs_in`) are not those of the release.
    """

    from_day: dt.date
    to_day: dt.date
    ranges: int
    marts_hash: str
    release_id: str | None
    same_as_release: bool | None
    differs_in: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def rebuild(settings: Settings) -> Rebuilt:
    """Make the working database anew over every released day; the old one serves no purpose after.

    Everything is read as it counts now: deliveries, editions, risk models.

    It is made under another name: a rebuild that is killed or fails leaves the old one as it is.
    Raises WarehouseBusy while a run writes, UsageError when nothing was released yet,
    WarehouseError when a raw file is damaged, the disk is too small, or a model or test fails.
    """
    home = settings.home
    with locks.exclusive(home.warehouse_lock, "rebuild"):
        recover(home)
        batches = ranges(home)
        disk.require(home.work, need=rebuild_space_needed(home), what="a new working database")
        folder = home.work / REBUILDING
        folder.mkdir(parents=True)
        beside = replace(settings, working_database=folder / home.warehouse.name)
        _build(beside, batches)
        content = _content_hash(beside)
        _swap(beside, home)
        shutil.rmtree(folder)
    return _compared(settings, batches, content)


def ranges(home: Home, most_days: int = MOST_DAYS, most_rows: int = MOST_ROWS) -> list[Days]:
    """Released days with rows ascending, those of the newest release last.

    A range never has more than `most_days` days, nor more than `most_rows` accepted rows unless
    a single day has them.
    """
    newest = _newest_days(home)
    earlier = sorted(working_schema.released_days(home) - set(newest))
    rows = _rows_by_day(home)
    found: list[Days] = []
    held = 0
    for day in earlier:
        follows = bool(found) and day == found[-1].to_day + dt.timedelta(days=1)
        if follows and len(found[-1]) < most_days and held + rows.get(day, 0) <= most_rows:
            found[-1] = Days.between(found[-1].from_day, day)
            held += rows.get(day, 0)
        else:
            found.append(Days([day]))
            held = rows.get(day, 0)
    return [*found, newest]


def _newest_days(home: Home) -> Days:
    for entry in reversed(Ledger(home.ledger).entries()):
        if entry.kind == "release":
            return days_of_facts(entry.body)
    raise UsageError(
        "nothing was released here yet, so there is nothing to rebuild",
        where=str(home.ledger),
        remedy="run `import-risk run`; it makes the working database",
    )


def _rows_by_day(home: Home) -> Mapping[dt.date, int]:
    """Accepted rows by day; those of a file with several days count on its last day."""
    rows: dict[dt.date, int] = {}
    for entry in standing_deliveries(Ledger(home.ledger).entries()):
        if entry.body["day_max"] is not None:
            day = dt.date.fromisoformat(entry.body["day_max"])
            rows[day] = rows.get(day, 0) + int(entry.body["accepted"])
    return rows


def _build(beside: Settings, batches: Iterable[Days]) -> None:
    from runs import dbt_invocation

    target = beside.home.work / "dbt_target"
    listed = list(batches)
    for number, days in enumerate(listed, start=1):
        report("rebuild: ranges of days", number, len(listed))
        with steps.working_database(beside) as connection:
            exclusions = Exclusions(days.skipped)
            register_raw_views(connection, beside.home, days.from_day, days.to_day, exclusions)
            remember_deliveries(connection)
        if number == 1:
            dbt_invocation.run(_SEEDS, settings=beside, target=target)
            steps.mark_seeds_loaded(beside)
        dbt_invocation.run(_MODELS, settings=beside, target=target)
        later_days.refresh(beside, "rebuild", beside.warehouse.parent, on_record=False)
        with steps.working_database(beside) as connection:
            remember_days(connection)
    working_schema.stamp(beside)
    with duckdb.connect(str(beside.warehouse)) as connection:
        connection.execute("checkpoint")


def _content_hash(beside: Settings) -> str:
    plan = dbt_project.release_plan(beside.release_rows)
    spill = beside.warehouse.parent / "spill"
    content = candidate.measure_work(beside.warehouse, plan, days=(), base=None, spill=spill)
    return content.hashes.combined


def _swap(beside: Settings, home: Home) -> None:
    """The old database goes first: its log must never meet the new file."""
    home.warehouse.unlink(missing_ok=True)
    home.warehouse.with_name(f"{home.warehouse.name}.wal").unlink(missing_ok=True)
    os.replace(beside.warehouse, home.warehouse)


def _compared(settings: Settings, batches: list[Days], content: str) -> Rebuilt:
    now = release.current(settings.home)
    facts: Mapping[str, Any] = now.manifest["run_facts"] if now else {}
    known = {
        "code": (facts.get("code_sha256"), dbt_project.code_hash()),
        "seeds": (facts.get("seeds_sha256"), dbt_project.seeds_hash()),
    }
    differs = [name for name, (then, today) in known.items() if then != today]
    past = read(settings.home)
    if past.pending:
        differs.append("deliveries that no release holds yet")
    if past.superseded:
        differs.append("editions of reference lists that no release read yet")
    if past.remodelled:
        differs.append("risk models that scored no release of their days yet")
    same = content == facts.get("marts_hash")
    return Rebuilt(
        from_day=min(days.from_day for days in batches),
        to_day=max(days.to_day for days in batches),
        ranges=len(batches),
        marts_hash=content,
        release_id=now.release_id if now else None,
        same_as_release=True if same else None if differs else False,
        differs_in=tuple(differs),
    )
