"""Delimited text: records and physical lines as Python's csv module sees them, defects set aside.

Row numbers are those of the fault matrix (reliability handbook, A1).
"""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.base import Contract, Field
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers import record_scan
from ingest.readers.delimited import read
from ingest.senders.profile import Layout

CONTRACT = Contract.of_fields(
    (Field("a", "code", "", "", required=True), Field("b", "text", "", ""))
)
LAYOUT = Layout("delimited")


class Reading:
    """One read file: its rows, rejects and warnings."""

    def __init__(self, folder: Path, content: bytes, layout: Layout = LAYOUT) -> None:
        path = folder / "sample.csv"
        path.write_bytes(content)
        with duckdb.connect(config={"temp_directory": str(folder / "scratch")}) as connection:
            outcome: ReadOutcome = read(connection, path, CONTRACT, layout)
            self.rows = connection.execute(f"select _src_line, a, b from {outcome.rows}").fetchall()
            self.rejected = connection.execute(
                f"select line, reason_code from {outcome.rejected} order by all"
            ).fetchall()
        self.warnings = [warning.split(":")[0] for warning in outcome.warnings]


def test_columns_are_matched_by_name_in_any_order(tmp_path: Path) -> None:
    """Row 31."""
    layout = Layout("delimited", delimiter=";", columns={"a": "Số"})
    reading = Reading(tmp_path, "\ufeff b ;x;Số\n1;2;3\n".encode(), layout)
    assert reading.rows == [(2, "3", "1")]
    assert reading.warnings == ["unknown_columns"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_embedded_line_ends_keep_physical_lines(tmp_path: Path, ending: str) -> None:
    """Row 28."""
    text = ending.join(["a,b", '1,"x', 'y ""z"""', "2,", "", "3,w", ""])
    rows = Reading(tmp_path, text.encode()).rows
    assert rows == [(2, "1", f'x{ending}y "z"'), (4, "2", None), (6, "3", "w")]


def test_mixed_and_lone_line_ends_are_made_uniform(tmp_path: Path) -> None:
    reading = Reading(tmp_path, b"a,b\n1,2\r\n3,4\n5,x\ry\r\n")
    assert reading.rows == [(2, "1", "2"), (3, "3", "4"), (4, "5", "x y")]
    assert Reading(tmp_path, b"a,b\n1,2\r\n").rows == [(2, "1", "2")]
    assert Reading(tmp_path, b"a,b\n1,2\n\r").rows == [(2, "1", "2")]


def test_defects_cost_their_own_record_only(tmp_path: Path) -> None:
    """Rows 26, 29, 30."""
    content = b'a,b\n1,2\n3\n4,5,6\n7,n\x00l\n8,"open\n9,ok\n10,in"ner\n11,"clo"sed\n12,ok\n'
    reading = Reading(tmp_path, content)
    assert reading.rows == [(2, "1", "2"), (7, "9", "ok"), (10, "12", "ok")]
    assert reading.rejected == [
        (3, "too_few_fields"), (4, "too_many_fields"), (5, "nul_byte"), (6, "broken_quote"),
        (8, "broken_quote"), (9, "broken_quote"),
    ]  # fmt: skip
    assert reading.warnings == []


def test_an_open_quote_at_the_end_of_the_file(tmp_path: Path) -> None:
    reading = Reading(tmp_path, b'a,b\n1,2\n3,"x\n4,y\n')
    assert reading.rows == [(2, "1", "2"), (4, "4", "y")]
    assert reading.rejected == [(3, "broken_quote")]


def test_a_missing_final_newline_is_a_warning(tmp_path: Path) -> None:
    """Row 21."""
    assert Reading(tmp_path, b"a,b\n1,2").warnings == ["no_final_newline"]
    assert Reading(tmp_path, b"a,b\n1,2\n").warnings == []
    assert Reading(tmp_path, b"a,b").warnings == []


def test_huge_fields_cost_at_most_their_row(tmp_path: Path) -> None:
    """Row 27: a million characters are read (typing sets them aside), three million are not."""
    content = b"a,b\n1," + b"x" * 1_000_000 + b"\n2," + b"y" * 3_000_000 + b"\n3,z\n"
    reading = Reading(tmp_path, content)
    assert [(line, a, len(b)) for line, a, b in reading.rows] == [(2, "1", 1_000_000), (4, "3", 1)]
    assert reading.rejected == [(3, "record_too_long")]


def test_too_many_broken_quotes_refuse_the_file(tmp_path: Path) -> None:
    content = b"a,b\n" + b'1,in"ner\n' * (record_scan.MAX_MALFORMED_RECORDS + 1)
    with pytest.raises(FileRefused, match="quoting_not_as_stated"):
        Reading(tmp_path, content)


@pytest.mark.parametrize(("delimiter", "named"), [(";", "';'"), ("\t", "'tab'"), ("|", "'\\|'")])
def test_another_delimiter_than_stated_is_named_and_never_used(
    tmp_path: Path, delimiter: str, named: str
) -> None:
    content = delimiter.join(("a", "b")) + "\n" + delimiter.join("12") + "\n"
    with pytest.raises(FileRefused, match=f"delimiter_not_as_stated.* 1 field.* 2 at {named}"):
        Reading(tmp_path, content.encode())


def test_a_column_that_no_delimiter_gives_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="missing_column"):
        Reading(tmp_path, b"b,c;d\n1,2\n")


