"""The synthetic history of aggregates: how many, when, and the truth about their prices.

Add here a claim about invented aggregates. Keep out: what an index makes of them (tests/golden).
"""

from pathlib import Path

import duckdb

from synthetic.generate import DEFAULT_FIRST_DAY, generate
from synthetic.parameters import SyntheticParameters
from synthetic.states import flow_aggregate


def test_aggregates_are_25_months_of_products_that_come_and_go(tmp_path: Path) -> None:
    """Of months before the first day only; a known level of prices, shared by a stratum."""
    report = generate(tmp_path, days=1, parcels_per_day=1)
    rows = f"read_csv('{report.out}/flow_aggregate.csv', all_varchar = true)"
    months, first, last = duckdb.execute(
        f"select count(distinct period_start), min(period_start), max(period_start) from {rows}"
    ).fetchall()[0]
    assert (months, first, last) == (25, "2024-10-01", "2026-10-01")
    [(stays, products)] = duckdb.execute(
        "select count(*) filter (where n = 25), count(*) from "
        f"(select count(*) as n from {rows} group by hs_code, channel, product_key)"
    ).fetchall()
    assert 0.25 < stays / products < 0.42
    # Each product's price is its own times the level, within 1.5 % and rounding.
    month_list = flow_aggregate.months_before(DEFAULT_FIRST_DAY)
    levels = [
        (good.hs8, channel, month.isoformat(), level)
        for good, channel in flow_aggregate.strata()
        for month, level in zip(
            month_list,
            flow_aggregate.price_level(good.hs8[:4], channel, month_list),
            strict=True,
        )
    ]
    duckdb.execute(
        "create or replace temp table levels (hs varchar, c varchar, m varchar, l bigint)"
    )
    duckdb.executemany("insert into levels values (?, ?, ?, ?)", levels)
    [(spread,)] = duckdb.execute(
        "select max(high / low) from (select max(of_level) as high, min(of_level) as low from ("
        "select *, cast(value_vnd as double) / cast(quantity as double) / l as of_level "
        f"from {rows} as told join levels on hs_code = hs and channel = c and period_start = m) "
        "group by hs_code, channel, product_key)"
    ).fetchall()
    assert 1.02 < spread < 1.032


def test_the_planted_surge_is_more_goods_and_a_lower_level_in_the_last_months() -> None:
    """Three times as many at nine tenths of the price; the month before is the control."""
    months = flow_aggregate.months_before(DEFAULT_FIRST_DAY)
    good, channel = flow_aggregate.strata()[flow_aggregate.SURGING]
    rows = flow_aggregate.known(SyntheticParameters(), seed=1, first_day=DEFAULT_FIRST_DAY, days=1)
    sold = dict.fromkeys(months, 0)
    for _, row in rows:
        if (row[4], row[3]) == (good.hs8, channel):
            sold[row[2]] += row[9]
    usual = sum(sold[month] for month in months[-6:-3]) / 3
    assert all(2 < sold[month] / usual < 4 for month in months[-3:])
    assert 0.5 < sold[months[-4]] / usual < 1.5
    levels = flow_aggregate.price_level(good.hs8[:4], channel, months)
    assert 0.85 < levels[-3] / levels[-4] < 0.95
