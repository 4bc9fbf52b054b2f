"""An address is complete when it says a house or village and what that lies in, however written.

The labelled addresses (tests/golden) were written for the parser; the rule was chosen on the tuning
file. Not claimed: that a complete address exists.
"""

import pyarrow as pa
import pytest

from ingest.places.completeness import address_statuses
from tests.golden.address_rules import FILES, key, read_cases


def status(text: str | None) -> str:
    folded = None if text is None else key(text).strip()
    [found] = address_statuses(pa.array([folded], pa.string())).to_pylist()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "12 Lê Lợi, Phường 3, Quận 5, TP.HCM",
        "Thôn Đông, xã Tân Lập, Hà Nội",
        "Tủ khóa iLogic, số 100 Nguyễn Trãi, Thanh Xuân, Hà Nội",  # the house in a later part
        "Tu khoa iLogic so 100 Nguyen Trai Thanh Xuan Ha Noi",
        "100 Nguyen Trai Thanh Xuan Ha Noi",  # no comma at all
        "100 Nguyễn Trãi P.5 Q.3 HCM",
        "100 Nguyễn Trãi - Thanh Xuân - Hà Nội",
        "100 Nguyễn Trãi | Thanh Xuân | Hà Nội",
        "Việt Nam, 12 Trường Chinh, Đống Đa, Hà Nội",
        "Nhà bà Tư thôn Đông xã Tân Lập tỉnh Hà Nam",
    ],
)
def test_a_house_and_where_it_stands_are_complete(text: str) -> None:
    assert status(text) == "complete"


@pytest.mark.parametrize(
    "text",
    [
        "12 Lê Lợi",  # one part
        "12 Nguyễn Huệ",  # a street that is called like a province
        "Hà Nội, Việt Nam",  # no house
        "Nguyễn Trãi Thanh Xuân Hà Nội",
        "Quận 1, TP HCM",  # the digit names a district
        "Q1, TP HCM",
        "P5 Q3 HCM",
        "phường 12 quận 5 tp hcm",
        "Thanh Xuân, Hà Nội 100000",  # a postal code
        "Thanh Xuân, 100000, Việt Nam",
        "Thanh Xuân, 0912345687, Hà Nội",  # a phone
        "100 Hà Nội",  # a number of nothing
        "Cần Thơ, Việt Nam",  # its first word could name a flat
        "Dĩ An, Bình Dương, Việt Nam",  # and this one's last a street
        "12, ,",
    ],
)
def test_a_mere_unit_or_a_mere_house_is_incomplete(text: str) -> None:
    assert status(text) == "incomplete"


def test_nothing_is_missing() -> None:
    assert status(None) == "missing"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_labelled_addresses_with_house_and_place_are_complete(file: object) -> None:
    cases = [case for one in FILES if one == file for case in read_cases(one)]
    for case in cases:
        has_place = case["ward"] or case["district"] or case["province_code"]
        has_house = (case["house"] or case["alley"]) and has_place
        if has_house:
            assert status(case["address"]) == "complete", case["address"]
    # without a digit and without a house word none is
    bare = [case["address"] for case in cases if not any(c.isdigit() for c in case["address"])]
    words = {"thon", "xom", "ap", "hem", "ngo", "duong", "pho", "to", "khu", "lo", "dai", "chung"}
    plain = [text for text in bare if not words & set(key(text).replace(",", " ").split())]
    assert {status(text) for text in plain} <= {"incomplete"}