def test_other_encodings_only_when_stated(tmp_path: Path) -> None:
    """Rows 23, 24: a byte order mark speaks for itself, a legacy encoding does not."""
    text = "a,b\n1,Đường\n"
    wide = Reading(tmp_path, text.encode("utf-16"))
    assert wide.rows == [(2, "1", "Đường")]
    assert wide.warnings == ["encoding_not_as_stated"]
    content = text.replace("ờ", "ơ\u0300").encode("cp1258")
    stated = Reading(tmp_path, content, Layout("delimited", encoding="windows-1258"))
    assert stated.rows == [(2, "1", "Đường")]
    with pytest.raises(FileRefused, match="encoding_mismatch"):
        Reading(tmp_path, content)


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_cut_file_is_never_silently_whole(tmp_path: Path, cut: int) -> None:
    """Row 21: whatever is cut off the end, the reader warns or rejects."""
    reading = Reading(tmp_path, b'a,b\n1,2\n3,"four"\n'[:-cut])
    assert reading.warnings or reading.rejected or len(reading.rows) < 2


FIELD = st.text(st.sampled_from('ab,"\n\r đ'), max_size=6)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(FIELD, FIELD), max_size=12), piece=st.sampled_from([7, 64, 1 << 20]))
def test_well_formed_files_read_like_python_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str]], piece: int
) -> None:
    """Any content, any size of the pieces that the scan reads: same fields, right lines."""
    monkeypatch.setattr(record_scan, "PIECE_BYTES", piece)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b"])
    expected, line = [], 2
    for left, right in rows:
        writer.writerow([left, right])
        expected.append((line, left, right))
        line += 1 + (left + right).count("\n")
    reading = Reading(tmp_path, buffer.getvalue().encode())
    assert reading.rejected == []

    def plain(text: str | None) -> str:
        """Line ends inside fields may be made uniform when the file mixes them."""
        return (text or "").replace("\r\n", "\n").replace("\r", " ")

    assert [(n, plain(a), plain(b)) for n, a, b in reading.rows] == [
        (n, plain(a), plain(b)) for n, a, b in expected
    ]


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('a,"\n\r'), max_size=40), piece=st.sampled_from([5, 1 << 20]))
def test_no_line_disappears_whatever_the_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, piece: int
) -> None:
    """Every non-empty line belongs to a row or a reject; the CSV parser accepts what is kept.

    Not claimed for NUL bytes: a reject for one covers all lines of its record.
    """
    monkeypatch.setattr(record_scan, "PIECE_BYTES", piece)
    reading = Reading(tmp_path, f"a,b\n{body}".encode())
    lines = body.split("\n")
    known = {line for line, _, _ in reading.rows} | {line for line, _ in reading.rejected}
    spans = {line: f"{a or ''}{b or ''}".count("\n") for line, a, b in reading.rows}
    covered = {line + step for line in known for step in range(spans.get(line, 0) + 1)}
    wanted = {number for number, text in enumerate(lines, start=2) if text.strip("\r")}
    assert wanted <= covered
