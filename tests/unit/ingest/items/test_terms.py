"""What a text becomes before it is looked up: a pure function of the text, text by text."""

import pytest

from tests.unit.ingest.items.support import HOSTILE, random_texts, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Women's T-Shirts", "women tshirt women_tshirt =women_tshirt"),
        (
            "Phone case for iPhone 15",
            "phone case ~iphone phone_case case_~iphone =phone_case_~iphone",
        ),
        ("Ốp lưng cho iPhone", "op lung ~iphone op_lung lung_~iphone =op_lung_~iphone"),
        # What a person is no purpose: a dress for women is a dress for them.
        ("dress for women", "dress women dress_women =dress_women"),
        # Two words after `for`, then the thing again.
        ("for car seat cover", "~car ~seat cover ~car_~seat ~seat_cover =~car_~seat_cover"),
        ("手机壳", "手 机 壳 手_机 机_壳 =手_机_壳"),
        ("10pcs 2024 100ml 30x40cm 5", ""),
        ("18650 batteries", "18650 battery 18650_battery =18650_battery"),
        ("O-ring", "oring =oring"),
        ("ô tô", "o to o_to =o_to"),
        ("dress dress", "dress dress_dress =dress_dress"),
        ("🎉 ' \x00", ""),
        (None, ""),
    ],
)
def test_terms_of_a_text(text: str | None, expected: str) -> None:
    assert terms([text]).to_pylist() == [expected]


def test_a_text_has_the_same_terms_alone_and_among_others() -> None:
    texts = [*random_texts(400, seed=3), *HOSTILE, None, "for"]
    together = terms(texts).to_pylist()
    assert together == [terms([text]).to_pylist()[0] for text in texts]


def test_every_term_once_and_a_long_text_stays_small() -> None:
    for line in terms([*HOSTILE, *random_texts(300, seed=4)]).to_pylist():
        names = line.split(" ") if line else []
        assert len(names) == len(set(names))
        assert "" not in names
        assert len(names) <= 120


def test_a_long_text_is_no_name() -> None:
    assert "=" in terms(["a1x " + "b1x " * 7]).to_pylist()[0]
    assert "=" not in terms(["a1x " + "b1x " * 8]).to_pylist()[0]


def test_no_texts_have_no_terms() -> None:
    assert terms([]).to_pylist() == []


def test_no_role_of_an_english_word_takes_a_vietnamese_syllable_away() -> None:
    # non la, quan lot, that lung, may say hot: each syllable was once an English stop word.
    [line] = terms(["nón lót thắt úp hột màn danh"]).to_pylist()
    assert line.split(" ")[:7] == ["non", "lot", "that", "up", "hot", "man", "danh"]
