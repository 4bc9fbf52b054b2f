"""Which telling of a month an edition is: what changed, why, and how large revisions have been.

Defines: `vintage_of`, `with_vintage`, `Told`. Add here another thing that is said about vintages.
Keep out: where editions are filed (runs/editions.py), comparing (content.py).

A higher status is a routine revision: R1 with the data of the month that came after the estimate,
R2 with the annual figures of June. The same status again is a correction: it has a reason, and a
banner on every page that names what changed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from contracts.facts import Words
from foundation.errors import UsageError
from reports.due_dates import STATUSES
from reports.impact.content import changes, content_of, figures_of
from reports.impact.model import (
    Cell,
    Code,
    Column,
    Figure,
    Measure,
    Report,
    Section,
    Sentence,
    Status,
    Table,
    Vintage,
)

_MOST_CHANGES = 60  # on the pages; the manifest lists all
_REVISIONS = 13  # the section of the outline
_ROUTINE: Final[Mapping[Status, Code]] = {"preliminary": "R1", "official": "R2"}
_FILED = "ledger: report_edition"
STATUS_WORDS = {
    "estimate": Words("ước tính", "estimate"),
    "preliminary": Words("sơ bộ", "preliminary"),
    "official": Words("chính thức", "official"),
}


@dataclass(frozen=True)
class Told:
    """A vintage that was sent. month: YYYY-MM; figures: its measures by name."""

    month: str
    number: int | None
    status: Status
    code: Code
    data_to: str
    figures: Mapping[str, Decimal]


def vintage_of(
    report: Report,
    number: int | None,
    sent: tuple[Status, int, Mapping[str, Any]] | None,
    reason: str,
) -> Vintage:
    """What `report` is beside the vintage sent last: its status, number and document.

    Raises UsageError for a status below the one that was sent, and for a correction that is to be
    filed (number) without a reason.
    """
    if sent is None:
        return Vintage("first", number)
    status, replaces, before = sent
    if STATUSES.index(report.status) < STATUSES.index(status):
        raise UsageError(
            f"{report.month:%Y-%m} was sent with the status {status}: it cannot become "
            f"{report.status} again",
            where="--status",
            remedy=f"write it as {status}, with --reason when it corrects what was sent",
        )
    found = changes(before, content_of(report))
    code: Code = "C" if report.status == status else _ROUTINE[report.status]
    if code == "C" and number is not None and not reason.strip():
        named = ", ".join(dict.fromkeys(one.table_id for one in found))
        raise UsageError(
            f"{len(found)} figures differ from the edition that was sent (vintage {replaces}): "
            f"{named}",
            where="--reason",
            remedy="say with --reason why it is corrected, or look at a draft with --out",
        )
    return Vintage(code, number, replaces, reason.strip(), found)


def with_vintage(report: Report, vintage: Vintage, sent: Sequence[Told]) -> Report:
    """The report as it is told: what changed in front, vintages and revisions in section 13.

    sent: what was sent of every month in this edition, in order; without the report's own.
    """
    own = Told(
        f"{report.month:%Y-%m}", vintage.number, report.status, vintage.code,
        report.control.data_to.isoformat(),
        figures_of(content_of(report)),
    )  # fmt: skip
    told = [*sent, own]
    size = _size(report.measures, told)
    parts = (_vintages(report, told), size)
    numbers = {section.number for section in report.sections}
    sections = [
        replace(section, parts=(*section.parts, *parts))
        if section.number == _REVISIONS
        else section
        for section in report.sections
    ]
    if _REVISIONS not in numbers:
        sections.append(Section(_REVISIONS, Words("Sửa đổi số liệu", "Revisions"), parts))
        sections.sort(key=lambda section: section.number)
    front = () if vintage.replaces is None else (_what_changed(vintage),)
    headlines = (*report.headlines, *_mean_absolute(report.measures, told))
    return replace(
        report, vintage=vintage, sections=(*front, *sections), headlines=headlines
    )  # fmt: skip


def banner_of(vintage: Vintage | None) -> Sentence | None:
    """The words of a correction's banner; None for any other vintage."""
    if vintage is None or vintage.code != "C":
        return None
    titles = dict.fromkeys(one.title for one in vintage.changes)
    named = Words(*("; ".join(title[place] for title in titles) for place in (0, 1)))
    return Sentence(
        Words(
            "ĐÍNH CHÍNH: thay bản số {replaces}. {count} số liệu thay đổi ({named}). Lý do: "
            "{reason}",
            "CORRECTION: replaces vintage {replaces}. {count} figures changed ({named}). Reason: "
            "{reason}",
        ),
        {
            "replaces": Figure(vintage.replaces or 0),
            "count": Figure(len(vintage.changes)),
            "named": named,
            "reason": vintage.reason or Words("chưa nêu (bản thảo)", "not stated (draft)"),
        },
    )


def _what_changed(vintage: Vintage) -> Section:
    columns = (
        Column("table", Words("Bảng", "Table")),
        Column("row", Words("Dòng", "Row")),
        Column("figure", Words("Chỉ tiêu", "Figure")),
        Column("before", Words("Số cũ", "Old")),
        Column("after", Words("Số mới", "New")),
    )
    shown = vintage.changes[:_MOST_CHANGES]
    left = len(vintage.changes) - len(shown)
    more = (
        Sentence(
            Words(
                "Và {left} thay đổi khác, trong manifest.json.",
                "And {left} more, in manifest.json.",
            ),
            {"left": Figure(left)},
        ),
    )
    table = Table(
        "changes",
        Words("Số cũ và số mới", "Old and new figures"),
        columns,
        tuple((one.title, one.row, one.column, one.before, one.after) for one in shown),
        _FILED,
        notes=more if left else (),
        missing=Words("Không có số liệu nào thay đổi.", "No figure changed."),
    )
    note = Sentence(
        Words(
            "Bản này thay bản số {replaces} ({code}).", "It replaces vintage {replaces} ({code})."
        ),
        {"replaces": Figure(vintage.replaces or 0), "code": CODES[vintage.code]},
    )
    return Section(0, Words("Thay đổi so với bản trước", "What changed"), (note, table))


