"""Watched brands, and the eight ways in which a sender hides one in a description.

Add here a brand or a disguise. Keep out: invented brands (goods.py) and any list that a model
matches with: what is planted and what is looked for must not share code.
The brands are those that sources name (domain handbook 6); how they are disguised is a hypothesis
(5.5: no source found, U).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class WatchedBrand:
    """A brand, its name in China, the words it is planted behind, the tariff line of its goods."""

    name: str
    name_zh: str
    carrier_vi: str
    hs8: str


BRANDS = (
    WatchedBrand("Nike", "耐克", "Giày thể thao", "64041190"),
    WatchedBrand("Adidas", "阿迪达斯", "Giày thể thao", "64041190"),
    WatchedBrand("Puma", "彪马", "Dép quai kẹp", "64022000"),
    WatchedBrand("Converse", "匡威", "Giày thể thao", "64041190"),
    WatchedBrand("Gucci", "古驰", "Túi xách nữ", "42022210"),
    WatchedBrand("Chanel", "香奈儿", "Ví nữ", "42023200"),
    WatchedBrand("Hermes", "爱马仕", "Túi xách nữ", "42022210"),
    WatchedBrand("Louis Vuitton", "路易威登", "Túi xách nữ", "42022210"),
    WatchedBrand("Apple", "苹果耳机", "Tai nghe không dây", "85183020"),
    WatchedBrand("Samsung", "三星", "Bộ sạc điện thoại", "85044090"),
    WatchedBrand("Armani", "阿玛尼", "Kính râm", "90041000"),
)

VARIANTS = (
    "dots", "spaces", "homoglyphs", "missing_vowels", "hyphens", "doubled", "mathematical",
    "chinese",
)  # fmt: skip

_DIGITS = str.maketrans("oielsa", "013154")
# Cyrillic letters that look like the Latin ones.
_CYRILLIC = str.maketrans("aeopcsi", "аеорсѕі")
_VOWELS = "aeiou"
_MARKS = {"dots": ".", "spaces": " ", "hyphens": "-"}
_BOLD_A = 0x1D41A  # the first small letter of a mathematical alphabet


def disguised(brand: WatchedBrand, variant: str, *, with_digits: bool) -> str:
    """The brand under a disguise of VARIANTS; with_digits: which alphabet homoglyphs are from."""
    word = brand.name.replace(" ", "")
    if variant == "chinese":
        return brand.name_zh
    if variant in _MARKS:
        return _MARKS[variant].join(word)
    if variant == "doubled":
        return word[:2] + word[1:]
    if variant == "mathematical":
        return "".join(chr(_BOLD_A + ord(letter) - ord("a")) for letter in word.lower())
    if variant == "homoglyphs":
        return word[0] + word[1:].translate(_DIGITS if with_digits else _CYRILLIC)
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)
