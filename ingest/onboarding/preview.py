"""The first rows of a file as they would be loaded: delivered and typed, personal values masked.

Runs in the limited child; sender_check.py hands it a PreviewJob.
Add here something that is shown about single rows before a file is loaded. Keep out: judging the
file (worker.py does, in full) and printing.
"""

from dataclasses import replace
from typing import Any

import duckdb

from contracts.base import Field
from contracts.catalog import CONTRACTS
from ingest.conforming.conform import Provenance, conforming_query
from ingest.conforming.jobs import PreviewJob
from ingest.conforming.worker import open_database
from ingest.outcomes import FileRefused
from ingest.readers.base import quoted
from ingest.readers.registry import reader_for
from ingest.text.normalise import harmless, masked

_CHARACTERS = 80


def preview(job: PreviewJob) -> dict[str, Any]:
    """{"header": [...], "warnings": [...], "rows": [{line, refused, delivered, typed}]}.

    delivered, typed: field -> text, only where there is one; its shape (letters x, digits 9) where
    the field is personal or the text could be. A missing required column does not stop it.
    FileRefused when the file cannot be read at all.
    """
    contract = CONTRACTS[job.source]
    lenient = replace(
        contract, fields=tuple(replace(field, required=False) for field in contract.fields)
    )
    query_rows = f"select * from {{}} limit {job.rows}"
    with open_database(job.path, job.folder, job.memory) as connection:
        try:
            read = reader_for(job.layout.format)(connection, job.path, lenient, job.layout)
            connection.execute(f"create temp table first_rows as {query_rows.format(read.rows)}")
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise FileRefused("not_readable_as_stated", type(error).__name__) from error
        provenance = Provenance("preview", job.received_date, "")
        typed = conforming_query(contract, job.layout, "first_rows", provenance)
        delivered = _texts(connection, contract.fields, "first_rows", "false")
        loaded = _texts(connection, contract.fields, f"({typed})", "_broken is not null")
    before = {line: texts for line, _, texts in delivered}
    return {
        "header": list(read.header),
        "warnings": list(read.warnings),
        "rows": [
            {"line": line, "refused": refused, "delivered": before[line], "typed": texts}
            for line, refused, texts in loaded
        ],
    }


def _shown(field: Field) -> str:
    """SQL of the text of a delivered or typed field; typed times are UTC.

    A wrong mapping can put a name into any field, so only plain values are shown letter by letter.
    """
    name = quoted(field.name)
    if field.personal is not None:
        return masked(name)
    text = f"left({name}::varchar, {_CHARACTERS})"
    return (
        f"case typeof({name}) when 'VARCHAR' then {harmless(text)} "
        f"when 'TIMESTAMP' then {text} || ' UTC' else {text} end"
    )


def _texts(
    connection: duckdb.DuckDBPyConnection, fields: tuple[Field, ...], rows: str, refused: str
) -> list[tuple[int, bool, dict[str, str]]]:
    """(line, refused, field -> text) of every row, personal texts masked."""
    shown = ", ".join(_shown(field) for field in fields)
    found = connection.execute(f"select _src_line, {refused}, {shown} from {rows}").fetchall()
    names = [field.name for field in fields]
    return [
        (
            int(line),
            bool(is_refused),
            {name: str(text) for name, text in zip(names, texts, strict=True) if text is not None},
        )
        for line, is_refused, *texts in found
    ]
