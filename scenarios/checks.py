"""What the functions of this package accept, and how they refuse what they do not.

Defines: `BadInput`, checks of vectors and matrices, sums by group, `checked_afterwards` and
`finite_results` and `ratios` for what overflows.
Add here a check that two methods need. Keep out: reading files and naming lines (cli/calculator/),
any formula.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

# A tariff is handed over as its power, 1 + t. Beyond 400 percent a percentage was meant.
LEAST_POWER, MOST_POWER = 1.0, 5.0


# Around a method: what overflows is found by `finite_results`, not by a warning on stderr.
checked_afterwards = np.errstate(over="ignore", invalid="ignore", divide="ignore")


class BadInput(UsageError):
    """An argument that no number can be computed from.

    argument: the parameter concerned. index: where in it, () when all of it is meant.
    """

    def __init__(
        self, what: str, *, argument: str, remedy: str, index: tuple[int, ...] = ()
    ) -> None:
        place = argument + "".join(f"[{one}]" for one in index)
        super().__init__(what, where=place, remedy=remedy)
        self.argument = argument
        self.index = index


def vector(argument: str, values: npt.ArrayLike, length: int | None = None) -> Floats:
    """`values` as a float64 vector. Raises BadInput: another shape, no entry, NaN or infinity."""
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or (length is not None and len(found) != length):
        raise BadInput(
            f"has the shape {found.shape}, not one number for each of {length or 'its'} entries",
            argument=argument,
            remedy="give one number for each",
        )
    if not len(found):
        raise BadInput("is empty", argument=argument, remedy="give at least one row")
    _all_finite(argument, found)
    return found


def matrix(argument: str, values: npt.ArrayLike, size: int) -> Floats:
    """`values` as a float64 size x size matrix. Raises BadInput: not square, NaN or infinity."""
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (size, size):
        raise BadInput(
            f"has the shape {found.shape}, not {size} rows of {size} numbers",
            argument=argument,
            remedy="give a square matrix, a row and a column for each in the same order",
        )
    _all_finite(argument, found)
    return found


def elasticities(argument: str, values: npt.ArrayLike, length: int, sign: int) -> Floats:
    """`values` as `length` elasticities, a scalar for all. Raises BadInput: zero or another sign.

    sign: 1 when they must be positive, -1 when they must be negative.
    """
    found = np.asarray(values, dtype=np.float64)
    found = vector(argument, np.full(length, found) if found.ndim == 0 else found, length)
    must(
        argument,
        found,
        found * sign > 0,
        "is no elasticity of the right sign",
        f"give a {'positive' if sign > 0 else 'negative'} number",
    )
    return found


def powers(argument: str, values: Floats) -> None:
    """Raises BadInput for a tariff outside 1 to 5: a percentage, or a rate without its 1."""
    must(
        argument,
        values,
        (values >= LEAST_POWER) & (values <= MOST_POWER),
        "is no tariff as a power 1 + t between 1 and 5",
        "write 1.05 for 5 percent",
    )


def positive(argument: str, values: Floats) -> None:
    """Raises BadInput for a zero or negative entry."""
    must(argument, values, values > 0, "is not above zero", "give a positive number")


def not_negative(argument: str, values: Floats) -> None:
    """Raises BadInput for a negative entry."""
    must(argument, values, values >= 0, "is negative", "give zero or a positive number")


def must(argument: str, values: Floats, holds: Booleans, what: str, remedy: str) -> None:
    """Raises BadInput that names the first entry of `values` for which `holds` is false."""
    if not holds.all():
        index = tuple(int(one) for one in np.argwhere(~holds)[0])
        raise BadInput(
            f"{values[index]:.12g} {what}", argument=argument, index=index, remedy=remedy
        )


def codes(argument: str, values: npt.ArrayLike, names: Sequence[str], length: int) -> Codes:
    """`values` as positions in `names`, one a row. Raises BadInput: other numbers or length."""
    found = np.asarray(values, dtype=np.int64)
    if found.shape != (length,) or (length and not 0 <= found.min() <= found.max() < len(names)):
        raise BadInput(
            f"is not one position in the {len(names)} names for each of {length} rows",
            argument=argument,
            remedy="number the names from 0",
        )
    return found


def first_repeat(keys: Sequence[Codes]) -> tuple[int, int] | None:
    """The first row whose key an earlier row has, and that row; None when every key is new."""
    order = np.lexsort(tuple(keys))  # stable: equal keys stay in the order of the rows
    equal = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for key in keys:
        equal &= key[order][1:] == key[order][:-1]
    if not equal.any():
        return None
    places = np.flatnonzero(equal)
    second = places[np.argmin(order[places + 1])]
    return int(order[second]), int(order[second + 1])


def totals(group: Codes, values: Floats, groups: int) -> Floats:
    """The sum of `values` in each group."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64, copy=False)


def scaled(group: Codes, values: Floats, groups: int) -> tuple[Floats, Floats]:
    """`values` divided by a power of two near the largest of their group, and those largest.

    Shares stay what they are to the last bit, and no sum can overflow. Values are at least 0.
    """
    largest = np.zeros(groups)
    np.maximum.at(largest, group, values)
    return np.ldexp(values, -np.frexp(largest)[1][group]), largest


def some_total(argument: str, total: Floats, names: Sequence[str]) -> None:
    """Raises BadInput when the total of a group is 0: it has no shares."""
    if not (total > 0).all():
        name = names[int(np.argmin(total > 0))]
        raise BadInput(
            f"sums to 0 for {name!r}, which leaves no shares",
            argument=argument,
            remedy="leave it out or give a positive number",
        )


def finite_results(**results: Floats) -> None:
    """Raises BadInput when a result overflowed. Hand over only what may not be missing."""
    for name, values in results.items():
        if not np.isfinite(values).all():
            raise BadInput(
                "comes out as no finite number: the inputs are too large or too far apart",
                argument=name,
                remedy="use other units or less extreme parameters",
            )


def ratios(**results: Floats) -> None:
    """Raises BadInput when a ratio came out as 0, or as a number without all its digits."""
    with np.errstate(divide="ignore", over="ignore"):
        finite_results(**{name: 1 / values for name, values in results.items()})


def _all_finite(argument: str, values: Floats) -> None:
    must(argument, values, np.isfinite(values), "is no finite number", "give a finite number")
