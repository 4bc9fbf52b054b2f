"""Numbers that prove themselves: the shape and check digit of identifiers, as SQL.

A sender profile states with [outputs.checks] which of its identifiers are of such a kind; one
that fails has lost or swapped digits, so it would match nothing and breaks the row.
Add here a kind of identifier: its conditions and reason codes. Keep out: identifiers of persons
and firms, whose outcome is a status (normalise.py).
"""

from collections.abc import Callable
from types import MappingProxyType

# UPU standard S10: two letters, eight digits, a check digit, the ISO country code of the issuer.
_S10_SHAPE = "[A-Z]{2}[0-9]{9}[A-Z]{2}"
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_VNACCS_DIGITS = 12
# GS1 General Specifications: GTIN-8, -12, -13 or -14; weights 3 and 1 from the left of the fourteen
# places, and the sum with the check digit is a multiple of ten. [K]
_GTIN_SHAPE = "[0-9]{8}|[0-9]{12,14}"
_GTIN_DIGITS = 14

# (condition that is true when the rule is broken, reason code): the first that is true counts.
Rules = tuple[tuple[str, str], ...]


def _s10(value: str) -> Rules:
    total = " + ".join(
        f"{weight} * (ascii(substr({value}, {place}, 1)) - 48)"
        for place, weight in enumerate(_S10_WEIGHTS, start=3)
    )
    # 11 minus the remainder; 10 becomes 0 and 11 becomes 5.
    expected = f"case ({total}) % 11 when 1 then 0 when 0 then 5 else 11 - ({total}) % 11 end"
    return (
        (f"not regexp_full_match({value}, '{_S10_SHAPE}')", "s10_format"),
        (f"{expected} <> ascii(substr({value}, 11, 1)) - 48", "s10_check_digit"),
    )


def _vnaccs_number(value: str) -> Rules:
    shape = f"[0-9]{{{_VNACCS_DIGITS}}}"
    return ((f"not regexp_full_match({value}, '{shape}')", "vnaccs_number_format"),)


def _gtin(value: str) -> Rules:
    # Shorter ones count as if zeros stood in front, so all four lengths have one sum.
    padded = f"lpad({value}, 14, '0')"
    total = " + ".join(
        f"{3 if place % 2 else 1} * (ascii(substr({padded}, {place}, 1)) - 48)"
        for place in range(1, _GTIN_DIGITS + 1)
    )
    return (
        # Zeros alone fill a form: their sum is right, and they would make all goods one.
        (
            f"not regexp_full_match({value}, '{_GTIN_SHAPE}') or regexp_full_match({value}, '0+')",
            "gtin_format",
        ),
        (f"({total}) % 10 <> 0", "gtin_check_digit"),
    )


CHECKS: MappingProxyType[str, Callable[[str], Rules]] = MappingProxyType(
    {"gtin": _gtin, "s10": _s10, "vnaccs_number": _vnaccs_number}
)


def broken_rule(check: str, value: str) -> str:
    """SQL of the reason code of a value that fails `check`; null when it passes or is null."""
    rules = CHECKS[check](value)
    branches = " ".join(f"when {condition} then '{reason}'" for condition, reason in rules)
    return f"case when {value} is null then null {branches} end"
