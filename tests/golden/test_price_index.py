"""The price index of the warehouse: published worked example, splices, and what every index obeys.

The SQL is the model's own, rendered and run on rows in memory (tests/support/price_index.py). The
oracle is scenarios.prices, written apart from it. Add here a case of windows, splices or states.
NOT claimed: which goods make a product, and that dbt builds the model (test_price_products.py).
"""

import csv
import datetime as dt
import math
from pathlib import Path

import duckdb
import numpy as np
import pytest

from scenarios.prices import geks_tornqvist
from synthetic.parameters import DEFAULT_FIRST_DAY, DEFAULT_SEED, SyntheticParameters
from synthetic.states import flow_aggregate
from tests.support.price_index import Goods, Published, macro

HEADING, CHANNEL = "6109", "express"
PRICE = 100_000


def stratum(prices: np.ndarray, quantities: np.ndarray, there: np.ndarray) -> list[Goods]:
    """Rows of a panel (months, products); values to the hundredth, as the warehouse has them."""
    return [
        (int(t), HEADING, CHANNEL, f"p{i:03d}", round(prices[t, i] * quantities[t, i], 2),
         round(float(quantities[t, i]), 6))
        for t, i in np.argwhere(there)
    ]  # fmt: skip


def panel(seed: int, months: int, products: int, share: float = 0.7) -> list[Goods]:
    """Prices that drift and scatter, quantities that answer them, products that come and go."""
    random = np.random.default_rng(seed)
    prices = PRICE * np.exp(
        random.normal(0, 1, products)
        + np.cumsum(random.normal(0.002, 0.02, (months, 1)), axis=0)
        + random.normal(0, 0.08, (months, products))
    )
    quantities = np.ceil(np.exp(random.normal(5, 1, (months, products))))
    return stratum(prices, quantities, random.random((months, products)) < share)


def ces(shared_data: Path) -> list[Goods]:
    """The set of impact-methods 1.3, money and goods times ten thousand million."""
    with (shared_data / "impact" / "ces_sigma_2.csv").open(encoding="utf-8") as file:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    return [
        (int(row["period"]) - 1, HEADING, CHANNEL, f"p{row['product']:.0f}",
         round(row["price"] * row["quantity"] * 1e10, 2), round(row["quantity"] * 1e10, 6))
        for row in rows
    ]  # fmt: skip


def oracle(goods: list[Goods], months: range) -> np.ndarray:
    """GEKS-Törnqvist over these months; only products that are seen in three of them count."""
    inside = [row for row in goods if row[0] in months]
    names = [row[3] for row in inside]
    kept = [row for row in inside if names.count(row[3]) >= 3]
    numbers = {name: n for n, name in enumerate(sorted({str(row[3]) for row in kept}))}
    return geks_tornqvist(
        [row[0] - months[0] for row in kept], [numbers[str(row[3])] for row in kept],
        [row[4] for row in kept], [row[5] for row in kept], [str(month) for month in months],
    )  # fmt: skip


def spliced(goods: list[Goods], months: int, window: int) -> np.ndarray:
    """First window, then the mean splice on published, month by month, in floating point."""
    index = list(oracle(goods, range(min(window, months))))
    for t in range(len(index), months):
        geks = oracle(goods, range(t - window + 1, t + 1))
        onto = [math.log(index[t - window + 1 + s] * geks[-1] / geks[s]) for s in range(window - 1)]
        index.append(math.exp(sum(onto) / len(onto)))
    return np.array(index)


@pytest.mark.shared
def test_the_published_table_of_the_ces_set_comes_out(shared_data: Path) -> None:
    """impact-methods 1.3, period 12: GEKS of the whole set as one window."""
    published = Published(ces(shared_data))
    published.run(range(12))
    last = [float(published.column(name)[-1]) / 100 for name in
            ("price_index", "fisher_price_index", "jevons_price_index")]  # fmt: skip
    assert last == pytest.approx([1.132820, 1.115273, 0.928613], abs=5e-7)
    assert published.column("price_index")[0] == 100


@pytest.mark.shared
def test_the_published_splice_of_the_ces_set_comes_out(shared_data: Path) -> None:
    """Window 11: the first eleven months at once, the twelfth by mean splice: 1.13307476."""
    published = Published(ces(shared_data), {"window_months": 11})
    published.run(range(11))
    eleven = published.column("tornqvist_log_nano")
    published.run(range(12))
    assert published.column("tornqvist_log_nano")[:11] == eleven
    last = math.exp(published.column("tornqvist_log_nano")[-1] / 1e9)
    assert last == pytest.approx(1.13307476, abs=5e-9)
    assert last != pytest.approx(1.13324679, abs=5e-7)  # the half splice
    assert last != pytest.approx(1.13305948, abs=5e-7)  # the movement splice


@pytest.mark.parametrize("seed", range(4))
def test_random_products_agree_with_the_oracle(seed: int) -> None:
    goods = panel(seed, months=25, products=30)
    published = Published(goods)
    published.run(range(25))
    found = np.array(published.column("price_index"), dtype=float) / 100
    assert found == pytest.approx(oracle(goods, range(25)), abs=2e-6)
    assert np.abs(found - 1).max() > 0.01


