"""The analyst's guide: its questions, their queries, and the answers on the demonstration.

Defines: `questions`, `answered`, `written`. `python -m tests.analyst_guide --home HOME` prints
which answers differ from the page; with `--write` it writes them. A query stands on the page alone.
Add here nothing but how the page is read. Keep out: a question (docs/analyst-guide.md).
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from foundation.home import Home
from serving.reader import query

PAGE = Path(__file__).parent.parent / "docs" / "analyst-guide.md"
_QUESTION = re.compile(
    r"^### (?P<number>\d+)\. (?P<title>[^\n]+)\n(?P<text>.*?)```sql\n(?P<sql>.*?)\n```\n"
    r"(?P<before>\n)<!-- answer -->\n(?P<answer>.*?)<!-- /answer -->\n",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Question:
    """One question of the page. answer: the table under it, as Markdown."""

    number: int
    title: str
    sql: str
    answer: str


def questions(page: str) -> list[Question]:
    """The questions of the page, in its order."""
    return [
        Question(int(found["number"]), found["title"], found["sql"], found["answer"])
        for found in _QUESTION.finditer(page)
    ]


def answered(home: Home, sql: str) -> str:
    """The answer of the current release of `home`, as a Markdown table of text."""
    result = query(home, sql, audience="customs")
    rows = [[_cell(value) for value in row.values()] for row in result.to_pylist()]
    lines = [result.column_names, ["---"] * result.num_columns, *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def written(page: str, home: Home) -> str:
    """The page with the answers of `home`."""

    def with_answer(found: re.Match[str]) -> str:
        start, end = found.span("answer")
        offset = found.start()
        text = found.group()
        return text[: start - offset] + answered(home, found["sql"]) + text[end - offset :]

    return _QUESTION.sub(with_answer, page)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Compare the page with a home of the demonstration, or write its answers."""
    parser = argparse.ArgumentParser(description="The answers of docs/analyst-guide.md.")
    parser.add_argument("--home", type=Path, required=True, help="home of the demonstration")
    parser.add_argument("--write", action="store_true", help="write the answers into the page")
    asked = parser.parse_args()
    home, page = Home(asked.home.resolve()), PAGE.read_text(encoding="utf-8")
    if asked.write:
        PAGE.write_text(written(page, home), encoding="utf-8")
    listed = questions(PAGE.read_text(encoding="utf-8"))
    other = [one.number for one in listed if answered(home, one.sql) != one.answer]
    print(f"{len(listed) - len(other)} of {len(listed)} answers as in the page")
    if other:
        sys.exit(f"other answers: {', '.join(map(str, other))}")


if __name__ == "__main__":
    main()
