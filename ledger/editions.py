"""Which editions of reports a home has filed, and which were released for sending; from entries.

Defines: the kinds of entry EDITION, RELEASED and WITHDRAWN, `Edition`, `editions`. Nothing here
opens a file.
Add here another question about filed editions. Keep out: the files (runs/editions.py), what an
edition says (reports/), who gets it (notices/).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger.entries import Entry

# An edition came to rest: report, month (YYYY-MM), edition, number, status, code, replaces, reason,
# folder (below the home), manifest_sha256 (its manifest states the hash of every other file).
EDITION = "report_edition"
# It was never released and never will be: the figures are again those of the vintage sent before.
# The same keys as below, without signature and channels.
WITHDRAWN = "report_withdrawal"
# It may go out: report, month, edition, number, manifest_sha256, signed_by (empty where the home
# asks for no approval), channels (who was to get it then).
RELEASED = "report_release"


_Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Edition:
    """One filed vintage of a report. number: counts the filed ones of report, month and edition.

    code: first, R1, R2 or C; replaces: number of the vintage sent before it, None for the first.
    is_released: it may go out; is_withdrawn: it never will; signed_by, channels: as the release
    says.
    """

    report: str
    month: str
    edition: str
    number: int
    status: str
    code: str
    replaces: int | None
    reason: str
    folder: str
    manifest_sha256: str
    at: str
    is_released: bool = False
    is_withdrawn: bool = False
    signed_by: str = ""
    channels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`impact-2026-11-internal-v2`: of its folder, and of what is sent."""
        return f"{self.report}-{self.month}-{self.edition}-v{self.number}"

    @property
    def audience(self) -> str:
        """`impact/internal`: what recipients are listed for."""
        return f"{self.report}/{self.edition}"


def editions(entries: Iterable[Entry]) -> list[Edition]:
    """Every filed edition in order of filing, each with its release where there is one."""
    found: dict[_Key, Edition] = {}
    for entry in entries:
        body = entry.body
        if entry.kind == EDITION:
            found[_key(body)] = Edition(**body, at=entry.at)
        elif entry.kind == RELEASED:
            key = _key(body)
            found[key] = replace(
                found[key],
                is_released=True,
                signed_by=body["signed_by"],
                channels=tuple(body["channels"]),
            )
        elif entry.kind == WITHDRAWN:
            found[_key(body)] = replace(found[_key(body)], is_withdrawn=True)
    return list(found.values())


def _key(body: Mapping[str, Any]) -> _Key:
    return body["report"], body["month"], body["edition"], body["number"]
