"""The end of a run: told however it ended, and never able to change how it ended.

Not claimed: that Dagster calls it (tests/faults/test_10_gate_refuses.py runs the job).
"""

import json
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from foundation.run_index import latest
from notices.outbox import Outbox
from runs import end
from runs.evidence import record_failure
from tests.faults.notice_servers import free_port
from tests.unit.reports.runs import failed, result, verdict

CANARY = "canary-name-Nguyễn-Thị-Bí-Mật"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def leave(home: Home, run_id: str, **documents: object) -> Path:
    """Evidence of a run that has not ended yet."""
    folder = home.runs / run_id
    folder.mkdir(parents=True)
    start = {"from_day": "2026-11-04", "to_day": "2026-11-05", "base_release": None, "inputs": []}
    for name, document in {"start": start, **documents}.items():
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def published(home: Home, run_id: str) -> None:
    """Make the current release one of this run."""
    folder = home.releases / "r000001-0123abcd"
    folder.mkdir(parents=True)
    manifest = {"release_id": folder.name, "run_facts": {"run_id": run_id}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (home.releases / "current").symlink_to(folder.name)


def told(home: Home) -> None:
    """Somebody wants to know everything, over a channel that is down."""
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / "notices.toml").write_text(
        f'[mail]\nhost = "127.0.0.1"\nport = {free_port()}\ntls = "none"\n'
        'sender = "w@example.vn"\n[[recipients]]\nname = "ops"\nto = ["o@example.vn"]\n'
        'kinds = ["published", "published_with_warnings", "refused", "failed"]\n',
        encoding="utf-8",
    )


def test_a_gate_that_refused_means_refused(home: Home) -> None:
    told(home)
    folder = leave(home, "run-1", gate1=verdict("gate1", failed("volume_plausible", "critical")))
    run = end.finish(home, "run-1")
    assert (run.status, run.from_day, run.to_day) == ("refused", "2026-11-04", "2026-11-05")
    assert latest(home, 1) == [run]
    assert "cửa chất lượng từ chối" in (folder / "quality.html").read_text(encoding="utf-8")
    [notice] = Outbox(home).waiting()
    assert (notice.kind, notice.state, notice.attempts) == ("refused", "queued", 1)
    assert "gate1.parcel_manifest.volume_plausible (1)" in notice.text
    assert "runs/run-1/quality.html" in notice.text


def test_a_release_of_this_run_means_published(home: Home) -> None:
    told(home)
    leave(home, "run-1", gate1=verdict("gate1", failed("senders_agree")))
    published(home, "run-1")
    run = end.finish(home, "run-1")
    assert (run.status, run.release_id) == ("published", "r000001-0123abcd")
    [notice] = Outbox(home).waiting()
    assert notice.kind == "published_with_warnings"


def test_a_release_of_another_run_does_not(home: Home) -> None:
    published(home, "run-0")
    folder = leave(home, "run-1", gate1=verdict("gate1", result()))
    record_failure(folder, "dbt_daily", WarehouseError("disk full", where="w", remedy="free it"))
    record_failure(folder, "release", ValueError("a later consequence"))
    assert end.finish(home, "run-1").status == "failed"
    page = (folder / "quality.html").read_text(encoding="utf-8")
    assert "disk full" in page
    assert "consequence" not in page


def test_no_text_of_another_s_error_is_kept(home: Home) -> None:
    """A library's message may quote a row; the class of the error is enough for the page."""
    folder = leave(home, "run-1")
    record_failure(folder, "dbt_daily", ValueError(CANARY))
    end.finish(home, "run-1")
    kept = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert CANARY not in kept
    assert "ValueError" in kept


def test_a_notice_holds_no_text_of_a_sender(home: Home) -> None:
    told(home)
    finding = failed(
        "no_refused_delivery", "critical", observed=CANARY, examples=[{"file_name": CANARY}]
    )
    leave(home, "run-1", gate1=verdict("gate1", finding))
    end.finish(home, "run-1")
    [notice] = Outbox(home).waiting()
    assert CANARY not in notice.text + notice.subject


def test_a_page_that_cannot_be_written_changes_nothing(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = leave(home, "run-1", gate1=verdict("gate1", result()))
    published(home, "run-1")
    (folder / "quality.html").mkdir()  # in the way of the page
    assert end.finish(home, "run-1").status == "published"
    assert "quality page could not be written" in capsys.readouterr().err
    [problem] = json.loads((folder / "run_end.json").read_text(encoding="utf-8"))["problems"]
    assert problem.startswith("quality page")


def test_unusable_settings_of_notices_change_nothing(home: Home) -> None:
    home.root.mkdir(parents=True)
    (home.root / "notices.toml").write_text("[mail", encoding="utf-8")
    folder = leave(home, "run-1", gate1=verdict("gate1", result()))
    published(home, "run-1")
    assert end.finish(home, "run-1").status == "published"
    assert "notices.toml" in (folder / "run_end.json").read_text(encoding="utf-8")
    assert (folder / "quality.html").is_file()


def test_a_run_whose_process_died_is_ended_by_the_next(home: Home) -> None:
    end.begin(home, "run-1")
    folder = leave(home, "run-1")
    end.begin(home, "run-2")  # the kill came in between
    [dead] = latest(home, 9)
    assert (dead.run_id, dead.status) == ("run-1", "failed")
    assert "the process of the run died" in (folder / "quality.html").read_text(encoding="utf-8")
    leave(home, "run-2", gate1=verdict("gate1", result()))
    end.finish(home, "run-2")
    end.begin(home, "run-3")  # negative control: run-2 ended properly
    assert [run.run_id for run in latest(home, 9)] == ["run-1", "run-2"]


def test_a_run_that_died_after_its_release_is_told_as_published(home: Home) -> None:
    end.begin(home, "run-1")
    leave(home, "run-1", gate1=verdict("gate1", result()))
    published(home, "run-1")
    end.begin(home, "run-2")
    assert [run.status for run in latest(home, 9)] == ["published"]


def test_a_run_of_some_assets_only_is_no_failure_and_nobody_is_told(home: Home) -> None:
    told(home)
    folder = leave(home, "run-1", gate1=verdict("gate1", result()))
    assert end.finish(home, "run-1").status == "partial"
    assert "Lần chạy từng phần" in (folder / "quality.html").read_text(encoding="utf-8")
    assert list(Outbox(home).waiting()) == []
