"""Input-output multipliers: what final demand asks of all industries, directly and indirectly.

Defines: `leontief_inverse`, `output_multipliers`, `output_for`. Add here another multiplier.
Keep out: the table of a country and the demand that imports displace (the caller).
"""

import numpy as np
import numpy.typing as npt

from scenarios.checks import BadInput, Floats, matrix, not_negative, vector


def leontief_inverse(coefficients: npt.ArrayLike) -> Floats:
    """L = (I - A)^-1: output of industry i for one unit of final demand for industry j.

    coefficients: A, (n, n), input of i for one unit of output of j, money a money, imports
    removed. Raises BadInput: not square, a negative coefficient, an economy that uses more than
    it makes (an eigenvalue of A of 1 or more). Source: Miller and Blair, "Input-Output Analysis".
    """
    size = len(np.atleast_1d(np.asarray(coefficients, dtype=np.float64)))
    uses = matrix("coefficients", coefficients, size)
    not_negative("coefficients", uses)
    if not size or np.abs(np.linalg.eigvals(uses)).max() >= 1 - 1e-12:
        raise BadInput(
            "describes an economy that uses up all it makes",
            argument="coefficients",
            remedy="give inputs as parts of output, columns as a rule summing to less than 1",
        )
    return np.asarray(np.linalg.solve(np.eye(size) - uses, np.eye(size)), dtype=np.float64)


def output_multipliers(coefficients: npt.ArrayLike) -> Floats:
    """Type I output multipliers (n,): the column sums of L, money a money of final demand.

    Raises BadInput as `leontief_inverse`.
    """
    return leontief_inverse(coefficients).sum(axis=0)


def output_for(coefficients: npt.ArrayLike, final_demand: npt.ArrayLike) -> Floats:
    """Output of each industry (n,) for a final demand (n,), money; a fall may be negative.

    Raises BadInput as `leontief_inverse`, and for a demand of another length.
    """
    inverse = leontief_inverse(coefficients)
    return inverse @ vector("final_demand", final_demand, len(inverse))
