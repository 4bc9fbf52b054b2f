"""Who may read what: bearer tokens, one audience each, of which only hashes are kept.

A token is 32 random bytes, so a plain SHA-256 of it cannot be searched through. The file
`<home>/tokens` (mode 0600) has one line a token: audience, SHA-256, label. A line taken out is
refused from the next request on.
Add here another way to say who reads. Keep out: what an audience may see (its file holds it).
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import UsageError, WarehouseError
from foundation.files import fsync_directory
from foundation.home import Home
from foundation.locks import exclusive
from serving.plan import AUDIENCES

VARIABLES = {name: f"IMPORT_RISK_SERVE_TOKEN_{name.upper()}" for name in AUDIENCES}
_FEWEST_CHARACTERS = 32
_LABEL = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Token:
    """One accepted token. label: who uses it, for the access log."""

    audience: str
    sha256: str
    label: str


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", errors="surrogatepass")).hexdigest()


class Tokens:
    """The tokens of a home and of the environment; the file is read again when it changes."""

    def __init__(self, home: Home, environment: Mapping[str, str] | None = None) -> None:
        self.path = home.tokens
        self._stated = _from_environment(os.environ if environment is None else environment)
        self._seen: tuple[int, int, int] | None = None
        self._filed: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Every token that is accepted now; WarehouseError when the file is open to others."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return self._stated
        seen = (status.st_ino, status.st_size, status.st_mtime_ns)
        if seen != self._seen or status.st_mode & 0o077:
            self._filed = read_file(self.path)
            self._seen = seen
        return self._stated + self._filed

    def audience_of(self, secret: str) -> Token | None:
        """The token that `secret` is, or None. Takes as long for a near miss as for any other."""
        presented = _hash(secret)
        found = None
        for token in self.all():
            if hmac.compare_digest(token.sha256, presented):
                found = token
        return found


def _from_environment(environment: Mapping[str, str]) -> tuple[Token, ...]:
    found = []
    for audience, variable in VARIABLES.items():
        secret = environment.get(variable)
        if secret is None:
            continue
        if len(secret) < _FEWEST_CHARACTERS:
            raise UsageError(
                f"the token in {variable} is shorter than {_FEWEST_CHARACTERS} characters",
                where="environment",
                remedy="make one with `import-risk token new`",
            )
        found.append(Token(audience, _hash(secret), "environment"))
    if len({token.sha256 for token in found}) < len(found):
        raise UsageError(
            "two audiences have the same token",
            where=", ".join(VARIABLES.values()),
            remedy="make one for each with `import-risk token new`",
        )
    return tuple(found)


def read_file(path: Path) -> tuple[Token, ...]:
    """The tokens in a file; WarehouseError when others may read it or a line makes no sense."""
    if path.stat().st_mode & 0o077:
        raise WarehouseError(
            "others may read or write the file of tokens",
            where=str(path),
            remedy="chmod 600 it; only the daemon's own user needs it",
        )
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] not in AUDIENCES or not _HASH.fullmatch(parts[1]):
            raise WarehouseError(
                "a line of the file of tokens makes no sense",
                where=f"{path}, line {number}",
                remedy="a line is: audience, SHA-256, label; `import-risk token new` writes it",
            )
        found.append(Token(*parts))
    return tuple(found)


def new_token(home: Home, audience: str, label: str) -> str:
    """Make a token, keep its hash, and return it: it is never shown again."""
    if audience not in AUDIENCES or not _LABEL.fullmatch(label):
        raise UsageError(
            f"no token for audience {audience!r} with the label {label!r}",
            where="token new",
            remedy=f"audiences: {', '.join(AUDIENCES)}; a label is such as superset-1",
        )
    path = home.tokens
    secret = secrets.token_urlsafe(32)
    home.root.mkdir(parents=True, exist_ok=True)
    with exclusive(path.with_name(f"{path.name}.lock"), "token new", wait=True):
        known = read_file(path) if path.exists() else ()
        if any(token.label == label for token in known):
            raise UsageError(
                f"there is a token with the label {label!r} already",
                where=str(path),
                remedy="take its line out of the file first, or choose another label",
            )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"{audience} {_hash(secret)} {label}\n")
            stream.flush()
            os.fsync(stream.fileno())
        fsync_directory(home.root)
    return secret
