"""What inspections of some consignments found, with the counts behind the rate.

Add here another figure about results. Keep out: estimates of what was not inspected (dbt's rates of
the random stratum).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from serving.stored_rows import Row, StoredRows, quoted

OUTCOMES = "core.fct_inspection_outcomes"


@dataclass(frozen=True)
class Findings:
    """inspected: consignments with a known result. rate_percent: with_finding of inspected, exact
    to two decimals; None without any. It is about what was inspected, not about the rest."""

    inspected: int
    with_finding: int
    pending: int
    rate_percent: str | None

    def to_row(self) -> Row:
        """By name."""
        return asdict(self)


def findings(rows: StoredRows, consignments: str, parameters: Mapping[str, Any]) -> Findings:
    """Of the consignments that the SELECT `consignments` names by id."""
    if OUTCOMES not in rows.present:
        return Findings(0, 0, 0, None)
    counted = rows.select(
        f"""
        select
            count(*) filter (where known) as inspected,
            count(*) filter (where finding) as with_finding,
            count(*) filter (where not known) as pending
        from (
            select
                consignment_id,
                bool_or(result = 'finding') as finding,
                bool_or(result in ('finding', 'no_finding')) as known
            from {quoted(OUTCOMES)}
            where consignment_id in ({consignments})
            group by consignment_id
        )
        """,
        parameters,
    )[0]
    rate = None
    if counted["inspected"]:
        exact = Decimal(100 * counted["with_finding"]) / counted["inspected"]
        rate = format(exact.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
    return Findings(rate_percent=rate, **counted)
