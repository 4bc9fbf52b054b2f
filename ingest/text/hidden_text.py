"""Characters that nobody sees: whether bytes hold one, and which values of a delivery did.

Cleaning (normalise.py) takes control, zero-width and direction-changing characters out of every
value; a sender who uses them is careless or hides something, and both are worth a note.
Add here what is noted about removed characters. Keep out: the removal itself, and verdicts.
"""

from collections.abc import Sequence

import duckdb
import numpy as np

from contracts.base import Field
from ingest.text.normalise import INVISIBLE

# Characters that normalise.py removes, in UTF-8: control characters are one byte, the others begin
# with one of a few bytes that ordinary Vietnamese text hardly holds. (U+180E begins like Vietnamese
# letters do: it is removed too, but alone not noted.)
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in range(9, 14))
_BEGINNINGS = b"\xc2\xcd\xd8\xe2\xef"
_ORDINARY = bytes(code for code in range(256) if code not in _CONTROLS + _BEGINNINGS)
# First byte, lowest and highest second and third byte.
_HIDDEN = (
    (0xC2, 0x80, 0x84, 0, 255), (0xC2, 0x86, 0x9F, 0, 255), (0xC2, 0xAD, 0xAD, 0, 255),
    (0xCD, 0x8F, 0x8F, 0, 255), (0xD8, 0x9C, 0x9C, 0, 255),
    (0xE2, 0x80, 0x80, 0x8B, 0x8F), (0xE2, 0x80, 0x80, 0xAA, 0xAE), (0xE2, 0x81, 0x81, 0xA0, 0xAF),
    (0xEF, 0xBB, 0xBB, 0xBF, 0xBF), (0xEF, 0xBF, 0xBF, 0xB9, 0xBB),
)  # fmt: skip
LONGEST_HIDDEN = 3


def has_hidden_characters(body: bytes) -> bool:
    """Whether UTF-8 bytes hold a control, zero-width or direction-changing character."""
    suspects = body.translate(None, _ORDINARY)
    if suspects.translate(None, _BEGINNINGS) or not suspects:
        return bool(suspects)
    codes = np.frombuffer(body + b"\0\0", dtype=np.uint8)
    places = np.flatnonzero(np.isin(codes, np.frombuffer(_BEGINNINGS, dtype=np.uint8)))
    first, second, third = codes[places], codes[places + 1], codes[places + 2]
    return any(
        bool(
            np.any(
                (first == lead) & (second >= low) & (second <= high)
                & (third >= low_third) & (third <= high_third)
            )
        )
        for lead, low, high, low_third, high_third in _HIDDEN
    )  # fmt: skip


def hidden_text_warnings(
    connection: duckdb.DuckDBPyConnection, delivered: str, columns: Sequence[tuple[Field, str]]
) -> list[str]:
    """One warning `invisible_characters` that counts the values per column; none without any.

    delivered: SQL of the rows, with `_src_line`. columns: (field, its column there). Costs a pass
    over all texts: only for files that can hold such a character.
    """
    holds = {field.name: f"regexp_matches({column}, '{INVISIBLE}')" for field, column in columns}
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in holds.values())
    row = connection.execute(
        f"select {counts}, min(_src_line) filter (where {' or '.join(holds.values())}) "
        f"from ({delivered})"
    ).fetchone()
    assert row is not None
    *found, first_line = row
    if first_line is None:
        return []
    counted = zip(holds, found, strict=True)
    named = ", ".join(f"{name} {count}" for name, count in counted if count)
    return [
        f"invisible_characters: removed from {sum(found)} values ({named}), first on line "
        f"{first_line}"
    ]
