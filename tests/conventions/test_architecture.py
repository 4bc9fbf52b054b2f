"""The page of the architecture shows the structure that the code has.

Claims nothing about what the page says in words.
"""

from tests import architecture


def test_the_picture_and_the_table_are_drawn_from_the_imports() -> None:
    found = architecture.imports()
    remedy = "run `python -m tests.architecture`"
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.picture(found), remedy
    text = architecture.PAGE.read_text(encoding="utf-8")
    assert text == architecture.page(text, found), remedy


def test_another_import_changes_both() -> None:
    found = architecture.imports()
    other = {**found, "reports": found["reports"] | {"ledger"}}
    assert architecture.picture(found) != architecture.picture(other)
    assert architecture.table(found) != architecture.table(other)


def test_an_arrow_that_a_longer_way_implies_is_not_drawn() -> None:
    found = {room: set() for room in architecture.ROOMS}
    found |= {"cli": {"runs", "ledger"}, "runs": {"ledger"}}
    assert architecture.direct(found) == {("cli", "runs"), ("runs", "ledger")}
