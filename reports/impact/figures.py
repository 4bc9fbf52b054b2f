"""How a language writes numbers, dates and sentences: 1.234,5 in Vietnamese, 1,234.5 in English.

Defines: `shown`, `told` and `month_name`. Add here another kind of cell. Keep out: which number is
shown, and its rounding place (model.Figure says it).
"""

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from contracts.facts import Words
from reports.impact.model import Cell, Figure, Sentence

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
_SWAP = str.maketrans(",.", ".,")
MISSING = "–"


def word(words: Words, language: Language) -> str:
    """The text in a language."""
    return words.vi if language == "vi" else words.en


def number(figure: Figure, language: Language) -> str:
    """A number as the language writes it, rounded half to even, a real minus in front."""
    exact = Decimal(figure.value).quantize(Decimal(1).scaleb(-figure.decimals), ROUND_HALF_EVEN)
    exact = exact if exact else abs(exact)  # no minus zero
    text = f"{abs(exact):,.{figure.decimals}f}"
    text = text.translate(_SWAP) if language == "vi" else text
    return f"−{text}" if exact < 0 else text


def day(date: dt.date, language: Language) -> str:
    """9/11/2026 or 9 November 2026."""
    if language == "vi":
        return f"{date.day}/{date.month}/{date.year}"
    return f"{date.day} {date:%B} {date.year}"


def month_name(month: dt.date, language: Language) -> str:
    """11/2026 or November 2026."""
    return f"{month.month}/{month.year}" if language == "vi" else f"{month:%B} {month.year}"


def shown(cell: Cell, language: Language) -> str:
    """A cell as text; a dash for what is missing."""
    if cell is None:
        return MISSING
    if isinstance(cell, Figure):
        return number(cell, language)
    if isinstance(cell, dt.date):
        return day(cell, language)
    # Words is a tuple: asked before str
    return word(cell, language) if isinstance(cell, Words) else cell


def told(sentence: Sentence, language: Language) -> str:
    """A sentence with its values in place. Raises KeyError when one is missing."""
    values = {name: shown(value, language) for name, value in sentence.values.items()}
    return word(sentence.words, language).format_map(values)
