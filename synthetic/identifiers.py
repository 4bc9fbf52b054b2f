"""Numbers of people and firms that are valid in form: personal ids, tax codes, phones.

Add here a kind of identifier. Keep out: who carries which (parcel_rows.py, declarations.py), and
any number taken from a record. Forms: domain handbook 3.5.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic import vocabulary
from synthetic.arrays import array_of, constant_text, zero_padded
from synthetic.mixing import Draws, Numbers

PERSONAL_ID, OLD_ID, TAX_CODE = 12, 9, 10  # how many digits each kind has

_PER_BIRTH = 1_000_000
# One digit for century and sex, two for the year: adults born in 1955-2007.
_BIRTHS = np.array(
    [(2 * (year // 2000) + sex) * 100 + year % 100 for year in range(1955, 2008) for sex in (0, 1)],
    dtype=np.int64,
)
_PREFIXES = np.array(
    [
        int(prefix)
        for province in vocabulary.PROVINCES
        for prefix in province.birth_prefixes * (1 + province.weight // 10)
    ],
    dtype=np.int64,
)
# Ends of tax codes by the remainder of the first eight digits: the ninth digit is 0, or 1 where 0
# would leave no check digit.
_TAX_ENDINGS = np.array([17, *(10 - remainder for remainder in range(1, 11))], dtype=np.int64)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5)
_MOBILE_STARTS = np.array([3, 5, 7, 8, 9], dtype=np.int64)


def _divided(values: Numbers, unit: int) -> tuple[Numbers, Numbers]:
    """Quotient and remainder; numpy's own remainder is several times slower."""
    quotient = values // unit
    return quotient, values - quotient * unit


def personal_ids(people: Numbers, draws: Draws) -> Numbers:
    """Three digits of the province of birth, century and sex, year, six digits; below 10^12.

    Different people below 106 million have different ids whatever province is drawn.
    """
    spread = people * 64_432_159 + 27_182_818
    _, place = _divided(spread, _PER_BIRTH * len(_BIRTHS))
    birth, serial = _divided(place, _PER_BIRTH)
    prefix = draws.pick("birth", _PREFIXES)
    return (prefix * 1_000 + _BIRTHS.take(birth)) * _PER_BIRTH + serial


def old_ids(people: Numbers) -> Numbers:
    """Nine digits: the identity card before the personal id."""
    return (people * 7_654_321 + 11) % 1_000_000_000


def tax_codes(firms: Numbers) -> Numbers:
    """Ten digits with weights 31..3 over nine of them, check = 10 - sum mod 11."""
    body = (firms % 36 + 1) * 1_000_000 + 1 + (firms * 7_654_321) % 999_998
    total = np.zeros(len(firms), dtype=np.int64)
    for place, weight in enumerate(_TAX_WEIGHTS):
        total += body // 10 ** (7 - place) % 10 * weight
    return body * 100 + _TAX_ENDINGS[total % 11]


def mobile_phones(people: Numbers, seed_key: int) -> Numbers:
    """Nine digits after the leading 0; different for people below 100 million."""
    _, start = _divided(people, len(_MOBILE_STARTS))
    _, serial = _divided(people * 7_654_321 + seed_key, 100_000_000)
    return _MOBILE_STARTS.take(start) * 100_000_000 + serial


def identifier_texts(people: Numbers, draws: Draws, kind: Numbers, is_missing: Numbers) -> pa.Array:
    """The text of each identifier; kind: PERSONAL_ID, OLD_ID or TAX_CODE."""
    values = zero_padded(personal_ids(people, draws), PERSONAL_ID)
    others = (kind != PERSONAL_ID) | is_missing
    rare = np.flatnonzero(others)
    people, kind, keys = people[rare], kind[rare], draws.keys[rare]
    texts = pc.if_else(
        array_of(kind == TAX_CODE),
        zero_padded(tax_codes(people), TAX_CODE),
        pc.if_else(
            array_of(kind == OLD_ID),
            zero_padded(old_ids(people), OLD_ID),
            zero_padded(personal_ids(people, Draws(keys)), PERSONAL_ID),
        ),
    )
    texts = pc.if_else(array_of(is_missing[rare]), constant_text(""), texts)
    return pc.replace_with_mask(values, array_of(others), texts)
