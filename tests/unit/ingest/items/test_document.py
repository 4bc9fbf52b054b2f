"""A home's table of item names as a document: one text, and a change is noticed."""

import datetime as dt
from dataclasses import replace

import pytest

from foundation.errors import WarehouseError
from ingest.items.document import ItemDocument, from_document, is_document, to_document
from ingest.items.table import ItemModel
from scoring.document import to_document as of_a_scorecard
from tests.unit.ingest.items.support import SMALL, points
from tests.unit.scoring.cards import by_hand

TABLE = ItemDocument(
    SMALL, dt.date(2026, 3, 2), dt.date(2026, 3, 9), labels=900, names=600, limits={"names": 500},
    evaluation={"held_out": {"first": 0.75}},
)  # fmt: skip


def test_what_is_written_is_read_and_written_again_the_same() -> None:
    text = to_document(TABLE)
    again = from_document(text)
    assert to_document(again) == text
    assert again.model.points.to_arrow().equals(SMALL.points.to_arrow())
    assert (again.model.calibration, again.version) == (SMALL.calibration, TABLE.version)
    assert TABLE.version.startswith("item_names-2026-03-09-")


def test_what_was_measured_is_no_part_of_the_name_but_every_number_is() -> None:
    assert replace(TABLE, evaluation={}).version == TABLE.version
    assert replace(TABLE, names=601).version != TABLE.version


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"none_score":500', '"none_score":501', "not what its hash says"),
        ('"labels":900,', "", "cannot be read"),
        ('"3926"', '"39x6"', "not what its hash says"),
    ],
)
def test_a_changed_document_is_refused(old: str, new: str, said: str) -> None:
    text = to_document(TABLE)
    assert old in text
    with pytest.raises(WarehouseError, match=said):
        from_document(text.replace(old, new, 1))


def test_a_table_that_cannot_be_added_up_is_refused_though_its_hash_is_right() -> None:
    few = ItemModel(points([("", "3926", 1), ("case", "3926", 5)]), SMALL.calibration)
    with pytest.raises(WarehouseError, match="fewer than three headings have a base"):
        from_document(to_document(replace(TABLE, model=few)))


def test_a_scorecard_is_none() -> None:
    assert is_document(to_document(TABLE))
    assert not is_document(of_a_scorecard(by_hand()))
    assert not is_document("no json")
