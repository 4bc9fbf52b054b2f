"""The tables of schema `raw` from which models read the headings of goods names.

Defines: `item_tables`, `respell`, the columns of its four tables, SHIPPED_VERSION, ARROW. Add here
what the models need of a table of item names. Keep out: what headings mean (dbt), what a term is
(terms.py), what look-alikes are (spelling.py).

Every day has exactly one table: the one that was promoted for it, else the shipped one, which is
part of the code. Only tables that count on one of the run's days are here, numbered by period.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb
import pyarrow as pa

from contracts.base import FIRST_DAY
from foundation.errors import WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from ingest.items.document import from_document
from ingest.items.scoring import points_of
from ingest.items.spelling import spellings
from ingest.items.table import ItemModel, read_model
from ingest.items.terms import prepare
from ingest.reference.raw_tables import Columns, empty, existing
from ledger.entries import Entry
from ledger.model_periods import ITEM_NAMES, candidates, periods

SHIPPED_VERSION = "shipped"
ITEM_NAME_PERIOD: Columns = (
    ("period_no", "BIGINT"),
    ("model_version", "VARCHAR"),
    ("valid_from", "DATE"),
    ("valid_to", "DATE"),
    ("temperature", "BIGINT"),
    ("none_score", "BIGINT"),
    ("bound_micro", "BIGINT"),
)
ITEM_NAME_POINT: Columns = (
    ("period_no", "BIGINT"),
    ("term", "VARCHAR"),
    ("hs4", "VARCHAR"),
    ("points", "BIGINT"),
)
# A row for each different name and table that it is read with.
ITEM_TEXT: Columns = (
    ("text_id", "BIGINT"),
    ("period_no", "BIGINT"),
    ("item_description_folded", "VARCHAR"),
    ("terms", "VARCHAR"),
)
# A row for each different name: its words and joined words as spelling.py writes them.
ITEM_SPELLING: Columns = (
    ("text_id", "BIGINT"),
    ("item_description_folded", "VARCHAR"),
    ("words", "VARCHAR"),
    ("word_keys", "VARCHAR"),
    ("joined_words", "VARCHAR"),
)
# Name under which rows pass into the connection; unregister it when the tables stand.
ARROW = "raw_item_arrow"
_SOURCES = ("parcel_manifest", "low_value_declaration", "customs_declaration")
_BATCH = 100_000
_OF_TEXTS = "select distinct item_description_folded from raw.item_text"


@dataclass(frozen=True)
class _Stretch:
    """Days first..last (None: no end) that one table counts on. version None: the shipped one."""

    number: int
    version: str | None
    first: dt.date
    last: dt.date | None


def item_tables(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    entries: Sequence[Entry],
    days: Sequence[dt.date],
) -> dict[str, Callable[[], str]]:
    """Table of schema raw -> what makes the rest of its `create` statement.

    Call the last two, in their order, when the contract views of the schema stand: they read their
    names of goods.
    Raises WarehouseError when the document of a promoted table is missing or was changed.
    """
    counting = [one for one in _stretches(entries) if any(_covers(one, day) for day in days)]

    @cache
    def models() -> dict[int, ItemModel]:
        return {one.number: _model(home, entries, one.version) for one in counting}

    return {
        "item_name_period": lambda: _periods(connection, counting, models()),
        "item_name_point": lambda: _points(connection, models()),
        "item_text": lambda: _texts(connection, [one.number for one in counting]),
        "item_spelling": lambda: _spellings(connection, _OF_TEXTS),
    }


def respell(connection: duckdb.DuckDBPyConnection, names: str) -> None:
    """Make raw.item_spelling anew of other names. names: a query of distinct folded texts.

    For days whose raw rows are not at hand; the text ids are new, and nothing else keeps them.
    """
    statement = _spellings(connection, names)
    connection.execute(f"create or replace {statement}")
    connection.unregister(ARROW)


def _stretches(entries: Sequence[Entry]) -> list[_Stretch]:
    """All days from the first of the warehouse on, without gap or overlap."""
    found: list[_Stretch] = []
    for period in periods(entries).get(ITEM_NAMES, ()):
        if not found and period.valid_from > FIRST_DAY:
            found.append(_Stretch(1, None, FIRST_DAY, period.valid_from - dt.timedelta(days=1)))
        number = len(found) + 1
        found.append(_Stretch(number, period.version, period.valid_from, period.valid_to))
    return found or [_Stretch(1, None, FIRST_DAY, None)]


def _covers(one: _Stretch, day: dt.date) -> bool:
    return one.first <= day and (one.last is None or day <= one.last)


def _model(home: Home, entries: Sequence[Entry], version: str | None) -> ItemModel:
    if version is None:
        return read_model()
    known = candidates(entries)[version]
    path = existing(home, known.file, f"the table of item names {version}")
    if sha256_file(path) != known.sha256:
        raise WarehouseError(
            f"the table of item names {version} is not what was written",
            where=str(path),
            remedy="restore the file from a copy of the home; a changed table is a new version",
        )
    return from_document(path.read_text(encoding="utf-8")).model


def _periods(
    connection: duckdb.DuckDBPyConnection,
    counting: Sequence[_Stretch],
    models: dict[int, ItemModel],
) -> str:
    stated = [models[one.number].calibration for one in counting]
    columns = {
        "period_no": [one.number for one in counting],
        "model_version": [one.version or SHIPPED_VERSION for one in counting],
        "valid_from": [one.first for one in counting],
        "valid_to": [one.last for one in counting],
        "temperature": [one.temperature for one in stated],
        "none_score": [one.none_score for one in stated],
        "bound_micro": [one.bound_micro for one in stated],
    }
    return _table(connection, "item_name_period", ITEM_NAME_PERIOD, [pa.table(columns)])


def _points(connection: duckdb.DuckDBPyConnection, models: dict[int, ItemModel]) -> str:
    rows = [points_of(number, model) for number, model in models.items()]
    return _table(connection, "item_name_point", ITEM_NAME_POINT, rows)


def _texts(connection: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> str:
    every = " union all ".join(
        f"select item_description_folded from raw.{source}" for source in _SOURCES
    )
    names = connection.execute(
        f"select distinct item_description_folded from ({every}) as stated "
        "where item_description_folded is not null"
    ).to_arrow_reader(_BATCH)
    rows = list(_prepared(names, numbers))
    return _table(connection, "item_text", ITEM_TEXT, rows)


def _prepared(names: pa.RecordBatchReader, numbers: Sequence[int]) -> Iterator[pa.Table]:
    text_id = 0
    for batch in names:
        folded = batch.column(0)
        terms = prepare(folded)
        for number in numbers:
            ids = pa.array(range(text_id, text_id + len(folded)), pa.int64())
            text_id += len(folded)
            period = pa.array([number] * len(folded), pa.int64())
            yield pa.table([ids, period, folded, terms], names=[name for name, _ in ITEM_TEXT])


def _spellings(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    names = connection.execute(query).to_arrow_reader(_BATCH)
    rows: list[pa.Table] = []
    text_id = 0
    for batch in names:
        ids = pa.array(range(text_id, text_id + len(batch)), pa.int64())
        text_id += len(batch)
        columns = [ids, batch.column(0), *spellings(batch.column(0))]
        rows.append(pa.table(columns, names=[name for name, _ in ITEM_SPELLING]))
    return _table(connection, "item_spelling", ITEM_SPELLING, rows)


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Columns, rows: Sequence[pa.Table]
) -> str:
    if not any(len(part) for part in rows):
        return f"table raw.{name} as {empty(columns)}"
    connection.register(ARROW, pa.concat_tables(rows))
    parts = ", ".join(f"{column}::{sql_type} as {column}" for column, sql_type in columns)
    return f"table raw.{name} as select {parts} from {ARROW}"
