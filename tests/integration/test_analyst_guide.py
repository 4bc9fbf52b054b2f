"""The analyst's guide: twenty questions, each with a query that answers on the demonstration.

Claims: every query runs on the release of `import-risk demo` and gives what the page shows. The
demonstration itself is run here, whole, as a newcomer runs it.
"""

from pathlib import Path

import pytest

from cli import demo
from foundation.home import Home
from runs.scenario.document import shipped
from tests.analyst_guide import PAGE, Question, answered, questions
from tests.support import once
from tests.support.cli import ImportRisk

QUESTIONS = questions(PAGE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def demonstration() -> Home:
    """A home of the demonstration, only read."""
    return Home(once.made("demonstration", _demo) / "home")


def _demo(folder: Path) -> None:
    ImportRisk(folder / "home")("demo", "--json")


def test_the_page_has_twenty_questions_in_order() -> None:
    assert [one.number for one in QUESTIONS] == list(range(1, 21))


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda one: str(one.number))
def test_the_answer_is_that_of_the_page(demonstration: Home, asked: Question) -> None:
    """`python -m tests.analyst_guide --home HOME --write` after a change that is meant."""
    found = answered(demonstration, asked.sql)
    assert found == asked.answer
    assert found.count("\n") > 2, "a question without an answer teaches nothing"


def test_every_shipped_scenario_stands_in_the_demonstration(demonstration: Home) -> None:
    """In the order of their names; a lower limit of relief can only raise what is due."""
    rows = ImportRisk(demonstration.root).rows(demo._VIEWS["scenarios"])
    assert {len(row) for row in rows} == {len(demo._COLUMNS["scenarios"])}
    draft, abolished, vat = rows
    assert len(rows) == len(shipped())
    assert int(draft["after"]) <= int(draft["before"])
    assert int(abolished["after"]) > int(abolished["before"])
    assert int(vat["after"]) > int(vat["before"])
    assert len({int(row["before"]) for row in rows}) == 1
