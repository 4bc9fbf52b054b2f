"""One name has one form however it is punctuated, addressed or turned round; two never share one.

Not claimed: that every turned name is known (families that are middle names too are left alone
without van or thi beside them); one that is not costs a link and joins nobody.
"""

import itertools

import pyarrow as pa
import pytest

from ingest.text.name_spelling import name_form
from synthetic.vocabulary import FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES
from tests.golden.address_rules import key


def form(text: str | None) -> str | None:
    folded = None if text is None else key(text).strip()
    [found] = name_form(pa.array([folded], pa.string())).to_pylist()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Văn An", "NGUYEN VAN AN.", "Nguyễn  Văn - An", "nguyen-van-an", "Nguyễn, Văn An",
        "Mr. Nguyễn Văn An", "MS NGUYEN VAN AN", "Ông Nguyễn Văn An", "Anh Nguyễn Văn An",
        "An Nguyen Van", "An Van Nguyen", "Van An Nguyen", "Mr An Nguyen Van", "(Nguyễn Văn An)",
    ],
)  # fmt: skip
def test_a_spelling_is_no_second_name(text: str) -> None:
    assert form(text) == "nguyen van an"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Minh Anh", "Anh Minh"),
        ("Nguyễn Minh Anh", "Nguyễn Anh Minh"),
        ("Nguyễn Thị Mai", "Mai Thị Nguyên"),  # Mai is a family, too
        ("Mai Hoàng Anh", "Hoàng Anh Mai"),  # Hoàng is a middle name, too
        ("Anh Tuấn", "Tuấn"),  # a given name, no title
        ("Ông Cao Thắng", "Cao Thắng"),  # a family
        ("Nguyễn Văn An", "Nguyễn Văn Anh"),
        ("Lê Thị Lan", "Lý Thị Lan"),
        ("Công ty TNHH Hòa Bình", "Công ty TNHH Bình Hòa"),
        ("John Smith", "Smith John"),
        ("Anh Nguyễn Văn", "Chị Nguyễn Văn"),  # given names before family and middle name
    ],
)
def test_another_name_is_another_person(text: str, other: str) -> None:
    assert form(text) != form(other)


def test_names_written_the_usual_way_stay_as_they_are() -> None:
    """Every name of the generator, also without and with two middle names: half a million."""
    parts = (FAMILY_NAMES, MIDDLE_NAMES, GIVEN_NAMES)
    families, middles, givens = ([key(word).strip() for word in words] for words in parts)
    chosen = itertools.chain(
        itertools.product(families, givens),
        itertools.product(families, middles, givens),
        itertools.product(families, middles, givens, givens),
    )
    names = [" ".join(words) for words in chosen]
    assert len(set(names)) > 400_000
    assert name_form(pa.array(names)).to_pylist() == names


def test_nothing_stays_nothing_and_separators_alone_stay_as_they_are() -> None:
    assert form(None) is None
    assert form("...") == "..."
