"""Tokens, statuses and match keys of one batch, computed once per distinct text where texts repeat.

Add here a column that is a pure function of one text. Keep out: typing (typing_sql.py), the normal
forms (normalise.py) and how tokens are computed (pseudonymise.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from contracts.base import Contract, Field
from ingest.conforming.pseudonymise import PseudonymKey, tokens
from ingest.places.completeness import address_statuses
from ingest.places.localities import PlaceFinder
from ingest.places.spelling import address_form
from ingest.text import normalise
from ingest.text.folding import fold_ordinary
from ingest.text.name_spelling import name_form
from ingest.text.ordinary import personal_ids, phones

MISSING = "missing"
# What makes the spellings of a value one.
_FORMS: Mapping[str, Callable[[pa.Array], pa.Array]] = {
    "address": address_form,
    "name": name_form,
}
# Above this share of distinct texts, deriving each row's is cheaper than looking them up.
_REPEATS_BELOW = 0.5
# Where so many of the first texts differ, more than that share of a batch's do.
_SAMPLE, _ALL_DIFFERENT = 16_384, 0.95


def _hardly_repeats(values: pa.Array) -> bool:
    """Whether the first texts alone say that looking repeated ones up will not pay: a batch's
    addresses are nearly all different, and finding that out costs as much as reading them."""
    first = values.slice(0, _SAMPLE).drop_null()
    return len(values) > _SAMPLE and len(first.unique()) > _ALL_DIFFERENT * len(first)


def _as_it_is(normal: pa.Array) -> pa.Array:
    return normal


class Deriver:
    """Replaces personal and folded text columns, as delivered, by the raw columns they become."""

    def __init__(
        self, contract: Contract, key: PseudonymKey, connection: duckdb.DuckDBPyConnection
    ) -> None:
        self._fields = {
            field.name: field for field in contract.fields if field.personal or field.folded
        }
        self._key = key
        self._places: PlaceFinder | None = None
        # A second session of the same database: the first one is streaming the rows.
        self._connection = connection.cursor()

    def close(self) -> None:
        """Forget the batch."""
        self._connection.close()
        if self._places is not None:
            self._places.close()

    def columns(self, name: str, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
        """(raw column name, array) of every raw column that the text column `name` becomes."""
        field = self._fields.get(name)
        if field is None:
            yield name, values
            return
        if values.null_count == len(values):
            # Most senders leave whole columns out, and asking the database costs a small file much.
            for raw, _ in field.raw_columns():
                missing = MISSING if raw.endswith("_status") else None
                yield raw, pa.repeat(pa.scalar(missing, pa.string()), len(values))
            return
        if _hardly_repeats(values):
            yield from self._derived(field, values)
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
                status = address_statuses(normal)
        form = _FORMS.get(field.personal, _as_it_is)(normal)
        yield names[0], tokens(self._key, field.personal, form)
        if status is not None:
            yield names[1], status
        if field.places:
            yield from zip(names[2:], self._place_finder().find(normal), strict=True)

    def _place_finder(self) -> PlaceFinder:
        """Made when a file has such an address; it remembers what it parsed."""
        if self._places is None:
            self._places = PlaceFinder(self._connection)
        return self._places

    def _code(self, kind: str, texts: pa.Array) -> tuple[pa.Array, pa.Array]:
        """(normal form, status) of phone numbers or identifiers."""
        ordinary = phones if kind == "phone" else personal_ids
        found = self._completed(texts, ordinary(texts), lambda rest: self._any_code(kind, rest))
        return found[0], found[1]

    @staticmethod
    def _completed(
        texts: pa.Array, ordinary: Sequence[pa.Array],
        read: Callable[[pa.Array], Sequence[pa.Array]],
    ) -> list[pa.Array]:  # fmt: skip
        """The arrays `ordinary`, with what `read` makes of the texts whose last one is null."""
        lacking = pc.is_null(ordinary[-1])
        if not pc.any(lacking).as_py():
            return list(ordinary)
        rare = read(pc.filter(texts, lacking))
        pairs = zip(ordinary, rare, strict=True)
        return [pc.replace_with_mask(values, lacking, others) for values, others in pairs]

    def _any_code(self, kind: str, texts: pa.Array) -> Sequence[pa.Array]:
        if kind == "phone":
            normal, status = normalise.phone("cleaned"), normalise.phone_status("cleaned", "normal")
        else:
            normal, status = normalise.identifier("cleaned"), normalise.identifier_status("normal")
        cleaned = normalise.clean_text("value")
        return self._sql(
            texts, "normal", status, inner=f"select {cleaned} as cleaned", normal=normal
        )

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
