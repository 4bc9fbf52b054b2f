"""The table of the method annex (docs/price-index.md) is what the methods give on the CES set.

`python -m tests.golden.test_price_annex FILE` prints the rows anew. Published values:
impact-methods 1.3. Add here a method. NOT claimed: Geary-Khamis, which nothing here reckons.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.price_index import Published

PAGE = Path(__file__).resolve().parents[2] / "docs" / "price-index.md"
PUBLISHED = {
    "true CES": 1.137003,
    "GEKS-Törnqvist": 1.132820,
    "GEKS-Fisher": 1.115273,
    "GEKS-Jevons, without weights": 0.928613,
    "weighted time-product dummy": 1.173772,
    "Törnqvist, chained": 1.134617,
    "Fisher, chained": 1.124285,
    "Laspeyres, chained": 2.200047,
    "Paasche, chained": 0.574541,
    "raw unit value": 1.304616,
}


def reckoned(path: Path) -> dict[str, float]:
    """Method -> index of the last period; GEKS by the model's own SQL, the rest written out."""
    with path.open(encoding="utf-8") as file:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    p = np.array([row["price"] for row in rows]).reshape(12, 4)
    q = np.array([row["quantity"] for row in rows]).reshape(12, 4)
    v = p * q
    share = v / v.sum(axis=1, keepdims=True)
    published = Published(
        (t, "6109", "express", str(i), round(v[t, i] * 1e10, 2), round(q[t, i] * 1e10, 6))
        for t in range(12)
        for i in range(4)
    )
    published.run(range(12))
    geks = {
        name: float(published.column(f"{column}price_index")[-1]) / 100
        for name, column in (("T", ""), ("F", "fisher_"), ("J", "jevons_"))
    }
    laspeyres = (p[1:] * q[:-1]).sum(axis=1) / v[:-1].sum(axis=1)
    paasche = v[1:].sum(axis=1) / (p[:-1] * q[1:]).sum(axis=1)
    tornqvist = np.exp(((share[1:] + share[:-1]) / 2 * np.log(p[1:] / p[:-1])).sum(axis=1))
    return {
        # Elasticity 2: P = 1 / sum(b / p), and b is a share times its price.
        "true CES": float(1 / (share[0] * p[0] / p[-1]).sum()),
        "GEKS-Törnqvist": geks["T"],
        "GEKS-Fisher": geks["F"],
        "GEKS-Jevons, without weights": geks["J"],
        "weighted time-product dummy": time_product_dummy(p, share),
        "Törnqvist, chained": float(tornqvist.prod()),
        "Fisher, chained": float(np.sqrt(laspeyres * paasche).prod()),
        "Laspeyres, chained": float(laspeyres.prod()),
        "Paasche, chained": float(paasche.prod()),
        "raw unit value": float(v[-1].sum() / q[-1].sum() / (v[0].sum() / q[0].sum())),
    }


def time_product_dummy(prices: np.ndarray, shares: np.ndarray) -> float:
    """The last period's dummy of ln p = product + period, weighted by shares of expenditure."""
    months, products = prices.shape
    t, i = np.divmod(np.arange(prices.size), products)
    columns = np.zeros((prices.size, products + months - 1))
    columns[np.arange(prices.size), i] = 1
    columns[t > 0, products + t[t > 0] - 1] = 1
    root = np.sqrt(shares.ravel())
    found = np.linalg.lstsq(columns * root[:, None], np.log(prices.ravel()) * root, rcond=None)
    return float(np.exp(found[0][-1]))


def table(values: dict[str, float]) -> str:
    head = "| method | period 12 | beside the truth |\n|---|---|---|\n"
    return head + "".join(
        f"| {name} | {value:.6f} | {100 * (value / values['true CES'] - 1):+.1f} % |\n"
        for name, value in values.items()
    )


@pytest.mark.shared
def test_every_method_gives_its_published_value_and_the_page_says_so(shared_data: Path) -> None:
    values = reckoned(shared_data / "impact" / "ces_sigma_2.csv")
    assert values == pytest.approx(PUBLISHED, abs=6e-7)
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- annex -->\n")
    assert rest.partition("<!-- /annex -->")[0] == table(values)


if __name__ == "__main__":
    print(table(reckoned(Path(sys.argv[1]))))
