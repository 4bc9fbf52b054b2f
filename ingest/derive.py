"""Tokens, statuses and match keys of one batch, computed once per distinct text.

Add here a column that is a pure function of one text. Keep out: typing (typing_sql.py) and the
normal forms themselves (normalise.py).
"""

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingest import normalise
from ingest.contracts.base import Contract, Field
from ingest.pseudonymise import PseudonymKey, load_key, token

MISSING = "missing"
# Enough values for one DuckDB vector batch each, so that several threads share the hashing.
_VALUES_PER_CHUNK = 16_384


def _derivation(field: Field) -> tuple[str, tuple[str, ...]]:
    """(SQL of the normal form over `cleaned`, SQL of each raw column over `cleaned`, `normal`)."""
    if field.personal == "name":
        return normalise.fold("cleaned"), (token("name", "normal"),)
    if field.personal == "address":
        status = normalise.address_status("normal")
        return normalise.fold("cleaned"), (token("address", "normal"), status)
    if field.personal == "phone":
        status = normalise.phone_status("cleaned", "normal")
        return normalise.phone("cleaned"), (token("phone", "normal"), status)
    if field.personal == "identifier":
        status = normalise.identifier_status("normal")
        return normalise.identifier("cleaned"), (token("identifier", "normal"), status)
    return normalise.fold("cleaned"), ("cleaned", "normal")


class Deriver:
    """Replaces personal and folded text columns, as delivered, by the raw columns they become."""

    def __init__(self, contract: Contract, key: PseudonymKey) -> None:
        self._fields = {
            field.name: field for field in contract.fields if field.personal or field.folded
        }
        self._connection = duckdb.connect()
        load_key(self._connection, key)

    def close(self) -> None:
        """Forget the key."""
        self._connection.close()

    def columns(self, name: str, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
        """(raw column name, array) of every raw column that the text column `name` becomes."""
        field = self._fields.get(name)
        if field is None:
            yield name, values
            return
        encoded = values.dictionary_encode()
        distinct = pa.table({"value": encoded.dictionary})
        chunks = pa.Table.from_batches(
            distinct.to_batches(max_chunksize=_VALUES_PER_CHUNK), distinct.schema
        )
        names = [raw for raw, _ in field.raw_columns()]
        normal, results = _derivation(field)
        select = ", ".join(f'{sql} as "{raw}"' for raw, sql in zip(names, results, strict=True))
        self._connection.register("distinct_values", chunks)
        derived = self._connection.execute(
            f"select {select} from (select cleaned, {normal} as normal from "
            f"(select {normalise.clean_text('value')} as cleaned from distinct_values))"
        ).to_arrow_table()
        self._connection.unregister("distinct_values")
        for raw in names:
            column = pc.take(derived.column(raw).combine_chunks(), encoded.indices)
            yield raw, pc.fill_null(column, MISSING) if raw.endswith("_status") else column
