"""Row 10, a gate fails: "last good stays; freshness badge turns; failure report + notification;
verdict stored with build hash". The real command in a process of its own, a real mail server.

The release that must stay is a stand-in folder with a manifest: what building one costs is paid by
tests/integration.
"""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from foundation.home import HOME_VARIABLE
from foundation.run_index import latest
from ledger.chain import Ledger
from runs import steps
from serving import freshness
from tests.faults.notice_servers import free_port, mail_server
from tests.faults.tiny_home import TinyHome, parcel
from tests.support.cli import ImportRisk

MONDAYS = [dt.date(2026, 6, 1) + dt.timedelta(weeks=week) for week in range(5)]
EMPTY = MONDAYS[-1] + dt.timedelta(weeks=1)
RELEASE = "r000007-0123abcd"


@pytest.fixture(scope="module")
def delivered(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    """Five Mondays of 1,000 parcels."""
    tiny = TinyHome(tmp_path_factory.mktemp("refused") / "home", seeded)
    steps.mark_seeds_loaded(tiny.settings)
    for monday in MONDAYS:
        tiny.deliver([parcel(f"{monday:%m%d}-{n}", monday) for n in range(1000)], monday)
    return tiny


@pytest.fixture
def home(delivered: TinyHome, tmp_path: Path) -> TinyHome:
    """A copy with runs of its own, and a release of an earlier run."""
    tiny = delivered.copy(tmp_path / "home")
    folder = tiny.home.releases / RELEASE
    folder.mkdir(parents=True)
    manifest = {"release_id": RELEASE, "run_facts": {"run_id": "an earlier run"}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tiny.home.releases / "current").symlink_to(RELEASE)
    before = str(MONDAYS[0] - dt.timedelta(weeks=1))
    stated = {"release_id": RELEASE, "from_day": before, "to_day": before, "inputs": []}
    Ledger(tiny.home.ledger).append("release", {"run_id": "an earlier run", **stated})
    return tiny


def tell(home: TinyHome, port: int) -> None:
    (home.home.root / "notices.toml").write_text(
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nsender = "w@example.vn"\n'
        '[[recipients]]\nname = "ops"\nto = ["ops@example.vn"]\n',
        encoding="utf-8",
    )


def notices(home: TinyHome, *arguments: str, code: int = 0) -> str:
    """`import-risk notices ...` in this process."""
    environment = {HOME_VARIABLE: str(home.home.root)}
    done = CliRunner().invoke(app, ["notices", *arguments], env=environment)
    assert done.exit_code == code, done.output
    return done.output


def test_a_refused_day_leaves_the_release_and_tells_people(home: TinyHome) -> None:
    """Even when the mail server is down: exit code, page and verdict are the same, the notice
    waits, and is taken when the server is back."""
    command = ImportRisk(home.home.root)
    link = home.home.releases / "current"
    before = (os.readlink(link), os.lstat(link).st_mtime_ns)
    tell(home, free_port())
    told = command("run", "--day", EMPTY, "--json", code=3).json
    assert told["status"] == "refused"
    assert (os.readlink(link), os.lstat(link).st_mtime_ns) == before
    verdict = json.loads((home.home.runs / told["run_id"] / "gate1.json").read_text("utf-8"))
    start = json.loads((home.home.runs / told["run_id"] / "start.json").read_text("utf-8"))
    assert verdict["subject_hash"] == start["inputs_hash"]
    page = Path(told["quality_page"]).read_text(encoding="utf-8")
    assert "cửa chất lượng từ chối" in page
    assert f"Người đọc vẫn dùng bản phát hành trước, {RELEASE}." in page
    assert [run.status for run in latest(home.home, 9)] == ["refused"]
    shown = command("status", "--json").json
    assert (shown["quality_page"], shown["release_id"]) == (told["quality_page"], RELEASE)
    turned = freshness.read(home.home)
    assert turned is not None
    assert (turned.state, turned.release_id, turned.last_run_status) == (
        "behind", RELEASE, "refused",
    )  # fmt: skip
    assert turned.waiting_days == (EMPTY.isoformat(),)
    assert "behind" in (home.home.releases / freshness.BADGE_FILE).read_text("utf-8")
    assert shown["freshness"] == " | ".join(turned.sentence())

    [waiting] = json.loads(notices(home, "list", "--json"))["notices"]
    assert (waiting["state"], waiting["attempts"], waiting["run_id"]) == (
        "queued", 1, told["run_id"],
    )  # fmt: skip
    assert notices(home, "send") == "sent 0, not taken 0\n"  # not due yet
    assert "not taken 1" in notices(home, "retry", code=1)
    with mail_server() as box:
        tell(home, box.port)
        assert "sent 1" in notices(home, "retry", waiting["id"][:8])
    [mail] = box.mails
    body = mail.get_payload(decode=True).decode()
    assert "gate1.parcel_manifest.volume_plausible (1)" in body
    assert RELEASE in body
    assert json.loads(notices(home, "list", "--json"))["notices"][0]["state"] == "sent"


def test_a_run_that_fails_says_why_and_publishes_nothing(home: TinyHome) -> None:
    """A calendar that cannot be read: the gate must not judge by half of it."""
    home.home.calendar.write_text("day,name\n2026-07-06,party\n", encoding="utf-8")
    told = ImportRisk(home.home.root)("run", "--day", MONDAYS[-1], "--json", code=1).json
    assert told["status"] == "failed"
    assert os.readlink(home.home.releases / "current") == RELEASE
    page = Path(told["quality_page"]).read_text(encoding="utf-8")
    assert "Không công bố: lần chạy bị lỗi" in page
    assert "the calendar of days off cannot be used: the header must be" in page
    assert [run.status for run in latest(home.home, 9)] == ["failed"]
