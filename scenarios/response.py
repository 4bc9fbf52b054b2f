"""How imports and domestic sales answer a change of taxes, by elasticities that are uncertain.

Defines: `Elasticity`, `Response`, `responses`. Add here another answer that follows from the same
draws. Keep out: which tax changes (the warehouse's own models say it), figures of a market.

Each draw of the elasticities is one solved Armington market of two varieties, cross-border goods
and what domestic producers sell; taxes are powers 1 + t of the customs value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.armington import armington
from scenarios.checks import BadInput, Floats, must, not_negative, vector

_TRIES = 1_000


@dataclass(frozen=True)
class Elasticity:
    """A number with its standard error and where it comes from; sign: of every draw, 1 or -1."""

    name: str
    mean: float
    standard_error: float
    sign: int
    source: str

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """Normal draws of the right sign (count,); all alike without a standard error.

        Raises BadInput: a mean of the wrong sign, a negative error, or hardly a draw of that sign.
        """
        mean = vector(self.name, [self.mean])
        must(self.name, mean, mean * self.sign > 0, "has the wrong sign", "see docs/scenarios.md")
        not_negative(f"{self.name} standard error", vector(self.name, [self.standard_error]))
        found = np.full(count, self.mean)
        wrong = np.full(count, self.standard_error > 0)
        for _ in range(_TRIES):
            if not wrong.any():
                return found
            found[wrong] = random.normal(self.mean, self.standard_error, int(wrong.sum()))
            wrong &= found * self.sign <= 0
        raise BadInput(
            f"has a standard error of {self.standard_error}: hardly a draw has its sign",
            argument=self.name,
            remedy="give a smaller standard error",
        )


@dataclass(frozen=True)
class Response:
    """Arrays (draws, goods). import_quantity, import_price (without tax): ratios to before.

    domestic_sales: ratio to before, at producer prices; NaN where there were none.
    """

    import_quantity: Floats
    import_price: Floats
    domestic_sales: Floats


def responses(
    customs_value: npt.ArrayLike,
    tax_before: npt.ArrayLike,
    tax_after: npt.ArrayLike,
    domestic_sales: npt.ArrayLike,
    elasticities: Sequence[Elasticity],
    *,
    draws: int,
    seed: int,
) -> Response:
    """The answer of each of n goods to its taxes, `draws` times.

    customs_value: money (n,), above 0. Taxes: money (n,), at least 0. domestic_sales: money (n,),
    at least 0; 0 is a good that nobody sells at home. elasticities: substitution (positive), demand
    (negative), import_supply, domestic_supply (positive), in this order.
    Raises BadInput: a value that is not above 0, taxes of more than four times the value, an
    elasticity of the wrong sign, fewer than one draw.
    """
    value = vector("customs_value", customs_value)
    many = len(value)
    must("customs_value", value, value > 0, "is not above 0", "leave the goods out")
    taxes = {name: vector(name, tax, many) for name, tax in
             (("tax_before", tax_before), ("tax_after", tax_after))}  # fmt: skip
    sales = vector("domestic_sales", domestic_sales, many)
    for name, given in (*taxes.items(), ("domestic_sales", sales)):
        not_negative(name, given)
    if draws < 1:
        raise BadInput("is less than 1", argument="draws", remedy="ask for 500")
    random = np.random.default_rng(seed)
    drawn = [one.draws(random, draws) for one in elasticities]
    old, new = (1 + tax / value for tax in taxes.values())
    quantity, price, home = (np.ones((draws, many)) for _ in range(3))
    home[:, sales == 0] = np.nan
    for good in np.flatnonzero(old != new):
        varieties = [value[good] * old[good], sales[good]][: 1 + (sales[good] > 0)]
        for draw, (sigma, eta, imported, made) in enumerate(zip(*drawn, strict=True)):
            effects = armington(
                varieties,
                [imported, made][: len(varieties)],
                [old[good], 1.0][: len(varieties)],
                [new[good], 1.0][: len(varieties)],
                sigma,
                eta,
            )
            quantity[draw, good] = effects.quantity[0]
            price[draw, good] = effects.producer_price[0]
            if len(varieties) > 1:
                home[draw, good] = effects.quantity[1] * effects.producer_price[1]
    return Response(quantity, price, home)
