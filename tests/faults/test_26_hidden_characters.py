"""Row 26. "NUL -> quarantine row; controls stripped+flagged; bidi overrides refused in report text;
homoglyph domain/brand folded for matching, raw kept."
"""

import pytest

from tests.faults.conftest import Door, csv_bytes, parcel_rows, write_bytes

# What is delivered as the description, and what comes to rest.
REMOVED = {
    "bell": ("áo\x07 thun", "áo thun"),
    "escape": ("\x1b[31máo", "[31máo"),
    "delete": ("á\x7fo", "áo"),
    "next line control": ("áo\u0085thun", "áo thun"),
    "string terminator": ("áo\u009cthun", "áothun"),
    "soft hyphen": ("á\u00ado", "áo"),
    "zero width space": ("á\u200bo", "áo"),
    "zero width joiner": ("á\u200do", "áo"),
    "left-to-right mark": ("áo\u200e", "áo"),
    "right-to-left override": ("áo\u202egpj.exe", "áogpj.exe"),
    "isolate": ("\u2066áo\u2069", "áo"),
    "word joiner": ("á\u2060o", "áo"),
    "byte order mark inside": ("á\ufeffo", "áo"),
    "interlinear annotation": ("á\ufff9o", "áo"),
}
# Spelling delivered -> match key.
LOOK_ALIKES = {
    "Ѕhорее": "shopee",  # Cyrillic Ѕ, о, р, е, е
    "аdіdаs": "adidas",  # Cyrillic а, і, а
    "Νikе": "nike",  # Greek Ν, Cyrillic е
    "lаzаdа.vn": "lazada.vn",  # a domain with Cyrillic а
    "ＧＵＣＣＩ": "gucci",  # full width
    "tеmu\u200b": "temu",
    "Shopee": "shopee",
}


@pytest.mark.parametrize("case", list(REMOVED))
def test_hidden_characters_are_removed_and_said(door: Door, case: str) -> None:
    delivered, expected = REMOVED[case]
    rows = [
        row | {"item_description": text}
        for row, text in zip(parcel_rows(3), ("áo thun", delivered, "mũ"), strict=True)
    ]
    path = write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path)
    assert outcome.accepted == 3
    assert [row["item_description"] for row in door.rows()] == ["áo thun", expected, "mũ"]
    noted = [text for text in outcome.warnings if text.startswith("invisible_characters")]
    if case == "next line control":  # a kind of blank: it becomes one
        assert noted == []
    else:
        assert noted == [
            "invisible_characters: removed from 1 values (item_description 1), first on line 3"
        ]
        assert door.ledger.deliveries()[-1].body["warnings"] == noted


def test_each_column_is_counted(door: Door) -> None:
    rows = parcel_rows(4, consignee_name="Ngu\u200byễn", warehouse_code="")
    rows[2]["warehouse_code"] = "W\x01"
    path = write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path)
    assert outcome.warnings == (
        "invisible_characters: removed from 5 values (consignee_name 4, warehouse_code 1), first "
        "on line 2",
    )


def test_ordinary_vietnamese_and_typography_are_not_noted(door: Door) -> None:
    rows = parcel_rows(2, item_description="Áo “đẹp” – 50 °C, 2 m², ₫ … ½ Ấm áp\t中文")
    path = write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path)
    assert (outcome.accepted, outcome.warnings) == (2, ())


def test_a_nul_costs_its_record(door: Door) -> None:
    rows = parcel_rows(3)
    rows[1]["item_description"] = "áo\x00thun"
    path = write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path)
    assert (outcome.accepted, outcome.quarantined) == (2, 1)
    (found,) = door.quarantine()
    assert (found["line"], found["reason_code"]) == (3, "nul_byte")
    assert "thun" not in found["raw_text"]  # a record that cannot be split is masked whole


def test_look_alikes_have_the_key_of_the_real_name_and_raw_stays(door: Door) -> None:
    rows = [
        row | {"item_description": f"hàng {spelt}", "platform_code": spelt}
        for row, spelt in zip(parcel_rows(len(LOOK_ALIKES)), LOOK_ALIKES, strict=True)
    ]
    path = write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows))
    (outcome,) = door.deliver(path)
    assert outcome.accepted == len(LOOK_ALIKES)
    found = door.rows()
    assert [row["platform_code_folded"] for row in found] == list(LOOK_ALIKES.values())
    assert [row["item_description_folded"] for row in found] == [
        f"hang {key}" for key in LOOK_ALIKES.values()
    ]
    assert [row["platform_code"] for row in found] == [
        spelt.replace("\u200b", "") for spelt in LOOK_ALIKES
    ]


def test_different_names_keep_different_keys(door: Door) -> None:
    names = ["Shopee", "Shope", "Иван", "Ивана", "Temu", "Tiki"]
    rows = [row | {"platform_code": name} for row, name in zip(parcel_rows(6), names, strict=True)]
    door.deliver(write_bytes(door.folder / "parcel_manifest.csv", csv_bytes(rows)))
    assert len({row["platform_code_folded"] for row in door.rows()}) == len(names)
