"""Early warning of import surges: the warehouse's gates beside `scenarios.surge`, and by hand.

Price index and output are put into the warehouse as rows, and the models of the warning are built
on them. Add here a gate or a case of windows. NOT claimed: what the price index itself says
(test_price_index.py), and that a surge does harm.
"""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pytest

from scenarios.surge import Gates, surges
from tests.support.dbt_run import run_dbt
from tests.support.raw_fixture import build_raw

MONTHS = [dt.date(2024 + (9 + n) // 12, (9 + n) % 12 + 1, 1) for n in range(25)]  # to 2026-10
LAST = MONTHS[-1]
_TABLES = """
    create schema impact;
    create schema intermediate;
    create table impact.fct_price_index_monthly (
        hs_heading varchar, channel varchar, month date, index_status varchar, is_base boolean,
        value_vnd decimal(38, 2), tornqvist_log_nano bigint
    );
    create table intermediate.int_market__figures (
        series_id varchar, member_code varchar, period_start date, unit_code varchar,
        value decimal(24, 6), is_out boolean
    )
"""
BILLION = 1_000_000_000
GATES = Gates(min_value=BILLION, volume_pct=5, price_pct=-5, z_min=3, fdr=0.05)
Row = tuple[Any, ...]
Ask = Callable[[str], list[Row]]


def wave(heading: int) -> np.ndarray:
    """Changes within a year that differ from month to month, so that a history has a spread."""
    return 1 + 0.03 * np.sin(np.arange(25) * (1 + heading / 7))


def stratum(
    heading: int, *, volumes: np.ndarray, levels: np.ndarray | None = None, channel: str = "express"
) -> list[Row]:
    """Rows of the price index: value = volume x price level."""
    prices = np.ones(25) if levels is None else levels
    return [
        (f"{heading:04d}", channel, month, "published", n == 0, round(float(volume * level), 2),
         round(math.log(level) * 1e9))
        for n, (month, volume, level) in enumerate(zip(MONTHS, volumes, prices, strict=True))
    ]  # fmt: skip


def surging(heading: int, factor: float = 2.0, fall: float = 0.9) -> list[Row]:
    """A stratum whose last three months are `factor` times as many, at `fall` times the price."""
    volumes, levels = BILLION * wave(heading), np.ones(len(MONTHS))
    volumes[-3:] *= factor
    levels[-3:] *= fall
    return stratum(heading, volumes=volumes, levels=levels)


def usual(heading: int) -> list[Row]:
    return stratum(heading, volumes=BILLION * wave(heading))


def world() -> list[Row]:
    """Forty strata: usual ones, and some that open all gates, or all but one."""
    even = np.full(25, float(BILLION))
    rising = even.copy()
    rising[-3:] *= 1.05  # exactly on the gate of volume
    short = usual(8001)
    del short[0]  # one month less: seven earlier windows instead of eight
    hole = usual(8003)
    del hole[-2]
    return [
        *(row for heading in range(6101, 6131) for row in usual(heading)),
        *surging(6201),
        *surging(6202, fall=1.0),
        *surging(6203, factor=1.01),
        *surging(9901),  # made by nobody at home
        *stratum(6204, volumes=rising),
        *stratum(6205, volumes=even, levels=np.append(np.ones(22), np.full(3, 0.95))),
        *stratum(6206, volumes=np.append(even[3:], [4e8, 3e8, 3e8]), channel="postal"),
        *stratum(6207, volumes=np.append(even[3:], [4e8, 3e8, 3e8 - 1])),
        *([(*row[:4], number == 0, *row[5:]) for number, row in enumerate(short)]),
        *hole,
    ]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Rows of a query on the built warehouse."""
    home = tmp_path_factory.mktemp("surges")
    warehouse = home / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    made = [("62", LAST), ("6110", MONTHS[1]), ("6111", MONTHS[0])]
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, {}, (LAST, LAST))
        connection.execute(_TABLES)
        connection.executemany(
            "insert into impact.fct_price_index_monthly values (?, ?, ?, ?, ?, ?, ?)", world()
        )
        connection.executemany(
            "insert into intermediate.int_market__figures values "
            "('domestic_output', ?, ?, 'VND', 1000, true), ('exports', '61', ?, 'VND', 1, true)",
            [(code, month, month) for code, month in made],
        )
    run_dbt(home, "seed")
    run_dbt(
        home,
        "build",
        "--select",
        "stg_ingest__site_parameters",
        "int_surge__months+",
        "--exclude",
        "int_surge__backtest_months+",
        "--exclude-resource-type",
        "unit_test",
    )

    def rows(query: str) -> list[Row]:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()

    return rows


def test_every_gate_and_figure_is_that_of_the_method_on_a_file(ask: Ask) -> None:
    """The last month beside `scenarios.surge`, which the command `calc surge` runs, on the volume
    over the volume of the base window: base 1, history the same ratio of earlier windows."""
    rows = ask(
        f"""
        select hs_heading, value_vnd, volume_vnd / base_volume_vnd, price_change_percent,
            is_made_at_home, volume_change_percent, robust_z, p_value, is_material, is_volume_up,
            is_price_down, is_made_at_home, is_unusual, is_found_among_all, is_alert
        from impact.fct_surge_alerts_monthly where month = '{LAST}' order by hs_heading
        """
    )
    past = ask(
        f"""
        select now.hs_heading, list(earlier.volume_vnd / earlier.base_volume_vnd)
        from impact.fct_surge_alerts_monthly as now
        left join impact.fct_surge_alerts_monthly as earlier
            on now.hs_heading = earlier.hs_heading and earlier.month <= '{MONTHS[-4]}'
        where now.month = '{LAST}' group by now.hs_heading order by now.hs_heading
        """
    )
    assert len(rows) == 39
    history = np.full((len(rows), 20), np.nan)
    for place, (_, ratios) in enumerate(past):
        known = [float(ratio) for ratio in ratios if ratio is not None]
        history[place, : len(known)] = known
    told = surges(
        [float(row[1]) for row in rows], [float(row[2]) for row in rows], np.ones(len(rows)),
        [float(row[3]) for row in rows], [float(row[4]) for row in rows], history, GATES,
    )  # fmt: skip
    found = np.array([[np.nan if v is None else float(v) for v in row[5:]] for row in rows])
    assert found[:, 0] == pytest.approx(told.volume_change_pct, abs=6e-5)
    assert found[:, 1] == pytest.approx(told.robust_z, abs=1e-5, nan_ok=True)
    assert found[:, 2] == pytest.approx(told.p_value, abs=5e-6)
    for z, p in found[:, 1:3]:
        assert p == pytest.approx(1 if np.isnan(z) else math.erfc(z / math.sqrt(2)) / 2, abs=8e-8)
    gates = [told.material, told.volume, told.price, told.domestic, told.z, told.fdr, told.alert]
    assert found[:, 3:].T.tolist() == [gate.astype(float).tolist() for gate in gates]
    assert 0 < told.fdr.sum() < len(rows)


def test_an_alert_needs_every_gate(ask: Ask) -> None:
    assert ask("select hs_heading, month from impact.fct_surge_alerts_monthly where is_alert") == [
        ("6201", LAST)
    ]
    shut = """
        select is_price_down, is_volume_up, is_made_at_home, is_unusual
        from impact.fct_surge_alerts_monthly where month = (
            select max(month) from impact.fct_surge_alerts_monthly) and hs_heading = '{}'
    """
    assert ask(shut.format("6202")) == [(False, True, True, True)]
    assert ask(shut.format("6203"))[0][:3] == (True, False, True)
    assert ask(shut.format("9901")) == [(True, True, False, True)]


def test_gates_bite_at_their_limit(ask: Ask) -> None:
    """A rise of exactly 5 %, a fall of exactly 5 %, a window of 1,000,000,000 and one dong less."""
    rows = ask(
        f"""
        select hs_heading, volume_change_percent, is_volume_up, price_change_percent, is_price_down,
            value_vnd, is_material
        from impact.fct_surge_alerts_monthly
        where month = '{LAST}' and hs_heading between '6204' and '6207' order by 1
        """
    )
    assert [row[1:3] for row in rows[:1]] == [(5, True)]
    assert [row[3:5] for row in rows[1:2]] == [(-5, True)]
    assert [row[5:] for row in rows[2:]] == [(BILLION, True), (BILLION - 1, False)]


def test_output_counts_for_the_months_asked_and_for_the_chapter(ask: Ask) -> None:
    """24 months before October 2026 begin with November 2024."""
    assert ask(
        f"""
        select hs_heading, domestic_output_of from impact.fct_surge_alerts_monthly
        where month = '{LAST}' and hs_heading in ('6110', '6111', '6201', '6112') order by 1
        """
    ) == [("6110", "heading"), ("6111", None), ("6112", None), ("6201", "chapter")]


def test_windows_are_compared_with_the_lunar_new_year_in_the_same_place(ask: Ask) -> None:
    """17 February 2026 and 29 January 2025: a month apart. Windows end with the month."""
    assert ask(
        """
        select distinct month, base_month from impact.fct_surge_alerts_monthly
        where month between '2025-12-01' and '2026-05-01' and hs_heading = '6101' order by month
        """
    ) == [
        (dt.date(2025, 12, 1), dt.date(2024, 12, 1)),  # neither holds it
        (dt.date(2026, 1, 1), dt.date(2024, 12, 1)),  # January 2025 would hold it
        (dt.date(2026, 2, 1), dt.date(2025, 1, 1)),  # both in their last month
        (dt.date(2026, 3, 1), dt.date(2025, 2, 1)),
        (dt.date(2026, 4, 1), dt.date(2025, 3, 1)),
        (dt.date(2026, 5, 1), dt.date(2025, 5, 1)),
    ]


def test_what_cannot_be_told_says_why_and_leaves_its_gate_shut(ask: Ask) -> None:
    """8001 has seven earlier windows, 6205 a history without spread, the first windows no year
    before them; a window with a hole is none."""
    told = dict(
        ask(
            f"""
            select hs_heading, reason_code from impact.fct_surge_alerts_monthly
            where month = '{LAST}' and hs_heading in ('8001', '6205', '8003', '6101')
            """
        )
    )
    assert told == {"8001": "short_history", "6205": "no_spread", "6101": None}
    assert ask(
        "select distinct month < '2025-12-01', reason_code = 'no_window_a_year_before', "
        "is_volume_up from impact.fct_surge_alerts_monthly where hs_heading = '6201' "
        "and month <= '2026-07-01' order by 1"
    ) == [(False, False, False), (True, True, False)]
