"""Match keys of texts outside a delivery: what conforming makes of a delivered column.

Defines: `folded`. Add here nothing: the rules stand in ingest/text/normalise.py. Keep out: terms.
"""

import duckdb
import pyarrow as pa

from ingest.text import normalise


def folded(texts: pa.Array) -> pa.Array:
    """The match key of every text, in its order; null where nothing visible is left."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("texts", pa.table({"place": range(len(texts)), "value": texts}))
        found = connection.execute(
            f"select {normalise.fold('cleaned')} as folded from "
            f"(select place, {normalise.clean_text('value')} as cleaned from texts) order by place"
        ).to_arrow_table()
    return found.column(0).combine_chunks() if len(texts) else pa.array([], pa.string())
