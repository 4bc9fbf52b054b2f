"""A story of deliveries that come late, twice, in the wrong order or not at all, for row 54.

Defines: the steps, each a function of a home, and the days they speak of. Add here another way to
come late. Keep out: expectations (test_54_one_by_one.py). Days are of March 2026.
"""

import datetime as dt
from collections.abc import Callable

from foundation.home import Home
from ledger.chain import Ledger
from tests.faults.tiny_home import TinyHome, line, parcel

# Shirts are priced on PRICED; UNREAD has goods without a known heading, so nothing that it reads
# depends on PRICED; READER has a shirt far below the prices of the days before.
PRICED, OUTAGE, UNREAD = dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 3, 5)
READER, KNOWN, MOVED_TO = dt.date(2026, 3, 9), dt.date(2026, 3, 12), dt.date(2026, 3, 20)
WITHDRAWN, LATE = dt.date(2026, 3, 25), dt.date(2026, 4, 11)  # LATE: 40 days after PRICED
NEXT = dt.timedelta(days=1)
SHIRT = {"hs_code": "610910", "origin_country_code": "CN"}


def _contacts(day: dt.date) -> list[dict[str, object]]:
    """Three names that share one phone: remembered from three on."""
    return [
        parcel(f"CONTACT-{day}-{name}", day, consignee_name=name, consignee_phone="0987654312")
        for name in ("Nguyễn Văn A", "Trần Thị B", "Lê Văn C")
    ]


def ordinary(home: TinyHome) -> None:
    shirts = [
        parcel(f"S{number}", PRICED, declared_value=100_000 + number, **SHIRT)
        for number in range(34)
    ]
    versions = [
        parcel(name, PRICED, version_number=1, declared_value=90_000, **SHIRT)
        for name in ("GONE", "MOVED", "STAYS")
    ]
    home.deliver([*shirts, *versions, *_contacts(PRICED)], PRICED + NEXT, name="ordinary")


def the_same_file_again(home: TinyHome) -> None:
    ordinary(home)


def unread(home: TinyHome) -> None:
    rows = [parcel(f"U{n}", UNREAD, item_description="không rõ", declared_value=n) for n in (1, 2)]
    home.deliver(rows, UNREAD + NEXT, name="unread")


def reader(home: TinyHome) -> None:
    rows = [
        parcel("CHEAP", READER, declared_value=500, platform_code="cho-lon", **SHIRT),
        parcel("DOLLARS", READER, declared_value=3, platform_code="cho-lon")
        | {"currency_code": "USD"},
        *_contacts(READER),
    ]
    home.deliver(rows, READER + NEXT, name="reader")


def forty_days_late(home: TinyHome) -> None:
    rows = [parcel(f"L{n}", PRICED, declared_value=80_000 + n, **SHIRT) for n in range(5)]
    first = parcel("V2-FIRST", PRICED, version_number=1, declared_value=70_000, **SHIRT)
    home.deliver([*rows, first], LATE, name="late")


def amendments(home: TinyHome) -> None:
    rows = [
        # A cancellation without a day lies on its day of receipt.
        parcel("GONE", None, record_status="cancelled"),
        parcel("MOVED", MOVED_TO, version_number=2, record_status="amended", declared_value=91_000),
        parcel("V2-FIRST", PRICED, version_number=2, record_status="amended", declared_value=60_000)
        | SHIRT,
    ]
    home.deliver(rows, LATE, name="amendments")


def known_ahead(home: TinyHome) -> None:
    """The result of an inspection that is known on a day of which nothing else has come."""
    inspection = {"inspection_id": "I0", "consignment_reference": "S0", "result": "finding"}
    found = {"selection_method": "random", "finding_type": "undervaluation"}
    known = {"known_at": f"{MOVED_TO}T10:00:00"}
    home.deliver(
        [inspection | found | known], MOVED_TO, source="inspection_outcome", name="known_ahead"
    )


def correction(home: TinyHome) -> None:
    """Another value of what moved to MOVED_TO."""
    row = parcel("MOVED", MOVED_TO, version_number=3, record_status="amended")
    home.deliver([row | {"declared_value": 95_000} | SHIRT], LATE, name="correction")


def after_an_outage(home: TinyHome) -> None:
    """Sixteen hours of declarations on paper, entered days later under their own dates."""
    rows = [line("D1", PRICED, declared_value=8), line("D2", OUTAGE, declared_value=9)]
    cancelled = line("D2", None, record_status="cancelled", is_partial="true")
    home.deliver(
        [*rows, cancelled | {"hs_code": ""}], UNREAD, source="customs_declaration", name="outage"
    )


def states(home: TinyHome) -> None:
    event = {"platform_code": "cho-lon", "platform_name": "Chợ lớn", "is_foreign": "true"}
    suspended = {"event_type": "suspended", "event_date": OUTAGE, "evidence_grade": "SYN"}
    home.deliver([event | suspended], LATE, source="platform_registry", name="events")
    rate = {"series_id": "exchange_rate", "dimension_code": "USD", "period_kind": "day"}
    figure = {"period_start": READER, "value": 26000, "unit_code": "VND_PER_UNIT"}
    origin = {"vintage_date": READER, "publisher": "synthetic"}
    home.deliver([rate | figure | origin], LATE, source="market_reference", name="rates")
    inspection = {"inspection_id": "I1", "consignment_reference": "CHEAP", "result": "finding"}
    found = {"selection_method": "random", "finding_type": "undervaluation"}
    known = {"known_at": f"{KNOWN}T10:00:00"}
    home.deliver([inspection | found | known], LATE, source="inspection_outcome", name="results")


def to_be_withdrawn(home: TinyHome) -> None:
    rows = [parcel(f"W{n}", WITHDRAWN, declared_value=70_000, **SHIRT) for n in range(3)]
    home.deliver(rows, WITHDRAWN + NEXT, name="withdrawn")


def withdraw(home: TinyHome) -> None:
    """Discard the delivery of `to_be_withdrawn`."""
    discard(home.home, "parcel_manifest_withdrawn.csv")


def discard(home: Home, file_name: str) -> None:
    ledger = Ledger(home.ledger)
    (sha,) = {e.body["sha256"] for e in ledger.deliveries() if e.body["file"] == file_name}
    ledger.discard(sha, "delivered by mistake", "a tester")


# In the order in which things happened; two steps need the one before them.
STEPS: tuple[Callable[[TinyHome], None], ...] = (
    ordinary, the_same_file_again, unread, reader, after_an_outage, forty_days_late, amendments,
    states, to_be_withdrawn, withdraw,
)  # fmt: skip
AFTER = {the_same_file_again: ordinary, withdraw: to_be_withdrawn}
