"""Steering characters become visible; everything else, and every JSON document, stays what it is.

NOT claimed: look-alike letters, and markup of single output forms.
"""

import json
import unicodedata

import pytest

from foundation.visible import visible, visible_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mđỏ\x1b[0m", "\\x1b[31mđỏ\\x1b[0m"),
        ("a\nb\tc\rd\x00", "a\\x0ab\\x09c\\x0dd\\x00"),
        ("\x9b2J", "\\x9b2J"),
        ("gnp.\u202ecsv", "gnp.\\u202ecsv"),
        ("a\u200bb\ufeff\u2028", "a\\u200bb\\ufeff\\u2028"),
        ("tệp\udc80", "tệp\\udc80"),
        ("\U000e0041", "\\U000e0041"),
        ("Nguyễn Thị Đào, 1.234 ₫ [red] <b> 衬衫", "Nguyễn Thị Đào, 1.234 ₫ [red] <b> 衬衫"),
    ],
)
def test_steering_characters_are_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_no_steering_category_of_unicode_gets_through() -> None:
    steering = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    every = [chr(code) for code in range(0x110000)]
    through = [c for c in every if unicodedata.category(c) in steering and visible(c) == c]
    assert through == []
    changed = [c for c in every if unicodedata.category(c)[0] in "LMNPS" and visible(c) != c]
    assert changed == []


def test_json_keeps_its_meaning_and_loses_the_characters() -> None:
    document = {"tên\u202e": "\x1b[31m\x9b\U000e0041", "list": ["a\nb", 1, None, "\udc80"]}
    text = json.dumps(document, ensure_ascii=False, indent=2)
    safe = visible_json(text)
    assert json.loads(safe) == document
    assert [c for c in safe if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c != "\n"] == []
    assert "tên" in safe
