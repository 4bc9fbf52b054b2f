"""The table of points: learnt from labelled texts, added up per text.

Defines: `Points` (the table as arrays), `learn`, `without_rare_terms`, `candidates` (sums and
ranks). Add here how
weights are fitted or added. Keep out: terms (terms.py), probabilities and the bound
(calibration.py), files (table.py).

A text's score for a heading is the heading's base plus the points of its terms for that heading:
whole numbers, thousandths of a log-odds, so that every engine adds them to the same sum. Fitted
is a multinomial logistic regression that has a weight only where a term was seen with a heading:
what was never seen together needs no row. Weights shrink towards the prior table, or to nothing.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Integers = np.ndarray[tuple[int], np.dtype[np.int64]]

POINTS_PER_LOGIT = 1000
# The base of a heading is a row of the table whose term is empty.
BASE = ""
# The headings of the largest base stand in where a text has no three of its own.
STAND_INS = 3
# What stands behind the tenth heading of a text weighs next to nothing.
MOST_RANKED = 10
# A term of fewer declared items is not learnt (own choice).
FEWEST_ITEMS = 5


@dataclass(frozen=True)
class Points:
    """Rows (term, hs4, points); term '' is a heading's base. Sorted by term and hs4, each once."""

    term: pa.Array
    hs4: pa.Array
    points: Integers

    def __len__(self) -> int:
        return len(self.points)

    def to_arrow(self) -> pa.Table:
        """The rows as a table: term, hs4, points."""
        return pa.table({"term": self.term, "hs4": self.hs4, "points": pa.array(self.points)})

    def with_rows(self, other: "Points") -> "Points":
        """Both tables' rows; no (term, hs4) may stand in both."""
        return _in_order(
            pa.concat_arrays([self.term, other.term]),
            pa.concat_arrays([self.hs4, other.hs4]),
            np.concatenate([self.points, other.points]),
        )


def _in_order(term: pa.Array, hs4: pa.Array, points: Integers) -> Points:
    rows = pa.table({"term": term, "hs4": hs4})
    order = pc.sort_indices(rows, [("term", "ascending"), ("hs4", "ascending")])
    return Points(term.take(order), hs4.take(order), points[order.to_numpy()])


@dataclass(frozen=True)
class Settings:
    """How `learn` fits; chosen on tuning texts (README).

    shrinkage: weight of the squared distance to the prior, in texts. most_headings: of a term;
    rarer ones get no row. rounds: of the fit. base_strength: of the log share of a heading.
    """

    shrinkage: float = 0.1
    most_headings: int = 12
    rounds: int = 120
    base_strength: float = 0.5
    least_points: int = 800


@dataclass(frozen=True)
class Occurrences:
    """(text, term) pairs: text numbers ascending, term as index into `terms`."""

    text: Integers
    term: Integers
    terms: pa.Array
    texts: int


def occurrences(prepared: pa.Array) -> Occurrences:
    """Which terms occur in which text, from what terms.prepare gives."""
    prepared = pc.fill_null(prepared, "")
    split = pc.split_pattern(prepared, " ")
    words = pc.list_flatten(split)
    text = pc.list_parent_indices(split).to_numpy()
    some = pc.not_equal(words, "").to_numpy(zero_copy_only=False)
    encoded = words.filter(pa.array(some)).dictionary_encode()
    return Occurrences(
        text[some].astype(np.int64),
        encoded.indices.to_numpy().astype(np.int64),
        encoded.dictionary,
        len(prepared),
    )


def without_rare_terms(prepared: pa.Array, items: Integers, prior: Points) -> pa.Array:
    """The texts without terms that fewer than FEWEST_ITEMS items have and the prior does not know.

    items: how many items each text stands for. What few items say may name a person; a table of
    points leaves the place where names are kept.
    """
    split = pc.split_pattern(prepared, " ")
    words = pc.list_flatten(split)
    row = pc.list_parent_indices(split).to_numpy()
    encoded = words.dictionary_encode()
    code = encoded.indices.to_numpy()
    counts = np.bincount(code, weights=items[row], minlength=len(encoded.dictionary))
    known = pc.is_in(encoded.dictionary, prior.term).to_numpy(zero_copy_only=False)
    kept = ((counts >= FEWEST_ITEMS) | known)[code]
    ends = np.searchsorted(row[kept], np.arange(len(prepared) + 1)).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), words.filter(pa.array(kept)))
    return pc.binary_join(lists, " ")


@dataclass(frozen=True)
class Candidates:
    """One row a (text, heading) whose terms speak for it more than against; text, then best first.

    rank: 1 = highest score, equal scores by code; at most MOST_RANKED a text. hs4: index into
    `codes`. usual: the STAND_INS headings of the largest base, for texts with fewer candidates.
    """

    text: Integers
    hs4: Integers
    score: Integers
    rank: Integers
    texts: int
    codes: pa.Array
    usual: Integers


