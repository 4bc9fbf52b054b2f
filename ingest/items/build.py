"""`python -m ingest.items.build`: the shipped table from the vocabulary and a nomenclature.

Defines: `build`, the report of held-out texts. Add here a step of the build. Keep out: the sources
(sources.py) and the fit (model.py).

Deterministic: no clock, one seed. The curated vocabulary alone is enough; with --nomenclature the
texts of headings and subheadings are learnt as well.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingest.items import calibration as certainty
from ingest.items import sources
from ingest.items.model import Candidates, Points, Settings, candidates, learn
from ingest.items.sources import Labelled
from ingest.items.table import SHIPPED, ItemModel, write_model

SEED = 20261129
SETTINGS = Settings()
_WORDS_ONLY, _STRANGE = 0.5, 0.5


@dataclass(frozen=True)
class Built:
    """A table, and how it did on names that it had not seen: among strange words, five folds.

    first, three: shares right. answered, precision: at the bound.
    """

    model: ItemModel
    first: float
    three: float
    answered: float
    precision: float


def build(trade: Labelled, law: Labelled | None = None, settings: Settings = SETTINGS) -> Built:
    """Learn from all texts; calibrate on names that are left out, copies on one side only."""
    fold = certainty.folds_by_text(trade.prepared)
    listings = sources.listing_like(trade, SEED)
    found, true = [], []
    for number in np.unique(fold):
        table = _learnt(trade.take(np.flatnonzero(fold != number)), law, settings)
        held = listings.take(np.flatnonzero(fold == number))
        found.append(candidates(held.prepared, table))
        true.append(held.hs4)
    together, labels = _together(found), pa.concat_arrays(true)
    fitted = certainty.fit_calibration(together, labels)
    ranked = certainty.probabilities(together, fitted)
    first = certainty.mean_right(together, labels, 1)
    answered = ranked.answered
    return Built(
        ItemModel(_learnt(trade, law, settings), fitted),
        float(first.mean()),
        float(certainty.mean_right(together, labels, 3).mean()),
        float(answered.mean()),
        float(first[answered].mean()) if answered.any() else float("nan"),
    )


def _learnt(trade: Labelled, law: Labelled | None, settings: Settings) -> Points:
    """Every name three times: as it is, its words apart, and among strange words."""
    texts = trade if law is None else sources.together([trade, law])
    parts = sources.together([
        texts,
        sources.words_only(texts, _WORDS_ONLY),
        sources.with_strange_words(texts, trade, _STRANGE, SEED),
    ])
    return learn(parts.prepared, parts.hs4, weight=parts.weight, settings=settings)


def _together(parts: list[Candidates]) -> Candidates:
    """Candidates of several tables as of one: text numbers go on, codes are put in one list."""
    codes = sorted({code for part in parts for code in part.codes.to_pylist()})
    place = {code: number for number, code in enumerate(codes)}
    offset, texts, headings = 0, [], []
    for part in parts:
        texts.append(part.text + offset)
        offset += int(part.text.max()) + 1
        headings.append(np.array([place[code] for code in part.codes.to_pylist()])[part.hs4])
    return Candidates(
        np.concatenate(texts),
        np.concatenate(headings),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.rank for part in parts]),
        pa.array(codes),
    )


def main() -> None:
    """Write the table and say what it reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nomenclature", type=Path, help="CSV with hscode, description (English)")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    given = parser.parse_args()
    law = None if given.nomenclature is None else sources.nomenclature(given.nomenclature)
    trade = sources.vocabulary()
    built = build(trade, law)
    write_model(built.model, given.out)
    print(
        f"{len(trade.weight)} names of trade, {0 if law is None else len(law.weight)} texts of the"
        f" nomenclature; {len(built.model.points)} rows\n"
        f"names left out, among strange words: first {built.first:.3f}, first three"
        f" {built.three:.3f}; answered {built.answered:.3f} at precision {built.precision:.3f}\n"
        f"{built.model.calibration}"
    )


if __name__ == "__main__":
    main()
