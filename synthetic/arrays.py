"""From numpy to Arrow: arrays without copies, and numbers written as digits.

`pyarrow.array` would do the same, but it imports pandas, which costs more than 100,000 parcels.
Add here a fixed-width way to write numbers. Keep out: columns and files (text_columns.py).
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from synthetic.mixing import Numbers

_FOUR_DIGITS = np.array([f"{number:04d}" for number in range(10_000)], dtype="S4").view(np.uint32)


def array_of(values: Numbers) -> pa.Array:
    """The Arrow array of a numpy array of numbers or booleans, without nulls."""
    if values.dtype == bool:
        bits = np.packbits(values, bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])
    body = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, body])


def strings(values: Sequence[str]) -> pa.Array:
    """The Arrow array of a short list of texts."""
    encoded = [value.encode() for value in values]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum([len(value) for value in encoded], out=offsets[1:])
    body = pa.py_buffer(b"".join(encoded))
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(offsets), body)


def digits(values: Numbers, width: int) -> Numbers:
    """The last `width` decimal digits of non-negative integers, as ASCII codes: rows x width."""
    groups = -(-width // 4)
    out = np.empty((len(values), groups), dtype=np.uint32)
    rest = values.astype(np.uint64)
    for group in range(groups - 1, -1, -2):
        # Eight digits at a time fit 32-bit arithmetic, which is faster.
        upper = rest // np.uint64(10**8)
        low = (rest - upper * np.uint64(10**8)).astype(np.uint32)
        thousands = low // np.uint32(10**4)
        out[:, group] = _FOUR_DIGITS.take(low - thousands * np.uint32(10**4))
        if group:
            out[:, group - 1] = _FOUR_DIGITS.take(thousands)
        rest = upper
    return out.view(np.uint8)[:, 4 * groups - width :]


def fixed_texts(codes: Numbers) -> pa.Array:
    """One text per row of ASCII codes, all of one length."""
    rows, width = codes.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    body = np.ascontiguousarray(codes)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(body))


def ascii_codes(values: Sequence[str]) -> Numbers:
    """ASCII texts of one length as codes: texts x length."""
    return np.frombuffer("".join(values).encode("ascii"), dtype=np.uint8).reshape(len(values), -1)


def zero_padded(
    values: Numbers, width: int, present: Numbers | None = None, prefix: Numbers | None = None
) -> pa.Array:
    """Numbers with leading zeros; where not present, the empty text.

    prefix: ASCII codes in front of the digits, one row for all or one per number.
    """
    if present is not None:
        rows = np.flatnonzero(present)
        values = values[rows]
        prefix = prefix[rows] if prefix is not None and len(prefix) > 1 else prefix
    before = 0 if prefix is None else prefix.shape[1]
    codes = digits(values, before + width)
    if prefix is not None:
        codes[:, :before] = prefix
    if present is None:
        return fixed_texts(codes)
    offsets = np.zeros(len(present) + 1, dtype=np.int32)
    np.cumsum(present * np.int32(codes.shape[1]), out=offsets[1:])
    body = pa.py_buffer(np.ascontiguousarray(codes))
    return pa.StringArray.from_buffers(len(present), pa.py_buffer(offsets), body)


@lru_cache(maxsize=256)
def constant_text(text: str) -> pa.Scalar:
    """A text for Arrow functions, which would turn a Python string into one by way of pandas."""
    return strings([text])[0]


def moments(day: np.datetime64, seconds: Numbers) -> pa.Array:
    """`YYYY-MM-DD HH:MM:SS` of seconds after the start of a day."""
    stamps = day.astype("datetime64[s]").astype(np.int64) + seconds
    return array_of(stamps).cast(pa.timestamp("s")).cast(pa.string())
