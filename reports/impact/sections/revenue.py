"""Section 8: tax due, relieved and at risk, policy and compliance apart.

Add here a measure of revenue. Keep out: rates and reliefs (dated rules in dbt).
"""

from contracts.facts import Words
from reports.impact.model import Column, Section, Sentence, Table
from reports.impact.sections import mirror, parts
from reports.impact.sections.words import ALL
from reports.impact.source import Source

_GAP = """
select
    platform_status as member_code,
    sum(customs_value_vnd) as customs_value_vnd,
    sum(duty_due_vnd) as duty_due_vnd, sum(vat_due_vnd) as vat_due_vnd,
    sum(duty_relieved_vnd) as duty_relieved_vnd, sum(vat_relieved_vnd) as vat_relieved_vnd,
    sum(tax_due_without_declaration_vnd) as undeclared_vnd,
    sum(value_declared_short_vnd) as short_vnd
from compliance.fct_tax_gap_daily
where day between $month and last_day($month::date)
group by grouping sets ((platform_status), ())
order by member_code nulls first
"""

_KINDS = {
    "duty_relieved": Words("Thuế NK được miễn (chính sách)", "Duty relieved (policy)"),
    "vat_relieved": Words("Thuế GTGT được miễn (chính sách)", "VAT relieved (policy)"),
    "undeclared": Words("Bưu gửi không tờ khai (tuân thủ)", "No declaration (compliance)"),
    "declared_short": Words("Khai thấp hơn bản kê (tuân thủ)", "Below the manifest (compliance)"),
    "undervalued": Words(
        "Khai thấp trị giá, suy rộng từ mẫu ngẫu nhiên (tuân thủ)",
        "Undervalued, extrapolated from random draws (compliance)",
    ),
}
# Whether the site states a cost -> what the columns of cost are.
_COST = {
    False: Words(
        "Chi phí thu chưa được nêu: số thuế chưa trừ chi phí.",
        "No cost of collection is stated: taxes are before it.",
    ),
    True: Words(
        "Chi phí thu: mức một lô do đơn vị nêu, nhân với mọi lô mà khoản này tính trên.",
        "Cost of collection: what the site states for a consignment, for every consignment that "
        "the line speaks of.",
    ),
}
_LINES = """
select * from compliance.fct_revenue_gap_monthly where month = $month
"""
_SAMPLE = """
select * from risk.fct_valuation_sample_monthly where month = $month
"""

_AMOUNTS = (
    "customs_value_vnd", "duty_due_vnd", "vat_due_vnd", "duty_relieved_vnd", "vat_relieved_vnd",
    "undeclared_vnd", "short_vnd",
)  # fmt: skip


def section(source: Source) -> Section:
    """The section of revenue."""
    note = Sentence(
        Words(
            "Khoản được miễn theo chính sách và khoản có thể thất thu do không tuân thủ là hai số "
            "khác nhau, không cộng vào nhau.",
            "What policy relieves and what non-compliance may cost are two figures and are not "
            "added up.",
        )
    )
    found: tuple[Sentence | Table, ...] = (
        note, _lines(source), *_sample(source), _table(source), mirror.table(source),
    )  # fmt: skip
    return Section(8, Words("Thu ngân sách", "Revenue"), found)


def _lines(source: Source) -> Table:
    columns = (
        Column("gap", Words("Khoản", "Gap")),
        Column("consignments", Words("Số lô", "Consignments"), parts.NUMBER),
        Column("value", Words("Trị giá thiếu", "Value short"), parts.VND_BILLION),
        Column("value_low", Words("Cận dưới 95 %", "95 % low"), parts.VND_BILLION),
        Column("value_high", Words("Cận trên 95 %", "95 % high"), parts.VND_BILLION),
        Column("tax", Words("Thuế", "Tax"), parts.VND_BILLION),
        Column("tax_low", Words("Cận dưới 95 %", "95 % low"), parts.VND_BILLION),
        Column("tax_high", Words("Cận trên 95 %", "95 % high"), parts.VND_BILLION),
        Column("cost", Words("Chi phí thu", "Cost of collection"), parts.VND_BILLION),
        Column("net", Words("Thuế trừ chi phí", "Tax less cost"), parts.VND_BILLION),
    )
    amounts = (
        "value_vnd", "value_low_vnd", "value_high_vnd", "tax_vnd", "tax_low_vnd", "tax_high_vnd",
        "collection_cost_vnd", "tax_net_vnd",
    )  # fmt: skip
    by_kind = {row["gap_kind"]: row for row in source.rows(_LINES)}
    rows = tuple(
        (
            label,
            parts.count(by_kind[kind]["consignments"]),
            *(parts.billions(by_kind[kind][name], 2) for name in amounts),
        )
        for kind, label in _KINDS.items()
        if kind in by_kind
    )
    return Table(
        "revenue_gap",
        Words("Phần được miễn và phần có thể thất thu", "Relieved, and at risk"),
        columns, rows, "compliance.fct_revenue_gap_monthly",
        notes=(Sentence(_COST[any(
            row["collection_cost_basis"] == "stated" for row in by_kind.values()
        )]),),
    )  # fmt: skip


def _sample(source: Source) -> tuple[Sentence, ...]:
    """What the extrapolation rests on; nothing of a month without random draws."""
    found = source.row(_SAMPLE)
    if found is None:
        return ()
    words = Words(
        "Mẫu ngẫu nhiên: {drawn} lô, {under} khai thấp; ước tính {rate} % số lô ({low} đến "
        "{high} %).",
        "Random sample: {drawn} consignments, {under} undervalued; an estimated {rate} % of "
        "consignments ({low} to {high} %).",
    )
    values = {
        "drawn": parts.count(found["drawn_count"]),
        "under": parts.count(found["undervalued_count"]),
        "rate": parts.percent(found["undervalued_percent"]),
        "low": parts.percent(found["undervalued_low_percent"]),
        "high": parts.percent(found["undervalued_high_percent"]),
    }
    return (Sentence(words, values),)


def _table(source: Source) -> Table:
    columns = (
        Column("status", Words("Tình trạng của sàn", "Status of the platform")),
        Column("customs_value", Words("Trị giá", "Value"), parts.VND_BILLION),
        Column("duty_due", Words("Thuế NK phải nộp", "Duty due"), parts.VND_BILLION),
        Column("vat_due", Words("Thuế GTGT phải nộp", "VAT due"), parts.VND_BILLION),
        Column("duty_relieved", Words("Thuế NK được miễn", "Duty relieved"), parts.VND_BILLION),
        Column("vat_relieved", Words("Thuế GTGT được miễn", "VAT relieved"), parts.VND_BILLION),
        Column("undeclared", Words("Thuế không khai", "Tax undeclared"), parts.VND_BILLION),
        Column("short", Words("Khai thấp hơn bản kê", "Declared short"), parts.VND_BILLION),
    )
    rows = tuple(
        (
            ALL if row["member_code"] is None else parts.code(row["member_code"]),
            *(parts.billions(row[name], 2) for name in _AMOUNTS),
        )
        for row in source.rows(_GAP)
        if row["customs_value_vnd"] is not None
    )
    return Table(
        "revenue",
        Words("Thuế phải nộp, được miễn và có thể thất thu", "Tax due, relieved and at risk"),
        columns, rows, "compliance.fct_tax_gap_daily",
    )  # fmt: skip
