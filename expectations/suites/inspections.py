"""Gate 2's look at inspection results: does each speak of a consignment that the warehouse knows?

Add here another question about results of the day. Keep out: their values (gate 1) and what models
learn from them.
"""

from expectations.rules import RowsThatFail, Rule, Suite

# A result names a declaration line, or a waybill or declaration as a whole.
_LINKED = """
    select 1 from intermediate.int_risk__inspected_consignments as linked
    where linked.day = subject.known_day and (
        linked.consignment_id = subject.consignment_id
        or linked.consignment_id in (
            'P-' || subject.consignment_reference, 'L-' || subject.consignment_reference,
            'M-' || subject.consignment_reference
        )
        or subject.line_number is null
        and starts_with(linked.consignment_id, 'D-' || subject.consignment_reference || '-')
    )
"""


def inspection_suite() -> Suite:
    """One row per result and finding that became known on a day of the run."""
    return Suite(
        "inspections",
        "select inspection_id, finding_type, consignment_reference, line_number, consignment_id, "
        "known_day, sender, source_sha256, source_line from core.fct_inspection_outcomes "
        "where known_day in (select day from raw.run_day) and result <> 'pending'",
        (
            Rule(
                "outcome_has_consignment",
                "Mọi kết quả kiểm tra nói về một lô hàng có trong kho, trong số ngày quy định",
                "Every inspection result speaks of a consignment that the warehouse holds, within "
                "the days set",
                "warning",
                "risk_management",
                "Kết quả này không dạy mô hình điều gì: kiểm tra số vận đơn, số tờ khai và dòng "
                "hàng với đơn vị gửi.",
                "Nothing is learned from such a result: check waybill, declaration number and line "
                "with the sender.",
                RowsThatFail(f"select * from subject where not exists ({_LINKED})"),
            ),
        ),
    )
