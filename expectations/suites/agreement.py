"""Gate 2's control totals: raw to staging to core to the marts, the same rows and the same sums.

Rules of suite `reconciliation` that add up instead of looking for single records
(reconciliation.py does that). Add here a mart that must agree. Keep out: how a mart computes.
"""

from expectations.rules import RowsThatFail, Rule
from expectations.suites.consigned import consigned, states_itself, taken_over, versioned

_WINDOW = "in (select day from raw.run_day)"
_LOOK_VI = "So sánh hai bảng cho ngày nêu trong ví dụ; không công bố."
_LOOK_EN = "Compare the two tables for the day in the examples; do not publish."

_DAILY = (
    "consignments",
    "customs_value_vnd",
    "duty_due_vnd",
    "duty_relieved_vnd",
    "vat_due_vnd",
    "vat_relieved_vnd",
)


def agreement_rules() -> tuple[Rule, ...]:
    """What must add up, in the order in which data flows."""
    return (_staging_accounts(), _core_keeps_amounts(), _marts_agree())


def _rule(rule_id: str, title_vi: str, title_en: str, failing: str, examined: str) -> Rule:
    return Rule(
        rule_id,
        title_vi,
        title_en,
        "critical",
        "data_engineering",
        _LOOK_VI,
        _LOOK_EN,
        RowsThatFail(failing),
        examined_sql=examined,
    )


def _staging_accounts() -> Rule:
    """quality.fct_reconciliation counts every raw row of the day, and explains each of them."""
    delivered = " union all ".join(
        f"select '{contract.source}' as source_name, day, count(*) as raw_rows "
        f"from raw.{contract.source} where day {_WINDOW} group by day"
        for contract in versioned()
    )
    explained = (
        "raw_rows - superseded_rows - set_aside_rows - waiting_rows - moved_out_rows "
        "+ moved_in_rows"
    )
    return _rule(
        "staging_accounts_for_raw",
        "Mọi dòng thô của ngày được giải trình ở lớp staging",
        "Staging accounts for every raw row of the day",
        "select coalesce(raw_side.source_name, staged.source_name) as source_name, "
        "coalesce(raw_side.day, staged.day) as day, raw_side.raw_rows as delivered_rows, "
        "staged.raw_rows as staged_rows, staged.current_records from "
        f"({delivered}) as raw_side full outer join (select * from quality.fct_reconciliation "
        f"where day {_WINDOW}) as staged on raw_side.source_name = staged.source_name "
        "and raw_side.day = staged.day "
        "where coalesce(raw_side.raw_rows, 0) <> coalesce(staged.raw_rows, 0) "
        f"or coalesce(staged.current_records <> {explained.replace('raw_rows', 'staged.raw_rows')}"
        ", false)",
        f"select count(*) from ({delivered}) as delivered",
    )


def _core_keeps_amounts() -> Rule:
    """Sums of what core took over, against the very rows it names."""
    names = ("declared_value", "gross_weight_kg", "package_count")
    sums = ", ".join(
        f"sum(coalesce(fact.{name}, 0)) as core_{name}, sum(coalesce(own.{name}, 0)) as raw_{name}"
        for name in names
    )
    sides = " union all ".join(
        f"select '{contract.source}' as source, fact.day, count(*) as core_rows, {sums} "
        f"from subject as fact inner join raw.{contract.source} as own "
        "on fact.source_sha256 = own._src_sha and fact.source_line = own._src_line "
        f"where fact.source = '{contract.source}' and {taken_over(contract, 'own')} "
        f"and {states_itself(contract)} group by fact.day"
        for contract in consigned(own=True)
    )
    named = ", ".join(f"'{contract.source}'" for contract in consigned(own=True))
    # Core keeps two decimals of a declared value: half a unit of them per row is rounding.
    differs = (
        "abs(core_declared_value - raw_declared_value) * 200 > core_rows "
        "or core_gross_weight_kg <> raw_gross_weight_kg or core_package_count <> raw_package_count"
    )
    return _rule(
        "core_keeps_delivered_amounts",
        "Tổng trị giá, trọng lượng, số kiện trong kho bằng tổng của các dòng nguồn",
        "Sums of value, weight and packages in core equal those of the rows they come from",
        f"select * from ({sides}) as sums where {differs}",
        f"select count(*) from subject where source in ({named})",
    )


def _marts_agree() -> Rule:
    """The day in the flows, in the tax gap and in the ministry's summary: one number."""
    sums = ", ".join(f"sum({name}) as {name}" for name in _DAILY)
    tables = {
        "flows": f"select day, {sums} from impact.fct_import_flows_daily",
        "gap": f"select day, {sums} from compliance.fct_tax_gap_daily",
        "summary": f"select day, {sums} from reporting.rpt_daily_summary",
    }
    listed = " union all ".join(
        f"select '{name}' as mart, * from ({sql} where day {_WINDOW} group by day) as mart_{name}"
        for name, sql in tables.items()
    )
    spread = ", ".join(f"max({name}) - min({name}) as {name}_apart" for name in _DAILY)
    apart = " or ".join(f"{name}_apart <> 0" for name in _DAILY)
    return _rule(
        "marts_agree",
        "Luồng hàng, khoảng hụt thuế và báo cáo ngày cho cùng một con số",
        "Import flows, tax gap and daily summary give the same figures for a day",
        f"select * from (select day, count(*) as marts, {spread} from ({listed}) as listed "
        f"group by day) as compared where marts <> {len(tables)} or {apart}",
        f"select count(*) from ({listed}) as listed",
    )
