"""Which fold a row belongs to, by the content of a text key.

Defines: `fold_of`, `tie_order`, `out_of_fold`. Add here another split that follows from content.
Keep out: what is fitted on a fold.

Folds follow from content because copies exist: the same goods are declared again under another
number, and a copy on each side of a split lets a model look up the answer. A key that says what
the row shows (heading, departure, origin, regime, mass) puts all copies into one fold; where a
record is the unit, the key is its id. MD5 because both SQL engines and Python have it, and because
it neither follows from the order of rows nor changes with their number.
"""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError
from scoring.inputs import Booleans, Floats, Integers

_HEX_DIGITS = 8


def fold_of(keys: Sequence[str], *, folds: int, salt: str = "") -> Integers:
    """The fold 0 .. folds-1 of each key, int64: 8 hex digits of md5(salt || key) modulo folds.

    In DuckDB: `('0x' || substr(md5(salt || key), 1, 8))::bigint % folds`. salt: another salt is
    another partition of the same keys. Raises UsageError for a key that is null or empty (all of
    them would share a fold as if they were copies) or for fewer than two folds.
    """
    if folds < 2:
        raise UsageError(f"{folds} folds split nothing", where="folds", remedy="take at least two")
    return (_digests(keys, salt) >> np.uint64(64 - 4 * _HEX_DIGITS)).astype(np.int64) % folds


def tie_order(ids: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A number a row that orders ties as `order by md5(id)` does: not by value, not by position."""
    return _digests(ids, "")


def out_of_fold(
    folds: Integers, score_fold: Callable[[Booleans, Booleans], npt.NDArray[np.generic]]
) -> Floats:
    """The scores of all rows, each by a model that did not learn from its fold; float64.

    score_fold(train, held): fits on the rows `train` and returns the scores of the rows `held`, in
    their order. Profiles are features made of labels: inside `score_fold` they must be made of
    the rows `train` alone, or the held labels come in through the features.
    """
    found = np.full(len(folds), np.nan)
    for number in np.unique(folds):
        held = np.asarray(folds == number)
        found[held] = score_fold(~held, held)
    return found


def _digests(keys: Sequence[str], salt: str) -> npt.NDArray[np.uint64]:
    """The first 64 bits of the md5 of each key. A copy is hashed once."""
    # A dictionary of distinct keys: numpy has no md5, and sorting long texts costs more.
    of_key = dict.fromkeys(keys, b"")
    for key in of_key:
        if not isinstance(key, str) or not key:
            raise UsageError(
                "a row has no key",
                where="keys",
                remedy="make the key of what the row shows, with a word in place of what is absent",
            )
        of_key[key] = hashlib.md5((salt + key).encode(), usedforsecurity=False).digest()[:8]
    joined = b"".join([of_key[key] for key in keys])
    return np.frombuffer(joined, dtype=">u8").astype(np.uint64)
