"""Fixtures every test may use, and which worker gets which module.

Add here a fixture that three test modules need. Keep out: one test's data.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.support import dbt_run, dbt_statements, once

PROJECT = Path(__file__).resolve().parent.parent

# The seed of a property is its own name: a run is red for what changed, not by the draw.
# `pytest --hypothesis-profile search` draws afresh.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile("fixed")

# Begun first: it takes longest, and needs nothing that the others make.
_FIRST = "integration/test_spark_parity.py"
# They read one published week, which the first of them makes: in one worker nobody waits for it.
_PUBLISHED_WEEK = {
    f"test_{name}.py"
    for name in ("canaries", "expert_agrees", "impact_report", "published_week", "runs")
}


class _ByModule(LoadScopeScheduling):
    """A module stays on one worker, for its fixtures; so do those that share a home.

    xdist's own `loadgroup` writes its groups where pytest 9.2 no longer looks.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return "published week" if Path(module).name in _PUBLISHED_WEEK else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return _ByModule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _FIRST not in item.nodeid)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no test needs to look through it for garbage."""
    gc.collect()
    gc.freeze()


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
