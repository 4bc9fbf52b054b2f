"""One scorecard is one text; what was edited is noticed; a name follows from what a model believes.

NOT claimed: who may write a document.
"""

import json
import re
from dataclasses import replace

import pytest

from foundation.errors import WarehouseError
from scoring.difference import INTERCEPT, Difference, difference
from scoring.document import content_hash, from_document, named, to_document, version_id
from scoring.model import Bin
from tests.unit.scoring.cards import by_hand, with_bin


def test_a_card_comes_back_whole_and_gives_the_same_bytes() -> None:
    card = named(by_hand())
    text = to_document(card)
    assert from_document(text) == card
    assert to_document(from_document(text)) == text
    shuffled = replace(card, bins=tuple(reversed(card.bins)))
    assert to_document(shuffled) == text


def test_a_name_says_risk_type_last_day_and_content() -> None:
    assert re.fullmatch(r"undervaluation-2026-11-12-[0-9a-f]{8}", version_id(by_hand()))
    assert named(by_hand()).model_version == version_id(named(by_hand()))


def test_the_name_follows_from_what_is_believed_and_not_from_what_was_measured() -> None:
    card = by_hand()
    assert content_hash(replace(card, evaluation={"auc": 0.7})) == content_hash(card)
    others = (
        with_bin(card, "mass", 1, points=151),
        with_bin(card, "mass", 1, reason_id="other"),
        replace(card, intercept_points=-1499),
        replace(card, settings={**card.settings, "rounds": 401}),
        replace(card, calibration=()),
        replace(card, monotone={}),
    )
    assert len({content_hash(other) for other in (card, *others)}) == len(others) + 1


def edited(**changes: object) -> str:
    return json.dumps(json.loads(to_document(by_hand())) | changes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (edited(intercept_points=-1400), "not what its hash says"),
        (edited(content_sha256=None), "not what its hash says"),
        (edited(intercept_points=-1500.0), "intercept_points has a value of a wrong type"),
        (edited(labels=True), "labels has a value of a wrong type"),
        (edited(trained_on_to="12/11/2026"), "trained_on_to is no day"),
        (edited(bins={}), "bins is absent or no list"),
        (edited(bins=[{"feature": "a"}]), "the field bin_no is absent"),
        (edited(weights=[]), "the field weights is unknown"),
        (edited(evaluation={"auc": float("nan")}), "no number"),
        ('{"labels": 1, "labels": 2}', "a key stands twice"),
        ("[]", "no JSON object"),
        ("{", "no JSON object"),
    ],
)
def test_a_document_that_is_not_as_it_was_written_is_refused(text: str, words: str) -> None:
    with pytest.raises(WarehouseError, match=words):
        from_document(text)


def test_an_untouched_document_in_another_layout_is_read() -> None:
    assert from_document(edited()) == by_hand()


def test_what_json_cannot_hold_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        to_document(replace(by_hand(), evaluation={"auc": float("nan")}))


def test_equal_versions_do_not_differ() -> None:
    assert difference(by_hand(), replace(by_hand(), evaluation={}, labels=7)) == ()


def test_a_difference_names_the_values_whose_points_changed_and_no_others() -> None:
    before = by_hand()
    # mass: the bound moves from 1000 to 600; margin: its last bin is cut without effect.
    after = with_bin(with_bin(before, "mass", 1, high_milli=600), "mass", 2, low_milli=600)
    after = with_bin(after, "margin", 3, high_milli=90)
    last = Bin("margin", 4, 90, None, 700, 0, 0)
    after = replace(after, bins=(*after.bins, last), intercept_points=-1450)
    after = with_bin(after, "mass", 0, points=310)
    assert difference(before, after) == (
        Difference(INTERCEPT, None, None, False, -1500, -1450),
        Difference("mass", None, None, True, 300, 310),
        Difference("mass", 600, 1000, False, 150, 0),
    )


def test_a_feature_that_one_version_does_not_read_is_shown_without_points_there() -> None:
    before = by_hand()
    after = replace(before, bins=before.bins[:4])
    rows = difference(before, after)
    assert rows == (
        Difference("mass", None, None, True, 300, None),
        Difference("mass", None, 1000, False, 150, None),
        Difference("mass", 1000, None, False, 0, None),
    )
    assert difference(after, before)[0] == Difference("mass", None, None, True, None, 300)
