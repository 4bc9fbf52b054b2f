"""The examples of docs/calc.md: a method, the file it is given, what it prints.

Defines: `examples`, `written`. `python -m tests.calc_page` writes the outputs anew.
Add here nothing but how the page is read. Keep out: an example (docs/calc.md), expectations.
"""

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.calculator.methods import METHODS

PAGE = Path(__file__).parent.parent / "docs" / "calc.md"
_EXAMPLE = re.compile(
    r"^### (?P<method>\w+)\n(?P<text>[^#]*?)```(?P<kind>csv|json)\n(?P<given>.*?)```\n"
    r"```json\n(?P<printed>.*?)```\n",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Example:
    """given: the text of the file; printed: the output as it stands on the page."""

    method: str
    kind: str
    given: str
    printed: str


def examples(page: str) -> list[Example]:
    """The examples of the page, in its order."""
    return [
        Example(found["method"], found["kind"], found["given"], found["printed"])
        for found in _EXAMPLE.finditer(page)
    ]


def compact(document: Any) -> str:
    """One line for each entry of a list and for each key of an object."""
    if isinstance(document, list):
        return "[\n" + ",\n".join(" " + json.dumps(one) for one in document) + "\n]\n"
    lines = (f' "{key}": {json.dumps(value)}' for key, value in document.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def written(page: str) -> str:
    """The page with the outputs of its own inputs."""

    def with_output(found: re.Match[str]) -> str:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "input"
            file.write_text(found["given"], encoding="utf-8")
            printed = compact(METHODS[found["method"]](file))
        start = found.start("printed") - found.start()
        return found.group()[:start] + printed + "```\n"

    return _EXAMPLE.sub(with_output, page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
