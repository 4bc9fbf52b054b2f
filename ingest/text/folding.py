"""Match keys of ordinary text by one table look-up per character.

Defines: `fold_ordinary`. Add here nothing but speed: what folding and cleaning mean is said once,
in normalise.py, and the table is computed from it. Keep out: texts with a rare character, doubled
or outer blanks: those are left to the SQL.

Why: decomposing every letter of millions of addresses costs more than reading the file. Almost all
text is made of letters whose key is one ASCII letter whatever stands beside them.
"""

from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.text import normalise

# Printable Latin with everything Vietnamese uses; other scripts take the SQL.
_RANGES = ((0x20, 0x250), (0x1E00, 0x1F00))
_TABLE_SIZE = 0x10000
_BLANK = ord(" ")


@cache
def _table() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Code point -> its ASCII key; 0 where the SQL must decide."""
    points = ", ".join(f"range({first}, {end})" for first, end in _RANGES)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"""
            select point, ascii(folded) from (
                select point, letter, {normalise.clean_text("letter")} as cleaned,
                    {normalise.fold("'a' || letter")} as folded_beside
                from (select point, chr(point::integer) as letter
                      from (select unnest(flatten([{points}])) as point))
            ), lateral (select substr(folded_beside, 2) as folded)
            where cleaned = letter and length(folded) = 1 and ascii(folded) between 33 and 126
            """
        ).fetchall()
    table = np.zeros(_TABLE_SIZE, dtype=np.uint8)
    for point, key in rows:
        table[point] = key
    table[_BLANK] = _BLANK
    return table


def fold_ordinary(texts: pa.StringArray) -> tuple[pa.StringArray, pa.BooleanArray]:
    """(match keys, which of them hold): both as long as `texts`.

    Where it holds, the cleaned text is the text itself and the key is normalise.fold of it; where
    it does not (rare characters, blanks at the ends or doubled, empty, null) the key is null.
    """
    texts = pa.concat_arrays([texts])
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[
        texts.offset : texts.offset + len(texts) + 1
    ]
    data = texts.buffers()[2]
    content = b"" if data is None else memoryview(data)[offsets[0] : offsets[-1]]
    keys = _keys(str(content, "utf-8"))
    lengths = pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False)
    ends = np.zeros(len(texts) + 1, dtype=np.int32)
    np.cumsum(lengths, out=ends[1:])

    holds = lengths > 0
    blank = keys == _BLANK
    holds[holds] = ~(blank[ends[:-1][holds]] | blank[ends[1:][holds] - 1])
    odd = keys == 0
    odd[1:] |= blank[1:] & blank[:-1]
    rows = np.searchsorted(ends, np.flatnonzero(odd), side="right") - 1
    holds[rows] = False

    mask = pa.array(holds)
    folded = pa.StringArray.from_buffers(
        len(texts), pa.py_buffer(ends), pa.py_buffer(keys.tobytes()), mask.buffers()[1]
    )
    return folded, mask


def _keys(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The table's entry of each character. Two bytes a character where each fits in two: half the
    work of four."""
    units = text.encode("utf-16-le")
    if len(units) == 2 * len(text):
        return _table()[np.frombuffer(units, dtype=np.uint16)]
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    return _table()[np.minimum(points, _TABLE_SIZE - 1)]
