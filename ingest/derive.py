"""Tokens, statuses and match keys of one batch, computed once per distinct text where texts repeat.

Add here a column that is a pure function of one text. Keep out: typing (typing_sql.py), the normal
forms (normalise.py) and how tokens are computed (pseudonymise.py).
"""

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingest import normalise
from ingest.contracts.base import Contract, Field
from ingest.folding import fold_ordinary
from ingest.pseudonymise import PseudonymKey, tokens

MISSING = "missing"
# Above this share of distinct texts, deriving each row's is cheaper than looking them up.
_REPEATS_BELOW = 0.5


class Deriver:
    """Replaces personal and folded text columns, as delivered, by the raw columns they become."""

    def __init__(self, contract: Contract, key: PseudonymKey) -> None:
        self._fields = {
            field.name: field for field in contract.fields if field.personal or field.folded
        }
        self._key = key
        self._connection = duckdb.connect()

    def close(self) -> None:
        """Forget the batch."""
        self._connection.close()

    def columns(self, name: str, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
        """(raw column name, array) of every raw column that the text column `name` becomes."""
        field = self._fields.get(name)
        if field is None:
            yield name, values
            return
        encoded = values.dictionary_encode()
        if len(encoded.dictionary) > _REPEATS_BELOW * len(values):
            yield from self._derived(field, values)
            return
        for raw, column in self._derived(field, encoded.dictionary):
            taken = pc.take(column, encoded.indices)
            # A null text has no place in the dictionary.
            yield raw, pc.fill_null(taken, MISSING) if raw.endswith("_status") else taken

    def _derived(self, field: Field, texts: pa.Array) -> Iterator[tuple[str, pa.Array]]:
        names = [raw for raw, _ in field.raw_columns()]
        if field.personal in ("phone", "identifier"):
            normal, status = self._code(field.personal, texts)
        else:
            cleaned, normal = self._text(texts)
            if field.personal is None:
                yield from zip(names, (cleaned, normal), strict=True)
                return
            status = None
            if field.personal == "address":
                [status] = self._sql(normal, normalise.address_status("value"))
        yield names[0], tokens(self._key, field.personal, normal)
        if status is not None:
            yield names[1], status

    def _code(self, kind: str, texts: pa.Array) -> tuple[pa.Array, pa.Array]:
        """(normal form, status) of phone numbers or identifiers."""
        if kind == "phone":
            normal, status = normalise.phone("cleaned"), normalise.phone_status("cleaned", "normal")
        else:
            normal, status = normalise.identifier("cleaned"), normalise.identifier_status("normal")
        cleaned = normalise.clean_text("value")
        both = self._sql(
            texts, "normal", status, inner=f"select {cleaned} as cleaned", normal=normal
        )
        return both[0], both[1]

    def _text(self, texts: pa.Array) -> tuple[pa.Array, pa.Array]:
        """(cleaned text, match key)."""
        folded, holds = fold_ordinary(texts)
        if pc.all(holds, min_count=0).as_py():
            return texts, folded
        rest = pc.filter(texts, pc.invert(holds))
        cleaned = normalise.clean_text("value")
        rare = self._sql(
            rest, "cleaned", "normal", inner=f"select {cleaned} as cleaned",
            normal=normalise.fold("cleaned"),
        )  # fmt: skip
        mask = pc.invert(holds)
        return pc.replace_with_mask(texts, mask, rare[0]), pc.replace_with_mask(
            folded, mask, rare[1]
        )

    def _sql(
        self, texts: pa.Array, *results: str, inner: str | None = None, normal: str = "null"
    ) -> list[pa.Array]:
        """SQL expressions over `value` (or, given `inner`, over `cleaned` and `normal`)."""
        self._connection.register("texts", pa.table({"value": texts}))
        source = "texts"
        if inner is not None:
            source = f"(select cleaned, {normal} as normal from ({inner} from texts))"
        select = ", ".join(f"{sql} as r{number}" for number, sql in enumerate(results))
        found = self._connection.execute(f"select {select} from {source}").to_arrow_table()
        self._connection.unregister("texts")
        return [column.combine_chunks() for column in found.columns]
