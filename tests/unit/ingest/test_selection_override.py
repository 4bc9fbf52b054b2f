"""Decisions of officers at the door: what is required, and that no name of an officer is kept."""

import datetime as dt
from pathlib import Path

import duckdb

from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.store.landing import raw_files

DAY = dt.date(2026, 11, 11)
CONTENT = """\
consignment_id,risk_type,override,reason,decided_at,office_code,unit,officer_name
P-1,,select,told,2026-11-10 23:30:00,02DS,Team 1,Nguyễn Văn An
P-2,,postpone,told,2026-11-10 09:00:00,02DS,,
P-3,,release,,2026-11-10 09:00:00,02DS,,
P-4,,release,told,2026-11-10 09:00:00,,,
,,release,told,2026-11-10 09:00:00,02DS,,
P-5,,release,told,,02DS,,
P-6,theft,release,told,2026-11-10 09:00:00,02DS,,
P-7,origin,release,told,2026-11-12 09:00:00,02DS,,
"""


def test_a_decision_states_what_it_must_and_a_name_is_counted_not_kept(tmp_path: Path) -> None:
    """Rows 2-7 lack or misspell what is required; the last was decided after its receipt."""
    home, path = Home(tmp_path / "home"), tmp_path / "decisions.csv"
    path.write_text(CONTENT, encoding="utf-8")
    (outcome,) = deliver(
        home, [path], received_date=DAY, key=PseudonymKey.demonstration(),
        source="selection_override",
    )  # fmt: skip
    assert (outcome.rows_in, outcome.accepted, outcome.quarantined) == (8, 1, 7)
    (file,) = raw_files(home, "selection_override", dt.date.min, dt.date.max)
    (row,) = duckdb.sql(
        "select consignment_id, override, reason, decided_at, decided_date, office_code, unit, "
        f"_extra from read_parquet('{file}', hive_partitioning=false)"
    ).fetchall()
    assert row == (
        "P-1", "select", "told", dt.datetime(2026, 11, 10, 16, 30), dt.date(2026, 11, 10), "02DS",
        "Team 1", '{"officer_name":13}',
    )  # fmt: skip
