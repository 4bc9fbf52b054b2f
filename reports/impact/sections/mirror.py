"""Table of section 8: what partners say they sent beside what was recorded as received, by year.

Add here another comparison of two countries' figures. Keep out: single shipments: a gap of a year
and a group of goods says nothing of any of them.
"""

from contracts.facts import Words
from reports.impact.model import Column, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

_MOST_ROWS = 12
# The latest year that was over before the month began; the widest gaps on either side.
_GAPS = f"""
select
    gaps.*, commodities.name_vi, commodities.name_en, gaps.commodity_code as member_code
from impact.fct_mirror_gap_yearly as gaps
left join core.dim_commodity as commodities on gaps.commodity_code = commodities.commodity_code
where gaps.log_gap is not null and gaps.year_start = (
    select max(year_start) from impact.fct_mirror_gap_yearly
    where log_gap is not null and year_start < date_trunc('year', $month::date)
)
order by abs(gaps.log_gap) desc, gaps.partner_country_code, gaps.commodity_code
limit {_MOST_ROWS}
"""
_CAVEAT = Words(
    "g = ln(nước bạn ghi xuất) − ln(trong nước ghi nhập, quy về FOB với cước {freight} %), năm "
    "{year}. Dương: nước bạn ghi nhiều hơn. Chênh lệch có nhiều lý do (thời điểm, quá cảnh, phân "
    "loại, trị giá): chỉ là khói, không phải tang chứng, và không bao giờ chỉ vào một lô hàng.",
    "g = ln(what the partner says it sent) − ln(imports recorded, as FOB at {freight} % freight), "
    "{year}. Positive: the partner states more. A gap has many reasons (time, transit, "
    "classification, value): smoke, no smoking gun; it never points to a shipment.",
)


def table(source: Source) -> Table:
    """The widest gaps of the latest year whose figures are out on both sides."""
    found = source.rows(_GAPS)
    columns = (
        Column("partner", Words("Nước", "Partner")),
        Column("goods", Words("Nhóm hàng", "Goods")),
        Column("gap", Words("Chênh lệch g", "Gap g"), Words("logarit", "logarithm")),
        Column("grade", Words("Mức kiểm chứng", "Evidence")),
    )
    rows = tuple(
        (
            row["partner_country_code"],
            parts.named(row),
            parts.percent(row["log_gap"], 3),
            row["evidence_grade"],
        )
        for row in found
    )
    told = {
        "freight": parts.percent(found[0]["cif_fob_percent"]),
        "year": f"{found[0]['year_start']:%Y}",
    } if found else {}  # fmt: skip
    return Table(
        "mirror_gap",
        Words("Số liệu đối ứng theo năm", "Mirror figures by year"),
        columns,
        rows,
        "impact.fct_mirror_gap_yearly",
        notes=(Sentence(_CAVEAT, told),) if found else (),
        missing=Words(
            "Chưa nhận số liệu xuất khẩu của nước bạn.",
            "No exports of partners were delivered.",
        ),
    )
