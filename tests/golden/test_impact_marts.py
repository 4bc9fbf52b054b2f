"""Hand-computed months through the marts of market impact: flows, penetration, concentration.

Add here a case with its arithmetic in a comment. Keep out: taxes and values of one consignment
(test_core_consignments.py). NOT claimed: that any level is one of a real market.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest

from scenarios.concentration import LARGEST, concentration
from tests.golden.impact_rows import build_warehouse

Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Rows of a query on the built warehouse."""
    warehouse = build_warehouse(tmp_path_factory.mktemp("golden_impact"))

    def rows(query: str) -> Rows:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()

    return rows


def numbers(*texts: str | None) -> tuple[Decimal | None, ...]:
    return tuple(None if text is None else Decimal(text) for text in texts)


# --- flows


def test_value_and_share_of_each_platform(ask: Ask) -> None:
    """April: alpha 30 x 110,000, gamma 5 x 400,000, one parcel of 400,000 names nobody: 5.7m.

    Duty is relieved, VAT 8 %: landed 1.08 times. 3.3 / 5.7 = 57.8947 %.
    """
    found = ask(
        "select member_code, consignments, customs_value_vnd, landed_value_vnd, "
        "share_of_value_percent from impact.fct_flows_monthly "
        "where month = '2026-04-01' and dimension in ('platform', 'total') order by 1"
    )
    assert found == [
        ("all", 36, *numbers("5700000", "6156000", "100")),
        ("alpha", 30, *numbers("3300000", "3564000", "57.8947")),
        ("gamma", 5, *numbers("2000000", "2160000", "35.0877")),
        ("unstated", 1, *numbers("400000", "432000", "7.0175")),
    ]


def test_every_dimension_adds_up_to_the_month(ask: Ask) -> None:
    found = ask(
        "select dimension, count(distinct member_code) > 0, sum(customs_value_vnd), "
        "sum(consignments) from impact.fct_flows_monthly where month = '2026-04-01' "
        "group by 1 order by 1"
    )
    names = ("channel", "hs2", "hs4", "hs6", "origin", "platform", "platform_status", "province",
             "total")  # fmt: skip
    assert found == [(name, True, Decimal(5_700_000), 36) for name in names]


def test_on_what_a_month_rests(ask: Ask) -> None:
    """March is complete, its aggregate (1 dong) is not used; of May one dimension was delivered."""
    found = ask(
        "select month, dimension, basis, days_covered, days_in_month, is_complete_month, "
        "sum(customs_value_vnd) from impact.fct_flows_monthly where month >= '2026-03-01' "
        "and dimension in ('total', 'origin') group by all order by 1, 2"
    )
    day = dt.date
    assert found == [
        (day(2026, 3, 1), "origin", "consignments", 31, 31, True, Decimal(5_100_000)),
        (day(2026, 3, 1), "total", "consignments", 31, 31, True, Decimal(5_100_000)),
        (day(2026, 4, 1), "origin", "consignments", 30, 30, True, Decimal(5_700_000)),
        (day(2026, 4, 1), "total", "consignments", 30, 30, True, Decimal(5_700_000)),
        (day(2026, 5, 1), "origin", "delivered", 31, 31, True, Decimal(900_000)),
        (day(2026, 5, 1), "total", "consignments", 5, 31, False, Decimal(2_500_000)),
    ]


GROWTH = """
    select member_code, amount, earlier_amount, change, growth_bp, contribution_bp, total_growth_bp
    from impact.fct_flow_growth_monthly
    where month = '2026-04-01' and dimension = 'platform' and comparison = '{}' and measure = '{}'
    order by 1
"""


