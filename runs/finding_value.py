"""What a finding of a risk type brings: value found beyond value declared.

Defines: `finding_value`. Add here another measure of what a finding brings. Keep out: how likely
one is (calibration.py).
"""

import datetime as dt
from typing import Any

from runs.inspected import working
from runs.settings import Settings


def finding_value(
    settings: Settings, risk_type: str, until: dt.date, declared_until: dt.date, fewest: int
) -> dict[str, Any]:
    """What a finding of the type brings: the mean of value found less value declared, whole VND.

    A value in another currency than that of the goods or the accounts is left out; fewer than
    `fewest` of them, or none that brings more than was declared, say nothing: None.
    """
    with working(settings) as connection:
        known, mean = connection.execute(
            """
            with findings as (
                select distinct outcomes.inspection_id, outcomes.consignment_id,
                    inspected.consignment_day as day, outcomes.found_value, outcomes.currency_code
                from core.fct_inspection_outcomes as outcomes
                inner join intermediate.int_risk__inspected_consignments as inspected
                    on outcomes.consignment_id = inspected.consignment_id
                    and outcomes.known_day = inspected.day
                where outcomes.finding_type = ? and outcomes.result = 'finding'
                    and outcomes.known_day <= ? and inspected.consignment_day <= ?
            ), brought as (
                select case
                    when findings.currency_code = (
                        select max(value_text) from intermediate.int_rules__in_force
                        where parameter_id = 'HOME_CURRENCY'
                    ) then greatest(0, findings.found_value - goods.value_vnd)
                    when findings.currency_code = goods.currency_code
                        then greatest(
                            0, (findings.found_value / goods.declared_value - 1) * goods.value_vnd
                        )
                end as value_vnd
                from findings inner join core.fct_consignments as goods using (consignment_id, day)
                where goods.value_vnd > 0 and goods.declared_value > 0
                    and findings.found_value is not null -- greatest(0, null) is 0
            )
            select count(value_vnd), cast(floor(avg(value_vnd)) as bigint) from brought
            """,
            [risk_type, until, declared_until],
        ).fetchone() or (0, None)
    return {
        "findings_with_value": known,
        "finding_value_vnd": mean if mean and known >= fewest else None,
    }
