"""What docs/serving.md and docs/security.md promise exists and runs."""

import re
from pathlib import Path

import pytest

from serving.daemon.errors import CODES
from serving.daemon.settings import DaemonSettings
from tests.support.daemon import TOKENS, Daemon

PROJECT = Path(__file__).resolve().parents[4]
SERVING = (PROJECT / "docs" / "serving.md").read_text(encoding="utf-8")
SECURITY = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.+?)```", SERVING, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda text: text.split("\n")[0])
def test_the_python_of_the_page_runs(
    daemon: Daemon,
    block: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = daemon.log.parent / "home"
    monkeypatch.setenv("URL", daemon.url)
    monkeypatch.setenv("TOKEN", TOKENS["ministry"])
    monkeypatch.setenv(
        "DATABASE", str((home / "releases" / "current").resolve() / "ministry/warehouse.duckdb")
    )
    exec(compile(block, "docs/serving.md", "exec"), {})
    assert "3" in capsys.readouterr().out


def test_the_files_that_the_pages_name_exist() -> None:
    named = re.findall(r"`((?:tests|docs|benchmarks|dagster_project)/[\w/]+\.\w+)`",
                       SERVING + SECURITY)  # fmt: skip
    assert len(named) > 15
    assert [name for name in named if not (PROJECT / name).is_file()] == []


def test_statuses_and_limits_of_the_page_are_those_of_the_daemon() -> None:
    statuses = {int(status) for status in re.findall(r"^\| (\d{3}) \|", SERVING, re.MULTILINE)}
    assert statuses <= {status for status, _, _ in CODES.values()}
    assert {400, 401, 408, 413, 429, 503} == statuses
    default = DaemonSettings()
    for name, value in (
        ("WORKERS", default.workers), ("THREADS", default.threads),
        ("TIMEOUT_S", int(default.timeout_s)), ("QUEUE_S", int(default.queue_s)),
        ("MEMORY_LIMIT", default.memory_limit), ("MAX_ROWS", default.max_rows),
        ("MAX_RESULT_BYTES", default.max_result_bytes),
        ("MAX_REQUEST_BYTES", default.max_request_bytes),
    ):  # fmt: skip
        assert re.search(rf"_{name}` \({value}[,)]", SERVING), name
