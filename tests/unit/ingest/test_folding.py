"""The look-up of match keys says what normalise.py says, or says nothing."""

import duckdb
import pyarrow as pa
import pytest

from ingest.text import normalise
from ingest.text.folding import fold_ordinary

ORDINARY = [
    "Số 185, ngõ 164, đường Hùng Vương, Phường Tân Tiến, Tỉnh Khánh Hoà",
    "ĐẶNG THỊ HỒNG NHUNG",
    "a",
    '12/3B (lầu 2) & kho #7 - "A"',
    "Straße Ørsted ŁÓDŹ café",
]
RARE = [
    None,
    "",
    " ",
    " a",
    "a ",
    "a  b",
    "a\tb",
    "a\u00a0b",
    "Nguye\u0302\u0303n",
    "深圳市",
    "a\u200bb",
    "\u202eabc",
    "😀 shop",
    "a\u0000b",
]


def keys_of(texts: list[str | None]) -> list[tuple[str | None, bool]]:
    folded, holds = fold_ordinary(pa.array(texts, type=pa.string()))
    return list(zip(folded.to_pylist(), holds.to_pylist(), strict=True))


def by_sql(texts: list[str | None]) -> list[tuple[str | None, str | None]]:
    cleaned = normalise.clean_text("value")
    with duckdb.connect() as connection:
        return connection.execute(
            f"select cleaned, {normalise.fold('cleaned')} from "
            f"(select {cleaned} as cleaned from (select unnest($texts::varchar[]) as value))",
            {"texts": texts},
        ).fetchall()


def test_where_it_holds_the_key_is_that_of_the_sql_and_the_text_was_clean() -> None:
    texts: list[str | None] = [*ORDINARY, *RARE, *ORDINARY]
    checked = 0
    for text, (key, holds), (cleaned, folded) in zip(
        texts, keys_of(texts), by_sql(texts), strict=True
    ):
        if holds:
            checked += 1
            assert (text, key) == (cleaned, folded)
        else:
            assert key is None
    assert checked >= 2 * (len(ORDINARY) - 1)


@pytest.mark.parametrize("text", RARE)
def test_rare_texts_are_left_to_the_sql(text: str | None) -> None:
    assert keys_of(["vừa", text, "vừa"]) == [("vua", True), (None, False), ("vua", True)]


def test_every_character_alone_and_between_others() -> None:
    letters = [chr(point) for point in range(0x20, 0x3000)]
    texts: list[str | None] = [
        item for letter in letters for item in (letter, f"a{letter}b", f"Đ{letter}{letter}ễ")
    ]
    differing = [
        text
        for text, (key, holds), (cleaned, folded) in zip(
            texts, keys_of(texts), by_sql(texts), strict=True
        )
        if holds and (text, key) != (cleaned, folded)
    ]
    assert differing == []
    assert sum(holds for _, holds in keys_of(texts)) > 1_000


def test_a_slice_is_read_where_it_lies() -> None:
    whole = pa.array(["bỏ qua", "Hà Nội", None, "Đà Lạt", "bỏ qua"])
    folded, holds = fold_ordinary(whole.slice(1, 3))
    assert folded.to_pylist() == ["ha noi", None, "da lat"]
    assert holds.to_pylist() == [True, False, True]
