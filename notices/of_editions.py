"""The words of a notice that brings a report, Vietnamese first, English below.

What is told: which report of which month, for whom, how final, which vintage, what it corrects, who
signed, and the hash of its manifest. Figures stand in the attached documents, not in the mail.
Add here another fact of an edition. Keep out: sending, and texts of a report.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.facts import Words
from foundation.visible import visible
from ledger.editions import Edition
from notices.configuration import Configuration
from notices.outbox import Notice, notice_id, stamp

KIND = "report"


@dataclass(frozen=True)
class EditionFacts:
    """What is told of a filed edition. title, banner: as its manifest states them; status,
    audience: how final it is and whom it is for, in words."""

    edition: Edition
    title: Words
    status: Words
    audience: Words
    banner: Words | None


def edition_notices(
    facts: EditionFacts, channels: Sequence[str], configuration: Configuration, now: dt.datetime
) -> list[Notice]:
    """One notice for each of the named channels, whatever the settings list by now: what cannot be
    sent any more is seen in the outbox."""
    edition = facts.edition
    return [
        Notice(
            id=notice_id(edition.name, KIND, channel),
            run_id=edition.name,
            kind=KIND,
            channel=channel,
            subject=_subject(facts, configuration.site),
            text="\n\n".join(
                "\n".join(visible(line) for line in _lines(facts, place)) for place in (0, 1)
            ),
            created_at=stamp(now),
            edition=edition.folder,
            manifest_sha256=edition.manifest_sha256,
        )
        for channel in channels
    ]


def _subject(facts: EditionFacts, site: str) -> str:
    edition = facts.edition
    prefix = f"[{site}] " if site else ""
    flag = "ĐÍNH CHÍNH | CORRECTION: " if facts.banner else ""
    return visible(
        f"{prefix}{flag}{facts.title.vi} | {facts.title.en}: {edition.month}, v{edition.number}"
    )


def _lines(facts: EditionFacts, place: int) -> list[str]:
    edition = facts.edition
    labels = _LABELS[place]
    told = [
        f"{facts.title[place]}.",
        f"{labels[0]}: {edition.month}. {labels[1]}: {facts.status[place]}. "
        f"{labels[2]}: {edition.number}. {facts.audience[place]}.",
    ]
    if facts.banner:
        told.append(facts.banner[place])
    if edition.signed_by:
        told.append(f"{labels[3]}: {edition.signed_by}")
    told.append(f"{labels[4]}: {edition.manifest_sha256}")
    return told


_LABELS = (
    ("Kỳ", "Tình trạng số liệu", "Bản số", "Người duyệt", "SHA-256 của manifest.json"),
    ("Period", "Status", "Vintage", "Approved by", "SHA-256 of manifest.json"),
)
