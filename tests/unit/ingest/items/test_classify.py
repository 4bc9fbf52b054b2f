"""`import-risk classify`: files as people bring them, in a home that holds nothing."""

import csv
from pathlib import Path

import pytest

from foundation.errors import UsageError
from ingest.items.classify import classify_file
from tests.support.cli import ImportRisk
from tests.unit.ingest.items.support import HOSTILE


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "names.csv"
    path.write_bytes(content)
    return path


def test_the_command_in_a_fresh_home(tmp_path: Path) -> None:
    path = file_of(tmp_path, "item_id,text\n1,ốp lưng cho iphone\n2,zzxq\n".encode())
    done = ImportRisk(tmp_path / "home")("classify", path, "--json")
    assert [item["item_id"] for item in done.json] == ["1", "2"]
    assert done.json[0]["answered"] is True
    assert done.json[0]["hs4"][0]["code"] == "3926"
    assert done.json[1]["answered"] is False
    assert [len(item["hs4"]) for item in done.json] == [3, 3]
    assert not (tmp_path / "home").exists()
    assert "unknown" in ImportRisk(tmp_path / "home")("classify", path).out


def test_a_wrong_file_is_a_usage_error(tmp_path: Path) -> None:
    done = ImportRisk(tmp_path / "home")("classify", tmp_path / "none.csv", "--json", code=2)
    assert "no such file" in done.err


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"item_id,name\n1,x\n", "column text"),
        (b"text\nx\n", "column item_id"),
        (b"item_id,text,text\n1,x,y\n", "column text"),
        (b"item_id,text\n1,\xe9\xff\n", "UTF8"),
        ("item_id,text\n1,x\n".encode("utf-32"), "UTF-32"),
        (b"item_id,text\n1,a,b\n", "Expected 2 columns"),
        (b'item_id,text\n1,"never closed\n2,x\n', "never closed in .* line 2"),
        (b'item_id,text\n1,x\n2,"tv 15\n3,"lamp\n4,y\n', "never closed in .* line 3"),
    ],
)
def test_what_is_no_such_file_says_so(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        classify_file(file_of(tmp_path, content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    content = "item_id,text\n1,ốp lưng cho iphone\n".encode(encoding)
    [result] = classify_file(file_of(tmp_path, content))
    assert result.headings[0][0] == "3926"


def test_hostile_texts_are_data(tmp_path: Path) -> None:
    path = tmp_path / "hostile.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(["item_id", "text"])
        writer.writerows((f"{number}'\"", text) for number, text in enumerate(HOSTILE))
    results = classify_file(path)
    assert [result.item_id for result in results] == [f"{n}'\"" for n in range(len(HOSTILE))]
    for result in results:
        assert len({code for code, _ in result.headings}) == 3
        shares = [share for _, share in result.headings]
        assert all(0 <= share <= 1 for share in shares)
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1


def test_quotation_marks_that_belong_to_a_text_are_read(tmp_path: Path) -> None:
    content = b'item_id,text\n1,tv 15" black\n2,"tv 15"" ""black"""\n3,"two\nlines"\n'
    assert [one.item_id for one in classify_file(file_of(tmp_path, content))] == ["1", "2", "3"]


def test_copies_have_one_answer_and_only_names_are_no_rows(tmp_path: Path) -> None:
    content = b"extra,text,item_id\nx,Red Dress,1\ny,red  dress,1\nz,red dress,2\n"
    results = classify_file(file_of(tmp_path, content))
    assert [result.item_id for result in results] == ["1", "1", "2"]
    assert len({result.headings for result in results}) == 1
    assert classify_file(file_of(tmp_path, b"item_id,text\n")) == []
