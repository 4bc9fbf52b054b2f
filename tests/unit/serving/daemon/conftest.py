"""One running daemon for the modules of this folder, on a home with one release.

Add here what two modules need. Keep out: expectations; a module that publishes or kills makes its
own home and daemon.
"""

from collections.abc import Iterator

import pytest

from foundation.home import Home
from tests.support.daemon import Daemon, running
from tests.unit.serving.fake_work import publish_work

CANARY = "canary-5f0c2b"
LIMITS = {"TIMEOUT_S": 2, "MEMORY_LIMIT": "256MB", "MAX_ROWS": 5000, "MAX_RESULT_BYTES": 2_000_000}


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """The daemon, with a secret in its environment and in a file beside its home."""
    folder = tmp_path_factory.mktemp("daemon")
    home = Home(folder / "home")
    publish_work(home)
    (folder / "secret.txt").write_text(CANARY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("IMPORT_RISK_PII_KEY", CANARY)
        with running(home, folder / "log", LIMITS) as started:
            yield started