@pytest.mark.parametrize(
    ("comparison", "measure", "expected"),
    [
        # 0.6 / 5.1 = 1176.47 bp. Floors 392 (392.16), -3922 (-3921.57), 3921 (3921.57), 784
        # (784.31) are 1175: the point that is left goes to gamma, whose remainder is largest.
        ("month", "customs_value_vnd", [
            ("alpha", 3_300_000, 3_100_000, 200_000, 645, 392, 1176),
            ("beta", 0, 2_000_000, -2_000_000, -10_000, -3922, 1176),
            ("gamma", 2_000_000, 0, 2_000_000, None, 3922, 1176),
            ("unstated", 400_000, 0, 400_000, None, 784, 1176),
        ]),
        # -5 / 41 = -1219.51: -1220. Floors -244, -2440 (-2439.02), 1219 (1219.51), 243 (243.90)
        # are -1222: one point each to beta (remainder 0.98) and to no platform (0.90).
        ("month", "consignments", [
            ("alpha", 30, 31, -1, -323, -244, -1220),
            ("beta", 0, 10, -10, -10_000, -2439, -1220),
            ("gamma", 5, 0, 5, None, 1219, -1220),
            ("unstated", 1, 0, 1, None, 244, -1220),
        ]),
        # on the delivered aggregate of April 2025: 1.7 / 4.0
        ("year", "customs_value_vnd", [
            ("alpha", 3_300_000, 4_000_000, -700_000, -1750, -1750, 4250),
            ("gamma", 2_000_000, 0, 2_000_000, None, 5000, 4250),
            ("unstated", 400_000, 0, 400_000, None, 1000, 4250),
        ]),
    ],
)  # fmt: skip
def test_growth_and_contributions(ask: Ask, comparison: str, measure: str, expected: Rows) -> None:
    assert ask(GROWTH.format(comparison, measure)) == expected


ADD_UP = """
    select sum({points}) = max(total_growth_bp), sum(change) = max(total_change)
    from impact.fct_flow_growth_monthly where total_growth_bp is not null
    group by month, dimension, comparison, measure
"""


def test_contributions_add_up_in_every_group(ask: Ask) -> None:
    groups = ask(ADD_UP.format(points="contribution_bp"))
    assert len(groups) > 20
    assert set(groups) == {(True, True)}


def test_contributions_rounded_one_by_one_would_not_add_up(ask: Ask) -> None:
    """Control: of 41 consignments -244, -2439, 1220 and 244 bp are -1219, not -1220."""
    rounded = "floor(cast(change as double) * 10000 / 41 + 0.5)"
    platforms = ADD_UP.format(points=rounded).replace(
        "where", "where month = '2026-04-01' and dimension = 'platform' and comparison = 'month' "
        "and measure = 'consignments' and",
    )  # fmt: skip
    assert ask(platforms) == [(False, True)]


def test_what_is_not_compared_says_why(ask: Ask) -> None:
    found = ask(
        "select month, comparison, growth_bp, contribution_bp, earlier_amount, reason_code from "
        "impact.fct_flow_growth_monthly where dimension = 'total' and measure = 'consignments' "
        "and month >= '2026-03-01' and reason_code is not null order by 1, 2"
    )
    day = dt.date
    assert found == [
        (day(2026, 3, 1), "month", None, None, None, "earlier_month_missing"),
        (day(2026, 5, 1), "month", None, None, None, "incomplete_month"),
        (day(2026, 5, 1), "year", None, None, None, "incomplete_month"),
    ]


def test_four_sources_on_one_page(ask: Ask) -> None:
    """April: one parcel of 36 is declared, 110,000 of 5.7m; claimed 35m and 38 orders."""
    found = ask(
        "select platform_code, declared_consignments, declared_value_vnd, manifested_parcels, "
        "manifested_value_vnd, counted_value_vnd, claimed_orders, claimed_value_vnd, "
        "declared_to_manifested_percent, claimed_to_counted_orders_percent, "
        "claimed_to_counted_value_percent, reason_code from impact.fct_triangulation_monthly "
        "where month = '2026-04-01' order by dimension desc, 1"
    )
    m = 1_000_000
    assert found == [
        ("all", 1, 110_000, 36, 5.7 * m, 5.7 * m, 38, 35 * m,
         *numbers("1.9298", "105.5556", "614.0351"), "claims_above_flows"),
        ("alpha", 1, 110_000, 30, 3.3 * m, 3.3 * m, 33, 33 * m,
         *numbers("3.3333", "110", "1000"), "claims_above_flows"),
        ("gamma", 0, 0, 5, 2 * m, 2 * m, 5, 2 * m,
         *numbers("0", "100", "100"), "declared_below_manifested"),
        ("unstated", 0, 0, 1, 400_000, 400_000, None, None,
         *numbers("0", None, None), "claims_missing"),
    ]  # fmt: skip


