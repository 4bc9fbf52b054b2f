"""Numbers that forms are filled in with: typed so that something stands there, nobody's.

Defines: which phones and identifiers are placeholders, as SQL over their normal forms and as
polars expressions (a test holds one against the other). Such a number identifies no one.
Add here another pattern that people type. Keep out: the normal forms (normalise.py), and numbers
that many really share, which dated limits handle (dbt).

No official text lists them: the patterns are our own (grade U). A real number that looks like one
(three phones in 100,000, three personal ids) only loses its say in who a party is.
"""

import polars as pl

UP, DOWN = "0123456789" * 2, "9876543210" * 2  # a run goes on after nine with zero
PHONE_ENDING = 7  # what follows an operator's prefix
SERIAL = 6  # of a personal id: after province, century, sex and year of birth
LONGEST_BLOCK = 4  # that fills a personal id by being repeated, as 001001001001
_TAX_CODE = 10


def runs(length: int) -> list[str]:
    """Every run of so many digits, up and down."""
    return [run[start : start + length] for run in (UP, DOWN) for start in range(10)]


def _is_run(number: str) -> str:
    return f"(contains('{UP}', {number}) or contains('{DOWN}', {number}))"


def _repeats(number: str, length: int, block: int) -> str:
    """Whether the last `length` digits repeat a block of so many digits."""
    rest = length - block
    return f"right({number}, {rest}) = substr({number}, -{length}, {rest})"


def phone(normal: str) -> str:
    """SQL: a valid normal form that ends in one digit, two in turn or a run of seven."""
    ending = f"right({normal}, {PHONE_ENDING})"
    return f"({_repeats(normal, PHONE_ENDING, 2)} or {_is_run(ending)})"


def personal_id(code: str) -> str:
    """SQL: a personal id whose serial is one digit or a run, or that repeats two to four digits."""
    serial = f"right({code}, {SERIAL})"
    repeated = " or ".join(_repeats(code, 12, block) for block in range(2, LONGEST_BLOCK + 1))
    return f"({_repeats(code, SERIAL, 1)} or {_is_run(serial)} or {repeated})"


def tax_code(code: str) -> str:
    """SQL: a tax code, without its branch, of one digit or a run."""
    main = f"left({code}, {_TAX_CODE})"
    return f"({_repeats(main, _TAX_CODE, 1)} or {_is_run(main)})"


def other(code: str) -> str:
    """SQL: an identifier of no known form that is no number: without digits (NA, KHONGCO), of one
    digit alone or four times and more beside letters (000000000000, X0000000), or a run
    (123456789)."""
    digits = f"regexp_replace({code}, '[^0-9]', '', 'g')"
    one_digit = f"replace({digits}, left({digits}, 1), '') = ''"
    is_plain = f"{digits} in ('', {code}) or length({digits}) >= {LONGEST_BLOCK}"
    return f"(({one_digit} and ({is_plain})) or {_is_run(code)})"


def _ends_in_repeats(number: pl.Expr, length: int, block: int) -> pl.Expr:
    rest = length - block
    return number.str.slice(-rest) == number.str.slice(-length, rest)


def is_phone(normal: pl.Expr) -> pl.Expr:
    """As `phone`."""
    run = normal.str.slice(-PHONE_ENDING).is_in(runs(PHONE_ENDING))
    return _ends_in_repeats(normal, PHONE_ENDING, 2) | run


def is_personal_id(code: pl.Expr) -> pl.Expr:
    """As `personal_id`."""
    found = _ends_in_repeats(code, SERIAL, 1) | code.str.slice(-SERIAL).is_in(runs(SERIAL))
    for block in range(2, LONGEST_BLOCK + 1):
        found = found | _ends_in_repeats(code, 12, block)
    return found
