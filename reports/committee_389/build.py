"""What inspections found in a month, for Steering Committee 389: by kind, by month, by unit.

Defines: `build`. Add here a table of violations; cases and tips join when their sources come.
Keep out: single consignments, persons and firms, and words that take a finding for a decided case.
"""

from typing import Any

from contracts.facts import Words
from foundation.errors import UsageError
from reports.impact.control import plain_control
from reports.impact.model import (
    Cell,
    Chart,
    Column,
    Control,
    Measure,
    Report,
    Section,
    Sentence,
    Status,
    Table,
)
from reports.impact.sections import parts
from reports.impact.sections.words import CODES
from reports.impact.source import Source

MART = "risk.fct_violations_monthly"
_OUTCOMES = "core.fct_inspection_outcomes"
_MONTHS = 13
_MOST_ROWS = 20
_TOTAL = f"""
select * from {MART}
where month = $month and customs_office_code = 'all' and finding_type = 'all'
"""
_DAYS = f"""
select max(day) as last_day, count(distinct day) as days
from (select coalesce(inspected_date, known_day) as day from {_OUTCOMES}) as outcomes
where day between $month and last_day($month::date)
"""
_KINDS = f"""
select kinds.*, before.violating_count as violating_before
from {MART} as kinds
left join {MART} as before
    on before.month = $month - interval 1 month and kinds.finding_type = before.finding_type
    and before.customs_office_code = 'all'
where kinds.month = $month and kinds.customs_office_code = 'all' and kinds.finding_type <> 'all'
order by kinds.violating_count desc, kinds.finding_type
"""
_BY_MONTH = f"""
select * from {MART}
where month <= $month and customs_office_code = 'all' and finding_type = 'all'
order by month desc
limit {_MONTHS}
"""
_UNITS = f"""
select units.*, units.customs_office_code as member_code, offices.name_vi, offices.name_en
from {MART} as units
left join core.dim_office as offices using (customs_office_code)
where units.month = $month and units.customs_office_code <> 'all' and units.finding_type = 'all'
order by units.violating_count desc, units.inspected_count desc, units.customs_office_code
limit {_MOST_ROWS}
"""
_CELLS = f"""
select cells.*, cells.customs_office_code as member_code, offices.name_vi, offices.name_en
from {MART} as cells
left join core.dim_office as offices using (customs_office_code)
where cells.month = $month and cells.customs_office_code <> 'all' and cells.finding_type <> 'all'
order by cells.violating_count desc, cells.customs_office_code, cells.finding_type
limit {_MOST_ROWS}
"""
_VIOLATING = Words("Lô vi phạm", "In violation")
_INSPECTED = Words("Đã kiểm tra", "Inspected")
_CRITICAL = Words("Nghiêm trọng", "Critical")
_AT_RANDOM = Words("Do ngẫu nhiên", "Found at random")
_FOUND = Words("Trị giá xác định lại", "Value found")
_PENDING = Words("Chờ kết quả", "Pending")
_UNIT = Words("Đơn vị", "Unit")
_KIND = Words("Loại vi phạm", "Kind of violation")


def build(source: Source, status: Status) -> Report:
    """The report of `source.month`.

    Raises UsageError when the release holds no inspection of the month.
    """
    if not source.has(MART):
        raise UsageError(
            "the release was made before violations were counted",
            where=f"{source.release_id}, {MART}",
            remedy="publish a new one with `import-risk run`",
        )
    total, days = source.row(_TOTAL), source.row(_DAYS)
    if total is None or days is None:
        raise UsageError(
            f"the release holds no inspection of {source.month:%Y-%m}",
            where=f"{source.release_id}, {MART}",
            remedy="choose a month in which something was inspected",
        )
    control = plain_control(source, status, data_to=days["last_day"], days_covered=days["days"])
    sections = (
        Section(1, Words("Theo loại vi phạm", "By kind of violation"), (_note(), *_kinds(source))),
        Section(2, Words("Theo tháng", "By month"), (_months(source),)),
        Section(3, Words("Theo đơn vị", "By unit"), (_units(source), _cells(source))),
        Section(4, Words("Chưa có trong báo cáo", "Not in this report"), _missing()),
        _methods(control),
    )
    return Report(
        source.month, "internal", status, control, _headlines(total), sections,
        kind="389", measures=_measures(total),
    )  # fmt: skip


def _headlines(total: dict[str, Any]) -> tuple[Sentence, ...]:
    words = Words(
        "Trong tháng có {violating} lô hàng vi phạm trong {inspected} lô đã kiểm tra và có kết "
        "quả; {critical} lô nghiêm trọng; {pending} lô chờ kết quả.",
        "In the month {violating} consignments in violation among {inspected} inspected with a "
        "result; {critical} critical; {pending} wait for a result.",
    )
    names = ("violating", "inspected", "critical", "pending")
    return (Sentence(words, {name: parts.count(total[f"{name}_count"]) for name in names}),)


def _measures(total: dict[str, Any]) -> tuple[Measure, ...]:
    found = (("violating", _VIOLATING), ("inspected", _INSPECTED), ("critical", _CRITICAL))
    return tuple(
        Measure(name, label, parts.NUMBER, figure)
        for name, label in found
        if (figure := parts.count(total[f"{name}_count"])) is not None
    )


def _note() -> Sentence:
    return Sentence(
        Words(
            "Phát hiện qua kiểm tra như đơn vị kiểm tra báo cáo; chưa phải kết luận xử lý. Lô được "
            "chọn có trọng điểm không đại diện cho cả luồng hàng.",
            "What inspections found, as the inspecting unit reports it; not yet a decision. "
            "Targeted inspections do not speak for the whole flow.",
        )
    )


