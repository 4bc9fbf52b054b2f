"""Published days that another risk model counts for now than the one that scored them.

Defines: `of_days` (what a run writes down about its days), `read_from` (the same from what it has
registered), `Remodelled`, `remodelled`, `described`.
Add here another question about models and days. Keep out: which version counts on a day
(ledger/model_periods.py) and what its rows do (dbt).

A version is compared with the one that each day was scored with last, not with a date of promotion:
one that begins after every published day changes nothing, and neither does one that comes back
before anything was computed with another.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from foundation.home import Home
from ingest.items.raw_tables import SHIPPED_VERSION
from ledger.entries import Entry
from ledger.model_periods import ITEM_NAMES, PROMOTION, period_on, periods
from runs.days.day_set import Days, days_of_facts
from runs.days.editions import days_with_rows

# A published mart of which each day with rows is scored. Rows of a score are no measure: a day may
# have none by one model and many by another.
SCORED = "core.fct_consignments"

# risk type -> version -> its days as text; a day that is not there has the expert's points.
ModelDays = Mapping[str, Mapping[str, str]]
# risk type -> day -> version
_Versions = dict[str, dict[dt.date, str]]


@dataclass(frozen=True)
class Remodelled:
    """A published day and a risk type of which another version counts than scored the day.

    version: what counts now, used_version: what the day was scored with; None: the expert's points.
    seq: of the promotion that counts now (0: none does).
    """

    day: dt.date
    risk_type: str
    version: str | None
    used_version: str | None
    seq: int


def of_days(entries: Iterable[Entry], days: Iterable[dt.date]) -> dict[str, dict[str, str]]:
    """The versions that count on these days, as a run writes them into ledger and release."""
    listed = sorted(days)
    found: _Versions = {}
    for risk_type, of_type in periods(entries).items():
        for day in listed:
            period = period_on(of_type, day)
            if period is not None and period.version is not None:
                found.setdefault(risk_type, {})[day] = period.version
    return _as_text(found)


def read_from(
    connection: duckdb.DuckDBPyConnection, days: Iterable[dt.date], later: Iterable[dt.date] = ()
) -> dict[str, dict[str, str]]:
    """`of_days` from the registered schema raw: what the models of a run did read, whatever was
    promoted meanwhile. later: days of which only the risk was made again, not the headings."""
    rows = connection.execute(
        "select risk_type, model_version, valid_from, coalesce(valid_to, date '9999-12-31') "
        "from raw.risk_model_version union all "
        "select ?, model_version, valid_from, coalesce(valid_to, date '9999-12-31') "
        "from raw.item_name_period where model_version <> ?",
        [ITEM_NAMES, SHIPPED_VERSION],
    ).fetchall()
    own = sorted(days)
    scored = sorted({*own, *later})
    found: _Versions = {}
    for risk_type, version, first, last in rows:
        for day in own if risk_type == ITEM_NAMES else scored:
            if first <= day <= last:
                found.setdefault(risk_type, {})[day] = version
    return _as_text(found)


def remodelled(
    home: Home, entries: Sequence[Entry], now: ModelDays | None = None
) -> list[Remodelled]:
    """The published days whose version is another one now, by risk type and day.

    now: what counts, when it is not what the ledger says (a run goes by what it has registered).
    A day of which the current release has no rows is left alone. Costs one look at the ledger.
    """
    if not any(entry.kind == PROMOTION for entry in entries):
        return []
    scored, days = _scored(entries)
    with_rows = days_with_rows(home, SCORED)
    counting = periods(entries)
    counts = _parsed(of_days(entries, days) if now is None else now)
    found = []
    for risk_type in sorted({*counting, *scored}):
        for day in sorted(days):
            used = scored.get(risk_type, {}).get(day)
            version = counts.get(risk_type, {}).get(day)
            if version == used or (with_rows is not None and day not in with_rows):
                continue
            period = period_on(counting.get(risk_type, ()), day)
            seq = 0 if period is None else period.seq
            found.append(Remodelled(day, risk_type, version, used, seq))
    return found


def described(found: Iterable[Remodelled]) -> list[dict[str, str | None]]:
    """JSON-ready: one record a risk type and version, with the days that it makes pending."""
    days: dict[tuple[str, str | None], list[dt.date]] = {}
    for one in found:
        days.setdefault((one.risk_type, one.version), []).append(one.day)
    return [
        {"risk_type": risk_type, "model_version": version, "days": str(Days(of_version))}
        for (risk_type, version), of_version in sorted(
            days.items(), key=lambda item: (item[0][0], item[0][1] or "")
        )
    ]


def _scored(entries: Iterable[Entry]) -> tuple[_Versions, set[dt.date]]:
    """Version with which the releases scored each day last, and the published days.

    A release names the models of its days and of later days whose risk it made again; one from
    before they were named had none.
    """
    scored: _Versions = {}
    published: set[dt.date] = set()
    started: dict[str, ModelDays] = {}
    for entry in entries:
        body = entry.body
        if entry.kind == "run" and body["status"] == "started":
            started[str(body["run_id"])] = body.get("models", {})
        elif entry.kind == "release":
            published |= days_of_facts(body)
            named = body.get("models")
            own: set[dt.date] = set(days_of_facts(body))
            computed = set(own)
            if named is not None:
                computed |= set(map(dt.date.fromisoformat, body.get("later_days", ())))
            else:
                named = started.get(str(body.get("run_id")), {})
            for risk_type, of_type in scored.items():
                made = own if risk_type == ITEM_NAMES else computed
                for day in made & of_type.keys():
                    del of_type[day]
            for risk_type, versions in _parsed(named).items():
                scored.setdefault(risk_type, {}).update(versions)
    return scored, published


def _as_text(versions: _Versions) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, list[dt.date]]] = {}
    for risk_type, of_type in versions.items():
        for day, version in of_type.items():
            found.setdefault(risk_type, {}).setdefault(version, []).append(day)
    return {
        risk_type: {version: str(Days(days)) for version, days in sorted(of_type.items())}
        for risk_type, of_type in sorted(found.items())
    }


def _parsed(named: ModelDays) -> _Versions:
    return {
        risk_type: {day: version for version, days in of_type.items() for day in Days.parse(days)}
        for risk_type, of_type in named.items()
    }
