"""Why days are computed again: what differs from the release that computed each day last.

Add here a fact that can change a published figure. Keep out: the figures themselves
(serving/revisions.py) and which days must be computed (plan.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from contracts.catalog import CONTRACTS
from foundation.home import Home
from ingest.links import file_list, linked_days
from ledger.chain import Entry, Ledger
from runs import dbt_project
from runs.days.day_set import days_of_facts
from runs.days.editions import superseded
from serving.revisions import DayCauses

# Most telling first: what happened to records, then to what they are judged by.
REASONS = (
    "discarded", "cancelled", "amended", "late", "reference_change", "rule_change", "code_change",
    "earlier_day",
)  # fmt: skip


@dataclass
class _Touch:
    """What reached a day: (entry number, reason, sha256 of the delivery or None)."""

    found: list[tuple[int, str, str | None]] = field(default_factory=list)


def causes_of(
    home: Home, days: Iterable[dt.date], later: Iterable[dt.date]
) -> dict[dt.date, DayCauses]:
    """Day -> what differs from the release that computed it last; days never released are left out.

    later: days that are computed because an earlier one changed.
    """
    entries = Ledger(home.ledger).entries()
    computed: dict[dt.date, list[Entry]] = {}
    for entry in entries:
        if entry.kind == "release":
            further = map(dt.date.fromisoformat, entry.body.get("later_days", ()))
            for day in {*days_of_facts(entry.body), *further}:
                computed.setdefault(day, []).append(entry)
    wanted = [day for day in {*days, *later} if day in computed]
    since = min((computed[day][-1].seq for day in wanted), default=0)
    touches = _touches(home, entries, since) if wanted else {}
    for one in superseded(home, entries) if wanted else []:
        # Compared with the edition that the day was computed with, so it counts whenever it came.
        touch = touches.setdefault(one.day, _Touch())
        touch.found.append((entries[-1].seq, "reference_change", one.sha256))
    later_set = set(later) - set(days)
    making = {
        "rule_change": ("seeds_sha256", dbt_project.seeds_hash()),
        "code_change": ("code_sha256", dbt_project.code_hash()),
    }
    return {
        day: _causes(day, computed[day], touches, making, is_later=day in later_set)
        for day in wanted
    }


def _causes(
    day: dt.date,
    releases: Sequence[Entry],
    touches: Mapping[dt.date | None, _Touch],
    making: Mapping[str, tuple[str, str]],
    *,
    is_later: bool,
) -> DayCauses:
    first, last = releases[0].body, releases[-1]
    reasons, deliveries = set(), []
    for key in (day, None):  # None: what can reach every day
        for seq, reason, sha256 in touches.get(key, _Touch()).found:
            if seq > last.seq:
                reasons.add(reason)
                deliveries += [sha256] if sha256 else []
    reasons |= {reason for reason, (name, now) in making.items() if last.body.get(name) != now}
    if is_later:
        reasons.add("earlier_day")
    return DayCauses(
        first_release=first["release_id"],
        last_release=last.body["release_id"],
        reasons=tuple(reason for reason in REASONS if reason in reasons),
        deliveries=tuple(dict.fromkeys(deliveries)),
    )


def _touches(home: Home, entries: Sequence[Entry], since: int) -> dict[dt.date | None, _Touch]:
    """Day -> what came after entry `since`; None -> what can reach any day."""
    found: dict[dt.date | None, _Touch] = {}

    def touch(day: dt.date | None, seq: int, reason: str, sha256: str | None) -> None:
        found.setdefault(day, _Touch()).found.append((seq, reason, sha256))

    accepted = [e for e in entries if e.kind == "delivery" and e.body["status"] == "accepted"]
    for entry in entries:
        if entry.seq <= since:
            continue
        if entry.kind == "discard":
            for other in accepted:
                if other.body["sha256"] == entry.body["sha256"]:
                    for day, _ in _reached(home, entries, other.body):
                        touch(day, entry.seq, "discarded", other.body["sha256"])
        elif entry.kind == "delivery" and entry.body["status"] == "accepted":
            for day, reason in _reached(home, entries, entry.body):
                touch(day, entry.seq, reason, entry.body["sha256"])
    return found


def _reached(
    home: Home, entries: Sequence[Entry], body: Mapping[str, Any]
) -> list[tuple[dt.date | None, str]]:
    """(day, reason) of a delivery's rows; amendments also reach the days of what they amend."""
    contract = CONTRACTS[body["source"]]
    if not contract.windowed:
        return [(None, "reference_change")]
    path = home.root / body["raw_file"]
    if not body["accepted"] or not path.is_file():
        return []
    columns = {column.name for column in contract.fields}
    amended = [
        text
        for name, text in (("version_number", "version_number > 1"), ("is_partial", "is_partial"))
        if name in columns
    ]
    conditions = " or ".join(["record_status = 'amended'", *amended])
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct day, case when record_status = 'cancelled' then 'cancelled' "
            f"when {conditions} then 'amended' else 'late' end "
            f"from read_parquet({file_list([path])}, hive_partitioning = false)"
        ).fetchall()
    changing = sorted({reason for _, reason in rows if reason != "late"})
    linked = [(day, reason) for day in linked_days(home, entries, [body]) for reason in changing]
    return [*rows, *linked]
