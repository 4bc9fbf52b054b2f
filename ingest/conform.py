"""From text rows to typed, tokenised rows: one pass over the file, every row accounted for.

Add here a fate that a row can have. Keep out: single values (typing_sql.py), tokens (derive.py),
where files come to rest (landing.py).
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.contracts.base import Contract
from ingest.derive import Deriver
from ingest.normalise import masked
from ingest.outcomes import ReadOutcome
from ingest.pseudonymise import PseudonymKey
from ingest.readers.base import literal, quoted
from ingest.senders import Layout
from ingest.typing_sql import delivered, typed, typed_field

ROWS_PER_BATCH = 122_880  # one Parquet row group
RAW_TEXT_CHARACTERS = 200
_HELPERS = ("_violations", "_row_hash")

QUARANTINE_SCHEMA = pa.schema(
    [
        ("line", pa.int64()),
        ("column_name", pa.string()),
        ("reason_code", pa.string()),
        ("raw_text", pa.string()),
    ]
)


@dataclass(frozen=True)
class Provenance:
    """What every row of a delivery carries: who sent it, when it came, which bytes it is from."""

    sender: str
    received_date: dt.date
    sha256: str


@dataclass(frozen=True)
class Conformed:
    """Counts of one file and source, and its violations (QUARANTINE_SCHEMA, one row each).

    quarantined counts records, not violations. day_min, day_max: of the accepted rows.
    """

    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    day_min: dt.date | None
    day_max: dt.date | None
    violations: pa.Table


def raw_schema(contract: Contract) -> pa.Schema:
    """The Arrow schema of a raw Parquet file."""
    columns = ", ".join(
        f"null::{sql_type} as {quoted(name)}" for name, sql_type in contract.raw_columns()
    )
    return duckdb.connect().execute(f"select {columns}").to_arrow_table().schema


def conforming_query(contract: Contract, layout: Layout, rows: str, provenance: Provenance) -> str:
    """SQL: text rows to typed rows with `_violations` (null when none) and `_row_hash`.

    Personal and folded texts come out as delivered, under the field's own name (derive.py).
    """
    fields = [typed_field(field, layout) for field in contract.fields]
    values = ", ".join(f"{item.value} as {typed(item.field)}" for item in fields)
    holds = " and ".join(f"({item.holds})" for item in fields)
    violations = ", ".join(
        f"{{'column_name': {literal(item.field.name)}, 'reason_code': {item.reason}, "
        f"'raw_text': {_shown(item.field.personal is not None, delivered(item.field))}}}"
        for item in fields
    )
    outputs = []
    for item in fields:
        outputs.append(f"{typed(item.field)} as {quoted(item.field.name)}")
        if item.local_date is not None:
            name = f"{item.field.name.removesuffix('_at')}_date"
            outputs.append(f"{item.local_date} as {quoted(name)}")
    day_field = contract.field(contract.day_field)
    day = typed_field(day_field, layout).local_date or typed(day_field)
    received = f"date {literal(provenance.received_date.isoformat())}"
    texts = ", ".join(delivered(item.field) for item in fields)
    return f"""
        select {", ".join(outputs)},
            coalesce({day}, {received}) as day,
            case when {day} is null then 'received' else 'stated' end as _day_basis,
            {literal(provenance.sender)} as _sender,
            {received} as _received_date,
            _extra,
            {literal(provenance.sha256)} as _src_sha,
            _src_line,
            case when not _holds then list_filter([{violations}],
                lambda violation: violation.reason_code is not null) end as _violations,
            hash({texts}) as _row_hash
        from (
            select *, {holds} as _holds
            from (select *, {values} from ({_delivered(contract, layout, rows)}))
        )
    """


def _delivered(contract: Contract, layout: Layout, rows: str) -> str:
    """SQL: the rows as delivered, constants filled in."""
    sources = ", ".join(
        f"{literal(layout.constants[field.name])}::varchar as {delivered(field)}"
        if field.name in layout.constants
        else f"{quoted(field.name)} as {delivered(field)}"
        for field in contract.fields
    )
    return f"select _src_line, _extra, {sources} from {rows}"


def _shown(is_personal: bool, text: str) -> str:
    return masked(text) if is_personal else f"left({text}, {RAW_TEXT_CHARACTERS})"


def conform(
    connection: duckdb.DuckDBPyConnection, read: ReadOutcome, contract: Contract, layout: Layout,
    provenance: Provenance, key: PseudonymKey, target: Path,
) -> Conformed:  # fmt: skip
    """Write the accepted rows of `read` to the Parquet file `target`, in file order.

    A row that breaks the contract is quarantined with all its violations; of rows whose delivered
    texts are all equal the first is kept. Raises duckdb.Error when the reader's view fails.
    """
    query = conforming_query(contract, layout, read.rows, provenance)
    schema = raw_schema(contract)
    sink = _Sink(schema, target)
    deriver = Deriver(contract, key)
    try:
        with sink.writer:
            for batch in connection.execute(query).to_arrow_reader(ROWS_PER_BATCH):
                sink.take(batch, deriver)
    finally:
        deriver.close()
    repeated = _repeated_lines(connection, _delivered(contract, layout, read.rows), contract, sink)
    if len(repeated):
        sink.leave_out(repeated)
    rejected = connection.execute(
        f"select line, column_name, reason_code, {masked('raw_text')} as raw_text "
        f"from {read.rejected}"
    ).to_arrow_table()
    records = len(pc.unique(rejected.column("line")))
    violations = pa.concat_tables(
        [rejected.cast(QUARANTINE_SCHEMA), *(item.cast(QUARANTINE_SCHEMA) for item in sink.broken)]
    )
    return Conformed(
        rows_in=sink.rows_in + records,
        accepted=pq.read_metadata(target).num_rows,
        quarantined=sink.broken_rows + records,
        duplicates=len(repeated),
        day_min=sink.day_min,
        day_max=sink.day_max,
        violations=violations.sort_by([("line", "ascending"), ("column_name", "ascending")]),
    )


class _Sink:
    """Takes batches in file order: accepted rows to Parquet, broken rows aside."""

    def __init__(self, schema: pa.Schema, target: Path) -> None:
        self.schema = schema
        self.target = target
        self.writer = _writer(target, schema)
        self.rows_in = 0
        self.broken_rows = 0
        self.broken: list[pa.Table] = []
        self.hashes: list[np.ndarray[Any, Any]] = []
        self.day_min: dt.date | None = None
        self.day_max: dt.date | None = None

    def take(self, batch: pa.RecordBatch, deriver: Deriver) -> None:
        """Split one batch and write what is accepted."""
        self.rows_in += batch.num_rows
        violations = batch.column("_violations")
        if violations.null_count < batch.num_rows:
            self._set_aside(batch)
            batch = batch.filter(pc.is_null(violations))
        if not batch.num_rows:
            return
        # A copy: a view would keep the whole batch in memory until the end of the file.
        self.hashes.append(batch.column("_row_hash").to_numpy(zero_copy_only=False).copy())
        columns: dict[str, pa.Array] = {}
        for name, values in zip(batch.schema.names, batch.columns, strict=True):
            if name not in _HELPERS:
                columns.update(deriver.columns(name, values))
        table = pa.table([columns[name] for name in self.schema.names], schema=self.schema)
        self._widen_days(table)
        self.writer.write_table(table, row_group_size=ROWS_PER_BATCH)

    def _set_aside(self, batch: pa.RecordBatch) -> None:
        broken = batch.filter(pc.is_valid(batch.column("_violations")))
        self.broken_rows += broken.num_rows
        items = broken.column("_violations")
        lines = pc.take(broken.column("_src_line"), pc.list_parent_indices(items))
        parts = pc.list_flatten(items)
        table = pa.table(
            {"line": lines}
            | {name: pc.struct_field(parts, name) for name in QUARANTINE_SCHEMA.names[1:]}
        )
        self.broken.append(table)

    def _widen_days(self, table: pa.Table) -> None:
        bounds = pc.min_max(table.column("day")).as_py()
        self.day_min = min(filter(None, (self.day_min, bounds["min"])))
        self.day_max = max(filter(None, (self.day_max, bounds["max"])))

    def leave_out(self, lines: pa.Array) -> None:
        """Write the target once more without the rows of `lines`."""
        complete = self.target.with_suffix(".all")
        self.target.rename(complete)
        self.day_min = self.day_max = None
        with _writer(self.target, self.schema) as writer, pq.ParquetFile(complete) as source:
            for batch in source.iter_batches(ROWS_PER_BATCH):
                kept = batch.filter(pc.invert(pc.is_in(batch.column("_src_line"), lines)))
                if kept.num_rows:
                    table = pa.Table.from_batches([kept]).cast(self.schema)
                    self._widen_days(table)
                    writer.write_table(table, row_group_size=ROWS_PER_BATCH)
        complete.unlink()


def _writer(target: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        target, schema, compression="zstd", compression_level=1, store_decimal_as_integer=True,
    )  # fmt: skip


def _repeated_lines(
    connection: duckdb.DuckDBPyConnection, delivered_rows: str, contract: Contract, sink: _Sink
) -> pa.Array:
    """Lines of accepted rows that repeat an earlier row text by text.

    Only rows whose hash occurs twice are read again and compared in full.
    """
    hashes = np.concatenate(sink.hashes) if sink.hashes else np.zeros(0, dtype=np.uint64)
    hashes.sort()
    suspects = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(suspects):
        return pa.array([], type=pa.int64())
    names = ", ".join(delivered(field) for field in contract.fields)
    connection.register("suspect_hashes", pa.table({"row_hash": suspects}))
    repeated = connection.execute(
        f"""
        select _src_line from (
            select _src_line,
                row_number() over (partition by {names} order by _src_line) as occurrence
            from (select *, hash({names}) as row_hash from ({delivered_rows}))
            where row_hash in (select row_hash from suspect_hashes)
        ) where occurrence > 1
        """
    ).to_arrow_table()
    connection.unregister("suspect_hashes")
    return repeated.column("_src_line").combine_chunks()
