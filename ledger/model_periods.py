"""Which risk models a home has, and which one counts on a day; from ledger entries alone.

Defines: the kinds of entry CANDIDATE and PROMOTION, ITEM_NAMES, `Candidate`, `Period`,
`candidates`, `periods`, `period_on`, `periods_of_versions`. Nothing here opens a file.
Add here another question about past promotions. Keep out: the documents (scoring/document.py),
which of them may be promoted (runs/model_registry.py), which days they made pending (runs/days).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.entries import Entry

# A document came to rest: version, risk_type, file, sha256, trained_on_from, trained_on_to, labels,
# findings.
CANDIDATE = "model_candidate"
# A person lets a version count: version (None: the expert's points again), risk_type, valid_from,
# reason, signed_by.
PROMOTION = "model_promotion"
# Tables of item names stand beside the risk types under this name: what they say goes into goods,
# not into a score, so that it is made with a day's rows. None promoted: the shipped table counts.
ITEM_NAMES = "item_names"
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Candidate:
    """A version whose document is at rest. file: its path below the home; sha256: of its bytes.

    labels, findings: inspected rows that it learned from, and those with a finding.
    """

    version: str
    risk_type: str
    file: str
    sha256: str
    trained_on_from: dt.date
    trained_on_to: dt.date
    labels: int
    findings: int


@dataclass(frozen=True)
class Period:
    """The days valid_from..valid_to (None: no end) on which a version counts for its risk type.

    version None: nothing was fitted that counts, the expert's points do. seq: of the promotion.
    """

    risk_type: str
    version: str | None
    valid_from: dt.date
    valid_to: dt.date | None
    reason: str
    signed_by: str
    seq: int

    def covers(self, day: dt.date) -> bool:
        """Whether `day` is one of its days."""
        return self.valid_from <= day and self.reaches(day)

    def reaches(self, day: dt.date) -> bool:
        """Whether `day` or a later one is one of its days."""
        return self.valid_to is None or day <= self.valid_to


def candidates(entries: Iterable[Entry]) -> dict[str, Candidate]:
    """Version -> the document that came to rest under it, in order of arrival."""
    found: dict[str, Candidate] = {}
    for entry in entries:
        if entry.kind == CANDIDATE:
            body = entry.body
            found[body["version"]] = Candidate(
                version=body["version"],
                risk_type=body["risk_type"],
                file=body["file"],
                sha256=body["sha256"],
                trained_on_from=dt.date.fromisoformat(body["trained_on_from"]),
                trained_on_to=dt.date.fromisoformat(body["trained_on_to"]),
                labels=body["labels"],
                findings=body["findings"],
            )
    return found


def periods(entries: Iterable[Entry]) -> dict[str, tuple[Period, ...]]:
    """Risk type -> its periods by day; they never overlap, and the last one has no end.

    Promotions of a risk type are applied in the order of the ledger: one from day F stands from F
    on, in the place of whatever stood on F and later; before F the earlier ones stand. A risk type
    that nothing was ever promoted for has no entry; before its first period the expert's points
    count.
    """
    found: dict[str, list[Period]] = {}
    for entry in entries:
        if entry.kind == PROMOTION:
            body = entry.body
            first = dt.date.fromisoformat(body["valid_from"])
            before = [
                one if one.valid_to and one.valid_to < first else _until(one, first - _ONE_DAY)
                for one in found.get(body["risk_type"], ())
                if one.valid_from < first
            ]
            new = Period(
                risk_type=body["risk_type"],
                version=body["version"],
                valid_from=first,
                valid_to=None,
                reason=body["reason"],
                signed_by=body["signed_by"],
                seq=entry.seq,
            )
            found[body["risk_type"]] = [*before, new]
    return {risk_type: tuple(of_type) for risk_type, of_type in sorted(found.items())}


def period_on(of_type: Sequence[Period], day: dt.date) -> Period | None:
    """The one of a risk type's `periods` that holds `day`; None before the first."""
    return next((period for period in of_type if period.covers(day)), None)


def periods_of_versions(found: Mapping[str, Sequence[Period]]) -> list[Period]:
    """The periods in which a fitted version counts, by risk type and day: those without are left
    out."""
    return [one for of_type in found.values() for one in of_type if one.version is not None]


def _until(period: Period, last: dt.date) -> Period:
    return replace(period, valid_to=last)
