"""Later days whose risk rests on a past that the run changed: computed in the same run.

Defines: `refresh` and `read`. Add here another question about those days. Keep out: which days they
are and how far a day looks back (dbt: int_risk__stale_days; docs/adr/0014).

Their consignments, taxes and flows stand; only what reads earlier days is made again, from the
working database, without any raw row. So the run's own days (raw.run_day, and how the names of
their goods are spelt) are exchanged for these while dbt runs, and put back for gate 2.
"""

import datetime as dt
import json
from pathlib import Path

import duckdb

from foundation.errors import WarehouseError
from foundation.files import canonical_json, write_atomically
from foundation.progress import report
from ingest.items.raw_tables import respell
from runs.days import run_entries
from runs.days.day_set import Days
from runs.settings import Settings

# Risk from its parameters on: what may depend on other days. Seeds and raw stay as they are, but
# for the names of goods. The three tables hold days of the run alone: risk would find nothing in
# them for other days (a test looks for another such table).
RISK = (
    "build", "--exclude-resource-type", "unit_test", "--select", "int_calendar__days",
    "int_rules__in_force", "int_consignments__repeated_contacts", "int_risk__description_terms",
    "int_risk__description_contexts", "int_risk__parameters+",
)  # fmt: skip
# Names of goods of the days that are computed now.
_NAMES = """
select distinct item_description_folded from core.fct_item_names
where day in (select day from raw.run_day)
"""
# Prices and contacts of a day rest on consignments alone, results of inspections on indicators:
# whatever changes is found in one round, and what follows from that in a second.
_ROUNDS = 3
_FILE = "later_days.json"


def refresh(settings: Settings, run_id: str, evidence: Path, *, on_record: bool) -> list[dt.date]:
    """Compute the later days that read something this run changed; returns them.

    Writes evidence/later_days.json with the reasons. on_record: the ledger learns of the days
    before they change. Raises DbtFailed, and WarehouseError when days still differ at the end.
    """
    from runs import dbt_invocation  # dbt takes seconds that `read` should not cost

    found: dict[dt.date, set[str]] = {}
    with _database(settings) as connection:
        own = [day for (day,) in connection.execute("select day from raw.run_day").fetchall()]
    for _ in range(_ROUNDS):
        stale = _stale(settings)
        if not stale:
            break
        for day, reason in stale:
            found.setdefault(day, set()).add(reason)
        days = sorted({day for day, _ in stale})
        report(f"{len(days)} later days")
        if on_record:
            run_entries.extended(settings.home, run_id, Days(days))
        try:
            _set_days(settings, days)
            dbt_invocation.run(RISK, settings=settings, target=settings.home.work / "dbt_target")
        finally:
            _set_days(settings, own)
    else:
        raise WarehouseError(
            "later days still rest on a past that has changed",
            where=f"{settings.warehouse}, intermediate.int_risk__stale_days",
            remedy="report this: it must not happen",
        )
    reasons = {day.isoformat(): sorted(why) for day, why in sorted(found.items())}
    write_atomically(evidence / _FILE, canonical_json(reasons) + "\n")
    return sorted(found)


def read(evidence: Path) -> list[dt.date]:
    """The later days that a run computed, as `refresh` left them; none without that file."""
    path = evidence / _FILE
    if not path.is_file():
        return []
    return [dt.date.fromisoformat(day) for day in json.loads(path.read_text(encoding="utf-8"))]


def _stale(settings: Settings) -> list[tuple[dt.date, str]]:
    with _database(settings) as connection:
        return connection.execute(
            "select day, reason from intermediate.int_risk__stale_days order by all"
        ).fetchall()


def _set_days(settings: Settings, days: list[dt.date]) -> None:
    with _database(settings) as connection:
        connection.begin()
        connection.execute("delete from raw.run_day")
        connection.executemany("insert into raw.run_day values (?)", [[day] for day in days])
        connection.execute(
            "update raw.run_window set from_day = (select min(day) from raw.run_day), "
            "to_day = (select max(day) from raw.run_day)"
        )
        respell(connection, _NAMES)
        connection.commit()


def _database(settings: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(settings.warehouse), config=dict(settings.duckdb_config))
