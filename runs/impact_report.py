"""The monthly reports of a home: built from the current release, filed as an edition or drafted.

Defines: `write_impact_report`, `Written`. Add here what every way of asking for a report needs
(command, schedule). Keep out: what it says (reports/), what happens to an edition (editions.py),
reading a release (serving/).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.home import Home
from ledger.editions import Edition as Filed
from notices.dispatch import Dispatched
from reports.impact.build import build
from reports.impact.bundle import write
from reports.impact.figures import LANGUAGES, Language
from reports.impact.model import Edition, Report, Status
from reports.impact.public import Records, public_month
from reports.impact.source import Source
from runs.editions import draft_of, file_edition, release_unasked
from serving.current import require_current
from serving.reader import open_reader


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
    for no approval it is sent at once. What a public edition told is kept in the home
    (`reports/public-records`): later ones must not tell more together with it. Raises
    WarehouseError without a release, UsageError when it holds nothing of the month or a correction
    has no reason.
    """
    records = Records(home.public_records)
    release = require_current(home)
    with open_reader(release.database("customs")) as connection:
        run_id = release.manifest["run_facts"]["run_id"]
        source = Source(connection, month, release.release_id, run_id)
        treated = public_month(source, records) if edition == "public" else None
        report = build(source, edition, status, treated)
    if treated is not None:
        # Before it is told: a record of what was never told only makes later editions tell less.
        records.keep(treated.record)
    if folder is not None:
        report = draft_of(home, report)
        return Written(report, write(report, tuple(languages), folder, treated))
    filed = file_edition(home, report, treated, reason)
    filed, sent = release_unasked(home, filed)
    at = home.root / filed.folder
    return Written(report, sorted(path for path in at.rglob("*") if path.is_file()), filed, sent)
