"""Section 2: how much of the month the figures cover, and what other sources say of it.

Add here another measure of coverage. Keep out: the grade (grade.py).
"""

from contracts.catalogue import CONTRACTS
from contracts.facts import Words
from reports.impact.model import Column, Section, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

# The days of a file count, whenever it came; a file without a day counts by its receipt.
_DELIVERIES = """
select
    source_name, status, count(*) as files, sum(rows_in) as rows_in,
    sum(rows_accepted) as rows_accepted, sum(rows_quarantined) as rows_quarantined
from quality.fct_delivery_outcomes
where coalesce(
    day_min <= last_day($month::date) and day_max >= $month,
    received_date between $month and last_day($month::date)
)
group by source_name, status
order by source_name, status
"""
_TRIANGULATION = """
select * from impact.fct_triangulation_monthly as facts
left join core.dim_platform as platforms using (platform_code)
where month = $month
order by platform_code <> 'all', counted_value_vnd desc nulls last, platform_code
limit 10
"""


def section(source: Source) -> Section:
    """The section of coverage."""
    return Section(
        2, Words("Độ bao phủ và độ tin cậy", "Coverage and confidence"),
        (_deliveries(source), _triangulation(source)),
    )  # fmt: skip


def _deliveries(source: Source) -> Table:
    columns = (
        Column("source", Words("Nguồn", "Source")),
        Column("status", Words("Tình trạng", "Status")),
        Column("files", Words("Tệp", "Files"), parts.NUMBER),
        Column("rows_in", Words("Dòng nhận", "Rows received"), parts.NUMBER),
        Column("rows_accepted", Words("Dòng chấp nhận", "Rows accepted"), parts.NUMBER),
        Column("rows_quarantined", Words("Dòng cách ly", "Rows set aside"), parts.NUMBER),
    )
    statuses = {
        "accepted": Words("chấp nhận", "accepted"),
        "refused": Words("từ chối", "refused"),
        "duplicate": Words("trùng", "duplicate"),
        "discarded": Words("rút lại", "discarded"),
        "set_aside": Words("để lại lần sau", "set aside"),
    }
    rows = tuple(
        (
            CONTRACTS[row["source_name"]].name,
            statuses[row["status"]],
            parts.count(row["files"]),
            parts.count(row["rows_in"]),
            parts.count(row["rows_accepted"]),
            parts.count(row["rows_quarantined"]),
        )
        for row in source.rows(_DELIVERIES)
    )
    return Table(
        "deliveries", Words("Tệp nói về tháng này", "Files that speak of the month"),
        columns, rows, "quality.fct_delivery_outcomes",
    )  # fmt: skip


def _triangulation(source: Source) -> Table:
    columns = (
        Column("platform", Words("Sàn", "Platform")),
        Column("declared", Words("Đã khai", "Declared"), parts.VND_BILLION),
        Column("manifested", Words("Trên bản kê", "On manifests"), parts.VND_BILLION),
        Column("counted", Words("Được đếm", "Counted"), parts.VND_BILLION),
        Column("claimed", Words("Sàn tự báo", "Claimed"), parts.VND_BILLION),
        Column(
            "declared_to_manifested", Words("Khai/bản kê", "Declared/manifested"), parts.PERCENT
        ),
        Column("explanation", Words("Giải thích", "Explanation")),
    )
    found = source.rows(_TRIANGULATION)
    texts = {row["explanation_vi"]: row["explanation_en"] for row in found}
    numbers = {text: f"({number})" for number, text in enumerate(texts, start=1)}
    notes = tuple(
        Sentence(Words(f"{numbers[vi]} {vi}.", f"{numbers[vi]} {en}.")) for vi, en in texts.items()
    )
    rows = tuple(
        (
            parts.platform(row),
            parts.billions(row["declared_value_vnd"]),
            parts.billions(row["manifested_value_vnd"]),
            parts.billions(row["counted_value_vnd"]),
            parts.billions(row["claimed_value_vnd"]),
            parts.percent(row["declared_to_manifested_percent"]),
            numbers[row["explanation_vi"]],
        )
        for row in found
    )
    return Table(
        "triangulation",
        Words("Các nguồn đặt cạnh nhau", "What each source says"),
        columns, rows, "impact.fct_triangulation_monthly", notes=notes,
    )  # fmt: skip
