"""Peers and low prices, with the limits that follow from them, worked out by hand.

Add here a case of what a price is compared with. Keep out: what fires (test_risk_indicators.py).
"""

import datetime as dt
from typing import Any

from tests.golden.risk_case import Row, priced


def price_rows(today: dt.date) -> list[Row]:
    """Bucket 0.05 of ln(unit value per kg), 30 peers, 3 deviations, deviation at least 0.1.

    8517 CN: 30 at 100,000: ln = 11.5129, bucket 11.50, MAD 0 -> 0.1,
             limit exp(11.50 - 0.30) = exp(11.20) = 73,130.4
    6404:    29 CN and 1 KR, all at 100,000: only the heading has 30 peers, same limit
    6109/6110: 29 and 1: only chapter 61 has 30 peers, same limit
    9503 CN: 10 at each of ln 10, 11, 12 (22,027; 59,875; 162,755): median 11, deviations
             1, 0, 1 -> MAD 1, limit exp(11 - 3) = exp(8) = 2,980.96
    8471 KR: 29 and 2 of JP at 20,000 (bucket 9.90), 30 of CN at 100,000: 61 of the heading, median
             9.90, MAD 0 -> 0.1, limit exp(9.90 - 0.30) = exp(9.60) = 14,764.8
    8473 CN: 29 at 200,000 (bucket 12.20): too few; chapter 84 has 90: 31 at 9.90, 30 at 11.50, 29
             at 12.20: median 11.50, deviations 1.6, 0, 0.7 -> MAD 0.7,
             limit exp(11.50 - 2.10) = exp(9.40) = 12,088.4
    4202 CN: 29 peers in all: too few everywhere
    3304 CN: 30 peers, but of the same day: not known when the day began
    9101 CN: 30 peers 31 days before: outside the look-back of 30 days
    9202 CN: 30 peers 30 days before: inside
    9405 CN: 30 at 100,000 won of which no exchange rate is known: judged among each other, not
             among the 30 of 9,000,000 VND
    7318 CN: 30 at 100,000 by express, 30 at 20,000 as cargo, limit exp(9.90 - 0.30) = exp(9.60):
             each channel by its own; by post the 60 of the origin: median 9.90, deviations 0 (30)
             and 1.6 -> MAD 0.1, the same limit as cargo
    8301 CN: 30 of firms at 100,000, 30 of persons at 20,000: each among its own
    6911 CN: 30 of two pieces at 100,000 each, which weigh 1, 10 and 100 kg: per kg buckets 12.20,
             9.90 and 7.60, MAD 2.3; per piece MAD 0 -> 0.1: the piece says more. The low one
             weighs 100 g: 1,462,600 a kg is no low price
    7013 CN: 30 at 100,000 of the same masses, counted in pairs: per kg, buckets 11.50, 9.20 and
             6.90, limit exp(9.20 - 6.90) = exp(2.30) = 9.974
    """

    def unrated(name: str, day: dt.date, won: int) -> Row:
        own = {"value_vnd": None, "declared_value": won, "currency_code": "KRW"}
        return priced(name, day, "9405", "CN", won) | own

    def peers(
        heading: str,
        origin: str,
        count: int,
        value: int,
        before: int = 1,
        note: int = 0,
        **own: Any,
    ) -> list[Row]:
        name = f"peer-{heading}-{origin}-{value}-{before}-{own}"
        return [
            priced(f"{name}-{n}", today - dt.timedelta(days=before), heading, origin, value, **own)
            for n in range(count)
        ]  # fmt: skip

    rows = peers("8517", "CN", 30, 100_000)
    rows += peers("6404", "CN", 29, 100_000) + peers("6404", "KR", 1, 100_000)
    rows += peers("6109", "CN", 29, 100_000) + peers("6110", "CN", 1, 100_000)
    for value in (22_027, 59_875, 162_755):
        rows += peers("9503", "CN", 10, value)
    rows += peers("8471", "CN", 30, 100_000) + peers("8471", "KR", 29, 20_000)
    rows += peers("8471", "JP", 2, 20_000) + peers("8473", "CN", 29, 200_000)
    rows += peers("4202", "CN", 29, 100_000)
    rows += peers("3304", "CN", 30, 100_000, before=0)
    rows += peers("9101", "CN", 30, 100_000, before=31)
    rows += peers("9202", "CN", 30, 100_000, before=30)
    rows += peers("9405", "CN", 30, 9_000_000)
    rows += [unrated(f"peer-won-{n}", today - dt.timedelta(days=1), 100_000) for n in range(30)]
    rows += [unrated(f"low-won-{value}", today, value) for value in (73_130, 73_131)]
    cargo: Row = {"channel": "cargo"}
    firm: Row = {"consignee_id_status": "tax_code"}
    rows += peers("7318", "CN", 30, 100_000) + peers("7318", "CN", 30, 20_000, **cargo)
    rows += peers("8301", "CN", 30, 20_000) + peers("8301", "CN", 30, 100_000, **firm)
    pieces: Row = {"quantity_unit_code": "PCE"}
    pairs: Row = {"quantity_unit_code": "PR"}
    for kilograms in (1, 10, 100):
        weighed: Row = {"mass_kg": kilograms, "quantity": 2}
        rows += peers("6911", "CN", 10, 200_000, **weighed, **pieces)
        rows += peers("7013", "CN", 10, 100_000, **weighed, **pairs)
    light, two = {"mass_kg": "0.1"}, {"quantity": 2}
    odd = {"consignee_id_status": "unrecognised"}
    for name, heading, value, own in (
        ("express-low", "7318", 73_130, {}), ("express-at", "7318", 73_131, {}),
        ("cargo-low", "7318", 14_764, cargo), ("cargo-at", "7318", 14_765, cargo),
        ("post-low", "7318", 14_764, {"channel": "postal"}),
        ("post-at", "7318", 14_765, {"channel": "postal"}),
        ("firm-low", "8301", 73_130, firm), ("firm-at", "8301", 73_131, firm),
        ("line-low", "8301", 73_130, {"consignment_kind": "declaration_line"} | odd),
        ("person-low", "8301", 14_764, {}), ("person-at", "8301", 14_765, {}),
        ("parcel-low", "8301", 14_764, odd),
        ("piece-low", "6911", 146_260, light | two | pieces),
        ("piece-at", "6911", 146_262, light | two | pieces),
        ("pair-low", "7013", 9, two | pairs), ("pair-at", "7013", 10, two | pairs),
    ):  # fmt: skip
        rows.append(priced(f"low-{name}", today, heading, "CN", value, **own))
    cases = [
        ("8517", "CN", 73_130), ("8517", "CN", 73_131), ("8517", "KR", 73_130),
        ("6404", "CN", 73_130), ("6404", "CN", 73_131), ("6109", "CN", 73_130),
        ("6109", "CN", 73_131), ("9503", "CN", 2_980), ("9503", "CN", 2_981),
        ("8471", "KR", 14_764), ("8471", "KR", 14_765), ("8473", "CN", 12_088),
        ("8473", "CN", 12_089), ("8517", "CN", 0),  # free of charge: nothing to compare
        ("4202", "CN", 1), ("3304", "CN", 1), ("9101", "CN", 1), ("9202", "CN", 1),
    ]  # fmt: skip
    return rows + [priced(f"low-{h}-{o}-{v}", today, h, o, v) for h, o, v in cases]
