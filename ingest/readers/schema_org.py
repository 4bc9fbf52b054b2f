"""Reads what a crawler stored of shop pages: a line is one page's JSON-LD, an offer becomes a row.

A line is an object. Its JSON-LD is the line itself (it has `@type` or `@graph`), or whatever value
of it is JSON-LD, as an object, a list or a text that holds one. What schema.org has no word for
(platform_code, observed_at, channel_kind, ...) stands beside it under the names of the contract, or
of the profile's columns. What the page says wins over what stands beside it. A line without JSON-LD
is a row of our own layout.

`_src_line` is the line. Further offers of a line have numbers behind the last line of the file, so
that each is a record of its own; `_extra` names their line.
Add here what a line may look like. Keep out: properties of products and offers
(schema_org_parts.py), typing (conform.py), fetching of anything.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from contracts.base import Contract
from foundation.garbage import no_search_for_cycles
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.base import literal, scratch_folder
from ingest.readers.json_scan import PIECE_BYTES, JsonScan, line_pieces
from ingest.readers.record_scan import MAX_RECORD_BYTES, RAW_TEXT_BYTES
from ingest.readers.schema_org_parts import (
    Defect,
    Number,
    Values,
    is_page,
    offers_of,
    resolver,
    values_of,
)
from ingest.readers.schema_org_rows import Rows
from ingest.readers.text_encoding import as_utf8
from ingest.senders.profile import Layout

_REJECTED = pa.schema(
    [
        ("line", pa.int64()),
        ("column_name", pa.string()),
        ("reason_code", pa.string()),
        ("raw_text", pa.string()),
    ]
)


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """The offers of one file.

    Quarantined lines: broken_json, not_a_number, not_an_object, duplicate_key, nul_byte,
    json_too_deep, record_too_long, no_product, no_offer, too_many_offers; quarantined offers:
    nested_value, ambiguous_price, several_prices, price_currencies_differ, price_range.
    Raises FileRefused: empty_file, encoding_mismatch, not_json_lines, too_many_keys,
    missing_column.
    """
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", "the file has 0 bytes")
    folder = scratch_folder(connection)
    text = as_utf8(path, layout.encoding, folder)
    stored = folder / "offers.parquet"
    scan = JsonScan()
    # Nothing here refers to itself, so Python's search for garbage finds none and costs a tenth.
    with no_search_for_cycles(), Rows(stored, contract, layout, _lines_in(text.path)) as rows:
        for first_line, body in line_pieces(text.path, scan):
            for number, line in enumerate(body.split(b"\n")[:-1], start=first_line):
                _take(line, number, rows, scan)
            scan.require_lines_of_json()
        scan.require_any_line_of_json()
        if not scan.lines:
            raise FileRefused("empty_file", "no line holds anything")
        for long in scan.rejects:
            rows.reject_long(long)
        rows.require_envelope()
    _create(connection, stored, rows.rejected)
    warnings = [*rows.warnings(), *text.warnings]
    if not scan.ends_with_newline:
        warnings.append("no_final_newline: the last record may have been cut off")
    if scan.blank_lines:
        warnings.append(f"blank_lines: {scan.blank_lines} empty lines skipped")
    return ReadOutcome(
        "delivered_rows", "delivered_rejects", tuple(warnings), encoding=text.encoding
    )


def _lines_in(path: Path) -> int:
    """At least as many as the file has."""
    with path.open("rb") as stream:
        return 1 + sum(piece.count(b"\n") for piece in iter(lambda: stream.read(PIECE_BYTES), b""))


def _create(
    connection: duckdb.DuckDBPyConnection, stored: Path, rejected: list[tuple[object, ...]]
) -> None:
    connection.execute(
        f"create or replace view delivered_rows as select * from read_parquet("
        f"{literal(str(stored))})"
    )
    columns = zip(*rejected, strict=True) if rejected else ((),) * len(_REJECTED)
    table = pa.table([list(column) for column in columns], schema=_REJECTED)
    connection.register("rejected_offers", table)
    connection.execute("create or replace table delivered_rejects as from rejected_offers")
    connection.unregister("rejected_offers")


def _take(raw: bytes, number: int, rows: Rows, scan: JsonScan) -> None:
    """Add what one line gives; a line that is no object of JSON counts as broken."""
    if not raw or raw.isspace():
        scan.blank_lines += 1
        return
    if len(raw) > MAX_RECORD_BYTES:
        scan.reject_long(number, raw[:RAW_TEXT_BYTES])
        return
    scan.lines += 1
    line = raw.decode("utf-8")
    try:
        document = _decoded(line)
    except Defect as defect:
        scan.broken += 1
        rows.reject(number, defect, line)
        return
    try:
        records = list(_records(document, rows))
    except Defect as defect:
        records = [defect]
    rows.add(number, records, line)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Defect("duplicate_key")
    return found


def _no_number(_: str) -> None:
    raise Defect("not_a_number")


# Numbers stay the texts that were delivered: 1.10 is not 1.1, and no number is too long.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=Number, parse_int=Number, parse_constant=_no_number
)


def _decoded(line: str) -> dict[str, Any]:
    """The object of a line. Raises Defect with the reason of the line."""
    try:
        document = _DECODER.decode(line)
    except ValueError as error:
        raise Defect("broken_json") from error
    except RecursionError as error:
        raise Defect("json_too_deep") from error
    if not isinstance(document, dict):
        raise Defect("not_an_object")
    if "\\u0000" in line:
        raise Defect("nul_byte")
    return document


def _records(document: dict[str, Any], rows: Rows) -> Iterator[Values | Defect]:
    """The rows of a line. Raises Defect for a line that gives none."""
    if is_page(document):
        pages = [document]
        beside = rows.stated_beside(document, document.keys())
    else:
        found = {key: page for key, value in document.items() if (page := _page(value))}
        pages = list(found.values())
        beside = rows.stated_beside(document, document.keys() - found.keys())
        if not pages:
            yield beside
            return
    count = 0
    for page in pages:
        resolve = resolver(page)
        for offer in offers_of(page, resolve):
            count += 1
            if isinstance(offer, Defect):
                yield offer
                continue
            try:
                said = values_of(offer, resolve, states_numbers=rows.states_numbers)
            except Defect as defect:
                yield defect
                continue
            row = beside.copy()
            for name, text in said.items():
                if text is not None:
                    row[name] = text
            yield row
    if not count:
        raise Defect("no_product")


def _page(value: object) -> Any:
    """The JSON-LD that a value is, or that a text holds; else None. Raises Defect."""
    if isinstance(value, str) and value[:1] in ("{", "[") and '"@' in value:
        try:
            value = _DECODER.decode(value)
        except ValueError as error:
            raise Defect("broken_json") from error
        except RecursionError as error:
            raise Defect("json_too_deep") from error
    return value if is_page(value) else None
