"""Listings: the same offers every day, goods and sellers of the parcels, promotions as labelled.

Not claimed: that prices resemble those of any platform.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from stdnum import ean

from synthetic.generate import GenerationReport, generate
from synthetic.listings import PROMOTIONS

DAYS = 4
PARCELS = 80_000
LISTINGS = 2_000  # 25,000 per million parcels
PLANTED = 20  # 10,000 per million listings, of each kind
CAP_PERCENT, MOST_DAYS = 50, 120  # Decree 81/2018 art. 7(1), 10(5)
Row = dict[str, Any]


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> GenerationReport:
    return generate(
        tmp_path_factory.mktemp("listings"), days=DAYS, parcels_per_day=PARCELS, threads=2
    )


def table(report: GenerationReport, name: str) -> str:
    pattern = (report.out / name).as_posix()
    return (
        f"read_csv('{pattern}', header = true, all_varchar = true, delim = ',', quote = '\"', "
        "escape = '\"', nullstr = '')"
    )


def rows(report: GenerationReport, sql: str) -> list[Row]:
    found = duckdb.execute(
        f"with listings as (select *, left(observed_at, 10) as day from "
        f"{table(report, 'listing_observation_*.csv')}), "
        f"labels as (select * from {table(report, 'truth/planted_promotions.csv')}), "
        f"parcels as (select * from {table(report, 'parcel_manifest_*.csv')}) {sql}"
    )
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_same_listings_are_seen_every_day(flow: GenerationReport) -> None:
    counts = rows(
        flow,
        """
        select count(*) as n, count(distinct day) as days, count(distinct gtin) as codes,
            count(distinct product_title) as titles, count(distinct seller_name) as names
        from listings group by platform_code, listing_id
        """,
    )
    assert len(counts) == LISTINGS
    assert {(c["n"], c["days"], c["titles"], c["names"]) for c in counts} == {(DAYS, DAYS, 1, 1)}
    assert {c["codes"] for c in counts} == {0, 1}


def test_every_barcode_has_its_check_digit_and_belongs_to_no_real_good(
    flow: GenerationReport,
) -> None:
    codes = [row["gtin"] for row in rows(flow, "select gtin from listings where gtin is not null")]
    assert len(codes) > DAYS * LISTINGS * 0.2
    assert [code for code in codes if not ean.is_valid(code) or not code.startswith("200")] == []


def test_listings_find_parcels_of_their_title_platform_and_seller(flow: GenerationReport) -> None:
    [found] = rows(
        flow,
        """
        select
            avg(cast(l.product_title in (select item_description from parcels) as int)) as titles,
            avg(cast((l.platform_code, l.seller_code, l.seller_name) in (
                select (lower(platform_code), seller_id_platform, consignor_name) from parcels
                where seller_id_platform is not null
            ) as int)) as sellers,
            avg(cast(l.platform_code in (select lower(platform_code) from parcels) as int))
                as platforms
        from listings l where l.origin_stated <> 'VN'
        """,
    )
    assert found["titles"] > 0.8
    assert found["sellers"] > 0.8
    assert found["platforms"] == 1


def test_labelled_promotions_are_what_their_labels_say(flow: GenerationReport) -> None:
    """With the price of the first day, before any promotion but those that are too long began."""
    told = rows(
        flow,
        """
        select labels.*, l.price, l.list_price, l.currency_code, l.promotion_text,
            l.promotion_from as first, l.promotion_to as last,
            before.price as price_before, before.list_price as list_before
        from labels join listings l using (platform_code, listing_id, day)
        join listings before on before.platform_code = l.platform_code
            and before.listing_id = l.listing_id and before.day = '2026-11-09'
        """,
    )
    assert {row["typology"] for row in told} == set(PROMOTIONS)
    for row in told:
        price, shown = float(row["price"]), float(row["list_price"])
        first, last = (dt.date.fromisoformat(row[name]) for name in ("first", "last"))
        assert first <= dt.date.fromisoformat(row["day"]) <= last
        assert int((shown - price) * 100 / shown) == pytest.approx(
            int(row["promotion_text"].removeprefix("Giảm ").removesuffix("%")), abs=1
        )
        if row["typology"] == "promotion_too_long":
            assert (last - first).days + 1 > MOST_DAYS
            continue
        assert (last - first).days + 1 <= MOST_DAYS
        before = float(row["price_before"])
        assert row["list_before"] is None
        cut = 100 * (before - price) / before
        if row["typology"] == "promotion_too_deep":
            assert cut > CAP_PERCENT
            assert shown == before
        else:
            assert cut < 10
            assert shown > before * 1.5


def test_every_kind_is_planted_and_no_place_betrays_it(flow: GenerationReport) -> None:
    places = rows(
        flow,
        "select distinct typology, listing_id, cast(right(listing_id, 9) as int) as place"
        " from labels",
    )
    for kind in PROMOTIONS:
        found = [row["place"] for row in places if row["typology"] == kind]
        # Some have ended or not begun; those that are too long always run.
        assert len(found) <= PLANTED
        assert len(found) >= (PLANTED if kind == "promotion_too_long" else PLANTED // 2)
        assert max(found) - min(found) > LISTINGS / 2


def test_unlabelled_promotions_are_lawful(flow: GenerationReport) -> None:
    honest = rows(
        flow,
        """
        select l.price, l.list_price, l.promotion_from, l.promotion_to, before.price as price_before
        from listings l join listings before on before.platform_code = l.platform_code
            and before.listing_id = l.listing_id and before.day = '2026-11-09'
        where l.list_price is not null
            and (l.platform_code, l.listing_id) not in (
                select (platform_code, listing_id) from labels
            )
        """,
    )
    assert len(honest) > 100
    for row in honest:
        price, shown = float(row["price"]), float(row["list_price"])
        assert 1 - price / shown <= CAP_PERCENT / 100
        # An ordinary price moves by 3 % at most, and is rounded to a thousand dong.
        assert abs(shown - float(row["price_before"])) <= 0.03 * shown + 1_000
        days = dt.date.fromisoformat(row["promotion_to"]) - dt.date.fromisoformat(
            row["promotion_from"]
        )
        assert days.days + 1 <= 14


def test_a_day_too_small_for_typologies_has_listings_and_no_labels(tmp_path: Path) -> None:
    report = generate(tmp_path, days=3, parcels_per_day=10)
    assert len(rows(report, "select * from listings")) == 3 * 60
    assert rows(report, "select * from labels") == []
