"""Pseudo-randomness as integer arithmetic: the same numbers on every machine, in any order of work.

Add here a new way to turn a key into a draw. Keep out: what is drawn, and numpy.random (its streams
depend on the order in which they are read).

The mixer is the 32-bit finaliser with multiplier 0x45d9f3b (T. Mueller): x ^= x >> 16; x *= m
(mod 2^32); x ^= x >> 16; x *= m (mod 2^32); x ^= x >> 16. It is a bijection of 32-bit numbers. A
key mixes a row number with two constants of the seed (and the day). A draw mixes the key with the
constant of its name once more, so that draws of different names are independent.
"""

import math
from statistics import NormalDist
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, Any]

MASK = 0xFFFFFFFF
MULTIPLIER = 0x45D9F3B
GOLDEN = 0x9E3779B9
FACTOR_UNIT = 10_000  # log-normal factors are integers in ten-thousandths
QUANTILES = 4_096
_PER_MILLION = 1_000_000

# One independent draw per name. The position is the salt: append, never reorder or delete.
DRAWS = (
    "second_parcel",
    "good",
    "quantity",
    "weight",
    "value",
    "bunch",
    "bunch_value",
    "split_value",
    "factor",
    "platform",
    "country",
    "currency",
    "seller_a",
    "seller_b",
    "order",
    "master",
    "office",
    "arrival",
    "hs",
    "language",
    "colour",
    "brand",
    "detail",
    "vague",
    "id_missing",
    "phone_missing",
    "address_state",
    "spelling",
    "origin",
    "warehouse",
    "family",
    "middle",
    "given",
    "birth",
    "id_kind",
    "house",
    "alley",
    "street",
    "ward",
    "province",
    "firm",
    "firm_kind",
    "firm_ending",
    "road",
    "city",
    "mic",
    "mic_value",
    "inspect_random",
    "inspect_rule",
    "found",
    "pending",
    "delay",
    "inspector",
    "finding",
    "person_kind",
    "tariff",
    "incoterm",
    "payment",
    "variant",
    "promotion",
    "discount",
    "household",
    "dormitory",
    "mess",
    "mess_kind",
    "mess_batch",
    "schedule",
    "route",
    "lot_sender",
    "lot_parcel",
    "direct_sale",
    "direct_platform",
    "shop_order",
    "courier",
    "invented",
)
_SCATTER_FACTORS = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D))
_SALT = {name: position for position, name in enumerate(DRAWS)}


def mix(value: int) -> int:
    """The mixer for constants; `mixed` does the same to arrays."""
    for _ in range(2):
        value ^= value >> 16
        value = (value * MULTIPLIER) & MASK
    return value ^ (value >> 16)


def mixed(values: Numbers) -> Numbers:
    """The mixer over an array of uint32; a new array."""
    values = values ^ (values >> np.uint32(16))
    values *= np.uint32(MULTIPLIER)
    values ^= values >> np.uint32(16)
    values *= np.uint32(MULTIPLIER)
    values ^= values >> np.uint32(16)
    return values


def constant(seed: int, *parts: int) -> int:
    """A 32-bit constant of the seed and some small integers (day, purpose)."""
    state = mix(seed & MASK) ^ mix((seed >> 32) & MASK)
    for part in parts:
        state = mix((state + part * GOLDEN + 1) & MASK)
    return state


def keyed(numbers: Numbers, key: tuple[int, int]) -> Numbers:
    """Keys (uint32) of non-negative numbers below 2^32: different numbers, different keys."""
    shifted = numbers.astype(np.uint32) + np.uint32(key[0])
    return mixed(mixed(shifted) ^ np.uint32(key[1]))


def threshold(per_million: int) -> np.uint32:
    """The value below which this share of all draws lies."""
    return np.uint32(min((per_million << 32) // _PER_MILLION, MASK))


class Draws:
    """The draws of an array of keys (uint32). Each call computes anew; keep what is used twice."""

    def __init__(self, keys: Numbers) -> None:
        self.keys = keys

    def of(self, name: str) -> Numbers:
        """Uniform uint32, one per key."""
        return mixed(self.keys ^ np.uint32(mix(_SALT[name] + 1)))

    def hit(self, name: str, per_million: int) -> Numbers:
        """True for this share of the keys."""
        return self.of(name) < threshold(per_million)

    def below(self, name: str, count: int) -> Numbers:
        """Uniform integers 0 .. count - 1 (int32), count below 2^31."""
        return scaled(self.of(name), count)

    def pick(self, name: str, table: Numbers) -> Numbers:
        """Uniform elements of a table; a weighted choice when elements are repeated in it."""
        return table.take(self.below(name, len(table)))


def scaled(draws: Numbers, count: int) -> Numbers:
    """Draws (uniform uint32) brought to 0 .. count - 1 (int32)."""
    return ((draws.astype(np.uint64) * np.uint64(count)) >> np.uint64(32)).astype(np.int32)


class Scatter:
    """A keyed bijection on 0 .. count - 1 (count below 2^31) that leaves neighbours far apart.

    Mixes within the next power of two, again and again while the result is no valid number.
    """

    def __init__(self, count: int, key: int) -> None:
        bits = max(count - 1, 1).bit_length()
        self.count = count
        self._mask = np.uint32((1 << bits) - 1)
        self._key = np.uint32(key & ((1 << bits) - 1))
        self._shift = np.uint32(max(bits // 2, 1))

    def __call__(self, numbers: Numbers) -> Numbers:
        """Where the numbers (each below count) go (int64)."""
        values = self._mixed(numbers.astype(np.uint32))
        outside = np.flatnonzero(values >= self.count)
        while len(outside):
            values[outside] = self._mixed(values[outside])
            outside = outside[values[outside] >= self.count]
        return values.astype(np.int64)

    def _mixed(self, values: Numbers) -> Numbers:
        values = values ^ self._key
        for factor in _SCATTER_FACTORS:
            values *= factor
            values &= self._mask
            values ^= values >> self._shift
        return values


def weighted(weights: list[int]) -> Numbers:
    """A table for `Draws.pick`: index i stands in it weights[i] times."""
    return np.repeat(np.arange(len(weights), dtype=np.int32), weights)


def lognormal_factors(sigma_thousandths: int) -> Numbers:
    """Quantiles of a log-normal with median 1 (int64), in units of 1/FACTOR_UNIT.

    A table of rounded integers, so that no floating-point function runs per row.
    """
    normal = NormalDist(0.0, sigma_thousandths / 1000)
    return np.array(
        [
            round(FACTOR_UNIT * math.exp(normal.inv_cdf((step + 0.5) / QUANTILES)))
            for step in range(QUANTILES)
        ],
        dtype=np.int64,
    )
