"""Texts that a table has not seen: how well it does on them, and the bound that follows.

Defines: `Built`, `calibrated`, `relearn` (from a home's own declarations). Add here a way to leave
texts out. Keep out: how a table is fitted (model.py) and where texts come from.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingest.items import calibration as certainty
from ingest.items.model import Candidates, Integers, Points, Settings, candidates, learn
from ingest.items.table import ItemModel

PRECISION = 0.9


@dataclass(frozen=True)
class Built:
    """A table, and how it did on texts that it had not seen.

    first, three: shares of them whose heading is the first, or among the first three. answered:
    share at or above the bound; precision: share right of those, nan where there are none.
    """

    model: ItemModel
    texts: int
    first: float
    three: float
    answered: float
    precision: float


def calibrated(
    fold: Integers,
    held: tuple[pa.Array, pa.Array],
    table_of: Callable[[np.ndarray], Points],
    precision: float = PRECISION,
) -> Built:
    """The table of all rows, calibrated on rows of one fold each by the table of the others.

    fold: of every row (calibration.folds_by_text: copies are in one). held: terms and headings of
    the rows as they are asked about. table_of: rows -> the table learnt from them.
    """
    numbers = np.unique(fold)
    learnt_from = [*(np.flatnonzero(fold != number) for number in numbers), np.arange(len(fold))]
    # Tables are pure and numpy computes without Python's lock: side by side they are the same.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        *tables, whole = pool.map(table_of, learnt_from)
    found, true = [], []
    for number, table in zip(numbers, tables, strict=True):
        rows = pa.array(np.flatnonzero(fold == number))
        found.append(candidates(held[0].take(rows), table))
        true.append(held[1].take(rows))
    every, labels = _together(found), pa.concat_arrays(true)
    fitted = certainty.fit_calibration(every, labels, precision)
    return _measured(ItemModel(whole, fitted), every, labels)


def relearn(
    prepared: pa.Array,
    hs4: pa.Array,
    prior: ItemModel,
    *,
    settings: Settings | None = None,
    precision: float = PRECISION,
) -> Built:
    """A home's own table: descriptions with the heading that was declared, on top of `prior`.

    prepared: terms.prepare of the descriptions, one row a declaration or a distinct description;
    hs4: four digits, no null. Its bound holds for texts like these. Pure.
    """

    def table_of(rows: np.ndarray) -> Points:
        at = pa.array(rows)
        return learn(prepared.take(at), hs4.take(at), prior=prior.points, settings=settings)

    # Variants of a thing are copies: a table that knows one of them would seem to know them all.
    fold = certainty.folds_by_text(certainty.kinds_of_goods(prepared, prior.points))
    return calibrated(fold, (prepared, hs4), table_of, precision)


def measured(model: ItemModel, prepared: pa.Array, hs4: pa.Array) -> Built:
    """How a table does on texts that it has not seen."""
    return _measured(model, candidates(prepared, model.points), hs4)


def _measured(model: ItemModel, found: Candidates, true: pa.Array) -> Built:
    answered = certainty.probabilities(found, model.calibration).answered
    first = certainty.mean_right(found, true, 1)
    return Built(
        model,
        len(true),
        float(first.mean()),
        float(certainty.mean_right(found, true, 3).mean()),
        float(answered.mean()),
        float(first[answered].mean()) if answered.any() else float("nan"),
    )


def _together(parts: list[Candidates]) -> Candidates:
    """Candidates of several tables as of one: text numbers go on, codes are put in one list."""
    codes = sorted({code for part in parts for code in part.codes.to_pylist()})
    place = {code: number for number, code in enumerate(codes)}
    texts = 0
    text, headings, usual = [], [], np.zeros(0, dtype=np.int64)
    for part in parts:
        text.append(part.text + texts)
        texts += part.texts
        own = np.array([place[code] for code in part.codes.to_pylist()], dtype=np.int64)
        headings.append(own[part.hs4])
        usual = own[part.usual]
    return Candidates(
        np.concatenate(text),
        np.concatenate(headings),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.rank for part in parts]),
        texts,
        pa.array(codes),
        usual,
    )
