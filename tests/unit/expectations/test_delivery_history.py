"""What gates remember is counted right, and remembering twice changes nothing.

Not claimed: that the rules on profiles are right (test_history_rules.py, test_gate2_rules.py).
"""

import shutil
from pathlib import Path

import duckdb
import pytest

from expectations import delivery_history
from expectations.delivery_history import compared_sql, remember_days, remember_deliveries
from tests.unit.expectations.warehouses import build_empty

SHA = "f" * 64


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One delivery of 400 parcels: 300 of platform a at 100, 100 of b at 300; and one of 5."""
    path = build_empty(tmp_path_factory.mktemp("profiles") / "w.duckdb")
    with duckdb.connect(str(path)) as connection:
        for rows, sha in ((400, SHA), (5, "small")):
            connection.execute(
                "insert into raw.parcel_manifest (platform_code_folded, declared_value, "
                "gross_weight_kg, currency_code, day, _src_sha, _src_line) select "
                "if(i < 300, 'a', 'b'), if(i < 300, 100, 300), null, 'VND', "
                f"date '2026-11-03', '{sha}', i from range({rows}) as r(i)"
            )
            connection.execute(
                f"insert into raw.delivery_outcome values (7, 'f.csv', 'parcel_manifest', 'kcs', "
                f"'{sha}', 'accepted', {rows}, {rows}, 0, 0, null, '2026-11-04', '2026-11-03', "
                "'2026-11-03')"
            )
    return path


@pytest.fixture
def connection(delivered: Path, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(delivered, copy)
    return duckdb.connect(str(copy))


def profile(connection: duckdb.DuckDBPyConnection) -> set[tuple]:
    return set(
        connection.execute(
            "select field, category, amount from pipeline.delivery_profile "
            "where field in ('platform_code', 'declared_value', 'gross_weight_kg', 'channel')"
        ).fetchall()
    )


def test_a_delivery_is_counted_by_code_band_and_median(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """100 lies in [64, 128): band 6; 300 in [256, 512): band 8. Nothing weighs anything."""
    remember_deliveries(connection)
    assert profile(connection) == {
        ("platform_code", "a", 300),
        ("platform_code", "b", 100),
        ("declared_value", "6", 300),
        ("declared_value", "8", 100),
        ("declared_value", delivery_history.MEDIAN, 100_000),
        ("gross_weight_kg", delivery_history.NOT_STATED, 400),
        ("channel", delivery_history.NOT_STATED, 400),
    }
    facts = connection.execute(
        "select distinct source, sender, sha256, received_date::varchar, delivery_sequence, "
        "row_count from pipeline.delivery_profile"
    ).fetchall()
    assert facts == [("parcel_manifest", "kcs", SHA, "2026-11-04", 7, 400)]


def test_remembering_again_changes_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    remember_deliveries(connection)
    first = profile(connection)
    remember_deliveries(connection)
    assert profile(connection) == first


def test_a_delivery_in_part_keeps_its_profile(connection: duckdb.DuckDBPyConnection) -> None:
    """Another day's run reaches single rows of it only: they say nothing of the whole."""
    remember_deliveries(connection)
    first = profile(connection)
    connection.execute(
        f"delete from raw.parcel_manifest where _src_sha = '{SHA}' and _src_line > 250"
    )
    remember_deliveries(connection)
    assert profile(connection) == first


def test_a_sender_cannot_fill_the_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """A code of its own on every row: 40 are told apart, the rest is one."""
    connection.execute("update raw.parcel_manifest set platform_code_folded = 'p' || _src_line")
    remember_deliveries(connection)
    amounts = connection.execute(
        "select count(*), sum(amount), max(amount) from pipeline.delivery_profile "
        "where field = 'platform_code'"
    ).fetchone()
    assert amounts == (delivery_history.MOST_CATEGORIES + 1, 400, 360)


def test_a_day_is_counted_by_value_weight_score_lane_and_indicator(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for statement in (
        "insert into core.fct_consignments (consignment_id, day, is_active, value_vnd, "
        "gross_weight_kg) values ('A', '2026-11-03', true, 100, 0.5), ('B', '2026-11-03', true, "
        "300, 2), ('C', '2026-11-03', false, 1, 1), ('D', '2026-10-01', true, 1, 1)",
        "insert into risk.fct_risk_scores (consignment_id, day, risk_type, score_points) values "
        "('A', '2026-11-03', 'origin', 30), ('A', '2026-11-03', 'value', 15)",
        "insert into risk.fct_selections (consignment_id, day, lane) values "
        "('A', '2026-11-03', 'red')",
        # Of two risk types, and once on a day that is not of the run.
        "insert into risk.fct_risk_indicators (consignment_id, day, risk_type, indicator_id) "
        "values ('A', '2026-11-03', 'origin', 'i'), ('A', '2026-11-03', 'value', 'i'), "
        "('D', '2026-10-01', 'origin', 'i'), "
        # It follows an event for a time: nobody misses it afterwards.
        "('B', '2026-11-03', 'origin', 'ends')",
    ):
        connection.execute(statement)
    remember_days(connection)
    remember_days(connection)
    found = connection.execute(
        "select day::varchar, row_count, field, category, amount from pipeline.day_profile"
    ).fetchall()
    day = ("2026-11-03", 2)
    # A has 45 points: the band that begins at 40. C was cancelled, D lies outside the window.
    assert set(found) == {
        (*day, "value", "6", 1),
        (*day, "value", "8", 1),
        (*day, "weight", "-1", 1),
        (*day, "weight", "1", 1),
        (*day, "score", "40", 1),
        (*day, "score", delivery_history.NOT_STATED, 1),
        (*day, "lane", "red", 1),
        (*day, "lane", delivery_history.NOT_STATED, 1),
        (*day, "indicator", "i", 1),
    }


def test_rows_that_moved_are_half_the_sum_of_the_differences() -> None:
    """Own 60/40, before 900/100 of 1,000: shares .6/.4 against .9/.1, moved 30 %.
    A new category takes all it has: 0/0/100 against 50/50 is 100 %."""
    own = (
        "select * from (values ('d1', 'f', 'a', 60), ('d1', 'f', 'b', 40), ('d2', 'f', 'c', 100)) "
        "as t(unit, field, category, amount)"
    )
    before = (
        "select * from (values ('d1', 'f', 'a', 900), ('d1', 'f', 'b', 100), ('d2', 'f', 'a', 50), "
        "('d2', 'f', 'b', 50), ('d3', 'f', 'a', 1)) as t(unit, field, category, amount)"
    )
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select unit, row_count, past_rows, moved_percent from "
            f"({compared_sql('unit', own, before)}) as c order by unit"
        ).fetchall()
    assert found == [("d1", 100, 1000, 30), ("d2", 100, 100, 100)]
