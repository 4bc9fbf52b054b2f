"""A result within its limits, as JSON rows or an Arrow stream.

Add here another form of a result. Keep out: running the statement (worker.py), HTTP headers.

JSON: numbers that JSON readers would round (DECIMAL, HUGEINT) and everything JSON has no word for
(dates, times, not-a-number) are text; bytes are base64; structs and lists stay what they are.
"""

import base64
import datetime as dt
import decimal
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from foundation.errors import UsageError
from serving.daemon.wire import Query

_EXACT_INTEGERS = 2**53


class TooLarge(Exception):
    """The result has more rows or bytes than one may have."""


@dataclass(frozen=True)
class Batches:
    """A result in memory."""

    schema: pa.Schema
    batches: tuple[pa.RecordBatch, ...]


def limited(reader: pa.RecordBatchReader, query: Query) -> tuple[Batches, bool]:
    """The rows of a result, and whether limit_rows cut it; TooLarge when a limit is passed.

    A result is never cut in silence: only the limit that the reader stated cuts.
    """
    wanted = query.max_rows if query.limit_rows is None else query.limit_rows
    taken: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in reader:
        if rows + batch.num_rows > wanted and query.limit_rows is None:
            raise TooLarge(f"the result has more than {query.max_rows} rows")
        kept = batch.slice(0, wanted - rows)
        rows += kept.num_rows
        size += kept.get_total_buffer_size() if kept.num_rows == batch.num_rows else kept.nbytes
        if size > query.max_bytes:
            raise TooLarge(f"the result has more than {query.max_bytes} bytes")
        if kept.num_rows:
            taken.append(kept)
        if kept.num_rows < batch.num_rows:
            return Batches(reader.schema, tuple(taken)), True
    return Batches(reader.schema, tuple(taken)), False


def arrow(result: Batches) -> bytes:
    """An Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, result.schema) as stream:
        for batch in result.batches:
            stream.write_batch(batch)
    return sink.getvalue().to_pybytes()


def json_rows(result: Batches) -> bytes:
    """A JSON array of rows, each an array in column order."""
    parts = []
    for batch in result.batches:
        try:
            columns = [column.to_pylist() for column in batch.columns]
        except (ValueError, OverflowError, pa.ArrowException) as error:
            raise UsageError(
                f"a value cannot be shown as JSON (cast it to varchar, or ask for Arrow): {error}",
                where="the result",
                remedy="cast the column to varchar, or ask for Arrow",
            ) from error
        for row in zip(*columns, strict=True):
            parts.append(json.dumps([plain(value) for value in row], ensure_ascii=False))
    return ("[" + ",".join(parts) + "]").encode("utf-8", errors="replace")


def plain(value: Any) -> Any:
    """A value in the words of JSON."""
    for kinds, said in _WORDS:
        if isinstance(value, kinds):
            return said(value)
    return str(value)


def _integer(value: int) -> int | str:
    return value if -_EXACT_INTEGERS <= value <= _EXACT_INTEGERS else str(value)


def _float(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _decimal(value: decimal.Decimal) -> str:
    return format(value, "f") if value.is_finite() else str(value)


# In this order: a bool is an int, a datetime is a date.
_WORDS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((bool, str, type(None)), lambda value: value),
    (int, _integer),
    (float, _float),
    (decimal.Decimal, _decimal),
    ((dt.date, dt.time), lambda value: value.isoformat()),
    (bytes, lambda value: base64.b64encode(value).decode("ascii")),
    (Mapping, lambda value: {str(name): plain(item) for name, item in value.items()}),
    ((list, tuple), lambda value: [plain(item) for item in value]),
)
