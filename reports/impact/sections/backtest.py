"""Section 6, whether official actions followed warnings: the confusion matrix and its rates.

Add here a figure of the same back-test. Keep out: what counts as followed (dbt, rule parameters),
alerts (warnings.py), and whether an action was right.
"""

from collections.abc import Mapping
from typing import Any

from contracts.facts import Words
from reports.impact.model import Column, Sentence, Table
from reports.impact.sections import parts
from reports.impact.source import Source

# A later release tells the same months for the same report: those whose horizon was over by then.
_TO_DATE = """
select *
from impact.fct_surge_backtest_monthly
where month + to_months(horizon_months) <= $month and span = 'to_date' and months_counted > 0
order by month desc
limit 1
"""
_TITLE = Words(
    "Kiểm nghiệm lại cảnh báo với biện pháp chính thức về sau",
    "Warnings beside later official actions",
)
_COUNTED = Words(
    "{months} tháng cảnh báo xét lại được, trong các tháng đến {last}; mỗi tháng xét {horizon} "
    "tháng sau đó (mức tự đặt); bình quân {warnings} nhóm hàng được cảnh báo một tháng.",
    "{months} months of warning that can be looked back on, of those up to {last}, each with the "
    "{horizon} months after it (our own choice); {warnings} goods warned of a month.",
)
_PRECISION = Words(
    "Trong số có cảnh báo, {precision} % có biện pháp về sau.",
    "Of what was warned of, {precision} % was acted upon later.",
)
_RECALL = Words(
    "Trong số có biện pháp, {recall} % đã được cảnh báo trước.",
    "Of what was acted upon, {recall} % was warned of before.",
)
_LEAD = Words(
    "Từ tháng cảnh báo đến biện pháp đầu tiên: trung vị {lead} tháng.",
    "From the month of warning to the first action: {lead} months, the median.",
)
_CAVEAT = Words(
    "Cảnh báo như kho tính hôm nay, không phải như đã in khi ấy. Biện pháp được đếm như "
    "nơi công bố đếm; có biện pháp không nói cảnh báo đúng, không có không nói cảnh báo sai.",
    "Warnings are as the warehouse reckons them today, not as they were printed then. Actions are "
    "as their publisher counts them; an action does not say that a warning was right, nor none "
    "that it was wrong.",
)
_MISSING = Words(
    "Chưa có tháng cảnh báo nào đủ thời hạn mà mọi tháng sau đó đều có số liệu biện pháp chính "
    "thức được gửi (chuỗi official_actions): không nêu tỷ lệ nào, và không tỷ lệ nào bằng không.",
    "There is no month of warning whose horizon is over and of whose later months official actions "
    "were all delivered (series official_actions): no rate is told, and none is zero.",
)


def table(source: Source) -> Table:
    """The confusion matrix of all months of warning that can be looked back on."""
    found = source.row(_TO_DATE)
    columns = (
        Column("goods", Words("Nhóm hàng, mỗi tháng", "Goods of a month")),
        Column("acted", Words("Có biện pháp", "Acted upon"), parts.NUMBER),
        Column("not_acted", Words("Không có biện pháp", "Not acted upon"), parts.NUMBER),
    )
    if found is None:
        return Table(
            "surge_backtest", _TITLE, columns, (), "impact.fct_surge_backtest_monthly",
            missing=_MISSING,
        )  # fmt: skip
    counts = {name: parts.count(found[f"{name}_count"]) for name in (
        "warned_acted", "warned_not_acted", "acted_not_warned", "neither", "acted_not_looked_at"
    )}  # fmt: skip
    rows = (
        (Words("Có cảnh báo", "Warned of"), counts["warned_acted"], counts["warned_not_acted"]),
        (Words("Không cảnh báo", "Not warned of"), counts["acted_not_warned"], counts["neither"]),
        (
            Words("Không có cửa sổ để xét", "Without a window to look at"),
            counts["acted_not_looked_at"],
            None,
        ),
    )
    return Table(
        "surge_backtest", _TITLE, columns, rows, "impact.fct_surge_backtest_monthly",
        Words(
            "Một nhóm hàng của một tháng được đếm một lần. Mẫu số của phần đã được cảnh báo trước "
            "gồm cả hàng không có cửa sổ.",
            "Goods of a month count once. What was warned of before is measured on all that was "
            "acted upon, goods without a window too.",
        ),
        notes=_notes(found),
    )  # fmt: skip


def _notes(found: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """The rates that can be told; one that cannot is left out and the reason stands."""
    counted = {
        "months": parts.count(found["months_counted"]),
        "last": f"{found['month']:%Y-%m}",
        "horizon": parts.count(found["horizon_months"]),
        "warnings": parts.percent(found["warnings_per_month"], 2),
    }
    rates = (
        (_PRECISION, "precision", parts.percent(found["precision_percent"])),
        (_RECALL, "recall", parts.percent(found["recall_percent"])),
        (_LEAD, "lead", parts.percent(found["median_lead_months"])),
    )
    reason = found["reason_code"]
    return (
        Sentence(_COUNTED, counted),
        *(Sentence(words, {name: rate}) for words, name, rate in rates if rate is not None),
        *(() if reason is None else (Sentence(parts.reason(reason)),)),
        Sentence(_CAVEAT),
    )
