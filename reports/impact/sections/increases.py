"""Section 6, goods of which more is imported than a year before: by itself, and beside output.

Add here a figure of the same comparison. Keep out: what counts as an increase (dbt, rule
parameters), alerts (warnings.py), and what an increase does to anybody.
"""

from contracts.facts import Words
from reports.impact.model import Column, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

# Of each kind of period the latest that was over at the end of the month and can be compared.
_INCREASES = """
with periods as (
    select period_kind, max(period_start) as period_start
    from impact.fct_import_increases
    where
        increase_vnd is not null
        and period_start + case period_kind when 'year' then interval 12 month
            else interval 3 month end <= $month + interval 1 month
    group by period_kind
)
select
    increases.*, commodities.name_vi, commodities.name_en, increases.commodity_code as member_code,
    coalesce(is_absolute_increase, false)::int + coalesce(is_relative_increase, false)::int as flags
from impact.fct_import_increases as increases
inner join periods using (period_kind, period_start)
left join core.dim_commodity as commodities
    on increases.commodity_code = commodities.commodity_code
where increases.increase_vnd is not null
qualify row_number() over (
    partition by period_kind
    order by
        member_code <> 'all', flags desc, increase_vnd desc, member_code
) <= 9
order by
    period_kind, member_code <> 'all', flags desc, increase_vnd desc, member_code
"""
_TITLE = Words(
    "Nhập khẩu so với cùng kỳ năm trước", "Imports beside the same period of the year before"
)
_KINDS = {
    (True, True): Words("Tuyệt đối, tương đối", "Absolute, relative"),
    (True, False): Words("Tuyệt đối", "Absolute"),
    (False, True): Words("Tương đối", "Relative"),
}
_DENOMINATORS = Words(
    "Tăng, và phần thương mại điện tử xuyên biên giới đóng góp vào đó: trên nhập khẩu cùng kỳ năm "
    "trước. Nhập khẩu trên sản lượng: mẫu số là sản lượng trong nước cùng kỳ.",
    "Increase, and what cross-border e-commerce contributes to it: over imports of the same period "
    "a year before. Imports to output: the denominator is domestic output of the period.",
)
_HEIGHTS = Words(
    "Kỳ {period}: gọi là tăng tuyệt đối khi tăng trên 0 và từ {absolute} %, tăng tương đối khi "
    "nhập khẩu trên sản lượng tăng trên 0 và từ {relative} điểm %. Mức tự đặt.",
    "Period {period}: an absolute increase is above 0 and {absolute} % or more, a relative one is "
    "imports to output up by more than 0 and by {relative} points or more. Own choices.",
)
_CAVEAT = Words(
    "Trị giá theo giá hiện hành, không phải lượng; không nói vì sao tăng, không nói có thiệt hại, "
    "và không phải kết luận điều tra tự vệ.",
    "Values at current prices, no quantities; it does not say why, nor that anybody was harmed, "
    "and is no finding of a safeguard investigation.",
)


def table(source: Source) -> Table:
    """The goods whose imports rose most, of the latest quarter and year that can be compared."""
    found = source.rows(_INCREASES)
    columns = (
        Column("period", Words("Kỳ", "Period")),
        Column("goods", Words("Nhóm hàng", "Goods")),
        Column("imports", Words("Nhập khẩu", "Imports"), parts.VND_BILLION),
        Column("increase", Words("Tăng", "Increase"), parts.PERCENT),
        Column("cross_border", Words("Phần trực tuyến", "Online part"), parts.POINTS),
        Column("to_output", Words("Nhập khẩu trên sản lượng", "Imports to output"), parts.PERCENT),
        Column("points", Words("Tăng trên sản lượng", "Increase to output"), parts.POINTS),
        Column("kind", Words("Loại tăng", "Kind of increase")),
        Column("grade", Words("Mức kiểm chứng", "Evidence")),
    )
    rows = tuple(
        (
            parts.period(row["period_kind"], row["period_start"]),
            parts.named(row),
            parts.billions(row["imports_vnd"]),
            parts.percent(row["increase_percent"]),
            parts.percent(row["cross_border_contribution_percent"], 2),
            parts.percent(row["imports_to_output_percent"]),
            parts.percent(row["increase_to_output_points"], 2),
            _KINDS.get((bool(row["is_absolute_increase"]), bool(row["is_relative_increase"])), ""),
            row["evidence_grade"],
        )
        for row in found
    )
    heights = {
        parts.period(row["period_kind"], row["period_start"]): {
            "absolute": parts.percent(row["absolute_percent"]),
            "relative": parts.percent(row["relative_points"]),
        }
        for row in found
    }
    reasons = sorted({row["reason_code"] for row in found if row["reason_code"]})
    notes = (
        *(Sentence(_HEIGHTS, {"period": name, **told}) for name, told in heights.items()),
        *(Sentence(parts.reason(one)) for one in reasons),
        Sentence(_CAVEAT),
    )
    return Table(
        "import_increases", _TITLE, columns, rows, "impact.fct_import_increases", _DENOMINATORS,
        notes=notes if found else (),
        missing=Words(
            "Chưa có kỳ nào mà kỳ ấy và cùng kỳ năm trước đều đủ số liệu nhập khẩu.",
            "No period has imports of its own and of the same period a year before.",
        ),
    )  # fmt: skip
