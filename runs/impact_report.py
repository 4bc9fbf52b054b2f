"""The impact report of a month, from the current release of a home.

Defines: `write_impact_report`. Add here what every way of asking for the report needs (command,
schedule). Keep out: what it says (reports/impact/), reading a release (serving/).
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from foundation.home import Home
from reports.impact.build import build
from reports.impact.bundle import write
from reports.impact.figures import LANGUAGES, Language
from reports.impact.model import Report, Status
from reports.impact.source import Source
from serving.current import require_current
from serving.reader import open_reader


def write_impact_report(
    home: Home,
    month: dt.date,
    *,
    languages: Sequence[Language] = LANGUAGES,
    status: Status = "estimate",
    folder: Path | None = None,
) -> tuple[Report, list[Path]]:
    """Write the internal edition of `month` (its first day); the report and its files.

    folder: None is `reports/impact-YYYY-MM` in the home. Raises WarehouseError without a release,
    UsageError when it holds nothing of the month.
    """
    release = require_current(home)
    with open_reader(release.database("customs")) as connection:
        run_id = release.manifest["run_facts"]["run_id"]
        source = Source(connection, month, release.release_id, run_id)
        report = build(source, "internal", status)
    where = folder or home.root / "reports" / f"impact-{month:%Y-%m}"
    return report, write(report, tuple(languages), where)
