"""Headings of the item names in a CSV file: what `import-risk classify` does.

Defines: `classify_file`, `classify`. Add here how a file of names is read. Keep out: the table
(table.py), the statement (scoring.py), printing (cli/).

What a text says is data: it is read as CSV with quotes, folded and looked up; none of it is run.
"""

import csv
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from foundation.errors import UsageError
from ingest.items.calibration import MILLION
from ingest.items.folded import folded
from ingest.items.scoring import headings_of
from ingest.items.table import ItemModel, read_model
from ingest.items.terms import prepare
from ingest.outcomes import FileRefused
from ingest.readers.text_encoding import as_utf8

COLUMNS = ("item_id", "text")
_MOST_BYTES = 1 << 30
_EXPECTED = "give a CSV in UTF-8 whose first line names the columns item_id and text"


@dataclass(frozen=True)
class Classified:
    """item_id as delivered; answered: the first heading is at or above the bound; headings: three
    (code, probability), the most probable first, where probability 0 is a stand-in."""

    item_id: str
    answered: bool
    headings: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """The document of the command."""
        return {
            "item_id": self.item_id,
            "answered": self.answered,
            "hs4": [{"code": code, "probability": share} for code, share in self.headings],
        }


def classify_file(path: Path, model: ItemModel | None = None) -> list[Classified]:
    """Every row of the file, in its order.

    Raises UsageError: no such file, empty, another encoding, broken CSV, a column missing.
    """
    table = _read(path)
    return classify(table["item_id"].to_pylist(), table["text"].combine_chunks(), model)


def classify(
    item_ids: list[str], texts: pa.Array, model: ItemModel | None = None
) -> list[Classified]:
    """The headings of texts as delivered; equal match keys are classified once."""
    if not item_ids:
        return []
    keys = pa.array(folded(texts), pa.string()).fill_null("").dictionary_encode()
    found = headings_of(prepare(keys.dictionary), model or read_model())
    codes, micro = found["hs4"].to_pylist(), found["probability_micro"].to_pylist()
    answers = found["is_answer"].to_pylist()
    results = []
    for item_id, key in zip(item_ids, keys.indices.to_pylist(), strict=True):
        first = 3 * key
        pairs = zip(codes[first : first + 3], micro[first : first + 3], strict=True)
        headings = tuple((code, share / MILLION) for code, share in pairs)
        results.append(Classified(item_id, answers[first], headings))
    return results


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise UsageError("there is no such file", where=str(path), remedy=_EXPECTED)
    size = path.stat().st_size
    if size == 0:
        raise UsageError("the file is empty", where=str(path), remedy=_EXPECTED)
    if size > _MOST_BYTES:
        raise UsageError(
            "the file is larger than 1 GiB", where=str(path), remedy="split it into several"
        )
    with tempfile.TemporaryDirectory(prefix="item-names-") as folder:
        try:
            readable = as_utf8(path, "utf-8", Path(folder)).path
            _require_closed_quotes(readable, path)
            table = pa_csv.read_csv(
                readable,
                # One block: a text may be as long as the file.
                read_options=pa_csv.ReadOptions(
                    block_size=max(readable.stat().st_size, 1) + 1, use_threads=False
                ),
                parse_options=pa_csv.ParseOptions(newlines_in_values=True),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(COLUMNS, pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except FileRefused as refused:
            raise UsageError(str(refused), where=str(path), remedy=_EXPECTED) from refused
        except (pa.ArrowInvalid, pa.ArrowKeyError) as broken:
            what = str(broken).splitlines()[0][:200]
            raise UsageError(
                f"the file cannot be read as CSV: {what}", where=str(path), remedy=_EXPECTED
            ) from broken
    for column in COLUMNS:
        if table.column_names.count(column) != 1:
            raise UsageError(
                f"the column {column} is missing or stands twice", where=str(path), remedy=_EXPECTED
            )
    return table.select(list(COLUMNS))


def _require_closed_quotes(readable: Path, path: Path) -> None:
    """Raise UsageError where a quotation mark that is never closed would take the rows behind it
    into one text: Arrow reads on until the next one and says nothing."""
    csv.field_size_limit(sys.maxsize)  # a text may be as long as the file
    with readable.open(encoding="utf-8", errors="replace", newline="") as stream:
        rows = csv.reader(stream, strict=True)
        line = 0
        try:
            for _ in rows:
                line = rows.line_num
        except csv.Error as broken:
            raise UsageError(
                f"a quotation mark is never closed in the row that begins on line {line + 1}",
                where=str(path),
                remedy="close it, or double quotation marks that belong to a text",
            ) from broken
