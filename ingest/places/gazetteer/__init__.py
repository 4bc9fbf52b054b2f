"""Names of provinces, districts and wards as DuckDB tables.

Add here another list of place names. Keep out: how an address is taken apart (addresses.py).
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

_FOLDER = Path(__file__).resolve().parent


def _lines(name: str) -> Iterator[str]:
    with (_FOLDER / name).open(encoding="utf-8") as stream:
        yield from (line for line in stream if not line.startswith("#"))


def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_lines(name)))


@cache
def provinces() -> pa.Table:
    """Every spelling of a province name, once: name, codes, and what it meant before and since.

    province_code: among the 34. old_province_code: among the 63, as the name was used before the
    reform; null for a name that did not exist. unambiguous: the name alone, undated, tells the old
    province: it is a name of the 63 only, or its territory did not change.
    """
    rows = _table("provinces.csv")
    old = {row["name"]: row for row in rows if row["valid_to"]}
    new = {row["name"]: row for row in rows if not row["valid_to"]}
    spellings = {name: name for name in (*old, *new)}
    spellings |= {row["alias"]: row["name"] for row in _table("aliases.csv")}
    spellings |= {name.replace(" ", ""): meant for name, meant in spellings.items()}
    columns: dict[str, list[str | bool | None]] = {
        "name": [], "meant": [], "old_province_code": [], "province_code": [], "unambiguous": [],
    }  # fmt: skip
    for spelling, name in spellings.items():
        before, since = old.get(name), new.get(name)
        row = since or before
        assert row is not None
        columns["name"].append(spelling)
        columns["meant"].append(name)
        columns["old_province_code"].append(before["old_province_code"] if before else None)
        columns["province_code"].append(row["province_code"])
        columns["unambiguous"].append(since is None or bool(since["old_province_code"]))
    return pa.table(columns)


@cache
def reform_day() -> str:
    """The first day of the 34 provinces, ISO 8601: the day their names begin to hold."""
    (day,) = {row["valid_from"] for row in _table("provinces.csv") if row["valid_from"]}
    return day


@cache
def districts() -> pa.Table:
    """old_province_code, province_code, unit, name; is_only_one: no other has its unit and name."""
    successor = {
        row["old_province_code"]: row["province_code"]
        for row in _table("provinces.csv")
        if row["valid_to"]
    }
    rows = _table("districts.csv")
    names = [row["name"] for row in rows]
    marked = Counter((row["unit"], row["name"]) for row in rows)
    return pa.table(
        {
            "old_province_code": [row["old_province_code"] for row in rows],
            "province_code": [successor[row["old_province_code"]] for row in rows],
            "unit": [row["unit"] for row in rows],
            "name": names,
            "is_only_one": [marked[(row["unit"], row["name"])] == 1 for row in rows],
        }
    )


@cache
def wards() -> pa.Table:
    """name: of wards, communes and townships, each once; numbered ones have none."""
    return pa.table({"name": [line.strip() for line in _lines("ward_names.txt")]})


def names_ending_in(words: Sequence[str]) -> dict[str, list[str]]:
    """Word -> what stands before it in district and ward names of two syllables that end so."""
    names = {
        *districts().column("name").to_pylist(), *wards().column("name").to_pylist(),
    }  # fmt: skip
    pairs = sorted(tuple(name.split()) for name in names if name.count(" ") == 1)
    return {word: [first for first, last in pairs if last == word] for word in words}


def load(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary tables place_province, place_district and place_ward."""
    tables = {
        "place_province": provinces(), "place_district": districts(), "place_ward": wards(),
    }  # fmt: skip
    for name, table in tables.items():
        connection.register(f"{name}_arrow", table)
        connection.execute(f"create or replace temp table {name} as select * from {name}_arrow")
        connection.unregister(f"{name}_arrow")