@pytest.mark.parametrize("seed", range(3))
def test_months_of_one_run_are_those_of_many_runs_and_of_the_oracle(seed: int) -> None:
    goods = panel(seed, months=13, products=25)
    one, many = (Published(goods, {"window_months": 7}) for _ in range(2))
    one.run(range(13))  # seven at once, six steps
    many.run(range(7))
    for month in range(8, 14):
        many.run(range(month))
    everything = "from published order by month"
    rows = one.connection.execute(everything).fetchall()
    assert rows == many.connection.execute(everything).fetchall()
    found = np.array(one.column("price_index"), dtype=float) / 100
    assert found == pytest.approx(spliced(goods, 13, 7), abs=2e-6)


def test_a_run_publishes_six_steps_and_the_next_goes_on() -> None:
    goods = panel(5, months=12, products=20)
    published, at_once = (Published(goods, {"window_months": 5}) for _ in range(2))
    published.run(range(12))
    assert len(published.column("month")) == 5 + 6
    published.run(range(12))
    assert len(published.column("month")) == 12
    at_once.run(range(11))
    at_once.run(range(12))
    assert at_once.column("tornqvist_log_nano") == published.column("tornqvist_log_nano")


def test_published_months_stand_whatever_is_corrected() -> None:
    goods = panel(6, months=8, products=20)
    published = Published(goods, {"window_months": 5})
    published.run(range(7))
    before = published.connection.execute("from published order by month").fetchall()
    published.connection.execute("update told set value_vnd = value_vnd * 2 where month_no = 3")
    published.run(range(7))
    assert published.connection.execute("from published order by month").fetchall() == before
    published.run(range(8))  # the correction does count in the windows of later months
    assert len(published.column("month")) == 8


def published_index(goods: list[Goods], months: int = 6) -> list[float]:
    published = Published(goods)
    published.run(range(months))
    return [float(value) for value in published.column("price_index")]


@pytest.mark.parametrize("formula", ["price_index", "fisher_price_index", "jevons_price_index"])
def test_prices_that_stay_give_a_hundred_and_prices_times_two_give_two(formula: str) -> None:
    """Identity and proportionality, whatever quantities do."""
    random = np.random.default_rng(1)
    prices = np.tile(PRICE * np.arange(1.0, 9.0), (6, 1))
    prices[4] *= 2
    quantities = np.ceil(random.random((6, 8)) * 50)
    published = Published(stratum(prices, quantities, np.ones((6, 8), bool)))
    published.run(range(6))
    assert [float(x) for x in published.column(formula)] == [100, 100, 100, 100, 200, 100]


def test_time_reversal_units_and_the_order_of_rows() -> None:
    goods = panel(7, months=6, products=15)
    index = published_index(goods)
    backwards = published_index([(5 - row[0], *row[1:]) for row in goods])
    assert backwards[::-1] == pytest.approx([100 * x / index[-1] for x in index], abs=2e-5)
    assert published_index(goods[::-1]) == index
    # Another unit of one product, and another currency of all.
    dozens = [(*row[:4], row[4], row[5] * 12 if row[3] == "p003" else row[5]) for row in goods]
    assert published_index(dozens) == pytest.approx(index, abs=2e-6)
    cents = [(*row[:4], row[4] * 100, row[5]) for row in goods]
    assert published_index(cents) == pytest.approx(index, abs=2e-6)


def test_a_missing_month_is_left_out_and_the_next_is_spliced_over_it() -> None:
    goods = panel(8, months=9, products=20)
    published = Published(goods, {"window_months": 5})
    held = [0, 1, 2, 3, 4, 6, 7, 8]
    published.run(held)
    assert published.column("datediff('month', date '2024-01-01', month)") == held
    assert published.column("window_months") == [5, 5, 5, 5, 5, 4, 4, 4]
    published.run(range(9))  # it comes late: what follows it is published, so it is not
    assert published.column("datediff('month', date '2024-01-01', month)") == held


def test_months_without_a_common_product_say_so() -> None:
    """Prices of months 0 to 3 by hand: a doubles in month 1, months 2 and 3 know b only."""
    goods: list[Goods] = [
        (0, HEADING, CHANNEL, "a", 100, 1), (1, HEADING, CHANNEL, "a", 200, 1),
        (2, HEADING, CHANNEL, "a", 200, 1), (3, HEADING, CHANNEL, "b", 100, 1),
        (4, HEADING, CHANNEL, None, 100, None),
    ]  # fmt: skip
    published = Published(goods, {"window_months": 3, "least_months_seen": 1})
    published.run(range(5))
    assert published.column("price_index") == [100, 200, 200, None, None]
    assert published.column("index_status") == [
        "published", "published", "published", "no_common_product", "no_usable_product",
    ]  # fmt: skip
    assert published.column("matched_share_percent")[4] == 0
    assert published.column("needs_sign_off") == [False, True, False, False, False]
    assert published.column("change_percent") == [None, 100, 0, None, None]


