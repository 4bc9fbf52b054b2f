"""One address has one form however its units are written, and two addresses never share one.

The labelled addresses (tests/golden) were written before and without the form. Not claimed: that
every spelling is met; one that is not costs a link and joins nobody who is not one.
"""

from collections import defaultdict

import pyarrow as pa
import pytest

from ingest.places.spelling import address_form
from tests.golden.address_rules import FILES, PARTS, key, read_cases


def form(text: str | None) -> str | None:
    folded = None if text is None else key(text).strip()
    [found] = address_form(pa.array([folded], pa.string())).to_pylist()
    return found


ONE = "12 nguyen trai p5 q3 ho chi minh"
SAME = (
    "12 Nguyễn Trãi, P.5, Q.3, TP.HCM",
    "số 12 đường Nguyễn Trãi, phường 5, quận 3, Hồ Chí Minh",
    "12 nguyen trai p5 q3 hcm",
    "No. 12 Nguyen Trai St., Ward 5, District 3, Ho Chi Minh City, Vietnam",
    "12, Nguyễn Trãi - F.05 - Quận 03 - Sài Gòn",
    "SN 12 Nguyen Trai,Phuong 5,Quan 3,Thanh pho Ho Chi Minh, VN",
    "12 Nguyễn Trãi / P 5 / Q 3 / HCM",
    "12 NGUYỄN TRÃI; PHƯỜNG 5; QUẬN 3; TP HCM.",
)
DIFFERENT = (
    ("12 Nguyễn Trãi, P.5, Q.3, HCM", "12 Nguyễn Trãi, P.3, Q.5, HCM"),
    ("12 Nguyễn Trãi, Q1, HCM", "12A Nguyễn Trãi, Q1, HCM"),
    ("12 Nguyễn Trãi, P1, HCM", "12 Nguyễn Trãi, Q1, HCM"),
    ("12/3 Nguyễn Trãi, Q1, HCM", "12 ngõ 3 Nguyễn Trãi, Q1, HCM"),
    ("5 ngõ 12 Bà Triệu, Hà Nội", "12 ngõ 5 Bà Triệu, Hà Nội"),
    ("Căn hộ 1203, 12 Trần Phú, Huế", "Căn hộ 1204, 12 Trần Phú, Huế"),
    ("12 Trần Phú, P. An Bình, Cần Thơ", "12 Trần Phú, P. An Bình, Đồng Nai"),
    ("Room 5, Xinhua Road, Guangzhou", "Room 6, Xinhua Road, Guangzhou"),
    ("广州市新华路5号", "广州市新华路6号"),
)


@pytest.mark.parametrize("text", SAME)
def test_a_spelling_is_no_second_address(text: str) -> None:
    assert form(text) == ONE


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_number_unit_or_name_is_another_address(one: str, other: str) -> None:
    assert form(one) != form(other)


def test_no_two_labelled_addresses_share_a_form() -> None:
    labels = defaultdict(set)
    cases = [case for file in FILES for case in read_cases(file)]
    for case in cases:
        labels[form(case["address"])].add(tuple(case[part] for part in PARTS))
    assert len(cases) == 394
    assert {text: found for text, found in labels.items() if len(found) > 1} == {}


def test_nothing_stays_nothing_and_words_alone_stay_as_they_are() -> None:
    assert form(None) is None
    assert form("Phường, Quận") == "phuong, quan"
    # a name that is only such a word is left out of every spelling alike
    assert form("85 Xã Đàn, Hà Nội") == form("85 xa dan ha noi")
