"""When a month's figures are published, how long they stand, and what is kept of them.

Claims nothing about which cells are hidden (test_published_attack.py, tests/unit/disclosure).
"""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from disclosure import monthly
from foundation.errors import WarehouseError
from foundation.home import Home
from serving.current import require_current
from serving.plan import PUBLISHED_TABLES
from serving.reader import query
from serving.release import build
from tests.support.published_flows import PLAN, consignments, days_to, statements
from tests.unit.serving.fake_work import make_work, publish_work

pytestmark = pytest.mark.slow

ROWS = consignments(3, ("2026-10", "2026-11"), rows=150)
OCTOBER = ROWS.filter(pl.col("month") == "2026-10")
ALMOST, CLOSED = dt.date(2026, 11, 29), dt.date(2026, 11, 30)


def publish(home: Home, rows: pl.DataFrame, last_day: dt.date, more: Sequence[str] = ()) -> str:
    return publish_work(
        home, [*statements(rows, last_day), *more], plan=PLAN, days=days_to(last_day)
    )


def asked(home: Home, sql: str, audience: str = "ministry") -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in query(home, sql, audience=audience).to_pylist()]


def editions(home: Home) -> dict[str, str]:
    """Month -> edition of its cells."""
    return dict(
        asked(home, "select distinct period, edition from impact.fct_published_cells_monthly")
    )


def values(home: Home, month: str) -> list[tuple[Any, ...]]:
    return asked(
        home,
        f"from impact.fct_published_cells_monthly where period = '{month}' order by all",
    )


def test_a_month_is_published_on_its_last_day_and_not_before(home: Home) -> None:
    publish(home, ROWS, ALMOST)
    assert editions(home) == {"2026-10": "2026-10"}
    publish(home, ROWS, CLOSED)
    assert editions(home) == {"2026-10": "2026-10", "2026-11": "2026-11"}


def test_what_comes_late_waits_until_the_next_month_is_closed(home: Home) -> None:
    on_time = ROWS.filter(pl.int_range(pl.len()) % 10 > 0)
    publish(home, on_time, ALMOST)
    first = values(home, "2026-10")
    publish(home, ROWS, ALMOST)
    assert values(home, "2026-10") == first
    publish(home, ROWS, CLOSED)
    assert editions(home) == {"2026-10": "2026-11", "2026-11": "2026-11"}
    assert values(home, "2026-10") != first
    # What was hidden stays hidden.
    hidden = {row[:8] for row in first if row[-3]}
    assert hidden
    assert hidden <= {row[:8] for row in values(home, "2026-10") if row[-3]}


def test_cells_that_stand_are_never_called_a_whole_month_by_what_came_later(home: Home) -> None:
    """October's cells are of nine rows in ten; when the rest has come, no days are told of them."""
    rows = consignments(3, ("2026-10",), rows=3000)
    days = "select distinct days_covered from reporting.rpt_published_impact_monthly"
    publish(home, rows.filter(pl.int_range(pl.len()) % 10 > 0), ALMOST)
    assert asked(home, days) == [(31,)]
    publish(home, rows, ALMOST)
    assert asked(home, days) == [(None,)]
    ratios = "select count(customs_value_to_retail_percent)"
    assert asked(home, f"{ratios} from reporting.rpt_published_impact_monthly") == [(0,)]


def test_all_audiences_have_the_same_tables_and_each_column_is_explained(home: Home) -> None:
    publish(home, ROWS, CLOSED)
    for name in PUBLISHED_TABLES:
        told = asked(home, f"from {name} order by all")
        assert told
        assert told == asked(home, f"from {name} order by all", "customs"), name
    listed = ", ".join(f"'{name.split('.')[1]}'" for name in PUBLISHED_TABLES)
    comments = f"select comment from duckdb_columns() where table_name in ({listed})"
    assert all(" | " in comment for (comment,) in asked(home, comments))


def test_a_hidden_cell_has_no_figure_in_the_summary(home: Home) -> None:
    publish(home, ROWS, CLOSED)
    cells = (
        "select period || '-01', value, status from impact.fct_published_cells_monthly"
        " where status <> '' and measure = 'customs_value_vnd' order by all"
    )
    summary = (
        "select month::varchar, customs_value_vnd, status"
        " from reporting.rpt_published_impact_monthly where status <> '' order by all"
    )
    counts = "select distinct parcel_count from reporting.rpt_published_impact_monthly where {}"
    hidden = asked(home, summary)
    assert hidden == asked(home, cells)
    assert {row[1] for row in hidden} == {None}
    assert asked(home, counts.format("status <> ''")) == [(None,)]
    assert (None,) not in asked(home, counts.format("status = ''"))
    every = "select count(*) from {}"
    assert asked(home, every.format("reporting.rpt_published_impact_monthly")) == asked(
        home, every.format("impact.fct_published_cells_monthly where measure = 'parcel_count'")
    )


