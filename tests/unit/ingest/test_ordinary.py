"""Ordinary texts: polars gives exactly what the SQL of normalise.py gives, or leaves it to the SQL.

Not claimed: which texts are ordinary, beyond the spellings named here.
"""

import random

import duckdb
import pyarrow as pa

from ingest.text import normalise
from ingest.text.ordinary import personal_ids, phones

SEED = 20261122
PHONES = [
    "0912345678", "+84912345678", "84912345678", "0084912345678", "+84 0912 345 678", "02838221234",
    "(024) 3825-1234", "+8613886447927", "008613886447927", "8613886447927", "+84123", "12345",
    "x", "-", "+", "00", "(+65) 6123 4567", "0112345678", "840912345678", "+849123456789",
    " 0912345678", "0912345678\u200b", "０９１２３４５６７８", "liên hệ 0912345678", None, "", " ",
    "0999999999", "0909090909", "+8613800000000", "+123456789", "0123456789",
]  # fmt: skip
IDS = [
    "001202777333", "079064120570", "097202777333", "001402777333", "0100233488", "0100233489",
    "0100233488-001", "001 202 777 333", "C1234567", "abc", "001202777333 ", None, "", ".",
]  # fmt: skip


def drawn(alphabet: str, count: int, longest: int) -> list[str]:
    """Random texts of an alphabet in which the forms occur by chance."""
    chance = random.Random(SEED)
    return ["".join(chance.choices(alphabet, k=chance.randint(0, longest))) for _ in range(count)]


def by_sql(texts: list[str | None], *expressions: str) -> list[tuple[str | None, ...]]:
    """Each expression over `value`, `cleaned` and `normal`, as derive.py asks for it."""
    with duckdb.connect() as connection:
        connection.register("texts", pa.table({"value": pa.array(texts, pa.string())}))
        cleaned = f"(select value, {normalise.clean_text('value')} as cleaned from texts)"
        return connection.execute(f"select {', '.join(expressions)} from {cleaned}").fetchall()


def compare(found: list[tuple[object, ...]], expected: list[tuple[str | None, ...]]) -> int:
    """How many were answered at once; each of them as expected."""
    wrong = [
        pair for pair in zip(found, expected, strict=True) if pair[0][-1] and pair[0] != pair[1]
    ]
    assert wrong == [], f"seed {SEED}"
    return sum(answer[-1] is not None for answer in found)


def test_phones() -> None:
    texts = [*PHONES, *drawn("0012345678984+ ()-.", 20_000, 16)]
    normal = normalise.phone("cleaned")
    expected = by_sql(texts, normal, normalise.phone_status("cleaned", f"({normal})"))
    found = [array.to_pylist() for array in phones(pa.array(texts, pa.string()))]
    assert compare(list(zip(*found, strict=True)), expected) > 15_000
    assert {status for _, status in expected} == {"valid", "placeholder", "invalid", "missing"}


def test_personal_ids() -> None:
    texts = [*IDS, *(f"0{text}" for text in drawn("0123456789", 20_000, 11)[:])]
    normal = normalise.identifier("cleaned")
    expected = by_sql(texts, normal, normalise.identifier_status(f"({normal})"))
    found = [array.to_pylist() for array in personal_ids(pa.array(texts, pa.string()))]
    assert compare(list(zip(*found, strict=True)), expected) > 100
    # A tax code is left to the SQL, which knows its check digit.
    assert found[1][texts.index("0100233488")] is None


def test_other_scripts_are_left_to_the_sql() -> None:
    assert phones(pa.array(["０９１２３４５６７８"]))[1].to_pylist() == [None]
