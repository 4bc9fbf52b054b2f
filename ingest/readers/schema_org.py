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
import re
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.base import Contract
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.base import garbage_kept, literal, scratch_folder
from ingest.readers.json_scan import MAX_KEYS, PIECE_BYTES, JsonScan, line_pieces
from ingest.readers.record_scan import MAX_RECORD_BYTES, RAW_TEXT_BYTES
from ingest.readers.schema_org_parts import (
    Defect,
    Number,
    Values,
    is_page,
    offers_of,
    resolver,
    scalar,
    values_of,
)
from ingest.readers.text_encoding import as_utf8
from ingest.senders.profile import Layout
from ingest.text.labels import distinct_names

# What every row needs and no page says: named when no line of the file has it.
_NO_WORD_FOR = ("platform_code", "observed_at")
_ROWS_PER_WRITE = 20_000
_RAW_CHARACTERS = 200
# Half of a surrogate pair: JSON can say it, no text can hold it.
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
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
    with garbage_kept(), _Rows(stored, contract, layout, _lines_in(text.path)) as rows:
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


def _take(raw: bytes, number: int, rows: "_Rows", scan: JsonScan) -> None:
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


def _records(document: dict[str, Any], rows: "_Rows") -> Iterator[Values | Defect]:
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


class _Rows:
    """Rows on their way to a Parquet file, and what was set aside, in the order of the lines."""

    def __init__(self, target: Path, contract: Contract, layout: Layout, last_line: int) -> None:
        self.states_numbers = layout.decimal_separator != "." or bool(layout.thousands_separator)
        self.rejected: list[tuple[object, ...]] = []
        self._contract, self._layout = contract, layout
        self._types = {field.name: field.type for field in contract.fields}
        self._field_of = {layout.column_of(field.name): field.name for field in contract.fields}
        # a.b: the value of b inside the object a, as in JSON lines
        self._paths = {
            name: tuple(column.split("."))
            for column, name in self._field_of.items()
            if "." in column
        }
        self._known = {*layout.left_out, *(path[0] for path in self._paths.values())}
        self._unknown: dict[str, None] = {}
        self._stated: set[str] = set(layout.constants)
        self._line = 0  # the last one that gave a record
        self._behind = last_line
        names = ["_src_line", "_extra", *self._types]
        self._schema = pa.schema(
            [(name, pa.int64() if name == "_src_line" else pa.string()) for name in names]
        )
        self._rows: list[Values] = []
        self._numbers: list[int] = []
        self._has_rows = False
        self._writer = pq.ParquetWriter(target, self._schema, compression="lz4")

    def __enter__(self) -> "_Rows":
        return self

    def __exit__(self, *_: object) -> None:
        self._write()
        self._writer.close()

    def stated_beside(self, document: Mapping[str, Any], keys: Set[str]) -> Values:
        """What stands beside the JSON-LD of a line, and under `_extra` what nobody asked for.

        In a line that is JSON-LD itself, keys with nested values are the page's.
        """
        said: Values = {}
        extra: dict[str, Any] = {}
        is_page_itself = is_page(document)
        for key in document:
            if key not in keys:
                continue
            value, name = document[key], self._field_of.get(key)
            if name is not None:
                if not (is_page_itself and isinstance(value, (dict, list))):
                    said[name] = scalar(value, name)
            elif not (is_page_itself or key in self._known):
                self._note_unknown(key)
                shown = value if isinstance(value, str) else json.dumps(value)
                extra[key] = shown if key in self._layout.keep else len(shown)
        for name, path in self._paths.items():
            inner: Any = document
            for key in path:
                inner = inner.get(key) if isinstance(inner, dict) else None
            said[name] = scalar(inner, name)
        if extra:
            names = distinct_names(extra)
            stated = dict(zip(names, extra.values(), strict=True))
            said["_extra"] = json.dumps(stated, ensure_ascii=False)
        return said

    def _note_unknown(self, key: str) -> None:
        if key in self._layout.keep or key in self._unknown:
            return
        self._unknown[key] = None
        if len(self._unknown) > MAX_KEYS:
            raise FileRefused("too_many_keys", f"more than {MAX_KEYS} different keys")

    def add(self, number: int, records: list[Values | Defect], line: str) -> None:
        """Add the records of a line; what a page states twice is stated once."""
        rows = [record for record in records if not isinstance(record, Defect)]
        if len(rows) > 1:
            rows = list({tuple(sorted(row.items())): row for row in rows}.values())
            _tell_apart(rows)
        if _HALF_PAIR.search(line) and any(map(_is_no_text, rows)):
            self.reject(number, Defect("broken_json"), line)
            return
        for row in rows:
            self._append(number, row)
        for record in records:
            if isinstance(record, Defect):
                self.reject(number, record, line)

    def _number(self, line: int) -> int:
        """The number of the next record of a line; lines come in their order."""
        if line > self._line:
            self._line = line
            return line
        self._behind += 1
        return self._behind

    def _append(self, line: int, row: Values) -> None:
        number = self._number(line)
        if number != line:
            extra = json.loads(row.get("_extra") or "{}") | {"line": line}
            row["_extra"] = json.dumps(extra, ensure_ascii=False)
        self._rows.append(row)
        self._numbers.append(number)
        if len(self._rows) == _ROWS_PER_WRITE:
            self._write()

    def reject(self, line: int, defect: Defect, text: str) -> None:
        """Set a record aside, with what was wrong or else the beginning of its line."""
        raw = text if defect.raw_text is None else defect.raw_text
        raw = raw[:_RAW_CHARACTERS].encode("utf-8", errors="replace").decode("utf-8")
        self.rejected.append((self._number(line), defect.column, defect.reason_code, raw))

    def reject_long(self, found: pa.Table) -> None:
        """Set a line aside that is too long to be held."""
        for row in found.to_pylist():
            self.rejected.append((row["line"], None, row["reason_code"], row["raw_text"]))

    def require_envelope(self) -> None:
        """Raise FileRefused when no line says what no page can say."""
        self._write()
        if not self._has_rows:
            return
        missing = [name for name in _NO_WORD_FOR if name not in self._stated]
        if missing:
            columns = ", ".join(self._layout.column_of(name) for name in missing)
            raise FileRefused(
                "missing_column",
                f"no line states {columns}, and schema.org has no word for it: state it beside the "
                "page in every line, or as a constant of the sender profile",
            )

    def warnings(self) -> list[str]:
        """What the sender should know of all lines."""
        if not self._unknown:
            return []
        return [
            f"unknown_columns: {', '.join(distinct_names(self._unknown))}; their names and lengths "
            "are kept, their values only when the profile lists them under `keep`"
        ]

    def _write(self) -> None:
        """Column by column, which costs a third of row by row."""
        if not self._rows:
            return
        rows, decimal = self._rows, self._layout.decimal_separator
        self._has_rows = True
        self._stated.update(name for name in _NO_WORD_FOR if any(row.get(name) for row in rows))
        columns: dict[str, list[Any]] = {"_src_line": self._numbers}
        columns |= {name: [row.get(name) for row in rows] for name in self._schema.names[1:]}
        for name, kind in self._types.items():
            if kind == "integer":
                # How a program writes a whole number that it keeps as a float.
                columns[name] = [
                    text[:-2] if isinstance(text, Number) and text.endswith(".0") else text
                    for text in columns[name]
                ]
            elif kind == "decimal" and decimal != ".":
                columns[name] = [
                    text.replace(".", decimal) if isinstance(text, Number) else text
                    for text in columns[name]
                ]
        self._writer.write_table(pa.table(columns, schema=self._schema))
        self._rows, self._numbers = [], []


def _tell_apart(rows: list[Values]) -> None:
    """Offers of one page that share the number of their product get that of their seller behind it,
    else their place, so that each is a listing of its own."""
    shared: dict[str | None, list[Values]] = {}
    for row in rows:
        shared.setdefault(row.get("listing_id"), []).append(row)
    for name, same in shared.items():
        if name is None or len(same) == 1:
            continue
        sellers = [row.get("seller_code") for row in same]
        are_distinct = None not in sellers and len(set(sellers)) == len(sellers)
        for place, (row, seller) in enumerate(zip(same, sellers, strict=True), start=1):
            row["listing_id"] = f"{name}/{seller if are_distinct else place}"


def _is_no_text(row: Values) -> bool:
    try:
        for text in row.values():
            if text is not None:
                text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
