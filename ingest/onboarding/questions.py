"""Questions that only a person can answer, and answers that come from a file instead.

Defines Question, the Person who is asked, and Answers: the same questions answered by a TOML file,
where a question without an answer is an error that names it.
Add here a kind of answer. Keep out: which questions there are (sender_draft.py) and prompts
(cli/senders.py).
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from foundation.errors import UsageError, WarehouseError

# What is wrong with an answer to a key ("" for a text answer); None when nothing is.
Problem = Callable[[str, str], str | None]


def text_problem(test: Callable[[str], object], what: str) -> Problem:
    """The complaint `what` about a text answer that fails `test`."""
    return lambda _, answer: None if test(answer) else what


@dataclass(frozen=True)
class Question:
    """One decision. path: its place in an answers file, such as ("columns", "Mã vận đơn").

    evidence: what the sample says. choices: the only answers, () for any. suggestion: what the
    evidence speaks for; a person confirms it, an answers file must state it. kind map: an answer
    for each of `keys` (values of the sample), others may be added. kind pairs: answers for some of
    `keys`.
    """

    path: tuple[str, ...]
    text: str
    evidence: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    suggestion: str | None = None
    problem: Problem = lambda key, answer: None
    kind: Literal["text", "map", "pairs"] = "text"
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The path as it is written in TOML."""
        return ".".join(
            part if part.replace("_", "").isalnum() and part.isascii() else f'"{part}"'
            for part in self.path
        )

    def complaint(self, answer: str, key: str = "") -> str | None:
        """What is wrong with an answer (to `key` of a map); None when it is accepted."""
        if self.choices and answer not in self.choices:
            return f"must be one of {', '.join(repr(choice) for choice in self.choices)}"
        if self.kind == "pairs" and key not in self.keys:
            return f"{key!r} is not one of {', '.join(self.keys)}"
        return self.problem(key, answer)


class Person(Protocol):
    """Whoever answers. Both methods of asking return only answers without a complaint."""

    def tell(self, lines: Sequence[str]) -> None:
        """Show evidence that belongs to no single question."""

    def ask(self, question: Question) -> str:
        """A text."""

    def ask_map(self, question: Question) -> dict[str, str]:
        """Key -> text, without the keys that were left empty."""


class Answers:
    """Answers read from a TOML file, in place of a person."""

    def __init__(self, path: Path) -> None:
        """UsageError when the file cannot be read as TOML."""
        self.path = path
        self._used: set[tuple[str, ...]] = set()
        try:
            self._stated: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(
                f"the answers cannot be read: {error}", where=str(path), remedy="give a TOML file"
            ) from error

    def tell(self, lines: Sequence[str]) -> None:
        """Nobody reads along."""

    def ask(self, question: Question) -> str:
        """The stated text; UsageError when there is none or it is wrong."""
        return self._checked(question, question.name, _text(self._find(question)))

    def ask_map(self, question: Question) -> dict[str, str]:
        """The stated table."""
        stated = self._find(question)
        if stated == "":
            return {}
        if not isinstance(stated, dict):
            raise self._wrong(question.name, 'must be a table, or "" for none')
        answers = {key: _text(value) for key, value in stated.items() if _text(value)}
        for key, text in answers.items():
            self._checked(question, f"{question.name}.{key}", text, key)
        return answers

    def unused(self) -> list[str]:
        """Answers that nothing asked for."""
        top = {path[0] for path in self._used}
        names = [name for name in self._stated if name not in top]
        for name, value in self._stated.items():
            if isinstance(value, dict) and (name,) not in self._used and name in top:
                names += [f"{name}.{key}" for key in value if (name, key) not in self._used]
        return names

    def _find(self, question: Question) -> Any:
        found: Any = self._stated
        for part in question.path:
            if not isinstance(found, dict) or part not in found:
                raise self._wrong(
                    question.name, f"has no answer: {question.text}"
                    + (f" ({'; '.join(question.evidence)})" if question.kind == "text" else ""),
                )  # fmt: skip
            found = found[part]
        self._used.add(question.path)
        return found

    def _checked(self, question: Question, name: str, answer: str, key: str = "") -> str:
        complaint = question.complaint(answer, key)
        if complaint is not None:
            raise self._wrong(name, complaint)
        return answer

    def _wrong(self, name: str, what: str) -> WarehouseError:
        return UsageError(
            f"question {name} {what}", where=str(self.path), remedy="state it in the answers file"
        )


def _text(value: Any) -> str:
    """A TOML value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return str(value)
