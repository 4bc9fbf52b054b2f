"""What the bytes of a sample file say: possible formats, encodings, delimiters, header rows.

Evidence only; nothing is chosen. The functions parse delivered bytes, so sample.py calls them in
the limited child: one picklable job in, plain JSON out.
Add here evidence for another setting of a layout's first block. Keep out: columns and values
(sample_columns.py) and the questions asked (sender_draft.py).
"""

import codecs
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.conforming.jobs import SampleJob
from ingest.outcomes import FileRefused
from ingest.readers.text_encoding import as_utf8
from ingest.senders.profile_document import ENCODINGS

DELIMITERS = (",", ";", "\t", "|")
LINES_LOOKED_AT = 10
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD_BYTES = 4 << 20
_WORKBOOK_PART = b"xl/workbook"
_ZIP = b"PK\x03\x04"
_NOT_READ = {
    _ZIP: "a zip archive: unpack it and show one of its files",
    b"\x1f\x8b": "a gzip file: unpack it and show what is inside",
    b"\xd0\xcf\x11\xe0": "a workbook of the format before 2007, or with a password: save it as a "
    "plain .xlsx",
}


def formats(job: SampleJob) -> dict[str, Any]:
    """{"formats": [[name, evidence]], "note": why none fits, or null}, by the first bytes."""
    with job.path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.startswith(b"PAR1"):
        return {"formats": [["parquet", "the file begins with the mark of Parquet"]], "note": None}
    if head.startswith(_ZIP) and (_WORKBOOK_PART in head or _WORKBOOK_PART in _tail(job.path)):
        return {"formats": [["xlsx", "a zip package with a workbook inside"]], "note": None}
    for mark, note in _NOT_READ.items():
        if head.startswith(mark):
            return {"formats": [], "note": note}
    return _text_formats(job.path, head) if head else {"formats": [], "note": "it has 0 bytes"}


def _tail(path: Path) -> bytes:
    """The end of a file, where a zip archive lists its members."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _HEAD_BYTES))
        return stream.read()


def _text_formats(path: Path, head: bytes) -> dict[str, Any]:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").replace(b"\0", b"")[:1]
    if start == b"<":
        from ingest.readers.xml_documents import source_of_xml

        try:
            named = source_of_xml(path)
        except FileRefused as refusal:
            return {"formats": [], "note": f"XML, but {refusal.detail}"}
        if named is None:
            return {"formats": [], "note": "XML whose root element no reader knows"}
        return {"formats": [[named[1], f"an XML document of the source {named[0]}"]], "note": None}
    found = [["delimited", f"text in lines; line 1 has {_first_line_length(head)} bytes"]]
    if start == b"{":
        found.insert(0, ["json_lines", _json_evidence(head)])
    return {"formats": found, "note": None}


def _first_line_length(head: bytes) -> int:
    return len(head.partition(b"\n")[0])


def _json_evidence(head: bytes) -> str:
    line = head.partition(b"\n")[0]
    try:
        names = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return "line 1 begins with { but is not JSON"
    if b'"@type"' in line or b'"@graph"' in line:
        return (
            "line 1 holds JSON-LD of schema.org: pages are read by a profile of the format "
            "schema_org, which needs no questions; copy the shipped listing_pages.toml"
        )
    return f"line 1 is a JSON object with {len(names)} names"


def encodings(job: SampleJob) -> dict[str, Any]:
    """{"encodings": [[name, fits, evidence]]}: which encodings the text can be in.

    Read with the reader's own decoder, so `fits` is what a delivery would meet.
    """
    sample = job.folder / "head.bin"
    sample.write_bytes(_whole_lines(job.path))
    return {"encodings": [[name, *_tried(sample, name, job.folder)] for name in ENCODINGS]}


def _whole_lines(path: Path) -> bytes:
    """The first bytes of the file, cut behind a line end."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES + 1)
    if len(head) <= _HEAD_BYTES:
        return head
    cut = head.rfind(b"\n") + 1 or _HEAD_BYTES
    is_wide = b"\0" in head[:256]
    return head[: cut + cut % 2] if is_wide else head[:cut]


def _tried(sample: Path, encoding: str, folder: Path) -> tuple[bool, str]:
    """(whether the sample is in this encoding, evidence)."""
    bytes_seen = sample.read_bytes()
    is_wide, has_mark = encoding.startswith("utf-16"), bytes_seen[:2] in _WIDE_MARKS
    if is_wide and b"\0" not in bytes_seen:
        return False, "no zero byte, so no line end or separator in UTF-16"
    if is_wide and has_mark and encoding != "utf-16":
        return False, "a byte order mark says the order of bytes: state utf-16"
    try:
        text = as_utf8(sample, encoding, folder)
        letters = text.path.read_bytes().decode("utf-8")
    except (FileRefused, UnicodeDecodeError) as error:
        return False, getattr(error, "detail", f"not {encoding}")
    if text.encoding != encoding and not encoding.startswith(text.encoding):
        return False, f"the file is {text.encoding}"
    beyond = sum(not letter.isascii() for letter in letters)
    if not beyond:
        return True, "pure ASCII so far: the sample does not tell the encodings apart"
    return True, f"reads the sample, {beyond} characters beyond ASCII"


def lines(job: SampleJob) -> dict[str, Any]:
    """{"lines": n, "fields": {delimiter: [fields of line 1, 2, ...]}} of delimited text."""
    sample = job.folder / "head.bin"
    sample.write_bytes(_whole_lines(job.path))
    text = as_utf8(sample, job.layout.encoding, job.folder).path.read_bytes().decode("utf-8-sig")
    first = text.splitlines()[:LINES_LOOKED_AT]
    return {
        "lines": len(first),
        "fields": {mark: _fields(first, mark) for mark in DELIMITERS},
    }


def _fields(first: Sequence[str], delimiter: str) -> list[int]:
    """Fields of each line, each read by itself: a quoted line break may miscount one."""
    return [len(next(csv.reader([line], delimiter=delimiter), [])) for line in first]


def sheets(job: SampleJob) -> dict[str, Any]:
    """{"sheets": [[name, visible, holds cells]]} of a workbook."""
    from ingest.readers.workbook import list_sheets

    return {"sheets": [list(sheet) for sheet in list_sheets(job.path)]}


def sheet_rows(job: SampleJob) -> dict[str, Any]:
    """{"filled": [cells of row 1, 2, ...]} of one sheet of a workbook."""
    import fastexcel

    from ingest.readers.workbook import plain_workbook

    book = plain_workbook(job.path, job.layout.sheet, job.folder)
    sheet = fastexcel.read_excel(str(book.path)).load_sheet(
        0, header_row=None, n_rows=LINES_LOOKED_AT, dtypes="string"
    )
    columns = sheet.to_arrow().columns
    return {
        "filled": [
            sum(column[place].is_valid for column in columns) for place in range(sheet.height)
        ]
    }
