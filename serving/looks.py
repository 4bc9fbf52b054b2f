"""Who looked into whose dossier: one durable record a look, before anything is shown.

The records are a chain like the ledger's, with a head, in a file of their own (Home.looks): a
removed, changed or inserted line and a cut tail are seen, and a look costs no reading of the past.
Add here a fact about a look. Keep out: what was shown, and any other use of the record.
"""

import os
import pwd
import re
from collections.abc import Iterator
from pathlib import Path

from foundation.errors import WarehouseError
from foundation.home import Home
from ledger.chain import Ledger
from ledger.entries import Entry

LOOK = "look"
CONSIGNMENT = "consignment"
ENTITY = "entity"
_FORMS = {
    CONSIGNMENT: re.compile(r"[PDLM]-[0-9A-Za-z._/-]{1,80}"),
    ENTITY: re.compile(r"[0-9a-f]{32}"),
}
_LOGIN = Path("/proc/self/loginuid")
_NO_LOGIN = 2**32 - 1


def record(home: Home, kind: str, subject: str, *, release_id: str, found: bool) -> Entry:
    """Record that somebody looks at the `subject` of `kind`; waits for others who do.

    Raises WarehouseError when it cannot be written: the caller then shows nothing.
    """
    body = {
        "user": _name(os.getuid()),
        "login_user": _login_user(),
        "subject_kind": kind,
        "subject_id": subject if found else _without_words(kind, subject),
        "release_id": release_id,
        "found": found,
    }
    try:
        home.looks.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(home.looks, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
        return Ledger(home.looks).append(LOOK, body)
    except OSError as error:
        raise WarehouseError(
            f"the look cannot be recorded, so nothing is shown: {error.strerror}",
            where=str(home.looks),
            remedy="run it as the user who owns the home, with space on the disk",
        ) from error


def looks(home: Home) -> Iterator[Entry]:
    """Every look in order, while the chain is checked; WarehouseError at the first that is not as
    it was written."""
    return Ledger(home.looks).verified()


def _without_words(kind: str, subject: str) -> str:
    """What nobody has as an id may be a name: without its letters and digits, unless it is formed
    like an id."""
    if _FORMS[kind].fullmatch(subject):
        return subject
    return re.sub(r"\w", "x", subject)[:80]


def _login_user() -> str | None:
    """Who logged in, whoever the process became since; None where the kernel does not say."""
    try:
        number = int(_LOGIN.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return None if number == _NO_LOGIN else _name(number)


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
