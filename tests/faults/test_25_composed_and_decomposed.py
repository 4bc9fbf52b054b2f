"""Row 25. "NFC at ingest for every text; match key = NFC + casefold + strip_accents + explicit Đ->D
+ space squeeze + zero-width removal". Every spelling of one name is one entity.
"""

import random
import unicodedata

from tests.faults.conftest import Door, csv_bytes, parcel_rows, write_bytes
from tests.faults.legacy_text import thousand_names

NAMES = 60
SEED = 25


def spellings(name: str, chance: random.Random) -> list[str]:
    """One name as different keyboards, programs and people write it."""
    shuffled = "".join(
        unicodedata.normalize(chance.choice(("NFC", "NFD")), letter) for letter in name
    )
    return [
        unicodedata.normalize("NFC", name),
        unicodedata.normalize("NFD", name),
        shuffled,
        name.upper(),
        unicodedata.normalize("NFD", name.lower()),
        f"  {name.replace(' ', '   ')}\u00a0",
        "\u200b".join(name),
        name.replace(" ", "\u3000").replace("Đ", "D").replace("đ", "d"),
    ]


def test_all_forms_of_a_name_are_one_entity(door: Door) -> None:
    chance = random.Random(SEED)
    names = thousand_names()[:NAMES]
    spelt = [(name, form) for name in names for form in spellings(name, chance)]
    chance.shuffle(spelt)
    rows = [
        row | {"consignee_name": form, "item_description": form, "customs_notes": form}
        for row, (_, form) in zip(parcel_rows(len(spelt)), spelt, strict=True)
    ]
    content = csv_bytes(rows)
    (outcome,) = door.deliver(write_bytes(door.folder / "parcel_manifest.csv", content))
    assert outcome.accepted == len(spelt)
    tokens: dict[str, set[str]] = {}
    keys: dict[str, set[str]] = {}
    for row, (name, _) in zip(door.rows(), spelt, strict=True):
        tokens.setdefault(name, set()).add(row["consignee_name_token"])
        keys.setdefault(name, set()).add(row["item_description_folded"])
        for text in (row["item_description"], row["customs_notes"]):
            assert unicodedata.is_normalized("NFC", text)
            assert "\u200b" not in text
    assert {len(found) for found in tokens.values()} == {1}
    assert {len(found) for found in keys.values()} == {1}
    # Negative control: different names stay different.
    assert len(set.union(*tokens.values())) == NAMES
    assert len(set.union(*keys.values())) == NAMES


def test_d_with_stroke_is_d(door: Door) -> None:
    rows = parcel_rows(1, item_description="Đang Thị Hồng Nhung")
    door.deliver(write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows)))
    assert door.rows()[0]["item_description_folded"] == "dang thi hong nhung"


def test_a_decomposed_header_names_the_same_columns(door: Door) -> None:
    from tests.faults.profile_files import write_profile

    write_profile(door.home, "post", '[outputs.columns]\nhouse_waybill_number = "Số vận đơn"')
    for number, form in enumerate(("NFC", "NFD")):
        header = unicodedata.normalize(form, "\u200bSố  vận đơn ")
        path = write_bytes(door.folder / f"{number}.csv", f"{header}\nA{number}\n".encode())
        (outcome,) = door.deliver(path, sender="post")
        assert (outcome.accepted, outcome.warnings) == (1, ())
