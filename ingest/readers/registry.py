"""Which reader handles which wire format; readers are imported only when a file needs them.

Add here a format after writing its module (ingest/readers/README.md). Keep out: how a format is
recognised (the profile says it, nothing is guessed) and the reading itself.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from contracts.base import Contract
from foundation.errors import WarehouseError
from ingest.outcomes import ReadOutcome
from ingest.senders.profile import Layout

if TYPE_CHECKING:
    import duckdb

Reader = Callable[["duckdb.DuckDBPyConnection", Path, Contract, Layout], ReadOutcome]

FORMATS: MappingProxyType[str, str] = MappingProxyType(
    {
        "delimited": "ingest.readers.delimited:read",
        "parquet": "ingest.readers.parquet:read",
        "wco_xml": "ingest.readers.wco_xml:read",
        "cargo_xml": "ingest.readers.cargo_xml:read",
        "xlsx": "ingest.readers.xlsx:read",
        "json_lines": "ingest.readers.json_lines:read",
        "schema_org": "ingest.readers.schema_org:read",
    }
)


def reader_address(format_name: str) -> str:
    """Where the `read` function of a format is; WarehouseError when there is no such format."""
    address = FORMATS.get(format_name)
    if address is None:
        raise WarehouseError(
            f"no reader for the format {format_name!r}",
            where="ingest/readers/registry.py",
            remedy=f"use one of {', '.join(sorted(FORMATS))}",
        )
    return address


def reader_at(address: str) -> Reader:
    """The function at `module:function`."""
    module_name, function_name = address.split(":")
    reader: Reader = getattr(import_module(module_name), function_name)
    return reader


def reader_for(format_name: str) -> Reader:
    """The `read` function of a format; WarehouseError when there is no such format."""
    return reader_at(reader_address(format_name))
