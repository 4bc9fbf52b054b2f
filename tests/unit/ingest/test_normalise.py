"""Normal forms: hand-computed tables, and tax codes against python-stdnum."""

import random
import unicodedata
from collections.abc import Callable, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.vn import mst

from ingest.text import normalise

CONNECTION = duckdb.connect()


def apply(build: Callable[[str], str], values: Sequence[str | None]) -> list[str | None]:
    sql = f"select {build('v')} from (select unnest(?::varchar[]) as v)"
    return [row[0] for row in CONNECTION.execute(sql, [list(values)]).fetchall()]


def phone_status(value: str) -> str:
    return normalise.phone_status(value, normalise.phone(value))


def identifier_status(value: str) -> str:
    return normalise.identifier_status(normalise.identifier(value))


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("  a  b ", "a  b"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("a\u200bb\u202ec\ufeff", "abc"),
        ("e\u200b\u0301", "é"),  # composed although an invisible character stood between
        ("a\tb\nc\u00a0d\u3000e", "a b c d e"),
        ("a\x00b\x07", "ab"),
        (" \t ", None),
        (None, None),
    ],
)
def test_clean_text(given_text: str | None, expected: str | None) -> None:
    assert apply(normalise.clean_text, [given_text]) == [expected]
    assert apply(lambda v: normalise.clean_code(v, 35), [given_text]) == [expected]


@settings(max_examples=150)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30))
def test_clean_text_is_nfc_and_idempotent(text: str) -> None:
    (once,) = apply(normalise.clean_text, [text])
    assert apply(normalise.clean_text, [once]) == [once]
    assert once is None or unicodedata.normalize("NFC", once) == once


LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậđĐẶƯỢ ,0123"
VIETNAMESE = st.text(st.sampled_from(LETTERS), max_size=30)


@settings(max_examples=100)
@given(VIETNAMESE)
def test_fold_is_one_key_for_all_spellings(text: str) -> None:
    """Row 25: composed, decomposed, upper and lower case, and the fold itself."""
    spellings = [text, unicodedata.normalize("NFD", text), text.upper(), text.lower()]
    keys = set(apply(normalise.fold, spellings))
    assert len(keys) == 1
    (key,) = keys
    assert key is None or key.isascii()
    assert apply(normalise.fold, [key]) == [key]


def test_fold_examples() -> None:
    assert apply(normalise.fold, ["ĐẶNG  Thị Hồng", "Đang Thi", "  "]) == [
        "dang thi hong", "dang thi", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "normal", "status"),
    [
        ("0912 345 687", "+84912345687", "valid"),
        ("+84 912.345.687", "+84912345687", "valid"),
        ("+84 (0) 912345687", "+84912345687", "valid"),
        ("84912345687", "+84912345687", "valid"),
        ("0084912345687", "+84912345687", "valid"),
        ("(028) 3822 1234", "+842838221234", "valid"),
        ("912345678", "912345678", "invalid"),  # no prefix stated: not guessed
        ("0412345678", "0412345678", "invalid"),  # 04 is no prefix today
        ("091234567", "091234567", "invalid"),  # a digit short
        ("+8491234567", "8491234567", "invalid"),
        ("+86 138 1234 5687", "+8613812345687", "valid"),
        ("N/A", None, "invalid"),
        (None, None, "missing"),
    ],
)
def test_phone(text: str | None, normal: str | None, status: str) -> None:
    assert apply(normalise.phone, [text]) == [normal]
    assert apply(phone_status, [text]) == [status]


def test_tax_codes_agree_with_python_stdnum() -> None:
    """2,000 codes of 10 digits, half with the right check digit, and 13-digit branches of each."""
    numbers = random.Random(7)
    codes = []
    for _ in range(1_000):
        stem = f"{numbers.randrange(10**9):09d}"
        check = (
            10
            - sum(
                weight * int(digit)
                for weight, digit in zip(normalise.TAX_CODE_WEIGHTS, stem, strict=True)
            )
            % 11
        )
        codes += [f"{stem}{check % 10}", f"{stem}{numbers.randrange(10)}"]
    codes += [f"{code}{numbers.randrange(3):03d}" for code in codes]
    codes += ["0100000000", "0100233488", "0100233488-001", "0100233488-000"]
    expected = ["tax_code" if mst.is_valid(code) else "unrecognised" for code in codes]
    assert apply(identifier_status, codes) == expected
    assert 1_000 < expected.count("tax_code") < 3_000


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("079 201 234 576", "personal_id"),
        ("096301234576", "personal_id"),
        ("097301234567", "unrecognised"),  # no such province of registration
        ("000301234567", "unrecognised"),
        ("079401234567", "unrecognised"),  # born after 2099
        ("QLRUBN9", "unrecognised"),
        (" - ", "missing"),
        (None, "missing"),
    ],
)
def test_personal_ids(text: str | None, status: str) -> None:
    assert apply(identifier_status, [text]) == [status]


def test_identifiers_keep_letters() -> None:
    assert apply(normalise.identifier, ["ab-1", "0100.233.488"]) == ["AB1", "0100233488"]


def test_masking_keeps_the_shape_only() -> None:
    assert apply(normalise.masked, ['0912,"Lê Lợi"', "x" * 500]) == ['9999,"xx xxx"', "x" * 200]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1.234,5", "1.234,5"),
        ("31/02/2026 10:00", "31/02/2026 10:00"),
        ("20261121103000", "20261121103000"),
        ("SUBSTANDARD", "SUBSTANDARD"),
        ("12 kg", "12 kg"),
        ("Nguyễn Văn An", "xxxxxx xxx xx"),
        ("nguyen-van-an", "xxxxxx-xxx-xx"),
        ("0912345678", "9999999999"),
        ("0912-345-678", "9999-999-999"),
        ("0912-34-5678", "9999-99-9999"),
        ("001202612345", "999999999999"),
        ("a@b.vn", "x@x.xx"),
        ("12 Tran Phu", "99 xxxx xxx"),
        (None, None),
    ],
)
def test_a_plain_value_is_shown_and_what_may_be_personal_is_not(
    text: str | None, shown: str | None
) -> None:
    found = duckdb.execute(f"select {normalise.harmless('$text')}", {"text": text}).fetchone()
    assert found == (shown,)
