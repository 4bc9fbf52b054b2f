"""The tree keeps its own habits: sizes, docstrings, no addresses, no dead folders.

Claims nothing about behaviour. Every test lists its offenders.
"""

import ast
import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.rooms import ROOMS

MAXIMUM_LINES = {".py": 400, ".sql": 200, ".yml": 250, ".yaml": 250}
CODE = (*ROOMS, "benchmarks")
# Built from parts so that this file does not contain what it forbids.
FORBIDDEN = re.compile("|".join(("python" + "hosted", r"--(extra-)?" + "index-url", "/" + "root/")))


def tracked(project: Path) -> list[Path]:
    """Files that git tracks or would track."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    return [project / name for name in done.stdout.splitlines() if (project / name).is_file()]


def test_files_stay_small(project: Path) -> None:
    offenders = {
        str(path.relative_to(project)): lines
        for path in tracked(project)
        if path.suffix in MAXIMUM_LINES
        and (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > MAXIMUM_LINES[path.suffix]
    }
    assert offenders == {}


@pytest.mark.parametrize("folder", CODE)
def test_modules_say_what_they_define_and_what_to_keep_out(project: Path, folder: str) -> None:
    offenders = []
    for path in sorted((project / folder).rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        is_package_note = path.name == "__init__.py" and text
        if not is_package_note and not ("Add here" in text and "Keep out" in text):
            offenders.append(str(path.relative_to(project)))
    assert offenders == []


def test_no_registry_address_and_no_path_of_one_machine(project: Path) -> None:
    offenders = [
        f"{path.relative_to(project)}: {found.group(0)}"
        for path in tracked(project)
        if path.suffix not in {".png", ".parquet", ".xz", ".ttf"}
        and (found := FORBIDDEN.search(path.read_text(encoding="utf-8")))
    ]
    assert offenders == []


def test_no_two_source_files_are_copies(project: Path) -> None:
    seen: dict[str, str] = {}
    copies = []
    for path in tracked(project):
        text = path.read_bytes()
        if path.suffix not in {".py", ".sql"} or len(text) < 80:
            continue
        digest = hashlib.sha256(text).hexdigest()
        if digest in seen:
            copies.append((seen[digest], str(path.relative_to(project))))
        seen[digest] = str(path.relative_to(project))
    assert copies == []


def test_the_readme_names_folders_that_exist(project: Path) -> None:
    readme = (project / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z_]+/)`", readme, re.MULTILINE))
    assert named
    assert {name for name in named if not (project / name).is_dir()} == set()
    folders = {
        f"{path.relative_to(project).parts[0]}/"
        for path in tracked(project)
        if len(path.relative_to(project).parts) > 1
    }
    unnamed = {name for name in folders if not name.startswith(".")} - named
    assert unnamed == set()


def test_every_top_folder_has_a_readme(project: Path) -> None:
    folders = (*CODE, "dbt", "docs", "tests")
    assert [name for name in folders if not (project / name / "README.md").is_file()] == []
