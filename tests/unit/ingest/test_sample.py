"""Evidence about samples: names as the readers see them, shapes without content, real decoders.

NOT claimed: that the evidence is complete; a person decides (test_sender_draft.py).
"""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from ingest.onboarding.sample import Sample
from ingest.outcomes import FileRefused
from ingest.senders.profile import Layout


def sample(tmp_path: Path, content: bytes, name: str = "a.csv") -> Sample:
    path = tmp_path / name
    path.write_bytes(content)
    return Sample(path)


def test_columns_come_with_shapes_and_without_content(tmp_path: Path) -> None:
    text = "Mã;Tên;Tên\u00a0kho\nHW12;Nguyễn Văn A;\nHW34;Nguyễn Văn B;kho 1\n"
    table = sample(tmp_path, text.encode()).table(Layout("delimited", delimiter=";"))
    assert [(c.name, c.filled, c.longest, c.shapes) for c in table.columns] == [
        ("Mã", 2, 4, (("xx99", 2),)),
        ("Tên", 2, 12, (("xxxxxx xxx x", 2),)),
        ("Tên kho", 1, 5, (("xxx 9", 1),)),
    ]
    assert table.rows == 2


def test_a_header_without_rows_still_names_its_columns(tmp_path: Path) -> None:
    table = sample(tmp_path, b"a,b\n").table(Layout("delimited"))
    assert ([column.name for column in table.columns], table.rows) == (["a", "b"], 0)


def test_parquet_and_json_name_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql(f"copy (select 'A' as \"Mã\", 1.5::double as v) to '{path}' (format parquet)")
    table = Sample(path).table(Layout("parquet"))
    assert [(c.name, c.shapes) for c in table.columns] == [
        ("Mã", (("x", 1),)),
        ("v", (("9.9", 1),)),
    ]
    lines = b'{"a": {"b": "x", "c": {"d": 1}}, "e": [1]}\n{"a": {"b": "y"}, "f": null}\nno json\n'
    table = sample(tmp_path, lines, "a.jsonl").table(Layout("json_lines"))
    assert [(c.name, c.filled) for c in table.columns] == [("a.b", 2), ("a.c.d", 1), ("f", 0)]
    assert any("'e' holds lists" in note for note in table.warnings)


def test_only_the_right_legacy_encoding_looks_vietnamese(tmp_path: Path) -> None:
    """Row 23: TCVN3 bytes read as windows-1258 or VNI give letters, but no Vietnamese words."""
    found = sample(tmp_path, b"ma,ten\n1,Nguy\xd4n V\xa8n\n").encodings()
    assert [item.value for item in found if item.fits] == ["tcvn3"]
    assert all(item.evidence for item in found)


def test_spellings_that_read_alike_have_one_meaning(tmp_path: Path) -> None:
    file = sample(tmp_path, b"d,v\n2026-01-02,1\n")
    layout = Layout("delimited", columns={"arrived_at": "d", "declared_value": "v"})
    iso, same, other = (
        replace(layout, timestamp_format=text) for text in ("%Y-%m-%d", "%Y-%m-%d", "%Y-%d-%m")
    )
    first, second, third = file.readings("parcel_manifest", [iso, same, other], ["arrived_at"])
    assert (first.read, first.filled) == (1, 1)
    assert first.meaning == second.meaning != third.meaning
    groupings = [replace(layout, thousands_separator=mark) for mark in ("", ",")]
    one, two = file.readings("parcel_manifest", groupings, ["declared_value"])
    assert (one.read, one.meaning) == (two.read, two.meaning)


def test_values_of_personal_fields_are_never_given(tmp_path: Path) -> None:
    file = sample(tmp_path, "k,n\nCPN,Lê A\nCPN,Lê B\n".encode())
    layout = Layout("delimited", columns={"channel": "k", "consignee_name": "n"})
    seen = file.values("parcel_manifest", layout, ["channel", "consignee_name"])
    assert seen == {"channel": [("CPN", 2)]}


@pytest.mark.parametrize("content", [b"a,a\n1,2\n", b"\xff\xfe\x00\x00"])
def test_a_sample_that_cannot_be_read_is_refused_as_a_delivery_would(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(FileRefused):
        sample(tmp_path, content).table(Layout("delimited"))
