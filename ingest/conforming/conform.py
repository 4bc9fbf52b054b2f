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

from contracts.base import Contract
from ingest.conforming.broken_rows import QUARANTINE_SCHEMA, BrokenRows, texts_of
from ingest.conforming.derive import Deriver
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.conforming.typing_sql import TypedField, delivered, is_derived, typed, typed_field
from ingest.outcomes import ALL, NONE, ReadOutcome
from ingest.readers.base import literal, quoted
from ingest.senders.profile import Layout
from ingest.text.hidden_text import has_hidden_characters
from ingest.text.normalise import masked

ROWS_PER_BATCH = 122_880  # one Parquet row group
_HELPERS = ("_broken", "_is_touched", "_key_hash")
_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
}


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
    may_hide_characters: whether a delivered text may have lost invisible characters.
    """

    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    day_min: dt.date | None
    day_max: dt.date | None
    violations: pa.Table
    may_hide_characters: bool


def raw_schema(contract: Contract) -> pa.Schema:
    """The Arrow schema of a raw Parquet file."""
    return pa.schema([(name, _arrow_type(sql_type)) for name, sql_type in contract.raw_columns()])


def _arrow_type(sql_type: str) -> pa.DataType:
    if sql_type.startswith("DECIMAL("):
        precision, scale = sql_type.removeprefix("DECIMAL(").removesuffix(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return _ARROW_TYPES[sql_type]


def typed_fields(
    contract: Contract, layout: Layout, provenance: Provenance, tidy: str = NONE
) -> list[TypedField]:
    """The SQL of every field, as one delivery needs it."""
    received = provenance.received_date
    return [typed_field(field, layout, received, tidy=tidy) for field in contract.fields]


def conforming_query(
    contract: Contract, layout: Layout, rows: str, provenance: Provenance, tidy: str = NONE
) -> str:
    """SQL: text rows to typed rows with `_broken` (null when the contract holds) and `_key_hash`.

    Personal and folded texts come out as delivered, under the field's own name (derive.py).
    _broken: the delivered texts of the row, from which broken_rows.py tells what is wrong.
    _is_touched: whether cleaning changed one of the other texts.
    tidy: condition over `rows` (outcomes.ReadOutcome).
    """
    told = tidy if tidy in (ALL, NONE) else "_is_tidy"
    fields = typed_fields(contract, layout, provenance, told)
    values = ", ".join(f"{item.value} as {typed(item.field)}" for item in fields)
    holds = " and ".join(f"({item.holds})" for item in fields)
    outputs = []
    for item in fields:
        outputs.append(f"{typed(item.field)} as {quoted(item.field.name)}")
        if item.local_date is not None:
            name = f"{item.field.name.removesuffix('_at')}_date"
            outputs.append(f"{item.local_date} as {quoted(name)}")
    day_field = contract.field(contract.day_field)
    day = typed_field(day_field, layout).local_date or typed(day_field)
    received = f"date {literal(provenance.received_date.isoformat())}"
    key = ", ".join(delivered(contract.field(name)) for name in contract.key)
    touched = [] if tidy == ALL else [
        f"{typed(item.field)} is distinct from {delivered(item.field)}"
        for item in fields
        if item.field.type in ("text", "code") and not is_derived(item.field)
        and item.field.name not in {*layout.codes, *layout.prefix, *layout.constants}
    ]  # fmt: skip
    return f"""
        select {", ".join(outputs)},
            coalesce({day}, {received}) as day,
            case when {day} is null then 'received' else 'stated' end as _day_basis,
            {literal(provenance.sender)} as _sender,
            {received} as _received_date,
            _extra,
            {literal(provenance.sha256)} as _src_sha,
            _src_line,
            case when not _holds then {texts_of(fields)} end as _broken,
            {" or ".join(touched) or "false"} as _is_touched,
            hash({key}) as _key_hash
        from (
            select *, {holds} as _holds
            from (select *, {values} from ({delivered_rows(contract, layout, rows, tidy)}))
        )
    """


def delivered_rows(contract: Contract, layout: Layout, rows: str, tidy: str = NONE) -> str:
    """SQL: the rows as delivered, constants filled in, each field under typing_sql.delivered, and
    `_is_tidy`."""
    sources = ", ".join(
        f"{literal(layout.constants[field.name])}::varchar as {delivered(field)}"
        if field.name in layout.constants
        else f"{quoted(field.name)} as {delivered(field)}"
        for field in contract.fields
    )
    return f"select _src_line, _extra, {tidy} as _is_tidy, {sources} from {rows}"


def conform(
    connection: duckdb.DuckDBPyConnection, read: ReadOutcome, contract: Contract, layout: Layout,
    provenance: Provenance, key: PseudonymKey, target: Path,
) -> Conformed:  # fmt: skip
    """Write the accepted rows of `read` to the Parquet file `target`, in file order.

    A row that breaks the contract is quarantined with all its violations; of rows whose delivered
    texts are all equal the first is kept. Raises duckdb.Error when the reader's view fails,
    FileRefused (FILE_REASON_CODES) when a row shows that the profile does not describe the file.
    """
    query = conforming_query(contract, layout, read.rows, provenance, read.tidy)
    broken = BrokenRows(connection.cursor(), typed_fields(contract, layout, provenance))
    sink = _Sink(raw_schema(contract), target, broken, read.may_hide_characters)
    deriver = Deriver(contract, key, connection)
    try:
        with sink.writer:
            for batch in connection.execute(query).to_arrow_reader(ROWS_PER_BATCH):
                sink.take(batch, deriver)
    finally:
        deriver.close()
    broken.explain()
    texts = delivered_rows(contract, layout, read.rows)
    repeated = _repeated_lines(connection, texts, contract, sink)
    if len(repeated):
        sink.leave_out(repeated)
    rejected = _rejected(connection, read)
    records = len(pc.unique(rejected.column("line")))
    violations = pa.concat_tables([rejected, *broken.violations])
    return Conformed(
        rows_in=sink.rows_in + records,
        accepted=pq.read_metadata(target).num_rows,
        quarantined=broken.count + records,
        duplicates=len(repeated),
        day_min=sink.day_min,
        day_max=sink.day_max,
        violations=violations.sort_by([("line", "ascending"), ("column_name", "ascending")]),
        may_hide_characters=bool(sink.may_hide),
    )


def _rejected(connection: duckdb.DuckDBPyConnection, read: ReadOutcome) -> pa.Table:
    """Records that the reader could not split, masked (QUARANTINE_SCHEMA)."""
    row = connection.execute(f"select count(*) from {read.rejected}").fetchone()
    if row == (0,):  # masking costs more than counting
        return QUARANTINE_SCHEMA.empty_table()
    found = connection.execute(
        f"select line, column_name, reason_code, {masked('raw_text')} as raw_text "
        f"from {read.rejected}"
    ).to_arrow_table()
    return found.cast(QUARANTINE_SCHEMA)


class _Sink:
    """Takes batches in file order: accepted rows to Parquet, broken rows aside."""

    def __init__(
        self, schema: pa.Schema, target: Path, broken: BrokenRows, may_hide: bool | None
    ) -> None:
        self.schema = schema
        self.may_hide = may_hide  # None until a character is found
        self.broken = broken
        self.target = target
        self.writer = _writer(target, schema)
        self.rows_in = 0
        self.hashes: list[np.ndarray[Any, Any]] = []
        self.day_min: dt.date | None = None
        self.day_max: dt.date | None = None

    def take(self, batch: pa.RecordBatch, deriver: Deriver) -> None:
        """Split one batch and write what is accepted."""
        self.rows_in += batch.num_rows
        if self.may_hide is None:
            self._look_for_hidden(batch)
        texts = batch.column("_broken")
        if texts.null_count < batch.num_rows:
            broken = batch.filter(pc.is_valid(texts))
            self.broken.take(broken.column("_src_line"), broken.column("_broken"))
            batch = batch.filter(pc.is_null(texts))
        if not batch.num_rows:
            return
        # A copy: a view would keep the whole batch in memory until the end of the file.
        self.hashes.append(batch.column("_key_hash").to_numpy(zero_copy_only=False).copy())
        columns: dict[str, pa.Array] = {}
        for name, values in zip(batch.schema.names, batch.columns, strict=True):
            if name not in _HELPERS:
                columns.update(deriver.columns(name, values))
        table = pa.table([columns[name] for name in self.schema.names], schema=self.schema)
        self._widen_days(table)
        self.writer.write_table(table, row_group_size=ROWS_PER_BATCH)

    def _look_for_hidden(self, batch: pa.RecordBatch) -> None:
        """Texts that come as delivered are searched; of the others, a change says enough."""
        texts = (column for column in batch.columns if pa.types.is_string(column.type))
        if pc.any(batch.column("_is_touched")).as_py() or any(map(_hides, texts)):
            self.may_hide = True

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


def _hides(texts: pa.StringArray) -> bool:
    content = texts.buffers()[2]
    return content is not None and has_hidden_characters(content.to_pybytes())


def _writer(target: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        target, schema, compression="zstd", compression_level=1, store_decimal_as_integer=True,
    )  # fmt: skip


def _repeated_lines(
    connection: duckdb.DuckDBPyConnection, delivered_rows: str, contract: Contract, sink: _Sink
) -> pa.Array:
    """Lines of accepted rows that repeat an earlier row text by text.

    Only rows whose key occurs twice are read again and compared in full.
    """
    hashes = np.concatenate(sink.hashes) if sink.hashes else np.zeros(0, dtype=np.uint64)
    hashes.sort()
    suspects = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(suspects):
        return pa.array([], type=pa.int64())
    names = ", ".join(delivered(field) for field in contract.fields)
    key = ", ".join(delivered(contract.field(name)) for name in contract.key)
    connection.register("suspect_hashes", pa.table({"key_hash": suspects}))
    repeated = connection.execute(
        f"""
        select _src_line from (
            select _src_line,
                row_number() over (partition by {names} order by _src_line) as occurrence
            from (select *, hash({key}) as key_hash from ({delivered_rows}))
            where key_hash in (select key_hash from suspect_hashes)
        ) where occurrence > 1
        """
    ).to_arrow_table()
    connection.unregister("suspect_hashes")
    return repeated.column("_src_line").combine_chunks()