# --- penetration under three names


def test_share_of_retail_or_why_there_is_none(ask: Ask) -> None:
    """6.156m of 1,000m in April by the vintage of 1 May; that of 6 May is not out on the 5th."""
    found = ask(
        "select month, commodity_code, retail_sales_vnd, retail_evidence_grade, "
        "share_of_retail_percent, is_above_whole, reason_code from impact.fct_retail_share_monthly "
        "where month >= '2026-03-01' or commodity_code = '99' order by 1, 2"
    )
    day = dt.date
    assert found == [
        (day(2025, 1, 1), "99", Decimal("0.01"), "V1", None, True, "beyond_scale"),
        (day(2026, 3, 1), "61", None, "V1", None, False, "unit_not_vnd"),
        (day(2026, 3, 1), "all", None, None, None, False, "not_yet_published"),
        (day(2026, 4, 1), "61", Decimal(0), "V1", None, False, "denominator_zero"),
        (day(2026, 4, 1), "all", Decimal(10**9), "V2", Decimal("0.6156"), False, None),
        (day(2026, 5, 1), "61", None, None, None, False, "incomplete_month"),
        (day(2026, 5, 1), "all", None, None, None, False, "incomplete_month"),
    ]


def test_share_of_online_sales_is_flagged_above_the_whole(ask: Ask) -> None:
    """6.156 / 5 = 123.12 %; alpha 3.564 / 50 = 7.128 %."""
    found = ask(
        "select dimension, member_code, share_of_online_percent, is_above_whole, reason_code "
        "from impact.fct_online_share_monthly where month = '2026-04-01' order by 1, 2"
    )
    assert found == [
        ("hs2", "61", None, False, "series_missing"),
        ("platform", "alpha", Decimal("7.128"), False, None),
        ("platform", "gamma", None, False, "series_missing"),
        ("platform", "unstated", None, False, "member_unknown"),
        ("total", "all", Decimal("123.12"), True, None),
    ]


def test_apparent_consumption(ask: Ask) -> None:
    """FAO vector Q 80, X 10, M 30: of the 30, 24 in the statistics and 3 x 2 cross-border.

    Chapter 61: 10 - 50 + 54 + 6 = 20, imports 300 % of it: flagged, not clipped. Chapter 62:
    10 - 50 + 39 = -1.
    """
    found = ask(
        "select commodity_code, imports_vnd, apparent_consumption_vnd, import_penetration_percent, "
        "cross_border_penetration_percent, other_penetration_percent, self_sufficiency_percent, "
        "export_to_consumption_percent, is_above_whole, is_consumption_not_positive, "
        "evidence_grade, reason_code from impact.fct_apparent_consumption "
        "where period_kind = 'quarter' order by period_start, 1"
    )
    assert found == [
        ("61", *numbers("60e6", "20e6", "300", "30", "270", "50", "250"), True, False, "V1", None),
        ("62", *numbers("39e6", "-1e6", None, None, None, None, None), True, True, "V1",
         "consumption_not_positive"),
        ("63", *numbers("1", None, None, None, None, None, None), False, False, "V1",
         "output_missing"),
        ("all", *numbers("30e6", "100e6", "30", "6", "24", "80", "10"), False, False, "S", None),
        ("all", *numbers(None, None, None, None, None, None, None), False, False, "V1",
         "flows_incomplete"),
    ]  # fmt: skip