def candidates(prepared: pa.Array, table: Points) -> Candidates:
    """Sum of the points of every text and heading, in whole numbers."""
    found = occurrences(prepared)
    codes = pa.array(sorted(set(table.hs4.to_pylist())))
    heading = pc.index_in(table.hs4, codes).to_numpy().astype(np.int64)
    is_base = pc.equal(table.term, BASE).to_numpy(zero_copy_only=False)
    base = np.zeros(len(codes), dtype=np.int64)
    base[heading[is_base]] = table.points[is_base]
    based = np.unique(heading[is_base])
    usual = based[np.lexsort((based, -base[based]))][:STAND_INS]

    entry, row = _spread(found, table.term, ~is_base)
    slots, slot = np.unique(found.text[entry] * len(codes) + heading[row], return_inverse=True)
    score = np.zeros(len(slots), dtype=np.int64)
    np.add.at(score, slot.reshape(-1), table.points[row])
    slots, score = slots[score > 0], score[score > 0]
    text, hs4 = slots // len(codes), slots % len(codes)
    score += base[hs4]
    order = np.lexsort((hs4, -score, text))
    text, hs4, score = text[order], hs4[order], score[order]
    rank = np.arange(len(text)) - np.searchsorted(text, text) + 1
    kept = rank <= MOST_RANKED
    return Candidates(text[kept], hs4[kept], score[kept], rank[kept], found.texts, codes, usual)


def _spread(found: Occurrences, term: pa.Array, usable: np.ndarray) -> tuple[Integers, Integers]:
    """(occurrence, table row) of every match of an occurring term with rows of the table."""
    rows = np.flatnonzero(usable)
    known = pc.index_in(term.filter(pa.array(usable)), found.terms)
    known = pc.fill_null(known, -1).to_numpy().astype(np.int64)
    rows, known = rows[known >= 0], known[known >= 0]
    order = np.argsort(known, kind="stable")
    rows, known = rows[order], known[order]
    first = np.searchsorted(known, np.arange(len(found.terms)))
    count = np.searchsorted(known, np.arange(len(found.terms)), side="right") - first
    many = count[found.term]
    entry = np.repeat(np.arange(len(found.term)), many)
    within = np.arange(len(entry)) - np.repeat(np.cumsum(many) - many, many)
    return entry, rows[np.repeat(first[found.term], many) + within]


def learn(
    prepared: pa.Array,
    hs4: pa.Array,
    *,
    weight: Floats | None = None,
    prior: Points | None = None,
    settings: Settings | None = None,
) -> Points:
    """The table that explains the headings of the texts.

    prepared: terms.prepare of the texts; hs4: their headings, four digits, no null; weight: of each
    text, 1 by default. With a prior its rows stay where the texts say nothing and weights shrink
    towards it. Pure: the same input gives the same table.
    """
    settings = settings or Settings()
    found = occurrences(prepared)
    weight = np.ones(len(prepared)) if weight is None else weight
    prior = prior or Points(
        pa.array([], pa.string()), pa.array([], pa.string()), np.zeros(0, np.int64)
    )
    codes = pa.array(sorted(set(hs4.to_pylist()) | set(prior.hs4.to_pylist())))
    label = pc.index_in(hs4, codes).to_numpy().astype(np.int64)
    base = _base(label, weight, codes, prior, settings)
    term, heading, start = _supported(found, label, weight, codes, prior, settings)
    fitted = _fit(found, label, weight, base, term, heading, start, settings)
    # Small weights cost every text a row: they go, and the others are fitted once more.
    keep = np.abs(fitted) * POINTS_PER_LOGIT >= settings.least_points
    term, heading, start = term[keep], heading[keep], start[keep]
    fitted = _fit(found, label, weight, base, term, heading, start, settings)
    return _as_points(found.terms, codes, term, heading, fitted, base, prior, settings)


def _base(
    label: Integers, weight: Floats, codes: pa.Array, prior: Points, settings: Settings
) -> Floats:
    """Base of every heading: strength x log of its share of the texts; the prior's where it has."""
    share = np.bincount(label, weights=weight, minlength=len(codes)) + 0.5
    base = settings.base_strength * np.log(share / share.mean())
    is_base = pc.equal(prior.term, BASE).to_numpy(zero_copy_only=False)
    known = pc.index_in(prior.hs4.filter(pa.array(is_base)), codes).to_numpy().astype(np.int64)
    if len(known):
        old = np.full(len(codes), prior.points[is_base].min() / POINTS_PER_LOGIT)
        old[known] = prior.points[is_base] / POINTS_PER_LOGIT
        # As many texts of our own as headings weigh as much as the prior's base.
        trust = weight.sum() / (weight.sum() + len(codes))
        base = trust * base + (1 - trust) * old
    return base


