"""Which held days a changed state speaks of, by what its contract says; days computed by hand.

Not claimed: that models read no other day (tests/faults/test_57_new_editions.py runs them).
"""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb

from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ledger.entries import Entry
from runs.days.states import days_of_changed_states

HELD = frozenset(dt.date(2026, 11, day) for day in range(1, 11))


def november(*days: int) -> set[dt.date]:
    return {dt.date(2026, 11, day) for day in days}


def delivered(home: Home, name: str, source: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """A raw file with these rows; the body of its ledger entry."""
    columns = CONTRACTS[source].raw_columns()
    with duckdb.connect() as connection:
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns)
        connection.execute(f"create table it ({listed})")
        for row in rows:
            names = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" for _ in row)
            connection.execute(f"insert into it ({names}) values ({marks})", list(row.values()))
        connection.execute(f"copy it to '{home.root / name}' (format parquet)")
    return {
        "source": source, "status": "accepted", "accepted": len(rows), "raw_file": name,
        "sha256": name, "key_id": "k1",
    }  # fmt: skip


def spoken(home: Home, changed: dict[str, Any], *standing: dict[str, Any]) -> set[dt.date]:
    entries = [
        Entry.sealed(number, "0" * 64, "delivery", body)
        for number, body in enumerate((*standing, changed), start=1)
    ]
    return days_of_changed_states(home, entries, [changed], HELD)


def event(day: int) -> dict[str, Any]:
    date = dt.date(2026, 11, day)
    return {"platform_code": "a", "event_type": "suspended", "event_date": date, "day": date}


def result(inspection: str, day: int, known: str = "finding") -> dict[str, Any]:
    date = dt.date(2026, 11, day)
    return {"inspection_id": inspection, "result": known, "finding_type": "origin", "day": date}


def figure(kind: str, date: dt.date, value: int, series: str = "exchange_rate") -> dict[str, Any]:
    return {
        "series_id": series, "dimension_code": "USD", "period_kind": kind, "period_start": date,
        "value": value, "day": date,
    }  # fmt: skip


def test_an_event_speaks_of_every_day_from_its_own_on(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert spoken(home, delivered(home, "new", "platform_registry", event(8))) == november(8, 9, 10)


def test_what_another_delivery_says_alike_is_no_news(tmp_path: Path) -> None:
    home = Home(tmp_path)
    before = delivered(home, "before", "platform_registry", event(8))
    assert spoken(home, delivered(home, "new", "platform_registry", event(8)), before) == set()


def test_a_result_touches_its_day_and_those_of_the_same_inspection(tmp_path: Path) -> None:
    """Pending on 3 November, found on the 5th: both days. Another inspection's day is not."""
    home = Home(tmp_path)
    before = delivered(
        home, "before", "inspection_outcome", result("I1", 3, "pending"), result("I2", 4)
    )
    new = delivered(home, "new", "inspection_outcome", result("I1", 5))
    assert spoken(home, new, before) == november(3, 5)


def test_a_figure_stands_until_the_next_of_its_series(tmp_path: Path) -> None:
    """A rate of 2 November stands until the day before that of the 6th; another series' rate of the
    4th ends nothing."""
    home = Home(tmp_path)
    before = delivered(
        home, "before", "market_reference",
        figure("day", dt.date(2026, 11, 6), 25_000),
        figure("day", dt.date(2026, 11, 4), 1, "consumer_price_index"),
    )  # fmt: skip
    new = delivered(home, "new", "market_reference", figure("day", dt.date(2026, 11, 2), 25_100))
    assert spoken(home, new, before) == november(2, 3, 4, 5)


def test_of_a_month_its_last_held_day_is_enough(tmp_path: Path) -> None:
    """The month of November, held to the 10th; that of October is not held at all."""
    home = Home(tmp_path)
    new = delivered(
        home, "new", "market_reference",
        figure("month", dt.date(2026, 11, 1), 7, "exports"),
        figure("month", dt.date(2026, 10, 1), 7, "exports"),
    )  # fmt: skip
    assert spoken(home, new) == november(10)
