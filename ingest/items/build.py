"""`python -m ingest.items.build`: the shipped table from the vocabulary and a nomenclature.

Defines: `build`. Add here a step of the build. Keep out: the sources (sources.py), the fit
(model.py), what is measured (heldout.py).

Deterministic: no clock, one seed. The curated vocabulary alone is enough; with --nomenclature the
texts of headings and subheadings are learnt as well.
"""

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.items import sources
from ingest.items.calibration import folds_by_text
from ingest.items.heldout import Built, calibrated
from ingest.items.model import Points, Settings, learn
from ingest.items.sources import Labelled
from ingest.items.table import SHIPPED, write_model
from ingest.items.terms import WHOLE

SEED = 20261129
# What an example without pairs, or among strange words, counts beside the name itself.
_WORDS_ONLY, _STRANGE = 0.5, 0.5


def build(trade: Labelled, law: Labelled | None = None, settings: Settings | None = None) -> Built:
    """Learn from all texts; calibrate on names that are left out, among strange words."""
    listings = sources.listing_like(trade, SEED)

    def table_of(rows: np.ndarray) -> Points:
        return _learnt(trade.take(rows), law, settings)

    held = (listings.prepared, listings.hs4)
    return calibrated(folds_by_text(trade.prepared), held, table_of)


def _learnt(trade: Labelled, law: Labelled | None, settings: Settings | None) -> Points:
    """Every name three times: as it is, its words apart, and among strange words."""
    texts = trade if law is None else sources.together([trade, law])
    parts = sources.together(
        [
            texts,
            sources.words_only(texts, _WORDS_ONLY),
            sources.with_strange_words(texts, trade, _STRANGE, SEED),
        ]
    )
    fitted = learn(_parts_only(parts.prepared), parts.hs4, weight=parts.weight, settings=settings)
    return fitted.with_rows(sources.known_names(trade))


def _parts_only(prepared: pa.Array) -> pa.Array:
    """Terms without whole names: their points are given, not fitted."""
    return pc.replace_substring_regex(prepared, f"(^| ){WHOLE}[^ ]*", "")


def main() -> None:
    """Write the table and say what it reached."""
    parser = argparse.ArgumentParser(description="The shipped table of item names.")
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
