"""How goods names are spelt: keys in which look-alike letters and set-apart letters are one.

Defines: `spellings`, the columns that watched terms are looked up in. Add here a look-alike of
letters or a way of setting letters apart; a letter of another script is a character in
look_alikes.csv. Keep out: terms and what silences them (dated seeds of dbt), match keys (ingest/
text/normalise.py), and shapes of one term alone (a row of watch_terms.csv).

A **word** is a run of letters and digits; a Chinese or Japanese character is a word; a comma, a
plus or an opening bracket stands alone, because what names a good ends there; the number of a model
at the end of a name is a word of its own (`iphone15` is `iphone 15`, `adida5` is no such number).
The **key** of a word of four characters or more has one letter for each class of look-alikes and
none twice in a row: `n1ke`, `NIKKE`, `nlke` and `nike` are `nike`. Shorter words are their own key
(`si` is no `s1`), and so are words of more digits than letters (`s1024`). **Joined** words are
those that one writes as one word: letters one by one (`n i k e`), and pieces with a sign but no
blank between them (`va.pe`, `v@pe`).
dbt/macros/spelling_key.sql says the same of a term; tests/golden/test_watch_terms.py compares them.

Whole arrays of code points, no loop over texts: this costs a fraction of what terms of names cost.
"""

import csv
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LOOK_ALIKES_FILE = Path(__file__).with_name("look_alikes.csv")
SHORTEST_KEYED = 4  # characters; a shorter word has too many look-alikes
_LONGEST_JOINED = 32
# Compatibility forms of letters: full width, circled, squared, mathematical, super- and subscript.
_COMPATIBILITY = ((0xA0, 0x3000), (0xA640, 0xAC00), (0xFB00, 0x10000), (0x1D400, 0x1D800),
                  (0x1F100, 0x1F190))  # fmt: skip
_LETTER_EMOJI = ((0x1F150, 26), (0x1F170, 26), (0x1F1E6, 26))
_POINTS = 0x20000
# Code points that a key has another letter for, one for one; also in dbt/macros/spelling_key.sql.
CLASSES = {"l": "i", "v": "u", "0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s",
           "6": "g", "7": "t", "8": "b", "9": "g"}  # fmt: skip
# Signs that stand for a letter inside a word; `$` and `@` at its edge too.
_SIGNS = {"@": "a", "$": "s", "!": "i", "|": "i", "€": "e", "¡": "i"}
_EDGE_SIGNS = "$@"
_DOTS, _HYPHENS, _ENDS = ".·•*'`´’‘^~=°\"", "-_‐‑‒–—−", ",;+&({[，；（、。"
BREAK = ","
BRACKET = "("
# A text without any of these has no joined words: letters one by one, a sign at or inside a word.
_PIECES = (
    r"\b[a-z][^a-z0-9,]+[a-z0-9]{1,2}\b|\b[a-z0-9]{1,2}[^a-z0-9,]+[a-z]\b|"
    r"[a-z0-9][^a-z0-9 ,;:/()&+?][a-z0-9]|[$@]|[^\x{0}-\x{7f}]"
)
_MODEL_NUMBER = r"\b([a-z]{4,})([0-9]{2,})\b"
_SEPARATOR, _DOT, _HYPHEN, _SIGN, _END, _LETTER, _DIGIT, _CHARACTER = range(8)
_LINE = ord("\n")
_BLANK = ord(" ")


