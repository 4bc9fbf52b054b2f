"""Watched brands, and the four ways in which a sender hides one in a description.

Add here a brand or a disguise. Keep out: invented brands (goods.py) and any list that a model
matches with: what is planted and what is looked for must not share code.
The brands are those that sources name (domain handbook 6); how they are disguised is a hypothesis
(5.5: no source found, U).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class WatchedBrand:
    """A brand, the words it is planted behind, and the tariff line of those goods."""

    name: str
    carrier_vi: str
    hs8: str


BRANDS = (
    WatchedBrand("Nike", "Giày thể thao", "64041190"),
    WatchedBrand("Adidas", "Giày thể thao", "64041190"),
    WatchedBrand("Puma", "Dép quai kẹp", "64022000"),
    WatchedBrand("Converse", "Giày thể thao", "64041190"),
    WatchedBrand("Gucci", "Túi xách nữ", "42022210"),
    WatchedBrand("Chanel", "Ví nữ", "42023200"),
    WatchedBrand("Hermes", "Túi xách nữ", "42022210"),
    WatchedBrand("Louis Vuitton", "Túi xách nữ", "42022210"),
    WatchedBrand("Apple", "Tai nghe không dây", "85183020"),
    WatchedBrand("Samsung", "Bộ sạc điện thoại", "85044090"),
    WatchedBrand("Armani", "Kính râm", "90041000"),
)

VARIANTS = ("dots", "spaces", "homoglyphs", "missing_vowels")

_DIGITS = str.maketrans("oielsa", "013154")
# Cyrillic letters that look like the Latin ones.
_CYRILLIC = str.maketrans("aeopcsi", "аеорсѕі")
_VOWELS = "aeiou"


def disguised(brand: str, variant: str, *, with_digits: bool) -> str:
    """The brand under a disguise of VARIANTS; with_digits: which alphabet homoglyphs are from."""
    word = brand.replace(" ", "")
    if variant == "dots":
        return ".".join(word)
    if variant == "spaces":
        return " ".join(word)
    if variant == "homoglyphs":
        return word[0] + word[1:].translate(_DIGITS if with_digits else _CYRILLIC)
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)
