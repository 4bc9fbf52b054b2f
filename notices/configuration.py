"""Who is told what, over which channel: `notices.toml` of the home, checked before it is used.

Nobody is told anything by default. Secrets never stand in the file: it names the environment
variable that holds one.
Add here another channel's settings. Keep out: sending (channels/), and addresses in code.
"""

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from foundation.errors import WarehouseError
from foundation.home import Home

Kind = Literal["published", "published_with_warnings", "refused", "failed"]
Tls = Literal["starttls", "tls", "none"]
# Reports that can be sent, each for whom it is made.
EDITIONS = ("impact/internal", "impact/public", "389/internal", "quality/internal")
DEFAULT_KINDS: tuple[Kind, ...] = ("refused", "failed")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9.-]+")
_VARIABLE = re.compile(r"IMPORT_RISK_[A-Z0-9_]+")
_NAME = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True)
class MailServer:
    """The one server that takes our mail. sender: the From address, a role and not a person.

    user: login name, None without a login; its password is in the variable `password_variable`.
    ca_file: certificate authority of the server, None for the system's.
    """

    host: str
    port: int
    sender: str
    tls: Tls
    user: str | None
    password_variable: str
    ca_file: Path | None


@dataclass(frozen=True)
class Channel:
    """One addressee. address: mail addresses joined by commas, the webhook's URL, or a folder.

    kinds: the ends of runs that it is told of. secret_variable: environment variable with the key
    that signs a webhook's body. editions: the reports that it gets, such as "impact/public".
    """

    name: str
    medium: Literal["mail", "webhook", "folder"]
    address: str
    kinds: tuple[Kind, ...]
    secret_variable: str | None = None
    editions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """What the home says; without a file: no channels. site: short name for subjects.

    asks_approval: whether a report is sent only once a person has signed for it.
    """

    site: str
    mail: MailServer | None
    channels: tuple[Channel, ...]
    asks_approval: bool = True

    def channel(self, name: str) -> Channel | None:
        """The channel of that name, None when the file no longer names it."""
        return next((channel for channel in self.channels if channel.name == name), None)


def configuration_path(home: Home) -> Path:
    """Where the home says who is told."""
    return home.root / "notices.toml"


def load_configuration(home: Home) -> Configuration:
    """The checked settings. Raises WarehouseError naming the file and the wrong entry."""
    path = configuration_path(home)
    if not path.is_file():
        return Configuration("", None, ())
    try:
        return _parsed(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError) as error:
        told = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise WarehouseError(
            f"the settings of notices cannot be used: {told}",
            where=str(path),
            remedy="write it as notices/README.md shows; until then nobody is told anything",
        ) from error


def _parsed(body: Mapping[str, Any]) -> Configuration:
    _known(
        body,
        "the file",
        (
            "site", "mail", "recipients", "webhooks", "allowed_webhook_hosts", "folders",
            "report_approval",
        ),
    )  # fmt: skip
    mail = _mail(body["mail"]) if "mail" in body else None
    allowed = _texts(body.get("allowed_webhook_hosts", []), "allowed_webhook_hosts")
    channels = [_recipient(entry, mail) for entry in body.get("recipients", [])]
    channels += [_webhook(entry, allowed) for entry in body.get("webhooks", [])]
    channels += [_folder(entry) for entry in body.get("folders", [])]
    names = [channel.name for channel in channels]
    if len(set(names)) != len(names):
        raise ValueError("two channels have the same name")
    approval = body.get("report_approval", "required")
    if approval not in ("required", "off"):
        raise ValueError("report_approval must be 'required' or 'off'")
    site = _one_line(body.get("site", ""), "site")
    return Configuration(site, mail, tuple(channels), approval == "required")


