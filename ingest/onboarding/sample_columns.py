"""What a sample file says about its columns: names, shapes, spellings of numbers and dates, codes.

Evidence only, from the same readers and the same typing that a delivery meets; nothing is chosen.
The functions parse delivered bytes, so sample.py calls them in the limited child: one picklable
job in, plain JSON out.
Add here a kind of evidence about a column. Keep out: what the bytes are (sample_bytes.py) and the
questions asked about them (sender_draft.py).
"""

import contextlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from contracts.base import Contract, Field
from contracts.catalog import CONTRACTS
from ingest.conforming.jobs import SampleJob
from ingest.conforming.typing_sql import delivered, typed_field
from ingest.conforming.worker import open_database
from ingest.readers.base import quoted
from ingest.readers.registry import reader_for
from ingest.text.normalise import clean_text, masked

ROWS_LOOKED_AT = 10_000
JSON_LINES_LOOKED_AT = 1_000
SHAPES_SHOWN = 3
VALUES_SHOWN = 30
_MEMORY = 1 << 30
_SHAPE_CHARACTERS = 60
_LONGEST_VALUE = 80


def columns(job: SampleJob) -> dict[str, Any]:
    """{"rows": looked at, "warnings": [...], "columns": [{name, filled, longest, shapes}]}.

    shapes: the most frequent first, [text, times]; letters are x, digits 9, long runs shortened.
    FileRefused when the layout does not fit the file.
    """
    read = reader_for(job.layout.format)
    with open_database(job.path, job.folder, _MEMORY) as connection:
        nothing, _ = _bare(())
        header = read(connection, job.path, nothing, job.layout).header
        notes: list[str] = []
        if job.layout.format == "json_lines":
            header, notes = _json_names(job.path)
        contract, mapping = _bare(header)
        outcome = read(connection, job.path, contract, replace(job.layout, columns=mapping))
        connection.execute(
            f"create temp table looked as select * from {outcome.rows} limit {ROWS_LOOKED_AT}"
        )
        return {
            "rows": _row(connection, "select count(*) from looked")[0],
            "warnings": [*outcome.warnings, *notes],
            "columns": [_column(connection, field, name) for field, name in mapping.items()],
        }


def spellings(job: SampleJob) -> dict[str, Any]:
    """{"readings": [{read, filled, meaning}]}: how many values each candidate layout reads.

    Two candidates with one meaning read every value alike.
    """
    with open_database(job.path, job.folder, _MEMORY) as connection:
        fields = _look(connection, job)
        filled = " + ".join(f"count({clean_text(delivered(field))})" for field in fields)
        given = int(_row(connection, f"select {filled} from looked")[0])
        readings = []
        for candidate in job.candidates:
            values = ", ".join(
                f"{typed_field(field, candidate).value} as v{place}"
                for place, field in enumerate(fields)
            )
            names = [f"v{place}" for place in range(len(fields))]
            read = " + ".join(f"count({name})" for name in names)
            meaning = " + ".join(
                f"coalesce(sum(hash(_src_line, {name})) filter ({name} is not null), 0)"
                for name in names
            )
            typed = f"select _src_line, {values} from looked"
            found = _row(connection, f"select {read}, {meaning} from ({typed})")
            readings.append({"read": int(found[0]), "filled": given, "meaning": str(found[1])})
        return {"readings": readings}


def values(job: SampleJob) -> dict[str, Any]:
    """{"values": {field: [[text, times]]}}: the most frequent values; never of a personal field."""
    with open_database(job.path, job.folder, _MEMORY) as connection:
        return {
            "values": {
                field.name: [
                    [str(text), int(times)]
                    for text, times in connection.execute(
                        "select code, count(*) as times from (select "
                        f"left({clean_text(delivered(field))}, {_LONGEST_VALUE}) as code "
                        "from looked) where code is not null group by code "
                        f"order by times desc, code limit {VALUES_SHOWN + 1}"
                    ).fetchall()
                ]
                for field in _look(connection, job)
                if field.personal is None
            }
        }


def _json_names(path: Path) -> tuple[tuple[str, ...], list[str]]:
    """Names of the values in the first JSON lines, those inside objects as `a.b`; and notes.

    The reader itself opens an object only when a profile names something inside it.
    """
    names: dict[str, None] = {}
    lists: dict[str, None] = {}

    def collect(prefix: str, found: Any) -> None:
        if isinstance(found, dict):
            for key, inner in found.items():
                collect(f"{prefix}.{key}" if prefix else str(key), inner)
        elif isinstance(found, list):
            lists[prefix] = None
        else:
            names[prefix] = None

    with path.open("rb") as stream:
        for line in itertools.islice(stream, JSON_LINES_LOOKED_AT):
            # What is no JSON is quarantined by the reader; here it just names nothing.
            with contextlib.suppress(ValueError, RecursionError):
                collect("", json.loads(line.decode("utf-8-sig")))
    inner = {name for name in names if any(other.startswith(f"{name}.") for other in names)}
    notes = [f"{name!r} holds lists, which feed no field" for name in lists]
    return tuple(name for name in names if name and name not in {*lists, *inner}), notes


def _bare(names: Sequence[str]) -> tuple[Contract, Mapping[str, str]]:
    """A contract that asks for these columns as plain text, and the mapping that feeds it."""
    fields = tuple(
        Field(f"c{place}", "text", "", "", max_length=1 << 20) for place in range(len(names))
    )
    contract = Contract("sample", "", "", (), None, "", False, fields)
    return contract, {f"c{place}": name for place, name in enumerate(names)}


def _column(connection: duckdb.DuckDBPyConnection, field: str, name: str) -> dict[str, Any]:
    shape = f"left({masked(clean_text(field))}, {_SHAPE_CHARACTERS})"
    for letter in ("x", "9"):
        shape = f"regexp_replace({shape}, '{letter}{{9,}}', '{letter * 8}…', 'g')"
    shapes = connection.execute(
        f"select shape, count(*) as times from (select {shape} as shape from looked) "
        f"where shape is not null group by shape order by times desc, shape limit {SHAPES_SHOWN}"
    ).fetchall()
    filled, longest = _row(
        connection, f"select count({field}), coalesce(max(length({field})), 0) from looked"
    )
    return {
        "name": name,
        "filled": filled,
        "longest": longest,
        "shapes": [[str(text), int(times)] for text, times in shapes],
    }


def _look(connection: duckdb.DuckDBPyConnection, job: SampleJob) -> list[Field]:
    """Create the table `looked` with the asked fields as delivered texts; returns the fields."""
    contract = CONTRACTS[job.source]
    fields = [replace(contract.field(name), required=False) for name in job.fields]
    given = replace(contract, fields=tuple(fields))
    outcome = reader_for(job.layout.format)(connection, job.path, given, job.layout)
    texts = ", ".join(f"{quoted(field.name)} as {delivered(field)}" for field in fields)
    connection.execute(
        f"create temp table looked as select _src_line, {texts} from {outcome.rows} "
        f"limit {ROWS_LOOKED_AT}"
    )
    return fields


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    found = connection.execute(sql).fetchone()
    return found or ()
