"""Reads JSON lines: one object a line, keys are columns, numbers keep their delivered text.

A column that a profile states as `a.b` is the value of b inside the object a; every other nested
value breaks its row. Add here what an object may look like. Keep out: lines and numbers as bytes
(json_scan.py), typing (conform.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.base import Contract, Field
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers.base import (
    ColumnMatch,
    literal,
    match_columns,
    quoted,
    scratch_folder,
    select_fields,
)
from ingest.readers.cell_sql import is_code
from ingest.readers.json_scan import MAX_KEYS, NUMBER_MARK, REJECTS, JsonScan, documents
from ingest.readers.text_encoding import as_utf8
from ingest.senders.profile import Layout

_DOCUMENTS = pa.schema([("line", pa.int64()), ("document", pa.large_string())])
_EXPONENT = "-?[0-9]+([.][0-9]+)?[eE][+-]?[0-9]{1,2}"


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: Layout
) -> ReadOutcome:
    """The objects of one file; `_src_line` is the physical line.

    Quarantined rows: broken_json, not_a_number, not_an_object, duplicate_key, nul_byte,
    record_too_long, nested_value. Raises FileRefused: empty_file, encoding_mismatch,
    not_json_lines, too_many_keys, duplicate_column, missing_column.
    """
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", "the file has 0 bytes")
    folder = scratch_folder(connection)
    text = as_utf8(path, layout.encoding, folder)
    stored, scan = folder / "documents.parquet", JsonScan()
    with pq.ParquetWriter(stored, _DOCUMENTS, compression="lz4") as writer:
        for table in documents(connection, text.path, scan):
            if table.num_rows:
                writer.write_table(table.cast(_DOCUMENTS))
    if not scan.lines:
        raise FileRefused("empty_file", "no line holds anything")
    body = f"read_parquet({literal(str(stored))})"
    header, objects = _columns(connection, body, scan, layout)
    match = match_columns(list(header), contract, layout)
    values = folder / "values.parquet"
    _extract(connection, body, header, objects, values)
    stored.unlink()
    places = {column: quoted(f"v{place}") for place, column in enumerate(header)}
    kinds = {column: f"kinds[{place + 1}]" for place, column in enumerate(header)}
    nested = {
        name: (f"coalesce({kinds[column]} in ('OBJECT', 'ARRAY'), false)", _plain(places[column]))
        for name, column in match.fields.items()
    }
    extracted = f"read_parquet({literal(str(values))})"
    _create_rejects(connection, scan, extracted, nested)
    own = {name: f"field {name}" for name in match.fields}
    columns = {column: _plain(place) for column, place in places.items()} | {
        own[name]: _value(contract.field(name), layout, places[column])
        for name, column in match.fields.items()
    }
    is_nested = " or ".join(test for test, _ in nested.values()) or "false"
    is_sound = f"wrong_object is null and (kinds is null or not ({is_nested}))"
    rows = f"(select * from {extracted} where {is_sound})"
    connection.execute(
        "create or replace view delivered_rows as "
        f"select {select_fields(contract, replace(match, fields=own), columns)} from {rows}"
    )
    warnings = [*match.warnings, *text.warnings]
    if not scan.ends_with_newline:
        warnings.append("no_final_newline: the last record may have been cut off")
    if scan.blank_lines:
        warnings.append(f"blank_lines: {scan.blank_lines} empty lines skipped")
    warnings += _codes_as_numbers(connection, rows, match, contract, layout, places)
    return ReadOutcome(
        "delivered_rows", "delivered_rejects", tuple(warnings), tuple(header), text.encoding
    )


def _pointer(keys: Sequence[str]) -> str:
    """The JSON pointer to a value inside nested objects."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def _columns(
    connection: duckdb.DuckDBPyConnection, body: str, scan: JsonScan, layout: Layout
) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, ...]]]:
    """Column -> keys that lead to it; and the keys of objects that the profile looks into.

    Such an object gives way to its own keys, as columns `a.b`. A key that holds a dot itself is
    that column.
    """
    top = sorted(scan.keys, key=scan.keys.__getitem__)
    wanted = {*layout.columns.values(), *layout.other_columns} - set(top)
    opened = {
        tuple(parts[:depth])
        for parts in (name.split(".") for name in wanted)
        for depth in range(1, len(parts))
    }
    columns: dict[str, tuple[str, ...]] = {}
    objects: list[tuple[str, ...]] = []
    waiting: list[tuple[str, ...]] = [(key,) for key in top]
    while waiting:
        keys = waiting.pop(0)
        if keys not in opened:
            columns.setdefault(".".join(keys), keys)
            continue
        objects.append(keys)
        found = connection.execute(
            f"select distinct unnest(json_keys(document, {literal(_pointer(keys))})) as key "
            f"from {body} order by key limit {MAX_KEYS + 1}"
        ).fetchall()
        waiting += [(*keys, str(key)) for (key,) in found]
        if len(waiting) + len(columns) > MAX_KEYS:
            raise FileRefused("too_many_keys", f"more than {MAX_KEYS} different keys")
    return columns, objects


