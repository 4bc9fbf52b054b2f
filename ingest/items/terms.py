"""Terms of a goods description: its words and pairs of neighbouring words, in one spelling.

Defines: `prepare`, the only way a text becomes terms: for learning, for `classify`, for a column of
raw. Add here what a term is; a word's role or synonym is a line in words.csv. Keep out: points and
headings (model.py), and match keys (ingest/text/normalise.py makes them).

The terms of a text depend on no table of points, so that raw files stay true when the table is
learnt anew. Scripts without blanks (Chinese, Japanese) give one word a character: their pairs are
the usual two-character words. Regular expressions see whole arrays, once per distinct word where
they judge words: nothing loops over texts.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WORDS_FILE = Path(__file__).with_name("words.csv")
# Longer texts are no names of goods: what stands behind does not count.
MOST_CHARACTERS = 600
MOST_WORDS = 60
# After `for`, `fits`, `cho`: so many words name what the thing is for, not the thing.
_WORDS_FOR = 2
FOR = "~"
PAIR = "_"
# A text of few words is a term as a whole: a name that stands in the vocabulary is looked up.
WHOLE = "="
_MOST_WORDS_OF_A_NAME = 8

_APOSTROPHE = r"['’‘`´ʼ]s?\b"
# Letters that are no word alone: o-ring, t-shirt, v-neck.
_LETTER_WORD = (
    r"\b([a-z])[ -]+(rings?|strings?|shirts?|neck|line|hooks?|locks?|clamps?|shaped?|belts?)\b"
)
_E_WORD = r"\be[ -]+(cig[a-z]*|liquids?|juice|bikes?|scooters?|books?|readers?)\b"
_ONE_CHARACTER_WORDS = r"([\x{3040}-\x{30ff}\x{3400}-\x{9fff}\x{f900}-\x{faff}])"
_NO_WORD = r"[^\pL\pN]+"
_UNIT = (
    "cm|mm|m|ml|l|g|gr|kg|mg|oz|lb|lbs|pcs|pc|pack|packs|in|inch|ft|w|v|a|mah|gb|tb|mp|hz|k|p|y|t|"
    "pairs?|count|ct|years?|yr|month|months|th|nd|st|rd|x|xl|way|colors?|cai|bo|goi|hop|chiec|mon|"
    "chai|tang|mieng|vien|doi|day|days"
)
# Sizes, counts and years say nothing; numbers of five digits name batteries.
_NUMBER = rf"^([0-9]{{1,4}}|[0-9]+(x[0-9]+)*({_UNIT})|[0-9]+(x[0-9]+)+)$"
# `o` and `y` are halves of Vietnamese words: o to, y te.
_LETTER = r"^[a-np-xz]$"
_PLURALS = (
    (r"^([a-z]{2,})(ss|sh|ch|x)es$", r"\1\2"),
    (r"^([a-z]{2,})ies$", r"\1y"),
    (r"^([a-z]{2,}[^siu])s$", r"\1"),
)


@dataclass(frozen=True)
class _Roles:
    """same: word -> the word it counts as, as two arrays; phrases: a pattern; the others: words.

    A phrase goes where its syllables alone must stay: `nhan hieu` is a brand, `nhan` a ring.
    """

    spelt: pa.Array
    meant: pa.Array
    stop: pa.Array
    marker: pa.Array
    person: pa.Array
    phrases: str


@cache
def _roles() -> _Roles:
    with WORDS_FILE.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    same = [
        (word, line["meaning"])
        for line in lines
        if line["role"] == "same"
        for word in line["words"].split("|")
    ]
    listed = {
        role: pa.array(
            sorted({w for line in lines if line["role"] == role for w in line["words"].split("|")})
        )
        for role in ("stop", "marker", "person")
    }
    phrases = sorted(
        (p for line in lines if line["role"] == "phrase" for p in line["words"].split("|")),
        key=len,
        reverse=True,
    )
    # `100%` ends in no letter: what follows a phrase must be none.
    pattern = rf"\b(?:{'|'.join(re.escape(phrase) for phrase in phrases)})($|[^\pL\pN])"
    return _Roles(pa.array([s for s, _ in same]), pa.array([m for _, m in same]), **listed,
                  phrases=pattern)  # fmt: skip


def prepare(folded: pa.Array) -> pa.Array:
    """Blank-separated distinct terms, one text each; '' where a text has none or is null.

    folded: match keys (normalise.fold). A term is a word (`tshirt`), a word that follows `for`
    (`~iphone`) or a pair of neighbours (`phone_case`), in the order of the text, words first;
    last, where the text is short, the whole of it (`=phone_case`).
    """
    texts = pc.fill_null(folded.cast(pa.string()), "")
    texts = pc.utf8_slice_codeunits(texts, 0, MOST_CHARACTERS)
    for pattern, by in (
        (_roles().phrases, r" \1"),
        (_APOSTROPHE, ""),
        (_LETTER_WORD, r"\1\2"),
        (_E_WORD, r"e\1"),
        (_ONE_CHARACTER_WORDS, r" \1 "),
        (_NO_WORD, " "),
    ):
        texts = pc.replace_substring_regex(texts, pattern, by)
    split = pc.split_pattern(pc.utf8_trim(texts, " "), " ")
    if isinstance(split, pa.ChunkedArray):
        split = split.combine_chunks()
    row = pc.list_parent_indices(split).to_numpy()
    words = pc.list_flatten(split).dictionary_encode()
    place = np.arange(len(row)) - np.searchsorted(row, np.arange(len(folded)))[row]
    code, names = _spelt(words, row, place)
    keep = (code >= 0) & (place < MOST_WORDS)
    row, code = row[keep], code[keep]
    joined = _joined(row, code, names, len(folded))
    return pc.binary_join_element_wise(joined, _whole(row, code, names, len(folded)), "")


def _whole(row: np.ndarray, code: np.ndarray, names: pa.Array, texts: int) -> pa.Array:
    """` =` and all words of a text of few words, else ''."""
    ends = np.searchsorted(row, np.arange(texts + 1)).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pc.take(names, pa.array(code)))
    count = np.diff(ends)
    short = pa.array((count > 0) & (count <= _MOST_WORDS_OF_A_NAME))
    whole = pc.binary_join_element_wise(f" {WHOLE}", pc.binary_join(lists, PAIR), "")
    return pc.if_else(short, whole, "")


def _spelt(
    words: pa.DictionaryArray, row: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, pa.Array]:
    """(index into the names or -1 where the word is dropped, names) of every word of the texts."""
    roles = _roles()
    plain = words.dictionary
    index = words.indices.to_numpy()
    normal = plain
    for pattern, by in _PLURALS:
        normal = pc.replace_substring_regex(normal, pattern, by)
    found = pc.index_in(plain, roles.spelt)
    normal = pc.coalesce(pc.take(roles.meant, found), normal)
    dropped = pc.or_(
        pc.or_(pc.is_in(plain, roles.stop), pc.equal(plain, "")),
        pc.or_(pc.match_substring_regex(plain, _NUMBER), pc.match_substring_regex(plain, _LETTER)),
    )
    is_marker = pc.is_in(plain, roles.marker).to_numpy(zero_copy_only=False)[index]
    is_dropped = dropped.to_numpy(zero_copy_only=False)[index]
    is_person = pc.is_in(normal, roles.person).to_numpy(zero_copy_only=False)[index]
    # How many kept words stand between a word and the last marker before it in its text.
    counted = np.cumsum(~(is_dropped | is_marker))
    last = np.maximum.accumulate(np.where(is_marker, np.arange(len(row)), -1))
    after = np.where(last >= 0, counted - counted[np.maximum(last, 0)], _WORDS_FOR + 1)
    same_text = (last >= 0) & (row[np.maximum(last, 0)] == row)
    purpose = same_text & (after <= _WORDS_FOR) & ~is_person
    names = pa.concat_arrays([normal, pc.binary_join_element_wise(FOR, normal, "")])
    code = index + np.where(purpose, len(plain), 0)
    return np.where(is_dropped | is_marker, -1, code), names


def _joined(row: np.ndarray, code: np.ndarray, names: pa.Array, texts: int) -> pa.Array:
    """The terms of every text from its kept words, doubles left out."""
    same_text = row[1:] == row[:-1]
    left, right = code[:-1][same_text], code[1:][same_text]
    pairs, pair_code = np.unique(left * np.int64(len(names)) + right, return_inverse=True)
    pair_names = pc.binary_join_element_wise(
        pc.take(names, pa.array(pairs // max(len(names), 1))),
        pc.take(names, pa.array(pairs % max(len(names), 1))),
        PAIR,
    )
    # Words before pairs, each in the order of the text.
    named = pa.concat_arrays([names, pair_names]).dictionary_encode()
    term = named.indices.to_numpy()[np.concatenate([code, len(names) + pair_code.reshape(-1)])]
    rows = np.concatenate([row, row[1:][same_text]])
    _, first = np.unique(rows * np.int64(len(named.dictionary)) + term, return_index=True)
    first = first[np.argsort(rows[first] * np.int64(len(rows) + 1) + first, kind="stable")]
    ends = np.searchsorted(rows[first], np.arange(texts + 1)).astype(np.int32)
    lists = pa.ListArray.from_arrays(
        pa.array(ends), pc.take(named.dictionary, pa.array(term[first]))
    )
    return pc.binary_join(lists, " ")
