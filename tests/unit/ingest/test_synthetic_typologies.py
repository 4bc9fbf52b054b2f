"""Planted truth: every label names a delivered row, and every typology is what its name says.

Not claimed: that honest rows never look like one (they must, or the benchmark would be a giveaway).
"""

import duckdb
import pytest

from ingest.synthetic import goods, vocabulary
from ingest.synthetic.generate import GenerationReport, generate
from ingest.synthetic.plan import SPLIT_SIZES, TYPOLOGY_UNITS

RELIEF_VND = 1_000_000


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Tables `truth`, `labelled` (truth with its manifest row), `honest` over four days."""
    report: GenerationReport = generate(
        tmp_path_factory.mktemp("typologies"), days=4, parcels_per_day=6_000
    )

    def read(pattern: str) -> str:
        path = (report.out / pattern).as_posix()
        return f"read_csv('{path}', header = true, all_varchar = true)"

    connection = duckdb.connect()
    connection.execute(
        f"""
        create table truth as select * from {read("truth/planted_typologies.csv")};
        create table lines as select * from {read("customs_declaration_*.csv")};
        create table rates as
        select dimension_code as currency_code, period_start as day,
            cast(value as decimal(18, 6)) as rate
        from {read("market_reference.csv")} where series_id = 'exchange_rate';
        create table parcels as
        select manifest.*, rates.day as arrived_day,
            cast(declared_value as decimal(18, 2)) * rate as vnd
        from {read("parcel_manifest_*.csv")} as manifest
        join rates on rates.currency_code = manifest.currency_code
            and rates.day = left(arrived_at, 10);
        create table labelled as
        select truth.day, typology, cluster_id, planted_true_value_vnd, parcels.*
        from truth join parcels using (house_waybill_number);
        create table honest as
        select * from parcels anti join truth using (house_waybill_number);
        """
    )
    return connection


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row


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
    assert found == set(TYPOLOGY_UNITS)


def test_undervalued_goods_state_a_half_to_a_quarter_of_the_truth(
    planted: duckdb.DuckDBPyConnection,
) -> None:
    low, high, missing = one(
        planted,
        """
        select min(ratio), max(ratio), count(*) filter (where ratio is null) from (
            select cast(planted_true_value_vnd as double) / vnd as ratio
            from labelled where typology = 'undervaluation')
        """,
    )
    assert missing == 0
    # Floors of the value and of its hundredths of a currency unit move the ratio a little.
    assert 1.98 <= float(str(low)) < 2.3
    assert 3.7 < float(str(high)) <= 4.5
    assert one(
        planted,
        "select count(*) from truth where typology <> 'undervaluation' "
        "and planted_true_value_vnd is not null",
    ) == (0,)


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


def test_the_gathering_point_is_one_address_that_grows(planted: duckdb.DuckDBPyConnection) -> None:
    rows = planted.execute(
        """
        select count(*), count(distinct consignee_address), min(consignee_address),
            count(distinct consignee_id_number), min(warehouse_code)
        from labelled where typology = 'gathering_point' group by day order by day
        """
    ).fetchall()
    counts = [row[0] for row in rows]
    assert counts == sorted(set(counts))
    assert len(counts) == 4
    assert {row[1] for row in rows} == {1}
    assert len({row[2] for row in rows}) == 1
    assert all(row[3] == row[0] for row in rows)
    assert {row[4] for row in rows} == {"SYNGATHER01"}


def test_descriptions_of_goods_typologies(planted: duckdb.DuckDBPyConnection) -> None:
    for typology, starts in (
        ("prohibited_goods", goods.PROHIBITED_NAMES),
        ("false_item_name", goods.VAGUE_NAMES),
        ("disguised_brand", goods.DISGUISED_BRANDS),
    ):
        descriptions = planted.execute(
            f"select item_description from labelled where typology = '{typology}'"
        ).fetchall()
        assert descriptions
        assert all(text.startswith(starts) for (text,) in descriptions), typology
    honest = planted.execute("select distinct item_description from honest").fetchall()
    assert not any(
        text.startswith(goods.PROHIBITED_NAMES + goods.DISGUISED_BRANDS) for (text,) in honest
    )


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
    assert all(order.startswith(prefixes) and seller[:3] == order[:3] for _, order, seller in rows)
    # Control: an honest parcel without a platform has no order or seller id at all.
    assert one(
        planted,
        "select count(*) filter (where platform_order_id is not null or "
        "seller_id_platform is not null) from honest where platform_code is null",
    ) == (0,)


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
