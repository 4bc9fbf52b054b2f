"""Why days are computed again: what differs from the release that computed each day last.

Add here a fact that can change a published figure. Keep out: the figures themselves
(serving/revisions.py), which release published a day first (publications.py) and which days must be
computed (plan.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import duckdb

from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ingest import site_parameters
from ingest.links import file_list, linked_days
from ledger.chain import Ledger
from ledger.entries import Entry
from ledger.model_periods import ITEM_NAMES, candidates
from runs import dbt_project
from runs.days.day_set import days_of_facts
from runs.days.editions import superseded
from runs.days.model_days import ModelDays, remodelled
from runs.days.publications import input_of
from serving.revisions import DayCauses

# Most telling first: what happened to records, then to what they are judged by.
REASONS = (
    "discarded", "cancelled", "amended", "late", "reference_change", "model_change", "rule_change",
    "code_change", "earlier_day",
)  # fmt: skip


@dataclass(frozen=True)
class _Touch:
    """What reached a day, by the entry `seq`. sha256: of the delivery, of the edition of a list or
    of the document of a model ("": the expert's points). kind: it came, it was withdrawn, or it
    counts whatever the release before had read; a risk model reaches later days, too, a table of
    item names does not."""

    reason: str
    sha256: str
    seq: int
    kind: Literal["came", "withdrawn", "edition", "model", "names"]


@dataclass(frozen=True)
class _Last:
    """The release that computed a day last, and the inputs it had read."""

    entry: Entry
    read: frozenset[str]

    def lacks(self, touch: _Touch, now: frozenset[str]) -> bool:
        """Whether a run that reads the inputs `now` differs from it in this.

        What each read decides, not when it came: a delivery may come while a run goes on, or be
        set aside by it.
        """
        if touch.kind == "came":
            # One that was read and came again was replayed: other rows of the same input.
            is_new = touch.sha256 not in self.read or touch.seq > self.entry.seq
            return touch.sha256 in now and is_new
        if touch.kind == "withdrawn":
            return touch.sha256 in self.read and touch.sha256 not in now
        return True


_Touches = Mapping[dt.date | None, Sequence[_Touch]]


def causes_of(
    home: Home,
    days: Iterable[dt.date],
    later: Iterable[dt.date],
    inputs: Iterable[str],
    models: ModelDays | None = None,
) -> dict[dt.date, DayCauses]:
    """Day -> what differs from the release that computed it last; days that none did are left out.

    later: days of which only the risk is computed again, because an earlier one changed. inputs:
    names of the raw files that the run reads; models: the risk models that it scores with, those
    that count now when it is not said.
    """
    entries = Ledger(home.ledger).entries()
    own, now = set(days), frozenset(map(input_of, inputs))
    whole: dict[dt.date, _Last] = {}
    risk: dict[dt.date, _Last] = {}
    for entry in entries:
        if entry.kind == "release":
            one = _Last(entry, frozenset(map(input_of, entry.body["inputs"])))
            computed = days_of_facts(entry.body)
            further = map(dt.date.fromisoformat, entry.body.get("later_days", ()))
            whole |= dict.fromkeys(computed, one)
            risk |= dict.fromkeys((*computed, *further), one)
    last = {day: risk[day] for day in later if day in risk}
    last |= {day: whole[day] for day in days if day in whole}
    touches = _touches(home, entries, last.values(), now, models) if last else {}
    return {
        day: _causes(home, day, one, touches, now, is_later=day not in own)
        for day, one in last.items()
    }


def _causes(
    home: Home, day: dt.date, last: _Last, touches: _Touches, now: frozenset[str], *, is_later: bool
) -> DayCauses:
    # None: what can reach every day. Of a later day risk is made again, its rows are not read.
    own = [one for one in touches.get(day, ()) if not is_later or one.kind == "model"]
    news = [one for one in (*own, *touches.get(None, ())) if last.lacks(one, now)]
    reasons = {one.reason for one in news}
    for reason, name, value in (
        ("rule_change", "seeds_sha256", dbt_project.seeds_hash()),
        ("rule_change", "site_parameters_sha256", site_parameters.sha256(home.parameters)),
        ("code_change", "code_sha256", dbt_project.code_hash()),
    ):
        if last.entry.body.get(name) != value:
            reasons.add(reason)
    if is_later:
        reasons.add("earlier_day")
    return DayCauses(
        reasons=tuple(reason for reason in REASONS if reason in reasons),
        deliveries=tuple(dict.fromkeys(one.sha256 for one in news if one.sha256)),
    )


def _touches(
    home: Home,
    entries: Sequence[Entry],
    last: Iterable[_Last],
    now: frozenset[str],
    models: ModelDays | None,
) -> _Touches:
    """Day -> what one of these releases may lack; None -> what can reach any day."""
    found: dict[dt.date | None, list[_Touch]] = {}
    releases = {one.entry.seq: one for one in last}.values()
    discarded = {e.body["sha256"] for e in entries if e.kind == "discard"}
    for entry in entries:
        if entry.kind != "delivery" or entry.body["status"] != "accepted":
            continue
        sha256 = entry.body["sha256"]
        touches = [_Touch("", sha256, entry.seq, "came")]
        if sha256 in discarded:
            touches.append(_Touch("discarded", sha256, entry.seq, "withdrawn"))
        if not any(one.lacks(touch, now) for one in releases for touch in touches):
            continue
        for day, reason in _reached(home, entries, entry.body):
            found.setdefault(day, []).extend(
                replace(touch, reason=touch.reason or reason) for touch in touches
            )
    for edition in superseded(home, entries):
        # Compared with the edition that the day was computed with, so it counts whenever it came.
        touch = _Touch("reference_change", edition.sha256, 0, "edition")
        found.setdefault(edition.day, []).append(touch)
    documents = candidates(entries)
    for model in remodelled(home, entries, models):
        sha256 = documents[model.version].sha256 if model.version else ""
        kind: Literal["model", "names"] = "names" if model.risk_type == ITEM_NAMES else "model"
        touch = _Touch("model_change", sha256, 0, kind)
        found.setdefault(model.day, []).append(touch)
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
        for name, text in (
            ("record_status", "record_status = 'amended'"),
            ("version_number", "version_number > 1"),
            ("is_partial", "is_partial"),
        )
        if name in columns
    ]
    # A record that is never sent again (contract.versions) can be neither.
    cancelled = "record_status = 'cancelled'" if "record_status" in columns else "false"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select distinct day, case when {cancelled} then 'cancelled' "
            f"when {' or '.join(amended) or 'false'} then 'amended' else 'late' end "
            f"from read_parquet({file_list([path])}, hive_partitioning = false)"
        ).fetchall()
    changing = sorted({reason for _, reason in rows if reason != "late"})
    linked = [(day, reason) for day in linked_days(home, entries, [body]) for reason in changing]
    return [*rows, *linked]
