"""The files of a generated set: rows rendered by workers, appended in order by one writer.

Add here a file format. Keep out: what the rows hold, and which file a row goes to.
"""

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.base import Contract, Field
from synthetic.arrays import constant_text
from synthetic.mixing import Numbers
from synthetic.text_columns import (
    Column,
    Rows,
    column_text,
    csv_lines,
    csv_record,
    plain_number,
)

FileFormat = Literal["csv", "parquet"]
Payload: TypeAlias = pa.Array | pa.Table

_ROW_GROUP_ROWS = 122_880


@dataclass(frozen=True)
class FileKey:
    """Which file of a day a row goes to: its source, what sets it apart, when it is received.

    kind: what the truth calls the file. day: whose file it is, when rows of several days share it.
    """

    source: str
    suffix: str = ""
    received: dt.date | None = None
    kind: str = "daily"
    day: dt.date | None = None


@dataclass(frozen=True)
class Piece:
    """Rendered rows for one file. at_end: they stand behind all others of that file.

    labels: what is wrong with some of the rows. quarantined, duplicates: what the delivery desk is
    expected to make of them.
    """

    key: FileKey
    payload: Payload
    quarantined: int = 0
    duplicates: int = 0
    at_end: bool = False
    labels: tuple["FaultLabels", ...] = ()


@dataclass(frozen=True)
class FaultLabels:
    """Truth about faulty rows: their numbers within a piece, and all columns but file and line."""

    numbers: Numbers
    rows: Rows


def contract_columns(contract: Contract) -> tuple[str, ...]:
    """The columns of a delivery in our own layout."""
    return tuple(item.name for item in contract.fields)


def rendered(rows: Rows, contract: Contract, file_format: FileFormat, *, typed: bool) -> Payload:
    """CSV records, or a table; typed: Parquet columns have the contract's types, else all text."""
    if file_format == "csv":
        return csv_lines(rows, contract_columns(contract))
    return pa.table(
        [
            _parquet_column(rows.columns.get(item.name, ("",)), rows.count, item, typed=typed)
            for item in contract.fields
        ],
        schema=_parquet_schema(contract, typed=typed),
    )


def _parquet_column(column: Column, count: int, item: Field, *, typed: bool) -> pa.Array:
    text = column_text(column, count, "plain")
    filled = pc.if_else(pc.equal(text, constant_text("")), None, text)
    return filled.cast(_parquet_type(item)) if typed else filled


def _parquet_type(item: Field) -> pa.DataType:
    return {
        "decimal": pa.decimal128(item.precision, item.scale),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
    }.get(item.type, pa.string())


def _parquet_schema(contract: Contract, *, typed: bool) -> pa.Schema:
    return pa.schema(
        [(item.name, _parquet_type(item) if typed else pa.string()) for item in contract.fields]
    )


