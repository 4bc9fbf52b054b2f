"""Fixtures every test may use, and which tests one worker must run.

Add here a fixture that three test modules need. Keep out: one test's data.
"""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

# Homes that take long to make: every test that reads one runs on the worker that made it.
_DEAR_HOMES = ("published",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A worker runs a whole module (`--dist loadgroup`), or all that reads one dear home."""
    for item in items:
        dear = [name for name in _DEAR_HOMES if name in getattr(item, "fixturenames", ())]
        module = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(dear[0] if dear else module))


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real sample files beside the project; skips loudly where they are missing."""
    folder = Path(os.environ.get("IMPORT_RISK_SHARED_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"REAL FILES MISSING: {folder} is not there; real input was NOT tested")
    return folder