def _extract(
    connection: duckdb.DuckDBPyConnection, body: str, columns: Mapping[str, Sequence[str]],
    objects: Sequence[Sequence[str]], target: Path,
) -> None:  # fmt: skip
    """Write `_src_line`, the values v0, v1 ... as texts, `wrong_object` (a reason code or null) and
    `kinds`, the JSON types of the values where one may be nested."""
    pointers = [literal(_pointer(keys)) for keys in columns.values()]
    values = ", ".join(f"item[{place + 1}] as v{place}" for place in range(len(pointers)))
    tests = []
    for keys in objects:
        pointer = literal(_pointer(keys))
        kind = f"json_type(document, {pointer})"
        names = f"json_keys(document, {pointer})"
        tests.append(f"when {kind} not in ('OBJECT', 'NULL') then 'nested_value'")
        tests.append(f"when len({names}) > len(list_distinct({names})) then 'duplicate_key'")
    inside = f"case {' '.join(tests)} end" if tests else "null::varchar"
    connection.execute(
        f"copy (select line as _src_line, {values}, {inside} as wrong_object, "
        # Only a text that begins like an object or array needs a second look.
        f"case when len(list_filter(item, lambda text: left(text, 1) in ('{{', '['))) > 0 "
        f"then json_type(document, [{', '.join(pointers)}]) end as kinds "
        f"from (select *, json_extract_string(document, [{', '.join(pointers)}]) as item "
        f"from {body})) to {literal(str(target))} (format parquet, compression lz4_raw)"
    )


def _create_rejects(
    connection: duckdb.DuckDBPyConnection, scan: JsonScan, extracted: str,
    nested: Mapping[str, tuple[str, str]],
) -> None:  # fmt: skip
    """The table `delivered_rejects`: broken lines, and objects of another shape than stated."""
    broken = pa.concat_tables([REJECTS.empty_table(), *scan.rejects])
    connection.register("json_rejects", broken)
    parts = ", ".join(
        f"case when {is_nested} then {{'column_name': {literal(name)}, 'raw_text': {text}}} end"
        for name, (is_nested, text) in nested.items()
    )
    parts = parts or "null::struct(column_name varchar, raw_text varchar)"
    connection.execute(
        f"""
        create or replace table delivered_rejects as
        select line, null::varchar as column_name, reason_code, raw_text from json_rejects
        union all
        select _src_line, null, wrong_object, null from {extracted}
        where wrong_object is not null
        union all
        select line, item.column_name, 'nested_value', item.raw_text from (
            select _src_line as line,
                unnest(list_filter([{parts}], lambda part: part is not null)) as item
            from {extracted} where kinds is not null and wrong_object is null
        )
        """
    )
    connection.unregister("json_rejects")


def _is_number(value: str) -> str:
    return f"starts_with({value}, '{NUMBER_MARK}')"


def _plain(value: str) -> str:
    """SQL: the delivered text of any value; "" is null as in every format."""
    bare = f"regexp_replace({value}, '\"{NUMBER_MARK}([^\"]*)\"', '\\1', 'g')"
    return (
        f"case when {_is_number(value)} then substr({value}, 2) "
        f"when contains({value}, '{NUMBER_MARK}') then {bare} else nullif({value}, '') end"
    )


def _value(field: Field, layout: Layout, value: str) -> str:
    """SQL: what a value means to a field; numbers in the number format of the layout."""
    digits = f"substr({value}, 2)"
    if field.type in ("decimal", "integer"):
        # 1.5e3 is as exact as 1500; further exponents stay and break the contract.
        written_out = f"rtrim(rtrim(try_cast({digits} as decimal(38, 12))::varchar, '0'), '.')"
        has_exponent = f"regexp_full_match({digits}, '{_EXPONENT}')"
        digits = (
            f"case when {has_exponent} then coalesce({written_out}, {digits}) else {digits} end"
        )
        if field.type == "integer":
            # A program that keeps whole numbers as floats writes 3 as 3.0.
            digits = f"regexp_replace({digits}, '[.]0+$', '')"
        if layout.decimal_separator != ".":
            digits = f"replace({digits}, '.', {literal(layout.decimal_separator)})"
    elif field.name in layout.zero_pad:
        wanted = layout.zero_pad[field.name]
        is_short = f"regexp_full_match({digits}, '[0-9]{{1,{wanted}}}')"
        digits = f"case when {is_short} then lpad({digits}, {wanted}, '0') else {digits} end"
    return f"case when {_is_number(value)} then {digits} else nullif({value}, '') end"


def _codes_as_numbers(
    connection: duckdb.DuckDBPyConnection, rows: str, match: ColumnMatch, contract: Contract,
    layout: Layout, places: Mapping[str, str],
) -> list[str]:  # fmt: skip
    """A warning that names the codes that came as numbers, which cannot begin with zeros."""
    codes = [
        name
        for name in match.fields
        if is_code(contract.field(name)) and name not in layout.zero_pad
    ]
    if not codes:
        return []
    tests = ", ".join(f"bool_or({_is_number(places[match.fields[name]])})" for name in codes)
    found = connection.execute(f"select {tests} from {rows}").fetchone() or ()
    named = [name for name, is_hit in zip(codes, found, strict=True) if is_hit]
    if not named:
        return []
    return [f"codes_as_numbers: {', '.join(named)} came as numbers; leading zeros may be lost"]
