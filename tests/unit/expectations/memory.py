"""What gates remember of the small warehouse: the week's deliveries and days, and days before.

Add here a profile that a new rule compares. Keep out: how they are made
(test_delivery_history.py).
Deliveries of 1,000 rows, half in band 16 and half in 17, of 2 to 8 November; days of 1,000
consignments from 20 October on.
"""

from expectations import delivery_history

TABLES = tuple(
    statement for statement in delivery_history._TABLES.strip().split(";") if statement.strip()
)

_DELIVERIES = (
    "(select cast(unnest(generate_series(timestamp '2026-11-02', timestamp '2026-11-08', "
    "interval 1 day)) as date) as day)"
)
_DAYS = (
    "(select cast(unnest(generate_series(timestamp '2026-10-20', timestamp '2026-11-08', "
    "interval 1 day)) as date) as day)"
)
_SPREAD = (("16", 500), ("17", 500))


def _delivery(field: str, category: str, amount: int) -> str:
    return (
        "insert into pipeline.delivery_profile select 'parcel_manifest', 'sender', "
        "'parcel_manifest-' || day, day + 1, day - date '2026-11-01', 1000, "
        f"'{field}', '{category}', {amount} from {_DELIVERIES}"
    )


ROWS = (
    *TABLES,
    _delivery("currency_code", "VND", 1000),
    *(_delivery("declared_value", category, amount) for category, amount in _SPREAD),
    _delivery("declared_value", delivery_history.MEDIAN, 70_000_000),
    _delivery("gross_weight_kg", delivery_history.MEDIAN, 500),
    *(
        f"insert into pipeline.day_profile select day, 1000, '{field}', '{category}', {amount} "
        f"from {_DAYS}"
        for field in ("value", "weight", "score", "lane")
        for category, amount in _SPREAD
    ),
    # Ten times the least that is judged, and one consignment less than it.
    f"insert into pipeline.day_profile select day, 1000, 'indicator', 'often', 300 from {_DAYS}",
    f"insert into pipeline.day_profile select day, 1000, 'indicator', 'seldom', 29 from {_DAYS}",
)
