"""Row 24. windows-1258 has no precomposed ễ and decodes to letter + combining mark: "NFC after
decode, always". Round trip of every Vietnamese letter, and a piece that ends inside a letter.
"""

import unicodedata
from pathlib import Path

import pytest

from ingest.readers import text_encoding
from ingest.readers.text_encoding import as_utf8
from tests.faults.conftest import Door, csv_bytes, parcel_rows, write_bytes
from tests.faults.legacy_text import CAPITAL, SMALL, encoded, thousand_names
from tests.faults.profile_files import write_profile


def test_the_code_page_really_decodes_to_combining_marks() -> None:
    with pytest.raises(UnicodeEncodeError):
        "ễ".encode("cp1258")
    assert encoded("ễ", "windows-1258").decode("cp1258") == "ê\u0303"


def test_every_letter_comes_back_as_one_character(tmp_path: Path) -> None:
    text = "\n".join(SMALL + CAPITAL) + "\n"
    path = write_bytes(tmp_path / "x.txt", encoded(text, "windows-1258"))
    read = as_utf8(path, "windows-1258", tmp_path).path.read_text(encoding="utf-8")
    assert read == text
    assert unicodedata.is_normalized("NFC", read)


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("encoding", ["windows-1258", "vni", "tcvn3"])
def test_pieces_that_end_inside_a_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, piece: int
) -> None:
    monkeypatch.setattr(text_encoding, "PIECE_BYTES", piece)
    text = "\n".join(thousand_names()[:20]) + "\n"
    path = write_bytes(tmp_path / "x.txt", encoded(text, encoding))
    assert as_utf8(path, encoding, tmp_path).path.read_text(encoding="utf-8") == text


def test_names_and_columns_are_composed_at_the_door(door: Door) -> None:
    keys = 'encoding = "windows-1258"\n[outputs.columns]\nhouse_waybill_number = "Số vận đơn"'
    write_profile(door.home, "post", keys)
    rows = [
        {
            "Số vận đơn" if name == "house_waybill_number" else name: value
            for name, value in row.items()
        }
        for row in parcel_rows(2, item_description="Nồi cơm điện Nguyễn")
    ]
    content = encoded(csv_bytes(rows).decode(), "windows-1258")
    (outcome,) = door.deliver(write_bytes(door.folder / "x.csv", content), sender="post")
    assert outcome.accepted == 2
    assert {row["item_description"] for row in door.rows()} == {"Nồi cơm điện Nguyễn"}
