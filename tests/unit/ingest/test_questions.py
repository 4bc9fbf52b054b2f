"""Answers from a file: complete or an error that names the question, wrong ones are errors too."""

from pathlib import Path

import pytest

from foundation.errors import UsageError
from ingest.onboarding.questions import Answers, Question, text_problem


def answers(tmp_path: Path, text: str) -> Answers:
    path = tmp_path / "answers.toml"
    path.write_text(text, encoding="utf-8")
    return Answers(path)


def test_a_question_without_an_answer_is_named_with_its_evidence(tmp_path: Path) -> None:
    question = Question(("columns", "Mã số"), "Which field?", ("shapes: 99",), suggestion="hs_code")
    with pytest.raises(UsageError, match=r'columns\."Mã số" has no answer.*shapes: 99'):
        answers(tmp_path, "columns = {}").ask(question)


def test_a_suggestion_is_never_taken_without_an_answer(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        answers(tmp_path, "").ask(Question(("suffix",), "?", suggestion=".csv"))


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ('"a"', "a"),
        ("3", "3"),
        ("2026-01-31", "2026-01-31"),
        ("true", "yes"),
        ('["a", "b"]', "a, b"),
    ],
)
def test_values_of_toml_become_the_text_a_person_would_type(
    tmp_path: Path, stated: str, text: str
) -> None:
    assert answers(tmp_path, f"q = {stated}").ask(Question(("q",), "?")) == text


def test_wrong_answers_are_refused(tmp_path: Path) -> None:
    stated = answers(tmp_path, 'q = "x"\nm = {a = "bad"}\np = {z = "1"}')
    with pytest.raises(UsageError, match="must be one of 'yes'"):
        stated.ask(Question(("q",), "?", choices=("yes",)))
    with pytest.raises(UsageError, match="must be a digit"):
        stated.ask(Question(("q",), "?", problem=text_problem(str.isdigit, "must be a digit")))
    with pytest.raises(UsageError, match=r"m\.a must be good"):
        stated.ask_map(
            Question(("m",), "?", kind="map", keys=("a",),
                     problem=text_problem(lambda text: text == "good", "must be good"))
        )  # fmt: skip
    with pytest.raises(UsageError, match="'z' is not one of a"):
        stated.ask_map(Question(("p",), "?", kind="pairs", keys=("a",)))


def test_maps_leave_out_empty_answers_and_unused_answers_are_told(tmp_path: Path) -> None:
    stated = answers(
        tmp_path, 'm = {a = "1", b = ""}\nn = ""\nleft = 1\n[columns]\nx = "1"\ny = "2"'
    )
    assert stated.ask_map(Question(("m",), "?", kind="map", keys=("a", "b"))) == {"a": "1"}
    assert stated.ask_map(Question(("n",), "?", kind="map", keys=("a",))) == {}
    stated.ask(Question(("columns", "x"), "?"))
    assert stated.unused() == ["left", "columns.y"]


def test_an_unreadable_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        answers(tmp_path, "a = = b")
    with pytest.raises(UsageError):
        Answers(tmp_path / "none.toml")
