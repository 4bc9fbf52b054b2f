"""Addresses: one key per address however it is spelled, and nothing but known places in clear."""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from contracts.base import PLACE_COLUMNS
from ingest.places import addresses, gazetteer
from ingest.places.localities import PlaceFinder, province_on
from ingest.text import normalise


def keys(texts: Sequence[str | None]) -> list[str | None]:
    with addresses.connection() as connection:
        connection.register("texts", pa.table({"text": pa.array(texts, pa.string())}))
        cleaned = f"(select {normalise.clean_text('text')} as cleaned from texts)"
        folded = f"(select {normalise.fold('cleaned')} as folded from {cleaned})"
        found = connection.execute(addresses.address_key(folded, "folded")).fetchall()
    return [key for _, key in found]


def places(texts: Sequence[str | None]) -> list[tuple[str | None, ...]]:
    with duckdb.connect() as connection:
        columns = PlaceFinder(connection).find(pa.array(texts, pa.string()))
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


SAME = (
    ("12 P. Nguyễn Trãi, Q1", "so 12 nguyen trai, quan 1, tp hcm"),
    ("Số 12 đường Nguyễn Trãi, Phường 5, Quận 5, TP. Hồ Chí Minh", "12 nguyen trai p5 q5 tphcm"),
    (
        "No. 12, Nguyen Trai St., Thanh Xuan Dist., Hanoi",
        "12 Nguyễn Trãi, Q. Thanh Xuân, TP Hà Nội",
    ),
    (
        "33 TRẦN PHÚ; P.AN BÌNH; Q.NINH KIỀU; CẦN THƠ",
        "33 Trần Phú - P. An Bình - Q Ninh Kiều - TPCT",
    ),
    ("5 ngõ 7 Bà Triệu, Hà Nội, Việt Nam", "Số 5, ngõ 7, phố Bà Triệu, thành phố Hà Nội 100000"),
    ("Thôn Đông, xã Tân Lập, huyện Đan Phượng, HN", "thon dong xa tan lap huyen dan phuong ha noi"),
    ("P.05, Q.03, TP.HCM", "Phường 5, Quận 3, Thành phố Hồ Chí Minh"),
    ("12 Lê Lợi, TP. Thủ Dầu Một, Bình Dương", "12 Le Loi, Thu Dau Mot City, Binh Duong Province"),
)
DIFFERENT = (
    ("12 Nguyễn Trãi, Q1, HCM", "12 Nguyễn Trãi, Q5, HCM"),
    ("12 Nguyễn Trãi, Q1, HCM", "12A Nguyễn Trãi, Q1, HCM"),
    ("12 Nguyễn Trãi, Q1, HCM", "12 Nguyễn Du, Q1, HCM"),
    ("12/3 Nguyễn Trãi, Q1, HCM", "12 ngõ 3 Nguyễn Trãi, Q1, HCM"),
    ("12 Trần Phú, P. An Bình, Cần Thơ", "12 Trần Phú, P. An Bình, Đồng Nai"),
    ("Căn hộ 1203, 12 Trần Phú, Huế", "Căn hộ 1204, 12 Trần Phú, Huế"),
    ("Thôn Đông, xã Tân Lập, Hà Nội", "Thôn Đoài, xã Tân Lập, Hà Nội"),
    ("Room 5, Xinhua Road, Guangzhou", "Room 6, Xinhua Road, Guangzhou"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    first, second = keys([one, other])
    assert first == second is not None


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_addresses_have_different_keys(one: str, other: str) -> None:
    first, second = keys([one, other])
    assert first != second


def test_accents_case_and_form_never_matter() -> None:
    import unicodedata

    texts = [text for pair in SAME for text in pair]
    decomposed = [unicodedata.normalize("NFD", text.upper()) for text in texts]
    assert keys(decomposed) == keys(texts)


def test_every_word_of_an_unknown_address_stays_in_its_key() -> None:
    (found,) = keys(["Zzq Wharf 9, Qqx Tower, Elsewhere"])
    assert found is not None
    assert {"zzq", "wharf", "9", "qqx", "tower", "elsewhere"} <= set(
        found.replace("|", " ").split()
    )


def test_null_and_order_are_kept() -> None:
    texts = ["12 Nguyễn Trãi, Q1", None, "14 Nguyễn Trãi, Q1"]
    found = keys(texts)
    assert found[1] is None
    assert [found[0], found[2]] == keys([texts[0], texts[2]])
    assert places(["hue", None])[1] == (None, None, None, None)
    assert places([]) == []


def test_only_names_of_the_gazetteer_come_out_in_clear() -> None:
    """Whatever a sender writes where a ward or district should stand stays inside the token."""
    found = places(
        [
            "12 le loi, phuong canary nguyen van zed, quan 0912345678, ha noi",
            "phuong nguyen van canary, quan tran thi canary, tinh le van canary",
            "canary, canary, ha noi",
            "0912345678, canary street, hue",
        ]
    )
    assert found == [
        ("01", "01", None, None),
        (None, None, None, None),
        ("01", "01", None, None),
        ("46", "46", None, None),
    ]
    known = {row[0] for table in _gazetteer() for row in table}
    texts = [value for row in found for value in row if value]
    assert all(value in known or value.isdigit() for value in texts)


def _gazetteer() -> list[list[tuple[str]]]:
    with addresses.connection() as connection:
        return [
            connection.execute(f"select name from {table}").fetchall()
            for table in ("place_district", "place_ward")
        ]


def test_the_known_endings_change_nothing() -> None:
    """A finder that has seen other addresses answers like a new one."""
    texts = [
        "12 tran phu, phuong an binh, quan ninh kieu, can tho",
        "9 tran phu phuong an binh quan ninh kieu can tho",
        "tran phu, tinh bac ninh",
        "ha noi",
        "xinhua road, guangzhou",
    ]
    finder = PlaceFinder(duckdb.connect())
    for _ in range(2):
        columns = finder.find(pa.array(texts * 3))
        rows = list(zip(*(column.to_pylist() for column in columns), strict=True))
        assert rows == places(texts) * 3
    finder.close()
    assert rows[0] == rows[1] == ("92", "92", "ninh kieu", "an binh")


def test_both_provinces_are_told_and_dated() -> None:
    """Hand-checked: Bình Dương went into the new Ho Chi Minh City on 1 July 2025."""
    before, since = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
    stated = [
        "1 le loi, phuong an phu, thanh pho thuan an, tinh binh duong",  # 74 -> 79
        "1 le loi, phuong an binh, thanh pho bac ninh, tinh bac ninh",  # a city: 27 -> 24
        "1 le loi, phuong an binh, tinh bac ninh",  # no district: 24 or 27 -> 24
        "1 le loi, phuong an binh, thanh pho ha noi",  # unchanged: 01
    ]
    found = places(stated)
    assert [(row[1], row[0]) for row in found] == [
        ("74", "79"), ("27", "24"), (None, "24"), ("01", "01"),
    ]  # fmt: skip
    for new, old, *_ in found:
        on = province_on("day", f"'{new}'", f"'{old}'" if old else "null::varchar")
        days = duckdb.sql(
            f"select {on} from (values (date '{before}'), (date '{since}')) as t(day) order by day"
        ).fetchall()
        assert days == [(old,), (new,)]


def test_the_gazetteer_has_63_and_34_provinces_and_every_old_one_a_successor() -> None:
    with addresses.connection() as connection:
        count = connection.execute(
            "select count(distinct old_province_code), count(distinct province_code), "
            "count(distinct meant) filter (old_province_code is not null) from place_province"
        ).fetchone()
        districts = connection.execute(
            "select count(*), count(distinct old_province_code) from place_district"
        ).fetchone()
        unfolded = connection.execute(
            "select name from (select name from place_district union all select name from "
            "place_ward union all select name from place_province) "
            f"where {normalise.fold('name')} <> name or contains(name, '-')"
        ).fetchall()
    assert count == (63, 34, 63)
    assert districts == (698, 63)
    assert unfolded == []
    assert gazetteer.reform_day() == "2025-07-01"


def test_the_provinces_are_those_of_the_national_lists(shared_data: Path) -> None:
    path = shared_data / "reference" / "vn_provinces_63_to_34.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with addresses.connection() as connection:
        found = dict(
            connection.execute(
                "select old_province_code, province_code from place_district group by all"
            ).fetchall()
        )
    assert found == {row["old_code"]: row["new_code_2025"] for row in rows}
    texts = [normalised(row["old_name_vi"]) for row in rows]
    named = places(texts)
    assert [row[0] for row in named] == [row["new_code_2025"] for row in rows]
    assert {row[1] for row in named} <= {None, *(row["old_code"] for row in rows)}


def normalised(text: str) -> str:
    found = duckdb.execute(f"select {normalise.fold('?')}".replace("?", "$text"), {"text": text})
    return str(found.fetchall()[0][0])


def test_the_columns_of_a_place_are_those_of_the_contract() -> None:
    assert len(places(["ha noi"])[0]) == len(PLACE_COLUMNS)


def test_plain_endings_are_read_as_the_parser_reads_them() -> None:
    """Every district with its province before and since, every ward, every province, and more."""
    with addresses.connection() as connection:
        districts = connection.execute(
            "select unit || ' ' || d.name, p.meant from place_district d "
            "join place_province p on d.province_code = p.province_code and p.name = p.meant"
        ).fetchall()
        wards = [row[0] for row in connection.execute("select name from place_ward").fetchall()]
        provinces = [
            row[0] for row in connection.execute("select name from place_province").fetchall()
        ]
    units = ("", "tinh ", "thanh pho ", "tp. ", "tp ", "tp.")
    endings = [
        f"{ward}{district}, {unit}{province}"
        for number, (district, province) in enumerate(districts)
        for ward in ("", f"phuong {wards[number % len(wards)]}, ", "xa 5, ")
        for unit in (units[number % len(units)],)
    ]
    endings += [
        ending.replace("phuong ", "p. ").replace("quan ", "q.").replace("thi xa ", "tx. ")
        for ending in endings
    ]
    endings += [f"phuong {ward}, tinh {provinces[len(ward)]}" for ward in wards]
    endings += [f"{unit}{province}" for province in provinces for unit in units]
    with duckdb.connect() as connection:
        finder = PlaceFinder(connection)
        asked = pl.DataFrame({"ending": endings}).unique(maintain_order=True)
        plain = finder._plain(asked).sort("ending")
        parsed = finder._parsed(plain.select("ending")).sort("ending")
    assert len(plain) > 9_000
    differing = plain.join(parsed, on=plain.columns, how="anti", nulls_equal=True)
    assert differing.rows() == []
