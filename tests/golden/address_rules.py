"""Addresses built by rule from parts, so that each one's parts are known before any parser runs.

`python -m tests.golden.address_rules` writes the rule-derived rows of addresses_tuning.csv and
addresses_heldback.csv anew and leaves the hand-written rows alone. Nothing here uses the parser.
"""

import csv
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from synthetic.vocabulary import PROVINCES, STREETS, WARDS

FOLDER = Path(__file__).resolve().parent
FILES = (FOLDER / "addresses_tuning.csv", FOLDER / "addresses_heldback.csv")
PARTS = (
    "house", "alley", "street", "ward", "district", "province_code", "old_province_code",
)  # fmt: skip
COLUMNS = ("origin", "address", *PARTS)
CASES_PER_FILE = 120
_SEED = 20250701

# (unit, district-level name, province before 1 July 2025, its old code, its code since).
DISTRICTS = (
    ("Quận", "1", "Thành phố Hồ Chí Minh", "79", "79"),
    ("Quận", "10", "Thành phố Hồ Chí Minh", "79", "79"),
    ("Quận", "Bình Thạnh", "Thành phố Hồ Chí Minh", "79", "79"),
    ("Quận", "Phú Nhuận", "Thành phố Hồ Chí Minh", "79", "79"),
    ("Huyện", "Hóc Môn", "Thành phố Hồ Chí Minh", "79", "79"),
    ("Quận", "Ba Đình", "Thành phố Hà Nội", "01", "01"),
    ("Quận", "Đống Đa", "Thành phố Hà Nội", "01", "01"),
    ("Quận", "Cầu Giấy", "Thành phố Hà Nội", "01", "01"),
    ("Huyện", "Gia Lâm", "Thành phố Hà Nội", "01", "01"),
    ("Quận", "Lê Chân", "Thành phố Hải Phòng", "31", "31"),
    ("Quận", "Thanh Khê", "Thành phố Đà Nẵng", "48", "48"),
    ("Quận", "Cái Răng", "Thành phố Cần Thơ", "92", "92"),
    ("Thành phố", "Bắc Ninh", "Tỉnh Bắc Ninh", "27", "24"),
    ("Thị xã", "Quảng Yên", "Tỉnh Quảng Ninh", "22", "22"),
    ("Thành phố", "Nha Trang", "Tỉnh Khánh Hòa", "56", "56"),
    ("Thành phố", "Dĩ An", "Tỉnh Bình Dương", "74", "79"),
    ("Huyện", "Tân Lạc", "Tỉnh Hòa Bình", "17", "25"),
    ("Huyện", "Vĩnh Tường", "Tỉnh Vĩnh Phúc", "26", "25"),
    ("Thành phố", "Mỹ Tho", "Tỉnh Tiền Giang", "82", "82"),
    ("Huyện", "Bình Chánh", "Thành phố Hồ Chí Minh", "79", "79"),
    ("Thành phố", "Vũng Tàu", "Tỉnh Bà Rịa - Vũng Tàu", "77", "79"),
    ("Huyện", "Yên Thế", "Tỉnh Bắc Giang", "24", "24"),
    ("Thành phố", "Tam Kỳ", "Tỉnh Quảng Nam", "49", "48"),
    ("Thị xã", "Giá Rai", "Tỉnh Bạc Liêu", "95", "96"),
    ("Huyện", "Long Thành", "Tỉnh Đồng Nai", "75", "75"),
    ("Huyện", "Diễn Châu", "Tỉnh Nghệ An", "40", "40"),
)
# Provinces whose territory did not change, so that their name says the old one too.
UNCHANGED = frozenset(("01", "04", "11", "12", "14", "20", "22", "38", "40", "42", "46"))

_SHORT = {
    "Phường": ("P. ", "P.", "P "),
    "Xã": ("X. ", "xã "),
    "Thị trấn": ("TT. ", "TT "),
    "Quận": ("Q. ", "Q.", "Q "),
    "Huyện": ("H. ", "H."),
    "Thị xã": ("TX. ", "TX "),
    "Thành phố": ("TP. ", "TP ", "Tp."),
    "Tỉnh": ("T. ", "tỉnh "),
}
_ENGLISH = {
    "Phường": "Ward", "Xã": "Commune", "Thị trấn": "Ward", "Quận": "District",
    "Huyện": "District", "Thị xã": "Town", "Thành phố": "City", "Tỉnh": "Province",
}  # fmt: skip


def plain(text: str) -> str:
    """Without accents, đ as d; letters keep their case."""
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def key(text: str) -> str:
    return plain(text).lower()


