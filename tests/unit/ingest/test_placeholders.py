"""Numbers typed to fill a form are nobody's, in every spelling; a number beside them is somebody's.

Not claimed: that no real number looks like one (the share of chance is tested), or that every
made-up number does.
"""

import random

import duckdb
import pyarrow as pa
import pytest

from ingest.text import normalise
from ingest.text.ordinary import personal_ids, phones

NOBODYS_PHONES = [
    "0999999999", "0900000000", "0911111111", "09 8888 8888", "+84 999 999 999", "0084977777777",
    "0912345678", "0987654321", "0345678901", "0909090909", "0912121212", "02400000000",
    "02412345678", "+8613900000000", "+123456789",
]  # fmt: skip
SOMEBODYS_PHONES = [
    "0999999989", "0900000001", "0912345687", "0987654312", "0909090908", "0934567809",
    "0243825271", "+8613886447927", "0912345670", "0988988988",
]  # fmt: skip
NOBODYS_IDS = [
    "001000000000", "001111111111", "001199000000", "079201999999", "012345678901", "001090123456",
    "001090654321", "010101010101", "001001001001", "079079079079", "012301230123", "2222222222",
    "2222222222-001",
    # of no form: one digit however often, a run, or no number at all
    "000000000000", "999999999999", "0000000000", "0", "111111111", "X0000000", "123456789",
    "9876543210", "AB1111", "N/A", "KHONG CO", "không có",
]  # fmt: skip
SOMEBODYS_IDS = ["001000000001", "001199000010", "001090123465", "079201812377", "0100233488"]


def statuses(texts: list[str], *, phone: bool) -> list[str]:
    """The status by the SQL; what the quick path answers is the same."""
    if phone:
        status = normalise.phone_status("value", normalise.phone("value"))
    else:
        status = normalise.identifier_status(f"({normalise.identifier('value')})")
    with duckdb.connect() as connection:
        connection.register("texts", pa.table({"value": texts}))
        found = [row[0] for row in connection.execute(f"select {status} from texts").fetchall()]
    quick = (phones if phone else personal_ids)(pa.array(texts))[1].to_pylist()
    assert [one for one, told in zip(quick, found, strict=True) if one not in (None, told)] == []
    return found


@pytest.mark.parametrize("number", NOBODYS_PHONES)
def test_a_phone_of_a_pattern_is_nobodys(number: str) -> None:
    assert statuses([number], phone=True) == ["placeholder"]


@pytest.mark.parametrize("number", SOMEBODYS_PHONES)
def test_a_phone_beside_a_pattern_is_somebodys(number: str) -> None:
    expected = "invalid" if number == "0243825271" else "valid"  # a digit short
    assert statuses([number], phone=True) == [expected]


@pytest.mark.parametrize("number", ["0123456789", "0000000000", "1111111111", "84", "x"])
def test_what_is_no_number_stays_invalid(number: str) -> None:
    assert statuses([number], phone=True) == ["invalid"]


@pytest.mark.parametrize("number", NOBODYS_IDS)
def test_an_identifier_of_a_pattern_is_nobodys(number: str) -> None:
    assert statuses([number], phone=False) == ["placeholder"]


@pytest.mark.parametrize("number", SOMEBODYS_IDS)
def test_an_identifier_beside_a_pattern_is_somebodys(number: str) -> None:
    assert statuses([number], phone=False)[0] in ("personal_id", "tax_code")


@pytest.mark.parametrize(
    "code", ["000000000001", "C1234567", "QLRUBN9", "AB111", "123456780", "102", "123457"]
)
def test_a_code_of_another_kind_stays_unrecognised(code: str) -> None:
    assert statuses([code], phone=False) == ["unrecognised"]


def test_chance_makes_few_real_numbers_look_like_one() -> None:
    """Of 200,000 drawn numbers of each kind at most one in 5,000."""
    chance = random.Random(20261130)
    drawn_phones = [f"09{chance.randrange(10**8):08}" for _ in range(200_000)]
    drawn_ids = [f"001{chance.randrange(4)}{chance.randrange(10**8):08}" for _ in range(200_000)]
    for texts, phone in ((drawn_phones, True), (drawn_ids, False)):
        found = statuses(texts, phone=phone)
        assert 0 <= found.count("placeholder") <= 40
        assert set(found) <= {"placeholder", "valid", "personal_id"}
