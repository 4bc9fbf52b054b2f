"""The words of a notice, Vietnamese first, English below; no personal data, no text of a sender.

What is told: how the run ended, for which days, which rules stopped it or warn (their ids and
counts), which release readers have, and where the quality page lies. File names, examples and
error texts stay on the page, inside the house.
Add here a kind of notice. Keep out: sending.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from foundation.visible import visible
from notices.configuration import Configuration, Kind
from notices.outbox import Notice, notice_id, stamp

_SUBJECTS: dict[Kind, tuple[str, str]] = {
    "published": ("Đã công bố", "Published"),
    "published_with_warnings": ("Đã công bố, có cảnh báo", "Published with warnings"),
    "refused": ("KHÔNG công bố: cửa chất lượng từ chối", "NOT published: a gate refused"),
    "failed": ("KHÔNG công bố: lần chạy bị lỗi", "NOT published: the run failed"),
}
_RULES_TOLD = 20


@dataclass(frozen=True)
class RunFacts:
    """What a notice tells. stops, warnings: "gate.suite.rule (count)" of our own rules.

    readers_use: the release that is current now, None before the first. page: where the quality
    page lies, relative to the home; None when there is none.
    """

    run_id: str
    kind: Kind
    from_day: str
    to_day: str
    readers_use: str | None
    stops: Sequence[str]
    warnings: Sequence[str]
    page: str | None


def notices_of(facts: RunFacts, configuration: Configuration, now: dt.datetime) -> list[Notice]:
    """One notice for every channel that wants this kind."""
    return [
        Notice(
            id=notice_id(facts.run_id, facts.kind, channel.name),
            run_id=facts.run_id,
            kind=facts.kind,
            channel=channel.name,
            subject=subject(facts, configuration.site),
            text=text(facts),
            created_at=stamp(now),
        )
        for channel in configuration.channels
        if facts.kind in channel.kinds
    ]


def subject(facts: RunFacts, site: str) -> str:
    """One line, whatever the facts hold."""
    vi, en = _SUBJECTS[facts.kind]
    prefix = f"[{site}] " if site else ""
    return visible(f"{prefix}{vi} | {en}: {_days(facts)}")


def text(facts: RunFacts) -> str:
    """The body: the same facts in both languages."""
    return "\n\n".join(
        "\n".join(visible(line) for line in lines)
        for lines in (_vietnamese(facts), _english(facts))
    )


def _vietnamese(facts: RunFacts) -> list[str]:
    return [
        f"{_SUBJECTS[facts.kind][0]}. Ngày nghiệp vụ: {_days(facts)}.",
        f"Người đọc đang dùng bản phát hành: {facts.readers_use or 'chưa có'}.",
        *_listed("Quy tắc chặn công bố:", "và {} quy tắc khác", facts.stops),
        *_listed("Cảnh báo:", "và {} cảnh báo khác", facts.warnings),
        f"Báo cáo chất lượng (trong thư mục của kho): {facts.page or 'không có'}",
        f"Lần chạy: {facts.run_id}",
    ]


def _english(facts: RunFacts) -> list[str]:
    return [
        f"{_SUBJECTS[facts.kind][1]}. Business days: {_days(facts)}.",
        f"Readers use release: {facts.readers_use or 'none yet'}.",
        *_listed("Rules that stop publishing:", "and {} more", facts.stops),
        *_listed("Warnings:", "and {} more", facts.warnings),
        f"Quality page (inside the home of the warehouse): {facts.page or 'none'}",
        f"Run: {facts.run_id}",
    ]


def _listed(title: str, more: str, rules: Sequence[str]) -> list[str]:
    if not rules:
        return []
    left = len(rules) - _RULES_TOLD
    shown = [f"  - {rule}" for rule in rules[:_RULES_TOLD]]
    return [title, *shown, *([f"  - {more.format(left)}"] if left > 0 else [])]


def _days(facts: RunFacts) -> str:
    if not facts.from_day:
        return "?"
    return facts.from_day if facts.from_day == facts.to_day else f"{facts.from_day}..{facts.to_day}"