def _kinds(source: Source) -> tuple[Chart, ...]:
    columns = (
        Column("kind", _KIND),
        Column("violating", _VIOLATING, parts.NUMBER),
        Column("before", Words("Tháng trước", "Month before"), parts.NUMBER),
        Column("critical", _CRITICAL, parts.NUMBER),
        Column("random", _AT_RANDOM, parts.NUMBER),
        Column("found_value", _FOUND, parts.VND_MILLION),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            parts.code(row["finding_type"]),
            parts.count(row["violating_count"]),
            parts.count(row["violating_before"]),
            parts.count(row["critical_count"]),
            parts.count(row["random_count"]),
            parts.millions(row["found_value_vnd"]),
        )
        for row in source.rows(_KINDS)
    )
    table = Table(
        "violations_kind", Words("Vi phạm theo loại", "Violations by kind"), columns, rows, MART,
        Words(
            "Một lô có hai loại vi phạm tính ở mỗi loại. Trị giá chỉ cộng số nêu bằng đồng.",
            "A consignment of two kinds counts under each. Values are of those stated in VND.",
        ),
        missing=Words("Không có vi phạm nào trong tháng.", "No violation in the month."),
    )  # fmt: skip
    alt = Sentence(
        Words("Số lô vi phạm theo loại; nhiều nhất: {most}", "Violations by kind; most: {most}"),
        {"most": rows[0][0] if rows else CODES["none"]},
    )
    return (Chart("violations_kind", "bar", table, "kind", "violating", alt),)


def _months(source: Source) -> Table:
    columns = (
        Column("month", Words("Tháng", "Month")),
        Column("inspected", _INSPECTED, parts.NUMBER),
        Column("violating", _VIOLATING, parts.NUMBER),
        Column("critical", _CRITICAL, parts.NUMBER),
        Column("random", _AT_RANDOM, parts.NUMBER),
        Column("pending", _PENDING, parts.NUMBER),
        Column("found_value", _FOUND, parts.VND_MILLION),
    )
    rows = tuple((f"{row['month']:%Y-%m}", *_counts(row)) for row in source.rows(_BY_MONTH))
    return Table(
        "violations_month",
        Words("Mười ba tháng gần nhất", "The last thirteen months"),
        columns,
        rows,
        MART,
    )


def _units(source: Source) -> Table:
    columns = (
        Column("unit", _UNIT),
        Column("inspected", _INSPECTED, parts.NUMBER),
        Column("violating", _VIOLATING, parts.NUMBER),
        Column("critical", _CRITICAL, parts.NUMBER),
        Column("random", _AT_RANDOM, parts.NUMBER),
        Column("pending", _PENDING, parts.NUMBER),
        Column("found_value", _FOUND, parts.VND_MILLION),
    )
    rows = tuple((parts.named(row), *_counts(row)) for row in source.rows(_UNITS))
    return Table(
        "violations_unit", Words("Vi phạm theo đơn vị", "Violations by unit"), columns, rows, MART,
        Words(
            "Đơn vị là cơ quan hải quan của lô hàng; chưa xác định khi kho không giữ lô hàng đó "
            "hoặc chưa có kết quả nào. Hai mươi đơn vị nhiều nhất.",
            "The unit is the customs office of the consignment; unknown where the warehouse does "
            "not hold it or no result is known yet. The twenty with most.",
        ),
    )  # fmt: skip


def _counts(row: dict[str, Any]) -> tuple[Cell, ...]:
    names = ("inspected", "violating", "critical", "random", "pending")
    counted = (parts.count(row[f"{name}_count"]) for name in names)
    return (*counted, parts.millions(row["found_value_vnd"]))


def _cells(source: Source) -> Table:
    columns = (
        Column("unit", _UNIT),
        Column("kind", _KIND),
        Column("violating", _VIOLATING, parts.NUMBER),
        Column("critical", _CRITICAL, parts.NUMBER),
    )
    rows = tuple(
        (
            parts.named(row),
            parts.code(row["finding_type"]),
            parts.count(row["violating_count"]),
            parts.count(row["critical_count"]),
        )
        for row in source.rows(_CELLS)
    )
    return Table(
        "violations_unit_kind",
        Words("Đơn vị và loại nhiều vi phạm nhất", "Units and kinds with most violations"),
        columns,
        rows,
        MART,
        missing=Words("Không có vi phạm nào trong tháng.", "No violation in the month."),
    )


def _missing() -> tuple[Sentence, ...]:
    return tuple(
        Sentence(words)
        for words in (
            Words(
                "Vụ việc (hành chính, hình sự), tiền phạt và số bị can: kho chưa nhận nguồn nào.",
                "Cases (administrative, criminal), fines and accused: no source is delivered yet.",
            ),
            Words(
                "Tin báo của người dân và doanh nghiệp: kho chưa nhận nguồn nào.",
                "Tips of citizens and firms: no source is delivered yet.",
            ),
            Words(
                "Báo cáo không cộng hai loại vi phạm thành số vụ và không so với số vụ đã công bố.",
                "Kinds are not added up to cases, nor compared with published numbers of cases.",
            ),
        )
    )


def _methods(control: Control) -> Section:
    words = Words(
        "Nguồn: kết quả kiểm tra được gửi đến kho, theo ngày kiểm tra; dữ liệu đến {day}. Lô chờ "
        "kết quả không phải là lô không vi phạm. Kết quả đến muộn sửa lại tháng đã báo cáo.",
        "Source: results of inspections as delivered, by day of inspection; data to {day}. What "
        "waits for a result is not clean. Results that come late revise months told before.",
    )
    return Section(
        14, Words("Phương pháp", "Methods"), (Sentence(words, {"day": control.data_to}),)
    )