class _Draw:
    """The parts of one invented address."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        number = dice.randint(1, 399)
        self.house = dice.choice(
            (
                f"{number}",
                f"{number}",
                f"{number}{dice.choice('ABC')}",
                f"{number}/{number % 9 + 1}",
                f"{number}/{number % 9 + 1}/{number % 30 + 1}",
                f"{number}-{number + 2}",
            )
        )
        kind = dice.choice(("ngõ", "ngõ", "hẻm", "kiệt", "ngách"))
        self.alley = None
        if dice.random() < 0.3:
            self.alley = f"{kind} {dice.randint(2, 300)}"
            if kind == "ngách":
                self.alley += f" ngõ {dice.randint(2, 300)}"
        self.street = dice.choice(STREETS)
        self.ward_unit, self.ward = "Phường", dice.choice(WARDS)
        self.district_unit = self.district = None
        if dice.random() < 0.7:
            chosen = dice.choice(DISTRICTS)
            self.district_unit, self.district, self.province, self.old, self.new = chosen
            if self.district.isdigit():
                self.ward = str(dice.randint(1, 15))
            elif self.district_unit == "Huyện":
                self.ward_unit = dice.choice(("Xã", "Xã", "Thị trấn"))
        else:
            province = dice.choice(PROVINCES)
            self.ward_unit = dice.choice(("Phường", "Xã"))
            self.province, self.new = province.name, province.code
            self.old = self.new if self.new in UNCHANGED else ""

    def labels(self) -> dict[str, str]:
        return {
            "house": key(self.house),
            "alley": key(self.alley or ""),
            "street": key(self.street),
            "ward": key(self.ward),
            "district": key(self.district or ""),
            "province_code": self.new,
            "old_province_code": self.old,
        }

    def unit(self, unit: str, name: str, *, short: bool) -> str:
        return f"{self.dice.choice(_SHORT[unit]) if short else unit + ' '}{name}"

    def in_vietnamese(self) -> str:
        dice = self.dice
        short = dice.random() < 0.5
        head = dice.choice(("", "", "Số ", "số ", "SN ")) + self.house
        if self.alley:
            head += dice.choice((" ", ", ")) + self.alley
        head += dice.choice((" ", " ", ", " if self.alley else " "))
        head += dice.choice(("", "", "đường ", "phố ", "Đ. ")) + self.street
        parts = [head, self.unit(self.ward_unit, self.ward, short=short)]
        if self.district is not None and self.district_unit is not None:
            parts.append(self.unit(self.district_unit, self.district, short=short))
        parts.append(self._province(short))
        if dice.random() < 0.15:
            parts.append(dice.choice(("Việt Nam", "VN")))
        joint = dice.choice((", ", ", ", ",", " - ", "; ", " "))
        text = joint.join(parts)
        style = dice.random()
        if style < 0.4:
            return plain(text)
        return text.upper() if style > 0.9 else text

    def _province(self, short: bool) -> str:
        unit, name = ("Thành phố", self.province.removeprefix("Thành phố "))
        if self.province.startswith("Tỉnh "):
            unit, name = ("Tỉnh", self.province.removeprefix("Tỉnh "))
        if self.new == "79" and unit == "Thành phố" and self.dice.random() < 0.5:
            return self.dice.choice(("TP.HCM", "TPHCM", "Tp HCM", "TP. HCM"))
        if self.dice.random() < 0.4 and self.district_unit != "Thành phố":
            return name
        return self.unit(unit, name, short=short)

    def in_english(self) -> str:
        dice = self.dice
        house = dice.choice(("No. ", "No ", "")) + self.house
        parts = [house]
        if self.alley:
            number = self.alley.split()[-1] if "ngách" not in self.alley else None
            if number is None:
                self.alley = "ngõ 7"
                number = "7"
            else:
                self.alley = f"ngõ {number}"
            parts.append(f"{dice.choice(('Lane', 'Alley'))} {number}")
        parts.append(f"{plain(self.street)} {dice.choice(('Street', 'St.', 'Road', 'St'))}")
        if len(parts) == 2 and dice.random() < 0.6:
            parts = [" ".join(parts)]
        if self.ward.isdigit():
            parts.append(f"Ward {self.ward}")
        else:
            parts.append(f"{plain(self.ward)} {_ENGLISH[self.ward_unit]}")
        if self.district is not None and self.district_unit is not None:
            if self.district.isdigit():
                parts.append(f"{dice.choice(('District', 'Dist.'))} {self.district}")
            else:
                parts.append(f"{plain(self.district)} {_ENGLISH[self.district_unit]}")
        name = plain(self.province.removeprefix("Thành phố ").removeprefix("Tỉnh "))
        unit = " City" if self.province.startswith("Thành phố") else " Province"
        parts.append(name + dice.choice(("", unit)))
        if dice.random() < 0.5:
            parts.append(dice.choice(("Vietnam", "Viet Nam", "VN")))
        return ", ".join(parts)


def rule_cases(number: int) -> Iterator[dict[str, str]]:
    """The rule-derived cases of file `number` (0 tuning, 1 held back): one row each of COLUMNS."""
    dice = random.Random(_SEED + number)
    for _ in range(CASES_PER_FILE):
        drawn = _Draw(dice)
        address = drawn.in_english() if dice.random() < 0.2 else drawn.in_vietnamese()
        yield {"origin": "rule", "address": address, **drawn.labels()}


def read_cases(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def main() -> None:
    for number, path in enumerate(FILES):
        hand = [row for row in read_cases(path) if row["origin"] == "hand"] if path.exists() else []
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows([*hand, *rule_cases(number)])


if __name__ == "__main__":
    main()
