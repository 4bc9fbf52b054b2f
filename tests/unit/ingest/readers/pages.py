"""Pages with schema.org JSON-LD as a crawler writes them, and what the reader makes of them.

Add here what two test modules need to write a page. Keep out: expectations.
"""

import json
from pathlib import Path
from typing import Any

import duckdb

from contracts.catalogue import CONTRACTS
from ingest.outcomes import ReadOutcome
from ingest.readers.schema_org import read
from ingest.senders.profile import Layout

CONTRACT = CONTRACTS["listing_observation"]
LAYOUT = Layout("schema_org")
Row = dict[str, Any]
BESIDE = {"platform_code": "plx", "observed_at": "2026-11-10T09:00:00+07:00"}
OFFER = {"@type": "Offer", "price": 199000, "priceCurrency": "VND"}
PRODUCT = {"@type": "Product", "name": "Áo thun", "sku": "P1"}


def product(**more: Any) -> Row:
    return PRODUCT | {"offers": OFFER} | more


def page(*documents: Any, **beside: Any) -> Row:
    """A line as a crawler writes it: what it knows, and the page's JSON-LD."""
    return BESIDE | beside | {f"jsonld{n or ''}": item for n, item in enumerate(documents)}


def lines_of(*lines: Any) -> bytes:
    return b"".join(
        (line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()) + b"\n"
        for line in lines
    )


def reading(
    tmp_path: Path, *lines: Any, layout: Layout = LAYOUT
) -> tuple[list[Row], list[tuple[Any, ...]], ReadOutcome]:
    """(rows without empty values, rejects, outcome)."""
    path = tmp_path / "pages.jsonl"
    path.write_bytes(lines_of(*lines))
    with duckdb.connect() as connection:
        connection.execute(f"set temp_directory = '{tmp_path / 'scratch'}'")
        outcome = read(connection, path, CONTRACT, layout)
        found = connection.execute(f"select * from {outcome.rows}")
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        rejects = connection.execute(
            f"select line, reason_code, column_name, raw_text from {outcome.rejected} order by line"
        ).fetchall()
    return [{k: v for k, v in row.items() if v is not None} for row in rows], rejects, outcome


def one(tmp_path: Path, *lines: Any, layout: Layout = LAYOUT) -> Row:
    rows, rejects, _ = reading(tmp_path, *lines, layout=layout)
    assert rejects == []
    [row] = rows
    return row


def reason(tmp_path: Path, line: Any) -> tuple[Any, ...]:
    rows, rejects, _ = reading(tmp_path, line, page(product()))
    assert len(rows) == 1, "the sound line stays"
    [(_, code, column, _)] = rejects
    return code, column
