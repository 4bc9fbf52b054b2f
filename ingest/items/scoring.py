"""Headings of prepared texts through the SQL that the dbt models share.

Defines: `statement`, `points_of`, `headings_of`. Add here what runs the statement. Keep out: the
statement itself (dbt/macros/item_headings.sql) and what a person sees of it (classify.py).
"""

from functools import cache
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import pyarrow as pa

from ingest.items.table import ItemModel

_MACRO = Path(__file__).resolve().parents[2] / "dbt" / "macros" / "item_headings.sql"


def _each_word(text: str) -> str:
    """What dbt/macros/engine/each_word.sql writes for DuckDB."""
    return f"unnest(string_split({text}, ' '))"


@cache
def statement(texts: str, points: str, calibration: str) -> str:
    """The statement over three relations, in DuckDB's spelling."""
    source = _MACRO.read_text(encoding="utf-8")
    call = f"{{{{ item_headings('{texts}', '{points}', '{calibration}') }}}}"
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.globals["each_word"] = _each_word
    return environment.from_string(source + call).render().strip()


def points_of(period_no: int, model: ItemModel) -> pa.Table:
    """The points of a table as those of one period: period_no, term, hs4, points."""
    rows = model.points.to_arrow()
    period = pa.array(np.full(len(rows), period_no, dtype=np.int64))
    return rows.add_column(0, "period_no", period)


def headings_of(prepared: pa.Array, model: ItemModel, *, threads: int = 1) -> pa.Table:
    """Three rows a text, by text and rank: text_id (its place), heading_rank, hs4, score,
    probability_micro, is_answer.

    prepared: terms.prepare of the texts.
    """
    stated = model.calibration
    calibration = pa.table(
        {
            "period_no": pa.array([1], pa.int64()),
            "temperature": pa.array([stated.temperature], pa.int64()),
            "none_score": pa.array([stated.none_score], pa.int64()),
            "bound_micro": pa.array([stated.bound_micro], pa.int64()),
        }
    )
    given = {
        "item_texts": pa.table({
            "text_id": pa.array(np.arange(len(prepared))),
            "period_no": pa.array(np.ones(len(prepared), dtype=np.int64)),
            "terms": prepared.cast(pa.string()),
        }),
        "item_points": points_of(1, model),
        "item_calibration": calibration,
    }  # fmt: skip
    with duckdb.connect(config={"threads": threads}) as connection:
        for name, table in given.items():
            # Tables, not views: the statement is planned by their sizes.
            connection.register("given", table)
            connection.execute(f"create table {name} as select * from given")
            connection.unregister("given")
        sql = statement(*given)
        return connection.execute(
            f"select * from ({sql}) order by text_id, heading_rank"
        ).to_arrow_table()