CODES = {
    "first": Words("bản đầu", "first"),
    "R1": Words("R1: dữ liệu của tháng đến sau", "R1: data of the month that came later"),
    "R2": Words("R2: sửa đổi định kỳ hằng năm", "R2: the yearly routine revision"),
    "C": Words("C: đính chính", "C: correction"),
}


def _vintages(report: Report, told: Sequence[Told]) -> Table:
    """Every vintage of this month, beside each other."""
    own = [one for one in told if one.month == f"{report.month:%Y-%m}"]
    columns = (
        Column("vintage", Words("Bản", "Vintage")),
        Column("status", Words("Tình trạng", "Status")),
        Column("code", Words("Mã", "Code")),
        Column("data_to", Words("Dữ liệu đến", "Data to")),
        *(Column(one.name, one.label, one.unit) for one in report.measures),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Words("bản thảo", "draft") if one.number is None else str(one.number),
            STATUS_WORDS[one.status],
            one.code,
            dt.date.fromisoformat(one.data_to),
            *(_shown(one, measure) for measure in report.measures),
        )
        for one in own
    ]
    return Table(
        "vintages",
        Words("Các bản của tháng này", "Vintages of this month"),
        columns,
        tuple(rows),
        _FILED,
        notes=(
            Sentence(
                Words(
                    "Chỉ số giá không sửa lại tháng đã công bố: nối dài bằng phép nối.",
                    "Price indices do not revise published months: new ones are spliced on.",
                )
            ),
        )
        if report.kind == "impact" and report.edition == "internal"
        else (),
    )


def _shown(one: Told, measure: Measure) -> Figure | None:
    value = one.figures.get(measure.name)
    return None if value is None else Figure(value, measure.figure.decimals)


def _size(measures: Sequence[Measure], told: Sequence[Told]) -> Table:
    """MR, MAR and the bias test of each measure; no row before a month has two statuses."""
    columns = (
        Column("measure", Words("Chỉ tiêu", "Measure")),
        Column("months", Words("Số tháng", "Months"), Words("tháng", "months")),
        Column("mean", Words("MR", "MR"), _UNIT),
        Column("mean_absolute", Words("MAR", "MAR"), _UNIT),
        Column("t", Words("t", "t"), Words("lần", "times")),
    )
    rows: list[tuple[Cell, ...]] = []
    for measure in measures:
        found = revisions(told, measure.name)
        if found:
            mean, absolute, t = size_of(found)
            places = measure.figure.decimals + 1
            label = Words(*(f"{measure.label[at]} ({measure.unit[at]})" for at in (0, 1)))
            rows.append(
                (
                    label, Figure(len(found)), Figure(mean, places), Figure(absolute, places),
                    None if t is None else Figure(t, 2),
                )
            )  # fmt: skip
    return Table(
        "revision_size",
        Words("Độ lớn của sửa đổi", "Size of revisions"),
        columns,
        tuple(rows),
        _FILED,
        Words(
            "Số sau trừ số đầu, mỗi tháng một lần; đính chính không tính. MR: bình quân; MAR: bình "
            "quân trị tuyệt đối; t = MR / (s / √n), từ hai tháng trở lên.",
            "Later less first, once a month; corrections are left out. MR: mean; MAR: mean of the "
            "absolute values; t = MR / (s / √n), from two months on.",
        ),
        missing=Words(
            "Chưa có tháng nào được gửi ở hai tình trạng: chưa tính được MR và MAR.",
            "No month was sent with two statuses yet: there is no MR and no MAR.",
        ),
    )


_UNIT = Words("đơn vị của chỉ tiêu", "its unit")


def revisions(told: Sequence[Told], measure: str) -> list[Decimal]:
    """Later less first of each month that has two statuses; a correction stands for what it
    corrects."""
    by_month: dict[str, dict[Status, Decimal]] = {}
    for one in told:
        if measure in one.figures:
            by_month.setdefault(one.month, {})[one.status] = one.figures[measure]
    found = []
    for _, values in sorted(by_month.items()):
        ordered = [values[status] for status in STATUSES if status in values]
        if len(ordered) > 1:
            found.append(ordered[-1] - ordered[0])
    return found


def size_of(found: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal | None]:
    """Mean, mean of absolute values, and t; t is None for one month and for equal revisions."""
    count = len(found)
    mean = sum(found, Decimal(0)) / count
    absolute = sum((abs(one) for one in found), Decimal(0)) / count
    if count == 1:
        return mean, absolute, None
    variance = sum(((one - mean) ** 2 for one in found), Decimal(0)) / (count - 1)
    error = (variance / count).sqrt()
    return mean, absolute, mean / error if error else None


def _mean_absolute(measures: Sequence[Measure], told: Sequence[Told]) -> tuple[Sentence, ...]:
    """The first measure's MAR beside the headlines, once there is one."""
    for measure in measures[:1]:
        if found := revisions(told, measure.name):
            words = Words(
                "Mức sửa đổi bình quân đến nay (MAR): {size} {unit}, {months} tháng.",
                "Mean absolute revision so far (MAR): {size} {unit}, {months} months.",
            )
            values: dict[str, Cell] = {
                "size": Figure(size_of(found)[1], measure.figure.decimals + 1),
                "unit": measure.unit,
                "months": Figure(len(found)),
            }
            return (Sentence(words, values),)
    return ()
