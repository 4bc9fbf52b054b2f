"""What a run writes down about itself beside its verdicts: its deliveries, and what stopped it.

Add here another fact of a run that its quality page shows. Keep out: verdicts (expectations/) and
the page (reports/).
"""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb

from foundation.errors import WarehouseError
from foundation.files import canonical_json, write_atomically

DELIVERIES_FILE = "deliveries.json"
FAILURE_FILE = "failure.json"
SHOWN_DELIVERIES = 200  # an archive of single-declaration files has tens of thousands

# As gate 1 sees them: files of the days, files that loaded nothing, and states received so far.
_IN_SCOPE = """
    from raw.delivery_outcome as delivery cross join raw.run_window
    where case when delivery.day_min is null then delivery.received_date >= from_day
        else exists (select 1 from raw.run_day as computed
            where computed.day between delivery.day_min and delivery.day_max) end
"""
_COUNTS = ("rows_in", "accepted", "quarantined", "duplicates")


def record_deliveries(connection: duckdb.DuckDBPyConnection, evidence: Path) -> None:
    """Write runs/<run_id>/deliveries.json from the registered schema raw.

    rows: at most SHOWN_DELIVERIES, those with something amiss first, then the newest. total: all.
    """
    names = ["source", "sender", "file_name", "received_date", "status", "reason", *_COUNTS]
    found = connection.execute(
        f"select {', '.join(names)} {_IN_SCOPE} order by status = 'refused' desc, "
        f"quarantined > 0 desc, delivery_sequence desc limit {SHOWN_DELIVERIES}"
    ).fetchall()
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in _COUNTS)
    total = connection.execute(f"select count(*), {sums} {_IN_SCOPE}").fetchone()
    assert total is not None
    document = {
        "rows": [
            {name: _plain(value) for name, value in zip(names, row, strict=True)} for row in found
        ],
        "total": dict(zip(("deliveries", *_COUNTS), map(int, total), strict=True)),
    }
    write_atomically(evidence / DELIVERIES_FILE, canonical_json(document) + "\n")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def record_failure(evidence: Path, step: str, error: BaseException | None) -> None:
    """Write runs/<run_id>/failure.json, unless an earlier step left one: the first is the cause.

    Only our own errors speak: the text of any other may quote data.
    """
    if isinstance(error, WarehouseError):
        said = {"what": error.what, "where": error.where, "remedy": error.remedy}
    else:
        said = {
            "what": f"{type(error).__name__ if error else 'an error'} (details in the log only, "
            "they may quote data)",
            "where": "run.log in the folder of the run, or the Dagster run log",
            "remedy": "read the log; run again when the cause is gone",
        }
    _write_failure(evidence, {"step": step, **said})


def record_death(evidence: Path) -> None:
    """The failure of a run whose process ended without a word."""
    _write_failure(
        evidence,
        {
            "step": "unknown",
            "what": "the process of the run died before it ended (killed, out of memory, power)",
            "where": "run.log in the folder of the run, or the log of the machine",
            "remedy": "run the same days again; readers kept the release they had",
        },
    )


def _write_failure(evidence: Path, said: dict[str, str]) -> None:
    path = evidence / FAILURE_FILE
    if not path.exists():
        write_atomically(path, canonical_json(said) + "\n")
