"""What happens to a delivered file inside the limited child: find its source, read it, conform it.

Defines the jobs that delivery.py hands to sandbox.run. Every function takes one picklable job and
returns plain JSON; the rows go into files of the job's folder.
Add here a step that touches delivered bytes. Keep out: the ledger, final places and their
durability (delivery.py, landing.py), and unpacking (containers.py).
"""

import importlib
import importlib.abc
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.catalogue import CONTRACTS
from foundation.errors import WarehouseError
from ingest.conforming.conform import Conformed, Provenance, conform, delivered_rows
from ingest.conforming.control import (
    ControlTotals,
    check_bytes,
    check_rows,
    check_sums,
    read_manifest,
)
from ingest.conforming.jobs import ACCEPTED_FILE, QUARANTINE_FILE, ReadJob
from ingest.conforming.typing_sql import delivered
from ingest.outcomes import CUT_WARNING, FileRefused
from ingest.places import completeness, localities
from ingest.readers.base import literal
from ingest.readers.registry import reader_at
from ingest.text.folding import fold_ordinary
from ingest.text.hidden_text import hidden_text_warnings

_SPILL_FOLDER = "spill"
# What DuckDB raises over bytes that are not what they say; the bare class is a damaged Parquet
# page. Its other classes are about us, the disk or the memory.
_DAMAGE = (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.Error)
_ENDS_TOO_EARLY = "Could not read enough bytes"  # an offset of the file points behind its end
# One thread costs a small file half the processor time of two, and next to no time.
THREADS, SINGLE_THREAD_BELOW_BYTES = 2, 8 << 20


def prepare() -> None:
    """Load once, before any child is forked, what every child would load again.

    DuckDB and pyarrow look for pandas at every turn; nothing here uses it, and finding it costs a
    child more than reading a small file does.
    """
    for module in ("pyarrow.dataset", "polars", "polars_hash"):
        importlib.import_module(module)
    fold_ordinary(pa.array(["a"]))
    sys.meta_path.insert(0, _WithoutPandas())
    localities.prepare()
    completeness.prepare()


class _WithoutPandas(importlib.abc.MetaPathFinder):
    """Makes pandas look as if it were not installed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        """Raise for pandas; leave every other module to the usual finders."""
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def source_of_xml(path: Path) -> dict[str, Any]:
    """{"source": [source, format] or null} by the document's root; FileRefused as the reader."""
    from ingest.readers.xml_documents import source_of_xml as find

    found = find(path)
    return {"source": None if found is None else list(found)}


def read_and_conform(job: ReadJob) -> dict[str, Any]:
    """Write the accepted and the broken rows into the folder; counts, days and warnings.

    Raises FileRefused as the reader and control.py do, and not_readable_as_stated when DuckDB gives
    up on the bytes; WarehouseError when a row is not accounted for.
    """
    totals = _totals(job)
    contract = CONTRACTS[job.source]
    provenance = Provenance(job.sender, job.received_date, job.sha256)
    with open_database(job.path, job.folder, job.memory) as connection:
        try:
            read = reader_at(job.reader)(connection, job.path, contract, job.layout)
            conformed = conform(
                connection, read, contract, job.layout, provenance, job.key,
                job.folder / ACCEPTED_FILE,
            )  # fmt: skip
            warnings = list(read.warnings)
            if conformed.may_hide_characters:
                texts = delivered_rows(contract, job.layout, read.rows)
                columns = [(field, delivered(field)) for field in contract.fields]
                warnings += hidden_text_warnings(connection, texts, columns)
            if totals is not None:
                check_rows(totals, conformed.rows_in)
                warnings += check_sums(connection, read, contract, job.layout, totals)
                if totals.sha256 is not None:  # nothing was cut off
                    warnings = [text for text in warnings if not text.startswith(CUT_WARNING)]
        except duckdb.Error as error:
            if type(error) not in _DAMAGE and _ENDS_TOO_EARLY not in str(error):
                raise
            raise FileRefused(
                "not_readable_as_stated", f"the {job.layout.format} reader gave up: "
                f"{type(error).__name__}",
            ) from error  # fmt: skip
    accounted = conformed.accepted + conformed.quarantined + conformed.duplicates
    if conformed.rows_in != accounted:
        raise WarehouseError(
            f"{conformed.rows_in} rows came in, {accounted} are accounted for",
            where=str(job.path),
            remedy="this is a defect of the warehouse: report it; nothing was accepted",
        )
    if conformed.violations.num_rows:
        _write_quarantine(job, conformed.violations)
    if not conformed.rows_in and not job.may_be_empty and (totals is None or totals.rows is None):
        warnings.append("header_only: no rows, and neither a manifest nor a calendar says so")
    return {**_summary(conformed), "encoding": read.encoding or None, "warnings": warnings}


def _totals(job: ReadJob) -> ControlTotals | None:
    """What the manifest states of this file; its sha256 is compared at once."""
    if job.manifest is None or job.control is None:
        return None
    totals = read_manifest(job.manifest, job.names, job.archive_names, job.control)
    check_bytes(totals, job.sha256, job.archive_sha256)
    return totals


def open_database(path: Path, folder: Path, memory: int) -> duckdb.DuckDBPyConnection:
    """DuckDB that can open the one file and the folder, and whose settings nothing can change."""
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory}B",
            "temp_directory": str(folder / _SPILL_FOLDER),
            "threads": THREADS if path.stat().st_size >= SINGLE_THREAD_BELOW_BYTES else 1,
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    connection.execute(
        "set TimeZone = 'UTC'; "
        f"set allowed_paths = [{literal(str(path))}]; "
        f"set allowed_directories = [{literal(str(folder))}]; "
        "set enable_external_access = false; set lock_configuration = true"
    )
    return connection


def _write_quarantine(job: ReadJob, violations: pa.Table) -> None:
    """The violations of one delivery: source, sha256, line, column, reason, masked text."""
    rows = violations.num_rows
    table = pa.table(
        {"source": pa.repeat(job.source, rows), "sha256": pa.repeat(job.sha256, rows)}
        | {name: violations.column(name) for name in violations.column_names}
    )
    pq.write_table(table, job.folder / QUARANTINE_FILE, compression="zstd")


def _summary(conformed: Conformed) -> dict[str, Any]:
    return {
        "rows_in": conformed.rows_in,
        "accepted": conformed.accepted,
        "quarantined": conformed.quarantined,
        "duplicates": conformed.duplicates,
        "day_min": None if conformed.day_min is None else conformed.day_min.isoformat(),
        "day_max": None if conformed.day_max is None else conformed.day_max.isoformat(),
    }
