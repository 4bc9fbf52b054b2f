"""Row 12, notification channel down, for reports: an edition that was released reaches its readers,
once, as it was filed, whatever dies on the way.

A real mail server on loopback. Not claimed: exactly once: a process that dies between sending and
marking sends again, with the same Message-ID.
"""

import datetime as dt
import json
from email.message import Message
from pathlib import Path

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.faults import POINTS
from foundation.home import Home
from ledger.chain import Ledger
from ledger.editions import EDITION, RELEASED
from notices.dispatch import send_due
from notices.outbox import Notice, Outbox
from runs.editions import approve, filed_editions, queue_released, release_unasked
from tests.faults import kills
from tests.faults.kill_stages import stage
from tests.faults.notice_servers import free_port, mail_server
from tests.support.editions import MONTH, configure, filed, manifest, sent, told

LATER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
FILE = """
from foundation.home import Home
from tests.support.editions import filed, told
filed(Home.from_environment(), told())
"""
RELEASE = """
from foundation.home import Home
from tests.support.editions import sent, told
sent(Home.from_environment(), told())
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    return home


def kinds(home: Home) -> list[str]:
    return [entry.kind for entry in Ledger(home.ledger).entries()]


def content(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    assert isinstance(found, bytes)
    return found


def attached(mail: Message) -> dict[str, bytes]:
    return {str(part.get_filename()): content(part) for part in mail.walk() if part.get_filename()}


def test_who_is_listed_for_an_edition_gets_it_as_it_was_filed(home: Home, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    with mail_server() as box:
        configure(home, box.port, share)
        edition = filed(home, told())
        assert box.mails == []  # nobody has signed
        found, done = approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A")
        assert {notice.channel for notice in done.sent} == {"unit", "share"}
        approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A")
    [mail] = box.mails  # asked twice, sent once
    assert mail["To"] == "unit@example.vn"  # and not to the readers of the public edition
    at = home.root / edition.folder
    documents = {f"impact-{MONTH}-internal-{language}" for language in ("vi", "en")}
    assert attached(mail) == {
        f"{name}.{kind}": (at / f"{name}.{kind}").read_bytes()
        for name in documents
        for kind in ("pdf", "html", "xlsx")
    }
    body = content(next(part for part in mail.walk() if not part.is_multipart())).decode()
    for wanted in ("Bản nội bộ", "Lê Văn A", found.manifest_sha256, "Status: estimate"):
        assert wanted in body, wanted
    copied = share / edition.name
    assert {path.name: path.read_bytes() for path in copied.rglob("*") if path.is_file()} == {
        path.name: path.read_bytes() for path in at.rglob("*") if path.is_file()
    }
    assert kinds(home) == [EDITION, RELEASED]
    [entry] = [entry for entry in Ledger(home.ledger).entries() if entry.kind == RELEASED]
    assert (entry.body["signed_by"], entry.body["channels"]) == ("Lê Văn A", ["unit", "share"])


def test_a_public_edition_goes_to_its_own_list(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port)
        sent(home, told(edition="public"))
    assert [mail["To"] for mail in box.mails] == ["readers@example.vn"]


def test_without_approval_it_is_sent_at_once(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port, approval="off")
        edition, done = release_unasked(home, filed(home, told()))
    assert edition.is_released
    assert done is not None
    assert len(box.mails) == len(done.sent) == 1
    configure(home, box.port)  # negative control: a person is asked
    edition, done = release_unasked(home, filed(home, told("7"), "mended"))
    assert (edition.is_released, done) == (False, None)


def test_an_outbox_emptied_by_hand_sends_nothing_again(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port)
        sent(home, told())
        for path in Outbox(home).sent_folder.iterdir():
            path.unlink()
        assert queue_released(home) == []
        assert send_due(home).sent == ()
    assert len(box.mails) == 1


def test_who_is_listed_later_gets_it_when_a_person_asks(home: Home, tmp_path: Path) -> None:
    with mail_server() as box:
        configure(home, box.port)
        sent(home, told())
        configure(home, box.port, tmp_path)
        assert queue_released(home) == []
        assert [notice.channel for notice in _again(home)] == ["share"]
        assert _again(home) == ()
    assert len(box.mails) == 1
    assert kinds(home) == [EDITION, RELEASED]


def _again(home: Home) -> tuple[Notice, ...]:
    return approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A")[1].sent


def test_a_server_that_is_down_loses_nothing(home: Home) -> None:
    port = free_port()
    configure(home, port)
    edition = sent(home, told())
    assert edition.is_released
    [waiting] = Outbox(home).waiting()
    assert (waiting.state, waiting.last_error) == (
        "queued", "the mail server: ConnectionRefusedError",
    )  # fmt: skip
    with mail_server(port=port) as box:
        send_due(home, clock=lambda: LATER)
        send_due(home, clock=lambda: LATER)
    assert len(box.mails) == 1
    assert len(attached(box.mails[0])) == 6


def test_a_share_that_is_not_mounted_is_waited_for(home: Home, tmp_path: Path) -> None:
    share = tmp_path / "share"
    configure(home, folder=share)
    edition = sent(home, told())
    [waiting] = Outbox(home).waiting()
    assert waiting.last_error == "the folder is not there"
    assert not share.exists()
    share.mkdir()
    assert len(send_due(home, clock=lambda: LATER).sent) == 1
    assert (share / edition.name / "manifest.json").is_file()
    laid = [share / edition.name, *(share / edition.name).rglob("*")]
    assert {(path.is_dir(), path.stat().st_mode & 0o777) for path in laid} == {
        (True, 0o750), (False, 0o640),
    }  # fmt: skip


def test_what_lies_in_a_folder_is_never_overwritten(home: Home, tmp_path: Path) -> None:
    share = tmp_path / "share"
    (share / f"impact-{MONTH}-internal-v1").mkdir(parents=True)
    configure(home, folder=share)
    edition = sent(home, told())
    [kept] = Outbox(home).waiting()
    assert (kept.state, kept.last_error) == (
        "failed", "another edition of that name lies in the folder",
    )  # fmt: skip
    assert list((share / edition.name).iterdir()) == []


def test_a_changed_file_is_neither_released_nor_sent(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port)
        edition = filed(home, told())
        page = home.root / edition.folder / f"impact-{MONTH}-internal-vi.html"
        right = page.read_bytes()
        page.chmod(0o640)
        page.write_bytes(right.replace(b"1.234,6", b"9.999,9"))
        with pytest.raises(WarehouseError, match="is not what was filed"):
            approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A")
        assert kinds(home) == [EDITION]
        page.write_bytes(right)
        port, _ = box.port, configure(home, free_port())
        sent(home, told())  # queued: that server is down
        page.write_bytes(right.replace(b"1.234,6", b"9.999,9"))
        configure(home, port)
        [kept] = send_due(home, clock=lambda: LATER).not_taken
        assert (kept.state, box.mails) == ("failed", [])
        assert "is not what was filed" in kept.last_error
        page.write_bytes(right)  # restored: a person tries again
        Outbox(home).requeue(kept)
        assert len(send_due(home).sent) == len(box.mails) == 1


def test_nothing_is_released_that_is_not_filed_or_not_signed(home: Home) -> None:
    with pytest.raises(UsageError, match="no edition impact/internal of 2026-11 is filed"):
        approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A")
    filed(home, told())
    with pytest.raises(UsageError, match="--signed-by must say something"):
        approve(home, "impact", MONTH, "internal", signed_by=" ")
    with pytest.raises(UsageError, match=r"the newest edition is .*-v1, not number 2"):
        approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A", number=2)
    assert not filed_editions(home)[0].is_released


def test_what_was_read_is_what_is_signed(home: Home) -> None:
    """A newer edition that was filed while the first was read is not released in its place."""
    filed(home, told())
    filed(home, told("1234.9"))
    with pytest.raises(UsageError, match="-v2, not number 1"):
        approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A", number=1)
    newest, _ = approve(home, "impact", MONTH, "internal", signed_by="Lê Văn A", number=2)
    assert (newest.number, newest.is_released) == (2, True)


@pytest.mark.parametrize("point", [*POINTS["report"], "ledger_line_written"])
def test_killed_between_any_two_steps_it_is_filed_and_sent_once(home: Home, point: str) -> None:
    with mail_server() as box:
        configure(home, box.port)
        for program in (FILE, RELEASE):
            kills.run(stage(program), home, point=point)
        assert kinds(home).count(EDITION) <= 1
        # What any process does that empties the outbox: nothing that was released is lost.
        queue_released(home)
        send_due(home)
        was_released = any(edition.is_released for edition in filed_editions(home))
        assert len(box.mails) == int(was_released)
        done = kills.run(stage(RELEASE), home)
        assert done.returncode == 0, done.stderr
    assert sorted(kinds(home)) == sorted([EDITION, RELEASED])
    assert len(box.mails) == 1
    [edition] = filed_editions(home)
    assert [path.name for path in home.editions.iterdir() if path.is_dir()] == [edition.name]
    assert set(manifest(home, edition)["sha256"]) == {
        path.relative_to(home.root / edition.folder).as_posix()
        for path in (home.root / edition.folder).rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_an_edition_is_written_once_and_for_ever(home: Home) -> None:
    half_written = home.editions / ".impact-2026-11-internal-v1.1.tmp" / "tidy"
    half_written.mkdir(parents=True)
    (half_written / "one.csv").write_text("a process died here")
    edition = filed(home, told())
    assert not half_written.parent.exists()
    files = [path for path in (home.root / edition.folder).rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o222 for path in files} == {0}
    entry = Ledger(home.ledger).entries()[0]
    assert json.loads(json.dumps(entry.body))["folder"] == edition.folder
