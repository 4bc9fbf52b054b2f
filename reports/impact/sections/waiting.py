"""Sections whose marts are not built yet: each says what it will hold and what it waits for.

Add here a section of the outline that has no mart; it leaves when its module is written. Keep out:
anything that looks like a figure.
"""

from contracts.facts import Words
from reports.impact.model import Section, Sentence

_WAITING = ((12, Words("Chuyên đề mặt hàng", "Goods of the month")),)
_TEXT = Words(
    "Bản này chưa có số liệu cho phần này. Không suy diễn từ các phần khác.",
    "This edition has no figures for this section. Nothing is to be inferred from the others.",
)


def sections() -> tuple[Section, ...]:
    """The sections that wait."""
    return tuple(Section(number, title, (Sentence(_TEXT),)) for number, title in _WAITING)
