"""The warehouses every test of this folder spoils copies of."""

from pathlib import Path

import pytest

from tests.unit.expectations.warehouses import build_empty, build_good


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Passes both gates."""
    return build_good(tmp_path_factory.mktemp("good") / "good.duckdb")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Typed tables, no delivery."""
    return build_empty(tmp_path_factory.mktemp("empty") / "empty.duckdb")