# --- concentration


def test_concentration_of_platforms_by_hand(ask: Ask) -> None:
    """33 and 20 of 57, 4 unknown: (33^2 + 20^2) / 57^2 = 0.45829486; with 4^2: 0.46321945."""
    found = ask(
        "select unit_count, unknown_share_percent, hhi_low, hhi_high, effective_number_low, "
        "effective_number_high, largest_1_low_percent, largest_2_low_percent, "
        "largest_4_low_percent, largest_4_high_percent from impact.fct_concentration_monthly "
        "where month = '2026-04-01' and dimension = 'platform' and hs_chapter = 'all'"
    )
    assert found == [
        (2, *numbers("7.0175", "4582.948600", "4632.194521", "2.158804", "2.182001",
                     "57.8947", "92.9825", "92.9825", "100")),
    ]  # fmt: skip


UNITS = """
    select date_trunc('month', day)::date as month, {unit} as unit, hs_chapter,
        sum(coalesce(low_value_declared_value_vnd, value_vnd)) as value
    from core.fct_consignments where is_in_flows group by all
"""
UNIT = {
    "platform": "nullif(platform_code, 'unstated')",
    "origin": "nullif(origin_country_code, 'unknown')",
    "seller": "platform_code || '|' || seller_id_platform",
    "declarant": "coalesce(declarant_id_token, case when consignment_kind <> 'declaration_line' "
    "and channel in ('express', 'postal') then operator_code end)",
    "warehouse": "warehouse_code",
}


