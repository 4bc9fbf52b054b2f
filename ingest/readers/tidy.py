"""Whether records hold nothing that cleaning would change, told from their bytes at once.

Most deliveries are so, and cleaning every value to find that out costs more than reading the file.
Add here nothing but what keeps the answer safe: "no" is always right, "yes" must be proved (a test
holds it against normalise.clean_text). Keep out: what cleaning means (text/normalise.py).
"""

from typing import Any

import numpy as np

Numbers = np.ndarray[Any, Any]

_BLANK, _QUOTE, _NEWLINE, _RETURN = 32, 34, 10, 13
# Visible ASCII, blank and line ends; Latin letters with accents (U+00C0-U+02FF, U+1E80-U+1EFF),
# Cyrillic (U+0400-U+047F) and Han (U+4000-U+9FFF) in UTF-8. All of them stay as they are in NFC,
# alone and beside each other.
_LATIN_ADDITIONAL = 0xE1
_ORDINARY = bytes(
    (_NEWLINE, _RETURN, *range(0x20, 0x7F), *range(0x80, 0xC0), *range(0xC3, 0xCC), 0xD0, 0xD1,
     _LATIN_ADDITIONAL, *range(0xE4, 0xEA))
)  # fmt: skip


def is_tidy(body: bytes, codes: Numbers, marks: Numbers, quotes: Numbers, opens: Numbers) -> bool:
    """Whether every field is its own cleaned text, or empty and not quoted.

    body, codes: whole flawless records of valid UTF-8. marks: places of the delimiters and line
    ends outside quotes. quotes: places of all quotes; opens: which of them open.
    """
    if body.translate(None, _ORDINARY) or b" \r" in body:
        return False
    if b"\r" in body and body.count(b"\r") != body.count(b"\r\n"):
        return False
    # Of what begins with this byte, only two blocks of letters are known to be stable.
    stable = codes[np.flatnonzero(codes == _LATIN_ADDITIONAL) + 1] & 0xFE == 0xBA
    # A quote in a field is written as two; only the outer quotes have another neighbour.
    first, last = quotes[opens], quotes[~opens]
    first, last = first[codes[first - 1] != _QUOTE], last[codes[last + 1] != _QUOTE]
    after = codes[first + 1]
    faults = (
        ~stable, codes[marks - 1] == _BLANK, codes[(marks + 1) % len(codes)] == _BLANK,
        after == _BLANK, after == _QUOTE, codes[last - 1] == _BLANK,
    )  # fmt: skip
    return not any(map(np.any, faults))
