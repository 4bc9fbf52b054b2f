"""Section 11: what changes of the law would have done, as computed apart from the run.

Add here a table of scenarios. Keep out: how one is computed (runs/scenario/), causal words about
what did happen: a scenario is arithmetic and says so.
"""

from contracts.facts import Words
from reports.impact.model import Column, Section, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

_TOTALS = """
select * from impact.fct_scenario_results
where dimension = 'total' and from_day <= last_day($month::date) and to_day >= $month
order by scenario_name
"""
_TITLE = Words("Kịch bản", "Scenarios")
_NOTE = Words(
    "Cùng các lô hàng, tính thuế lại bằng mô hình của kho theo luật giả định; không dự báo. Phản "
    "ứng của giá và doanh số theo hệ số co giãn nêu trong tệp kịch bản (trung bình, 5 đến 95 %).",
    "The same consignments, taxed again by the warehouse's models under an assumed law; no "
    "forecast. Prices and sales answer by the elasticities that the scenario's file states (mean, "
    "5 to 95 %).",
)


def section(source: Source) -> Section:
    """The section of scenarios."""
    columns = (
        Column("scenario", Words("Kịch bản", "Scenario")),
        Column("from", Words("Từ ngày", "From")),
        Column("to", Words("Đến ngày", "To")),
        Column("affected", Words("Số lô đổi thuế", "Affected"), parts.NUMBER),
        Column("before", Words("Thuế hiện hành", "Tax as it is"), parts.VND_BILLION),
        Column("after", Words("Thuế kịch bản", "Tax of the scenario"), parts.VND_BILLION),
        Column("answered", Words("Khi giá phản ứng", "Once prices answer"), parts.VND_BILLION),
        Column("low", Words("5 %", "5 %"), parts.VND_BILLION),
        Column("high", Words("95 %", "95 %"), parts.VND_BILLION),
    )
    rows = tuple(
        (
            Words(row["title_vi"], row["title_en"]),
            row["from_day"],
            row["to_day"],
            parts.count(row["affected_consignments"]),
            *(
                parts.billions(row[name], 2)
                for name in (
                    "tax_before_vnd", "tax_after_vnd", "tax_after_response_vnd_mean",
                    "tax_after_response_vnd_low", "tax_after_response_vnd_high",
                )
            ),
        )
        for row in source.rows(_TOTALS)
    )  # fmt: skip
    table = Table(
        "scenarios",
        Words("Thuế theo các kịch bản", "Tax under the scenarios"),
        columns,
        rows,
        "impact.fct_scenario_results",
        notes=(Sentence(_NOTE),),
        missing=Words(
            "Chưa có kịch bản nào được tính (`import-risk scenario`).",
            "No scenario has been computed (`import-risk scenario`).",
        ),
    )
    return Section(11, _TITLE, (table,))
