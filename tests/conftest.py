"""Fixtures every test may use.

Add here a fixture that three test modules need. Keep out: one test's data.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import dbt_run, dbt_statements, once

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


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where `once.made` keeps what the workers of a session share; dbt's statements among it."""
    own = tmp_path_factory.getbasetemp()
    once.Shared.folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with dbt_run.usually(dbt_statements.stand_in):
        yield
