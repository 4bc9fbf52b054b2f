"""Planted truth: every label names a delivered row, and every typology is what its name says.

Each test has its control: the honest background does not look like that. Not claimed: that honest
rows never raise a red flag (they must, or the benchmark would be a giveaway).
"""

from pathlib import Path

import duckdb
import pytest

from synthetic import vocabulary
from synthetic.declarations import LINE_LABELS
from synthetic.generate import generate
from synthetic.inspections import FOUND_AS
from synthetic.parameters import DEFAULT_FIRST_DAY, SyntheticParameters
from synthetic.plan import SPLIT_SIZES, TYPOLOGIES, DayPlan, plan_day
from tests.support.planted import numbers, one, planted_tables

RELIEF_VND = 1_000_000


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Four days of 6,000 parcels; tables as in tests.support.planted."""
    return planted_tables(tmp_path_factory.mktemp("typologies"), days=4, parcels_per_day=6_000)


def test_every_label_names_a_delivered_row_of_its_day(planted: duckdb.DuckDBPyConnection) -> None:
    assert one(
        planted,
        """
        select
            (select count(*) from truth where source = 'parcel_manifest')
                - (select count(*) from labelled where day = arrived_day),
            (select count(*) from truth where source = 'customs_declaration')
                - (select count(*) from truth join lines using (declaration_number, line_number)
                    where truth.day = left(registered_at, 10)),
            (select count(*) - count(distinct coalesce(house_waybill_number,
                declaration_number || '/' || line_number)) from truth)
        """,
    ) == (0, 0, 0)


def test_every_typology_is_planted(planted: duckdb.DuckDBPyConnection) -> None:
    found = {row[0] for row in planted.execute("select distinct typology from truth").fetchall()}
    assert found == {*TYPOLOGIES, *LINE_LABELS} == set(FOUND_AS)
    assert len(found) == 16


@pytest.mark.parametrize("parcels", [1_000, 1_357])
def test_every_typology_is_planted_on_the_smallest_day(tmp_path: Path, parcels: int) -> None:
    """But the habits that begin on a later day (test_synthetic_overlays.py)."""
    report = generate(tmp_path, days=1, parcels_per_day=parcels)
    later = {"price_preference", "first_seen_consignees"}
    assert {name for name, _ in report.planted} == {*TYPOLOGIES, *LINE_LABELS} - later


def test_split_clusters_exceed_the_relief_value_and_no_member_does(
    planted: duckdb.DuckDBPyConnection,
) -> None:
    rows = planted.execute(
        """
        select
            count(*), max(vnd), sum(vnd), count(distinct day), count(distinct consignee_id_number),
            count(distinct consignee_phone), count(distinct consignee_address),
            count(distinct consignor_name || consignor_address),
            count(distinct master_waybill_number)
        from labelled where typology = 'split_under_relief' group by cluster_id
        """
    ).fetchall()
    assert {row[0] for row in rows} == set(SPLIT_SIZES)
    assert all(row[1] < RELIEF_VND < row[2] for row in rows)
    assert all(row[3:] == (1, 1, 1, 1, 1, 1) for row in rows)
    # Control: no honest consignee gets three parcels above the relief value under one master bill.
    assert one(
        planted,
        f"""
        select count(*) from (
            select 1 from honest where consignee_id_number is not null and vnd < {RELIEF_VND}
            group by arrived_day, consignee_id_number, master_waybill_number
            having count(*) >= 3 and sum(vnd) > {RELIEF_VND})
        """,
    ) == (0,)


def test_address_and_phone_clusters_join_many_people(planted: duckdb.DuckDBPyConnection) -> None:
    for typology, shared, size in (
        ("one_address_many_consignees", "consignee_address", 6),
        ("phone_reuse", "consignee_phone", 5),
    ):
        rows = planted.execute(
            f"""
            select count(*), count(distinct {shared}), count({shared}),
                count(distinct consignee_id_number)
            from labelled where typology = '{typology}' group by cluster_id
            """
        ).fetchall()
        assert rows
        assert set(rows) == {(size, 1, size, size)}, typology
        # Control: honest households and dormitories share too, but hardly ever that many a day.
        sharing, that_many, all_groups = numbers(
            planted,
            f"""
            select count(*) filter (where people > 1), count(*) filter (where people >= {size}),
                count(*)
            from (
                select count(distinct consignee_id_number) as people from honest
                where {shared} is not null and consignee_address like 'Số%'
                group by arrived_day, {shared})
            """,
        )
        assert sharing > 3
        assert that_many < all_groups / 2_000


def test_the_gathering_point_is_one_address_that_grows(planted: duckdb.DuckDBPyConnection) -> None:
    rows = planted.execute(
        """
        select count(*), count(distinct consignee_address), min(consignee_address),
            count(distinct consignee_id_number)
        from labelled where typology = 'gathering_point' group by day order by day
        """
    ).fetchall()
    counts = [row[0] for row in rows]
    assert counts == sorted(set(counts))
    assert len(counts) == 4
    assert {row[1] for row in rows} == {1}
    assert len({row[2] for row in rows}) == 1
    assert all(row[3] == row[0] for row in rows)
    # Control: no honest address, dormitories included, gets as many on one day.
    [most] = numbers(
        planted,
        """
        select max(parcels) from (
            select count(*) as parcels from honest where consignee_address like 'Số%'
            group by consignee_address, arrived_day)
        """,
    )
    assert 1 < most < counts[-1]


def test_the_gathering_point_grows_for_eight_weeks_and_leaves_room_for_the_rest() -> None:
    def plan(week: int, parcels: int) -> DayPlan:
        return plan_day(
            SyntheticParameters(), seed=1, first_day=DEFAULT_FIRST_DAY, days=80,
            day_index=7 * week, parcels=parcels,
        )  # fmt: skip

    sizes = [plan(week, 100_000).rows("gathering_point") for week in range(11)]
    assert sizes[:9] == sorted(set(sizes[:9]))
    # 100 on the first day, half of that more every day, 56 days long.
    assert sizes[8:] == [100 + 50 * 56] * 3
    assert plan(10, 1_000).starts[-1] < 500


def test_unregistered_platforms_hide_behind_the_courier(planted: duckdb.DuckDBPyConnection) -> None:
    prefixes = tuple(
        platform.order_prefix
        for platform in vocabulary.PLATFORMS
        if platform.is_chinese or platform.code == vocabulary.SYNTHETIC_UNLISTED
    )
    rows = planted.execute(
        "select platform_code, platform_order_id, seller_id_platform from labelled "
        "where typology = 'unregistered_platform_behind_courier'"
    ).fetchall()
    assert rows
    assert all(code is None for code, _, _ in rows)
    kept = [(order, seller) for _, order, seller in rows if seller]
    assert all(order.startswith(prefixes) and seller[:3] == order[:3] for order, seller in kept)
    # A courier writes its own number, or none, as honest shops do.
    other = {order and order[:3] for _, order, seller in rows if not seller}
    assert (len(kept) / len(rows) > 0.3, other) == (True, {"REF", None})
    orders, shops, sellers = one(
        planted,
        "select count(platform_order_id) / count(*), "
        "count(*) filter (where starts_with(platform_order_id, 'REF')) / count(*), "
        "count(seller_id_platform) from honest where platform_code is null",
    )
    assert orders == shops
    assert 0.35 < orders < 0.45
    assert sellers == 0
    # Control: sellers of platforms have shops beside them.
    assert (
        0
        < one(
            planted,
            "select count(*) filter (where consignor_name || consignor_phone in (select "
            "consignor_name || consignor_phone from honest where platform_code is not null)) "
            "/ count(*) from honest where platform_code is null",
        )[0]
        < 0.04
    )


def test_the_suspended_platform_is_labelled_from_its_suspension_on(
    planted: duckdb.DuckDBPyConnection,
) -> None:
    rows = planted.execute(
        """
        select arrived_day, count(*), count(*) filter (where typology = 'stale_suspended_platform')
        from parcels left join truth using (house_waybill_number)
        where lower(platform_code) = 'syn_suspended' group by arrived_day order by arrived_day
        """
    ).fetchall()
    assert [row[0] for row in rows] == ["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12"]
    assert all(count > 0 for _, count, _ in rows)
    # Registered on Monday and Tuesday; suspended from Wednesday: then every parcel is a label.
    assert [row[2] for row in rows[:2]] == [0, 0]
    assert all(count == labels for _, count, labels in rows[2:])


def test_honest_rows_trigger_red_flags_too(planted: duckdb.DuckDBPyConnection) -> None:
    second, vague, missing, bunched = one(
        planted,
        """
        select
            (select count(*) from (select 1 from honest where consignee_phone is not null
                group by arrived_day, consignee_name, consignee_phone having count(*) > 1)),
            count(*) filter (where item_description in ('gift', 'goods', 'quà tặng')),
            count(*) filter (where consignee_id_number is null),
            count(*) filter (where vnd between 935000 and 1000000)
        from honest
        """,
    )
    assert min(int(str(n)) for n in (second, vague, missing, bunched)) > 10


def test_planted_rows_lie_scattered_in_the_file(planted: duckdb.DuckDBPyConnection) -> None:
    """Tenths of the file hold about equally many labels; neighbours are not labelled together."""
    rows = planted.execute(
        "select cast(right(house_waybill_number, 8) as integer) * 10 // 6000 as tenth, count(*) "
        "from labelled group by tenth order by tenth"
    ).fetchall()
    counts = [count for _, count in rows]
    assert len(counts) == 10
    mean = sum(counts) / 10
    assert all(0.6 * mean < count < 1.4 * mean for count in counts)
