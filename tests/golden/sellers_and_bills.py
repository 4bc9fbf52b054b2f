"""A seller with a habit, a bill of new consignees, a split over days: what test_risk_rules needs.

Keep out: what they are judged by (test_price_preference.py, test_first_seen.py).
"""

import datetime as dt

from tests.golden.risk_case import Row, consignment

# A value of each parameter that changes what a world says.
OF_SELLERS_AND_BILLS = {
    "PRICE_PREFERENCE_STATE": "11", "PRICE_PREFERENCE_DAYS": "1",
    "PRICE_PREFERENCE_CONSIGNMENTS": "13", "PRICE_PREFERENCE_SELLERS": "4",
    "PRICE_PREFERENCE_MAD_FACTOR": "30", "PRICE_PREFERENCE_MIN_MAD": "150000",
    "FIRST_SEEN_STATE": "1", "FIRST_SEEN_DAYS": "1", "FIRST_SEEN_HISTORY_DAYS": "6",
    "FIRST_SEEN_CONSIGNEES": "7", "FIRST_SEEN_DEVIATIONS": "5", "FIRST_SEEN_EXCESS": "900000",
    "SPLIT_OVER_DAYS_WINDOW": "6", "SPLIT_OVER_DAYS_RECEIPTS": "4",
    "SPLIT_OVER_DAYS_STATE_VALUE": "350001",
}  # fmt: skip
# As shipped these need hundreds of rows a world: test_price_preference, test_first_seen.
SMALLER = [
    f"update seeds.risk_parameters set value = '{value}' where parameter_id = '{name}'"
    for name, value in (
        ("PRICE_PREFERENCE_STATE", 10), ("PRICE_PREFERENCE_CONSIGNMENTS", 12),
        ("PRICE_PREFERENCE_SELLERS", 3),
        ("FIRST_SEEN_CONSIGNEES", 5),
    )
]  # fmt: skip


def sellers_and_bills(day: dt.date) -> list[Row]:
    """On `day` a parcel at the usual price, a bill of six new consignees and one of 20 known; the
    third of three pieces, of which the first came six days before.
    """
    rows: list[Row] = []
    habit = {"consignor_party_id": "habit", "declared_value": "19.90", "currency_code": "USD"}
    rows += [consignment(f"habit-{n}", day - dt.timedelta(days=2), **habit) for n in range(12)]
    for seller in ("varied", "other"):
        prices = [
            habit | {"consignor_party_id": seller, "declared_value": f"100.0{n}"} for n in range(10)
        ]
        rows += [
            consignment(f"{seller}-{n}", day - dt.timedelta(days=2), **price)
            for n, price in enumerate(prices)
        ]
    rows.append(consignment("habit", day, **habit))
    seen = {"master_waybill_number": "seen"}
    for n in range(20):
        who = {"consignee_party_id": f"seen {n}"}
        rows += [
            consignment(f"was-{n}", day - dt.timedelta(days=2), **who),
            consignment(f"seen-{n}", day, **who | seen),
        ]
    piece = {"consignee_party_id": "over days", "consignor_party_id": "days", "value_vnd": 350_000}
    rows += [consignment(f"piece-{n}", day - dt.timedelta(days=n), **piece) for n in (6, 1, 0)]
    rows += [consignment(f"new-{n}", day, master_waybill_number="new") for n in range(6)]
    return rows
