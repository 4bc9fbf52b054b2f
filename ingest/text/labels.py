"""Names of files and columns made fit to keep: what looks personal in them becomes its shape.

A file or column name is free text of the sender, and the ledger keeps it for ever. Add here a
pattern of personal data that turns up in such names. Keep out: values of fields (normalise.py)
and control characters (foundation/visible.py).

Recognised: e-mail addresses, digit groups that can be a phone, personal id or tax code (dates are
not touched), and Vietnamese family names followed by further words, with or without accents.
Not recognised: names of other languages, given names alone. Senders are told to keep them out.
"""

import re
import unicodedata
from collections.abc import Iterable

MAXIMUM_CHARACTERS = 200

# Family names that are hardly ever another word once the accents are gone; and those that are, so
# that they count only before another word with a capital.
_SURE = ("Nguyễn", "Trần", "Phạm", "Hoàng", "Huỳnh", "Bùi")
_UNSURE = (
    "Lê", "Phan", "Vũ", "Võ", "Đặng", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Mai",
    "Trương", "Đoàn", "Đào", "Cao", "Tạ", "Châu", "Lương", "Tô", "Hà", "Lâm", "Thái", "Quách",
)  # fmt: skip
# Second words that make the first one no family name: họ tên, lý do, lệ phí, độ dài, tờ khai ...
_ORDINARY = frozenset(
    ("ten", "va", "do", "phi", "dai", "khai", "loai", "noi", "ma", "dich", "tong")
)
_LONGEST_NAME = 5  # words
_ENDINGS = frozenset(
    (
        "csv",
        "tsv",
        "txt",
        "xlsx",
        "xls",
        "xml",
        "json",
        "jsonl",
        "jsonld",
        "ndjson",
        "parquet",
        "zip",
        "gz",
    )
)

_EMAIL = re.compile(r"[^\s,;@]{1,64}@[^\s,;@]{1,255}")
_DATE = re.compile(r"(?<!\d)20[1-4]\d[-._]?(?:0[1-9]|1[0-2])[-._]?(?:0[1-9]|[12]\d|3[01])")
_DIGITS = re.compile(r"\+?\d(?:[ .\-]?\d){7,}")
# Letters of one word; a capital after a small letter begins another (NguyenVanAn).
_WORD = re.compile(r"[^\W\d_]+")
_INNER_CAPITAL = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_])")
_JOINT = re.compile(r"[ _.\-]{0,3}")


def fold_word(text: str) -> str:
    """Lower case without accents, đ as d."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


_SURE_FOLDED = frozenset(map(fold_word, _SURE))
_UNSURE_FOLDED = frozenset(map(fold_word, _UNSURE))
_EXACT = frozenset(name.lower() for name in (*_SURE, *_UNSURE))


def shown_name(text: str) -> str:
    """`text` (a file or column name) with everything that looks personal as x and 9.

    The ending of a file name stays. A text without anything personal comes back as it is.
    """
    delivered, text = text, unicodedata.normalize("NFC", text)
    hidden = [found.span() for found in _EMAIL.finditer(text)]
    hidden += _numbers(text)
    hidden += _names(text)
    if not hidden:
        return delivered
    letters = list(text)
    for start, end in hidden:
        letters[start:end] = [_shape(letter) for letter in letters[start:end]]
    return "".join(letters)


def distinct_names(names: Iterable[str]) -> list[str]:
    """shown_name of each column; equal results get #2, #3 ... so that none hides another.

    Longer than 200 characters, a name is cut: a header may be a megabyte.
    """
    seen: dict[str, int] = {}
    shown = []
    for name in (shown_name(name[:MAXIMUM_CHARACTERS]) for name in names):
        seen[name] = seen.get(name, 0) + 1
        shown.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return shown


def _shape(letter: str) -> str:
    if letter.isdigit():
        return "9"
    return "x" if letter.isalpha() or unicodedata.combining(letter) else letter


def _numbers(text: str) -> list[tuple[int, int]]:
    """Spans of digit groups that can be a phone, a personal id or a tax code."""
    without_dates = _DATE.sub(lambda found: "|" * len(found.group()), text)
    spans = []
    for found in _DIGITS.finditer(without_dates):
        digits = re.sub(r"\D", "", found.group())
        is_phone_of_eleven = len(digits) == 11 and digits.startswith(("0", "84"))
        if len(digits) in (9, 10, 12, 13) or is_phone_of_eleven or found.group()[0] == "+":
            spans.append(found.span())
    return spans


def _words(text: str) -> list[tuple[int, int]]:
    spans = []
    for found in _WORD.finditer(text):
        start = found.start()
        for cut in _INNER_CAPITAL.finditer(text, found.start() + 1, found.end()):
            at = cut.start()
            if text[at - 1].islower() and text[at].isupper():
                spans.append((start, at))
                start = at
        spans.append((start, found.end()))
    return spans


def _names(text: str) -> list[tuple[int, int]]:
    """Spans of a family name and the words that follow it."""
    words = _words(text)
    spans = []
    for number, (start, end) in enumerate(words):
        last = number
        while (
            last + 1 < len(words)
            and last + 1 - number < _LONGEST_NAME
            and _JOINT.fullmatch(text, words[last][1], words[last + 1][0])
            and text[slice(*words[last + 1])].lower() not in _ENDINGS
        ):
            last += 1
        if last > number and _is_family_name(text[start:end], text[slice(*words[number + 1])]):
            spans.append((start, words[last][1]))
    return spans


def _is_family_name(word: str, following: str) -> bool:
    folded = fold_word(word)
    has_accent = folded != word.lower()
    if has_accent and word.lower() not in _EXACT:
        return False
    if folded in _SURE_FOLDED:
        return True
    capitals = word[0].isupper() and following[0].isupper()
    return capitals and folded in _UNSURE_FOLDED and fold_word(following) not in _ORDINARY
