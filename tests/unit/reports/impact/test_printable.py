"""Texts that the shipped font cannot print: a page shows a stand-in, and no report stops at them.

NOT claimed: that a stand-in says what stood there; HTML and workbook do.
"""

import pytest

from reports.impact.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Thành phố Huế, Đắk Lắk, Ễ Ỗ Ữ ₫ – − ·", "Thành phố Huế, Đắk Lắk, Ễ Ỗ Ữ ₫ – − ·"),
        ("淘宝网 Shop", "□□□ Shop"),
        ("🛒shop", "□shop"),
        ("a\u202ecba\u200b\x1bd", "acbad"),
        ("", ""),
    ],
)
def test_what_has_no_shape_is_shown_as_a_box_and_what_steers_is_dropped(
    text: str, shown: str
) -> None:
    assert printable(text) == shown
