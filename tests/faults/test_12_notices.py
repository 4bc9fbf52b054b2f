"""Row 12, notification channel down: "outbox on disk, retry, run result not changed".

Real servers on loopback. Not claimed: that a mail which a server took was read, nor exactly once:
a process that dies between sending and marking sends again, with the same Message-ID.
"""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_project.defs.sensors import outbox_sensor
from foundation.home import HOME_VARIABLE, Home
from foundation.locks import exclusive
from notices import dispatch
from notices.channels.webhook import signature
from notices.dispatch import queue_for_run, send_due, send_within
from notices.message import RunFacts
from notices.outbox import Notice, Outbox
from tests.faults.notice_servers import (
    LOGIN,
    PASSWORD,
    free_port,
    mail_server,
    self_signed,
    silent_server,
    web_server,
)

NOW = dt.datetime(2026, 11, 5, 6, 30, tzinfo=dt.UTC)
KEY = "IMPORT_RISK_WEBHOOK_KEY"
FACTS = RunFacts(
    run_id="run-1",
    kind="refused",
    from_day="2026-11-04",
    to_day="2026-11-04",
    readers_use="r000007-0123abcd",
    stops=["gate1.parcel_manifest.volume_plausible (1)"],
    warnings=["gate1.references.reference_loaded (5)"],
    page="runs/run-1/quality.html",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv(KEY, "k" * 32)
    home = Home(tmp_path / "home")
    home.root.mkdir()
    return home


def at(minutes: float) -> Callable[[], dt.datetime]:
    return lambda: NOW + dt.timedelta(minutes=minutes)


def configure(home: Home, mail_port: int = 0, hook: str = "", **mail: Any) -> None:
    """Tell operations by mail and duty by webhook, whichever is given."""
    lines = ['site = "Kho A"']
    if hook:
        lines.append(f'allowed_webhook_hosts = ["{hook.split("/")[2]}"]')
    if mail_port:
        stated = {"host": "127.0.0.1", "port": mail_port, "tls": "none", **mail}
        lines += ["[mail]", 'sender = "warehouse@example.vn"']
        lines += [f"{name} = {json.dumps(value)}" for name, value in stated.items()]
        lines += ["[[recipients]]", 'name = "operations"', 'to = ["ops@example.vn"]']
    if hook:
        lines += ["[[webhooks]]", 'name = "duty"', f'url = "{hook}"', f'secret_variable = "{KEY}"']
    (home.root / "notices.toml").write_text("\n".join(lines), encoding="utf-8")


def queued(home: Home, facts: RunFacts = FACTS) -> list[Notice]:
    return queue_for_run(home, facts, now=NOW)


def only(home: Home) -> Notice:
    [notice] = Outbox(home).waiting()
    return notice


def test_both_channels_are_told_in_both_languages(home: Home) -> None:
    with mail_server() as box, web_server() as hook:
        configure(home, box.port, hook.url)
        assert len(queued(home)) == 2
        assert len(send_due(home, clock=at(0)).sent) == 2
    [mail] = box.mails
    body = mail.get_payload(decode=True).decode()
    for wanted in ("KHÔNG công bố", "NOT published", "volume_plausible (1)", "r000007-0123abcd"):
        assert wanted in body, wanted
    assert mail["To"] == "ops@example.vn"
    [(path, headers, content)] = hook.requests
    assert path == "/hook?team=1"
    expected = signature("k" * 32, headers["X-Import-Risk-Timestamp"], content)
    assert headers["X-Import-Risk-Signature"] == expected
    assert "KHÔNG công bố" in json.loads(content)["text"]
    assert list(Outbox(home).waiting()) == []
    assert {notice.state for notice in Outbox(home).sent(9)} == {"sent"}


def test_nobody_is_told_by_default(home: Home) -> None:
    assert queued(home) == []
    assert send_due(home).sent == ()
    assert not Outbox(home).folder.exists()


def test_a_kind_that_a_channel_does_not_want_is_not_queued(home: Home) -> None:
    configure(home, 25)
    published = RunFacts(**{**vars(FACTS), "kind": "published"})
    assert queued(home, published) == []
    assert len(queued(home)) == 1


def test_a_closed_port_keeps_the_notice_until_the_channel_is_back(home: Home) -> None:
    port = free_port()
    configure(home, port)
    queued(home)
    [kept] = send_due(home, clock=at(0)).not_taken
    assert (kept.state, kept.attempts) == ("queued", 1)
    assert kept.last_error == "the mail server: ConnectionRefusedError"
    with mail_server(port=port) as box:
        assert send_due(home, clock=at(0.9)).sent == ()  # not before its time
        assert len(send_due(home, clock=at(1)).sent) == 1
    assert len(box.mails) == 1


def test_attempts_become_rarer_and_end(home: Home) -> None:
    """60 s, doubled each time, at most 6 h; after 20 attempts only a person tries again."""
    configure(home, free_port())
    queued(home)
    waits = []
    moment = NOW
    for _ in range(19):
        [kept] = send_due(home, clock=lambda now=moment: now).not_taken
        later = dt.datetime.fromisoformat(kept.next_attempt_at)
        waits.append(int((later - moment).total_seconds()))
        moment = later
    assert waits[:4] == [60, 120, 240, 480]
    assert waits[-1] == 6 * 3600
    [given_up] = send_due(home, clock=lambda: moment).not_taken
    assert (given_up.state, given_up.attempts) == ("failed", 20)
    assert send_due(home, clock=lambda: moment + dt.timedelta(days=30)).not_taken == ()
    assert Outbox(home).requeue(only(home)).is_due(NOW)


@pytest.mark.parametrize(
    ("answer", "state"), [("451 busy", "queued"), ("554 no such thing", "failed")]
)
def test_a_mail_server_that_refuses(home: Home, answer: str, state: str) -> None:
    with mail_server(answer=answer) as box:
        configure(home, box.port)
        queued(home)
        [kept] = send_due(home, clock=at(0)).not_taken
    assert (kept.state, kept.last_error) == (state, f"the mail server said {answer[:3]}")


def test_one_unknown_address_does_not_tell_the_others_twice(home: Home) -> None:
    with mail_server(refuse={"gone@example.vn": "550 unknown"}) as box:
        configure(home, box.port)
        file = home.root / "notices.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"ops@', '"gone@example.vn", "ops@'), encoding="utf-8")
        queued(home)
        assert len(send_due(home, clock=at(0)).sent) == 1
        assert len(box.mails) == 1
        file.write_text(text.replace('"ops@', '"gone@'), encoding="utf-8")
        queued(home, RunFacts(**{**vars(FACTS), "run_id": "run-2"}))
        [kept] = send_due(home, clock=at(0)).not_taken
    assert (kept.state, kept.last_error) == ("failed", "every address was refused (550)")


@pytest.mark.parametrize(
    ("status", "state"), [(500, "queued"), (503, "queued"), (429, "queued"), (400, "failed")]
)
def test_a_webhook_that_refuses(home: Home, status: int, state: str) -> None:
    with web_server(status=status) as hook:
        configure(home, hook=hook.url)
        queued(home)
        [kept] = send_due(home, clock=at(0)).not_taken
    assert (kept.state, kept.last_error) == (state, f"the webhook said {status}")


def test_a_webhook_cannot_send_us_elsewhere(home: Home) -> None:
    with web_server() as other, web_server(status=302, location=other.url) as hook:
        configure(home, hook=hook.url)
        queued(home)
        [kept] = send_due(home, clock=at(0)).not_taken
    assert kept.state == "failed"
    assert other.requests == []


@pytest.mark.parametrize("medium", ["mail", "webhook"])
def test_a_server_that_never_answers_is_left(home: Home, medium: str) -> None:
    with silent_server() as port:
        configure(home, port) if medium == "mail" else configure(
            home, hook=f"http://127.0.0.1:{port}/"
        )
        queued(home)
        [kept] = send_due(home, clock=at(0), timeout_seconds=0.2).not_taken
    assert (kept.state, kept.attempts) == ("queued", 1)
    assert kept.last_error.endswith((": TimeoutError", ": SMTPServerDisconnected"))


def test_a_server_that_drips_for_ever_does_not_hold_a_run(home: Home) -> None:
    """Each byte comes in time, the answer never: only the run's own time limit helps."""
    with silent_server(drips=b"X") as port:
        configure(home, hook=f"http://127.0.0.1:{port}/")
        queued(home)
        assert send_within(home, 0.5) is False
        assert only(home).state == "queued"


def test_a_kill_between_sending_and_marking_sends_again_under_the_same_id(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port)
        queued(home)
        child = os.fork()
        if child == 0:
            Outbox.mark_sent = lambda *_: os._exit(137)  # type: ignore[method-assign,assignment]
            send_due(home, clock=at(0))
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 137
        assert only(home).state == "queued"
        assert len(send_due(home, clock=at(0)).sent) == 1
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_kill_between_marking_and_putting_away_sends_nothing_again(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port)
        queued(home)
        child = os.fork()
        if child == 0:
            Outbox._put_away = lambda *_: os._exit(137)  # type: ignore[method-assign,assignment]
            send_due(home, clock=at(0))
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 137
        assert send_due(home, clock=at(0)).sent == ()
    assert len(box.mails) == 1
    assert len(Outbox(home).sent(9)) == 1


def test_a_run_is_told_once_however_often_it_is_ended(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port)
        assert len(queued(home)) == 1
        assert queued(home) == []
        send_due(home, clock=at(0))
        assert queued(home) == []
        assert send_due(home, clock=at(0)).sent == ()
    assert len(box.mails) == 1


def test_two_processes_never_send_at_once(home: Home) -> None:
    configure(home, free_port())
    queued(home)
    with exclusive(Outbox(home).lock, "another"):
        assert send_due(home, clock=at(0)).is_busy
    assert only(home).attempts == 0


def test_a_damaged_file_does_not_stop_the_others(home: Home) -> None:
    with mail_server() as box:
        configure(home, box.port)
        queued(home)
        (Outbox(home).folder / "aaaa.json").write_text("{torn", encoding="utf-8")
        done = send_due(home, clock=at(0))
    assert (len(done.sent), done.damaged) == (1, ("aaaa.json",))


def test_mail_is_encrypted_and_the_password_stays_in_the_environment(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    with mail_server(certificate=certificate) as box:
        login = {"tls": "starttls", "user": LOGIN}
        configure(home, box.port, **login)
        queued(home)
        [kept] = send_due(home, clock=at(0)).not_taken
        assert kept.last_error == "the variable IMPORT_RISK_SMTP_PASSWORD is not set"
        monkeypatch.setenv("IMPORT_RISK_SMTP_PASSWORD", PASSWORD)
        [kept] = send_due(home, clock=at(5)).not_taken
        assert kept.last_error == "the mail server: SSLCertVerificationError"  # nobody vouches
        configure(home, box.port, ca_file=str(certificate), **login)
        monkeypatch.setenv("IMPORT_RISK_SMTP_PASSWORD", "wrong")
        [kept] = send_due(home, clock=at(10)).not_taken
        assert (kept.state, kept.last_error) == ("queued", "the mail server said 535")
        monkeypatch.setenv("IMPORT_RISK_SMTP_PASSWORD", PASSWORD)
        assert len(send_due(home, clock=at(30)).sent) == 1
    assert box.was_encrypted == [True]
    stored = "".join(p.read_text(encoding="utf-8") for p in home.root.rglob("*.json"))
    assert PASSWORD not in stored


def test_no_name_can_add_a_header(home: Home) -> None:
    """What a run is called is ours, but the notice does not rely on it."""
    hostile = RunFacts(**{**vars(FACTS), "from_day": "x\r\nBcc: all@example.vn\r\n\r\nhello"})
    with mail_server() as box:
        configure(home, box.port)
        queued(home, hostile)
        assert len(send_due(home, clock=at(0)).sent) == 1
    [mail] = box.mails
    assert "Bcc" not in mail
    assert set(mail.keys()) <= {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip


def test_a_channel_that_is_no_longer_configured_is_said_so(home: Home) -> None:
    configure(home, 25)
    queued(home)
    (home.root / "notices.toml").write_text("", encoding="utf-8")
    [kept] = send_due(home, clock=at(0)).not_taken
    assert (kept.state, kept.last_error) == ("failed", "notices.toml no longer names this channel")


def test_sending_never_waits_longer_than_it_says() -> None:
    """Guards the constants: all channels of a run together, and one operation of one channel."""
    assert dispatch.TIMEOUT_SECONDS < dispatch.RUN_END_SECONDS <= 30


def test_dagster_tries_again_while_its_daemon_runs(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    with mail_server() as box:
        configure(home, box.port)
        queued(home)
        told = outbox_sensor()
        assert isinstance(told, dg.SkipReason)  # it starts no run
        assert told.skip_message == "notices sent: 1, not taken: 0"
    assert len(box.mails) == 1
