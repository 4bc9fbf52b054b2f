"""Tokens: one audience each, only hashes at rest, no file that others may change."""

import stat
from pathlib import Path

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.daemon.settings import DaemonSettings
from serving.daemon.tokens import VARIABLES, Tokens, new_token


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_token_opens_its_audience_and_is_nowhere_at_rest(home: Home) -> None:
    secrets = {audience: new_token(home, audience, f"{audience}-1") for audience in VARIABLES}
    tokens = Tokens(home, {})
    for audience, secret in secrets.items():
        found = tokens.audience_of(secret)
        assert found is not None
        assert (found.audience, found.label) == (audience, f"{audience}-1")
        assert len(secret) >= 43, "32 random bytes"
        assert tokens.audience_of(secret[:-1]) is None
    text = tokens.path.read_text()
    assert [secret for secret in secrets.values() if secret in text] == []
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600
    assert tokens.audience_of("") is None


def test_a_token_of_the_environment_is_accepted(home: Home) -> None:
    tokens = Tokens(home, {VARIABLES["ministry"]: "m" * 40})
    found = tokens.audience_of("m" * 40)
    assert found is not None
    assert found.audience == "ministry"
    assert Tokens(home, {}).all() == ()


@pytest.mark.parametrize(
    "environment",
    [
        {VARIABLES["customs"]: "short"},
        {VARIABLES["customs"]: ""},
        {VARIABLES["customs"]: "same" * 10, VARIABLES["ministry"]: "same" * 10},
    ],
    ids=["short", "empty", "shared"],
)
def test_a_weak_or_shared_token_is_refused(home: Home, environment: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        Tokens(home, environment)


def test_a_line_taken_out_is_refused_at_once(home: Home) -> None:
    kept, revoked = new_token(home, "customs", "kept"), new_token(home, "customs", "revoked")
    tokens = Tokens(home, {})
    assert tokens.audience_of(revoked) is not None
    lines = tokens.path.read_text().splitlines(keepends=True)
    tokens.path.write_text("# revoked today\n\n" + lines[0])
    assert tokens.audience_of(revoked) is None
    assert tokens.audience_of(kept) is not None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_may_read_or_write_is_refused(home: Home, mode: int) -> None:
    secret = new_token(home, "customs", "one")
    tokens = Tokens(home, {})
    assert tokens.audience_of(secret) is not None
    tokens.path.chmod(mode)
    with pytest.raises(WarehouseError, match="others may"):
        tokens.audience_of(secret)


@pytest.mark.parametrize(
    "line", ["customs", "nobody " + "a" * 64 + " x", "customs " + "g" * 64 + " x", "a b c d"]
)
def test_a_damaged_line_is_named(home: Home, line: str) -> None:
    new_token(home, "customs", "one")
    tokens = Tokens(home, {})
    with tokens.path.open("a") as stream:
        stream.write(line + "\n")
    with pytest.raises(WarehouseError, match="line 2"):
        tokens.all()


@pytest.mark.parametrize(
    ("audience", "label"),
    [("public", "x"), ("customs", ""), ("customs", "two words"), ("customs", "x\ny"),
     ("customs", "taken")],
)  # fmt: skip
def test_a_senseless_token_is_not_made(home: Home, audience: str, label: str) -> None:
    new_token(home, "customs", "taken")
    before = (home.root / "tokens").read_text()
    with pytest.raises(UsageError):
        new_token(home, audience, label)
    assert (home.root / "tokens").read_text() == before


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "x"), ("PORT", "0"), ("WORKERS", "-1"), ("TIMEOUT_S", "1.5"), ("MAX_ROWS", "²"),
     ("MEMORY_LIMIT", "a lot"), ("MEMORY_LIMIT", "0GB"), ("MEMORY_LIMIT", "1TB")],
)  # fmt: skip
def test_a_senseless_limit_is_refused(variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"IMPORT_RISK_SERVE_{variable}"):
        DaemonSettings.from_environment({f"IMPORT_RISK_SERVE_{variable}": value})


def test_limits_are_read() -> None:
    read = DaemonSettings.from_environment(
        {"IMPORT_RISK_SERVE_MEMORY_LIMIT": "512MB", "IMPORT_RISK_SERVE_WORKERS": "3"}
    )
    assert (read.workers, read.memory_bytes) == (3, 512_000_000 + read.memory_headroom_bytes)
    assert DaemonSettings.from_environment({}) == DaemonSettings()
