"""Row 12, settings: nobody is told by accident, no secret and no address hides in a file or header.

Not claimed: that an address is the right one.
"""

from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from notices.configuration import load_configuration


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


MAIL = '[mail]\nhost = "h"\nsender = "w@example.vn"\n'
HOOK = '[[webhooks]]\nname = "duty"\nsecret_variable = "IMPORT_RISK_KEY"\n'
BAD = {
    "no toml": ("[mail", "Expected ']'"),
    "unknown key": ('colour = "red"', "'colour' is not known"),
    "two lines in a name": ('site = "a\\nb"', "site must be one line"),
    "address with a line end": (
        MAIL + '[[recipients]]\nname = "a"\nto = ["x@y.vn\\r\\nBcc: z@y.vn"]',
        "is not a mail address",
    ),
    "no server": ('[[recipients]]\nname = "a"\nto = ["x@y.vn"]', "need a [mail] server"),
    "login in the open": (MAIL + 'tls = "none"\nuser = "u"', "gives the password away"),
    "unknown kind": (
        MAIL + '[[recipients]]\nname = "a"\nto = ["x@y.vn"]\nkinds = ["all"]',
        "kinds: 'all'",
    ),
    "address not allowed": (HOOK + 'url = "https://hooks.example.vn/x"', "allowed_webhook_hosts"),
    "not encrypted": (
        'allowed_webhook_hosts = ["hooks.example.vn"]\n'
        + HOOK
        + 'url = "http://hooks.example.vn/x"',
        "only https",
    ),
    "login in the address": (
        'allowed_webhook_hosts = ["h.vn"]\n' + HOOK + 'url = "https://u:p@h.vn/"',
        "must not hold a login",
    ),
    "other port": (
        'allowed_webhook_hosts = ["h.vn"]\n' + HOOK + 'url = "https://h.vn:8443/"',
        "'h.vn:8443' is not in allowed",
    ),
    "secret in the file": (
        'allowed_webhook_hosts = ["h.vn"]\n[[webhooks]]\nname = "duty"\nurl = "https://h.vn/"\n'
        'secret_variable = "hunter2"',
        "is not the name of a variable",
    ),
    "unknown edition": (
        MAIL + '[[recipients]]\nname = "a"\nto = ["x@y.vn"]\neditions = ["impact"]',
        "editions: 'impact' is none of",
    ),
    "folder without a root": (
        '[[folders]]\nname = "a"\npath = "share"\neditions = ["impact/public"]',
        "is not an absolute path",
    ),
    "folder for nothing": ('[[folders]]\nname = "a"\npath = "/share"', "'editions' is empty"),
    "neither on nor off": ('report_approval = "maybe"', "must be 'required' or 'off'"),
    "two of one name": (
        MAIL + 2 * '[[recipients]]\nname = "a"\nto = ["x@y.vn"]\n',
        "the same name",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_settings_that_cannot_be_used_are_named(case: str, home: Home) -> None:
    text, why = BAD[case]
    (home.root / "notices.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WarehouseError, match=r"notices\.toml") as raised:
        load_configuration(home)
    assert why in raised.value.what


def test_good_settings_are_taken(home: Home) -> None:
    """Negative control of the table above."""
    text = (
        'allowed_webhook_hosts = ["h.vn:8443"]\n' + HOOK + 'url = "https://h.vn:8443/"\n' + MAIL
        + '[[recipients]]\nname = "a"\nto = ["x@y.vn"]\nkinds = ["failed"]'
    )  # fmt: skip
    (home.root / "notices.toml").write_text(text, encoding="utf-8")
    configuration = load_configuration(home)
    assert [channel.name for channel in configuration.channels] == ["a", "duty"]
    assert configuration.mail is not None
    assert (configuration.mail.tls, configuration.mail.port) == ("starttls", 587)


def test_who_is_listed_for_reports_is_told_of_runs_only_when_asked(home: Home) -> None:
    listed = 'to = ["x@y.vn"]\neditions = ["impact/public"]\n'
    text = (
        'report_approval = "off"\n' + MAIL + f'[[recipients]]\nname = "a"\n{listed}'
        f'[[recipients]]\nname = "b"\n{listed}kinds = ["failed"]\n'
        '[[folders]]\nname = "c"\npath = "/share"\neditions = ["impact/internal"]'
    )  # fmt: skip
    (home.root / "notices.toml").write_text(text, encoding="utf-8")
    found = load_configuration(home)
    assert not found.asks_approval
    assert [(one.medium, one.kinds, one.editions) for one in found.channels] == [
        ("mail", (), ("impact/public",)),
        ("mail", ("failed",), ("impact/public",)),
        ("folder", (), ("impact/internal",)),
    ]
    (home.root / "notices.toml").write_text("", encoding="utf-8")
    assert load_configuration(home).asks_approval
