"""What of an address may stay in clear: ward, old district and province, from the gazetteer only.

A part stays when the gazetteer knows its name, so that no text of a sender reaches raw by way of an
address. Add here another coarse part. Keep out: the parser (addresses.py), the names (gazetteer/)
and everything finer than a ward.

Parsing costs some 0.1 ms an address, so only what follows the house and street is parsed, once per
distinct ending: a country has few of them, a day's addresses have millions of houses. Endings in
the plainest form are read without the parser, whose query alone takes as long to plan as a small
file takes to load.
"""

from collections.abc import Callable
from functools import cache

import duckdb
import polars as pl
import pyarrow as pa

from contracts.base import PLACE_COLUMNS
from ingest.places import gazetteer
from ingest.places.addresses import parsing_query

# Where house and street end: at the first separator or unit word. Digits of three and more (house
# numbers, postal codes, references) say nothing about the place and would make endings many.
_UNIT_WORD = "phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tinh|tp|tx|tt|p|f|q|x|h"
_ENDING = rf"((?:[,;|]| - |(?:^| )(?:{_UNIT_WORD})[. ]|(?:^| )[pfq]\d{{1,2}}\b).*)$"
_LONG_NUMBER, _ANY_LONG_NUMBER = r"\d{3,}", "00000"
_COUNTRY = r", ?viet ?nam *$"
_FEW = 4_096  # texts that are cheaper to look at twice than to learn from twice
_MAXIMUM_KNOWN = 1_000_000  # endings remembered; beyond it the memory is emptied

# "phuong an binh, q. ninh kieu, tp can tho": every unit by its word or usual letter, in order.
_NAME = r"[a-z]+(?: [a-z]+)*"
_PLAIN = (
    rf"^(?:(?:phuong |xa |thi tran |p\. ?)(?P<ward>{_NAME}|[1-9]\d?), ?)?"
    rf"(?:(?:quan |huyen |thi xa |thanh pho |q\. ?|h\. ?|tx\. ?|tp\. ?)"
    rf"(?P<district>{_NAME}|[1-9]\d?), ?)?"
    rf"(?P<kind>tinh |thanh pho |tp\. ?|tp )?(?P<province>{_NAME})$"
)
_IS_CITY = "^t(?:hanh pho|p)"
_NAMES = ("ward", "district", "province")
_UNSAFE = r"\b(?:phuong|xa|thi tran|quan|huyen|thanh pho|tinh|dac khu|[a-z])\b"
_KNOWN = {"ending": pl.String, **dict.fromkeys(PLACE_COLUMNS, pl.String), "is_whole": pl.Boolean}


def province_on(day: str, province_code: str, old_province_code: str) -> str:
    """SQL: the province code that was in force on `day` (SQL of a DATE), from the two codes.

    Before the reform one of the 63, null when the address does not tell which; since then one of
    the 34.
    """
    reform = f"date '{gazetteer.reform_day()}'"
    return f"case when {day} < {reform} then {old_province_code} else {province_code} end"


def prepare() -> None:
    """Read the gazetteer and write the query once; a child that cannot open files inherits both.

    No polars here: its threads would not survive the fork.
    """
    with duckdb.connect() as connection:
        gazetteer.load(connection)
    _parsing()


@cache
def _parsing() -> str:
    # The comma in front says that an address goes on here: its first part is no street.
    return f"""
        select ending, province_code, old_province_code,
            case when is_known_district then district end as district_folded,
            case when is_known_ward then ward end as ward_folded,
            province_code is not null and ward is not null as is_whole
        from (select row_number() over () as n, ending from unseen)
        join ({parsing_query("unseen", "',' || ending")}) using (n)
    """


