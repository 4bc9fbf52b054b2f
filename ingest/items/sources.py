"""Texts that the shipped table is learnt from: the curated vocabulary and HS nomenclature texts.

Defines: `vocabulary`, `nomenclature`, `listing_like`. Add here a source of labelled texts with its
licence (README). Keep out: learning (build.py), and any text whose licence is not stated.
"""

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foundation.errors import WarehouseError
from ingest.items.folded import folded
from ingest.items.model import Floats, Points
from ingest.items.terms import FOR, PAIR, WHOLE, prepare

VOCABULARY = Path(__file__).with_name("vocabulary")
LANGUAGES = ("en", "vi", "zh")
# A term that starts with it is a hint, not a name.
_HINT, _HINT_WEIGHT = "?", 0.3
# Nomenclature texts are words of law: they count less than words of trade.
NOMENCLATURE_WEIGHT = 0.2
# Far above what the words of one name gather: the name decides.
KNOWN_NAME_POINTS = 12_000
_HEADING = re.compile("[0-9]{4}")
# What a legal text excludes would teach the opposite.
_EXCLUDED = re.compile(
    r"\(.*?\)|(other than|excluding|n\.e\.c|not |whether or|of heading|in heading|of item).*"
)


@dataclass(frozen=True)
class Labelled:
    """Texts as terms (terms.prepare), their headings, what each counts, and their language."""

    prepared: pa.Array
    hs4: pa.Array
    weight: Floats
    language: pa.Array

    def take(self, rows: np.ndarray) -> "Labelled":
        """Some of the texts."""
        at = pa.array(rows)
        return Labelled(
            self.prepared.take(at), self.hs4.take(at), self.weight[rows], self.language.take(at)
        )


def together(parts: Sequence[Labelled]) -> Labelled:
    """All texts of the parts, in their order."""
    return Labelled(
        pa.concat_arrays([part.prepared for part in parts]),
        pa.concat_arrays([part.hs4 for part in parts]),
        np.concatenate([part.weight for part in parts]),
        pa.concat_arrays([part.language for part in parts]),
    )


def _labelled(rows: list[tuple[str, str, float, str]]) -> Labelled:
    texts, headings, weights, languages = zip(*rows, strict=True)
    return Labelled(
        prepare(folded(pa.array(texts, pa.string()))),
        pa.array(headings, pa.string()),
        np.array(weights, dtype=np.float64),
        pa.array(languages, pa.string()),
    )


def vocabulary(folder: Path = VOCABULARY) -> Labelled:
    """The curated words of trade: files hs4, language, terms (separated by |). Grade U."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for number, line in enumerate(csv.DictReader(stream), start=2):
                heading, language = line.get("hs4") or "", line.get("language") or ""
                if not _HEADING.fullmatch(heading) or language not in LANGUAGES:
                    raise WarehouseError(
                        f"no heading of four digits with a language of {', '.join(LANGUAGES)}",
                        where=f"{path.name}, line {number}",
                        remedy="correct the line; the README of the folder shows one",
                    )
                for term in (line.get("terms") or "").split("|"):
                    word = term.strip()
                    weight = _HINT_WEIGHT if word.startswith(_HINT) else 1.0
                    rows.append((word.removeprefix(_HINT), heading, weight, language))
    return _labelled(rows)


def nomenclature(path: Path) -> Labelled:
    """Parts of the texts of headings and subheadings: columns hscode, description (English)."""
    rows = []
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.DictReader(stream)
        if not {"hscode", "description"} <= set(lines.fieldnames or ()):
            raise WarehouseError(
                "no nomenclature: the columns hscode and description are missing",
                where=str(path),
                remedy="give a CSV with the HS code and its English text",
            )
        for line in lines:
            code = line["hscode"] or ""
            if re.fullmatch("[0-9]{4}([0-9]{2})?", code) and not code.startswith("99"):
                for part in (line["description"] or "").lower().split(";"):
                    text = _EXCLUDED.sub(" ", part).strip()
                    if text:
                        rows.append((text, code[:4], NOMENCLATURE_WEIGHT, "en"))
    return _labelled(rows)


def words_only(texts: Labelled, share: float) -> Labelled:
    """The same texts without pairs of words: names whose words stand apart in a title."""
    plain = pc.replace_substring_regex(texts.prepared, f"(^| )({WHOLE}[^ ]*|[^ ]*{PAIR}[^ ]*)", "")
    return Labelled(pc.utf8_trim(plain, " "), texts.hs4, texts.weight * share, texts.language)


def with_strange_words(texts: Labelled, pool: Labelled, share: float, seed: int) -> Labelled:
    """The same texts with two words of other names each: what titles are stuffed with."""
    words = np.array(sorted(" ".join(words_only(pool, 1.0).prepared.to_pylist()).split()))
    drawn = np.random.default_rng(seed).integers(0, len(words), (2, len(texts.weight)))
    parts = pc.replace_substring_regex(texts.prepared, f"(^| ){WHOLE}[^ ]*", "")
    stuffed = pc.binary_join_element_wise(
        parts, pa.array(words[drawn[0]]), pa.array(words[drawn[1]]), " "
    )
    return Labelled(stuffed, texts.hs4, texts.weight * share, texts.language)


def known_names(texts: Labelled) -> Points:
    """A row for every name that stands under one heading only: a text that is this name is it.

    Not fitted: what the curated vocabulary says of a whole text needs no evidence beside it.
    """
    whole = pc.extract_regex(texts.prepared, f"(?:^| )(?P<name>{WHOLE}[^ ]+)$").field("name")
    named = pa.table({"term": whole, "hs4": texts.hs4, "sure": pa.array(texts.weight >= 1.0)})
    named = named.filter(pc.and_(pc.not_equal(named["term"], ""), pc.is_valid(named["term"])))
    one = named.group_by("term").aggregate([("hs4", "min"), ("hs4", "max"), ("sure", "min")])
    one = one.filter(pc.and_(pc.equal(one["hs4_min"], one["hs4_max"]), one["sure_min"]))
    return Points(
        one["term"].combine_chunks(),
        one["hs4_min"].combine_chunks(),
        np.full(one.num_rows, KNOWN_NAME_POINTS, dtype=np.int64),
    )


def listing_like(texts: Labelled, seed: int) -> Labelled:
    """Names among strange words, as terms: harder than names alone, for calibration.

    One to four words of other names stand around each name; pairs are made anew.
    """
    draw = random.Random(seed)
    plain = [text.split() for text in words_only(texts, 1.0).prepared.to_pylist()]
    pool = sorted(word.removeprefix(FOR) for words in plain for word in words)
    rows = []
    for words in plain:
        strange = [draw.choice(pool) for _ in range(draw.randint(1, 4))]
        place = draw.randint(0, len(strange))
        own = " ".join(f"for {w[1:]}" if w.startswith(FOR) else w for w in words)
        rows.append(" ".join([*strange[:place], own, *strange[place:]]))
    return Labelled(prepare(pa.array(rows, pa.string())), texts.hs4, texts.weight, texts.language)
