"""Gate 2's reconciliation: what raw holds for the window against core.fct_consignments.

Add here a rule that compares raw with core. Keep out: how a current version is chosen (dbt); the
rules only use what holds for every choice, so they stay an independent control. Rows that the
models set aside as contradictions may be missing; suites/records.py checks that each really is one.
"""

from contracts.base import Contract
from expectations.rules import RowsThatFail, Rule, Suite
from expectations.suites.agreement import agreement_rules
from expectations.suites.consigned import belongs_elsewhere, consigned, must_be_consigned

_LOOK_VI = "So sánh raw với core.fct_consignments của ngày nêu trong ví dụ; không công bố."
_LOOK_EN = "Compare raw with core.fct_consignments for the day in the examples; do not publish."

_WINDOW = "in (select day from raw.run_day)"


def reconciliation_suite() -> Suite:
    """Nothing lost, nothing invented, nothing stale; per source and day."""
    return Suite(
        "reconciliation",
        f"select * from core.fct_consignments where day {_WINDOW}",
        (
            *(
                _nothing_lost(contract)
                for contract in (*consigned(own=True), *consigned(own=False))
            ),
            _nothing_invented(),
            _fresh(),
            *agreement_rules(),
        ),
    )


def _nothing_lost(contract: Contract) -> Rule:
    """Every key whose rows all lie in the window is a consignment. What only describes one of
    another source becomes part of it; that one may lie on another day, outside the window, so a
    missing key is a warning only."""
    source, key = contract.source, contract.key
    is_own = contract.consigned is not None and contract.consigned.own
    rows = f"select * from raw.{source} where day {_WINDOW} and {must_be_consigned(contract)}"
    same = " and ".join(f"fact.{column} = delivered.{column}" for column in key)
    again = " and ".join(f"elsewhere.{column} = missing.{column}" for column in key)
    restriction = f" where source = '{source}'" if is_own else ""
    names = ", ".join(key)
    return Rule(
        f"{source}_rows_reach_core",
        f"Mọi bản ghi {source} trong khoảng ngày có trong core.fct_consignments",
        f"Every {source} record of the window is in core.fct_consignments",
        "critical" if is_own else "warning",
        "data_engineering",
        _LOOK_VI,
        _LOOK_EN,
        RowsThatFail(
            f"select '{source}' as source, day, count(*) as missing_rows, "
            f"min(_src_sha) as one_file, min(_src_line) as one_line from ("
            f"select * from ({rows}) as delivered "
            f"where not exists (select 1 from (select {names} from subject{restriction}) as fact "
            f"where {same})) as missing "
            # Amended onto a day outside the window, the record is another run's business.
            f"where not exists (select 1 from raw.{source} as elsewhere "
            f"where not elsewhere.day {_WINDOW} and {again}) "
            "and not exists (select 1 from quality.fct_record_versions as aside "
            f"where aside.fate = 'set_aside' and aside.source_name = '{source}' "
            "and aside.source_sha256 = missing._src_sha "
            "and aside.source_line = missing._src_line) "
            f"and not ({belongs_elsewhere(contract, _WINDOW)}) group by day"
        ),
        examined_sql=f"select count(*) from ({rows}) as delivered",
    )


def _nothing_invented() -> Rule:
    delivered = " union all ".join(
        f"select '{contract.source}' as source, day, count(*) as raw_rows "
        f"from raw.{contract.source} where day {_WINDOW} group by day"
        for contract in consigned()
    )
    return Rule(
        "core_rows_come_from_raw",
        "Mỗi nguồn và ngày: số lô hàng không vượt số dòng thô",
        "Per source and day: not more consignments than raw rows",
        "critical",
        "data_engineering",
        _LOOK_VI,
        _LOOK_EN,
        RowsThatFail(
            "select built.source, built.day, built.core_rows, delivered.raw_rows from "
            "(select source, day, count(*) as core_rows from subject group by source, day) "
            f"as built left join ({delivered}) as delivered "
            "on built.source = delivered.source and built.day = delivered.day "
            "where built.core_rows > coalesce(delivered.raw_rows, 0)"
        ),
    )


def _fresh() -> Rule:
    delivered = " union all ".join(
        f"select day from raw.{contract.source} "
        f"where day {_WINDOW} and {must_be_consigned(contract)}"
        for contract in consigned(own=True)
    )
    return Rule(
        "core_reaches_the_window",
        "Có dữ liệu thô trong khoảng ngày thì lô hàng mới nhất không cũ hơn ngày đầu",
        "With raw rows in the window, the newest consignment is not older than its first day",
        "critical",
        "data_engineering",
        _LOOK_VI,
        _LOOK_EN,
        RowsThatFail(
            "select raw_rows, newest_day, from_day from "
            f"(select count(*) as raw_rows from ({delivered}) as delivered) as delivered_count "
            "cross join (select max(day) as newest_day from subject) as newest "
            "cross join raw.run_window "
            "where raw_rows > 0 and coalesce(newest_day < from_day, true)"
        ),
        examined_sql=f"select count(*) from ({delivered}) as delivered",
    )
