"""Spellings of names: what is one word to a reader is one key, and what is not stays apart."""

import csv

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.items import spelling
from tests.support.seeds import seed


def spelt(*names: str | None) -> list[tuple[str, str, str]]:
    parts = spelling.spellings(pa.array(names, pa.string()))
    return list(zip(*(part.to_pylist() for part in parts), strict=True))


@pytest.mark.parametrize(
    ("name", "words", "keys", "joined"),
    [
        ("giay nike", "giay nike", "giay nike", ""),
        ("vvvv vvva avvb vv", "vvvv vvva avvb vv", "w wua awb vv", ""),
        ("gucci vvater purna", "gucci vvater purna", "guci water puma", ""),
        ("si s1 abc1 s1024", "si s1 abc1 s1024", "si s1 abci s1024", ""),  # short, mostly digits
        ("a, b (c) +d", "a , b ( c + d", "a , b ( c + d", ""),
        ("电子烟x", "电 子 烟 x", "电 子 烟 x", ""),
        ("v.a.p.e x", "v a p e x", "v a p e x", "0:4:uape 0:5:uapex"),
        ("n i ke", "n i ke", "n i ke", "0:3:nike"),
        ("ni ke", "ni ke", "ni ke", ""),
        ("va-pe", "va pe", "va pe", "0:2:uape"),
        ("v@pe", "v pe", "v pe", "0:2:uape"),
        ("adida$", "adida", "adida", "0:1:adidas"),
        ("1 2 3 4", "1 2 3 4", "1 2 3 4", ""),  # no letters
        ("", "", "", ""),
        (None, "", "", ""),
        (" . , ", ",", ",", ""),
    ],
)
def test_words_keys_and_joined_words(name: str | None, words: str, keys: str, joined: str) -> None:
    plus = str.maketrans({"+": ","})  # a plus ends a reach like a comma
    assert spelt(name) == [(words.translate(plus), keys.translate(plus), joined)]


def test_a_name_is_spelt_the_same_whatever_stands_beside_it() -> None:
    names = ["n.i.k.e", None, "", "$amsung", "电-子", "a b c d", "x", "@", "adida$", "s"]
    together = spelt(*names)
    assert together == [spelt(name)[0] for name in names]
    assert spelt(*reversed(names)) == together[::-1]
    assert spelt() == []


@settings(max_examples=200)
@given(
    st.lists(
        st.text(alphabet="anikevrl14$@.-_,(+ \n电\u0301\u0441\U0001f170\U00020000", max_size=30)
    )
)
def test_every_word_has_a_key_and_joined_words_lie_in_the_text(names: list[str]) -> None:
    for words, keys, joined in spelt(*names):
        count = len(words.split(" ")) if words else 0
        assert (len(keys.split(" ")) if keys else 0) == count
        for item in joined.split():
            first, taken, key = item.split(":", 2)
            assert key
            assert 0 <= int(first) < int(first) + int(taken) <= count


def test_a_slice_of_an_array_is_read_from_its_own_start() -> None:
    whole = pa.array(["giay", "n1ke", "x.y", "nlke"])
    assert [part.to_pylist() for part in spelling.spellings(whole.slice(1, 2))] == [
        ["n1ke", "x y"], ["nike", "x y"], ["", ""],
    ]  # fmt: skip


def test_every_look_alike_has_one_letter_and_is_no_letter_of_latin() -> None:
    with spelling.LOOK_ALIKES_FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    every = [character for row in rows for character in row["characters"]]
    assert len(every) == len(set(every)) > 400
    assert all(len(row["letter"]) == 1 and row["letter"].isascii() for row in rows)
    assert not any(character.isascii() for character in every)


def keys_of(term: str) -> set[str]:
    """The keys by which a term of plain letters is found: as it stands and in one piece."""
    return {spelt(term)[0][1], spelt(term.replace(" ", ""))[0][1]}


def test_no_watched_look_alike_is_found_by_the_general_rule_already() -> None:
    """A row that lists a disguise is one that spelling alone cannot undo."""
    terms = [row for row in seed("watch_terms") if row["spelling_rule"] != "as_written"]
    listed = [row for row in terms if row["note"].startswith(("Look-alike", "Letters set apart"))]
    assert listed
    dead = [
        (row["term_folded"], other["term_folded"])
        for row in listed
        for other in terms
        if other is not row and other["risk_type"] == row["risk_type"]
        and keys_of(row["term_folded"]) & keys_of(other["term_folded"])
    ]  # fmt: skip
    assert dead == []
