"""Every name that the glossary gives stands in the code: a page of names nobody uses misleads.

Claims nothing about words that the glossary lacks.
"""

import re
import subprocess
from pathlib import Path


def names(text: str) -> set[str]:
    """What stands in back quotes in the table rows of a page."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def unknown(project: Path, found: set[str]) -> set[str]:
    """The names that no tracked file outside docs/ holds, as a word or as a path."""

    def is_known(name: str) -> bool:
        if "/" in name and "<" not in name:
            return (project / name).exists()
        leaf = re.escape(
            name.rsplit(".", maxsplit=1)[-1] if re.fullmatch(r"[a-z_.]+", name) else name
        )
        searched = subprocess.run(
            ["git", "grep", "-qwE", "-e", leaf, "--", ":!docs", ":!tests"], cwd=project, check=False
        )
        return searched.returncode == 0

    return {name for name in found if not is_known(name)}


def test_the_names_of_the_glossary_are_in_the_code(project: Path) -> None:
    found = names((project / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert len(found) > 40
    assert unknown(project, found - {"releases/<release_id>", "runs/<run_id>/"}) == set()


def test_a_name_that_nobody_uses_would_be_found(project: Path) -> None:
    found = {"parcel_manifesto", "core.fct_consignement", "contracts/nowhere.py", "platform_status"}
    assert unknown(project, found) == found - {"platform_status"}
