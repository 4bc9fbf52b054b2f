"""Vietnamese text in the encodings of row 23, and 1,000 names made by rule; independent of ingest.

The byte tables are typed here a second time, letter by letter, so that a slip in
ingest/readers/encodings cannot hide behind itself. Keep out: real names and the tests themselves.
"""

import unicodedata

SMALL = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
CAPITAL = SMALL.upper()
# What a Windows editor would show: the letters above in VNI, in the order of SMALL.
_VNI = (
    "aø aù aâ aõ eø eù eâ ì í oø où oâ oõ uø uù yù aê ñ ó uõ ô ö aï aû aá aà aå aã aä aé aè aú "
    "aü aë eï eû eõ eá eà eå eã eä æ ò oï oû oá oà oå oã oä ôù ôø ôû ôõ ôï uï uû öù öø öû öõ öï "
    "yø î yû yõ"
)
# The small letters of TCVN3 in the order of SMALL, hexadecimal.
_TCVN3 = (
    "B5 B8 A9 B7 CC D0 AA D7 DD DF E3 AB E2 EF F3 FD A8 AE DC F2 AC AD B9 B6 CA C7 C8 C9 CB BE "
    "BB BC BD C6 D1 CE CF D5 D2 D3 D4 D6 D8 DE E4 E1 E8 E5 E6 E7 E9 ED EA EB EC EE F4 F1 F8 F5 "
    "F6 F7 F9 FA FE FB FC"
)
# Capitals that have a byte of their own; every other capital is its plain letter and the small one.
_TCVN3_CAPITALS = dict(zip("ĂÂÊÔƠƯĐ", b"\xa1\xa2\xa3\xa4\xa5\xa6\xa7", strict=True))
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def _vni_table() -> dict[str, bytes]:
    small = dict(zip(SMALL, _VNI.split(), strict=True))
    table = small | {letter.upper(): shown.upper() for letter, shown in small.items()}
    return {letter: shown.encode("latin-1") for letter, shown in table.items()}


def _tcvn3_table() -> dict[str, bytes]:
    small = dict(zip(SMALL, bytes.fromhex(_TCVN3.replace(" ", "")), strict=True))
    table = {letter: bytes([byte]) for letter, byte in small.items()}
    for letter in CAPITAL:
        own = _TCVN3_CAPITALS.get(letter)
        if own is None:
            parts = unicodedata.normalize("NFD", letter)
            plain = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
            own_plain = _TCVN3_CAPITALS.get(plain)
            first = plain.encode() if own_plain is None else bytes([own_plain])
            table[letter] = first + table[letter.lower()]
        else:
            table[letter] = bytes([own])
    return table


_TABLES = {"vni": _vni_table(), "tcvn3": _tcvn3_table()}


def encoded(text: str, encoding: str) -> bytes:
    """`text` (NFC, ASCII and Vietnamese) in one of the encodings of senders' profiles."""
    if encoding == "windows-1258":
        # The code page has no precomposed ễ: letter and tone stand one after the other.
        spelt = []
        for letter in text:
            parts = unicodedata.normalize("NFD", letter)
            tone = "".join(part for part in parts if part in _TONES)
            rest = "".join(part for part in parts if part not in _TONES)
            spelt.append(unicodedata.normalize("NFC", rest) + tone)
        return "".join(spelt).encode("cp1258")
    table = _TABLES.get(encoding)
    if table is None:
        return text.encode(encoding)
    return b"".join(table.get(letter) or letter.encode("ascii") for letter in text)


_FAMILIES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Ấu Ứng Ôn Ông Ưng Âu"
)
_MIDDLES = "Văn Thị Hữu Đức Ngọc Minh Thùy Xuân Ánh Quốc Ỷ Ăn Êm"
_GIVENS = (
    "Ấn Anh Bình Châu Dũng Điệp Đạt Giang Hằng Hiếu Hưởng Khuê Liễu Mỹ Nghĩa Oanh Phượng Quỳnh "
    "Sơn Thủy Trưởng Uyên Vỹ Yến Ẩn Thẳng Chẵn Mặc Thẩm Mẫn Bậc Hẹn Vẻ Nghẽn Lẽ Kể Ổn Ỗ Ộ Ở Ỡ "
    "Lợi Thọ Tý Kỵ"
)
_SYLLABLES = "Bà Cá Dã Gả Hạ Kề Lể Mễ Ngồ Phở"


def thousand_names() -> list[str]:
    """1,000 different names by rule: families, middle and given names turn at different speeds."""
    families, middles, givens = _FAMILIES.split(), _MIDDLES.split(), _GIVENS.split()
    names = [
        f"{families[n % len(families)]} {middles[n % len(middles)]} "
        f"{givens[(n // 7) % len(givens)]} {number_word(n)}"
        for n in range(1000)
    ]
    assert len(set(names)) == 1000
    return names


def number_word(number: int) -> str:
    """A name-like word for a number below 1,000: three syllables, every one with its own mark."""
    syllables = _SYLLABLES.split()
    return " ".join(syllables[int(digit)] for digit in f"{number:03d}")
