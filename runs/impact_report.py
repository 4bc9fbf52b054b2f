"""The impact report of a month, from the current release of a home.

Defines: `write_impact_report`. Add here what every way of asking for the report needs (command,
schedule). Keep out: what it says (reports/impact/), reading a release (serving/).
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from disclosure.records import Records
from foundation.home import Home
from reports.impact.build import build
from reports.impact.bundle import write
from reports.impact.figures import LANGUAGES, Language
from reports.impact.model import Edition, Report, Status
from reports.impact.public import public_month
from reports.impact.source import Source
from serving.current import require_current
from serving.reader import open_reader


def write_impact_report(
    home: Home,
    month: dt.date,
    *,
    languages: Sequence[Language] = LANGUAGES,
    edition: Edition = "internal",
    status: Status = "estimate",
    folder: Path | None = None,
) -> tuple[Report, list[Path]]:
    """Write an edition of `month` (its first day); the report and its files.

    folder: None is `reports/impact-YYYY-MM-EDITION` in the home. What a public edition told beyond
    the release is kept in the home (`reports/public-records`): later ones, of whatever audience,
    must not tell more together with it. Raises WarehouseError without a release, UsageError when it
    holds nothing of the month.
    """
    records = Records(home.public_records)
    release = require_current(home)
    with open_reader(release.database("customs")) as connection:
        run_id = release.manifest["run_facts"]["run_id"]
        source = Source(connection, month, release.release_id, run_id)
        treated, record = None, None
        if edition == "public":
            treated, record = public_month(source, records.earlier())
        report = build(source, edition, status, treated)
    where = folder or home.reports / f"impact-{month:%Y-%m}-{edition}"
    files = write(report, tuple(languages), where, treated)
    if record is not None:
        records.keep(record)
    return report, files
