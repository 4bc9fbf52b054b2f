"""Fixtures of the serving tests: homes with a fake working database, and one-line publishing.

Add here what two modules of this folder need. Keep out: expectations.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from foundation.home import Home
from tests.unit.serving.fake_work import make_work, publish_work

Publish = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of the test's own, nothing published."""
    made = Home(tmp_path / "home")
    make_work(made)
    return made


@pytest.fixture
def publish_once(home: Home) -> Publish:
    """publish_once(statements=(), days=(), plan=PLAN): rebuild, change, publish; gives the id."""
    return partial(publish_work, home)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one release, shared by a module's tests, which must not change it."""
    made = Home(tmp_path_factory.mktemp("published") / "home")
    publish_work(made)
    return made
