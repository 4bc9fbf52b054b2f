"""The import rule of the architecture, read from the code itself.

Claims nothing about SQL. A violation names file and import.
"""

import ast
from pathlib import Path

import pytest

PACKAGES = (
    "foundation",
    "ingest",
    "expectations",
    "serving",
    "reports",
    "notices",
    "dagster_project",
)
# Which of our packages, and which frameworks, a package may import besides itself.
ALLOWED = {
    "foundation": set(),
    "ingest": {"foundation"},
    "expectations": {"foundation", "great_expectations"},
    "serving": {"foundation"},
    "reports": {"foundation"},
    "notices": {"foundation"},
    "dagster_project": {
        "foundation",
        "ingest",
        "expectations",
        "serving",
        "reports",
        "notices",
        "dagster",
        "dagster_dbt",
        "dbt",
    },
}
GUARDED = {*PACKAGES, "dagster", "dagster_dbt", "dbt", "great_expectations"}


def imports_of(source: str) -> set[str]:
    """Top-level names that a module imports, at any depth of nesting."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def violations(package: str, source: str) -> set[str]:
    return (imports_of(source) & GUARDED) - ALLOWED[package] - {package}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_its_layer_allows(project: Path, package: str) -> None:
    offenders = {
        str(path.relative_to(project)): found
        for path in sorted((project / package).rglob("*.py"))
        if (found := violations(package, path.read_text(encoding="utf-8")))
    }
    assert offenders == {}


def test_the_rule_would_catch_an_offender() -> None:
    assert violations("ingest", "def f():\n    import dagster\n") == {"dagster"}
    assert violations("serving", "from ingest.store.ledger import Ledger\n") == {"ingest"}
    assert violations("dagster_project", "from ingest.store.ledger import Ledger\n") == set()
