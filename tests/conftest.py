"""Fixtures every test may use.

Add here a fixture that three test modules need. Keep out: one test's data.
"""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


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
