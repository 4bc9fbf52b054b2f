"""Pseudo-randomness as integer arithmetic: the same numbers on every engine version and machine.

Add here a new way to turn a key into a draw. Keep out: what is drawn, and `random()`, `hash()`
or any libm function inside SQL (their results may differ between versions, threads or
machines).

The mixer is the 32-bit finaliser with multiplier 0x45d9f3b (T. Mueller): x ^= x >> 16; x *= m
(mod 2^32); x ^= x >> 16; x *= m (mod 2^32); x ^= x >> 16. A key mixes a row number with two
constants of the seed (and the day). A draw multiplies the mixed key by an odd 31-bit constant
of its name and keeps bits 20 to 51 of the product; take it modulo something small. All
intermediates stay below 2^63.
"""

import math
from statistics import NormalDist

MASK = 0xFFFFFFFF
MULTIPLIER = 0x45D9F3B
GOLDEN = 0x9E3779B9
FACTOR_UNIT = 10_000  # log-normal factors are integers in ten-thousandths
QUANTILES = 4_096

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
    "sex_year",
    "id_kind",
    "house",
    "alley",
    "street",
    "ward",
    "province",
    "firm",
    "firm_kind",
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
    "line_undervalued",
)

_SQL = f"""
create or replace temp macro fold16(x) as xor(x, x >> 16);
create or replace temp macro mix(x) as
    fold16((fold16((fold16(x) * {MULTIPLIER}) & {MASK}) * {MULTIPLIER}) & {MASK});
create or replace temp macro keyed(n, a, b) as mix(xor(mix((n + a) & {MASK}), b));
create or replace temp macro hit(draw, share) as (draw % 1000000) < share;
"""


def mix(value: int) -> int:
    """The mixer of the SQL macro `mix`, for constants computed in Python."""
    for _ in range(2):
        value ^= value >> 16
        value = (value * MULTIPLIER) & MASK
    return value ^ (value >> 16)


def constant(seed: int, *parts: int) -> int:
    """A 32-bit constant of the seed and some small integers (day, purpose)."""
    state = mix(seed & MASK) ^ mix((seed >> 32) & MASK)
    for part in parts:
        state = mix((state + part * GOLDEN + 1) & MASK)
    return state


def draw_macros() -> str:
    """SQL of the mixer and of one macro `draw_<name>(key)` per entry of DRAWS: 0 .. 2^32-1."""
    draws = (
        f"create or replace temp macro draw_{name}(k) as "
        f"((k * {mix(salt + 1) & 0x3FFFFFFF | 0x40000001}) >> 20) & {MASK};"
        for salt, name in enumerate(DRAWS)
    )
    return _SQL + "\n".join(draws)


def lognormal_factors(sigma_thousandths: int) -> tuple[int, ...]:
    """Quantiles of a log-normal with median 1, as integers in units of 1/FACTOR_UNIT.

    A table of rounded integers, so that no floating-point function runs per row.
    """
    normal = NormalDist(0.0, sigma_thousandths / 1000)
    return tuple(
        round(FACTOR_UNIT * math.exp(normal.inv_cdf((step + 0.5) / QUANTILES)))
        for step in range(QUANTILES)
    )