def spellings(folded: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """(words, their keys, joined words) of every match key (normalise.fold), in its order.

    Words and keys are apart by blanks. A joined word is `first:count:key`: the place of its first
    word, counted from 0, and how many words of the text it takes; '' where a text has none.
    """
    texts = pc.replace_substring(pc.fill_null(folded.cast(pa.string()), ""), "\n", " ")
    texts = pc.replace_substring_regex(texts, _MODEL_NUMBER, r"\1 \2")
    joined = pa.repeat(pa.scalar(""), len(texts))
    has_pieces = pc.match_substring_regex(texts, _PIECES)
    if pc.any(has_pieces).as_py():
        pieces = _joined(pc.filter(texts, has_pieces))
        joined = pc.replace_with_mask(joined, has_pieces, pieces)
    return *_words_and_keys(texts), joined


def _words_and_keys(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The words of every text and their keys: one look-up per distinct word."""
    if not len(texts):
        return texts, texts
    points = _points(texts)
    letters, kinds = _read(points)
    plain = np.where(kinds >= _LETTER, points, np.where(kinds == _END, letters, _BLANK))
    plain[points == _LINE] = _LINE
    alone = np.flatnonzero((kinds == _CHARACTER) | (kinds == _END))
    plain = np.insert(plain, np.concatenate([alone, alone + 1]), _BLANK)
    lines = pc.split_pattern(pa.array([_text(plain[:-1])]), "\n").flatten()
    lists = pc.utf8_split_whitespace(pc.utf8_trim(lines, " "))
    words = lists.flatten().dictionary_encode()
    keys = pc.take(_keys_of(words.dictionary), words.indices)
    of_texts = pa.ListArray.from_arrays(lists.offsets, keys)
    return pc.binary_join(lists, " "), pc.binary_join(of_texts, " ")


def _keys_of(words: pa.Array) -> pa.Array:
    """The keys of words, each in letters that are read already."""
    points = _points(words)
    letters, kinds = _read(points)
    ends = np.flatnonzero(points == _LINE)
    return _keys(letters, kinds, np.concatenate([[0], ends[:-1] + 1]), ends)


def _joined(texts: pa.Array) -> pa.Array:
    """The joined words of every text."""
    points = _points(texts)
    letters, kinds = _read(points)
    starts, ends = _words(kinds)
    row = np.searchsorted(np.flatnonzero(points == _LINE), starts)
    first, last, begin, end = _runs(kinds, points, starts, ends, row)
    # A joined word has its letters and the signs that stand for one.
    counts = _upto(letters > 0, end) - _upto(letters > 0, begin)
    alphabetic = _upto(kinds == _LETTER, end) - _upto(kinds == _LETTER, begin)
    keep = (counts >= SHORTEST_KEYED) & (end - begin <= _LONGEST_JOINED) & (alphabetic > 1)
    first, last, begin, end = first[keep], last[keep], begin[keep], end[keep]
    place = first - np.searchsorted(row, row[first])
    order = np.lexsort((last, begin, first))
    spans = np.stack([begin, end])[:, order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = np.any(spans[:, 1:] != spans[:, :-1], axis=0)
    order = order[fresh]
    keys = _keys(letters, kinds, begin[order], end[order])
    parts = [pa.array(place[order]).cast(pa.string()),
             pa.array((last - first + 1)[order]).cast(pa.string()), keys]  # fmt: skip
    return _by_row(pc.binary_join_element_wise(*parts, ":"), row[first[order]], len(texts))


def _runs(
    kinds: np.ndarray, points: np.ndarray, starts: np.ndarray, ends: np.ndarray, row: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(first word, last word, begin, end) of every run of words that may be one word."""
    size = ends - starts
    spelt = kinds[starts] >= _LETTER
    spelt &= kinds[starts] != _CHARACTER
    same = (row[1:] == row[:-1]) & spelt[1:] & spelt[:-1]
    gap = starts[1:] - ends[:-1]
    sign = kinds[np.minimum(ends[:-1], len(kinds) - 1)]
    tight = same & (gap == 1)
    single = size == 1
    # A comma is a word of its own: letters apart by commas are no run.
    alone = same & single[1:] & single[:-1]
    short = same & (size[1:] <= 2) & (size[:-1] <= 2) & (single[1:] | single[:-1])
    inside = tight & np.isin(sign, (_DOT, _HYPHEN, _SIGN))
    found = [
        _chains(alone, least=3, singles=None),
        _chains(short, least=3, singles=single),
        _chains(inside, least=2, singles=None),
        _chains(tight & (sign == _DOT), least=2, singles=None),
        _chains(tight & (sign == _HYPHEN), least=2, singles=None),
        _chains(tight & np.isin(sign, (_DOT, _SIGN)), least=2, singles=None),
    ]
    first = np.concatenate([pair[0] for pair in found])
    last = np.concatenate([pair[1] for pair in found])
    begin, end = starts[first], ends[last]
    edge = np.isin(points, _code_points(_EDGE_SIGNS))
    before = np.flatnonzero(spelt & edge[np.maximum(starts - 1, 0)] & (starts > 0))
    after = np.flatnonzero(spelt & edge[np.minimum(ends, len(edge) - 1)])
    return (
        np.concatenate([first, before, after]), np.concatenate([last, before, after]),
        np.concatenate([begin, starts[before] - 1, starts[after]]),
        np.concatenate([end, ends[before], ends[after] + 1]),
    )  # fmt: skip


def _chains(
    linked: np.ndarray, least: int, singles: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(first, last) of the longest runs of at least `least` words, each linked to the next."""
    edges = np.diff(np.concatenate([[0], linked.astype(np.int8), [0]]))
    first, last = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    keep = last - first + 1 >= least
    if singles is not None:  # more letters alone than pieces of two
        alone = _upto(singles, last + 1) - _upto(singles, first)
        keep &= 2 * alone >= last - first + 1
    return first[keep], last[keep]


def _keys(letters: np.ndarray, kinds: np.ndarray, begin: np.ndarray, end: np.ndarray) -> pa.Array:
    """The keys of the words from `begin` to `end`, signs between letters read as letters."""
    span = end - begin
    word = np.repeat(np.arange(len(begin)), span)
    at = np.arange(len(word)) - np.repeat(np.cumsum(span) - span, span) + begin[word]
    stated = (letters[at] > 0) | (kinds[at] == _END)
    word, at = word[stated], at[stated]
    text, kind = letters[at], kinds[at]
    size = np.bincount(word, minlength=len(begin))
    digits = np.bincount(word, weights=kind == _DIGIT, minlength=len(begin))
    keyed = ((size >= SHORTEST_KEYED) & (size - digits >= 2) & (2 * digits <= size))[word]
    following = np.concatenate([text[1:], [0]])
    inside = np.concatenate([word[1:] == word[:-1], [False]]) & keyed
    # `rn` is an m, `vv` a w: the first letter changes, the second goes.
    is_m = inside & (text == ord("r")) & (following == ord("n"))
    is_v = text == ord("v")
    place = np.arange(len(word))
    opens = is_v & np.concatenate([[True], ~is_v[:-1] | (word[1:] != word[:-1])])[: len(word)]
    in_run = place - np.maximum.accumulate(np.where(opens, place, 0))
    is_w = inside & is_v & (following == ord("v")) & (in_run % 2 == 0)
    one_of_a_class = np.where(text < 0x80, _classes()[np.minimum(text, 0x7F)], text)
    text = np.where(keyed, one_of_a_class, text)
    text = np.where(is_m, ord("m"), np.where(is_w, ord("w"), text))
    left = ~np.concatenate([[False], (is_m | is_w)[:-1]]) if len(word) else np.zeros(0, bool)
    word, text, keyed = word[left], text[left], keyed[left]
    once = np.ones(len(word), dtype=bool)
    once[1:] = (word[1:] != word[:-1]) | (text[1:] != text[:-1]) | ~keyed[1:]
    return _strings(text[once], word[once], len(begin))


def _words(kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) of every word, in order."""
    running = (kinds == _LETTER) | (kinds == _DIGIT)
    edges = np.diff(np.concatenate([[0], running.astype(np.int8), [0]]))
    alone = np.flatnonzero((kinds == _CHARACTER) | (kinds == _END))
    starts = np.concatenate([np.flatnonzero(edges == 1), alone])
    ends = np.concatenate([np.flatnonzero(edges == -1), alone + 1])
    order = np.argsort(starts, kind="stable")
    return starts[order], ends[order]


def _read(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(the letter that each code point is read as or 0, its kind)."""
    letters, kinds = _tables()
    known = np.minimum(points, _POINTS - 1)
    return letters[known], kinds[known]


@cache
def _classes() -> np.ndarray:
    table = np.arange(0x80, dtype=np.uint32)
    for letter, by in CLASSES.items():
        table[ord(letter)] = ord(by)
    return table


@cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """What each code point is read as: a letter or 0, and a kind."""
    letters = np.zeros(_POINTS, dtype=np.uint32)
    kinds = np.full(_POINTS, _SEPARATOR, dtype=np.uint8)
    # Letters of scripts that nothing here reads stand for themselves.
    for point in range(0x80, 0x10000):
        if unicodedata.category(chr(point))[0] in "LM":
            letters[point], kinds[point] = point, _LETTER
    for first, last in ((0x3040, 0x3100), (0x3400, 0xA000), (0xF900, 0xFB00)):
        span = np.arange(first, last)
        letters[span], kinds[span] = span, _CHARACTER
    for character, letter in _read_as():
        if kinds[ord(character)] != _CHARACTER:
            letters[ord(character)] = ord(letter)
            kinds[ord(character)] = _DIGIT if letter.isdigit() else _LETTER
    for sign, letter in _SIGNS.items():
        letters[ord(sign)], kinds[ord(sign)] = ord(letter), _SIGN
    for signs, kind in ((_DOTS, _DOT), (_HYPHENS, _HYPHEN)):
        for sign in signs:
            letters[ord(sign)], kinds[ord(sign)] = 0, kind
    for sign in _ENDS:
        letters[ord(sign)] = ord(BRACKET if sign in "({[（" else BREAK)
        kinds[ord(sign)] = _END
    return letters, kinds


def _read_as() -> Iterator[tuple[str, str]]:
    """(character, the ASCII letter or digit that it is read as)."""
    for first, last in _COMPATIBILITY:
        for point in range(first, last):
            letter = _plain(chr(point))
            if letter:
                yield chr(point), letter
    for start, count in _LETTER_EMOJI:
        for number in range(count):
            yield chr(start + number), chr(ord("a") + number)
    with LOOK_ALIKES_FILE.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            for character in line["characters"]:
                yield character, line["letter"]
    for letter in string.ascii_lowercase + string.digits:
        yield letter, letter
        yield letter.upper(), letter


def _plain(character: str) -> str:
    """The one ASCII letter or digit that a compatibility form is, else ''."""
    parts = unicodedata.normalize("NFKD", character).casefold()
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else ""


def _upto(flags: np.ndarray, places: np.ndarray) -> np.ndarray:
    """How many flags are set before each place."""
    return np.concatenate([[0], np.cumsum(flags)])[places]


def _points(texts: pa.Array) -> np.ndarray:
    """The code points of all texts, a line end after each."""
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return _code_points(pc.binary_join(whole, "\n")[0].as_py() + "\n")


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def _text(points: np.ndarray) -> str:
    return points.astype("<u4").tobytes().decode("utf-32-le")


def _strings(text: np.ndarray, word: np.ndarray, words: int) -> pa.Array:
    """The code points of each of `words` words as a string."""
    if not words:
        return pa.array([], pa.string())
    ends = np.searchsorted(word, np.arange(1, words))
    return pc.split_pattern(pa.array([_text(np.insert(text, ends, _LINE))]), "\n").flatten()


def _by_row(values: pa.Array, row: np.ndarray, rows: int) -> pa.Array:
    """The values of each row, apart by blanks; `row` ascends."""
    order = np.argsort(row, kind="stable")
    ends = np.searchsorted(row[order], np.arange(rows + 1)).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pc.take(values, pa.array(order)))
    return pc.binary_join(lists, " ")