def test_the_mart_reads_concentration_as_the_command_does(ask: Ask) -> None:
    """Every market of the mart, against scenarios.concentration on the consignments themselves."""
    for dimension, unit in UNIT.items():
        markets: dict[tuple[dt.date, str], dict[str | None, float]] = defaultdict(dict)
        for month, name, chapter, value in ask(UNITS.format(unit=unit)):
            for market in ((month, chapter), (month, "all")):
                markets[market][name] = markets[market].get(name, 0.0) + float(value)
        names = sorted(markets)
        rows = [
            (number, value, unit_name is None)
            for number, market in enumerate(names)
            for unit_name, value in markets[market].items()
        ]
        expected = concentration(
            [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
            [str(name) for name in names],
        )  # fmt: skip
        found = ask(
            "select month, hs_chapter, unit_count, unknown_share_percent, hhi_low, hhi_high, "
            "effective_number_low, effective_number_high, largest_1_low_percent, "
            "largest_1_high_percent, largest_2_low_percent, largest_2_high_percent, "
            "largest_4_low_percent, largest_4_high_percent from impact.fct_concentration_monthly "
            f"where dimension = '{dimension}' order by 1, 2"
        )
        assert [row[:2] for row in found] == names
        ratios = [getattr(expected, f"cr_{end}")[k] for k in LARGEST for end in ("low", "high")]
        wanted = np.array([
            expected.n, expected.unknown_share_pct, expected.hhi_low, expected.hhi_high,
            expected.effective_low, expected.effective_high, *ratios,
        ]).T  # fmt: skip
        stored = np.array([[np.nan if x is None else float(x) for x in row[2:]] for row in found])
        close = np.isclose(stored, wanted, rtol=0, atol=5.1e-5, equal_nan=True)
        assert close.all(), (dimension, stored[~close], wanted[~close])
        indices = slice(2, 6)  # HHI and effective numbers: six decimals
        np.testing.assert_allclose(stored[:, indices], wanted[:, indices], rtol=0, atol=5.1e-7)


# --- who stands behind a cell


ROLE = UNIT | {"operator": "operator_code", "importer": "consignee_party_id"}


@pytest.mark.parametrize(
    ("measure", "ending"),
    [
        ("sum(coalesce(low_value_declared_value_vnd, value_vnd))", "vnd"),
        ("count(*)", "parcel_count"),
    ],
)
def test_contributors_are_exact_or_bounds_on_the_safe_side(
    ask: Ask, measure: str, ending: str
) -> None:
    """Of every cell by platform and origin and of every month, against the consignments."""
    member = {"total": "'all'", "platform": "platform_code", "origin": "origin_country_code"}
    seen: dict[str, int] = defaultdict(int)
    for dimension, column in member.items():
        for role in ("platform", "operator", "declarant", "seller", "importer"):
            true: dict[tuple[Any, ...], list[float]] = defaultdict(list)
            for month, cell, who, value in ask(
                f"select date_trunc('month', day)::date, {column} as member, {ROLE[role]} as who, "
                f"{measure} from core.fct_consignments where is_in_flows group by all"
            ):
                true[month, cell].extend([float(value)] if who is not None else [])
            for month, cell, kind, count, first, second in ask(
                "select month, member_code, bound_kind, contributor_count, "
                f"coalesce(largest_contribution_{ending}, 0), "
                f"coalesce(second_contribution_{ending}, 0) "
                f"from impact.fct_flow_contributors_monthly where dimension = '{dimension}' "
                f"and contributor_role = '{role}'"
            ):
                largest = [*sorted(true[month, cell], reverse=True), 0.0, 0.0]
                seen[kind] += 1
                if kind == "exact":
                    assert (count, first, second) == (len(largest) - 2, *largest[:2])
                else:
                    assert count <= len(largest) - 2
                    assert float(first) >= largest[0]
                    assert float(first + second) >= largest[0] + largest[1]
    assert seen["exact"] > 20
    assert seen["bound"] > 10


def test_contributors_of_march_by_hand(ask: Ask) -> None:
    """One buyer has the first parcels of both platforms, 300,000 together; nine days follow with
    200,000 as the largest and 21 with 100,000: at most 4.2m, the second at most the rest of 5.1m.
    Of beta alone ten buyers of 200,000, one a day. Sellers: ten days 200,000 and 100,000, then 21
    days 100,000: 4.1m and 1.0m (together exact). Parcels, 31 of alpha and ten of beta: two of that
    buyer on the first day, then one a day: at most 32, and the 9 left; sellers 1 and 1, then 1. The
    one operator lodges all of it, and so declares it."""
    found = ask(
        "select member_code, contributor_role, bound_kind, contributor_count, "
        "largest_contribution_vnd, second_contribution_vnd, unknown_contribution_vnd, "
        "total_parcel_count, largest_contribution_parcel_count, second_contribution_parcel_count, "
        "unknown_contribution_parcel_count "
        "from impact.fct_flow_contributors_monthly where month = '2026-03-01' "
        "and (dimension = 'total' or (dimension = 'platform' and member_code = 'beta')) "
        "order by dimension desc, 2"
    )
    assert found == [
        ("all", "declarant", "exact", 1, *numbers("5100000", None, "0"), 41, 41, None, 0),
        ("all", "importer", "bound", 2, *numbers("4200000", "900000", "0"), 41, 32, 9, 0),
        ("all", "operator", "exact", 1, *numbers("5100000", None, "0"), 41, 41, None, 0),
        ("all", "platform", "exact", 2, *numbers("3100000", "2000000", "0"), 41, 31, 10, 0),
        ("all", "seller", "bound", 2, *numbers("4100000", "1000000", "0"), 41, 31, 10, 0),
        ("beta", "declarant", "exact", 1, *numbers("2000000", None, "0"), 10, 10, None, 0),
        ("beta", "importer", "bound", 1, *numbers("2000000", None, "0"), 10, 10, None, 0),
        ("beta", "operator", "exact", 1, *numbers("2000000", None, "0"), 10, 10, None, 0),
        ("beta", "platform", "exact", 1, *numbers("2000000", None, "0"), 10, 10, None, 0),
        ("beta", "seller", "bound", 1, *numbers("2000000", None, "0"), 10, 10, None, 0),
    ]
