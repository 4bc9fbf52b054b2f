"""Price undercutting: which names are compared, margins by hand, the interval drawn anew in Python.

Parcels, taxes and listings are put into the warehouse as rows, and the models of the comparison are
built on them. Add here a case of matching or a figure. NOT claimed: that two goods of one name are
of one quality.
"""

import hashlib
import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import duckdb
import numpy as np
import pytest

from scenarios.undercutting import undercutting
from tests.golden.undercutting_rows import (
    DAY,
    LISTINGS,
    RANDOM_LISTINGS,
    SEED,
    Row,
    build_warehouse,
    items,
)

HOME_SPELLINGS = ("VN", " Việt Nam", "VIETNAM")
Ask = Callable[[str], list[Row]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Rows of a query on the built warehouse."""
    home = tmp_path_factory.mktemp("undercutting")
    warehouse = home / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    build_warehouse(home, warehouse)

    def rows(query: str) -> list[Row]:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()

    return rows


# --- which names are compared


def reference_matches() -> dict[str, tuple[str, Decimal]]:
    """The best domestic name of each imported name by comparing every pair: equal names, else the
    weighted Jaccard of 60 % or more among names with the same numbers."""
    imported = {row[5] for row in items() if row[3] == "consumer" and row[2] and row[5]}
    usable = {
        name for name, price, more in LISTINGS
        if more.get("origin_stated", "VN") in HOME_SPELLINGS and more.get("day", DAY).month == 10
    } | set(RANDOM_LISTINGS)  # fmt: skip
    every = [*((name, 0) for name in imported), *((name, 1) for name in usable)]
    having: dict[str, int] = defaultdict(int)
    for name, _ in every:
        for word in set(name.split()):
            having[word] += 1
    weight = {
        word: math.floor(math.log((len(every) + 1) / n) * 1e6 + 0.5) for word, n in having.items()
    }

    def likeness(one: str, other: str) -> Decimal:
        a, b = set(one.split()), set(other.split())
        both, any_of = (sum(weight[w] for w in words) for words in (a & b, a | b))
        return Decimal(math.floor(both / any_of * 1e6 + 0.5)) / 10_000

    def numbers(name: str) -> set[str]:
        return {word for word in name.split() if any(c.isdigit() for c in word)}

    found: dict[str, tuple[str, Decimal]] = {}
    for name in imported:
        if name in usable:
            found[name] = (name, Decimal(100))
            continue
        scored = [
            (-likeness(name, other), other) for other in usable if numbers(name) == numbers(other)
        ]
        best = min(scored, default=(Decimal(0), ""))
        if -best[0] >= 60:
            found[name] = (best[1], -best[0])
    return found


def test_names_are_matched_as_by_comparing_every_pair(ask: Ask) -> None:
    print(f"seed {SEED}")
    found = {
        name: (other, score)
        for name, other, score in ask(
            "select import_name, domestic_name, match_score_percent "
            "from intermediate.int_undercutting__name_matches"
        )
    }
    expected = reference_matches()
    alike = [name for name, (_, score) in expected.items() if score < 100]
    assert len(alike) > 15, "the random names must put the prefix to the test"
    assert found == expected


def test_another_number_is_another_good(ask: Ask) -> None:
    """The bag of 30 litres has nearly the same name, and is not what 20 litres cost."""
    assert ask(
        "select domestic_name, match_method, domestic_price_vnd, exclusion_reason "
        "from impact.fct_price_matches_monthly where hs_heading = '4202'"
    ) == [("tui xach da bo 20 lit mau den", "similar_name", Decimal("80000.00"), None)]


# --- prices


def test_each_listing_that_counts_is_a_pair(ask: Ask) -> None:
    """A: the mean of 90,000 and 110,000; B: 85,000 less 5,000 of delivery. Landed 250,000 / 5."""
    assert ask(
        "select listing_id, domestic_price_vnd, observations, observations_with_tax_unstated, "
        "import_price_vnd, quantity, consignments, listings_of_domestic_name "
        "from impact.fct_price_matches_monthly where import_name = 'ao thun nam co tron' order by 1"
    ) == [
        ("A", Decimal("100000.00"), 2, 2, Decimal("50000.00"), Decimal("5.0000"), 2, 2),
        ("B", Decimal("80000.00"), 1, 1, Decimal("50000.00"), Decimal("5.0000"), 2, 2),
    ]


def test_margins_of_a_heading_by_hand(ask: Ask) -> None:
    """Shirts: 90,000 x 5 = 450,000 against 250,000, 44.4444 %. Trousers: 400,000 against 480,000,
    -20 %. Together (850 - 730) / 850 = 14.1176 %, of the import price 16.4384 %, simple 12.2222 %.
    What has no name, no pieces or no quantity (60,000 landed) is in the denominator of the rate."""
    assert ask(
        "select comparisons, comparisons_under, comparisons_over, margin_weighted_percent, "
        "margin_simple_percent, margin_of_import_price_percent, under_max_percent, "
        "over_min_percent, import_value_vnd, gap_vnd, match_rate_percent, reason_code "
        "from impact.fct_undercutting_monthly "
        "where member_code = '6109' and match_basis = 'any_match'"
    ) == [
        (2, 1, 1, Decimal("14.1176"), Decimal("12.2222"), Decimal("16.4384"), Decimal("44.4444"),
         Decimal("20.0000"), Decimal("790000.00"), Decimal("120000.00"), Decimal("92.4051"),
         "few_comparisons")
    ]  # fmt: skip


def test_the_gate_of_the_margin_at_its_limit(ask: Ask) -> None:
    assert ask(
        "select import_name, margin_percent, exclusion_reason "
        "from intermediate.int_undercutting__comparisons where hs_heading = '9608' order by 1"
    ) == [
        ("but bi xanh", Decimal("0.0000"), None),
        ("but chi go", Decimal("-300.0000"), None),
        ("but long den", Decimal("-300.0100"), "margin_out_of_range"),
    ]
    assert ask(
        "select comparisons, comparisons_equal, comparisons_over "
        "from impact.fct_undercutting_monthly "
        "where member_code = '9608' and match_basis = 'same_name'"
    ) == [(2, 1, 1)]


def test_goods_that_nobody_offers_are_not_compared(ask: Ask) -> None:
    assert ask(
        "select match_basis, comparisons, margin_weighted_percent, match_rate_percent, reason_code "
        "from impact.fct_undercutting_monthly where member_code = '8517' order by 1"
    ) == [
        ("any_match", 0, None, Decimal("0.0000"), "no_comparison"),
        ("same_name", 0, None, Decimal("0.0000"), "no_comparison"),
    ]


def test_only_equal_names_count_on_their_basis(ask: Ask) -> None:
    assert ask(
        "select match_basis, comparisons from impact.fct_undercutting_monthly "
        "where member_code = '4202' order by 1"
    ) == [("any_match", 1), ("same_name", 0)]


def compared(ask: Ask, where: str) -> list[Row]:
    return ask(
        "select hs_heading, import_name || '|' || origin_country_code, "
        "domestic_value_vnd, landed_value_vnd, quantity "
        "from intermediate.int_undercutting__comparisons "
        f"where exclusion_reason is null and {where} order by 1, 2"
    )


def test_every_figure_is_that_of_the_command(ask: Ask) -> None:
    """`import-risk calc undercutting` on the pairs of each heading, to 0.0001 %."""
    pairs = compared(ask, "true")
    strata = sorted({row[0] for row in pairs})
    told = undercutting(
        [strata.index(row[0]) for row in pairs],
        [float(row[2] / row[4]) for row in pairs],
        [float(row[3] / row[4]) for row in pairs],
        [float(row[4]) for row in pairs],
        strata,
    )
    names = {
        "margin_weighted_percent": told.margin_weighted_pct,
        "margin_simple_percent": told.margin_simple_pct,
        "margin_of_import_price_percent": told.margin_weighted_of_import_price_pct,
        "under_min_percent": told.under_min_pct,
        "under_max_percent": told.under_max_pct,
        "under_simple_percent": told.under_simple_pct,
        "under_weighted_percent": told.under_weighted_pct,
        "over_min_percent": told.over_min_pct,
        "over_max_percent": told.over_max_pct,
    }
    found = ask(
        f"select member_code, comparisons, {', '.join(names)} from impact.fct_undercutting_monthly "
        "where dimension = 'hs4' and match_basis = 'any_match' and comparisons > 0 order by 1"
    )
    assert [(row[0], row[1]) for row in found] == list(zip(strata, told.n, strict=True))
    for place, values in enumerate(names.values(), start=2):
        stated = [np.nan if row[place] is None else float(row[place]) for row in found]
        np.testing.assert_allclose(stated, values, atol=1.1e-4)


# --- the interval


def drawn(product: str, replicate: int) -> int:
    """A Poisson number of mean 1 from the hash of the product."""
    block, chunk = divmod(replicate, 8)
    digits = hashlib.md5(f"{product}|{chr(97 + block)}".encode()).hexdigest()[
        4 * chunk : 4 * chunk + 4
    ]
    level, below, k = int(digits, 16), 0.0, 0
    while k < 7:
        below += math.exp(-1) / math.factorial(k)
        if level < math.floor(below * 65_536 + 0.5):
            break
        k += 1
    return k


def reference_interval(pairs: list[Row]) -> tuple[Decimal, Decimal, int]:
    margins = []
    for replicate in range(200):
        times = [drawn(f"{row[0]}|{row[1]}", replicate) for row in pairs]
        gap = sum((t * (row[2] - row[3]) for t, row in zip(times, pairs, strict=True)), Decimal(0))
        base = sum((t * row[2] for t, row in zip(times, pairs, strict=True)), Decimal(0))
        if base:
            margins.append(Decimal(math.floor(float(gap) / float(base) * 1e6 + 0.5)) / 10_000)
    margins.sort()
    low, high = (math.ceil(len(margins) * p / 1000) - 1 for p in (25, 975))
    return margins[low], margins[high], len(margins)


@pytest.mark.parametrize(
    ("member", "where"),
    [("all", "true"), ("95", "hs_heading like '95%'"), ("9503", "hs_heading = '9503'")],
)
def test_the_interval_is_the_one_drawn_by_hand(ask: Ask, member: str, where: str) -> None:
    assert ask(
        "select margin_low_percent, margin_high_percent, replicates "
        "from impact.fct_undercutting_monthly "
        f"where member_code = '{member}' and match_basis = 'any_match'"
    ) == [reference_interval(compared(ask, where))]


def test_an_interval_is_told_from_ten_comparisons_on(ask: Ask) -> None:
    assert ask(
        "select member_code, comparisons, margin_low_percent is null, reason_code "
        "from impact.fct_undercutting_monthly "
        "where member_code in ('9503', '9504') and match_basis = 'any_match' order by 1"
    ) == [("9503", 10, False, None), ("9504", 9, True, "few_comparisons")]


def test_draws_have_the_moments_of_a_poisson_number() -> None:
    """Mean and variance 1 over 200 products and replicates, within four standard errors."""
    draws = np.array([drawn(f"p{n}", r) for n, r in itertools.product(range(200), range(200))])
    assert abs(draws.mean() - 1) < 4 / math.sqrt(draws.size)
    assert abs(draws.var() - 1) < 4 * math.sqrt(3 / draws.size)


# --- goods that domestic ones can take the place of


def test_list_of_substitutable_goods_by_province(ask: Ask) -> None:
    """Only 9503 has enough comparisons to say that it is undercut, so it leads; then by value 8517,
    with output of its own and no comparison, and 6109, whose two are too few. 3304 was made 24
    months ago and not since: not in the list; its own figure is not out. Of Ha Noi's
    648 + 118 + 972 + 5400 = 7138 they are 1.6531, 13.6173 and 9.0782 %; it has 75 % of
    the shirts."""
    amount, of_heading, of_province = (
        [Decimal(text) for text in texts.split()]
        for texts in ("118 972 648", "100 100 75", "1.6531 13.6173 9.0782")
    )
    goods = [("9503", "chapter", True, None), ("8517", "heading", False, "no_comparison"),
             ("6109", "chapter", False, "few_comparisons")]  # fmt: skip
    assert ask(
        "select place, hs_heading, landed_value_vnd, share_of_heading_percent, "
        "share_of_province_percent, domestic_output_of, is_undercut, reason_code "
        "from impact.fct_substitutable_goods_monthly where province_code = 'VN-HN' order by 1"
    ) == [
        (n, code, amount[n - 1], of_heading[n - 1], of_province[n - 1], basis, undercut, reason)
        for n, (code, basis, undercut, reason) in enumerate(goods, start=1)
    ]
    assert ask(
        "select hs_heading, consignments, landed_value_vnd "
        "from impact.fct_substitutable_goods_monthly "
        "where province_code = 'all' and hs_heading = '6109'"
    ) == [("6109", 3, Decimal("864.00"))]


# --- who paid less


def test_savings_follow_where_the_goods_went(ask: Ask) -> None:
    """Ho Chi Minh City (the second quintile of two provinces) bought shirts alone, 25 % of them by
    value: 182,500 of the 730,000 that were compared, which at home cost 850,000. What no flow of
    the month has (pens, bags) went to nobody known."""
    assert ask(
        "select landed_value_vnd, compared_value_vnd, domestic_value_vnd, saving_vnd, "
        "saving_percent, reason_code from impact.fct_consumer_savings_monthly "
        "where month = '2026-10-01' and income_quintile = 'q2'"
    ) == [
        (Decimal("216.00"), Decimal("182500.00"), Decimal("212500.00"), Decimal("30000.00"),
         Decimal("14.1176"), None)
    ]  # fmt: skip
    assert ask(
        "select landed_value_vnd, compared_value_vnd > 0, reason_code "
        "from impact.fct_consumer_savings_monthly where income_quintile = 'unknown'"
    ) == [(Decimal("0.00"), True, "province_income_unknown")]
