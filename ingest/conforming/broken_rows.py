"""Why rows broke the contract: the delivered texts of such rows in, one line per violation out.

Apart from the one pass over the file, because naming a reason takes as much SQL as typing every
value does, and most files never need it.
Add here what is said of a broken row. Keep out: the rules themselves (typing_sql.py) and where
violations come to rest (worker.py).
"""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingest.conforming.typing_sql import FILE_REASON_CODES, TypedField, delivered, typed
from ingest.outcomes import FileRefused
from ingest.readers.base import literal
from ingest.text.normalise import harmless, masked

QUARANTINE_SCHEMA = pa.schema(
    [
        ("line", pa.int64()),
        ("column_name", pa.string()),
        ("reason_code", pa.string()),
        ("raw_text", pa.string()),
    ]
)
_ROWS_AT_ONCE = 122_880


def texts_of(fields: list[TypedField]) -> str:
    """SQL of a struct with the delivered texts of one row, as BrokenRows.take wants it."""
    parts = ", ".join(
        f"{literal(f'd_{item.field.name}')}: {delivered(item.field)}" for item in fields
    )
    return f"{{{parts}}}"


class BrokenRows:
    """Collects broken rows and explains many of them at once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, fields: list[TypedField]) -> None:
        """connection: a second session of the database whose first one streams the rows."""
        self._connection = connection
        self._fields = fields
        self._waiting: list[pa.Table] = []
        # The first ones are explained at once: they may show that the whole file is misread.
        self._most_waiting = 0
        self.count = 0
        self.violations: list[pa.Table] = []

    def take(self, lines: pa.Array, texts: pa.StructArray) -> None:
        """Set rows aside: their lines, and texts_of them. FileRefused as explain."""
        columns = dict(zip(texts.type.names, texts.flatten(), strict=True))
        self._waiting.append(pa.table({"_src_line": lines, **columns}))
        self.count += len(lines)
        if sum(table.num_rows for table in self._waiting) > self._most_waiting:
            self.explain()
            self._most_waiting = _ROWS_AT_ONCE

    def explain(self) -> None:
        """Turn what waits into violations (QUARANTINE_SCHEMA).

        Raises FileRefused (FILE_REASON_CODES) when a row shows that the profile does not describe
        the file.
        """
        if not self._waiting:
            return
        self._connection.register("broken_rows", pa.concat_tables(self._waiting))
        self._waiting = []
        table = self._connection.execute(self._query()).to_arrow_table().cast(QUARANTINE_SCHEMA)
        self._connection.unregister("broken_rows")
        self.violations.append(table)
        of_file = table.filter(
            pc.is_in(table.column("reason_code"), pa.array(sorted(FILE_REASON_CODES)))
        )
        if of_file.num_rows:
            first = of_file.slice(0, 1).to_pylist()[0]
            raise FileRefused(
                str(first["reason_code"]),
                f"line {first['line']}, column {first['column_name']}, and "
                f"{of_file.num_rows - 1} more values near it",
            )

    def _query(self) -> str:
        values = ", ".join(f"{item.value} as {typed(item.field)}" for item in self._fields)
        violations = ", ".join(
            f"{{'column_name': {literal(item.field.name)}, 'reason_code': {item.reason}, "
            f"'raw_text': {_shown(item)}}}"
            for item in self._fields
        )
        return f"""
            select line, violation.column_name, violation.reason_code, violation.raw_text
            from (
                select _src_line as line, unnest([{violations}]) as violation
                from (select *, {values} from broken_rows)
            )
            where violation.reason_code is not null
        """


def _shown(item: TypedField) -> str:
    """What quarantine shows: in a broken row any column may hold what belongs in another."""
    text = delivered(item.field)
    return masked(text) if item.field.personal is not None else harmless(text)
