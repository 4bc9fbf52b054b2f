"""One month of a release as a report: control box, headlines, sections in the outline's order.

Defines: `build`. Add here a section's module. Keep out: what sections say, how formats look.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.facts import Words
from disclosure.tidy import Edition as TreatedCells
from foundation.errors import UsageError
from reports.due_dates import next_after
from reports.impact import public
from reports.impact.control import is_synthetic, last_day
from reports.impact.model import Control, Edition, Figure, Measure, Report, Sentence, Status
from reports.impact.sections import (
    compliance,
    concentration,
    coverage,
    flows,
    goods_of_month,
    methods,
    parts,
    penetration,
    prices,
    revenue,
    revisions,
    scenarios,
    undercutting,
    warnings,
    winners,
)
from reports.impact.source import Source

_COVERAGE = "select * from impact.fct_coverage_monthly where month = $month"
_TOTAL = """
select flows.customs_value_vnd, flows.consignments, flows.is_complete_month,
    flows.days_covered, flows.days_in_month,
    (select growth_bp from impact.fct_flow_growth_monthly as growth
     where growth.month = flows.month and growth.dimension = 'total'
        and growth.comparison = 'month' and growth.measure = 'customs_value_vnd') as month_bp,
    (select growth_bp from impact.fct_flow_growth_monthly as growth
     where growth.month = flows.month and growth.dimension = 'total'
        and growth.comparison = 'year' and growth.measure = 'customs_value_vnd') as year_bp
from impact.fct_flows_monthly as flows
where flows.month = $month and flows.dimension = 'total'
"""
_UNREGISTERED = """
select sum(share_of_value_percent) as share
from impact.fct_flows_monthly
where month = $month and dimension = 'platform_status'
    and member_code in ('unregistered', 'suspended', 'deregistered')