class _Memory:
    """What was read of the texts seen so far, each once. read: unseen texts (column ending) in,
    the columns of _KNOWN out, in any order; a text that it leaves out has no places."""

    def __init__(self, read: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        self._read = read
        self._known = pl.DataFrame(schema=_KNOWN)

    def look_up(self, endings: pl.Series) -> pl.DataFrame:
        """The places of each ending, in order."""
        encoded = endings.to_arrow().cast(pa.string()).dictionary_encode()
        distinct = pl.Series("ending", encoded.dictionary, dtype=pl.String)
        self.learn(distinct)
        places = distinct.to_frame().join(
            self._known, on="ending", how="left", maintain_order="left"
        )
        return places.select(pl.all().gather(pl.Series("index", encoded.indices)))

    def learn(self, endings: pl.Series) -> None:
        """Read the endings that were never seen."""
        unseen = endings.drop_nulls().to_frame("ending").join(self._known, on="ending", how="anti")
        if unseen.is_empty():
            return
        if len(self._known) > _MAXIMUM_KNOWN:
            self._known = self._known.clear()
            unseen = endings.drop_nulls().to_frame("ending")
        read = self._read(unseen)
        nowhere = unseen.join(read, on="ending", how="anti").with_columns(
            *(pl.lit(None, dtype=pl.String).alias(name) for name in PLACE_COLUMNS),
            is_whole=pl.lit(False),
        )
        self._known = pl.concat([self._known, read, nowhere])


class PlaceFinder:
    """Finds the places of folded addresses and remembers the endings it has seen.

    connection: whose database, limits included, does the work; its session stays untouched.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection.cursor()
        self._is_loaded = False
        self._last_parts = _Memory(lambda unseen: self._plain(unseen).filter("is_whole"))
        self._endings = _Memory(self._plain_or_parsed)
        self._provinces = _frame(gazetteer.provinces())
        self._districts = _frame(gazetteer.districts())
        # "thanh pho bac ninh" at the end is a city and its province: only the parser takes that.
        self._cities = self._districts.filter(unit="thanh pho").select(
            "old_province_code", pl.col("name").alias("meant"), is_called_city=True
        )
        numbers = [str(number) for number in range(1, 100)]
        self._wards = [*_frame(gazetteer.wards())["name"], *numbers]

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def find(self, folded: pa.Array) -> list[pa.Array]:
        """One array per PLACE_COLUMNS, as long as `folded`; null where nothing is known.

        A pure function of each text: its last two parts between commas, or three, when they state
        ward and province in the plainest form; else what follows its first comma when that states
        both; else what follows its first separator or unit word.
        """
        texts = pl.Series("text", folded, dtype=pl.String)
        found = pl.DataFrame(
            {
                name: pl.repeat(None, len(texts), dtype=pl.String, eager=True)
                for name in PLACE_COLUMNS
            }
        ).with_columns(is_whole=pl.lit(False))
        parts = texts.str.replace(_COUNTRY, "").str.split(",")
        found = self._filled(found, parts, lambda some: self._last_parts.look_up(_last(some, 2)))
        found = self._filled(found, parts, lambda some: self._last_parts.look_up(_last(some, 3)))
        found = self._filled(found, texts, self._after_comma)
        found = self._filled(found, texts, lambda some: self._endings.look_up(_endings(some)))
        return [found[name].to_arrow().cast(pa.string()) for name in PLACE_COLUMNS]

    @staticmethod
    def _filled(
        found: pl.DataFrame, given: pl.Series, read: Callable[[pl.Series], pl.DataFrame]
    ) -> pl.DataFrame:
        """`found`, with what `read` makes of the given values where ward or province lack."""
        rows = (~found["is_whole"].fill_null(False) & given.is_not_null()).arg_true()
        if not len(rows):
            return found
        more = read(given.gather(rows))
        return found.with_columns(
            found[name].scatter(rows, more[name]) for name in more.columns if name in found.columns
        )

    def _after_comma(self, texts: pl.Series) -> pl.DataFrame:
        after = _shortened(texts.str.splitn(",", 2).struct.field("field_1"))
        if len(texts) <= _FEW:
            self._endings.learn(pl.concat([after, _endings(texts)]).unique())
        return self._endings.look_up(after)

    def _plain_or_parsed(self, unseen: pl.DataFrame) -> pl.DataFrame:
        plain = self._plain(unseen)
        return pl.concat([plain, self._parsed(unseen.join(plain, on="ending", how="anti"))])

    def _plain(self, unseen: pl.DataFrame) -> pl.DataFrame:
        """The endings in the plainest form, all names of which the gazetteer has, exactly as the
        parser reads them (a test compares the two)."""
        stated = (
            unseen.with_columns(pl.col("ending").str.extract_groups(_PLAIN).alias("parts"))
            .unnest("parts")
            .with_columns(is_called_city=pl.col("kind").str.contains(_IS_CITY).fill_null(False))
            .filter(~pl.concat_str(_NAMES, separator=" ", ignore_nulls=True).str.contains(_UNSAFE))
            .join(self._provinces, left_on="province", right_on="name")
            .filter(pl.col("ward").is_in(self._wards) | pl.col("ward").is_null())
        )
        fits = (
            stated.join(self._districts, left_on="district", right_on="name", suffix="_of_district")
            .filter(
                pl.when("unambiguous")
                .then(pl.col("old_province_code_of_district") == pl.col("old_province_code"))
                .otherwise(pl.col("province_code_of_district") == pl.col("province_code"))
            )
            .group_by("ending")
            .agg(
                pl.col("old_province_code_of_district").unique().alias("fitting"),
                pl.col("old_province_code").first().alias("stated_old"),
            )
            .with_columns(
                is_told=pl.col("fitting").list.contains("stated_old")
                | (pl.col("fitting").list.len() == 1),
                district_old=pl.when(pl.col("fitting").list.contains("stated_old"))
                .then("stated_old")
                .otherwise(pl.col("fitting").list.first()),
            )
        )
        return (
            stated.join(
                self._cities, on=["is_called_city", "meant", "old_province_code"], how="anti"
            )
            .join(fits, on="ending", how="left", maintain_order="left")
            .filter(pl.col("district").is_null() | pl.col("is_told"))
            .select(
                "ending",
                "province_code",
                pl.when(pl.col("district").is_not_null() & ~pl.col("unambiguous"))
                .then("district_old")
                .when("unambiguous")
                .then("old_province_code")
                .alias("old_province_code"),
                pl.col("district").alias("district_folded"),
                pl.col("ward").alias("ward_folded"),
                pl.col("ward").is_not_null().alias("is_whole"),
            )
        )

    def _parsed(self, unseen: pl.DataFrame) -> pl.DataFrame:
        if unseen.is_empty():
            return pl.DataFrame(schema=_KNOWN)
        if not self._is_loaded:
            gazetteer.load(self._connection)
            self._is_loaded = True
        self._connection.register("unseen", unseen.to_arrow())
        found = self._connection.execute(_parsing()).to_arrow_table()
        self._connection.unregister("unseen")
        return _frame(found)


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _last(parts: pl.Series, count: int) -> pl.Series:
    """The last `count` parts, as one text."""
    return _shortened(parts.list.tail(count).list.join(","))


def _shortened(endings: pl.Series) -> pl.Series:
    return endings.str.strip_chars(" ,;|").str.replace_all(_LONG_NUMBER, _ANY_LONG_NUMBER)


def _endings(texts: pl.Series) -> pl.Series:
    """From the first separator or unit word on; the whole text when it has none."""
    return _shortened(texts.str.extract(_ENDING, 1).fill_null(texts))
