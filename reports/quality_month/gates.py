"""A month of gates, from the evidence that runs left: how they ended, which rules did not pass.

Defines: `gates`, `Gates`. Add here another view of verdicts. Keep out: judging (a verdict is
repeated as it was given) and reading evidence (quality_page/evidence.py).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.facts import Words
from reports.impact.model import Cell, Column, Section, Sentence, Table
from reports.impact.sections import parts
from reports.quality_page import texts
from reports.quality_page.evidence import GATES, RunEvidence
from reports.quality_page.trend import kind_of

_EVIDENCE = "runs/<run_id>/gate1.json, gate2.json"
_MOST_ROWS = 25
_TROUBLES = ("stop", "warn", "waived", "note")
_RUNS = Words("Lần chạy", "Runs")
_STATUSES = {
    "published": Words("Đã công bố", "Published"),
    "refused": Words("Cửa chất lượng từ chối", "Refused by a gate"),
    "failed": Words("Bị lỗi", "Failed"),
    "partial": Words("Từng phần, không công bố", "Partial, not published"),
}


@dataclass
class _Rule:
    """One rule over the month: in how many runs it ended how, and its failing rows together."""

    title: Words
    runs: Counter[str] = field(default_factory=Counter)
    failing: int = 0


@dataclass(frozen=True)
class Gates:
    """The section, and what is quoted of it: runs, and runs that a gate stopped."""

    section: Section
    runs: int
    refused: int


def gates(runs: Sequence[RunEvidence]) -> Gates:
    """The month's gates. runs: those whose last day lies in it, oldest first."""
    note = Sentence(
        Words(
            "Lần chạy của những ngày trong tháng. Lần chạy bị từ chối không thay đổi số liệu mà "
            "người đọc dùng.",
            "Runs over days of the month. A refused run changes nothing of what readers use.",
        )
    )
    ended = Counter(evidence.run.status for evidence in runs)
    told = (note, _runs(ended), _verdicts(runs), _rules(runs), _waivers(runs))
    section = Section(1, Words("Các cửa kiểm soát", "Gates"), told)
    return Gates(section, len(runs), ended["refused"])


def _runs(ended: Counter[str]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (words, parts.count(ended[status])) for status, words in _STATUSES.items()
    )
    columns = (
        Column("ended", Words("Kết thúc", "Ended")),
        Column("runs", _RUNS, parts.NUMBER),
    )
    return Table(
        "runs", Words("Các lần chạy kết thúc thế nào", "How runs ended"), columns, rows,
        "runs/index.jsonl",
    )  # fmt: skip


def _verdicts(runs: Sequence[RunEvidence]) -> Table:
    columns = (
        Column("gate", Words("Cửa", "Gate")),
        Column("judged", Words("Lần chạy có kết luận", "Runs judged"), parts.NUMBER),
        Column("passed", Words("Đạt", "Passed"), parts.NUMBER),
        Column("warned", Words("Đạt, có cảnh báo", "With warnings"), parts.NUMBER),
        Column("stopped", Words("Chặn", "Stopped"), parts.NUMBER),
        Column("rules", Words("Quy tắc đã xét", "Rules evaluated"), parts.NUMBER),
    )
    rows: list[tuple[Cell, ...]] = []
    for gate in GATES:
        found = [verdict for one in runs if (verdict := one.gates[gate]) is not None]
        ends = Counter(verdict["status"] for verdict in found)
        judged = sum(verdict["evaluated"] for verdict in found)
        names = ("passed", "passed_with_warnings", "failed")
        rows.append(
            (
                texts.GATES[gate], parts.count(len(found)),
                *(parts.count(ends[name]) for name in names), parts.count(judged),
            )
        )  # fmt: skip
    return Table("gates", Words("Kết luận", "Verdicts"), columns, tuple(rows), _EVIDENCE)


def _rules(runs: Sequence[RunEvidence]) -> Table:
    """Rules that did not pass in some run: those that stop first, then by runs."""
    found: dict[tuple[str, str, str], _Rule] = {}
    for evidence in runs:
        for key, result in evidence.answers().items():
            kind = kind_of(result["outcome"], result["severity"])
            if kind in _TROUBLES:
                title = Words(result.get("title_vi", key[2]), result.get("title_en", key[2]))
                rule = found.setdefault(key, _Rule(title))
                rule.runs[kind] += 1
                rule.failing += result["failing_count"]
    ordered = sorted(
        found.items(), key=lambda item: (*(-item[1].runs[kind] for kind in _TROUBLES), item[0])
    )
    columns = (
        Column("gate", Words("Cửa", "Gate")),
        Column("suite", Words("Nhóm", "Suite")),
        Column("rule", Words("Quy tắc", "Rule")),
        *(Column(kind, texts.OUTCOMES[kind], _TIMES) for kind in _TROUBLES),
        Column("failing", Words("Dòng không đạt", "Failing rows"), parts.NUMBER),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            {"gate1": "1", "gate2": "2"}[gate],
            texts.SUITES.get(suite, suite),
            rule.title,
            *(parts.count(rule.runs[kind]) for kind in _TROUBLES),
            parts.count(rule.failing),
        )
        for (gate, suite, _), rule in ordered[:_MOST_ROWS]
    )
    return Table(
        "rules", Words("Quy tắc không đạt", "Rules that did not pass"), columns, rows, _EVIDENCE,
        Words(
            "Số lần chạy theo cách kết thúc. Dòng không đạt cộng qua các lần chạy, một dòng có thể "
            "tính nhiều lần.",
            "Runs by outcome. Failing rows are added up over runs: one may count several times.",
        ),
        missing=Words("Mọi quy tắc đều đạt.", "Every rule passed."),
    )  # fmt: skip


_TIMES = Words("lần chạy", "runs")


def _waivers(runs: Sequence[RunEvidence]) -> Table:
    used: dict[str, Mapping[str, Any]] = {}
    times: Counter[str] = Counter()
    for evidence in runs:
        for result in evidence.answers().values():
            for waiver in result.get("waivers") or ():
                used[waiver["file"]] = waiver
                times[waiver["file"]] += 1
    columns = (
        Column("waiver", Words("Miễn trừ", "Waiver")),
        Column("reason", Words("Lý do", "Reason")),
        Column("signed_by", Words("Người ký", "Signed by")),
        Column("times", Words("Số lần dùng", "Times used"), _TIMES_USED),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, one.get("reason", ""), one.get("signed_by", ""), parts.count(times[name]))
        for name, one in sorted(used.items())
    )
    return Table(
        "waivers", Words("Miễn trừ đã dùng", "Waivers that were used"), columns, rows, _EVIDENCE,
        missing=Words("Không có miễn trừ nào.", "No waiver was used."),
    )  # fmt: skip


_TIMES_USED = Words("lần", "times")