def test_a_month_told_before_parcels_were_gets_them_at_the_next_closing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was hidden of its values is hidden of its parcels."""
    summary = (
        "select count(parcel_count), count(*) filter (status = ''), count(*) filter (status <> '')"
        " from reporting.rpt_published_impact_monthly where month = date '2026-10-01'"
    )
    cells_of = monthly.cells_of
    with monkeypatch.context() as before:
        before.setattr(monthly, "MEASURES", monthly.MEASURES[:1])
        before.setattr(
            monthly, "cells_of", lambda *given: cells_of(*given).filter(measure=monthly.VALUE)
        )
        publish(home, ROWS, ALMOST)
    ((counted, _, hidden),) = asked(home, summary)
    assert (counted, hidden > 0) == (0, True)
    first = {row[2:8] for row in values(home, "2026-10") if row[-3]}
    publish(home, ROWS, ALMOST)
    assert asked(home, summary)[0][0] == 0
    publish(home, ROWS, CLOSED)
    ((counted, shown, _),) = asked(home, summary)
    assert counted == shown > 0
    now = values(home, "2026-10")
    patterns = [
        {(row[2:8], row[-3]) for row in now if row[1] == measure and row[-3]}
        for measure in (monthly.VALUE, monthly.PARCELS)
    ]
    assert patterns[0] == patterns[1]
    assert first <= {cell for cell, _ in patterns[1]}
    fact = require_current(home).manifest["run_facts"]["published_edition"]
    assert fact == {"month": "2026-11", "withheld": {}}


def test_only_a_whole_month_is_divided_by_what_a_month_sells(home: Home) -> None:
    """Retail sales are 1e12 dong a month, for the total alone."""
    gone = "delete from impact.fct_import_flows_daily where day = date '2026-10-07'"
    publish(home, consignments(3, ("2026-10", "2026-11"), rows=3000), CLOSED, [gone])
    found = asked(
        home,
        "select month::varchar, customs_value_vnd, days_covered, customs_value_to_retail_percent,"
        " member_name_vi from reporting.rpt_published_impact_monthly where dimension = 'total'"
        " order by month",
    )
    assert [row[2] for row in found] == [30, 30]
    october, november = found
    assert (october[3], november[4]) == (None, "Tất cả")
    assert november[3] == (november[1] / 10**10).quantize(Decimal("0.0001"))
    others = (
        "select count(*) from reporting.rpt_published_impact_monthly"
        " where dimension <> 'total' and retail_sales_vnd is not null"
    )
    assert asked(home, others) == [(0,)]


def test_what_was_told_is_kept_when_it_is_published_and_not_before(home: Home) -> None:
    make_work(home, statements(OCTOBER, CLOSED))
    candidate = build(
        home, PLAN, warehouse=home.warehouse, gate_rows=[], run_facts={"run_id": "r"},
        first_releases={}, days=days_to(CLOSED),
    )  # fmt: skip
    assert not home.public_records.exists()
    assert len(list((candidate.folder / "records").iterdir())) == 1
    publish(home, OCTOBER, CLOSED)
    (kept,) = home.public_records.iterdir()
    assert (kept.name, kept.stat().st_mode & 0o777) == ("000001.parquet", 0o600)
    assert not (require_current(home).folder / "records").exists()
    # The same figures once more tell nothing new.
    publish(home, OCTOBER, CLOSED)
    assert len(list(home.public_records.iterdir())) == 1


def test_a_home_without_its_releases_tells_no_more_than_before(home: Home) -> None:
    """Restored from a backup: the records are there, the cells of the last release are not."""
    publish(home, ROWS, CLOSED)
    hidden = {row[:8] for row in values(home, "2026-10") if row[-3]}
    other = Home(home.root.parent / "other")
    other.public_records.mkdir(parents=True)
    for path in home.public_records.iterdir():
        (other.public_records / path.name).write_bytes(path.read_bytes())
    publish(other, ROWS, CLOSED)
    assert {row[:8] for row in values(other, "2026-10") if row[-3]} == hidden


def test_a_month_whose_record_is_gone_stands_as_it_was_told(home: Home) -> None:
    on_time = ROWS.filter(pl.int_range(pl.len()) % 10 > 0)
    publish(home, on_time, ALMOST)
    first = values(home, "2026-10")
    (record,) = home.public_records.iterdir()
    record.unlink()
    publish(home, ROWS, CLOSED)
    assert values(home, "2026-10") == first
    assert editions(home) == {"2026-10": "2026-10", "2026-11": "2026-11"}
    withheld = require_current(home).manifest["run_facts"]["published_edition"]["withheld"]
    assert list(withheld) == ["2026-10"]


def test_a_month_without_a_safe_table_is_withheld_and_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    treat, asked_for = monthly.treated_month, []

    def unsafe(cells: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> Any:
        period = str(cells["period"][0])
        asked_for.append(period)
        if period == "2026-10":
            raise WarehouseError("no table is safe", where=period, remedy="none")
        return treat(cells, earlier)

    monkeypatch.setattr(monthly, "treated_month", unsafe)
    publish(home, ROWS, CLOSED)
    assert editions(home) == {"2026-11": "2026-11"}
    fact = require_current(home).manifest["run_facts"]["published_edition"]
    assert fact == {"month": "2026-11", "withheld": {"2026-10": "no table is safe"}}
    # The next release does not try again, the ministry is not told why.
    publish(home, ROWS, dt.date(2026, 12, 1))
    assert asked_for == ["2026-10", "2026-11"]
    assert require_current(home).manifest["run_facts"]["published_edition"] == fact
    ((facts,),) = asked(home, "select run_facts from quality.release_info")
    assert "withheld" not in json.dumps(facts)
