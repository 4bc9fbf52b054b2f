"""docs/commands.md names every command that `import-risk` has.

Claims nothing about options: `--help` tells them.
"""

import re
from pathlib import Path

import typer.main

from cli.main import app


def command_names() -> set[str]:
    """Every command, those of groups as `group command`."""
    found = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {name} if inner is None else {f"{name} {one}" for one in inner}
    return found


def named_on(page: str) -> set[str]:
    """What the table's first cells name: `import-risk a b`, and `c` after it means `a c`."""
    named: set[str] = set()
    for cell in re.findall(r"^\| (`import-risk .*?) \|", page, re.MULTILINE):
        group = ""
        for text in re.findall(r"`([^`]+)`", cell):
            asked = text.removeprefix("import-risk ")
            words = re.findall(r"(?<![\S])[a-z0-9][a-z0-9-]*", asked)[:2]
            named |= {words[0], " ".join(words), f"{group} {words[0]}"}
            group = words[0] if len(words) == 2 else group
    return named


def test_every_command_is_on_the_page(project: Path) -> None:
    page = (project / "docs" / "commands.md").read_text(encoding="utf-8")
    # These two are of the Makefile: `make demo`, `make dagster`.
    assert command_names() - named_on(page) - {"demo", "dagster"} == set()


def test_a_command_that_the_page_lacks_would_be_found() -> None:
    page = "| `import-risk keys show`, `rotate`, `status` | x |"
    assert {"keys show", "keys rotate", "status"} <= named_on(page)
    assert "keys forget" not in named_on(page)
