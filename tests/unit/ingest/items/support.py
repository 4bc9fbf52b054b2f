"""Small tables and texts that several tests of item names need.

Add here what two of them share. Keep out: expectations.
"""

import random
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ingest.items.calibration import Calibration
from ingest.items.folded import folded
from ingest.items.model import Points
from ingest.items.table import ItemModel
from ingest.items.terms import prepare

HOSTILE = (
    "", " ", "'", "''; drop table item_points; --", '"', '""', "\x00", "a\x00b shirt", "🎉👗🎉",
    "\u202eshirt\u202c", "تيشيرت نسائي", "x" * 10_000, "shirt " * 2_000, "手机壳" * 3_000, "~ _ ~_",
    "for for for", "cho", "{{ ref('x') }}", "%s %d {}", "\\N", "null", "1e9999",
    "=cmd|' /C calc'!A0",
    "ốp lưng cho iPhone", "Ố" + "\u0301" * 50, "ﬁ ﬂ ß İ ı", "\ufeffdress", "a" * 599 + " dress",
)  # fmt: skip
_WORDS = (
    "women's", "T-Shirt", "dress", "phone", "case", "for", "iPhone", "15", "pro", "cho", "ốp",
    "lưng", "áo", "thun", "nữ", "手机壳", "连衣裙", "led", "strip", "lights", "usb", "cable", "2m",
    "kids", "toy", "car", "zzxq", "18650", "battery", "of", "black", "-", "/", "&", "ring", "o",
)  # fmt: skip


def terms(texts: Sequence[str | None]) -> pa.Array:
    """Prepared terms of texts as delivered."""
    return prepare(folded(pa.array(texts, pa.string())))


def random_texts(count: int, seed: int) -> list[str]:
    """Titles of zero to fourteen words, every fiftieth a hostile one."""
    draw = random.Random(seed)
    return [
        draw.choice(HOSTILE)
        if number % 50 == 0
        else " ".join(draw.choices(_WORDS, k=draw.randint(0, 14)))
        for number in range(count)
    ]


def points(rows: Sequence[tuple[str, str, int]]) -> Points:
    """A table of the rows (term, hs4, points)."""
    names, codes, values = zip(*sorted(rows), strict=True)
    return Points(pa.array(names, pa.string()), pa.array(codes, pa.string()), np.array(values))


SMALL = ItemModel(
    points(
        [
            ("", "3926", 100), ("", "6109", 200), ("", "8517", 300), ("", "9503", -50),
            ("case", "3926", 1500), ("phone", "8517", 2000), ("phone", "3926", 700),
            ("phone_case", "3926", 1300), ("phone_case", "8517", -1200), ("toy", "9503", 900),
            ("~iphone", "3926", 400), ("toy", "6109", -900),
        ]
    ),
    Calibration(temperature=1000, none_score=500, bound_micro=800_000),
)  # fmt: skip
