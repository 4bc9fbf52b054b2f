"""Loads reference files into the home: one immutable Parquet per content, one ledger entry.

Add here what every kind of reference data needs on its way in. Keep out: the kinds (catalog.py) and
the choice of an edition (editions.py) or a rate (the models).
"""

import csv
import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
from pyarrow import csv as arrow_csv

from foundation.errors import UsageError
from foundation.files import sha256_file
from foundation.home import Home
from foundation.locks import shared
from ingest.readers.base import literal
from ingest.reference.catalog import KINDS, NO_LICENCE, ReferenceKind, kind_of_file
from ingest.reference.editions import parquet_path
from ingest.store.landing import put_in_place
from ledger.chain import Ledger

Status = Literal["loaded", "unchanged", "refused", "unknown"]


@dataclass(frozen=True)
class ReferenceOutcome:
    """The fate of one file.

    loaded: a new ledger entry. unchanged: content, date, licence and origin were known already.
    refused: of a known kind, but not usable. unknown: no kind has a file of this name.
    rows: rows in the Parquet; rejected: records of the file that are not (the reason counts them).
    """

    file: str
    kind: str | None
    sha256: str
    status: Status
    rows: int = 0
    rejected: int = 0
    as_of: dt.date | None = None
    licence: str | None = None
    provenance: str | None = None
    reason: str | None = None


def load_reference(
    home: Home,
    path: Path,
    *,
    kind: str | None = None,
    as_of: dt.date | None = None,
    licence: str | None = None,
    provenance: str | None = None,
) -> list[ReferenceOutcome]:
    """Load one file, or every file below a folder; every file gets an outcome.

    kind is told by the file's name unless given. as_of, licence and provenance default to those of
    the catalog's file of that name; a file with another name needs as_of. Raises UsageError for a
    path that does not exist, an unknown kind, or a kind or date given for a whole folder.
    """
    if kind is not None and kind not in KINDS:
        raise _usage(f"unknown kind of reference data: {kind!r}", f"use one of {', '.join(KINDS)}")
    if path.is_dir():
        if kind is not None or as_of is not None:
            raise _usage(f"{path} is a folder", "give a kind or a date for one file at a time")
        files = sorted(found for found in path.rglob("*") if found.is_file())
    elif path.is_file():
        files = [path]
    else:
        raise _usage(f"there is no file or folder {path}", "check the path")
    with shared(home.arriving_lock):
        return [
            _load_file(home, file, KINDS[kind] if kind else None, as_of, licence, provenance)
            for file in files
        ]


def _usage(what: str, remedy: str) -> UsageError:
    return UsageError(what, where="reference", remedy=remedy)


def _load_file(
    home: Home,
    path: Path,
    stated_kind: ReferenceKind | None,
    as_of: dt.date | None,
    licence: str | None,
    provenance: str | None,
) -> ReferenceOutcome:
    sha256 = sha256_file(path)
    collected = kind_of_file(path.name)
    kind = stated_kind or collected
    if kind is None:
        reason = f"no kind of reference data has a file called {path.name}; kinds: {list(KINDS)}"
        return ReferenceOutcome(path.name, None, sha256, "unknown", reason=reason)
    is_collected = kind is collected
    as_of = as_of or (kind.as_of if is_collected else None)
    licence = licence or (kind.licence if is_collected else NO_LICENCE)
    provenance = provenance or (kind.provenance if is_collected else f"file {path.name}")

    def outcome(
        status: Status, rows: int = 0, rejected: int = 0, reason: str | None = None
    ) -> ReferenceOutcome:
        return ReferenceOutcome(
            path.name, kind.kind, sha256, status, rows, rejected, as_of, licence, provenance, reason
        )

    if as_of is None:
        return outcome("refused", reason="the date of the data is not known: state as_of")
    with duckdb.connect() as connection:
        try:
            rejected_lines = _read(connection, path, kind)
        except ValueError as error:
            return outcome("refused", reason=str(error).splitlines()[0])
        rows = _count(connection)
        if rows == 0:
            return outcome("refused", rejected=len(rejected_lines), reason="no usable row")
        shown = ", ".join(map(str, rejected_lines[:10]))
        left_out = f"{len(rejected_lines)} records not usable, the first: {shown} (header = 1)"
        target = parquet_path(home, kind.kind, sha256)
        if not target.exists():
            _write(connection, target)
    parquet_sha256 = sha256_file(target)
    body = {
        "kind": kind.kind,
        "file": path.name,
        "sha256": sha256,
        "parquet_sha256": parquet_sha256,
        "rows": rows,
        "rejected": len(rejected_lines),
        "as_of": as_of.isoformat(),
        "licence": licence,
        "provenance": provenance,
    }
    note = left_out if rejected_lines else None
    ledger = Ledger(home.ledger)
    if any(entry.kind == "reference" and entry.body == body for entry in ledger.entries()):
        return outcome("unchanged", rows, len(rejected_lines), note)
    ledger.append("reference", body)
    return outcome("loaded", rows, len(rejected_lines), note)


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select count(*) from usable").fetchone()
    return int(row[0]) if row else 0


def _read(connection: duckdb.DuckDBPyConnection, path: Path, kind: ReferenceKind) -> list[int]:
    """Create table `usable`; the records (header = 1) that are not usable.

    Raises ValueError (of which ArrowInvalid and UnicodeDecodeError are kinds) for an unusable file.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream), [])
    missing = [name for name in kind.required if header.count(name) != 1]
    if missing:
        raise ValueError(f"these columns must be there once: {', '.join(missing)}")
    delivered = arrow_csv.read_csv(
        path,
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=kind.required,
            column_types=dict.fromkeys(kind.required, pa.string()),
            strings_can_be_null=False,
        ),
    )
    lines = pa.array(range(2, delivered.num_rows + 2), pa.int64())
    connection.register("delivered", delivered.append_column("_src_line", lines))
    parts = ", ".join(
        f'({column.expression})::{column.sql_type} as "{column.name}"' for column in kind.columns
    )
    connection.execute(f"create table typed as select {parts}, _src_line from delivered")
    usable = f"coalesce({kind.is_valid}, false)"
    connection.execute(f"create table usable as select * from typed where {usable}")
    others = connection.execute(f"select _src_line from typed where not {usable} order by 1")
    return [int(row[0]) for row in others.fetchall()]


def _write(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """The table `usable` as Parquet in file order: whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    connection.execute(
        "copy (select * from usable order by _src_line) "
        f"to {literal(str(temporary))} (format parquet, compression zstd)"
    )
    put_in_place(temporary, target)
