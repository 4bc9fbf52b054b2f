"""The monthly reports of a home: built from the current release, filed as an edition or drafted.

Defines: `write_impact_report`, `write_committee_report`, `write_quality_report`, `Written`.
Add here what every way of asking for a report needs (command, schedule). Keep out: what it says
(reports/), what happens to an edition (editions.py), reading a release (serving/).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from disclosure.records import Records
from disclosure.tidy import Edition as TreatedCells
from foundation.errors import UsageError
from foundation.home import Home
from foundation.run_index import latest
from ledger.editions import Edition as Filed
from notices.dispatch import Dispatched
from reports.committee_389 import build as committee_389
from reports.due_dates import date_of
from reports.impact.build import build
from reports.impact.bundle import write
from reports.impact.figures import LANGUAGES, Language
from reports.impact.model import Edition, Report, Status
from reports.impact.public import public_month
from reports.impact.source import Source
from reports.quality_month import build as quality_month
from reports.quality_page.evidence import evidence_of
from runs.editions import draft_of, file_edition, release_unasked
from serving.current import require_current
from serving.reader import open_reader

_VIET_NAM = dt.timezone(dt.timedelta(hours=7))
_MOST_RUNS = 1000  # of which those of the month are read: a day is run a few times, not forty


@dataclass(frozen=True)
class Written:
    """A report and its files. edition: None for a draft; sent: None when it was not sent."""

    report: Report
    files: list[Path]
    edition: Filed | None = None
    sent: Dispatched | None = None


def write_impact_report(
    home: Home,
    month: dt.date,
    *,
    languages: Sequence[Language] = LANGUAGES,
    edition: Edition = "internal",
    status: Status = "estimate",
    folder: Path | None = None,
    reason: str = "",
) -> Written:
    """File the impact report of `month` (its first day), or write a draft of it into `folder`.

    reason: of a correction of what was sent. An edition is in both languages; where the home asks
    for no approval it is sent at once. What a public edition told beyond the release is kept in the
    home (`reports/public-records`): later ones, of whatever audience, must not tell more together
    with it. Raises WarehouseError without a release, UsageError when it holds nothing of the month
    or a correction has no reason.
    """
    if folder is None:
        _require_due(month, status)
    records = Records(home.public_records)
    with _source(home, month) as source:
        treated, record = None, None
        if edition == "public":
            treated, record = public_month(source, records.earlier())
        report = build(source, edition, status, treated)
    if record is not None:
        # Before it is told: a record of what was never told only makes later editions tell less.
        records.keep(record)
    return _written(home, report, languages, folder, reason, treated)


def write_committee_report(
    home: Home,
    month: dt.date,
    *,
    languages: Sequence[Language] = LANGUAGES,
    status: Status = "estimate",
    folder: Path | None = None,
    reason: str = "",
) -> Written:
    """The report for Steering Committee 389, in the same way. Raises as that does."""
    if folder is None:
        _require_due(month, status)
    with _source(home, month) as source:
        report = committee_389.build(source, status)
    return _written(home, report, languages, folder, reason)


def write_quality_report(
    home: Home,
    month: dt.date,
    *,
    languages: Sequence[Language] = LANGUAGES,
    status: Status = "estimate",
    folder: Path | None = None,
    reason: str = "",
) -> Written:
    """The report of a month of gates and senders, in the same way. Raises as that does."""
    if folder is None:
        _require_due(month, status)
    name = f"{month:%Y-%m}"
    ran = [run for run in latest(home, _MOST_RUNS) if run.to_day.startswith(name)]
    with _source(home, month) as source:
        report = quality_month.build(source, status, [evidence_of(home, run) for run in ran])
    return _written(home, report, languages, folder, reason)


def _require_due(month: dt.date, status: Status) -> None:
    """An estimate may be told again and again; figures of a higher status replace it for good."""
    due, today = date_of(month, status), dt.datetime.now(_VIET_NAM).date()
    if status != "estimate" and today < due:
        raise UsageError(
            f"{status} figures of {month:%Y-%m} are due on {due}: before, there are estimates",
            where="--status",
            remedy="leave --status out, or look at a draft with --out",
        )


@contextmanager
def _source(home: Home, month: dt.date) -> Iterator[Source]:
    release = require_current(home)
    with open_reader(release.database("customs")) as connection:
        run_id = release.manifest["run_facts"]["run_id"]
        yield Source(connection, month, release.release_id, run_id)


def _written(
    home: Home,
    report: Report,
    languages: Sequence[Language],
    folder: Path | None,
    reason: str,
    treated: TreatedCells | None = None,
) -> Written:
    if folder is not None:
        if folder.resolve().is_relative_to(home.editions.resolve()):
            raise UsageError(
                "a draft would be written over filed editions",
                where=str(folder),
                remedy="name a folder outside the home, or leave --out away to file the report",
            )
        report = draft_of(home, report)
        return Written(report, write(report, tuple(languages), folder, treated))
    filed = file_edition(home, report, treated, reason)
    filed, sent = release_unasked(home, filed)
    at = home.root / filed.folder
    return Written(report, sorted(path for path in at.rglob("*") if path.is_file()), filed, sent)
