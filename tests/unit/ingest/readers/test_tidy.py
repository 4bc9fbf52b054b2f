"""Tidy records: what the bytes promise, cleaning must confirm, value by value.

Not claimed: that every record that needs no cleaning is found to be tidy.
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


def untidy(rows: list[list[str]], folder: Path, *, quoting: int = csv.QUOTE_MINIMAL) -> list[int]:
    """Places (0, 1, ...) of the rows that the scan calls untidy."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n")
    writer.writerows(rows)
    path = folder / "rows.csv"
    path.write_bytes(b"a,b,c\n" + text.getvalue().encode())
    scan = scan_records(path, 6, ",", 3)
    lines, at = scan.lines().tolist(), scan.untidy_lines().tolist()
    assert len(lines) == len(rows)
    return [lines.index(line) for line in at]


def cleaned(values: list[str]) -> list[str | None]:
    sql = f"select {clean_text('x')} from (select unnest(?) as x)"
    return [value for (value,) in duckdb.execute(sql, [values]).fetchall()]


CELL = st.text(alphabet=ALPHABET, max_size=6)


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=400)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_tidy_record_has_no_value_that_cleaning_changes(
    tmp_path_factory: pytest.TempPathFactory, quoting: int, rows: list[list[str]]
) -> None:
    at = untidy(rows, tmp_path_factory.getbasetemp(), quoting=quoting)
    tidy = [row for place, row in enumerate(rows) if place not in at]
    values = [value for row in tidy for value in row if value]
    assert cleaned(values) == values
    if quoting == csv.QUOTE_ALL:
        assert all(value for row in tidy for value in row)  # "" would be read as an empty text


@pytest.mark.parametrize(
    "cell",
    ["Số 5, ngõ 277, Phường Quảng Phú", 'Tivi 32" Sony', '"27" màn hình', "Жуков", "品名", ""],
)
def test_ordinary_files_are_tidy(tmp_path: Path, cell: str) -> None:
    """The other side: without it, a scan that always says no would pass."""
    left = cell.startswith('"')  # an escaped quote at the beginning is left to cleaning
    expected = [0, 1] if left else []
    assert untidy([["1", cell, "x"], ["2", cell, "y"]], tmp_path) == expected


@pytest.mark.parametrize(
    "cell",
    [" a", "a ", "a\u0301", "a\u200bb", "a\u00a0b", "a\tb", "a\rb", "\u212b", "a\x07", "a\x7fb"],
)
def test_each_thing_that_cleaning_changes_is_seen(tmp_path: Path, cell: str) -> None:
    assert cleaned([cell]) != [cell]
    for row in ([cell, "x", "y"], ["x", cell, "y"], ["x", "y", cell]):
        # Alone: the records beside it take the short way.
        assert untidy([["1", "2", "3"], row, ["4", "5", "6"]], tmp_path) == [1]
        assert untidy([row, ["1", "2", "3"]], tmp_path) == [0]
        assert untidy([row], tmp_path, quoting=csv.QUOTE_ALL) == [0]
