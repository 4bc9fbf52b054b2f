"""Rows of listings on their way to a Parquet file: numbered by their lines, told apart, written in
columns; and what was set aside.

Add here what is decided between the rows of one line, or about all rows of a file. Keep out: what
a line looks like (schema_org.py) and what a page says (schema_org_parts.py).
"""

import json
import re
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.base import Contract
from ingest.outcomes import FileRefused
from ingest.readers.json_scan import MAX_KEYS
from ingest.readers.schema_org_parts import Defect, Number, Values, is_page, scalar
from ingest.senders.profile import Layout
from ingest.text.labels import distinct_names

# What every row needs and no page says: named when no line of the file has it.
_NO_WORD_FOR = ("platform_code", "observed_at")
_ROWS_PER_WRITE = 20_000
_RAW_CHARACTERS = 200
# Half of a surrogate pair: JSON can say it, no text can hold it.
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class Rows:
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

    def __enter__(self) -> "Rows":
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
