"""What the shipped font can print, and what a page shows for anything else.

Defines: `printable`. Add here another sign that pages must not hold. Keep out: HTML and workbooks,
whose readers have fonts of their own.

A platform may be called 淘宝网, and a reason may hold a line end: neither may stop a report. A
character without a shape in the font is shown as ▯ or ?, and signs that steer a text (line ends,
reversed writing) are dropped.
"""

import re
import struct
from functools import cache
from pathlib import Path

_FONT = Path(__file__).parent / "fonts" / "LiberationSerif-Regular.ttf"
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_STAND_INS = "▯□?"


def printable(text: str) -> str:
    """The text with a stand-in for every character that the font has no shape for."""
    shapes = _shapes()
    kept = _STEERING.sub("", text)
    if all(ord(sign) in shapes or sign == "\n" for sign in kept):
        return kept
    stand_in = next(sign for sign in _STAND_INS if ord(sign) in shapes)
    return "".join(sign if ord(sign) in shapes or sign == "\n" else stand_in for sign in kept)


@cache
def _shapes() -> frozenset[int]:
    """Code points of the font's character map (OpenType `cmap`, format 4: the basic plane)."""
    font = _FONT.read_bytes()
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {
        font[at : at + 4]: struct.unpack_from(">L", font, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">L", font, cmap + 4 + 8 * number + 4)[0]
        if struct.unpack_from(">H", font, start)[0] == 4:
            found |= _of_segments(font, start)
    return frozenset(found)


def _of_segments(font: bytes, start: int) -> set[int]:
    segments = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, start + 14)
    first = start + 16 + 2 * segments
    begins = struct.unpack_from(f">{segments}H", font, first)
    deltas = struct.unpack_from(f">{segments}H", font, first + 2 * segments)
    offsets_at = first + 4 * segments
    offsets = struct.unpack_from(f">{segments}H", font, offsets_at)
    found = set()
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        for code in range(begin, min(end, 0xFFFE) + 1):
            glyph = code + deltas[number]
            if offsets[number]:
                place = offsets_at + 2 * number + offsets[number] + 2 * (code - begin)
                glyph = struct.unpack_from(">H", font, place)[0]
            if glyph & 0xFFFF:
                found.add(code)
    return found
