"""What one delivered text becomes under a field and a layout, by the SQL that ingest uses.

Add here another way to ask for one value. Keep out: expectations.
"""

from typing import Any

import duckdb

from contracts.base import Field
from ingest.conforming.typing_sql import delivered, typed, typed_field
from ingest.outcomes import NONE
from ingest.senders.profile import Layout


def outcome(field: Field, layout: Layout, text: str | None, *, tidy: str = NONE) -> Any:
    """The typed value, or the reason when the contract is broken ("!reason")."""
    item = typed_field(field, layout, tidy=tidy)
    row = duckdb.execute(
        f"select {typed(field)}, {item.holds}, {item.reason} from "
        f"(select *, {item.value} as {typed(field)} "
        f"from (select ?::varchar as {delivered(field)}))",
        [text],
    ).fetchone()
    assert row is not None
    value, holds, reason = row
    assert holds == (reason is None), "the cheap test and the reasons must agree"
    return value if holds else f"!{reason}"
