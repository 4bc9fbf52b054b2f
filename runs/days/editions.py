"""Published days that rest on another edition of a reference list than the one that counts now.

Defines: `of_days` (what a run writes into its ledger entry), `Superseded`, `superseded` and
`days_with_rows`.
Add here another question about editions and days. Keep out: which edition counts on a day
(ingest/reference/editions.py) and which marts read a list (READERS names one each).

A new edition is compared with the one that each day was computed with, not with a date of arrival:
one that begins after every published day supersedes nothing, nor does a file with the same figures.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.home import Home
from ingest.reference.catalogue import KINDS
from ingest.reference.editions import edition_on, editions, same_figures
from ledger.entries import Entry
from runs.days.day_set import Days, days_of_facts
from serving import release
from serving.history import EMPTY_FOLDER, read_listing

# Kind that is read by day -> a published mart of which each day with rows has read it.
READERS: Mapping[str, str] = {"vn_tariff": "core.fct_tax_assessments"}
_BY_DAY = tuple(name for name, kind in KINDS.items() if kind.read_by_day)

# kind -> day -> sha256 of the edition's file, None where nothing was loaded
_Used = dict[str, dict[dt.date, str | None]]


@dataclass(frozen=True)
class Superseded:
    """A published day whose edition is no longer the one that counts.

    sha256: of the file that counts now. used_sha256: of the one that the day was computed with,
    None when none was loaded then.
    """

    day: dt.date
    kind: str
    file: str
    as_of: str
    sha256: str
    used_sha256: str | None


def of_days(entries: Iterable[Entry], days: Days) -> dict[str, dict[str, str]]:
    """kind -> sha256 -> those of `days` that are read with it, as text; for the ledger."""
    references = [entry for entry in entries if entry.kind == "reference"]
    return {
        kind: {
            sha256: str(Days(read_with))
            for sha256, read_with in _days_of(references, kind, days).items()
        }
        for kind in _BY_DAY
    }


def superseded(home: Home, entries: Sequence[Entry]) -> list[Superseded]:
    """The published days that another edition would change, by kind and day.

    Costs one look at the ledger; files are compared only where the edition is another one.
    """
    references = [entry for entry in entries if entry.kind == "reference"]
    if not any(entry.body["kind"] in _BY_DAY for entry in references):
        return []
    used = _used(entries)
    found = []
    for kind in _BY_DAY:
        of_kind = editions(references, kind)
        with_rows = days_with_rows(home, READERS[kind])
        for day, before in sorted(used[kind].items()):
            now = edition_on(of_kind, day)
            if now is None or same_figures(home, kind, before, now.sha256):
                continue
            if with_rows is None or day in with_rows:
                body = now.entry.body
                found.append(Superseded(day, kind, body["file"], body["as_of"], now.sha256, before))
    return found


def described(found: Iterable[Superseded]) -> list[dict[str, str]]:
    """JSON-ready: one record an edition, with the days that it makes pending."""
    by_edition: dict[tuple[str, str, str, str], list[dt.date]] = {}
    for one in found:
        key = (one.kind, one.file, one.as_of, one.sha256)
        by_edition.setdefault(key, []).append(one.day)
    return [
        {"kind": kind, "file": file, "as_of": as_of, "sha256": sha256, "days": str(Days(days))}
        for (kind, file, as_of, sha256), days in sorted(by_edition.items())
    ]


def _days_of(
    entries: Sequence[Entry], kind: str, days: Iterable[dt.date]
) -> dict[str, list[dt.date]]:
    of_kind = editions(entries, kind)
    found: dict[str, list[dt.date]] = {}
    for day in days:
        if (edition := edition_on(of_kind, day)) is not None:
            found.setdefault(edition.sha256, []).append(day)
    return found


def _used(entries: Sequence[Entry]) -> _Used:
    """What the releases so far computed each day with, the last one last.

    Runs from before the editions were recorded read one edition for all their days: the one of
    their last day, of those loaded before the run began.
    """
    used: _Used = {kind: {} for kind in _BY_DAY}
    started: dict[str, Entry] = {}
    for number, entry in enumerate(entries):
        if entry.kind == "run" and entry.body["status"] == "started":
            started[entry.body["run_id"]] = entry
        elif entry.kind == "release":
            computed = days_of_facts(entry.body)
            start = started.get(str(entry.body.get("run_id")))
            recorded = start.body.get("editions") if start is not None else None
            for kind in _BY_DAY:
                used[kind] |= dict.fromkeys(computed)
                if recorded is not None:
                    for sha256, days in recorded[kind].items():
                        used[kind] |= dict.fromkeys(Days.parse(days), sha256)
                    continue
                begun = entry.seq if start is None else start.seq
                known = [e for e in entries[:number] if e.seq < begun]
                of_last = edition_on(editions(known, kind), computed.to_day)
                if of_last is not None:
                    used[kind] |= dict.fromkeys(computed, of_last.sha256)
    return used


def days_with_rows(home: Home, mart: str) -> frozenset[dt.date] | None:
    """The days of which the current release has a file of `mart`; None when it cannot tell."""
    now = release.current(home)
    listing = None if now is None else read_listing(now.folder).get(mart)
    if listing is None:
        return None
    return frozenset(
        dt.date.fromisoformat(day)
        for day, file in listing.items()
        if Path(file).parent.name != EMPTY_FOLDER
    )