def test_of_two_groups_of_months_the_newer_makes_the_first_window() -> None:
    goods: list[Goods] = [
        *((t, HEADING, CHANNEL, "old", 100 + t, 1) for t in range(2)),
        *((t, HEADING, CHANNEL, "new", 100 + t, 1) for t in range(2, 6)),
    ]
    published = Published(goods)
    published.run(range(6))
    assert published.column("index_status") == ["no_common_product"] * 2 + ["published"] * 4
    assert float(published.column("price_index")[5]) == pytest.approx(100 * 105 / 102, abs=1e-6)


def test_a_stratum_that_comes_later_begins_with_a_hundred() -> None:
    goods = panel(9, months=6, products=20)
    late: list[Goods] = [(t, "8517", CHANNEL, "x", 100 * (t - 2), 1) for t in range(4, 6)]
    published = Published(goods + late, {"window_months": 3})
    published.run(range(6))
    assert published.column("price_index", "8517") == [100, 150]
    assert published.column("is_base", "8517") == [True, False]
    assert published.column("price_index") == published_index_of_window(goods, 3)


def published_index_of_window(goods: list[Goods], window: int) -> list[float]:
    published = Published(goods, {"window_months": window})
    published.run(range(6))
    return published.column("price_index")


def test_a_price_that_changes_beyond_the_limit_is_left_out_of_its_pair() -> None:
    """x goes from 100 to 400 (ln 4 = 1.386294361: within, to the billionth, or not), y stays."""
    goods: list[Goods] = [
        (t, HEADING, CHANNEL, name, value, 1)
        for name, values in (("x", (100, 400)), ("y", (300, 300)))
        for t, value in enumerate(values)
    ]
    within = Published(goods, {"most_log_relative_nano": 1_386_294_362})
    beyond = Published(goods)
    for published in (within, beyond):
        published.run(range(2))
    # shares of x: 1/4 and 4/7: 4 ^ ((1/4 + 4/7) / 2)
    assert float(within.column("price_index")[1]) == pytest.approx(100 * 4 ** (23 / 56), abs=1e-6)
    assert beyond.column("price_index") == [100, 100]


def test_a_product_counts_when_it_is_seen_in_enough_months() -> None:
    steady: list[Goods] = [(t, HEADING, CHANNEL, "steady", 100, 1) for t in range(4)]
    twice: list[Goods] = [(t, HEADING, CHANNEL, "twice", 100 * (t + 1), 1) for t in range(2)]
    thrice: list[Goods] = [(t, HEADING, CHANNEL, "thrice", 100 * (t + 1), 1) for t in range(3)]
    assert published_index(steady + twice, 4) == [100] * 4
    assert published_index(steady + thrice, 4)[2] > 130


def test_large_values_neither_overflow_nor_lose_a_digit() -> None:
    huge = [(*row[:4], row[4] * 1e12, row[5]) for row in panel(10, months=6, products=15)]
    small = [(*row[:4], round(row[4] * 1e12 / 1e12, 2), row[5]) for row in huge]
    assert published_index(huge) == pytest.approx(published_index(small), abs=2e-6)


def test_logarithms_are_whole_billionths() -> None:
    """ln 3 = 1.0986122886681098."""
    found = duckdb.sql(f"select {macro('nano')('ln(3)')}").fetchall()
    assert found == [(1_098_612_289,)]


def test_the_invented_history_gives_back_the_level_it_was_made_from() -> None:
    """Every stratum of the generator; a unit value is far from it."""
    months = flow_aggregate.months_before(DEFAULT_FIRST_DAY)
    told = flow_aggregate.known(
        SyntheticParameters(), seed=DEFAULT_SEED, first_day=DEFAULT_FIRST_DAY, days=1
    )
    # contract order: period_start 2, channel 3, hs_code 4, product 5, origin 6, unit 8
    goods: list[Goods] = [
        (months.index(row[2]), str(row[4])[:4], str(row[3]), f"{row[5]}|{row[6]}|{row[8]}",
         row[11], row[10])
        for _, row in told
        if isinstance(row[2], dt.date)
    ]  # fmt: skip
    published = Published(goods)
    published.run(range(25))
    worst, raw = 0.0, 0.0
    for good, channel in flow_aggregate.strata():
        heading = good.hs8[:4]
        truth = np.array(flow_aggregate.price_level(heading, channel, months), dtype=float)
        found = np.array(published.column("price_index", heading, channel), dtype=float)
        worst = max(worst, np.abs(found / 100 * truth[0] / truth - 1).max())
        sums = np.zeros((2, 25))
        for month, hs, by, _, value, quantity in goods:
            if (hs, by) == (heading, channel):
                sums[:, month] += value, quantity
        unit_value = sums[0] / sums[1]
        raw = max(raw, np.abs(unit_value / unit_value[0] * truth[0] / truth - 1).max())
    assert worst < 2 * 0.015  # the scatter of the base month and of the month
    assert raw > 0.2
