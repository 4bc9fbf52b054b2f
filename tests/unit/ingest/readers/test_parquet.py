"""Parquet: typed columns become canonical text, records are numbered, damage refuses the file."""

from pathlib import Path

import duckdb
import pytest

from contracts.base import Contract, Field
from ingest.outcomes import FileRefused
from ingest.readers.parquet import read
from ingest.senders.profile import Layout

FIELDS = (
    Field("id", "code", "", "", required=True),
    Field("value", "decimal", "", "", scale=2),
    Field("day", "date", "", ""),
    Field("moment", "timestamp", "", ""),
    Field("zoned", "timestamp", "", ""),
    Field("count", "integer", "", ""),
)
CONTRACT = Contract("sample", "", "", ("id",), None, "day", False, FIELDS)


def rows_of(path: Path, layout: Layout) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        outcome = read(connection, path, CONTRACT, layout)
        names = ", ".join(field.name for field in FIELDS)
        select = f"select _src_line, {names}, _extra from {outcome.rows}"
        return connection.execute(select).fetchall()


def test_every_type_has_one_text(tmp_path: Path) -> None:
    path = tmp_path / "sample.parquet"
    duckdb.sql(
        "copy (select * from (values "
        "('x', 0.1::double + 0.2::double, date '2026-01-02', timestamp '2026-01-02 03:04:05', "
        "timestamptz '2026-01-02 03:04:05+07', 7::bigint, true), "
        "('', 1e15::double, null, null, null, null, null)) "
        't("Id", value, day, moment, zoned, count, other)) '
        f"to '{path}' (format parquet)"
    )
    assert rows_of(path, Layout("parquet", columns={"id": "Id"})) == [
        (1, "x", "0.3", "2026-01-02", "2026-01-02T03:04:05.000000", "2026-01-01T20:04:05.000000Z",
         "7", '{"other":4}'),
        (2, None, "1000000000000000", None, None, None, None, None),
    ]  # fmt: skip


def test_a_date_feeds_a_timestamp_field_at_midnight(tmp_path: Path) -> None:
    path = tmp_path / "sample.parquet"
    duckdb.sql(f"copy (select 'x' as id, date '2026-01-02' as moment) to '{path}' (format parquet)")
    assert rows_of(path, Layout("parquet"))[0][4] == "2026-01-02T00:00:00"


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_truncated_files_are_refused(tmp_path: Path, share: float) -> None:
    """Row 22."""
    path = tmp_path / "sample.parquet"
    duckdb.sql(f"copy (select i::varchar as id from range(1000) t(i)) to '{path}' (format parquet)")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(FileRefused, match="empty_file" if share == 0 else "corrupt_parquet"):
        rows_of(path, Layout("parquet"))


def test_a_missing_required_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sample.parquet"
    duckdb.sql(f"copy (select 1 as other) to '{path}' (format parquet)")
    with pytest.raises(FileRefused, match="missing_column"):
        rows_of(path, Layout("parquet"))