class TextFile:
    """A CSV file that grows by rendered records; `rows` counts them."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.rows = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream: BinaryIO = path.open("wb")
        self._stream.write(csv_record(columns).encode())

    def append(self, records: Payload) -> None:
        """Add records, each with its line feed."""
        self.rows += len(records)
        if len(records):
            _, offsets, body = records.buffers()
            ends = np.frombuffer(offsets, dtype=np.int32)
            first, last = ends[records.offset], ends[records.offset + len(records)]
            self._stream.write(memoryview(body)[first:last])

    def close(self) -> None:
        """Nothing can be added any more."""
        self._stream.close()


class ParquetFile:
    """A Parquet file that grows by tables; `rows` counts them."""

    def __init__(self, path: Path, contract: Contract, *, typed: bool) -> None:
        self.path = path
        self.rows = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = _parquet_schema(contract, typed=typed)
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)

    def append(self, table: Payload) -> None:
        """Add a table as row groups."""
        self.rows += table.num_rows
        self._writer.write_table(table, row_group_size=_ROW_GROUP_ROWS)

    def close(self) -> None:
        """Nothing can be added any more."""
        self._writer.close()


@dataclass(frozen=True)
class DeliveryTruth:
    """What the delivery door should make of one file, in the order of receipt."""

    received_date: dt.date
    file: str
    source: str
    kind: str
    status: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int


@dataclass
class _Open:
    file: TextFile | ParquetFile
    quarantined: int = 0
    duplicates: int = 0
    held: list[Piece] = field(default_factory=list)
    faults: list[Rows] = field(default_factory=list)


class DayFiles:
    """The delivery files of one day, opened when their first row comes; or files that several days
    share, when every key names its day.

    Labels of faulty rows get file and line here, where alone the place of a row in its file is
    known: the header is line 1; in Parquet the first record is 1.
    """

    def __init__(
        self, out: Path, day: dt.date | None, contracts: Mapping[str, Contract], *,
        file_format: FileFormat, typed: bool, received: dt.date,
    ) -> None:  # fmt: skip
        self._out = out
        self._day = day
        self._contracts = contracts
        self._format: FileFormat = file_format
        self._typed = typed
        self._received = received
        self._open: dict[FileKey, _Open] = {}

    def path(self, key: FileKey) -> Path:
        """Where the file of a key lies: in the folder of its day of receipt when it has one."""
        folder = self._out
        if key.received is not None:
            folder = folder / f"received_{key.received.isoformat()}"
        day = key.day or self._day
        if day is None:
            raise ValueError(f"no day for a file of {key.source}")
        return folder / f"{key.source}_{day.isoformat()}{key.suffix}.{self._format}"

    def open(self, key: FileKey) -> None:
        """Begin a file, so that it exists even when no row goes to it."""
        if key in self._open:
            return
        contract, path = self._contracts[key.source], self.path(key)
        self._open[key] = _Open(
            TextFile(path, contract_columns(contract))
            if self._format == "csv"
            else ParquetFile(path, contract, typed=self._typed)
        )

    def write(self, piece: Piece) -> None:
        """Append a piece, or hold it back when it belongs to the end."""
        self.open(piece.key)
        target = self._open[piece.key]
        if piece.at_end:
            target.held.append(replace(piece, at_end=False))
            return
        start = target.file.rows + (2 if self._format == "csv" else 1)
        for labels in piece.labels:
            placed = {
                **labels.rows.columns,
                "file": (self._name(piece.key),),
                "line": plain_number(labels.numbers + start),
            }
            target.faults.append(Rows(placed, labels.rows.count))
        target.quarantined += piece.quarantined
        target.duplicates += piece.duplicates
        target.file.append(piece.payload)

    def close(self) -> list[tuple[FileKey, DeliveryTruth, list[Rows]]]:
        """Write what was held back and close; per file: as the desk should see it, fault labels."""
        told = []
        for key in sorted(self._open, key=self._name):
            target = self._open[key]
            for piece in target.held:
                self.write(piece)
            target.file.close()
            rows = target.file.rows
            truth = DeliveryTruth(
                received_date=key.received or self._received,
                file=self._name(key),
                source=key.source,
                kind=key.kind,
                status="accepted",
                rows_in=rows,
                accepted=rows - target.quarantined - target.duplicates,
                quarantined=target.quarantined,
                duplicates=target.duplicates,
            )
            told.append((key, truth, target.faults))
        return told

    def again(self, told: DeliveryTruth, suffix: str, received: dt.date) -> DeliveryTruth:
        """The same bytes once more under another name: nothing of it may load."""
        key = FileKey(told.source, suffix, received)
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._out / told.file, target)
        return replace(
            told,
            received_date=received,
            file=self._name(key),
            kind="sent_again",
            status="duplicate",
            accepted=0,
            quarantined=0,
            duplicates=told.rows_in,
        )

    def _name(self, key: FileKey) -> str:
        return self.path(key).relative_to(self._out).as_posix()