"""
_LAST_DAY = """
select max(day) as day from impact.fct_import_flows_daily
where day between $month and last_day($month::date)
"""
_REASONS = {
    "days_missing": Words(
        "{days} trong {all} ngày của tháng có dữ liệu",
        "{days} of {all} days of the month have data",
    ),
    "without_value": Words("{share} % số lô có trị giá", "{share} % of consignments have a value"),
    None: Words("Đủ ngày, mọi lô có trị giá", "Every day is there, every consignment has a value"),
}


def build(
    source: Source, edition: Edition, status: Status, treated: TreatedCells | None = None
) -> Report:
    """The report of `source.month`. treated: the cells that a public edition is drawn from.

    Raises UsageError when the release holds nothing of the month.
    """
    total = source.row(_TOTAL)
    if total is None:
        held = [f"{row['month']:%Y-%m}" for row in source.rows(
            "select distinct month from impact.fct_flows_monthly order by month desc limit 3"
        )]  # fmt: skip
        raise UsageError(
            f"the release holds no flows of {source.month:%Y-%m}",
            where=source.release_id,
            remedy=f"choose a month it holds: {', '.join(held) or 'none yet'}",
        )
    control = _control(source, status)
    if treated is not None:
        control = _as_told(control, public.total(treated), total["customs_value_vnd"])
        told = (public.flows(source, treated), methods.section(control))
        return Report(
            source.month, edition, status, control, _public_headlines(control, treated), told,
            measures=_public_measures(treated),
        )  # fmt: skip
    numbered = [
        coverage.section(source),
        flows.section(source),
        penetration.section(source),
        prices.section(source),
        warnings.section(source),
        concentration.section(source),
        revenue.section(source),
        compliance.section(source),
        revisions.section(source),
        winners.section(source),
        scenarios.section(source),
        goods_of_month.section(source),
    ]
    ordered = (*sorted(numbered, key=lambda section: section.number), methods.section(control))
    return Report(
        source.month, edition, status, control, _headlines(source, control, total), ordered,
        measures=_measures(source, total),
    )  # fmt: skip


def _control(source: Source, status: Status) -> Control:
    covered = source.row(_COVERAGE)
    last = source.row(_LAST_DAY)
    if covered is None or last is None:
        raise ValueError(f"{source.month:%Y-%m} has flows and no coverage")
    words = {
        "days": parts.count(covered["days_covered"]),
        "all": parts.count(covered["days_in_month"]),
        "share": parts.percent(covered["with_value_percent"]),
    }
    return Control(
        release_id=source.release_id,
        run_id=source.run_id,
        data_to=last["day"] or last_day(source.month),
        next_release=next_after(source.month, status),
        days_covered=covered["days_covered"],
        days_in_month=covered["days_in_month"],
        grade=covered["confidence_grade"],
        grade_reason=Sentence(_REASONS[covered["reason_code"]], words),
        is_synthetic=is_synthetic(source),
    )


def _headlines(source: Source, control: Control, total: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """By template; none of a month whose figures are not fit to be quoted (grade D)."""
    if control.grade == "D":
        return (_not_to_be_quoted(control),)
    found = [
        Sentence(
            Words(
                "Trị giá hàng nhập khẩu qua thương mại điện tử xuyên biên giới: {value} tỷ đồng, "
                "{parcels} lô; độ tin cậy {grade}.",
                "Cross-border e-commerce imports: VND {value} bn, {parcels} consignments; "
                "confidence {grade}.",
            ),
            {
                "value": parts.billions(total["customs_value_vnd"]),
                "parcels": parts.count(total["consignments"]),
                "grade": control.grade,
            },
        )
    ]
    for name, words in _GROWTH.items():
        if total[name] is not None:
            change: Figure | None = parts.basis_points(total[name])
            found.append(Sentence(words, {"change": change}))
    share = source.row(_UNREGISTERED)
    if share is not None and share["share"] is not None:
        found.append(
            Sentence(
                Words(
                    "Sàn chưa đăng ký, bị đình chỉ hoặc chấm dứt đăng ký: {share} % trị giá.",
                    "Platforms not registered, suspended or deregistered: {share} % of the value.",
                ),
                {"share": parts.percent(share["share"])},
            )
        )
    gap = undercutting.headline(source)
    return tuple(found if gap is None else [*found, gap])


def _measures(source: Source, total: Mapping[str, Any]) -> tuple[Measure, ...]:
    """What the headlines quote, of a month of any grade: its revisions are kept."""
    share = source.row(_UNREGISTERED) or {"share": None}
    found = (
        (_VALUE, parts.VND_BILLION, parts.billions(total["customs_value_vnd"])),
        (_CONSIGNMENTS, parts.NUMBER, parts.count(total["consignments"])),
        (_MONTH_GROWTH, parts.PERCENT, parts.basis_points(total["month_bp"])),
        (_YEAR_GROWTH, parts.PERCENT, parts.basis_points(total["year_bp"])),
        (_UNREGISTERED_SHARE, parts.PERCENT, parts.percent(share["share"])),
    )
    return tuple(
        Measure(name, label, unit, figure)
        for (name, label), unit, figure in found
        if figure is not None
    )


def _public_measures(treated: TreatedCells) -> tuple[Measure, ...]:
    value, parcels = public.total(treated), public.total_parcels(treated)
    of_value = None if value is None else parts.billions_of(value)
    found = (
        (_VALUE, parts.VND_BILLION, of_value),
        (_CONSIGNMENTS, parts.NUMBER, parts.count(parcels)),
    )
    return tuple(
        Measure(name, label, unit, figure)
        for (name, label), unit, figure in found
        if figure is not None
    )


def _as_told(control: Control, told: float | None, held: Any) -> Control:
    """The control box of cells that stand: what came after they were made is not in them, so the
    days held by now say nothing of them, and nothing of them is quoted."""
    if told is None or abs(told - float(held)) < _ROUNDED:
        return control
    return replace(control, grade="D", grade_reason=Sentence(_STANDS))


def _public_headlines(control: Control, treated: TreatedCells) -> tuple[Sentence, ...]:
    """From treated cells alone."""
    value, parcels = public.total(treated), public.total_parcels(treated)
    if value is None:
        return (Sentence(_HIDDEN),)
    if control.grade == "D":
        return (_not_to_be_quoted(control),)
    words = Words(
        "Trị giá hàng nhập khẩu qua thương mại điện tử xuyên biên giới: {value} tỷ đồng; độ "
        "tin cậy {grade}.",
        "Cross-border e-commerce imports: VND {value} bn; confidence {grade}.",
    )
    shown = parts.billions_of(value)
    if parcels is None:
        return (Sentence(words, {"value": shown, "grade": control.grade}),)
    with_parcels = Words(
        "Trị giá hàng nhập khẩu qua thương mại điện tử xuyên biên giới: {value} tỷ đồng, khoảng "
        "{parcels} lô; độ tin cậy {grade}.",
        "Cross-border e-commerce imports: VND {value} bn, about {parcels} consignments; "
        "confidence {grade}.",
    )
    told = {"value": shown, "parcels": Figure(parcels), "grade": control.grade}
    return (Sentence(with_parcels, told),)


def _not_to_be_quoted(control: Control) -> Sentence:
    if control.grade_reason.words is _STANDS:
        return Sentence(_STANDS)
    return Sentence(
        Words(
            "Không có dòng tiêu đề: độ tin cậy D ({days} trong {all} ngày có dữ liệu). Các bảng "
            "sau chỉ mô tả những ngày đó.",
            "No headline: confidence D ({days} of {all} days have data). The tables below describe "
            "these days only.",
        ),
        {"days": parts.count(control.days_covered), "all": parts.count(control.days_in_month)},
    )


_ROUNDED = 0.01  # VND: a cell is a decimal that was read as a double
_STANDS = Words(
    "Các ô được giữ nguyên từ khi lập; dữ liệu đến sau chưa có trong đó, nên số ngày có dữ liệu "
    "không nói về các ô này. Không có dòng tiêu đề.",
    "The cells stand as they were made; data that came later are not in them, so the days with "
    "data say nothing of these cells. No headline.",
)
_HIDDEN = Words(
    "Tổng của tháng được bảo mật: không có dòng tiêu đề.",
    "The total of the month is confidential: no headline.",
)
_VALUE = ("customs_value", Words("Trị giá hải quan", "Customs value"))
_CONSIGNMENTS = ("consignments", Words("Số lô", "Consignments"))
_MONTH_GROWTH = ("growth_month", Words("So với tháng trước", "On the month before"))
_YEAR_GROWTH = ("growth_year", Words("So với năm trước", "On the year before"))
_UNREGISTERED_SHARE = (
    "unregistered_share",
    Words("Sàn không còn hoặc chưa đăng ký", "Platforms not registered"),
)
_GROWTH = {
    "month_bp": Words("So với tháng trước: {change} %.", "On the month before: {change} %."),
    "year_bp": Words(
        "So với cùng tháng năm trước: {change} %.", "On the same month of last year: {change} %."
    ),
}
