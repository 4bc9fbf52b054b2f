"""The scan of a sheet's bytes: extent, formulas and merged ranges, whatever the pieces."""

import numpy as np
import pytest

from ingest.outcomes import FileRefused
from ingest.readers.sheet_scan import (
    MAX_CELLS,
    MergedRange,
    SheetFacts,
    SheetScanner,
    column_letters,
    column_number,
)


def facts_of(body: str, piece: int = 1 << 20, prefix: str = "", after: str = "") -> SheetFacts:
    scanner = SheetScanner()
    text = (
        f'<?xml version="1.0"?><{prefix}worksheet xmlns:r="http://example.invalid/r">'
        f"<{prefix}sheetData>{body}</{prefix}sheetData>{after}</{prefix}worksheet>"
    ).encode()
    for start in range(0, len(text), piece):
        scanner.take(text[start : start + piece])
    return scanner.finish()


def test_letters_and_numbers_of_columns_are_inverse() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 702, 703, 16_384)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
    assert all(column_number(column_letters(number)) == number for number in range(1, 20_000))


@pytest.mark.parametrize("piece", [7, 64, 1 << 20])
def test_the_extent_is_that_of_references(piece: int) -> None:
    rows = "".join(
        f'<row r="{row}" spans="1:3"><c r="A{row}" s="1"><v>1</v></c><c r="AB{row}" t="s"/></row>'
        for row in (1, 7, 2_000)
    )
    facts = facts_of(rows, piece)
    assert (facts.rows, facts.columns, facts.formulas) == (2_000, 28, 0)


def test_rows_and_cells_without_references_are_counted() -> None:
    facts = facts_of("<row><c/><c><v>1</v></c></row><row><c/><c/><c/></row><row/>")
    assert (facts.rows, facts.columns) == (3, 3)


def test_a_prefix_and_other_quotes_change_nothing() -> None:
    rows = "<x:row r='3'><x:c r='C3'><x:f>1</x:f><x:v>1</x:v></x:c></x:row>"
    facts = facts_of(rows, prefix="x:")
    assert (facts.rows, facts.columns, facts.formulas) == (3, 3, 1)


def test_texts_do_not_count_as_cells() -> None:
    """What looks like a reference in a text is none; a real reference shows (the control)."""
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
    facts = facts_of(text.format('r="XFD9" &lt;c r="ZZ9"'))
    assert (facts.rows, facts.columns) == (1, 1)
    assert facts_of(text.format('</t></is></c><c r="ZZ9"><is><t>')).columns == 702


def test_formulas_without_a_value_are_named() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><f si="0" t="shared"/><v></v></c></row>'
    )
    facts = facts_of(rows)
    assert facts.formulas == 4
    assert facts.uncomputed == [(1, 2), (1, 4)]


def test_merged_ranges_are_read_behind_the_rows() -> None:
    after = '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B2:B9"/></mergeCells>'
    facts = facts_of('<row r="1"><c r="A1"/></row>', after=after)
    assert facts.merged == [MergedRange(1, 1, 1, 3), MergedRange(2, 9, 2, 2)]
    assert str(facts.merged[1]) == "B2:B9"


def test_a_sheet_too_wide_or_too_long_is_refused() -> None:
    columns = MAX_CELLS // 1_048_576
    fits = f'<row r="1048576"><c r="{column_letters(columns)}1048576"/></row>'
    assert facts_of(fits).columns == columns
    wide = f'<row r="1048576"><c r="{column_letters(columns + 1)}1048576"/></row>'
    with pytest.raises(FileRefused, match="workbook_too_large"):
        facts_of(wide)
    # A cell that names a row far from its own: the library would hold all rows between.
    with pytest.raises(FileRefused, match="workbook_too_large"):
        facts_of('<row r="3"><c r="XFD1048576"/></row>')


def test_what_is_no_sheet_is_refused() -> None:
    for body in (b"", b"<chartsheet/>", "<worksheet/>".encode("utf-16")):
        scanner = SheetScanner()
        scanner.take(body)
        with pytest.raises(FileRefused, match="corrupt_workbook"):
            scanner.finish()


def test_random_bytes_never_raise_anything_else() -> None:
    chance = np.random.default_rng(36)
    alphabet = np.frombuffer(b"<>/cfrv =\"'A9:x", dtype=np.uint8)
    for _ in range(300):
        scanner = SheetScanner()
        noise = chance.choice(alphabet, size=200).tobytes()
        try:
            scanner.take(b"<worksheet>" + noise)
            scanner.finish()
        except FileRefused:
            continue