def _mail(table: Mapping[str, Any]) -> MailServer:
    _known(table, "mail", ("host", "port", "sender", "tls", "user", "password_variable", "ca_file"))
    tls = table.get("tls", "starttls")
    if tls not in get_args(Tls):
        raise ValueError(f"mail: tls must be one of {', '.join(get_args(Tls))}")
    host, user = _one_line(table["host"], "mail.host"), table.get("user")
    if tls == "none" and user is not None:
        raise ValueError("mail: a login over an open connection gives the password away: use tls")
    port = table.get("port", 465 if tls == "tls" else 587)
    if not isinstance(port, int) or not 0 < port < 65536:
        raise ValueError("mail: port must be a number from 1 to 65535")
    return MailServer(
        host=host,
        port=port,
        sender=_mail_address(table["sender"]),
        tls=tls,
        user=None if user is None else _one_line(user, "mail.user"),
        password_variable=_variable(table.get("password_variable", "IMPORT_RISK_SMTP_PASSWORD")),
        ca_file=Path(table["ca_file"]) if "ca_file" in table else None,
    )


def _recipient(table: Mapping[str, Any], mail: MailServer | None) -> Channel:
    _known(table, "recipients", ("name", "to", "kinds", "editions"))
    if mail is None:
        raise ValueError("recipients need a [mail] server")
    to = [_mail_address(address) for address in _texts(table["to"], "recipients.to")]
    if not to:
        raise ValueError("recipients: 'to' is empty")
    editions = _editions(table)
    # Who is listed for reports is told of runs only where the list says so.
    kinds = () if editions and "kinds" not in table else _kinds(table)
    return Channel(_name(table), "mail", ",".join(to), kinds, editions=editions)


def _webhook(table: Mapping[str, Any], allowed: list[str]) -> Channel:
    _known(table, "webhooks", ("name", "url", "kinds", "secret_variable"))
    url = _one_line(table["url"], "webhooks.url")
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("webhooks: a URL must not hold a login; secrets are in the environment")
    place = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    if not parts.hostname or place not in allowed:
        raise ValueError(f"webhooks: {place or url!r} is not in allowed_webhook_hosts")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise ValueError("webhooks: only https, or http to this machine itself")
    return Channel(_name(table), "webhook", url, _kinds(table), _variable(table["secret_variable"]))


def _folder(table: Mapping[str, Any]) -> Channel:
    _known(table, "folders", ("name", "path", "editions"))
    path = _one_line(table["path"], "folders.path")
    if not Path(path).is_absolute():
        raise ValueError(f"folders: {path!r} is not an absolute path")
    editions = _editions(table)
    if not editions:
        raise ValueError("folders: 'editions' is empty")
    return Channel(_name(table), "folder", path, (), editions=editions)


def _editions(table: Mapping[str, Any]) -> tuple[str, ...]:
    editions = tuple(_texts(table.get("editions", []), "editions"))
    for edition in editions:
        if edition not in EDITIONS:
            raise ValueError(f"editions: {edition!r} is none of {', '.join(EDITIONS)}")
    return editions


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _known(table: Mapping[str, Any], where: str, keys: tuple[str, ...]) -> None:
    if not isinstance(table, Mapping):
        raise ValueError(f"{where} must be a table")
    unknown = sorted(set(table) - set(keys))
    if unknown:
        raise ValueError(f"{where}: {unknown[0]!r} is not known")


def _name(table: Mapping[str, Any]) -> str:
    name = table["name"]
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise ValueError(f"a channel's name is made of a-z, 0-9, _ and -, not {name!r}")
    return name


def _kinds(table: Mapping[str, Any]) -> tuple[Kind, ...]:
    kinds = tuple(_texts(table.get("kinds", list(DEFAULT_KINDS)), "kinds"))
    for kind in kinds:
        if kind not in get_args(Kind):
            raise ValueError(f"kinds: {kind!r} is none of {', '.join(get_args(Kind))}")
    return kinds  # type: ignore[return-value]


def _texts(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{where} must be a list of texts")
    return value


def _one_line(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(f"{where} must be one line of text")
    return value


def _mail_address(value: Any) -> str:
    """An ASCII address: anything that could end a header or start another is refused."""
    if not isinstance(value, str) or _ADDRESS.fullmatch(value) is None:
        raise ValueError(f"{value!r} is not a mail address")
    return value


def _variable(value: Any) -> str:
    if not isinstance(value, str) or _VARIABLE.fullmatch(value) is None:
        raise ValueError(f"{value!r} is not the name of a variable IMPORT_RISK_...")
    return value
