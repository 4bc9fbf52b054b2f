"""Which records hold something that cleaning may change, told from the bytes of many at once.

Most hold nothing, and cleaning every value to find that out costs more than reading the file.
Add here nothing but what keeps the answer safe: to name a record is always right, not to name one
must be proved (a test holds it against normalise.clean_text). Keep out: what cleaning means
(text/normalise.py).
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
_IS_ODD = np.ones(256, dtype=bool)
_IS_ODD[list(_ORDINARY)] = False


def untidy_records(
    body: bytes, codes: Numbers, marks: Numbers, ends: Numbers, quotes: Numbers, opens: Numbers
) -> Numbers:
    """Places (0, 1, ...) of the records with a field that is not its own cleaned text, or is empty
    and quoted.

    body, codes: whole flawless records of valid UTF-8. marks: places of the delimiters and line
    ends outside quotes; ends: of the line ends alone, one a record. quotes: places of all quotes;
    opens: which of them open.
    """
    found = []
    if body.translate(None, _ORDINARY):
        found.append(np.flatnonzero(_IS_ODD[codes]))
    if b"\r" in body:
        returns = np.flatnonzero(codes == _RETURN)
        found.append(returns[(codes[returns + 1] != _NEWLINE) | (codes[returns - 1] == _BLANK)])
    # Of what begins with this byte, only two blocks of letters are known to be stable.
    letters = np.flatnonzero(codes == _LATIN_ADDITIONAL)
    found.append(letters[codes[letters + 1] & 0xFE != 0xBA])
    found.append(marks[codes[marks - 1] == _BLANK])
    begins = np.concatenate(([0], marks[:-1] + 1))
    found.append(begins[codes[begins] == _BLANK])
    # A quote in a field is written as two; only the outer quotes have another neighbour.
    first, last = quotes[opens], quotes[~opens]
    first, last = first[codes[first - 1] != _QUOTE], last[codes[last + 1] != _QUOTE]
    after = codes[first + 1]
    found.append(first[(after == _BLANK) | (after == _QUOTE)])
    found.append(last[codes[last - 1] == _BLANK])
    return np.unique(np.searchsorted(ends, np.concatenate(found)))
