"""Tidy files: what the bytes promise, cleaning must confirm, value by value.

Not claimed: that every file that needs no cleaning is found to be tidy.
"""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.record_scan import scan_records
from ingest.text.normalise import clean_text

# Letters of the ordinary blocks, blanks, quotes, and what cleaning changes: a combining accent,
# invisible and wide blanks, a letter that NFC replaces, control characters, a tab.
ALPHABET = "aZ9 \",'àđườЖя品ſẛ\u0301\u200b\u00a0\u3000\u212b\u00ad\u0085\t\x07𝕏"


def scanned(rows: list[list[str]], folder: Path, *, quoting: int = csv.QUOTE_MINIMAL) -> bool:
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n")
    writer.writerows(rows)
    path = folder / "rows.csv"
    path.write_bytes(b"a,b,c\n" + text.getvalue().encode())
    return scan_records(path, 6, ",", 3).is_tidy


def cleaned(values: list[str]) -> list[str | None]:
    with duckdb.connect() as connection:
        sql = f"select {clean_text('x')} from (select unnest(?) as x)"
        return [value for (value,) in connection.execute(sql, [values]).fetchall()]


CELL = st.text(alphabet=ALPHABET, max_size=6)


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=400, deadline=None, derandomize=True)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_tidy_file_has_no_value_that_cleaning_changes(
    tmp_path_factory: pytest.TempPathFactory, quoting: int, rows: list[list[str]]
) -> None:
    if not scanned(rows, tmp_path_factory.getbasetemp(), quoting=quoting):
        return
    values = [value for row in rows for value in row if value]
    assert cleaned(values) == values
    if quoting == csv.QUOTE_ALL:
        assert all(value for row in rows for value in row)  # "" would be read as an empty text


@pytest.mark.parametrize(
    "cell",
    ["Số 5, ngõ 277, Phường Quảng Phú", 'Tivi 32" Sony', '"27" màn hình', "Жуков", "品名", ""],
)
def test_ordinary_files_are_tidy(tmp_path: Path, cell: str) -> None:
    """The other side: without it, a scan that always says no would pass."""
    expected = not cell.startswith('"')  # an escaped quote at the beginning is left to cleaning
    assert scanned([["1", cell, "x"], ["2", cell, "y"]], tmp_path) is expected


@pytest.mark.parametrize(
    "cell",
    [" a", "a ", "a\u0301", "a\u200bb", "a\u00a0b", "a\tb", "a\rb", "\u212b", "a\x07", "a\x7fb"],
)
def test_each_thing_that_cleaning_changes_is_seen(tmp_path: Path, cell: str) -> None:
    assert cleaned([cell]) != [cell]
    for row in ([cell, "x", "y"], ["x", cell, "y"], ["x", "y", cell]):
        assert not scanned([["1", "2", "3"], row, ["4", "5", "6"]], tmp_path)
        assert not scanned([row], tmp_path, quoting=csv.QUOTE_ALL)
