"""Habits that lie over honest rows: one price of a seller, invented consignees on a master bill.

Each has its control in the honest rows. Not claimed: that an indicator finds them (the published
week), or that sellers in the world do just this.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from synthetic.generate import generate
from synthetic.parameters import SyntheticParameters, TypologyShares
from synthetic.plan import OVERLAYS
from tests.support.planted import numbers, one, planted_tables

DAYS = ["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Five days of 6,000 parcels; tables as in tests.support.planted."""
    return planted_tables(tmp_path_factory.mktemp("overlays"), days=5, parcels_per_day=6_000)


def test_a_seller_writes_one_price_on_goods_of_at_least_twice_its_worth(
    planted: duckdb.DuckDBPyConnection,
) -> None:
    days = planted.execute(
        "select list(distinct day order by day) from labelled where typology = 'price_preference'"
    ).fetchall()
    assert days == [(DAYS[1:],)]  # on the first day it is like any other
    prices, sellers, cheapest = one(
        planted,
        """
        select list(distinct currency_code || ' ' || declared_value),
            count(distinct consignor_name || consignor_phone),
            min(cast(planted_true_value_vnd as double) / vnd)
        from labelled where typology = 'price_preference'
        """,
    )
    assert (prices, sellers) == (["USD 1.20"], 1)
    assert float(str(cheapest)) > 1.98
    # Control: no seller of as many honest parcels states one price in a tenth of them.
    of_the_seller, most_of_others = numbers(
        planted,
        """
        with sellers as (
            select consignor_name || consignor_phone as seller, count(*) as parcels,
                max(same) / count(*) as share
            from (
                select *, count(*) over (
                    partition by consignor_name || consignor_phone, currency_code, declared_value
                ) as same
                from parcels where arrived_day > '2026-11-09'
            ) group by all
        )
        select
            max(share) filter (where seller in (
                select consignor_name || consignor_phone from labelled
                where typology = 'price_preference')),
            max(share) filter (where seller not in (
                select consignor_name || consignor_phone from labelled
                where typology = 'price_preference'))
        from sellers where parcels >= 200
        """,
    )
    assert of_the_seller > 0.25
    assert most_of_others < 0.1


def test_consignees_of_a_new_bill_have_no_past_and_no_other_bill(
    planted: duckdb.DuckDBPyConnection,
) -> None:
    rows = planted.execute(
        """
        select day, count(*), count(distinct master_waybill_number),
            count(distinct coalesce(consignee_id_number, house_waybill_number))
        from labelled where typology = 'first_seen_consignees' group by day order by day
        """
    ).fetchall()
    assert [row[0] for row in rows] == DAYS[3:]
    # One bill of about 200 where another has 100; each parcel of it has its own consignee.
    assert all(row[1] > 140 and row[2] == 1 and row[3] == row[1] for row in rows)
    again = """
        select count(*) from {} as those join parcels using (consignee_id_number)
        where those.house_waybill_number <> parcels.house_waybill_number
    """
    planted.execute(
        "create view new_ones as select * from labelled where typology = 'first_seen_consignees'"
    )
    assert one(planted, again.format("new_ones")) == (0,)
    assert numbers(planted, again.format("honest"))[0] > 1_000  # control: of 24,000 honest parcels


def test_a_buyer_gets_a_piece_below_the_relief_of_one_seller_every_day(
    planted: duckdb.DuckDBPyConnection,
) -> None:
    rows = planted.execute(
        """
        select count(*), count(distinct day), max(vnd), min(vnd), count(distinct consignee_phone),
            count(distinct consignor_name || consignor_phone), count(platform_code)
        from labelled where typology = 'split_over_days' group by consignee_id_number
        """
    ).fetchall()
    assert len(rows) == 4  # 700 of a million parcels, of 6,000
    assert all(row[:2] == (5, 5) and row[4:] == (1, 1, 0) for row in rows)
    assert all(row[3] > 349_000 and row[2] < 1_000_000 for row in rows)
    # Control: no honest consignee gets three such pieces of one seller.
    assert one(
        planted,
        """
        select count(*) from (
            select 1 from honest where consignee_id_number is not null and vnd > 349000
            group by consignee_id_number, consignor_name, consignor_phone having count(*) >= 3)
        """,
    ) == (0,)


def lines(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                name = row.get("house_waybill_number") or row.get("consignment_reference") or ""
                yield name, (path.name, *(value or "" for value in row.values()))


def test_nothing_but_the_labelled_rows_differs_from_a_flow_without_overlays(tmp_path: Path) -> None:
    without = replace(
        SyntheticParameters(),
        typologies=replace(TypologyShares(), **dict.fromkeys(OVERLAYS, 0)),
    )
    generate(tmp_path / "with", days=4, parcels_per_day=3_000)
    generate(tmp_path / "without", days=4, parcels_per_day=3_000, parameters=without)

    def labels(name: str) -> list[dict[str, str]]:
        path = tmp_path / name / "truth" / "planted_typologies.csv"
        with path.open(newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    laid = {row["house_waybill_number"] for row in labels("with") if row["typology"] in OVERLAYS}
    assert [row for row in labels("with") if row["typology"] not in OVERLAYS] == labels("without")
    changed = set(lines(tmp_path / "with")) ^ set(lines(tmp_path / "without"))
    assert len(laid) > 100
    assert {name for name, _ in changed} == laid