def _supported(
    found: Occurrences, label: Integers, weight: Floats, codes: pa.Array, prior: Points,
    settings: Settings,
) -> tuple[Integers, Integers, Floats]:  # fmt: skip
    """(term, heading, prior weight) of every pair that gets a weight, sorted by term."""
    pair, place = np.unique(found.term * len(codes) + label[found.text], return_inverse=True)
    seen = np.bincount(place.reshape(-1), weights=weight[found.text], minlength=len(pair))
    old_term = pc.fill_null(pc.index_in(prior.term, found.terms), -1).to_numpy().astype(np.int64)
    old_heading = pc.index_in(prior.hs4, codes).to_numpy().astype(np.int64)
    known = old_term >= 0
    old_pair = old_term[known] * len(codes) + old_heading[known]
    every = np.unique(np.concatenate([pair, old_pair]))
    count = np.zeros(len(every))
    count[np.searchsorted(every, pair)] = seen
    start = np.zeros(len(every))
    start[np.searchsorted(every, old_pair)] = prior.points[known] / POINTS_PER_LOGIT
    term = every // len(codes)
    order = np.lexsort((every, -count, -np.abs(start), term))
    rank = np.empty(len(every), dtype=np.int64)
    rank[order] = np.arange(len(every)) - np.searchsorted(term[order], term[order])
    keep = rank < settings.most_headings
    return term[keep], (every % len(codes))[keep], start[keep]


def _fit(
    found: Occurrences, label: Integers, weight: Floats, base: Floats,
    term: Integers, heading: Integers, start: Floats, settings: Settings,
) -> Floats:  # fmt: skip
    """Weights of the pairs, by steps of their own size and the sign of the slope (iRprop-)."""
    first = np.searchsorted(term, np.arange(len(found.terms)))
    many = (np.searchsorted(term, np.arange(len(found.terms)), side="right") - first)[found.term]
    entry = np.repeat(np.arange(len(found.term)), many)
    within = np.arange(len(entry)) - np.repeat(np.cumsum(many) - many, many)
    pair = np.repeat(first[found.term], many) + within
    text = found.text[entry]
    n_codes = len(base)
    own = np.arange(found.texts) * n_codes + label
    slots = np.unique(np.concatenate([text * n_codes + heading[pair], own]))
    slot = np.searchsorted(slots, text * n_codes + heading[pair])
    slot_text, slot_base = slots // n_codes, base[slots % n_codes]
    target = np.zeros(len(slots))
    target[np.searchsorted(slots, own)] = 1.0
    # Headings that no term of a text speaks for keep their base.
    share = np.exp(slot_base)
    rest = np.exp(base).sum() - np.bincount(slot_text, weights=share, minlength=found.texts)
    rest = np.maximum(rest, 1e-9)

    value, step = start.copy(), np.full(len(start), 0.1)
    before = np.zeros(len(start))
    for _ in range(settings.rounds):
        score = slot_base + np.bincount(slot, weights=value[pair], minlength=len(slots))
        likely = np.exp(np.minimum(score, 50.0))
        total = rest + np.bincount(slot_text, weights=likely, minlength=found.texts)
        miss = weight[slot_text] * (target - likely / total[slot_text])
        slope = np.bincount(pair, weights=miss[slot], minlength=len(value)).astype(np.float64)
        slope = slope - settings.shrinkage * (value - start)
        turned = slope * before
        step = np.clip(
            np.where(turned > 0, step * 1.2, np.where(turned < 0, step * 0.5, step)), 1e-4, 0.5
        )
        slope[turned < 0] = 0.0
        value += np.sign(slope) * step
        before = slope
    return value


def _as_points(
    terms: pa.Array, codes: pa.Array, term: Integers, heading: Integers, fitted: Floats,
    base: Floats, prior: Points, settings: Settings,
) -> Points:  # fmt: skip
    """Rounded rows; rows of the prior whose term no text has stay as they are."""
    points = np.floor(fitted * POINTS_PER_LOGIT + 0.5).astype(np.int64)
    keep = np.abs(points) >= settings.least_points
    untouched = pc.invert(pc.or_(pc.is_in(prior.term, terms), pc.equal(prior.term, BASE))).to_numpy(
        zero_copy_only=False
    )
    names = pa.concat_arrays(
        [
            pc.take(terms, pa.array(term[keep])),
            pa.array([BASE] * len(codes), pa.string()),
            prior.term.filter(pa.array(untouched)),
        ]
    )
    hs4 = pa.concat_arrays(
        [
            pc.take(codes, pa.array(heading[keep])),
            codes,
            prior.hs4.filter(pa.array(untouched)),
        ]
    )
    every = np.concatenate(
        [
            points[keep],
            np.floor(base * POINTS_PER_LOGIT + 0.5).astype(np.int64),
            prior.points[untouched],
        ]
    )
    return _in_order(names, hs4, every)
